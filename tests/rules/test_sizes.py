"""Bounds of outputs: for random expressions, no inputs within their bounds ever make more than the bound says."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.types.evaluate import Constants
from podpipec.types.sizes import LARGEST, Bound, Sizes

PATH = "bounds.flow"


class Written(NamedTuple):
    """An expression: as text, and as what it computes, told apart by nothing but the operator and its operands."""

    operator: str
    left: Written | str
    right: Written | None = None

    def text(self) -> str:
        if self.right is None:
            return str(self.left)
        left, right = _text(self.left), self.right.text()
        if self.operator in ("max", "min"):
            return f"{self.operator}({left}, {right})"
        return f"({left} {self.operator} {right})"

    def value(self, inputs: dict[str, int]) -> Fraction:
        """Raises ZeroDivisionError."""
        if self.right is None:
            name = str(self.left)
            return Fraction(inputs[name] if name in inputs else name.removesuffix("B"))
        assert isinstance(self.left, Written)
        left, right = self.left.value(inputs), self.right.value(inputs)
        match self.operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "max":
                return max(left, right)
        return min(left, right)


def _text(part: Written | str) -> str:
    return part if isinstance(part, str) else part.text()


def _leaf(text: str) -> Written:
    return Written("", text)


def _sizes(depth: int) -> st.SearchStrategy[Written]:
    leaves = st.sampled_from(["a", "b"]) | st.integers(0, 50).map(lambda count: f"{count}B")
    if not depth:
        return leaves.map(_leaf)
    size, number = _sizes(depth - 1), _numbers(depth - 1)
    return (
        leaves.map(_leaf)
        | st.builds(Written, st.sampled_from(["+", "-", "max", "min"]), size, size)
        | st.builds(Written, st.just("*"), size, number)
        | st.builds(Written, st.just("*"), number, size)
        | st.builds(Written, st.just("/"), size, number)
    )


def _numbers(depth: int) -> st.SearchStrategy[Written]:
    leaves = st.sampled_from(["0", "1", "2", "3", "0.5", "10"])
    if not depth:
        return leaves.map(_leaf)
    size, number = _sizes(depth - 1), _numbers(depth - 1)
    return (
        leaves.map(_leaf)
        | st.builds(Written, st.sampled_from(["+", "-", "*", "/"]), number, number)
        | st.builds(Written, st.just("/"), size, size)
    )


def bound(text: str, inputs: dict[str, Bound]) -> tuple[Bound | None, list[Diagnostic]]:
    """The bound of a written expression."""
    source = Source(PATH, f"stage s(a: Csv, b: Csv) -> o: Csv {{ size o {text} }}")
    (stage,) = parse(source).module.declarations
    assert isinstance(stage, tree.Stage)
    found: list[Diagnostic] = []
    constants = Constants({PATH: {}}, {}, found)
    return Sizes(inputs, constants, found).bound(stage.settings[0].values[0]), found


def ceiling(value: Fraction) -> int:
    """Whole bytes, and never less than none."""
    return max(0, -(-value.numerator // value.denominator))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(_sizes(3), st.integers(0, 60), st.integers(0, 60), st.data())
def test_the_bound_is_never_exceeded(written: Written, a: int, b: int, data: st.DataObject) -> None:
    most, found = bound(written.text(), {"a": Bound(a), "b": Bound(b)})
    assert (most is None) == bool(found)
    assume(most is not None)
    assert most is not None
    for _ in range(5):
        inputs = {"a": data.draw(st.integers(0, a)), "b": data.draw(st.integers(0, b))}
        assert ceiling(written.value(inputs)) <= most.bytes


@settings(max_examples=600, deadline=None, derandomize=True)
@given(_sizes(2), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5))
def test_a_bound_in_proportion_holds_for_all_elements_together(written: Written, parts: list[tuple[int, int]]) -> None:
    total = {"a": sum(a for a, _ in parts), "b": sum(b for _, b in parts)}
    most, _ = bound(written.text(), {name: Bound(count, share=True) for name, count in total.items()})
    assume(most is not None and most.share)
    assert most is not None
    elements = [max(Fraction(0), written.value({"a": a, "b": b})) for a, b in parts]
    assert sum(elements) <= most.bytes


def test_what_is_larger_than_any_place_is_not_told_apart() -> None:
    assert bound("1000 * 2000PiB", {"a": Bound(0)})[0] == Bound(LARGEST)


def test_a_divisor_that_can_be_nothing_is_refused() -> None:
    for text in ("10B / (a / 1B)", "10B / (a / 1B - 5)", "10B / 0"):
        most, found = bound(text, {"a": Bound(20)})
        assert most is None
        assert [diagnostic.message for diagnostic in found] == ["division by zero"]
