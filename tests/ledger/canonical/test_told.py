"""The canonical file: which rows each entry becomes. That importing them gives the same book is
tests/cli/commands/test_export.py's to prove."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.book import BookId
from ledger.canonical.asked import COLUMNS_OF_KIND
from ledger.canonical.columns import ALIASES, RowCells
from ledger.canonical.told import cells_of, single
from ledger.events import BudgetReallocated, EntryReversed, LineClosed, Share, decode, kind_of
from ledger.kinds import KIND_NAMES
from ledger.rules.authority import AUTHORITY_RANK, authority_needed
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from projections.exports.canonical import Canonical
from projections.views.reading import reading
from tests.harness.small_year import (
    CARRIED,
    LINE,
    Year,
    adjust,
    adjust_surplus,
    appropriate,
    carry_in,
    day,
    fund_plan,
    income,
    line,
    pay,
    pay_from,
    reallocate,
    refund,
    request,
    reserve,
    reverse,
    supplement,
    transfer,
    voucher,
)

SAMPLES = sorted((Path(__file__).parents[2] / "golden" / "events").glob("*.json"))
OTHER = BookId("420104", 2020)
NO_ROW = {
    *("open-book", "amend-book", "codes", "reconcile", "submit", "reject"),
    *("unlock-month", "close-year", "reopen-year", "final-approval", "publish"),
}


def exported(year: Year, book: BookId | None = None) -> tuple[list[RowCells], dict[str, int]]:
    """The rows but for the two projects that every book here has, and what is left out."""
    with reading(SqlitePlace(year.db), book or year.book) as opened:
        canonical = Canonical(opened)
        rows = list(canonical.rows())
    return rows[2:], dict(canonical.left_out)


def shown(rows: list[RowCells], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(getattr(row, column) for column in columns) for row in rows]


def test_a_row_says_everything(tmp_path):
    """Nothing of a line is left to the defaults of the importer."""
    paid = pay(
        1_200_50, purpose="宣传册", pay_type="direct", procurement=True, key="支1", doc="支〔1〕"
    )
    rows, left_out = exported(Year(tmp_path).record(appropriate(5_000_00, key="批1"), paid))
    approved, payment = rows
    assert approved.filled() == {
        "id": "批1", "date": "2020-01-02", "kind": "appropriate", "doc": "文1", "fund": "general",
        "func": "2080105", "spending": "project", "project": "P02", "econ": "-", "origin": "2020",
        "amount": "5000.00",
    }  # fmt: skip
    assert payment.filled() == {
        "id": "支1", "date": "2020-03-05", "kind": "pay", "doc": "支〔1〕", "fund": "general",
        "func": "2080105", "spending": "project", "project": "P02", "econ": "30201",
        "origin": "2020", "amount": "1200.50", "payee": "某店", "purpose": "宣传册",
        "pay_type": "direct", "procurement": "yes",
    }  # fmt: skip
    assert left_out == {}


def test_an_entry_without_a_key_gets_an_id_of_its_own_and_always_the_same(tmp_path):
    year = Year(tmp_path).record(appropriate(100_00), appropriate(100_00, at=line("30201")))
    with reading(SqlitePlace(year.db), year.book) as opened:
        hashes = [opened.stored(number).hash.hex()[:12] for number in (4, 5)]  # type: ignore[union-attr]
    first, again = exported(year), exported(year)
    assert shown(first[0], "id") == [(f"4-{hashes[0]}",), (f"5-{hashes[1]}",)]
    assert first == again


def test_references_name_the_row(tmp_path):
    """By the key where there is one, else by the id that was made."""
    year = Year(tmp_path).record(
        appropriate(1_000_00),
        reserve(300_00, key="合同"),
        pay_from("合同", 100_00, key="支1"),
        pay(50_00),
        refund("支1", 10_00),
        reverse(7),
    )
    rows, _ = exported(year)
    ids = [row.id for row in rows]
    assert shown(rows, "kind", "ref") == [
        ("appropriate", ""),
        ("reserve", ""),
        ("pay", "合同"),
        ("pay", ""),
        ("refund", "支1"),
        ("reverse", ids[3]),
    ]
    assert rows[4].amount == "10.00"


def test_pending_money_and_months_that_the_date_does_not_say(tmp_path):
    rows, _ = exported(
        Year(tmp_path).record(
            carry_in(100_00, pending=True),
            supplement(100_00, on="01-05", pending=True),
            supplement(100_00, on="01-05"),
            fund_plan(10_00, 6, on="01-06"),
            fund_plan(10_00, 1, on="01-06"),
            request("lock-month", "02-03", month=1),
        )
    )
    assert shown(rows, "kind", "pending", "month") == [
        ("carry-in", "yes", ""),
        ("supplement", "yes", ""),
        ("supplement", "", ""),
        ("fund-plan", "", "6"),
        ("fund-plan", "", ""),
        ("lock-month", "", "1"),
    ]


def test_an_error_that_was_too_much_has_its_own_word(tmp_path):
    rows, _ = exported(
        Year(tmp_path).record(
            carry_in(100_00),
            adjust(10_00, "error-correction", decrease=True),
            adjust(10_00, "remitted"),
        )
    )
    assert shown(rows, "adjustment") == [("",), ("error-correction-decrease",), ("remitted",)]


def test_a_voucher_is_its_payments_and_its_reversal_theirs(tmp_path):
    items = [(LINE, "30201", 10_00), (LINE, "30202", 20_00), (line("30101"), "30101", 30_00)]
    year = Year(tmp_path).record(
        appropriate(100_00),
        appropriate(100_00, at=line("30101")),
        voucher(*items, key="工资", purpose="三月"),
        reverse("工资"),
    )
    rows, _ = exported(year)
    paid, undone = rows[2:5], rows[5:]
    assert shown(paid, "kind", "econ", "amount", "payee", "purpose") == [
        ("pay", econ, amount, "职工", "三月")
        for econ, amount in (("30201", "10.00"), ("30202", "20.00"), ("30101", "30.00"))
    ]
    assert [row.ref for row in undone] == [row.id for row in paid]
    assert [row.id.rpartition("/")[2] for row in paid] == ["1", "2", "3"]
    assert len({row.id for row in rows}) == len(rows)


def test_a_part_never_has_the_id_of_another_entry(tmp_path):
    """`工资/1` is somebody's key: the parts of `工资` are not called so."""
    items = [(LINE, "30201", 10_00), (LINE, "30202", 20_00)]
    year = Year(tmp_path).record(
        appropriate(100_00), voucher(*items, key="工资"), pay(1_00, key="工资/1")
    )
    rows, _ = exported(year)
    assert len({row.id for row in rows}) == len(rows) == 4


def test_a_reallocation_of_many_lines_is_pairs(tmp_path):
    """What stays inside a class is paired there, so that no pair needs more than the whole."""
    a, b = line("30201"), line("30101")
    shares: dict[str, Any] = {
        "sources": [(a, 50_00), (b, 30_00)],
        "targets": [(line("30102"), 30_00), (line("30202"), 20_00), (line("30203"), 30_00)],
    }
    year = Year(tmp_path).record(
        appropriate(100_00, at=a),
        appropriate(100_00, at=b),
        request("reallocate", "06-30", authority="department", **shares),
    )
    rows, _ = exported(year)
    assert shown(rows[2:], "econ", "to_econ", "amount", "authority", "to_project") == [
        ("30201", "30202", "20.00", "department", "P02"),
        ("30201", "30203", "30.00", "department", "P02"),
        ("30101", "30102", "30.00", "department", "P02"),
    ]


LINES = [
    line(econ, func=func)
    for econ in ("30201", "30202", "30217", "30101", "31002")
    for func in ("2080105", "2080106")
]


@given(st.permutations(LINES), st.integers(1, 5), st.data())
def test_pairs_move_what_the_whole_moves(lines, cut, data):
    """Any reallocation: the same sums on every line, and every row brings what it needs; undone,
    every row brings what its part had."""
    amounts = st.integers(1, 50)
    sources = [Share(each, data.draw(amounts)) for each in lines[:cut]]
    total, targets = sum(share.amount_fen for share in sources), []
    for each in lines[cut:]:
        fen = min(total, data.draw(amounts)) if each != lines[-1] else total
        if fen:
            targets.append(Share(each, fen))
            total -= fen
    whole = (tuple(sources), tuple(targets))
    authority, _ = authority_needed(*whole)
    event = BudgetReallocated(
        occurred_on=day("06-30"), doc="文", sources=whole[0], targets=whole[1], authority=authority
    )
    undone = EntryReversed(
        occurred_on=event.occurred_on, original=4, reversed=event, authority=authority
    )
    moved: Counter[Any] = Counter()
    for part, back in zip(single(event), single(undone), strict=True):
        assert isinstance(back, EntryReversed) and isinstance(back.reversed, BudgetReallocated)
        assert (back.reversed, back.authority) == (part, back.reversed.authority)
        assert isinstance(part, BudgetReallocated)
        (source,), (target,) = part.sources, part.targets
        assert source.amount_fen == target.amount_fen > 0
        needed, _ = authority_needed(part.sources, part.targets)
        assert AUTHORITY_RANK[part.authority] >= AUTHORITY_RANK[needed]
        moved[source.line] -= source.amount_fen
        moved[target.line] += target.amount_fen
    for share in sources:
        moved[share.line] += share.amount_fen
    for share in targets:
        moved[share.line] -= share.amount_fen
    assert not any(moved.values())


def test_what_was_approved_is_a_row_of_that_day_and_what_was_not_is_none(tmp_path):
    """With the authority that approved it; its reversal is about that row."""
    year = Year(tmp_path).record(
        appropriate(100_00),
        reallocate(10_00, LINE, line("31002"), on="05-01", authority=None, key="申请"),
        reallocate(20_00, LINE, line("31003"), on="05-01", authority=None),
    )
    year.record(request("approve", "05-09", "申请", authority="finance"), by="科长")
    year.record(request("reject", "05-09", 6, reason="不急"), reverse(7, authority="finance"))
    rows, left_out = exported(year)
    _, approved, undone = rows
    assert shown([approved], "kind", "date", "amount", "to_econ", "authority", "ref") == [
        ("reallocate", "2020-05-09", "10.00", "31002", "finance", "")
    ]
    assert (undone.kind, undone.ref, undone.authority) == ("reverse", approved.id, "finance")
    assert left_out == {"submit": 2, "reject": 1}


def test_a_reversal_that_was_approved_is_a_row_about_what_it_undoes(tmp_path):
    """A reallocation of many lines is pairs, and each is undone with no less authority than its own
    row has; the row of a payment's reversal says none."""
    year = Year(tmp_path).record(
        appropriate(100_00),
        pay(1_00),
        reverse(5),
        request("reallocate", "05-01", sources=[(LINE, 30_00)], authority="finance", doc="调1",
                targets=[(line("30201"), 20_00), (line("30202"), 10_00)]),
        reverse(7, key="申请"),
    )  # fmt: skip
    year.record(request("approve", "07-01", "申请", authority="finance"), by="科长")
    rows, left_out = exported(year)
    *_, plain, first, second, undone, too = rows
    assert (plain.kind, plain.authority) == ("reverse", "")
    assert shown([undone, too], "kind", "date", "ref", "authority") == [
        ("reverse", "2020-07-01", first.id, "finance"),
        ("reverse", "2020-07-01", second.id, "finance"),
    ]
    assert left_out == {"submit": 1}


def test_a_transfer_is_an_adjustment_in_each_book(tmp_path):
    year, other = Year(tmp_path), Year(tmp_path, book=OTHER)
    year.record(carry_in(100_00))
    other.record(carry_in(5_00))
    year.record(transfer(40_00, OTHER, doc="调1"), beside=OTHER)
    columns = ("kind", "adjustment", "amount", "doc", "origin")
    sent, left_out = exported(year)
    assert shown(sent[1:], *columns) == [
        ("adjust-opening", "consolidation-out", "40.00", "调1", "2019")
    ]
    arrived, _ = exported(other)
    assert shown(arrived[1:], *columns) == [
        ("adjust-opening", "consolidation-in", "40.00", "调1", "2019")
    ]
    assert left_out == {"transfer": 1}


def test_non_fiscal_surplus(tmp_path):
    year = Year(tmp_path).record(
        request("surplus-in", "01-02", pool="special", amount_fen=100_00),
        adjust_surplus(5_00, "special", decrease=True),
        income(50_00, at=line(fund="nonfiscal", project="-")),
        request("use-surplus", "02-01", line=line(fund="nonfiscal", project="-"), pool="special",
                amount_fen=30_00),
        request("distribute", "12-31", line=line(fund="nonfiscal", project="-"),
                distribution="tax", amount_fen=20_00),
    )  # fmt: skip
    rows, left_out = exported(year)
    assert shown(rows, "kind", "fund", "econ", "amount", "adjustment") == [
        ("surplus-in", "", "special", "100.00", ""),
        ("adjust-surplus", "", "special", "5.00", "closing-revised-decrease"),
        ("income", "nonfiscal", "service", "50.00", ""),
        ("use-surplus", "nonfiscal", "special", "30.00", ""),
        ("distribute", "nonfiscal", "tax", "20.00", ""),
    ]
    assert left_out == {}


def closed(folder: Path) -> Year:
    """A year of one appropriation, closed with two signatures."""
    fen: dict[str, Any] = {"paid_fen": 0, "statement_fen": 0, "statement": "0f" * 32}
    lines = (LineClosed(LINE, "carry", 100_00),)
    year = Year(folder).record(
        appropriate(100_00),
        request("reconcile", "12-31", **fen),
        request("close-year", "12-31", lines=lines, cash=()),
    )
    return year.record(request("approve", "12-31", 6, authority="department"), by="科长")


def test_a_closing_is_left_out(tmp_path):
    year = closed(tmp_path)
    rows, left_out = exported(year)
    assert shown(rows, "kind") == [("appropriate",)]
    assert left_out == {"reconcile": 1, "submit": 1, "close-year": 1}


def test_the_head_of_last_year_is_left_out(tmp_path):
    """A book that was opened from last year's says so, and no row does."""
    year, following = closed(tmp_path), BookId("420103", 2021)
    opening = request("open-book", "2021-01-01", previous=str(year.book))
    with Books(SqlitePlace(year.db)) as books:
        books.transact(following, opening, actor="出纳")
    rows, left_out = exported(year, following)
    assert shown(rows, "kind", "amount", "origin") == [("carry-in", "100.00", "2020")]
    assert left_out == {"previous": 1}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_event_that_was_ever_stored_is_rows_or_said_to_be_none(path):
    """Every cell of a row is one that the importer takes for its kind."""
    event = decode(path.read_bytes().strip()).event
    parts = single(event)
    if not parts:
        inner = getattr(event, "approved", event)
        assert kind_of(inner) in NO_ROW
    for part in parts:
        kind = kind_of(part)
        assert cells_of(part).filled().keys() <= COLUMNS_OF_KIND[kind], kind


def test_every_kind_is_exported_or_known_to_be_none():
    """A kind that is added later must be told here or get rows."""
    others = {"transfer": "adjust-opening", "voucher": "pay", "approve": "what it approves"}
    assert set(KIND_NAMES) == set(COLUMNS_OF_KIND) | NO_ROW | set(others)


def test_what_carry_over_needs_is_not_touched(tmp_path):
    """Money of earlier years is reallocated inside its purpose; the pair keeps it there."""
    year = Year(tmp_path).record(
        carry_in(100_00), reallocate(10_00, CARRIED, CARRIED.at_econ("30201"))
    )
    rows, _ = exported(year)
    assert shown(rows[1:], "origin", "to_origin", "to_econ") == [("2019", "2019", "30201")]


def test_every_column_is_of_some_kind_and_every_kinds_column_has_a_header():
    assert set(ALIASES) == set().union(*COLUMNS_OF_KIND.values())
