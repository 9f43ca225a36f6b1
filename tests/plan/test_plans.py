"""Every accepted program has a plan: whole, readable by the runtime, its references resolved, nothing unrolled."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podpipec.plan import lower
from podpipec_runtime.plan import types as plan
from podpipec_runtime.plan.codec import decode, encode, encode_compact
from tests.plan.programs import program
from tests.types.programs import compiled

SEEDS = st.integers(0, 2**32)
QUICK = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def planned(text: str) -> plan.Plan:
    """The plan of the flow `main` of a program that nothing is wrong with."""
    done = compiled(text)
    assert not done.diagnostics, (text, done.diagnostics)
    (graph,) = [graph for graph in done.checked.graphs if graph.flow.declared.name.text == "main"]
    return lower(graph)


def steps(body: tuple[plan.Step, ...]) -> Iterator[plan.Step]:
    for step in body:
        yield step
        if isinstance(step, plan.Each):
            yield from steps(step.body)


def refs(step: plan.Step) -> Iterator[plan.Ref]:
    match step:
        case plan.Call():
            yield from step.args.values()
        case plan.Each():
            yield step.over
        case plan.Keep() | plan.Move():
            yield step.value


@given(SEEDS)
@QUICK
def test_a_plan_is_read_back_as_it_was(seed: int) -> None:
    made = planned(program(seed))
    assert decode(encode(made)) == made == decode(encode_compact(made))
    assert encode(decode(encode(made))) == encode(made)


@given(SEEDS)
@QUICK
def test_every_id_is_there_once_and_every_reference_leads_to_what_came_before(seed: int) -> None:
    """Stricter than the runtime asks: the order that the compiler writes down can be run as it stands."""
    made = planned(program(seed))
    ids = [step.id for step in steps(made.steps)]
    assert len(ids) == len(set(ids))
    outputs = {stage.name: {port.name for port in stage.outputs} for stage in made.stages}
    inputs = {given.name for given in made.inputs}

    def resolve(ref: plan.Ref, known: dict[str, set[str]], around: tuple[str, ...]) -> None:
        match ref:
            case plan.StepRef():
                assert ref.output in known[ref.step]
            case plan.ItemRef():
                assert ref.each in around
            case plan.InputRef() | plan.ShardsRef() | plan.WindowsRef():
                assert ref.input in inputs

    def run(body: tuple[plan.Step, ...], outer: dict[str, set[str]], around: tuple[str, ...]) -> dict[str, set[str]]:
        known = dict(outer)
        for step in body:
            assert set(step.after) <= set(known)
            for ref in refs(step):
                resolve(ref, known, around)
            match step:
                case plan.Call():
                    known[step.id] = outputs[step.stage]
                    assert all(0 <= slot < len(made.pod.slots) for slot in step.slots)
                case plan.Each():
                    inside = run(step.body, known, (*around, step.id))
                    resolve(step.yields, inside, (*around, step.id))
                    known[step.id] = {""}
                case plan.Move():
                    known[step.id] = {""}
                case plan.Keep():
                    known[step.id] = set()
        return known

    known = run(made.steps, {}, ())
    for result in made.results:
        resolve(result.value, known, ())
    for life in made.lifetimes:
        assert set(life.until) <= set(ids) and (not life.scope or life.scope in ids)


@given(SEEDS)
@QUICK
def test_slots_hold_what_is_put_into_them_and_fit_the_pod(seed: int) -> None:
    made = planned(program(seed))
    stages = {stage.name: stage for stage in made.stages}
    for step in steps(made.steps):
        if isinstance(step, plan.Call):
            for slot in step.slots:
                assert made.pod.slots[slot].cpu >= stages[step.stage].cpu
                assert made.pod.slots[slot].memory >= stages[step.stage].memory
    assert sum(slot.cpu for slot in made.pod.slots) <= made.pod.cpu
    assert {stage.name for stage in made.stages} == {
        step.stage for step in steps(made.steps) if isinstance(step, plan.Call)
    }
    sizes = {place.name: place.bytes for place in made.pod.places}
    assert all(peak.bytes <= sizes[peak.place] for peak in made.peaks)


def skeleton(made: plan.Plan) -> object:
    """A plan without the names of the shards and without its amounts."""
    data = json.loads(encode(made))

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items() if key != "shards"}
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        return 0 if isinstance(value, int) and not isinstance(value, bool) else value

    return bare(data)


@given(SEEDS, st.integers(5, 3000))
@QUICK
def test_nothing_is_unrolled_over_shards(seed: int, shards: int) -> None:
    few, many = planned(program(seed, shards=5)), planned(program(seed, shards=shards))
    assert skeleton(few) == skeleton(many)


@given(SEEDS)
@QUICK
def test_remarks_and_line_breaks_change_nothing(seed: int) -> None:
    text = program(seed)
    spread = "# said before\n" + text.replace("\n", "  # here\n\n").replace(") -> ", ")\n->  # there\n")
    assert encode(planned(text)) == encode(planned(spread))


@given(SEEDS, st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_declarations_is_free(seed: int, random: object) -> None:
    text = program(seed)
    blocks = text.replace("\nstage ", "\0stage ").replace("\nflow ", "\0flow ").split("\0")
    head, rest = blocks[0], blocks[1:]
    random.shuffle(rest)  # type: ignore[attr-defined]  # hypothesis gives a Random
    one, other = planned(text), planned("\n".join([*rest, head]))
    assert {stage.name for stage in one.stages} == {stage.name for stage in other.stages}
    assert encode(one) == encode(other)


@pytest.mark.parametrize("seed", range(5))
def test_the_generator_makes_what_it_says(seed: int) -> None:
    texts = [program(number) for number in range(seed * 40, seed * 40 + 40)]
    words = ("each ", "keep ", "move ", " after ", "pair(", "split(", "many(", "f0(", ".shards", " in volume", "in [0")
    for word in words:
        assert any(word in text for text in texts), word
    assert len(set(texts)) == len(texts)
