"""What stands between quotes: escapes, holes, and the text of scripts."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.syntax.strings import script
from tests.syntax.nodes import expression

QUICK = settings(max_examples=200, deadline=None, derandomize=True)


def string(text: str) -> tree.String:
    found = expression(text)
    assert isinstance(found, tree.String)
    return found


def shown(parts: tuple[str | tree.Hole, ...]) -> list[str | tuple[str, str]]:
    """Texts, and holes as pairs of what they name and their format."""
    return [part if isinstance(part, str) else (_path(part.value), part.format) for part in parts]


def _path(value: tree.Expression) -> str:
    if isinstance(value, tree.Field):
        return f"{_path(value.base)}.{value.name.text}"
    assert isinstance(value, tree.Name)
    return value.text


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ('""', []),
        ('"plain"', ["plain"]),
        (r'"a\nb\tc\"d\\e"', ['a\nb\tc"d\\e']),
        (r'"\\n"', ["\\n"]),
        ('"{{}}"', ["{}"]),
        ('"{{a}}"', ["{a}"]),
        ('"{a}"', [("a", "")]),
        ('"x{a}y{b.c}z"', ["x", ("a", ""), "y", ("b.c", ""), "z"]),
        ('"{window:%Y-%m-%dT%H:%M}"', [("window", "%Y-%m-%dT%H:%M")]),
        ('"{a}{b}"', [("a", ""), ("b", "")]),
        ('"{{{a}}}"', ["{", ("a", ""), "}"]),
        ('"{"', [("", "")]),
        ('"}"', [("", "")]),
        ('"{ a }"', [("", ""), " a ", ("", "")]),
        ('"{1}"', [("", ""), "1", ("", "")]),
        ('"""one\n"two" ""three\n"""', ['one\n"two" ""three\n']),
        ('"""\\"""x"""', ['"""x']),
        ('""""a" """', ['"a" ']),
        ('"# é ✓ \U0001f600"', ["# é ✓ \U0001f600"]),
    ],
)
def test_parts(written: str, parts: list[str | tuple[str, str]]) -> None:
    assert shown(string(written).parts) == parts


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@QUICK
def test_every_text_can_be_written(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}")
    long = string(f'"""{escaped}"""')
    assert long.long and "".join(part for part in long.parts if isinstance(part, str)) == text
    short = string(f'"{escaped.replace(chr(10), chr(92) + "n")}"')
    assert not short.long and "".join(part for part in short.parts if isinstance(part, str)) == text


@given(st.lists(st.sampled_from(("t", "\\n", "\\\\", "{{", "{a}", "{a.b}", "{a:%Y}", "{", "}", "é"))), st.booleans())
@QUICK
def test_holes_and_their_names_are_where_they_say(pieces: list[str], long: bool) -> None:
    quotes = '"""' if long else '"'
    text = f"const c = {quotes}{''.join(pieces)}{quotes}"
    found = parse(Source("x.flow", text)).module.declarations[0]
    assert isinstance(found, tree.Const) and isinstance(found.value, tree.String)
    for part in found.value.parts:
        if isinstance(part, tree.Hole):
            inside = text[part.span.start : part.span.end]
            name = _path(part.value)
            assert inside == (f"{{{name}:{part.format}}}" if part.format else f"{{{name}}}") or inside in ("{", "}")
            at = part.value.span
            assert text[at.start : at.end] == (name or inside)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ('"wc {a} > {b}"', ["wc ", ("a", ""), " > ", ("b", "")]),
        ('"echo ${a} $a"', ["echo ${a} $a"]),
        ('"echo ${a:-${b}}"', ["echo ${a:-${b}}"]),
        ('"f() { echo x; }"', ["f() { echo x; }"]),
        ("\"awk '{ for (k in a) { print k }}' {a}\"", ["awk '{ for (k in a) { print k }}' ", ("a", "")]),
        ('"echo {{a}}"', ["echo {a}"]),
        ('"echo {{}} {} {{ }}"', ["echo {{}} {} {{ }}"]),
        ('"{a.b}"', [("a.b", "")]),
        ('"{a:%Y}"', ["{a:%Y}"]),
        (r'"a\nb \"q\" \\"', [r'a\nb "q" \\']),
        (r'"""a\nb \" \$x"""', [r"a\nb \" \$x"]),
    ],
)
def test_in_a_script_what_is_not_a_name_in_braces_is_the_shell_s(
    written: str, parts: list[str | tuple[str, str]]
) -> None:
    assert shown(script(string(written))) == parts


def test_a_script_loses_the_indentation_that_all_its_lines_have() -> None:
    written = '"""\n      if x; then\n        {a}\n\n      fi\n  """'
    assert shown(script(string(written))) == ["\nif x; then\n  ", ("a", ""), "\n\nfi\n  "]


@given(st.lists(st.tuples(st.sampled_from(("", " ", "  ", "\t", "    ")), st.sampled_from(("a", "b c", "", "{x}")))))
@QUICK
def test_indentation_goes_as_python_s_dedent_has_it(lines: list[tuple[str, str]]) -> None:
    text = "\n" + "\n".join(margin + line for margin, line in lines if line or not margin)
    parts = script(string(f'"""{text}"""'))
    joined = "".join(part if isinstance(part, str) else "{x}" for part in parts)
    assert joined == textwrap.dedent(text)
