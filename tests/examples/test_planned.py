"""What is planned and not run: `check` and `build` take it, `run` refuses it before anything starts, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.cli import status
from tests.examples.cases import FEATURES, ROOT, planned, podpipec


def test_the_index_has_every_example() -> None:
    assert set(planned()) == {str(path.relative_to(ROOT)) for path in (FEATURES / "planned").glob("*.flow")}


@pytest.mark.parametrize("path", planned(), ids=lambda path: Path(path).stem)
def test_is_built_and_not_run(path: str, tmp_path: Path) -> None:
    assert podpipec("check", path, "--types").returncode == status.OK
    built = podpipec("build", path)
    assert built.returncode == status.OK and "kind: ConfigMap" in built.stdout
    work = tmp_path / "work"
    refused = podpipec("run", path, "--window", "2024-01-01", "--work", str(work))
    assert refused.returncode == status.USAGE
    assert "needs what only a cluster has" in refused.stderr
    assert not work.exists()
