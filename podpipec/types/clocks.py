"""Typing of `window 1d of nyse` and `every 1d of nyse`: how time is cut."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.names.scope import Scopes, find
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.evaluate import Constants
from podpipec.types.settings import Settings, gather
from podpipec.types.time import Calendar, Clock

Calendars = Mapping[tree.Name, Calendar]


def window(settings: Settings, scopes: Scopes, calendars: Calendars) -> Clock | None:
    """How a snapshot is cut, if it is."""
    return _clock(settings, "window", "a window", scopes, calendars)


def period(
    every: tree.Every | None, scopes: Scopes, calendars: Calendars, constants: Constants, found: list[Diagnostic]
) -> Clock | None:
    """What one run of a flow is for, if its heading says so."""
    if every is None:
        return None
    word = tree.Name(Span(every.span.path, every.span.start, every.span.start + len("every")), "every")
    flags = () if every.calendar is None else (every.calendar,)
    setting = tree.Setting(every.span, word, None, (every.length,), flags)
    return _clock(gather("the flow", every.span, (setting,), constants, found), "every", "a period", scopes, calendars)


def _clock(settings: Settings, word: str, what: str, scopes: Scopes, calendars: Calendars) -> Clock | None:
    setting = settings.by_word.get(word)
    if setting is None:
        return None
    length = settings.amount(word, "Duration", 1)
    calendar = None
    if setting.flags:
        declared = find(scopes, setting.flags[0], tree.Calendar, settings.found)
        calendar = calendars.get(declared.name) if declared else None
    if length is None:
        return None
    if length.denominator != 1:
        settings.found.append(error("V003", f"{what} is a whole number of seconds", setting.span))
        return None
    return Clock(int(length), calendar)
