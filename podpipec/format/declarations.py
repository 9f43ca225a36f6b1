"""Declarations and their settings: one function a kind. A new declaration is a function and its line in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from podpipec.format.blocks import block, name, rows
from podpipec.format.document import Doc, Row, Rows, enclosed, join
from podpipec.format.expressions import expression
from podpipec.format.remarks import Notes
from podpipec.format.statements import body
from podpipec.format.types import traits, type_
from podpipec.syntax import tree

#: Settings whose second value, or whose flag, a word precedes.
_BETWEEN = {"volume": "class"}
_BEFORE = {"window": "of "}


#: Declarations of settings alone, and all that have a block.
Settled = tree.Snapshot | tree.Calendar | tree.Pod | tree.Stage | tree.Helper | tree.Service
Headed = Settled | tree.Flow


def module(node: tree.Module, end: int, notes: Notes) -> Doc:
    """A whole file, up to its end's offset."""
    return Rows(rows(node.declarations, end, declaration, notes))


def declaration(node: tree.Declaration, notes: Notes) -> Row:
    """A declaration as a row of its file; its doc comment stands before it."""
    return _DECLARATIONS[type(node)](node, notes)


def head(node: Headed, notes: Notes) -> Doc:
    """What a declaration says before its block."""
    return _HEADS[type(node)](node, notes)


def _with_settings(node: Settled, notes: Notes) -> Row:
    return Row("", ((head(node, notes), " ", block(node.settings, node.name.span.end, _setting, notes)),))


def _setting(node: tree.Setting, notes: Notes) -> Row:
    cells = [name(node.word, notes)]
    if node.target is not None:
        cells.append(name(node.target, notes))
    values = [expression(value, notes) for value in node.values]
    between = f" {_BETWEEN[node.word.text]} " if len(values) > 1 else ""
    flags = [(_BEFORE.get(node.word.text, ""), name(flag, notes)) for flag in node.flags]
    words = [join(between, values), *flags] if values else flags
    if words:
        cells.append(join(" ", words))
    return Row("setting", tuple(cells))


def _use(node: tree.Use, notes: Notes) -> Row:
    path = join(".", [name(part, notes) for part in node.module])
    return Row("", (("use ", path, " ", enclosed("{", [name(one, notes) for one in node.names], "}", " ")),))


def _snapshot(node: tree.Snapshot, notes: Notes) -> Doc:
    content = (": ", type_(node.content, notes)) if node.content else ""
    return ("snapshot ", name(node.name, notes), content)


def _pod(node: tree.Pod, notes: Notes) -> Doc:
    return ("pod ", name(node.name, notes))


def _calendar(node: tree.Calendar, notes: Notes) -> Doc:
    return ("calendar ", name(node.name, notes))


def _service(node: tree.Service, notes: Notes) -> Doc:
    return ("service ", name(node.name, notes))


def _helper(node: tree.Helper, notes: Notes) -> Doc:
    return ("helper ", name(node.name, notes), _parameters(node.inputs, notes))


def _stage(node: tree.Stage, notes: Notes) -> Doc:
    outputs = [_parameter(one, notes) for one in node.outputs]
    return ("stage ", name(node.name, notes), _parameters(node.inputs, notes), _arrow(outputs))


def _flow(node: tree.Flow, notes: Notes) -> Doc:
    variables = ("<", join(", ", [name(one, notes) for one in node.variables]), ">") if node.variables else ""
    results = [name(one, notes) for one in node.results]
    pod = (" across " if node.across else " on ", name(node.pod, notes)) if node.pod else ""
    every = (" ", _every(node.every, notes)) if node.every else ""
    level = (" survives ", name(node.survives, notes)) if node.survives else ""
    inputs = _parameters(node.inputs, notes)
    return ("flow ", name(node.name, notes), variables, inputs, _arrow(results), pod, every, level)


def _every(node: tree.Every, notes: Notes) -> Doc:
    of = (" of ", name(node.calendar, notes)) if node.calendar else ""
    return ("every ", expression(node.length, notes), of)


def _flow_with_body(node: tree.Flow, notes: Notes) -> Row:
    return Row("", ((head(node, notes), " ", body(node.body, node.name.span.end, notes)),))


def _arrow(results: Sequence[Doc]) -> Doc:
    """What comes out: one without brackets, several in brackets."""
    if not results:
        return ""
    return (" -> ", results[0] if len(results) == 1 else enclosed("(", results, ")"))


def _parameters(nodes: Sequence[tree.Parameter], notes: Notes) -> Doc:
    return enclosed("(", [_parameter(one, notes) for one in nodes], ")")


def _parameter(node: tree.Parameter, notes: Notes) -> Doc:
    mode = (name(node.mode, notes), " ") if node.mode else ""
    place = (" in ", name(node.place, notes)) if node.place else ""
    said = (" ", traits(node.traits, notes)) if node.traits else ""
    return (mode, name(node.name, notes), ": ", _port(node.type, notes), place, said)


def _port(node: tree.TypeName | tree.Callable, notes: Notes) -> Doc:
    if isinstance(node, tree.TypeName):
        return type_(node, notes)
    return (enclosed("stage(", [type_(one, notes) for one in node.inputs], ")"), " -> ", type_(node.output, notes))


def _param(node: tree.Param, notes: Notes) -> Row:
    default = [("= ", expression(node.default, notes))] if node.default else []
    return Row("param", (("param ", name(node.name, notes), ":"), type_(node.type, notes), *default))


def _const(node: tree.Const, notes: Notes) -> Row:
    value = ("= ", expression(node.value, notes))
    if node.type is None:
        return Row("const", (("const ", name(node.name, notes)), value))
    return Row("typed const", (("const ", name(node.name, notes), ":"), type_(node.type, notes), value))


def _secret(node: tree.Secret, notes: Notes) -> Row:
    return Row("secret", (("secret ", name(node.name, notes)),))


def _type(node: tree.Type, notes: Notes) -> Row:
    return Row("type", (("type ", name(node.name, notes)), ("= ", type_(node.parent, notes))))


_DECLARATIONS: Mapping[type, Callable[..., Row]] = {
    tree.Use: _use,
    tree.Snapshot: _with_settings,
    tree.Calendar: _with_settings,
    tree.Pod: _with_settings,
    tree.Stage: _with_settings,
    tree.Helper: _with_settings,
    tree.Service: _with_settings,
    tree.Secret: _secret,
    tree.Flow: _flow_with_body,
    tree.Param: _param,
    tree.Const: _const,
    tree.Type: _type,
}

_HEADS: Mapping[type, Callable[..., Doc]] = {
    tree.Snapshot: _snapshot,
    tree.Calendar: _calendar,
    tree.Pod: _pod,
    tree.Stage: _stage,
    tree.Helper: _helper,
    tree.Service: _service,
    tree.Flow: _flow,
}
