"""Groups of neighbours, tumbling and rolling, and folds."""

from __future__ import annotations

from typing import ClassVar

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Groups(Blocks):
    """`each g in L by 2 step 1 { … }`."""

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *([self._groups] * 12 if depth < 2 else [])]

    def _groups(self, body: Body, depth: int) -> None:
        random = self.random
        over = random.choice(body.lists) if body.lists and random.random() < 0.6 else self.small(body)
        if over is None:
            return
        size = random.choice((2, 2, 2, 3))
        hop = random.choice(("", "", " step 1", " step 1", f" step {size}"))
        item = self.name()
        inside = self.inner(body, [], [item, item], 2, depth)
        way = random.random()
        if way < 0.25:
            element = self.name()
            made = Body(inside.indent + "  ", [], [])
            held = self.close(inside, f"each {element} in {item}", made, f"{random.choice(('one', 'half'))}({element})")
            tail = f"{random.choice(('many', 'most'))}({held})"
        elif way < 0.4 and inside.files:
            first = self.let(inside, f"most({item})", place=False)
            tail = f"two({first}, b: {random.choice(inside.files)})"
        else:
            tail = f"{random.choice(('many', 'most', 'most'))}({item})"
        name = self.close(body, f"each {item} in {over} by {size}{hop}", inside, tail)
        self.lies[name] = 0
        body.lists.append(name)


class Folds(Blocks):
    """`fold g in L by 2 { … }`, here or in a pattern."""

    declares: ClassVar[dict[str, str]] = {
        "shrunk": """flow shrunk<A>(items: A[], with: stage(A[]) -> A, n: Int) -> all {
      all = fold group in items by n { with(group) }
    }""",
        "less": 'stage less(parts: File[], a: File) -> out: File { run ["less", out, a, parts] size out 6MiB }',
    }

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *([self._fold] * 12 if depth < 2 else [])]

    def _fold(self, body: Body, depth: int) -> None:
        random = self.random
        over = self.small(body)
        if over is None:
            return
        lies = self.lies.get(over, self.inlet())
        size = random.choice((2, 2, 2, 3, 4))
        if lies == 0 and random.random() < 0.4:
            name = self.let(
                body,
                f"shrunk({over}, with: {random.choice(('most', 'most', 'most', 'most', 'many'))}, n: {size})",
                False,
            )
            self._made(body, name)
            return
        item = self.name()
        inside = self.inner(body, [], [item], 2, depth)
        call = f"{random.choice(('most', 'most', 'most', 'many'))}({item})"
        if inside.files and random.random() < 0.4:
            call = f"less({item}, a: {random.choice(inside.files)})"
        tail = self.written_to(inside, call, lies if random.random() < 0.9 else 0)
        name = self.close(body, f"fold {item} in {over} by {size}", inside, tail)
        self.lies[name] = lies
        self._made(body, name)
