"""What a call gets of what it consumes: files of its own, which it may write to, in the folders of its attempt.

An object that is handed over is renamed into them, and so is on its place no more; anything else is copied. Files of
which others have hard links, as kept copies are on one file system, are copied even then.
"""

from __future__ import annotations

import os

from podpipec_runtime.interpreter.commands import Argument, Source, Start, Text
from podpipec_runtime.interpreter.values import Loc
from podpipec_runtime.plan.types import PlaceName
from podpipec_runtime.store.store import Store
from podpipec_runtime.tuples import NamedTuple


class Handed(NamedTuple):
    """A file or folder that a call gets as its own: from an object that it `takes`, or as a copy of `source`."""

    source: Source
    path: str
    takes: bool


def handed(start: Start, folders: dict[PlaceName, str]) -> tuple[tuple[tuple[str, Argument], ...], tuple[Handed, ...]]:
    """The arguments with the paths of what is the call's own, and what has to be brought there."""
    found: list[Handed] = []
    args: list[tuple[str, Argument]] = []
    for name, argument in start.args:
        if name in start.call.consumes:
            args.append((name, _argument(name, argument, start.taken, folders, found)))
        else:
            args.append((name, argument))
    return tuple(args), tuple(found)


def _argument(
    name: str,
    argument: Argument,
    taken: tuple[Loc, ...],
    folders: dict[PlaceName, str],
    found: list[Handed],
) -> Argument:
    if isinstance(argument, Text):
        return argument
    if isinstance(argument, Source):
        return Text(_own(argument, f"{folders[argument.loc.place]}/{name}", taken, found))
    texts: list[Argument] = []
    for at, each in enumerate(argument):
        if not isinstance(each, Source):  # no list of lists is consumed
            texts.append(each)
            continue
        folder = f"{folders[each.loc.place]}/{name}"
        object_ = next((one.path for one in found if one.takes and one.source.loc == each.loc), "")
        inner = f"/{each.inner}" if each.inner else ""
        texts.append(Text(object_ + inner if object_ else _own(each, f"{folder}/{at}", taken, found)))
    return tuple(texts)


def _own(source: Source, path: str, taken: tuple[Loc, ...], found: list[Handed]) -> str:
    """Where a source is to be; a folder that is taken comes whole."""
    takes = source.loc in taken
    found.append(Handed(source, path, takes))
    return f"{path}/{source.inner}" if takes and source.inner else path


def places_of(start: Start) -> list[PlaceName]:
    """The places on which a call needs a folder for what it consumes: a rename stays on its file system."""
    found: dict[PlaceName, None] = {}
    stack = [argument for name, argument in start.args if name in start.call.consumes]
    while stack:
        argument = stack.pop()
        if isinstance(argument, Source):
            found[argument.loc.place] = None
        elif not isinstance(argument, Text):
            stack.extend(argument)
    return list(found)


def bring(each: Handed, store: Store) -> None:
    """Puts one file or folder where a call has it as its own. Raises OSError."""
    if each.takes:
        store.hand_over(each.source.loc.object, each.path)
    else:
        store.copy_out(store.path(each.source.loc.object, each.source.inner), each.path)
    os.utime(each.path)
