"""Makes the helpers beside the tests importable, and the repository's packages to processes of the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of this repository, by their names."""
    from tests.house.repository import linked

    return linked(tmp_path_factory.mktemp("packages"))
