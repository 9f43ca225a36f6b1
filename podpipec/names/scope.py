"""What the names of a file stand for: its own declarations and those that it uses from other files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.builtin import CONSTANTS, CONTENTS, FUNCTIONS, HOLDING, SCALARS
from podpipec.names.loading import Program
from podpipec.source import Span
from podpipec.syntax import tree

Named = (
    tree.Snapshot
    | tree.Calendar
    | tree.Pod
    | tree.Stage
    | tree.Helper
    | tree.Service
    | tree.Secret
    | tree.Flow
    | tree.Param
    | tree.Const
    | tree.Type
)

#: What a kind of declaration is called.
KINDS: dict[type, str] = {
    tree.Snapshot: "snapshot",
    tree.Calendar: "calendar",
    tree.Pod: "pod",
    tree.Stage: "stage",
    tree.Helper: "helper",
    tree.Service: "service",
    tree.Secret: "secret",
    tree.Flow: "flow",
    tree.Param: "param",
    tree.Const: "const",
    tree.Type: "type",
}

_BUILTIN = frozenset((*CONTENTS, *HOLDING, *SCALARS, *CONSTANTS, *FUNCTIONS))

#: For each file, each name's declaration; a declaration's own file is in its span.
Scopes = Mapping[str, Mapping[str, Named]]

_Kind = TypeVar("_Kind", bound=Named)


def scopes(program: Program) -> tuple[Scopes, tuple[Diagnostic, ...]]:
    """The scope of every file."""
    found: list[Diagnostic] = []
    own = {path: _own(loaded.module, found) for path, loaded in program.files.items()}
    whole = {path: dict(names) for path, names in own.items()}
    for path, loaded in program.files.items():
        for use in loaded.module.declarations:
            if isinstance(use, tree.Use):
                _take(use, loaded.uses[use.module[0]], own, whole[path], found)
    return whole, tuple(found)


def _own(module: tree.Module, found: list[Diagnostic]) -> dict[str, Named]:
    names: dict[str, Named] = {}
    for declaration in module.declarations:
        if isinstance(declaration, tree.Use):
            continue
        name = declaration.name
        if name.text in _BUILTIN:
            found.append(
                error("N002", f"`{name.text}` is a name of the language", name.span, "cannot be declared again")
            )
        elif name.text in names:
            found.append(_twice(name, names[name.text].name.span))
        else:
            names[name.text] = declaration
    return names


def _twice(name: tree.Name, first: Span) -> Diagnostic:
    return error(
        "N002",
        f"`{name.text}` is declared twice",
        name.span,
        "declared again here",
        (first, "first declared here"),
        help="give one of them another name",
    )


def _take(
    use: tree.Use,
    target: str,
    own: Mapping[str, Mapping[str, Named]],
    scope: dict[str, Named],
    found: list[Diagnostic],
) -> None:
    if target not in own:
        return
    for name in use.names:
        declaration = own[target].get(name.text)
        if declaration is None:
            found.append(
                error(
                    "N001",
                    f"`{target}` declares no `{name.text}`",
                    name.span,
                    "not found there",
                    help=did_you_mean(name.text, own[target]),
                )
            )
        elif name.text in scope and scope[name.text] is not declaration:
            found.append(_twice(name, scope[name.text].name.span))
        else:
            scope[name.text] = declaration


def find(scopes: Scopes, name: tree.Name, kind: type[_Kind], found: list[Diagnostic]) -> _Kind | None:
    """The declaration of one kind that a name stands for; a diagnostic, and nothing, if there is none."""
    scope = scopes[name.span.path]
    declaration = scope.get(name.text)
    if isinstance(declaration, kind):
        return declaration
    wanted = KINDS[kind]
    if declaration is not None:
        found.append(
            error(
                "N003",
                f"`{name.text}` is a {KINDS[type(declaration)]}, not a {wanted}",
                name.span,
                f"a {wanted} is needed here",
                (declaration.name.span, "declared here"),
            )
        )
        return None
    candidates = [other for other, what in scope.items() if isinstance(what, kind)]
    found.append(
        error(
            "N001",
            f"unknown {wanted} `{name.text}`",
            name.span,
            "declared nowhere",
            help=did_you_mean(name.text, candidates) or _which(wanted, candidates),
        )
    )
    return None


def _which(wanted: str, candidates: list[str]) -> str:
    if not candidates:
        return f"declare it: `{wanted} …`, or `use` it from another file"
    return f"there is {', '.join(f'`{name}`' for name in sorted(candidates)[:5])}"
