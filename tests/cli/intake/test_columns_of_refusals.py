"""A row that a rule forbids is told under the column that the refusal is about.

Every refusal that a row of a file can meet, each in a book in which the last row of a file meets
it; where one refusal can be about different things, once for each.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from cli.intake.recording import Outcome
from ledger.canonical.columns import ALIASES, RowCells
from ledger.refusals import Refusal
from tests.harness.import_files import report, row, wide
from tests.harness.refusals import provoked
from tests.harness.shell import Shell

Cells = dict[str, str]

ON_LINE = {"func": "2080105", "project": "P02"}
BASIC = {"func": "2080105"}
OWN = {**BASIC, "fund": "nonfiscal"}
CARRIED = {**ON_LINE, "econ": "30299", "origin": "2019"}


def cells(kind: str, amount: str = "", **more: str) -> Cells:
    return {"kind": kind, "date": "2020-03-01", "amount": amount, **more}


LOCKED = cells("lock-month", month="1")
BUDGET = cells("appropriate", "10", **ON_LINE)
PAID = cells("pay", "4", **ON_LINE, econ="30201", payee="某公司")
RESERVED = cells("reserve", "5", **ON_LINE)
PLANNED = cells("fund-plan", "6", **ON_LINE, doc="计划1", month="3")
RECEPTION = {**BASIC, "econ": "30217"}
FREE = cells("appropriate", "20", **BASIC)
WAITING = cells("carry-in", "5", **CARRIED, pending="是")
CAPPED = cells("cap", "3", econ="reception", doc="限1")
SIGNED = cells("contract", "6", no="HT-1", type="services", supplier="某公司", size="small")
GUESTS = cells("reception", "1", batches="1", persons="3")
DINED = cells("pay", "4", **RECEPTION, payee="某饭店")
TARGET = cells("target", whole="是", no="1", level1="产出指标", level3="办结案件")
CLOSED = (
    "close-year --propose 结账.csv",
    "close-year --decisions 结账.csv --date 2020-12-31 --actor 会计",
    "approve 4 --authority department --date 2020-12-31 --actor 科长",
)

PUBLISHED = (
    "close-year --propose 结账.csv",
    "publish 结账.csv --accept YEAR.OPEN --accept PUBLISH.MISSING --reason 试 --date 2021-09-01",
)


class Case(NamedTuple):
    """What the book and the file have before the bad row, and where it is told."""

    refusal: Refusal
    before: list[Cells]
    wanted: Cells
    column: str
    value: str = ""
    kind: str = "admin"
    commands: tuple[str, ...] = ()


R = Refusal
CASES = [
    Case(R.PARTICULAR_NONE, [], {**GUESTS, "batches": "0"}, "batches", "0"),
    Case(R.RECEPTION_COMPANIONS, [], {**GUESTS, "companions": "4"}, "companions", "4"),
    Case(R.TIED_ECON, [BUDGET, PAID], {**GUESTS, "payment": "2"}, "payment", "2"),
    Case(R.TIED_EXCEEDS, [cells("appropriate", "10", **RECEPTION), DINED],
         {**GUESTS, "amount": "5", "payment": "2"}, "amount", "5"),
    Case(R.CONTRACT_TWICE, [SIGNED], SIGNED, "no", "HT-1"),
    Case(R.CONTRACT_SIGNED, [], {**SIGNED, "signed": "2020-02-01"}, "signed", "2020-02-01"),
    Case(R.CONTRACT_USED, [BUDGET, SIGNED, {**PAID, "contract": "HT-1"}],
         cells("reverse", ref="2"), "ref", "2"),
    Case(R.CONTRACT_UNKNOWN, [BUDGET], {**PAID, "contract": "HT-2"}, "contract", "HT-2"),
    Case(R.CONTRACT_RESERVED, [BUDGET, SIGNED, RESERVED],
         {**PAID, "ref": "3", "contract": "HT-1"}, "contract", "HT-1"),
    Case(R.CONTRACT_TYPE, [BUDGET, SIGNED],
         {**PAID, "contract": "HT-1", "procurement_type": "goods"}, "procurement_type", "goods"),
    Case(R.CONTRACT_EXCEEDS, [BUDGET, SIGNED], {**PAID, "amount": "7", "contract": "HT-1"},
         "amount", "7"),
    Case(R.TARGET_CONSTRAINT, [], {**TARGET, "constraint": "是", "weight": "1"}, "weight", "1"),
    Case(R.TARGET_DEDUCT, [], {**TARGET, "deduct": "1"}, "deduct", "1"),
    Case(R.RESULT_GRADE, [], cells("result", whole="是", no="1", actual="成效显著", grade="partly",
         percent="90"), "percent", "90"),
    Case(R.RESULT_UNIT, [{**TARGET, "value": "10件"}], cells("result", whole="是", no="1",
         actual="12人"), "actual", "12人"),
    Case(R.OVERRIDE_REASON, [], cells("score-override", whole="是", no="1", score="5"), "reason"),
    Case(R.PUBLISH_REASON, [], cells("headcount", item="admin", count="3"), "reason",
         commands=PUBLISHED),
    # These stood under another column: econ, amount, project or date.
    Case(R.SPENDING_FUND, [], cells("appropriate", "1", **BASIC, fund="general",
         spending="business"), "fund", "general", "institution"),
    Case(R.UNIT_KIND, [], cells("appropriate", "1", **OWN, spending="business"), "spending",
         "business"),
    Case(R.UNIT_KIND, [], cells("surplus-in", "1", econ="unrestricted"), "kind", "surplus-in"),
    Case(R.UNIT_KIND, [], cells("use-surplus", "1", **BASIC), "kind", "use-surplus"),
    Case(R.UNIT_KIND, [], cells("distribute", "1", **BASIC) | {"date": "2020-12-31"}, "kind",
         "distribute", "public-admin"),
    Case(R.YEAR_CLOSED, [], BUDGET, "date", "2020-03-01", commands=CLOSED),
    Case(R.DISTRIBUTION_DATE, [], cells("distribute", "1", **BASIC), "date", "2020-03-01",
         "institution"),
    Case(R.DISTRIBUTION_RESTRICTED, [], cells("distribute", "1", **ON_LINE)
         | {"date": "2020-12-31"}, "project", "P02", "institution"),
    Case(R.PROJECT_UNKNOWN, [BUDGET], cells("reallocate", "1", **ON_LINE, to_project="P9",
         doc="调1", authority="finance"), "to_project", "P9"),
    Case(R.CAPITAL_ON_BASIC, [FREE], cells("reallocate", "1", **BASIC, to_econ="30901", doc="调1",
         authority="finance"), "to_econ", "30901"),
    Case(R.UNIT_KIND, [cells("appropriate", "1", **OWN)], cells("reallocate", "1", **OWN,
         to_spending="business", doc="调1", authority="finance"), "to_spending", "business"),
    Case(R.SPENDING_FUND, [FREE], cells("reallocate", "1", **BASIC, to_spending="business",
         doc="调1", authority="finance"), "fund", "", "institution"),
    Case(R.INCOME_CLASS, [], cells("use-surplus", "1", **BASIC, fund="general"), "fund", "general",
         "institution"),
    Case(R.MONTH_ALREADY_LOCKED, [cells("lock-month", month="1")], cells("lock-month", month="1"),
         "month", "1"),
    # These stand where they stood.
    Case(R.KEY_CONFLICT, [BUDGET], cells("appropriate", "2", **ON_LINE, id="1"), "id", "1"),
    Case(R.SPENDING_DIFFERS, [BUDGET], cells("pay", "1", **BASIC, econ="30201", payee="某公司"),
         "spending"),
    Case(R.LINE_MISSING, [BUDGET], cells("pay", "1", func="2080106", project="P02", econ="30201",
         payee="某公司"), "func", "2080106"),
    Case(R.ENTRY_MISSING, [], cells("refund", "1", ref="没有"), "ref", "没有"),
    Case(R.DATE_OUTSIDE_YEAR, [], BUDGET | {"date": "2021-01-01"}, "date", "2021-01-01"),
    Case(R.MONTH_LOCKED, [LOCKED], BUDGET | {"date": "2020-01-31"}, "date", "2020-01-31"),
    Case(R.MONTH_ALREADY_LOCKED, [LOCKED], cells("lock-month") | {"date": "2020-01-31"}, "date",
         "2020-01-31"),
    Case(R.MONTH_NOT_OVER, [], cells("lock-month", month="3"), "date", "2020-03-01"),
    Case(R.MONTH_ORDER, [], cells("lock-month", month="2"), "month", "2"),
    Case(R.ENTRY_KIND, [BUDGET], cells("refund", "1", ref="1"), "ref", "1"),
    Case(R.ENTRY_DIFFERS, [BUDGET], cells("reverse", "1", ref="1"), "ref", "1"),
    Case(R.DATE_BEFORE_ORIGINAL, [BUDGET], cells("reverse", ref="1") | {"date": "2020-02-01"},
         "date", "2020-02-01"),
    Case(R.ENTRY_REVERSED, [BUDGET, cells("reverse", ref="1")], cells("reverse", ref="1"), "ref",
         "1"),
    Case(R.ENTRY_REFUNDED, [BUDGET, PAID, cells("refund", "1", ref="2")], cells("reverse", ref="2"),
         "ref", "2"),
    Case(R.RESERVE_USED, [BUDGET, RESERVED, cells("unreserve", "1", ref="2")],
         cells("reverse", ref="2"), "ref", "2"),
    Case(R.ENTRY_SAME, [BUDGET, PAID], cells("correct", "4", ref="2", **ON_LINE, payee="某公司"),
         "ref", "2"),
    Case(R.DOC_REQUIRED, [], cells("supplement", "1", **ON_LINE), "doc"),
    Case(R.PAYEE_REQUIRED, [BUDGET], PAID | {"payee": ""}, "payee"),
    Case(R.COUNTERPART_OTHER, [BUDGET], PAID | {"counterpart": "420103"}, "counterpart",
         "420103"),
    Case(R.ECON_REQUIRED, [BUDGET], PAID | {"econ": "302"}, "econ", "302"),
    Case(R.PROJECT_UNKNOWN, [], BUDGET | {"project": "P9"}, "project", "P9"),
    Case(R.CAPITAL_ON_BASIC, [], cells("appropriate", "1", **BASIC, econ="30901"), "econ", "30901"),
    Case(R.ORIGIN_NOT_CURRENT, [], BUDGET | {"origin": "2019"}, "origin", "2019"),
    Case(R.ORIGIN_NOT_EARLIER, [], cells("carry-in", "1", **ON_LINE), "origin"),
    Case(R.CUT_CARRYOVER, [cells("carry-in", "1", **CARRIED)], cells("cut", "1", **CARRIED,
         doc="减1"), "origin", "2019"),
    Case(R.ORIGINS_DIFFER, [cells("carry-in", "1", **CARRIED)], cells("reallocate", "1", **CARRIED,
         to_origin="2020", doc="调1", authority="finance"), "origin", "2019"),
    Case(R.CARRYOVER_PURPOSE, [cells("carry-in", "1", **CARRIED)], cells("reallocate", "1",
         **CARRIED, to_func="2080106", doc="调1", authority="finance"), "origin", "2019"),
    Case(R.LINE_REPEATED, [BUDGET], cells("reallocate", "1", **ON_LINE, to_project="P02", doc="调1",
         authority="finance"), "func", "2080105"),
    Case(R.ALREADY_APPROPRIATED, [BUDGET], BUDGET, "amount", "10"),
    Case(R.INCOME_CLASS, [], cells("income", "1", **ON_LINE, econ="fiscal"), "econ", "fiscal"),
    Case(R.OVER_DISTRIBUTABLE, [], cells("distribute", "1", **BASIC) | {"date": "2020-12-31"},
         "amount", "1", "institution"),
    Case(R.RESERVE_LINE, [BUDGET, RESERVED, FREE], cells("pay", "1", func="2080105", econ="30201",
         payee="某公司", project="-", ref="2"), "ref", "2"),
    Case(R.DUPLICATE, [BUDGET, PAID | {"doc": "支1"}], PAID | {"doc": "支1", "date": "2020-03-02"},
         "doc", "支1"),
    Case(R.REFUND_EXCEEDS, [BUDGET, PAID], cells("refund", "5", ref="2"), "amount", "5"),
    Case(R.RESERVE_EXCEEDED, [BUDGET, RESERVED], cells("unreserve", "6", ref="2"), "amount", "6"),
    Case(R.THREE_PUBLIC_CAP, [FREE], cells("pay", "1", **RECEPTION, payee="某酒店"), "amount", "1"),
    Case(R.NEVER_SURPLUS, [FREE], cells("reclassify", "1", **BASIC, adjustment="done", doc="余1"),
         "func", "2080105"),
    Case(R.REUSED_FOR_OTHER, [WAITING], cells("reuse", "1", **CARRIED, to_econ="30299", doc="调1"),
         "project", "P02"),
    Case(R.OVER_SURPLUS, [WAITING], cells("reuse", "9", **CARRIED, to_project="P01", doc="调1"),
         "amount", "9"),
    Case(R.CAP_TOO_LOW, [FREE, CAPPED, cells("pay", "2", **RECEPTION, payee="某酒店")],
         CAPPED | {"amount": "1"}, "amount", "1"),
    Case(R.OVER_PENDING, [BUDGET], cells("release", "1", **ON_LINE), "amount", "1"),
    Case(R.OVER_AVAILABLE, [BUDGET], PAID | {"amount": "11"}, "amount", "11"),
    Case(R.OVER_PLAN, [BUDGET, PLANNED], PAID | {"amount": "7"}, "amount", "7"),
    Case(R.PLAN_EXCEEDS, [BUDGET], PLANNED | {"amount": "11"}, "amount", "11"),
    Case(R.PLAN_BELOW_PAID, [BUDGET, PLANNED | {"month": "2", "amount": "1"}, PLANNED, PAID],
         cells("reverse", ref="3"), "amount"),
    Case(R.OVER_POOL, [], cells("use-surplus", "1", **BASIC), "amount", "1", "institution"),
    Case(R.OVER_CASH, [cells("appropriate", "9", **OWN)], cells("pay", "1", **OWN, econ="30201",
         payee="某公司"), "amount", "1"),
]  # fmt: skip

UNREACHED = {
    R.OPENING_STANDS: "the book here follows no closed one",
    R.BOOK_NOT_OPENED: "the whole file is refused",
    R.BOOK_ALREADY_OPENED: "no row opens a book",
    R.MONTH_NOT_LOCKED: "no row unlocks a month",
    R.UNLOCK_REASON: "no row unlocks a month",
    R.YEAR_OPEN: "no row reopens a year",
    R.YEAR_APPROVED: "no row reopens a year",
    R.APPROVAL_DATE: "no row approves a year",
    R.APPROVAL_ROWS: "no row approves a year",
    R.PUBLISH_DATE: "no row publishes a report",
    R.PUBLISH_AGAIN: "no row publishes a report",
    R.PUBLISH_INTERNAL: "no row publishes a report",
    R.PUBLISH_MISSING: "no row publishes a report",
    R.PUBLISH_ERRORS: "no row publishes a report",
    R.REOPEN_REASON: "no row reopens a year",
    R.CLOSING_DATE: "no row closes a year",
    R.YEAR_BLOCKED: "no row closes a year",
    R.PREVIOUS_OPEN: "no row opens a book",
    R.PREVIOUS_OTHER: "no row opens a book",
    R.BOOK_HAS_MONEY: "no row amends a book",
    R.BOOK_SAME: "no row amends a book",
    R.LINE_DRAWN: "a row's econ is the payment's own",
    R.LINE_AMBIGUOUS: "a row says a whole line",
    R.ITEM_AMBIGUOUS: "no row is a voucher",
    R.REQUEST_SETTLED: "no row settles a request",
    R.SAME_ACTOR: "no row settles a request",
    R.REJECTION_REASON: "no row settles a request",
    R.RECONCILED_PAID: "no row reconciles",
    R.CODES_ROWS: "no row adopts a list",
    R.RECONCILED_TIES: "no row reconciles",
    R.RECONCILIATION_REASON: "no row reconciles",
    R.ADJUSTMENT_DIRECTION: "the column adjustment has the direction in its words",
    R.TRANSFER_COUNTERPART: "no row is of two books",
    R.FUNDS_DIFFER: "a row has one fund",
    R.UNBALANCED: "a row has one amount",
    R.AUTHORITY_TOO_LOW: "no row settles a request",
    R.CAP_BELOW_SPENT: "as R3.CAP",
    R.PRIOR_IN_BOOK: "the book here has no last year",
    R.OVER_HELD: "a guard that no request meets",
    R.OVER_PAID: "a guard that no request meets",
    R.TOTAL_TOO_LARGE: "as R1.AVAILABLE",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.refusal.code} {case.column}")
def test_a_bad_row_names_the_column_that_the_refusal_is_about(tmp_path: Path, case: Case) -> None:
    shell = Shell(tmp_path / "a.db")
    shell.open(kind=case.kind, basis="payment").project("P01", "P02")
    for command in case.commands:
        words = command.replace("结账.csv", str(tmp_path / "结账.csv")).split()
        shell(*words, exit=6 if "--decisions" in words else 0)
    rows = [row(**{"id": str(number), **each}) for number, each in enumerate(case.before, 1)]
    bad = row(**{"id": "bad", **case.wanted})
    answer = report(shell, wide(shell, *rows, bad), exit=3)
    (rejected,) = answer["rejected"]
    assert rejected["code"] == case.refusal.code, rejected
    assert (rejected["column"], rejected["value"]) == (case.column, case.value)
    assert rejected["row"] == len(rows) + 2


def test_every_refusal_has_a_column_or_says_why_no_row_meets_it() -> None:
    reached = {case.refusal for case in CASES}
    assert reached | UNREACHED.keys() == set(Refusal)
    assert not reached & UNREACHED.keys()


@pytest.mark.parametrize(
    ("refusal", "column"),
    [
        (R.FUNDS_DIFFER, "fund"),
        (R.LINE_AMBIGUOUS, "func"),
        (R.UNBALANCED, "amount"),
        (R.CAP_BELOW_SPENT, "amount"),
        (R.TOTAL_TOO_LARGE, "amount"),
        (R.AUTHORITY_TOO_LOW, "authority"),
        (R.BOOK_NOT_OPENED, "行"),
    ],
    ids=lambda value: value.code if isinstance(value, Refusal) else "",
)
def test_a_refusal_that_a_file_hardly_meets_has_a_column_too(refusal: Refusal, column: str) -> None:
    """What no column says is told of the whole row."""
    outcome = Outcome(Path("a.csv"))
    outcome.refuse(provoked(refusal), 2, RowCells(*"x" * len(ALIASES)))
    assert [rejected.column for rejected in outcome.rejected] == [column]
