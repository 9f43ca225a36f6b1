"""Every break of an example is refused with a code that names it, or shown to do no harm."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.mutation.mutations import TABLE
from tests.mutation.programs import compiled, examples, mutants, outcome


class TextExtension(SingleFileSnapshotExtension):
    """One text file."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


#: Files of programs that are more than one file.
PARTS = ("use", "text", "slices")


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_a_break_is_named_or_harmless(path: Path, snapshot: SnapshotAssertion) -> None:
    assert compiled(path, path.read_text("utf-8")).ok
    lines = []
    for mutation, text in mutants(path):
        if text is None:
            continue
        done = outcome(path, text)
        assert mutation.codes.intersection(done.codes) or done.harmless, (mutation.name, done)
        lines.append(f"{mutation.name:42} {' '.join(done.codes) or f'harmless: {done.harmless}'}")
    assert "\n".join([f"# {path.stem}: what is broken, and what is said of it", *lines, ""]) == snapshot(
        extension_class=TextExtension
    )


def test_there_are_enough_of_them() -> None:
    counts: Counter[str] = Counter()
    for path in examples():
        found = [mutation.name for mutation, text in mutants(path) if text is not None]
        counts.update(found)
        assert len(found) >= 20 or path.stem in PARTS, (path.stem, len(found))
    assert len(TABLE) >= 35 and set(counts) == {mutation.name for mutation in TABLE}
    assert sum(counts.values()) > 600


def test_most_breaks_are_refused() -> None:
    refused = [bool(outcome(path, text).codes) for path in examples() for _, text in mutants(path) if text is not None]
    assert refused.count(False) < len(refused) / 25
