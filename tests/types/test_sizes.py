"""Bounds of outputs: never less than what the expression comes to, for any sizes that the inputs can have."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.syntax import tree
from podpipec.types.evaluate import Constants
from podpipec.types.sizes import LARGEST, Bound, Sizes
from tests.syntax.nodes import expression
from tests.types.programs import codes

QUICK = settings(max_examples=400, deadline=None, derandomize=True)

numbers = st.sampled_from(("0", "1", "2", "0.5", "3", "-1"))
sizes = st.sampled_from(("a", "b", "64B", "1KiB", "0B"))


def _sizes(depth: int) -> st.SearchStrategy[str]:
    if depth == 0:
        return sizes
    inner = _sizes(depth - 1)
    return st.one_of(
        inner,
        st.builds(lambda x, sign, y: f"({x} {sign} {y})", inner, st.sampled_from("+-"), inner),
        st.builds(lambda n, x: f"{n} * {x}", numbers, inner),
        st.builds(lambda x, n: f"{x} * {n}", inner, numbers),
        st.builds(lambda x, n: f"{x} / {n}", inner, numbers),
        st.builds(lambda x, y, z: f"({x} / ({y} + 1B)) * {z}", inner, inner, sizes),
        st.builds(lambda f, x, y: f"{f}({x}, {y})", st.sampled_from(("max", "min")), inner, inner),
    )


def bound(text: str, **inputs: Bound) -> tuple[Bound | None, list[str]]:
    found: list[Diagnostic] = []
    constants = Constants({"x.flow": {}}, {}, found)
    result = Sizes(inputs, constants, found).bound(expression(text))
    return result, [one.code for one in found]


def exact(node: tree.Expression, inputs: dict[str, int]) -> Fraction:
    """What an expression comes to for inputs of these sizes. Raises ZeroDivisionError."""
    match node:
        case tree.Name():
            return Fraction(inputs[node.text])
        case tree.Number():
            return Fraction(node.digits) * {"": 1, "B": 1, "KiB": 1024}[node.unit]
        case tree.Negative():
            return -exact(node.operand, inputs)
        case tree.Binary():
            left, right = exact(node.left, inputs), exact(node.right, inputs)
            if node.operator == "/":
                return left / right
            return {"+": left + right, "-": left - right, "*": left * right}[node.operator]
        case tree.Call(callee=tree.Name(text=name)):
            values = [exact(argument.value, inputs) for argument in node.arguments]
            return max(values) if name == "max" else min(values)
    raise AssertionError(node)


@given(_sizes(3), st.integers(0, 5000), st.integers(0, 5000), st.data())
@QUICK
def test_a_bound_holds_for_all_inputs_that_are_within_theirs(text: str, a: int, b: int, data: st.DataObject) -> None:
    result, wrong = bound(text, a=Bound(a), b=Bound(b))
    assert (result is None) == bool(wrong)
    assume(result is not None)
    for _ in range(5):
        actual = exact(expression(text), {"a": data.draw(st.integers(0, a)), "b": data.draw(st.integers(0, b))})
        assert result is not None and actual <= result.bytes
    largest = exact(expression(text), {"a": a, "b": b})
    if not any(sign in text for sign in ("-", "/")):
        assert result is not None and result.bytes == max(0, -(-largest // 1)), "what only grows is bounded exactly"


@given(_sizes(2), st.lists(st.integers(0, 500), min_size=1, max_size=6))
@QUICK
def test_a_shared_bound_holds_for_all_elements_together(text: str, parts: list[int]) -> None:
    """`share` claims that the bound over the whole list is one for the sum over its elements."""
    assume("b" not in text)
    result, _ = bound(text, a=Bound(sum(parts), share=True))
    assume(result is not None and result.share)
    together = sum(max(Fraction(0), exact(expression(text), {"a": part})) for part in parts)
    assert result is not None and together <= result.bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * a", Bound(200)),
        ("a + 1KiB", Bound(1124)),
        ("max(a, 64B)", Bound(100)),
        ("a / 3", Bound(34)),
        ("1KiB - a", Bound(1024)),
        ("a - 1KiB", Bound(0)),
        ("9999PiB * 9999", Bound(LARGEST)),
    ],
)
def test_bounds(text: str, expected: Bound) -> None:
    assert bound(text, a=Bound(100)) == (expected, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2", "T003"),
        ("a * a", "T003"),
        ("a + 1", "T003"),
        ("1h", "T003"),
        ("a / 0", "T003"),
        ("a / a * a", "T003"),
        ("1KiB / (a - 1B) * a", "T003"),
        ("c", "N001"),
        ("f(a)", "T004"),
        ("max(a, 1)", "T003"),
        ("a * " + "9" * 61, "V003"),
    ],
)
def test_what_is_no_bound(text: str, code: str) -> None:
    assert bound(text, a=Bound(100)) == (None, [code])


def test_numbers_that_never_end_are_refused_at_once() -> None:
    doubling = "const c0 = 10\n" + "".join(f"const c{n} = c{n - 1} * c{n - 1}\n" for n in range(1, 100))
    assert codes(doubling) == ["V003"]
    assert codes(f"const c = {'9' * 5000}\n") == ["V003"]
