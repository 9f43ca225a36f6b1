"""S1, one clock: values of different windows never meet in one stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Crossing, Cycle, Each, Graph, If, called
from podpipec.graph.origins import CARRIED, JOINED, MANY, Atom, Windows
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.rules.meetings import meetings
from podpipec.types.origin import FromInput, FromItem, FromShards, FromWindows, Origin
from podpipec.types.time import Clock

CODE = "S1"
TITLE = "one clock"

#: A clock, and which of its windows: an offset from the run's, or what chose it.
_At = tuple[object, object]


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages whose inputs are of windows that are cut in different ways, or of different windows."""
    seen = set()
    for traced in checked.own_first:
        graph = traced.graph
        for call, first, second in meetings(traced, partial(_at, graph)):
            at = call.spans[second[0]]
            if at not in seen:
                seen.add(at)
                yield _clash(graph, call, first, second)

    for graph in checked.across:
        yield from _units(graph)


def _units(graph: Graph) -> Iterator[Diagnostic]:
    """Units that are given slices of several windows: a unit is started for one, and finds its slices by that."""
    loops = {node.id: node.over for node, _ in walk(graph.nodes) if isinstance(node, Each | Cycle)}
    for node, _ in walk(graph.nodes):
        if not isinstance(node, Crossing) or node.unit is None:
            continue
        clocks = {one.name: one.snapshot.clock for one in node.flow.parameters if one.snapshot and one.snapshot.clock}
        at = next((name for name in clocks if isinstance(_list_of(node.args[name], loops), FromWindows)), None)
        for name, clock in clocks.items() if at is not None else ():
            if not _same_window(graph, node.args[name], node.args[at or name], clock, loops):
                yield error(
                    CODE,
                    f"`{called(node)}` is a unit of work for one window, and is given slices of two",
                    node.spans[name],
                    "of another window than the element",
                    (node.spans[at or name], "the element of a list of windows"),
                    help="give it the element alone, and join what it makes with the other slice in another call",
                )
                break


def _list_of(origin: Origin, loops: Mapping[str, Origin]) -> Origin | None:
    return loops.get(origin.each) if isinstance(origin, FromItem) else None


def _same_window(graph: Graph, origin: Origin, item: Origin, clock: Clock, loops: Mapping[str, Origin]) -> bool:
    """Whether the window that an element is of also finds this slice: it is the element, or of the whole period."""
    over = _list_of(item, loops)
    whole = isinstance(over, FromWindows) and over.reach is None
    of_run = isinstance(origin, FromInput | FromShards) and origin.offset == 0
    within = graph.period is not None and graph.period.seconds <= clock.seconds
    return origin == item or (whole and of_run and within)


def _at(graph: Graph, atom: Atom) -> _At | None:
    """What must be one in a stage. A list of windows says that it looks at several: it is of the run's period."""
    windows = atom.windows
    if windows is None or windows.chosen == CARRIED:
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
