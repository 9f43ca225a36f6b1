"""Whether what starts next fits beside what is there and what is under way, on every place."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.consume import copied
from podpipec_runtime.interpreter.program import INPUT
from podpipec_runtime.interpreter.reading import lies, makes, needs
from podpipec_runtime.interpreter.turn import Turn
from podpipec_runtime.interpreter.values import Instance, Loc
from podpipec_runtime.plan.types import Keep, Move, Pin, PlaceName


def excess(turn: Turn, instance: Instance) -> dict[str, int]:
    """By how many bytes each place would be overfull, at worst, if a job started now."""
    wanted = _wants(turn, instance)
    found: dict[str, int] = {}
    for place in turn.program.plan.pod.places:
        more = wanted.get(place.name, 0)
        over = taken(turn, place.name) + more - place.bytes
        if more and over > 0:
            found[place.name] = over
    return found


def taken(turn: Turn, place: PlaceName) -> int:
    """The bytes that lie on a place, and those that are under way to it."""
    stock = turn.stock
    return stock.used.get(place, 0) + stock.strays.get(place, 0) + turn.work.reserved.get(place, 0)


def _wants(turn: Turn, instance: Instance) -> dict[PlaceName, int]:
    """The most bytes that come to each place when a job starts: what is copied there, and what it writes."""
    found = {} if instance.step == INPUT else own_bytes(turn, instance)
    for loc, size in _lacking(turn, instance).items():
        if loc not in turn.work.copying:
            found[loc.place] = found.get(loc.place, 0) + size
    return found


def _lacking(turn: Turn, instance: Instance) -> dict[Loc, int]:
    """The objects that are copied, or brought from outside, when a job starts, with their bytes."""
    if instance.step == INPUT:
        return {data.loc: data.bytes for data in makes(turn, instance)}
    step, wanted = turn.program.steps[instance.step].step, needs(turn, instance)
    if isinstance(step, Keep | Move | Pin):
        return {Loc(step.place, data.hash): data.bytes for data in wanted if lies(turn, data, step) is None}
    return {Loc(data.place, data.hash): data.bytes for data in wanted if turn.stock.locate(data) is None}


def own_bytes(turn: Turn, instance: Instance) -> dict[PlaceName, int]:
    """The most bytes that a call itself adds to each place: its outputs, and copies of what it consumes but cannot
    take."""
    found = dict(turn.program.writes.get(instance.step, ()))
    for data in copied(turn, instance):
        found[data.place] = found.get(data.place, 0) + data.bytes
    return found


def reserve(turn: Turn, instance: Instance, sizes: dict[PlaceName, int]) -> None:
    """Holds room for what a call that has a slot may still write, instead of what was held for it before."""
    job, reserved = turn.work.jobs[instance], turn.work.reserved
    now = tuple(sizes.items())
    if now == job.reserved:
        return
    for place, size in job.reserved:
        reserved = reserved.insert(place, reserved[place] - size)
    for place, size in sizes.items():
        reserved = reserved.insert(place, reserved.get(place, 0) + size)
    turn.work = replace(turn.work, reserved=reserved)
    turn.set_job(instance, replace(job, reserved=now))


def set_out(turn: Turn, what: Loc | Instance, size: int) -> None:
    """A copy or a slice is under way, and its room is held; what is sent away takes none."""
    work = replace(turn.work, copying=turn.work.copying.insert(what, size))
    if isinstance(what, Loc):
        work = replace(work, reserved=work.reserved.insert(what.place, work.reserved.get(what.place, 0) + size))
    turn.work = work


def come_in(turn: Turn, what: Loc | Instance) -> None:
    """It is under way no longer, be it there or not."""
    size = turn.work.copying.get(what)
    if size is None:
        return
    work = replace(turn.work, copying=turn.work.copying.remove(what))
    if isinstance(what, Loc):
        work = replace(work, reserved=work.reserved.insert(what.place, work.reserved[what.place] - size))
    turn.work = work
