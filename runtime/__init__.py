"""The runtime of podpipec: interprets plans.

It owns the plan's format (`plan`), the pure interpreter (`interpreter`, `shapes`), the stores in
which results lie (`store`), the journal of what happened (`journal`) and the drivers that start work
(`drivers`). It imports nothing of the compiler, and its core performs no input or output: control
flows from the engine's loop into `interpreter.step` and back as commands.
"""
