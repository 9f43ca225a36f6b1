"""`with`: the steps of its body, between one that starts the helper and one that ends it."""

from __future__ import annotations

from podpipec.graph.data import Frame
from podpipec.graph.expanding.work import Expansion
from podpipec.graph.nodes import Close, Node, Open
from podpipec.graph.traversal import deep_needs, walk
from podpipec.graph.values import Claim
from podpipec.types.origin import FromHelper, Origin, step_of
from podpipec.types.typed import WithStep


def with_(step: WithStep, frame: Frame, work: Expansion) -> list[Node]:
    """The nodes of a body; all come after the helper's start, and its end comes after all of them."""
    id_ = frame.prefix + step.id
    args = work.args(step.args, frame)
    opens = Open(id_, step.helper, args or {}, {}, work.after(step.after, frame), step.span)
    opens = opens._replace(spans={name: value.span for name, value in step.args.items()})
    body = [_inside(node, id_) for node in work.body(step.body, frame)]
    closes = Close(f"{id_}-close", id_, _held(opens, body), tuple(node.id for node in (opens, *body)), step.span)
    given = work.data.origin(step.result, frame) if step.result is not None else None
    frame.steps[step.id] = {} if given is None else {"": given}
    if given is not None:
        work.given[id_] = {"": given}
    frame.finished[step.id] = tuple(node.id for node in (opens, *body, closes))
    if args is None:
        return work.left_out()
    for port in step.helper.inputs:
        if port.place is not None:
            what = f"`{port.name}` of `{step.helper.name.text}`"
            work.claims.append(Claim(args[port.name], port.place, what, step.args[port.name].span))
    return [opens, *body, closes]


def _inside(node: Node, opened: str) -> Node:
    speaks = FromHelper(opened) in deep_needs(node)
    return node if speaks else node._replace(after=(*node.after, opened))


def _held(opens: Open, body: list[Node]) -> tuple[Origin, ...]:
    """What the helper and the body read and do not make themselves."""
    made = {node.id for node, _ in walk(body)} | {opens.id}
    read = [origin for node in (opens, *body) for origin in deep_needs(node)]
    return tuple(dict.fromkeys(origin for origin in read if step_of(origin) not in made))
