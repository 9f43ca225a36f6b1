"""SARIF and workflow commands: their shape, and that they say the same as the JSON document says."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from podpipec.cli import status
from podpipec.diagnostics.paths import relative, utf16
from podpipec.source import Source
from tests.diagnostics import sarif_shape as sarif
from tests.diagnostics.programs import Case, TextExtension, call, cases, golden, run

HERE = Path(__file__).parent
CASES = [*cases(HERE / "cases"), *cases(HERE.parent / "rules" / "refused")]
CHECKED = [case for case in CASES if case.lines[-1].startswith("podpipec check") and "--json" not in case.lines[-1]]

#: What is before the mistake is outside of the plane whose characters are one unit of UTF-16 each.
WIDE = Case(
    "wide_characters",
    {"𝄞 a%b/täglich.flow": 'const 𝄞 = 1\nconst note = "𝄞𝄞{tpo}"\nconst top = 1\n'},
    ("podpipec check '𝄞 a%b/täglich.flow'",),
)


def in_form(case: Case, form: str, folder: Path) -> str:
    """What is printed for a case in a form, with the status that the terminal form has."""
    line = case.lines[-1].replace("podpipec check", f"podpipec check --format {form}")
    said = run(case._replace(lines=(*case.lines[:-1], line)), folder)
    assert said.err == ""
    assert said.status == run(case, folder).status
    return said.out


def offset(text: str, line: int, column: int) -> int:
    """The offset in code points of a line and a column in UTF-16, by another way than the compiler's."""
    lines = text.split("\n")
    units = lines[line - 1].encode("utf-16-le")[: (column - 1) * 2]
    return sum(len(before) + 1 for before in lines[: line - 1]) + len(units.decode("utf-16-le"))


def path_of(artifact: sarif.Artifact) -> str:
    """The path that an artifact's URI names, for one in the folder of the call."""
    assert isinstance(artifact.uri, str)
    assert artifact.uri_base_id == "%SRCROOT%"
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", artifact.uri), "escaped"
    return unquote(artifact.uri)


def spanned(location: sarif.Location, files: dict[str, str]) -> tuple[str, int, int] | str:
    """Path, start and end of a location, or the path alone where there is no text."""
    place = location.physical_location
    path = path_of(place.artifact_location)
    if not isinstance(place.region, sarif.Region):
        return path
    region, text = place.region, files[path]
    start = offset(text, region.start_line, region.start_column)
    return path, start, offset(text, region.end_line, region.end_column)


def expected(place: dict[str, Any], files: dict[str, str]) -> tuple[str, int, int] | str:
    """The same of a place of the JSON document. A path that leads to no text has no line."""
    path = str(place["path"])
    if "line" not in place["start"]:
        return path
    return path, place["start"]["offset"], place["end"]["offset"]


@pytest.mark.parametrize("case", [*CHECKED, WIDE], ids=lambda case: case.name)
def test_sarif_says_what_json_says(case: Case, tmp_path: Path) -> None:
    files = {path: text.removeprefix("\ufeff") for path, text in case.files.items()}
    log = sarif.decode(in_form(case, "sarif", tmp_path))
    (one,) = log.runs
    assert one.column_kind == "utf16CodeUnits"
    told = json.loads(in_form(case, "json", tmp_path))["diagnostics"]
    assert len(one.results) == len(told)
    for result, diagnostic in zip(one.results, told, strict=True):
        assert (result.rule_id, result.level) == (diagnostic["code"], diagnostic["severity"])
        assert one.tool.driver.rules[result.rule_index].id == result.rule_id
        said = [diagnostic["message"], *(f"note: {note}" for note in diagnostic["notes"])]
        said += [f"help: {line}" for line in diagnostic["help"]]
        assert result.message.text == "\n".join(said)
        others = result.related_locations if isinstance(result.related_locations, list) else []
        assert [other.id for other in others] == list(range(1, len(others) + 1))
        locations = [*result.locations, *others]
        assert [spanned(location, files) for location in locations] == [
            expected(place, files) for place in diagnostic["places"]
        ]
        assert [getattr(location.message, "text", "") for location in locations] == [
            place["label"] for place in diagnostic["places"]
        ]
        assert _fixed(result, files) == _fixed_json(diagnostic["fix"], files)


def _fixed(result: sarif.Result, files: dict[str, str]) -> str | None:
    """The text of the file with the result's fix, lines and columns taken from SARIF alone."""
    if not isinstance(result.fixes, list):
        return None
    ((change,),) = (fix.artifact_changes for fix in result.fixes)
    (replacement,) = change.replacements
    text, region = files[path_of(change.artifact_location)], replacement.deleted_region
    start = offset(text, region.start_line, region.start_column)
    end = offset(text, region.end_line, region.end_column)
    content = replacement.inserted_content
    return text[:start] + (content.text if isinstance(content, sarif.Content) else "") + text[end:]


def _fixed_json(fix: dict[str, Any] | None, files: dict[str, str]) -> str | None:
    if fix is None:
        return None
    text = files[fix["path"]]
    return text[: fix["start"]["offset"]] + fix["replacement"] + text[fix["end"]["offset"] :]


def test_rules_are_those_that_occur_with_their_pages(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "syntax_misspelt_settings")
    (one,) = sarif.decode(in_form(case, "sarif", tmp_path)).runs
    rules = one.tool.driver.rules
    assert [rule.id for rule in rules] == sorted({result.rule_id for result in one.results})
    for rule in rules:
        page = call(["explain", rule.id]).out
        assert (rule.help.text, rule.help.markdown) == (page, page)
        assert page.startswith(f"# {rule.id}: {rule.short_description.text}\n")
        assert rule.full_description.text in " ".join(page.split())


def test_a_right_program_has_a_run_without_results(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == "json_nothing_wrong")
    (one,) = sarif.decode(
        in_form(case._replace(lines=(f"podpipec check {next(iter(case.files))}",)), "sarif", tmp_path)
    ).runs
    assert (one.results, one.tool.driver.rules) == ([], [])


def test_the_shape_is_strict() -> None:
    """The shape refuses what the standard refuses: it is no test if it lets everything pass."""
    good: dict[str, Any] = {
        "$schema": "s",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "n", "version": "1", "rules": []}},
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {},
                "results": [],
            }
        ],
    }
    sarif.decode(json.dumps(good))
    for wrong in (good | {"version": "2.0.0"}, good | {"runs": []}, good | {"more": 1}, {"version": "2.1.0"}):
        with pytest.raises(msgspec.ValidationError):
            sarif.decode(json.dumps(wrong))


def test_where_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the folder of the call by a relative URI, however it was named; outside of it by an absolute one."""
    (tmp_path / "here" / "sub").mkdir(parents=True)
    for folder in ("here", "here/sub", "."):
        (tmp_path / folder / "x y.flow").write_text("const a = b\n")
    monkeypatch.chdir(tmp_path / "here")
    for path, uri in {
        "x y.flow": "x%20y.flow",
        "./sub/../x y.flow": "x%20y.flow",
        f"{tmp_path}/here/sub/x y.flow": "sub/x%20y.flow",
        "../x y.flow": None,
    }.items():
        (one,) = sarif.decode(call(["check", "--format", "sarif", path]).out).runs
        artifact = one.results[0].locations[0].physical_location.artifact_location
        if uri is None:
            assert unquote(str(artifact.uri)) == f"file://{tmp_path}/x y.flow"
            assert artifact.uri_base_id is msgspec.UNSET
        else:
            assert (artifact.uri, artifact.uri_base_id) == (uri, "%SRCROOT%")


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_golden(form: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    case = next(case for case in CASES if case.name == "L1_result")
    line = f"podpipec check --format {form} L1_result.flow"
    case = case._replace(lines=(line,))
    page = json.dumps(call(["explain", "L1"]).out, ensure_ascii=False)
    said = golden(case, run(case, tmp_path)).replace(page, '"(the page of L1)"')
    assert said == snapshot(extension_class=TextExtension)


_COMMAND = re.compile(r"::(?P<kind>error|warning) (?P<properties>[^:]*(?:%3A[^:]*)*)::(?P<message>[^\r\n]*)")


def _unescaped(text: str) -> str:
    return text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


@pytest.mark.parametrize("case", [*CHECKED, WIDE], ids=lambda case: case.name)
def test_workflow_commands_say_what_json_says(case: Case, tmp_path: Path) -> None:
    lines = in_form(case, "github", tmp_path).splitlines()
    told = json.loads(in_form(case, "json", tmp_path))["diagnostics"]
    assert len(lines) == len(told)
    for line, diagnostic in zip(lines, told, strict=True):
        match = _COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(pair.split("=", 1) for pair in match["properties"].split(","))
        properties = {name: _unescaped(value) for name, value in properties.items()}
        place = diagnostic["places"][0]
        assert (match["kind"], properties["title"]) == (diagnostic["severity"], diagnostic["code"])
        assert properties["file"] == place["path"]
        assert properties.get("line") == (str(place["start"]["line"]) if "line" in place["start"] else None)
        message = _unescaped(match["message"]).split("\n")
        assert message[0] == diagnostic["message"]
        assert [part[6:] for part in message if part.startswith("help: ")] == diagnostic["help"]


def test_workflow_commands_are_one_line_each_whatever_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a,b:c%\n::error ::x.flow"
    Path(name).write_text("const a = b\n")
    said = call(["check", "--format", "github", name])
    assert said.out.startswith(
        "::error file=a%2Cb%3Ac%25%0A%3A%3Aerror %3A%3Ax.flow,line=1,endLine=1,col=11,endColumn=11,"
    )
    assert said.out.count("\n") == 1
    assert said.status == status.PROGRAM


def test_two_forms_are_refused(tmp_path: Path) -> None:
    said = call(["check", "--json", "--format", "sarif", "x.flow"])
    assert (said.status, said.out) == (status.USAGE, "")
    assert call(["check", "--types", "--format", "sarif", "x.flow"]).status == status.USAGE


@given(st.text(alphabet="a\n𝄞é\r", max_size=30), st.data())
def test_columns_in_utf16(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    line, column = utf16(Source("x", text), at)
    assert offset(text, line, column) == at


@given(st.lists(st.sampled_from(["a", "..", ".", "b c"]), min_size=1, max_size=6), st.booleans())
def test_relative_paths(parts: list[str], absolute: bool) -> None:
    path = ("/top/base/" if absolute else "") + "/".join(parts)
    found = relative(path, "/top/base")
    whole = os.path.normpath(os.path.join("/top/base", path))
    inside = os.path.commonpath([whole, "/top/base"]) == "/top/base" and whole != "/top/base"
    assert found == (os.path.relpath(whole, "/top/base") if inside else None)
