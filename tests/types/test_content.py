"""What may stand where: `fits` is a partial order of nominal types."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.names.builtin import CONTENTS, HOLDING, SCALARS
from podpipec.names.scope import Named
from podpipec.source import Source
from podpipec.syntax import parse, tree
from podpipec.types.content import UNKNOWN, Content, bind, builtin, fits, holding, resolve, substituted, unbound
from tests.types.programs import codes

QUICK = settings(max_examples=300, deadline=None, derandomize=True)


def declared(parents: list[str]) -> dict[str, Content]:
    """The types of a program in which each `T…` has a parent that is built in or a `T…` before it."""
    text = "".join(f"type T{number} = {parent}\n" for number, parent in enumerate(parents))
    module = parse(Source("x.flow", text)).module
    names: dict[str, Named] = {one.name.text: one for one in module.declarations if isinstance(one, tree.Type)}
    found: list[Diagnostic] = []
    types = {}
    for name in names:
        probe = parse(Source("x.flow", f"type probe = {name}")).module.declarations[0]
        assert isinstance(probe, tree.Type)
        types[name] = resolve(probe.parent, {"x.flow": names}, found)
    assert not found
    return types


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[str], list[Content]]:
    """Parents of random types, and all types with those of the language, as files and as lists."""
    parents: list[str] = []
    for number in range(draw(st.integers(0, 6))):
        parents.append(draw(st.sampled_from([*CONTENTS, *(f"T{one}" for one in range(number))])))
    plain = [*declared(parents).values(), *(builtin(name) for name in (*CONTENTS, *SCALARS))]
    return parents, [one._replace(lists=lists) for one in plain for lists in (0, 1)]


def is_below(name: str, other: str, parents: list[str]) -> bool:
    """By walking up, one parent at a time."""
    here: str | None = name
    while here is not None:
        if here == other:
            return True
        here = parents[int(here[1:])] if here.startswith("T") and here[1:].isdigit() else CONTENTS.get(here)
    return (name, other) == ("Int", "Float")


@given(worlds(), st.data())
@QUICK
def test_fits_is_being_below(world: tuple[list[str], list[Content]], data: st.DataObject) -> None:
    parents, types = world
    one, other = data.draw(st.sampled_from(types)), data.draw(st.sampled_from(types))
    assert fits(one, other) == (one.lists == other.lists and is_below(one.name, other.name, parents))


@given(worlds(), st.data())
@QUICK
def test_fits_is_a_partial_order(world: tuple[list[str], list[Content]], data: st.DataObject) -> None:
    _, types = world
    a, b, c = (data.draw(st.sampled_from(types)) for _ in range(3))
    assert fits(a, a)
    assert not (fits(a, b) and fits(b, a)) or a == b
    assert not (fits(a, b) and fits(b, c)) or fits(a, c)


@given(worlds(), st.data())
@QUICK
def test_what_holds_fits_as_what_it_holds_does(world: tuple[list[str], list[Content]], data: st.DataObject) -> None:
    _, types = world
    plain = [one for one in types if not one.lists]
    a, b = (data.draw(st.sampled_from(plain)) for _ in range(2))
    for name in HOLDING:
        assert fits(holding(name, a), holding(name, b)) == fits(a, b)
        assert not any(fits(holding(name, a), holding(other, b)) for other in HOLDING if other != name)
        assert fits(holding(name, a), builtin("Dir")) == (name != "Stream")
        assert not fits(builtin("Dir"), holding(name, a)) and not fits(holding(name, a), b._replace(lists=1))


def test_a_type_of_the_users_is_what_it_is_made_from() -> None:
    names = {
        one.name.text: one for one in parse(Source("x.flow", BOOKS)).module.declarations if isinstance(one, tree.Type)
    }
    found: list[Diagnostic] = []
    book, desks, plain = (resolve(names[name].parent, {"x.flow": dict(names)}, found) for name in ("B2", "T2", "T3"))
    assert not found
    assert fits(book, desks) and not fits(desks, book) and fits(book, plain) and not fits(plain, book)
    assert book.held_in("Tree") == desks.arguments[0] and book.held_in("Graph") is None
    assert (str(book), str(desks), str(book.root)) == ("Book", "Tree<Desk>", "Tree<Csv>")


BOOKS = """
type Desk = Csv
type Book = Tree<Desk>
type B2   = Book
type T2   = Tree<Desk>
type T3   = Tree<File>
"""


VARIABLES = frozenset(("T", "U"))


@pytest.mark.parametrize("given_, stands_for", [("Csv", "Csv"), ("Tree<Csv>", "Tree<Csv>")])
def test_variables_are_bound_inside_of_what_holds_them(given_: str, stands_for: str) -> None:
    content = builtin("Csv") if given_ == "Csv" else holding("Tree", builtin("Csv"))
    bound: dict[str, Content] = {}
    wanted = holding("Graph", Content("T"))
    assert unbound(wanted, bound, VARIABLES)
    assert bind(wanted, holding("Graph", content), bound, VARIABLES)
    assert str(bound["T"]) == stands_for and str(substituted(wanted, bound)) == f"Graph<{stands_for}>"
    assert not unbound(wanted, bound, VARIABLES)
    assert not bind(wanted, holding("Graph", builtin("Json")), bound, VARIABLES)
    assert not bind(wanted, holding("Tree", content), {}, VARIABLES)


@given(worlds(), st.data())
@QUICK
def test_what_could_not_be_found_goes_everywhere(world: tuple[list[str], list[Content]], data: st.DataObject) -> None:
    some = data.draw(st.sampled_from(world[1]))
    assert fits(UNKNOWN, some) and fits(some, UNKNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type A = Csv\ntype B = A\n", []),
        ("type A = A\n", ["N007"]),
        ("type A = B\ntype B = A\n", ["N007", "N007"]),
        ("type A = Cvs\n", ["N001"]),
        ("type A = Tree<B>\ntype B = Graph<Int>\n", []),
        ("type A = Tree<A>\n", ["N007"]),
        ("type A = Tree<B>\ntype B = Graph<A>\n", ["N007", "N007"]),
        ("type A = Tree\n", ["T001"]),
        ("type A = Tree<Csv, Csv>\n", ["T001"]),
        ("type A = Tree<Csv[]>\n", ["T001"]),
        ("type A = Csv<Csv>\n", ["T001"]),
        ("type A = Tree<Csv>[]\n", ["T001"]),
        ("type A = Tree<Cvs>\ntype B = A\n", ["N001"]),
        ("type Graph = Dir\n", ["N002"]),
        ("type A = Int\n", ["T001"]),
        ("type A = Csv[]\n", ["T001"]),
        ("type Csv = File\n", ["N002"]),
        ("type A = Csv\ntype A = Text\n", ["N002"]),
        ("const A = 1\ntype B = A\n", ["N001"]),
        ("use other { A }\ntype B = A\n", []),
        ("use other { Z }\n", ["N001"]),
    ],
)
def test_declarations_of_types(text: str, expected: list[str]) -> None:
    assert codes(text, other="type A = Csv\n") == expected
