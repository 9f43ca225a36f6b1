"""What the types can't say about helpers: each is started and ended once, and spoken to in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.order import refs, siblings, within
from podpipec_runtime.plan.types import (
    Close,
    CodePart,
    Exec,
    Helper,
    HelperRef,
    InputPart,
    Open,
    OutputPart,
    Plan,
    Ref,
    Step,
)

#: Whether a reference leads somewhere; the path is for the error.
CheckRef = Callable[[Ref, str], None]


def check_helper(helper: Helper, path: str) -> None:
    """Raises PlanError for a helper that can't be meant."""
    if not 1 <= helper.port <= 65535:
        raise PlanError(f"there is no port {helper.port}", f"{path}.port")
    if isinstance(helper.command, Exec) and not helper.command.words:
        raise PlanError("an empty command", f"{path}.command.words")
    inputs = {port.name for port in helper.inputs}
    for part in _parts(helper):
        if isinstance(part, OutputPart) or (isinstance(part, InputPart) and part.name not in inputs):
            raise PlanError(f"helper `{helper.name}` has no `{part.name}`", f"{path}.command")
        if isinstance(part, CodePart) and helper.code is None:
            raise PlanError(f"helper `{helper.name}` has no code", f"{path}.command")


def _parts(helper: Helper) -> Iterator[object]:
    if isinstance(helper.command, Exec):
        for word in helper.command.words:
            yield from word
    else:
        yield from helper.command.script


def check_open(step: Open, plan: Plan, path: str, check_ref: CheckRef) -> None:
    """Raises PlanError for a helper's start that leads nowhere."""
    helper = next((helper for helper in plan.helpers if helper.name == step.helper), None)
    if helper is None:
        raise PlanError(f"there is no helper `{step.helper}`", f"{path}.helper")
    if set(step.args) != {port.name for port in helper.inputs}:
        raise PlanError(f"the arguments aren't those of helper `{helper.name}`", f"{path}.args")
    for name, ref in step.args.items():
        if isinstance(ref, HelperRef):
            raise PlanError("a helper can't be given a helper", f"{path}.args.{name}")
        check_ref(ref, f"{path}.args.{name}")
    if not 0 <= step.seat < len(plan.pod.seats):
        raise PlanError(f"the pod has no seat {step.seat}", f"{path}.seat")


def check_closed(body: tuple[Step, ...], path: str) -> None:
    """Raises PlanError for a helper of a body that is not ended once, and after all that speaks to it."""
    opened = {step.id: at for at, step in enumerate(body) if isinstance(step, Open)}
    closes: dict[str, Close] = {}
    for at, step in enumerate(body):
        if isinstance(step, Close):
            if step.opened not in opened or step.opened in closes:
                raise PlanError(f"`{step.opened}` is not open here", f"{path}[{at}].opened")
            closes[step.opened] = step
    for name, at in opened.items():
        if name not in closes:
            raise PlanError(f"`{name}` is never closed", f"{path}[{at}]")
    if closes:
        _check_speakers(body, closes, path)


def _check_speakers(body: tuple[Step, ...], closes: dict[str, Close], path: str) -> None:
    """All that stands between: it comes after the start, and the end comes after it."""
    before = siblings(body)
    for close in closes.values():
        for name in close.after:
            if name in before and name != close.opened and close.opened not in before[name]:
                at = next(at for at, step in enumerate(body) if step.id == name)
                raise PlanError(
                    f"this is in the scope of `{close.opened}` and may come before it", f"{path}[{at}].after"
                )
    for at, top in enumerate(body):
        for step in within(top):
            for ref in refs(step):
                if isinstance(ref, HelperRef) and ref.step in closes and top.id not in closes[ref.step].after:
                    raise PlanError(f"`{ref.step}` may be closed before this speaks to it", f"{path}[{at}]")
