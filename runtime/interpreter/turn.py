"""A turn: the draft of the next state, while one event is worked on.

It is the one mutable thing here, lives for one call of `step`, and holds immutable parts only. What
follows from what is written on its agenda instead of called, so that no program is too deep for the stack.
"""

from __future__ import annotations

from collections import deque

from msgspec.structs import replace

from podpipec_runtime.interpreter.commands import Command, Finish, Stop
from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.program import INPUT
from podpipec_runtime.interpreter.state import ROOT, Job, Rank, State
from podpipec_runtime.interpreter.tasks import Task
from podpipec_runtime.interpreter.values import Instance


class Misfit(Exception):  # noqa: N818 - it is the plan's misfit with the data, told to the user
    """The data doesn't fit the plan, e.g. a loop goes over what is no list."""


class Turn:
    """The parts of `State` under the same names, what is asked of the engine, and what is left to do."""

    def __init__(self, state: State) -> None:
        self.program = state.program
        self.facts = state.facts
        self.records = state.records
        self.sent = state.sent
        self.recorded = state.recorded
        self.stock = state.stock
        self.flow = state.flow
        self.work = state.work
        self.claims = state.claims
        self.phase = state.phase
        self.failure = state.failure
        self.unstable = state.unstable
        self.given_up = state.given_up
        self.losses = state.losses
        self.commands: list[Command] = []
        self.agenda: deque[Task] = deque()

    def state(self) -> State:
        """The state after this turn."""
        return State(
            self.program,
            self.facts,
            self.records,
            self.sent,
            self.recorded,
            self.stock,
            self.flow,
            self.work,
            self.claims,
            self.phase,
            self.failure,
            self.unstable,
            self.given_up,
            self.losses,
        )

    def later(self, task: Task) -> None:
        """Puts `task` on the agenda."""
        self.agenda.append(task)

    def ask(self, command: Command) -> None:
        if not self.facts.dry:
            self.commands.append(command)

    def set_job(self, instance: Instance, job: Job) -> None:
        self.work = replace(self.work, jobs=self.work.jobs.insert(instance, job))

    def fail(self, failure: Failure) -> None:
        """Nothing new starts; what runs is ended. The first failure is the one that is told."""
        if self.phase == "over" or (self.phase == "stopping" and self.failure is not None):
            return
        self.phase = "stopping"
        self.failure = failure
        self.ask(Stop())

    def end_phase(self) -> None:
        """A pass that ends is over when nothing is under way any more."""
        if self.phase not in ("stopping", "again") or self.work.copying:
            return
        if not any(job.stage == "running" for job in self.work.jobs.values()):
            self.ask(Finish("again" if self.phase == "again" else "failed"))
            self.phase = "over"


def chain_of(turn: Turn | State, instance: Instance) -> tuple[str, ...]:
    """The loops around `instance`; slices of inputs and the results have none."""
    place = turn.program.steps.get(instance.step)
    return () if place is None else place.chain


def scopes_of(turn: Turn, instance: Instance) -> tuple[Instance, ...]:
    """The elements that `instance` is in, outermost first."""
    chain = chain_of(turn, instance)
    return tuple(Instance(each, instance.path[: at + 1]) for at, each in enumerate(chain))


def scope_of(turn: Turn, instance: Instance) -> Instance:
    """The innermost element or branch that `instance` is in, or the whole."""
    around = turn.program.steps[instance.step].around
    return Instance(around, instance.path) if around else ROOT


def rank(turn: Turn | State, instance: Instance) -> Rank:
    """Orders work as the plan does, elements begun first before later ones."""
    steps = turn.program.steps
    place = steps.get(instance.step)
    if place is None:
        return (-1,) if instance.step == INPUT else (len(steps),)
    found: list[int] = []
    for each, index in zip(place.chain, instance.path, strict=True):
        found += (steps[each].order, index)
    return (*found, place.order)


def label(turn: Turn | State, instance: Instance) -> tuple[str, ...]:
    """What the elements around `instance` are called."""
    found: list[str] = []
    for at, each in enumerate(chain_of(turn, instance)):
        fan = turn.flow.fans[Instance(each, instance.path[:at])]
        found.append(fan.label(instance.path[at]))
    return tuple(found)
