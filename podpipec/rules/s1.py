"""S1, one clock: values of different windows never meet in one stage."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, Graph, If, called
from podpipec.graph.origins import JOINED, MANY, Atom, Windows, meetings
from podpipec.rules.checked import Checked

CODE = "S1"
TITLE = "one clock"

#: A clock, and which of its windows: an offset from the run's, or what chose it.
_At = tuple[object, object]


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages whose inputs are of windows that are cut in different ways, or of different windows."""
    seen = set()
    for graph in (
        *checked.in_pods,
        *checked.across,
    ):  # what a flow does wrong by itself is told of it, not of its calls
        for call, first, second in meetings(graph, partial(_at, graph)):
            at = call.spans[second[0]]
            if at not in seen:
                seen.add(at)
                yield _clash(graph, call, first, second)


def _at(graph: Graph, atom: Atom) -> _At | None:
    """What must be one in a stage. A list of windows says that it looks at several: it is of the run's period."""
    windows = atom.windows
    if windows is None:
        return None
    if _is_list(windows):
        return (graph.period.meaning if graph.period else None), 0
    return windows.clock.meaning, windows.chosen or (windows.reach or (0, 0))[0]


def _is_list(windows: Windows) -> bool:
    return windows.chosen in (MANY, JOINED)


def _clash(graph: Graph, call: Call | Crossing | If, first: tuple[str, Atom], second: tuple[str, Atom]) -> Diagnostic:
    (_, one), (name, other) = first, second
    assert one.windows is not None and other.windows is not None  # only what has windows clashes
    ours, theirs = _at(graph, one), _at(graph, other)
    assert ours is not None and theirs is not None  # the same
    if ours[0] != theirs[0]:
        return _clocks(graph, call, name, one, other)
    return error(
        CODE,
        f"`{called(call)}` is given values of two windows: {_which(one.windows)}, and {_which(other.windows)}",
        call.spans[name],
        f"derived from `{other.snapshot}` of {_which(other.windows)}",
        (one.span, f"`{one.snapshot}` of {_which(one.windows)} enters here"),
        (other.span, f"`{other.snapshot}` of {_which(other.windows)} enters here"),
        help=_mending(one, other),
    )


def _clocks(graph: Graph, call: Call | Crossing | If, name: str, one: Atom, other: Atom) -> Diagnostic:
    ours, theirs = _clock(one.windows, graph), _clock(other.windows, graph)
    slow, length = (one, theirs) if _seconds(one.windows) > _seconds(other.windows) else (other, ours)
    return error(
        CODE,
        f"`{called(call)}` is given values of two clocks: windows of {ours} and of {theirs}",
        call.spans[name],
        f"derived from `{other.snapshot}`, {_cut(other.windows, theirs)}",
        (one.span, f"`{one.snapshot}`, {_cut(one.windows, ours)}, enters here"),
        (other.span, f"`{other.snapshot}`, {_cut(other.windows, theirs)}, enters here"),
        help=(
            f"cut `{slow.snapshot}` by the same clock: `window {length}`",
            "its path may still name only the day or the month",
            *_longer(graph, one, other),
        ),
    )


def _longer(graph: Graph, one: Atom, other: Atom) -> tuple[str, ...]:
    """To join the short windows, where there are short ones."""
    fast, slow = sorted((one, other), key=lambda atom: _seconds(atom.windows))
    if _seconds(fast.windows) == _seconds(slow.windows) or fast.windows is None or _is_list(fast.windows):
        return ()
    longer = _clock(slow.windows, graph)
    return (f"or have a run for {longer}, `every {longer}`, and give it the list `{fast.parameter}.windows`",)


def _clock(windows: Windows | None, graph: Graph) -> str:
    assert windows is not None  # the caller has looked
    return str(graph.period if _is_list(windows) else windows.clock)


def _seconds(windows: Windows | None) -> int:
    return windows.clock.seconds if windows else 0


def _cut(windows: Windows | None, clock: str) -> str:
    joined = windows is not None and _is_list(windows)
    return f"whose windows are joined to one of {clock}" if joined else f"which is cut by windows of {clock}"


def _which(windows: Windows) -> str:
    """Which window, in words."""
    if _is_list(windows):
        return "the run's period"
    if windows.chosen is not None:
        return f"the window that `{windows.chosen}` is at"
    offset = windows.reach[0] if windows.reach else 0
    if not offset:
        return "the run's window"
    return "the window before" if offset == -1 else f"the one {-offset} windows before"


def _mending(one: Atom, other: Atom) -> tuple[str, ...]:
    ours, theirs = one.windows, other.windows
    assert ours is not None and theirs is not None  # only what has windows clashes
    if {ours.chosen, theirs.chosen} <= {None, MANY, JOINED} and (_is_list(ours) or _is_list(theirs)):
        older = other if _is_list(ours) else one
        return (
            "what comes of a list over windows is of the run's period, and meets what is of that",
            f"give it `{older.parameter}`, or a list, as `{older.parameter}[-1..0]`",
        )
    if ours.chosen is not None or theirs.chosen is not None or ours.reach is None or theirs.reach is None:
        return (
            "an element of a list of windows meets only what is of its own window",
            "collect what is made of the elements in a list first, and give the whole list",
        )
    carry = "or let a `cycle` carry on what it needs of the window before"
    if one.parameter != other.parameter:
        return "read both of one window, or the older one as a list of windows", carry
    first, last = min(ours.reach[0], theirs.reach[0]), max(ours.reach[1], theirs.reach[1])
    return f"give it the range `{one.parameter}[{first}..{last}]`, whose list says that it looks back", carry
