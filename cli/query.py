"""查询: `balance`, `carryover`, `opening`, `carry-ageing`, `execution`, `progress`, `three-public`,
`roll-up`, `log`, `statement`, `pending`, `show`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from cli import parse, render
from cli.options import CutOptions, LineParts, Particulars, RollUp, Text, complete, verb
from cli.session import Session, leave
from cli.source import ALL_UNITS, source
from ledger.errors import Malformed
from ledger.line import BudgetLine, LinePattern
from ledger.money import parse_yuan
from projections.measures import Source
from projections.reading import Reading, reading


@contextmanager
def _opened(session: Session, cut: CutOptions) -> Iterator[Reading]:
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        yield opened


def _answer(
    session: Session,
    cut: CutOptions,
    ask: Callable[[Reading], dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
) -> None:
    with _opened(session, cut) as opened:
        answer = {**opened.header(), **ask(opened)}
    session.answer(answer, show)


def _answer_for(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    ask: Callable[[Source], dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
) -> None:
    """For a book, or for the books of a department."""
    with source(session, cut, rolled) as opened:
        answer = {**opened.header(), **ask(opened)}
    session.answer(answer, show)


@verb("balance")
def balance(session: Session, line: LineParts, cut: CutOptions) -> None:
    from projections.balances import line_balances

    meant = line.existing()
    wanted = LinePattern(*_parts(meant)) if isinstance(meant, BudgetLine) else meant
    _answer(session, cut, lambda r: line_balances(r, wanted), render.balances)


def _parts(line: BudgetLine) -> tuple[str, str, str, str, str, int]:
    return (line.fund, line.func, line.spending, line.project, line.econ, line.origin)


@verb("carryover")
def carryover(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from projections.carryover import carryover as answer

    _answer_for(session, cut, rolled, answer, render.carryover)


@verb("opening")
def opening(
    session: Session,
    cut: CutOptions,
    check: Annotated[
        bool,
        typer.Option("--check", help="与上年年末逐项核对，有未说明的差额时退出码为 1。 Compare."),
    ] = False,
    previous: Annotated[
        Text,
        typer.Option(
            "--previous-closing",
            metavar="YUAN|FILE.csv",
            help="上年年末数：合计（元），或 CSV（资金性质,功能科目,项目,形成年度,金额）；"
            "默认取本文件中的上年账套。 Last closing.",
        ),
    ] = None,
) -> None:
    from cli import opening_text
    from cli.previous import closing
    from projections.opening import checked, last_closing
    from projections.opening import opening as walk

    if not check:
        if previous is not None:
            expected = "空，或同时写 --check"
            raise Malformed(
                "FIELD.NOT_USED", field="previous-closing", value=previous, expected=expected
            )
        _answer(session, cut, walk, opening_text.walk)
        return
    book, known_at = session.book(), cut.cut().known_at
    last = (
        last_closing(session.db, book, known_at, session.waiting)
        if previous is None
        else closing(previous)
    )
    if last is None:
        expected = (
            f"上年年末结转结余的合计（元）或分项 CSV 文件（本文件中没有上年账套 "
            f"{book.unit}/{book.year - 1}）"
        )
        raise Malformed("FIELD.REQUIRED", field="previous-closing", value="", expected=expected)
    with _opened(session, cut) as opened:
        answer = {**opened.header(), **checked(opened, last)}
    session.answer(answer, opening_text.checked)
    if answer["missing"] or any(pool["unexplained_fen"] for pool in answer["pools"]):
        leave(1)


@verb("carry-ageing")
def carry_ageing(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from projections.ageing import ageing as answer

    _answer_for(session, cut, rolled, answer, render.ageing)


@verb("execution")
def execution(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    scope: Annotated[
        Text,
        typer.Option("--scope", help="口径 current（本年预算）|all（含上年结转），必填。 Scope."),
    ] = None,
) -> None:
    from projections.execution import execution as answer

    scopes = {"current": "本年预算", "all": "本年预算和上年结转"}
    wanted: Any = parse.word(scope or "", scopes, field="scope")
    _answer_for(session, cut, rolled, lambda s: answer(s, wanted), render.execution)


@verb("progress")
def progress(session: Session, cut: CutOptions) -> None:
    from projections.progress import progress as answer

    _answer(session, cut, answer, render.progress)


@verb("three-public")
def three_public(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from projections.three_public import three_public as answer

    _answer_for(session, cut, rolled, answer, render.three_public)


@verb("roll-up")
def roll_up(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from projections.rollup import books

    every = rolled if rolled.units else rolled._replace(units=ALL_UNITS)
    _answer_for(session, cut, every, books, render.roll_up)


@verb("log")
def log(
    session: Session,
    line: LineParts,
    cut: CutOptions,
    particulars: Particulars,
    kind: Annotated[Text, typer.Option("--kind", help="业务种类，如 pay。 Kind.")] = None,
    doc: Annotated[Text, typer.Option("--doc", help="文号包含。 Document contains.")] = None,
    payee: Annotated[Text, typer.Option("--payee", help="收款人包含。 Payee contains.")] = None,
    text: Annotated[Text, typer.Option("--text", help="任一文字栏包含。 Any text.")] = None,
    amount: Annotated[Text, typer.Option("--amount", help="金额等于（元）。 Amount.")] = None,
    ref: Annotated[Text, typer.Option("--ref", help="对应的原记录编号。 About entry.")] = None,
    since: Annotated[Text, typer.Option("--since", "--from", help="起始日期。 From.")] = None,
    until: Annotated[Text, typer.Option("--until", "--to", help="截止日期。 Until.")] = None,
    limit: Annotated[Text, typer.Option("--limit", help="只列最后 n 笔。 The last n.")] = None,
) -> None:
    from ledger.kinds import KIND_NAMES
    from projections.entries import EntryFilter, entries

    meant = line.existing()
    pattern = LinePattern(*_parts(meant)) if isinstance(meant, BudgetLine) else meant
    wanted = EntryFilter(
        line=pattern if line.given() else None,
        kind=None if kind is None else parse.word(kind, KIND_NAMES, field="kind"),
        doc=None if doc is None else parse.text(doc, field="doc"),
        payee=None if payee is None else parse.text(payee, field="payee"),
        text=None if text is None else parse.text(text, field="text"),
        amount_fen=None if amount is None else parse_yuan(amount),
        original=None if ref is None else parse.entry_number(ref),
        since=None if since is None else parse.day(since, field="since"),
        until=None if until is None else parse.day(until, field="until"),
        **particulars.said(),
    )
    most = None if limit is None else parse.count(limit, field="limit")
    _answer(session, cut, lambda r: {"entries": list(entries(r, wanted, most))}, render.log)


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
    from projections.statement import statement as answer

    typed = line_option or line
    if typed is None:
        expected = "预算线全文，如 general:2080105:project:P02:-:2020"
        raise Malformed("FIELD.REQUIRED", field="line", value="", expected=expected)
    wanted = BudgetLine.parse(typed.strip())
    _answer(session, cut, lambda r: answer(r, wanted), render.statement)


@verb("pending")
def pending(session: Session, cut: CutOptions) -> None:
    from projections.approval import pending as answer

    _answer(session, cut, answer, render.pending)


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
    from projections.entries import entry

    wanted = parse.entry_number(number)
    _answer(session, cut, lambda r: entry(r, wanted), render.entry)
