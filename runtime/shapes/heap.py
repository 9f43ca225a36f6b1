"""A persistent priority queue: a leftist heap. Push and pop take time logarithmic in its size."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

import msgspec


class Ordered(Protocol):
    """What can be compared."""

    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - as the standard library has it


Key = TypeVar("Key", bound=Ordered)


class Node(msgspec.Struct, Generic[Key], frozen=True):
    """A smallest key above two heaps; `rank` is the length of the rightmost way down."""

    key: Key
    rank: int
    left: Node[Key] | None
    right: Node[Key] | None


def push(heap: Node[Key] | None, key: Key) -> Node[Key]:
    """`heap` with `key` in it."""
    node: Node[Key] = Node(key, 1, None, None)
    return node if heap is None else _merge(heap, node)


def pop(heap: Node[Key]) -> Node[Key] | None:
    """`heap` without its smallest key, which is `heap.key`."""
    if heap.left is None or heap.right is None:
        return heap.left or heap.right
    return _merge(heap.left, heap.right)


def _merge(one: Node[Key], other: Node[Key]) -> Node[Key]:
    """Goes down the rightmost ways, whose length is logarithmic."""
    if other.key < one.key:
        one, other = other, one
    right = other if one.right is None else _merge(one.right, other)
    if one.left is None:
        return Node(one.key, 1, right, None)
    if one.left.rank < right.rank:
        return Node(one.key, one.left.rank + 1, right, one.left)
    return Node(one.key, right.rank + 1, one.left, right)
