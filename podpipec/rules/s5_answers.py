"""S5, answers that are pinned in two bodies.

Pins of one answer are taken together or not at all, and that holds in one body: an element takes its own pins, for it
knows nothing of what stands behind its loop. So an answer that is pinned inside does not go out unpinned to be pinned
there again.
"""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic, error
from podpipec.graph.nodes import Graph, If, Pin
from podpipec.graph.stability import Stabilities
from podpipec.graph.traversal import walk
from podpipec.types.origin import Origin


def answers_pinned_twice(graph: Graph, known: Stabilities) -> Iterator[Diagnostic]:
    """Pins in a loop or branch of what is pinned again where that stands, with what came out unpinned. Those that are
    in the wrong body for themselves are told elsewhere."""
    every = [node for node, _ in walk(graph.nodes) if isinstance(node, Pin) and node.value in known.touched]
    pins = [pin for pin in every if known.touched[pin.value].depth >= len(known.around[pin.id])]
    if not any(known.around[pin.id] for pin in pins):
        return
    of: dict[str, list[Pin]] = {}
    for pin in sorted(pins, key=lambda pin: (len(known.around[pin.id]), pin.span)):
        outer = next(
            (one for step in _said(pin.value, known) for one in of.get(step, ()) if _apart(one, pin, known)), None
        )
        if outer is not None:
            yield _twice(outer, pin, graph, known)
        for step in _said(pin.value, known):
            of.setdefault(step, []).append(pin)


def _said(value: Origin, known: Stabilities) -> set[str]:
    """The steps that were told something of which a value is made, as far as nothing was pinned since."""
    found: set[str] = set()
    seen = {value}
    waiting = [value]
    while waiting:
        origin = waiting.pop()
        if origin in known.said:
            found.add(known.said[origin])
        new = [one for one in known.read.get(origin, ()) if one not in seen]
        seen.update(new)
        waiting += new
    return found


def _apart(one: Pin, other: Pin, known: Stabilities) -> bool:
    """Whether two pins stand in two bodies."""
    here, there = known.around[one.id], known.around[other.id]
    return [node.id for node in here] != [node.id for node in there]


def _twice(outer: Pin, inner: Pin, graph: Graph, known: Stabilities) -> Diagnostic:
    around = known.around[inner.id][len(known.around[outer.id]) :]
    word = next((node.word if not isinstance(node, If) else "if" for node in around), "each")
    data = graph.data
    name, fixed, gone = (data[one].name.rpartition("/")[2] for one in (inner.value, inner.output.origin, outer.value))
    return error(
        "S5",
        f"`{name}` is pinned in the `{word}`, and what is made of the same answer is pinned once more outside of it",
        inner.span,
        "after a fault this one may be of what was said before it, the other of what was said after",
        (outer.span, f"`{gone}` is pinned here"),
        (known.touched[inner.value].span, known.touched[inner.value].what),
        help=f"pin it once: let the `{word}` give what is made of `{fixed}`",
    )
