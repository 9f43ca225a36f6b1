# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""SIGKILL at any moment: resumed, a run ends with the same bytes, and nothing published is run twice.

`PODPIPEC_KILLS` says how often (3 unless set).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import msgspec

KILLS = int(os.environ.get("PODPIPEC_KILLS", "3"))

MAIN = f"""
import sys
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).resolve().parents[2]), *sys.path]!r}
from tests.runtime.plans import *
from tests.runtime.runner import Runner, text
from podpipec_runtime.progress import line

root = Path(sys.argv[1])
first = shell("first", "sleep 0.01; cat {{n}} > {{out}}", {{"n": "File"}})
second = shell("second", "cat {{a}} > {{out}}; echo second >> {{out}}", ["a"])
add = shell("add", "sort {{parts}} > {{out}}", {{"parts": "File[]"}})
last = shell("last", "wc -l < {{a}} > {{out}}", ["a"])
body = [
    call("x", first, {{"n": ItemRef(each="e")}}),
    call("y", second, {{"a": "x"}}),
    keep("k", "y", "node"),
]
steps = [
    each("e", ShardsRef(input="t"), body, "y"),
    call("f", add, {{"parts": collected("e")}}),
    keep("kf", "f"),
    call("g", last, {{"a": "f"}}),
]
ends = [lifetime("x", ["y"]), lifetime("y", ["f", "k"]), lifetime("f", ["kf", "g"])]
shards = [str(n) for n in range(8)]
made = plan([first, second, add, last], steps, {{"r": "f", "s": "g"}}, [given("t", shards=shards)], ends)
runner = Runner(root)
runner.places["ram"] = str(root / "ram")
log = open(root / "events", "a", buffering=1)
runner.each_event = lambda event: log.write(line(event) + "\\n")
outcome = runner(made, {{"t": f"{{root}}/in/{{{{shard}}}}"}})
assert outcome.failure is None, outcome.failure
Path(root / "result").write_text(text(outcome) + text(outcome, "s"))
"""


def start(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(root / "main.py"), str(root)], start_new_session=True)


def prepared(root: Path) -> Path:
    (root / "in").mkdir(parents=True)
    for shard in range(8):
        path = root / "in" / str(shard)
        path.write_text(f"shard {shard}\n")
        os.utime(path, (1_700_000_000, 1_700_000_000))
    (root / "main.py").write_text(MAIN)
    return root


def test_killed_and_resumed(tmp_path: Path) -> None:
    calm = prepared(tmp_path / "calm")
    began = time.monotonic()
    assert start(calm).wait() == 0
    length = time.monotonic() - began
    expected = (calm / "result").read_text()
    assert expected.endswith("shard 7\n16\n")
    random = Random(4)
    for number in range(KILLS):
        root = prepared(tmp_path / f"killed{number}")
        for _ in range(random.randint(1, 3)):
            child = start(root)
            time.sleep(length * random.uniform(0.2, 1.0))
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert start(root).wait() == 0
        assert (root / "result").read_text() == expected
        published = [
            (event["step"], *event["element"])
            for event in map(msgspec.json.decode, (root / "events").read_bytes().splitlines())
            if event["event"] == "step published"
        ]
        assert len(published) == len(set(published)) <= 18


DIES = f"""
import os, sys
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).resolve().parents[2]), *sys.path]!r}
from podpipec_runtime.store.store import Store
from tests.runtime.plans import *
from tests.runtime.runner import Runner

one = shell("one", "echo one > {{out}}")
two = shell("two", "cat {{a}} {{a}} > {{out}}", ["a"])
steps = [call("a", one), call("b", two, {{"a": "a"}})]
made = plan([one, two], steps, {{"r": "b"}}, lifetimes=[lifetime("a", ["b"])])
runner = Runner(Path(sys.argv[1]))
if len(sys.argv) > 2:
    discard = Store.discard
    Store.discard = lambda store, name: (discard(store, name), os._exit(9))
runner(made)
print(runner.ran())
"""


def test_nothing_is_freed_before_what_was_made_of_it_is_recorded(tmp_path: Path) -> None:
    """The process dies right after it deleted the first object that nobody needed any more."""
    (tmp_path / "main.py").write_text(DIES)
    command = [sys.executable, str(tmp_path / "main.py"), str(tmp_path)]
    assert subprocess.run([*command, "die"]).returncode == 9
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.stdout == "[]\n", again.stderr
