"""From when to when a value is needed, and the freeing of what isn't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace
from rpds import HashTrieMap

from podpipec_runtime.interpreter.commands import Free
from podpipec_runtime.interpreter.program import INPUT, Port, carried
from podpipec_runtime.interpreter.resolve import resolve, slices
from podpipec_runtime.interpreter.state import Claim
from podpipec_runtime.interpreter.turn import Turn, chain_of
from podpipec_runtime.interpreter.values import Instance, Loc, Value, leaves
from podpipec_runtime.plan.types import Call, CarryRef, Cycle, Fold, Move, Pin
from podpipec_runtime.shapes.cycle import Ring


def claim_inputs(turn: Turn) -> None:
    """The slices are there from the start."""
    for given in turn.program.plan.inputs:
        port = Port(INPUT, given.name)
        found = slices(turn, given.name)
        if turn.program.depths.get(port, 0):
            for at, data in enumerate(found):
                _claim(turn, port, (at,), (data,))
        else:
            _claim(turn, port, (), found)


def claim(turn: Turn, instance: Instance, values: tuple[Value, ...], read: Iterable[Value]) -> None:
    """`instance`, which read the values `read`, is done for the first time: what it made lives from now on."""
    for port, value in _made(turn, instance, values):
        _claim(turn, port, instance.path, (value,), read)


def _made(turn: Turn, instance: Instance, values: tuple[Value, ...]) -> Iterator[tuple[Port, Value]]:
    step = turn.program.steps[instance.step].step
    if isinstance(step, Call):
        for output, value in zip(step.outputs, values, strict=False):  # what was captured comes after them
            yield Port(step.id, output.name), value
    elif isinstance(step, Move | Pin | Fold):
        yield Port(step.id, ""), values[0]
    elif isinstance(step, Cycle):
        for each, value in zip(step.carries, values, strict=True):
            yield Port(step.id, each.name), value


def _claim(turn: Turn, port: Port, path: tuple[int, ...], values: Iterable[Value], read: Iterable[Value] = ()) -> None:
    """Where a value isn't on its own place, the copy that there is elsewhere must stay for it, too. Where it
    is nowhere, what it is made of stays as long as it might have to be made; what a move is made of stays even
    if that has to be made first, for others may have it made meanwhile."""
    stock = turn.stock
    locs: dict[Loc, None] = {}
    others: dict[Loc, None] = {}
    for value in values:
        for data in leaves(value):
            locs[data.loc] = None
            found = stock.anywhere(data)
            if found is not None:
                others[found[0]] = None
                continue
            for source in (source for each in read for source in leaves(each)):
                there = stock.locate(source)
                if there is not None or not port.output:
                    others[source.loc if there is None else there[0]] = None
    more = tuple(loc for loc in others if loc not in locs)
    for loc in (*locs, *more):
        stock = stock.claim(loc)
    turn.stock = stock
    until = turn.program.until.get(port)
    claims = turn.claims.get(port, HashTrieMap())
    entry = Claim(-1 if until is None else len(until), tuple(locs), more)
    turn.claims = turn.claims.insert(port, claims.insert(path, entry))


def carry(turn: Turn, instance: Instance, read: tuple[Value, ...]) -> None:
    """What `instance` made for later elements of its cycle stays until each that sees it is over."""
    for name, delay in turn.program.given.get(instance.step, ()):
        cycle, path, index = chain_of(turn, instance)[-1], instance.path[:-1], instance.path[-1] + delay
        ring = turn.flow.fans[Instance(cycle, path)].gate
        assert isinstance(ring, Ring)
        if index <= ring.size and not ring.over(index):
            value = resolve(turn, CarryRef(cycle=cycle, name=name), (*path, index))
            _claim(turn, carried(cycle, name), (*path, index - 1), (value,), read)


def let_go(turn: Turn, instance: Instance, index: int) -> None:
    """Nobody sees any more what the element `index` of a cycle handed on."""
    cycle = turn.program.steps[instance.step].step
    assert isinstance(cycle, Cycle)
    for each in cycle.carries:
        port, path = carried(cycle.id, each.name), (*instance.path, index)
        if path in turn.claims.get(port, ()):
            _release(turn, port, path)


def made_again(turn: Turn, instance: Instance) -> None:
    """The values of `instance` are on their places: nothing else has to stay for them any more."""
    for port, _ in _made(turn, instance, turn.flow.published[instance]):
        claims = turn.claims.get(port)
        entry = None if claims is None else claims.get(instance.path)
        if claims is None or entry is None:
            continue
        turn.claims = turn.claims.insert(port, claims.insert(instance.path, replace(entry, others=())))
        for loc in entry.others:
            turn.stock = turn.stock.unclaim(loc)
            settle(turn, loc)


def release(turn: Turn, instance: Instance) -> None:
    """`instance` is done: what lived until then may go."""
    depth = len(instance.path)
    for port in turn.program.ends.get(instance.step, ()):
        claims = turn.claims.get(port)
        if claims is None:
            continue
        if turn.program.depths[port] == depth:
            paths = [instance.path] if instance.path in claims else []
        else:
            paths = sorted(path for path in claims if path[:depth] == instance.path)
        for path in paths:
            _release(turn, port, path)


def _release(turn: Turn, port: Port, path: tuple[int, ...]) -> None:
    claims = turn.claims[port]
    entry = claims[path]
    if entry.left > 1:
        turn.claims = turn.claims.insert(port, claims.insert(path, replace(entry, left=entry.left - 1)))
        return
    turn.claims = turn.claims.insert(port, claims.remove(path))
    for loc in (*entry.locs, *entry.others):
        turn.stock = turn.stock.unclaim(loc)
        settle(turn, loc)


def settle(turn: Turn, loc: Loc) -> None:
    """Frees an object that is there and that nobody needs."""
    if turn.stock.idle(loc) and turn.phase == "running":
        free(turn, loc)


def free(turn: Turn, loc: Loc) -> None:
    """Frees an object, whoever may have wanted it, unless it was kept for good."""
    if loc in turn.facts.kept:
        return
    size = turn.stock.content[loc]
    turn.stock = turn.stock.leave(loc)
    turn.ask(Free(loc, size))


def free_rest(turn: Turn) -> None:
    """At the end, what is neither kept nor a result goes."""
    for loc in sorted(loc for loc in turn.stock.content if loc in turn.stock.claims):
        if loc not in turn.stock.pinned:
            free(turn, loc)
