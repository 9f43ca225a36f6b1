"""What loops over lists mean that hand something on: groups of neighbours, folds, cycles with their carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from podpipec.syntax import tree
from tests.oracle.model import Scope
from tests.oracle.owning import parts_of
from tests.oracle.things import CARRIED, Atom, Thing, chosen, from_shards, joined, list_of, shakiest

if TYPE_CHECKING:
    from tests.oracle.meaning import Env, _Reader


def grouped(reader: _Reader, over: Thing, items: Sequence[Thing], each: tree.Each, env: Env) -> tuple[Thing, ...]:
    """Neighbours, so many at a time: each group is a fan in of what the whole list is of."""
    assert each.by is not None
    size = reader.number(each.by, env)
    step = size if each.step is None else reader.number(each.step, env)
    members = [reader.element(one, over) for one in items]
    groups = [tuple(members[at : at + size]) for at in range(0, len(members), step)]
    full = [one for one in groups if step == size or len(one) == size]
    reader.rough = reader.rough or len({len(one) for one in full}) > 1  # all are counted as if they were full
    groups_ = (list_of(one, _there(one)) for one in full)
    return tuple(one._replace(atoms=over.atoms, seen=step < size, of_shards=over.of_shards) for one in groups_)


def _there(things: Sequence[Thing]) -> int:
    there = 0
    for thing in things:
        there |= thing.there
    return there


def _items(reader: _Reader, over: Thing) -> tuple[Thing, ...]:
    return tuple(reader.parts(over)) if over.items is None else over.items


# --- fold ---


class _Node(NamedTuple):
    """An element of the list, or a group of what is below it."""

    leaf: int = -1
    members: tuple[_Node, ...] = ()


def _top(count: int, by: int) -> _Node:
    """Level by level; what is left over alone goes up as it is."""
    row = [_Node(leaf) for leaf in range(count)]
    while len(row) > 1:
        groups = [tuple(row[at : at + by]) for at in range(0, len(row), by)]
        row = [group[0] if len(group) == 1 else _Node(members=group) for group in groups]
    return row[0]


class _Folding:
    """A fold in the making: each group comes right behind all that it is made of."""

    def __init__(self, reader: _Reader, written: tree.Fold, over: Thing, env: Env, scope: Scope) -> None:
        self.reader, self.written, self.over, self.env, self.scope = reader, written, over, env, scope
        self.items = _items(reader, over)
        self.fan = reader.builder.open()
        self.elements: list[int] = []
        self.made: list[Thing] = []

    def value(self, node: _Node) -> Thing:
        """What a node comes to."""
        if not node.members:
            return self.items[node.leaf]
        things = [self.value(one) for one in node.members]
        before = len(self.reader.builder.tasks)
        within = (*self.scope, (self.fan, len(self.elements)))
        with self.reader.within(Thing()):
            self.made.append(self.reader._body(self.written.body, self.given(things), within))
        self.reader.notes.owning.handed.append((within, parts_of(self.made[-1])))
        self.elements.append(self.reader.tasks_since(before, within))
        return self.made[-1]

    def given(self, things: Sequence[Thing]) -> Env:
        """What the body sees."""
        group = joined(things, _there(things), self.reader.period)
        group = group._replace(seen=True, of_shards=self.over.of_shards, shaky=shakiest([group, self.over]))
        return {**self.env, self.written.item.text: group}

    def check_bounds(self, by: int) -> None:
        """What a group comes to must not grow from level to level: it has a bound that holds for all of them."""
        largest = max((one.bytes or Fraction(0) for one in self.items), default=Fraction(0))
        for last in (False, True):
            members = [one._replace(bytes=largest) for one in self.items[:by]]
            made = self.reader.tried(self.written.body, self.given(members), (*self.scope, (self.fan, 0))).bytes
            if made is None or made <= largest:
                return
            if last:
                self.reader.bounded = False
            largest = made


def fold(reader: _Reader, written: tree.Fold, after: int, env: Env, scope: Scope) -> Thing:
    """What groups come to is held until all is over."""
    over, builder = reader._thing(written.over, env), reader.builder
    reader.bounded = reader.bounded and over.items is not None
    by = reader.number(written.by, env)
    folding = _Folding(reader, written, over, env, scope)
    items = folding.items
    folding.check_bounds(by)
    result = folding.value(_top(len(items), by))
    sizes = {one.bytes for one in (*items, *folding.made)}
    if len(sizes) > 1:
        reader.rough = True  # one bound is counted for elements, and what groups come to
    inside = sum(folding.elements)
    outside = over.there | after
    for one in folding.made:
        outside |= one.there & ~inside
    width = max(1, min(reader.slots, len(folding.elements)))
    done = builder.close(folding.fan, folding.elements, width, outside, waiting=True)
    for one in (over, *folding.made):
        builder.held(one.leaves, scope, folding.fan)
    reader.notes.owning.over.append((scope, folding.fan, parts_of(over)))
    _on_one_place(reader, (*items, *folding.made), "a `fold`")
    shaky = reader.outside(result, over)
    result = result._replace(there=done, step=done, block=folding.fan, only=-1)
    return result._replace(shaky=shaky, of_shards=from_shards(over))


def _on_one_place(reader: _Reader, things: Sequence[Thing], what: str) -> None:
    places = {reader.builder.leaves[leaf].place for thing in things for leaf in thing.leaves}
    if len(places) > 1:
        reader.broken.setdefault("L4", f"{what} has values on {' and '.join(sorted(places))}")


# --- cycle ---


def prior(name: str) -> str:
    """What the element before handed on is called: on the right side of its line it has the name itself."""
    return f"carry {name}"


def cycle(reader: _Reader, written: tree.Cycle, after: int, env: Env, scope: Scope) -> Thing:
    """Elements in order, each given what the one before handed on, which is there until the next is over."""
    over, builder = reader._thing(written.over, env), reader.builder
    items = _items(reader, over)
    depth = 1 if written.depth is None else reader.number(written.depth, env)
    fan = builder.open()
    if over.many:  # it may be empty
        reader.cycles.add(fan)
    items = chosen(items, fan)
    lines = [line for line in written.body if isinstance(line, tree.Flowing)]
    carried = {line.name.text: reader._thing(line.start, env) for line in lines if line.start is not None}
    starts = tuple(carried.values())
    bounds = _bounds(reader, written, over, carried, env, (*scope, (fan, 0)))
    elements: list[int] = []
    outer = frozenset(number for number, _ in scope)
    for index, item in enumerate(items):
        before, within = len(builder.tasks), (*scope, (fan, index))
        for thing in carried.values():
            builder.until_over(thing.leaves, within)
        given = {name: _seen(thing, fan, outer)._replace(bytes=bounds[name]) for name, thing in carried.items()}
        given = {name: thing._replace(shaky=shakiest([thing, over])) for name, thing in given.items()}
        inner = {**reader.around(env, over), written.item.text: reader.element(item, over)}
        inner |= {prior(name): thing for name, thing in given.items()}
        with reader.within(over):
            reader._body(written.body, inner, within)
        elements.append(reader.tasks_since(before, within))
        reader.notes.owning.handed += (
            (within, parts_of(thing)) for line in lines if isinstance(thing := inner[line.name.text], Thing)
        )
        made = {line.name.text: inner[line.name.text] for line in lines}
        carried = {name: thing for name, thing in made.items() if isinstance(thing, Thing)}
        _on_one_place(reader, (*starts, *carried.values()), "what is carried")
        reader.rough = reader.rough or any(thing.bytes != bounds[name] for name, thing in carried.items())
    reader.rough = reader.rough or {one.bytes for one in starts} != set(bounds.values())
    reader.rough = reader.rough or depth > 1 or len(carried) > 1  # counted as if each element made all at once
    outside = over.there | after
    for thing in starts:
        outside |= thing.there
    width = depth if over.many else max(1, min(depth, len(items)))
    done = builder.close(fan, elements, width, outside)
    builder.held(over.leaves, scope, fan)
    reader.notes.owning.over.append((scope, fan, parts_of(over)))
    values = {}
    for name, thing in carried.items():
        builder.held(thing.leaves, scope, fan)
        last = _last(reader, thing, fan, outer)._replace(bytes=bounds[name], there=done, step=done, block=fan)
        values[name] = last._replace(shaky=reader.outside(thing, over, *starts), of_shards=from_shards(over))
    return next(iter(values.values())) if len(values) == 1 else Thing(fields=values, step=done, there=done)


def _bounds(
    reader: _Reader, written: tree.Cycle, over: Thing, starts: Mapping[str, Thing], env: Env, scope: Scope
) -> dict[str, Fraction | None]:
    """How large what is carried can be at any element: what holds for the next if it holds for the one before."""
    bounds = {name: thing.bytes for name, thing in starts.items()}
    item = over._replace(items=None) if over.items is None else over.items[0]
    for _ in range(len(bounds) + 2):
        given = {prior(name): thing._replace(bytes=bounds[name], atoms=frozenset()) for name, thing in starts.items()}
        inner = {**env, written.item.text: item, **given}
        reader.tried(written.body, inner, scope)
        made = {name: inner[name] for name in bounds}
        larger = {name: _larger(bounds[name], made[name]) for name in bounds}
        if larger == bounds:
            return bounds
        bounds = larger
    reader.bounded = False
    return bounds


def _larger(bound: Fraction | None, made: object) -> Fraction | None:
    assert isinstance(made, Thing)
    return None if bound is None or made.bytes is None else max(bound, made.bytes)


def _seen(thing: Thing, fan: int, outer: frozenset[int]) -> Thing:
    """What comes by a carry meets any window, and any shard, but for those of loops around."""
    return thing._replace(atoms=frozenset(_passed(atom, fan, outer, CARRIED) for atom in thing.atoms), seen=True)


def _last(reader: _Reader, thing: Thing, fan: int, outer: frozenset[int]) -> Thing:
    """What a cycle comes to is joined over all that it went over."""
    atoms = frozenset(_passed(atom, fan, outer, reader.period) for atom in thing.atoms)
    return thing._replace(atoms=atoms, seen=False)


def _passed(atom: Atom, fan: int, outer: frozenset[int], window: tuple[str, object]) -> Atom:
    if atom.window is not None and atom.window_by not in outer:
        atom = atom._replace(window=window, window_by=-1)
    return atom._replace(shard=None, shard_by=-1) if atom.shard_by == fan else atom
