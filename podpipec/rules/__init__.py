"""The rules of the language: one file for each, named by its code.

A rule is a module with `CODE`, `TITLE` and `check`, a pure function from the typed program and its graphs to
diagnostics; its page is `podpipec/explain/CODE.md`. Rules know nothing of each other: what is wrong in two ways is
told by both.
"""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.diagnostics import Diagnostic
from podpipec.rules import f1, f2, f3, l1, l2, l3, l4, l5, l6, r1, r2, r3, r4, s1, s2, s3, s4, s5
from podpipec.rules.checked import Checked

RULES = (s1, s2, s3, s4, s5, l1, l2, l3, l4, l5, l6, r1, r2, r3, r4, f1, f2, f3)


def check(checked: Checked) -> Iterator[Diagnostic]:
    """What all rules say of a program."""
    for rule in RULES:
        yield from rule.check(checked)
