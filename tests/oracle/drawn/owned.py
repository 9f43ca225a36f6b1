"""Stages that work in place: they own what they are given, as a rule after all others have read it."""

from __future__ import annotations

import re
from typing import ClassVar

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Owned(Blocks):
    """`sorts(consume x)`, of a value, of a list, of each element."""

    declares: ClassVar[dict[str, str]] = {
        "sorts": 'stage sorts(consume a: File) -> out: File { run ["sorts", a, out] }',
        "eats": 'stage eats(consume parts: File[]) -> out: File { run ["eats", out, parts] size out 6MiB }',
        "mixes": 'stage mixes(consume a: File, b: File) -> out: File { run ["mixes", a, b, out] size out a }',
        "tidies": "flow tidies(consume a: File) -> r { r = sorts(consume a) }",
    }

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *[self._consume] * 8, *([self._consume_list] * 10 if depth < 2 else [])]

    def _consume(self, body: Body, depth: int) -> None:
        random = self.random
        if random.random() < 0.6 and body.files:
            self._made(body, self.let(body, f"{random.choice(('one', 'tiny'))}({random.choice(body.files)})"))
            taken = body.mine[-1]
            if random.random() < 0.4:
                self.statement(body, depth)  # which may read it
        elif body.mine or body.files:
            taken = random.choice(body.mine * 4 + body.files)
        else:
            return
        way = random.random()
        other = self._file(body)
        call = f"sorts(consume {taken})" if way < 0.6 else f"tidies(consume {taken})"
        if way > 0.85 and other and (other != taken or random.random() < 0.1):
            call = f"mixes(consume {taken}, b: {other})"
        self._last(body, taken, call)

    def _last(self, body: Body, taken: str, call: str) -> None:
        """The call, as a rule behind all that reads the value, which as a rule nobody reads later."""
        random = self.random
        readers = self._readers(body, taken) if random.random() < 0.85 else []
        name = self.let(body, call, place=False, tail=False)
        if readers:
            body.lines[-1] += f" after {', '.join(readers)}"
        self.lies[name] = 0
        self._made(body, name)
        if random.random() < 0.9:
            for known in (body.files, body.lists, body.mine):
                known[:] = [one for one in known if one != taken]

    def _readers(self, body: Body, taken: str) -> list[str]:
        """The statements of this body that name a value, at any depth."""
        found: dict[str, None] = {}
        name = ""
        for line in body.lines:
            top = re.match(rf"{body.indent}(\w+)[^=]* = ", line)
            name = top.group(1) if top else name
            named = re.search(rf"\b{taken}\b", line.partition(" = ")[2] if top else line)
            if named and name and name != taken:
                found[name] = None
        return [one for one in found if one in body.written]

    def _consume_list(self, body: Body, depth: int) -> None:
        random = self.random
        over = random.choice(body.lists) if body.lists and random.random() < 0.15 else self.small(body)
        if over is not None and re.search(r"[.\[]", over) and random.random() < 0.7:
            return  # shards and windows are nobody's own
        if over is None:
            return
        if random.random() < 0.35:
            self._last(body, over, f"eats(consume {over})")
            return
        item = self.name()
        inside = self.inner(body, [], [], 1, depth)
        readers = self._readers(body, over) if random.random() < 0.8 else []
        grouped = random.choice(("", "", "", "", "", " by 2", " by 2 step 1"))
        if random.random() < 0.2 and not grouped:
            inside.lines.append(f"{inside.indent}note({item})")
        tail = f"eats(consume {item})" if grouped else f"sorts(consume {item})"
        name = self.close(body, f"each {item} in {over}{grouped}", inside, tail)
        if readers:
            body.lines[-1] += f" after {', '.join(readers)}"
        body.lists[:] = [one for one in body.lists if one != over or random.random() < 0.1]
        body.lists.append(name)
        self.lies[name] = 0
