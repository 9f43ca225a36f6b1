"""Following `use`: each file once, circles with their whole way, and a plain answer for what is no program."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec.names.loading import LARGEST_CODE, Unreadable, beside, load
from tests.types.programs import codes, compiled
from tests.types.test_order import reachable

QUICK = settings(max_examples=200, deadline=None, derandomize=True)


@given(st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=6))
@QUICK
def test_each_file_is_read_once_and_circles_are_told_with_their_way(uses: list[set[int]]) -> None:
    count = len(uses)
    uses = [{other for other in used if other < count} for used in uses]
    read: list[str] = []

    def reader(path: str) -> bytes:
        read.append(path)
        index = int(path.removeprefix("f").removesuffix(".flow"))
        lines = [f"use f{other} {{ c{other} }}" for other in sorted(uses[index])]
        return "\n".join([*lines, f"const c{index} = {index}"]).encode()

    program, found = load("f0.flow", reader)
    reach = reachable(uses)
    wanted = {0} | reach[0]
    assert sorted(read) == sorted(program.files) == sorted(f"f{index}.flow" for index in wanted)
    circular = {index for index in wanted if index in reach[index]}
    assert {one.code for one in found} == ({"N007"} if circular else set())
    for one in found:
        way = [int(number) for number in re.findall(r"`f(\d+)\.flow`", one.notes[0])]
        assert way[0] == way[-1] and all(other in uses[index] for index, other in pairwise(way))
        assert set(way) <= circular


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00binary", "P008"),
        (b"const a = 1\xff", "P008"),
        (b"const a\0 = 1", "P008"),
        (b"\x7fELF\x02\x01\x01\x00", "P008"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, code: str) -> None:
    program, found = load("x.flow", lambda path: content)
    assert [one.code for one in found] == [code] and not program.files


def test_an_empty_file_and_a_mark_of_byte_order_are_no_mistakes() -> None:
    assert load("x.flow", lambda path: b"")[1] == ()
    program, found = load("x.flow", lambda path: "\ufeffconst a = 1".encode())
    assert found == () and len(program.files["x.flow"].module.declarations) == 1


def test_a_file_that_cannot_be_read_is_told_where_it_is_named() -> None:
    done = compiled("use other { a }\n", unused="")
    (found,) = done.diagnostics
    assert found.code == "N006" and found.span.start == len("use ")


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("a.flow", "b.flow", "b.flow"),
        ("x/a.flow", "b.flow", "x/b.flow"),
        ("x/a.flow", "../b.flow", "b.flow"),
        ("x/a.flow", "y/b.py", "x/y/b.py"),
        ("x/a.flow", "/b.py", "/b.py"),
        ("../a.flow", "b.flow", "../b.flow"),
    ],
)
def test_paths_are_seen_from_the_file_that_names_them(path: str, other: str, expected: str) -> None:
    assert beside(path, other) == expected


CODE = 'stage s() -> out: Csv { code "s.py" run ["python3", code, out] }\n'


@pytest.mark.parametrize(
    ("content", "wrong"),
    [(b"print()", []), (b"x" * LARGEST_CODE, []), (b"x" * (LARGEST_CODE + 1), ["N006"]), (b"\xff", ["N006"])],
)
def test_code_files_travel_if_they_are_small_texts(content: bytes, wrong: list[str]) -> None:
    program, found = load("x/m.flow", lambda path: CODE.encode() if path == "x/m.flow" else content)
    assert [one.code for one in found] == wrong
    assert list(program.code) == ([] if wrong else ["x/s.py"])


def test_a_missing_code_file_is_told() -> None:
    _, (found,) = load(
        "m.flow", lambda path: CODE.encode() if path == "m.flow" else Unreadable("there is no such file")
    )
    assert found.code == "N006" and "s.py" in found.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use other { a }\nconst b = a\n", []),
        ("use other { a, a }\nconst b = a\n", []),
        ("use other { z }\n", ["N001"]),
        ("use other { a }\nconst a = 2\n", ["N002"]),
        ("use other { a }\nuse third { a }\n", ["N002"]),
        ("use third { again }\nconst b = again\n", ["N001", "N001"]),
        ("const c = a\n", ["N001"]),
        ("const max = 1\n", ["N002"]),
        ("const true = 1\n", ["N002"]),
        ("const a = 1\nconst a = 2\n", ["N002"]),
        ("const a = b\nconst b = a\n", ["T005"]),
        ("use lib.deep { x }\n", ["N006"]),
        ("use std.nothing { x }\n", ["N006"]),
    ],
)
def test_scopes(text: str, expected: list[str]) -> None:
    found = codes(text, other="const a = 1\n", third="const a = 3\n")
    assert found == expected
