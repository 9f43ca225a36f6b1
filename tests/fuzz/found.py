"""Texts that broke the compiler once."""

FOUND = {
    "shards that are no number, and are gone over": """\
snapshot ticks { from "ticks/{shard}.csv"  shards 1MiB  size 1MiB }
pod bench { slots 1  cpu 1  memory 1GiB  node 1GiB }
stage turn(raw: Csv) -> out: Csv { run ["turn", raw, out] }
flow turned(t: ticks) on bench { turned = each s in t.shards { turn(s) } }
""",
}
