"""`python3 benchmarks/run.py`: installs the peers, measures, prints the table and writes `results.md`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from benchmarks.cli import main

    sys.exit(main(sys.argv[1:]))
