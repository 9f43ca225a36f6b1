"""What `podpipec cost` prints: whole reports of examples, JSON, timings of a run, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from podpipec.costing import cost
from podpipec.costing.rates import DEFAULTS
from podpipec.costing.timings import read
from podpipec_runtime import progress
from tests.costing.graphs import graph_of
from tests.examples.cases import FLIGHTS, ROOT, cases, podpipec

EXAMPLES = [
    *(case.path for case in cases() if case.name in ("each_list", "flow_calls", "move", "pods_and_places")),
    str((FLIGHTS / "flights.flow").relative_to(ROOT)),
]

TWO = """\
snapshot days: Csv { from "d/{shard}" shards 4 size 8MiB }
pod small { slots 2 cpu 2 memory 2GiB ram 1GiB }
stage make(a: File) -> out: Csv { run ["make", a, out] size out a image "r.example/make:1" }
stage join(parts: File[]) -> out: Csv { run ["join", out, parts] size out parts image "r.example/join:1" }
flow sums(d: days) on small {
  parts = each s in d.shards { make(s) }
  total = join(parts)
  again = make(total)
}
"""


class TextExtension(SingleFileSnapshotExtension):
    """One text file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: Path(path).stem)
def test_text(path: str, snapshot: SnapshotAssertion) -> None:
    done = podpipec("cost", path)
    assert done.returncode == 0, done.stderr
    assert f"$ podpipec cost {path}\n{done.stdout}" == snapshot(extension_class=TextExtension)


def test_json_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(TWO)
    done = podpipec(
        "cost", str(path), "--json", "--rate", "get=1MiB", "--rate", "in_place=2MiB", "--rate", "network=1KiB"
    )
    found = json.loads(done.stdout)
    mib = 2**20
    reads = [
        (edge["to"]["name"], edge["bytes"], edge["times"], edge["total"])
        for edge in found["edges"]
        if edge["kind"] == "read"
    ]
    assert reads == [
        ("parts/make", 8 * mib, 4, 32 * mib),
        ("total", 32 * mib, 1, 32 * mib),
        ("again", 32 * mib, 1, 32 * mib),
    ]
    pod, services, functions = found["ways"]
    assert (pod["moved"]["bytes"], services["moved"]["bytes"], functions["moved"]["bytes"]) == (
        32 * mib,
        96 * mib,
        192 * mib,
    )
    assert pod["estimated_seconds"] == 32 + 96 / 2
    assert services["estimated_seconds"] == 32 + 64 * 1024
    assert found["rates"]["get"] == {
        "bytes_per_second": mib,
        "means": "got from a store or source",
        "source": "given",
    }
    assert found["critical_path"]["weight"] == 2 * (8 + 8) * mib + 2 * 64 * mib
    assert found["requests"]["slots"]["containers"] == 2
    assert found["requests"]["one_container_per_call"]["containers"] == 3


def events(path: Path, flow: str = "sums", seconds: Callable[[int], float] = float) -> str:
    """The events of a run in which `again` was not run."""
    lines: list[progress.Progress] = [
        progress.RunStarted(time=0, flow=flow, work="w", slots=2, places={}, sizes={}),
        *(
            progress.StepPublished(
                time=1, step="parts/make", element=(str(n),), stage="make", seconds=seconds(n), bytes=1, outputs={}
            )
            for n in range(4)
        ),
        progress.StepPublished(time=2, step="total", element=(), stage="join", seconds=10, bytes=1, outputs={}),
        progress.StepReused(time=3, step="again", element=(), stage="make", why="known"),
    ]
    path.write_text("".join(progress.line(event) + "\n" for event in lines))
    return str(path)


def test_times_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(TWO)
    done = podpipec("cost", str(path), "--json", "--times", events(tmp_path / "events"))
    found = json.loads(done.stdout)["critical_path_of_run"]
    assert found["weight"] == 2 * 1.5 + 10  # four elements two by two, 0 to 3 seconds each, then the join
    assert [step["name"] for step in found["steps"]] == ["parts/make", "total"]
    assert found["not_run"] == ["again"]


@pytest.mark.parametrize("ran", [0, 1, 2, 4])
def test_elements_of_a_run_are_those_that_ran_and_those_that_did_not(ran: int) -> None:
    """Six elements where the program has four: what the run has shown is believed, whether they ran or were known."""
    lines: list[progress.Progress] = [progress.RunStarted(time=0, flow="sums", work="w", slots=2, places={}, sizes={})]
    for n in range(6):
        name = {"time": 1.0, "step": "parts/make", "element": (str(n),), "stage": "make"}
        lines.append(
            progress.StepPublished(**name, seconds=5, bytes=1, outputs={})  # type: ignore[arg-type]  # mixed fields
            if n < ran
            else progress.StepReused(**name, why="known")  # type: ignore[arg-type]  # mixed fields
        )
    timings = read("\n".join(progress.line(event) for event in lines))
    timed = cost(graph_of(TWO), DEFAULTS, timings).timed
    assert timed is not None
    assert timed.path.weight == (3 * 5 if ran else 0)
    assert ("parts/make" in timed.missing) == (ran == 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rate", "netwrok=1GB"], "there is no rate `netwrok`: did you mean `network`?"),
        (["--rate", "network=fast"], "`fast` is not a rate for `network`: write bytes a second, like 1.5GB"),
        (["--rate", "network=0B"], "it is too small or too large"),
        (["--rate", "network=nanGB"], "it is too small or too large"),
        (["--times", "nowhere.json"], "cannot read nowhere.json"),
        (["--flow", "sumz"], "did you mean `sums`?"),
    ],
)
def test_wrong_calls(words: list[str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(TWO)
    done = podpipec("cost", str(path), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_times_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(TWO)
    other = events(tmp_path / "other", flow="weeks")
    done = podpipec("cost", str(path), "--times", other)
    assert (done.returncode, "not of `sums`" in done.stderr) == (2, True)
    for content, said in ((b"{}\n", "line 1 is no event"), (b"\xff\n", "is not text"), (b"", "no run starts in it")):
        (tmp_path / "bad").write_bytes(content)
        done = podpipec("cost", str(path), "--times", str(tmp_path / "bad"))
        assert done.returncode == 2
        assert said in done.stderr


def test_a_wrong_program(tmp_path: Path) -> None:
    path = tmp_path / "two.flow"
    path.write_text(TWO.replace("make(total)", "mak(total)"))
    done = podpipec("cost", str(path))
    assert done.returncode == 1
    assert "mak" in done.stderr
    assert done.stdout == ""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    path = EXAMPLES[-1]
    first, second = (podpipec("cost", path, "--json", seed=seed).stdout for seed in ("0", "4711"))
    assert first == second
    assert json.loads(first)


def test_the_program_of_these_tests_is_right() -> None:
    assert graph_of(TWO).whole
