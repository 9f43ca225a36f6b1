"""What every command goes through: the group of commands, and what is left when one of them fails."""

from __future__ import annotations

import gc
import os
import sys

from podpipec.cli import status


def enter(words: list[str]) -> None:
    """Run a command. What no command foresaw is a mistake of ours, and says so without a traceback."""
    gc.disable()  # a compiler's heap only grows; `run` turns it on again
    try:
        if len(words) == 2 and words[0] == "check" and not words[1].startswith("-"):
            from podpipec.cli.check import check_file

            code = check_file(words[1])
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # taking the modules apart would take as long as the check; nothing is left to be done
        else:
            from podpipec.cli.group import podpipec

            podpipec.main(args=words, prog_name="podpipec", standalone_mode=True)
            code = status.OK
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = status.OK
    except KeyboardInterrupt:
        code = status.INTERRUPTED
    except Exception as problem:
        code = _own_mistake(problem)
    sys.exit(code)


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
    return status.INTERNAL
