"""`podpipec graph`: whole drawings of examples, and what is said when there is none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.examples.cases import FLIGHTS, ROOT, cases, podpipec

FLIGHTS_PATH = str((FLIGHTS / "flights.flow").relative_to(ROOT))
EXAMPLES = [
    *(case.path for case in cases() if case.name in ("after", "each_constant", "flow_calls", "move")),
    FLIGHTS_PATH,
]


class _Text(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT


class SvgExtension(_Text):
    """One SVG file a golden, which a browser shows."""

    file_extension = "svg"


class DotExtension(_Text):
    """One DOT file a golden."""

    file_extension = "dot"


class MermaidExtension(_Text):
    """One Mermaid file a golden."""

    file_extension = "mmd"


EXTENSIONS = {"svg": SvgExtension, "dot": DotExtension, "mermaid": MermaidExtension}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: Path(path).stem)
@pytest.mark.parametrize("form", EXTENSIONS)
def test_examples(form: str, path: str, snapshot: SnapshotAssertion) -> None:
    done = podpipec("graph", path, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == snapshot(extension_class=EXTENSIONS[form])


@pytest.mark.parametrize("form", EXTENSIONS)
def test_the_same_bytes_whatever_hash_seed_and_folder(form: str, tmp_path: Path) -> None:
    here = podpipec("graph", FLIGHTS_PATH, "--format", form, seed="0")
    there = podpipec("graph", str(ROOT / FLIGHTS_PATH), "--format", form, cwd=tmp_path, seed="4711")
    assert here.stdout == there.stdout != ""


def test_the_ending_says_the_format(tmp_path: Path) -> None:
    for name, begins in (("a.svg", "<svg"), ("b.dot", "digraph"), ("c.gv", "digraph"), ("d.mmd", "flowchart")):
        path = tmp_path / "new" / name
        done = podpipec("graph", FLIGHTS_PATH, "-o", str(path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert path.read_text(encoding="utf-8").startswith(begins)
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert len(list((tmp_path / "new").iterdir())) == 4, "nothing is left behind"


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    broken = tmp_path / "broken.flow"
    broken.write_text("flow f( {")
    for words, status, said in (
        ([FLIGHTS_PATH, "-o", str(tmp_path / "folder.svg")], 2, "cannot write"),
        ([FLIGHTS_PATH, "--format", "png"], 2, "'png' is not one of"),
        ([FLIGHTS_PATH, "--flow", "weak"], 2, "did you mean `week`?"),
        ([str(broken)], 1, "error"),
        ([str(tmp_path / "nowhere.flow")], 1, "there is no such file"),
    ):
        done = podpipec("graph", *words)
        assert done.returncode == status, words
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.flow", "folder.svg"]


def test_flows_across_pods_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(
        'snapshot t: Csv { from "t" size 1MiB }\n'
        "pod a { slots 1 cpu 1 memory 1GiB volume 1GiB }\n"
        "pod b { slots 1 cpu 1 memory 1GiB volume 1GiB }\n"
        'stage one(a: File) -> out: Csv { run ["one", a, out] size out 1MiB }\n'
        "flow there(t: t) -> x on b { x = one(t) }\n"
        "flow here(t: t) -> y on a { y = there(t) }\n"
    )
    done = podpipec("graph", str(path), "--flow", "here")
    assert done.returncode == 0, done.stderr
    assert 'n1[["y<br/>flow there<br/>on another pod"]]' in done.stdout


def test_mermaids_bound_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wide.flow"
    calls = "\n".join(f"x{n} = one(t)" for n in range(501))
    path.write_text(
        'snapshot t: Csv { from "t" size 1MiB }\npod a { slots 1 cpu 1 memory 2GiB node 64GiB }\n'
        f'stage one(a: File) -> out: Csv {{ run ["one", a, out] size out 1KiB }}\nflow f(t: t) on a {{ {calls} }}\n'
    )
    done = podpipec("graph", str(path))
    assert done.returncode == 0
    assert (
        "it has 501 edges, and Mermaid draws more than 500 only where its setting `maxEdges` allows it" in done.stderr
    )
    assert podpipec("graph", str(path), "--format", "svg").stderr == ""
