"""The JSON Schema of plans, those of one pod and those across pods, generated from their types.

`python -m podpipec_runtime.plan.schema` prints what is checked in as `plan.schema.json`.
"""

from __future__ import annotations

import sys
from inspect import cleandoc

import msgspec

from podpipec_runtime.plan.types import VERSION, Macro, Plan


def schema() -> bytes:
    """The schema as indented JSON, the same bytes every time."""
    either, parts = msgspec.json.schema_components((Plan, Macro), ref_template="#/$defs/{name}")
    for part in parts.values():
        if "description" in part:  # Python 3.13 takes the indentation of docstrings away, those before leave it
            part["description"] = cleandoc(part["description"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"podpipec plan {VERSION}"}
    return msgspec.json.format(msgspec.json.encode({**head, "anyOf": either, "$defs": parts}), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
