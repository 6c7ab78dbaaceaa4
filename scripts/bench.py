"""How fast is it? Whole processes at several sizes of a book, beside the floors of this machine.

`python -m scripts.bench` makes synthetic years (scripts/synthetic.py), runs every command on them
several times, prints a Markdown report and writes it to its part of BENCHMARKS.md. It measures and
never judges: a missed target of design §9 is a row that says so, and the exit code is 0.

`--peers` measures yusuan beside the tools that people use today (ledger, hledger, beancount,
sqlite3, duckdb; those that are here) instead. It believes no time before every balance of every
tool is the same to the fen: a difference is exit 1, and nothing is written.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.benchmarks import peers_report, report, stages
from scripts.benchmarks.alone import Alone, start_up
from scripts.benchmarks.machine import load, machine
from scripts.benchmarks.processes import ROOT, quiet
from scripts.benchmarks.side_by_side import PAIR_SIZE, Answered, Mismatch, Pair, SideBySide
from scripts.benchmarks.year import Year
from scripts.synthetic import ROWS_MIN

REPORT = ROOT / "BENCHMARKS.md"
SIZES = (10_000, 100_000, 1_000_000)


def main(argv: Sequence[str]) -> int:
    """Measures, prints the report and writes it."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="entries, with commas")
    parser.add_argument("--peers", action="store_true", help="beside other tools")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the books in this folder")
    parser.add_argument("--out", type=Path, default=REPORT, help="where the report goes")
    given = parser.parse_args(argv)
    try:
        sizes = sorted({int(size) for size in given.sizes.split(",")})
    except ValueError:
        parser.error("--sizes takes whole numbers with commas between them")
    if sizes[0] < ROWS_MIN:
        parser.error(f"a size is at least {ROWS_MIN}")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="yusuan-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        part, text, measured = (_peers if given.peers else _alone)(folder.resolve(), sizes)
    except Mismatch as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    report.write_part(given.out, part, text)
    print(json.dumps(measured, ensure_ascii=False) if given.json else text)
    return 0


def _alone(folder: Path, sizes: list[int]) -> tuple[str, str, Any]:
    about = machine()
    for file in folder.glob("tiny.db*"):
        file.unlink()
    start = start_up(folder, _say)
    measured = [Alone(year, _say).run() for year in _years(folder, sizes)]
    _say("what an entry costs …")
    cost = stages.read(quiet(stages.parts(folder / str(sizes[-1]))(0)))
    about["load after"] = load()
    flat = [*start, *(one for size in measured for one in size)]
    answer = {
        "machine": about,
        "measured": [report.flat(one) for one in flat],
        "parts": [part._asdict() for part in cost],
    }
    return "alone", report.alone(about, start, measured, cost), answer


def _peers(folder: Path, sizes: list[int]) -> tuple[str, str, Any]:
    about = machine()
    pair: Pair | None = None
    answered: list[list[Answered]] = []
    for year in _years(folder, sizes):
        compared = SideBySide(year, _say)
        if not answered:
            about |= {tool.name: tool.version for tool in compared.tools}
            about |= {tool.name: "absent" for tool in compared.absent}
        answered.append(compared.run())
        if year.size == PAIR_SIZE:
            pair = compared.pair()
    about["load after"] = load()
    text = peers_report.side_by_side(about, answered, pair)
    return "peers", text, peers_report.as_json(about, answered, pair)


def _years(folder: Path, sizes: list[int]) -> Iterator[Year]:
    for size in sizes:
        (folder / str(size)).mkdir(parents=True, exist_ok=True)
        yield Year(folder / str(size), size)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
