"""YAML out: every value comes back, for each reader, in the same bytes from each writer."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podpipec.targets.kubernetes import manifests
from podpipec.targets.manifest import Json, Manifest
from podpipec.targets.yaml import HEADER, dump, dump_with
from tests.targets import plans

printable = st.text(st.characters(max_codepoint=0x2FF, categories=("L", "N", "P", "S")) | st.just(" "), max_size=20)
keys = st.text(st.characters(max_codepoint=0x7F, categories=("L", "N", "P")), min_size=1, max_size=20)
scalars = printable | st.integers() | st.booleans() | st.none()
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


def manifest(value: Json) -> Manifest:
    return Manifest(kind="Test", name="test", body={"kind": "Test", "value": value})


@given(st.lists(values, max_size=3))
def test_round_trip(found: list[Json]) -> None:
    documents = list(yaml.safe_load_all(dump(map(manifest, found))))
    assert documents == [manifest(value).body for value in found]


@given(values)
def test_with_and_without_libyaml(value: Json) -> None:
    assert dump_with(yaml.CSafeDumper, [manifest(value)]) == dump_with(yaml.SafeDumper, [manifest(value)])


@pytest.mark.parametrize("plan", [plans.minimal, plans.every_place, plans.exclusive, plans.per_shard])
def test_manifests_with_and_without_libyaml(plan: object) -> None:
    assert callable(plan)
    found = manifests(plan())
    assert dump_with(yaml.CSafeDumper, found) == dump_with(yaml.SafeDumper, found) == dump(found)


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "12345e6789",
        "0x1f",
        "0o17",
        "1_000",
        "y",
        "N",
        "on",
        "No",
        "null",
        "~",
        ".inf",
        "12:30",
        "2026-01-01",
        "-",
    ],
)
def test_text_that_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert f"value: '{text}'\n" in dump([manifest(text)])


def test_documents_stand_in_their_order_under_a_comment() -> None:
    text = dump([manifest("a"), manifest("b")])
    assert text == f"{HEADER}---\nkind: Test\nvalue: a\n---\nkind: Test\nvalue: b\n"


def test_a_value_that_stands_twice_is_written_twice() -> None:
    shared: Json = {"a": "b"}
    assert "&" not in dump([manifest([shared, shared])])
