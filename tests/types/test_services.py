"""`service`, `secret`, and what stages say of them: typed as written, and what becomes of stability."""

from __future__ import annotations

import os

import pytest

from podpipec.graph.stability import stability
from podpipec.types.services import _VARIABLES
from podpipec_runtime.attempts import USUAL, environment
from tests.types.programs import codes, compiled

_BEGINNING = """
service quotes { url "https://{host}/v1" }
service orders { url "tcp://orders.example:9000" }
secret token
param host: String = "quotes.example"
snapshot ticks { from "ticks/{shard}.csv"  shards 4  size 1MiB }
pod bench { slots 1  cpu 1  memory 4GiB  volume 1GiB }
stage fetch(day: Csv) -> raw: Csv {
  calls quotes  calls orders  secret token  idempotent
  run ["fetch", quotes, "--at={orders}/x", day, raw]
}
stage clean(day: Csv) -> book: Csv { run ["clean", day, book] }
stage cut(day: Csv) -> parts: Csv[] { run ["cut", day, parts] }
stage join(parts: Csv[]) -> whole: Csv { run ["join", parts, whole] }
"""


def test_a_stage_knows_its_services_by_their_urls() -> None:
    checked = compiled(_BEGINNING, {"host": "h"}).checked
    stage = next(one for one in checked.typed.stages.values() if one.name.text == "fetch")
    assert [(one.name.text, one.url) for one in stage.calls] == [
        ("quotes", "https://h/v1"),
        ("orders", "tcp://orders.example:9000"),
    ]
    assert [one.variable for one in stage.secrets] == ["TOKEN"]
    assert stage.idempotent
    assert stage.command.words[1:3] == (("https://h/v1",), ("--at=", "tcp://orders.example:9000", "/x"))


def test_no_secret_has_the_name_of_what_every_stage_is_given() -> None:
    given = {*environment((), os.environ), *USUAL, "TZ", "TMPDIR"}
    assert {name for name in given if not name.startswith("LC_")} <= _VARIABLES
    for name in (*sorted(_VARIABLES), "LC_ALL"):
        assert codes(f"secret {name.lower()}") == ["N002"]


@pytest.mark.parametrize("url", ["file:///srv/quotes.csv", "http://127.0.0.1:8000", "grpc+tls://a", "HTTPS://a.b/c?d"])
def test_urls(url: str) -> None:
    assert codes(f'service quotes {{ url "{url}" }}') == []


@pytest.mark.parametrize("url", ["", "quotes", "//quotes", "://quotes", "1s://quotes", "http://", "http://a b"])
def test_what_is_no_url(url: str) -> None:
    assert codes(f'service quotes {{ url "{url}" }}') == ["V003"]


def unstable(body: str, beginning: str = "") -> set[str]:
    """The names of a flow's values that are unstable."""
    found = compiled(f"{_BEGINNING}{beginning}flow f(t: ticks) on bench {{\n{body}\n}}")
    assert {one.code for one in found.diagnostics} <= {"R2", "S5"}, found.diagnostics
    (graph,) = found.checked.graphs
    known = stability(graph)
    return {datum.name for origin, datum in graph.data.items() if known.of(origin) == "unstable"}


def test_what_a_service_said_and_all_that_is_made_of_it_is_unstable() -> None:
    body = "a = clean(t)  raw = fetch(a)  b = clean(raw)  hot = clean(b)  c = clean(a)"
    assert unstable(body) == {"raw", "b", "hot"}


def test_lists_are_unstable_by_their_elements_and_by_how_many_there_are() -> None:
    assert unstable("l = each s in t.shards { fetch(s) }  whole = join(l)") >= {"l", "whole"}
    assert unstable("l = each s in t.shards { raw = fetch(s)  clean(s) }  whole = join(l)") == {"l/raw"}
    many = "raw = fetch(t)  parts = cut(raw)  book = clean(t)  l = each p in parts { clean(book) }"
    assert unstable(many) == {"raw", "parts", "l"}


def test_what_is_pinned_is_stable_and_so_is_what_is_made_of_it() -> None:
    body = "raw = fetch(t)  hot = clean(raw)  fixed = pin hot in volume  book = clean(fixed)"
    assert unstable(body) == {"raw", "hot"}


def test_choices_are_unstable_by_either_branch_and_by_what_decides() -> None:
    beginning = 'stage ask(day: Csv) -> n: Int { calls quotes  run ["ask", day, n] }\n'
    beginning += 'stage count(day: Csv) -> n: Int { run ["count", day, n] }\n'
    either = unstable("n = count(t)  x = if n > 3 { fetch(t) } else { clean(t) }", beginning)
    assert "x" in either and "n" not in either
    assert "x" in unstable("n = ask(t)  x = if n > 3 { clean(t) } else { a = clean(t)  clean(a) }", beginning)
