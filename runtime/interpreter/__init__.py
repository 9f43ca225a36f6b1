"""The interpreter: from a plan, what is known, and events to commands. It does none of them itself.

A state is one immutable value (`state`); `step.begin` makes the first, `step.step` the next. There is no
input or output here, no clock, no randomness and nothing global.

Control flows: `traverse` goes through the plan in the order that its shapes allow. A call whose key
(`keys`) has a record is done at once. Otherwise it becomes a job (`jobs`), which first sees to the data that
it reads: what lies elsewhere is copied into place, what is nowhere is made again by who made it. `schedule`
gives slots to jobs, as far as what they bring fits (`fit`); after a loss `room` drops what comes later for what comes
first. When a step is done, `publish` lets others begin and `lifetimes` frees what nobody needs.
What follows from what stands on the turn's agenda (`tasks`), so that no program is too deep for the stack.
"""
