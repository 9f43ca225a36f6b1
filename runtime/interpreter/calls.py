"""A call, or one of those of a fallback: what it reads, the key of its result, and the values in its record."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.keys import Parts, call_key, effect_key, value_digest
from podpipec_runtime.interpreter.resolve import arguments
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.turn import Turn, label
from podpipec_runtime.interpreter.values import Instance, Record, Scalar, Value, stored_data
from podpipec_runtime.tuples import NamedTuple


class Keyed(NamedTuple):
    """The key of a call's result, what it was made of, and the arguments under the names of its stage's inputs."""

    key: str
    parts: Parts
    args: tuple[tuple[str, Value], ...]

    @property
    def read(self) -> tuple[Value, ...]:
        """What it reads."""
        return tuple(value for _, value in self.args)


def keyed(turn: Turn | State, instance: Instance, at: int) -> Keyed:
    """The key of the call at `at`."""
    used = turn.program.stages[turn.program.calls[instance.step][at].stage]
    args = arguments(turn, instance, at)
    inputs = tuple((name, value_digest(value)) for name, value in args)
    parts = replace(used.parts, inputs=inputs)
    if used.stage.calls:
        who = (instance.step, *label(turn, instance))
        return Keyed(effect_key(used.digest, who, inputs), parts, args)
    return Keyed(call_key(used.digest, inputs), parts, args)


def written(turn: Turn, instance: Instance, record: Record) -> tuple[Value, ...]:
    """The values that a record tells of: what lies on a place, then what was captured."""
    call = turn.program.calls[instance.step][0]
    pairs = zip(record.outputs, call.outputs, strict=True)
    return (
        *(stored_data(stored, output.place, instance) for stored, output in pairs),
        *(Scalar(text) for text in record.texts),
    )
