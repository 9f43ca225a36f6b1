"""What is emitted for plans written by hand, whole, as a reviewer would read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from podpipec.targets.kubernetes import KubernetesOptions, manifests
from podpipec.targets.yaml import dump
from podpipec_runtime.plan.types import Plan
from tests.targets import plans


class YamlExtension(SingleFileSnapshotExtension):
    """One YAML file a golden."""

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"


EVERY_OPTION = KubernetesOptions(
    name="nightly",
    namespace="lab",
    labels={"team": "risk", "example.com/cost-centre": "1e3"},
    quarterback_image="registry.example/quarterback:1.0",
    quarterback_cpu=2000,
    quarterback_memory=1 << 30,
    image_pull_policy="Always",
    image_pull_secrets=("registry-login",),
    node_selector={"disk": "ssd"},
    run_as_user=1000,
    read_only_root=False,
    tmp=2 << 30,
    node_place="emptydir",
    volume_storage_class="fast",
)


@pytest.mark.parametrize(
    ("plan", "options"),
    [
        pytest.param(plans.minimal, KubernetesOptions(), id="minimal"),
        pytest.param(plans.every_place, KubernetesOptions(namespace="lab"), id="every-place"),
        pytest.param(plans.exclusive, KubernetesOptions(), id="exclusive"),
        pytest.param(plans.per_shard, KubernetesOptions(), id="per-shard"),
        pytest.param(plans.beside, KubernetesOptions(), id="beside"),
        pytest.param(plans.per_shard, EVERY_OPTION, id="every-option"),
    ],
)
def test_manifests(plan: Callable[[], Plan], options: KubernetesOptions, snapshot: SnapshotAssertion) -> None:
    assert dump(manifests(plan(), options)) == snapshot(extension_class=YamlExtension)
