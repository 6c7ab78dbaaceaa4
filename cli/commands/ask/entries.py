"""What was recorded: `log`, `statement`, `pending`, `show`."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Session
from cli.terminal.asking import of_book
from cli.terminal.options import CutOptions, LineParts, OfPaymentOptions, Text, complete, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.line import BudgetLine
from projections.views.reading import Reading

if TYPE_CHECKING:
    pass


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
    after: Annotated[
        Text, typer.Option("--after", help="只列这一笔之后的。 Entries after this one.")
    ] = None,
    before: Annotated[
        Text, typer.Option("--before", help="只列这一笔之前的。 Entries before this one.")
    ] = None,
    limit: Annotated[
        Text,
        typer.Option(
            "--limit", help="只列最后 n 笔；有 --after 时列其后的前 n 笔。 The last n, or the next."
        ),
    ] = None,
) -> None:
    from cli.terminal.answers import wanted_entries
    from cli.text.ask.entries import log as shown
    from projections.questions.entries import EntryLog, entries

    wanted = wanted_entries(
        line,
        of_payment,
        kinds=kind or (),
        paid=paid,
        doc=doc,
        payee=payee,
        text=text,
        amount=amount,
        ref=ref,
        since=since,
        until=until,
        after=after,
        before=before,
    )
    most = None if limit is None else parse.count(limit, field="limit")
    first = after is not None

    def ask(reading: Reading) -> EntryLog:
        return EntryLog.of(list(entries(reading, wanted, most, first=first)))

    of_book(session, cut, ask, shown)


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
    from cli.terminal.answers import pending as answer
    from cli.text.ask.approval import pending as shown

    session.answer(shown, *answer(session, cut))


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
    from cli.terminal.answers import entry
    from cli.text.ask.entry import entry as shown

    session.answer(shown, *entry(session, cut, parse.entry_number(number)))
