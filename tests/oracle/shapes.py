# ruff: noqa: E501 - a program a line
"""Small programs of every construct that only a plan has, right ones, where mistakes of a compiler would hide."""

HEAD = """\
snapshot ticks: Csv { from "s3://ticks/{shard}.csv"  shards 2  size 64KiB }
snapshot days: Csv { from "s3://day.csv"  size 64KiB }
snapshot book: Tree<Csv> { from "s3://b" size 64KiB }
snapshot books: Tree<Csv> { from "s3://b/{shard}" shards 2 size 64KiB }
snapshot deals: Graph<Csv> { from "s3://g" size 64KiB }
pod bench { slots 3  cpu 3  memory 4GiB  ram 1GiB  node 1GiB  volume 1GiB }
stage one(a: Csv) -> out: Csv { run ["one", a, out] }
stage big(a: Csv, b: Csv) -> out: Csv { run ["big", a, b, out] size out 1MiB }
stage mid(a: Csv) -> out: Csv { run ["mid", a, out] size out 100KiB }
stage like(a: Csv, b: Csv) -> out: Csv { run ["like", a, b, out] size out a }
stage dbl(a: Csv) -> out: Csv { run ["dbl", a, out] size out 2 * a }
stage add(a: Csv, parts: Csv[]) -> out: Csv { run ["add", a, parts, out] }
stage own(a: Csv, parts: Csv[]) -> out: Csv { run ["own", a, parts, out] size out a }
stage fix(a: Csv, parts: Csv[]) -> out: Csv { run ["own", a, parts, out] size out 10KiB }
stage sum(parts: Csv[]) -> out: Csv { run ["sum", parts, out] }
stage cap(parts: Csv[]) -> out: Csv { run ["sum", parts, out] size out 64KiB }
stage cut(a: Csv) -> parts: Csv[] { run ["cut", a, parts] }
stage tree(a: Csv) -> t: Tree<Csv> { run ["tree", a, t] }
stage graph(a: Csv) -> g: Graph<Csv> { run ["graph", a, g] }
stage pour(a: Csv) -> rows: Stream<Csv> { run ["pour", a, rows] size rows 2 * a }
stage both(rows: Stream<Csv>) -> (out: Stream<Csv>, log: Csv) { run ["both", rows, out, log] size log 1KiB }
stage drink(rows: Stream<Csv>) -> out: Csv { run ["drink", rows, out] }
stage sip(rows: Stream<Csv>, a: Csv) -> out: Csv { run ["sip", rows, a, out] size out 1MiB }
stage join(a: Stream<Csv>, b: Stream<Csv>) -> out: Csv { run ["join", a, b, out] size out 1MiB }
stage ask(a: Csv, at: redis) -> out: Csv { run ["ask", at, a, out] }
stage put(a: Csv, guard at: redis) -> out: Csv { run ["put", at, a, out] }
stage cook(a: Csv) -> recipe: Flow { run ["cook", a, recipe] size recipe 1KiB }
stage many(a: Csv) -> n: Int { run ["many", a, n] }
stage sort(consume a: Csv) -> out: Csv { run ["sort", a, out] }
helper redis(data: Csv) { run ["redis", data]  port 6379 }
helper other(data: Csv) { run ["other", data]  port 6380 }
stage one2(a: Csv, b: Csv) -> out: Csv { run ["one", a, b, out] }
stage pourc(consume a: Csv) -> rows: Stream<Csv> { run ["pour", a, rows] size rows 2 * a }
stage ask2(a: Csv, at: other) -> out: Csv { run ["ask", at, a, out] }
"""

WALKS = {
    "up only": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = add(x, children.s) } keep r in volume }",
    "up bf": "flow main(b: book, d: days) -> r on bench { r = walk x in b breadth_first width 2 { up s = add(x, children.s) } keep r in volume }",
    "up df no depth": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 2 { up s = add(x, children.s) } keep r in volume }",
    "down const": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = big(l, b: x) up s = add(x, children.s) } keep r in volume }",
    "down read late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = big(l, b: x) t = own(x, children.s) up s = like(t, b: l) } keep r in volume }",
    "down grows": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = dbl(l) up s = own(x, children.s) } keep r in volume }",
    "down handed on": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = l p = like(x, b: l) up s = own(p, children.s) } keep r in volume }",
    "down is item": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = x p = like(x, b: l) up s = own(p, children.s) } keep r in volume }",
    "down grows bf": "flow main(b: book, d: days) -> r on bench { r = walk x in b breadth_first width 2 { down l from d = like(x, b: l) p = like(x, b: l) up s = own(p, children.s) } keep r in volume }",
    "two downs": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { down l from d = mid(l) down k from d = l p = like(x, b: k) up s = own(p, children.s) } keep r in volume }",
    "two ups": "flow main(b: book, d: days) -> m on bench { r = walk x in b depth_first width 1 depth 3 { up s = add(x, children.s) up q = own(x, children.q) } m = big(r.s, b: r.q) keep m in volume }",
    "two ups one val": "flow main(b: book, d: days) -> m on bench { r = walk x in b depth_first width 1 depth 3 { up s = add(x, children.s) up q = s } m = big(r.s, b: r.q) keep m in volume }",
    "up is item": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = x p = fix(x, children.s) } keep r in volume }",
    "up is early": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = like(x, b: d) p = fix(x, children.s) } keep r in volume }",
    "up is early read late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = like(x, b: d) p = fix(s, children.s) } keep r in volume }",
    "early for late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) q = big(p, b: x) up s = own(p, children.s) } keep r in volume }",
    "early const for late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { q = big(x, b: x) t = own(q, children.s) up s = like(x, b: t) } keep r in volume }",
    "late big": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = add(x, children.s) u = big(t, b: x) up s = like(x, b: u) } keep r in volume }",
    "late more": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = sum(children.s) u = dbl(t) up s = own(x, children.s) } keep r in volume }",
    "keep early": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) keep p in volume up s = own(p, children.s) } keep r in volume }",
    "keep up": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = own(x, children.s) keep s in volume } keep r in volume }",
    "keep item": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { keep x in volume up s = own(x, children.s) } keep r in volume }",
    "keep until": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) keep p in volume until s up s = own(p, children.s) } keep r in volume }",
    "keep until early": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) keep p in volume until q q = dbl(p) up s = own(p, children.s) } keep r in volume }",
    "pin": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = pin x in volume up s = own(p, children.s) } keep r in volume }",
    "pin up": "flow main(b: book, d: days) -> u on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) up s = pin t in volume } u = dbl(r) keep u in volume }",
    "each in walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in [1, 2] { dbl(x) } t = own(x, children.s) up s = own(t, l) } keep r in volume }",
    "each const in walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in [1, 2, 3, 4] { mid(x) } t = own(x, children.s) up s = own(t, l) } keep r in volume }",
    "each of children": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in children.s { dbl(c) } up s = own(x, l) } keep r in volume }",
    "each of children const": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in children.s { p = mid(c) like(c, b: p) } up s = own(x, l) } keep r in volume }",
    "each of children keep": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in children.s { p = dbl(c) keep p in volume p } up s = own(x, l) } keep r in volume }",
    "if up early": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) p = dbl(x) up s = if n > 1 { own(x, children.s) } else { p } } keep r in volume }",
    "stream in walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { q = pour(x) p = drink(q) up s = own(p, children.s) } keep r in volume }",
    "stream late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) q = pour(t) p = drink(q) up s = like(x, b: p) } keep r in volume }",
    "stream const late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) q = pour(t) p = sip(q, x) up s = like(x, b: p) } keep r in volume }",
    "with in walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = with c = redis(x) { ask(x, c) } up s = own(p, children.s) } keep r in volume }",
    "with late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) p = with c = redis(t) { u = big(t, b: x) ask(u, c) } up s = like(x, b: p) } keep r in volume }",
    "with around late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = with c = redis(x) { t = own(x, children.s) ask(t, c) } } keep r in volume }",
    "with around walk": "flow main(b: book, d: days) -> r on bench { r = with c = redis(d) { walk x in b depth_first width 2 depth 3 { p = ask(x, c) up s = own(p, children.s) } } keep r in volume }",
    "nested walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = tree(x) u = walk y in t depth_first width 1 depth 3 { up v = own(y, children.v) } up s = own(u, children.s) } keep r in volume }",
    "nested walk const": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 2 { t = tree(x) u = walk y in t depth_first width 1 depth 3 { down l from x = mid(y) up v = own(y, children.v) } up s = own(u, children.s) } keep r in volume }",
    "walk result twice": "flow main(b: book, d: days) -> v on bench { r = walk x in b depth_first width 1 depth 3 { up s = add(x, children.s) } u = dbl(r) v = like(u, b: r) keep v in volume }",
    "walk no up": "flow main(b: book, d: days) on bench { walk x in b depth_first width 2 depth 3 { down l from d = big(l, b: x) p = like(x, b: l) keep p in volume } }",
    "walk after": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 2 depth 3 { p = mid(x) q = dbl(x) after p up s = own(q, children.s) } keep r in volume }",
    "late after early": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = mid(x) t = own(x, children.s) after p up s = t } keep r in volume }",
    "two consts w2": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 2 depth 2 { down l from d = big(l, b: x) n = big(x, b: l) m = mid(n) up s = own(x, children.s) } keep r in volume }",
    "w3": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 3 depth 2 { down l from d = big(l, b: x) n = big(x, b: l) up s = own(x, children.s) } keep r in volume }",
    "consume own": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { p = dbl(x) q = sort(consume p) up s = own(q, children.s) } keep r in volume }",
    "recipe walk": "flow main(b: book, d: days) -> r on bench { c = cook(d) r = walk x in b depth_first width 1 depth 3 { q: Csv = run c(x) up s = own(q, children.s) } keep r in volume }",
    "if walk stmt": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) p = dbl(x) if n > 2 { q = own(p, children.s) keep q in volume } up s = own(x, children.s) } keep r in volume }",
    "if walk early stmt": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) p = dbl(x) if n > 2 { q = dbl(p) keep q in volume } up s = own(x, children.s) } keep r in volume }",
    "if walk late val": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) p = dbl(x) t = own(x, children.s) q = if n > 2 { dbl(t) } else { p } up s = like(x, b: q) } keep r in volume }",
    "if walk down": "flow main(b: book, d: days) -> r on bench { e = mid(d) r = walk x in b depth_first width 1 depth 3 { z = mid(x) n = many(x) down l from e = if n > 1 { mid(l) } else { l } p = like(x, b: l) up s = own(p, children.s) } keep r in volume }",
    "if walk down up": "flow main(b: book, d: days) -> u on bench { e = mid(d) r = walk x in b depth_first width 1 depth 3 { n = many(x) down l from e = if n > 1 { mid(l) } else { l } up s = own(x, children.s) up q = like(x, b: l) } u = like(r.s, b: r.q) keep u in volume }",
    "down sum df": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 2 depth 3 { down l from d = one2(x, l) p = like(x, b: l) up s = own(p, children.s) } keep r in volume }",
    "bf hold prop": "flow main(b: book, d: days) -> r on bench { r = walk x in b breadth_first width 1 { p = dbl(x) q = dbl(p) up s = own(q, children.s) } keep r in volume }",
    "bf const not waiting": "flow main(b: book, d: days) -> r on bench { r = walk x in b breadth_first width 3 { p = big(x, b: d) q = mid(p) u = like(x, b: q) up s = own(u, children.s) } keep r in volume }",
    "list up": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = sum(l) l = each c in children.s { dbl(c) } } keep r in volume }",
    "list up2": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = each c in children.s { c } t = sum(l) up s = own(x, l) } keep r in volume }",
    "cut in walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { l = cut(x) m = each c in l { q = dbl(c) q } p = own(x, m) up s = own(p, children.s) } keep r in volume }",
    "cut of children": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = sum(children.s) l = cut(t) m = each c in l { dbl(c) } up s = own(x, m) } keep r in volume }",
    "groups of children": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { m = each g in children.s by 2 { sum(g) } up s = own(x, m) } keep r in volume }",
    "rolling of children": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { m = each g in children.s by 2 step 1 { sum(g) } up s = own(x, m) } keep r in volume }",
    "keep children each until": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { m = each c in children.s { p = dbl(c) keep p in volume until q q = dbl(p) q } up s = own(x, m) } keep r in volume }",
    "walk up keeps": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { up s = add(x, children.s) keep s in node until u u = mid(s) } keep r in volume }",
    "walk survive": "flow main(b: book, d: days) -> r on bench survives pod { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) keep p in volume up s = own(p, children.s) } keep r in volume }",
    "walk survive until": "flow main(b: book, d: days) -> r on bench survives pod { r = walk x in b depth_first width 1 depth 3 { p = like(x, b: d) keep p in volume until s up s = own(p, children.s) keep s in volume } keep r in volume }",
    "consume from stage tree": "flow main(g: deals, d: days) -> r on bench { t = tree(d) r = walk x in t depth_first width 2 depth 3 { p = sort(consume x) up s = own(p, children.s) } keep r in volume }",
    "stream walk late": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) q = pour(t) v = mid(x) p = sip(q, v) up s = like(x, b: p) } keep r in volume }",
    "stream in branch": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) e = dbl(x) v = if n > 2 { q = pour(x) drink(q) } else { e } up s = own(v, children.s) } keep r in volume }",
    "with in branch walk": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { n = many(x) e = dbl(x) v = if n > 2 { with a = redis(x) { ask(e, a) } } else { e } up s = own(v, children.s) } keep r in volume }",
    "pin up result": "flow main(b: book, d: days) -> r on bench { r = walk x in b depth_first width 1 depth 3 { t = own(x, children.s) up s = pin t in volume } }",
    "pin down": "flow main(b: book, d: days) -> r on bench { e0 = mid(d) e = pin e0 in volume r = walk x in b depth_first width 1 depth 3 { down l from e = pin p in volume p = like(x, b: d) up s = own(x, children.s) } keep r in volume }",
}

GRAPHS = {
    "graph": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) { own(x, needs) } r = sum(l) keep r in volume }",
    "graph consts": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = big(x, b: d) like(x, b: p) } r = sum(l) keep r in volume }",
    "graph item": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) { p = fix(x, needs) x } r = sum(l) keep r in volume }",
    "graph inner": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = dbl(x) q = own(p, needs) keep p in volume q } r = sum(l) keep r in volume }",
    "graph until": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = dbl(x) q = own(p, needs) keep p in volume until q q } r = sum(l) keep r in volume }",
    "graph result": "flow main(g: deals, d: days) -> l on bench { l = run x in depends_on(g) { own(x, needs) } keep l in volume }",
    "graph read in each": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) { own(x, needs) } m = each y in l { p = mid(y) like(y, b: p) } r = sum(m) keep r in volume }",
    "graph of a stage": "flow main(g: deals, d: days) -> r on bench { h = graph(d) l = run x in depends_on(h) width 2 { s = pour(x) drink(s) } r = sum(l) keep r in volume }",
    "graph with": "flow main(g: deals, d: days) -> r on bench { r = with c = redis(d) { l = run x in depends_on(g) width 2 { ask(x, c) } sum(l) } keep r in volume }",
    "graph in each": "flow main(t: ticks) -> r on bench { l = each s in t.shards { g = graph(s) m = run x in depends_on(g) width 2 { own(x, needs) } sum(m) } r = sum(l) keep r in volume }",
    "if graph": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { n = many(x) p = dbl(x) if n > 2 { own(x, needs) } else { like(x, b: p) } } r = sum(l) keep r in volume }",
    "if graph stmt": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { n = many(x) p = dbl(x) if n > 2 { q = own(p, needs) keep q in volume } p } r = sum(l) keep r in volume }",
    "consume graph own": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = dbl(x) q = sort(consume p) q } r = sum(l) keep r in volume }",
    "pin graph yield": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = own(x, needs) pin p in volume } r = sum(l) keep r in volume }",
    "pin graph yield2": "flow main(g: deals, d: days) -> l on bench { l = run x in depends_on(g) width 2 { p = own(x, needs) pin p in volume } }",
    "pin graph item": "flow main(g: deals, d: days) -> r on bench { l = run x in depends_on(g) width 2 { p = pin x in volume dbl(p) } r = sum(l) keep r in volume }",
}

STREAMS = {
    "stream": "flow main(d: days) -> r on bench { s = pour(d) r = drink(s) keep r in volume }",
    "stream chain": "flow main(d: days) -> (r, q) on bench { s = pour(d) b = both(s) r = drink(b.out) q = b.log keep r in volume keep q in volume }",
    "stream with before": "flow main(d: days) -> r on bench { a = dbl(d) p = big(a, b: d) s = pour(a) r = sip(s, p) keep r in volume }",
    "stream beside": "flow main(d: days) -> r on bench { a = dbl(d) b = dbl(a) s = pour(a) q = sip(s, b) e = dbl(b) r = like(q, b: e) keep r in volume }",
    "stream two": "flow main(d: days) -> r on bench { s = pour(d) t = pour(d) r = join(s, b: t) keep r in volume }",
    "stream each": "flow main(t: ticks) -> r on bench { l = each s in t.shards { a = dbl(s) p = pour(a) q = mid(a) sip(p, q) } r = cap(l) keep r in volume }",
    "stream cut": "flow main(d: days) -> r on bench { l = cut(d) m = each s in l { a = dbl(s) p = pour(a) drink(p) } r = sum(m) keep r in volume }",
    "stream if": "flow main(t: ticks, d: days) -> r on bench { n = many(d) r = if n > 2 { p = pour(d) drink(p) } else { dbl(d) } keep r in volume }",
    "stream after": "flow main(d: days) -> r on bench { a = mid(d) s = pour(d) after a r = drink(s) keep r in volume }",
    "stream after2": "flow main(d: days) -> r on bench { s = pour(d) r = drink(s) after a a = mid(d) keep r in volume }",
    "with stream": "flow main(t: ticks, d: days) -> r on bench { r = with a = redis(d) { x = ask(d, a) s = pour(x) y = drink(s) ask(y, a) } keep r in volume }",
    "stream consume": "flow main(d: days) -> r on bench { a = dbl(d) s = pourc(consume a) r = drink(s) keep r in volume }",
    "stream keep": "flow main(d: days) -> r on bench { a = dbl(d) s = pour(a) r0 = drink(s) keep a in node until r keep r0 in node r = dbl(r0) keep r in volume }",
}

HELPERS = {
    "with each": "flow main(t: ticks, d: days) -> r on bench { x = dbl(d) l = with a = redis(x) { each s in t.shards { p = dbl(s) ask(p, a) } } r = sum(l) keep r in volume }",
    "with reads": "flow main(t: ticks, d: days) -> r on bench { x = dbl(d) y = dbl(x) r = with a = redis(d) { p = ask(x, a) q = dbl(p) s = ask(y, a) like(q, b: s) } keep r in volume }",
    "with keep": "flow main(t: ticks, d: days) -> r on bench { r = with a = redis(d) { p = ask(d, a) keep p in node until q q = dbl(p) q } keep r in volume }",
    "with guard": "flow main(t: ticks, d: days) -> r on bench { r = with a = redis(d) { p = put(d, guard a) q = ask(d, a) after p u = ask(p, a) like(q, b: u) } keep r in volume }",
    "with if": "flow main(t: ticks, d: days) -> r on bench { x = dbl(d) n = many(d) r = if n > 3 { with a = redis(x) { ask(d, a) } } else { with a = redis(d) { ask(x, a) } } keep r in volume }",
    "with value outside": "flow main(t: ticks, d: days) -> r on bench { x = with a = redis(d) { y = ask(d, a) y } z = dbl(x) r = with b = redis(z) { ask(x, b) } keep r in volume }",
    "with outer read inside later": "flow main(t: ticks, d: days) -> r on bench { x = dbl(d) y = dbl(x) r = with a = redis(d) { p = ask(x, a) q = big(p, b: p) after y ask(q, a) } keep r in volume }",
    "recipe with": "flow main(t: ticks, d: days) -> r on bench { c = cook(d) r = with a = redis(d) { x: Csv = run c(d) ask(x, a) } keep r in volume }",
    "consume with": "flow main(t: ticks, d: days) -> r on bench { x = dbl(d) r = with a = redis(x) { p = ask(d, a) q = sort(consume p) q } keep r in volume }",
    "with list": "flow main(t: ticks, d: days) -> r on bench { m = with a = redis(d) { l = each s in t.shards { ask(s, a) } n = each x in l { dbl(x) } n } r = sum(m) keep r in volume }",
    "with data list": "flow main(t: ticks, d: days) -> q on bench { l = each s in t.shards { mid(s) } x = sum(l) r = with a = redis(x) { each y in l { ask(y, a) } } q = sum(r) keep q in volume }",
    "with after": "flow main(t: ticks, d: days) -> r on bench { x = mid(d) q = with a = redis(d) { ask(d, a) } after x r = like(q, b: x) keep r in volume }",
    "with two seq": "flow main(t: ticks, d: days) -> u on bench { q = with a = redis(d) { ask(d, a) } r = with b = redis(d) { ask(d, b) } after q u = like(q, b: r) keep u in volume }",
    "with two seq no order": "flow main(t: ticks, d: days) -> u on bench { q = with a = redis(d) { ask(d, a) } r = with b = other(d) { ask2(d, b) } u = like(q, b: r) keep u in volume }",
}

RECIPES = {
    "recipe": "flow main(d: days) -> r on bench { c = cook(d) x: Csv = run c(d) r = one(x) keep r in volume }",
    "recipe two": "flow main(d: days) -> r on bench { c = cook(d) x: Csv = run c(d) y: Csv = run c(d) r = like(x, b: y) keep r in volume }",
    "recipe each": "flow main(t: ticks, d: days) -> r on bench { c = cook(d) l = each s in t.shards { x: Csv = run c(s) dbl(x) } r = sum(l) keep r in volume }",
    "recipe in node": "flow main(t: ticks, d: days) -> r on bench { c = cook(d) p = dbl(d) x: Csv in node = run c(p) q = dbl(p) r = like(x, b: q) keep r in volume }",
    "recipe cut": "flow main(t: ticks, d: days) -> r on bench { c = cook(d) l = cut(d) m = each s in l { x: Csv = run c(s) x } r = sum(m) keep r in volume }",
}

COPIES = {
    "keep list until": "flow main(t: ticks, d: days) -> r on bench survives pod { l = each s in t.shards { p = dbl(s) p } keep l in node until r r = sum(l) keep r in volume }",
    "keep until in cycle": "flow main(t: ticks, d: days) -> r on bench { z = mid(d) r = cycle s in t.shards depth 2 { p = dbl(s) keep p in node until y carry y from z = like(z, b: p) } keep r in volume }",
    "keep until in if": "flow main(t: ticks, d: days) -> r on bench { n = many(d) a = dbl(d) r = if n > 2 { p = dbl(a) keep p in node until q q = dbl(p) q } else { a } keep r in volume }",
    "keep cut until": "flow main(d: days) -> r on bench { l = cut(d) keep l in volume until r m = each s in l { p = dbl(s) keep p in volume until q q = dbl(p) q } r = sum(m) keep r in volume }",
    "keep twice": "flow main(d: days) -> r on bench { p = dbl(d) keep p in node until q keep p in volume until r q = dbl(p) r = dbl(q) keep r in volume }",
    "pin each": "flow main(t: ticks) -> r on bench { l = each s in t.shards { p = dbl(s) pin p in volume } r = sum(l) keep r in volume }",
    "pin list": "flow main(t: ticks) -> r on bench { l = each s in t.shards { p = dbl(s) p } m = pin l in volume n = each x in m { dbl(x) } r = sum(n) keep r in volume }",
    "pin cut": "flow main(d: days) -> r on bench { l = cut(d) m = pin l in volume n = each x in m { dbl(x) } r = sum(n) keep r in volume }",
    "pin item": "flow main(d: days) -> r on bench { l = cut(d) n = each x in l { y = pin x in volume dbl(y) } r = sum(n) keep r in volume }",
    "pin cycle": "flow main(t: ticks, d: days) -> r on bench { z = mid(d) r = cycle s in t.shards { p = dbl(s) q = pin p in volume carry y from z = like(z, b: q) } keep r in volume }",
    "pin carry": "flow main(t: ticks, d: days) -> r on bench { y0 = mid(d) z = pin y0 in volume c = cycle s in t.shards { p = like(z, b: s) carry y from z = pin p in volume } r = dbl(c) keep r in volume }",
    "pin fold": "flow main(t: ticks, d: days) -> r on bench { l = each s in t.shards { mid(s) } r = fold g in l by 2 { x = cap(g) p = pin x in volume like(x, b: p) } keep r in volume }",
    "consume cut": "flow main(t: ticks, d: days) -> r on bench { l = cut(d) n = each x in l { dbl(x) } m = each y in n { y1 = dbl(y) z = sort(consume y1) z } r = sum(m) keep r in volume }",
    "consume cut item": "flow main(t: ticks, d: days) -> r on bench { l = cut(d) m = each y in l { z = sort(consume y) z } r = sum(m) keep r in volume }",
    "pin carry 2": "flow main(t: ticks, d: days) -> r on bench { y0 = mid(d) z = pin y0 in volume c = cycle s in t.shards depth 2 { p = like(z, b: s) q = pin p in volume carry y from z = q carry o from z = y } r = like(c.y, b: c.o) keep r in volume }",
    "pin fold value": "flow main(t: ticks, d: days) -> r on bench { l = each c in [1, 2, 3, 4, 5] { x = mid(d) pin x in volume } f = fold g in l by 2 { x = cap(g) pin x in volume } r = dbl(f) keep r in volume }",
    "pin fold value 2": "flow main(t: ticks, d: days) -> f on bench { l = each c in [1, 2, 3, 4, 5] { x = mid(d) pin x in volume } f = fold g in l by 2 { x = cap(g) pin x in volume } }",
    "pin if": "flow main(t: ticks, d: days) -> r on bench { n = many(d) a = mid(d) b = pin a in volume c = if n > 2 { x = dbl(b) pin x in volume } else { b } r = dbl(c) keep r in volume }",
    "pin if each": "flow main(t: ticks, d: days) -> r on bench { n = many(d) a = mid(d) b = pin a in volume l = each s in t.shards { if n > 2 { x = dbl(s) pin x in volume } else { b } } r = sum(l) keep r in volume }",
    "pin if each2": "flow main(t: ticks, d: days) -> r on bench { n = many(d) l = each s in t.shards { if n > 2 { x = dbl(s) pin x in volume } else { x = mid(s) pin x in volume } } r = sum(l) keep r in volume }",
    "pin if cycle": "flow main(t: ticks, d: days) -> r on bench { n = many(d) a = mid(d) z = pin a in volume c = cycle s in t.shards { carry y from z = if n > 2 { x = dbl(s) pin x in volume } else { y } } r = dbl(c) keep r in volume }",
    "pin nested": "flow main(t: ticks, d: days) -> r on bench { l = each c in [1, 2] { m = each s in t.shards { x = dbl(s) pin x in volume } n = sum(m) n } r = sum(l) keep r in volume }",
    "pin nested2": "flow main(t: ticks, d: days) -> r on bench { l = each c in [1, 2] { y = mid(d) z = pin y in volume q = cycle s in t.shards { x = dbl(s) carry w from z = pin x in volume } n = dbl(q) n } r = sum(l) keep r in volume }",
    "pin cut each": "flow main(d: days) -> r on bench { l = cut(d) m = each x in l { y = dbl(x) pin y in volume } r = sum(m) keep r in volume }",
    "pin twice": "flow main(d: days) -> r on bench { y = dbl(d) a = pin y in volume b = pin a in volume r = like(a, b: b) keep r in volume }",
}

CHOICES = {
    "if cycle": "flow main(t: ticks, d: days) -> r on bench { z = mid(d) n = many(d) r = cycle s in t.shards depth 2 { p = dbl(s) carry y from z = if n > 2 { like(z, b: y) } else { y } q = like(p, b: y) } keep r in volume }",
    "if cycle 2": "flow main(t: ticks, d: days) -> r on bench { z = mid(d) n = many(d) r = cycle s in t.shards depth 2 { p = mid(s) carry y from z = if n > 2 { u = dbl(y) like(p, b: u) } else { p } } keep r in volume }",
    "if fold": "flow main(t: ticks, d: days) -> r on bench { l = each s in t.shards { mid(s) } n = many(d) r = fold g in l by 2 { if n > 3 { x = cap(g) y = dbl(x) mid(y) } else { cap(g) } } keep r in volume }",
    "if fold stmt": "flow main(t: ticks, d: days) -> r on bench { l = each s in t.shards { mid(s) } n = many(d) r = fold g in l by 2 { if n > 3 { x = cap(g) keep x in volume } cap(g) } keep r in volume }",
    "keep carry": "flow main(t: ticks, d: days) -> r on bench { z = mid(d) c = cycle s in t.shards depth 2 { carry y from z = like(y, b: s) keep y in volume } r = dbl(c) keep r in volume }",
    "keep fold": "flow main(t: ticks, d: days) -> r on bench { l = each c in [1, 2, 3, 4, 5] { mid(d) } r = fold g in l by 2 { x = cap(g) keep x in volume x } keep r in volume }",
}
