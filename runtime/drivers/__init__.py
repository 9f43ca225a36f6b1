"""Drivers: what starts a call's command and tells how it ended. `process` runs it as a local process.

A driver is given words, an environment and a folder; it knows nothing of plans and decides nothing.
"""
