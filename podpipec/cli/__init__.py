"""The command line: one file for each command, a thin shell around the compiler and the runtime.

Commands read files, call pure functions, print, and end with a status that scripts can tell apart (`status`). `main` is
the door; it looks at the first word before it loads anything, so that the small commands start at once. What a command
needs is imported when it runs: never the Kubernetes client, and rich only where a terminal shows a run.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of `podpipec`."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from podpipec.cli.streams import reopen

        reopen()
    words = sys.argv[1:]
    if words == ["--version"]:
        from podpipec import __version__

        try:
            sys.stdout.write(f"podpipec {__version__}\n")
            sys.stdout.flush()
            return
        except OSError:
            pass  # told below, as for all commands
    from podpipec.cli.door import enter

    enter(words)


if __name__ == "__main__":
    main()
