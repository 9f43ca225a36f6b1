"""What a key covers, and what it doesn't."""

from __future__ import annotations

from msgspec.structs import replace

from podpipec_runtime.interpreter.keys import call_key, stage_digest, stage_parts, value_digest
from podpipec_runtime.interpreter.values import Data, Instance, Items, Scalar
from podpipec_runtime.plan.types import Code
from podpipec_runtime.reasons import reason
from tests.runtime.plans import MIB, shell

STAGE = shell("one", "cat {a} > {out}", ["a"])


def test_a_key_changes_with_what_can_change_the_bytes() -> None:
    others = [
        replace(STAGE, image="x"),
        shell("one", "cat  {a} > {out}", ["a"]),
        replace(STAGE, code=Code(name="x", text="1")),
        replace(STAGE, code=Code(name="x", text="2")),
        shell("one", "cat {a} > {out}", ["a"], {"out": "Csv"}),
        shell("one", "cat {a} > {res}", ["a"], ["res"]),
    ]
    digests = {stage_digest(stage_parts(stage)) for stage in [STAGE, *others]}
    assert len(digests) == 1 + len(others)
    inputs = [(), (("a", "data 1"),), (("a", "data 2"),), (("b", "data 1"),), (("a", "text 1"),)]
    assert len({call_key(digest, each) for digest in digests for each in inputs}) == len(digests) * len(inputs)


def test_a_key_does_not_change_with_how_it_is_run() -> None:
    same = replace(STAGE, name="other", cpu=9, memory=9 * MIB, retry=3, timeout=9)
    assert stage_digest(stage_parts(same)) == stage_digest(stage_parts(STAGE))


def data(name: str, elements: tuple[Data, ...] | None = None, place: str = "ram") -> Data:
    return Data(name, 1, place, name, Instance("x"), "", elements)  # type: ignore[arg-type]  # a place


def test_a_list_is_its_elements_however_it_is_held() -> None:
    elements = (data("1"), data("2"))
    assert value_digest(data("folder", elements)) == value_digest(Items(elements))
    assert value_digest(Items(elements)) != value_digest(Items(elements[::-1]))
    assert value_digest(Items((Items(elements),))) != value_digest(Items(elements))
    assert value_digest(data("1", place="node")) == value_digest(data("1"))
    assert value_digest(Scalar("1")) != value_digest(data("1"))


def test_reasons() -> None:
    now = replace(stage_parts(STAGE), inputs=(("a", "1"), ("b", "2")))
    assert reason(now, None) == "never ran"
    assert reason(now, replace(now, inputs=(("a", "1"), ("b", "3")))) == "input b changed"
    assert reason(now, replace(now, image="x", code="y")) == "its image, code changed"
    assert reason(now, replace(now, command="x", inputs=())) == "its command and input a and input b changed"
    assert reason(now, now) == "its result is no longer known"
