"""What the types can't say about a macro plan: sets, flows and units go together, and all else as in any plan."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec_runtime.plan.across import Doing, as_plan
from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import Call, Exec, Macro, Move, Plan, Unit

#: No set has more pods than this: each is named in what it may do.
MOST_PODS = 10_000


def check_across(macro: Macro) -> None:
    """Raises PlanError with the path to the first thing in `macro` that can't be meant."""
    flows: dict[str, Plan] = {}
    for at, flow in enumerate(macro.flows):
        if flow.flow in flows:
            raise PlanError(f"the flow `{flow.flow}` is there twice", f"$.flows[{at}].flow")
        flows[flow.flow] = flow
        try:
            check(flow)
        except PlanError as error:
            raise PlanError(error.message, error.path.replace("$", f"$.flows[{at}]", 1)) from None
    _check_sets(macro, flows)
    for unit in _units(macro):
        _check_unit(unit, flows)
    check(as_plan(macro, lambda flow: Doing(Exec(words=((flow.flow,),)))))


def _check_sets(macro: Macro, flows: dict[str, Plan]) -> None:
    seen: set[str] = set()
    for at, one in enumerate(macro.sets):
        if not 1 <= one.pods <= MOST_PODS:
            raise PlanError(f"a set has 1 to {MOST_PODS:,} pods, not {one.pods}", f"$.sets[{at}].pods")
        for of, name in enumerate(one.flows):
            path = f"$.sets[{at}].flows[{of}]"
            if name not in flows or name in seen:
                raise PlanError(f"`{name}` is no flow of this plan, or of two sets", path)
            if flows[name].pod != one.pod:
                raise PlanError(f"the flow `{name}` is for another pod", path)
            seen.add(name)
    if seen != set(flows):
        raise PlanError(f"no set has the flow `{min(set(flows) - seen)}`", "$.sets")


def _units(macro: Macro) -> Iterator[Unit]:
    for top in macro.steps:
        for step in within(top):
            if isinstance(step, Unit):
                yield step
            elif isinstance(step, Call | Move):
                raise PlanError(f"`{step.id}` is for one pod, and this plan goes across pods", "$.steps")


def _check_unit(unit: Unit, flows: dict[str, Plan]) -> None:
    path = f"$.steps[{unit.id}]"
    flow = flows.get(unit.flow)
    if flow is None:
        raise PlanError(f"there is no flow `{unit.flow}`", f"{path}.flow")
    if set(unit.args) != {given.name for given in flow.inputs}:
        raise PlanError(f"the arguments aren't those of the flow `{flow.flow}`", f"{path}.args")
    if bool(unit.shard) != any(given.slice == "shard" for given in flow.inputs):
        raise PlanError(f"the flow `{flow.flow}` is for one shard, or for none", f"{path}.shard")
