"""Mistakes do not hide each other: each is told where it is, and what is well formed around them is kept."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podpipec.diagnostics import Diagnostic
from podpipec.source import Source
from podpipec.syntax import parse, tree
from tests.syntax.nodes import shape

QUICK = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

#: A program in which each line is a whole declaration, setting or statement, or opens or closes a block.
PROGRAM = """\
use common { Trades }
param top: Int = 10
const cap = 2 * 64MiB
type Rows = Csv
snapshot ticks: Csv {
  from   "ticks/{shard}.csv"
  shards 16
  size   6GiB
}
pod bench {
  slots  3
  cpu    8 exclusive
  memory 48GiB
  node   200GiB
}
stage clean(raw: Csv) -> book: Parquet {
  run    ["clean", raw, book]
  cpu    2
  size   book 2 * raw
}
flow hourly(t: ticks) -> report on bench {
  book = clean(t)
  each s in t.shards {
    one = clean(s)
    keep one in node
  }
  report = merge(book, "x") after book
  note(book)
  keep report in node
}
const last = 1
""".splitlines()

#: Broken statements, by the kind of block that they may stand in. None is the beginning of something longer.
IN_BLOCKS = (
    "x = = y",
    "= 5",
    "keep x at node",
    "5",
    '"lonely"',
    "x = 5 5",
    "x = f(1 2)",
    "x = (1, 2)",
    "x = [1 2]",
    ", ,",
    ")",
    "]",
    "x = ?",
    "$x",
    'x = "abc',
    "from 3: x",
    "x = a..b",
    "-> y",
)
AT_THE_TOP = (
    "x = 5",
    "const = 5",
    "param x Int",
    "flwo f() { }",
    "5",
    ") (",
    "type T = = U",
    "const c = (1, 2)",
    "ü",
    "]",
)

#: For each line of the program, what block it stands in: nothing for the top level.
BLOCK_OF: list[str] = []
_open: list[str] = []
for _line in PROGRAM:
    BLOCK_OF.append(_open[-1] if _open else "")
    if _line.endswith("{"):
        _open.append(_line.split()[0])
    elif _line.strip() == "}":
        BLOCK_OF[-1] = _open.pop()


def lines_of(text: str) -> tuple[set[int], tuple[Diagnostic, ...]]:
    """The lines (from 0) on which the diagnostics stand."""
    source = Source("x.flow", text)
    found = parse(source).diagnostics
    return {source.position(diagnostic.span.start).line - 1 for diagnostic in found}, found


def declared(text: str) -> list[tuple[str, str]]:
    """The kind and name of each declaration that was kept."""
    kept = parse(Source("x.flow", text)).module.declarations
    return [(type(one).__name__, "" if isinstance(one, tree.Use) else one.name.text) for one in kept]


def test_the_program_is_right() -> None:
    assert parse(Source("x.flow", "\n".join(PROGRAM))).diagnostics == ()


@given(st.data())
@QUICK
def test_mistakes_are_told_on_their_lines_and_nowhere_else(data: st.DataObject) -> None:
    places = sorted(data.draw(st.sets(st.integers(0, len(PROGRAM) - 1), min_size=1, max_size=6)))
    text: list[str] = []
    broken: set[int] = set()
    for number, line in enumerate(PROGRAM):
        if number in places:
            broken.add(len(text))
            if BLOCK_OF[number]:
                text.append("    " + data.draw(st.sampled_from(IN_BLOCKS)))
            else:
                text.append(data.draw(st.sampled_from(AT_THE_TOP)))
        text.append(line)
    whole = "\n".join(text)
    told, found = lines_of(whole)
    assert told == broken, found
    assert set(declared("\n".join(PROGRAM))) <= set(declared(whole))


@given(st.data())
@QUICK
def test_what_is_well_formed_around_a_mistake_is_kept_as_it_was(data: st.DataObject) -> None:
    """A broken line in one declaration leaves all others as they were."""
    inside = [number for number, block in enumerate(BLOCK_OF) if block]
    number = data.draw(st.sampled_from(inside))
    lines = [*PROGRAM[:number], "    " + data.draw(st.sampled_from(IN_BLOCKS)), *PROGRAM[number:]]
    before = parse(Source("x.flow", "\n".join(PROGRAM))).module.declarations
    after = parse(Source("x.flow", "\n".join(lines))).module.declarations
    assert len(after) == len(before)
    same = [shape(one) == shape(other) for one, other in zip(before, after, strict=True)]
    assert same.count(False) <= 1


def test_a_statement_after_a_broken_one_is_kept() -> None:
    text = "flow f() {\n  a = s()\n  b = = s()\n  c = s()\n  keep c at\n  d = s()\n}\n"
    parsed = parse(Source("x.flow", text))
    flow = parsed.module.declarations[0]
    assert isinstance(flow, tree.Flow)
    assert [one.name.text for one in flow.body if isinstance(one, tree.Let)] == ["a", "c", "d"]
    assert len(parsed.diagnostics) == 2


@pytest.mark.parametrize("count", range(1, 20))
def test_n_mistakes_in_n_declarations_give_n_diagnostics(count: int) -> None:
    lines = [f"const c{number} = = {number}\nconst d{number} = {number}" for number in range(count)]
    parsed = parse(Source("x.flow", "\n".join(lines)))
    assert [found.code for found in parsed.diagnostics] == ["P001"] * count
    kept = {one.name.text for one in parsed.module.declarations if isinstance(one, tree.Const)}
    assert kept >= {f"d{number}" for number in range(count)}


def test_after_twenty_mistakes_a_file_is_given_up_and_says_so() -> None:
    found = parse(Source("x.flow", "const c = = 1\n" * 100)).diagnostics
    assert [one.code for one in found] == ["P001"] * 20 + ["P007"]


@pytest.mark.parametrize("word", ["stage", "pod", "snapshot", "flow", "const", "param", "type", "use"])
def test_a_missing_brace_costs_one_message(word: str) -> None:
    after = {
        "stage": 'stage s() { run ["x"] }',
        "pod": "pod p { slots 1 }",
        "snapshot": "snapshot n { size 1B }",
        "flow": "flow g() { }",
        "const": "const c = 1",
        "param": "param p: Int",
        "type": "type T = Csv",
        "use": "use a { b }",
    }[word]
    text = f"flow f() {{\n  each s in x {{\n    a = s(s)\n{after}\nconst last = 1\n"
    parsed = parse(Source("x.flow", text))
    (found,) = parsed.diagnostics
    assert found.code == "P003" and len(found.labels) == 2
    assert [type(one) for one in parsed.module.declarations][-1] is tree.Const
    assert len(parsed.module.declarations) == 3


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('snapshot t { form "x" }', "P004", "did you mean `from`?"),
        ("pod p { memroy 1GiB }", "P004", "did you mean `memory`?"),
        ("pod p { colour 3 }", "P004", "a pod has the settings"),
        ("stge s() {}", "P004", "did you mean `stage`?"),
        ("flow f() {\n  kep x in node\n}", "P004", "did you mean `keep`?"),
        ('const c = "abc', "P002", "close it"),
        ('const c = """abc', "P002", 'close it with `"""`'),
        ("flow f() {\n  x = f(a\n  y = g()\n}", "P003", ""),
        ("flow f() {\n  ## no\n  x = f(a)\n}", "P005", "write `#`"),
        ("const c = 1 §", "P001", ""),
        ("const c = $x", "P001", ""),
        ("const c =", "P001", ""),
        ("const c = [1", "P003", ""),
        ("## lonely", "P005", "write `#`"),
    ],
)
def test_what_is_said(text: str, code: str, said: str) -> None:
    (found,) = parse(Source("x.flow", text)).diagnostics
    assert found.code == code
    assert said in " ".join(found.help)


def test_fixes_mend_the_source() -> None:
    for text in ('snapshot t { form "x" }', "pod p { memroy 1GiB }", "stge s() {}", "flow f() {\n  kep x in node\n}"):
        (found,) = parse(Source("x.flow", text)).diagnostics
        assert found.fix is not None
        mended = text[: found.fix.span.start] + found.fix.replacement + text[found.fix.span.end :]
        assert parse(Source("x.flow", mended)).diagnostics == ()
