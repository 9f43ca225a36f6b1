"""Random small programs with trees, graphs, streams, helpers, flows that are run, pins and copies that go again."""

from __future__ import annotations

from random import Random

from tests.oracle.shapes import HEAD


class Body:
    """Statements in the making, and the values that they can read: those made in the body itself last."""

    def __init__(self, indent: str, files: list[str], lists: list[str], loops: tuple[str, ...] = ()) -> None:
        self.indent, self.files, self.lists, self.loops = indent, files, lists, loops
        self.lines: list[str] = []
        self.made: list[str] = []
        self.helpers: list[str] = []
        self.read: set[str] = set()

    def inner(self, loop: str = "") -> Body:
        """A body in this one."""
        body = Body(self.indent + "  ", [*self.files], [*self.lists], (*self.loops, *([loop] if loop else [])))
        body.helpers = [*self.helpers]
        return body


class Grower:
    """Makes one program out of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - chance that can be repeated
        self.number = 0
        self.steps = 0

    def program(self) -> str:
        """The whole text."""
        body = Body("  ", ["d"], [])
        kind = self.random.choice(("walk", "walk", "graph", "graph", "plain"))
        self.statements(body, self.random.randrange(0, 3))
        if kind == "walk":
            self._walk(body, "b")
        elif kind == "graph":
            self._graph(body, "g")
        self.statements(body, self.random.randrange(1, 4))
        last = self._call(body)
        body.lines.append(f"  keep {last} in volume")
        survives = self.random.choice(("", " survives pod"))
        given = {"walk": "b: book, d: days", "graph": "g: deals, d: days"}.get(kind, "d: days, t: ticks")
        return f"{HEAD}\nflow main({given}) -> {last} on bench{survives} {{\n" + "\n".join(body.lines) + "\n}\n"

    def name(self) -> str:
        """A new one."""
        self.number += 1
        return f"v{self.number}"

    def file(self, body: Body) -> str:
        """Some value, rather a late one."""
        found = self.random.choice(body.files[-3:] if self.random.random() < 0.7 else body.files)
        body.read.add(found)
        return found

    def put(self, body: Body, expression: str) -> str:
        """A value of its own name."""
        name = self.name()
        body.lines.append(f"{body.indent}{name} = {expression}")
        body.files.append(name)
        body.made.append(name)
        self.steps += 1
        return name

    def statements(self, body: Body, count: int, depth: int = 0) -> None:
        """So many statements of any kind; fewer where there are too many steps already."""
        for _ in range(count):
            if self.steps < 7:
                self._statement(body, depth)

    def _statement(self, body: Body, depth: int) -> None:
        random = self.random
        ways = [self._call] * 6 + [self._keep, self._keep, self._pin, self._stream, self._consume, self._recipe]
        if depth < 2:
            ways += [self._each, self._with, self._if]
        random.choice(ways)(body)

    def _call(self, body: Body) -> str:
        random = self.random
        asks = [f"ask({self.file(body)}, {helper})" for helper in body.helpers] * 2
        lists = [f"own({self.file(body)}, {one})" for one in body.lists] + [f"sum({one})" for one in body.lists]
        first, second = self.file(body), self.file(body)
        return self.put(
            body, random.choice((f"dbl({first})", f"mid({first})", f"like({first}, b: {second})", *asks, *lists))
        )

    def _keep(self, body: Body) -> None:
        if not body.made:
            return
        value, place = self.random.choice(body.made), self.random.choice(("node", "volume"))
        until = ""
        if self.random.random() < 0.6:
            until = f" until {self.put(body, f'dbl({value})')}"
        if not any(f"keep {value} in {place}" in line for line in body.lines):
            body.lines.append(f"{body.indent}keep {value} in {place}{until}")
            self.steps += 1

    def _pin(self, body: Body) -> None:
        if body.made:
            self.put(body, f"pin {self.random.choice(body.made)} in volume")

    def _stream(self, body: Body) -> None:
        pipe, source = self.name(), self.file(body)
        body.lines.append(f"{body.indent}{pipe} = pour({source})")
        self.steps += 1
        self.put(body, self.random.choice((f"drink({pipe})", f"sip({pipe}, {self.file(body)})")))

    def _consume(self, body: Body) -> None:
        own = [name for name in body.made if name not in body.read and name in body.files]
        if own and not any(own[-1] in line.split("keep")[-1] for line in body.lines if "keep" in line):
            body.files.remove(own[-1])
            body.made.remove(own[-1])
            self.put(body, f"sort(consume {own[-1]})")

    def _recipe(self, body: Body) -> None:
        if self.random.random() < 0.4:
            cooked = self.name()
            body.lines.append(f"{body.indent}{cooked} = cook({self.file(body)})")
            name = self.put(body, f"run {cooked}({self.file(body)})")
            body.lines[-1] = body.lines[-1].replace(f"{name} =", f"{name}: Csv =")
            self.steps += 1

    def _last(self, inner: Body, depth: int) -> None:
        """The last line of a body, which is its value."""
        self.statements(inner, self.random.randrange(0, 3), depth + 1)
        if not inner.made or self.random.random() < 0.6:
            self._call(inner)
        last = inner.lines[-1].strip()
        inner.lines[-1] = (
            inner.indent + last.partition(" = ")[2] if last.startswith("v") and "Csv" not in last else last
        )
        if last.startswith("keep") or "Csv" in last:
            inner.lines[-1] = inner.indent + last
            inner.lines.append(inner.indent + inner.made[-1])

    def _each(self, body: Body) -> None:
        item, over = self.name(), self.random.choice((*body.lists, "[1, 2]"))
        inner = body.inner("each")
        if over != "[1, 2]":
            inner.files.append(item)
        self._last(inner, 1)
        name = self.put(body, f"each {item} in {over} {{")
        body.files.remove(name)
        body.made.remove(name)
        body.lines += [*inner.lines, f"{body.indent}}}"]
        body.lists.append(name)

    def _with(self, body: Body) -> None:
        helper, data = self.name(), self.file(body)
        inner = body.inner()
        inner.helpers = [helper]
        self.put(inner, f"ask({self.file(inner)}, {helper})")
        self._last(inner, 1)
        self.put(body, f"with {helper} = redis({data}) {{")
        body.lines += [*inner.lines, f"{body.indent}}}"]

    def _if(self, body: Body) -> None:
        number = self.name()
        body.lines.append(f"{body.indent}{number} = many({self.file(body)})")
        ways = []
        for _ in range(2):
            inner = body.inner()
            self._last(inner, 1)
            ways.append(inner.lines)
        self.put(body, f"if {number} > 2 {{")
        body.lines += [*ways[0], f"{body.indent}}} else {{", *ways[1], f"{body.indent}}}"]

    def _walk(self, body: Body, tree: str) -> None:
        random = self.random
        node, inner = self.name(), body.inner("walk")
        inner.files += [node, node]
        order, depth = random.choice(
            (("depth_first", " depth 3"), ("depth_first", " depth 2"), ("depth_first", ""), ("breadth_first", ""))
        )
        down = random.random() < 0.5
        if down:
            name, start = self.name(), self.file(body)
            value = random.choice((f"mid({name})", f"like({node}, b: {name})", name, f"dbl({name})"))
            inner.lines.append(f"{inner.indent}down {name} from {start} = {value}")
            inner.files.append(name)
        self.statements(inner, random.randrange(0, 3), 1)
        up = self.name()
        inner.lists.append(f"children.{up}")
        self.statements(inner, random.randrange(0, 2), 1)
        value = random.choice(
            (f"own({node}, children.{up})", f"add({node}, children.{up})", f"like({node}, b: {self.file(inner)})")
        )
        inner.lines.append(f"{inner.indent}up {up} = {value}")
        self.put(body, f"walk {node} in {tree} {order} width {random.choice((1, 2))}{depth} {{")
        body.lines += [*inner.lines, f"{body.indent}}}"]

    def _graph(self, body: Body, graph: str) -> None:
        node, inner = self.name(), body.inner("run")
        inner.files += [node, node]
        inner.lists.append("needs")
        self.statements(inner, self.random.randrange(0, 3), 1)
        inner.lines.append(
            f"{inner.indent}{self.random.choice((f'own({node}, needs)', f'like({node}, b: {self.file(inner)})'))}"
        )
        name = self.put(body, f"run {node} in depends_on({graph}) width {self.random.choice((1, 2))} {{")
        body.lines += [*inner.lines, f"{body.indent}}}"]
        body.files.remove(name)
        body.made.remove(name)
        body.lists.append(name)


def program(seed: int) -> str:
    """The program of a seed."""
    return Grower(seed).program()
