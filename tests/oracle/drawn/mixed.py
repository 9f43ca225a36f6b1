"""Programs with all constructs, and for each construct programs that have it often."""

from __future__ import annotations

import re
from random import Random

from tests.oracle.choosing import Choosing
from tests.oracle.drawn.cycles import Cycles
from tests.oracle.drawn.lists import Folds, Groups
from tests.oracle.drawn.owned import Owned
from tests.oracle.drawn.released import Released
from tests.oracle.drawn.scalars import Scalars
from tests.oracle.drawn.services import Services
from tests.oracle.drawn.slips import Slips
from tests.oracle.programs import Maker


class _All(Choosing, Folds, Groups, Cycles, Owned, Released, Scalars, Services, Slips):
    """Everything at once."""


#: The makers of each construct, by its name.
KINDS: dict[str, type[Maker]] = {
    "groups": Groups,
    "folds": Folds,
    "cycles": Cycles,
    "owned": Owned,
    "released": Released,
    "scalars": Scalars,
    "services": Services,
    "slips": Slips,
    "all": _All,
}

#: What a program says that has a construct, in the flow that is started.
SIGNS = {
    "a group": r" in \S+ by \d",
    "groups that overlap": r" in \S+ by \d step 1",
    "a fold": r"\bfold \w+ in ",
    "a fold in a pattern": r"\bshrunk\(",
    "a cycle": r"\bcycle \w+ in ",
    "a cycle of some depth": r"\bcycle \w+ in \S+ depth [23]",
    "two carries": r"carry (?:.*\n)[^}]*carry ",
    "a value consumed": r"\((?:consume) \w+\)",
    "an element consumed": r"each (\w+) in \S+ \{\n(?:[^}]*\n)?[^}]*\(consume \1\)",
    "a list consumed": r"eats\(consume ",
    "a copy that goes": r"keep \w+ in \w+ until ",
    "a pin": r" = pin ",
    "a service": r"\b(asks?|poll)\(",
    "an idempotent stage": r"\basks\(",
    "a secret": r"\btold\(",
    "a captured scalar": r"\b(size|total)\(",
    "a scalar in a text": r"title\(",
    "scalars collected": r"total\(",
    "a choice": r" = if ",
    "a fallback": r" else two\(",
    "a path": r" in remote ",
    "a claim": r" survives ",
}


def program(kind: str, seed: int) -> str:
    """The program of a seed, of a kind."""
    return KINDS[kind](Random(f"{kind} {seed}")).program()  # noqa: S311 - chance that can be repeated


def constructs(text: str) -> list[str]:
    """The constructs that a program has in the flow that is started."""
    body = text[text.index("flow main(") :]
    return [name for name, sign in SIGNS.items() if re.search(sign, body)]
