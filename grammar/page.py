"""Writes `docs/syntax.md` from `flow.lark`: `python -m podpipec_grammar.page`.

The page is for people: literal words in quotes, what repeats and what is optional as in the grammar, and nothing of
what only the parser needs. Headings are the grammar's own comments that begin with `#`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

GRAMMAR = Path(__file__).with_name("flow.lark")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "syntax.md"

_RULE = re.compile(r"[?!]*(?P<name>[a-z_]+)\s*:\s*(?P<body>.*)")
_TERMINAL = re.compile(r"(?P<name>[A-Z_]+): (?P<text>\".*\")")
_ALIAS = re.compile(r"\s*->\s*[a-z_]+$")
_WORD = re.compile(r'"[^"]*"|[A-Z][A-Z_]+')

#: Terminals that are patterns, as a reader would call them.
_PATTERNS = {"NAME": "NAME", "NUMBER": "NUMBER", "STRING": "STRING", "LONG_STRING": "LONG_STRING", "DOC": "DOC"}

_HEAD = """# The syntax, rule by rule

Generated from `grammar/flow.lark` by `make grammar`; a test holds both equal. What it means is in [the language](language.md).

`"word"` stands for itself, `x*` for any number of x, `x?` for one or none, `x+` for at least one, `a | b` for either. Blanks, line breaks and
comments may stand between any two words, and separate nothing else. A word is a keyword only where the rules can take it as one, and
is a name all the same where one may stand as well and `=` or `:` follows that could not follow the keyword.

| | |
|---|---|
| `NAME` | letters, digits and `_`, not beginning with a digit |
| `NUMBER` | digits, with `_` between them and a point in them if need be, and a unit right behind: `1_000`, `0.5`, `8GiB`, `10m` |
| `STRING`, `LONG_STRING` | `"…"` on one line with `\\n`, `\\t`, `\\"`, `\\\\`; `\"\"\"…\"\"\"` over several; `{name}` in them is a hole |
| `DOC` | `## …` to the end of the line; `# …` is a comment, and may stand anywhere |
"""


def page(grammar: str) -> str:
    """The page for the text of a grammar."""
    literals = {match["name"]: match["text"] for match in map(_TERMINAL.fullmatch, grammar.splitlines()) if match}
    parts = [_HEAD]
    rules: list[str] = []
    for line in _logical(grammar):
        if line.startswith("// # "):
            parts += _fenced(rules)
            rules = []
            parts.append(f"## {line.removeprefix('// # ')}\n")
        elif _RULE.match(line):
            rules.append(_shown(line, literals))
    parts += _fenced(rules)
    words = sorted(text.strip('"') for text in set(_words(grammar)))
    parts.append("## Words\n")
    parts.append("The words that rules name: " + ", ".join(f"`{word}`" for word in words) + ".\n")
    return "\n".join(parts)


def _logical(grammar: str) -> Iterator[str]:
    """Rules with their further alternatives, and the headings."""
    found = ""
    for line in grammar.splitlines():
        if line[:1].isspace() and found:
            found += "\n" + line
            continue
        if found:
            yield found
        found = line if _RULE.match(line) or line.startswith("// # ") else ""
    if found:
        yield found


def _shown(rule: str, literals: dict[str, str]) -> str:
    """A rule without its marks and aliases, terminals as the words that they are."""
    marks = len(rule) - len(rule.lstrip("?!"))
    lines = [_ALIAS.sub("", line[marks:]) for line in rule.split("\n")]
    return "\n".join(_WORD.sub(lambda word: _word(word.group(), literals), line) for line in lines)


def _word(word: str, literals: dict[str, str]) -> str:
    return word if word.startswith('"') else _PATTERNS.get(word) or literals[word]


def _fenced(rules: list[str]) -> list[str]:
    return ["```ebnf\n" + "\n".join(rules) + "\n```\n"] if rules else []


def _words(grammar: str) -> Iterator[str]:
    for line in grammar.splitlines():
        if not line.startswith("//") and ": /" not in line:
            yield from re.findall(r'"[a-z_]+"', line)


if __name__ == "__main__":
    PAGE.write_text(page(GRAMMAR.read_text("utf-8")), "utf-8")
