"""The graph: what one pod does for one flow, calls of other flows put in place.

`expand` makes it from typed flows (`expanding`: a module for each kind of step): every step has an id of its own,
every value a place and a bound. `nodes` has the kinds of steps, `values` what is known of what goes between them,
`traversal` goes through them. Nothing is unrolled over data: an `each` is one node. The rules look at it, and the
plan is written from it.
"""
