"""Allotting slots to calls as a compiler allots registers: what can overlap apart, and the fewest swaps for the order.

Among slots that are free the one that holds the image already is taken, then an empty one, then the one whose image
is needed latest (Belady 1966, which is optimal for one order). A call in a fan out may run in any slot that is large
enough, its share of them first. A slot is told the secrets of its stages, so stages share one only where all are told
the same. A pod that has too few slots for that shares them all the same, and is refused where slots are containers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from podpipec.graph.chains import chains_of
from podpipec.graph.distinct import distinct
from podpipec.graph.nodes import Call, Graph, Loop
from podpipec.graph.order import ancestors, predecessors
from podpipec.graph.seats import seating
from podpipec.graph.traversal import walk
from podpipec.types.declarations import Pod, Stage
from podpipec_runtime.tuples import NamedTuple

#: The names of the secrets that a stage is told, in order.
Kind = tuple[str, ...]


class SlotSize(NamedTuple):
    """What a slot must hold: cores in thousandths, bytes of working set, the image that it starts with, and the names
    of the secrets that it is told."""

    cpu: int
    memory: int
    image: str | None
    secrets: tuple[str, ...] = ()


class Allotment(NamedTuple):
    """For each call the slots that it may run in, the preferred one first; the slots; the swaps to be expected."""

    homes: Mapping[str, tuple[int, ...]]
    slots: tuple[SlotSize, ...]
    swaps: int


class _Slot:
    """A slot in the making."""

    def __init__(self, owner: Kind | None) -> None:
        self.owner = owner  # the kind of stages that it is for; nothing: for all
        self.secrets: set[str] = set()
        self.cpu = 0
        self.memory = 0
        self.first: str | None = None
        self.image: str | None = None
        self.last = -1  # the top-level node that used it last
        self.load = 0


class _Use(NamedTuple):
    """A call, at which node of the top level it runs, whether it is inside a loop, and of which graph it is.

    `chain` is the id of the first call of its chain, if it is in one: no two of a chain share a slot.
    """

    call: Call
    node: int
    inside: Loop | None
    graph: int = 0
    chain: str = ""


class _Allotted(NamedTuple):
    """For each use its slots and how many images change for it; and the slots."""

    homes: Sequence[tuple[int, ...]]
    slots: tuple[SlotSize, ...]
    swaps: Sequence[int]


def allot(graph: Graph) -> Allotment:
    """The allotment with as many slots as fit beside each other in the pod; one does if every stage fits alone."""
    return allot_together((graph,))[0]


def allot_together(graphs: Sequence[Graph]) -> list[Allotment]:
    """For each graph an allotment of the same slots, those of pods that do now the one and now the other.

    One graph is laid out after another: what comes later runs when all before is over.
    """
    pod = graphs[0].pod
    uses: list[_Use] = []
    masks: list[int] = []
    for number, graph in enumerate(graphs):
        first = len(masks)
        uses += [_Use(use.call, use.node + first, use.inside, number, use.chain) for use in _uses(graph)]
        masks += [mask << first | (1 << first) - 1 for mask in ancestors(predecessors(graph.nodes))]
    room = _Room.beside(pod, graphs)
    found = _allotted(room, uses, masks, _kinds(uses)) or _allotted(room, uses, masks, [None])
    if found is None:
        found = _Allotted([(0,)] * len(uses), (_alone(pod, uses),), [0] * len(uses))
    return [_part(found, uses, number) for number in range(len(graphs))]


def _allotted(
    room: _Room, uses: Sequence[_Use], masks: Sequence[int], kinds: Sequence[Kind | None]
) -> _Allotted | None:
    """The allotment with the most slots that fit, where each slot is for one of these kinds of stages."""
    for count in range(room.pod.slots, len(kinds) - 1, -1):
        owners = [kinds[number % len(kinds)] for number in range(count)]
        found = _Allotting(room, uses, masks, owners).run()
        if found is not None:
            return found
    return None


def _kinds(uses: Sequence[_Use]) -> list[Kind | None]:
    """The kinds of stages, by the secrets that they are told; those first that are used most, above all in loops.

    What a container is told at its start it knows for good. So a stage has a slot only with those that know the same.
    """
    weight: dict[Kind | None, tuple[int, int]] = {}
    for use in uses:
        inside, all_ = weight.get(kind_of(use.call.sized), (0, 0))
        weight[kind_of(use.call.sized)] = (inside + (use.inside is not None), all_ + 1)
    return sorted(weight, key=lambda kind: weight[kind], reverse=True) or [()]


def kind_of(stage: Stage) -> Kind:
    """The names of the secrets that a stage is told."""
    return tuple(sorted(secret.name.text for secret in stage.secrets))


def _part(found: _Allotted, uses: Sequence[_Use], number: int) -> Allotment:
    """What an allotment of several graphs is for one of them."""
    mine = [at for at, use in enumerate(uses) if use.graph == number]
    homes = {uses[at].call.id: found.homes[at] for at in mine}
    return Allotment(homes, found.slots, sum(found.swaps[at] for at in mine))


class _Room(NamedTuple):
    """What the slots of a pod have together: what helpers and scratch in memory leave of it."""

    pod: Pod
    cpu: int
    memory: int

    @classmethod
    def beside(cls, pod: Pod, graphs: Sequence[Graph]) -> _Room:
        helpers = seating(*graphs)
        return cls(pod, pod.cpu - helpers.cpu, pod.memory - pod.places.get("ram", 0) - helpers.memory)


def _alone(pod: Pod, uses: Sequence[_Use]) -> SlotSize:
    """One slot for everything: only for pods that are refused anyway, because a stage does not fit."""
    first = uses[0].call.sized.image if uses else None
    return SlotSize(
        max((_cpu(use.call.sized, pod) for use in uses), default=1),
        max((use.call.sized.memory for use in uses), default=1),
        first,
        tuple(sorted({secret for use in uses for secret in kind_of(use.call.sized)})),
    )


def _uses(graph: Graph) -> list[_Use]:
    uses: list[_Use] = []
    first = {call.id: members[0].id for members in chains_of(graph) for call in members}
    for index, node in enumerate(graph.nodes):
        for inner, around in walk([node]):
            if isinstance(inner, Call):
                uses.append(_Use(inner, index, around[-1] if around else None, 0, first.get(inner.id, "")))
    return uses


def _cpu(stage: Stage, pod: Pod) -> int:
    return -(-stage.cpu // 1000) * 1000 if pod.exclusive else stage.cpu


def image_of(stage: Stage) -> str:
    """What a slot must hold to run a stage: its image, or, where it names none, the stage itself."""
    return stage.image or f"stage {stage.name.text}"


class _Allotting:
    """One attempt with a number of slots."""

    def __init__(self, room: _Room, uses: Sequence[_Use], masks: Sequence[int], owners: Sequence[Kind | None]) -> None:
        self.pod = room.pod
        self.uses = uses
        self.masks = masks
        self.slots = [_Slot(owner) for owner in owners]
        self.swaps = 0
        self.beside: dict[tuple[int, str], list[tuple[int, ...]]] = {}  # by a chain, what its calls may run in
        self.cpu = room.cpu
        self.memory = room.memory
        self.later: dict[str, list[int]] = {}
        for position in range(len(uses) - 1, -1, -1):
            self.later.setdefault(image_of(uses[position].call.sized), []).append(position)

    def run(self) -> _Allotted | None:
        homes: list[tuple[int, ...]] = []
        swaps: list[int] = []
        for position, use in enumerate(self.uses):
            before = self.swaps
            self.later[image_of(use.call.sized)].pop()
            chosen = self._straight(use) if use.inside is None else self._fan(use, position)
            if not chosen or not self._apart(use, chosen):
                return None
            homes.append(chosen)
            swaps.append(self.swaps - before)
        used = [slot for slot in self.slots if slot.load]
        sizes = tuple(SlotSize(slot.cpu, slot.memory, slot.first, tuple(sorted(slot.secrets))) for slot in used)
        number = {self.slots.index(slot): index for index, slot in enumerate(used)}
        return _Allotted([tuple(number[slot] for slot in chosen) for chosen in homes], sizes, swaps)

    def _apart(self, use: _Use, chosen: tuple[int, ...]) -> bool:
        """Whether the calls of a chain still have a slot each."""
        if not use.chain:
            return True
        chain = self.beside.setdefault((use.graph, use.chain), [])
        chain.append(chosen)
        return distinct(chain)

    def _fits(self, slot: _Slot, stage: Stage) -> bool:
        if slot.owner not in (None, kind_of(stage)):
            return False
        cpu = sum(other.cpu for other in self.slots) - slot.cpu + max(slot.cpu, _cpu(stage, self.pod))
        memory = sum(other.memory for other in self.slots) - slot.memory + max(slot.memory, stage.memory)
        return cpu <= self.cpu and memory <= self.memory

    def _straight(self, use: _Use) -> tuple[int, ...]:
        taken = (
            {slot for homes in self.beside.get((use.graph, use.chain), ()) for slot in homes} if use.chain else set()
        )
        candidates = [
            index for index, slot in enumerate(self.slots) if index not in taken and self._fits(slot, use.call.sized)
        ]
        if not candidates:
            return ()
        best = min(candidates, key=lambda index: self._cost(index, use))
        self._take(self.slots[best], use)
        return (best,)

    def _cost(self, index: int, use: _Use) -> tuple[bool, int, int, int, int]:
        slot = self.slots[index]
        overlaps = slot.last >= 0 and slot.last != use.node and not self.masks[use.node] >> slot.last & 1
        image = image_of(use.call.sized)
        cost = 0 if slot.image == image else 1 if slot.image is None else 2
        needed = self.later.get(slot.image or "", [])
        return (
            overlaps,
            slot.load if overlaps else 0,
            cost,
            -(needed[-1] if needed else len(self.uses)),
            index,
        )

    def _take(self, slot: _Slot, use: _Use) -> None:
        stage = use.call.sized
        image = image_of(stage)
        if slot.image is not None and slot.image != image:
            self.swaps += 1
        if slot.image is None:
            slot.first = stage.image
        slot.image = image
        slot.cpu = max(slot.cpu, _cpu(stage, self.pod))
        slot.memory = max(slot.memory, stage.memory)
        slot.secrets.update(kind_of(stage))
        slot.last = use.node
        slot.load += 1

    def _fan(self, use: _Use, position: int) -> tuple[int, ...]:
        """All slots that can be made large enough, beginning with those that hold the image, then the empty ones."""
        image = image_of(use.call.sized)
        rank = {None: 1, image: 0}
        order = sorted(
            range(len(self.slots)),
            key=lambda index: (rank.get(self.slots[index].image, 2), (index - position) % len(self.slots)),
        )
        chosen = []
        for index in order:
            if self._fits(self.slots[index], use.call.sized):
                self._take(self.slots[index], use)
                chosen.append(index)
        return tuple(chosen)
