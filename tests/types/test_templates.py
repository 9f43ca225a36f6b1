"""Texts with holes that are filled when the flow starts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.names.scope import Named
from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.types.evaluate import Constants
from podpipec.types.origin import Item, Shard, Template, Window
from podpipec.types.templates import template

QUICK = settings(max_examples=300, deadline=None, derandomize=True)


def made(text: str, holes: tuple[str, ...] = (), items: tuple[str, ...] = ()) -> tuple[Template, list[str]]:
    """The template of a text, beside the constants `n = 7` and `word = "w"`, and the codes of what is wrong."""
    module = parse(Source("x.flow", f'const n = 7\nconst word = "w"\nconst probe = "{text}"')).module
    constants: dict[str, Named] = {one.name.text: one for one in module.declarations if isinstance(one, tree.Const)}
    probe = module.declarations[-1]
    assert isinstance(probe, tree.Const) and isinstance(probe.value, tree.String)
    found: list[Diagnostic] = []
    done = template(probe.value, Constants({"x.flow": constants}, {}, found), holes, items, found)
    return done, [one.code for one in found]


pieces = st.lists(
    st.sampled_from(("a", "/", "é", "{{", "}}", "{n}", "{word}", "{window}", "{window:%Y}", "{shard}", "{s}"))
)


@given(pieces)
@QUICK
def test_holes_stand_where_they_were_and_texts_between_them_are_one(parts: list[str]) -> None:
    done, wrong = made("".join(parts), ("window", "shard"), ("s",))
    assert not wrong
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(done))
    assert "" not in done
    shown = {"{n}": "7", "{word}": "w", "{{": "{", "}}": "}", "{window}": "<w>", "{window:%Y}": "<w%Y>"}
    shown |= {"{shard}": "<shard>", "{s}": "<s>"}
    assert "".join(_shown(part) for part in done) == "".join(shown.get(part, part) for part in parts)


def _shown(part: str | Window | Shard | Item) -> str:
    match part:
        case Window():
            return f"<w{part.format}>"
        case Shard():
            return "<shard>"
        case Item():
            return f"<{part.name}>"
        case str():
            return part


def test_an_element_hides_what_else_has_its_name() -> None:
    assert made("{window}{n}", ("window",), ("window", "n")) == ((Item("window"), Item("n")), [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{window}", "T011"),
        ("{shard}", "T011"),
        ("{nn}", "N001"),
        ("{n:%Y}", "T003"),
        ("{", "V002"),
        ("}", "V002"),
        ("{n.x}", "T003"),
    ],
)
def test_holes_without_a_meaning_here(text: str, code: str) -> None:
    assert made(text)[1] == [code]


def test_a_shard_takes_no_format() -> None:
    assert made("{shard:%Y}", ("shard",))[1] == ["T003"]


FORMATS = st.text(alphabet=st.sampled_from("%YmdHMSjaAbBcxXpZzsDeFGVuU1-"), min_size=1, max_size=8)


@given(FORMATS)
@QUICK
def test_formats_of_windows_mean_the_same_everywhere(text: str) -> None:
    """Read from the left, two characters at a time, as strftime does."""
    wrong = made(f"{{window:{text}}}", ("window",))[1]
    directives = [match[1] for match in re.finditer(r"%(.?)", text)]
    portable = all(letter in tuple("YmdHMSjzGVuUy%") for letter in directives)
    assert wrong == ([] if portable else ["V004"])
    if portable:
        shown = datetime(2013, 1, 2, 3, 4, 5, tzinfo=UTC).strftime(text)
        assert re.fullmatch(r"[0-9%A-Za-z+-]*", shown)
