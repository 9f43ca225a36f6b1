"""The order of a flow's statements: data dependencies, and the order of the source where they leave a choice."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence

from podpipec.diagnostics import Diagnostic, Label
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.inside import bodies, reads


def uses(statement: tree.Statement) -> Iterator[tree.Name]:
    """Every name whose value a statement, or a body inside it, needs; names that are called are not values."""
    return _names(statement)


def _names(within: tree.Statement | tree.Work) -> Iterator[tree.Name]:
    waiting: list[tree.Statement | tree.Work] = [within]
    while waiting:
        match waiting.pop():
            case tree.Let(value=value, after=after) | tree.Do(value=value, after=after):
                waiting += (value, *after)
            case tree.Keep(value=value, until=until):
                waiting += (value,) if until is None else (value, until)
            case tree.Flowing(value=value, start=start):
                waiting += (value,) if start is None else (value, start)
            case tree.Name() as name:
                yield name
            case other:
                waiting += reads(other)
                for body in bodies(other):
                    waiting += body


def _awaits(statement: tree.Statement) -> Iterator[tree.Name]:
    """The names whose lines a line comes after in its own body.

    What goes on from element to element begins outside of the body, and on its own line its name is the one before's.
    """
    if not isinstance(statement, tree.Flowing) or statement.start is None:
        return uses(statement)
    return (name for name in _names(statement.value) if name.text != statement.name.text)


def bound(statements: Iterable[tree.Statement]) -> dict[str, tree.Let | tree.Flowing]:
    """The names that a body writes itself, each by its first statement."""
    names: dict[str, tree.Let | tree.Flowing] = {}
    for statement in statements:
        if isinstance(statement, tree.Let | tree.Flowing):
            names.setdefault(statement.name.text, statement)
    return names


def in_order(statements: Sequence[tree.Statement]) -> tuple[list[tree.Statement], list[Diagnostic]]:
    """The statements so that each comes after what it needs; those on a cycle are left out and told."""
    writers = {id(line): index for index, line in enumerate(statements)}
    index_of = {name: writers[id(let)] for name, let in bound(statements).items()}
    needs: list[dict[int, Span]] = []
    for statement in statements:
        edges: dict[int, Span] = {}
        for name in _awaits(statement):
            if name.text in index_of:
                edges.setdefault(index_of[name.text], name.span)
        needs.append(edges)
    needed_by: list[list[int]] = [[] for _ in statements]
    missing = [len(edges) for edges in needs]
    for index, edges in enumerate(needs):
        for needed in edges:
            needed_by[needed].append(index)
    ready = [index for index, count in enumerate(missing) if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        index = heapq.heappop(ready)
        order.append(index)
        for follower in needed_by[index]:
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(ready, follower)
    left = set(range(len(statements))) - set(order)
    return [statements[index] for index in order], list(_cycles(statements, needs, left))


def _cycles(statements: Sequence[tree.Statement], needs: list[dict[int, Span]], left: set[int]) -> Iterator[Diagnostic]:
    """One diagnostic for each knot of cycles among the statements that no order has, more where they do not touch."""
    told: set[int] = set()
    done: set[int] = set()
    for start in sorted(left):
        path: list[int] = []
        place: dict[int, int] = {}
        waiting = [] if start in done else [iter((start,))]
        while waiting:
            here = next(waiting[-1], None)
            if here is None:
                waiting.pop()
                if path:
                    done.add(path.pop())
                    del place[next(reversed(place))]
            elif here in place:
                ring = path[place[here] :]
                if here not in told and told.isdisjoint(ring):
                    told.update(ring)
                    yield _cycle(statements, needs, ring)
            elif here not in done:
                place[here] = len(path)
                path.append(here)
                waiting.append(iter(sorted(needs[here].keys() & left)))


def _cycle(statements: Sequence[tree.Statement], needs: list[dict[int, Span]], ring: list[int]) -> Diagnostic:
    names = [_name(statements[index]) for index in ring]
    labels = []
    for index, following, name, needed in zip(ring, [*ring[1:], ring[0]], names, [*names[1:], names[0]], strict=True):
        labels.append(Label(needs[index][following], f"`{name}` needs `{needed}`"))
    way = " → ".join(f"`{name}`" for name in [*names, names[0]])
    message = (
        f"`{names[0]}` needs itself"
        if len(ring) == 1
        else f"`{names[0]}` needs itself, by way of " + ", ".join(f"`{name}`" for name in names[1:6])
    )
    return Diagnostic(
        "T005",
        message,
        tuple(labels[:6]),
        ("give one of them an input that comes from outside the circle",),
        (f"the circle: {way}",) if len(ring) <= 20 else (),
    )


def _name(statement: tree.Statement) -> str:
    return statement.name.text if isinstance(statement, tree.Let | tree.Flowing) else "…"


def callees_first(flows: Sequence[tree.Flow], named: Callable[[tree.Name], object]) -> list[tree.Flow]:
    """The flows so that each comes after those that it calls; flows that call themselves come last, as they stand."""
    index = {flow.name: position for position, flow in enumerate(flows)}
    calls = [{target.name for _, target in called(flow, named)} for flow in flows]
    callers: list[list[int]] = [[] for _ in flows]
    missing = [len(names) for names in calls]
    for position, names in enumerate(calls):
        for name in names:
            callers[index[name]].append(position)
    ready = [position for position, count in enumerate(missing) if not count]
    for position in ready:
        for caller in callers[position]:
            missing[caller] -= 1
            if not missing[caller]:
                ready.append(caller)
    rest = sorted(set(range(len(flows))) - set(ready))
    return [flows[position] for position in (*ready, *rest)]


def called(flow: tree.Flow, named: Callable[[tree.Name], object]) -> Iterator[tuple[tree.Name, tree.Flow]]:
    """The flows that a flow calls, or gives to be called, each with where it is named; `named` says what is declared.

    What a flow is given to call is called by its own name for it, and an argument is a value unless a stage or flow is
    asked for: a value or a parameter may have the name of a flow, and is none for that.
    """
    given = {one.name.text for one in flow.inputs if isinstance(one.type, tree.Callable)}
    waiting: list[tree.Statement] = list(flow.body)
    while waiting:
        statement = waiting.pop()
        value = statement.value
        for body in bodies(value):
            waiting += body
        for call in (value, *reads(value)):
            if not isinstance(call, tree.Call) or not isinstance(call.callee, tree.Name) or call.callee.text in given:
                continue
            callee = named(call.callee)
            if isinstance(callee, tree.Flow):
                yield call.callee, callee
                for name in _handed(call, callee):
                    if name.text not in given and isinstance(target := named(name), tree.Flow):
                        yield name, target


def _handed(call: tree.Call, callee: tree.Flow) -> Iterator[tree.Name]:
    """What a call gives a flow to be called, if it is named there."""
    asked = {one.name.text: one for one in callee.inputs}
    positions = iter(callee.inputs)
    for argument in call.arguments:
        wanted = asked.get(argument.name.text) if argument.name else next(positions, None)
        if wanted is not None and isinstance(wanted.type, tree.Callable) and isinstance(argument.value, tree.Name):
            yield argument.value
