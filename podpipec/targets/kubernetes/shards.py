"""How many pods a flow needs, and which shard each of them works on.

A flow that is run per shard (one of its inputs has `slice == "shard"`) gets a pod for each: pod number *i*
works on the shard at index *i* of that input. Every other flow gets one pod.
"""

from __future__ import annotations

from podpipec_runtime.plan.types import Input, Plan


def sharded_input(plan: Plan) -> Input | None:
    """The input whose shards are the pods', or None for a flow that is not run per shard."""
    return next((entry for entry in plan.inputs if entry.slice == "shard"), None)


def replicas(plan: Plan) -> int:
    """The number of pods."""
    chosen = sharded_input(plan)
    return len(chosen.shards) if chosen else 1
