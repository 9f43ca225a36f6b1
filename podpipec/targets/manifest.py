"""What every target gives back: manifests, or the reasons why there are none."""

from __future__ import annotations

from typing import Literal

from podpipec_runtime.tuples import NamedTuple

#: A value as JSON and YAML know it.
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Manifest(NamedTuple):
    """One object for the cluster: `body` is the whole of it, in the order in which it is written."""

    kind: str
    name: str
    body: dict[str, Json]


class Reason(NamedTuple):
    """One thing that a target cannot do: `about` and `name` say what it concerns, `hint` what to write."""

    about: Literal["flow", "stage", "helper", "pod", "input", "keep", "option", "plan"]
    name: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A target's answer to a plan that it cannot express: every reason that was found, in a fixed order."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("\n".join(map(str, reasons)))
        self.reasons = reasons
