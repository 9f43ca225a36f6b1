"""Arguments: each once, by place or by name, of the right content."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.types.content import builtin, fits
from tests.types.programs import codes, compiled

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
NAMES = ("a", "b", "c", "d")
CONTENTS = ("File", "Csv", "Parquet", "Dir", "Int", "Float", "String")


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


MAKERS = "".join(
    f'stage make{content}() -> out: {content} {{ run ["x", out] size out 1MiB }}\n'
    for content in ("File", "Csv", "Parquet", "Dir")
)
SCALARS = {"Int": "3", "Float": "0.5", "String": '"text"'}


def program(wanted: list[tuple[str, str]], given_: list[tuple[str, str]]) -> str:
    """A flow that calls a stage once, with what is asked for and what is given."""
    inputs = ", ".join(f"{name}: {content}" for name, content in wanted)
    words = ", ".join(('"x"', *(name for name, _ in wanted)))
    lines = []
    arguments = []
    for index, (label, content) in enumerate(given_):
        value = SCALARS.get(content, f"v{index}")
        if content not in SCALARS:
            lines.append(f"v{index} = make{content}()")
        arguments.append(f"{label}: {value}" if label else value)
    return (
        f"{MAKERS}pod p {{ slots 1 cpu 1 memory 1GiB node 1GiB }}\n"
        f"stage s({inputs}) {{ run [{words}] }}\n"
        f"flow f() on p {{ {' '.join(lines)} s({', '.join(arguments)}) }}\n"
    )


@given(calls())
@QUICK
def test_a_call_is_accepted_where_every_input_gets_one_value_that_fits(
    both: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    wanted, given_ = both
    bound = bound_as_python_does([name for name, _ in wanted], [label for label, _ in given_])
    right = bound is not None and all(
        fits(builtin(given_[bound[name]][1]), builtin(content)) for name, content in wanted
    )
    done = compiled(program(wanted, given_))
    assert done.ok == right, done.diagnostics
    assert {diagnostic.code for diagnostic in done.diagnostics} <= {"T001", "T002"}
    if bound is None:
        assert done.diagnostics


@given(calls())
@QUICK
def test_what_is_broken_already_is_not_told_again(both: tuple[list[tuple[str, str]], list[tuple[str, str]]]) -> None:
    """A value that comes from a mistake goes everywhere: one message, at the mistake."""
    wanted, _ = both
    names = [name for name, content in wanted if content not in SCALARS]
    text = program([(name, "Csv") for name in names], [(name, "Csv") for name in names])
    broken = text.replace("makeCsv()", "makeCsw()").replace("stage makeCsw()", "stage makeCsv()")
    assert codes(broken) == ["N001"] * len(names)


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


#: Flows next to which others are written: one that is called, one that is given a flow.
AROUND = """snapshot ticks { from "t.csv" size 1KiB }
pod p { slots 1  cpu 1  memory 1GiB  volume 1MiB }
stage one(a: Csv) -> b: Csv { run ["cp", a, b] }
flow inner(a: Csv) -> b { b = one(a) }
flow twice(a: Csv, with: stage(Csv) -> Csv) -> b { c = with(a)  b = with(c) }
"""


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("flow main(main: ticks) -> r on p { x = one(main)  r = inner(a: x) }", []),
        ("flow main(t: ticks) -> r on p { main = one(t)  r = inner(main) }", []),
        ("flow main(t: ticks) -> r on p { main = one(t)  r = twice(a: main, with: inner) }", []),
        ("flow main(t: Csv, main: stage(Csv) -> Csv) -> r { r = main(t) }", []),
        ("flow main(t: Csv, main: stage(Csv) -> Csv) -> r { r = twice(t, with: main) }", []),
        (
            "flow a(t: ticks) -> r on p { b = one(t)  r = inner(b) }\nflow b(t: Csv) -> r { a = one(t)  r = inner(a) }",
            [],
        ),
        ("flow main(t: Csv) -> r { r = main(t) }", ["T006"]),
        ("flow main(t: Csv) -> r { r = twice(t, main) }", ["T006"]),
        ("flow main(t: Csv) -> r { r = twice(with: main, a: t) }", ["T006"]),
        ("flow main(t: Csv) -> r { main = one(t)  r = main(main) }", ["T006"]),
        ("flow a(t: Csv) -> r { r = twice(t, with: b) }\nflow b(t: Csv) -> r { r = a(t) }", ["T006"]),
    ],
)
def test_a_value_may_have_the_name_of_a_flow(flow: str, expected: list[str]) -> None:
    assert codes(AROUND + flow) == expected
