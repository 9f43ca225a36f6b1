"""The traffic of a flow counted from the JSON of its plan alone, by other code than the compiler's.

The plan does not say how the bounds of lists of unknown length add up, so what runs inside a loop over one is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from podpipec.graph.nodes import Graph
from podpipec.plan import lower
from podpipec_runtime.plan.codec import encode

Json = dict[str, Any]


class Hand(NamedTuple):
    """A hand-over of a file: to which step, by which word, and the bytes of all its turns."""

    step: str
    kind: str
    total: int


class Counted:
    """One plan, with every step and where it stands."""

    def __init__(self, graph: Graph) -> None:
        self.plan: Json = json.loads(encode(lower(graph)))
        self.inputs = {given["name"]: given for given in self.plan["inputs"]}
        self.steps: dict[str, Json] = {}
        self.around: dict[str, tuple[str, ...]] = {}
        self._note(self.plan["steps"], ())
        self.whole = all(self.count(step) is not None for step in self.steps.values() if step["kind"] == "each")

    def _note(self, steps: list[Json], around: tuple[str, ...]) -> None:
        for step in steps:
            self.steps[step["id"]] = step
            self.around[step["id"]] = around
            self._note(step.get("body", []), (*around, step["id"]))

    def count(self, each: Json) -> int | None:
        """How many elements a loop has; nothing where only the data knows."""
        over = each["over"]
        match over["from"]:
            case "shards":
                return len(self.inputs[over["input"]]["shards"])
            case "constant":
                return len(over["value"])
            case "step":
                made = self.steps[over["step"]]
                return self.count(made) if made["kind"] == "each" else None
        raise AssertionError(over)

    def size(self, ref: Json) -> int | None:
        """The bytes of one value; nothing if it is no file."""
        match ref["from"]:
            case "input":
                return int(self.inputs[ref["input"]]["bytes"])
            case "shards":
                given = self.inputs[ref["input"]]
                return int(given["bytes"]) * len(given["shards"])
            case "item":
                return self._element(self.steps[ref["each"]]["over"])
            case "step":
                return self._made(ref)
        return None

    def _made(self, ref: Json) -> int | None:
        step = self.steps[ref["step"]]
        if step["kind"] == "move":
            return int(step["bytes"])
        if step["kind"] == "each":
            one, count = self.size(step["yields"]), self.count(step)
            return None if one is None else one * (1 if count is None else count)
        return next(int(output["bytes"]) for output in step["outputs"] if output["name"] == ref["output"])

    def _element(self, over: Json) -> int | None:
        if over["from"] == "shards":
            return int(self.inputs[over["input"]]["bytes"])
        if over["from"] == "step" and self.steps[over["step"]]["kind"] == "each":
            return self.size(self.steps[over["step"]]["yields"])
        return self.size(over)  # one element may be as large as all

    def turns(self, step: str) -> int | None:
        """How often a step runs; nothing where only the data knows."""
        found = 1
        for each in self.around[step]:
            count = self.count(self.steps[each])
            if count is None:
                return None
            found *= count
        return found

    def refs(self, step: Json) -> list[Json]:
        """What a step reads itself, each value once."""
        refs = list(step["args"].values()) if step["kind"] == "call" else [step["value"]]
        return [json.loads(text) for text in dict.fromkeys(json.dumps(ref, sort_keys=True) for ref in refs)]

    def hands(self) -> Counter[Hand]:
        """All hand-overs of files to steps that run as often as is known."""
        found: Counter[Hand] = Counter()
        for name, step in self.steps.items():
            turns = self.turns(name)
            if step["kind"] == "each" or turns is None:
                continue
            kind = "read" if step["kind"] == "call" else step["kind"]
            for ref in self.refs(step):
                size = self.size(ref)
                if size is not None:
                    found[Hand(name, kind, size * turns)] += 1
        return found

    def written(self) -> int:
        """All that calls write; only where every loop is known."""
        calls = [step for step in self.steps.values() if step["kind"] == "call"]
        return sum(output["bytes"] * (self.turns(step["id"]) or 0) for step in calls for output in step["outputs"])

    def is_slice(self, ref: Json) -> bool:
        """Whether a value is a snapshot's as it came, whole, in part or copied."""
        match ref["from"]:
            case "input" | "shards":
                return True
            case "item":
                return self.is_slice(self.steps[ref["each"]]["over"])
            case "step":
                step = self.steps[ref["step"]]
                if step["kind"] == "move":
                    return self.is_slice(step["value"])
                return step["kind"] == "each" and self.is_slice(step["yields"])
        return False

    # --- the critical path ---

    def weight(self, steps: list[Json]) -> int:
        """The heaviest chain among steps of one body, by bytes read and written, loops in rounds."""
        ids = [step["id"] for step in steps]
        heaviest: dict[str, int] = {}
        for step in steps:  # the plan's order puts each after what it waits for
            needed = {name for name in self._waits(step) if name in ids and name != step["id"]}
            heaviest[step["id"]] = self._own(step) + max((heaviest[name] for name in needed), default=0)
        return max(heaviest.values(), default=0)

    def _own(self, step: Json) -> int:
        if step["kind"] == "each":
            count = self.count(step)
            return self.weight(step["body"]) * -(-(1 if count is None else count) // step["width"])
        read = sum(self.size(ref) or 0 for ref in self.refs(step))
        if step["kind"] == "call":
            return int(read + sum(output["bytes"] for output in step["outputs"]))
        return 2 * read

    def _waits(self, step: Json) -> Iterator[str]:
        yield from step.get("after", ())
        refs = [step["over"], step["yields"]] if step["kind"] == "each" else self.refs(step)
        for ref in refs:
            yield from (value for key, value in ref.items() if key in ("step", "each"))
            yield from (part["each"] for part in ref.get("parts", ()) if isinstance(part, dict) and "each" in part)
        for inner in step.get("body", ()):
            yield from self._waits(inner)
