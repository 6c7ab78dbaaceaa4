"""The same year in the formats of the peers, from the very rows that yusuan imports.

`python -m scripts.benchmarks.journals CSV FOLDER` writes one file for each of FORMATS. What a row
means is said here again in a few lines, and nothing of yusuan is imported: balances that agree
were added up by two programs from two readings of the row.

A line has four accounts: what is available and paid, and what was approved for it, initially and
by changes since, which are credits.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

PARTS = ("fund", "func", "spending", "project", "econ", "origin")
AVAILABLE, PAID, INITIAL, ADJUSTED = "Available", "Paid", "Initial", "Adjusted"
ROOTS = {AVAILABLE: "Assets", PAID: "Expenses", INITIAL: "Equity", ADJUSTED: "Equity"}
"""The account of a line, and under which of the five types of beancount it stands."""
CASH = "Assets:Cash"

Row = Mapping[str, str]


class Move(NamedTuple):
    """So much onto an account; of a line, or of none."""

    account: str
    line: str
    fen: int


class Transaction(NamedTuple):
    """What one row moves; the moves sum to zero."""

    id: str
    date: str
    doc: str
    text: str
    moves: tuple[Move, ...]

    def postings(self) -> Iterator[tuple[str, str]]:
        """Its moves as a journal writes them: name of the account, signed yuan."""
        for account, line, fen in self.moves:
            yuan = f"{abs(fen) // 100}.{abs(fen) % 100:02d}"
            yield account_name(account, line), f"-{yuan}" if fen < 0 else yuan


class Format(NamedTuple):
    """The file of a peer: how it begins, declares an account at its first use, says an entry."""

    file: str
    head: str
    declaration: str
    entry: Callable[[Transaction], str]


# --- what a row moves ----------------------------------------------------------------------------


def transactions(rows: Iterable[Row]) -> Iterator[Transaction]:
    """The transactions of all rows that move money, in their order."""
    lines: set[str] = set()
    payments: dict[str, tuple[str, int]] = {}
    for row in rows:
        kind, fen = row["kind"], _fen(row["amount"])
        moves: tuple[Move, ...]
        if kind in ("project", "lock-month"):
            continue
        if kind == "pay":
            line = _drawn(row, lines)
            payments[row["id"]] = (line, fen)
            moves = _move(line, AVAILABLE, PAID, fen)
        elif kind in ("refund", "reverse"):
            line, paid = payments[row["ref"]]
            moves = _move(line, PAID, AVAILABLE, paid if kind == "reverse" else fen)
        elif kind == "income":
            moves = (Move(CASH, "", fen), Move(f"Income:{row['econ'].capitalize()}", "", -fen))
        elif kind == "reallocate":
            moves = (
                *_move(_line(row), AVAILABLE, ADJUSTED, fen),
                *_move(_target(row), ADJUSTED, AVAILABLE, fen),
            )
        elif kind == "cut":
            moves = _move(_line(row), AVAILABLE, ADJUSTED, fen)
        elif kind in ("carry-in", "supplement", "appropriate"):
            approved = INITIAL if kind == "appropriate" else ADJUSTED
            moves = _move(_line(row), approved, AVAILABLE, fen)
        else:
            raise ValueError(f"no peer knows how to say {kind!r}")
        lines.update(move.line for move in moves)
        text = f"{row['payee']} {row['purpose']}".strip() or kind
        yield Transaction(row["id"], row["date"], row["doc"], text, moves)


def _move(line: str, source: str, target: str, fen: int) -> tuple[Move, Move]:
    return Move(source, line, -fen), Move(target, line, fen)


def _line(row: Row) -> str:
    return ":".join(row[part] or "-" for part in PARTS)


def _target(row: Row) -> str:
    return ":".join(row.get(f"to_{part}") or row[part] or "-" for part in PARTS)


def _drawn(row: Row, lines: set[str]) -> str:
    """The line of a payment: that of its 款, else of its class, else of no class."""
    for econ in (row["econ"], row["econ"][:3], "-"):
        line = _line({**row, "econ": econ})
        if line in lines:
            return line
    raise ValueError(f"row {row['id']}: no line to pay from")


def _fen(yuan: str) -> int:
    """Of an amount with two decimals."""
    return int(yuan.replace(".", "") or "0")


# --- how it is written ---------------------------------------------------------------------------


def account_name(account: str, line: str) -> str:
    """An account as all journals name it, by beancount's rules: parts begin with A–Z or a digit."""
    if not line:
        return account
    fund, func, spending, *rest = line.split(":")
    parts = (fund.capitalize(), func, spending.capitalize(), *rest)
    named = ":".join("0" if part == "-" else part for part in parts)
    return f"{ROOTS[account]}:{account}:{named}"


def line_account(name: str) -> tuple[str, str] | None:
    """Line and account behind the name of an account; none for what is not of a line."""
    _, account, *parts = (*name.split(":"), "")
    if account not in ROOTS:
        return None
    fund, func, spending, *rest, _ = parts
    line = (fund.lower(), func, spending.lower(), *("-" if part == "0" else part for part in rest))
    return ":".join(line), account


def _plain(transaction: Transaction) -> str:
    """An entry of ledger and of hledger, which differ in what stands before."""
    code = f" ({transaction.doc})" if transaction.doc else ""
    postings = (f"    {account}  {yuan} CNY\n" for account, yuan in transaction.postings())
    head = f"{transaction.date}{code} {transaction.text}  ; {transaction.id}\n"
    return head + "".join(postings) + "\n"


def _beancount(transaction: Transaction) -> str:
    head = f'{transaction.date} * "{transaction.text}"\n'
    about = f'  id: "{transaction.id}"\n'
    about += f'  doc: "{transaction.doc}"\n' if transaction.doc else ""
    postings = (f"  {account}  {yuan} CNY\n" for account, yuan in transaction.postings())
    return head + about + "".join(postings) + "\n"


def _rows(transaction: Transaction) -> str:
    """One row a move. No field has a comma or a quote in it."""
    start = f"{transaction.id},{transaction.date}"
    return "".join(f"{start},{move.line},{move.account},{move.fen}\n" for move in transaction.moves)


FORMATS = {
    "ledger": Format(
        "year.ledger", "commodity CNY\n    format 1000.00 CNY\n\n", "account {}\n\n", _plain
    ),
    "hledger": Format("year.journal", "commodity 1000.00 CNY\n\n", "account {}\n\n", _plain),
    "beancount": Format("year.beancount", "", "2020-01-01 open {} CNY\n\n", _beancount),
    "sql": Format("postings.csv", "entry,date,line,account,amount_fen\n", "", _rows),
}


def write(rows: Iterable[Row], folder: Path) -> None:
    """Writes the file of every format, all in one pass."""
    declared: set[str] = set()
    with ExitStack() as stack:
        streams = []
        for format_ in FORMATS.values():
            path = folder / format_.file
            stream = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            stream.write(format_.head)
            streams.append((stream, format_))
        for transaction in transactions(rows):
            names = dict.fromkeys(account for account, _ in transaction.postings())
            new = [name for name in names if name not in declared]
            declared.update(new)
            for stream, format_ in streams:
                stream.writelines(format_.declaration.format(name) for name in new)
                stream.write(format_.entry(transaction))


def main(argv: Sequence[str]) -> int:
    """Writes what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.benchmarks.journals")
    parser.add_argument("csv", type=Path, help="the rows of a year (scripts/synthetic.py)")
    parser.add_argument("folder", type=Path, help="where the files go")
    given = parser.parse_args(argv)
    with given.csv.open(encoding="utf-8", newline="") as stream:
        write(csv.DictReader(stream), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
