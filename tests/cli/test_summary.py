"""What `build` says of a flow."""

from __future__ import annotations

from podpipec.cli.summary import summary
from podpipec.compiler import compile_program
from podpipec.names.loading import Unreadable
from podpipec.plan import plan_of

#: The flow has no work for a pod of its own kind.
ELSEWHERE = """\
snapshot notes: Csv { from "s3://notes.csv"  size 1GiB }
pod bench { slots 1  cpu 2  memory 16GiB  volume 100GiB }
pod other { slots 1  cpu 2  memory 16GiB  volume 90GiB }
stage clean(raw: Csv) -> book: Csv { run ["clean", raw, book] }
flow part(n: notes) -> book on other { book = clean(n) }
flow whole(n: notes) -> book across bench {
  book = part(n)
  keep book in remote "s3://lake/book.csv"
}
"""


def test_a_flow_across_pods_is_told_with_the_pod_that_it_names() -> None:
    done = compile_program("p.flow", lambda path: ELSEWHERE.encode() if path == "p.flow" else Unreadable("none"), {})
    assert done.ok, done.diagnostics
    graph = next(one for one in done.checked.graphs if one.across)
    told = summary(graph, plan_of(graph)).splitlines()
    assert told[0] == "whole across bench: 1 pod of other"
    assert told[1].startswith("  volume  at most 2GiB of 100GiB alive at once")
