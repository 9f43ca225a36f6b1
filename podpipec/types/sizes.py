"""Bounds of outputs: how large a stage's output can be, given how large its inputs can be."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.declarations import Stage
from podpipec.types.evaluate import Constants, function_of
from podpipec.types.scalars import Scalar, arithmetic, is_number, written
from podpipec_runtime.tuples import NamedTuple

#: An exbibyte: what is larger is on no place of any pod, and is not told apart.
LARGEST = 2**60


class Bound(NamedTuple):
    """The most bytes that a value can have.

    `share` says that the bound also holds for all elements of a list of unknown length together, when the bound
    of the element is that of the whole list: so it is for what grows in proportion to the element.
    """

    bytes: int
    share: bool = False


def wider(one: Bound | None, other: Bound | None) -> Bound | None:
    """What bounds either of two values, each by itself; nothing where one of them has no bound."""
    return None if one is None or other is None else Bound(max(one.bytes, other.bytes))


class Interval(NamedTuple):
    """What a size expression can come to: at least, at most, and whether it is in proportion to shared inputs."""

    low: Scalar
    high: Scalar
    share: bool


class Sizes:
    """Evaluates size expressions over the bounds of a stage's inputs."""

    def __init__(self, inputs: Mapping[str, Bound], constants: Constants, found: list[Diagnostic]) -> None:
        self._inputs = inputs
        self._constants = constants
        self._found = found

    def bound(self, expression: tree.Expression) -> Bound | None:
        """The bound in whole bytes; nothing if the expression is no size."""
        interval = self._interval(expression)
        if interval is None:
            return None
        if interval.high.kind != "Size":
            self._found.append(
                error(
                    "T003",
                    f"a bound is a Size, and this is {written(interval.high)}",
                    expression.span,
                    "a Size is needed here",
                    help="write it like `2 * raw` or `64MiB`",
                )
            )
            return None
        high = interval.high.value
        assert is_number(high)  # a Size is a number
        return Bound(min(max(0, -int(-high // 1)), LARGEST), interval.share)

    def _interval(self, expression: tree.Expression) -> Interval | None:
        match expression:
            case tree.Name() if expression.text in self._inputs:
                bound = self._inputs[expression.text]
                return Interval(Scalar("Size", 0), Scalar("Size", bound.bytes), bound.share)
            case tree.Binary(operator="+" | "-" | "*" | "/"):
                return self._binary(expression)
            case tree.Call():
                return self._choice(expression)
            case tree.Name() if not self._is_constant(expression):
                self._found.append(
                    error(
                        "N001",
                        f"unknown name `{expression.text}` in a bound",
                        expression.span,
                        "neither an input nor a constant",
                        help=did_you_mean(expression.text, self._inputs),
                    )
                )
                return None
        scalar = self._constants.value(expression)
        return None if scalar is None else Interval(scalar, scalar, scalar.value == 0)

    def _is_constant(self, name: tree.Name) -> bool:
        return self._constants.knows(name)

    def _binary(self, node: tree.Binary) -> Interval | None:
        left, right = self._interval(node.left), self._interval(node.right)
        if left is None or right is None:
            return None
        try:
            corners = _corners(node.operator, left, right)
        except ZeroDivisionError:
            self._found.append(error("T003", "division by zero", node.right.span, "this can be 0"))
            return None
        except OverflowError:
            self._found.append(error("V003", "this comes to a number with too many digits", node.span))
            return None
        if not corners:
            kinds = f"{a(left.high.kind)} and {a(right.high.kind)}"
            self._found.append(error("T003", f"`{node.operator}` does not go between {kinds}", node.span))
            return None
        low, *_, high = sorted(corners, key=lambda scalar: scalar.value)
        return Interval(low, high, _in_proportion(node.operator, left, right))

    def _choice(self, node: tree.Call) -> Interval | None:
        choose = function_of(node, self._found)
        parts = [self._interval(argument.value) for argument in node.arguments]
        known = [part for part in parts if part is not None]
        if choose is None or len(known) != len(parts):
            return None
        if len({part.high.kind for part in known}) != 1:
            self._found.append(error("T003", "these do not compare", node.span, help="give sizes, or numbers, alone"))
            return None
        low = choose((part.low for part in known), key=lambda scalar: scalar.value)
        high = choose((part.high for part in known), key=lambda scalar: scalar.value)
        return Interval(low, high, len(known) == 1 and known[0].share)


def _corners(operator: str, left: Interval, right: Interval) -> list[Scalar]:
    """What the bounds of both sides come to, each with each; nothing where units do not go together.

    The operators are monotonous in each side, as long as no divisor can be 0, so the extremes are among them.
    Raises ZeroDivisionError and OverflowError.
    """
    low, high = right.low.value, right.high.value
    if operator == "/" and is_number(low) and is_number(high) and low <= 0 <= high:
        raise ZeroDivisionError
    results = [arithmetic(operator, a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return [result for result in results if result is not None]


def _in_proportion(operator: str, left: Interval, right: Interval) -> bool:
    """Whether the sum over many elements is bounded by the value for all of them together."""
    if operator in "+-":
        return left.share and right.share
    if operator == "*":
        return (left.share and right.low == right.high) or (right.share and left.low == left.high)
    return left.share and right.low == right.high


def output_bounds(stage: Stage, inputs: Mapping[str, Bound | None], constants: Constants) -> dict[str, Bound | None]:
    """The bound of each file, and of all that goes through each stream.

    Without a `size` it is that of all inputs that are files or streams together; nothing if that is unknown.
    """
    known = {name: bound for name, bound in inputs.items() if bound is not None}
    sizes = Sizes(known, constants, [])
    bounds: dict[str, Bound | None] = {}
    for port in (*stage.files, *stage.pipes):
        written_ = stage.sizes.get(port.name)
        if written_ is not None:
            bounds[port.name] = sizes.bound(written_)
        elif len(known) == len(inputs) and known:
            bounds[port.name] = Bound(
                min(sum(bound.bytes for bound in known.values()), LARGEST),
                all(bound.share for bound in known.values()),
            )
        else:
            bounds[port.name] = None
    return bounds


def check_sizes(stage: Stage, constants: Constants, found: list[Diagnostic]) -> None:
    """Whether the bounds that a stage writes are sizes at all, whatever its inputs are."""
    inputs = {port.name: Bound(1) for port in stage.inputs if not port.content.scalar and not port.content.live}
    sizes = Sizes(inputs, constants, found)
    for expression in stage.sizes.values():
        sizes.bound(expression)
