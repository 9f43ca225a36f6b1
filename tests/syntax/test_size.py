"""Long programs, deep programs and hostile texts: an answer always, and never a recursion."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.syntax.parsing import DEPTH

QUICK = settings(max_examples=200, deadline=None, derandomize=True)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """As the command line has it: a compiler's heap only grows."""
    gc.disable()
    yield
    gc.enable()


def test_two_hundred_thousand_lines(no_collector: None) -> None:
    statements = [f" x{n} = s(x{n - 1})" for n in range(1, 100_001)]
    declarations = [f"const c{n} = 1 # {n}" for n in range(100_000)]
    parsed = parse(Source("x.flow", "\n".join(["flow f(x0: File) {", *statements, "}", *declarations])))
    assert parsed.diagnostics == ()
    flow = parsed.module.declarations[0]
    assert isinstance(flow, tree.Flow) and len(flow.body) == 100_000
    assert len(parsed.module.declarations) == 100_001 and len(parsed.module.comments) == 100_000


@pytest.mark.parametrize("sign", [" + ", "*", ", "])
def test_one_long_expression(sign: str) -> None:
    parsed = parse(Source("x.flow", f"const c = [{sign.join(['a'] * 30_000)}]"))
    assert parsed.diagnostics == ()


def test_one_line_of_ten_megabytes() -> None:
    parsed = parse(Source("x.flow", f'const c = "{"x" * 10_000_000}"'))
    assert parsed.diagnostics == ()
    (broken,) = parse(Source("x.flow", f'const c = "{"x" * 10_000_000}')).diagnostics
    assert broken.code == "P002" and len(broken.message) < 200


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")"), ("-", "")])
def test_what_is_nested_beyond_reason_is_refused(opening: str, closing: str) -> None:
    text = "const c = " + opening * 100_000 + "1" + closing * 100_000
    (found,) = parse(Source("x.flow", text)).diagnostics
    assert found.code == "P006" and found.span.start < DEPTH * len(opening) + 20


def test_blocks_nested_beyond_reason_are_refused() -> None:
    text = "flow f(t: t) {" + "each a in b {" * 10_000 + "}" * 10_001
    assert [found.code for found in parse(Source("x.flow", text)).diagnostics] == ["P006"]


@pytest.mark.parametrize("text", ["}" * 50_000, "{" * 50_000, "flow f() {" * 5_000, "= " * 50_000, '"\n' * 50_000])
def test_nothing_but_mistakes_ends_soon(text: str) -> None:
    found = parse(Source("x.flow", text)).diagnostics
    assert 1 <= len(found) <= 21


@given(st.text())
@QUICK
def test_any_text_has_an_answer_in_plain_words(text: str) -> None:
    source = Source("x.flow", text)
    for found in parse(source).diagnostics:
        for label in found.labels:
            assert 0 <= label.span.start <= label.span.end <= len(text)
            assert source.position(label.span.start).line >= 1
        words = " ".join((found.message, *found.help, *found.notes))
        assert not any(name in words for name in ("NAME", "LBRACE", "RBRACE", "$END", "LONG_STRING"))
        assert "__" not in words or "__" in text


@given(st.text(alphabet=st.sampled_from("ab\n\r\u2028é")), st.data())
@QUICK
def test_positions_are_those_that_a_person_counts(text: str, data: st.DataObject) -> None:
    source = Source("x.flow", text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = source.position(offset)
    before = text[:offset].split("\n")
    assert (line, column) == (len(before), len(before[-1]) + 1)
    assert source.line(line) == text.split("\n")[line - 1].rstrip("\r")
