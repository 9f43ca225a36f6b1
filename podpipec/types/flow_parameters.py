"""What a flow is given: slices of snapshots, values, scalars."""

from __future__ import annotations

from podpipec.diagnostics import Certainty, Diagnostic, Fix, did_you_mean, error
from podpipec.names.scope import KINDS
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content, resolve
from podpipec.types.flow_scope import Declared
from podpipec.types.live import check_live_parameter
from podpipec.types.modes import mode_of
from podpipec.types.origin import FromInput
from podpipec.types.stages import place_of
from podpipec.types.typed import Callable, Parameter, Value


def parameter(
    written: tree.Parameter, variables: frozenset[str], declared: Declared, found: list[Diagnostic]
) -> Parameter:
    """The typed parameter; what is wrong with it is unknown from then on."""
    typed = _parameter(written, variables, declared, found)
    return typed._replace(mode=mode_of(written, typed.content, found))


def _parameter(
    written: tree.Parameter, variables: frozenset[str], declared: Declared, found: list[Diagnostic]
) -> Parameter:
    place = place_of(written.place, found)
    if isinstance(written.type, tree.Callable):
        return _callable(written, written.type, variables, declared, found)
    if written.type.name.text in variables:
        content = resolve(written.type, declared.scopes, found, variables)
        return Parameter(written.name.text, content, None, place, written.span)
    named = declared.scopes[written.span.path].get(written.type.name.text)
    if isinstance(named, tree.Snapshot):
        snapshot = declared.snapshots.get(named.name)
        content = snapshot.content if snapshot else UNKNOWN
        if written.type.lists:
            message = f"a snapshot is no list; its shards are: `{written.name.text}.shards`"
            found.append(error("T001", message, written.type.span, "take the `[]` away"))
        if written.type.arguments:
            message = "what a snapshot holds is said where it is declared"
            found.append(error("T001", message, written.type.span, help=f"write `{named.name.text}` alone"))
        return Parameter(written.name.text, content, snapshot, place, written.span)
    if named is not None and not isinstance(named, tree.Type | tree.Helper):
        kind = KINDS[type(named)]
        found.append(
            error(
                "N003",
                f"`{written.type.name.text}` is a {kind}, not a snapshot or content type",
                written.type.span,
                "a flow is given slices, values or scalars",
                (named.name.span, "declared here"),
            )
        )
        return Parameter(written.name.text, UNKNOWN, None, place, written.span)
    content = _content(written.type, variables, declared, found)
    if content.live:
        check_live_parameter(written, found)
    if content.stream:
        found.append(_stream(written))
        content = UNKNOWN
    return Parameter(written.name.text, content, None, place, written.span)


def _callable(
    written: tree.Parameter,
    type_: tree.Callable,
    variables: frozenset[str],
    declared: Declared,
    found: list[Diagnostic],
) -> Parameter:
    inputs = tuple(resolve(content, declared.scopes, found, variables) for content in type_.inputs)
    output = resolve(type_.output, declared.scopes, found, variables)
    if written.place is not None:
        found.append(error("T013", "a stage lies nowhere", written.place.span, "no value", help="take the `in` away"))
    signature = Callable(inputs, output)
    return Parameter(written.name.text, output, None, None, written.span, signature)


def _stream(written: tree.Parameter) -> Diagnostic:
    return error(
        "L5",
        "a stream goes from stage to stage of one body, and a flow is given none",
        written.type.span,
        "not here",
        help="call both stages in the same flow",
    )


def _content(written: tree.TypeName, variables: frozenset[str], declared: Declared, found: list[Diagnostic]) -> Content:
    scope = declared.scopes[written.span.path]
    snapshots = [name for name, what in scope.items() if isinstance(what, tree.Snapshot)]
    before = len(found)
    content = resolve(written, declared.scopes, found, variables)
    near = did_you_mean(written.name.text, snapshots)
    if len(found) > before and near and found[-1].code == "N001":
        certainty: Certainty = "safe" if near[0].certain and found[-1].fix is None else "suggestion"
        fix = Fix(written.name.span, near[0].near, certainty)
        found[-1] = found[-1]._replace(help=near, message=f"unknown snapshot or type `{written.name.text}`", fix=fix)
    return content


def given(parameter: Parameter) -> Value:
    """What a parameter stands for in the flow."""
    snapshot = parameter.snapshot.name if parameter.snapshot else None
    return Value(FromInput(parameter.name), parameter.content, parameter.span, snapshot)
