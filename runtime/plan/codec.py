"""Reads and writes plans.

Reading is strict: unknown, missing or ill-typed fields, another version, and references that lead
nowhere are refused with the path to the misfit. Writing is canonical: one plan, one sequence of bytes.
"""

from __future__ import annotations

import re

import msgspec

from podpipec_runtime.plan.check import check
from podpipec_runtime.plan.check_across import check_across
from podpipec_runtime.plan.errors import PlanError
from podpipec_runtime.plan.types import VERSION, Macro, Plan

__all__ = ["PlanError", "decode", "decode_any", "encode", "encode_compact"]

_decoder = msgspec.json.Decoder(Plan)
_across = msgspec.json.Decoder(Macro)
_MISFIT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


class _Version(msgspec.Struct):
    version: int
    across: bool = False


def decode_any(data: bytes) -> Plan | Macro:
    """The plan, or the macro plan, in `data`. Raises PlanError."""
    if not _require_version(data).across:
        return decode(data)
    try:
        macro = _across.decode(data)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _misfit(error) from None
    check_across(macro)
    return macro


def decode(data: bytes) -> Plan:
    """The plan in `data`. Raises PlanError for anything that is not a whole plan of this version."""
    _require_version(data)
    try:
        plan = _decoder.decode(data)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _misfit(error) from None
    check(plan)
    return plan


def encode(plan: Plan | Macro) -> bytes:
    """Canonical, indented JSON with a line feed at its end: the same plan gives the same bytes."""
    return msgspec.json.format(encode_compact(plan), indent=2) + b"\n"


def encode_compact(plan: Plan | Macro) -> bytes:
    """Canonical JSON on one line, for machines."""
    return msgspec.json.encode(plan)


def _require_version(data: bytes) -> _Version:
    """Another version is told as such, not as the field that happens to differ first."""
    try:
        head = msgspec.json.decode(data, type=_Version)
    except msgspec.ValidationError as error:
        raise _misfit(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(f"this is not a plan: {error}") from None
    if head.version != VERSION:
        raise PlanError(f"plan version {head.version}, this runtime reads {VERSION}", "$.version")
    return head


def _misfit(error: Exception) -> PlanError:
    if isinstance(error, RecursionError):
        return PlanError("the plan is nested too deep to be read")
    found = _MISFIT.match(str(error))
    assert found is not None
    return PlanError(found["what"], found["path"] or "$")
