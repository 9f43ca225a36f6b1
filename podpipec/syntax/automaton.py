"""The automaton: LALR(1) over the tables that Lark builds from the grammar.

It is ours because loading a parser generator costs more than all else that a small `check` does
(docs/decisions.md). A test holds it equal to Lark's own parser on every program that the tests know.
"""

from __future__ import annotations

from typing import Any

from podpipec.syntax.building import BUILDERS, Builder
from podpipec.syntax.tokens import DECLARATION_WORDS, END, PATTERN, Token
from podpipec_grammar.tables import ACCEPT, ACTIONS, GOTOS, KEYWORDS, RULES, START
from podpipec_runtime.tuples import NamedTuple


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


#: What follows a name that a line begins with, and few words of the language.
_BEHIND_A_NAME = ("EQUAL", "COLON")


def kind_of(kind: str, text: str, states: list[int], source: str, end: int) -> str:
    """The kind of the token before `end` of the source: a name is a keyword where that keyword can stand."""
    if kind == "NAME":
        keyword = KEYWORDS.get(text)
        if keyword is not None:
            row = ACTIONS[states[-1]]
            if keyword in row and ("NAME" not in row or _is_keyword(keyword, states, source, end)):
                return keyword
            if keyword == "ELSE" and _begins_a_line(states) and _next_kind(source, end) not in _BEHIND_A_NAME:
                return keyword  # of a choice that is not there: laid out anew it would go on with the line before
    return kind


def _begins_a_line(states: list[int]) -> bool:
    """Whether a name would begin a statement here."""
    trial = list(states)
    return shifts(trial, "NAME") and "statement" in GOTOS[trial[-2]]


def _is_keyword(keyword: str, states: list[int], source: str, end: int) -> bool:
    """Whether a keyword that the state knows is one, where a name might stand as well.

    The state knows what may follow in any place that is like this one, so a trial run says whether it may here. And
    where both may, the sign behind it can tell: `until = f(x)` behind a `keep` is the line of a value.
    """
    as_word, as_name = list(states), list(states)
    sign = _next_kind(source, end)
    if not shifts(as_word, keyword):
        # `stage clean` in a flow is a declaration behind a brace that is missing, and no name.
        return (keyword in DECLARATION_WORDS and sign == "NAME") or not shifts(as_name, "NAME")
    return (
        sign not in _BEHIND_A_NAME or shifts(as_word, sign) or not (shifts(as_name, "NAME") and shifts(as_name, sign))
    )


def shifts(states: list[int], terminal: str) -> bool:
    """Whether a terminal may really stand in a state: a trial run, which changes the list of states."""
    while True:
        action = ACTIONS[states[-1]].get(terminal)
        if action is None:
            return False
        if action >= 0:
            states.append(action)
            return True
        rule = _PREPARED[~action]
        if rule.treatment:
            del states[-len(rule.treatment) :]
        states.append(GOTOS[states[-1]][rule.origin])


def _next_kind(source: str, end: int) -> str:
    """The kind of the token behind `end`, comments passed over."""
    while (match := PATTERN.match(source, end)) is not None and match.lastgroup in ("WHITESPACE", "COMMENT"):
        end = match.end()
    return END if match is None else match.lastgroup or ""


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
