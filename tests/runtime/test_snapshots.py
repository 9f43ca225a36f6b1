"""Finding and pulling slices."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from podpipec_runtime.interpreter.text import expand
from podpipec_runtime.plan.types import Input, InputRef, Plan, ShardPart, ShardsRef, WindowPart
from podpipec_runtime.progress import SnapshotPulled, SnapshotReused
from podpipec_runtime.snapshots.template import TemplateError, parse, tail
from tests.runtime.plans import call, each, given, plan, shell
from tests.runtime.runner import Runner, failure, text

COPY = shell("copy", "cat {a} > {out}", ["a"])
TREE = shell("tree", "cd {a}; find . -type f | sort | xargs cat > {out}", ["a"])
WINDOW = datetime(2024, 1, 31, 5, tzinfo=UTC)


def reading(source: Input, stage: str = "copy") -> Plan:
    used = COPY if stage == "copy" else TREE
    return plan([used], [call("c", used, {"a": InputRef(input=source.name)})], {"r": "c"}, inputs=[source])


def sharded(source: Input) -> Plan:
    from podpipec_runtime.plan.types import ItemRef

    body = [call("c", COPY, {"a": ItemRef(each="e")})]
    return plan([COPY], [each("e", ShardsRef(input=source.name), body, "c")], inputs=[source])


def test_templates() -> None:
    parts = parse("a/{window:%Y-%m-%d}/{{x}}{shard}.csv")
    assert parts == ("a/", WindowPart(format="%Y-%m-%d"), "/{x}", ShardPart(), ".csv")
    assert expand(parts, WINDOW, "7") == "a/2024-01-31/{x}7.csv"
    east = WINDOW.astimezone(timezone(timedelta(hours=9)))
    assert expand(parse("{window}"), east, "") == "2024-01-31T05:00:00Z"
    for bad in ("{shards}", "{shard:x}", "{window:{x}}"):
        with pytest.raises(TemplateError):
            assert parse(bad) is None


@given_(st.text(st.characters(exclude_characters="{}")))
def test_plain_text_is_itself(written: str) -> None:
    assert "".join(map(str, parse(written))) == written


def test_the_end_of_a_source() -> None:
    assert tail(("s3://b/x/", WindowPart(), "/y")) == (WindowPart(), "/y")
    assert tail(("s3://b/x/pre-", ShardPart(), ".csv")) == ("pre-", ShardPart(), ".csv")
    assert tail(("s3://b/x/y.csv",)) == ("y.csv",)


def test_a_file_a_folder_and_a_template(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "d" / "2024.txt"
    path.parent.mkdir()
    path.write_text("x")
    made = reading(given("t"))
    for bound in (path, path.parent, f"{tmp_path}/d/{{window:%Y}}.txt"):
        assert text(runner(made, {"t": bound}, WINDOW)) == "x"


def test_a_local_source_needs_no_binding(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    assert text(runner(reading(given("t", ("x.txt",))))) == "x"
    assert text(runner(reading(given("t", (f"file://{tmp_path}/x.txt",))))) == "x"


def test_a_folder_as_a_slice(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "a").write_text("1")
    (tmp_path / "in" / "b" / "c").write_text("2")
    made = reading(given("t", ("in",), content="Dir"), "tree")
    assert text(runner(made)) == "12"
    (tmp_path / "in" / "a").rename(tmp_path / "in" / "z")
    assert text(runner(made)) == "21"
    (tmp_path / "in" / "link").symlink_to("z")
    kind, told = failure(runner(made))
    assert kind == "data" and "is a link" in told


def test_a_slice_is_read_once_while_it_is_the_same(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("x")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    made = reading(given("t", ("x.txt",)))
    runner(made)
    assert len(runner.of(SnapshotPulled)) == 1
    path.chmod(0)
    runner(made)
    assert (len(runner.of(SnapshotPulled)), len(runner.of(SnapshotReused))) == (0, 1)
    path.chmod(0o644)
    path.write_text("y")
    assert text(runner(made)) == "y"


def test_a_file_that_was_just_written_is_read_again(runner: Runner, tmp_path: Path) -> None:
    """Its next change could bear the same time."""
    path = tmp_path / "x.txt"
    made = reading(given("t", ("x.txt",)))
    path.write_text("x")
    soon = path.stat().st_mtime_ns + 60_000_000_000
    os.utime(path, ns=(soon, soon))
    assert text(runner(made)) == "x"
    path.write_text("y")
    os.utime(path, ns=(soon, soon))
    assert text(runner(made)) == "y"


@pytest.mark.parametrize(
    ("source", "bound", "kind", "message"),
    [
        (given("t", ("x.txt",)), {}, "data", "`t` is not there: {root}/x.txt; {root} has x.text"),
        (given("t", ("no/way/x",)), {}, "data", "{root} has no `no`"),
        (given("t"), {}, "usage", "`t` comes from s3://lake/…, which this engine doesn't fetch"),
        (given("t", ("x.txt",)), {"tt": "x"}, "usage", "no input `tt` (did you mean `t`?)"),
        (given("t", ("x.text",), size=3), {}, "data", "`t` is 5 bytes, more than the 3 that snapshot `ts` allows"),
        (given("t", ("x.txt",)), {"t": "{root}/{nope}"}, "usage", "`{nope}` means nothing in a path"),
        (given("t", ("x.txt",)), {"t": "{root}/{shard}"}, "usage", "has no shards"),
        (given("t", ("x.txt",)), {"t": "{root}/{window:%Y}"}, "usage", "`t` needs a window"),
    ],
)
def test_what_is_not_as_said_is_refused_before_anything_starts(
    runner: Runner, source: Input, bound: dict[str, str], kind: str, message: str
) -> None:
    (runner.root / "x.text").write_text("12345")
    bindings = {name: path.replace("{root}", str(runner.root)) for name, path in bound.items()}
    got, told = failure(runner(reading(source), bindings))
    assert got == kind and message.replace("{root}", str(runner.root)) in told, told
    assert runner.ran() == []


def test_shards_are_checked(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    two = sharded(given("t", shards=["x", "y"]))
    kind, told = failure(runner(two, {"t": f"{tmp_path}/{{shard}}.txt"}))
    assert kind == "data" and f"shard `y` of `t` is not there: {tmp_path}/y.txt" in told
    assert "2 shards" in failure(runner(two, {"t": tmp_path / "x.txt"}))[1]
    assert "not started for one shard" in failure(runner(two, {"t": f"{tmp_path}/x.txt"}, shard="x"))[1]
    one = reading(given("t", shards=["x", "y"], one=True))
    assert (
        "no shard `xx` (did you mean `x`?)" in failure(runner(one, {"t": f"{tmp_path}/{{shard}}.txt"}, shard="xx"))[1]
    )


def test_a_folder_too_large(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("12345")
    kind, told = failure(runner(reading(given("t", ("in",), content="Dir", size=3), "tree")))
    assert kind == "data" and "is 5 bytes" in told
    assert runner.objects("node") == []
