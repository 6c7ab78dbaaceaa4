"""How the money stands: `balance`, `carryover`, `opening`, `carry-ageing`, `execution`, `progress`,
`three-public`, `roll-up`.
"""

from functools import partial
from typing import Annotated

import typer

from cli.session import Session, leave
from cli.terminal.asking import (
    ALL_UNITS,
    beside_last_year,
    meant_by,
    of_source,
    source,
)
from cli.terminal.options import (
    ByUnit,
    CutOptions,
    LineParts,
    RollUp,
    ShownIn,
    Text,
    VsLastYear,
    verb,
)
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.line import parse_fund
from projections.views.reading import reading
from projections.views.source import Source


@verb("balance")
def balance(
    session: Session,
    line: LineParts,
    cut: CutOptions,
    rolled: RollUp,
    vs_last_year: VsLastYear = False,
) -> None:
    from cli.text.ask.balances import balances as shown
    from projections.questions import balances

    wanted = line.pattern()
    if not vs_last_year:
        of_source(session, cut, rolled, lambda s: balances.balances(s, wanted), shown)
        return
    year = session.book().year if rolled.units is None else session.year or 0

    def ask(source: Source) -> balances.Balances:
        origin = None if wanted.origin is None else wanted.origin + source.year - year
        of_year = wanted._replace(origin=origin)  # money of the same age
        of = source.members()[0] if rolled.units is None else source
        return balances.balances(of, of_year, by_origin=False)

    beside_last_year(session, cut, rolled, ask, balances.beside_last_year, shown)


@verb("carryover")
def carryover(session: Session, cut: CutOptions, rolled: RollUp, by_unit: ByUnit = False) -> None:
    from cli.text.ask.carryover import carryover as shown
    from projections.questions.carryover import carryover as answer

    apart = _apart(rolled, by_unit)
    show = partial(shown, by_unit=apart)
    of_source(session, cut, rolled, lambda s: answer(s, by_unit=apart), show)


def _apart(rolled: RollUp, by_unit: bool) -> bool:
    """Whether every unit has rows of its own. Raises `Malformed` where there is but one."""
    if by_unit and rolled.units is None:
        expected = "不写，或同时用 --units 写明汇总哪些单位"
        raise Malformed(
            Unreadable.FIELD_NOT_USED, field="by-unit", value="--by-unit", expected=expected
        )
    return by_unit


@verb("opening")
def opening(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
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
    from cli.terminal.answers import opening as walk
    from cli.text.ask import opening as opening_text
    from projections.questions.opening import checked, last_closing

    if not check:
        if previous is not None:
            expected = "空，或同时写 --check"
            raise Malformed(
                Unreadable.FIELD_NOT_USED,
                field="previous-closing",
                value=previous,
                expected=expected,
            )
        session.answer(opening_text.walk, *walk(session, cut, rolled))
        return
    if rolled.units is not None:
        _checked_together(session, cut, rolled, previous)
        return
    from cli.intake.last_closing import closing

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
        raise Malformed(
            Unreadable.FIELD_REQUIRED, field="previous-closing", value="", expected=expected
        )
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        answer = checked(opened, last)
    session.answer(opening_text.checked, opened.header(), answer)
    if not answer.explained:
        leave(1)


def _checked_together(
    session: Session, cut: CutOptions, rolled: RollUp, previous: str | None
) -> None:
    """The openings of a department, each book beside its own last year's. Raises `Malformed`."""
    from cli.text.ask.opening import checked as shown
    from projections.questions.opening import checked_together, last_closing

    if previous is not None:
        expected = "空（汇总时各账套与本文件中各自的上年账套核对）"
        raise Malformed(
            Unreadable.FIELD_NOT_USED, field="previous-closing", value=previous, expected=expected
        )
    books = meant_by(session, cut, rolled).books
    known_at = cut.cut().known_at
    closings = ((str(b), last_closing(session.db, b, known_at, session.waiting)) for b in books)
    lasts = {book: last for book, last in closings if last is not None}
    if not lasts:
        expected = "文件中这些单位的上年账套；没有的按单位核对（--unit 和 --previous-closing）"
        raise Malformed(
            Unreadable.FIELD_REQUIRED, field="previous-closing", value="", expected=expected
        )
    with source(session, cut, rolled) as opened:
        answer = checked_together(opened, lasts)
    session.answer(shown, opened.header(), answer)
    if not answer.explained:
        leave(1)


@verb("carry-ageing")
def carry_ageing(
    session: Session, cut: CutOptions, rolled: RollUp, by_unit: ByUnit = False
) -> None:
    from cli.text.ask.ageing import ageing as shown
    from projections.questions.ageing import ageing as answer

    apart = _apart(rolled, by_unit)
    show = partial(shown, by_unit=apart)
    of_source(session, cut, rolled, lambda s: answer(s, by_unit=apart), show)


@verb("execution")
def execution(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    scope: Annotated[
        Text,
        typer.Option(
            "--scope",
            help="口径 current（本年预算）|all（含上年结转）；必填，有 --by 时默认 all。 Scope.",
        ),
    ] = None,
    by: Annotated[
        Text,
        typer.Option(
            "--by",
            help="按 func（功能分类项）|class（功能分类类）|econ（经济分类款）|project（项目）|"
            "unit（单位）列出。 Divide by.",
        ),
    ] = None,
    fund: Annotated[
        Text, typer.Option("--fund", help="与 --by 同用：只列这一资金性质。 One fund.")
    ] = None,
    vs_last_year: VsLastYear = False,
    by_unit: ByUnit = False,
) -> None:
    from cli.text.ask.execution import SCOPES
    from projections.questions import execution as question

    apart = _apart(rolled, by_unit)
    if by is None:
        from cli.text.ask.execution import execution as shown

        wanted = parse.word(scope or "", SCOPES, field="scope")
        if fund is not None:
            expected = "空，或同时写 --by"
            raise Malformed(Unreadable.FIELD_NOT_USED, field="fund", value=fund, expected=expected)

        def ask(source: Source) -> question.Execution:
            of = source.members()[0] if rolled.units is None else source
            return question.execution(of, wanted, by_unit=apart)

        if vs_last_year:
            beside_last_year(session, cut, rolled, ask, question.beside_last_year, shown)
        else:
            of_source(session, cut, rolled, ask, shown)
        return
    from cli.text.ask.execution_by import execution_by as shown_by

    if apart:
        expected = "不写（各单位分列用 --by unit，或不写 --by）"
        raise Malformed(
            Unreadable.FIELD_NOT_USED, field="by-unit", value="--by-unit", expected=expected
        )
    division = parse.word(by, question.BY_NAMES, field="by")
    within = parse.word("all" if scope is None else scope, SCOPES, field="scope")
    only = None if fund is None else parse_fund(fund)

    def ask_by(source: Source) -> question.ExecutionBy:
        return question.execution_by(source, division, within, only)

    if vs_last_year:
        beside_last_year(session, cut, rolled, ask_by, question.by_beside_last_year, shown_by)
    else:
        of_source(session, cut, rolled, ask_by, shown_by)


@verb("progress")
def progress(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from cli.text.ask.progress import progress as shown
    from projections.questions.progress import progress as answer

    of_source(session, cut, rolled, answer, shown)


@verb("three-public")
def three_public(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: ShownIn = None,
    vs_last_year: VsLastYear = False,
) -> None:
    from cli.terminal.answers import three_public as answer
    from cli.text.ask.three_public import three_public as shown

    session.answer(shown, *answer(session, cut, rolled, edition, vs_last_year=vs_last_year))


@verb("roll-up")
def roll_up(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    by_unit: Annotated[
        bool, typer.Option("--by-unit", help="各单位分列（汇总表本来如此）。 As it is anyhow.")
    ] = False,
) -> None:
    from cli.text.ask.roll_up import roll_up as shown
    from projections.questions.roll_up import books

    every = rolled if rolled.units else rolled._replace(units=ALL_UNITS)
    of_source(session, cut, every, books, shown)
