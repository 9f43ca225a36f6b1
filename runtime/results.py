"""The results of a run, as paths."""

from __future__ import annotations

from podpipec_runtime.interpreter.keys import value_digest
from podpipec_runtime.interpreter.resolve import resolve
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.values import Data, Scalar, Value, leaves
from podpipec_runtime.outcome import ResultValue
from podpipec_runtime.workfolder import WorkFolder


def results(state: State, work: WorkFolder) -> tuple[ResultValue, ...]:
    """Every result of a run that is done."""
    return tuple(
        _result(state, work, result.name, resolve(state, result.value, ())) for result in state.program.plan.results
    )


def _result(state: State, work: WorkFolder, name: str, value: Value) -> ResultValue:
    paths: list[str] = []
    places: dict[str, None] = {}
    size = 0
    for data in leaves(value):
        found = state.stock.anywhere(data)
        assert found is not None
        (place, object_), inner = found
        paths.append(work.stores[place].path(object_, inner))
        places[place] = None
        size += data.bytes
    return ResultValue(
        name=name,
        paths=tuple(paths),
        hash=value_digest(value).split(" ", 1)[1] if paths else "",
        bytes=size,
        place=", ".join(places),
        text=value.text if isinstance(value, Scalar) else "",
        folder=isinstance(value, Data) and value.elements is not None,
    )
