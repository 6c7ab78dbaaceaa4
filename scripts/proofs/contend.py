"""Do many processes on one book keep it one book? Writers race for the last yuan of a line.

Every payment is 1.00 and the line affords fewer than are tried: exactly the affordable ones are
accepted, the others refused by R1.AVAILABLE, and nobody sees a lock. Meanwhile readers ask, and no
answer may fail, or mix two moments of the book.

    python -m scripts.proofs.contend
        8 × 250 payments, each a process of its own
    python -m scripts.proofs.contend --in-process
        the same by 8 processes that call the CLI in a loop
    python -m scripts.proofs.contend --writers 16 --seconds 10
        is the lock fair? 16 processes pay in a loop for 10 s on a line that affords everything; the
        least-served must come to 1/4 of the mean, and every entry was acknowledged to one of them
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
_PLENTY = 100_000_000
FAIR_SHARE = 4
"""The least-served of many writers gets at least this part (1/4) of the mean."""


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


class Served(NamedTuple):
    """What one writer got: its entries, the seconds that each of its payments took, and how the
    others failed."""

    entries: list[int]
    seconds: list[float]
    failed: list[str]


def pay_until(path: Path, seconds: float) -> Served:
    """Pays 1.00 again and again; the payment that is under way at the end is awaited."""
    served = Served([], [], [])
    until = time.monotonic() + seconds
    while (began := time.monotonic()) < until:
        answer = called(path, *PAY)
        if answer.exit == 0:
            served.entries.append(answer.json()["entry"])
            served.seconds.append(time.monotonic() - began)
        else:
            served.failed.append(f"a payment ended with {answer}")
    return served


def serve(path: Path, *, writers: int, seconds: float) -> list[Served]:
    """Writers that loop in a process each, from one moment on, for so many seconds."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(writers) as workers:
        together = manager.Barrier(writers)
        work = [(path, seconds, together)] * writers
        return workers.map(_pay_until_together, work, chunksize=1)


def _pay_until_together(work: tuple[Path, float, Any]) -> Served:
    path, seconds, together = work
    called(path, "balance")  # everything is imported before the race begins
    together.wait()
    return pay_until(path, seconds)


def unserved(path: Path, served: Sequence[Served]) -> list[str]:
    """What is wrong after `serve`: a payment failed, an entry was acknowledged to nobody or to two,
    the audit fails, or a writer got less than its share; empty if all is well."""
    found = [complaint for each in served for complaint in each.failed]
    acknowledged = sorted(number for each in served for number in each.entries)
    last = OPENING_ENTRIES + len(acknowledged)
    if acknowledged != list(range(OPENING_ENTRIES + 1, last + 1)):
        found.append(f"{len(acknowledged)} payments acknowledged, not each as an entry of its own")
    if numbers(path) != list(range(1, last + 1)):
        found.append(f"{len(numbers(path))} entries, not {last}")
    audit = called(path, "audit")
    if audit.exit != 0 or audit.json()["entries"] != last:
        found.append(f"audit ends with {audit.exit}: {audit.out[:3000]}")
    least = min(len(each.entries) for each in served)
    if least * FAIR_SHARE * len(served) < len(acknowledged):
        found.append(f"the least-served writer got {least} of {len(acknowledged)} entries")
    return found


def shares(served: Sequence[Served]) -> str:
    """How evenly the writers were served, and how long a payment took."""
    each = sorted(len(writer.entries) for writer in served)
    took = sorted(seconds for writer in served for seconds in writer.seconds) or [0.0]
    mean = sum(each) / len(each)
    low, middle, high = took[0], took[len(took) // 2], took[len(took) * 99 // 100]
    return (
        f"{sum(each)} entries, by writer {each}\n"
        f"least/mean {each[0] / mean if mean else 0:.2f}; a payment took at least {low:.3f} s, "
        f"p50 {middle:.3f} s, p99 {high:.3f} s, at most {took[-1]:.3f} s"
    )


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
    parser.add_argument("--seconds", type=float, help="loop so long, and compare the writers")
    options = parser.parse_args(argv)
    if options.seconds is not None:
        return _fair(options.writers, options.seconds)
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
    return _told(found)


def _fair(writers: int, seconds: float) -> int:
    with tempfile.TemporaryDirectory(prefix="yusuan-") as name:
        path = opened(Path(name) / "book.db", _PLENTY)
        served = serve(path, writers=writers, seconds=seconds)
        print(f"{writers} writers for {seconds} s ({os.cpu_count()} processors): {shares(served)}")
        return _told(unserved(path, served))


def _told(found: Sequence[str]) -> int:
    for complaint in found[:20]:
        print("wrong:", complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
