"""The compiler's word on a program against the oracle's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from podpipec.compiler import Compiled
from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from tests.oracle import meaning, planned
from tests.oracle.faults import FAULTS, unrecoverable
from tests.oracle.model import Run
from tests.oracle.releasing import too_early
from tests.oracle.schedules import Slots, TooManyError, explore, explore_slots, finished_sets, on_places
from tests.oracle.worlds import CHOICES, WORLDS, World
from tests.types.programs import compiled

#: The rules that the oracle has a word on.
JUDGED = ("R1", "R2", "R3", "R4", "S1", "S2", "S3", "S4", "S5", "L1", "L4", "L6", "F1", "F2", "F3")
MOST = 3_000


class Verdict(NamedTuple):
    """What was found: the compiler's codes, where the two differ, and how tight the peaks are."""

    codes: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()  # refused, not broken by the oracle, and the refusal says what it could not know
    skipped: bool = False
    tight: bool = True


def judge(text: str) -> Verdict:
    """Compare the two on one program."""
    done = compiled(text)
    codes = tuple(dict.fromkeys(diagnostic.code for diagnostic in done.diagnostics))
    if set(codes) - {*JUDGED}:
        return Verdict(codes, skipped=True)
    try:
        return _accepted(text, done) if done.ok else _refused(text, done, codes)
    except TooManyError:
        return Verdict(codes, skipped=True)


# --- accepted ---


def _accepted(text: str, done: Compiled) -> Verdict:
    (graph,) = (graph for graph in done.checked.graphs if graph.flow.declared.name.text == "main")
    whole = lower(graph)
    said = planned.peaks_of(whole)
    sizes: dict[str, int] = {place.name: place.bytes for place in whole.pod.places}
    wrong = [f"the plan's peak of {place} is over its size" for place in said if said[place] > sizes[place]]
    worst: dict[str, int] = {}
    rough = False
    for world in worlds(text):
        reading = meaning.read(text, world)
        lost = _faults(reading)
        wrong += [f"accepted, and breaks {code}: {why}" for code, why in reading.broken.items()]
        if not reading.bounded:
            wrong.append("accepted, and something has no bound")
        wrong += _compare("the program", reading.run, said, worst)
        wrong += lost
        wrong += _plan(whole, world, said)
        rough = rough or reading.rough
    tight = rough or all(worst.get(place, 0) == peak for place, peak in said.items())
    return Verdict((), tuple(dict.fromkeys(wrong)), tight=tight)


def worlds(text: str) -> tuple[World, ...]:
    """The worlds that a program can tell apart: one, if all lengths are known."""
    body = text[text.index("flow main(") :]
    found = WORLDS if "split(" in body else WORLDS[:1]
    choices = CHOICES if " if " in body else CHOICES[:1]
    return tuple(world._replace(choices=way) for world in found for way in choices)


def _compare(what: str, run: Run, said: Mapping[str, int], worst: dict[str, int]) -> list[str]:
    found = explore(run, MOST)
    wrong = [f"{what}: {one}" for one in found.wrong]
    for place, size in found.peaks.items():
        worst[place] = max(size, worst.get(place, 0))
        if size > said.get(place, 0) and place != "remote":
            wrong.append(f"{what}: {size >> 10}KiB on {place} at once, the plan says {said.get(place, 0) >> 10}KiB")
    return wrong


def _plan(whole: plan.Plan, world: World, said: Mapping[str, int]) -> list[str]:
    try:
        run = planned.run_of(whole, world)
    except planned.Missing as missing:
        return [f"the plan: {missing}"]
    wrong = _compare("the plan", run, said, {})
    pod = Slots(whole.pod.cpu, whole.pod.memory, len(whole.pod.slots))
    try:
        found = explore_slots(run, pod, MOST // 3)
    except TooManyError:
        return wrong
    wrong += [f"the plan, in slots: {one}" for one in found.wrong]
    for place, size in found.peaks.items():
        if size > said.get(place, 0) and place != "remote":
            wrong.append(f"the plan, in slots: {size} bytes on {place} at once, the plan says {said.get(place, 0)}")
    return wrong


def _faults(reading: meaning.Reading) -> list[str]:
    """What a fault that the flow claims to survive makes impossible, at any moment."""
    if reading.survives is None:
        return []
    faults = FAULTS[: FAULTS.index(reading.survives) + 1]
    early = too_early(reading.run, list(reading.going), faults, MOST)
    if early:
        reading.broken.setdefault("F3", early)
    for fault in FAULTS[: FAULTS.index(reading.survives) + 1]:
        for moment in finished_sets(reading.run, MOST):
            lost = unrecoverable(reading.run, moment, fault)
            if lost:
                return [f"accepted, and breaks F1: after a lost {fault} {lost}"]
    return []


# --- refused ---


def _refused(text: str, done: Compiled, codes: tuple[str, ...]) -> Verdict:
    readings = [meaning.read(text, world) for world in worlds(text)]
    lost = [bool(_faults(reading)) for reading in readings]
    broken = {code for reading in readings for code in reading.broken}
    notes = [line for one in done.diagnostics for line in (one.message, *one.notes) if one.code == "R2"]
    wrong, unsure = [], []
    if any(lost):
        broken.add("F1")
    if "R2" in codes and _is_broken(readings):
        broken.add("R2")
    if "L6" in codes:  # what is not there has no meaning: all else is judged without it
        return Verdict(codes, () if "L6" in broken else ("refused by L6, and nothing breaks it",))
    for code in codes:
        if code in broken:
            continue
        if code == "R4":
            unsure.append("R4: says what each slot of its own would need")
            continue
        if code == "R2" and any(re.search(r"^how (large|much)|can grow with every", line) for line in notes):
            if any(reading.bounded for reading in readings):
                unsure.append("R2: how large")
        elif code == "R2" and any("cannot be said" in line for line in notes):
            unsure.append("R2: not exact")
        elif code == "R2" and any(reading.rough for reading in readings):
            unsure.append("R2: one bound for all that is carried, or grouped")
        elif code in ("L1", "F1") and any(reading.cycled for reading in readings):
            unsure.append(f"{code}: a cycle over an empty list comes to what it begins with, which is not kept")
        else:
            wrong.append(f"refused by {code}, and nothing breaks it")
    if re.search(r" (if|else) ", text[text.index("flow main(") :]):
        return Verdict(codes)  # rules look at both branches, and at what comes of either
    if any(line.startswith("how much is alive") for line in notes) or "S3" in codes:
        return Verdict(codes, tuple(wrong), tuple(unsure))  # what is left out, or meant by one name, nobody knows
    missed = broken - set(codes) - {"R2"} - ({"F1"} if "L1" in codes else set())  # a result in `ram` is told once
    wrong += [f"breaks {code}, which is not told" for code in missed]
    return Verdict(codes, tuple(wrong), tuple(unsure))


def _is_broken(readings: list[meaning.Reading]) -> bool:
    """Whether a moment of some schedule overfills a place. Raises TooManyError if that is still open."""
    for reading in readings:
        capacity = reading.run.capacity
        for moment in finished_sets(reading.run, MOST):
            sizes = on_places(reading.run, moment)
            if any(size > capacity.get(place, size) for place, size in sizes.items()):
                return True
    return False
