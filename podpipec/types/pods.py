"""Typing of `pod`: slots, cores, memory and places."""

from __future__ import annotations

from podpipec.diagnostics import Diagnostic, error
from podpipec.syntax import tree
from podpipec.types.declarations import PLACES, Place, Pod
from podpipec.types.evaluate import Constants
from podpipec.types.scalars import is_number
from podpipec.types.settings import Settings, gather

#: A pod with more containers than this is refused by no one and run by no node.
_MOST_SLOTS = 100


def pod(declared: tree.Pod, constants: Constants, found: list[Diagnostic]) -> Pod | None:
    """The typed pod; nothing if it lacks what all else hangs on."""
    settings = gather(f"the pod `{declared.name.text}`", declared.name.span, declared.settings, constants, found)
    complete = settings.need("slots", "cpu", "memory")
    slots = settings.amount("slots", "Int", 1)
    cores = cpu(settings)
    memory = settings.amount("memory", "Size", 1)
    places: dict[Place, int] = {}
    for place in PLACES[:3]:
        size = settings.amount(place, "Size", 1)
        if size is not None:
            places[place] = int(size)
    if complete and not any(place in settings.by_word for place in PLACES):
        found.append(
            error(
                "T009",
                f"the pod `{declared.name.text}` has no place for data",
                declared.name.span,
                "nowhere to write to",
                help="give it one: `ram 2GiB`, `node 100GiB` or `volume 100GiB`",
            )
        )
    if slots is not None and slots > _MOST_SLOTS:
        found.append(
            error(
                "V003",
                f"`slots` must be at most {_MOST_SLOTS}",
                settings.by_word["slots"].span,
                "out of bounds",
            )
        )
        return None
    if not complete or slots is None or cores is None or memory is None or not places:
        return None
    exclusive = any(flag.text == "exclusive" for flag in settings.by_word["cpu"].flags)
    return Pod(
        declared.name,
        int(slots),
        cores,
        exclusive,
        int(memory),
        places,
        _storage_class(settings),
        settings.spans(),
    )


def cpu(settings: Settings) -> int | None:
    """Cores in thousandths."""
    scalar = settings.scalar("cpu", "Int", "Float")
    if scalar is None:
        return None
    assert is_number(scalar.value)  # the kind is a number's
    thousandths = scalar.value * 1000
    if thousandths.denominator != 1 or not 1 <= thousandths <= 10**7:
        settings.found.append(
            error(
                "V003",
                "`cpu` must be between 0.001 and 10000 cores, in steps of 0.001",
                settings.by_word["cpu"].values[0].span,
                "out of bounds",
                help="write it like `cpu 2` or `cpu 0.5`",
            )
        )
        return None
    return int(thousandths)


def _storage_class(settings: Settings) -> str | None:
    setting = settings.by_word.get("volume")
    if setting is None or len(setting.values) < 2:
        return None
    scalar = settings.of_kind(setting.values[1], "class", "String")
    return None if scalar is None else str(scalar.value)
