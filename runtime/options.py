"""What a run is started with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to run a plan on this machine.

    `work`: the folder for the journal, logs and places; one run at a time uses it.
    `places`: folders of places, where they are not to be the usual ones: `ram` is a private folder on
    /dev/shm named after `work` (in `work` where there is no /dev/shm), `node` and `volume` are folders in
    `work`. `remote` has none: give the folder that stands for remote storage if a flow keeps something there.
    `bindings`: where the slices of an input are: a path, in which `{window:%Y-%m-%d}` and `{shard}` may
    stand, or a folder in which the source's own names are looked for. An input whose source is a local path
    needs none; such paths are relative to `base`.
    `window` is the start of the window, with a time zone; `shard` one shard's name.
    `handed`: the paths of inputs that a flow across pods gives, by the inputs' names, and `texts` the scalars.
    `env`: names of environment variables that stages are given besides the usual few; `told`: further ones, with
    what they say.
    `secrets`: where the secrets come from that stages ask for, by name: `env:VARIABLE` or `file:PATH`; no values.
    `repeat_effects`: call services again, where a run that did not come to its end began to.
    `explain`: tell what would run and why, and run nothing.
    `parallel`: how many calls may run at once, if fewer than the plan has slots.
    `grace`: seconds between asking a process to end and killing it.
    """

    work: str
    places: Mapping[str, str] = {}
    bindings: Mapping[str, str] = {}
    base: str = "."
    window: datetime | None = None
    shard: str | None = None
    handed: Mapping[str, tuple[str, ...]] = {}
    texts: Mapping[str, str] = {}
    env: tuple[str, ...] = ()
    secrets: Mapping[str, str] = {}
    repeat_effects: bool = False
    told: Mapping[str, str] = {}
    explain: bool = False
    parallel: int | None = None
    grace: float = 2.0
