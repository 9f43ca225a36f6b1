"""What is in a value: a content type, a scalar, or a list of such."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics import Diagnostic, did_you_mean, error
from podpipec.diagnostics.wording import a
from podpipec.names.builtin import CONTENTS, HOLDING, SCALARS
from podpipec.names.scope import Scopes
from podpipec.syntax import tree
from podpipec_runtime.tuples import NamedTuple


class Content(NamedTuple):
    """A nominal type: its name, its parents from the nearest, and how many times it is a list.

    `home` is the file that declares it, for two files may declare types of one name; the language's own have none.
    `arguments` are what a `Tree<T>`, `Graph<T>` or `Stream<T>` holds.
    """

    name: str
    parents: tuple[Content, ...] = ()
    lists: int = 0
    home: str = ""
    arguments: tuple[Content, ...] = ()

    @property
    def root(self) -> Content:
        """The type of the language that it is at bottom: of the user's types, what they are made from."""
        own = next((one for one in (self, *self.parents) if one.name in CONTENTS or one.name in HOLDING), self)
        return own._replace(lists=self.lists, arguments=tuple(one.root for one in own.arguments))

    @property
    def scalar(self) -> bool:
        """Whether it is a scalar, which is no file but a text in a command."""
        return self.name in SCALARS

    @property
    def live(self) -> bool:
        """Whether it is no value at all but a helper, which is there for as long as its `with`."""
        return HELPER in self.parents

    @property
    def stream(self) -> bool:
        """Whether it is a pipe: what goes from one stage to another while both run."""
        return "Stream" in [self.name, *[one.name for one in self.parents]]  # asked of each port of each call

    @property
    def transient(self) -> bool:
        """Whether it lies nowhere, and is there only while stages run: a helper, or a stream."""
        return self.live or self.stream

    @property
    def element(self) -> Content:
        """What a list of it holds."""
        return self._replace(lists=self.lists - 1)

    def held_in(self, name: str) -> Content | None:
        """What a value of it holds as a `Tree`, `Graph` or `Stream`; nothing if it is none, or a list."""
        own = next((one for one in (self, *self.parents) if one.name == name and one.arguments), None)
        return None if own is None or self.lists else own.arguments[0]

    def __str__(self) -> str:
        held = f"<{', '.join(map(str, self.arguments))}>" if self.arguments else ""
        return self.name + held + "[]" * self.lists


#: Parents of parents, and types in types: what is deeper was not written by a person.
_LONGEST = 60

#: Stands for what could not be found; it goes everywhere without a further word.
UNKNOWN = Content("?")


#: The parent of every helper: a container that stages reach while it runs.
HELPER = Content("a helper")


def helper_type(declared: tree.Name) -> Content:
    """The type of a helper, by the name that declares it."""
    return Content(declared.text, (HELPER,), home=declared.span.path)


def builtin(name: str) -> Content:
    """A content type or scalar of the language."""
    parent = CONTENTS.get(name)
    if parent is None:
        return Content(name)
    above = builtin(parent)
    return Content(name, (above, *above.parents))


def holding(name: str, held: Content) -> Content:
    """A `Tree`, `Graph` or `Stream` of what it holds."""
    parent = HOLDING[name]
    above = () if parent is None else (builtin(parent), *builtin(parent).parents)
    return Content(name, above, arguments=(held,))


def fits(given: Content, wanted: Content) -> bool:
    """Whether a value of one type may stand where another is asked for.

    Nobody writes to a value, so what holds a `Trades` may stand where what holds a `Csv` is asked for.
    """
    if UNKNOWN.name in (given.name, wanted.name):
        return True
    if given.lists != wanted.lists:
        return False
    if given.name == "Int" and wanted.name == "Float":
        return True
    same = _as(given, wanted)
    return same is not None and all(map(fits, same.arguments, wanted.arguments))


def _as(given: Content, wanted: Content) -> Content | None:
    """A type, or that one of its parents, which has the name of another."""
    for one in (given, *given.parents):
        if one.name == wanted.name and one.home == wanted.home:
            return one
    return None


def bind(wanted: Content, given: Content, bound: dict[str, Content], variables: frozenset[str]) -> bool:
    """Whether a given type fits a wanted one in which variables may stand; variables not yet bound are bound to fit."""
    if given.name == UNKNOWN.name:
        return True
    if wanted.name not in variables:
        same = _as(given, wanted) if wanted.arguments and given.lists == wanted.lists else None
        if same is None:
            return fits(given, wanted)
        return all(
            bind(ours, theirs, bound, variables) for ours, theirs in zip(wanted.arguments, same.arguments, strict=True)
        )
    if given.lists < wanted.lists or given.stream:
        return False
    if wanted.name not in bound:
        bound[wanted.name] = given._replace(lists=given.lists - wanted.lists)
        return True
    return fits(given, substituted(wanted, bound))


def unbound(content: Content, bound: Mapping[str, Content], variables: frozenset[str]) -> bool:
    """Whether a variable stands in a type of which it is not known yet what it stands for."""
    own = content.name in variables and content.name not in bound
    return own or any(unbound(one, bound, variables) for one in content.arguments)


def substituted(content: Content, bound: Mapping[str, Content]) -> Content:
    """A type with the variables replaced that are bound."""
    found = bound.get(content.name)
    if found is not None:
        return found._replace(lists=found.lists + content.lists)
    return content._replace(arguments=tuple(substituted(one, bound) for one in content.arguments))


class _Resolving(NamedTuple):
    """Where names are looked up, where messages go, which names are variables of a flow.

    What is written stands inside of what the types `inside` are made from, and in so many angle brackets.
    """

    scopes: Scopes
    found: list[Diagnostic]
    variables: frozenset[str]
    inside: tuple[tree.Type, ...] = ()
    depth: int = 0


def resolve(
    written: tree.TypeName, scopes: Scopes, found: list[Diagnostic], variables: frozenset[str] = frozenset()
) -> Content:
    """The type that is written; a diagnostic and the unknown type if there is none such. Variables are opaque."""
    return _resolved(written, _Resolving(scopes, found, variables))


def _resolved(written: tree.TypeName, work: _Resolving) -> Content:
    name = written.name.text
    if name in HOLDING and name not in work.variables:
        return _holding(written, work)
    if written.arguments:
        message = f"`{name}` takes no type in angle brackets"
        work.found.append(error("T001", message, written.span, "too much", help=f"write `{name}` alone"))
    if name in work.variables:
        return Content(name, lists=written.lists)
    if name in CONTENTS or name in SCALARS:
        return builtin(name)._replace(lists=written.lists)
    declared = work.scopes[written.span.path].get(name)
    if isinstance(declared, tree.Helper):
        return _helper(written, declared, work.found)
    chain = _chain(written, work)
    if not chain:
        return UNKNOWN
    root = chain[-1].parent
    if root.name.text not in CONTENTS and root.name.text not in HOLDING:
        return UNKNOWN
    content = _resolved(root, work._replace(variables=frozenset(), inside=(*work.inside, *chain)))._replace(lists=0)
    if content.name == UNKNOWN.name:
        return UNKNOWN
    for declaration in reversed(chain):
        content = Content(declaration.name.text, (content, *content.parents), home=declaration.span.path)
    return content._replace(lists=written.lists)


def _chain(written: tree.TypeName, work: _Resolving) -> list[tree.Type]:
    """The declarations from the type that is named to that which is made from one of the language, in turn."""
    name = written.name.text
    chain: list[tree.Type] = []
    scope = work.scopes[written.span.path]
    declared = scope.get(name)
    while isinstance(declared, tree.Type):
        if declared in (*work.inside, *chain):
            at = (*work.inside, *chain)[-1].parent.span
            what = "its own parent" if declared in chain else "made from itself"
            message = f"the type `{name}` is {what}"
            work.found.append(error("N007", message, at, "comes back to where it began"))
            return []
        if len(work.inside) + len(chain) >= _LONGEST:
            message = f"the type `{name}` has more than {_LONGEST} parents"
            work.found.append(error("P006", message, written.span, "too deep"))
            return []
        chain.append(declared)
        declared = work.scopes[declared.parent.span.path].get(declared.parent.name.text)
    if not chain:
        work.found.append(_unknown(written, scope))
    return chain


def _holding(written: tree.TypeName, work: _Resolving) -> Content:
    """`Tree<T>`, `Graph<T>` or `Stream<T>`."""
    name = written.name.text
    if len(written.arguments) != 1:
        message = f"what does this `{name}` hold?" if not written.arguments else f"a `{name}` holds one kind of value"
        label = "it does not say" if not written.arguments else "more than one"
        work.found.append(error("T001", message, written.span, label, help=f"write it like `{name}<Parquet>`"))
        return UNKNOWN
    if work.depth >= _LONGEST:
        work.found.append(error("P006", f"types are nested more than {_LONGEST} deep", written.span, "too deep"))
        return UNKNOWN
    held = _resolved(written.arguments[0], work._replace(depth=work.depth + 1))
    if held.lists or held.root.name == "Stream":
        at = written.arguments[0].span
        message = f"`{name}` cannot be of {a(f'`{held}`')}"
        work.found.append(error("T001", message, at, "no one value", help="it holds files, folders or scalars"))
        return UNKNOWN
    return holding(name, held)._replace(lists=written.lists)


def _helper(written: tree.TypeName, declared: tree.Helper, found: list[Diagnostic]) -> Content:
    if written.lists:
        found.append(
            error(
                "T001",
                f"`{declared.name.text}` is a helper, and there is no list of helpers",
                written.span,
                "a container, not a value",
                (declared.name.span, "declared here"),
                help="take the `[]` away: a `with` starts one helper",
            )
        )
    return helper_type(declared.name)


def _unknown(written: tree.TypeName, scope: Mapping[str, object]) -> Diagnostic:
    name = written.name.text
    types = [other for other, what in scope.items() if isinstance(what, tree.Type)]
    return error(
        "N001",
        f"unknown type `{name}`",
        written.name.span,
        "declared nowhere",
        help=did_you_mean(name, (*CONTENTS, *HOLDING, *SCALARS, *types)) or f"declare it: `type {name} = File`",
    )


def check_declaration(declared: tree.Type, scopes: Scopes, found: list[Diagnostic]) -> None:
    """A `type` must have a content type as its parent."""
    parent = resolve(declared.parent, scopes, found)
    if parent.scalar or parent.lists or parent.live:
        found.append(
            error(
                "T001",
                f"a type of your own cannot be made from `{parent}`",
                declared.parent.span,
                "not a content type",
                help="name a content type such as `Parquet`, `Csv` or `Dir`",
            )
        )
