"""Room on the places for what starts next, after a resume.

A run from the start always fits, for the plan was proven to. After a resume, values from late in the plan can lie
where early ones have to be made again; both together would not fit. So what comes later goes for what comes first,
and is made again when its turn comes.

That comes to an end, in the plan's order. From when room was made for a call until that call has started, nothing
starts but the first in that order, alone (`Work.tight`), and only when nobody has anything left to ask for. Whoever
loses a value asks for it at once; what that is made of may lie still earlier, and then the run returns to there.
A return needs a loss. The first takes as much as is needed; those before the call has started take all that is later
than the call that they are for. What is later than that is made only behind it, so in one such series each loss is for
an earlier call than the one before, and the next series begins for a later call than this one did, for all up to there
is done. Both are bounded by the steps that there are; only what is done for the first time begins it anew.

One thing is out of that order: a step in an element that is not under way waits at the gate of its loop, and what is
later may be made meanwhile (`again`). The gate lets such elements in by their order, and what the loop reads from
outside stays until all have been visited; so each, when its turn comes, finds there what a run from the start found.
That is no proof for every plan. So there is a bound (`for_ever`): a run that has made room `AGAIN` times for each step
there is, and did nothing new in all that time, stops and says so. Every resume ends, then, in one way or the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.consume import copied
from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.jobs import lies, look_again, needs, reads
from podpipec_runtime.interpreter.lifetimes import free
from podpipec_runtime.interpreter.program import INPUT, Port, source
from podpipec_runtime.interpreter.resolve import resolve
from podpipec_runtime.interpreter.state import Rank
from podpipec_runtime.interpreter.turn import Turn, rank
from podpipec_runtime.interpreter.values import Data, Instance, Loc, leaves
from podpipec_runtime.plan.types import Cycle, Fold, Keep, Move, PlaceName

#: How often room may be made, for each step that is known, until something is done for the first time. Mostly it is
#: once for some of them.
AGAIN = 10


def excess(turn: Turn, instance: Instance) -> dict[str, int]:
    """By how many bytes each place would be overfull, at worst, if a call or a move started now."""
    wanted = _wants(turn, instance)
    found: dict[str, int] = {}
    for place in turn.program.plan.pod.places:
        more = wanted.get(place.name, 0)
        there = turn.stock.used.get(place.name, 0) + turn.work.reserved.get(place.name, 0)
        if more and there + more > place.bytes:
            found[place.name] = there + more - place.bytes
    return found


def _wants(turn: Turn, instance: Instance) -> dict[PlaceName, int]:
    """The most bytes that come to each place when a call or a move starts: what is copied there, and what it writes."""
    step = turn.program.steps[instance.step].step
    lacking: dict[Loc, int] = {}
    for data in needs(turn, instance):
        if isinstance(step, Move):
            if lies(turn, data, step) is None:
                lacking[Loc(step.place, data.hash)] = data.bytes
        elif turn.stock.locate(data) is None:
            lacking[Loc(data.place, data.hash)] = data.bytes
    found = dict(turn.program.writes.get(instance.step, ()))
    for loc, size in lacking.items():
        found[loc.place] = found.get(loc.place, 0) + size
    for data in copied(turn, instance):
        found[data.place] = found.get(data.place, 0) + data.bytes
    return found


def make_room(turn: Turn, instance: Instance) -> bool:
    """Drops data that comes later in the plan, and that is made again when it is needed; whether there was such.

    Whoever waits with it asks for it again at once: so what that is made of stays when it has been made. If that
    led to a call for which there is no room either, all that comes later goes.
    """
    here, tight = rank(turn, instance), turn.work.tight
    more = excess(turn, instance)
    gone: set[Loc] = set()
    used = {found[0] for data in needs(turn, instance) if (found := turn.stock.anywhere(data)) is not None}
    for _, loc in sorted(_later_values(turn, here), reverse=True):
        size = turn.stock.content.get(loc, 0)
        stays = loc in used or loc in turn.stock.pinned or loc in turn.facts.kept
        if size and not stays and (tight is not None or more.get(loc.place, 0) > 0):
            free(turn, loc)
            more[loc.place] = more.get(loc.place, 0) - size
            gone.add(loc)
    rooms = turn.work.rooms + bool(gone)
    turn.work = replace(turn.work, tight=here if tight is None else max(tight, here), rooms=rooms)
    for other, job in turn.work.jobs.items():
        if job.stage in ("waiting", "queued") and not gone.isdisjoint(job.holds):
            look_again(turn, other)
    return bool(gone)


def for_ever(turn: Turn) -> bool:
    """Whether room was made so often, without anything new being done, that it may be so for ever."""
    return turn.work.rooms > AGAIN * (len(turn.flow.published) + len(turn.work.jobs) + 1)


def no_end(instance: Instance) -> Failure:
    """What is said then. A work folder of its own has nothing that could be in the way."""
    return Failure(
        "data",
        "what is left of earlier runs and what has to be made again do not fit together, whichever goes first: "
        "begin anew with another --work folder",
        instance=instance,
    )


def _later_values(turn: Turn, than: Rank) -> list[tuple[Rank, Loc]]:
    """The objects of values that steps after `than` wrote, and of no earlier one: those that live, and those
    that were made once more and wait for their reader. What only stays in the stead of such a value, should that
    have to be made again, comes after all of them: a run from the start would not have it any more."""
    firsts: dict[Loc, Rank] = {}
    last = (len(turn.program.steps) + 1,)
    for port, claims in turn.claims.items():
        for path, entry in claims.items():
            its = _port_rank(turn, port, path)
            for loc in entry.locs:
                firsts[loc] = min(its, firsts.get(loc, its))
            for loc in entry.others:
                firsts.setdefault(loc, last)
    for data in _awaited(turn):
        its = rank(turn, data.origin)
        for loc in (data.loc, Loc(data.place, data.hash)):
            firsts[loc] = min(its, firsts.get(loc, its))
    return [(its, loc) for loc, its in firsts.items() if its > than]


def _awaited(turn: Turn) -> Iterator[Data]:
    """What is read by the jobs that wait, and by the steps that will be jobs as soon as their element goes on."""
    for instance, job in turn.work.jobs.items():
        if job.stage in ("waiting", "queued") and instance.step != INPUT:
            yield from needs(turn, instance)
    for entries in turn.flow.parked.values():
        for instance, _, _ in entries:
            if instance.step != INPUT:
                yield from reads(turn, instance, turn.flow.by.get(instance, 0))


def _port_rank(turn: Turn, port: Port, path: tuple[int, ...]) -> Rank:
    """The rank of what wrote a value; of the first, where it is what a loop came to or handed on. A kept copy counts
    as there before all else, for it is there for what comes after a fault."""
    if port.step == INPUT:
        return (-1,)
    match turn.program.steps[port.step].step:
        case Keep():
            return (-1,)
        case Fold() | Cycle():
            value = resolve(turn, *source(port, path))
            return min((rank(turn, data.origin) for data in leaves(value)), default=(-1,))
        case _:
            return rank(turn, Instance(port.step, path))
