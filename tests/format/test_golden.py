"""What programs look like when they are laid out: each case's text above, what `podpipec fmt` makes of it below."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from podpipec.format import formatted
from podpipec.source import Source
from tests.diagnostics.programs import TextExtension
from tests.syntax import corpus

CASES = sorted((Path(__file__).parent / "cases").glob("*.flow"))
OURS = [*(corpus.ROOT / "examples").rglob("*.flow"), *(corpus.ROOT / "stdlib").rglob("*.flow")]


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_what_it_looks_like(path: Path, snapshot: SnapshotAssertion) -> None:
    text = path.read_bytes().decode()
    done = formatted(Source(path.name, text))
    said = "".join(f"{one.code}: {one.message}\n" for one in done.diagnostics)
    shown = f"{text}════ laid out\n{done.text}" if not said else f"{text}════ left alone\n{said}"
    assert visible(shown) == snapshot(extension_class=TextExtension)


def visible(text: str) -> str:
    """Carriage returns and tabs, which a golden file would not show."""
    return text.replace("\r", "␍").replace("\t", "␉")


@pytest.mark.parametrize("path", OURS, ids=[path.stem for path in OURS])
def test_our_own_programs_are_laid_out(path: Path) -> None:
    text = path.read_bytes().decode()
    assert formatted(Source(path.name, text)).text == text
