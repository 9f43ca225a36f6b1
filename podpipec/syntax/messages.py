"""What is wrong with a program's syntax, in the reader's words: no name of the grammar or the parser gets out."""

from __future__ import annotations

import re

from podpipec.diagnostics import Diagnostic, Fix, did_you_mean, error
from podpipec.source import Source, Span
from podpipec.syntax.automaton import Stack, shifts
from podpipec.syntax.forms import form_of
from podpipec.syntax.recovery import BLOCKS, innermost
from podpipec.syntax.tokens import END, Token
from podpipec_grammar.tables import ACTIONS, KEYWORDS, LITERALS

#: Terminals that are not one fixed word or sign, as a reader would call them.
PHRASES = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a string",
    "LONG_STRING": "a string",
    "DOC": "a doc comment",
    END: "the end of the file",
}

#: What a block holds, for a message about a word that it does not know.
HOLDS = {
    "program": "declaration",
    "snapshot": "setting",
    "calendar": "setting",
    "pod": "setting",
    "stage": "setting",
    "helper": "setting",
    "service": "setting",
    "flow": "statement",
}

_OPENERS = {"LPAR": "(", "LSQB": "[", "LBRACE": "{"}
_OPERATORS = (
    "PLUS",
    "MINUS",
    "STAR",
    "SLASH",
    "EQUALS",
    "DIFFERS",
    "LESS",
    "AT_MOST",
    "MORE",
    "AT_LEAST",
    "AND",
    "OR",
)
#: What hardly anybody meant: told only where nothing else may stand.
_RARE = ("STABLE", "UNSTABLE", "SHARED", "OWNED", "GUARDED", "LIVE", "OF")
_LONGEST = 40
#: What follows the name of something that is called or looked into, and no word of the language in a flow.
_BEHIND_NAMES = ("LPAR", "LSQB", "DOT")

#: What people write as units, and a number right before them.
_UNIT = re.compile(r"[KMGTP]i?B?|B|ms|[smhdw]|min|sec")
_NUMBER_BEFORE = re.compile(r"[0-9.][ \t]+\Z")
_TOGETHER = "write a number and its unit in one word, as in `8GiB`"


def phrase(terminal: str) -> str:
    """A terminal as a reader would call it."""
    return PHRASES.get(terminal) or f"`{LITERALS[terminal]}`"


def expected(stack: Stack) -> tuple[str, ...]:
    """The terminals that may really stand here: those that a trial run of the automaton shifts."""
    return tuple(terminal for terminal in ACTIONS[stack.states[-1]] if shifts(list(stack.states), terminal))


def unexpected(source: Source, stack: Stack, token: Token) -> Diagnostic:
    """The diagnostic for a token that does not fit."""
    at = Span(source.path, token.start, token.end)
    if token.kind in ("UNCLOSED", "UNCLOSED_LONG", "UNKNOWN"):
        return _broken(at, token)
    if token.kind == "DOC":
        return _idle_doc(at)
    last = stack.values[-1] if stack.values else None
    if isinstance(last, Token) and last.kind == "DOC" and token.kind == END:
        return _idle_doc(Span(source.path, last.start, last.end))
    opener = _open_bracket(source, stack, token)
    if opener is not None:
        return opener
    possible = expected(stack)
    unknown = _unknown_word(source, stack, token, possible) or _misspelt_statement(source, stack, token)
    if unknown is not None:
        return unknown
    message = f"expected {_one_of(possible)}, found {_found(token)}"
    return error("P001", message, at, "not expected here", help=_no_name(stack, token) or _form(stack))


def _no_name(stack: Stack, token: Token) -> str | tuple[()]:
    """Help for who has given something a name that is a word of the language in this place."""
    last = stack.values[-1] if stack.values else None
    if not isinstance(last, Token) or KEYWORDS.get(last.text) != last.kind:
        return ()
    height = innermost(stack)
    whole_line = token.kind == "RBRACE" and len(stack.values) == height + 1
    if BLOCKS[stack.states[height]] != "flow" or not (whole_line or token.kind in _BEHIND_NAMES):
        return ()
    return f"`{last.text}` is a word of the language here: give what you mean by it another name"


def _form(stack: Stack) -> str | tuple[()]:
    """How the innermost construct is written that has begun and is not whole yet."""
    height = innermost(stack)
    if BLOCKS[stack.states[height]] not in ("flow", "program"):
        return ()  # a setting, whose word may begin something else elsewhere
    begun = (value.kind for value in reversed(stack.values[height:]) if isinstance(value, Token))
    return next(filter(None, map(form_of, begun)), ())


def _idle_doc(at: Span) -> Diagnostic:
    return error(
        "P005",
        "a doc comment stands where it documents nothing",
        at,
        "`##` belongs above a declaration",
        help="write `#` for a plain comment",
        fix=Fix(Span(at.path, at.start, at.start + 2), "#"),
    )


def too_deep(path: str, start: int, end: int) -> Diagnostic:
    """For brackets and blocks that are nested beyond reason."""
    return error(
        "P006",
        "brackets and blocks are nested too deeply here",
        Span(path, start, end),
        help="name the parts",
    )


def too_many(path: str, end: int) -> Diagnostic:
    """For a file that is given up behind its last mistake."""
    return error("P007", "too many mistakes: the rest of this file was not read", Span(path, end, end))


def _broken(at: Span, token: Token) -> Diagnostic:
    if token.kind == "UNCLOSED":
        first = Span(at.path, at.start, at.start + 1)
        return error(
            "P002",
            "this string is never closed",
            first,
            "opened here",
            help='close it with `"` on the same line',
        )
    if token.kind == "UNCLOSED_LONG":
        first = Span(at.path, at.start, at.start + 3)
        return error("P002", "this string is never closed", first, "opened here", help='close it with `"""`')
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in token.text[:_LONGEST]
    )
    return error("P001", f"`{shown}` means nothing here", at, "not part of the language")


def _found(token: Token) -> str:
    if token.kind == END:
        return "the end of the file"
    if token.kind in ("STRING", "LONG_STRING"):
        return "a string"
    text = token.text if len(token.text) <= _LONGEST else token.text[:_LONGEST] + "…"
    return f"`{text}`"


def _one_of(possible: tuple[str, ...]) -> str:
    operators = all(sign in possible for sign in _OPERATORS)
    left_out = {END, "DOC", *(_OPERATORS if operators else ())}
    usual = [terminal for terminal in possible if terminal not in (*left_out, *_RARE)]
    named = usual or [terminal for terminal in possible if terminal not in left_out]
    phrases = list(dict.fromkeys(map(phrase, named))) or ["the end of the file"]
    phrases += ["an operator"] * operators
    if "a name" in phrases and len(phrases) > 6:
        phrases = [text for text in phrases if not text.strip("`").isalpha() or text == "a name"]
    if len(phrases) > 8:
        phrases = [*phrases[:7], "…"]
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} or {phrases[-1]}"


def _open_bracket(source: Source, stack: Stack, token: Token) -> Diagnostic | None:
    """A bracket that was left open, when the text has visibly gone on to something else."""
    height = next((h for h in range(len(stack.values) - 1, -1, -1) if _is_opener(stack.values[h], stack, h)), None)
    if height is None:
        return None
    opener = stack.values[height]
    sign, close = opener.text, {"(": ")", "[": "]", "{": "}"}[opener.text]
    fresh_line = "\n" in source.text[stack.ends[-1] : token.start]
    left_open = token.kind == END or (sign != "{" and (token.kind in ("LBRACE", "RBRACE") or fresh_line))
    if sign == "{" and not left_open:
        column = token.start - source.text.rfind("\n", 0, token.start)
        left_open = KEYWORDS.get(token.text) is not None and column == 1 and fresh_line
    if not left_open:
        return None
    where = "the end of the file" if token.kind == END else _found(token)
    return error(
        "P003",
        f"`{sign}` is never closed",
        Span(source.path, opener.start, opener.end),
        "opened here",
        (Span(source.path, token.start, token.end), f"`{close}` is missing before {where}"),
    )


def _is_opener(value: object, stack: Stack, height: int) -> bool:
    """Whether a value is a bracket that nothing on the stack closes: closed ones were built into nodes."""
    if not isinstance(value, Token) or value.kind not in _OPENERS:
        return False
    closers = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
    return not any(isinstance(v, Token) and v.kind == closers[value.kind] for v in stack.values[height:])


def _unknown_word(source: Source, stack: Stack, token: Token, possible: tuple[str, ...]) -> Diagnostic | None:
    """A word where only certain words may stand."""
    if token.kind != "NAME" or "NAME" in possible:
        return None
    words = [LITERALS[terminal] for terminal in possible if terminal in LITERALS and LITERALS[terminal] in KEYWORDS]
    block = BLOCKS[stack.states[innermost(stack)]]
    operand_follows = any(terminal in possible for terminal in ("LBRACE", "LPAR", "EQUAL", "COLON"))
    if not words or block == "flow" or operand_follows:
        return None
    at = Span(source.path, token.start, token.end)
    if _UNIT.fullmatch(token.text) and _NUMBER_BEFORE.search(source.text, max(0, token.start - 40), token.start):
        gap = Span(source.path, len(source.text[: token.start].rstrip()), token.start)
        label = "belongs to the number before it"
        return error(
            "P004", f"`{token.text}` stands apart from its number", at, label, fix=Fix(gap, ""), help=_TOGETHER
        )
    thing = HOLDS[block]
    message = f"unknown {thing} `{token.text}`" + (f" in a {block}" if block != "program" else "")
    listing = (
        f"{'a ' + block + ' has the settings' if block != 'program' else 'a program has the declarations'} "
        + ", ".join(f"`{word}`" for word in sorted(set(words)))
    )
    return error(
        "P004",
        message,
        at,
        f"no such {thing}",
        help=did_you_mean(token.text, words) or listing,
    )


def _misspelt_statement(source: Source, stack: Stack, token: Token) -> Diagnostic | None:
    """`kep x in node`: the line's first word is nearly a keyword, and so what follows makes no sense."""
    height = innermost(stack)
    unfinished = stack.starts[height] if height < len(stack.starts) else token.start
    begin = source.text.rfind("\n", 0, unfinished) + 1
    line = source.text[begin:unfinished]
    words = line.split()
    if BLOCKS[stack.states[height]] != "flow" or len(words) != 1 or not words[0].isidentifier():
        return None
    meant = did_you_mean(words[0], ("keep",))
    if not meant:
        return None
    start = begin + line.index(words[0])
    at = Span(source.path, start, start + len(words[0]))
    return error(
        "P004",
        f"unknown statement `{words[0]}`",
        at,
        "no such statement",
        help=meant,
    )
