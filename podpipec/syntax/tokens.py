"""Tokens, and the tables of the grammar in the form in which the parser uses them."""

from __future__ import annotations

import re

from podpipec_grammar.tables import KEYWORDS, TOKENS
from podpipec_runtime.tuples import NamedTuple


class Token(NamedTuple):
    """A word of the source: its kind is a terminal of the grammar."""

    kind: str
    text: str
    start: int
    end: int


#: The end of the text, as the parse table calls it.
END = "$END"

#: What only the lexer can tell is broken: strings without an end, characters without a meaning.
BROKEN = ("UNCLOSED_LONG", "UNCLOSED", "UNKNOWN")

PATTERN = re.compile(
    TOKENS + r'|(?P<UNCLOSED_LONG>"""[\s\S]*)|(?P<UNCLOSED>"[^\n]*)|(?P<UNKNOWN>[^\s\w{}()\[\]",:=#]+|[\s\S])'
)

DECLARATION_WORDS = frozenset(
    KEYWORDS[word]
    for word in (
        "use",
        "snapshot",
        "calendar",
        "pod",
        "stage",
        "helper",
        "service",
        "secret",
        "flow",
        "param",
        "const",
        "type",
    )
)
