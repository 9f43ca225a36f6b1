"""Printing the types of a program's names: a line for each as a person would write it, or values for JSON."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.compiler import Compiled
from podpipec.graph.expand import is_entry
from podpipec.graph.origins import Atom
from podpipec.graph.shown import Lies, Listing, Named, listing
from podpipec.types.units import size_text


def listings(compiled: Compiled, path: str) -> tuple[Listing, ...]:
    """The flows that a file declares, in its order, with the types of their names."""
    checked = compiled.checked
    graphs = {graph.flow.declared.name: graph for graph in checked.graphs}
    flows = checked.typed.flows.items()
    return tuple(listing(checked.typed, flow, graphs.get(name)) for name, flow in flows if name.span.path == path)


# --- text ------------------------------------------------------------------------------------


def text(found: tuple[Listing, ...]) -> str:
    """The flows one below the other, in columns."""
    return "\n".join("".join(f"{line.rstrip()}\n" for line in _flow(one)) for one in found)


def _flow(one: Listing) -> Iterator[str]:
    declared = one.flow.declared
    where = "across" if declared.across else "on"
    pod = f" {where} {declared.pod.text}" if declared.pod else ""
    survives = f" survives {declared.survives.text}" if declared.survives else ""
    yield f"flow {declared.name.text}{pod}{survives}{_why_not(one)}"
    rows = [_cells(named) for named in one.names]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True))


def _why_not(one: Listing) -> str:
    if one.followed:
        return ""
    if is_entry(one.flow):
        return "   (only contents: it is not right yet)"
    return "   (only contents: the rest is each call's)"


def _cells(named: Named) -> tuple[str, str, str, str, str]:
    """A name with its type as the program itself may say it, and as a comment what it cannot say."""
    head = f"{'  ' * named.depth}{named.name}: {named.content}"
    lies = named.lies
    if lies is None:
        return head, "", "", named.sharing or "", ""
    traits = f"{lies.stability} {lies.sharing}"
    return head, f"in {lies.place}", _origin(lies.origin), traits, f"# {', '.join(_remarks(lies))}"


def _origin(atoms: tuple[Atom, ...]) -> str:
    names = dict.fromkeys(atom.snapshot for atom in atoms)
    return f"of {{ {', '.join(names)} }}" if names else ""


def _remarks(lies: Lies) -> Iterator[str]:
    """Windows and shards, copies, bytes."""
    yield from (atom.written() for atom in lies.origin if atom.written() != atom.snapshot)
    yield from (f"kept in {place}" for place in lies.copies)
    yield _size(lies)


def _size(lies: Lies) -> str:
    if lies.bytes is not None:
        return f"up to {size_text(lies.bytes)}"
    return "of unknown size" if lies.each is None else f"up to {size_text(lies.each)} each"


# --- JSON ------------------------------------------------------------------------------------


def document(found: tuple[Listing, ...]) -> list[dict[str, object]]:
    """The flows as values for JSON. Sizes are in bytes, windows in seconds."""
    return [
        {
            "name": one.flow.declared.name.text,
            "pod": one.flow.declared.pod.text if one.flow.declared.pod else None,
            "followed": one.followed,
            "values": [_value(named) for named in one.names],
        }
        for one in found
    ]


def _value(named: Named) -> dict[str, object]:
    value: dict[str, object] = {"id": named.id, "name": named.name, "content": str(named.content)}
    lies = named.lies
    if lies is None:
        return value | ({"sharing": named.sharing} if named.sharing else {})
    return value | {
        "origin": [_atom(atom) for atom in lies.origin],
        "place": lies.place,
        "copies": list(lies.copies),
        "stability": lies.stability,
        "sharing": lies.sharing,
        "bytes": lies.bytes,
        "bytes_each": lies.each,
    }


def _atom(atom: Atom) -> dict[str, object]:
    window = None if atom.windows is None else atom.windows.clock.seconds
    return {
        "snapshot": atom.snapshot,
        "pinned": atom.pinned,
        "window": window,
        "shard": atom.shard,
        "written": atom.written(),
    }
