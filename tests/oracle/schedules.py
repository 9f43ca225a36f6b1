"""All schedules of a run: what is alive on each place, and whether anything is read before or after it is there.

Without a limit on slots it is enough to look at every set of tasks that can have finished, with all others started
that can be: to start earlier frees nothing and lets nothing else begin. With slots, what runs where is part of a state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from tests.oracle.model import Run, bits


class TooManyError(Exception):
    """There are more states than the oracle is willing to look at."""


class Moment(NamedTuple):
    """A state of a run: what has finished and what is under way, as sets of tasks."""

    finished: int
    running: int


class Found(NamedTuple):
    """What the exploration came to: the peak of each place and the moment of it, faults in words, states seen."""

    peaks: Mapping[str, int]
    moments: Mapping[str, Moment]
    wrong: tuple[str, ...]
    states: int


def can_start(run: Run, finished: int) -> int:
    """The tasks that nothing but a slot can hold back."""
    let_in: dict[tuple[int, int], bool] = {}
    mask = 0
    for number, task in enumerate(run.tasks):
        if finished >> number & 1 or task.needs & ~finished:
            continue
        if task.gate is not None and not task.gate.lets(number, finished):
            continue
        if all(_let_in(run, fan, element, finished, let_in) for fan, element in task.gates):
            mask |= 1 << number
    return mask


def _let_in(run: Run, fan: int, element: int, finished: int, known: dict[tuple[int, int], bool]) -> bool:
    key = (fan, element)
    if key not in known:
        before = (mask for mask in run.fans[fan].elements[:element] if mask & ~finished)
        under_way = sum(not (run.fans[fan].waiting and _waits(run, mask, finished)) for mask in before)
        known[key] = under_way < run.fans[fan].width
    return known[key]


def _waits(run: Run, element: int, finished: int) -> bool:
    """Whether an element still needs something from outside of it."""
    return any(run.tasks[number].needs & ~element & ~finished for number in bits(element))


def alive(run: Run, moment: Moment) -> Iterator[int]:
    """The leaves that are there. Slices are there before anything begins, whoever may read them."""
    begun = moment.finished | moment.running
    for number, leaf in enumerate(run.leaves):
        born = leaf.writer < 0 or begun >> leaf.writer & 1
        there = leaf.forever or leaf.until & ~moment.finished or (leaf.writer < 0 and not moment.finished)
        if born and there:
            yield number


def on_places(run: Run, moment: Moment) -> dict[str, int]:
    """The bytes on each place."""
    sums: dict[str, int] = {}
    for number in alive(run, moment):
        leaf = run.leaves[number]
        sums[leaf.place] = sums.get(leaf.place, 0) + leaf.bytes
    return sums


def finished_sets(run: Run, most: int) -> Iterator[Moment]:
    """Every set of tasks that can have finished, with all others started that can be. Raises TooManyError."""
    seen = {0}
    waiting = [0]
    while waiting:
        finished = waiting.pop()
        running = can_start(run, finished)
        yield Moment(finished, running)
        if not running and finished != run.whole:
            raise AssertionError(f"stuck: {[run.tasks[number].name for number in bits(run.whole & ~finished)]}")
        for number in bits(running):
            after = finished | 1 << number
            if after not in seen:
                if len(seen) >= most:
                    raise TooManyError
                seen.add(after)
                waiting.append(after)


def explore(run: Run, most: int = 20_000) -> Found:
    """The peaks of all schedules, and every read of what is not there. Raises TooManyError."""
    peaks: dict[str, int] = {}
    moments: dict[str, Moment] = {}
    wrong: dict[str, None] = dict.fromkeys(run.wrong)
    states = 0
    for moment in finished_sets(run, most):
        states += 1
        for place, size in on_places(run, moment).items():
            if size > peaks.get(place, -1):
                peaks[place], moments[place] = size, moment
        _reads(run, moment, wrong)
        _helpers(run, moment, wrong)
    return Found(peaks, moments, tuple(wrong), states)


def _reads(run: Run, moment: Moment, wrong: dict[str, None]) -> None:
    there = frozenset(alive(run, moment))
    for number in bits(moment.running):
        task = run.tasks[number]
        for leaf in task.reads:
            writer = run.leaves[leaf].writer
            if writer >= 0 and not moment.finished >> writer & 1:
                wrong[f"`{task.name}` may read `{run.leaves[leaf].name}` before it is published"] = None
            elif leaf not in there:
                wrong[f"`{task.name}` may read `{run.leaves[leaf].name}` after it was freed"] = None
        for leaf in task.consumes:
            for other in bits(run.whole & ~moment.finished & ~(1 << number)):
                if leaf in run.tasks[other].reads:
                    name = run.leaves[leaf].name
                    wrong[f"`{run.tasks[other].name}` may read `{name}`, which `{task.name}` consumes"] = None
    if moment.finished == run.whole:
        left = there.union(*(run.leaves[number].of for number in there))
        for name, leaves in run.results.items():
            if not left.issuperset(leaves):
                wrong[f"the result `{name}` is freed"] = None


def _helpers(run: Run, moment: Moment, wrong: dict[str, None]) -> None:
    """Who speaks to a helper that is not there, and helpers that are where another one is."""
    begun = moment.finished | moment.running
    there = []
    for helper in run.helpers:
        answers = moment.finished >> helper.opens & 1 and not begun >> helper.closes & 1
        for number in () if answers else bits(helper.users & moment.running):
            wrong[f"`{run.tasks[number].name}` may speak to `{helper.name}` when it is not there"] = None
        if begun >> helper.opens & 1 and not moment.finished >> helper.closes & 1:
            there.append(helper)
    for index, one in enumerate(there):
        for other in there[:index]:
            if one.seat == other.seat:
                wrong[f"`{one.name}` and `{other.name}` may be in one container at once"] = None
            if one.port == other.port:
                wrong[f"`{one.name}` and `{other.name}` may listen at one port at once"] = None


class Slots(NamedTuple):
    """What a pod has for its tasks: thousandths of a core, bytes, and how many slots."""

    cpu: int
    memory: int
    number: int


#: The tasks under way, each with the slot of each of its stages.
_Busy = tuple[tuple[int, tuple[int, ...]], ...]


def explore_slots(run: Run, pod: Slots, most: int = 20_000) -> Found:
    """As `explore`, where stages take turns in slots: whether all ends, and whether cores and memory suffice."""
    start: tuple[int, _Busy] = (0, ())
    seen = {start}
    waiting = [start]
    peaks: dict[str, int] = {}
    moments: dict[str, Moment] = {}
    wrong: dict[str, None] = {}
    while waiting:
        finished, busy = waiting.pop()
        running = sum(1 << number for number, _ in busy)
        moment = Moment(finished, running)
        sizes = on_places(run, moment)
        for place, size in sizes.items():
            if size > peaks.get(place, -1):
                peaks[place], moments[place] = size, moment
        _resources(run, pod, busy, sizes.get("ram", 0), wrong)
        following = list(_following(run, finished, busy))
        if not following and finished != run.whole:
            wrong["it comes to a stop before its end"] = None
        for state in following:
            if state not in seen:
                if len(seen) >= most:
                    raise TooManyError
                seen.add(state)
                waiting.append(state)
    return Found(peaks, moments, tuple(wrong), len(seen))


def _following(run: Run, finished: int, busy: _Busy) -> Iterator[tuple[int, _Busy]]:
    for pair in busy:
        gate = run.tasks[pair[0]].gate
        if gate is None or gate.lets(pair[0], finished):  # others may have passed meanwhile
            yield finished | 1 << pair[0], tuple(one for one in busy if one != pair)
    under_way = {number for number, _ in busy}
    taken = {slot for _, slots in busy for slot in slots}
    for number in bits(can_start(run, finished)):
        if number not in under_way:
            for slots in product(*(stage.slots for stage in run.tasks[number].stages)):
                if len({*slots}) == len(slots) and taken.isdisjoint(slots):
                    yield finished, tuple(sorted((*busy, (number, slots))))


def _resources(run: Run, pod: Slots, busy: _Busy, ram: int, wrong: dict[str, None]) -> None:
    stages = [stage for number, _ in busy for stage in run.tasks[number].stages]
    if len(stages) > pod.number:
        wrong[f"{len(stages)} stages are active in {pod.number} slots"] = None
    if sum(stage.cpu for stage in stages) > pod.cpu:
        wrong["the stages that are active ask for more cores than the pod has"] = None
    if sum(stage.memory for stage in stages) + ram > pod.memory:
        wrong["the stages that are active, and the scratch, ask for more memory than the pod has"] = None
