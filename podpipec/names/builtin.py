"""The names that every program has: content types, scalars and functions."""

from __future__ import annotations

#: Content types and their parents: a value is good wherever its parent is asked for.
CONTENTS: dict[str, str | None] = {
    "File": None,
    "Dir": None,
    "Parquet": "File",
    "Arrow": "File",
    "Csv": "File",
    "Json": "File",
    "Text": "File",
    "Flow": "Text",
}

#: Content types that are of what they hold, as in `Tree<Csv>`, and their parents. A pipe is no file.
HOLDING: dict[str, str | None] = {"Tree": "Dir", "Graph": "Dir", "Stream": None}

#: What a file's ending says about its content.
ENDINGS = {
    ".parquet": "Parquet",
    ".arrow": "Arrow",
    ".feather": "Arrow",
    ".csv": "Csv",
    ".json": "Json",
    ".txt": "Text",
    ".flow": "Flow",
}

SCALARS = ("Int", "Float", "Size", "Duration", "Bool", "String")

CONSTANTS = ("true", "false")

FUNCTIONS = ("max", "min")
