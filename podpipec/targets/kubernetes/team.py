"""What the pods of a flow across pods know of each other, beside what any pod knows.

One quarterback leads: the one of the first pod of the first set. It interprets the macro plan, and gives units of work
to the others, which call it and wait. It is a pod like all others: when it is lost it is created again, finds its
journal on the volume that all share, and goes on; the others call again until it is there.
"""

from __future__ import annotations

from podpipec_runtime.tuples import NamedTuple

#: Where the leading quarterback listens.
PORT = 7070


class Team(NamedTuple):
    """A set among those of a flow: its kind of pod, the leading pod and its Service, and the claim that all mount."""

    kind: str
    leader: str
    service: str
    claim: str | None

    def args(self) -> tuple[str, ...]:
        """What a quarterback of the set is told; the one whose pod it is leads."""
        return f"--set={self.kind}", f"--leader={self.leader}.{self.service}:{PORT}"
