"""Flows that multiply are refused, however it is found out."""

from __future__ import annotations

import pytest

from tests.types.programs import codes

HEAD = """
snapshot ticks { from "t.csv"  size 1MiB }
pod bench { slots 1  cpu 1  memory 1GiB  volume 10GiB }
stage turn(x: Csv) -> y: Csv { run ["turn", x, y]  size y 1MiB }
"""


def _called(levels: int) -> str:
    flows = ["flow f0(x: Csv) -> y { y = turn(x) }"]
    flows += [f"flow f{n}(x: Csv) -> y {{ a = f{n - 1}(x)  y = f{n - 1}(a) }}" for n in range(1, levels + 1)]
    return HEAD + "\n".join(flows) + f"\nflow all(t: ticks) -> y on bench {{ y = f{levels}(t) }}\n"


def _given(levels: int) -> str:
    """Which flow is called is known only where it is given: nothing can be counted before."""
    flows = ["flow f0(x: Csv, by: stage(Csv) -> Csv) -> y { y = by(x) }"]
    flows += [
        f"flow f{n}(x: Csv, by: stage(Csv) -> Csv) -> y {{ a = f{n - 1}(x, by)  y = f{n - 1}(a, twice) }}"
        for n in range(1, levels + 1)
    ]
    twice = "flow twice(x: Csv) -> y { a = turn(x)  y = turn(a) }\n"
    return HEAD + twice + "\n".join(flows) + f"\nflow all(t: ticks) -> y on bench {{ y = f{levels}(t, turn) }}\n"


def test_flows_that_double_17_times_are_counted_before_they_are_written_out() -> None:
    assert codes(_called(40)) == ["T015"]


def test_flows_61_deep_are_too_deep_however_few_steps_they_have() -> None:
    chain = ["flow f0(x: Csv) -> y { y = turn(x) }"]
    chain += [f"flow f{n}(x: Csv) -> y {{ y = f{n - 1}(x) }}" for n in range(1, 62)]
    for deep, told in ((58, []), (61, ["T015"])):
        flow = f"\nflow all(t: ticks) -> y on bench {{ y = f{deep}(t) }}\n"
        assert codes(HEAD + "\n".join(chain[: deep + 1]) + flow) == told


@pytest.mark.parametrize("text", [_called(6), _given(6)], ids=["called", "given"])
def test_what_is_counted_and_what_is_written_out_are_refused_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(text) == []
    monkeypatch.setattr("podpipec.graph.expanding.work.LARGEST", 150)
    assert codes(text) == ["T015"]
    monkeypatch.setattr("podpipec.graph.expand.LARGEST", 150)
    assert codes(text) == ["T015"]
