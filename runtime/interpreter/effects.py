"""Calls of what is outside: each is made for itself, never taken from an earlier run, and not repeated unasked."""

from __future__ import annotations

from podpipec_runtime.interpreter.events import Failure
from podpipec_runtime.interpreter.state import State
from podpipec_runtime.interpreter.turn import Turn, label
from podpipec_runtime.interpreter.values import Instance
from podpipec_runtime.plan.types import Stage


def stage_of(turn: Turn | State, instance: Instance, at: int) -> Stage:
    """The stage of a call, or of the one at `at` of a fallback."""
    return turn.program.stages[turn.program.calls[instance.step][at].stage].stage


def effect_of(turn: Turn | State, instance: Instance, at: int) -> str:
    """Under what name it is noted that a call began; empty for one that may be repeated."""
    stage = stage_of(turn, instance, at)
    if not stage.calls or stage.idempotent:
        return ""
    return "\n".join((instance.step, stage.name, *label(turn, instance)))


def is_done(turn: Turn, instance: Instance) -> bool:
    """Whether a call ended well in a run that did not, and gave nothing that anybody reads: it is not made again."""
    unread = instance.step in turn.program.pins.unread and len(turn.program.calls[instance.step]) == 1
    if not unread or turn.facts.repeat:
        return False
    effect = effect_of(turn, instance, 0)
    return bool(effect) and turn.facts.effects.get(effect) == "ended"


def cause_of(turn: Turn, instance: Instance, at: int) -> str:
    """Why a call of a service runs, whatever is known of it."""
    stage = stage_of(turn, instance, at)
    return f"it calls {_services(stage)}" if stage.calls else ""


def refused(turn: Turn, instance: Instance, at: int, *, first: bool) -> bool:
    """Whether a call would repeat what it may have done to a service: then the run stops, and says so."""
    effect = effect_of(turn, instance, at)
    if not effect or turn.facts.dry or turn.facts.repeat:
        return False
    state = turn.facts.effects.get(effect, "")
    if first and not state:
        return False
    stage, element = stage_of(turn, instance, at), label(turn, instance)
    name = f"`{stage.name}`" + (f" for {', '.join(element)}" if element else "")
    turn.fail(Failure("data", _message(name, _services(stage), state if first else "gone"), instance=instance))
    return True


def _services(stage: Stage) -> str:
    names = " and ".join(f"`{name}`" for name in stage.calls)
    return f"the service{'' if len(stage.calls) == 1 else 's'} {names}"


def _message(name: str, services: str, state: str) -> str:
    if state == "begun":
        why = f"{name} began to call {services} in a run that did not come to its end, and may have done what it does"
    elif state == "ended":
        why = f"{name} called {services} in a run that did not come to its end, and what it gave was not pinned"
    else:
        why = f"what {name} was given by {services} is gone, and was not pinned"
    return (
        f"{why}; it is not called again unasked: mark the stage `idempotent` if a second call does no harm, "
        "or run with --repeat-effects"
    )
