"""Thousands of random programs by hand: `python -m tests.oracle.run --seeds 5000 --kinds folds,cycles`."""

from __future__ import annotations

import argparse
from collections import Counter

from tests.oracle.drawn.mixed import KINDS, program
from tests.oracle.judging import judge


def main() -> int:
    """Judge the programs of each kind; show what the checker and the oracle do not agree on, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="programs of each kind")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--kinds", default=",".join((*KINDS, "all")), help="which constructs")
    given = parser.parse_args()
    wrong = 0
    for kind in given.kinds.split(","):
        counts: Counter[str] = Counter()
        for seed in range(given.first, given.first + given.seeds):
            text = program(kind, seed)
            verdict = judge(text)
            counts["skipped" if verdict.skipped else "refused" if verdict.codes else "accepted"] += 1
            counts.update(verdict.codes)
            counts["unsure"] += bool(verdict.unsure)
            counts["loose"] += not verdict.tight
            if verdict.wrong:
                wrong += 1
                print(f"{kind}, seed {seed}\n{text}\n" + "\n".join(verdict.wrong))  # noqa: T201
        print(f"{kind:10} " + "  ".join(f"{word} {count}" for word, count in counts.most_common() if count))  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
