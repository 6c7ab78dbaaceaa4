"""账套与项目: opening, amending, naming projects."""

from datetime import date

from ledger.decisions.registry import RULES, amend_book, codes, open_book, project
from ledger.events import CodeName, FundBasis
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    BOOK,
    amended,
    appropriated,
    closing,
    given,
    listed,
    locked,
    locked_through,
    nothing,
    opened,
    signed,
    with_project,
)


def test_a_book_is_opened_with_what_it_says_of_itself():
    """The event carries the facts and the rule set, so that a later rule cannot judge it."""
    book = nothing().when(open_book).then(opened())
    assert book.state.facts is not None
    assert (
        book.state.facts.name,
        book.state.facts.unit_kind,
        book.state.facts.edition,
        book.state.facts.basis,
        book.state.facts.rules,
    ) == ("江汉区人力资源局", "admin", "2020", "payment", RULES)


def test_a_book_is_opened_once():
    """While it has no money, what was said of it can be said by amending it."""
    own = (FundBasis("govfund", "recorded"),)
    said = {"name": "某 局", "unit_kind": "institution", "fund_basis": own}
    refused = given().when(open_book, **said).refused(Refusal.BOOK_ALREADY_OPENED, book=BOOK)
    assert typed(refused.ways_out) == [
        "yusuan amend-book --name '某 局' --kind institution --edition 2020 --basis payment"
        " --basis govfund=recorded",
        "yusuan log",
    ]
    refused = given(appropriated(1)).when(open_book, **said).refused(Refusal.BOOK_ALREADY_OPENED)
    assert typed(refused.ways_out) == ["yusuan log"]


def test_a_book_is_opened_on_a_day_of_its_year():
    """The first and the last day will do; a day before and a day after will not."""
    for day in (date(2020, 1, 1), date(2020, 12, 31)):
        nothing().when(open_book, occurred_on=day).then(opened(on=day))
    for day in (date(2019, 12, 31), date(2021, 1, 1)):
        refused = nothing().when(open_book, occurred_on=day)
        refused.refused(Refusal.DATE_OUTSIDE_YEAR, date=day.isoformat(), year=2020)


def test_nothing_is_recorded_in_a_book_that_was_not_opened():
    nothing().when(amend_book).refused(Refusal.BOOK_NOT_OPENED, book=BOOK)
    nothing().when(project, code="P02").refused(Refusal.BOOK_NOT_OPENED, book=BOOK)


def test_amending_changes_what_is_said_and_keeps_the_rest():
    book = given().when(amend_book, basis="recorded").then(amended(basis="recorded"))
    assert book.state.facts is not None
    assert book.state.facts.name == "江汉区人力资源局"
    assert book.state.facts.basis == "recorded"


def test_a_fund_may_have_a_basis_of_its_own():
    """What is not said of a fund follows the book; amending says it of one fund and keeps the
    rest."""
    own = (FundBasis("govfund", "recorded"), FundBasis("statecapital", "indicator"))
    book = nothing().when(open_book, fund_basis=own).then(opened(fund_basis=own))
    assert book.state.facts is not None
    bases = [book.state.facts.basis_of(fund) for fund in ("general", "govfund", "statecapital")]
    assert bases == ["payment", "recorded", "indicator"]
    kept = (FundBasis("govfund", "indicator"), FundBasis("statecapital", "indicator"))
    given(opened(fund_basis=own)).when(
        amend_book, basis="indicator", fund_basis=(FundBasis("govfund", "indicator"),)
    ).then(amended(basis="indicator", fund_basis=kept))


def test_a_book_is_amended_until_money_is_recorded():
    """Projects and locked months are no money; one fen of budget is."""
    given(with_project("P9"), locked(1)).when(amend_book, name="新名").then(amended(name="新名"))
    refused = (
        given(appropriated(1))
        .when(amend_book, unit_kind="institution")
        .refused(Refusal.BOOK_HAS_MONEY, book=BOOK, money_entries=1)
    )
    assert typed(refused.ways_out) == [
        "yusuan open-book --unit jianghan --year 2020 --name '江汉区人力资源局'"
        " --kind institution --edition 2020 --basis payment --db 新文件.db"
    ]


def test_what_a_book_is_called_and_shown_in_changes_at_any_time():
    """Neither is a fact of its money; one's own forms come with the digest of their files, which
    goes with them. What is said again of its kind and basis changes nothing."""
    sha256 = "ab" * 32
    own = amended(edition="本省", edition_sha256=sha256)
    money = given(appropriated(1))
    money.when(amend_book, name="新名", basis="payment").then(amended(name="新名"))
    money = given(appropriated(1))
    money.when(amend_book, edition="本省", edition_sha256=sha256).then(own)
    shown = given(own, appropriated(1))
    shown.when(amend_book, name="又名").then(
        amended(name="又名", edition="本省", edition_sha256=sha256)
    )
    shown = given(own, appropriated(1))
    shown.when(amend_book, edition="2022").then(amended(edition="2022"))


def test_what_changes_nothing_of_a_book_is_not_recorded():
    """Whatever is said again, with money or without; other files of an edition are a change. A book
    that is opened again just as it is has nothing to amend either."""
    own = amended(edition="本省", edition_sha256="ab" * 32)
    for past in ((own,), (own, appropriated(1))):
        for said in ({}, {"basis": "payment"}, {"edition": "本省", "edition_sha256": "ab" * 32}):
            refused = given(*past).when(amend_book, **said)
            refused.refused(Refusal.BOOK_SAME, book=BOOK)
    changed = given(own).when(amend_book, edition="本省", edition_sha256="cd" * 32)
    changed.then(amended(edition="本省", edition_sha256="cd" * 32))
    two = (FundBasis("govfund", "recorded"), FundBasis("statecapital", "indicator"))
    asked = given(opened(fund_basis=two)).when(amend_book, fund_basis=two[::-1])
    asked.refused(Refusal.BOOK_SAME)
    again = given().when(open_book).refused(Refusal.BOOK_ALREADY_OPENED)
    assert typed(again.ways_out) == ["yusuan log"]


def test_a_project_named_again_is_renamed():
    book = given().when(project, code="P02", name="劳动执法").then(with_project("P02", "劳动执法"))
    assert book.state.projects == {"P02": "劳动执法"}


def test_a_project_may_be_named_in_a_locked_month():
    """A lock is about money (R13); a name is not money."""
    given(*locked_through(6)).when(project, code="P9").then(with_project("P9"))
    given().when(project, code="P9", occurred_on=date(2021, 1, 1)).refused(
        Refusal.DATE_OUTSIDE_YEAR, year=2020
    )


def rows(*pairs):
    return tuple(CodeName(*pair) for pair in pairs)


def test_a_list_of_codes_is_adopted_whole_and_the_state_keeps_its_number():
    pairs = (("208", "社会保障和就业支出"), ("20801", "管理事务"), ("2080105", "监察"))
    book = given().when(codes, rows=rows(*pairs)).then(listed(*pairs))
    assert book.state.code_lists == {"functional": book.state.number}


def test_a_later_list_takes_the_place_of_the_one_of_its_set_alone():
    first, other = listed(("208", "甲")), listed(("302", "乙"), code_set="economic")
    book = given(first, other).when(codes, rows=rows(("208", "丙"))).then(listed(("208", "丙")))
    number = book.state.number
    assert book.state.code_lists == {"functional": number, "economic": number - 1}


def test_a_list_is_adopted_in_a_locked_month_and_in_a_closed_year():
    """It moves no money: the report of a closed year is printed with it."""
    pairs = (("208", "社会保障和就业支出"),)
    given(locked(1), *[]).when(codes, rows=rows(*pairs), occurred_on=date(2020, 1, 9)).allowed()
    end = closing()
    given(end, signed(end)).when(codes, rows=rows(*pairs)).then(listed(*pairs))


def test_a_code_stands_in_a_list_once_and_is_one_of_its_set():
    for code_set, code, pairs in (
        ("functional", "208", (("208", "甲"), ("208", "乙"))),
        ("economic", "3020101", (("302", "甲"), ("3020101", "乙"))),
    ):
        asked = given().when(codes, code_set=code_set, rows=rows(*pairs))
        refused = asked.refused(Refusal.CODES_ROWS, code=code)
        assert typed(refused.ways_out) == [
            f"yusuan codes import 科目表.csv --set {code_set} --edition 版本"
        ]


def test_a_list_is_adopted_on_a_day_of_the_year_of_a_book_that_is_there():
    nothing().when(codes, rows=rows(("208", "甲"))).refused(Refusal.BOOK_NOT_OPENED, book=BOOK)
    asked = given().when(codes, rows=rows(("208", "甲")), occurred_on=date(2021, 1, 1))
    asked.refused(Refusal.DATE_OUTSIDE_YEAR, date="2021-01-01", year=2020)
