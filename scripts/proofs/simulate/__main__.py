"""Random years: does the product agree with a second, dumber book, whatever clerks do to it?

Every seed is one book on disk. A clerk who is often wrong asks for one thing after another: lawful
and unlawful, in batches, as dry runs, twice with the same key. `tests/model/rules.py` says of each
request whether it is lawful. At the end the model, the state of the book, every query at several
dates, the audit and views made anew must tell the same story; and undoing everything must leave
nothing.

    python -m scripts.proofs.simulate --seeds 200
    python -m scripts.proofs.simulate --seed 17
"""

import argparse
import sys
import time
from collections.abc import Sequence

from scripts.proofs.simulate.words import STEPS
from scripts.proofs.simulate.year import simulate, simulate_all


def main(argv: Sequence[str]) -> int:
    """Runs the years and prints what they came to; the first that disagrees raises."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many years (default 20)")
    parser.add_argument("--start", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--seed", type=int, help="only this one, in this process")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"requests (default {STEPS})")
    parser.add_argument("--jobs", type=int, help="processes (default: one per processor)")
    asked = parser.parse_args(argv)
    started = time.monotonic()
    if asked.seed is not None:
        report = simulate(asked.seed, asked.steps)
    else:
        seeds = range(asked.start, asked.start + asked.seeds)
        report = simulate_all(seeds, asked.steps, asked.jobs)
    print(report)
    unreached = [refusal.code for refusal in report.unreached()]
    print(f"never reached: {'、'.join(unreached) or 'none'}")
    print(f"all agree, {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
