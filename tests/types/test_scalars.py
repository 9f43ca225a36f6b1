"""Numbers with units: exact, lawful, and read back as they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from podpipec.names.builtin import SCALARS
from podpipec.types import scalars
from podpipec.types.scalars import (
    MEANT,
    MILLISECONDS,
    UNITS,
    Scalar,
    arithmetic,
    duration_text,
    is_number,
    number,
    parse,
    quotient,
    written,
)
from podpipec.types.units import SIZES, size_text

QUICK = settings(max_examples=300, deadline=None, derandomize=True)

digits = st.from_regex(r"[0-9][0-9_]{0,12}(\.[0-9]{1,6})?", fullmatch=True)
amounts = st.fractions(-(10**9), 10**9, max_denominator=10**6)
numbers = st.one_of(
    st.builds(Scalar, st.just("Int"), st.integers(-(10**9), 10**9).map(Fraction)),
    st.builds(Scalar, st.sampled_from(("Float", "Size", "Duration")), amounts),
)
anything = st.one_of(
    numbers, st.builds(Scalar, st.just("String"), st.text()), st.builds(Scalar, st.just("Bool"), st.booleans())
)
signs = st.sampled_from("+-*/")


def test_units_are_those_of_the_standards() -> None:
    """IEC 80000-13 and SI, written out a second time."""
    powers = {"KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40, "PiB": 50}
    assert {unit: SIZES[unit] for unit in powers} == {unit: 1 << power for unit, power in powers.items()}
    thousands = {"B": 1, "KB": 1000, "MB": 1000_000, "GB": 1000_000_000, "TB": 10**12, "PB": 10**15}
    assert {unit: SIZES[unit] for unit in thousands} == thousands
    assert len(SIZES) == len(powers) + len(thousands)
    assert (
        MILLISECONDS["d"] == 24 * MILLISECONDS["h"] == 24 * 60 * MILLISECONDS["m"] == 24 * 60 * 60 * MILLISECONDS["s"]
    )
    assert MILLISECONDS["w"] == 7 * MILLISECONDS["d"] and MILLISECONDS["s"] == 1000 * MILLISECONDS["ms"] == 1000
    assert len(set(UNITS)) == len(UNITS)
    assert set(MEANT.values()) <= set(UNITS) and not set(MEANT) & set(UNITS)


@given(digits, st.sampled_from(("", *UNITS)))
@QUICK
def test_a_number_is_exactly_what_is_written(text: str, unit: str) -> None:
    found = number(text, unit)
    assert found is not None
    whole, _, part = text.replace("_", "").partition(".")
    exact = Fraction(int(whole + part), 10 ** len(part))
    factor = Fraction(SIZES[unit]) if unit in SIZES else Fraction(MILLISECONDS.get(unit, 1000), 1000)
    assert found.value == exact * factor
    kinds = {"Size": unit in SIZES, "Duration": unit in MILLISECONDS, "Float": not unit and "." in text}
    assert found.kind == next((kind for kind, is_ in kinds.items() if is_), "Int")


@given(digits, st.text(alphabet="abdhikmstwBKMGTP", min_size=1, max_size=4))
@QUICK
def test_a_unit_that_there_is_not_is_no_number(text: str, unit: str) -> None:
    assert (number(text, unit) is None) == (unit not in UNITS)


@given(st.integers(0, 2**62))
@QUICK
def test_sizes_are_told_short_and_never_as_less_than_they_are(count: int) -> None:
    text = size_text(count)
    if count > 2**60:
        assert text == "more than 1EiB"
        return
    back = parse(text.replace("1EiB", "1024PiB"), "Size")
    assert back is not None and is_number(back.value)
    assert 0 <= back.value - count <= count / 1000
    assert len(text) <= 8


@given(st.integers(1, 1023), st.sampled_from(("B", "KiB", "MiB", "GiB", "TiB", "PiB")))
@QUICK
def test_a_size_that_a_person_wrote_is_told_as_it_was_written(count: int, unit: str) -> None:
    assert size_text(count * SIZES[unit]) == f"{count}{unit}"


@given(st.integers(0, 10**7), st.sampled_from(tuple(MILLISECONDS)))
@QUICK
def test_durations_are_read_back_as_they_are_told(count: int, unit: str) -> None:
    seconds = quotient(count * MILLISECONDS[unit], 1000)
    back = parse(duration_text(seconds), "Duration")
    assert back == Scalar("Duration", seconds)


@given(st.sampled_from(SCALARS), st.data())
@QUICK
def test_what_is_written_is_read_back(kind: str, data: st.DataObject) -> None:
    by_kind: dict[str, st.SearchStrategy[Fraction | str | bool]] = {
        "Int": st.integers(-(10**18), 10**18).map(Fraction),
        "Float": st.decimals(-1000, 1000, places=4).map(Fraction),
        "Size": st.integers(0, 1023).map(lambda count: Fraction(count * 2**30)),
        "Duration": st.integers(0, 10**6).map(Fraction),
        "Bool": st.booleans(),
        "String": st.text(),
    }
    scalar = Scalar(kind, data.draw(by_kind[kind]))
    text = scalars.text(scalar) if kind == "String" else written(scalar)
    assert parse(text, kind) == scalar


@given(st.text(), st.sampled_from(SCALARS))
@QUICK
def test_any_text_is_a_scalar_of_the_kind_or_none(text: str, kind: str) -> None:
    found = parse(text, kind)
    assert found is None or found.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "Int"),
        ("-", "Int"),
        (".", "Float"),
        ("--3", "Int"),
        ("3GiB", "Int"),
        ("3", "Size"),
        ("3", "Duration"),
        ("1.5", "Int"),
        ("1e5", "Float"),
        ("٣", "Int"),
        ("nan", "Float"),
        ("inf", "Float"),
        ("yes", "Bool"),
        ("True", "Bool"),
        ("9" * 5000, "Int"),
        ("3 GiB", "Size"),
    ],
)
def test_what_is_no_scalar_of_a_kind(text: str, kind: str) -> None:
    assert parse(text, kind) is None


@given(anything, anything)
@QUICK
def test_sums_and_products_do_not_depend_on_the_order(left: Scalar, right: Scalar) -> None:
    assume("String" not in (left.kind, right.kind))
    assert arithmetic("+", left, right) == arithmetic("+", right, left)
    assert arithmetic("*", left, right) == arithmetic("*", right, left)


@given(signs, numbers, numbers)
@QUICK
def test_arithmetic_is_exact_where_units_go_together(sign: str, left: Scalar, right: Scalar) -> None:
    a, b = left.value, right.value
    assert is_number(a) and is_number(b)
    assume(sign != "/" or b != 0)
    found = arithmetic(sign, left, right)
    if found is not None:
        assert found.value == {"+": a + b, "-": a - b, "*": a * b, "/": b and a / (b or 1)}[sign]
    units = [kind for kind in (left.kind, right.kind) if kind in ("Size", "Duration")]
    allowed = {
        "+": len(set(units)) == 0 or units == [units[0]] * 2,
        "-": len(set(units)) == 0 or units == [units[0]] * 2,
        "*": len(units) < 2,
        "/": right.kind not in units or left.kind == right.kind,
    }
    assert (found is not None) == allowed[sign]


@given(numbers, numbers, numbers)
@QUICK
def test_what_is_added_can_be_taken_away_and_what_is_multiplied_divided(a: Scalar, b: Scalar, c: Scalar) -> None:
    both = arithmetic("+", a, b)
    if both is not None:
        back = arithmetic("-", both, b)
        assert back is not None and back.value == a.value
    product = arithmetic("*", a, c)
    if product is not None and c.value:
        back = arithmetic("/", product, c)
        assert back is not None and back.value == a.value
        assert back.kind == a.kind or {back.kind, a.kind} == {"Int", "Float"}


@given(st.text(), st.text())
@QUICK
def test_texts_are_joined_and_nothing_else(a: str, b: str) -> None:
    left, right = Scalar("String", a), Scalar("String", b)
    assert arithmetic("+", left, right) == Scalar("String", a + b)
    assert all(arithmetic(sign, left, right) is None for sign in "-*/")


def test_numbers_stay_short() -> None:
    with pytest.raises(OverflowError):
        number("9" * 61, "")
    value = Scalar("Int", Fraction(10**40))
    with pytest.raises(OverflowError):
        arithmetic("*", value, value)
    with pytest.raises(OverflowError):
        arithmetic("/", Scalar("Int", Fraction(1, 10**40)), value)


@given(st.decimals(-(10**6), 10**6, places=5))
@QUICK
def test_a_command_sees_the_digits_that_were_written(value: object) -> None:
    text = scalars.text(Scalar("Float", Fraction(str(value))))
    assert Fraction(text) == Fraction(str(value)) and "e" not in text.lower()


@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6).filter(bool), st.booleans())
def test_a_quotient_is_exact_and_whole_where_it_can_be(dividend: int, divisor: int, halved: bool) -> None:
    found = quotient(Fraction(dividend, 2) if halved else dividend, divisor)
    assert found == Fraction(dividend, 2 * divisor if halved else divisor)
    assert halved or isinstance(found, int) == (dividend % divisor == 0)


def test_a_truth_is_no_number() -> None:
    assert not is_number(True) and not is_number("1") and is_number(1) and is_number(Fraction(1, 2))
