"""Does any changed byte go unnoticed? Changes one byte of a log, or of its views, at a time.

After each change either the audit says so, or every answer is what it was: no third outcome. The
answers are those of all queries, of views built anew, and what a writer would see. An error that
is not one of the contract's is a defect, whatever the audit says.

    python -m scripts.proofs.flip               every byte of the log, with two masks
    python -m scripts.proofs.flip --count 2000  so many bytes, drawn by --seed
    python -m scripts.proofs.flip --views       the same for FILE.views
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.store.sqlite.place import SqlitePlace
from tests.harness.bench import Bench, Flip, Verdict
from tests.harness.sample import Sample, sample

MASKS = (0x01, 0xFF)


def flips(size: int, *, count: int | None, seed: int) -> list[Flip]:
    """Every byte with every mask, or `count` of them drawn by `seed`."""
    if count is None:
        return [Flip(offset, mask) for offset in range(size) for mask in MASKS]
    rng = random.Random(seed)
    return [Flip(rng.randrange(size), 1 << rng.randrange(8)) for _ in range(count)]


class Tally(NamedTuple):
    """The verdicts of a run: how many of each, and those that must not be."""

    counts: Counter[tuple[str, str]]
    wrong: list[tuple[Flip, Verdict]]


def run(
    sample: Sample, wanted: Sequence[Flip], *, views: bool = False, jobs: int | None = None
) -> Tally:
    """Judges all flips, on all processors."""
    jobs = jobs or os.cpu_count() or 1
    size = max(1, min(2_000, len(wanted) // (4 * jobs)))
    pieces = [(sample, wanted[i : i + size], views) for i in range(0, len(wanted), size)]
    tally = Tally(Counter(), [])
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for done, part in enumerate(pool.imap_unordered(_judge_piece, pieces), 1):
            tally.counts.update(part.counts)
            tally.wrong.extend(part.wrong)
            if sys.stderr.isatty():
                print(f"\r{done * size:,}, {len(tally.wrong)} wrong", end="", file=sys.stderr)
    return Tally(tally.counts, sorted(tally.wrong))


def _judge_piece(work: tuple[Sample, Sequence[Flip], bool]) -> Tally:
    sample, piece, views = work
    tally = Tally(Counter(), [])
    with Bench(sample, views=views) as bench:
        for flip in piece:
            verdict = bench.judge(flip)
            if verdict.outcome in ("missed", "defect"):
                tally.wrong.append((flip, verdict))
                tally.counts[verdict.outcome, ""] += 1
            else:
                tally.counts[verdict] += 1
    return tally


def main(argv: Sequence[str]) -> int:
    """Runs the flips and prints what came of them; 1 if any was missed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.flip", description=__doc__)
    parser.add_argument("--count", type=int, help="so many flips instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--views", action="store_true", help="change FILE.views, not the log")
    parser.add_argument("--jobs", type=int)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="yusuan-flip-") as name:
        made = sample(Path(name), seed=options.seed)
        file = SqlitePlace(made.path).views if options.views else made.path
        wanted = flips(file.stat().st_size, count=options.count, seed=options.seed)
        shown = f"{len(made.answers['log'])} entries, {file.stat().st_size:,} bytes"
        print(f"seed {options.seed}: {len(wanted):,} flips of {shown}", flush=True)
        started = time.monotonic()
        tally = run(made, wanted, views=options.views, jobs=options.jobs)
    for (outcome, detail), times in tally.counts.most_common():
        print(f"{times:9,}  {outcome} {detail}")
    for flip, verdict in tally.wrong[:50]:
        print(f"byte {flip.offset} ^ {flip.mask:#04x}: {verdict.outcome}: {verdict.detail}")
    print(f"{len(tally.wrong)} wrong, {time.monotonic() - started:.0f} s")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
