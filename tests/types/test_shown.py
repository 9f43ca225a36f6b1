"""`check --types`: what is shown for the examples, and that the plan, read by other means, says the same."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from podpipec.cli import status
from podpipec_runtime.plan import codec
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.order import bodies, branches, operands
from tests.diagnostics.programs import TextExtension, call
from tests.examples.cases import ROOT, Case, cases

EXAMPLES = [*cases(), Case("flights", "examples/flights/flights.flow", ())]

Values = Mapping[str, dict[str, Any]]


def words(case: Case) -> list[str]:
    """The options that give a program its parameters."""
    return [word for name, value in case.params.items() for word in ("--param", f"{name}={value}")]


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.name)
def test_examples(case: Case, snapshot: SnapshotAssertion) -> None:
    said = call(["check", "--types", case.path, *words(case)])
    assert (said.status, said.err) == (status.OK, "")
    shown = f"════ {case.path}\n{Path(case.path).read_text()}\n════ $ podpipec check --types\n{said.out}"
    assert shown == snapshot(extension_class=TextExtension)


def values(case: Case) -> Values:
    """What the JSON document says of the flow that the example starts, by the values' ids."""
    document = json.loads(call(["check", "--types", "--json", case.path, *words(case)]).out)
    assert document["diagnostics"] == []
    flows = [flow for flow in document["flows"] if flow["followed"]]
    named = json.loads(call(["plan", case.path, *words(case)]).out)["flow"]
    (flow,) = (flow for flow in flows if flow["name"] == named)
    return {value["id"]: value for value in flow["values"]}


class Oracle:
    """Where the plan's values come from and lie: followed from reference to reference, call by call."""

    def __init__(self, planned: plan.Plan) -> None:
        self.snapshots = {given.name: given.snapshot for given in planned.inputs}
        self.shards = {given.name: len(given.shards) for given in planned.inputs}
        self.steps = {step.id: step for step in _all(planned.steps)}
        self.looking: list[tuple[str, str]] = []
        self.kept = [step for step in self.steps.values() if isinstance(step, plan.Keep) and not step.until]

    def sources(self, ref: plan.Ref) -> set[str]:
        """The snapshots that a value is derived from."""
        match ref:
            case plan.InputRef(input=name) | plan.ShardsRef(input=name) | plan.WindowsRef(input=name):
                return {self.snapshots[name]}
            case plan.ItemRef(each=id_):
                return self.sources(self._loop(id_).over)
            case plan.CarryRef(cycle=id_, name=name):
                return self.carried(id_, name)
            case plan.StepRef(step=id_):
                step = self.steps[id_]
                if isinstance(step, plan.Call):
                    return {source for given in step.args.values() for source in self.sources(given)}
                if isinstance(step, plan.If):
                    ends = [branch.yields for branch in branches(step) if branch.yields is not None]
                    looked_at = [operand.value for operand in operands(step.condition)]
                    return {source for one in (*ends, *looked_at) for source in self.sources(one)}
                if isinstance(step, plan.Cycle):
                    return self.carried(id_, ref.output)
                if isinstance(step, plan.Fold):
                    return self.sources(step.yields) | self.sources(step.over)
                return self.sources(step.yields if isinstance(step, plan.Each) else step.value)
            case plan.TextRef(parts=parts):
                given = [part.value for part in parts if isinstance(part, plan.ValuePart)]
                return {source for one in given for source in self.sources(one)}
        return set()

    def carried(self, id_: str, name: str) -> set[str]:
        """What a carry is derived from: its start, and what elements give, which may be what they were given."""
        cycle = self._loop(id_)
        assert isinstance(cycle, plan.Cycle)
        carry = next(one for one in cycle.carries if one.name == name)
        if (id_, name) in self.looking:
            return set()
        self.looking.append((id_, name))
        found = self.sources(carry.start) | self.sources(carry.gives)
        self.looking.pop()
        return found

    def pins(self, ref: plan.Ref) -> set[str]:
        """The steps whose values were pinned on the way to a value."""
        step = self.steps.get(ref.step) if isinstance(ref, plan.StepRef) else None
        match step:
            case plan.Pin(value=plan.StepRef(step=name)):
                return {name, *self.pins(step.value)}
            case plan.Call(args=args):
                return {name for given in args.values() for name in self.pins(given)}
            case plan.Each() | plan.Move() | plan.Keep():
                return self.pins(step.yields if isinstance(step, plan.Each) else step.value)
        return set()

    def copies(self, ref: plan.Ref) -> set[str]:
        """The places on which a value is kept; a list that an `each` collects is kept where its elements are."""
        found: set[str] = {keep.place for keep in self.kept if keep.value == ref}
        step = self.steps.get(ref.step) if isinstance(ref, plan.StepRef) else None
        return found | (self.copies(step.yields) if isinstance(step, plan.Each) else set())

    def outputs(self) -> Iterator[tuple[str, plan.StepRef, str, int]]:
        """Every value that a call or a move writes: its id, its reference, its place and its bound."""
        for step in self.steps.values():
            if isinstance(step, plan.Call):
                for output in step.outputs:
                    dot = f".{output.name}" if len(step.outputs) > 1 else ""
                    yield step.id + dot, plan.StepRef(step=step.id, output=output.name), output.place, output.bytes
            elif isinstance(step, plan.Move | plan.Pin):
                yield step.id, plan.StepRef(step=step.id), step.place, step.bytes

    def _loop(self, id_: str) -> plan.Each | plan.Fold | plan.Cycle:
        step = self.steps[id_]
        assert isinstance(step, plan.Each | plan.Fold | plan.Cycle)
        return step


def slices(value: Mapping[str, Any]) -> set[str]:
    """The snapshots in a value's origin."""
    return {atom["snapshot"] for atom in value["origin"] if not atom["pinned"]}


def _all(steps: tuple[plan.Step, ...]) -> Iterator[plan.Step]:
    for step in steps:
        yield step
        for body in bodies(step):
            yield from _all(body)


@pytest.mark.parametrize(
    "case", [case for case in EXAMPLES if case.name != "across"], ids=lambda case: case.name
)  # the plan of one pod
def test_the_plan_says_the_same(case: Case) -> None:
    shown = values(case)
    oracle = Oracle(codec.decode(call(["plan", case.path, *words(case)]).out.encode()))
    sizes: dict[plan.Ref, int] = {}
    for id_, ref, place, size in oracle.outputs():
        value = shown[id_]
        assert slices(value) == oracle.sources(ref), id_
        assert {atom["snapshot"] for atom in value["origin"] if atom["pinned"]} == oracle.pins(ref), id_
        assert (value["place"], set(value["copies"]), value["bytes_each"]) == (place, oracle.copies(ref), size), id_
        sizes[ref] = size
    for id_, step in oracle.steps.items():
        if isinstance(step, plan.Each) and id_ in shown:
            value = shown[id_]
            assert slices(value) == oracle.sources(step.yields), id_
            assert set(value["copies"]) == oracle.copies(plan.StepRef(step=id_)), id_
            assert value["bytes_each"] == sizes.get(step.yields, value["bytes_each"]), id_
            if isinstance(step.over, plan.ShardsRef):
                assert value["bytes"] == value["bytes_each"] * oracle.shards[step.over.input], id_
    assert sizes


# --- shapes that no example has ------------------------------------------------------------------

_SHAPES = """
use std.shapes { map_reduce }
snapshot ticks  { from "s3://lake/{window:%Y}/{shard}.csv"  window 1h  shards 4  size 1GiB }
snapshot curves { from "s3://lake/{window:%Y}.csv"  window 1h  size 100MiB }
pod bench { slots 2  cpu 4  memory 64GiB  ram 32GiB  node 100GiB  volume 50GiB }
pod other { slots 1  cpu 2  memory 4GiB  volume 50GiB }
const hours = 3h
stage clean(raw: Csv) -> book: Csv { run ["clean", raw, book]  size book raw }
stage price(book: Csv, curves: Csv) -> pv: Csv { run ["price", book, curves, pv]  size pv book }
stage cut(book: Csv) -> parts: Csv[] { run ["cut", book, parts]  size parts book }
stage mark(part: Csv) -> marked: Csv { run ["mark", part, marked]  size marked 1GiB }
stage join(parts: Csv[]) -> whole: Csv { run ["join", parts, whole]  size whole parts }
flow elsewhere(book: Csv) -> there on other { there = clean(book) }

## Other names, constants, a list that only the data knows, a pattern, a copy.
flow one(t: ticks, c: curves) -> total on bench {
  same   = c
  note   = "text of {window}"
  wait   = hours + 1h
  book   = clean(t)
  parts  = cut(book)
  marks  = each part in parts { mark(part) }
  total  = map_reduce(parts, with: mark, gather: join)
  near   = move book to node
  again  = price(near, same)
  keep total in volume
}

## Shards joined, and values that cross to another pod.
flow all(t: ticks, c: curves) on bench {
  shards = t.shards
  pvs    = each s in shards {
    pv = price(s, c)
    keep pv in volume
    pv
  }
  total  = join(pvs)
  keep total in volume
  far    = elsewhere(total)
}
"""


def shown(tmp_path: Path, text: str) -> str:
    """What is shown for a program."""
    path = tmp_path / "program.flow"
    path.write_text(text)
    os.chdir(tmp_path)
    said = call(["check", "--types", "program.flow"])
    return said.err + said.out


def test_shapes(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    golden = f"════ program{_SHAPES}\n════ $ podpipec check --types\n{shown(tmp_path, _SHAPES)}"
    assert golden == snapshot(extension_class=TextExtension)


def test_a_flow_that_is_wrong_still_shows_contents(tmp_path: Path) -> None:
    said = shown(tmp_path, _SHAPES.replace("clean(t)", "cleen(t)"))
    assert "error[N001]: unknown stage or flow `cleen`" in said
    wrong, right = said.split("flow one")[1].split("\nflow all")
    assert "only contents: it is not right yet" in wrong
    assert "\n  parts: Csv[]\n" in wrong
    assert "{" not in wrong
    assert "of { ticks, curves }" in right and "# ticks@w/*, curves@w" in right


def test_a_program_without_flows_shows_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, "const a = 1\n") == ""
