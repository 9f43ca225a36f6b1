"""Shapes: the ways to go through work, each a small immutable class with the protocol of `shape.Shape`.

They know what may start and what is finished; they neither know what the work is nor do any of it. The
interpreter asks `take` what may start, tells `finish` what has, and `discover` what came to light.
"""
