"""The live view, on a terminal made for the test: what a person sees while a flow runs."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

FLOW = """
snapshot words: Csv { from "words/{shard}.csv"  shards ["a", "b"]  size 1KiB }
pod small { slots 1  cpu 1  memory 1GiB  ram 1MiB  node 1GiB }
stage up(raw: Csv) -> out: Csv { sh "while [ ! -e go ]; do sleep 0.05; done; cat {raw} > {out}" }
flow all(w: words) on small {
  each s in w.shards { up(s) }
}
"""


def test_slots_and_places_are_shown_and_elements_named(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    for shard in "ab":
        (tmp_path / "words" / f"{shard}.csv").write_text(shard)
    gate = tmp_path / "go"
    (tmp_path / "all.flow").write_text(FLOW.replace("[ ! -e go ]", f"[ ! -e {gate} ]"))
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "podpipec", "run", "all.flow", "--work", "work", "--place", f"ram={tmp_path}/ram"]
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    child = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    seen = b""
    while b"up[a]" not in seen and child.poll() is None:
        seen += os.read(master, 65536)
    gate.touch()
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # the other side has closed
            break
        if not more:
            break
        seen += more
    os.close(master)
    assert child.wait() == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
    assert "slot 0" in text and "each/up[a]" in text
    assert re.search(r"ram +░+ +\S+ of 1MiB", text)
    assert "finished  2 ran" in text


def test_without_a_terminal_there_are_plain_lines(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    for shard in "ab":
        (tmp_path / "words" / f"{shard}.csv").write_text(shard)
    (tmp_path / "all.flow").write_text(FLOW.replace("while [ ! -e go ]; do sleep 0.05; done; ", ""))
    command = [sys.executable, "-m", "podpipec", "run", "all.flow", "--work", "work", "--place", f"ram={tmp_path}/ram"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "done      each/up[a]" in done.stderr and "\x1b" not in done.stderr
