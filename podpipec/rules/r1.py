"""R1: what can be active at once fits the slots and the cores."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.chains import chains_of
from podpipec.graph.distinct import distinct
from podpipec.graph.nodes import Attempt, Call, Execute, Graph, Open
from podpipec.graph.scopes import Scopes
from podpipec.graph.seats import Seating, seating
from podpipec.graph.slots import allot
from podpipec.graph.traversal import walk
from podpipec.rules.checked import Checked
from podpipec.types.units import size_text

CODE = "R1"
TITLE = "what is active at once fits slots and cores"


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Stages that do not fit their pod even alone. What fits alone is given slots so that all that is active fits."""
    for graph in checked.in_pods:
        yield from _scratch(graph)
        helpers = seating(graph)
        yield from _helpers(graph, helpers)
        yield from _chains(graph, helpers)
        yield from _without_slots(graph)
        seen = set()
        for node, _ in walk(graph.nodes):
            for one in node.attempts if isinstance(node, Call) else ():
                if one.stage.name not in seen:
                    seen.add(one.stage.name)
                    yield from _stage(graph, one, helpers)


def _without_slots(graph: Graph) -> Iterator[Diagnostic]:
    """A flow that is run takes its turns in the slots of the stages beside it."""
    nodes = [node for node, _ in walk(graph.nodes)]
    if not any(isinstance(node, Call) for node in nodes):
        for node in nodes:
            if isinstance(node, Execute):
                yield error(
                    CODE,
                    "this flow has no stage, so its pod has no slot for those of the flow that it runs",
                    node.span,
                    "where would they run?",
                    (graph.pod.name.span, "slots are as large as the stages that they are for"),
                    help="let a stage of this flow write the flow that is run, or check it",
                )
                return


def _scratch(graph: Graph) -> Iterator[Diagnostic]:
    pod = graph.pod
    if pod.places.get("ram", 0) >= pod.memory:
        yield error(
            CODE,
            f"the scratch in memory of the pod `{pod.name.text}` leaves nothing for its stages",
            pod.settings["ram"],
            f"{size_text(pod.places['ram'])} of scratch",
            (pod.settings["memory"], f"{size_text(pod.memory)} in all, scratch included"),
            help="make `ram` smaller than `memory` by what the stages need",
        )


def _helpers(graph: Graph, helpers: Seating) -> Iterator[Diagnostic]:
    """Helpers that leave nothing for stages: each has a container of its own, from the pod's start to its end."""
    opens = [node for node, _ in walk(graph.nodes) if isinstance(node, Open)]
    if not opens:
        return
    pod, ram = graph.pod, graph.pod.places.get("ram", 0)
    most = [
        max((one for one in opens if helpers.homes[one.id] == seat), key=lambda one: one.helper.cpu)
        for seat in range(len(helpers.seats))
    ]
    shown = [
        (one.span, f"`{one.helper.name.text}`: {_cores(one.helper.cpu)}, {size_text(one.helper.memory)}")
        for one in most
    ]
    if helpers.cpu >= pod.cpu:
        yield error(
            CODE,
            f"helpers that may run at once ask for {_cores(helpers.cpu)}, "
            f"and the pod `{pod.name.text}` has {_cores(pod.cpu)}",
            pod.settings["cpu"],
            "nothing is left for stages",
            *shown,
            help="ask for less, let one `with` come `after` the other, or give the pod more",
        )
    if 0 < pod.memory - ram <= helpers.memory:
        beside = f" beside its scratch of {size_text(ram)}" if ram else ""
        yield error(
            CODE,
            f"helpers that may run at once ask for {size_text(helpers.memory)}, "
            f"and the pod `{pod.name.text}` has {size_text(pod.memory - ram)}{beside}",
            pod.settings["memory"],
            "nothing is left for stages",
            *shown,
            help="ask for less, let one `with` come `after` the other, or give the pod more",
        )
    yield from _ports(graph)


def _ports(graph: Graph) -> Iterator[Diagnostic]:
    """A pod has one address: two that listen at one port of it at once cannot be."""
    scopes = Scopes(graph)
    for index, scope in enumerate(scopes.all):
        if scopes.overlap(scope, scope):
            loop = next(each for each in scope.loops if each.width > 1)
            yield error(
                CODE,
                f"{loop.width} elements are under way at once, "
                f"and each would start a helper at port {scope.opens.helper.port}",
                scope.opens.span,
                "started for each element",
                (loop.span, "in this `each`"),
                help="put the `with` around the `each`: its elements share one helper",
            )
        for other in scopes.all[:index]:
            if other.opens.helper.port == scope.opens.helper.port and scopes.overlap(scope, other):
                yield error(
                    CODE,
                    f"two helpers may listen at port {scope.opens.helper.port} of the pod at once",
                    scope.opens.span,
                    "this one",
                    (other.opens.span, "and this one"),
                    help="give one of them another `port`, or let one `with` come `after` the other",
                )


def _chains(graph: Graph, helpers: Seating) -> Iterator[Diagnostic]:
    """Chains of streams whose calls do not fit beside each other, or not beside the largest call of all."""
    found = chains_of(graph)
    homes = allot(graph).homes if found else {}
    for chain in found:
        if distinct([homes[call.id] for call in chain]):
            continue
        pod = graph.pod
        cores = sum(-(-call.stage.cpu // 1000) * 1000 if pod.exclusive else call.stage.cpu for call in chain)
        memory = sum(call.stage.memory for call in chain)
        names = " → ".join(f"`{call.stage.name.text}`" for call in chain)
        left = pod.memory - pod.places.get("ram", 0) - helpers.memory
        slots = f"{pod.slots} slot{'' if pod.slots == 1 else 's'}"
        yield error(
            CODE,
            f"{names} run at once and need {len(chain)} slots, {_cores(cores)} and {size_text(memory)}",
            chain[-1].span,
            "reads a stream, and cannot wait for a slot",
            *((call.span, "runs at the same time") for call in chain[:-1]),
            (pod.name.span, f"{slots}, {_cores(pod.cpu - helpers.cpu)} and {size_text(max(0, left))} for stages"),
            note="slots stay as large as the largest stage that takes a turn in them",
            help="give the pod more, or let one of them write a file that the next one reads",
        )


def _stage(graph: Graph, call: Attempt, helpers: Seating) -> Iterator[Diagnostic]:
    pod, stage = graph.pod, call.stage
    cores = -(-stage.cpu // 1000) * 1000 if pod.exclusive else stage.cpu
    left = pod.cpu - helpers.cpu
    taken = " beside its helpers" if helpers.seats else ""
    if 0 < left < cores:
        yield error(
            CODE,
            f"`{stage.name.text}` asks for {_cores(cores)}, and the pod `{pod.name.text}` has {_cores(left)}{taken}",
            stage.settings.get("cpu", stage.name.span),
            "does not fit, even alone",
            (pod.settings["cpu"], "what the pod has"),
            (call.span, "runs there because of this call"),
            help=f"ask for `cpu {left // 1000 or left / 1000}` or less, or give the pod more",
        )
    ram = pod.places.get("ram", 0)
    room = pod.memory - ram - helpers.memory
    if 0 < room < stage.memory:
        others = [f"scratch of {size_text(ram)}"] * bool(ram) + ["helpers"] * bool(helpers.seats)
        beside = f" beside its {' and '.join(others)}" if others else ""
        yield error(
            CODE,
            f"`{stage.name.text}` asks for {size_text(stage.memory)}, "
            f"and the pod `{pod.name.text}` has {size_text(room)}{beside}",
            stage.settings.get("memory", stage.name.span),
            "does not fit, even alone",
            (pod.settings["memory"], "what the pod has"),
            (call.span, "runs there because of this call"),
            help="ask for less memory, make `ram` smaller, or give the pod more",
        )


def _cores(thousandths: int) -> str:
    amount = thousandths / 1000
    return f"{amount:g} core" + ("" if amount == 1 else "s")
