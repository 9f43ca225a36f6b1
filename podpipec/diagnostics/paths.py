"""Paths and columns as other programs want them: relative to a folder, counted in UTF-16."""

from __future__ import annotations

import posixpath

from podpipec.source import Source


def relative(path: str, base: str) -> str | None:
    """A path seen from a folder; nothing if it is not inside. `base` is absolute; a relative path starts there."""
    whole = posixpath.normpath(posixpath.join(base, path))
    inside = base.rstrip("/") + "/"
    return whole[len(inside) :] if whole.startswith(inside) else None


def utf16(source: Source, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, the column in UTF-16 code units."""
    position = source.position(offset)
    before = source.text[offset - position.column + 1 : offset]
    return position.line, 1 + len(before.encode("utf-16-le")) // 2
