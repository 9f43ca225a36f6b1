"""Cycles, with one carry or two, and so many elements under way."""

from __future__ import annotations

from typing import ClassVar

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Cycles(Blocks):
    """`cycle x in L depth 2 { carry y from z = … }`."""

    declares: ClassVar[dict[str, str]] = {
        "onto": 'stage onto(sum: File, b: File) -> out: File { run ["onto", sum, b, out] size out 6MiB }',
    }

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *([self._cycle] * 14 if depth < 2 else [])]

    def _cycle(self, body: Body, depth: int) -> None:
        random = self.random
        constants = random.choice(("[1, 2]", "[1, 2, 3]"))
        over = random.choice([*body.lists, *body.lists, constants])
        item = self.name()
        start = self._start(body)
        if start is None:
            return
        files = [] if over == constants else [item, item]
        inside = self.inner(body, files, [], 2, depth)
        carry = self.name()
        self._carry(inside, carry, start)
        names = [carry]
        if random.random() < 0.3:
            names.append(self.name())
            given = carry if random.random() < 0.5 or over == constants else item
            if given == item and self.lies.get(over, self.inlet()):
                given = carry
            line = f"{inside.indent}carry {names[1]} from {start} = {given}"
            inside.lines.append(line)
        for name in names:
            self._made(inside, name)
            self.lies[name] = self.lies.get(start, 0)
            inside.written.append(name)
        self.statements(inside, random.choice((0, 0, 1, 2)), depth + 1)
        random.shuffle(names)
        deep = random.choice(("", "", " depth 2", " depth 2", " depth 3"))
        name = self.close(body, f"cycle {item} in {over}{deep}", inside)
        if len(names) == 1:
            self.lies[name] = self.lies.get(start, 0)
            self._made(body, name)
        else:
            body.files += [f"{name}.{one}" for one in names]

    def _start(self, body: Body) -> str | None:
        """What a carry begins as: as a rule as large, and on the place, as it goes on."""
        random = self.random
        if body.files and random.random() < 0.2:
            return random.choice(body.files)
        if not body.files:
            return None
        return self.let(body, f"tiny({random.choice(body.files)})", place=random.random() < 0.1)

    def _carry(self, inside: Body, carry: str, start: str) -> None:
        random = self.random
        files = inside.files
        way = random.random()
        if way < 0.65 and files:
            call = f"onto({carry}, b: {random.choice(files)})"
        elif way < 0.7 and files:
            call = f"two({carry}, b: {random.choice(files)})"
        elif way < 0.75 and files:
            call = f"tiny({random.choice(files)})"
        else:
            call = f"{random.choice(('one', 'one', 'tiny'))}({carry})"
        self.steps += 1
        inside.lines.append(f"{inside.indent}carry {carry} from {start} = {call}")
