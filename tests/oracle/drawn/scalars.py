"""Scalars that stages give: given on, in texts, collected."""

from __future__ import annotations

from typing import ClassVar

from tests.oracle.drawn.block import Blocks
from tests.oracle.programs import Body, Way


class Scalars(Blocks):
    """`n = size(x)`, `cap(y, n: n)`, `title("{n} rows")`, `all = total(ns)`."""

    declares: ClassVar[dict[str, str]] = {
        "cap": 'stage cap(a: File, n: Int) -> out: File { run ["cap", n, a, out] }',
        "title": 'stage title(text: String) -> page: File { run ["title", text, page] size page 6MiB }',
        "total": 'stage total(rows: Int[]) -> all: Int { run ["total", rows, "--out", all] }',
    }

    def ways(self, depth: int) -> list[Way]:
        return [*super().ways(depth), *[self._captured] * 8, *([self._collected] * 6 if depth < 2 else [])]

    def _captured(self, body: Body, depth: int) -> None:
        if body.files:
            n = self.let(body, f"size({self.random.choice(body.files)})", place=False)
            self._used(body, n)

    def _used(self, body: Body, n: str) -> None:
        if self.random.random() < 0.6 and body.files:
            self._made(body, self.let(body, f"cap({self.random.choice(body.files)}, n: {n})"))
        else:
            self._made(body, self.let(body, f'title("{{{n}}} rows")'))

    def _collected(self, body: Body, depth: int) -> None:
        random = self.random
        over = random.choice(body.lists) if body.lists and random.random() < 0.5 else self.small(body)
        if over is None:
            return
        item = self.name()
        inside = self.inner(body, [item], [], 1, depth)
        rows = self.close(body, f"each {item} in {over}", inside, f"size({random.choice((item, *inside.files))})")
        if random.random() < 0.8:
            self._used(body, self.let(body, f"total({rows})", place=False))
