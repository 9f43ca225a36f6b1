"""What goes over nodes that only the data knows: what they hold, and the names that are the language's there."""

from __future__ import annotations

from collections.abc import Mapping

from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content
from podpipec.types.flow_steps.context import Work
from podpipec.types.typed import Value

_OTHER = {
    "Tree": ("Graph", "go over its nodes with `run x in depends_on(…) { … }`"),
    "Graph": ("Tree", "go through it with `walk x in … depth_first { … }`"),
}


def held(over: Value, kind: str, word: str, written: tree.Expression, work: Work) -> Content:
    """What each node of a tree or graph holds; that a value is none of that kind is told."""
    content = over.content
    found = content.held_in(kind)
    if found is None and over.origin is not None and content.name != UNKNOWN.name:
        other, help_ = _OTHER[kind]
        if content.lists:
            help_ = "go over a list with `each x in … { … }`"
        elif content.held_in(other) is None:
            help_ = f"say where it is made that it is one, and what its nodes hold: `{kind}<{content}>`"
        what = f"`{word}` goes over the nodes of a `{kind}`, and this is {a(f'`{content}`')}"
        work.say("T001", what, written.span, f"no `{kind}`", help=help_)
    return UNKNOWN if found is None else found


def not_brought(names: Mapping[str, tree.Let | tree.Flowing], name: str, work: Work) -> None:
    """A body cannot write the name that the language gives it."""
    if name in names:
        at = names[name].name.span
        work.say("N002", f"`{name}` is a name of the language here", at, "cannot be written", help="call it otherwise")
