"""Arguments: each once, by place or by name, of the right content."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.source import Source, Span
from podpipec.syntax import parse, tree
from podpipec.types.calls import arguments
from podpipec.types.content import UNKNOWN, builtin, fits
from podpipec.types.typed import FromStep, Port, Value
from tests.types.programs import codes

QUICK = settings(max_examples=400, deadline=None, derandomize=True)
NOWHERE = Span("x.flow", 0, 0)
NAMES = ("a", "b", "c", "d")
CONTENTS = ("File", "Csv", "Parquet", "Dir", "Int", "Float", "String")


def given_by(names: Sequence[str], contents: Sequence[str]) -> tuple[tree.Call, list[tuple[tree.Argument, Value]]]:
    """A call with one argument for each content; an empty name is an argument by place."""
    written = ", ".join(f"{name}: v{index}" if name else f"v{index}" for index, name in enumerate(names))
    (const,) = parse(Source("x.flow", f"const x = s({written})")).module.declarations
    assert isinstance(const, tree.Const) and isinstance(const.value, tree.Call)
    call = const.value
    values = [Value(FromStep(f"v{at}", "out"), builtin(content), call.span) for at, content in enumerate(contents)]
    return call, list(zip(call.arguments, values, strict=True))


@st.composite
def calls(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is asked for, and what is given: names and contents."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    wanted = [(name, draw(st.sampled_from(CONTENTS))) for name in names]
    labels = st.sampled_from(("", "", *NAMES, "zz"))
    contents = st.sampled_from(CONTENTS)
    given_ = draw(
        st.one_of(
            st.lists(st.tuples(labels, contents), max_size=5),
            st.permutations([(name, content) for name, content in wanted]),
            st.just([("", content) for _, content in wanted]),
        )
    )
    return wanted, list(given_)


def bound_as_python_does(names: list[str], labels: list[str]) -> dict[str, int] | None:
    """Python's own rule, which lets nothing follow a name but names; ours also lets places follow."""
    taken: dict[str, int] = {}
    places = iter(names)
    for index, label in enumerate(labels):
        name = label or next(places, None)
        if name is None or name not in names or name in taken:
            return None
        taken[name] = index
    return taken if len(taken) == len(names) else None


@given(calls())
@QUICK
def test_a_call_is_accepted_where_every_input_gets_one_value_that_fits(
    both: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    wanted, given_ = both
    ports = [Port(name, builtin(content), None, NOWHERE) for name, content in wanted]
    call, values = given_by([label for label, _ in given_], [content for _, content in given_])
    found: list[Diagnostic] = []
    args = arguments("the stage `s`", call, values, ports, NOWHERE, found)
    bound = bound_as_python_does([name for name, _ in wanted], [label for label, _ in given_])
    right = bound is not None and all(
        fits(builtin(given_[bound[name]][1]), builtin(content)) for name, content in wanted
    )
    assert (args is not None) == right == (not found)
    if args is not None and bound is not None:
        assert list(args) == [name for name, _ in wanted]
        assert {name: value.origin for name, value in args.items()} == {
            name: FromStep(f"v{index}", "out") for name, index in bound.items()
        }


@given(calls())
@QUICK
def test_what_is_broken_already_is_not_told_again(
    both: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    wanted, _ = both
    ports = [Port(name, builtin(content), None, NOWHERE) for name, content in wanted]
    call, values = given_by([name for name, _ in wanted], ["File"] * len(wanted))
    unknown = [(argument, value._replace(origin=None, content=UNKNOWN)) for argument, value in values]
    found: list[Diagnostic] = []
    arguments("the stage `s`", call, unknown, ports, NOWHERE, found)
    assert not found


PROGRAM = """
snapshot t: Csv {{ from "t/{{shard}}" shards 2 size 1MiB }}
snapshot u: Csv {{ from "u" size 1MiB }}
pod p {{ slots 1 cpu 1 memory 1GiB node 1GiB volume 1GiB }}
stage one(a: Csv) -> b: Parquet {{ run ["x", a, b] }}
stage two(a: Parquet, n: Int) -> b: Parquet {{ run ["x", a, n, b] }}
stage all(parts: Parquet[]) -> b: Parquet {{ run ["x", parts, b] }}
flow inner(s: t) -> r {{ r = one(s) }}
flow main(t: t, u: u) -> r on p {{
  r = each s in t.shards {{
    {line}
  }}
}}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("one(s)", []),
        ("one(a: s)", []),
        ("inner(s)", []),
        ("inner(u)", ["T001"]),
        ("one()", ["T002"]),
        ("one(s, s)", ["T002"]),
        ("one(a: s, a: s)", ["T002"]),
        ("one(b: s)", ["T002"]),
        ("one(3)", ["T001"]),
        ("one(one(s))", ["T008"]),
        ('x = one(s) two(x, "3")', ["T001"]),
        ("x = one(s) two(x, 3)", []),
        ("x = one(s) two(n: 3, a: x)", []),
        ("x = one(s) two(x, 3GiB)", ["T001"]),
        ("x = one(s) all(x)", ["T001"]),
        ("on(s)", ["N001"]),
        ("t(s)", ["T004"]),
        ("p(s)", ["T004"]),
    ],
)
def test_calls_in_a_program(line: str, expected: list[str]) -> None:
    assert codes(PROGRAM.format(line=line)) == expected
