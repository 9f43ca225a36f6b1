"""The plan's JSON Schema, generated from its types.

`python -m podpipec_runtime.plan.schema` prints what is checked in as `plan.schema.json`.
"""

from __future__ import annotations

import sys

import msgspec

from podpipec_runtime.plan.types import VERSION, Plan


def schema() -> bytes:
    """The schema as indented JSON, the same bytes every time."""
    body = msgspec.json.schema(Plan)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"podpipec plan {VERSION}"}
    return msgspec.json.format(msgspec.json.encode({**head, **body}), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
