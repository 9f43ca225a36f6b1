"""What a plan is started with: slices of snapshots, and where their files are."""

from __future__ import annotations

import posixpath

from podpipec.graph.nodes import Entry, Graph
from podpipec.plan.values import template
from podpipec.types import typed
from podpipec.types.typed import Template
from podpipec_runtime.plan import types as plan


def period_of(graph: Graph) -> plan.Period | None:
    """What one activation is for: the shortest window that is read."""
    windows = [entry.snapshot.window for entry in graph.entries if entry.snapshot.window is not None]
    return plan.Period(window=int(min(windows))) if windows else None


def input_of(entry: Entry, graph: Graph) -> plan.Input:
    """The slice that an entry asks for."""
    snapshot = entry.snapshot
    slice_ = "whole" if not snapshot.shards else "shards" if entry.as_many else "shard"
    return plan.Input(
        name=entry.name,
        parameter=entry.name,
        snapshot=snapshot.name.text,
        content=str(snapshot.content),
        source=template(_from_entry(snapshot, graph)),
        slice=slice_,  # type: ignore[arg-type]  # one of the three
        shards=snapshot.shards,
        window=None if snapshot.window is None else int(snapshot.window),
        bytes=snapshot.size or 0,
        place=entry.place,
    )


def _from_entry(snapshot: typed.Snapshot, graph: Graph) -> Template:
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
