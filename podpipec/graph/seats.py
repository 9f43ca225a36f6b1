"""Allotting containers beside the slots to helpers: scopes that are never open at once take turns in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from podpipec.graph.nodes import Graph
from podpipec.graph.scopes import Scope, Scopes
from podpipec.types.declarations import Helper, Pod
from podpipec_runtime.tuples import NamedTuple


class SeatSize(NamedTuple):
    """The most that any helper in it needs: cores in thousandths, bytes; the image that it starts with; and the names
    of the secrets that its helpers are told, all of them the same."""

    cpu: int
    memory: int
    image: str | None
    secrets: tuple[str, ...] = ()


class Seating(NamedTuple):
    """For each `with` its container, by number; and the containers."""

    homes: Mapping[str, int]
    seats: tuple[SeatSize, ...]

    @property
    def cpu(self) -> int:
        """Cores of all together, in thousandths."""
        return sum(seat.cpu for seat in self.seats)

    @property
    def memory(self) -> int:
        """Bytes of all together."""
        return sum(seat.memory for seat in self.seats)


def seating(*graphs: Graph) -> Seating:
    """The fewest containers that the order of the program leads to; one that has the image already comes first.

    Of several graphs, a pod does one at a time: its containers are as large as any of them needs.
    """
    found = seatings(graphs)
    return Seating({step: seat for one in found for step, seat in one.homes.items()}, found[0].seats)


def seatings(graphs: Sequence[Graph]) -> list[Seating]:
    """For each graph its own seating, in the containers that all of them share."""
    homes: list[dict[str, int]] = []
    seats: dict[_Key, tuple[int, list[Helper]]] = {}
    for graph in graphs:
        homes.append({})
        for step, key, helper in _seated(graph):
            number, taken = seats.setdefault(key, (len(seats), []))
            taken.append(helper)
            homes[-1][step] = number
    sizes = tuple(_size(taken, graphs[0].pod) for _, taken in seats.values())
    return [Seating(mine, sizes) for mine in homes]


#: The secrets that a container is told, and which it is of those that are told the same.
_Key = tuple[tuple[str, ...], int]


def _seated(graph: Graph) -> Iterator[tuple[str, _Key, Helper]]:
    """Each `with` of a graph, its container, and its helper."""
    scopes = Scopes(graph)
    kinds: dict[tuple[str, ...], list[list[Scope]]] = {}
    for scope in scopes.all:
        helper = scope.opens.helper
        seats = kinds.setdefault(_secrets(helper), [])
        free = [index for index, taken in enumerate(seats) if not any(scopes.overlap(scope, one) for one in taken)]
        index = min(free, key=lambda seat: (seats[seat][-1].opens.helper.image != helper.image, seat), default=None)
        if index is None:
            index = len(seats)
            seats.append([])
        seats[index].append(scope)
        yield scope.opens.id, (_secrets(helper), index), helper


def _size(helpers: list[Helper], pod: Pod) -> SeatSize:
    cpu = max(helper_cpu(one, pod) for one in helpers)
    return SeatSize(cpu, max(one.memory for one in helpers), helpers[0].image, _secrets(helpers[0]))


def _secrets(helper: Helper) -> tuple[str, ...]:
    """What a container is told at its start it knows for good."""
    return tuple(sorted(secret.name.text for secret in helper.secrets))


def helper_cpu(helper: Helper, pod: Pod) -> int:
    """Thousandths of a core; whole cores where they are exclusive."""
    return -(-helper.cpu // 1000) * 1000 if pod.exclusive else helper.cpu
