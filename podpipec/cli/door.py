"""What every command goes through: the group of commands, and what is left when one of them fails."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from typing import NoReturn

from podpipec.cli import status

#: What a write says where there is no room, or nobody to take it.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.EAGAIN)


def enter(words: list[str]) -> NoReturn:
    """Run a command and end the process. What no command foresaw is a mistake of ours, and says so, no traceback."""
    gc.disable()  # a compiler's heap only grows; `run` turns it on again
    try:
        code = _command(words)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = status.OK
    except KeyboardInterrupt:
        code = status.INTERRUPTED
    except OSError as problem:
        code = _unwritable(problem) or _own_mistake(problem)
    except Exception as problem:
        code = _own_mistake(problem)
    os._exit(code)  # taking the modules apart would take as long as a small check; all is closed


def _command(words: list[str]) -> int:
    if len(words) == 2 and not words[1].startswith("-"):
        code = _plain(*words)
        if code is not None:
            return code
    from podpipec.cli.group import podpipec

    try:
        podpipec.main(args=words, prog_name="podpipec", standalone_mode=True)
    except SystemExit as end:  # click's way to end, and the commands'
        return end.code if isinstance(end.code, int) else status.OK
    return status.OK


def _plain(name: str, file: str) -> int | None:
    """A command on a file and nothing else, which needs no parser of options; nothing for one that does."""
    if name == "check":
        from podpipec.cli.check import check_file

        return check_file(file)
    if name == "run":
        from podpipec.cli.running import Asked, Misused, run_flow

        try:
            return run_flow(Asked(file))
        except Misused:  # nothing has run: the command itself says so, and how it is called
            return None
    return None


def _unwritable(problem: OSError) -> int | None:
    """The status where what is printed cannot be written, which is said if it can be. Every command sees to its files
    itself, and an error about one has its name."""
    if problem.filename is not None or problem.errno not in _FULL:
        return None
    with contextlib.suppress(OSError):
        os.write(2, f"error: what is printed cannot be written: {problem.strerror}\n".encode())
    return status.USAGE


def _own_mistake(problem: Exception) -> int:
    if os.environ.get("PODPIPEC_TRACEBACK"):
        raise problem
    from podpipec import __version__

    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"
    sys.stderr.write(
        f"podpipec {__version__} made a mistake of its own: {type(problem).__name__}: {str(problem)[:300]} ({where})\n"
        "Please report it with the program that led to it; PODPIPEC_TRACEBACK=1 shows where it happened.\n"
    )
    sys.stderr.flush()
    return status.INTERNAL
