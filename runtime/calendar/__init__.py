"""Time, as plans cut it: which days there are, when each begins, and where windows start.

Pure: every function goes from instants to instants. Nothing here asks what time it is. Time zones are those of the
pinned package `tzdata` (`zones`), so that a window is the same on every machine. `days` says which days a calendar
has, `clock` where windows start, `written` how people write and read such times.
"""
