"""Break the examples and show what became of each mutant: `python -m tests.mutation [EXAMPLE]`."""

from __future__ import annotations

import sys

from tests.mutation.programs import examples, mutants, outcome


def main(wanted: str = "") -> None:
    """Print a line for each mutant."""
    for path in examples():
        if wanted in path.stem:
            for mutation, text in mutants(path):
                if text is not None:
                    done = outcome(path, text)
                    print(f"{path.stem:20} {mutation.name:42} {' '.join(done.codes) or done.harmless}")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:2])
