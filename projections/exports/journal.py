"""A book as plain-text accounting, for hledger, ledger and beancount to add up again.

One transaction for every entry that moves money, its postings those of the entry. Each of a line's
seven accounts is an account there, with a name that is legal in all three:

    Assets:Exec:General:2080105:Project:P02:30299:2020

AUTH is a credit (Equity), PENDING, EXEC and HELD are what is there (Assets), PAID and TAKEN have
left (Expenses), OUT went over to next year (Equity).

Income moves no account of a line. It is Income:CLASS against Assets:Received of its purpose, which
counts what came in beside the budget and is never lowered by payments (P26). 非财政拨款结余 lies in
Assets:Pool, which gives to Assets:Received and takes from it; a tax leaves it as Expenses:Tax.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ledger.events import Entry, kind_of
from ledger.kinds import KIND_NAMES
from ledger.line import NO_ECON, NO_PROJECT, BudgetLine
from ledger.money import plain_yuan
from ledger.postings import Inflow, earlier, inflows, postings
from ledger.proofs.head import EMPTY
from ledger.store.fold import proved
from ledger.texts import one_line
from projections.questions.balances import FIGURE_OF_ACCOUNT, line_balances
from projections.views.reading import Reading
from projections.views.rows import details_of

CURRENCY = "CNY"

_ROOTS = {
    "AUTH": "Equity:Auth",
    "PENDING": "Assets:Pending",
    "EXEC": "Assets:Exec",
    "HELD": "Assets:Held",
    "PAID": "Expenses:Paid",
    "TAKEN": "Expenses:Taken",
    "OUT": "Equity:Out",
}


class JournalPosting(NamedTuple):
    """One side: the account, signed fen, and the 款 of a payment, else empty."""

    account: str
    fen: int
    econ: str = ""

    @property
    def amount(self) -> str:
        """Yuan with two decimals and the currency."""
        return f"{plain_yuan(self.fen)} {CURRENCY}"


class JournalTransaction(NamedTuple):
    """One entry that moves money. `tags` are what it says beside its document and payee."""

    date: str
    doc: str
    payee: str
    narration: str
    tags: dict[str, str]
    postings: list[JournalPosting]


class Journal:
    """A book in the words of plain-text accounting."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.year = reading.year
        self.title = f"{reading.book} {reading.name}"
        head = reading.head
        self.about = f"{reading.book} {reading.name}，共 {head.entries} 笔，末端 {head.hash.hex()}"

    def transactions(self) -> Iterator[JournalTransaction]:
        """The transactions, in the order in which their entries were recorded."""
        reading = self._reading
        for stored, entry in proved(reading.log, str(reading.book), EMPTY, reading.head):
            moved = _postings(entry)
            if moved:
                yield _transaction(entry, stored.hash.hex(), moved)

    def balances(self) -> dict[str, int]:
        """What each account must come to, by our own `balance` and recorded income, fen. Accounts
        that nothing was ever posted to are left out."""
        figures = {row.line: row for row in line_balances(self._reading).lines}
        totals: Counter[str] = Counter()
        for line, account, *_ in self._reading.sums():
            row = figures[line]
            name = FIGURE_OF_ACCOUNT.get(account)
            fen = -row.annual_budget_fen if name is None else getattr(row, name)
            totals[_account(_ROOTS[account], line)] = fen
        for posting in self._beside():
            totals[posting.account] += posting.fen
        return dict(sorted(totals.items()))

    def _beside(self) -> Iterator[JournalPosting]:
        """What moved beside the accounts of the lines, added up by purpose and class."""
        for inflow in self._reading.inflows():
            yield from _received(inflow)


def _postings(entry: Entry) -> list[JournalPosting]:
    journal = [
        JournalPosting(
            _account(_ROOTS[posting.account.name], posting.line),
            posting.fen,
            "" if posting.econ == NO_ECON else posting.econ,
        )
        for posting in postings(entry.event)
    ]
    for inflow in inflows(entry.event):
        journal += _received(inflow)
    return journal


def _received(inflow: Inflow) -> tuple[JournalPosting, JournalPosting]:
    """Both sides of money beside the accounts of a line."""
    line, fen = inflow.line, inflow.fen
    pool = (inflow.pool or "").capitalize()
    if line is None:
        there, other = f"Assets:Pool:{pool}", f"Equity:Surplus:{pool}"
    else:
        there = _account("Assets:Received", line)
        if inflow.pool is None:
            other = _account(f"Income:{inflow.source.capitalize()}", line)
        elif inflow.pool == "tax":
            other = _account("Expenses:Tax", line)
        else:
            other = f"Assets:Pool:{pool}"
    return JournalPosting(there, fen), JournalPosting(other, -fen)


def _transaction(entry: Entry, hash_: str, postings: list[JournalPosting]) -> JournalTransaction:
    event, details = entry.event, details_of(entry.event)
    kind, about = kind_of(event), earlier(event)
    tags = {
        "entry": str(entry.number),
        "kind": kind,
        "doc": event.doc,
        "ref": "" if about is None else str(about),
        "key": entry.key or "",
        "actor": entry.actor,
        "pay-type": details.pay_type or "",
        "hash": hash_,
    }
    return JournalTransaction(
        event.occurred_on.isoformat(),
        event.doc,
        details.payee or "",
        f"{KIND_NAMES[kind]} {details.purpose or event.reason}".rstrip(),
        {name: text for name, text in tags.items() if text},
        postings,
    )


@lru_cache(maxsize=1 << 16)
def _account(root: str, line: BudgetLine) -> str:
    """The account of a line. Two lines never share one: only project money has a project, and its
    code is escaped so that it can be read back (P27)."""
    project = () if line.project == NO_PROJECT else (_part(line.project),)
    econ = "All" if line.econ == NO_ECON else line.econ
    parts = (line.fund.capitalize(), line.func, line.spending.capitalize(), *project, econ)
    return ":".join((root, *parts, str(line.origin)))


def _part(code: str) -> str:
    """A project code as beancount takes it: letters, digits and `-`, the first a capital or a
    digit. `-` is written `-0`, `_` is `-1`, and `X-2` is put before what begins otherwise."""
    escaped = code.replace("-", "-0").replace("_", "-1")
    return escaped if escaped[0].isdigit() or escaped[0].isupper() else f"X-2{escaped}"


def plain_text(journal: Journal, commodity: str) -> Iterator[str]:
    """The text that hledger and ledger have in common, after the directive that says how the
    currency is written: accounts, transactions, and at the end what every account must come to."""
    balances = journal.balances()
    yield f"; {_plain(journal.about)}\n\n{commodity}\n"
    yield "".join(f"account {account}\n" for account in balances)
    for each in journal.transactions():
        yield "\n" + _plain_transaction(each)
    if balances:
        yield f"\n{journal.year}-12-31 余额核对\n"
        for account, fen in balances.items():
            right = JournalPosting(account, fen).amount
            yield f"    {account}  {JournalPosting(account, 0).amount} = {right}\n"


def _plain_transaction(each: JournalTransaction) -> str:
    code = f" ({_plain(each.doc)})" if each.doc else ""
    payee = f"{_plain(each.payee)} | " if each.payee else ""
    text = [f"{each.date}{code} {payee}{_plain(each.narration)}\n"]
    text += [f"    ; {name}: {_plain(value)}\n" for name, value in each.tags.items()]
    for posting in each.postings:
        text.append(f"    {posting.account}  {posting.amount}\n")
        if posting.econ:
            text.append(f"    ; econ: {posting.econ}\n")
    return "".join(text)


_FULL_WIDTH = str.maketrans(";|(),*!", "；｜（），＊！")


def _plain(text: str) -> str:
    """Text that the syntax does not take for its own: on one line, and what has a meaning there in
    full width."""
    return one_line(text).translate(_FULL_WIDTH)
