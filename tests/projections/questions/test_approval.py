"""Which requests wait? By business date and by what was known; what an approval counts as."""

from datetime import timedelta

import pytest

from ledger.errors import Corrupt
from ledger.refusals import Refused
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.approval import pending
from projections.questions.balances import line_balances
from projections.questions.entries import EntryFilter, entries, entry
from projections.questions.statement import statement
from projections.report.cells import Cells
from projections.report.explain import explain, where_used
from projections.report.figure import Report
from projections.views.reading import reading
from tests.harness.small_year import BOOK, LINE, Year, appropriate, line, pay, reallocate, request

OTHER = line(project="P01")
CAR = line("30231")


def asks(fen, target=OTHER, on="03-01", **more):
    return reallocate(fen, LINE, target, on, **{"authority": None, **more})


def approve(ref, on="06-30", **more):
    return request("approve", on, ref, **{"authority": "finance", **more})


def reject(ref, on="06-30", **more):
    return request("reject", on, ref, **{"reason": "不急", **more})


@pytest.fixture
def year(tmp_path):
    """Entries 4: the budget; 5, 6, 7: requests of March; 8: the first is approved in June, 9: the
    second is rejected in July."""
    year = Year(tmp_path).record(appropriate(1000_00))
    year.record(asks(1_00), asks(2_00, CAR, reason="出差增加"), asks(3_00, doc="调3"))
    return year.record(approve(5), by="科长").record(reject(6, "07-31"))


def waiting(year, **cut):
    return [each["entry"] for each in year.ask(pending, **cut)["requests"]]


def test_a_request_waits_until_it_is_settled(year):
    """As of a business date, inclusive; as known at a moment; and both."""
    march, june, july = year.times[2:]
    assert waiting(year) == [7]
    by_date = {"02-28": [], "03-01": [5, 6, 7], "06-29": [5, 6, 7], "06-30": [6, 7],
               "07-30": [6, 7], "07-31": [7], "12-31": [7]}  # fmt: skip
    assert by_date == {day: waiting(year, as_of=day) for day in by_date}
    early = march - timedelta(microseconds=1)
    assert [waiting(year, known_at=at) for at in (early, march, june, july)] == [
        [], [5, 6, 7], [6, 7], [7]
    ]  # fmt: skip
    assert waiting(year, known_at=march, as_of="12-31") == [5, 6, 7]
    assert waiting(year, known_at=july, as_of="03-01") == [5, 6, 7]


def test_what_a_request_says(year):
    """Who asked for what, what it would do to each line, who must approve it and why."""
    second = year.ask(pending, as_of="07-30")["requests"][0]
    assert second == {
        "entry": 6,
        "date": "2020-03-01",
        "actor": "测试",
        "kind": "reallocate",
        "amount_fen": 2_00,
        "lines": [
            {"line": str(LINE), "amount_fen": -2_00},
            {"line": str(CAR), "amount_fen": 2_00},
        ],
        "needed": "finance",
        "why": "跨经济类（含人员与公用经费之间）",
        "doc": "文1",
        "reason": "出差增加",
        "decides": {
            "decisions": [],
            "sums": [],
            "sources": [{"line": str(LINE), "amount_fen": 2_00}],
            "targets": [{"line": str(CAR), "amount_fen": 2_00}],
            "needed": "finance",
            "why": "跨经济类（含人员与公用经费之间）",
        },
    }


def test_a_request_moves_nothing_and_an_approval_is_what_it_approves(year):
    """In the balances, the statement and the log; a line that was only asked for does not exist."""
    rows = {row["line"]: row for row in year.ask(line_balances)["lines"]}
    assert {at: row["available_fen"] for at, row in rows.items()} == {LINE: 999_00, OTHER: 1_00}
    assert [
        (row["entry"], row["kind"], row["approved_fen"])
        for row in year.ask(statement, OTHER)["rows"]
    ] == [(8, "approve", 1_00)]
    with pytest.raises(Refused, match="没有预算线"):
        year.ask(statement, CAR)
    shown = [(row["entry"], row["amount_fen"], row["line"], row["original"])
             for row in year.ask(lambda r: list(entries(r)))[4:]]  # fmt: skip
    assert shown == [
        (5, 1_00, LINE, None),
        (6, 2_00, LINE, None),
        (7, 3_00, LINE, None),
        (8, 1_00, LINE, 5),
        (9, None, None, 6),
    ]
    assert year.ask(entry, 5)["later"] == [8]
    about = year.ask(lambda r: list(entries(r, EntryFilter(original=6))))
    assert [row["entry"] for row in about] == [9]


def test_an_approved_entry_is_explained_as_what_it_makes_effective(tmp_path):
    """Fiscal income of basis `indicator` is the budget: an approval lowers one item and raises
    another, and the total stays."""
    other = line(func="2080106")
    year = Year(tmp_path).record(appropriate(1000_00), asks(400_00, other))
    year.record(approve(5), by="科长")
    for cell, fen in (("T2.2080105.1", 600_00), ("T2.2080106.1", 400_00)):
        answer = year.ask(lambda r, cell=cell: explain(Report(Cells(r)), cell))
        assert (fen, "approve") == (answer["fen"], answer["entries"][-1]["kind"])
    used = year.ask(lambda r: where_used(Report(Cells(r)), 6))["cells"]
    assert {
        cell["cell"]: cell["fen"] for cell in used if cell["cell"].count("20801") and
        cell["cell"].endswith(".1") and len(cell["cell"]) == 12
    } == {"T2.2080105.1": -400_00, "T2.2080106.1": 400_00}  # fmt: skip
    assert year.ask(lambda r: where_used(Report(Cells(r)), 5))["cells"] == []


def test_a_request_whose_row_is_no_request_is_not_shown(year):
    """The views say that 7 waits; the log has another entry there."""
    with reading(SqlitePlace(year.db), BOOK) as opened:
        opened.views.execute("UPDATE entries SET kind = 'submit' WHERE entry = 4")
        with pytest.raises(Corrupt, match="不是申请"):
            pending(opened)


def test_payments_between_do_not_matter(year):
    year.record(pay(1_00), pay(2_00))
    assert waiting(year) == [7]
