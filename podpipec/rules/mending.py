"""The edit that many rules speak of: one more `keep` at the end of a flow."""

from __future__ import annotations

from podpipec.diagnostics import Fix
from podpipec.rules.checked import Checked
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.declarations import Place
from podpipec.types.order import bound


def keep_at_end(checked: Checked, at: Span, name: str, place: Place) -> Fix | None:
    """`keep name in place` as the last line of the flow that a span lies in.

    Nothing where that flow's own body does not write the name: a value inside an `each` or a called flow is kept there.
    """
    loaded = checked.typed.program.files.get(at.path)
    if loaded is None or place == "remote":
        return None
    for flow in loaded.module.declarations:
        if isinstance(flow, tree.Flow) and flow.span.start <= at.start < flow.span.end and name in bound(flow.body):
            return _before_brace(loaded.source.text, flow, f"keep {name} in {place}")
    return None


def _before_brace(text: str, flow: tree.Flow, line: str) -> Fix | None:
    """On a line of its own where the closing brace has one, else in front of the brace."""
    brace = flow.span.end - 1
    if text[brace] != "}":
        return None  # the brace is missing, which is told
    start = text.rfind("\n", 0, brace) + 1
    if start > flow.span.start and not text[start:brace].strip():
        end = "\r\n" if text.endswith("\r\n", 0, start) else "\n"
        return Fix(Span(flow.span.path, start, start), _indent(text, flow.body[-1].span.start) + line + end)
    space = "" if text[brace - 1].isspace() else " "
    return Fix(Span(flow.span.path, brace, brace), f"{space}{line} ")


def _indent(text: str, offset: int) -> str:
    """The white space that an offset's line begins with."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip())]
