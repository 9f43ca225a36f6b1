"""Names and paths that are written twice (S3)."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.syntax import tree


def twice(flow: tree.Flow) -> str | None:
    """A name that a flow writes twice, in one body or in one inside of it; nothing if there is none."""
    given = {parameter.name.text for parameter in flow.inputs}
    return next(_twice(flow.body, given), None)


def _twice(body: tuple[tree.Statement, ...], around: set[str]) -> Iterator[str]:
    known = set(around)
    for statement in body:
        if isinstance(statement, tree.Let | tree.Flowing):
            if statement.name.text in known:
                yield statement.name.text
            known.add(statement.name.text)
    for statement in body:
        yield from _inside(None if isinstance(statement, tree.Keep) else statement.value, known)


def _inside(value: object, known: set[str]) -> Iterator[str]:
    match value:
        case tree.Each() | tree.Fold() | tree.Cycle():
            if value.item.text in known:
                yield value.item.text
            yield from _twice(value.body, {*known, value.item.text})
        case tree.If():
            yield from _twice(value.then, known)
            if isinstance(value.otherwise, tuple):
                yield from _twice(value.otherwise, known)
            else:
                yield from _inside(value.otherwise, known)


class Paths:
    """Where copies are written."""

    def __init__(self) -> None:
        self._seen: dict[tuple[object, ...], object] = {}
        self.broken = ""

    def write(self, keep: tree.Keep, path: str, of: tuple[int, ...]) -> None:
        """A copy of this value; `path` is what the text of its path comes to, for `remote`."""
        remote = keep.place.text == "remote"
        key: tuple[object, ...] = ("remote", path) if remote else (keep.place.text, of)
        first = self._seen.get(key)
        if first is not None and (remote or first != keep.span):
            self.broken = f"`{path or keep.place.text}` is written twice"
        self._seen[key] = keep.span
