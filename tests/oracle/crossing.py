"""Random flows across pods: units one after the other and side by side, and lists of what they give."""

from __future__ import annotations

from random import Random

#: Flows on a pod: of a slice, of one value, of a list.
OF_SLICES = ("part", "noisy", "fan", "cuts")
OF_ONE = ("again", "one", "vol", "keeps", "pins")
OF_LISTS = ("add({})", "mix({})", "wide({})", "lists({})", "tree_reduce({}, with: add, arity: 2)")

MORE = """\
flow two_of(x: Csv, y: Csv) -> z on bench { p = two(x, b: y) z = one(p) keep z in volume }
flow vol(x: Csv) -> z on bench { p in volume = one(x) q in volume = one(p) z = two(p, b: q) keep z in volume }
flow keeps(x: Csv) -> z on bench { p = one(x) keep p in volume q = one(p) keep q in volume until z z = two(q, b: p) keep z in volume }
flow pins(x: Csv) -> z on bench { p = one(x) z = pin p in volume }
flow cuts(t: ticks) -> z on bench { l = cut(t) m = each x in l { one(x) } z = mix(m) keep z in volume }
flow lists(xs: Csv[]) -> z on bench { m = each x in xs { one(x) } z = mix(m) keep z in volume }
flow pair(x: Csv) -> (u, v) on bench { u = one(x) v in volume = one(u) keep u in volume }
"""  # noqa: E501 - a flow a line


class Crosser:
    """Makes the flow of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - chance that can be repeated
        self.number = 0

    def flow(self) -> str:
        """The text of the flow `main`; it needs those of `MORE`, and those of the tests."""
        files, lists = ["d"], list[str]()
        lines = [line for _ in range(self.random.randrange(2, 4)) for line in self._statement(files, lists)]
        last = self.name()
        ends = self.random.choice(OF_LISTS[:2]).format(lists[-1]) if lists else f"two({files[-1]}, b: {files[0]})"
        survives = self.random.choice(("", " survives node"))
        body = "\n".join((*lines, f"  {last} = {ends}"))
        return f"flow main(t: ticks, d: day) -> {last} across bench{survives} {{\n{body}\n}}\n"

    def name(self) -> str:
        """A new one."""
        self.number += 1
        return f"v{self.number}"

    def _statement(self, files: list[str], lists: list[str]) -> list[str]:
        chance, name = self.random.random(), self.name()
        if chance < 0.4:
            lines = self._each(name, files, lists)
            lists.append(name)
            return lines
        if chance < 0.5:
            line = f"  {name} = pair({self.random.choice(files)})"
            files += (f"{name}.u", f"{name}.v")
            return [line]
        if lists and chance < 0.65:
            line = f"  {name} = {self.random.choice(OF_LISTS).format(self.random.choice(lists))}"
        else:
            line = f"  {name} = {self._call(files)}"
        files.append(name)
        return [line]

    def _call(self, files: list[str]) -> str:
        one, other = self.random.choice(files[-3:]), self.random.choice(files)
        calls = [f"{flow}({one})" for flow in OF_ONE]
        calls += (f"two({one}, b: {other})", f"two_of({one}, y: {other})")
        return self.random.choice(calls)

    def _each(self, name: str, files: list[str], lists: list[str]) -> list[str]:
        item, over, inner, lines = self.name(), self.random.choice((*lists, "t.shards")), [*files], list[str]()
        if over == "t.shards":
            inner.append(self.name())
            lines.append(f"    {inner[-1]} = {self.random.choice(OF_SLICES)}({item})")
        else:
            inner.append(item)
        for _ in range(self.random.randrange(0, 2)):
            new = self.name()
            lines.append(f"    {new} = {self._call(inner)}")
            inner.append(new)
        ends = inner[-1] if lines and self.random.random() < 0.3 else self._call(inner)
        return [f"  {name} = each {item} in {over} {{", *lines, f"    {ends}", "  }"]


def flow(seed: int) -> str:
    """The flow of a seed."""
    return Crosser(seed).flow()
