"""Random programs that are right: chains, diamonds, fan outs in fan outs, keeps, moves, flows that call flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

STAGES = """\
stage one(a: File) -> out: Parquet {
  run ["one", a, out]
}
stage two(a: File, b: File) -> out: Csv {
  run ["two", a, b, out]
  cpu 2
  image "r.example/two:1"
}
stage pair(a: File) -> (left: Csv, right: Json) {
  sh "pair {a} {left} {right}"
  memory 1GiB
  image "r.example/pair:1"
}
stage split(a: File) -> parts: Parquet[] {
  run ["split", a, parts]
}
stage many(parts: File[], n: Int) -> out: Text {
  run ["many", "--n", n, out, parts]
}
stage note(a: File, text: String) {
  run ["note", text, a]
}
"""


@dataclass
class Body:
    """What a body may use: files and lists by the words that name them, and what a step before it is called."""

    indent: str
    files: list[str]
    lists: list[str]
    shards: list[str]
    made: list[str] = field(default_factory=list)
    unkept: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    free: bool = True  # whether values may be joined: not where only the data knows how many elements there are


class Maker:
    """Makes one program from a source of chance."""

    def __init__(self, random: Random, shards: int | None = None) -> None:
        self.random = random
        self.shards = shards or random.randint(1, 9)
        self.names = 0
        self.flows: list[str] = []

    def program(self) -> str:
        """A program whose flow `main` can be started."""
        inner = [self._flow(index) for index in range(self.random.randint(0, 2))]
        body = Body("  ", ["u"], [], ["t.shards"])
        self._statements(body, self.random.randint(2, 10), depth=0)
        total = self._name()
        body.lines += [f"  {total} = one({self.random.choice(body.files)})", f"  keep {total} in volume"]
        main = ["flow main(t: ticks, u: units) -> " + total + " on bench {", *body.lines, "}"]
        return "\n".join([self._head(), STAGES, *inner, *main, ""])

    def _head(self) -> str:
        slots = self.random.randint(1, 5)
        return (
            f'snapshot ticks: Csv {{ from "t/{{shard}}" shards {self.shards} size 1MiB }}\n'
            'snapshot units: Csv { from "u" size 1MiB }\n'
            f"pod bench {{ slots {slots} cpu {slots * 2} memory 32PiB ram 16PiB node 64PiB volume 64PiB }}"
        )

    def _flow(self, index: int) -> str:
        body = Body("  ", ["a"], [], [])
        self._statements(body, self.random.randint(1, 4), depth=1)
        result = self._name()
        lines = [f"flow f{index}(a: File) -> {result} {{", *body.lines]
        lines += [f"  {result} = one({self.random.choice(body.files)})", "}"]
        self.flows.append(f"f{index}")
        return "\n".join(lines)

    def _name(self) -> str:
        self.names += 1
        return f"x{self.names}"

    def _statements(self, body: Body, count: int, depth: int) -> None:
        for _ in range(count):
            ways = [self._one, self._pair, self._split, self._note]
            ways += [self._two, self._many, self._call] if body.free else []
            ways += [self._keep, self._move] if body.unkept else []
            ways += [self._each, self._each] if depth < 3 else []
            self.random.choice(ways)(body, depth)

    def _one(self, body: Body, depth: int) -> None:
        self._let(body, f"one({self.random.choice(body.files)})")

    def _let(self, body: Body, value: str, place: bool = True) -> str:
        name = self._name()
        where = self.random.choice(("", "", " in node", " in volume")) if place else ""
        waits = self.random.sample(body.made, min(len(body.made), self.random.choice((0, 0, 0, 1, 3))))
        after = f" after {', '.join(waits)}" if waits else ""
        body.lines.append(f"{body.indent}{name}{where} = {value}{after}")
        body.made.append(name)
        body.files.append(name)
        if not where and place:
            body.unkept.append(name)
        return name

    def _two(self, body: Body, depth: int) -> None:
        self._let(body, f"two({self.random.choice(body.files)}, b: {self.random.choice(body.files)})")

    def _pair(self, body: Body, depth: int) -> None:
        name = self._let(body, f"pair({self.random.choice(body.files)})")
        body.files.remove(name)
        if name in body.unkept:
            body.unkept.remove(name)
        body.files += [f"{name}.left", f"{name}.right"]

    def _split(self, body: Body, depth: int) -> None:
        name = self._let(body, f"split({self.random.choice(body.files)})")
        body.files.remove(name)
        if name in body.unkept:
            body.unkept.remove(name)
        body.lists.append(name)

    def _many(self, body: Body, depth: int) -> None:
        if body.lists:
            self._let(body, f"many({self.random.choice(body.lists)}, {self.random.randint(0, 9)})")

    def _note(self, body: Body, depth: int) -> None:
        body.lines.append(f'{body.indent}note({self.random.choice(body.files)}, "n{self.random.randint(0, 9)}")')

    def _keep(self, body: Body, depth: int) -> None:
        value = body.unkept.pop(self.random.randrange(len(body.unkept)))
        body.lines.append(f"{body.indent}keep {value} in {self.random.choice(('node', 'volume'))}")

    def _move(self, body: Body, depth: int) -> None:
        place = self.random.choice(("node", "volume"))
        self._let(body, f"move {self.random.choice(body.unkept)} to {place}", place=False)

    def _call(self, body: Body, depth: int) -> None:
        if self.flows:
            self._let(body, f"{self.random.choice(self.flows)}({self.random.choice(body.files)})", place=False)

    def _each(self, body: Body, depth: int) -> None:
        constants = f"[{', '.join(str(number) for number in range(self.random.randint(1, 3)))}]"
        overs = [*body.lists, *body.shards, *([constants] if body.free else [])]
        if not overs:
            return
        over = self.random.choice(overs)
        item, name = self._name(), self._name()
        known = over.startswith("[") or over.endswith(".shards")
        free = body.free and known
        files = [*(body.files if free else []), *([] if over.startswith("[") else [item])]
        inner = Body(body.indent + "  ", files, [], [], free=free)  # elements of two lists do not meet (S2)
        self._statements(inner, self.random.randint(1, 3), depth + 1)
        last = self.random.choice(inner.files)
        body.lines += [f"{body.indent}{name} = each {item} in {over} {{", *inner.lines]
        body.lines += [f"{inner.indent}one({last})", f"{body.indent}}}"]
        body.made.append(name)
        if body.free:
            body.lists.append(name)


def program(seed: int, shards: int | None = None) -> str:
    """The program of a seed."""
    return Maker(Random(seed), shards).program()  # noqa: S311 - chance that can be repeated
