"""Which files the slices of an input are."""

from __future__ import annotations

import difflib
import os
from typing import NamedTuple

from podpipec_runtime.interpreter.events import FailureKind
from podpipec_runtime.interpreter.text import Unknown, expand
from podpipec_runtime.options import RunOptions
from podpipec_runtime.plan.types import Input, PathPart, Plan
from podpipec_runtime.snapshots.template import TemplateError, parse, tail


class Unbound(Exception):  # noqa: N818 - told to the user as a failure of `kind`
    """An input can't be found as asked."""

    def __init__(self, message: str, kind: FailureKind = "usage") -> None:
        super().__init__(message)
        self.kind: FailureKind = kind


class Slice(NamedTuple):
    """One slice: its input, its number and name among the shards (empty if there are none), its path."""

    input: Input
    number: int
    shard: str
    path: str


def bind(plan: Plan, options: RunOptions) -> tuple[Slice, ...]:
    """Every slice of every input, each there and of a size that the plan allows. Raises Unbound."""
    names = {given.name for given in plan.inputs}
    for name in options.bindings:
        if name not in names:
            raise Unbound(f"flow `{plan.flow}` has no input `{name}`{_near(name, sorted(names))}")
    _check_shard(plan, options)
    found: list[Slice] = []
    for given in plan.inputs:
        template = _template(given, options)
        for index, shard in enumerate(_shards(given, options)):
            path = _path(given, template, shard, options)
            _check(given, shard, path)
            found.append(Slice(given, index, shard, path))
    return tuple(found)


def _check_shard(plan: Plan, options: RunOptions) -> None:
    """The shard is one of each input that is started for one; without such an input there is none to give."""
    wanting = [given for given in plan.inputs if given.slice == "shard"]
    if not wanting and options.shard is not None:
        raise Unbound(f"flow `{plan.flow}` is not started for one shard; leave `{options.shard}` out")
    for given in wanting:
        shards = ", ".join(given.shards[:8]) + (", …" if len(given.shards) > 8 else "")
        if options.shard is None:
            raise Unbound(f"say which shard of `{given.name}` the flow is started for; it has {shards}")
        if options.shard not in given.shards:
            near = _near(options.shard, given.shards)
            raise Unbound(f"`{given.name}` has no shard `{options.shard}`{near}; it has {shards}")


def _shards(given: Input, options: RunOptions) -> tuple[str, ...]:
    if given.slice == "shards":
        return given.shards
    return (options.shard or "",) if given.slice == "shard" else ("",)


def _template(given: Input, options: RunOptions) -> tuple[PathPart, ...]:
    """The path of a slice, with holes, as the binding or else the source says."""
    bound = options.bindings.get(given.name)
    if bound is None:
        return _local(given, options)
    try:
        parts = parse(bound)
    except TemplateError as error:
        raise Unbound(f"`{given.name}`: {error}") from None
    plain = len(parts) == 1 and isinstance(parts[0], str)
    if plain and os.path.isdir(bound) and not (given.slice == "whole" and given.content == "Dir"):
        return (bound.rstrip("/") + "/", *tail(given.source))
    if plain and given.slice == "shards" and len(given.shards) > 1:
        raise Unbound(
            f"`{given.name}` has {len(given.shards)} shards, and {bound} is one file; "
            f"write {{shard}} where the shard's name is, or bind the folder"
        )
    return parts


def _local(given: Input, options: RunOptions) -> tuple[PathPart, ...]:
    head = given.source[0] if given.source and isinstance(given.source[0], str) else ""
    if head.startswith("file://"):
        return (head.removeprefix("file://"), *given.source[1:])
    if "://" in head:
        raise Unbound(f"`{given.name}` comes from {head}…, which this engine doesn't fetch; bind it to a local path")
    return given.source if head.startswith("/") else (options.base.rstrip("/") + "/", *given.source)


def _path(given: Input, template: tuple[PathPart, ...], shard: str, options: RunOptions) -> str:
    try:
        return os.path.normpath(expand(template, options.window, shard))
    except Unknown as error:
        if str(error) == "window":
            raise Unbound(f"`{given.name}` needs a window; say when it starts") from None
        raise Unbound(f"`{given.name}` has no shards, and its path has a {{shard}}") from None


def _check(given: Input, shard: str, path: str) -> None:
    of = f"shard `{shard}` of `{given.name}`" if shard else f"`{given.name}`"
    if "\0" in path:
        raise Unbound(f"{of}: a path can't hold a NUL")
    try:
        info = os.stat(path)
    except FileNotFoundError:
        raise Unbound(f"{of} is not there: {path}{_near_file(path)}", "data") from None
    except OSError as error:
        raise Unbound(f"{of} can't be read: {path}: {error.strerror}", "data") from None
    if os.path.isfile(path) and info.st_size > given.bytes:
        raise Unbound(too_large(given, shard, path, info.st_size), "data")


def too_large(given: Input, shard: str, path: str, size: int) -> str:
    """The message for a slice that is more than was said."""
    of = f"shard `{shard}` of `{given.name}`" if shard else f"`{given.name}`"
    return (
        f"{of} is {size:,} bytes, more than the {given.bytes:,} that snapshot `{given.snapshot}` allows: "
        f"{path}; raise its `size`"
    )


def _near(name: str, names: tuple[str, ...] | list[str]) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _near_file(path: str) -> str:
    """What there is instead, in the deepest folder that exists."""
    folder, name = os.path.split(path)
    while folder and not os.path.isdir(folder):
        upper, name = os.path.split(folder)
        if upper == folder:
            return ""
        folder = upper
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return ""
    close = difflib.get_close_matches(name, names, 3, 0.5)
    if close:
        return f"; {folder or '.'} has {', '.join(close)}"
    return f"; {folder or '.'} is empty" if not names else f"; {folder or '.'} has no `{name}`"
