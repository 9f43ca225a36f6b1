"""Whether a call is given what it asks for: each argument once, of the right content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content, bind, fits, substituted, unbound
from podpipec.types.declarations import Port
from podpipec.types.modes import check_mode
from podpipec.types.typed import Callable as Signature
from podpipec.types.typed import Parameter, Target, Value
from podpipec_runtime.tuples import NamedTuple


class Asker(NamedTuple):
    """Who calls: how it finds what an argument is, as a value or as something to call, and where messages go."""

    value: Callable[[tree.Expression], Value]
    target: Callable[[tree.Expression], tuple[Target, Signature] | None]
    found: list[Diagnostic]


class Given(NamedTuple):
    """The arguments of a call by the names of what asks for them, in its order, and what type variables stand for."""

    values: dict[str, Value]
    targets: dict[str, Target]
    bound: dict[str, Content]


class _Match(NamedTuple):
    """One call in the making."""

    callee: str
    given: Given
    variables: frozenset[str]
    asker: Asker


def arguments(
    callee: str,
    call: tree.Call,
    wanted: Sequence[Port | Parameter],
    declared: Span,
    asker: Asker,
    variables: frozenset[str] = frozenset(),
) -> Given | None:
    """Match the arguments of a call with what it asks for; nothing if they do not fit.

    Values are looked at before stages, so that they say what type variables stand for.
    """
    found = asker.found
    before = len(found)
    matched = _matched(callee, call, wanted, declared, found)
    match = _Match(callee, Given({}, {}, {}), variables, asker)
    for port, argument in sorted(matched.values(), key=lambda pair: _callable(pair[0]) is not None):
        signature = _callable(port)
        check_mode(callee, argument, port, found)
        if signature is None:
            value = asker.value(argument.value)
            match.given.values[port.name] = value._replace(mode=argument.mode.text if argument.mode else "")
            _check(match, value, port)
        else:
            _give(match, argument, port, signature)
    missing = [port for port in wanted if port.name not in matched]
    if missing and len(found) == before:
        names = ", ".join(f"`{port.name}: {_callable(port) or port.content}`" for port in missing)
        label = "too few arguments"
        found.append(
            error("T002", f"{callee} is not given {names}", call.span, label, (missing[0].span, "asked for here"))
        )
    if len(found) > before:
        return None
    given = match.given
    if any(_callable(port) is not None and port.name not in given.targets for port in wanted):
        return None  # a stage that is broken itself, which is told there
    values = {port.name: given.values[port.name] for port in wanted if port.name in given.values}
    return given._replace(values=values)


def _callable(port: Port | Parameter) -> Signature | None:
    return port.callable if isinstance(port, Parameter) else None


def _matched(
    callee: str, call: tree.Call, wanted: Sequence[Port | Parameter], declared: Span, found: list[Diagnostic]
) -> dict[str, tuple[Port | Parameter, tree.Argument]]:
    by_name = {port.name: port for port in wanted}
    positions = iter(wanted)
    matched: dict[str, tuple[Port | Parameter, tree.Argument]] = {}
    for argument in call.arguments:
        port = by_name.get(argument.name.text) if argument.name else next(positions, None)
        if port is None:
            found.append(_surplus(callee, argument, by_name, declared))
        elif port.name in matched:
            first = matched[port.name][1].span
            again = (first, "first given here")
            found.append(error("T002", f"`{port.name}` is given twice", argument.span, "again here", again))
        else:
            matched[port.name] = (port, argument)
    return matched


def _give(match: _Match, argument: tree.Argument, port: Port | Parameter, wanted: Signature) -> None:
    """A stage or flow as an argument: it must take what it will be given, and give what is asked of it."""
    target = match.asker.target(argument.value)
    if target is None:
        return
    what, signature = target
    bound, variables = match.given.bound, match.variables
    takes = len(wanted.inputs) == len(signature.inputs) and all(
        _takes(ours, theirs, bound, variables) for ours, theirs in zip(wanted.inputs, signature.inputs, strict=True)
    )
    if takes and bind(wanted.output, signature.output, bound, variables):
        match.given.targets[port.name] = what
        return
    inputs = tuple(substituted(content, bound) for content in wanted.inputs)
    asked = Signature(inputs, substituted(wanted.output, bound))
    match.asker.found.append(
        error(
            "T001",
            f"{match.callee} asks for `{asked}` and is given `{signature}`",
            argument.value.span,
            f"this is a `{signature}`",
            (port.span, f"`{port.name}` is asked for here"),
        )
    )


def _takes(ours: Content, theirs: Content, bound: dict[str, Content], variables: frozenset[str]) -> bool:
    """Whether what we shall give is taken."""
    if unbound(ours, bound, variables):
        return bind(ours, theirs, bound, variables)
    return fits(substituted(ours, bound), theirs)


def _surplus(callee: str, argument: tree.Argument, by_name: dict[str, Port | Parameter], declared: Span) -> Diagnostic:
    if argument.name:
        return error(
            "T002",
            f"{callee} has no input `{argument.name.text}`",
            argument.name.span,
            "not an input",
            (declared, "declared here"),
            help=did_you_mean(argument.name.text, by_name) or _inputs(by_name),
        )
    return error(
        "T002",
        f"{callee} is given too much",
        argument.span,
        "one too many",
        (declared, "declared here"),
        help=_inputs(by_name),
    )


def _inputs(by_name: dict[str, Port | Parameter]) -> str:
    return f"its inputs are {', '.join(f'`{name}`' for name in by_name)}" if by_name else "it has no inputs"


def _check(match: _Match, value: Value, port: Port | Parameter) -> None:
    callee, found = match.callee, match.asker.found
    if isinstance(port, Parameter) and port.snapshot is not None:
        slice_ = value.snapshot == port.snapshot.name and not value.content.lists
        if value.origin is not None and not slice_:
            found.append(
                error(
                    "T001",
                    f"{callee} asks for a slice of `{port.snapshot.name.text}`",
                    value.span,
                    f"this is {_shown(value)}",
                    (port.span, "asked for here"),
                )
            )
        return
    wanted = substituted(port.content, match.given.bound)
    if value.content.transient and port.content.name in match.variables:
        what = "helper" if value.content.live else "stream"
        message, label = f"{callee} asks for a value, and this is a {what}", f"the {what} `{value.content}`"
        found.append(error("T001", message, value.span, label, (port.span, "any value may be given here")))
    elif not bind(port.content, value.content, match.given.bound, match.variables):
        help_: tuple[str, ...] = ()
        if value.content.name == wanted.name and value.content.home != wanted.home:
            homes = f"`{wanted.home}`, and this is the one of `{value.content.home}`"
            help_ = (f"two files declare a type of that name: it asks for the one of {homes}",)
        if value.content.lists < wanted.lists and value.content._replace(lists=wanted.lists) == wanted:
            help_ = ("it asks for a list: collect one with `each`, or take its `[]` away",)
        elif value.content.lists > wanted.lists:
            help_ = ("this is a list: go over it with `each x in … { … }`",)
        elif wanted.name in ("Float", "Int", "Size", "Duration", "Bool") and value.content.name == "String":
            help_ = ("take the quotes away",)
        elif wanted.name == "String" and value.content.scalar and not value.content.lists:
            help_ = ('make a text of it: `"{name}"`',)
        found.append(
            error(
                "T001",
                f"{callee} asks for `{wanted}` and is given `{value.content}`",
                value.span,
                f"this is {_shown(value)}",
                (port.span, f"`{port.name}` is asked for here"),
                help=help_,
            )
        )


def _shown(value: Value) -> str:
    if value.snapshot is None:
        return a(f"`{value.content}`")
    return f"{'a list of slices' if value.content.lists else 'a slice'} of `{value.snapshot.text}`"
