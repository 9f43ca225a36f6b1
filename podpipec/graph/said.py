"""What a program says of its values, `of { ticks } stable shared`, against what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec.diagnostics import Diagnostic, Fix, error
from podpipec.graph.consuming import owned
from podpipec.graph.nodes import Graph
from podpipec.graph.origins import Atom, Atoms, Traced
from podpipec.graph.stability import Stabilities, stability
from podpipec.graph.values import Said
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.origin import Origin
from podpipec_runtime.tuples import NamedTuple


class _Known(NamedTuple):
    """What is inferred of all values: where each enters, what made it unstable, who owns it."""

    graph: Graph
    atoms: Mapping[Origin, Atoms]
    stabilities: Stabilities
    owners: Mapping[Origin, Span]


def check_said(traced: Traced) -> Iterator[Diagnostic]:
    """Everything that is said of a value and is not so."""
    graph = traced.graph
    if not graph.said:
        return
    owners = {origin: by.span for origin, by in owned(graph).items()}
    known = _Known(graph, traced.origins, stability(graph), owners)
    for said in graph.said:
        if said.traits.origin is not None:
            yield from _origin(said, said.traits.origin, known)
        for word in said.traits.words:
            if word.text in ("stable", "unstable"):
                yield from _stability(said, word, known)
            else:
                yield from _sharing(said, word, known)


def _origin(said: Said, names: tuple[tree.Name, ...], known: _Known) -> Iterator[Diagnostic]:
    atoms: dict[str, Atom] = {}
    for atom in known.atoms.get(said.value, ()):
        atoms.setdefault(atom.snapshot, atom)
    told = {name.text: name for name in names}
    if told.keys() == atoms.keys():
        return
    surplus = [name for text, name in told.items() if text not in atoms]
    missing = [atom for text, atom in atoms.items() if text not in told]
    made = _made(said, known)
    is_ = _names(atoms) or "nothing"
    fix = _rewritten(said.traits, tuple(atoms)) if atoms else None
    yield error(
        "T017",
        f"`{said.name}` is said to be derived from {_names(told)}, and is derived from {is_}",
        surplus[0].span if surplus else said.traits.span,
        "nothing of this went into it" if surplus else "said here",
        *((atom.span, f"`{atom.snapshot}` enters here") for atom in missing),
        *(made if surplus else ()),
        help=f"write `of {{ {', '.join(atoms)} }}`" if atoms else "take the `of { … }` away",
        fix=fix,
    )


def _stability(said: Said, word: tree.Name, known: _Known) -> Iterator[Diagnostic]:
    is_ = known.stabilities.of(said.value)
    if is_ == word.text:
        return
    touch = known.stabilities.touched.get(said.value)
    yield error(
        "T017",
        f"`{said.name}` is said to be {word.text}, and is {is_}",
        word.span,
        "said here",
        *(_made(said, known) if touch is None else ((touch.span, touch.what),)),
        help="nothing on the way to it calls a service" if touch is None else f"write `{is_}`, or pin it on the way",
        fix=Fix(word.span, is_),
    )


def _sharing(said: Said, word: tree.Name, known: _Known) -> Iterator[Diagnostic]:
    owner = known.owners.get(said.value)
    is_ = "shared" if owner is None else "owned"
    if is_ == word.text:
        return
    yield error(
        "T017",
        f"`{said.name}` is said to be {word.text}, and is {is_}",
        word.span,
        "said here",
        *(_made(said, known) if owner is None else ((owner, "consumed here: it is that stage's own"),)),
        help=f"write `{is_}`",
        fix=Fix(word.span, is_),
    )


def _made(said: Said, known: _Known) -> tuple[tuple[Span, str], ...]:
    datum = known.graph.data.get(said.value)
    return () if datum is None else ((datum.span, "comes from here"),)


def _names(names: Mapping[str, object]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _rewritten(traits: tree.Traits, snapshots: tuple[str, ...]) -> Fix:
    words = " ".join((f"of {{ {', '.join(snapshots)} }}", *(word.text for word in traits.words)))
    return Fix(traits.span, words)
