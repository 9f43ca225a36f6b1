"""Names, amounts and image references."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpipec.targets.kubernetes import quantity
from podpipec.targets.kubernetes.images import is_reference, pinned
from podpipec.targets.kubernetes.names import set_name
from tests.targets.kubernetes import oracles
from tests.targets.plans import DIGEST

identifiers = st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,80}", fullmatch=True)


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        ("hourly", "hourly"),
        ("by_airport", "by-airport"),
        ("a" * 52, "a" * 52),
        ("Hourly", "hourly-[0-9a-f]{6}"),
        ("risk.hourly", "risk-hourly-[0-9a-f]{6}"),
        ("a" * 53, "a{45}-[0-9a-f]{6}"),
        ("a" * 44 + "_" * 10 + "b", "a{44}-[0-9a-f]{6}"),
    ],
)
def test_set_name(flow: str, name: str) -> None:
    found = set_name(flow)
    assert found is not None
    assert re.fullmatch(name, found)


@given(identifiers)
def test_set_names_are_legal_or_none(flow: str) -> None:
    name = set_name(flow)
    if name is None:
        assert flow.endswith(("_", "."))
        return
    assert re.fullmatch(r"[a-z]([-a-z0-9]{0,50}[a-z0-9])?", name)
    assert len(f"{name}-9999") <= 63


@given(identifiers, identifiers)
def test_two_flows_never_share_a_name(one: str, other: str) -> None:
    if one != other and set_name(one) is not None:
        assert set_name(one) != set_name(other)


@pytest.mark.parametrize(("one", "other"), [("Ab", "aB"), ("a.b", "a_b"), ("x" * 60, "x" * 61)])
def test_flows_that_look_alike(one: str, other: str) -> None:
    assert set_name(one) != set_name(other)


@given(st.integers(0, 1 << 60))
def test_sizes_are_exact(count: int) -> None:
    assert oracles.quantity(quantity.size(count)) == count
    assert re.fullmatch(r"[0-9]+([KMGT]i)?", quantity.size(count))


@given(st.integers(0, 1 << 30))
def test_cores_are_exact(thousandths: int) -> None:
    assert oracles.quantity(quantity.cpu(thousandths)) * 1000 == thousandths


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("busybox", None),
        ("busybox:1", None),
        ("registry.example:5000/a/b_c:v1.0-x", None),
        ("busybox" + DIGEST, "busybox" + DIGEST),
        ("registry.example:5000/a/b:tag" + DIGEST, "registry.example:5000/a/b" + DIGEST),
    ],
)
def test_references(image: str, name: str | None) -> None:
    assert is_reference(image)
    assert pinned(image) == name
