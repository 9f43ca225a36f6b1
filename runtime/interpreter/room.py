"""Room on the places for what starts next, after a resume.

A run from the start always fits, for the plan was proven to. After a resume, values from late in the plan can lie
where early ones have to be made again; both together would not fit. So what comes later goes for what comes first,
and is made again when its turn comes. What an earlier run left and nobody has come to need yet goes before that
(`clear`); it is less each time.

That comes to an end, in the plan's order. From when room was made for a job until that job has started, nothing
starts but the first in that order, alone (`Work.tight`), and only when nobody has anything left to ask for. Nobody
waits at the gate of a loop meanwhile: all elements that have to be visited again are let in, for one at a time takes
no more room however many are under way. So whoever is first then is before everybody who waits for anything, and as
the order has what makes a value before what reads it, all that is there for those who wait was made before the first,
or later than it and may go. Without the latter no more is there than in a run from the start, and the first fits.

A return needs a loss: whoever loses a value asks for it at once, and what that is made of may lie still earlier. The
first loss takes as much as is needed; those before the job has started take all that is later than the job that they
are for. What is later than that is made only behind it, so in one such series each loss is for an earlier job than
the one before, and the next series begins for a later job than this one did, for all up to there is done. Both are
bounded by the steps that there are; only what is done for the first time begins it anew.

The order is only as good as the plan: two steps that are the same call are made by one of them for both, be it the
later one. So there is a bound all the same (`for_ever`): a run that has made room `AGAIN` times for each step there
is, and did nothing new in all that time, stops and says so. Every resume ends, then, in one way or the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.fit import excess
from podpipec_runtime.interpreter.jobs import look_again
from podpipec_runtime.interpreter.lifetimes import free
from podpipec_runtime.interpreter.program import INPUT, Port, source
from podpipec_runtime.interpreter.reading import due, needs, reads
from podpipec_runtime.interpreter.resolve import resolve
from podpipec_runtime.interpreter.state import Rank
from podpipec_runtime.interpreter.tasks import Gate
from podpipec_runtime.interpreter.turn import Turn, rank
from podpipec_runtime.interpreter.values import Data, Instance, Loc, leaves
from podpipec_runtime.plan.types import Cycle, Fold, Keep, Move, Pin

#: How often room may be made, for each step that is known, until something is done for the first time. Mostly it is
#: once for some of them.
AGAIN = 10


def clear(turn: Turn, more: dict[str, int]) -> bool:
    """Drops what nobody needs yet, as much as there is `more` on a place than fits; whether there was such."""
    if not any(turn.stock.strays.get(place, 0) for place in more):
        return False
    gone = False
    for loc, size in sorted(turn.stock.content.items()):
        if more.get(loc.place, 0) > 0 and turn.stock.idle(loc) and loc not in turn.facts.kept:
            free(turn, loc)
            more[loc.place] -= size
            gone = True
    return gone


def make_room(turn: Turn, instance: Instance) -> bool:
    """Drops data that comes later in the plan, and that is made again when it is needed; whether there was such. That
    is also what the job made before and makes once more.

    Whoever waits with it asks for it again at once: so what that is made of stays when it has been made. If that
    led to a job for which there is no room either, all that comes later goes.
    """
    here, tight = due(turn, instance), turn.work.tight
    more = excess(turn, instance)
    gone: set[Loc] = set()
    used = _own(turn, instance)
    for _, loc in sorted(_later_values(turn, here), reverse=True):
        size = turn.stock.content.get(loc, 0)
        stays = loc in used or loc in turn.stock.pinned or loc in turn.facts.kept
        if size and not stays and (tight is not None or more.get(loc.place, 0) > 0):
            free(turn, loc)
            more[loc.place] = more.get(loc.place, 0) - size
            gone.add(loc)
    rooms = turn.work.rooms + bool(gone)
    turn.work = replace(turn.work, tight=here if tight is None else max(tight, here), rooms=rooms)
    for loop in {Instance(scope.step, scope.path[:-1]): None for scope in turn.flow.parked}:
        turn.later(Gate(loop))
    for other, job in turn.work.jobs.items():
        if job.stage in ("waiting", "queued") and not gone.isdisjoint(job.holds):
            look_again(turn, other)
    return bool(gone)


def _own(turn: Turn, instance: Instance) -> set[Loc]:
    """What a job reads, and what it has copied already."""
    wanted = needs(turn, instance)
    found = {there[0] for data in wanted if (there := turn.stock.anywhere(data)) is not None}
    step = None if instance.step == INPUT else turn.program.steps[instance.step].step
    if isinstance(step, Keep | Move | Pin):
        found.update(Loc(step.place, data.hash) for data in wanted)
    return found


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
    """The objects of values that the step at `than` or later ones wrote, and no earlier one: those that live, and those
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
    return [(its, loc) for loc, its in firsts.items() if its >= than]


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
