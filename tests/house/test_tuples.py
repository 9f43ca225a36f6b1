"""Our named tuples are those of `typing`, but for what they cost to make."""

from __future__ import annotations

import copy
import typing

import pytest

from podpipec_runtime.tuples import NamedTuple

T = typing.TypeVar("T")


class Theirs(typing.NamedTuple):
    first: int
    second: str = "b"

    def both(self) -> str:
        return f"{self.first}{self.second}"


class Ours(NamedTuple):
    first: int
    second: str = "b"

    def both(self) -> str:
        return f"{self.first}{self.second}"


class Empty(NamedTuple):
    pass


class Boxed(NamedTuple, typing.Generic[T]):
    value: T


def test_they_do_what_those_of_typing_do() -> None:
    for kind in (Theirs, Ours):
        one = kind(1)
        assert one == (1, "b") == kind(second="b", first=1) and hash(one) == hash((1, "b"))
        assert one.both() == "1b" and one._asdict() == {"first": 1, "second": "b"}
        assert one._replace(first=2) == kind(2) and type(one._replace(first=2)) is kind
        assert repr(one) == f"{kind.__name__}(first=1, second='b')"
        assert kind._make([3, "c"]) == (3, "c") and kind._fields == ("first", "second")
        assert copy.copy(one) == one
        match one:
            case kind(first, second=second):
                assert (first, second) == (1, "b")


def test_what_is_wrong_is_told() -> None:
    for kind in (Theirs, Ours):
        for wrong in ({}, {"first": 1, "third": 2}):
            with pytest.raises(TypeError):
                kind(**wrong)  # type: ignore[arg-type]  # that is what is tested
        with pytest.raises((TypeError, ValueError), match="third"):
            kind(1)._replace(third=2)  # type: ignore[call-arg]  # that is what is tested
        with pytest.raises(AttributeError):
            kind(1).first = 2  # type: ignore[misc]  # that is what is tested


def test_one_may_have_no_fields() -> None:
    assert Empty() == () and repr(Empty()) == "Empty()"


def test_they_take_a_type_parameter() -> None:
    assert Boxed(1).value == 1 and Boxed("a") == ("a",)
