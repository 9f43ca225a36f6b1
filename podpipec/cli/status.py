"""Exit statuses, by what went wrong."""

from __future__ import annotations

#: All went well.
OK = 0
#: The program is wrong: diagnostics were printed.
PROGRAM = 1
#: The command was called wrongly, or a file of its own cannot be read or written.
USAGE = 2
#: The data are not what the program says: a bound path is missing, a slice or an output is larger than its bound.
DATA = 3
#: A stage failed.
STAGE = 4
#: A mistake of podpipec's own.
INTERNAL = 70
#: Stopped by the user (128 and the number of SIGINT, as shells have it).
INTERRUPTED = 130
