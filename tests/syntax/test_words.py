"""Words of the language as names: behind every kind of step, at the beginning of a line."""

from __future__ import annotations

import pytest

from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec_grammar.tables import KEYWORDS

#: One line of each kind; a name may begin the line behind it.
LINES = {
    "nothing": "",
    "call": "x = f(a)",
    "call without value": "f(a)",
    "call in a place": "x in volume = f(a)",
    "field": "x = a.b",
    "item": "x = a[-1]",
    "range": "x = a[-2..0]",
    "list": "x = [a, b]",
    "number": "x = 3",
    "text": 'x = "a"',
    "move": "x = move a to ram",
    "each": "x = each e in a { f(e) }",
    "groups": "x = each e in a by 3 step 1 { f(e) }",
    "fold": "x = fold e in a by 2 { f(e) }",
    "cycle": "x = cycle e in a depth 2 { carry s from a = f(s, e) }",
    "walk": "x = walk e in a depth_first width 2 depth 3 { up s = f(e) }",
    "run in": "x = run e in depends_on(a) width 2 { f(e) }",
    "run": "x = run a",
    "if": "if a { f(a) }",
    "if with value": "x = if a { f(a) } else { g(a) }",
    "with": "with c = r(a) { x = f(c) }",
    "pin": "x = pin a in volume",
    "fallback": "x = f(a) else g(a)",
    "keep": "keep a in volume",
    "keep with a path": 'keep a in volume "path"',
    "keep until": "keep a in node until b",
    "after": "x = f(a) after b",
    "carry": "carry s from a = f(s, a)",
    "up": "up s = f(a)",
    "down": "down s from a = f(s)",
}
#: Words that begin a line or go on with the one before, so that only `=` or `:` behind them makes them names.
TAKEN = {"each", "if", "keep", "after", "else", "in", "until", "and", "or"}


def flow(line: str, following: str) -> str:
    return f"flow m(a: Csv) on p {{\n{line}\n{following}\n}}"


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_every_word_names_a_value(line: str) -> None:
    for word in KEYWORDS:
        for written in (f"{word} = g(a)", f"{word}: Csv = g(a)", f"{word} # so\n = g(a)"):
            parsed = parse(Source("x.flow", flow(line, written)))
            assert not parsed.diagnostics, (word, parsed.diagnostics)
            (found,) = parsed.module.declarations
            assert isinstance(found, tree.Flow) and isinstance(found.body[-1], tree.Let)
            assert found.body[-1].name.text == word and len(found.body) == 1 + bool(line)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_most_words_name_what_is_called(line: str) -> None:
    for word in KEYWORDS.keys() - TAKEN:
        parsed = parse(Source("x.flow", flow(line, f"{word}(a)")))
        assert not parsed.diagnostics, (word, parsed.diagnostics)
        (found,) = parsed.module.declarations
        assert isinstance(found, tree.Flow) and isinstance(found.body[-1], tree.Do)
        assert isinstance(found.body[-1].value, tree.Call) and len(found.body) == 1 + bool(line)


@pytest.mark.parametrize(
    ("line", "following", "word"),
    [
        ("x = f(a)", "after(a)", "after"),
        ("x = f(a)", "else(a)", "else"),
        ("keep a in volume", "until(a)", "until"),
        ("x = 3", "each(a)", "each"),
        ("x = 3", "keep.rows", "keep"),
        ("x = 3", "pin", "pin"),
    ],
)
def test_what_cannot_be_a_name_is_named(line: str, following: str, word: str) -> None:
    (found,) = parse(Source("x.flow", flow(line, following))).diagnostics
    assert found.code == "P001"
    assert found.help == (f"`{word}` is a word of the language here: give what you mean by it another name",)


@pytest.mark.parametrize("line", ["x = f(a) after b", "x = f(a) else g(a)", "keep a in node until b", "x = y in ram"])
def test_a_word_that_goes_on_with_a_line_may_stand_on_the_next(line: str) -> None:
    spread = line.replace(" ", "\n")
    assert [one.code for one in parse(Source("x.flow", flow(line, ""))).diagnostics] == [
        one.code for one in parse(Source("x.flow", flow(spread, ""))).diagnostics
    ]


def test_no_line_begins_with_an_else_that_nothing_asks_for() -> None:
    """As two lines it would be laid out as one: the parentheses go, and `t else clean(t)` is a fallback."""
    flow = "flow day(t: ticks) on bench {{ book = {} else clean(t) }}"
    assert [one.code for one in parse(Source("x.flow", flow.format("(t)"))).diagnostics] == ["P001"]
    assert not parse(Source("x.flow", flow.format("t"))).diagnostics
    assert not parse(Source("x.flow", "flow day(t: ticks) on bench { else = (t) book = f(else) }")).diagnostics
