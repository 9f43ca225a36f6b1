"""A run as the program says it: a small reading of the syntax tree that shares nothing with the compiler's passes.

It reads one file, in which all is well but for what the rules S1, S2, L1, L4, R2 and F1 forbid, and keeps to what the
language reference says. Settings are those that matter here: `window`, `shards`, `size`, `from`, `slots` and places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from podpipec.source import Source
from podpipec.syntax import parse, tree
from tests.oracle import loops
from tests.oracle.fitting import misfits, retried, settings
from tests.oracle.model import PLACES, Builder, Leaf, Run, Scope, copied
from tests.oracle.order import is_name, ordered, stands_alone, uses
from tests.oracle.owning import Consumed, Kept, Owning, Part, Read, parts_of
from tests.oracle.releasing import Going, release
from tests.oracle.sizes import high, low
from tests.oracle.things import CARRIED, SCALAR, Atom, Thing, chosen, from_shards, joined, shakiest, unshared
from tests.oracle.worlds import World
from tests.oracle.writing import Paths, twice


class Reading(NamedTuple):
    """A run, and what its meaning breaks: the codes of rules, each with a reason."""

    run: Run
    broken: dict[str, str]
    survives: str | None
    bounded: bool
    rough: bool = False  # the language counts a bound that is larger than what there is
    cycled: bool = False  # a result is what a cycle over what may be empty comes to
    going: tuple[int, ...] = ()  # the copies that go again


#: The names of the scalar types.
SCALARS = ("Int", "Float", "Size", "Duration", "Bool", "String")


@dataclass
class Notes:
    """What is judged when all has been read."""

    owning: Owning = field(default_factory=Owning)
    paths: Paths = field(default_factory=Paths)
    stages: list[tree.Stage] = field(default_factory=list)
    going: list[tuple[Going, Scope]] = field(default_factory=list)


#: What a snapshot is at a window.
_Slice = Callable[[object], Thing]


Env = dict[str, "Thing | tree.Stage | tree.Flow"]


class _Reader:
    def __init__(self, module: tree.Module, world: World) -> None:
        self.world = world
        self.builder = Builder()
        self.broken: dict[str, str] = {}
        self.bounded = True
        self.rough = False
        self.cycles: set[int] = set()  # fans over what may be empty that hand on from element to element
        self.chosen = 0
        self.unknown = 0  # fan outs around, of which only the data knows the length
        declared = module.declarations
        self.stages = {one.name.text: one for one in declared if isinstance(one, tree.Stage)}
        self.flows = {one.name.text: one for one in declared if isinstance(one, tree.Flow)}
        self.snapshots = {one.name.text: one for one in declared if isinstance(one, tree.Snapshot)}
        self.pods = {one.name.text: one for one in declared if isinstance(one, tree.Pod)}
        self.claims: list[tuple[Thing, str, str]] = []
        self.notes = Notes()
        self.depth = 0  # loops and choices around
        self.slices: dict[str, tuple[_Slice, _Slice]] = {}  # of each parameter: one slice, all shards, at a window
        self.readings: dict[tuple[str, str], Thing] = {}
        self.flow = self.flows["main"]
        assert self.flow.pod is not None
        pod = {setting.word.text: setting for setting in self.pods[self.flow.pod.text].settings}
        self.slots = int(high(pod["slots"].values[0], {}))
        self.capacity = {place: int(high(pod[place].values[0], {})) for place in PLACES[:3] if place in pod}
        self.scratch = next(place for place in PLACES[:3] if place in self.capacity)
        self.inlet = next(place for place in ("node", "ram", "volume") if place in self.capacity)

    def read(self) -> Reading:
        lengths = [length for one in self.flow.inputs if (length := self._length(one)) is not None]
        every = self.flow.every
        self.period = (str(high(every.length, {})) if every else str(min(lengths, default=Fraction(0)))), 0
        env: Env = {parameter.name.text: self._slice(parameter) for parameter in self.flow.inputs}
        self._body(self.flow.body, env, ())
        results = {}
        for name in self.flow.results:
            thing = self._thing(name, env)
            results[name.text] = thing.leaves
            self.notes.owning.handed.append(((), parts_of(thing)))
            if thing.shaky is not None:
                self.broken["S5"] = f"the result `{name.text}` is unstable"
        forever = [leaf for leaves in results.values() for leaf in leaves if not self._kept_longer(leaf)]
        for leaf in forever:
            if self.builder.leaves[leaf].place == "ram":
                self.broken.setdefault("L1", f"`{self.builder.leaves[leaf].name}` is a result, and lies only in ram")
        for thing, place, what in self.claims:
            self._claim(thing, place, what)
        survives = self.flow.survives.text if self.flow.survives else None
        self._noted(survives is not None)
        read = set(self.builder.holding())
        forever += [number for number, leaf in enumerate(self.builder.leaves) if leaf.writer < 0 and number not in read]
        run = self.builder.run(results, self.capacity, forever)
        scopes = [self.builder.scopes[leaf] for leaves in results.values() for leaf in leaves]
        cycled = any(fan in self.cycles for scope in scopes for fan, _ in scope)
        going = tuple(one.leaf for one, _ in self.notes.going)
        return Reading(run, self.broken, survives, self.bounded, self.rough, cycled, going)

    def _noted(self, survives: bool) -> None:
        """What is wrong with what was noted on the way, and what follows for the order of tasks."""
        notes, builder = self.notes, self.builder
        assert self.flow.pod is not None
        for code, why in misfits(self.pods[self.flow.pod.text], notes.stages, survives).items():
            self.broken.setdefault(code, why)
        again = retried(list(self.stages.values()))
        if again:
            self.broken.setdefault("F2", f"`{again}` is tried again")
        name = next(filter(None, map(twice, self.flows.values())), None)
        if name or notes.paths.broken:
            self.broken.setdefault("S3", name or notes.paths.broken)
        notes.owning.keeps_first(builder)
        used = notes.owning.broken(builder)
        if used:
            self.broken.setdefault("S4", used)
        kept = (one for one in notes.owning.kept if not one.chosen)  # what a branch wrote is not kept by its own name
        keeps = [(one.task, one.scope, tuple(leaf for leaf, _ in one.parts)) for one in kept]
        for going, _ in notes.going:
            release(builder, going, keeps)

    def _copies(self, leaf: int) -> Iterator[str]:
        going = {one.leaf for one, _ in self.notes.going}
        copies = (other for number, other in enumerate(self.builder.leaves) if number not in going)
        return (other.place for other in copies if leaf in other.of)

    def _kept_longer(self, leaf: int) -> bool:
        lies = PLACES.index(self.builder.leaves[leaf].place)
        return any(PLACES.index(place) > lies for place in self._copies(leaf))

    def _claim(self, thing: Thing, place: str, what: str) -> None:
        for leaf in thing.leaves:
            lies = self.builder.leaves[leaf]
            if lies.place != place:
                self.broken.setdefault("L4", f"`{lies.name}` lies on {lies.place}, and {what} wants it on {place}")

    # --- what the flow is given ---

    def _slice(self, parameter: tree.Parameter) -> Thing:
        assert isinstance(parameter.type, tree.TypeName)
        name = parameter.type.name.text
        settings = {setting.word.text: setting.values[0] for setting in self.snapshots[name].settings}
        place = parameter.place.text if parameter.place else self.inlet
        size = high(settings["size"], {})
        source = settings["from"]
        assert isinstance(source, tree.String)
        local = "://" not in source.raw
        window = str(high(settings["window"], {})) if "window" in settings else None
        count = int(high(settings["shards"], {})) if "shards" in settings else 0
        shards = tuple(str(number) for number in range(count))
        called = parameter.name.text

        def one(at: object, shard: str | None) -> Thing:
            atom = Atom(name, None if window is None else (window, at), shard, shards)
            label = (f"[{at}]" if at else "") + (f"/{shard}" if shard else "")
            leaf = Leaf(called + label, place, int(size), -1, local=local)
            return Thing((self.builder.leaf(leaf, ()),), size, 0, frozenset({atom}))

        def whole(at: object) -> Thing:
            return one(at, shards[0] if shards else None)

        def every_shard(at: object) -> Thing:
            return joined([one(at, shard) for shard in shards], 0, self.period)

        self.slices[called] = (whole, every_shard)
        read = {
            use.name.text for use in uses(self.flow.body) if isinstance(use, tree.Field) and is_name(use.base, called)
        }
        fields: dict[str, Thing] = {}
        if "shards" in read:
            fields["shards"] = every_shard(0)
        if "windows" in read:
            hours = Fraction(self.period[0]) / Fraction(window or 1)
            fields["windows"] = joined(map(whole, range(int(hours))), 0, self.period)
        others = any(isinstance(use, tree.Name) and use.text == called for use in uses(self.flow.body))
        if stands_alone(self.flow.body, called) or not others:
            return whole(0)._replace(fields=fields or None, parameter=called)
        return Thing(fields=fields, parameter=called)

    def _length(self, parameter: tree.Parameter) -> Fraction | None:
        assert isinstance(parameter.type, tree.TypeName)
        settings = {one.word.text: one.values[0] for one in self.snapshots[parameter.type.name.text].settings}
        return high(settings["window"], {}) if "window" in settings else None

    # --- statements ---

    def _body(self, body: tuple[tree.Statement, ...], env: Env, scope: Scope) -> Thing:
        """The value of a body's last line."""
        last = Thing()
        for statement in ordered(body):
            value = self._statement(statement, env, scope)
            if statement is body[-1]:
                last = value
        return last

    def _statement(self, statement: tree.Statement, env: Env, scope: Scope) -> Thing:
        if isinstance(statement, tree.Keep):
            self._keep(statement, env, scope)
            return Thing()
        if isinstance(statement, tree.Flowing):
            before = env[loops.prior(statement.name.text)]
            line = tree.Let(statement.span, statement.name, None, None, None, statement.value, ())
            env[statement.name.text] = self._statement(line, {**env, statement.name.text: before}, scope)
            return Thing()
        after = 0
        for reference in statement.after:
            after |= self._thing(reference, env).step
        name = statement.name.text if isinstance(statement, tree.Let) else "it"
        place = statement.place.text if isinstance(statement, tree.Let) and statement.place else None
        match statement.value:
            case tree.Each() as each:
                value = self._each(each, after, env, scope)
            case tree.Fold() as fold:
                value = loops.fold(self, fold, after, env, scope)
            case tree.Cycle() as cycle:
                value = loops.cycle(self, cycle, after, env, scope)
            case tree.Fallback(calls=calls):
                value = self._fallback(calls, name, place or self.scratch, after, env, scope)
            case tree.If() as choice:
                value = self._if(choice, after, env, scope)
            case tree.Move() as move:
                value = self._move(move, name, after, env, scope)
            case tree.Pin() as pin:
                value = self._pin(pin, name, after, env, scope)
            case tree.Call() as call:
                value = self._call(call, name, place, after, env, scope)
            case expression:
                value = self._thing(expression, env)
                if place is not None:
                    self.claims.append((value, place, name))
        if isinstance(statement, tree.Let):
            env[name] = value
        return value

    def _thing(self, expression: tree.Expression, env: Env) -> Thing:
        match expression:
            case tree.Name(text=text):
                thing = env.get(text)
                if not isinstance(thing, Thing):
                    self.broken["L6"] = f"`{text}` is not there"
                    return Thing(bytes=Fraction(0))
                return thing
            case tree.Index(base=tree.Index() | tree.Name() as base, at=at):
                return self._reading(base, f"{_number(at)}", env, lambda whole, _: whole(_number(at)))
            case tree.Range(base=base, first=first, last=last):
                offsets = range(_number(first), _number(last) + 1)
                key = f"{offsets}"
                return self._reading(
                    base, key, env, lambda whole, _: joined([whole(offset) for offset in offsets], 0, self.period)
                )
            case tree.Field(base=tree.Index(base=base, at=at)):  # its shards
                return self._reading(base, f"{_number(at)}/*", env, lambda _, shards: shards(_number(at)))
            case tree.Field(base=base, name=name):
                fields = self._thing(base, env).fields
                assert fields is not None
                return fields[name.text]
            case tree.ListOf(items=items):
                return Thing(bytes=Fraction(0), items=tuple(map(_constant, items)), file=False)
            case tree.Number():
                return SCALAR._replace(number=_number(expression))
            case tree.String(parts=parts):
                return self._text([part.value for part in parts if isinstance(part, tree.Hole)], env)
        return SCALAR

    def _text(self, holes: list[tree.Expression], env: Env) -> Thing:
        """A text comes after the stages whose scalars are in it, and is derived from what they read."""
        there, atoms, shaky = 0, frozenset[Atom](), None
        for hole in holes:
            if any(isinstance(use, tree.Name) and use.text in env for use in uses(hole)):
                thing = self._thing(hole, env)
                there, atoms, shaky = there | thing.there, atoms | thing.atoms, shakiest([thing], shaky)
        return SCALAR._replace(there=there, atoms=atoms, shaky=shaky)

    def _reading(self, base: tree.Expression, key: str, env: Env, make: Callable[[_Slice, _Slice], Thing]) -> Thing:
        """Other windows of a slice: each way to read them once, however often it is written."""
        called = self._thing(base, env).parameter
        found = self.readings.get((called, key))
        if found is None:
            found = self.readings[called, key] = make(*self.slices[called])
        return found

    def _keep(self, keep: tree.Keep, env: Env, scope: Scope) -> None:
        thing = self._thing(keep.value, env)
        task = self.builder.task("keep", scope, thing.there, thing.leaves)
        self.bounded = self.bounded and (thing.share or not self.unknown or keep.place.text == "remote")
        if thing.shaky is not None:
            self.broken["S5"] = "what is unstable is kept"
        parts = parts_of(thing)
        self.notes.owning.kept.append(Kept(task, scope, parts, thing.block < -1))
        self.notes.owning.read.append(Read(task, "", parts))
        self.notes.paths.write(keep, self._path(keep, env), (thing.block, *thing.leaves))
        until = self._thing(keep.until, env) if keep.until is not None else None
        for (leaf, _), size in self._sizes(thing).items():
            name = f"{self.builder.leaves[leaf].name} (kept)"
            copy = Leaf(name, keep.place.text, size, task, forever=until is None, of=(leaf,))
            number = self.builder.leaf(copy, scope)
            if until is not None:
                lies = [self.builder.scopes[one] for one in until.leaves]
                going = Going(number, task, until.step, min(lies, key=len, default=scope))
                self.notes.going.append((going, scope))

    def _path(self, keep: tree.Keep, env: Env) -> str:
        """The text of a path."""
        text = ""
        for part in keep.path.parts if keep.path is not None else ():
            if isinstance(part, tree.Hole):
                text += self._thing(part.value, env).text
            else:
                text += part if isinstance(part, str) else str(part)
        return text

    def _move(self, move: tree.Move, name: str, after: int, env: Env, scope: Scope) -> Thing:
        thing = self._thing(move.value, env)
        task = self.builder.task(f"move {name}", scope, thing.there | after, thing.leaves)
        self.notes.owning.read.append(Read(task, "", parts_of(thing)))
        leaf = self.builder.leaf(Leaf(name, move.place.text, int(thing.bytes or 0), task), scope)
        return thing._replace(leaves=(leaf,), there=1 << task, step=1 << task, only=-1, seen=False)

    def _pin(self, pin: tree.Pin, name: str, after: int, env: Env, scope: Scope) -> Thing:
        """A copy of every part, which stays."""
        thing = self._thing(pin.value, env)
        task = self.builder.task(f"pin {name}", scope, thing.there | after, thing.leaves)
        self.notes.owning.read.append(Read(task, "", parts_of(thing)))
        if thing.shaky is not None and thing.shaky < self.depth:
            self.broken["S5"] = "what was said once is pinned many times"
        self.bounded = self.bounded and (thing.share or not self.unknown)
        copies = {
            part: self.builder.leaf(Leaf(name, pin.place.text, size, task, forever=True), scope)
            for part, size in self._sizes(thing).items()
        }
        return _recorded(thing, copies, 1 << task)

    def _sizes(self, thing: Thing) -> dict[Part, int]:
        """What a copy of a value holds, with the bytes of each: of an element of a folder its own."""
        if thing.items is not None:
            return {part: size for item in thing.items for part, size in self._sizes(item).items()}
        if thing.only >= 0:
            return {(leaf, thing.only): int(thing.bytes or 0) for leaf in thing.leaves}
        return {(leaf, -1): self.builder.leaves[leaf].bytes for leaf in thing.leaves}

    # --- calls ---

    def _call(self, call: tree.Call, name: str, place: str | None, after: int, env: Env, scope: Scope) -> Thing:
        assert isinstance(call.callee, tree.Name)
        target = env.get(call.callee.text) or self.stages.get(call.callee.text) or self.flows[call.callee.text]
        if isinstance(target, Thing):  # a value that has the name of a stage
            target = self.stages.get(call.callee.text) or self.flows[call.callee.text]
        given: Env = {}
        for position, argument in enumerate(call.arguments):
            port = argument.name.text if argument.name else target.inputs[position].name.text
            given[port] = self._argument(argument.value, env)
        if isinstance(target, tree.Stage):
            return self._stage(target, given, name, place or self.scratch, after, scope)
        return self._flow(target, given, after, scope)

    def _argument(self, value: tree.Expression, env: Env) -> Thing | tree.Stage | tree.Flow:
        if isinstance(value, tree.Name):
            named = env.get(value.text) or self.stages.get(value.text) or self.flows.get(value.text)
            return self._thing(value, env) if named is None else named
        return self._thing(value, env)

    def _flow(self, flow: tree.Flow, given: Env, after: int, scope: Scope) -> Thing:
        before = len(self.builder.tasks)
        for parameter in flow.inputs:
            thing = given[parameter.name.text]
            if parameter.place is not None and isinstance(thing, Thing):
                self.claims.append((thing, parameter.place.text, parameter.name.text))
        self._body(flow.body, given, scope)
        step = 0
        for number in range(before, len(self.builder.tasks)):
            task = self.builder.tasks[number]
            self.builder.tasks[number] = task._replace(needs=task.needs | after)
            step |= 1 << number
        results = {}
        for name in flow.results:
            thing = given[name.text]
            assert isinstance(thing, Thing)
            results[name.text] = thing._replace(step=step)
        return next(iter(results.values())) if len(results) == 1 else Thing(fields=results, step=step)

    def _stage(self, stage: tree.Stage, given: Env, name: str, place: str, after: int, scope: Scope) -> Thing:
        args: dict[str, Thing] = {}
        for port in stage.inputs:
            thing = given[port.name.text]
            assert isinstance(thing, Thing)
            args[port.name.text] = thing
            if port.place is not None:
                self.claims.append((thing, port.place.text, f"`{port.name.text}`"))
        self._meet(stage.name.text, args)
        needs = after
        for thing in args.values():
            needs |= thing.there
        task = self.builder.task(name, scope, needs, (leaf for thing in args.values() for leaf in thing.leaves))
        atoms = frozenset(atom for thing in args.values() for atom in thing.atoms)
        shaky = shakiest(args.values(), self.depth if "calls" in settings(stage) else None)
        self._used(stage, args, task, scope)
        outputs = {}
        for port in stage.outputs:
            if isinstance(port.type, tree.TypeName) and port.type.name.text in SCALARS:
                outputs[port.name.text] = SCALAR._replace(there=1 << task, atoms=atoms, step=1 << task, shaky=shaky)
                continue
            size, share = self._size(stage, port.name.text, args)
            leaf = self.builder.leaf(Leaf(f"{name}.{port.name.text}", place, int(size or 0), task), scope)
            many = isinstance(port.type, tree.TypeName) and port.type.lists > 0
            made = Thing((leaf,), size, 1 << task, atoms, step=1 << task, many=many, share=share, shaky=shaky)
            outputs[port.name.text] = made
        if len(outputs) == 1:
            return next(iter(outputs.values()))
        return Thing(fields=outputs, step=1 << task)

    def _used(self, stage: tree.Stage, args: Mapping[str, Thing], task: int, scope: Scope) -> None:
        """Note what a call does to what it is given."""
        self.notes.stages.append(stage)
        for port in stage.inputs:
            name, thing = port.name.text, args[port.name.text]
            parts = parts_of(thing)
            self.notes.owning.read.append(Read(task, name, parts))
            if thing.of_shards and thing.shaky is not None:
                self.broken["S5"] = f"`{stage.name.text}` joins what was said to different shards"
            if port.mode is not None and port.mode.text == "consume":
                self.notes.owning.consumed.append(Consumed(task, scope, name, parts, thing.seen))
                if any(only >= 0 for _, only in parts):  # it works on a copy, for the folder stays as it is
                    place = self.builder.leaves[thing.leaves[0]].place
                    self.builder.leaf(Leaf(f"{name} (to work on)", place, int(thing.bytes or 0), task), scope)

    def _fallback(
        self, calls: tuple[tree.Expression, ...], name: str, place: str, after: int, env: Env, scope: Scope
    ) -> Thing:
        """The call that the world chooses is the one that does not fail; what any of them reads is there till then."""
        number = 0 if self.world.choices[self.chosen % len(self.world.choices)] else len(calls) - 1
        self.chosen += 1
        given: list[tuple[tree.Stage, dict[str, Thing]]] = []
        for call in calls:
            assert isinstance(call, tree.Call) and isinstance(call.callee, tree.Name)
            stage = self.stages[call.callee.text]
            things = [self._thing(argument.value, env) for argument in call.arguments]
            given.append((stage, {port.name.text: one for port, one in zip(stage.inputs, things, strict=True)}))
            self._meet(stage.name.text, given[-1][1])
            self.notes.stages.append(stage)
        read = [thing for _, args in given for thing in args.values()]
        needs = after
        for thing in read:
            needs |= thing.there
        task = self.builder.task(name, scope, needs, (leaf for thing in read for leaf in thing.leaves))
        self.notes.owning.read += (Read(task, str(at), parts_of(thing)) for at, thing in enumerate(read))
        stage, args = given[number]
        size, share = self._size(stage, stage.outputs[0].name.text, args)
        leaf = self.builder.leaf(Leaf(name, place, int(size or 0), task), scope)
        atoms = frozenset(atom for thing in read for atom in thing.atoms)
        shaky = shakiest(read, self.depth)
        return Thing((leaf,), size, 1 << task, atoms, step=1 << task, share=share, shaky=shaky)

    def _meet(self, stage: str, args: Mapping[str, Thing]) -> None:
        atoms = {atom for thing in args.values() for atom in thing.atoms}
        windows = {atom.window for atom in atoms if atom.window not in (None, CARRIED)}
        shards = {(atom.shard, atom.shards) for atom in atoms if atom.shard is not None}
        if len(windows) > 1:
            self.broken.setdefault("S1", f"`{stage}` is given values of two windows")
        if len(shards) > 1:
            self.broken.setdefault("S2", f"`{stage}` is given values of two shards")

    def _size(self, stage: tree.Stage, output: str, args: Mapping[str, Thing]) -> tuple[Fraction | None, bool]:
        """The bound of an output, and whether all elements together have it where there are many."""
        files = {name: thing for name, thing in args.items() if thing.file}
        sizes = {name: thing.bytes for name, thing in files.items() if thing.bytes is not None}
        share = bool(files) and all(thing.share for thing in files.values())
        written = [setting for setting in stage.settings if setting.target and setting.target.text == output]
        if written:
            expression = written[0].values[0]
            nothing = dict.fromkeys(sizes, Fraction(0))
            share = share and high(expression, nothing) == 0 == low(expression, nothing)
            return max(Fraction(0), Fraction(-int(-high(expression, sizes) // 1))), share
        if not files or len(sizes) < len(files):
            self.bounded = False
            return None, False
        return sum(sizes.values(), Fraction(0)), share

    # --- fan out ---

    def _each(self, each: tree.Each, after: int, env: Env, scope: Scope) -> Thing:
        over = self._thing(each.over, env)
        fan = self.builder.open()
        items = over.items if over.items is not None else tuple(self.parts(over))
        items = loops.grouped(self, over, items, each, env) if each.by is not None else chosen(items, fan)
        elements, results = [], []
        for index, item in enumerate(items):
            before = len(self.builder.tasks)
            inner: Env = {**self.around(env, over), each.item.text: self.element(item, over)}
            within = (*scope, (fan, index))
            with self.within(over):
                results.append(self._body(each.body, inner, within))
            self.notes.owning.handed.append((within, parts_of(results[-1])))
            elements.append(self.tasks_since(before, within))
        inside = sum(elements)
        outside = over.there | after
        for result in results:
            outside |= result.there & ~inside
        width = self.slots if over.many else min(self.slots, len(items))
        done = self.builder.close(fan, elements, width, outside)
        self.builder.held(over.leaves, scope, fan)
        self.notes.owning.over.append((scope, fan, parts_of(over)))
        made = joined(results, done, self.period)._replace(many=over.many, of_shards=from_shards(over))
        made = made._replace(shaky=self.outside(made, over))
        self.builder.held(made.leaves, scope, fan)
        if over.many and made.leaves:
            self.bounded = self.bounded and made.share
        return made

    def _if(self, choice: tree.If, after: int, env: Env, scope: Scope) -> Thing:
        """It is made when all is there that either branch names; only the one that the world chooses happens."""
        holds = self.world.choices[self.chosen % len(self.world.choices)]
        self.chosen += 1
        head = after
        for one in _named((choice.condition, choice.then, choice.otherwise), env):
            head |= one.there
        for one in _named((choice.otherwise if holds else choice.then,), env):
            self.builder.given_up(one.leaves, scope, head)
        before = len(self.builder.tasks)
        other = choice.otherwise
        if isinstance(other, tree.If):
            other = (tree.Do(other.span, other, ()),)
        self.depth += 1
        result = self._body(choice.then if holds else other or (), dict(env), scope)
        self.depth -= 1
        told = [thing for use in uses(choice.condition) if isinstance(thing := env.get(use.text), Thing)]
        result = result._replace(shaky=self.outside(result, *told), block=-1 - self.chosen)
        inside = 0
        for number in range(before, len(self.builder.tasks)):
            task = self.builder.tasks[number]
            self.builder.tasks[number] = task._replace(needs=task.needs | head)
            inside |= 1 << number
        return result._replace(there=result.there | inside | head, step=inside | head)

    # --- what all loops have in common ---

    def around(self, env: Env, over: Thing) -> Env:
        """What an element sees of what is outside."""
        return {name: unshared(value) for name, value in env.items()} if over.many else env

    def element(self, item: Thing, over: Thing) -> Thing:
        """An element, which all elements of a list of unknown length have shares of."""
        return item._replace(share=item.share or (over.many and not self.unknown), shaky=shakiest([item, over]))

    def outside(self, *things: Thing) -> int | None:
        """What comes out of a block is decided where that stands."""
        shaky = shakiest(things)
        return shaky if shaky is None else min(shaky, self.depth)

    @contextmanager
    def within(self, over: Thing) -> Iterator[None]:
        """Inside of an element of a list."""
        self.unknown += over.many
        self.depth += 1
        yield
        self.unknown -= over.many
        self.depth -= 1

    def tasks_since(self, before: int, within: Scope) -> int:
        """What an element did; one that does nothing has a task that does nothing."""
        if len(self.builder.tasks) == before:
            self.builder.task("nothing", within, 0, ())
        return sum(1 << number for number in range(before, len(self.builder.tasks)))

    def tried(self, body: tuple[tree.Statement, ...], env: Env, scope: Scope) -> Thing:
        """The value of a body, of which nothing happens."""
        kept = self.builder, self.broken, self.claims, self.readings, self.bounded, self.rough, self.chosen
        notes, self.notes = self.notes, Notes()
        self.builder, self.broken, self.claims = copied(self.builder), {}, []
        self.readings = dict(self.readings)
        try:
            return self._body(body, env, scope)
        finally:
            self.builder, self.broken, self.claims, self.readings, self.bounded, self.rough, self.chosen = kept
            self.notes = notes

    def number(self, written: tree.Expression, env: Env) -> int:
        """A whole number that is known: a constant, or one that a flow was given."""
        return self._thing(written, env).number

    def parts(self, over: Thing) -> Iterable[Thing]:
        """The elements of a list of which only the data knows how many it has."""
        for index, part in enumerate(self.world.parts):
            size = None if over.bytes is None else over.bytes * part
            yield Thing(over.leaves, size, 0, over.atoms, share=over.share, only=index)


def _constant(expression: tree.Expression) -> Thing:
    """An element that has a name."""
    if isinstance(expression, tree.Number):
        return SCALAR._replace(text=expression.digits, number=_number(expression))
    return SCALAR._replace(text=expression.raw if isinstance(expression, tree.String) else "")


def _recorded(thing: Thing, copies: Mapping[Part, int], done: int) -> Thing:
    """The same value, of recorded copies: stable, and part of the snapshot."""
    items = None if thing.items is None else tuple(_recorded(item, copies, done) for item in thing.items)
    leaves = tuple(copies[part] for part in parts_of(thing))
    return thing._replace(leaves=leaves, items=items, only=-1, there=done, step=done, seen=True, shaky=None)


def _number(expression: tree.Expression) -> int:
    return int(high(expression, {}))


def read(text: str, world: World) -> Reading:
    """The run of the flow `main` of a program in a world."""
    parsed = parse(Source("main.flow", text))
    assert not parsed.diagnostics
    return _Reader(parsed.module, world).read()


def _named(node: object, env: Env) -> Iterator[Thing]:
    """The values that a piece of the tree names, and what is inside of them; of several outputs those that it names."""
    fields = {id(use.base): use for use in uses(node) if isinstance(use, tree.Field)}
    for use in uses(node):
        thing = env.get(use.text) if isinstance(use, tree.Name) else None
        if not isinstance(thing, Thing):
            continue
        field = fields.get(id(use))
        if field is not None and thing.fields is not None and field.name.text in thing.fields:
            thing = thing.fields[field.name.text]
        yield from _all_of(thing)


def _all_of(thing: Thing) -> Iterator[Thing]:
    """A value, and what it has inside."""
    yield thing
    for one in (*(thing.items or ()), *(thing.fields or {}).values()):
        yield from _all_of(one)
