"""What `check --types` shows of a value can be said of it in the program: then it is right, and another word is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podpipec.cli import status
from tests.diagnostics.programs import Case, run

_PROGRAM = """\
snapshot ticks: Csv { from "s3://t/{window}-{shard}.csv"  window 1h  shards 3  size 1MiB }
snapshot curves { from "s3://c/{window}.parquet"  window 1h  size 1MiB }
pod small { slots 2  cpu 2  memory 1GiB  ram 100MiB  node 1GiB  volume 1GiB }
stage clean(raw: Csv) -> book: Parquet { run ["clean", raw, book] }
stage price(books: Parquet[], curves: Parquet) -> pv: Parquet { run ["price", books, curves, pv] }
stage sort(consume book: Parquet) -> sorted: Parquet { run ["sort", book, sorted] }
flow tidy(consume b: Parquet) -> s { s = sort(consume b) }
flow day(t: ticks, c: curves) -> far on small {
  books = each s in t.shards { clean(s) }
  pv = price(books, c)
  tidied = tidy(consume pv)
  far = move tidied to volume
}
"""


def _shown(text: str, folder: Path) -> dict[str, str]:
    """What is shown of each value of the flow `day`, less what stands behind the `#`."""
    outcome = run(Case("shown", {"a.flow": text}, ("podpipec check --types a.flow",)), folder)
    assert outcome.status == status.OK, outcome.err
    lines = outcome.out.partition("flow day")[2].splitlines()[1:]
    found = {}
    for line in lines:
        match = re.fullmatch(r"  (\w+)(: [^#]+?) *#.*", line)
        if match:
            found[match[1]] = re.sub(" +", " ", match[2])
    return found


def _said(text: str, shown: dict[str, str]) -> str:
    for name, type_ in shown.items():
        text = re.sub(rf"^  {name} =", f"  {name}{type_} =", text, flags=re.MULTILINE)
    return text


def test_what_is_shown_can_be_said(tmp_path: Path) -> None:
    shown = _shown(_PROGRAM, tmp_path)
    said = _said(_PROGRAM, shown)
    assert "  pv: Parquet in ram of { ticks, curves } stable owned = price(books, c)" in said
    assert said.count(" stable ") == 4
    assert _shown(said, tmp_path) == shown


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("pv: Parquet", "pv: Csv", "T001"),
        ("pv: Parquet in ram of { ticks, curves }", "pv: Parquet in ram of { curves }", "T017"),
        ("pv: Parquet in ram of { ticks, curves } stable", "pv: Parquet in ram of { ticks, curves } unstable", "T017"),
        ("stable owned", "stable shared", "T017"),
        ("books: Parquet[] in ram", "books: Parquet[] in node", "L4"),
        ("far: Parquet in volume", "far: Parquet in node", "L4"),
        ("tidied: Parquet in ram", "tidied: Parquet in volume", "L4"),
    ],
)
def test_what_is_not_so_is_told(tmp_path: Path, right: str, wrong: str, code: str) -> None:
    said = _said(_PROGRAM, _shown(_PROGRAM, tmp_path))
    assert right in said
    outcome = run(Case("said", {"a.flow": said.replace(right, wrong)}, ("podpipec check a.flow",)), tmp_path)
    assert f"error[{code}]" in outcome.out + outcome.err
