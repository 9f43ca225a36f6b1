"""What a plan is started with: slices of snapshots, and where their files are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from podpipec.graph.liveness import total
from podpipec.graph.nodes import Graph
from podpipec.graph.values import Entry
from podpipec.plan.values import template
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.declarations import Place, Snapshot
from podpipec.types.origin import FromInput, FromShards, FromWindows, Template
from podpipec.types.time import Calendar, Clock
from podpipec_runtime.plan import types as plan
from podpipec_runtime.tuples import NamedTuple


class Calendars(NamedTuple):
    """The calendars of a plan: names for those that clocks are on, and what the plan says of them."""

    names: Mapping[tree.Name, str]
    said: tuple[plan.Calendar, ...]

    def period(self, clock: Clock | None) -> plan.Period | None:
        """What one run is for."""
        return None if clock is None else plan.Period(window=clock.seconds, calendar=self.name(clock))

    def name(self, clock: Clock | None) -> str:
        """The name in the plan of the calendar that a clock is on."""
        return self.names[clock.calendar.name] if clock and clock.calendar else ""


def calendars_of(graph: Graph) -> Calendars:
    """The calendars of a flow's period and of what it reads; one whose name is taken gets a number."""
    clocks = [graph.period, *(entry.snapshot.clock for entry in graph.entries)]
    used = {clock.calendar.name: clock.calendar for clock in clocks if clock and clock.calendar}
    names: dict[tree.Name, str] = {}
    taken: dict[str, int] = {}
    for name in sorted(used, key=lambda name: name.span):
        taken[name.text] = taken.get(name.text, 0) + 1
        names[name] = name.text if taken[name.text] == 1 else f"{name.text}_{taken[name.text]}"
    said = tuple(
        _calendar(calendar, names[name]) for name, calendar in sorted(used.items(), key=lambda one: one[0].span)
    )
    return Calendars(names, said)


def _calendar(calendar: Calendar, name: str) -> plan.Calendar:
    from datetime import date  # a program without a calendar does without

    excluded = tuple(date.fromisoformat(day) for day in calendar.excluded)
    days: tuple[plan.Weekday, ...] = calendar.days  # type: ignore[assignment]  # checked with the program
    return plan.Calendar(name=name, zone=calendar.zone, days=days, excluded=excluded)


def input_of(entry: Entry, graph: Graph, calendars: Calendars) -> plan.Input:
    """The slices that an entry asks for."""
    snapshot, origin = entry.snapshot, entry.origin
    many = isinstance(origin, FromShards)
    slice_ = "whole" if not snapshot.shards else "shards" if many else "shard"
    return plan.Input(
        name=entry.name,
        parameter=entry.parameter,
        snapshot=snapshot.name.text,
        content=str(snapshot.content),
        source=template(_from_entry(snapshot, graph)),
        slice=slice_,  # type: ignore[arg-type]  # one of the three
        shards=snapshot.shards,
        window=None if snapshot.clock is None else snapshot.clock.seconds,
        calendar=calendars.name(snapshot.clock),
        windows=_windows(entry, graph),
        bytes=snapshot.size or 0,
        place=entry.place,
    )


def _windows(entry: Entry, graph: Graph) -> plan.At | plan.Range | plan.Within:
    match entry.origin:
        case FromInput(offset=offset) | FromShards(offset=offset):
            return plan.At(offset=offset)
        case FromWindows(reach=(first, last)):
            return plan.Range(first=first, last=last)
        case FromWindows() as all_:
            return plan.Within(most=graph.data[all_].length or 1)


def handed_inputs(graph: Graph) -> Iterator[plan.Input]:
    """What a unit is started with beside slices: values, and scalars that only the call knows."""
    for one in graph.handed:
        lists = bool(one.datum.content.lists)
        yield _without_snapshot(one.name, one.datum.content, lists, total(one.datum) or 0, one.datum.place)
    for name, content in graph.texts.items():
        yield _without_snapshot(name, content, None, 0, graph.pod.scratch)


def _without_snapshot(name: str, content: Content, lists: bool | None, size: int, place: Place) -> plan.Input:
    """`lists`: whether it is a list; nothing for a scalar."""
    return plan.Input(
        name=name,
        parameter=name,
        snapshot="",
        content=str(content),
        source=(),
        slice="text" if lists is None else "values" if lists else "value",
        shards=(),
        window=None,
        bytes=size,
        place=place,
    )


def _from_entry(snapshot: Snapshot, graph: Graph) -> Template:
    """A path is relative to the file that declares it; the runtime is told the folder of the program alone."""
    first = snapshot.source[0] if snapshot.source else ""
    if isinstance(first, str) and ("://" in first or first.startswith("/")):
        return snapshot.source
    here, there = (posixpath.dirname(path) or "." for path in (graph.flow.declared.span.path, snapshot.name.span.path))
    folder = posixpath.relpath(there, here)
    return snapshot.source if folder == "." else _prefixed(folder + "/", snapshot.source)


def _prefixed(folder: str, source: Template) -> Template:
    first = source[0] if source else ""
    return (folder + first, *source[1:]) if isinstance(first, str) else (folder, *source)
