"""Keys: what a result depends on, digested.

A key covers the image, the command template, the code, the text of scalar arguments, the content of the
inputs in their order, and the names and contents of the outputs. It never covers where things lie, what a
stage may use, or how often and how long it is tried: these can't change the bytes of a stable stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec

from podpipec_runtime.interpreter.values import Data, Scalar, Value, items_of
from podpipec_runtime.plan.types import Keep, Move, Stage

#: Part of every key: results of another way to build keys are never taken for ours.
FORMAT = "podpipec key 1"


class Parts(msgspec.Struct, frozen=True, array_like=True):
    """What a key was made of, each part digested, to tell later which of them changed."""

    image: str
    command: str
    code: str
    outputs: str
    inputs: tuple[tuple[str, str], ...]


def digest(*parts: object) -> str:
    """A digest of values that JSON knows."""
    return sha256(msgspec.json.encode(parts)).hexdigest()


def stage_parts(stage: Stage) -> Parts:
    """The parts that don't depend on arguments."""
    outputs = tuple((port.name, port.content) for port in stage.outputs)
    return Parts(
        stage.image or "",
        digest(stage.command),
        digest(stage.code.text) if stage.code is not None else "",
        digest(outputs),
        (),
    )


def stage_digest(parts: Parts) -> str:
    return digest(FORMAT, parts.image, parts.command, parts.code, parts.outputs)


def value_digest(value: Value) -> str:
    """Text for the content of `value`. A list's is derived from its elements', however it is held."""
    if isinstance(value, Scalar):
        return "text " + value.text
    items = items_of(value)
    if items is not None:
        return "list " + digest(*(value_digest(item) for item in items))
    assert isinstance(value, Data)
    return "data " + value.hash


def call_key(stage_digest: str, inputs: Sequence[tuple[str, str]]) -> str:
    """The key of a call, from its stage's digest and its inputs' names and digests in order."""
    return sha256(f"{stage_digest} {msgspec.json.encode(inputs).decode()}".encode()).hexdigest()


def effect_key(stage_digest: str, instance: Sequence[str], inputs: Sequence[tuple[str, str]]) -> str:
    """The key of a call of a service: of this one step and element, and of no other that is the same."""
    return digest(FORMAT, "effect", stage_digest, instance, inputs)


def fallback_key(keys: Iterable[str]) -> str:
    """The key under which it is known which call of a fallback was taken, from the keys of all."""
    return digest(FORMAT, "fallback", *keys)


def copy_key(step: Keep | Move, value: Value) -> str:
    """The key under which it is known that a move was made."""
    return digest(FORMAT, "copy", step.place, value_digest(value))
