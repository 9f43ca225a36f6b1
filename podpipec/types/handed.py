"""What a loop hands from one of the things that it goes over to another, and in which order it comes to them."""

from __future__ import annotations

from typing import Literal

from podpipec_runtime.tuples import NamedTuple


class FromParent(NamedTuple):
    """What goes down under a name to the node that a `walk` is at: the parent's, or for the root what it begins as."""

    step: str
    name: str
    kind: Literal["parent"] = "parent"


class FromChildren(NamedTuple):
    """What came up under a name from the children of the node that a `walk` is at, as a list."""

    step: str
    name: str
    kind: Literal["children"] = "children"


class FromCarry(NamedTuple):
    """What the element of a `cycle` before this one handed on under a name; for the first what it begins as."""

    step: str
    name: str
    kind: Literal["carry"] = "carry"


class FromNeeds(NamedTuple):
    """What came of the nodes that the node which a `run … in` is at depends on, as a list."""

    step: str
    kind: Literal["needs"] = "needs"


#: In which order a `walk` comes to the nodes.
Order = Literal["depth_first", "breadth_first"]

ORDERS: tuple[Order, ...] = ("depth_first", "breadth_first")
