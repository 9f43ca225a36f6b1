"""Laws of mending, for languages made up at random: a letter may be a mistake, and its edit may make others."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.diagnostics.diagnostic import Certainty
from podpipec.diagnostics.mending import Check, mend
from podpipec.source import Span

LETTERS = "abcdef"


#: For a letter that is a mistake: its code, how many letters its edit takes away (none: it has no edit), what it puts
#: there, and whether it is safe.
Mistake = tuple[str, int, str | None, Certainty]

MISTAKES = st.dictionaries(
    st.sampled_from(LETTERS),
    st.tuples(
        st.sampled_from(["A1", "B1", "C1"]),
        st.integers(0, 2),
        st.one_of(st.none(), st.text(LETTERS, max_size=3)),
        st.sampled_from(["safe", "suggestion"]),
    ),
)


def checker(mistakes: Mapping[str, Mistake], seen: list[str]) -> Check:
    """A check for which those letters are mistakes."""

    def check(text: str) -> tuple[Diagnostic, ...]:
        seen.append(text)
        found = []
        for at, letter in enumerate(text):
            if letter in mistakes:
                code, width, new, certainty = mistakes[letter]
                span = Span("x", at, min(len(text), at + width))
                fix = None if new is None else Fix(span, new, certainty)
                found.append(error(code, f"no {letter}", Span("x", at, at + 1), fix=fix))
        return tuple(found)

    return check


@given(st.text(LETTERS, max_size=12), MISTAKES, st.booleans())
def test_never_worse_and_done_at_once(text: str, mistakes: dict[str, Mistake], suggestions: bool) -> None:
    seen: list[str] = []
    check = checker(mistakes, seen)
    mended = mend("x", text, check, suggestions)
    assert len(seen) <= 501, "it gives up"
    assert mended.found == check(mended.text)
    before, after = check(text), mended.found
    assert {one.code for one in after} <= {one.code for one in before}
    assert len(after) < len(before) or mended.text == text
    assert bool(mended.changes) == (mended.text != text)
    assert mend("x", mended.text, check, suggestions).text == mended.text


@given(st.text(LETTERS, max_size=30))
def test_what_can_be_mended_at_once_is(text: str) -> None:
    """Edits that are right and touch nothing else are all made, whatever stands between."""
    check = checker({"a": ("A1", 1, "b", "safe"), "c": ("C1", 1, "d", "suggestion")}, [])
    assert mend("x", text, check).text == text.replace("a", "b")
    assert mend("x", text, check, suggestions=True).text == text.replace("a", "b").replace("c", "d")


@given(st.text("abx", max_size=20))
def test_a_bad_edit_does_not_keep_good_ones_away(text: str) -> None:
    """The edit of `x` makes two mistakes of one: it is taken back, and those of `a` are made."""
    check = checker({"a": ("A1", 1, "b", "safe"), "x": ("X1", 1, "xx", "safe")}, [])
    assert mend("x", text, check).text == text.replace("a", "b")


def test_what_an_edit_brings_to_light_is_mended_with_it() -> None:
    """`a` becomes `c`, which is a mistake of its own that can be mended."""
    check = checker({"a": ("A1", 1, "c", "safe"), "c": ("C1", 1, "d", "safe")}, [])
    assert mend("x", "eae", check).text == "ede"
    check = checker({"a": ("A1", 1, "c", "safe"), "c": ("C1", 1, None, "safe")}, [])
    assert mend("x", "eae", check).text == "eae"


def test_no_code_may_come_that_was_not_there() -> None:
    """The edit makes one mistake of two, but one of another kind."""
    check = checker({"a": ("A1", 2, "b", "safe"), "b": ("B1", 1, None, "safe")}, [])
    assert mend("x", "aa", check).text == "aa"
    assert mend("x", "aab", check).text == "bb", "that kind was there already"


def test_of_edits_that_overlap_the_first_is_made() -> None:
    check = checker({"a": ("A1", 2, "e", "safe"), "b": ("B1", 1, "f", "safe")}, [])
    assert mend("x", "abb", check).text == "ef"


def test_edits_of_other_files_are_left_alone() -> None:
    def check(text: str) -> tuple[Diagnostic, ...]:
        return (error("A1", "wrong", Span("y", 0, 1), fix=Fix(Span("y", 0, 1), "b")),) if text == "a" else ()

    assert mend("x", "a", check) == ("a", check("a"), ())
    assert mend("y", "a", check).text == "b"
