"""From when to when a value is needed, and the freeing of what isn't."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from podpipec_runtime.interpreter.commands import Free
from podpipec_runtime.interpreter.program import INPUT, Port
from podpipec_runtime.interpreter.resolve import slices
from podpipec_runtime.interpreter.state import Claim
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Loc, Value, leaves
from podpipec_runtime.plan.types import Call, Move
from rpds import HashTrieMap


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


def claim(turn: Turn, instance: Instance, values: tuple[Value, ...]) -> None:
    """`instance` is done for the first time: its values live from now on."""
    step = turn.program.steps[instance.step].step
    if isinstance(step, Call):
        for output, value in zip(step.outputs, values, strict=True):
            _claim(turn, Port(step.id, output.name), instance.path, (value,))
    elif isinstance(step, Move):
        _claim(turn, Port(step.id, ""), instance.path, values)


def _claim(turn: Turn, port: Port, path: tuple[int, ...], values: Iterable[Value]) -> None:
    """Where a value isn't on its own place, the copy that there is elsewhere must stay for it, too."""
    stock = turn.stock
    locs: dict[Loc, None] = {}
    for value in values:
        for data in leaves(value):
            locs[data.loc] = None
            found = stock.anywhere(data)
            if found is not None:
                locs[found[0]] = None
    for loc in locs:
        stock = stock.claim(loc)
    turn.stock = stock
    until = turn.program.until.get(port)
    claims = turn.claims.get(port, HashTrieMap())
    entry = Claim(-1 if until is None else len(until), tuple(locs))
    turn.claims = turn.claims.insert(port, claims.insert(path, entry))


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
    for loc in entry.locs:
        turn.stock = turn.stock.unclaim(loc)
        settle(turn, loc)


def settle(turn: Turn, loc: Loc) -> None:
    """Frees an object that is there and that nobody needs."""
    if turn.stock.idle(loc) and turn.phase == "running":
        free(turn, loc)


def free(turn: Turn, loc: Loc) -> None:
    """Frees an object, whoever may have wanted it."""
    size = turn.stock.content[loc]
    turn.stock = turn.stock.leave(loc)
    turn.ask(Free(loc, size))


def free_rest(turn: Turn) -> None:
    """At the end, what is neither kept nor a result goes."""
    for loc in sorted(loc for loc in turn.stock.content if loc in turn.stock.claims):
        if loc not in turn.stock.pinned:
            free(turn, loc)
