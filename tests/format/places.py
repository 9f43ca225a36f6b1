"""To what a comment belongs, told from tokens, lines and spans alone: an oracle that knows nothing of the formatter."""

from __future__ import annotations

from typing import Any, get_args

from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.syntax.parsing import tokens
from tests.syntax.nodes import walk

ITEMS = (tree.Setting, *get_args(tree.Statement), *get_args(tree.Declaration))


def owners(text: str) -> dict[str, tuple[str, int]]:
    """For each comment by its text: the number of the thing that it is in, behind or before, or of the block it ends.

    Things are numbered in the order of the text. A comment inside a thing is the thing's, and so is one before its
    first word or behind its last one on the same line. One at a block's end belongs to what the block is of.
    """
    parsed = parse(Source("x.flow", text))
    assert not parsed.diagnostics
    things = sorted((node.span for node in walk(parsed.module) if isinstance(node, ITEMS)), key=lambda span: span.start)
    words = list(tokens(text, []))
    found = {}
    for comment in parsed.module.comments:
        assert comment.text not in found, "the oracle needs comments of different texts"
        found[comment.text] = _owner(text, comment.span.start, things, words)
    return found


def _owner(text: str, at: int, things: list[Any], words: list[tuple[str, str, int, int]]) -> tuple[str, int]:
    coming = next(start for kind, _, start, _ in words if start >= at and kind != "DOC")
    behind = max((end for kind, _, _, end in words if end <= at and kind != "DOC"), default=-1)
    last = max((end for _, _, _, end in words if end <= at), default=-1)
    inside = [number for number, span in enumerate(things) if span.start < at < span.end]
    ended = [number for number, span in enumerate(things) if span.end == behind]
    if ended and last == behind and "\n" not in text[behind:at]:
        return ("of", ended[-1])
    begun = [number for number, span in enumerate(things) if span.start == coming]
    if begun and not (behind >= 0 and text[behind - 1] == "{" and "\n" not in text[behind:at]):
        return ("of", begun[0])
    closes = text[coming : coming + 1] in ("}", "") and (ended or (behind > 0 and text[behind - 1] == "{"))
    if closes and text[behind - 1] != "{":
        return ("end", inside[-1] if inside else -1)
    return ("of", inside[-1] if inside else -1)
