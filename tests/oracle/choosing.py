"""Small programs with choices and fallbacks in them, made as the others are."""

from __future__ import annotations

from random import Random

from tests.oracle.programs import Body, Maker


class Choosing(Maker):
    """Makes a choice, or a fallback, where the others make another statement, now and then."""

    def statement(self, body: Body, depth: int) -> None:
        roll = self.random.random()
        if roll < 0.25 and depth < 2 and body.files:
            self._if(body, depth)
        elif roll < 0.3 and body.files:
            self._fallback(body)
        else:
            super().statement(body, depth)

    def _if(self, body: Body, depth: int) -> None:
        """With a value, or for its own sake; a branch may hand on what is from outside."""
        random = self.random
        n = self.let(body, f"size({random.choice(body.files)})", place=False)
        body.written.remove(n)
        ways = []
        for _ in range(2):
            inner = Body(body.indent + "  ", list(body.files), list(body.lists) if random.random() < 0.3 else [])
            inner.mine += body.mine if random.random() < 0.3 else []
            inner.kept |= body.kept
            self.statements(inner, random.choice((0, 1, 2, 2)), depth + 1)
            last = random.choice(inner.files[-2:])
            handed_on = random.random() < 0.4 and not self.lies.get(last, 0) and last in body.mine + inner.mine
            tail = last if handed_on else f"{random.choice(('one', 'half', 'tiny'))}({last})"
            self.steps += 1
            ways.append([*inner.lines, f"{inner.indent}{tail}"])
        name = self.name()
        self.lies[name] = 0  # on the same place, whichever branch it was
        head = f"{body.indent}{name} = if {n} > 3 {{"
        body.lines += [head, *ways[0], f"{body.indent}}} else {{", *ways[1], f"{body.indent}}}"]
        body.written.append(name)
        body.files.append(name)
        body.mine.append(name)

    def _fallback(self, body: Body) -> None:
        """Unstable, and so only read on."""
        file, other = self.random.choice(body.files), self.random.choice(body.files)
        body.files.append(self.let(body, f"half({file}) else two({other}, b: {file})", tail=False))


def program(seed: int) -> str:
    """The program of a seed."""
    return Choosing(Random(seed)).program()  # noqa: S311 - seeded randomness is what these tests are made of
