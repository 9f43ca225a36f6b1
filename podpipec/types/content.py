"""What is in a value: a content type, a scalar, or a list of such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.names.builtin import CONTENTS, SCALARS
from podpipec.names.scope import Scopes
from podpipec.syntax import tree


class Content(NamedTuple):
    """A nominal type: its name, its parents from the nearest, and how many times it is a list.

    `home` is the file that declares it, for two files may declare types of one name; the language's own have none.
    """

    name: str
    parents: tuple[Content, ...] = ()
    lists: int = 0
    home: str = ""

    @property
    def root(self) -> str:
        """The type of the language that it is at bottom: of the user's types, what they are made from."""
        names = (self.name, *(parent.name for parent in self.parents))
        return next((name for name in names if name in CONTENTS), self.name)

    @property
    def scalar(self) -> bool:
        """Whether it is a scalar, which is no file but a text in a command."""
        return self.name in SCALARS

    @property
    def element(self) -> Content:
        """What a list of it holds."""
        return self._replace(lists=self.lists - 1)

    def __str__(self) -> str:
        return self.name + "[]" * self.lists


#: Parents of parents: what is deeper was not written by a person.
_LONGEST = 60

#: Stands for what could not be found; it goes everywhere without a further word.
UNKNOWN = Content("?")


def builtin(name: str) -> Content:
    """A content type or scalar of the language."""
    parent = CONTENTS.get(name)
    if parent is None:
        return Content(name)
    above = builtin(parent)
    return Content(name, (above, *above.parents))


def fits(given: Content, wanted: Content) -> bool:
    """Whether a value of one type may stand where another is asked for."""
    if UNKNOWN.name in (given.name, wanted.name):
        return True
    if given.lists != wanted.lists:
        return False
    if given.name == "Int" and wanted.name == "Float":
        return True
    kind = wanted._replace(lists=0)
    return given._replace(lists=0) == kind or kind in given.parents


def resolve(
    written: tree.TypeName, scopes: Scopes, found: list[Diagnostic], variables: frozenset[str] = frozenset()
) -> Content:
    """The type that is written; a diagnostic and the unknown type if there is none such. Variables are opaque."""
    name = written.name.text
    if name in variables:
        return Content(name, lists=written.lists)
    if name in CONTENTS or name in SCALARS:
        return builtin(name)._replace(lists=written.lists)
    chain: list[tree.Type] = []
    scope = scopes[written.span.path]
    declared = scope.get(name)
    while isinstance(declared, tree.Type):
        if declared in chain:
            at = chain[-1].parent.span
            found.append(error("N007", f"the type `{name}` is its own parent", at, "comes back to where it began"))
            return UNKNOWN
        if len(chain) >= _LONGEST:
            found.append(error("P006", f"the type `{name}` has more than {_LONGEST} parents", written.span, "too deep"))
            return UNKNOWN
        chain.append(declared)
        declared = scopes[declared.parent.span.path].get(declared.parent.name.text)
    if not chain:
        found.append(_unknown(written, scope))
        return UNKNOWN
    root = chain[-1].parent.name.text
    if root not in CONTENTS:
        return UNKNOWN
    content = builtin(root)
    for declaration in reversed(chain):
        content = Content(declaration.name.text, (content, *content.parents), home=declaration.span.path)
    return content._replace(lists=written.lists)


def _unknown(written: tree.TypeName, scope: Mapping[str, object]) -> Diagnostic:
    name = written.name.text
    types = [other for other, what in scope.items() if isinstance(what, tree.Type)]
    return error(
        "N001",
        f"unknown type `{name}`",
        written.name.span,
        "declared nowhere",
        help=did_you_mean(name, (*CONTENTS, *SCALARS, *types)) or f"declare it: `type {name} = File`",
    )


def bind(wanted: Content, given: Content, bound: dict[str, Content], variables: frozenset[str]) -> bool:
    """Whether a given type fits a wanted one in which variables may stand; variables not yet bound are bound to fit."""
    if wanted.name not in variables or given.name == UNKNOWN.name:
        return fits(given, wanted) if wanted.name not in variables else True
    if given.lists < wanted.lists:
        return False
    if wanted.name not in bound:
        bound[wanted.name] = given._replace(lists=given.lists - wanted.lists)
        return True
    return fits(given, substituted(wanted, bound))


def substituted(content: Content, bound: Mapping[str, Content]) -> Content:
    """A type with the variables replaced that are bound."""
    found = bound.get(content.name)
    return content if found is None else found._replace(lists=found.lists + content.lists)


def check_declaration(declared: tree.Type, scopes: Scopes, found: list[Diagnostic]) -> None:
    """A `type` must have a content type as its parent."""
    parent = resolve(declared.parent, scopes, found)
    if parent.scalar or parent.lists:
        found.append(
            error(
                "T001",
                f"a type of your own cannot be made from `{parent}`",
                declared.parent.span,
                "not a content type",
                help="name a content type such as `Parquet`, `Csv` or `Dir`",
            )
        )
