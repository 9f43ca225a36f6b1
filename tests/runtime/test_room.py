# ruff: noqa: S311 - seeded randomness is what these tests are made of
"""Room on full places after a loss: what waits for it, what goes for it, and in which order it is freed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rpds import HashTrieMap

from podpipec_runtime.interpreter.commands import Command, Copy, Free, Start
from podpipec_runtime.interpreter.events import Arrived, Event, Published
from podpipec_runtime.interpreter.program import program
from podpipec_runtime.interpreter.state import Facts, State
from podpipec_runtime.interpreter.step import begin, step
from podpipec_runtime.interpreter.values import Instance, Loc, Record, Stored
from podpipec_runtime.plan.types import (
    Branch,
    ConstantRef,
    Cycle,
    Each,
    Fold,
    If,
    ItemPart,
    ItemRef,
    Keep,
    Lifetime,
    Plan,
    Stage,
    Step,
    TextRef,
)
from tests.runtime.plans import call, collected, each, lifetime, move, plan, shell
from tests.runtime.random_plans import Maker
from tests.runtime.simulator import World

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PLENTY = 1 << 40


class Life:
    """One pass over a plan of calls that each write files of `sizes` bytes, the first first. Never is there more on a
    place, or under way to it, than there is room for."""

    def __init__(self, made: Plan, sizes: Mapping[str, int], facts: Facts | None = None) -> None:
        self.sizes = sizes
        self.room = {place.name: place.bytes for place in made.pod.places}
        self.content = {} if facts is None else dict(facts.content)
        self.pending: list[Start | Copy] = []
        self.starts: list[str] = []
        self.told: list[Command] = []
        self.state, commands = begin(program(made), facts or Facts(inputs={}))
        self._do(commands)

    def end(self) -> State:
        while self.state.phase == "running":
            assert len(self.starts) < 100, self.starts
            self.answer()
        assert self.state.failure is None
        return self.state

    def answer(self) -> None:
        """Answers what was asked for first."""
        command = self.pending.pop(0)
        if isinstance(command, Start):
            stored = self._stored(command)
            for output, one in zip(command.call.outputs, stored, strict=True):
                self.content[Loc(output.place, one.hash)] = one.bytes
            self.state, commands = step(self.state, Published(command.instance, Record(stored)))
        else:
            loc = Loc(command.place, command.source.hash)
            self.content[loc] = command.source.bytes
            self.state, commands = step(self.state, Arrived(loc, command.source.bytes))
        self._do(commands)

    def _stored(self, start: Start) -> tuple[Stored, ...]:
        name = name_of(start.instance)
        return tuple(Stored(each.name, f"{name}.{each.name}", self.sizes[name[0]]) for each in start.call.outputs)

    def _do(self, commands: Iterable[Command]) -> None:
        self.told = [command for command in commands if isinstance(command, Start | Copy | Free)]
        for command in self.told:
            if isinstance(command, Free):
                del self.content[command.loc]
                continue
            self.pending.append(command)
            if isinstance(command, Start):
                self.starts.append(name_of(command.instance))
            self._check()
        assert self.state.work.tight is None or not self.state.flow.parked

    def _check(self) -> None:
        for place, room in self.room.items():
            there = sum(size for loc, size in self.content.items() if loc.place == place)
            for command in self.pending:
                if isinstance(command, Start):
                    there += sum(each.bytes for each in command.call.outputs if each.place == place)
                elif command.place == place:
                    there += command.source.bytes
            assert there <= room, f"{place} is overfull: {self.starts}"


def name_of(instance: Instance) -> str:
    return "".join((instance.step, *map(str, instance.path)))


def kinds(commands: Iterable[Command]) -> list[str]:
    return [type(command).__name__ for command in commands]


def again(made: Plan, sizes: Mapping[str, int], keep: Iterable[Loc], unknown: str = "") -> Life:
    """A second life, in which only `keep` lies there, and `unknown` was never published."""
    first = Life(made, sizes).end()
    records = first.records
    for key, record in records.items():
        if record.outputs and record.outputs[0].hash.startswith(f"{unknown}."):
            records = records.remove(key)
    content = HashTrieMap({loc: sizes[loc.object[0]] for loc in keep})
    return Life(made, sizes, Facts(inputs={}, records=records, content=content))


# --- what waits for room, and what goes for it ---


def test_a_move_waits_for_room_as_a_call_does() -> None:
    """`w` lies there already when `x` has to be moved there again for `u`: it goes, and is made again."""
    stages = [shell("x", "x"), shell("u", "u", ["i"]), shell("w", "w"), shell("e", "e", ["i", "j"])]
    steps = [
        call("x", stages[0], size=100),
        move("m", "x", "node"),
        call("u", stages[1], {"i": collected("m")}, size=100),
        call("w", stages[2], {}, "node", 150, after=("u",)),
        call("e", stages[3], {"i": "u", "j": "w"}, "volume", 100),
    ]
    ends = [lifetime("x", ["m"]), lifetime(collected("m"), ["u"], place="node"), lifetime("u", ["e"])]
    ends.append(lifetime("w", ["e"], place="node"))
    made = plan(stages, steps, {"r": "e"}, lifetimes=ends, sizes={"node": 200})
    sizes = {"x": 100, "u": 100, "w": 150, "e": 100}
    life = again(made, sizes, [Loc("node", "w.out")], unknown="e")
    life.end()
    assert life.starts == ["x", "u", "w", "e"]


def test_what_a_call_wrote_before_goes_when_it_has_to_write_it_again() -> None:
    """Of two files one is lost: what is left of both is in the way of both."""
    stages = [shell("k", "k"), shell("t", "t", [], ["a", "b"]), shell("e", "e", ["i", "j", "k"])]
    steps = [
        call("k", stages[0], size=50),
        call("t", stages[1], size=100, after=("k",)),
        call("e", stages[2], {"i": "t.a", "j": "t.b", "k": "k"}, "node", 10),
    ]
    ends = [lifetime(name, ["e"]) for name in ("k", "t.a", "t.b")]
    made = plan(stages, steps, {"r": "e"}, lifetimes=ends, sizes={"ram": 250})
    sizes = {"k": 50, "t": 100, "e": 10}
    life = again(made, sizes, [Loc("ram", "k.out"), Loc("ram", "t.b")], unknown="e")
    assert [command.loc.object for command in life.told if isinstance(command, Free)] == ["t.b"]
    life.end()
    assert life.starts == ["t", "e"]


def test_what_nobody_has_come_to_yet_takes_room_too() -> None:
    """`b` is done and lies there, but is not reached before `a`, which is not done. `b` goes for it."""
    stages = [shell("a", "a"), shell("b", "b"), shell("e", "e", ["i"])]
    steps = [
        call("a", stages[0], size=100),
        call("b", stages[1], size=150, after=("a",)),
        call("e", stages[2], {"i": "b"}, "node", 10),
    ]
    ends = [lifetime("a", ["a"]), lifetime("b", [])]
    sizes = {"a": 100, "b": 150, "e": 10}
    for room, starts in ((200, ["a", "b"]), (250, ["a"])):
        made = plan(stages, steps, {"r": "e", "s": "b"}, lifetimes=ends, sizes={"ram": room})
        life = again(made, sizes, [Loc("ram", "b.out"), Loc("node", "e.out")], unknown="a")
        life.end()
        assert life.starts == starts


def test_what_is_under_way_takes_room_already() -> None:
    """A copy that was asked for and is not there: `c` waits for it where both do not fit."""
    stages = [shell("x", "x"), shell("c", "c"), shell("e", "e", ["i", "j"])]
    steps = [
        call("x", stages[0], {}, "node", 100),
        move("m", "x", "ram"),
        call("c", stages[1], size=60, after=("x",)),
        call("e", stages[2], {"i": collected("m"), "j": "c"}, "node", 10),
    ]
    for room, told in ((150, ["Copy"]), (160, ["Copy", "Start"])):
        life = Life(plan(stages, steps, {"r": "e"}, sizes={"ram": room}), {"x": 100, "c": 60, "e": 10})
        life.answer()
        assert kinds(life.told) == told and life.state.work.reserved["ram"] >= 100


def looped() -> Plan:
    """Two loops, one element at a time, of two calls each; what both come to is read in the end."""
    stages: list[Stage] = []
    steps: list[Step] = []
    ends: list[Lifetime] = []
    for loop, one, two in (("p", "a", "b"), ("q", "c", "d")):
        stages += [shell(one, one, {"t": "String"}), shell(two, two, ["i"])]
        body = [
            call(one, stages[-2], {"t": TextRef(parts=(ItemPart(each=loop),))}, size=100, slots=(0,)),
            call(two, stages[-1], {"i": one}, size=100, slots=(0,)),
        ]
        steps.append(each(loop, ConstantRef(value=("x", "y", "z")), body, two, 1))
        ends += [lifetime(one, [two]), lifetime(two, ["e"])]
    stages.append(shell("e", "e", {"i": "File[]", "j": "File[]"}))
    steps.append(call("e", stages[-1], {"i": collected("p"), "j": collected("q")}, "node", 10, slots=(0,)))
    return plan(stages, steps, {"r": "e"}, lifetimes=ends, sizes={"ram": 700}, slots=1)


def test_whatever_loops_have_lost_they_make_again_in_the_same_room() -> None:
    made = looped()
    sizes = dict.fromkeys("abcd", 100) | {"e": 10}
    values = [f"{name}{at}.out" for name in "bd" for at in range(3)]
    for lost in range(1 << len(values)):
        left = [Loc("ram", name) for at, name in enumerate(values) if not lost >> at & 1]
        life = again(made, sizes, left, unknown="e")
        life.end()
        assert len(life.starts) <= 24


@pytest.mark.parametrize(("count", "a", "left"), [(3, 450, ("d0", "d1")), (4, 600, ("d0", "d1", "v"))])
def test_elements_that_come_back_are_let_in_at_once_while_there_is_little_room(
    count: int, a: int, left: tuple[str, ...]
) -> None:
    """`d` of the last elements is lost. To make `b` for the third others go, and their elements, which are before it
    in order, do not wait behind it at the gate of a loop that takes one at a time; nor does the fourth, which waited
    there before."""
    stages = [shell("a", "a", {"t": "String"}), shell("b", "b", ["i"]), shell("d", "d", ["i"]), shell("v", "v")]
    stages.append(shell("e", "e", {"i": "File[]", "j": "File"}))
    body = [
        call("a", stages[0], {"t": TextRef(parts=(ItemPart(each="p"),))}, size=a, slots=(0,)),
        call("b", stages[1], {"i": "a"}, size=100, slots=(0,)),
    ]
    steps = [
        each("p", ConstantRef(value=tuple("wxyz"[:count])), body, "b", 1),
        each("q", collected("p"), [call("d", stages[2], {"i": ItemRef(each="q")}, size=150, slots=(0,))], "d", 1),
        call("v", stages[3], {}, size=100, slots=(0,), after=("q",)),
        call("e", stages[4], {"i": collected("q"), "j": "v"}, "node", 10, slots=(0,)),
    ]
    ends = [lifetime("a", ["b"]), lifetime("b", ["d"]), lifetime("d", ["e"]), lifetime("v", ["e"])]
    made = plan(stages, steps, {"r": "e"}, lifetimes=ends, sizes={"ram": 250 * count}, slots=1)
    sizes = {"a": a, "b": 100, "d": 150, "v": 100, "e": 10}
    life = again(made, sizes, [Loc("ram", f"{name}.out") for name in left], unknown="e")
    life.end()
    assert life.starts[0] == "a2" and life.starts.count("a0") == 1 and len(life.starts) < 5 * count


# --- the order of deletions and starts ---


def chained(ram: int, *more: Step, slots: int = 2) -> Plan:
    """`y` reads `x`, and `z` reads `y`; nobody needs `x` any more when `z` starts."""
    stages = [shell("x", "x"), shell("y", "y", ["i"]), shell("z", "z", ["i"])]
    steps = [call("x", stages[0], size=100), *more]
    steps += [call("y", stages[1], {"i": "x"}, size=100), call("z", stages[2], {"i": "y"}, size=100)]
    ends = [lifetime("x", ["y"]), lifetime("y", ["z"]), lifetime("z", [])]
    return plan(stages, steps, {"r": "z"}, lifetimes=ends, sizes={"ram": ram}, slots=slots)


CHAIN = {"x": 100, "y": 100, "z": 100}


def test_what_goes_is_deleted_behind_what_starts_if_both_fit() -> None:
    life = Life(chained(300), CHAIN)
    life.answer()
    life.answer()
    assert kinds(life.told) == ["Start", "Free"]
    life.end()


def test_what_goes_is_deleted_first_if_its_room_is_needed() -> None:
    life = Life(chained(299), CHAIN)
    life.answer()
    life.answer()
    assert kinds(life.told) == ["Free", "Start"]
    life.end()


def test_room_that_nothing_which_starts_has_use_for_is_no_reason_to_wait() -> None:
    """`x` lies on `node`, which is full; what starts writes to `ram`."""
    made = chained(200)
    steps = [call("x", made.stages[0], {}, "node", 100), *made.steps[1:]]
    ends = [lifetime("x", ["y"], place="node"), *made.lifetimes[1:]]
    life = Life(plan(made.stages, steps, {"r": "z"}, lifetimes=ends, sizes={"ram": 200, "node": 100}), CHAIN)
    life.answer()
    life.answer()
    assert kinds(life.told) == ["Start", "Free"]


def test_what_is_made_again_is_deleted_before_it_is_made() -> None:
    """Where a call is known, what it makes once more may be what just went, so nothing changes places."""
    made = chained(1000)
    life = again(made, CHAIN, [])
    life.answer()
    life.answer()
    assert kinds(life.told) == ["Free", "Start"]
    life.end()
    assert life.starts == ["x", "y", "z"]


def test_what_stands_by_counts_when_it_is_asked_whether_both_fit() -> None:
    """`o` lies there, and its turn has not come."""
    one = shell("o", "o")
    for ram, told in ((350, ["Start", "Free"]), (349, ["Free", "Start"])):
        made = chained(ram)
        late = call("o", one, size=50, after=("z",))
        ends = [*made.lifetimes, lifetime("o", [])]
        more = plan([*made.stages, one], [*made.steps, late], {"r": "z", "s": "o"}, lifetimes=ends, sizes={"ram": ram})
        sizes = {**CHAIN, "o": 50}
        known = Life(replace_room(more, PLENTY), sizes).end().records
        for key, record in known.items():
            if record.outputs[0].hash[0] in "yz":
                known = known.remove(key)
        there = HashTrieMap({Loc("ram", "x.out"): 100, Loc("ram", "o.out"): 50})
        life = Life(more, sizes, Facts(inputs={}, records=known, content=there))
        life.answer()
        assert kinds(life.told) == told
        life.end()
        assert life.starts == ["y", "z"]


def replace_room(made: Plan, size: int) -> Plan:
    return with_sizes(made, dict.fromkeys(("ram", "node", "volume"), size))


# --- random plans ---


def with_sizes(made: Plan, sizes: Mapping[str, int]) -> Plan:
    places = tuple(replace(place, bytes=sizes[place.name]) for place in made.pod.places)
    return replace(made, pod=replace(made.pod, places=places))


def kept_elsewhere(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """What is kept on `node` may lie there earlier than the plan had it, and stays; so it is kept on `volume`."""
    found: list[Step] = []
    for one in steps:
        match one:
            case Keep(place="node"):
                found.append(replace(one, place="volume"))
            case If():
                found.append(replace(one, then=_branch(one.then), otherwise=_branch(one.otherwise)))
            case Each() | Fold() | Cycle():
                found.append(replace(one, body=kept_elsewhere(one.body)))
            case _:
                found.append(one)
    return tuple(found)


def _branch(branch: Branch) -> Branch:
    return replace(branch, steps=kept_elsewhere(branch.steps))


class Prompt(World):
    """Copies are there at once: so everything is done in the plan's order."""

    def _next(self) -> Event:
        copies = [at for at, command in enumerate(self.pending) if not isinstance(command, Start)]
        return self._answer(self.pending.pop(copies[0])) if copies else super()._next()


@given(SEEDS)
@example(1092)
@example(2499)
@example(10345)
@example(10514)
@QUICK
def test_no_place_is_ever_overfull_whatever_is_lost(seed: int) -> None:
    """With places as large as runs without crashes need, with all that is under way and not yet deleted. Two steps
    that are the same call may need more, for one of them makes it for both."""
    random = Random(seed)
    made = Maker(random, one_at_a_time=True).make()
    made = replace(made, steps=kept_elsewhere(made.steps))
    firsts = [kind(made, Random(random.random())) for kind in (Prompt, World, World)]
    for first in firsts:
        first.check_end(first.run())
    assume(not any(firsts[0].has_twin(one) for one in firsts[0].oracle.calls))
    sizes = {place: max(first.most.get(place, 0) for first in firsts) for place in ("ram", "node", "volume")}
    lose = tuple(place for place in sizes if random.random() < 0.6) or ("node",)
    world = World(
        with_sizes(made, sizes | {"volume": PLENTY}),
        random,
        crash=random.choice((0.03, 0.1, 0.2)),
        lose=lose,
        capacity={place: sizes[place] for place in ("ram", "node")},
        scatter=random.random() < 0.6,
    )
    world.check_end(world.run(lives=60))
