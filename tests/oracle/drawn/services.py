"""Stages that call services, with secrets, and what they say recorded, as a rule before anything relies on it."""

from __future__ import annotations

from typing import ClassVar

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Services(Blocks):
    """`raw = asks(x)`, `fixed = pin raw in volume`."""

    declares: ClassVar[dict[str, str]] = {
        "quotes": 'service quotes { url "https://quotes.example" }',
        "token": "secret token",
        "ask": 'stage ask(a: File) -> out: File { calls quotes run ["ask", quotes, a, out] size out 6MiB }',
        "asks": """stage asks(a: File) -> out: File {
      calls quotes idempotent retry 2 run ["asks", quotes, a, out] size out 6MiB
    }""",
        "poll": """stage poll(a: File) -> out: File {
      calls quotes retry 1 run ["poll", quotes, a, out] size out 6MiB
    }""",
        "told": 'stage told(a: File) -> out: File { secret token run ["told", a, out] }',
        "says": 'stage says(a: File) -> n: Int { calls quotes idempotent run ["says", quotes, a, n] }',
    }

    def ways(self, depth: int) -> list[Way]:
        ways = [*super().ways(depth), *[self._ask] * 8, *[self._tell] * 4, self._pin]
        return [*ways, *([self._ask_each] * 4 if depth < 2 else [])]

    def _ask(self, body: Body, depth: int) -> None:
        random = self.random
        if not body.files:
            return
        stage = random.choice(("ask", "asks", "asks", "asks", "asks", "poll")) if random.random() < 0.5 else "asks"
        raw = self.let(body, f"{stage}({random.choice(body.files)})")
        way = random.random()
        if way < 0.3:
            raw = self.let(body, f"{random.choice(('one', 'tiny'))}({raw})")
        if way < 0.85:
            self._pinned(body, raw)
        else:
            self._made(body, raw)

    def _pinned(self, body: Body, raw: str, many: bool = False) -> None:
        random = self.random
        places = [place for place in self.places if place != "ram"]
        if not places:
            return
        place = random.choice(places)
        fixed = self.let(body, f"pin {raw} in {place}", place=False)
        self.lies[fixed] = self.places.index(place)
        if many:
            body.lists.append(fixed)
        else:
            self._made(body, fixed)

    def _pin(self, body: Body, depth: int) -> None:
        if body.files:
            self._pinned(body, self.random.choice(body.files))

    def _tell(self, body: Body, depth: int) -> None:
        if body.files:
            self._made(body, self.let(body, f"told({self.random.choice(body.files)})"))

    def _ask_each(self, body: Body, depth: int) -> None:
        """What a service says of each element, pinned there, or all of it behind."""
        random = self.random
        over = self.small(body)
        if over is None:
            return
        item, inside = self.name(), Body(body.indent + "  ", [], [])
        raw = self.let(inside, f"asks({item})", place=False)
        within = random.random() < 0.4
        if within:
            self._pinned(inside, raw)
        tail = inside.files[-1] if inside.files else raw
        name = self.close(body, f"each {item} in {over}", inside, tail)
        self.lies[name] = self.lies.get(tail, 0)
        if not within and random.random() < 0.6:
            self._pinned(body, name, many=True)
        elif within or random.random() < 0.5:
            body.lists.append(name)
