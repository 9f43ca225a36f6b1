"""What the steps of a body wait for, and whether that goes in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podpipec_runtime.plan.types import (
    Branch,
    Call,
    CarryRef,
    Close,
    Compare,
    Condition,
    ConstantRef,
    Cycle,
    Each,
    Execute,
    Fallback,
    Fold,
    HelperRef,
    If,
    InputRef,
    ItemRef,
    Keep,
    Loop,
    Move,
    Not,
    Open,
    Operand,
    Ordered,
    Pin,
    Ref,
    ShardsRef,
    Step,
    StepRef,
    StreamRef,
    TextRef,
    Truth,
    Unit,
    ValuePart,
    Walk,
    WindowsRef,
)


def refs(step: Step) -> Iterator[Ref]:
    """Every reference that `step` itself makes, those of a body left out."""
    for ref in _refs(step):
        yield ref
        if isinstance(ref, TextRef):
            yield from (part.value for part in ref.parts if isinstance(part, ValuePart))


def _refs(step: Step) -> Iterator[Ref]:
    match step:
        case Fallback():
            yield from step.args.values()
            for other in step.otherwise:
                yield from other.args.values()
        case Call() | Unit():
            yield from step.args.values()
        case Each() | Fold():
            yield step.over
            yield step.yields
        case Cycle():
            yield step.over
            for carry in step.carries:
                yield carry.start
                yield carry.gives
        case Execute():
            yield step.flow
            yield from step.args.values()
        case Ordered():
            yield step.over
            yield step.yields
        case Walk():
            yield step.over
            for down in step.downs:
                yield from (down.start, down.value)
            yield from (up.value for up in step.ups)
        case Keep() | Move() | Pin():
            yield step.value
        case Open():
            yield from step.args.values()
        case Close():
            pass
        case If():
            yield from (operand.value for operand in operands(step.condition))
            yield from (branch.yields for branch in branches(step) if branch.yields is not None)


def operands(condition: Condition) -> Iterator[Operand]:
    """The scalars that a condition looks at."""
    match condition:
        case Compare():
            yield condition.left
            yield condition.right
        case Truth():
            yield Operand(value=condition.value, type="Bool")
        case Not():
            yield from operands(condition.of)
        case _:
            for each in condition.of:
                yield from operands(each)


def branches(step: If) -> tuple[Branch, Branch]:
    """Both ways that a choice can go, the one for a condition that holds first."""
    return step.then, step.otherwise


def bodies(step: Step) -> tuple[tuple[Step, ...], ...]:
    """The bodies that a step has."""
    match step:
        case Each() | Fold() | Cycle() | Walk() | Ordered():
            return (step.body,)
        case If():
            return tuple(branch.steps for branch in branches(step))
        case _:
            return ()


def within(step: Step) -> Iterator[Step]:
    """`step` and every step of the bodies in it, in the order of the plan."""
    stack: list[Step] = [step]
    while stack:
        each = stack.pop()
        yield each
        for body in reversed(bodies(each)):
            stack.extend(reversed(body))


def needed(step: Step) -> tuple[str, ...]:
    """The ids of the steps outside of `step` that must be done before it starts, each once.

    A loop starts when everything that its body refers to outside of it is there, and a loop
    whose element a body uses counts as part of the step that it is around.
    """
    inside = {each.id for each in within(step)} - {step.id}
    found: dict[str, None] = {}
    for each in within(step):
        for ref in refs(each):
            if isinstance(ref, StepRef | HelperRef) and ref.step not in inside:
                found[ref.step] = None
        for name in each.after:
            if name not in inside:
                found[name] = None
    return tuple(found)


def outside(loop: Loop) -> tuple[Ref, ...]:
    """What steps of a loop and its body read from outside of it, each once; text and constants left out. What a choice
    or an `each` in it only hands on counts where somebody in it reads that."""
    inside = {each.id: each for each in within(loop)}
    found: dict[Ref, None] = {}
    seen: set[str] = set()
    left = [ref for each in inside.values() for ref in refs(each) if ref not in _hands_on(each) or ref in _reads(each)]
    for ref in left:  # it grows
        match ref:
            case StepRef(step=of) | ItemRef(each=of) | CarryRef(cycle=of):
                if of not in inside:
                    found[ref] = None
                elif isinstance(ref, StepRef) and of not in seen:
                    seen.add(of)
                    left += _hands_on(inside[of])
            case InputRef() | ShardsRef() | WindowsRef():
                found[ref] = None
            case ConstantRef() | TextRef():
                pass
    return tuple(found)


def _hands_on(step: Step) -> tuple[Ref, ...]:
    """What a step has as its own value without reading it."""
    match step:
        case Each():
            return (step.yields,)
        case If():
            return tuple(branch.yields for branch in branches(step) if branch.yields is not None)
        case _:
            return ()


def _reads(step: Step) -> tuple[Ref, ...]:
    """What a step reads beside what it hands on."""
    match step:
        case Each():
            return (step.over,)
        case If():
            return tuple(operand.value for operand in operands(step.condition))
        case _:
            return ()


def siblings(body: tuple[Step, ...]) -> Mapping[str, tuple[str, ...]]:
    """For each step of `body`, which other steps of it must be done before it starts.

    Calls that are joined by streams wait for all that any of them waits for, and who waits for one waits for all.
    """
    ids = {step.id for step in body}
    before = {step.id: tuple(name for name in needed(step) if name in ids) for step in body}
    joined = chains(body)
    if not joined:
        return before
    return {
        name: tuple(
            dict.fromkeys(
                each
                for member in joined.get(name, (name,))
                for wanted in before[member]
                for each in joined.get(wanted, (wanted,))
                # one that waits for its own chain does so in a circle, and is left so for all to see
                if each == wanted or each not in joined.get(name, ())
            )
        )
        for name in before
    }


def chains(body: tuple[Step, ...]) -> Mapping[str, tuple[str, ...]]:
    """For each call of a body that is joined to others by streams: all of them, itself too, in the body's order."""
    ids = {step.id for step in body}
    first = {name: name for name in ids}

    def root(name: str) -> str:
        while first[name] != name:
            name = first[name]
        return name

    for step in body:
        for ref in refs(step):
            if isinstance(ref, StreamRef) and ref.step in ids:
                first[root(step.id)] = root(ref.step)
    found: dict[str, list[str]] = {}
    for step in body:
        found.setdefault(root(step.id), []).append(step.id)
    return {name: tuple(names) for names in found.values() if len(names) > 1 for name in names}


def cycle(before: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Names that wait for each other in a circle, first and last the same; empty if there is none."""
    state: dict[str, int] = {}  # 1: on the way, 2: done
    for root in before:
        if root in state:
            continue
        way: list[tuple[str, Iterator[str]]] = [(root, iter(before[root]))]
        state[root] = 1
        while way:
            name, rest = way[-1]
            following = next(rest, None)
            if following is None:
                state[name] = 2
                way.pop()
            elif following not in state:
                state[following] = 1
                way.append((following, iter(before[following])))
            elif state[following] == 1:
                names = [each for each, _ in way]
                return (*names[names.index(following) :], following)
    return ()
