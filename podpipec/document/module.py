"""The page of a module: what it is about, then its declarations, a section a kind, in the order of the file."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from podpipec.document.markdown import code, fenced, table
from podpipec.document.settings import helper_lines, lines, stage_lines
from podpipec.format.fragments import quoted, signature, type_text
from podpipec.format.remarks import notes
from podpipec.graph.expand import is_entry
from podpipec.names.loading import Loaded
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.program import Typed
from podpipec_runtime.tuples import NamedTuple


class _Page(NamedTuple):
    """What the sections are made of."""

    path: str
    typed: Typed
    docs: Mapping[Span, str]  # by where the declaration stands
    declared: tuple[tree.Declaration, ...]


_Kind = TypeVar("_Kind", bound=tree.Declaration)


def page(typed: Typed, path: str) -> str:
    """The page of one of a program's files as Markdown. The file's syntax must be whole."""
    loaded = typed.program.files[path]
    about, first = _about(loaded)
    declared = loaded.module.declarations
    docs = {node.span: first if number == 0 else node.doc for number, node in enumerate(declared)}
    made = _Page(path, typed, docs, declared)
    title = f"# {posixpath.basename(path).removesuffix('.flow')}"
    parts = [title, about, *(part for section in _SECTIONS for part in section(made))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(loaded: Loaded) -> tuple[str, str]:
    """What the doc comment at the top says about the file, and what about the first declaration.

    An empty line parts them: what stands right above the declaration is the declaration's.
    """
    if not loaded.module.declarations:
        return "", ""
    first = loaded.module.declarations[0]
    known = notes(loaded.source, loaded.module)
    paragraphs: list[list[str]] = [[]]
    for remark in known.before.get(first.span.start, ()):
        if remark.blank and paragraphs[-1]:
            paragraphs.append([])
        if remark.text.startswith("##"):
            paragraphs[-1].append(remark.text[2:].removeprefix(" "))
    own = [] if first.span.start in known.blanks else paragraphs.pop()
    return "\n\n".join("\n".join(one) for one in paragraphs if one), "\n".join(own)


def _of(made: _Page, kind: type[_Kind]) -> list[_Kind]:
    return [node for node in made.declared if isinstance(node, kind)]


def _uses(made: _Page) -> Iterator[str]:
    items = [
        f"- {code('.'.join(part.text for part in use.module))}: {', '.join(code(one.text) for one in use.names)}"
        for use in _of(made, tree.Use)
    ]
    if items:
        yield "## Uses"
        yield "\n".join(items)


def _parameters(made: _Page) -> Iterator[str]:
    rows = [
        (
            code(node.name.text),
            code(type_text(node.type)),
            code(quoted(node.default)) if node.default else "must be set",
            made.docs[node.span],
        )
        for node in _of(made, tree.Param)
    ]
    if rows:
        yield "## Parameters"
        yield "Set with `--param NAME=VALUE`."
        yield table(("name", "type", "default", ""), rows)


def _constants(made: _Page) -> Iterator[str]:
    rows = [(code(node.name.text), code(quoted(node.value)), made.docs[node.span]) for node in _of(made, tree.Const)]
    if rows:
        yield "## Constants"
        yield table(("name", "value", ""), rows)


def _types(made: _Page) -> Iterator[str]:
    rows = [(code(node.name.text), code(type_text(node.parent)), made.docs[node.span]) for node in _of(made, tree.Type)]
    if rows:
        yield "## Types"
        yield table(("name", "is a", ""), rows)


def _snapshots(made: _Page) -> Iterator[str]:
    yield from _settled(made, "Snapshots", _of(made, tree.Snapshot))


def _calendars(made: _Page) -> Iterator[str]:
    yield from _settled(made, "Calendars", _of(made, tree.Calendar))


def _pods(made: _Page) -> Iterator[str]:
    yield from _settled(made, "Pods", _of(made, tree.Pod))


def _services(made: _Page) -> Iterator[str]:
    yield from _settled(made, "Services", _of(made, tree.Service))


def _secrets(made: _Page) -> Iterator[str]:
    rows = [
        (code(node.name.text), code(node.name.text.upper()), made.docs[node.span]) for node in _of(made, tree.Secret)
    ]
    if rows:
        yield "## Secrets"
        yield "Told with `--secret NAME=env:VARIABLE` or `--secret NAME=file:PATH`."
        yield table(("name", "environment variable", ""), rows)


def _settled(
    made: _Page, title: str, nodes: list[tree.Snapshot] | list[tree.Calendar] | list[tree.Pod] | list[tree.Service]
) -> Iterator[str]:
    """Declarations that are all settings."""
    if nodes:
        yield f"## {title}"
    for node in nodes:
        yield from _headed(made, node, node.name)
        rows = [(code(what), value, meant) for what, value, meant in lines(node)]
        yield table(("setting", "", ""), rows) if rows else ""


def _stages(made: _Page) -> Iterator[str]:
    nodes = _of(made, tree.Stage)
    if nodes:
        yield "## Stages"
    for node in nodes:
        yield from _headed(made, node, node.name)
        rows = [
            (code(what), value, meant) for what, value, meant in stage_lines(node, made.typed.stages.get(node.name))
        ]
        yield table(("setting", "", ""), rows)


def _helpers(made: _Page) -> Iterator[str]:
    nodes = _of(made, tree.Helper)
    if nodes:
        yield "## Helpers"
        yield "Containers that run beside the stages of a `with`."
    for node in nodes:
        yield from _headed(made, node, node.name)
        rows = [
            (code(what), value, meant) for what, value, meant in helper_lines(node, made.typed.helpers.get(node.name))
        ]
        yield table(("setting", "", ""), rows)


def _flows(made: _Page) -> Iterator[str]:
    nodes = _of(made, tree.Flow)
    if nodes:
        yield "## Flows"
    for node in nodes:
        yield from _headed(made, node, node.name)
        typed = made.typed.flows.get(node.name)
        if typed is not None and is_entry(typed):
            yield f"Can be started: {code(f'podpipec run {made.path} --flow {node.name.text}')}"
        elif node.variables or any(isinstance(one.type, tree.Callable) for one in node.inputs):
            yield "A pattern: it is put in place where a flow calls it."
        else:
            yield "For other flows to call."


def _headed(made: _Page, node: tree.Declaration, name: tree.Name) -> Iterator[str]:
    yield f"### {code(name.text)}"
    yield fenced(signature(node))
    yield made.docs[node.span]


_SECTIONS: tuple[Callable[[_Page], Iterator[str]], ...] = (
    _uses,
    _parameters,
    _constants,
    _types,
    _calendars,
    _snapshots,
    _services,
    _secrets,
    _pods,
    _helpers,
    _stages,
    _flows,
)
