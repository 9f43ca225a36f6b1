"""Nodes are frozen values, as a type checker takes them to be."""

from __future__ import annotations

import pytest

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.node import changed, parts

AT = Span("x.flow", 0, 1)


def test_a_node_is_made_by_position_and_by_name() -> None:
    assert tree.Name(AT, "a") == tree.Name(span=AT, text="a")
    with pytest.raises(TypeError):
        tree.Name(AT)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        tree.Name(AT, "a", "b")  # type: ignore[call-arg]


def test_a_node_is_never_changed() -> None:
    name = tree.Name(AT, "a")
    with pytest.raises(AttributeError, match="never changed"):
        name.text = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="never changed"):
        del name.text
    with pytest.raises(AttributeError):
        name.other = "b"
    assert not hasattr(name, "__dict__")


def test_nodes_of_two_kinds_differ_whatever_is_in_them() -> None:
    inner = tree.Name(AT, "a")
    assert tree.Negative(AT, inner) != tree.Not(AT, inner)
    assert tree.Negative(AT, inner) == tree.Negative(AT, tree.Name(AT, "a"))
    assert len({tree.Name(AT, "a"), tree.Name(AT, "a"), tree.Name(AT, "b")}) == 2


def test_a_node_is_matched_changed_and_shown() -> None:
    match tree.Negative(AT, tree.Name(AT, "a")):
        case tree.Negative(operand=tree.Name(_, text)):
            assert text == "a"
    assert changed(tree.Name(AT, "a"), text="b") == tree.Name(AT, "b")
    assert parts(tree.Name) == ("span", "text")
    assert repr(tree.Name(AT, "a")) == f"Name(span={AT!r}, text='a')"
