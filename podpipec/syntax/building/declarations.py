"""Nodes of declarations, settings, parameters and types."""

from __future__ import annotations

from typing import Any

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.building.common import named
from podpipec.syntax.node import changed
from podpipec.syntax.tokens import Token


def module(path: str, start: int, end: int, children: list[Any]) -> tree.Module:
    return tree.Module(Span(path, start, end), tuple(children), ())


def declaration(path: str, start: int, end: int, children: list[Any]) -> tree.Declaration:
    node: tree.Declaration = children[-1]
    if len(children) == 1:
        return node
    lines = (child.text[2:].removeprefix(" ").rstrip() for child in children[:-1])
    return changed(node, doc="\n".join(lines))


def use(path: str, start: int, end: int, children: list[Any]) -> tree.Use:
    return tree.Use(Span(path, start, end), "", children[0], tuple(named(path, token) for token in children[1:]))


def module_path(path: str, start: int, end: int, children: list[Any]) -> tuple[tree.Name, ...]:
    return tuple(named(path, token) for token in children)


def snapshot(path: str, start: int, end: int, children: list[Any]) -> tree.Snapshot:
    content = children[1] if len(children) > 1 and isinstance(children[1], tree.TypeName) else None
    settings = tuple(child for child in children[1:] if isinstance(child, tree.Setting))
    return tree.Snapshot(Span(path, start, end), "", named(path, children[0]), content, settings)


def pod(path: str, start: int, end: int, children: list[Any]) -> tree.Pod:
    return tree.Pod(Span(path, start, end), "", named(path, children[0]), tuple(children[1:]))


def calendar(path: str, start: int, end: int, children: list[Any]) -> tree.Calendar:
    return tree.Calendar(Span(path, start, end), "", named(path, children[0]), tuple(children[1:]))


def helper(path: str, start: int, end: int, children: list[Any]) -> tree.Helper:
    inputs = children[1] if len(children) > 1 and isinstance(children[1], tuple) else ()
    settings = tuple(child for child in children[1:] if isinstance(child, tree.Setting))
    return tree.Helper(Span(path, start, end), "", named(path, children[0]), inputs, settings)


def service(path: str, start: int, end: int, children: list[Any]) -> tree.Service:
    return tree.Service(Span(path, start, end), "", named(path, children[0]), tuple(children[1:]))


def secret(path: str, start: int, end: int, children: list[Any]) -> tree.Secret:
    return tree.Secret(Span(path, start, end), "", named(path, children[0]))


def setting(path: str, start: int, end: int, children: list[Any]) -> tree.Setting:
    flags = tuple(named(path, child) for child in children[1:] if isinstance(child, Token))
    values = tuple(child for child in children[1:] if not isinstance(child, Token))
    return tree.Setting(Span(path, start, end), named(path, children[0]), None, values, flags)


def size_of(path: str, start: int, end: int, children: list[Any]) -> tree.Setting:
    word, target, value = children
    return tree.Setting(Span(path, start, end), named(path, word), named(path, target), (value,), ())


def stage(path: str, start: int, end: int, children: list[Any]) -> tree.Stage:
    inputs: tuple[tree.Parameter, ...] = ()
    outputs: tuple[tree.Parameter, ...] = ()
    for child in children[1:]:
        if isinstance(child, Outputs):
            outputs = child.parameters
        elif isinstance(child, tuple):
            inputs = child
    settings = tuple(child for child in children[1:] if isinstance(child, tree.Setting))
    return tree.Stage(Span(path, start, end), "", named(path, children[0]), inputs, outputs, settings)


class Outputs:
    """A stage's outputs on the parser's stack, told apart from its inputs."""

    __slots__ = ("parameters",)

    def __init__(self, parameters: tuple[tree.Parameter, ...]) -> None:
        self.parameters = parameters


def outputs(path: str, start: int, end: int, children: list[Any]) -> Outputs:
    return Outputs(children[0] if isinstance(children[0], tuple) else (children[0],))


class Results:
    """A flow's results on the parser's stack."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[tree.Name, ...]) -> None:
        self.names = names


def results(path: str, start: int, end: int, children: list[Any]) -> Results:
    return Results(tuple(named(path, token) for token in children))


class Variables:
    """A flow's type parameters on the parser's stack."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[tree.Name, ...]) -> None:
        self.names = names


def type_parameters(path: str, start: int, end: int, children: list[Any]) -> Variables:
    return Variables(tuple(named(path, token) for token in children))


def callable_(path: str, start: int, end: int, children: list[Any]) -> tree.Callable:
    return tree.Callable(Span(path, start, end), tuple(children[:-1]), children[-1])


class Where:
    """Where a flow runs, on the parser's stack: on one pod, or across many."""

    __slots__ = ("across", "pod")

    def __init__(self, pod: tree.Name, across: bool) -> None:
        self.pod = pod
        self.across = across


def on(path: str, start: int, end: int, children: list[Any]) -> Where:
    return Where(named(path, children[0]), across=False)


def across(path: str, start: int, end: int, children: list[Any]) -> Where:
    return Where(named(path, children[0]), across=True)


def every(path: str, start: int, end: int, children: list[Any]) -> tree.Every:
    of = named(path, children[1]) if len(children) > 1 else None
    return tree.Every(Span(path, start, end), children[0], of)


def flow(path: str, start: int, end: int, children: list[Any]) -> tree.Flow:
    inputs: tuple[tree.Parameter, ...] = ()
    names: tuple[tree.Name, ...] = ()
    variables: tuple[tree.Name, ...] = ()
    where: Where | None = None
    period: tree.Every | None = None
    level: tree.Name | None = None
    for child in children[1:-1]:
        match child:
            case Where():
                where = child
            case Results():
                names = child.names
            case Variables():
                variables = child.names
            case tree.Every():
                period = child
            case tree.Name():
                level = child
            case tuple():
                inputs = child
    return tree.Flow(
        Span(path, start, end),
        "",
        named(path, children[0]),
        variables,
        inputs,
        names,
        where.pod if where else None,
        where is not None and where.across,
        period,
        level,
        children[-1].statements,
    )


def survives(path: str, start: int, end: int, children: list[Any]) -> tree.Name:
    return named(path, children[0])


def param(path: str, start: int, end: int, children: list[Any]) -> tree.Param:
    default = children[2] if len(children) > 2 else None
    return tree.Param(Span(path, start, end), "", named(path, children[0]), children[1], default)


def const(path: str, start: int, end: int, children: list[Any]) -> tree.Const:
    type_ = children[1] if len(children) > 2 else None
    return tree.Const(Span(path, start, end), "", named(path, children[0]), type_, children[-1])


def type_(path: str, start: int, end: int, children: list[Any]) -> tree.Type:
    return tree.Type(Span(path, start, end), "", named(path, children[0]), children[1])


def parameters(path: str, start: int, end: int, children: list[Any]) -> tuple[tree.Parameter, ...]:
    return tuple(children)


def parameter(path: str, start: int, end: int, children: list[Any]) -> tree.Parameter:
    mode = named(path, children[0]) if children[0].kind != "NAME" else None
    rest = children[1:] if mode else children
    place = next((named(path, child) for child in rest[2:] if isinstance(child, Token)), None)
    said = next((child for child in rest[2:] if isinstance(child, tree.Traits)), None)
    return tree.Parameter(Span(path, start, end), mode, named(path, rest[0]), rest[1], place, said)


def type_name(path: str, start: int, end: int, children: list[Any]) -> tree.TypeName:
    arguments = children[1] if len(children) > 1 and isinstance(children[1], tuple) else ()
    lists = sum(child is LIST_MARK for child in children[1:])
    return tree.TypeName(Span(path, start, end), named(path, children[0]), arguments, lists)


def type_arguments(path: str, start: int, end: int, children: list[Any]) -> tuple[tree.TypeName, ...]:
    return tuple(children)


#: `[]` on the parser's stack.
LIST_MARK = object()


def list_mark(path: str, start: int, end: int, children: list[Any]) -> object:
    return LIST_MARK


def traits(path: str, start: int, end: int, children: list[Any]) -> tree.Traits:
    origin = next((child.names for child in children if isinstance(child, Results)), None)
    words = tuple(child for child in children if isinstance(child, tree.Name))
    return tree.Traits(Span(path, start, end), origin, words)
