"""The plan: its types, its strict reading and writing, and its JSON Schema."""
