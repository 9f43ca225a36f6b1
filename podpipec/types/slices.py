"""`t.shards`, `t[-1]`, `t[-3..0]`, `t.windows`: which slices of a snapshot a flow reads beside its own."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.diagnostics import Diagnostic, error
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN
from podpipec.types.declarations import Snapshot
from podpipec.types.evaluate import Constants
from podpipec.types.origin import FromInput, FromItem, FromShards, FromWindows
from podpipec.types.scalars import is_number, written
from podpipec.types.typed import Parameter, Value
from podpipec_runtime.tuples import NamedTuple

#: Further back than this nothing is meant.
_FURTHEST = 100_000


class Slices(NamedTuple):
    """What the slices of one flow are typed with."""

    parameters: Sequence[Parameter]
    constants: Constants
    found: list[Diagnostic]

    def fields(self, base: Value) -> tuple[str, ...]:
        """The fields that a value has as a slice."""
        return ("shards", "windows") if isinstance(base.origin, FromInput) and base.snapshot else ()

    def shards(self, base: Value, written_: tree.Field) -> Value:
        """All shards of a slice."""
        broken = Value(None, UNKNOWN, written_.span)
        snapshot = self._snapshot(base)
        assert isinstance(base.origin, FromInput)  # the caller has looked
        if snapshot is not None and "shards" not in snapshot.settings:
            self._has_none(snapshot, "shards", written_, "give it some: `shards 16`, and `{shard}` in its path")
            return broken
        origin = FromShards(base.origin.name, base.origin.offset)
        return Value(origin, base.content._replace(lists=1), written_.span, base.snapshot)

    def windows(self, base: Value, written_: tree.Field) -> Value:
        """All windows of the period that the run is for."""
        broken = Value(None, UNKNOWN, written_.span)
        if not self._has_windows(base, written_):
            return broken
        assert isinstance(base.origin, FromInput)  # it has windows
        if base.origin.offset:
            message, help_ = "`.windows` are those of the run's own period", f"write `{base.origin.name}.windows`"
            self.found.append(error("T014", message, written_.span, "this is another window", help=help_))
            return broken
        origin = FromWindows(base.origin.name, None)
        return Value(origin, base.content._replace(lists=1), written_.span, base.snapshot)

    def at(self, base: Value, index: tree.Index) -> Value:
        """The slice so many windows back."""
        offset = self._offset(index.at)
        if offset is None or not self._has_windows(base, index):
            return Value(None, UNKNOWN, index.span)
        assert isinstance(base.origin, FromInput)  # it has windows
        origin = FromInput(base.origin.name, base.origin.offset + offset)
        return Value(origin, base.content, index.span, base.snapshot)

    def between(self, base: Value, range_: tree.Range) -> Value:
        """The list of the slices from one window to another."""
        broken = Value(None, UNKNOWN, range_.span)
        first, last = self._offset(range_.first), self._offset(range_.last)
        if first is None or last is None or not self._has_windows(base, range_):
            return broken
        assert isinstance(base.origin, FromInput)  # it has windows
        if first > last:
            message, help_ = "a range goes from the oldest window to the newest", f"write `[{last}..{first}]`"
            self.found.append(error("V003", message, range_.first.span, "newer than its end", help=help_))
            return broken
        reach = (base.origin.offset + first, base.origin.offset + last)
        origin = FromWindows(base.origin.name, reach)
        return Value(origin, base.content._replace(lists=1), range_.span, base.snapshot)

    def _offset(self, expression: tree.Expression) -> int | None:
        """How many windows from the run's own: known when the program is compiled, and never in the future."""
        scalar = self.constants.value(expression)
        if scalar is None:
            return None
        value = scalar.value
        if scalar.kind != "Int" or not is_number(value):
            message = f"an offset counts windows, and {written(scalar)} is none"
            self.found.append(
                error("T003", message, expression.span, "an Int is needed here", help="write it like `-1`")
            )
            return None
        if value > 0:
            message, help_ = "a run reads nothing of the future", "offsets go back: `-1` is the window before"
            self.found.append(error("V003", message, expression.span, "a window that is still to come", help=help_))
            return None
        if value < -_FURTHEST:
            self.found.append(error("V003", f"an offset is at least -{_FURTHEST}", expression.span, "out of bounds"))
            return None
        return int(value)

    def _snapshot(self, base: Value) -> Snapshot | None:
        assert isinstance(base.origin, FromInput)  # the caller has looked
        name = base.origin.name
        return next(parameter.snapshot for parameter in self.parameters if parameter.name == name)

    def _has_windows(self, base: Value, expression: tree.Field | tree.Index | tree.Range) -> bool:
        """Whether other windows of a value can be told; a diagnostic if not, unless the value is broken anyway."""
        if base.origin is None and base.fields is None:
            return False
        if not isinstance(base.origin, FromInput) or base.snapshot is None:
            label = "an element has no neighbours here" if isinstance(base.origin, FromItem) else "not such a slice"
            message, help_ = "only a slice that the flow is given has other windows", "ask for it: `flow f(t: ticks)`"
            self.found.append(error("T014", message, expression.base.span, label, help=help_))
            return False
        snapshot = self._snapshot(base)
        if snapshot is None or snapshot.clock is None:
            if snapshot is not None and "window" not in snapshot.settings:
                self._has_none(snapshot, "windows", expression, "cut it: `window 1d`, and `{window}` in its path")
            return False
        return True

    def _has_none(self, snapshot: Snapshot, what: str, expression: tree.Expression, help_: str) -> None:
        self.found.append(
            error(
                "T014",
                f"the snapshot `{snapshot.name.text}` has no {what}",
                expression.span,
                "one slice, not many",
                (snapshot.name.span, "declared here"),
                help=help_,
            )
        )
