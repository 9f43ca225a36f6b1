"""The automaton: LALR(1) over the tables that Lark builds from the grammar.

It is ours because loading a parser generator costs more than all else that a small `check` does
(docs/decisions.md). A test holds it equal to Lark's own parser on every program that the tests know.
"""

from __future__ import annotations

from typing import Any

from podpipec.syntax.building import BUILDERS, Builder
from podpipec.syntax.tokens import END, Token
from podpipec.tuples import NamedTuple
from podpipec_grammar.tables import ACCEPT, ACTIONS, GOTOS, KEYWORDS, RULES, START


class Rule(NamedTuple):
    """A reduction: how many children, how each is treated (0 out, 1 in, 2 its elements), who builds."""

    origin: str
    build: Builder | None
    treatment: tuple[int, ...]
    plain: bool
    alone: bool


#: All children are kept as they are, so that they need not be looked at one by one.
_PREPARED = tuple(
    Rule(origin, BUILDERS[name] if name else None, treatment, all(how == 1 for how in treatment), alone)
    for origin, name, treatment, alone in RULES
)


class Stack:
    """The automaton's stacks: states, and for each symbol its value and where it starts and ends."""

    __slots__ = ("ends", "starts", "states", "values")

    def __init__(self) -> None:
        self.states = [START]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def cut(self, height: int) -> None:
        """Forget all symbols above the first `height`."""
        del self.states[height + 1 :], self.values[height:], self.starts[height:], self.ends[height:]


def kind_of(kind: str, text: str, state: int) -> str:
    """A name is a keyword where the state can take that keyword."""
    if kind == "NAME":
        keyword = KEYWORDS.get(text)
        if keyword is not None and keyword in ACTIONS[state]:
            return keyword
    return kind


def feed(stack: Stack, kind: str, text: str, start: int, end: int, path: str) -> bool:
    """Move the automaton by one token; false, with the stack as far as it came, when the token does not fit."""
    states, values, starts, ends = stack.states, stack.values, stack.starts, stack.ends
    while True:
        action = ACTIONS[states[-1]].get(kind)
        if action is None:
            return False
        if action >= 0:
            states.append(action)
            values.append(Token(kind, text, start, end))
            starts.append(start)
            ends.append(end)
            return True
        origin, build, treatment, plain, alone = _PREPARED[~action]
        size = len(treatment)
        if size:
            first, last = starts[-size], ends[-1]
            children = values[-size:]
            if not plain:
                children = _select(children, treatment)
            del states[-size:], values[-size:], starts[-size:], ends[-size:]
        else:
            first, last, children = start, start, []
        values.append(
            children
            if build is None
            else children[0]
            if alone and len(children) == 1
            else build(path, first, last, children)
        )
        starts.append(first)
        ends.append(last)
        states.append(GOTOS[states[-1]][origin])
        if kind == END and states[-1] == ACCEPT:
            return True


def _select(children: list[Any], treatment: tuple[int, ...]) -> list[Any]:
    """The children that a rule keeps. A repetition grows its own list, so that long ones stay linear."""
    if treatment[0] == 2:
        kept: list[Any] = children[0]
        rest = 1
    else:
        kept, rest = [], 0
    for child, how in zip(children[rest:], treatment[rest:], strict=True):
        if how == 1:
            kept.append(child)
        elif how == 2:
            kept.extend(child)
    return kept
