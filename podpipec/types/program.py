"""A whole program, typed: every declaration of every file, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.loading import Loaded, Program
from podpipec.names.scope import Scopes, scopes
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import check_declaration
from podpipec.types.declarations import Helper, Pod, Secret, Service, Snapshot, Stage
from podpipec.types.evaluate import Constants, Parameters
from podpipec.types.flow_scope import Declared
from podpipec.types.flows import FlowTyper
from podpipec.types.handing_over import check_heading
from podpipec.types.order import called, callees_first
from podpipec.types.pods import pod
from podpipec.types.services import Known, secret, service
from podpipec.types.sizes import check_sizes
from podpipec.types.snapshots import snapshot
from podpipec.types.stages import stage
from podpipec.types.time import Calendar
from podpipec.types.typed import Flow
from podpipec_runtime.tuples import NamedTuple


class Typed(NamedTuple):
    """The typed declarations of a program, each by the name that declares it."""

    program: Program
    scopes: Scopes
    constants: Constants
    calendars: Mapping[tree.Name, Calendar]
    snapshots: Mapping[tree.Name, Snapshot]
    pods: Mapping[tree.Name, Pod]
    stages: Mapping[tree.Name, Stage]
    flows: Mapping[tree.Name, Flow]
    services: Mapping[tree.Name, Service]
    secrets: Mapping[tree.Name, Secret]
    helpers: Mapping[tree.Name, Helper]


def typed(program: Program, given: Parameters) -> tuple[Typed, tuple[Diagnostic, ...]]:
    """Resolve and type a loaded program. `given` holds the parameters' values as texts."""
    named, found_ = scopes(program)
    found = list(found_)
    constants = Constants(named, given, found)
    declarations = [declaration for loaded in program.files.values() for declaration in loaded.module.declarations]
    found += _unknown_parameters(program, named, given)
    for declaration in declarations:
        if isinstance(declaration, tree.Param | tree.Const):
            constants.declared(declaration)
        elif isinstance(declaration, tree.Type):
            check_declaration(declaration, named, found)
    calendars = _each(declarations, tree.Calendar, lambda one: _calendar(one, constants, found))
    snapshots = _each(declarations, tree.Snapshot, lambda one: snapshot(one, named, calendars, constants, found))
    pods = _each(declarations, tree.Pod, lambda one: pod(one, constants, found))
    services = _each(declarations, tree.Service, lambda one: service(one, constants, found))
    secrets = _each(declarations, tree.Secret, lambda one: secret(one, found))
    known = Known(named, services, secrets)
    stages = _each(declarations, tree.Stage, lambda one: stage(one, known, program.code, constants, found))
    helpers = _each(declarations, tree.Helper, lambda one: _helper(one, known, program.code, constants, found))
    for declared_stage in stages.values():
        check_sizes(declared_stage, constants, found)
    written = [one for one in declarations if isinstance(one, tree.Flow)]
    flows: dict[tree.Name, Flow] = {}
    declared = Declared(named, constants, calendars, snapshots, pods, stages, flows, helpers)
    for one in callees_first(written, lambda name: named[name.span.path].get(name.text)):
        flows[one.name] = FlowTyper(one, declared, _broken(one, program.files[one.span.path]), found).typed()
    flows = {one.name: flows[one.name] for one in written}
    for flow in flows.values():
        found += check_heading(flow, flows)
    found += _recursion(written, named)
    made = Typed(program, named, constants, calendars, snapshots, pods, stages, flows, services, secrets, helpers)
    return made, tuple(found)


_Declaration = TypeVar(
    "_Declaration", tree.Calendar, tree.Snapshot, tree.Pod, tree.Stage, tree.Service, tree.Secret, tree.Helper
)
_Result = TypeVar("_Result")


def _each(
    declarations: Iterable[tree.Declaration],
    kind: type[_Declaration],
    typing: Callable[[_Declaration], _Result | None],
) -> dict[tree.Name, _Result]:
    """The typed declarations of one kind; those that lack what all else hangs on are left out."""
    done = {one.name: typing(one) for one in declarations if isinstance(one, kind)}
    return {name: result for name, result in done.items() if result is not None}


# What few programs have is loaded where it is first met: a small check is over sooner.


def _calendar(declared: tree.Calendar, constants: Constants, found: list[Diagnostic]) -> Calendar:
    from podpipec.types.calendars import calendar

    return calendar(declared, constants, found)


def _helper(
    declared: tree.Helper, known: Known, code: Mapping[str, str], constants: Constants, found: list[Diagnostic]
) -> Helper | None:
    from podpipec.types.helpers import helper

    return helper(declared, known, code, constants, found)


def _broken(flow: tree.Flow, loaded: Loaded) -> bool:
    """Whether statements of a flow may be missing because of their syntax."""
    return any(flow.span.start <= span.start <= flow.span.end for span in loaded.broken)


def _unknown_parameters(program: Program, named: Scopes, given: Parameters) -> Iterator[Diagnostic]:
    names = {name for scope in named.values() for name, what in scope.items() if isinstance(what, tree.Param)}
    for name in given:
        if name not in names:
            at = Span(program.entry, 0, 0)
            yield error("T010", f"the program has no parameter `{name}`", at, help=did_you_mean(name, names))


def _recursion(flows: Iterable[tree.Flow], named: Scopes) -> Iterator[Diagnostic]:
    """Flows that call themselves, by whatever way, once for each circle."""
    calls = {
        flow.name: [
            (target.name, name) for name, target in called(flow, lambda name: named[name.span.path].get(name.text))
        ]
        for flow in flows
    }
    done: set[tree.Name] = set()
    for start in calls:
        stack = [] if start in done else [(start, iter(calls[start]))]
        path = [start]
        while stack:
            call = next(stack[-1][1], None)
            if call is None:
                stack.pop()
                done.add(path.pop())
            elif call[0] in path:
                way = " → ".join(f"`{name.text}`" for name in [*path[path.index(call[0]) :], call[0]])
                yield error(
                    "T006",
                    f"the flow `{call[0].text}` calls itself",
                    call[1].span,
                    "this call closes the circle",
                    note=way,
                )
            elif call[0] not in done:
                stack.append((call[0], iter(calls[call[0]])))
                path.append(call[0])
