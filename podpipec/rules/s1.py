"""S1, one clock: values of different windows never meet in one stage."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, called
from podpipec.graph.origins import Atom, meetings
from podpipec.rules.checked import Checked
from podpipec.types.scalars import duration_text

CODE = "S1"
TITLE = "one clock"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages whose inputs come from snapshots that are cut by windows of different lengths."""
    seen = set()
    for graph in (
        *checked.in_pods,
        *checked.across,
    ):  # what a flow does wrong by itself is told of it, not of its calls
        for call, first, second in meetings(graph, lambda atom: atom.window):
            at = call.spans[second[0]]
            if at not in seen:
                seen.add(at)
                yield _clash(call, first, second)


def _clash(call: Call | Crossing, first: tuple[str, Atom], second: tuple[str, Atom]) -> Diagnostic:
    (_, one), (name, other) = first, second
    ours, theirs = duration_text(one.window or Fraction(0)), duration_text(other.window or Fraction(0))
    slow, length = (one, theirs) if (one.window or 0) > (other.window or 0) else (other, ours)
    return error(
        CODE,
        f"`{called(call)}` is given values of two clocks: windows of {ours} and of {theirs}",
        call.spans[name],
        f"derived from `{other.snapshot}`, which is cut by windows of {theirs}",
        (one.span, f"`{one.snapshot}`, cut by windows of {ours}, enters here"),
        (other.span, f"`{other.snapshot}`, cut by windows of {theirs}, enters here"),
        help=(
            f"cut `{slow.snapshot}` by the same clock: `window {length}`",
            "its path may still name only the day or the month",
        ),
    )
