"""Do many processes on one book keep it one book? Writers race for the last yuan of a line.

Every payment is 1.00 and the line affords fewer than are tried: exactly the affordable ones are
accepted, the others refused by R1.AVAILABLE, and nobody sees a lock. Meanwhile readers ask, and no
answer may fail, or mix two moments of the book.

    python -m scripts.proofs.contend
        8 × 250 payments, each a process of its own
    python -m scripts.proofs.contend --in-process
        the same by 8 processes that call the CLI in a loop
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness.called import (
    LINE,
    OPENING_ENTRIES,
    PAY,
    WAITING,
    Answer,
    Call,
    called,
    numbers,
    opened,
    started,
)

_FEN = 100


class Tried(NamedTuple):
    """What came of many payments."""

    outcomes: Counter[tuple[int, str]]
    entries: list[int]
    waited: int


def pay_often(path: Path, payments: int, call: Call = called) -> Tried:
    """Pays 1.00 so often; counts (exit code, code of the failure)."""
    outcomes: Counter[tuple[int, str]] = Counter()
    entries, waited = [], 0
    for _ in range(payments):
        answer = call(path, *PAY)
        waited += WAITING in answer.err
        receipt = answer.json()
        outcomes[answer.exit, receipt.get("code", "")] += 1
        if answer.exit == 0:
            entries.append(receipt["entry"])
    return Tried(outcomes, entries, waited)


def added(parts: Sequence[Tried]) -> Tried:
    """The sum of what several writers tried."""
    outcomes: Counter[tuple[int, str]] = Counter()
    for part in parts:
        outcomes += part.outcomes
    return Tried(outcomes, [n for p in parts for n in p.entries], sum(p.waited for p in parts))


def contend(path: Path, *, writers: int, payments: int, processes: bool) -> Tried:
    """Writers that pay at the same time: each loops in a process of its own, or starts a process
    for every payment."""
    if processes:
        with ThreadPoolExecutor(writers) as pool:
            paying = [pool.submit(pay_often, path, payments, started) for _ in range(writers)]
            return added([each.result() for each in paying])
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(writers) as workers:
        together = manager.Barrier(writers)
        work = [(path, payments, together)] * writers
        return added(workers.map(_pay_together, work, chunksize=1))


def _pay_together(work: tuple[Path, int, Any]) -> Tried:
    path, payments, together = work
    called(path, "balance")  # everything is imported before the race begins
    together.wait()
    return pay_often(path, payments)


def wrong(path: Path, tried: Tried, *, affordable: int, payments: int) -> list[str]:
    """What is not as it must be after the race; empty if all is well."""
    found: list[str] = []

    def expect(name: str, got: object, right: object) -> None:
        if got != right:
            found.append(f"{name}: {got}, not {right}")

    accepted = min(affordable, payments)
    right = {(0, ""): accepted, (3, "R1.AVAILABLE"): payments - accepted}
    expect("outcomes", dict(tried.outcomes), {k: n for k, n in right.items() if n})
    last = OPENING_ENTRIES + accepted
    expect("entries of receipts", sorted(tried.entries), list(range(OPENING_ENTRIES + 1, last + 1)))
    expect("numbers", numbers(path), list(range(1, last + 1)))
    audit = called(path, "audit")
    expect("audit", (audit.exit, audit.json().get("entries")), (0, last))
    if audit.exit != 0:
        found.append(audit.out[:3000])
    balance = called(path, "balance")
    if balance.exit == 0:
        totals = balance.json()["totals"]
        expect("paid_fen", totals["paid_fen"], accepted * _FEN)
        expect("available_fen", totals["available_fen"], (affordable - accepted) * _FEN)
    else:
        found.append(f"balance: {balance}")
    return found


QUERIES: tuple[tuple[str, ...], ...] = (
    ("balance",),
    ("carryover",),
    ("execution", "--scope", "all"),
    ("progress",),
    ("log",),
    ("statement", LINE),
    ("three-public",),
    ("audit",),
)


def torn(arguments: Sequence[str], answer: Answer) -> str | None:
    """Why an answer is wrong: it failed, or its figures are not those of its own head. Every
    entry after the opening pays 1.00, so the head alone says what must be paid."""
    if answer.exit != 0:
        return f"{arguments} ended with {answer.exit}: {answer.out[:2000]} {answer.err}"
    value = answer.json()
    entries = value["head"]["entries"]
    paid_fen = max(0, entries - OPENING_ENTRIES) * _FEN
    match arguments[0]:
        case "balance":
            shown = value["totals"]["paid_fen"]
        case "carryover":
            shown = value["expenditure_fen"]
        case "execution" | "progress":
            shown = value["totals"]["executed_fen"]
        case "log":
            shown = (len(value["entries"]) - OPENING_ENTRIES) * _FEN
        case "statement":
            shown = sum(row["paid_fen"] for row in value["rows"])
        case _:
            return None
    return None if shown == paid_fen else f"{arguments}: {shown} at entry {entries}"


class Watched(NamedTuple):
    """What a reader saw: its complaints, and the heads at which it was answered."""

    wrong: list[str]
    heads: Counter[int]
    waited: int


def watch(path: Path, stop: Any, call: Call = called) -> Watched:
    """Asks everything in turn until told to stop, and once more after that."""
    found, heads, waited = [], Counter[int](), 0
    last = False
    while not last:
        last = stop.is_set()
        for arguments in QUERIES:
            answer = call(path, *arguments)
            waited += WAITING in answer.err
            complaint = torn(arguments, answer)
            if complaint is not None:
                found.append(complaint)
            else:
                heads[answer.json()["head"]["entries"]] += 1
    return Watched(found, heads, waited)


def main(argv: Sequence[str]) -> int:
    """Runs the race and prints what came of it; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.contend", description=__doc__)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--payments", type=int, default=250)
    parser.add_argument("--affordable", type=int, default=500)
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--in-process", action="store_true")
    options = parser.parse_args(argv)
    payments = options.writers * options.payments
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="yusuan-") as name, context.Manager() as manager:
        path = opened(Path(name) / "book.db", options.affordable)
        stop = manager.Event()
        with context.Pool(options.readers) as readers:
            seen = [readers.apply_async(watch, (path, stop)) for _ in range(options.readers)]
            began = time.monotonic()
            tried = contend(
                path,
                writers=options.writers,
                payments=options.payments,
                processes=not options.in_process,
            )
            seconds = time.monotonic() - began
            stop.set()
            watched = [each.get() for each in seen]
        found = wrong(path, tried, affordable=options.affordable, payments=payments)
    found += [complaint for each in watched for complaint in each.wrong]
    answered = sum(sum(each.heads.values()) for each in watched)
    print(
        f"{options.writers} writers, {payments} payments in {seconds:.1f} s "
        f"({payments / seconds:.0f}/s, {os.cpu_count()} processors): {dict(tried.outcomes)}; "
        f"{tried.waited} waited for more than a second; {answered} queries beside them, "
        f"at {len(set().union(*(each.heads for each in watched)))} heads"
    )
    for complaint in found[:20]:
        print("wrong:", complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
