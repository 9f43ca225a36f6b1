"""Types: what every declaration and every value of a flow is.

`scalars` and `evaluate` compute what is known when the program is compiled; `content` says what may stand where;
`snapshots`, `pods` and `stages` make the `declarations`, `flows` the `typed` flows, whose values have each an `origin`:
the rules and the plan are made from these. Each construct of a flow's body has a module in `flow_steps`. A part that
is wrong becomes a diagnostic and silences what hangs on it.
"""
