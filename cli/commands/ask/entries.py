"""What was recorded: `log`, `statement`, `pending`, `show`."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import UNSET
from msgspec.structs import replace

from cli.session import Session
from cli.terminal.asking import of_book
from cli.terminal.options import CutOptions, LineParts, OfPaymentOptions, Text, complete, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.line import BudgetLine
from ledger.money import parse_yuan

if TYPE_CHECKING:
    from projections.questions.entries import EntryInFull
    from projections.views.reading import Reading


@verb("log")
def log(
    session: Session,
    line: LineParts,
    cut: CutOptions,
    of_payment: OfPaymentOptions,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="业务种类，如 pay，可重复。 Kind, repeatable."),
    ] = None,
    paid: Annotated[
        bool, typer.Option("--paid", help="只列动了已支付的：支付、退款及其冲销。 What was paid.")
    ] = False,
    doc: Annotated[Text, typer.Option("--doc", help="文号包含。 Document contains.")] = None,
    payee: Annotated[Text, typer.Option("--payee", help="收款人包含。 Payee contains.")] = None,
    text: Annotated[Text, typer.Option("--text", help="任一文字栏包含。 Any text.")] = None,
    amount: Annotated[Text, typer.Option("--amount", help="金额等于（元）。 Amount.")] = None,
    ref: Annotated[Text, typer.Option("--ref", help="对应的原记录编号。 About entry.")] = None,
    since: Annotated[Text, typer.Option("--since", "--from", help="起始日期。 From.")] = None,
    until: Annotated[Text, typer.Option("--until", "--to", help="截止日期。 Until.")] = None,
    limit: Annotated[Text, typer.Option("--limit", help="只列最后 n 笔。 The last n.")] = None,
) -> None:
    from cli.text.ask.entries import log as shown
    from ledger.kinds import KIND_NAMES
    from projections.questions.entries import EntryFilter, EntryLog, entries

    wanted = EntryFilter(
        line=line.pattern() if line.given() else None,
        kinds=tuple(parse.word(each, KIND_NAMES, field="kind") for each in kind or ()),
        paid=paid,
        doc=None if doc is None else parse.text(doc, field="doc"),
        payee=None if payee is None else parse.text(payee, field="payee"),
        text=None if text is None else parse.text(text, field="text"),
        amount_fen=None if amount is None else parse_yuan(amount),
        original=None if ref is None else parse.entry_number(ref),
        since=None if since is None else parse.day(since, field="since"),
        until=None if until is None else parse.day(until, field="until"),
        **of_payment.said(),
    )
    most = None if limit is None else parse.count(limit, field="limit")
    of_book(session, cut, lambda r: EntryLog.of(list(entries(r, wanted, most))), shown)


@verb("statement")
def statement(
    session: Session,
    cut: CutOptions,
    line: Annotated[
        Text, typer.Argument(help="预算线全文。 The line.", autocompletion=complete("line"))
    ] = None,
    line_option: Annotated[
        Text, typer.Option("--line", help="预算线全文。 The same.", autocompletion=complete("line"))
    ] = None,
) -> None:
    from cli.text.ask.statement import statement as shown
    from projections.questions.statement import statement as answer

    typed = line_option or line
    if typed is None:
        expected = "预算线全文，如 general:2080105:project:P02:-:2020"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="line", value="", expected=expected)
    wanted = BudgetLine.parse(typed.strip())
    of_book(session, cut, lambda r: answer(r, wanted), shown)


@verb("pending")
def pending(session: Session, cut: CutOptions) -> None:
    from cli.text.ask.approval import pending as shown
    from projections.questions.approval import pending as answer
    from projections.questions.year.carried_on import carried_on

    onward = carried_on(session.db, session.book(), cut.cut(), session.waiting) or UNSET
    of_book(session, cut, lambda r: replace(answer(r), carried_on=onward), shown)


@verb("show")
def show(
    session: Session,
    cut: CutOptions,
    number: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY", help="记录编号。 Entry number.", autocompletion=complete("entry")
        ),
    ],
) -> None:
    from cli.text.ask.entry import entry as shown
    from projections.questions.entries import entry as found
    from projections.questions.entries import of_a_closing
    from projections.questions.year.carried_on import carried_on

    wanted = parse.entry_number(number)
    onward = carried_on(session.db, session.book(), cut.cut(), session.waiting) or UNSET

    def entry(reading: "Reading") -> "EntryInFull":
        answer = found(reading, wanted)
        return replace(answer, carried_on=onward) if of_a_closing(answer.event) else answer

    of_book(session, cut, entry, shown)
