"""What a walk is said to hold at most, in figures."""

from __future__ import annotations

import pytest

from podpipec.graph.liveness import Liveness
from podpipec.types.declarations import Place
from tests.types.programs import compiled

MIB = 2**20
DESKS = """
snapshot book: Tree<Csv> { from "s3://lake/book"  size 64MiB }
snapshot top: Json { from "s3://lake/top.json"  size 1MiB }
pod bench { slots 2  cpu 2  memory 24GiB  ram 8GiB  node 8GiB  volume 8GiB }
stage narrow(limit: Json, desk: Csv) -> out: Json { run ["narrow", limit, desk, out]  size out 1MiB }
stage adjust(limit: Json, desk: Csv) -> out: Json { run ["adjust", limit, desk, out] }
stage price(desk: Csv, limit: Json) -> pv: Csv { run ["price", desk, limit, pv]  size pv 2 * desk }
stage scratch(desk: Csv) -> out: Json { run ["scratch", desk, out]  size out 10MiB }
stage roll(pv: Csv, parts: Csv[]) -> sum: Csv { run ["roll", pv, parts, sum] }
stage end(pv: Csv, out: Json) -> done: Csv { run ["end", pv, out, done]  size done pv }
flow desks(b: book, t: top) on bench {
  walk desk in b HEAD {
    BODY
  }
}
"""


def peak(head: str, body: str, place: Place = "ram") -> float:
    """The most that is alive on a place, in MiB."""
    made = compiled(DESKS.replace("HEAD", head).replace("BODY", body))
    assert made.ok, made.diagnostics
    (graph,) = made.checked.graphs
    return Liveness(graph).peak(place).bytes / MIB


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # one value of a mebibyte for each node that has begun: width times depth
        ("depth_first width 1 depth 1", "down limit from t = narrow(limit, desk)", 1),
        ("depth_first width 1 depth 5", "down limit from t = narrow(limit, desk)", 5),
        ("depth_first width 3 depth 5", "down limit from t = narrow(limit, desk)", 15),
        # what is over before the children begin counts for the nodes that are at work alone
        ("depth_first width 3 depth 5", "a = scratch(desk)", 30),
        ("breadth_first width 3", "a = scratch(desk)", 30),
        # in proportion to the nodes: once for all of them, what is made of it, what came up, and that from the root
        ("breadth_first width 3", "a = price(desk, t)  up x = roll(a, children.x)", 128 + 256 + 128 + 128),
        # one value a node waits with, another that is over before
        ("depth_first width 2 depth 3", "down limit from t = narrow(limit, desk)  a = scratch(desk)", 2 * 11 + 4),
    ],
)
def test_peaks(head: str, body: str, expected: float) -> None:
    assert peak(head, body) == expected


def test_what_is_in_proportion_may_wait_while_others_work() -> None:
    """All of the tree may belong to a node that waits, and the nodes that work have what is of a size of its own."""
    body = "a = scratch(desk)  c = end(desk, a)  up x = roll(c, children.x)"
    waiting, working, came_up = 64, 2 * 10, 64
    assert peak("depth_first width 2 depth 4", body) >= waiting + working + came_up


def test_what_goes_down_grows_level_by_level() -> None:
    """A mebibyte to begin with, and the whole tree at most at each level."""
    assert peak("depth_first width 1 depth 2", "down limit from t = adjust(limit, desk)") == 2 * (1 + 2 * 64)


def test_copies_are_kept_of_every_node() -> None:
    body = "a = price(desk, t)  up x = roll(a, children.x)  keep a in volume"
    assert peak("breadth_first", body, "volume") == 128
    body = "a = price(desk, t)  up x = roll(a, children.x)  keep x in volume"
    assert peak("depth_first depth 3", body, "volume") >= 3 * 128
