"""The plan and the manifests of every example: whole, as a reviewer would read them, and the same everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from podpipec_runtime.plan.codec import decode_any
from tests.examples.cases import FLIGHTS, ROOT, Case, cases, podpipec

CASES = [*cases(), Case("flights", str((FLIGHTS / "flights.flow").relative_to(ROOT)), ())]
WIDEST = [case for case in CASES if case.name in ("flights", "each_list", "flow_calls", "pods_and_places", "use")]


class JsonExtension(SingleFileSnapshotExtension):
    """One JSON file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"


class YamlExtension(SingleFileSnapshotExtension):
    """One YAML file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"


def output(command: str, case: Case, path: str = "", cwd: Path = ROOT, seed: str = "random") -> str:
    """What a command prints for an example."""
    params = [word for name, value in case.params.items() for word in ("--param", f"{name}={value}")]
    quiet = ["-q"] if command == "build" else []
    done = podpipec(command, path or case.path, *params, *quiet, cwd=cwd, seed=seed)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plan(case: Case, snapshot: SnapshotAssertion) -> None:
    text = output("plan", case)
    decode_any(text.encode())  # raises if the runtime would refuse it
    assert text == snapshot(extension_class=JsonExtension)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_manifests(case: Case, snapshot: SnapshotAssertion) -> None:
    text = output("build", case)
    documents = list(yaml.safe_load_all(text))
    assert {"ServiceAccount", "Role", "RoleBinding", "Service", "ConfigMap", "StatefulSet"} <= {
        document["kind"] for document in documents
    }
    golden = f"# podpipec build {case.path}\n{text}"
    assert list(yaml.safe_load_all(golden)) == documents
    assert golden == snapshot(extension_class=YamlExtension)


@pytest.mark.parametrize("case", WIDEST, ids=lambda case: case.name)
@pytest.mark.parametrize("command", ["plan", "build"])
def test_the_same_bytes_whatever_hash_seed_and_folder(command: str, case: Case, tmp_path: Path) -> None:
    here = output(command, case, seed="0")
    there = output(command, case, path=str(ROOT / case.path), cwd=tmp_path, seed="4242")
    assert here == there
    assert str(ROOT) not in there, "nothing of this machine"
