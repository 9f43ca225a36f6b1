"""Texts with holes that are filled when the flow starts: paths of snapshots, of kept values, and arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from podpipec.diagnostics import Diagnostic, error
from podpipec.syntax import tree
from podpipec.types.evaluate import Constants, without_format
from podpipec.types.origin import FromConstant, Given, Item, Shard, Template, Window

#: The directives of strftime that depend on neither locale nor platform (ISO C 7.27.3.5, the numeric ones).
_DIRECTIVES = frozenset("YmdHMSjyzGVuU%")
_DIRECTIVE = re.compile(r"%(.?)")

#: A piece of a text.
Part = str | Window | Shard | Item | Given


def template(
    string: tree.String,
    constants: Constants,
    holes: Container[str],
    items: Container[str],
    found: list[Diagnostic],
    given: Callable[[tree.Hole], Given | None] = lambda _: None,
    timed: Container[str] = (),
) -> Template:
    """The template that a string is; `holes` says which of `window` and `shard` mean something, `items` what else,
    and `timed` which of these have a time to show; `given` which holes are for scalars that are not known yet."""
    parts: list[Part] = []
    for part in string.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        name = part.value.text if isinstance(part.value, tree.Name) else ""
        if name in ("window", "shard") and name not in items:
            parts += _given(part, name, holes, found)
        elif name in items:
            parts.append(_item(part, name, timed, found))
        elif (scalar := given(part)) is not None:
            parts.append(_known(scalar))
        else:
            text = constants.hole(part)
            parts.append(text or "")
    return tuple(joined_parts(parts))


def _known(scalar: Given) -> Part:
    match scalar.origin:
        case FromConstant(value=str(text)):
            return text
        case _:
            return scalar


def _given(hole: tree.Hole, name: str, holes: Container[str], found: list[Diagnostic]) -> list[Window | Shard]:
    if name not in holes:
        found.append(
            error(
                "T011",
                f"`{{{name}}}` has no meaning here",
                hole.span,
                f"there is no {name}",
                help=f"a snapshot with `{name}{'s' if name == 'shard' else ''}` has one",
            )
        )
        return []
    if name == "shard":
        _has_no_format(hole, "a shard is a name", found)
        return [Shard()]
    _check_format(hole, found)
    return [Window(hole.format)]


def _item(hole: tree.Hole, name: str, timed: Container[str], found: list[Diagnostic]) -> Item:
    if name in timed:
        _check_format(hole, found)
        return Item(name, hole.format)
    _has_no_format(hole, "it is no window", found)
    return Item(name)


def _has_no_format(hole: tree.Hole, label: str, found: list[Diagnostic]) -> None:
    if hole.format:
        fix = without_format(hole)
        found.append(error("T003", "only `window` takes a format", hole.span, label, fix=fix))


def _check_format(hole: tree.Hole, found: list[Diagnostic]) -> None:
    unknown = next((letter for letter in _DIRECTIVE.findall(hole.format) if letter not in _DIRECTIVES), None)
    if unknown is not None:
        found.append(
            error(
                "V004",
                f"`%{unknown}` in a window's format is not the same everywhere",
                hole.span,
                "unknown directive",
                help="use %Y %m %d %H %M %S %j, or leave the format out",
            )
        )


def joined_parts(parts: list[Part]) -> list[Part]:
    """The parts with texts beside each other made one."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined
