"""Going on behind a mistake: at the next statement, at the end of the block, or at the next declaration.

What is whole before the mistake is made a node; the stack is cut back to the innermost place where a statement,
setting or declaration may begin; tokens are skipped up to one that begins a line and may stand there, or that closes
the block. A declaration's word in the first column ends every block that is still open, so that one missing brace
costs one message.
"""

from __future__ import annotations

from podpipec.source import Source
from podpipec.syntax.automaton import Stack, feed, shifts
from podpipec.syntax.tokens import DECLARATION_WORDS, END, Token
from podpipec_grammar.tables import ACTIONS, GOTOS, KEYWORDS

#: What may be repeated in a block or a file, and the kind of block that it says we are in.
REPEATED = {
    "declaration": "program",
    "snapshot_setting": "snapshot",
    "calendar_setting": "calendar",
    "pod_setting": "pod",
    "stage_setting": "stage",
    "helper_setting": "helper",
    "service_setting": "service",
    "statement": "flow",
}

#: For each state in which something of that kind may begin, the kind of block.
BLOCKS = tuple(next((REPEATED[name] for name in row if name in REPEATED), "") for row in GOTOS)


def innermost(stack: Stack) -> int:
    """The height of the stack at which the innermost open block can go on; blocks already closed are passed over."""
    height = len(stack.values)
    closed = 0
    while closed or not BLOCKS[stack.states[height]]:
        height -= 1
        value = stack.values[height]
        if isinstance(value, Token):
            closed += (value.kind == "RBRACE") - (value.kind == "LBRACE" and closed > 0)
    return height


def _complete(stack: Stack, at: int, path: str) -> None:
    """Make a node of what is whole before the mistake: what would stand if its block ended here, or the next began."""
    ending = "RBRACE" if BLOCKS[stack.states[innermost(stack)]] != "program" else KEYWORDS["const"]
    if shifts(list(stack.states), ending):
        feed(stack, ending, "", at, at, path)
        stack.cut(len(stack.values) - 1)


def _close(stack: Stack, start: int, path: str) -> None:
    """Close every open block, as if its brace stood here; what the innermost one was at is kept if whole."""
    if not feed(stack, "RBRACE", "}", start, start, path):
        stack.cut(innermost(stack))
    while (
        sum((value.kind == "LBRACE") - (value.kind == "RBRACE") for value in stack.values if isinstance(value, Token))
        > 0
    ):
        if not feed(stack, "RBRACE", "}", start, start, path):
            stack.cut(innermost(stack) - 1)
            stack.cut(innermost(stack))


class Recovery:
    """One mistake's search for the place to go on."""

    def __init__(self, source: Source, stack: Stack, mistake: Token) -> None:
        self._source = source
        self._mistake = mistake
        if self._ends_blocks(mistake.kind, mistake.text, mistake.start):
            _close(stack, mistake.start, source.path)
        _complete(stack, mistake.start, source.path)
        height = innermost(stack)
        opened = [value for value in stack.values[height:] if isinstance(value, Token) and value.kind == "LBRACE"]
        self._nested = len(opened)
        self._progress = height > 0 and stack.ends[height - 1] < mistake.start and height < len(stack.values)
        stack.cut(height)

    def resumes(self, stack: Stack, kind: str, text: str, start: int, end: int) -> bool:
        """Whether the parser goes on with this token; the stack is made ready for it if so."""
        if self._ends_blocks(kind, text, start):
            _close(stack, start, self._source.path)
            return True
        if kind == "LBRACE":
            self._nested += 1
            return False
        block = BLOCKS[stack.states[-1]]
        if kind == "RBRACE":
            if self._nested:
                self._nested -= 1
                return False
            return block != "program"
        if self._nested or not self._begins_line(start):
            return False
        if start == self._mistake.start and not self._progress:
            return False
        row = ACTIONS[stack.states[-1]]
        return kind in row or (kind == "NAME" and KEYWORDS.get(text) in row)

    def _ends_blocks(self, kind: str, text: str, start: int) -> bool:
        """Whether a token can only stand outside of all blocks."""
        return kind == END or (KEYWORDS.get(text) in DECLARATION_WORDS and self._in_first_column(start))

    def _in_first_column(self, start: int) -> bool:
        return start == 0 or self._source.text[start - 1] == "\n"

    def _begins_line(self, start: int) -> bool:
        """Whether only blanks stand before; looked at from here, so that a line of millions of words costs no more."""
        text = self._source.text
        while start and text[start - 1] in " \t\r\f":
            start -= 1
        return self._in_first_column(start)
