"""Runs plans in a folder of a test's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from podpipec_runtime.engine import Outcome, RunOptions, run
from podpipec_runtime.plan.types import Plan
from podpipec_runtime.progress import Progress, StepStarted


class Runner:
    """Runs plans in one work folder. `events` are those of the last run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = str(root / "work")
        self.places: dict[str, str] = {"ram": str(root / "ram")}
        self.events: list[Progress] = []
        self.each_event: Callable[[Progress], None] = lambda event: None

    def __call__(
        self,
        plan: Plan,
        bindings: Mapping[str, object] | None = None,
        window: datetime | None = None,
        shard: str | None = None,
        explain: bool = False,
        env: tuple[str, ...] = (),
        parallel: int | None = None,
        repeat_effects: bool = False,
        secrets: Mapping[str, str] | None = None,
    ) -> Outcome:
        self.events = []

        def listen(event: Progress) -> None:
            self.events.append(event)
            self.each_event(event)

        options = RunOptions(
            work=self.work,
            places=self.places,
            bindings={name: str(path) for name, path in (bindings or {}).items()},
            base=str(self.root),
            window=window,
            shard=shard,
            explain=explain,
            env=env,
            parallel=parallel,
            repeat_effects=repeat_effects,
            secrets=secrets or {},
            grace=0.5,
        )
        return run(plan, options, listen)

    def ran(self) -> list[str]:
        """What the last run started, in order, as `step` or `step[element]`."""
        found = [event for event in self.events if isinstance(event, StepStarted)]
        return [e.step + (f"[{','.join(e.element)}]" if e.element else "") for e in found]

    def whys(self) -> list[str]:
        """Why, for each."""
        return [event.why for event in self.events if isinstance(event, StepStarted)]

    def of(self, kind: type) -> list[Progress]:
        return [event for event in self.events if isinstance(event, kind)]

    def left_in_tmp(self) -> list[str]:
        """What lies in the places' folders for unfinished work."""
        roots = [self.places["ram"], f"{self.work}/node", f"{self.work}/volume"]
        return [name for root in roots for name in os.listdir(f"{root}/tmp")]

    def objects(self, place: str) -> list[str]:
        root = self.places.get(place, f"{self.work}/{place}")
        return sorted(os.listdir(f"{root}/objects"))


def text(outcome: Outcome, name: str = "r") -> str:
    """What a result's files contain, one after another."""
    return "".join(Path(path).read_text() for r in outcome.results if r.name == name for path in r.paths)


def failure(outcome: Outcome) -> tuple[str, str]:
    """Class and message of a failure that there must be."""
    assert outcome.failure is not None
    return outcome.failure.kind, outcome.failure.message
