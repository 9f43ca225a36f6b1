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
    "a unit of a flow across pods that gives a text": """\
snapshot notes { from "s3://notes/{window:%Y-%m-%d}.csv"  window 1d  size 1GiB }
pod bench { slots 1  cpu 2  memory 16GiB  volume 100GiB }
flow told(n: notes) -> note on bench { note = "s3://lake/{window:%Y-%m-%d}.csv" }
flow all(n: notes) across bench { told(n) }
""",
    "what a broken unit gives is consumed": """\
snapshot curves: Csv { from "lake/curves.csv"  size 1GiB }
pod other { slots 1  cpu 1  memory 4GiB  volume 100GiB }
pod third { slots 1  cpu 1  memory 4GiB  volume 100GiB }
stage sort(consume book: Csv) -> sorted: Csv { run ["sort", book, sorted] }
stage read(book: Csv) -> rows: Csv           { run ["read", book, rows] }
flow near(c: curves) -> rows on other { rows = read(c  }
flow far(c: curves) -> again on third {
  rows  = near(c)
  again = sort(consume rows)
  keep again in remote "s3://out/again.csv"
}
""",
}
