"""What the types can't say about a plan's inputs: calendars exist, windows and shards go together."""

from __future__ import annotations

from podpipec_runtime.calendar.zones import NoZone, zone
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import At, Calendar, Input, ItemPart, Plan, Range, ValuePart, Within


def check_inputs(plan: Plan) -> None:
    """Raises PlanError with the path to the first input, calendar or period that can't be meant."""
    calendars: set[str] = set()
    for at, calendar in enumerate(plan.calendars):
        _check_calendar(calendar, calendars, f"$.calendars[{at}]")
        calendars.add(calendar.name)
    if plan.period is not None:
        _check_clock(plan.period.window, plan.period.calendar, calendars, "$.period")
    for at, given in enumerate(plan.inputs):
        path = f"$.inputs[{at}]"
        _check_shards(given, path)
        _check_windows(plan, given, calendars, path)
        if given.name != given.written:
            raise PlanError(f"a reading of {given.written} must be named so", f"{path}.name")


def _check_calendar(calendar: Calendar, seen: set[str], path: str) -> None:
    if calendar.name in seen or not calendar.name:
        raise PlanError(f"`{calendar.name}` is there twice", f"{path}.name")
    try:
        zone(calendar.zone)
    except NoZone:
        raise PlanError(f"there is no time zone `{calendar.zone}`", f"{path}.zone") from None
    if not calendar.days or len(set(calendar.days)) != len(calendar.days):
        raise PlanError("a calendar needs days, each once", f"{path}.days")


def _check_clock(window: int, calendar: str, calendars: set[str], path: str) -> None:
    if window < 1:
        raise PlanError(f"{window} is less than 1", f"{path}.window")
    if calendar and calendar not in calendars:
        raise PlanError(f"there is no calendar `{calendar}`", f"{path}.calendar")


def _check_shards(given: Input, path: str) -> None:
    if (given.slice not in ("shard", "shards")) == bool(given.shards):
        raise PlanError(f"the shards of `{given.name}` don't fit slice `{given.slice}`", f"{path}.shards")
    if len(set(given.shards)) != len(given.shards):
        raise PlanError("a shard is there twice", f"{path}.shards")
    if given.bytes < 0:
        raise PlanError(f"{given.bytes} is less than 0", f"{path}.bytes")
    for at, part in enumerate(given.source):
        if isinstance(part, ItemPart | ValuePart):
            raise PlanError("a source can't depend on an element", f"{path}.source[{at}]")


def _check_windows(plan: Plan, given: Input, calendars: set[str], path: str) -> None:
    if given.slice in ("value", "values", "text") and (given.snapshot or given.source or given.window is not None):
        raise PlanError(f"`{given.parameter}` is of no snapshot", f"{path}.snapshot")
    if given.window is None:
        if given.calendar or given.windows != At():
            raise PlanError(f"`{given.parameter}` has no windows", f"{path}.window")
        return
    _check_clock(given.window, given.calendar, calendars, path)
    if plan.period is None:
        raise PlanError("an input with windows needs a period", "$.period")
    match given.windows:
        case At(offset=offset):
            ordered = offset <= 0
        case Range(first=first, last=last):
            ordered = first <= last <= 0
        case Within(most=most):
            ordered = most >= 1
    if not ordered:
        raise PlanError("windows go from the past to the present", f"{path}.windows")
    if not isinstance(given.windows, Within) and given.window < plan.period.window:
        raise PlanError(f"the period has several windows of `{given.parameter}`", f"{path}.windows")
    if not isinstance(given.windows, At) and given.slice == "shards":
        raise PlanError("a list of windows is of one shard", f"{path}.slice")
