"""The journal: what was published, kept, pulled and started, in one SQLite file of a work folder.

It is in WAL mode: what is committed survives the death of the process at any moment. After a loss of power
the last commits may be missing, never half there; what they told is then done again.
"""
