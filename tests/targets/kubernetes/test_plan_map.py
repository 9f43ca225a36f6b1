"""The plan in its ConfigMap: what comes out of the text is the plan that went in."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import Any

import msgspec
import pytest
import yaml

from podpipec.targets.kubernetes import KubernetesOptions, Refused, manifests
from podpipec.targets.yaml import dump
from podpipec_runtime.plan.codec import decode, encode
from podpipec_runtime.plan.types import Code, Plan
from tests.targets import plans

ODD = "\x00\x07\t\r\n \n\u0085\u00a0\u2028\u2029\ufeff\ufffe\uffff\x7f\x9f größer 中 🚀 # : - ' \" \\u0041 {{x}} \n"


def with_code(text: str) -> Plan:
    plan = plans.minimal()
    stage = msgspec.structs.replace(plan.stages[0], code=Code(name="x.py", text=text))
    return msgspec.structs.replace(plan, stages=(stage,))


def noise(size: int) -> str:
    """Text that hardly compresses, the same every time."""
    blocks = (hashlib.sha512(str(number).encode()).digest() for number in range(size // 88 + 1))
    return "".join(base64.b64encode(block).decode() for block in blocks)


def emitted(plan: Plan) -> dict[str, dict[str, Any]]:
    return {body["kind"]: body for body in yaml.safe_load_all(dump(manifests(plan)))}


@pytest.mark.parametrize("text", [ODD, "", "\n", " leading", "x\ny"])
def test_text_comes_back(text: str) -> None:
    plan = with_code(text)
    assert decode(emitted(plan)["ConfigMap"]["data"]["plan.json"].encode()) == plan


def test_text_is_a_block_that_a_person_can_read() -> None:
    lines = dump(manifests(with_code(ODD))).splitlines()
    at = lines.index("  plan.json: |")
    assert lines[at + 1] == "    {"
    assert any("größer 中 \\ud83d\\ude80 # : - ' \\\" \\\\u0041 {{x}}" in line for line in lines)


def test_a_long_plan_is_compressed_and_found_by_the_quarterback() -> None:
    plan = with_code("a long constant\n" * 100_000)
    bodies = emitted(plan)
    config = bodies["ConfigMap"]
    assert "data" not in config
    assert len(encode(plan)) > 1 << 20
    packed = base64.b64decode(config["binaryData"]["plan.json.gz"])
    assert decode(gzip.decompress(packed)) == plan
    assert packed[4:8] + packed[9:10] == b"\0\0\0\0\xff", "neither the time nor the system is in it"
    quarterback = bodies["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    assert "--plan=/podpipec/plan/plan.json.gz" in quarterback["args"]


def test_a_plan_that_no_map_holds_is_refused() -> None:
    with pytest.raises(Refused, match=r"when compressed; a ConfigMap holds 921,600"):
        manifests(with_code(noise(1_600_000)))


def names(plan: Plan, **options: Any) -> tuple[str, str]:
    bodies = {manifest.kind: manifest.body for manifest in manifests(plan, KubernetesOptions(**options))}
    spec: Any = bodies["StatefulSet"]
    volumes = spec["spec"]["template"]["spec"]["volumes"]
    mounted = next(entry["configMap"]["name"] for entry in volumes if "configMap" in entry)
    config: Any = bodies["ConfigMap"]
    assert config["immutable"] is True
    return config["metadata"]["name"], mounted


def test_another_plan_is_another_map() -> None:
    name, mounted = names(with_code("1"))
    assert name == mounted
    assert name.startswith("hourly-plan-")
    assert len({name, names(with_code("2"))[0], names(with_code("1"), name="other")[0]}) == 3
    assert names(with_code("1"), tmp=5)[0] == name
