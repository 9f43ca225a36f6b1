"""What a program says of a value itself: `x: Parquet in node of { ticks } stable shared = …`.

Content is checked here, where it is known; the rest where a flow is followed to its end (`graph.said`). A place that
tells nobody where to write is taken as a claim.
"""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.scope import KINDS, Scopes
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, fits, resolve
from podpipec.types.declarations import Place
from podpipec.types.flow_scope import NOTHING
from podpipec.types.flow_steps.context import Work
from podpipec.types.typed import CallStep, Claim, GivenStep, Said, Step, Value

#: Words that exclude each other: a value has one of each.
_STABILITY = ("stable", "unstable")
_SHARING = ("shared", "owned", "guarded", "live")


def annotated(let: tree.Let, given: Value, place: Place | None, made: Sequence[Step], work: Work) -> None:
    """What a line says of the value that it names; `made` are the steps that it became."""
    if let.type is not None:
        _content(let.type, given, let.value.span, work)
    if place is not None and given.origin is not None and not given.content.scalar:
        last = made[-1] if made else None
        if last is not None and not isinstance(last, CallStep | GivenStep):
            work.claims.append(Claim(given, place, let.name.text, let.span))
    said(let.name.text, given, let.traits, work.said, work.declared.scopes, work.found)


def said(
    name: str,
    value: Value,
    traits: tree.Traits | None,
    noted: list[Said],
    scopes: Scopes,
    found: list[Diagnostic],
) -> None:
    """Note what is said of a value's origin, stability and sharing, as far as it can be meant."""
    if traits is None:
        return
    before = len(found)
    seen: set[str] = set()
    for snapshot in traits.origin or ():
        _snapshot(snapshot, snapshot.text in seen, scopes, found)
        seen.add(snapshot.text)
    for group in (_STABILITY, _SHARING):
        words = [word for word in traits.words if word.text in group]
        if len(words) > 1:
            found.append(
                error(
                    "N002",
                    f"a value is one of {', '.join(f'`{word}`' for word in group)}",
                    words[1].span,
                    "and this is said, too",
                    (words[0].span, "said first"),
                    help="take one of them away",
                )
            )
    if len(found) == before and value.origin is not None:
        noted.append(Said(value, name, traits))


def _snapshot(name: tree.Name, again: bool, scopes: Scopes, found: list[Diagnostic]) -> None:
    scope = scopes[name.span.path]
    declared = scope.get(name.text)
    if declared is None:
        snapshots = [other for other, what in scope.items() if isinstance(what, tree.Snapshot)]
        help_ = did_you_mean(name.text, snapshots)
        found.append(error("N001", f"unknown snapshot `{name.text}`", name.span, "declared nowhere", help=help_))
    elif not isinstance(declared, tree.Snapshot):
        message = f"`{name.text}` is {a(KINDS[type(declared)])}, and values are derived from snapshots"
        found.append(error("N003", message, name.span, "no snapshot", (declared.name.span, "declared here")))
    elif again:
        found.append(error("N002", f"`{name.text}` is there twice", name.span, "again here", help="name it once"))


def _content(written: tree.TypeName, given: Value, at: Span, work: Work) -> None:
    content = resolve(written, work.declared.scopes, work.found, work.variables)
    if given.content is NOTHING:
        work.found.append(
            error("T001", f"this gives no value, and is said to be {a(f'`{content}`')}", at, "", (written.span, "said"))
        )
    elif given.fields is not None:
        work.values.single(given, at)
    elif UNKNOWN not in (content, given.content) and not fits(given.content, content):
        work.found.append(
            error(
                "T001",
                f"this is said to be {a(f'`{content}`')}, and is {a(f'`{given.content}`')}",
                written.span,
                "said here",
                (given.span, f"gives {a(f'`{given.content}`')}"),
                help=f"write `: {given.content}`, or let it go",
            )
        )
