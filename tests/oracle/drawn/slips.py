"""What a person does by mistake: a name twice, a path twice, a name from inside of a block, a pod that is too small."""

from __future__ import annotations

import re

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Slips(Blocks):
    """Programs whose names, paths and pods may be wrong."""

    def ways(self, depth: int) -> list[Way]:
        ways = [*super().ways(depth), self._twice, *[self._inside] * 2, *[self._send] * 5]
        return [*ways, *([self._send_each] * 6 if depth < 2 else [])]

    def _head(self) -> str:
        """The pod may have cores of its own, and too few of them, or too little memory."""
        random, head = self.random, super()._head()
        cores = random.choice(("1", "2", "2", "4", "1 exclusive", "2 exclusive", "4 exclusive", "1.5 exclusive", "8"))
        memory = random.choice(("1GiB", "1100MiB", "2GiB", "4GiB", "8GiB"))
        head = re.sub(r" cpu \d ", f" cpu {cores} ", head)
        ram = re.search(r" ram (\d+)MiB", head)
        if ram and random.random() < 0.4:  # enough for all stages and the scratch, if no slot is to have all of that
            slots = int(head.partition("slots ")[2][0])
            head = re.sub(r" cpu \S+( exclusive)? ", f" cpu {slots} exclusive ", head)
            memory = f"{512 * slots + int(ram.group(1)) + random.choice((0, 6, 12))}MiB"
        return re.sub(r" memory \dGiB ", f" memory {memory} ", head)

    def _twice(self, body: Body, depth: int) -> None:
        if body.mine and body.files:
            name = self.random.choice(body.mine)
            self.steps += 1
            body.lines.append(f"{body.indent}{name} = one({self.random.choice(body.files)})")

    def _inside(self, body: Body, depth: int) -> None:
        """Reads what a block wrote inside."""
        names = [
            found.group(1)
            for line in body.lines
            if (found := re.match(rf"{body.indent}  +(x\d+)(?: in \w+)? = ", line))
        ]
        if names:
            self._made(body, self.let(body, f"one({self.random.choice(names)})"))

    def _send(self, body: Body, depth: int) -> None:
        left = [name for name in body.mine if name not in body.kept]
        if left:
            name = self.random.choice(left)
            self.steps += 1
            body.lines.append(f'{body.indent}keep {name} in remote "s3://out/{self._path()}"')

    def _path(self) -> str:
        """One of few: now and then the same twice."""
        return f"{self.random.choice('abcdefgh')}.bin"

    def _send_each(self, body: Body, depth: int) -> None:
        random = self.random
        if not body.files:
            return
        item, inside = self.name(), Body(body.indent + "  ", [random.choice(body.files)], [])
        made = self.let(inside, f"{random.choice(('one', 'tiny'))}({inside.files[0]})")
        shown = f"{{{item}}}/" if random.random() < 0.85 else ""
        inside.lines.append(f'{inside.indent}keep {made} in remote "s3://out/{shown}{self._path()}"')
        name = self.close(body, f'each {item} in ["a", "b"]', inside, made)
        self.lies[name] = self.lies[made]
        body.lists.append(name)
