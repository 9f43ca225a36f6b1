"""F2: a resume never repeats what a stage did to a service, unless the stage says that it may."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Call, Graph
from podpipec.graph.traversal import units_of, walk
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.declarations import Stage

CODE = "F2"
TITLE = "a resume never repeats an effect on a service"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages that call services and are tried again, or stand in a flow that is to go on after a fault."""
    for stage in checked.typed.stages.values():
        if _must_not_be_repeated(stage) and stage.retry:
            yield _retried(stage)
    told: set[tuple[Span, Span]] = set()
    for graph in (*checked.graphs, *checked.units):
        claim = graph.flow.declared.survives
        if graph.flow.survives is not None and claim is not None:
            for call, inside in _calls(graph):
                if (claim.span, call.span) not in told:
                    told.add((claim.span, call.span))
                    yield _resumed(call, inside, claim)


def _must_not_be_repeated(stage: Stage) -> bool:
    return bool(stage.calls) and not stage.idempotent


def _calls(graph: Graph) -> Iterator[tuple[Call, Graph]]:
    """The calls that must not be repeated, those of a flow's units included, and the graph that each stands in."""
    for one in (graph, *(unit.graph for unit in units_of(graph))):
        for node, _ in walk(one.nodes):
            for attempt in node.attempts if isinstance(node, Call) else ():
                if isinstance(node, Call) and _must_not_be_repeated(attempt.stage):
                    yield node._replace(stage=attempt.stage), one


def _services(stage: Stage) -> str:
    names = " and ".join(f"`{service.name.text}`" for service in stage.calls)
    return f"the service{'' if len(stage.calls) == 1 else 's'} {names}"


def _where(stage: Stage) -> Span:
    """Where a stage says that it calls its first service."""
    return stage.settings[f"calls {stage.calls[0].name.text}"]


def _retried(stage: Stage) -> Diagnostic:
    return error(
        CODE,
        f"an attempt of `{stage.name.text}` that fails may have done its part to {_services(stage)}, "
        "and the next would do it again",
        stage.settings["retry"],
        "tried again",
        (_where(stage), "called here, and not said to be `idempotent`"),
        help="add `idempotent` if a second call leaves the service as one does, or take the `retry` away",
    )


def _resumed(call: Call, graph: Graph, claim: tree.Name) -> Diagnostic:
    from podpipec.graph.recovery import recovery  # few flows claim anything

    stage = call.stage
    level = next((fault for fault in ("pod", "node") if fault == claim.text), "container")
    again = call.id in recovery(graph, level).runs_again  # type: ignore[arg-type]  # one of the three
    return error(
        CODE,
        f"the flow claims to survive a {claim.text}, and may not call {_services(stage)} a second time",
        call.span,
        f"a lost {level} has it run again, even if it had ended" if again else "runs again if it is lost on the way",
        (_where(stage), "called here, and not said to be `idempotent`"),
        (claim.span, "the claim"),
        help=f"add `idempotent` to `{stage.name.text}` if a second call leaves the service as one does, "
        "or take the claim away: a run that begins anew then stops, and asks",
    )
