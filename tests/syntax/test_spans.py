"""Every node's span covers what is inside it, and its text alone is read as the same node."""

from __future__ import annotations

import ast
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from podpipec.source import Source, Span
from podpipec.syntax import parse, tree
from tests.syntax import corpus
from tests.syntax.nodes import children, expression, module, shape, walk
from tests.syntax.test_against_lark import NAMES, programs

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
OPERATORS = st.sampled_from((" + ", "-", " * ", "/"))
GOOD = [text for text in corpus.texts().values() if not parse(Source("x.flow", text)).diagnostics]

#: What a node's text is put into, to be read alone; the node is the last of its kind there.
AROUND: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((tree.Use, tree.Snapshot, tree.Pod, tree.Stage, tree.Flow, tree.Param, tree.Const, tree.Type), "{}"),
    ((tree.Let, tree.Keep, tree.Do), "flow f() {{ {} }}"),
    ((tree.Each, tree.Move), "flow f() {{ x = {} }}"),
    (tree.Parameter, "stage s({}) {{}}"),
    (tree.TypeName, "type t = {}"),
    (tree.Argument, "const c = f({})"),
    ((tree.Name, tree.Number, tree.String, tree.Field, tree.Call, tree.ListOf, tree.Negative), "const c = {}"),
)


def operands(depth: int) -> st.SearchStrategy[str]:
    atoms = st.sampled_from(("a", "b.c", "f(x, y: 2)", "8GiB", '"s {h}"', "[1, a]", "[]", "f()"))
    if depth == 0:
        return atoms
    inner = expressions(depth - 1)
    return st.one_of(atoms, inner.map(lambda text: f"({text})"), operands(depth - 1).map(lambda text: f"-{text}"))


def expressions(depth: int) -> st.SearchStrategy[str]:
    rest = st.lists(st.tuples(OPERATORS, operands(depth)), max_size=4)
    return st.tuples(operands(depth), rest).map(lambda parts: parts[0] + "".join(a + b for a, b in parts[1]))


def holds(text: str) -> None:
    """All laws of spans, for a well-formed text."""
    whole = module(text)
    assert whole.span == Span("x.flow", 0, len(text))
    for node in walk(whole):
        assert 0 <= node.span.start <= node.span.end <= len(text)
        for inner in children(node):
            assert node.span.start <= inner.span.start, (node, inner)
            assert inner.span.end <= node.span.end, (node, inner)
        _reads_alone(node, text)


def _reads_alone(node: Any, text: str) -> None:
    written = text[node.span.start : node.span.end]
    if (isinstance(node, tree.Name) and node.text) or isinstance(node, tree.Comment):
        assert written == node.text
    elif isinstance(node, tree.Hole):
        assert written in ("{", "}") or (written[0], written[-1]) == ("{", "}")
    elif not isinstance(node, tree.Module):
        assert written == written.strip()
    for kinds, around in AROUND:
        if isinstance(node, kinds) and written not in ("{", "}"):
            again = [one for one in walk(module(around.format(written))) if type(one) is type(node)]
            assert any(shape(one) == _undocumented(node) for one in again), written


def _undocumented(node: object) -> object:
    """A declaration's span begins behind its doc comment."""
    found = shape(node)
    assert isinstance(found, tuple)
    return tuple(("doc", "") if part[0] == "doc" else part for part in found)


def test_the_repository() -> None:
    assert len(GOOD) > 5
    for text in GOOD:
        holds(text)


@given(programs(NAMES))
@QUICK
def test_what_the_grammar_can_say(text: str) -> None:
    holds(text)


@given(expressions(3))
@QUICK
def test_expressions(text: str) -> None:
    holds(f"const c = {text}")


@given(expressions(2))
@QUICK
def test_a_computation_is_pointed_at_whole(text: str) -> None:
    node = expression(text)
    assume(isinstance(node, tree.Binary))
    assert node.span == Span("x.flow", len("const c = "), len("const c = ") + len(text))
    for inner in walk(node):
        if isinstance(inner, tree.Binary):
            written = f"const c = {text}"[inner.span.start : inner.span.end]
            if written.count("(") == written.count(")"):  # brackets around a lone word are not part of it
                assert shape(expression(written)) == shape(inner)


@given(expressions(2))
@QUICK
def test_precedence_is_that_of_python(text: str) -> None:
    """Python's own parser is the judge of what binds tighter."""
    for atom in ("f(x, y: 2)", '"s {h}"', "[1, a]", "[]", "f()", "8GiB", "b.c", "a"):
        text = text.replace(atom, "7")
    assert _as_text(expression(text)) == _as_python(ast.parse(text, mode="eval").body)


def _as_text(node: tree.Expression) -> str:
    match node:
        case tree.Number():
            return node.digits
        case tree.Negative():
            return f"(-{_as_text(node.operand)})"
        case tree.Binary():
            return f"({_as_text(node.left)}{node.operator}{_as_text(node.right)})"
    raise AssertionError(node)


def _as_python(node: object) -> str:
    signs = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.UnaryOp():
            return f"(-{_as_python(node.operand)})"
        case ast.BinOp():
            return f"({_as_python(node.left)}{signs[type(node.op)]}{_as_python(node.right)})"
    raise AssertionError(node)
