"""Makes the nodes of the tree: one function for each rule of the grammar, by the rule's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.syntax.strings import quoted
from podpipec.syntax.tokens import Token

#: Path, start, end and children of a reduction; the children are tokens and nodes, as the grammar says.
Builder = Callable[[str, int, int, list[Any]], Any]

_NUMBER = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)(.*)")
_POWER = {"+": 1, "-": 1, "*": 2, "/": 2}


def name(path: str, start: int, end: int, children: list[Any]) -> tree.Name:
    return tree.Name(Span(path, start, end), children[0].text)


def _name(path: str, token: Token) -> tree.Name:
    return tree.Name(Span(path, token.start, token.end), token.text)


def module(path: str, start: int, end: int, children: list[Any]) -> tree.Module:
    return tree.Module(Span(path, start, end), tuple(children), ())


def declaration(path: str, start: int, end: int, children: list[Any]) -> tree.Declaration:
    node: tree.Declaration = children[-1]
    if len(children) == 1:
        return node
    lines = (child.text[2:].removeprefix(" ").rstrip() for child in children[:-1])
    return replace(node, doc="\n".join(lines))


def use(path: str, start: int, end: int, children: list[Any]) -> tree.Use:
    return tree.Use(Span(path, start, end), "", children[0], tuple(_name(path, token) for token in children[1:]))


def module_path(path: str, start: int, end: int, children: list[Any]) -> tuple[tree.Name, ...]:
    return tuple(_name(path, token) for token in children)


def snapshot(path: str, start: int, end: int, children: list[Any]) -> tree.Snapshot:
    content = children[1] if len(children) > 1 and isinstance(children[1], tree.TypeName) else None
    settings = tuple(child for child in children[1:] if isinstance(child, tree.Setting))
    return tree.Snapshot(Span(path, start, end), "", _name(path, children[0]), content, settings)


def pod(path: str, start: int, end: int, children: list[Any]) -> tree.Pod:
    return tree.Pod(Span(path, start, end), "", _name(path, children[0]), tuple(children[1:]))


def setting(path: str, start: int, end: int, children: list[Any]) -> tree.Setting:
    flags = tuple(_name(path, child) for child in children[1:] if isinstance(child, Token))
    values = tuple(child for child in children[1:] if not isinstance(child, Token))
    return tree.Setting(Span(path, start, end), _name(path, children[0]), None, values, flags)


def size_of(path: str, start: int, end: int, children: list[Any]) -> tree.Setting:
    word, target, value = children
    return tree.Setting(Span(path, start, end), _name(path, word), _name(path, target), (value,), ())


def stage(path: str, start: int, end: int, children: list[Any]) -> tree.Stage:
    inputs: tuple[tree.Parameter, ...] = ()
    outputs: tuple[tree.Parameter, ...] = ()
    for child in children[1:]:
        if isinstance(child, Outputs):
            outputs = child.parameters
        elif isinstance(child, tuple):
            inputs = child
    settings = tuple(child for child in children[1:] if isinstance(child, tree.Setting))
    return tree.Stage(Span(path, start, end), "", _name(path, children[0]), inputs, outputs, settings)


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
    return Results(tuple(_name(path, token) for token in children))


class Variables:
    """A flow's type parameters on the parser's stack."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[tree.Name, ...]) -> None:
        self.names = names


def type_parameters(path: str, start: int, end: int, children: list[Any]) -> Variables:
    return Variables(tuple(_name(path, token) for token in children))


def callable_(path: str, start: int, end: int, children: list[Any]) -> tree.Callable:
    return tree.Callable(Span(path, start, end), tuple(children[:-1]), children[-1])


def flow(path: str, start: int, end: int, children: list[Any]) -> tree.Flow:
    inputs: tuple[tree.Parameter, ...] = ()
    names: tuple[tree.Name, ...] = ()
    variables: tuple[tree.Name, ...] = ()
    on: tree.Name | None = None
    level: tree.Name | None = None
    body: list[tree.Statement] = []
    for child in children[1:]:
        if isinstance(child, Token):
            on = _name(path, child)
        elif isinstance(child, Results):
            names = child.names
        elif isinstance(child, tree.Name):
            level = child
        elif isinstance(child, Variables):
            variables = child.names
        elif isinstance(child, tuple):
            inputs = child
        else:
            body.append(child)
    return tree.Flow(
        Span(path, start, end), "", _name(path, children[0]), variables, inputs, names, on, level, tuple(body)
    )


def survives(path: str, start: int, end: int, children: list[Any]) -> tree.Name:
    return _name(path, children[0])


def param(path: str, start: int, end: int, children: list[Any]) -> tree.Param:
    default = children[2] if len(children) > 2 else None
    return tree.Param(Span(path, start, end), "", _name(path, children[0]), children[1], default)


def const(path: str, start: int, end: int, children: list[Any]) -> tree.Const:
    type_ = children[1] if len(children) > 2 else None
    return tree.Const(Span(path, start, end), "", _name(path, children[0]), type_, children[-1])


def type_(path: str, start: int, end: int, children: list[Any]) -> tree.Type:
    return tree.Type(Span(path, start, end), "", _name(path, children[0]), children[1])


def parameters(path: str, start: int, end: int, children: list[Any]) -> tuple[tree.Parameter, ...]:
    return tuple(children)


def parameter(path: str, start: int, end: int, children: list[Any]) -> tree.Parameter:
    place = _name(path, children[2]) if len(children) > 2 else None
    return tree.Parameter(Span(path, start, end), _name(path, children[0]), children[1], place)


def type_name(path: str, start: int, end: int, children: list[Any]) -> tree.TypeName:
    return tree.TypeName(Span(path, start, end), _name(path, children[0]), len(children) - 1)


def list_mark(path: str, start: int, end: int, children: list[Any]) -> Span:
    return Span(path, start, end)


def let(path: str, start: int, end: int, children: list[Any]) -> tree.Let:
    place = _name(path, children[1]) if isinstance(children[1], Token) else None
    rest = children[2:] if place else children[1:]
    after = rest[1].references if len(rest) > 1 else ()
    return tree.Let(Span(path, start, end), _name(path, children[0]), place, rest[0], after)


def keep(path: str, start: int, end: int, children: list[Any]) -> tree.Keep:
    to = quoted(path, children[2].text, children[2].start) if len(children) > 2 else None
    return tree.Keep(Span(path, start, end), children[0], _name(path, children[1]), to)


def do(path: str, start: int, end: int, children: list[Any]) -> tree.Do:
    return tree.Do(Span(path, start, end), children[0], children[1].references if len(children) > 1 else ())


class After:
    """What a statement comes after, on the parser's stack."""

    __slots__ = ("references",)

    def __init__(self, references: tuple[tree.Expression, ...]) -> None:
        self.references = references


def after(path: str, start: int, end: int, children: list[Any]) -> After:
    return After(tuple(children))


def each(path: str, start: int, end: int, children: list[Any]) -> tree.Each:
    return tree.Each(Span(path, start, end), _name(path, children[0]), children[1], tuple(children[2:]))


def move(path: str, start: int, end: int, children: list[Any]) -> tree.Move:
    return tree.Move(Span(path, start, end), children[0], _name(path, children[1]))


def operator(path: str, start: int, end: int, children: list[Any]) -> str:
    text: str = children[0].text
    return text


def chain(path: str, start: int, end: int, children: list[Any]) -> tree.Expression:
    """`a + b * c …`, read flat: precedence is resolved here, left to right, with one stack."""
    operands: list[tree.Expression] = [children[0]]
    operators: list[str] = []
    for sign, operand in zip(children[1::2], children[2::2], strict=True):
        while operators and _POWER[operators[-1]] >= _POWER[sign]:
            _fold(operands, operators)
        operators.append(sign)
        operands.append(operand)
    while operators:
        _fold(operands, operators)
    return replace(operands[0], span=Span(path, start, end))


def _fold(operands: list[tree.Expression], operators: list[str]) -> None:
    right, left = operands.pop(), operands.pop()
    operands.append(tree.Binary(left.span.to(right.span), operators.pop(), left, right))


def negative(path: str, start: int, end: int, children: list[Any]) -> tree.Negative:
    return tree.Negative(Span(path, start, end), children[0])


def group(path: str, start: int, end: int, children: list[Any]) -> tree.Expression:
    """What stands in brackets: they belong to it where a message points at it, but not to a word, number or text."""
    node: tree.Expression = children[0]
    return (
        node if isinstance(node, tree.Name | tree.Number | tree.String) else replace(node, span=Span(path, start, end))
    )


def lone(path: str, start: int, end: int, children: list[Any]) -> object:
    """A rule that its one child stands for."""
    child: object = children[0]
    return child


def field(path: str, start: int, end: int, children: list[Any]) -> tree.Field:
    return tree.Field(Span(path, start, end), children[0], _name(path, children[1]))


def call(path: str, start: int, end: int, children: list[Any]) -> tree.Call:
    return tree.Call(Span(path, start, end), children[0], tuple(children[1:]))


def argument(path: str, start: int, end: int, children: list[Any]) -> tree.Argument:
    label = _name(path, children[0]) if len(children) > 1 else None
    return tree.Argument(Span(path, start, end), label, children[-1])


def list_of(path: str, start: int, end: int, children: list[Any]) -> tree.ListOf:
    return tree.ListOf(Span(path, start, end), tuple(children))


def number(path: str, start: int, end: int, children: list[Any]) -> tree.Number:
    match = _NUMBER.fullmatch(children[0].text)
    digits, unit = match.groups() if match else (children[0].text, "")
    return tree.Number(Span(path, start, end), digits, unit)


def string(path: str, start: int, end: int, children: list[Any]) -> tree.String:
    return quoted(path, children[0].text, start)


BUILDERS: dict[str, Builder] = {
    "module": module,
    "declaration": declaration,
    "use": use,
    "module_path": module_path,
    "snapshot": snapshot,
    "snapshot_setting": setting,
    "pod": pod,
    "pod_setting": setting,
    "stage": stage,
    "outputs": outputs,
    "stage_setting": setting,
    "size_of": size_of,
    "flow": flow,
    "results": results,
    "survives": survives,
    "type_parameters": type_parameters,
    "callable": callable_,
    "param": param,
    "const": const,
    "type_": type_,
    "parameters": parameters,
    "parameter": parameter,
    "type": type_name,
    "list_mark": list_mark,
    "let": let,
    "keep": keep,
    "do": do,
    "after": after,
    "each": each,
    "move": move,
    "operator": operator,
    "chain": chain,
    "negative": negative,
    "group": group,
    "name": name,
    "field": field,
    "call": call,
    "argument": argument,
    "list": list_of,
    "number": number,
    "string": string,
    # Their one child stands for them.
    "statement": lone,
    "value": lone,
    "expr": lone,
    "operand": lone,
    "reference": lone,
}
