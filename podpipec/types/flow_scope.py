"""What the statements of a flow can see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.names.scope import Scopes
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.declarations import Helper, Pod, Snapshot, Stage
from podpipec.types.evaluate import Constants
from podpipec.types.time import Calendar
from podpipec.types.typed import Flow, Value
from podpipec_runtime.tuples import NamedTuple

#: The content of a call that gives no value.
NOTHING = Content("nothing")


class Declared(NamedTuple):
    """The typed declarations of a program, by where they are declared, for its flows to use."""

    scopes: Scopes
    constants: Constants
    calendars: Mapping[tree.Name, Calendar]
    snapshots: Mapping[tree.Name, Snapshot]
    pods: Mapping[tree.Name, Pod]
    stages: Mapping[tree.Name, Stage]
    flows: Mapping[tree.Name, Flow]  # those that are typed already: callees come first
    helpers: Mapping[tree.Name, Helper]


class Passing(NamedTuple):
    """What the lines of a block's own body may hand on from element to element: with which words they begin.

    `before` is what a name stands for on the right side of its own line. `given` is what the lines gave, added to.
    """

    words: tuple[str, ...]
    before: Mapping[str, Value]
    given: dict[str, Value]


class Scope(NamedTuple):
    """What a body sees: names with their values, the elements that a text may show, and where its steps are put.

    `elsewhere` holds the names that are written somewhere else in the flow, and so are another rule's to explain.
    """

    names: dict[str, Value]
    items: Mapping[str, str]  # elements with a name to show, and the steps of their `each`
    prefix: str
    taken: dict[str, int]
    elsewhere: frozenset[str]
    timed: frozenset[str] = frozenset()  # those of `items` that are windows, and have a time to show
    passing: Passing | None = None

    def fresh(self, name: str) -> str:
        """A step's id that nothing else in this body has."""
        count = self.taken.get(name, 0) + 1
        self.taken[name] = count
        return self.prefix + (name if count == 1 else f"{name}-{count}")

    def inside(
        self,
        step: str,
        added: Mapping[str, Value],
        shown: Mapping[str, str],
        timed: Iterable[str] = (),
        passing: Passing | None = None,
    ) -> Scope:
        """What a body sees that stands inside a step: the names here, those that the step adds, no result yet.

        `shown` are the names among the added that a text may show, each with its step; `timed` those that are windows.
        """
        names = {name: value for name, value in self.names.items() if name} | dict(added)
        items = {name: each for name, each in self.items.items() if name not in added} | dict(shown)
        times = frozenset((self.timed - added.keys()).union(timed))
        return Scope(names, items, step + "/", {}, self.elsewhere, times, passing)
