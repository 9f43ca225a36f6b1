"""Syntax: from a source text to a tree of frozen nodes with spans.

`automaton` walks the tables that Lark made of the grammar, `parsing` feeds it, with keywords known by its state;
`building` makes the nodes; `recovery` goes on behind a mistake, so that every mistake is reported once and what is
well formed around it is kept; `messages` says what is wrong in the reader's words. Nothing here knows what a name
means.
"""

from podpipec.syntax.parsing import Parsed, parse

__all__ = ["Parsed", "parse"]
