"""Loops over lists, written out: `each`, `fold` and `cycle`."""

from __future__ import annotations

from fractions import Fraction

from podpipec_runtime.plan import types as plan
from tests.oracle import mixing
from tests.oracle.model import Scope
from tests.oracle.unrolling import Path, Unrolling, Value, shown


def each(of: Unrolling, step: plan.Each, path: Path, scope: Scope, part: Fraction) -> None:
    """A fan out: the body for each element, or group."""
    over = of.ref(step.over, path)
    fan = of.builder.open()
    items = of.elements(over)
    if step.group:
        items = tuple(one._replace(atoms=over.atoms) for one in _grouped(of, items, step))
    elements = []
    results: list[Value] = []
    for index, item in enumerate(items):
        inner = (*path, index)
        of.items[step.id, inner] = item
        within = (*scope, (fan, index))
        tasks = of.body(step.body, inner, within, part * item.part)
        elements.append(tasks or 1 << of.builder.task(shown(step.id, inner), within, 0, ()))
        results.append(of.ref(step.yields, inner)._replace(part=item.part))
    inside = 0
    for mask in elements:
        inside |= mask
    outside = over.there | of.after(step.after, path)
    for value in results:
        outside |= value.there & ~inside
    over_after = of.builder.close(fan, elements, step.width, outside)
    of.values[step.id, path] = {"": of.collected(tuple(results))._replace(there=over_after)}
    of.done[step.id, path] = over_after


def fold(of: Unrolling, step: plan.Fold, path: Path, scope: Scope, part: Fraction) -> None:
    """From the top: what covers so many elements is made of what covers parts of them."""
    over = of.ref(step.over, path)
    assert over.items is not None  # how many there are is known
    fan = of.builder.open()
    elements: list[int] = []

    def made(items: tuple[Value, ...]) -> Value:
        if len(items) == 1:
            return items[0]
        size = step.by
        while size * step.by < len(items):
            size *= step.by
        size = 1 if len(items) <= step.by else size
        members = tuple(made(items[at : at + size]) for at in range(0, len(items), size))
        inner, within = (*path, len(elements)), (*scope, (fan, len(elements)))
        elements.append(0)
        of.items[step.id, inner] = _joined(of, members)
        number = inner[-1]
        elements[number] = of.body(step.body, inner, within, part)
        given = of.ref(step.yields, inner)
        return given._replace(atoms=mixing.joined(given.atoms, over.atoms))

    value = made(over.items)
    inside = 0
    for mask in elements:
        inside |= mask
    outside = over.there | of.after(step.after, path)
    over_after = of.builder.close(fan, elements, step.width, outside, waiting=True)
    of.comes_to(step.id, "", path, value._replace(there=over_after))
    of.done[step.id, path] = over_after


def cycle(of: Unrolling, step: plan.Cycle, path: Path, scope: Scope, part: Fraction) -> None:
    """Elements in order, each with what the one before gave."""
    over = of.ref(step.over, path)
    fan = of.builder.open()
    carries = {carry.name: of.ref(carry.start, path) for carry in step.carries}
    outside = over.there | of.after(step.after, path)
    for value in carries.values():
        outside |= value.there
    looked_back = mixing.free(mixing.united((over.atoms, *(value.atoms for value in carries.values()))))
    elements: list[int] = []
    for index, item in enumerate(of.elements(over)):
        carries = {
            name: value._replace(atoms=mixing.joined(value.atoms, looked_back)) for name, value in carries.items()
        }
        inner, within = (*path, index), (*scope, (fan, index))
        of.items[step.id, inner] = item
        of.carried[step.id, inner] = carries
        tasks = of.body(step.body, inner, within, part * item.part)
        tasks = tasks or 1 << of.builder.task(shown(step.id, inner), within, 0, ())
        for value in carries.values():
            for leaf in value.leaves:
                of.until[leaf] = of.until.get(leaf, 0) | tasks
        elements.append(tasks)
        carries = {carry.name: of.ref(carry.gives, inner) for carry in step.carries}
    over_after = of.builder.close(fan, elements, step.depth, outside)
    for name, value in carries.items():
        atoms = mixing.joined(value.atoms, over.atoms)
        of.comes_to(step.id, name, path, value._replace(there=over_after, atoms=atoms))
    of.done[step.id, path] = over_after


def _grouped(of: Unrolling, items: tuple[Value, ...], step: plan.Each) -> tuple[Value, ...]:
    """The plan's bound of a group is that of the list as often as an element can be in a group."""
    groups = [items[at : at + step.group] for at in range(0, len(items), step.step)]
    often = -(-step.group // step.step)
    shared = any(item.part != 1 for item in items)
    made = [_joined(of, one) for one in groups if step.step == step.group or len(one) == step.group]
    return tuple(one._replace(part=one.part / often) if shared else one for one in made)


def _joined(of: Unrolling, items: tuple[Value, ...]) -> Value:
    """A group: it is there when its members are. Of a list that a stage made it has their parts of the bytes."""
    parts = any(item.part != 1 for item in items)
    return of.collected(items, sum((item.part for item in items), Fraction(0)) if parts else Fraction(1))
