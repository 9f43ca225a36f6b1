"""Small programs, right and wrong ones, close to the edge: sizes near what the places hold, keeps that may be missing,
shards and windows that may be mixed, claims that may not hold. Contents always fit, so that what is refused is refused
by a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

#: All that a program may call; what one does not call is not in it.
CALLABLE = {
    "one": 'stage one(a: File) -> out: File { run ["one", a, out] }',
    "half": 'stage half(a: File) -> out: File { run ["half", a, out] size out a / 2 }',
    "fat": 'stage fat(a: File) -> out: File { run ["fat", a, out] size out 2 * a cpu 2 }',
    "tiny": 'stage tiny(a: File) -> out: File { run ["tiny", a, out] size out 6MiB }',
    "gen": 'stage gen() -> out: File { run ["gen", out] size out 12MiB memory 1GiB }',
    "two": 'stage two(a: File, b: File) -> out: File { run ["two", a, b, out] size out a + b / 2 }',
    "pair": """stage pair(a: File) -> (left: File, right: File) {
      run ["pair", a, left, right] size left a size right a / 3
    }""",
    "split": 'stage split(a: File) -> parts: File[] { run ["split", a, parts] }',
    "many": 'stage many(parts: File[]) -> out: File { run ["many", out, parts] }',
    "most": 'stage most(parts: File[]) -> out: File { run ["most", out, parts] size out 6MiB }',
    "hot": 'stage hot(a: File in ram) -> out: File { run ["hot", a, out] }',
    "note": 'stage note(a: File) { run ["note", a] }',
    "size": 'stage size(a: File) -> n: Int { run ["size", a, n] }',
    "over": """flow over<A, B>(items: A[], with: stage(A) -> B) -> results {
      results = each item in items { with(item) }
    }""",
    "chain": "flow chain(a: File) -> last { first = half(a) last = one(first) }",
    "both": "flow both(a: File) -> (p, q) { p = one(a) q = half(p) }",
    "on_node": "flow on_node(a: File in node) -> r { r = one(a) }",
}
_PLACES = (("ram", "node"), ("ram", "node"), ("ram", "node", "volume"), ("node", "volume"), ("ram",), ("node",))
_SNAPSHOTS = ("ticks", "units", "days", "other")


@dataclass
class Body:
    """What a body may use. `mine` is what it wrote itself, `written` what `after` may name."""

    indent: str
    files: list[str]
    lists: list[str]
    mine: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


#: Adds a statement to a body, so deep in blocks; none if there is nothing that it could be of.
Way = Callable[[Body, int], None]


class Maker:
    """Makes one program."""

    #: What else a program may call, of those who make more kinds of statements.
    declares: ClassVar[Mapping[str, str]] = {}

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = 0
        self.steps = 0
        self.places: list[str] = []
        self.lies: dict[str, int] = {}  # names by the number of the place among the pod's
        self.windows = dict.fromkeys(_SNAPSHOTS, "")

    def program(self) -> str:
        random = self.random
        self.places = list(random.choice(_PLACES))
        body = Body("  ", [], [])
        inputs = []
        self.windows = {name: random.choice(("", "1h", "1d")) for name in _SNAPSHOTS}
        every = " every 3h" if random.random() < 0.1 else ""
        for number, name in enumerate(random.sample(_SNAPSHOTS, random.choice((1, 1, 2, 2)))):
            shards = name in ("ticks", "other") and random.random() < 0.5
            place = f" in {random.choice(self.places)}" if random.random() < 0.1 else ""
            inputs.append(f"t{number}: {name}{place}")
            self._slices(body, f"t{number}", name, shards, every)
        self.statements(body, random.randint(2, 5), 0)
        if not any("(" in line for line in body.lines):
            self._gen(body, 0)
        results = self._results(body)
        arrow = "" if not results else f" -> {results[0]}" if len(results) == 1 else f" -> ({', '.join(results)})"
        claim = random.choice(("", "", "container", "pod", "node"))
        survives = f" survives {claim}" if claim else ""
        flow = [f"flow main({', '.join(inputs)}){arrow} on bench{every}{survives} {{", *body.lines, "}", ""]
        return "\n".join([self._head(), *self._called("\n".join(flow)), *flow])

    def _head(self) -> str:
        random = self.random
        scheme = random.choice(("s3://", "s3://", "s3://", ""))
        sizes = [random.choice((6, 12, 24)) for _ in range(4)]
        room = random.choice((18, 30, 48, 72, 108, 200, 400))
        places = " ".join(f"{place} {room + random.choice((0, 0, 7, 40))}MiB" for place in self.places)
        slots = random.choice((1, 2, 2, 3))
        windows = [f" window {length}" if length else "" for length in self.windows.values()]
        holes = ["{window}" if window else "" for window in windows]
        return (
            f'snapshot ticks: File {{ from "{scheme}t/{{shard}}{holes[0]}"{windows[0]} shards {random.choice((2, 3))} '
            f"size {sizes[0]}MiB }}\n"
            f'snapshot units: File {{ from "{scheme}u{holes[1]}"{windows[1]} size {sizes[1]}MiB }}\n'
            f'snapshot days: File {{ from "{scheme}d{holes[2]}"{windows[2]} size {sizes[2]}MiB }}\n'
            f'snapshot other: File {{ from "{scheme}o/{{shard}}{holes[3]}"{windows[3]} shards 2 size {sizes[3]}MiB }}\n'
            f"pod bench {{ slots {slots} cpu {random.choice((2, 4))} memory {random.choice((2, 4))}GiB {places} }}"
        )

    def _slices(self, body: Body, name: str, snapshot: str, shards: bool, every: str) -> None:
        """What a body may read of a slice: itself or its shards, and now and then of windows before it."""
        random, window = self.random, self.windows[snapshot]
        if every and window == "1h":
            body.lists.append(f"{name}.windows")
            body.lines.append(f"{body.indent}y{name} = most({name}.windows)")  # for the slice itself there is not
            return
        (body.lists if shards else body.files).append(name + (".shards" if shards else ""))
        if window and random.random() < 0.4:
            if shards:
                body.lists.append(f"{name}[-1].shards")
            elif random.random() < 0.5:
                body.files.append(f"{name}[-1]")
            else:
                body.lists.append(f"{name}[{random.choice((-1, -2))}..0]")

    def _results(self, body: Body) -> list[str]:
        random = self.random
        names = [name for name in body.written if name in body.mine]
        results = random.sample(names, min(len(names), random.choice((0, 1, 1, 2))))
        for name in results:
            if random.random() < 0.75 and name not in body.kept:
                self._keep_in(body, name)
        return results

    def name(self) -> str:
        self.names += 1
        return f"x{self.names}"

    def _file(self, body: Body) -> str | None:
        """A value, the latest more often."""
        if not body.files:
            return None
        return self.random.choice((*body.files, *body.files[-2:]))

    def statements(self, body: Body, count: int, depth: int) -> None:
        """So many statements, as long as the program is small."""
        for _ in range(count):
            if self.steps < 9:
                self.statement(body, depth)

    def statement(self, body: Body, depth: int) -> None:
        """One of any kind."""
        self.random.choice(self.ways(depth))(body, depth)

    def ways(self, depth: int) -> list[Way]:
        """What a statement can be, that more often which is there more often."""
        ways: list[Way] = [self._one] * 5 + [self._two] * 2 + [self._pair, self._split, self._note]
        ways += [self._keep, self._keep]
        ways += [self._meet, self._meet, self._gen, self._move, self._alias, self._call, self._many, self._many]
        if depth:
            ways += [self._keep] * 5 + [self._move] * 4
        if depth < 2:
            ways += [self._each] * 5
        return ways

    def let(self, body: Body, value: str, place: bool = True, tail: bool = True) -> str:
        random = self.random
        self.steps += 1
        name = self.name()
        lies = random.randrange(len(self.places)) if place and random.random() < 0.2 else 0
        self.lies[name] = lies
        where = f" in {self.places[lies]}" if lies else ""
        waits = random.sample(body.written, min(len(body.written), random.choice((0, 0, 0, 0, 1))))
        after = f" after {', '.join(waits)}" if waits and tail else ""
        body.lines.append(f"{body.indent}{name}{where} = {value}{after}")
        body.written.append(name)
        return name

    def _made(self, body: Body, name: str) -> None:
        body.files.append(name)
        body.mine.append(name)

    def _one(self, body: Body, depth: int) -> None:
        file = self._file(body)
        if file:
            hot = ["hot"] if "ram" in self.places else []
            stage = self.random.choice(("one", "half", "half", "fat", "tiny", "tiny", *hot))
            self._made(body, self.let(body, f"{stage}({file})"))

    def _two(self, body: Body, depth: int) -> None:
        if body.files:
            self._made(body, self.let(body, f"two({self._file(body)}, b: {self._file(body)})"))

    def _meet(self, body: Body, depth: int) -> None:
        """What was there first: slices and elements, of other windows and shards perhaps."""
        if len(body.files) > 1:
            self._made(body, self.let(body, f"two({body.files[0]}, b: {body.files[1]})"))

    def _gen(self, body: Body, depth: int) -> None:
        self._made(body, self.let(body, "gen()"))

    def _pair(self, body: Body, depth: int) -> None:
        file = self._file(body)
        if file:
            name = self.let(body, f"pair({file})")
            body.files += [f"{name}.left", f"{name}.right"]

    def _split(self, body: Body, depth: int) -> None:
        file = self._file(body)
        if file:
            body.lists.append(self.let(body, f"split({file})"))

    def _many(self, body: Body, depth: int) -> None:
        if body.lists:
            stage = self.random.choice(("many", "most", "most"))
            self._made(body, self.let(body, f"{stage}({self.random.choice(body.lists)})"))

    def _note(self, body: Body, depth: int) -> None:
        file = self._file(body)
        if file:
            self.steps += 1
            body.lines.append(f"{body.indent}note({file})")

    def _keep(self, body: Body, depth: int) -> None:
        left = [name for name in body.mine if name not in body.kept]
        if left:
            self._keep_in(body, self.random.choice(left))

    def _keep_in(self, body: Body, name: str) -> None:
        places = self.places[self.lies[name] + 1 :]
        if places:
            self.steps += 1
            body.kept.add(name)
            body.lines.append(f"{body.indent}keep {name} in {self.random.choice(places)}")

    def _move(self, body: Body, depth: int) -> None:
        if body.mine and len(self.places) > 1:
            moved = self.random.choice(body.mine)
            lies = self.random.choice([at for at in range(len(self.places)) if at != self.lies[moved]])
            name = self.let(body, f"move {moved} to {self.places[lies]}", place=False)
            self.lies[name] = lies
            self._made(body, name)

    def _alias(self, body: Body, depth: int) -> None:
        if body.mine:
            self.steps -= 1
            name = self.let(body, self.random.choice(body.mine), place=False, tail=False)
            body.files.append(name)

    def _call(self, body: Body, depth: int) -> None:
        file = self._file(body)
        on_node = ["on_node"] if "node" in self.places else []
        way = self.random.choice(("chain", "both", "over", "over", *on_node))
        if way == "over" and body.lists:
            stage = self.random.choice(("one", "half", "chain"))
            over = self.random.choice(body.lists)
            body.lists.append(self.let(body, f"over({over}, with: {stage})", place=False))
        elif way == "both" and file:
            name = self.let(body, f"both({file})", place=False)
            body.files += [f"{name}.p", f"{name}.q"]
        elif file and way in ("chain", "on_node"):
            self._made(body, self.let(body, f"{way}({file})", place=False))

    def _each(self, body: Body, depth: int) -> None:
        random = self.random
        constants = f"[{', '.join(str(number) for number in range(random.choice((2, 2, 3))))}]"
        over = random.choice([*body.lists, *body.lists, constants])
        item = self.name()
        files = [*random.sample(body.files, min(len(body.files), 1)), *([] if over == constants else [item, item])]
        inner = Body(body.indent + "  ", files, list(body.lists) if random.random() < 0.2 else [])
        self.statements(inner, random.choice((0, 1, 1, 2, 3, 4)), depth + 1)
        last = random.choice(inner.files[-3:]) if inner.files else None
        if last is None:
            return
        self.steps += 1
        tail = last if random.random() < 0.5 else f"{random.choice(('one', 'half', 'tiny'))}({last})"
        name = self.name()
        self.lies[name] = self.lies.get(last, len(self.places)) if tail == last else 0
        block = [f"{body.indent}{name} = each {item} in {over} {{", *inner.lines, f"{inner.indent}{tail}"]
        body.lines += [*block, f"{body.indent}}}"]
        body.lists.append(name)
        body.written.append(name)

    def _called(self, text: str) -> list[str]:
        """The declarations that a text needs, those that they need included."""
        known = CALLABLE | {
            name: one for kind in type(self).__mro__ for name, one in vars(kind).get("declares", {}).items()
        }
        names: dict[str, None] = {}
        waiting = [text]
        while waiting:
            for name in re.findall(r"\w+", waiting.pop()):
                if name in known and name not in names:
                    names[name] = None
                    waiting.append(known[name])
        return [known[name] for name in names]


def program(seed: int) -> str:
    """The program of a seed."""
    return Maker(Random(seed)).program()  # noqa: S311 - chance that can be repeated
