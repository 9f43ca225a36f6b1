"""The compiler's passes, one after the other: from a file's path to a checked program, and from a flow to its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.diagnostics import Diagnostic, Label, in_order
from podpipec.graph.expand import PODS, expand, is_alone, is_entry
from podpipec.graph.origins import traced
from podpipec.graph.places import check_places
from podpipec.graph.said import check_said
from podpipec.graph.traversal import units_of
from podpipec.names.loading import Reader, load
from podpipec.rules import check as check_rules
from podpipec.rules.checked import Checked
from podpipec.source import Source, Span
from podpipec.types.evaluate import Parameters
from podpipec.types.program import typed
from podpipec_runtime.tuples import NamedTuple


class Compiled(NamedTuple):
    """A program as far as it came, all that is wrong with it, and the texts that the diagnostics point into."""

    checked: Checked
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, Source]

    @property
    def ok(self) -> bool:
        """Whether nothing forbids to build and run it."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def compile_program(entry: str, read: Reader, given: Parameters, pods: int = PODS) -> Compiled:
    """Load, parse, resolve, type and check a program. Never raises for bad input.

    Flows across pods are checked for sets of at most so many pods.
    """
    program, syntax = load(entry, read)
    sources = {path: loaded.source for path, loaded in program.files.items()}
    types, semantics = typed(program, given)
    found = [*syntax, *semantics]
    wrong = tuple(diagnostic.span for diagnostic in found)
    graphs = []
    for flow in types.flows.values():
        sound = not any(_inside(span, flow.declared.span) for span in wrong)
        graph = expand(types, flow, found, pods) if sound and is_entry(flow) else None
        if graph is not None:
            graphs.append(graph)
    units = [unit.graph for graph in graphs for unit in units_of(graph) if not is_alone(types, unit.graph.flow)]
    for graph in (*graphs, *units):
        found += check_places(graph)
    checked = Checked(types, tuple(graphs), tuple(units), tuple(map(traced, (*graphs, *units))))
    sites: dict[Span, list[Span]] = {}
    for graph in (*graphs, *units):
        for span, site in graph.sites.items():
            sites.setdefault(span, []).append(site)
    said = [diagnostic for one in checked.traced for diagnostic in check_said(one)]
    found += (_with_sites(diagnostic, sites) for diagnostic in (*said, *check_rules(checked)))
    return Compiled(checked, in_order([*syntax, *_not_caused_by(syntax, found[len(syntax) :], checked)]), sources)


def _with_sites(diagnostic: Diagnostic, sites: Mapping[Span, Sequence[Span]]) -> Diagnostic:
    """What is wrong inside a flow that is called is told at a call, too, unless it names one itself."""
    told = {label.span for label in diagnostic.labels}
    found = (sites[label.span] for label in diagnostic.labels if label.span in sites)
    calls = dict.fromkeys(calls[-1] for calls in found if told.isdisjoint(calls))
    more = tuple(Label(call, "in a flow that is called here") for call in calls)
    return diagnostic._replace(labels=(*diagnostic.labels, *more))


#: Findings that something is missing: it may be what the parser could not read.
_MISSING = ("T009", "T012", "T016", "L6")


def _not_caused_by(syntax: Sequence[Diagnostic], found: Sequence[Diagnostic], checked: Checked) -> list[Diagnostic]:
    """Findings that do not merely follow from a mistake in the syntax of the same declaration."""
    if not syntax:
        return list(found)
    files = checked.typed.program.files.values()
    spans = [declaration.span for loaded in files for declaration in loaded.module.declarations]
    broken = [span for span in spans if any(_inside(diagnostic.span, span) for diagnostic in syntax)]
    return [d for d in found if d.code not in _MISSING or not any(_inside(d.span, span) for span in broken)]


def _inside(span: Span, outer: Span) -> bool:
    return span.path == outer.path and outer.start <= span.start <= outer.end
