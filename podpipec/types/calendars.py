"""Typing of `calendar`: which days there are, and in which time zone."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.evaluate import Constants
from podpipec.types.settings import Settings, gather
from podpipec.types.time import WEEKDAYS, Calendar


def calendar(declared: tree.Calendar, constants: Constants, found: list[Diagnostic]) -> Calendar:
    """The typed calendar; where a setting is wrong, as if it were not there."""
    owner = f"the calendar `{declared.name.text}`"
    settings = gather(owner, declared.name.span, declared.settings, constants, found)
    days = _texts(settings, "days")
    for text, span in days.items():
        if text not in WEEKDAYS:
            found.append(
                error(
                    "N001",
                    f"unknown day `{text}`",
                    span,
                    "no such day",
                    help=did_you_mean(text, WEEKDAYS) or f"days are {', '.join(WEEKDAYS)}",
                )
            )
    known = tuple(day for day in WEEKDAYS if day in days)
    if "days" in settings.by_word and not days:
        found.append(error("V003", f"{owner} has no days", settings.by_word["days"].span, "at least one is needed"))
    return Calendar(declared.name, _zone(settings), known or WEEKDAYS, _dates(settings))


def _zone(settings: Settings) -> str:
    zone = settings.text("zone")
    if zone is None or zone == "UTC":
        return "UTC"
    from podpipec_runtime.calendar.zones import names  # a program without a zone does without

    if zone in names():
        return zone
    settings.found.append(
        error(
            "N001",
            f"unknown time zone `{zone}`",
            _inside(settings.by_word["zone"].values[0]),
            "no such zone",
            help=did_you_mean(zone, names()) or 'name one of the IANA zones, as in "Europe/Paris", or "UTC"',
        )
    )
    return "UTC"


def _dates(settings: Settings) -> tuple[str, ...]:
    """The dates that are left out, in order, as ISO 8601 writes them."""
    from datetime import date  # a program without a calendar does without

    known: list[date] = []
    for text, span in _texts(settings, "except").items():
        try:
            if len(text) != len("2026-12-25"):
                raise ValueError(text)
            known.append(date.fromisoformat(text))
        except ValueError:
            message, help_ = f"`{text}` is not a date", 'write it like "2026-12-25"'
            settings.found.append(error("V005", message, span, "no day of any year", help=help_))
    return tuple(each.isoformat() for each in sorted(known))


def _texts(settings: Settings, word: str) -> dict[str, Span]:
    """The texts of a list, each with where it stands; one that is there twice is told."""
    setting = settings.by_word.get(word)
    if setting is None:
        return {}
    items = setting.values[0]
    assert isinstance(items, tree.ListOf)  # the grammar takes nothing else
    seen: dict[str, Span] = {}
    for item in items.items:
        scalar = settings.of_kind(item, word, "String")
        if scalar is None:
            continue
        text, span = str(scalar.value), _inside(item)
        if text in seen:
            settings.found.append(
                error("N002", f"`{text}` is there twice", span, "again here", (seen[text], "first here"))
            )
        seen.setdefault(text, span)
    return seen


def _inside(expression: tree.Expression) -> Span:
    """Where the text of a string stands, without its quotes."""
    at = expression.span
    if not isinstance(expression, tree.String):
        return at
    quotes = 3 if expression.long else 1
    return Span(at.path, at.start + quotes, at.end - quotes)
