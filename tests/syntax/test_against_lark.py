"""Our automaton and Lark's own parser accept the same texts, give them one structure, and stop at the same token."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

from podpipec.source import Source
from podpipec.syntax import parse
from podpipec.syntax.tokens import PATTERN
from podpipec_grammar.tables import KEYWORDS
from tests.syntax import corpus, shapes

LARK = shapes.lark()
QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def patcher() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def compare(text: str, patcher: pytest.MonkeyPatch) -> bool:
    """Whether the text is accepted, by both or by neither.

    Lark takes a word for a keyword where its state can take that keyword somewhere; we where it fits here. So what
    Lark refuses is shown to it once more, with other names for the words that are names here.
    """
    try:
        shapes.by_lark(LARK, text)
    except shapes.RefusedError:
        text = shapes.with_plain_names(text)
    ours: shapes.Shape | int
    theirs: shapes.Shape | int
    try:
        theirs = shapes.by_lark(LARK, text)
    except shapes.RefusedError as refused:
        theirs = refused.args[0]
        if text[theirs - 1 : theirs + 1] == "->":  # Lark takes a minus first where a value may stand, and stops at `>`
            theirs -= 1
    try:
        ours = shapes.by_tables(text, patcher)
    except shapes.RefusedError as refused:
        ours = refused.args[0]
    assert ours == theirs
    accepted = not isinstance(theirs, int)
    assert accepted == (not parse(Source("x.flow", text)).diagnostics)
    return accepted


@pytest.mark.parametrize("name", corpus.texts())
def test_on_every_program_of_the_repository(name: str, patcher: pytest.MonkeyPatch) -> None:
    compare(corpus.texts()[name], patcher)


def test_the_language_reference_is_accepted(patcher: pytest.MonkeyPatch) -> None:
    blocks = [text for name, text in corpus.texts().items() if name.startswith("docs/language.md")]
    assert len(blocks) > 5
    for text in blocks:
        assert compare(text, patcher), text


# --- programs drawn from the grammar ---

NAMES = ("a", "b", "raw", "ticks_1", "_", "Csv")
TEXTS = ('""', '"a {b} c"', '"{w:%Y} {{ \\n"', '"#"')
LONG_TEXTS = ('""""""', '"""\n  cat {a} "b" ""\n"""')
NUMBERS = ("0", "1_000", "0.5", "8GiB", "10m", "3x")


def _terminals(names: tuple[str, ...]) -> dict[str, st.SearchStrategy[str]]:
    """Each terminal as a text with a blank or a line's end behind it."""
    special = {
        "NAME": st.sampled_from(names).map(lambda text: text + " "),
        "NUMBER": st.sampled_from(NUMBERS).map(lambda text: text + " "),
        "STRING": st.sampled_from(TEXTS).map(lambda text: text + " "),
        "LONG_STRING": st.sampled_from(LONG_TEXTS).map(lambda text: text + "\n"),
        "DOC": st.sampled_from(("## of it\n", "##\n", "### deep # \n")),
        "COMMENT": st.sampled_from(("# said\n", "#\n")),
        "WHITESPACE": st.sampled_from((" ", "\n", "\t\r\n")),
    }
    for terminal in LARK.terminals:
        if terminal.name not in special and terminal.pattern.type == "str":
            special[terminal.name] = st.just(terminal.pattern.value + "\n ")
    return special


def programs(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return from_lark(LARK, start="module", explicit=_terminals(names))


@given(text=programs(NAMES))
@QUICK
def test_what_the_grammar_can_say_is_accepted(text: str, patcher: pytest.MonkeyPatch) -> None:
    assert compare(text, patcher)


@given(text=programs((*NAMES, *KEYWORDS)))
@QUICK
def test_words_of_the_language_as_names(text: str, patcher: pytest.MonkeyPatch) -> None:
    compare(text, patcher)


# --- programs that are nearly right ---

WORDS = (*KEYWORDS, *NAMES, *NUMBERS, '"s"', "{", "}", "(", ")", "[", "]", ",", ":", ".", "=", "->", "-", "*", "##\n")


def words_of(text: str) -> list[str]:
    """The tokens of a text; comments end their line."""
    found = []
    for match in PATTERN.finditer(text):
        if match.lastgroup != "WHITESPACE":
            found.append(match.group() + ("\n" if match.group().startswith("#") else ""))
    return found


@given(data=st.data())
@QUICK
def test_programs_with_words_lost_added_or_changed(data: st.DataObject, patcher: pytest.MonkeyPatch) -> None:
    words = words_of(data.draw(st.sampled_from([text for text in corpus.texts().values() if len(text) < 4000])))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(words)))
        lost = data.draw(st.integers(0, 2))
        words[at : at + lost] = data.draw(st.lists(st.sampled_from(WORDS), max_size=2))
    compare(" ".join(words), patcher)


@given(text=st.text(alphabet=st.sampled_from('ab1 _.,:=+-*/(){}[]"#\n\\é\0')))
@QUICK
def test_any_text_at_all_is_refused_at_the_same_place(text: str, patcher: pytest.MonkeyPatch) -> None:
    compare(text, patcher)


def test_a_keyword_ends_where_a_name_would_end(patcher: pytest.MonkeyPatch) -> None:
    """The one difference that is meant: without it `fromage` would be read as `from age`."""
    text = "snapshot t { fromage }"
    assert shapes.by_lark(LARK, text)
    with pytest.raises(shapes.RefusedError) as refused:
        shapes.by_tables(text, patcher)
    assert refused.value.args[0] == text.index("fromage")
    words = [word for word in re.findall(r"\w+", text) if word in KEYWORDS]
    assert words == ["snapshot"]
