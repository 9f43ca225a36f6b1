"""What stands inside of what a statement computes: the bodies of a block, what its head reads, the names it brings."""

from __future__ import annotations

from collections.abc import Sequence

from podpipec.syntax import tree

#: The names that the statements of a `walk` and of a `run … in` can read beside those that are written.
CHILDREN, NEEDS = "children", "needs"


def bodies(work: tree.Work) -> Sequence[tuple[tree.Statement, ...]]:
    """The bodies of a block, each with a scope of its own; every `else if` is one more."""
    if isinstance(work, tree.Call):
        return ()
    if isinstance(work, tree.If):
        return _branches(work)
    return (work.body,) if isinstance(work, tree.Block) else ()


def _branches(work: tree.If) -> list[tuple[tree.Statement, ...]]:
    found: list[tuple[tree.Statement, ...]] = []
    node: tree.If | tuple[tree.Statement, ...] | None = work
    while isinstance(node, tree.If):
        found.append(node.then)
        node = node.otherwise
    if node is not None:
        found.append(node)
    return found


def conditions(work: tree.If) -> list[tree.Expression]:
    """The conditions of an `if` and of every `else if` behind it."""
    found = []
    node: object = work
    while isinstance(node, tree.If):
        found.append(node.condition)
        node = node.otherwise
    return found


def reads(work: tree.Work) -> Sequence[tree.Expression]:
    """The expressions directly inside: of a block what its head reads, of anything else all there are."""
    match work:
        case tree.If():
            return conditions(work)
        case tree.Execute(call=tree.Call(callee=recipe) as given):  # what is called is a value here
            return (recipe, *_operands(given))
        case tree.With(helper=one) | tree.Execute(call=one) | tree.Move(value=one) | tree.Pin(value=one):
            return (one,)
        case tree.Fallback(calls=calls):
            return calls
        case tree.Each() | tree.Fold() | tree.Cycle() | tree.Walk() | tree.Ordered():
            return (work.over,)  # numbers behind it are constants
        case _:
            return _operands(work)


def _operands(expression: tree.Expression) -> Sequence[tree.Expression]:
    match expression:
        case tree.Field(base=base) | tree.Index(base=base) | tree.Range(base=base):
            return (base,)
        case tree.Call(arguments=arguments):  # names that are called are not values
            return tuple(argument.value for argument in arguments)
        case tree.ListOf(items=items):
            return items
        case tree.Binary(left=left, right=right):
            return (left, right)
        case tree.Negative(operand=operand) | tree.Not(operand=operand):
            return (operand,)
        case _:
            return ()


def brings(work: tree.Work) -> Sequence[tree.Name]:
    """The names that a block gives its body: of the element, or of the helper."""
    match work:
        case tree.With(name=name):
            return (name,)
        case tree.Each() | tree.Fold() | tree.Cycle() | tree.Walk() | tree.Ordered():
            return (work.item,)
        case _:
            return ()
