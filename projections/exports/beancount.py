"""The journal as beancount reads it."""

from collections.abc import Iterator

from ledger.money import plain_yuan
from ledger.texts import one_line
from projections.exports.journal import CURRENCY, Journal, JournalTransaction
from projections.exports.peers import Peer


def text(journal: Journal) -> Iterator[str]:
    """The file, piece by piece: accounts, transactions, and what every account must come to when
    the year has ended, exactly."""
    balances = journal.balances()
    yield f"; {one_line(journal.about)}\n\n"
    yield f'option "title" {_quoted(journal.title)}\n'
    yield f'option "operating_currency" "{CURRENCY}"\n\n'
    yield "".join(f"{journal.year}-01-01 open {name} {CURRENCY}\n" for name in balances)
    for each in journal.transactions():
        yield "\n" + _transaction(each)
    yield "\n"
    for account, fen in balances.items():
        right = plain_yuan(fen)
        yield f"{journal.year + 1}-01-01 balance {account} {right} ~ 0.00 {CURRENCY}\n"


def _transaction(each: JournalTransaction) -> str:
    payee = f"{_quoted(each.payee)} " if each.payee else ""
    lines = [f"{each.date} * {payee}{_quoted(each.narration)}\n"]
    lines += [f"  {name}: {_quoted(value)}\n" for name, value in each.tags.items()]
    for posting in each.postings:
        lines.append(f"  {posting.account}  {posting.amount}\n")
        if posting.econ:
            lines.append(f'    econ: "{posting.econ}"\n')
    return "".join(lines)


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


PEER = Peer(
    program="bean-query",
    install="pip install beancount beanquery",
    arguments=("-q", "-f", "csv", "{file}", "SELECT account, sum(number) GROUP BY account"),
)
