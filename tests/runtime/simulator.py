"""A seeded world for the interpreter: places, slots, crashes and loss, with every promise checked on the way.

The interpreter never sees anything but events; the world never looks into its state except to compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from rpds import HashTrieMap

from podpipec_runtime.interpreter.commands import (
    Argument,
    Choose,
    Command,
    Copy,
    Done,
    FallBack,
    Finish,
    Forget,
    Free,
    Note,
    Pull,
    Retain,
    Reuse,
    Send,
    Source,
    Start,
    Stop,
    Text,
)
from podpipec_runtime.interpreter.events import (
    Arrived,
    Event,
    Failed,
    Failure,
    Interrupted,
    Published,
    Sent,
    Vanished,
)
from podpipec_runtime.interpreter.program import program
from podpipec_runtime.interpreter.resolve import arguments, resolve
from podpipec_runtime.interpreter.state import Facts, State
from podpipec_runtime.interpreter.step import begin, step
from podpipec_runtime.interpreter.values import Loc, Record, Stored
from podpipec_runtime.plan.scalars import NAMES
from podpipec_runtime.plan.types import Call, Cycle, Loop, Plan
from tests.runtime.contents import content, holds, inside, sources
from tests.runtime.oracle import BAD, Content, Oracle, hour, text_of, write, written

Answerable = Start | Copy | Send | Pull


class Crash(Exception):  # noqa: N818 - nothing is wrong: the machine goes down
    """The machine went down."""


class World:
    """What outlives crashes (`content`, `records`, `sent`), and the checks.

    `lose`: places that may lose everything in a crash; with `scatter` each value for itself.
    `capacity` is checked, if given, for every command that makes a place fuller: with all that lies there, needed or
    not, with what calls were handed, and with what calls and copies under way may bring.
    """

    def __init__(
        self,
        plan: Plan,
        random: Random,
        crash: float = 0.0,
        lose: tuple[str, ...] = (),
        capacity: Mapping[str, int] | None = None,
        fail: float = 0.0,
        scatter: bool = False,
    ) -> None:
        self.plan = plan
        self.random = random
        self.crash = crash
        self.lose = lose
        self.capacity = capacity or {}
        self.fail = fail
        self.scatter = scatter
        self.stages = {stage.name: stage for stage in plan.stages}
        self.program = program(plan)
        self.inputs = {
            given.name: tuple(Stored("", (f"{at}" if given.most > 1 else "f") * 64, 40) for at in range(given.most))
            for given in plan.inputs
        }
        self.turns: dict[str, int] = {}
        self.oracle = Oracle(plan, self.inputs)
        self.content: dict[Loc, int] = {
            Loc(given.place, stored.hash): stored.bytes for given in plan.inputs for stored in self.inputs[given.name]
        }
        self.elements: dict[str, Stored] = {}
        self.records: dict[str, Record] = {}
        self.sent: dict[str, str] = {}
        self.kept: set[Loc] = set()
        self.starts: list[tuple[str, tuple[int, ...]]] = []
        self.most: dict[str, int] = {}
        self.owned: dict[tuple[str, tuple[int, ...]], dict[str, Content]] = {}
        self.sizes: dict[tuple[str, tuple[int, ...]], list[tuple[Loc, int]]] = {}
        self.private: dict[tuple[str, tuple[int, ...]], list[tuple[str, int]]] = {}
        self.coming: dict[Loc, int] = {}
        self.interrupt = -1
        self.falls_back = any(len(calls) > 1 for calls in self.program.calls.values())
        self.failed: set[tuple[str, tuple[tuple[str, Content], ...]]] = set()
        self.taken: dict[tuple[str, tuple[int, ...]], int] = {}
        self.published: list[tuple[str, tuple[int, ...]]] = []
        self.end = ""

    def run(self, lives: int = 200) -> State:
        """Runs to the end, however often the machine goes down on the way (after `lives` it stays up)."""
        for life in range(lives + 1):
            self.up = life == lives
            try:
                return self._live()
            except Crash:
                for place in self.lose:
                    self._lose(place)
        raise AssertionError("unreachable")

    def _lose(self, place: str) -> None:
        chance = self.random.choice((0, 0.2, 0.5, 0.8, 1)) if self.scatter else float(self.random.random() < 0.5)
        self.content = {
            loc: size
            for loc, size in self.content.items()
            if loc.place != place or chance == 0 or self.random.random() >= chance
        }

    def facts(self) -> Facts:
        return Facts(
            inputs=self.inputs,
            windows={name: tuple(map(hour, range(len(found)))) for name, found in self.inputs.items()},
            records=HashTrieMap(self.records),
            content=HashTrieMap(self.content),
            kept=frozenset(self.kept),
            sent=HashTrieMap(self.sent),
        )

    def _live(self) -> State:
        self.pending: list[Answerable] = []
        self.running: dict[tuple[str, tuple[int, ...]], Start] = {}
        self.coming = {}
        self.end = ""
        state, commands = begin(self.program, self.facts())
        for _ in range(10_000):
            self._do(commands)
            self._check(state)
            if self.end:
                return state
            assert self.pending, "nothing is under way and the run is not over"
            if not self.up and self.random.random() < self.crash:
                raise Crash
            event = self._next()
            if not self.up and self.random.random() < self.crash:
                raise Crash
            state, commands = step(state, event)
        raise AssertionError("it does not come to an end")

    def _next(self) -> Event:
        if self.interrupt == 0:
            self.interrupt = -1
            return Interrupted("SIGINT")
        self.interrupt -= 1
        return self._answer(self.pending.pop(self.random.randrange(len(self.pending))))

    def has_twin(self, instance: tuple[str, tuple[int, ...]]) -> bool:
        """Whether another step is the same call with the same arguments."""
        mine = set(self.oracle.calls[instance])
        return sum(1 for calls in self.oracle.calls.values() if mine & set(calls)) > 1

    def forget(self, random: Random) -> None:
        """Some records are gone, as if their steps had never run."""
        self.records = {key: record for key, record in self.records.items() if random.random() < 0.8}
        self.taken.clear()

    # --- commands -------------------------------------------------------------------------------------

    def _do(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            before = self._full()
            self._do_one(command)
            for place, size in self._full().items():
                assert size <= max(self.capacity[place], before[place]), f"{place} is over its peak"

    def _do_one(self, command: Command) -> None:
        assert not self.end, "asked for something after the end"
        match command:
            case Start():
                self._check_start(command)
                self.pending.append(command)
            case Copy(source, place):
                self.coming[Loc(place, source.hash)] = source.bytes
                self.pending.append(command)
            case Pull():
                self.coming[command.loc] = self.inputs[command.input][command.index].bytes
                self.pending.append(command)
            case Send():
                self.pending.append(command)
            case Free():
                assert command.loc in self.content, "freed what is not there"
                assert command.loc not in self.kept, "freed what is kept"
                self._check_free(command.loc)
                del self.content[command.loc]
            case Retain():
                assert command.loc in self.content, "kept what is not there"
                if not command.brief:
                    self.kept.add(command.loc)
            case Done():
                self.records[command.key] = Record(())
            case Finish():
                self.end = command.outcome
                assert not self.pending, "it ends while something is under way"
            case Reuse():
                assert command.key in self.records
            case Note():
                self.records[command.key] = command.record
            case Forget():
                self.records.pop(command.key, None)
                self.taken.clear()
            case Stop() | FallBack() | Choose():
                pass

    def _check_start(self, start: Start) -> None:
        instance = (start.instance.step, start.instance.path)
        args = tuple((name, self.read(argument)) for name, argument in start.args)
        if not self.turns and not (self.fail and self.falls_back):
            told = (start.call.stage, args)
            assert told == self.oracle.calls[instance][start.at], "other arguments than the plan means"
        if not self.turns:
            assert start.at >= self.taken.get(instance, 0), "tries anew what had failed when the other was published"
        assert start.slot in start.call.slots and all(s.slot != start.slot for s in self.running.values())
        record = self.records.get(start.key)
        if record is not None:
            locs = [Loc(o.place, s.hash) for o, s in zip(start.call.outputs, record.outputs, strict=True)]
            assert any(loc not in self.content for loc in locs), "ran twice, and its data is there"
        self._take(start)
        self.running[instance] = start
        if not start.call.stage.startswith(BAD):
            self.starts.append(instance)
        self._check_width()

    def _take(self, start: Start) -> None:
        """What is taken is on no place any more, and nobody else was to read it or keep it."""
        instance = start.instance.step, start.instance.path
        consumed = [(name, argument) for name, argument in start.args if name in start.call.consumes]
        self.owned[instance] = {name: self.read(given) for name, given in consumed}
        for loc in start.taken:
            assert loc in {one.loc for _, argument in consumed for one in sources(argument)}, (
                "took what is not consumed"
            )
            assert loc not in self.kept, "took what is kept"
            self._check_free(loc)
        found = [one for _, argument in consumed for one in sources(argument)]
        self.private[instance] = [(one.loc.place, one.bytes) for one in found if one.loc not in start.taken]
        self.sizes[instance] = [(loc, self.content.pop(loc)) for loc in start.taken]

    def _check_width(self) -> None:
        """Of what runs for the first time: elements that are visited again don't count."""
        chains = self.program.steps
        active: dict[tuple[str, tuple[int, ...]], set[int]] = {}
        for (name, path), start in self.running.items():
            for depth, around in enumerate(chains[name].chain if not start.cause else ()):
                active.setdefault((around, path[:depth]), set()).add(path[depth])
        for (name, _), indexes in active.items():
            outer = chains[name].step
            assert isinstance(outer, Loop)
            assert len(indexes) <= (outer.depth if isinstance(outer, Cycle) else outer.width)

    def _check_free(self, loc: Loc) -> None:
        for start in self.running.values():
            for _, argument in start.args:
                assert loc not in {one.loc for one in sources(argument)}, "freed under a reader"

    def read(self, argument: Argument) -> Content:
        """The content of an argument; it must lie where the command says."""
        if isinstance(argument, Text):
            return "text " + argument.text
        if isinstance(argument, Source):
            assert argument.loc in self.content, "read before it was published"
            if argument.inner:
                assert inside(self.elements, argument) == argument.hash
            else:
                assert argument.hash == argument.loc.object
            return argument.hash
        return tuple(self.read(each) for each in argument)

    # --- answers --------------------------------------------------------------------------------------

    def _answer(self, command: Answerable) -> Event:
        match command:
            case Start():
                return self._run(command)
            case Copy():
                target = Loc(command.place, command.source.hash)
                del self.coming[target]
                if command.source.loc not in self.content:
                    return Vanished(command.source.loc, target=target)
                self.content[target] = command.source.bytes
                return Arrived(target, command.source.bytes)
            case Send():
                self.sent[command.path] = command.digest
                return Sent(command.instance)
            case Pull():
                stored = self.inputs[command.input][command.index]
                del self.coming[command.loc]
                self.content[command.loc] = stored.bytes
                return Arrived(command.loc, stored.bytes, command.instance)

    def _run(self, start: Start) -> Event:
        del self.running[start.instance.step, start.instance.path]
        own = self.owned[start.instance.step, start.instance.path]
        args = tuple((name, own[name] if name in own else self.read(argument)) for name, argument in start.args)
        stage = self.stages[start.call.stage]
        if stage.name.startswith(BAD) or self.random.random() < self.fail:
            self.failed.add((stage.name, args))
            return Failed(start.instance, Failure("stage", "exit status 1", again=True))
        turn = self.turns.get(stage.name, 0)
        files = [port for port in stage.outputs if port.content not in NAMES]
        stored = tuple(write(stage.name, port.name, port.content, args, turn) for port in files)
        texts = tuple(text_of(stage.name, p.name, p.content, args, turn) for p in stage.outputs if p not in files)
        for each, output in zip(stored, start.call.outputs, strict=True):
            self.elements[each.hash] = each
            self.content[Loc(output.place, each.hash)] = each.bytes
        self.records[start.key] = Record(stored, texts)
        if start.note is not None:
            self.records[start.note[0]] = start.note[1]
        self.taken[start.instance.step, start.instance.path] = start.at
        self.published.append((start.instance.step, start.instance.path))
        return Published(start.instance, Record(stored, texts))

    def _check(self, state: State) -> None:
        assert state.work.tight is None or not state.flow.parked, "out of order while there is little room"
        needed = {loc: size for loc, size in self.content.items() if state.stock.needed(loc)}
        for place in ("ram", "node", "volume"):
            size = sum(each for loc, each in needed.items() if loc.place == place) + self._handed(place)
            assert size == state.stock.used.get(place, 0), "bytes are counted wrong"
            promised = self._promised(place)
            held = state.work.reserved.get(place, 0)
            fetching = any(job.stage == "fetching" for job in state.work.jobs.values())
            assert promised == held or (promised < held and fetching), "room is held wrong"
            self.most[place] = max(size + promised, self.most.get(place, 0))

    def _handed(self, place: str) -> int:
        """The bytes that running calls were handed."""
        return sum(each for run in self.running for loc, each in self.sizes[run] if loc.place == place)

    def _promised(self, place: str) -> int:
        """The bytes that calls, copies and slices under way may bring."""
        size = sum(each for loc, each in self.coming.items() if loc.place == place)
        for run, start in self.running.items():
            size += sum(output.bytes for output in start.call.outputs if output.place == place)
            size += sum(each for where, each in self.private[run] if where == place)
        return size

    def _full(self) -> dict[str, int]:
        """What lies on each place, needed or not, and may come to it by what is under way."""
        found = {place: self._handed(place) + self._promised(place) for place in self.capacity}
        for loc, size in self.content.items():
            if loc.place in found:
                found[loc.place] += size
        return found

    def check_one_story(self, state: State) -> None:
        """Every call's record is what its stage writes for its arguments in one of the two turns, and every
        value's reader read that very value."""
        for instance, values in state.flow.published.items():
            step = self.program.steps[instance.step].step
            if not isinstance(step, Call):
                continue
            at = state.flow.by.get(instance, 0)
            args = tuple((name, content(value)) for name, value in arguments(state, instance, at))
            stage = self.stages[self.program.calls[instance.step][at].stage]
            ports = sorted(stage.outputs, key=lambda port: port.content in NAMES)
            for value, port in zip(values, ports, strict=True):
                assert content(value) in [written(stage.name, port, args, turn) for turn in (0, 1)]

    # --- at the end -----------------------------------------------------------------------------------

    def meant(self, state: State) -> Oracle:
        """What the plan means, given which calls of fallbacks were taken."""
        return Oracle(self.plan, self.inputs, by={(name, path): at for (name, path), at in state.flow.by.items()})

    def check_end(self, state: State) -> None:
        """The results are those that the plan means, and everything that is kept is there."""
        assert self.end == "done", (self.end, state.failure)
        oracle = self.meant(state)
        for instance, at in oracle.by.items():
            before = oracle.calls[instance][:at]
            assert all(call in self.failed for call in before), "fell back from what had not failed"
        for result in self.plan.results:
            value = resolve(state, result.value, ())
            assert content(value) == oracle.results[result.name]
        for place, name in oracle.kept:
            assert any(loc.place == place and holds(self.elements, loc, name) for loc in self.content), "not kept"
        leftover = {loc for loc in self.content if loc not in self.kept}
        touched = {loc for loc in leftover if state.stock.needed(loc)}
        assert not touched, "something was left behind"
