"""Flows across pods on this machine: a unit that fails is run again from what it kept, and the others are not."""

from __future__ import annotations

from pathlib import Path

from tests.examples.cases import podpipec

PROGRAM = """\
snapshot ticks {{ from "data/{{shard}}.csv"  shards 3  size 1MiB }}
pod bench {{ slots 2  cpu 2  memory 1GiB  ram 16MiB  node 16MiB  volume 16MiB }}
stage sort(raw: Csv) -> book: Csv {{ sh "echo sort >> {log}; sort {{raw}} > {{book}}" }}
stage tag(book: Csv, word: String) -> out: Csv {{
  sh "if [ {{word}} = s1 ]; then [ -e {mended} ] || exit 3; fi; sed s/^/{{word}}/ {{book}} > {{out}}"
  size out 4 * book
}}
stage add(parts: Csv[]) -> sum: Csv {{ sh "cat {{parts}} > {{sum}}"  size sum 1MiB }}
flow part(t: ticks, word: String) -> out on bench {{
  book = sort(t)
  out  = tag(book, word)
  keep book in node
  keep out in volume
}}
flow day(t: ticks) -> total across bench {{
  parts = each s in t.shards {{ part(s, "s{{s}}") }}
  total = add(parts)
}}
"""


def _written(folder: Path) -> tuple[Path, Path, Path]:
    """A program whose second unit fails until it is mended."""
    (folder / "data").mkdir()
    for shard in range(3):
        (folder / "data" / f"{shard}.csv").write_text(f"b{shard}\na{shard}\n")
    program, log, mended = folder / "p.flow", folder / "log", folder / "mended"
    program.write_text(PROGRAM.format(log=log, mended=mended))
    return program, log, mended


def test_a_unit_is_run_again_from_what_it_kept(tmp_path: Path) -> None:
    program, log, mended = _written(tmp_path)
    words = ("run", str(program), "--work", str(tmp_path / "work"), "--out", str(tmp_path / "out"), "-q", "-j", "1")
    first = podpipec(*words)
    assert first.returncode == 4
    assert "the stage `tag` failed at `out`" in first.stderr  # the unit says what went wrong inside
    sorted_ = len(log.read_text().split())
    mended.touch()
    assert podpipec(*words).returncode == 0
    assert (tmp_path / "out" / "total.csv").read_text() == "s0a0\ns0b0\ns1a1\ns1b1\ns2a2\ns2b2\n"
    # no book is sorted twice: not those of other units, nor that which the unit that failed had kept
    assert sorted_ < 4 and len(log.read_text().split()) == 3
    assert podpipec(*words).returncode == 0
    assert len(log.read_text().split()) == 3


def test_the_same_bytes_however_many_pods(tmp_path: Path) -> None:
    program, _, mended = _written(tmp_path)
    mended.touch()
    found = []
    for pods in ("1", "3"):
        out = tmp_path / f"out{pods}"
        done = podpipec("run", str(program), "--work", str(tmp_path / pods), "--out", str(out), "--pods", pods, "-q")
        assert done.returncode == 0, done.stderr
        found.append((out / "total.csv").read_bytes())
    assert found[0] == found[1]


def test_pods_are_for_flows_across_pods(tmp_path: Path) -> None:
    program = tmp_path / "p.flow"
    program.write_text(
        'snapshot t: Csv { from "t.csv"  size 1MiB }\npod bench { slots 1  cpu 1  memory 1GiB  volume 9MiB }\n'
        'stage sort(raw: Csv) -> out: Csv { sh "sort {raw} > {out}" }\n'
        "flow one(t: t) -> out on bench { out = sort(t) }\n"
    )
    done = podpipec("run", str(program), "--pods", "2")
    assert done.returncode == 2
    assert "--pods is for flows across pods" in done.stderr
