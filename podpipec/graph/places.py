"""Where each value lies, and where copies of it are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.branches import NONE, branches_of
from podpipec.graph.least import at_least
from podpipec.graph.nodes import Call, Cycle, Graph, If, Keep, Loop, Move
from podpipec.graph.traversal import gives, is_fold, walk
from podpipec.types.declarations import PLACES, Place
from podpipec.types.origin import FromCarry, FromItem, FromStep, Origin, step_of

#: The places that others than a pod itself can read, those first from which nothing has to be fetched.
_READABLE: tuple[Place, ...] = ("volume", "remote", "node")


def kept(graph: Graph) -> Mapping[Origin, Mapping[Place, Keep]]:
    """For each value the places on which a copy is kept for good, and the step that keeps it."""
    return copies_of(graph, lambda keep: keep.until is None)


def copies_of(graph: Graph, counts: Callable[[Keep], bool]) -> Mapping[Origin, Mapping[Place, Keep]]:
    """For each value the places on which a copy is kept by a step that counts, and that step.

    A list that an `each` collects is kept where every element is, and so is each of its elements; what comes up from a
    tree is kept where every node's is; what a cycle comes to, where every element's is and, unless it surely has one,
    what it begins as. What a branch keeps is kept for sure if the branch made it; what a choice gives,
    where both branches keep theirs.
    """
    copies: dict[Origin, dict[Place, Keep]] = {}
    loops: list[Loop] = []
    choices: list[If] = []
    branches = branches_of(graph.nodes)
    for node, _ in walk(graph.nodes):
        if isinstance(node, Call):
            continue
        sure = isinstance(node, Keep) and branches.get(node.id, NONE) <= branches.get(step_of(node.value) or "", NONE)
        if isinstance(node, Keep) and sure and counts(node):
            copies.setdefault(node.value, {}).setdefault(node.place, node)
        elif isinstance(node, Loop):
            loops.append(node)
        elif isinstance(node, If):
            choices.append(node)
    for choice in choices:
        if choice.results is not None:
            one, other = (copies.get(result, {}) for result in choice.results)
            both = {place: keep for place, keep in one.items() if place in other}
            if both:
                copies.setdefault(FromStep(choice.id, ""), {}).update(both)
    by_id = {loop.id: loop for loop in loops}
    for loop in reversed(loops):  # inner lists before the outer lists that hold them
        surely = at_least(loop.over, graph, by_id) if isinstance(loop, Cycle) or is_fold(loop) else 0
        for given, value in gives(loop):
            there = copies.get(value, {})
            begun = _instead(loop, given, surely)
            if begun is not None:
                there = {place: keep for place, keep in there.items() if place in copies.get(begun, {})}
            if there:
                copies.setdefault(given, {}).update(there)
    for loop in loops:
        if loop.over in copies and not (is_fold(loop)):
            copies.setdefault(FromItem(loop.id), {}).update(copies[loop.over])
    return copies


def _instead(loop: Loop, given: Origin, surely: int) -> Origin | None:
    """What a loop may give that no element of it made, if it has no more elements than it `surely` has; a list that
    is kept stands for its elements."""
    if is_fold(loop):  # the one element of a list is the value itself
        return loop.over if surely < 2 else None
    if isinstance(loop, Cycle):  # of an empty list it is what it begins as, and so is what the first element sees
        carries = {carry.name: carry.start for carry in loop.carries}
        if isinstance(given, FromCarry):
            return carries[given.name]
        if isinstance(given, FromStep) and surely < 1:
            return carries[given.output]
    return None


def crossing_place(graph: Graph, origin: Origin) -> Place:
    """Where others than its own pod find a result: where it lies or is kept, and most can read it."""
    places = (graph.data[origin].place, *kept(graph).get(origin, {}))
    return next((place for place in _READABLE if place in places), "ram")


def outlives(place: Place, other: Place) -> bool:
    """Whether a place is there longer than another."""
    return PLACES.index(place) > PLACES.index(other)


def check_places(graph: Graph) -> Iterator[Diagnostic]:
    """Every place that the flow names must be one that the pod has, and a kept copy must outlive what it is of."""
    pod = graph.pod
    for asked in graph.asked:
        if asked.place not in pod.places:
            yield error(
                "T013",
                f"the pod `{pod.name.text}` has no `{asked.place}`",
                asked.span,
                f"{asked.what} would lie there",
                (pod.name.span, "the pod is declared here"),
                help=f"give the pod one: `{asked.place} 10GiB`",
            )
    for node, _ in walk(graph.nodes):
        if isinstance(node, Keep):
            datum = graph.data.get(node.value)
            if datum is not None and not outlives(node.place, datum.place):
                yield error(
                    "T013",
                    f"`{datum.name}` lies on `{datum.place}`, which a copy in `{node.place}` does not outlive",
                    node.span,
                    "nothing is gained here",
                    (datum.span, "from here"),
                    help=_longer(datum.place),
                )
        if isinstance(node, Move) and node.value in graph.data and graph.data[node.value].place == node.output.place:
            yield error(
                "T013",
                f"this lies on `{node.output.place}` already",
                node.span,
                "nothing moves",
                help="take the `move` away",
            )


def _longer(place: Place) -> str:
    longer = PLACES[PLACES.index(place) + 1 :]
    return f"keep it in {' or '.join(f'`{name}`' for name in longer)}" if longer else "take the `keep` away"
