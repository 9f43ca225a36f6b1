"""Which files the slices of an input are."""

from __future__ import annotations

import os
from collections.abc import Iterator

from podpipec_runtime.calendar.written import NoWindow
from podpipec_runtime.interpreter.events import FailureKind
from podpipec_runtime.interpreter.text import Unknown, expand
from podpipec_runtime.options import RunOptions
from podpipec_runtime.plan.types import At, Input, PathPart, Plan
from podpipec_runtime.snapshots.template import TemplateError, parse, tail
from podpipec_runtime.snapshots.windows import Moment, NoSlice, check_start, moments, zone_of
from podpipec_runtime.tuples import NamedTuple


class Unbound(Exception):  # noqa: N818 - told to the user as a failure of `kind`
    """An input can't be found as asked."""

    def __init__(self, message: str, kind: FailureKind = "usage") -> None:
        super().__init__(message)
        self.kind: FailureKind = kind


class Slice(NamedTuple):
    """One slice: its input, its number and name among the shards (empty if there are none), its path, and its
    window."""

    input: Input
    number: int
    shard: str
    path: str
    window: Moment = Moment(None, "")

    @property
    def told(self) -> str:
        """What messages call it."""
        of = f"shard `{self.shard}` of `{self.input.name}`" if self.shard else f"`{self.input.name}`"
        return f"{of} for the window {self.window.label}" if self.window.label else of


def bind(plan: Plan, options: RunOptions) -> tuple[Slice, ...]:
    """Every slice of every input, each there and of a size that the plan allows. Raises Unbound."""
    names = {given.parameter for given in plan.inputs}
    for name in options.bindings:
        if name not in names:
            raise Unbound(f"flow `{plan.flow}` has no input `{name}`{_near(name, sorted(names))}")
    _check_shard(plan, options)
    try:
        check_start(plan, options.window)
        return tuple(slice_ for given in plan.inputs for slice_ in _slices(plan, given, options))
    except NoWindow as error:
        raise Unbound(str(error)) from None
    except NoSlice as error:
        raise Unbound(str(error), "data") from None


def _slices(plan: Plan, given: Input, options: RunOptions) -> Iterator[Slice]:
    """The slices of an input: by its shards, or by its windows; of what a flow across pods gives the paths that it
    gives."""
    if given.slice in ("value", "values", "text"):
        yield from _handed(plan, given, options)
        return
    handed = options.handed.get(given.name)
    template = () if handed is not None else _template(given, options)
    shards = _shards(given, options)
    seen: dict[str, str] = {}
    windows = moments(plan, given, options.window)
    for number, (window, shard) in enumerate((window, shard) for window in windows for shard in shards):
        if handed is not None and number >= len(handed):
            raise Unbound(f"`{given.name}` is given {len(handed)} of its slices, and has more")
        path = _path(plan, given, template, shard, window) if handed is None else handed[number]
        if handed is None and path in seen and len(windows) > 1:
            raise Unbound(
                f"the windows {seen[path]} and {window.label} of `{given.name}` are one file: {path}; "
                "tell more of the window in its path, and the offset (`%z`) where clocks are put back"
            )
        seen[path] = window.label
        found = Slice(given, number, shard, path, window)
        _check(found)
        yield found


def _handed(plan: Plan, given: Input, options: RunOptions) -> Iterator[Slice]:
    told = given.name in (options.texts if given.slice == "text" else options.handed)
    if not told:
        raise Unbound(f"`{given.name}` is given to `{plan.flow}` by a flow across pods; run that")
    for number, path in enumerate(options.handed.get(given.name, ())):
        found = Slice(given, number, "", path)
        _check(found)
        yield found


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
    bound = options.bindings.get(given.parameter)
    if bound is None:
        return _local(given, options)
    try:
        parts = parse(bound)
    except TemplateError as error:
        raise Unbound(f"`{given.parameter}`: {error}") from None
    plain = len(parts) == 1 and isinstance(parts[0], str)
    if plain and os.path.isdir(bound) and not (given.slice == "whole" and given.content == "Dir"):
        return (bound.rstrip("/") + "/", *tail(given.source))
    if plain and given.slice == "shards" and len(given.shards) > 1:
        raise Unbound(
            f"`{given.name}` has {len(given.shards)} shards, and {bound} is one file; "
            f"write {{shard}} where the shard's name is, or bind the folder"
        )
    if plain and given.windows != At():
        raise Unbound(
            f"`{given.name}` is of another window than the run or of several, and {bound} is one file; "
            f"write {{window}} where its start is, or bind the folder"
        )
    return parts


def _local(given: Input, options: RunOptions) -> tuple[PathPart, ...]:
    head = given.source[0] if given.source and isinstance(given.source[0], str) else ""
    if head.startswith("file://"):
        return (head.removeprefix("file://"), *given.source[1:])
    if "://" in head:
        raise Unbound(f"`{given.name}` comes from {head}…, which this engine doesn't fetch; bind it to a local path")
    return given.source if head.startswith("/") else (options.base.rstrip("/") + "/", *given.source)


def _path(plan: Plan, given: Input, template: tuple[PathPart, ...], shard: str, window: Moment) -> str:
    try:
        return os.path.normpath(expand(template, window.start, shard, zone=zone_of(plan, given)))
    except Unknown as error:
        if str(error) == "window":
            raise Unbound(f"`{given.name}` needs a window; say when it starts") from None
        raise Unbound(f"`{given.name}` has no shards, and its path has a {{shard}}") from None


def _check(slice_: Slice) -> None:
    of, path = slice_.told, slice_.path
    if "\0" in path:
        raise Unbound(f"{of}: a path can't hold a NUL")
    try:
        info = os.stat(path)
    except FileNotFoundError:
        raise Unbound(f"{of} is not there: {path}{_near_file(path)}", "data") from None
    except OSError as error:
        raise Unbound(f"{of} can't be read: {path}: {error.strerror}", "data") from None
    if os.path.isfile(path) and info.st_size > slice_.input.bytes:
        raise Unbound(too_large(slice_, info.st_size), "data")


def too_large(slice_: Slice, size: int) -> str:
    """The message for a slice that is more than was said."""
    given = slice_.input
    return (
        f"{slice_.told} is {size:,} bytes, more than the {given.bytes:,} that snapshot `{given.snapshot}` allows: "
        f"{slice_.path}; raise its `size`"
    )


def _near(name: str, names: tuple[str, ...] | list[str]) -> str:
    from difflib import get_close_matches  # only for mistakes

    close = get_close_matches(name, names, 1)
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
    from difflib import get_close_matches

    close = get_close_matches(name, names, 3, 0.5)
    if close:
        return f"; {folder or '.'} has {', '.join(close)}"
    return f"; {folder or '.'} is empty" if not names else f"; {folder or '.'} has no `{name}`"
