"""Remarks: comments and doc comments, and to what of the tree each of them belongs.

The places where a remark may stand, and what becomes of it:

- between two things of a block: on a line of its own it stays before the next thing, or at the block's end;
  behind a thing it stays behind it;
- behind the brace that opens a block, or right before it: it stands behind the brace;
- inside a thing: behind a word it ends that word's line, else it goes on a line of its own before the next word, or
  before the closing bracket if there is none; where none of this is left it goes before the thing;
- a doc comment always goes on a line of its own before its declaration.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from podpipec.format.nodes import ITEMS, LEAVES, children
from podpipec.source import Source
from podpipec.syntax import tree
from podpipec.syntax.node import Node
from podpipec.syntax.parsing import tokens
from podpipec.syntax.tokens import Token
from podpipec_runtime.tuples import NamedTuple


class Remark(NamedTuple):
    """A comment with its signs, and whether an empty line stands before it."""

    text: str
    blank: bool


class Braces(NamedTuple):
    """A block's braces: their offsets, and whether the block may stay on the one line on which it was written."""

    open: int
    close: int
    short: bool


class Notes(NamedTuple):
    """What a printer must know of the source beside the tree. All keys are offsets."""

    before: Mapping[int, tuple[Remark, ...]]  # by the start of a thing, of a closing brace, or the end of the text
    behind: Mapping[int, str]  # by the end of a thing, or the start of an opening brace
    word: Mapping[int, str]  # by the start of a word: what ends its line
    above: Mapping[int, tuple[str, ...]]  # by the start of a word: what stands on lines of its own before it
    below: Mapping[int, tuple[str, ...]]  # by the start of a word: what stands on lines of its own after it
    blanks: frozenset[int]  # the starts of what has an empty line before it
    opened: tuple[Braces, ...]  # all blocks, in order
    opens: tuple[int, ...]

    def braces(self, after: int) -> Braces:
        """The first block that opens at an offset or behind it."""
        return self.opened[bisect_left(self.opens, after)]


def notes(source: Source, module: tree.Module) -> Notes:
    """What is to be known of a text that is well formed."""
    return _Reader(source, module).notes()


class _Item(NamedTuple):
    """A thing of a block, where its words begin, and the thing in which it stands."""

    start: int
    end: int
    outer: int
    words: list[tuple[int, int]]


class _Reader:
    """Gives every remark of a text its place."""

    def __init__(self, source: Source, module: tree.Module) -> None:
        self.text = source.text
        comments: list[Token] = []
        every = [Token(*token) for token in tokens(source.text, comments)]
        self.tokens = [token for token in every if token.kind != "DOC"]
        self.remarks = sorted(
            (*comments, *(token for token in every if token.kind == "DOC")), key=lambda one: one.start
        )
        self.starts = [token.start for token in self.tokens]
        self.items = _items(module)
        self.item_starts = [item.start for item in self.items]
        self.heads = frozenset(self.item_starts)
        self.opened = self._blocks()
        self.open_ends = {braces.open for braces in self.opened}
        self.closes = {braces.close for braces in self.opened} | {len(source.text)}
        self.blanks = self._blanks()
        self.before: dict[int, list[Remark]] = defaultdict(list)
        self.behind: dict[int, str] = {}
        self.word: dict[int, str] = {}
        self.above: dict[int, list[str]] = defaultdict(list)
        self.below: dict[int, list[str]] = defaultdict(list)

    def notes(self) -> Notes:
        for token in self.remarks:
            self._place(token)
        opened = tuple(one._replace(short=one.short and one.open not in self.behind) for one in self.opened)
        return Notes(
            {at: tuple(found) for at, found in self.before.items()},
            self.behind,
            self.word,
            {at: tuple(found) for at, found in self.above.items()},
            {at: tuple(found) for at, found in self.below.items()},
            self.blanks,
            opened,
            tuple(braces.open for braces in self.opened),
        )

    def _blocks(self) -> tuple[Braces, ...]:
        """The pairs of braces that hold things."""
        found: list[Braces] = []
        waiting: list[tuple[int, bool]] = []
        for token, following in pairwise(self.tokens):
            if token.text == "{":
                waiting.append((token.start, following.start in self.heads or following.text == "}"))
            elif token.text == "}":
                start, block = waiting.pop()
                if block:
                    found.append(Braces(start, token.start, "\n" not in self.text[start : token.start]))
        return tuple(sorted(found))

    def _blanks(self) -> frozenset[int]:
        ends = sorted((*self.tokens, *self.remarks), key=lambda one: one.start)
        gaps = pairwise(ends)
        return frozenset(after.start for one, after in gaps if self.text.count("\n", one.end, after.start) > 1)

    def _place(self, remark: Token) -> None:
        following = bisect_right(self.starts, remark.start)
        after = self.tokens[following]
        last = self.tokens[following - 1] if following else None
        line = self.text.rfind("\n", 0, remark.start) + 1
        trails = bool(self.text[line : remark.start].strip())
        text = remark.text.rstrip()
        if trails and last is not None and last.start in self.open_ends and remark.kind != "DOC":
            self._behind_brace(text, last.start)
        elif after.start in self.heads or (after.start in self.closes and after.text in ("}", "")):
            if trails and last is not None and remark.kind != "DOC":
                self.behind[last.end] = text
            else:
                self.before[after.start].append(Remark(text, remark.start in self.blanks))
        elif last is not None:
            if after.start in self.open_ends:
                self._behind_brace(text, after.start)
            else:
                self._inside(text, trails, last, after, remark.start)

    def _behind_brace(self, text: str, brace: int) -> None:
        """Behind the brace there is room for one remark; what else stands around it goes before the thing."""
        if brace in self.behind:
            self.before[self._item(brace).start].append(Remark(text, False))
        else:
            self.behind[brace] = text

    def _inside(self, text: str, trails: bool, last: Token, after: Token, at: int) -> None:
        item = self._item(at)
        place = bisect_right(item.words, (at, at))
        previous = item.words[place - 1] if place else None
        coming = item.words[place] if place < len(item.words) else None
        if previous is None:
            self.before[item.start].append(Remark(text, False))
        elif trails and previous[0] not in self.word and _ends(last, previous, after):
            self.word[previous[0]] = text
        elif coming is not None:
            self.above[coming[0]].append(text)
        elif not trails and last.text not in ("(", "[") and after.text in (")", "]"):
            self.below[previous[0]].append(text)
        else:
            self.before[item.start].append(Remark(text, False))

    def _item(self, at: int) -> _Item:
        """The innermost thing around an offset."""
        number = bisect_right(self.item_starts, at) - 1
        while self.items[number].end <= at:
            number = self.items[number].outer
        return self.items[number]


def _ends(last: Token, word: tuple[int, int], after: Token) -> bool:
    """Whether a line that ends behind a token is one that a broken group would end there, too."""
    return last.text == "," or (last.end == word[1] and after.text in (",", ")", "]", "}", "+", "-", "*", "/"))


def _items(module: tree.Module) -> list[_Item]:
    """All things of all blocks in the order of the text, each with the words that are its own."""
    nodes: list[tuple[int, int, Node]] = []
    words: list[tuple[int, int, int]] = []
    waiting: list[tuple[Node, int]] = [(one, -1) for one in module.declarations]
    while waiting:
        node, outer = waiting.pop()
        if isinstance(node, ITEMS):
            nodes.append((node.span.start, outer, node))
            outer = len(nodes) - 1
        if isinstance(node, LEAVES):
            words.append((outer, node.span.start, node.span.end))
        waiting += ((inner, outer) for inner in children(node))
    order = sorted(range(len(nodes)), key=lambda number: nodes[number][0])
    new = {old: number for number, old in enumerate(order)} | {-1: -1}
    items = []
    for old in order:
        start, outer, node = nodes[old]
        items.append(_Item(start, node.span.end, new[outer], []))
    for owner, start, end in sorted(words, key=lambda word: word[1]):
        items[new[owner]].words.append((start, end))
    return items
