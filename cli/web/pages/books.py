"""Which books a file holds, and those of a year together."""

import msgspec

from cli.terminal.asking import ALL_UNITS
from cli.web.pages.money import AMOUNT
from cli.web.parts import ColumnHead, Listing, Shown, Text
from cli.web.visit import Visit
from ledger.book import BookId
from ledger.line import parse_year
from ledger.money import yuan
from projections.answers import Member
from projections.questions.carryover import WALK
from projections.questions.roll_up import books as together
from projections.views.reading import readings
from projections.views.source import books_of, list_of


class BooksListed(msgspec.Struct, frozen=True):
    """The books of a file."""

    books: list[Member]


def books(visit: Visit) -> Shown:
    """Every book of the file, to choose one."""
    known = books_of(visit.session.db)
    with readings(visit.session.db, known, waiting=visit.session.waiting) as opened:
        answer = BooksListed(list_of(opened))
    rows = tuple(
        (
            Text(each.name, visit.of_book(each.book, "/")),
            Text(each.book),
            Text("已结账" if each.closed else "未结账"),
            Text(f"{each.head.entries:,}"),
            Text(each.head.hash[:12]),
        )
        for each in answer.books
    )
    years = sorted({BookId.parse(each.book).year for each in answer.books}, reverse=True)
    heads = (*map(ColumnHead, ("单位", "账套", "状态")), AMOUNT("笔数"), ColumnHead("末端"))
    several = tuple(
        (
            Text(
                f"{year} 年度汇总",
                visit.link("/", unit=None, year=year, units=ALL_UNITS),
            ),
            Text("、".join(each.name for each in answer.books if each.book.endswith(f"/{year}"))),
        )
        for year in years
        if sum(each.book.endswith(f"/{year}") for each in answer.books) > 1
    )
    return Shown(
        (answer,),
        "账套",
        (
            Listing("", heads, rows),
            *(
                [Listing("汇总", (ColumnHead("年度"), ColumnHead("单位")), several)]
                if several
                else []
            ),
        ),
        about=str(visit.session.db),
    )


def roll_up(visit: Visit) -> Shown:
    """汇总: the walk of every book of a year, and of all together."""
    year = visit.session.year or visit.session.book().year
    every = visit.of_department(parse_year(str(year), field="year"))
    with every.source() as opened:
        header, answer = opened.header(), together(opened)
    heads = (
        ColumnHead("单位"),
        *map(AMOUNT, ("年初结转", "收入", "使用结余", "支出", "结余分配", "年末结转")),
    )
    rows = [
        (
            Text(each.name, visit.of_book(each.book, "/"), note=each.book),
            *(Text(yuan(getattr(each, name))) for name in WALK),
        )
        for each in answer.walks
    ]
    rows.append((Text("抵销"), *(Text(yuan(getattr(answer.eliminated, name))) for name in WALK)))
    between = tuple(
        (
            Text(each.payer),
            Text(each.receiver),
            Text(yuan(each.paid_fen)),
            Text(yuan(each.received_fen)),
            Text("已抵销" if each.why is None else _WHY[each.why]),
        )
        for each in answer.between_units
    )
    foot = (Text("合计"), *(Text(yuan(getattr(answer.totals, name))) for name in WALK))
    return Shown(
        (header, answer),
        f"{year} 年度汇总",
        (
            Listing("单位：元", heads, tuple(rows), foot),
            Listing(
                "单位之间",
                (
                    *map(ColumnHead, ("付款单位", "收款单位")),
                    *map(AMOUNT, ("支付", "收入")),
                    ColumnHead("抵销"),
                ),
                between,
                empty="没有单位之间的往来",
            ),
        ),
        about=header.subject,
    )


_WHY = {"fiscal": "财政拨款，不抵销", "differs": "两边金额不同", "absent": "一方没有账套"}
