"""Texts that broke the compiler once."""

FOUND = {
    "shards that are no number, and are gone over": """\
snapshot ticks { from "ticks/{shard}.csv"  shards 1MiB  size 1MiB }
pod bench { slots 1  cpu 1  memory 1GiB  node 1GiB }
stage turn(raw: Csv) -> out: Csv { run ["turn", raw, out] }
flow turned(t: ticks) on bench { turned = each s in t.shards { turn(s) } }
""",
    "a copy that goes with what is broken": """\
snapshot ticks: Csv { from "s3://lake/{window:%Y-%m-%d}.csv"  window 1d  size 1GiB }
pod bench { slots 2  cpu 4  memory 32GiB  ram 16GiB  node 40GiB  volume 40GiB }
stage clean(raw: Csv) -> book: Csv  { run ["clean", raw, book] }
stage price(book: Csv) -> pv: Csv   { run [["price", book, pv] }
stage merge(a: Csv, b: Csv) -> report: Csv { run ["merge", a, b, report] }
flow day(t: ticks) -> report on bench survives pod {
  book   = clean(t)
  pv     = price(book)
  report = merge(pv, b: pv)
  keep book in node until report
  keep report in volume
}
""",
}
