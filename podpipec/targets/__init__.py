"""Targets: what a plan becomes on the system that runs it.

Each target is a package with one entry, a pure function from a plan and its options to `Manifest`
values (`podpipec.targets.manifest`). `podpipec.targets.yaml` writes such values as text. A target knows
the plan's types and nothing of syntax, sources or the command line; it reads no file, clock or
environment. What a target cannot do for a plan it refuses, all reasons at once, as `Refused`.
"""
