"""Typing of `snapshot`: where its slices come from, how it is cut, how large a slice can be."""

from __future__ import annotations

import re

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.diagnostics.wording import a
from podpipec.names.builtin import ENDINGS
from podpipec.names.scope import Scopes
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.clocks import Calendars, window
from podpipec.types.content import UNKNOWN, Content, builtin, resolve
from podpipec.types.declarations import Snapshot
from podpipec.types.evaluate import Constants
from podpipec.types.origin import Shard, Template, Window
from podpipec.types.scalars import Scalar, written
from podpipec.types.settings import Settings, gather
from podpipec.types.templates import template
from podpipec.types.time import DAY, Clock

#: More shards than pods or elements that any cluster or folder bears.
_MOST_SHARDS = 100_000
_SHARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def snapshot(
    declared: tree.Snapshot, scopes: Scopes, calendars: Calendars, constants: Constants, found: list[Diagnostic]
) -> Snapshot | None:
    """The typed snapshot; nothing if it lacks what all else hangs on."""
    owner = f"the snapshot `{declared.name.text}`"
    settings = gather(owner, declared.name.span, declared.settings, constants, found)
    complete = settings.need("from")
    clock = window(settings, scopes, calendars)
    shards = _shards(settings)
    size = settings.amount("size", "Size")
    source = _source(settings)
    if not complete or source is None:
        return None
    content = _content(declared, source, scopes, found)
    _check_holes(settings, source)
    _check_names(settings, source, clock)
    return Snapshot(
        declared.name, content, source, clock, shards, None if size is None else int(size), settings.spans()
    )


def _shards(settings: Settings) -> tuple[str, ...]:
    setting = settings.by_word.get("shards")
    if setting is None:
        return ()
    value = setting.values[0]
    if isinstance(value, tree.ListOf):
        return _named_shards(settings, value)
    count = settings.amount("shards", "Int", 1)
    if count is not None and count > _MOST_SHARDS:
        settings.found.append(error("V003", f"`shards` must be at most {_MOST_SHARDS}", value.span, "out of bounds"))
        return ()
    return () if count is None else tuple(str(number) for number in range(int(count)))


def _named_shards(settings: Settings, names: tree.ListOf) -> tuple[str, ...]:
    seen: dict[str, Span] = {}
    for item in names.items:
        scalar = settings.of_kind(item, "shards", "String", "Int")
        if scalar is None:
            continue
        name = written(scalar).strip('"')
        if not _SHARD.fullmatch(name):
            settings.found.append(
                error(
                    "V003",
                    f"`{name}` cannot be a shard's name",
                    item.span,
                    help="use letters, digits, `.`, `_` and `-`; it becomes part of paths",
                )
            )
        elif name in seen:
            settings.found.append(
                error(
                    "N002",
                    f"the shard `{name}` is named twice",
                    item.span,
                    "again here",
                    (seen[name], "first here"),
                )
            )
        else:
            seen[name] = item.span
    return tuple(seen)


def _source(settings: Settings) -> Template | None:
    setting = settings.by_word.get("from")
    if setting is None:
        return None
    value = setting.values[0]
    if not isinstance(value, tree.String):
        text = settings.text("from")
        return None if text is None else (text,)
    holes = [hole for hole, word in (("window", "window"), ("shard", "shards")) if word in settings.by_word]
    return template(value, settings.constants, holes, (), settings.found)


def _content(declared: tree.Snapshot, source: Template, scopes: Scopes, found: list[Diagnostic]) -> Content:
    if declared.content is not None:
        content = resolve(declared.content, scopes, found)
        if content.scalar or content.lists or content.transient:
            found.append(
                error(
                    "T001",
                    f"a snapshot cannot be {a(f'`{content}`')}",
                    declared.content.span,
                    help="name a content type such as `Parquet`",
                )
            )
            return UNKNOWN
        return content
    last = source[-1] if source and isinstance(source[-1], str) else ""
    ending = "." + last.rpartition(".")[2] if isinstance(last, str) and "." in last else ""
    if ending not in ENDINGS:
        found.append(
            error(
                "T012",
                f"what is in the snapshot `{declared.name.text}`?",
                declared.name.span,
                "its path does not say",
                help=f"write the content: `snapshot {declared.name.text}: Parquet {{ … }}`",
            )
        )
        return UNKNOWN
    return builtin(ENDINGS[ending])


def _check_holes(settings: Settings, source: Template) -> None:
    path = settings.by_word["from"].values[0]
    at = path.span
    if "shards" in settings.by_word and not any(isinstance(part, Shard) for part in source):
        settings.found.append(
            error(
                "T011",
                f"{settings.owner} has shards, and its path names none",
                at,
                "every shard would be the same file",
                (settings.by_word["shards"].span, "shards are declared here"),
                help="put `{shard}` into the path",
                fix=_into_path(path, "{shard}"),
            )
        )
    cut = settings.by_word.get("window")
    if cut is not None and not any(isinstance(part, Window) for part in source):
        length = settings.constants.value(cut.values[0])
        settings.found.append(
            error(
                "T011",
                f"{settings.owner} has windows{_of(length)}, and its path names none",
                at,
                "every window would be the same file",
                (cut.span, "the window is declared here"),
                help="put `{window}` into the path, or take `window` away",
                fix=_into_path(path, "{window}"),
            )
        )


def _check_names(settings: Settings, source: Template, clock: Clock | None) -> None:
    """Where clocks are put back an hour comes twice, and needs the offset in its name to be told apart."""
    zone = clock.calendar.zone if clock and clock.calendar else "UTC"
    formats = [part.format for part in source if isinstance(part, Window)]
    if clock is None or clock.seconds % DAY == 0 or zone == "UTC" or not formats:
        return
    if not all(form and "%H" in form and "%z" not in form for form in formats):
        return
    from podpipec_runtime.calendar.zones import goes_back  # a program without a zone does without
    from podpipec_runtime.calendar.zones import zone as known

    if goes_back(known(zone)):
        settings.found.append(
            error(
                "T011",
                f"an hour comes twice in {zone} when clocks are put back, and both would be the same file",
                settings.by_word["from"].values[0].span,
                "the hour is not told apart",
                (settings.by_word["window"].span, f"windows of {clock}"),
                help="put the offset into the path, as in `{window:%Y-%m-%dT%H%z}`",
            )
        )


def _into_path(path: tree.Expression, hole: str) -> Fix | None:
    """The edit that makes a hole the last folder or name of a path, before its ending: where else, nobody can know."""
    if not isinstance(path, tree.String):
        return None
    quotes = 3 if path.long else 1
    tail = path.raw[max(path.raw.rfind("}"), path.raw.rfind("/")) + 1 :]
    cut = len(path.raw) - len(tail) + (tail.rfind(".") if "." in tail else len(tail))
    slash = "" if cut == 0 or path.raw[cut - 1] == "/" else "/"
    at = path.span.start + quotes + cut
    return Fix(Span(path.span.path, at, at), slash + hole, "suggestion")


def _of(length: Scalar | None) -> str:
    return f" of {written(length)}" if length else ""
