"""Copies that go again when what is made of them is there."""

from __future__ import annotations

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Released(Blocks):
    """`keep x in node until y`."""

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *[self._until] * 12]

    def _until(self, body: Body, depth: int) -> None:
        random = self.random
        left = [name for name in body.mine if name not in body.kept]
        if not left or random.random() < 0.3:
            if not body.files:
                return
            self._made(body, self.let(body, f"{random.choice(('one', 'tiny'))}({random.choice(body.files)})"))
            left = [body.mine[-1]]
        kept = random.choice(left)
        places = self.places[self.lies.get(kept, 0) + 1 :]
        if not places:
            return
        last = kept if random.random() < 0.8 else random.choice(body.files)
        for _ in range(random.choice((1, 1, 2))):
            last = self.let(body, f"{random.choice(('one', 'half', 'tiny'))}({last})")
            self._made(body, last)
        if random.random() < 0.1:
            last = random.choice(body.mine)
        if last == kept:
            return
        self.steps += 1
        body.kept.add(kept)
        body.lines.append(f"{body.indent}keep {kept} in {random.choice(places)} until {last}")
        if random.random() < 0.6 and last not in body.kept:
            self._keep_in(body, last)
