"""What a program declares, settings computed: snapshots, pods, services, secrets, stages and helpers.

Sizes are in bytes, durations in seconds, processors in thousandths of a core. What a diagnostic may have to point
at keeps its span.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.content import Content
from podpipec.types.origin import Template
from podpipec.types.time import Clock
from podpipec_runtime.tuples import NamedTuple

Place = Literal["ram", "node", "volume", "remote"]


#: Each place outlives the one before.
PLACES: tuple[Place, ...] = ("ram", "node", "volume", "remote")


#: What can be lost: the work of a container, all that is a pod's, all that is a node's.
Fault = Literal["container", "pod", "node"]


FAULTS: tuple[Fault, ...] = ("container", "pod", "node")


class Snapshot(NamedTuple):
    """An immutable, time-sliced source of data."""

    name: tree.Name
    content: Content
    source: Template
    clock: Clock | None
    shards: tuple[str, ...]
    size: int | None  # of one window, of one shard if it has shards
    settings: Mapping[str, Span]


class Pod(NamedTuple):
    """What a unit of work gets. A place that it does not have is absent from `places`."""

    name: tree.Name
    slots: int
    cpu: int
    exclusive: bool
    memory: int
    places: Mapping[Place, int]
    storage_class: str | None
    settings: Mapping[str, Span]

    @property
    def scratch(self) -> Place:
        """Where stages write unless the program says otherwise."""
        return next(place for place in PLACES if place in self.places)

    @property
    def inlet(self) -> Place:
        """Where the slice of a snapshot lies unless the program says otherwise."""
        return next(place for place in ("node", "ram", "volume") if place in self.places)


class Service(NamedTuple):
    """What is outside, changes as it likes, and may be called by stages."""

    name: tree.Name
    url: str
    settings: Mapping[str, Span]


class Secret(NamedTuple):
    """What the stages that ask for it are told, each time that they run, and nobody else."""

    name: tree.Name

    @property
    def variable(self) -> str:
        """The environment variable that it comes as."""
        return self.name.text.upper()


#: What a stage or flow does with what it is given: reads it (no word), owns it from then on, has it alone.
Mode = Literal["", "consume", "guard"]


class Port(NamedTuple):
    """A named, typed input or output, and the place that it must lie on."""

    name: str
    content: Content
    place: Place | None
    span: Span
    mode: Mode = ""


class Input(NamedTuple):
    """A hole in a command that an input's path or text fills."""

    name: str
    kind: Literal["input"] = "input"


class Output(NamedTuple):
    """A hole in a command that an output's path fills."""

    name: str
    kind: Literal["output"] = "output"


class Code(NamedTuple):
    """A hole in a command that the path of the stage's code file fills."""

    kind: Literal["code"] = "code"


Part = str | Input | Output | Code


class Command(NamedTuple):
    """What a stage runs: words for `run`, one script for `sh`. Not `whole` if it names what nobody knows."""

    shell: bool
    words: tuple[tuple[Part, ...], ...]
    span: Span
    whole: bool = True


class Stage(NamedTuple):
    """One container's work. `sizes` holds the bound of an output as written, where it is written.

    What a stage that `calls` a service gives is not a function of its inputs. It is `idempotent` if a second call for
    the same inputs leaves the service as the first one did.
    """

    name: tree.Name
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    command: Command
    image: str | None
    code: tuple[str, str] | None  # name and text of the file
    cpu: int
    memory: int
    sizes: Mapping[str, tree.Expression]
    retry: int
    timeout: int | None
    settings: Mapping[str, Span]
    calls: tuple[Service, ...] = ()
    secrets: tuple[Secret, ...] = ()
    idempotent: bool = False

    @property
    def files(self) -> tuple[Port, ...]:
        """The outputs that lie on a place."""
        return tuple(port for port in self.outputs if not port.content.scalar and not port.content.stream)

    @property
    def pipes(self) -> tuple[Port, ...]:
        """The outputs that are streams."""
        return tuple(port for port in self.outputs if port.content.stream)

    @property
    def captured(self) -> tuple[Port, ...]:
        """The outputs that are scalars: their text is the value."""
        return tuple(port for port in self.outputs if port.content.scalar)


class Helper(NamedTuple):
    """A container beside the slots, for as long as a `with`. `port` is where it listens."""

    name: tree.Name
    inputs: tuple[Port, ...]
    command: Command
    image: str | None
    code: tuple[str, str] | None  # name and text of the file
    cpu: int
    memory: int
    port: int
    settings: Mapping[str, Span]
    calls: tuple[Service, ...] = ()
    secrets: tuple[Secret, ...] = ()
