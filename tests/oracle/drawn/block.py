"""What statements with a body have in common."""

from __future__ import annotations

from tests.oracle.programs import Body, Maker


class Blocks(Maker):
    """Opens bodies, and closes them behind a name."""

    def inner(self, body: Body, files: list[str], lists: list[str], most: int, depth: int) -> Body:
        """A body with a few statements, that may use one value from outside, too."""
        random = self.random
        outer = random.sample(body.files, min(len(body.files), random.choice((0, 0, 1))))
        inside = Body(body.indent + "  ", [*outer, *files], lists)
        self.statements(inside, random.randint(0, most), depth + 1)
        return inside

    def close(self, body: Body, head: str, inside: Body, tail: str = "") -> str:
        """Put the body behind what opens it; the name of what it gives."""
        self.steps += 1
        name = self.name()
        last = [f"{inside.indent}{tail}"] if tail else []
        body.lines += [f"{body.indent}{name} = {head} {{", *inside.lines, *last, f"{body.indent}}}"]
        body.written.append(name)
        return name

    def written_to(self, inside: Body, call: str, lies: int) -> str:
        """The last line of a body, whose value lies on a place."""
        if not lies or lies >= len(self.places):
            return call
        name = self.name()
        inside.lines.append(f"{inside.indent}{name} in {self.places[lies]} = {call}")
        return name

    def inlet(self) -> int:
        """Where slices lie: the number of the place among the pod's."""
        return self.places.index(next(place for place in ("node", "ram", "volume") if place in self.places))

    def small(self, body: Body) -> str | None:
        """A list of known length, and as a rule of small elements, where they are written otherwise; its name."""
        random = self.random
        sources = [name for name in body.lists if "." in name or "[" in name]
        if sources and random.random() < 0.2:
            return random.choice(sources)
        if body.lists and random.random() < 0.2:
            return random.choice(body.lists)
        item = self.name()
        if not sources and not body.files:
            return None
        over = random.choice(sources) if sources and random.random() < 0.7 else random.choice(("[1, 2]", "[1, 2, 3]"))
        inside = Body(body.indent + "  ", [], [])
        of = item if over in sources else random.choice(body.files) if body.files else None
        if of is None:
            return None
        call = f"{random.choice(('tiny', 'tiny', 'one'))}({of})"
        lies = random.choice((0, 0, 0, 1)) % len(self.places)
        tail = self.written_to(inside, call, lies)
        name = self.close(body, f"each {item} in {over}", inside, tail)
        self.lies[name] = lies
        body.lists.append(name)
        return name
