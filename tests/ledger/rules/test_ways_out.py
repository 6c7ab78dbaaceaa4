"""Every refusal: what is typed because it says so is lawful, and does what was wanted.

One table over the whole vocabulary. Each case makes a book in which a request is refused for its
reason, and then types every way out alone, on a copy, with a word put in for each placeholder:

- an option changes the request, which is then recorded;
- a command is recorded, and then the request is; or it does itself what was wanted (`instead`);
- a command that only shows something answers. Where a refusal has no other, `ONLY_SHOWS` says why.

The chapters' own tests (test_remedies.py) ask for more: which way is offered when.
"""

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.commands import COMMANDS
from ledger.refusals import Refusal
from tests.harness.desk import Desk, locked_through, with_option
from tests.harness.plain import typed
from tests.harness.refusals import CASES as PROVOKED
from tests.harness.refusals import NO_WAY_OUT, provoked

FILLED = {
    "文号": "财预〔2020〕1号",
    "事由": "漏记一笔",
    "金额": "1.00",
    "项目名称": "劳动监察",
    "单位名称": "某局",
    "单位编码": "hanyang",
    "收款人": "某公司",
    "批准人": "王科长",
    "新编号": "K2",
    "供应商": "某公司",
    "goods|works|services": "services",
    "large|medium|small|micro": "small",
    "MM-DD": "06-30",
    "新文件.db": "另一个.db",
}
"""What a person writes for each word that a way out leaves to them. Files are as they are named."""

READING = {
    *("show", "log", "statement", "balance", "carryover", "explain", "three-public", "pending"),
    *("narrative", "check"),
}
"""Commands that only show something; `close-year` does, too, where it writes no file."""

HOME = (
    "open-book --unit jianghan --year 2020 --name 人力资源局 --edition 2020 --basis payment --kind"
)
BOOK = (f"{HOME} admin", "project P02 --name 劳动监察")
SCHOOL = (f"{HOME} institution", "project P02 --name 劳动监察")
HERE, NEXT = "--unit jianghan --year 2020", "--unit jianghan --year 2021"

LINE = "general:2080105:project:P02:30299:2020"
OTHER = "general:2080105:project:P02:31002:2020"
OPEN = "general:2080105:project:P02:-:2020"
BASIC = "general:2080105:basic:-:-:2020"
RECEPTION = "general:2080105:basic:-:30217:2020"
CARRIED = "general:2080105:project:P02:30299:2019"
OWN = "nonfiscal:2050302:basic:-:-:2020"
COURSE = "nonfiscal:2050302:project:P02:-:2020"
MONEY = f"appropriate --line {LINE} --amount 9"
PAY = f"pay --line {LINE} --payee 某公司 --amount"
RESERVE = f"reserve --line {LINE} --doc 合同1 --amount"
ASKED = f"reallocate --line {LINE} --to-econ 31002 --amount 1 --doc 调1 --actor 经办"
CONTRACT = (
    "contract --no HT-1 --type services --amount 6 --supplier 某公司 --size small --date 2020-02-01"
)
TARGET = "target --whole --no 1 --level1 产出指标 --level3 办结案件"
DINNER = f"pay --line {RECEPTION} --amount 8 --payee 某饭店"
END = "--date 2020-12-31"
CLOSED = (
    f"close-year --propose 结账.csv {HERE}",
    f"close-year --decisions 结账.csv {END} {HERE}",
    "approve {last} --authority department --actor 王科长 " + f"{END} {HERE}",
)
PLAN = (HOME.replace("--edition 2020", "--edition budget-2024") + " admin",)
"""A book whose report has no sentences that could lack anything."""
PUBLISH = "publish 对账单.csv --date 2021-09-01 --accept YEAR.OPEN"
ANYHOW = f"{PUBLISH} --accept PUBLISH.MISSING --reason 试点"
APPROVED = f"final-approval --doc 武财决〔2021〕8号 {HERE}"
STATEMENT = "fund,func,project,paid\ngeneral,2080105,P02,5.00\n"
"""对账单.csv: what the finance bureau says was paid."""
APPROVAL = f"预算线,可执行,处理\n{LINE.replace('P02', 'P99')},1.00,结转\n"
"""批复.csv: what finance approved of a line that there is not."""


class Case(NamedTuple):
    """What was recorded, and what is then asked for."""

    before: tuple[str, ...]
    wanted: str
    instead: tuple[str, ...] = ()
    """The kinds of commands that do themselves what was wanted."""
    together: bool = False
    """They do it only one after another."""


CASES: dict[Refusal, Case] = {
    Refusal.KEY_CONFLICT: Case(
        (*BOOK, f"{MONEY} --key K1"),
        f"appropriate --line {OTHER} --amount 1 --key K1",
        ("correct",),
    ),
    Refusal.BOOK_NOT_OPENED: Case((), f"project P02 --name 劳动监察 {HERE}"),
    Refusal.BOOK_ALREADY_OPENED: Case(
        BOOK,
        f"{HOME} institution --basis govfund=recorded".replace("人力资源局", "'人社 局'"),
        ("amend-book",),
    ),
    Refusal.SPENDING_DIFFERS: Case(
        (*BOOK, MONEY), f"pay --line {BASIC} --econ 30201 --payee 某公司 --amount 1"
    ),
    Refusal.LINE_MISSING: Case(
        (*BOOK, MONEY), "pay --func 2080199 --econ 30201 --payee 某公司 --amount 1"
    ),
    Refusal.LINE_AMBIGUOUS: Case(
        (*BOOK, MONEY, f"appropriate --line {OTHER} --amount 9"),
        "cut --project P02 --amount 1 --doc 减1",
    ),
    Refusal.LINE_DRAWN: Case(
        (*BOOK, MONEY, f"appropriate --line {OPEN} --amount 9"),
        f"pay --line {LINE} --econ 30201 --payee 某公司 --amount 1",
    ),
    Refusal.ENTRY_MISSING: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 9"),
        "refund 支2019-7 --amount 4",
        ("adjust-opening",),
    ),
    Refusal.DATE_OUTSIDE_YEAR: Case(BOOK, f"{MONEY} --date 2021-01-01"),
    Refusal.YEAR_CLOSED: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 9 {END}", *CLOSED,
         f"open-book --from jianghan/2020 {NEXT}"),
        f"{PAY} 1 {HERE}".replace(LINE, CARRIED),
        ("adjust-opening",),
    ),
    Refusal.MONTH_LOCKED: Case((*BOOK, *locked_through(6)), MONEY),
    Refusal.MONTH_NOT_OVER: Case(BOOK, "lock-month 1 --date 2020-01-30"),
    Refusal.MONTH_ORDER: Case(BOOK, "lock-month 2"),
    Refusal.UNLOCK_REASON: Case((*BOOK, *locked_through(1)), "unlock-month 1"),
    Refusal.YEAR_APPROVED: Case(
        (*BOOK, *CLOSED, f"{APPROVED} --date 2021-08-20"), f"reopen-year --reason 漏记 {END} {HERE}"
    ),
    Refusal.REOPEN_REASON: Case((*BOOK, *CLOSED), f"reopen-year {END}"),
    Refusal.CLOSING_DATE: Case(
        (*BOOK, "close-year --propose 结账.csv"),
        "close-year --decisions 结账.csv --date 2020-06-30",
    ),
    Refusal.APPROVAL_DATE: Case((*BOOK, *CLOSED), f"{APPROVED} --date 2020-12-31"),
    Refusal.PUBLISH_DATE: Case(BOOK, ANYHOW.replace("2021-09-01", "2019-09-01")),
    Refusal.PUBLISH_AGAIN: Case((*BOOK, ANYHOW), ANYHOW),
    Refusal.PUBLISH_INTERNAL: Case(
        (*PLAN, "report -o 决算.html --internal"),
        f"{PUBLISH.replace('对账单.csv', '决算.html')} --reason 试点",
    ),
    Refusal.PUBLISH_MISSING: Case(BOOK, f"{PUBLISH} --reason 试点"),
    Refusal.PUBLISH_ERRORS: Case((*BOOK, f"{TARGET} --weight 5"), ANYHOW),
    Refusal.PUBLISH_REASON: Case((*BOOK, ANYHOW), "headcount --item admin --count 3"),
    Refusal.YEAR_BLOCKED: Case(
        (*BOOK, "close-year --propose 结账.csv", MONEY),
        f"close-year --decisions 结账.csv {END}",
    ),
    Refusal.OPENING_STANDS: Case(
        (*BOOK, *CLOSED, f"open-book --from jianghan/2020 {NEXT}"),
        f"carry-in --line {LINE} --amount 1 --doc 结1 --date 2021-03-01 {NEXT}",
        ("adjust-opening", "reopen-year"),
    ),
    Refusal.PREVIOUS_OTHER: Case(
        (*BOOK, HOME.replace("jianghan", "hanyang") + " admin", *CLOSED),
        f"open-book --from hanyang/2020 {NEXT}",
    ),
    Refusal.BOOK_HAS_MONEY: Case((*BOOK, MONEY), "amend-book --kind institution", ("open-book",)),
    Refusal.ENTRY_KIND: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9",
         f"voucher --payee 职工 --item {BASIC},econ=30101=1"),
        "correct 4 --amount 2",
        ("reverse",),
    ),
    Refusal.DATE_BEFORE_ORIGINAL: Case((*BOOK, MONEY, f"{PAY} 1"), "reverse 4 --date 2020-06-01"),
    Refusal.SAME_ACTOR: Case(
        (*BOOK, MONEY, ASKED), "approve 4 --authority finance --actor 经办", ("reject",)
    ),
    Refusal.REJECTION_REASON: Case((*BOOK, MONEY, ASKED), "reject 4"),
    Refusal.RECONCILIATION_REASON: Case((*BOOK, MONEY, f"{PAY} 4"), f"reconcile 对账单.csv {END}"),
    Refusal.PARTICULAR_NONE: Case(BOOK, "reception --amount 1 --batches 0 --persons 3"),
    Refusal.RECEPTION_COMPANIONS: Case(
        BOOK, "reception --amount 1 --batches 1 --persons 3 --companions 4"
    ),
    Refusal.TIED_EXCEEDS: Case(
        (*BOOK, f"appropriate --line {RECEPTION} --amount 9", DINNER),
        "reception --amount 9 --batches 1 --persons 3 --payment 4",
    ),
    Refusal.CONTRACT_TWICE: Case((*BOOK, CONTRACT), f"{CONTRACT} --key 另一份"),
    Refusal.CONTRACT_SIGNED: Case(BOOK, f"{CONTRACT} --signed 2020-03-01"),
    Refusal.TARGET_CONSTRAINT: Case(BOOK, f"{TARGET} --constraint --weight 1"),
    Refusal.TARGET_DEDUCT: Case(BOOK, f"{TARGET} --deduct 1"),
    Refusal.RESULT_GRADE: Case(
        BOOK, "result --whole --no 1 --actual 成效显著 --grade partly --percent 90"
    ),
    Refusal.RESULT_UNIT: Case(
        (*BOOK, f"{TARGET} --value 10件"), "result --whole --no 1 --actual 12人"
    ),
    Refusal.OVERRIDE_REASON: Case(BOOK, "score-override --whole --no 1 --score 5"),
    Refusal.DOC_REQUIRED: Case(BOOK, f"supplement --line {LINE} --amount 1"),
    Refusal.PAYEE_REQUIRED: Case((*BOOK, MONEY), f"pay --line {LINE} --amount 1"),
    Refusal.COUNTERPART_OTHER: Case(
        BOOK, "income --func 2080105 --econ superior --amount 1 --counterpart jianghan"
    ),
    Refusal.CONTRACT_UNKNOWN: Case((*BOOK, MONEY, CONTRACT), f"{PAY} 1 --contract HT-2"),
    Refusal.CONTRACT_RESERVED: Case(
        (*BOOK, MONEY, CONTRACT, f"{RESERVE} 5"),
        "pay --reserve 5 --amount 1 --payee 某公司 --contract HT-1",
    ),
    Refusal.CONTRACT_TYPE: Case(
        (*BOOK, MONEY, CONTRACT), f"{PAY} 1 --contract HT-1 --procurement-type goods"
    ),
    Refusal.ECON_REQUIRED: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 1"),
        f"pay --line {BASIC} --payee 某公司 --amount 1",
    ),
    Refusal.DUPLICATE: Case(
        (*BOOK, MONEY, f"{PAY} 1 --doc 支1 --key A"), f"{PAY} 1 --doc 支1 --key B", ("show",)
    ),
    Refusal.PROJECT_UNKNOWN: Case(BOOK[:1], MONEY),
    Refusal.CAPITAL_ON_BASIC: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9"),
        f"pay --line {BASIC} --econ 30902 --payee 某公司 --amount 1",
    ),
    Refusal.SPENDING_FUND: Case(
        SCHOOL, "appropriate --func 2050302 --spending business --amount 1"
    ),
    Refusal.UNIT_KIND: Case(
        BOOK, "appropriate --fund nonfiscal --func 2050302 --spending business --amount 1"
    ),
    Refusal.ORIGIN_NOT_CURRENT: Case(BOOK, "appropriate --func 2080105 --origin 2019 --amount 1"),
    Refusal.ORIGIN_NOT_EARLIER: Case(BOOK, "carry-in --func 2080105 --amount 1"),
    Refusal.ADJUSTMENT_DIRECTION: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 9"),
        f"adjust-opening --line {CARRIED} --adjustment remitted --decrease --amount 4 --doc 缴1",
        ("adjust-opening",),
    ),
    Refusal.TRANSFER_COUNTERPART: Case(
        (*BOOK, HOME.replace("jianghan", "hanyang") + " admin",
         "project P02 --name 劳动监察 --unit hanyang --year 2020",
         f"carry-in --line {CARRIED} --amount 9 {HERE}"),
        f"transfer --line {CARRIED} --to jianghan --amount 4 --doc 调1 {HERE}",
    ),
    Refusal.CUT_CARRYOVER: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 9"),
        f"cut --line {CARRIED} --amount 4 --doc 减1",
        ("recover",),
    ),
    Refusal.NEVER_SURPLUS: Case(
        (HOME.replace("payment", "indicator") + " admin", BOOK[1], MONEY),
        f"reclassify --line {LINE} --amount 4 --cause two-years --doc 结1",
    ),
    Refusal.REUSED_FOR_OTHER: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 9 --pending"),
        f"reuse --line {CARRIED} --to-line {OTHER} --amount 4 --doc 调1",
        ("reuse",),
    ),
    Refusal.FUNDS_DIFFER: Case(
        (*BOOK, MONEY), f"reallocate --line {LINE} --to-fund govfund --amount 4 --doc 调1",
        ("cut", "supplement"), together=True,
    ),
    Refusal.AUTHORITY_TOO_LOW: Case((*BOOK, MONEY, ASKED), "approve 4 --actor 王科长"),
    Refusal.ALREADY_APPROPRIATED: Case((*BOOK, MONEY), f"{MONEY}.50", ("supplement",)),
    Refusal.INCOME_CLASS: Case(
        BOOK, "income --fund general --func 2080105 --econ other --amount 1"
    ),
    Refusal.DISTRIBUTION_DATE: Case(
        (*SCHOOL, "income --func 2050302 --econ service --amount 9"), "distribute --amount 1"
    ),
    Refusal.DISTRIBUTION_RESTRICTED: Case(
        (*SCHOOL, "income --func 2050302 --econ service --amount 9",
         "income --func 2050302 --project P02 --econ superior --amount 9"),
        f"distribute --line {COURSE} --to tax --amount 4 {END}",
        ("distribute",),
    ),
    Refusal.OVER_DISTRIBUTABLE: Case(
        (*SCHOOL, "income --func 2050302 --econ service --amount 9"),
        f"distribute --amount 10 {END}",
    ),
    Refusal.RESERVE_LINE: Case(
        (*BOOK, MONEY, f"appropriate --line {OTHER} --amount 9", f"{RESERVE} 5"),
        f"pay --reserve 5 --line {OTHER} --amount 1 --payee 某公司",
        ("pay",),
    ),
    Refusal.ITEM_AMBIGUOUS: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9",
         f"voucher --payee 职工 --item {BASIC},econ=30101=1 --item {BASIC},econ=30102=1"),
        "refund 4 --amount 1",
    ),
    Refusal.REFUND_EXCEEDS: Case((*BOOK, MONEY, f"{PAY} 5"), "refund 4 --amount 6", ("refund",)),
    Refusal.RESERVE_EXCEEDED: Case(
        (*BOOK, MONEY, f"{RESERVE} 5"), "pay --reserve 4 --amount 7 --payee 某公司", ("pay",)
    ),
    Refusal.OVER_SURPLUS: Case(
        (*BOOK, f"carry-in --line {CARRIED} --amount 5 --pending",
         f"carry-in --line {CARRIED} --amount 4"),
        f"reuse --line {CARRIED} --to-line {OTHER.replace(':2020', ':2019')} --amount 7 --doc 调1",
    ),
    Refusal.THREE_PUBLIC_CAP: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9"),
        "pay --func 2080105 --spending basic --econ 30217 --payee 某公司 --amount 2",
    ),
    Refusal.CAP_TOO_LOW: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9",
         "cap --item reception --amount 7 --doc 限1",
         f"pay --line {BASIC} --econ 30217 --payee 某公司 --amount 6"),
        "cap --item reception --amount 5 --doc 限2",
    ),
    Refusal.CAP_BELOW_SPENT: Case(
        (*BOOK, f"appropriate --line {BASIC} --amount 9",
         f"appropriate --line {RECEPTION} --amount 5",
         f"supplement --line {RECEPTION} --amount 4 --doc 追1",
         f"pay --line {RECEPTION} --payee 某公司 --amount 6",
         f"reallocate --from {BASIC}=5 --to {OTHER}=5 --doc 调1 --authority finance"),
        "reverse 5",
    ),
    Refusal.OVER_PENDING: Case(
        (*BOOK, f"{MONEY} --pending"), f"release --line {LINE} --amount 10 --doc 下1"
    ),
    Refusal.OVER_AVAILABLE: Case((*BOOK, MONEY), f"{PAY} 10"),
    Refusal.OVER_PLAN: Case(
        (*BOOK, MONEY, f"fund-plan --line {LINE} --month 6 --amount 3 --doc 计1",
         f"fund-plan --line {LINE} --month 8 --amount 3 --doc 计2"),
        f"{PAY} 5",
    ),
    Refusal.PLAN_EXCEEDS: Case(
        (*BOOK, MONEY), f"fund-plan --line {LINE} --month 6 --amount 10 --doc 计1"
    ),
    Refusal.PLAN_BELOW_PAID: Case(
        (*BOOK, MONEY, f"fund-plan --line {LINE} --month 3 --amount 4 --doc 计1",
         f"fund-plan --line {LINE} --month 4 --amount 1 --doc 计2", f"{PAY} 3"),
        "reverse 4",
    ),
    Refusal.OVER_POOL: Case(
        (*SCHOOL, "surplus-in --amount 5"), f"use-surplus --line {OWN} --amount 7"
    ),
    Refusal.OVER_CASH: Case(
        (*SCHOOL, f"appropriate --line {OWN} --amount 9"),
        f"pay --line {OWN} --econ 30201 --payee 某公司 --amount 4",
    ),
    Refusal.CONTRACT_EXCEEDS: Case((*BOOK, MONEY, CONTRACT), f"{PAY} 7 --contract HT-1"),
}  # fmt: skip
"""One book and one request for each refusal that can be talked out of."""

ONLY_SHOWS: dict[Refusal, tuple[str, Case | None]] = {
    Refusal.PRIOR_IN_BOOK: (
        "last year's figure is there already; what it is made of is shown",
        Case(
            (
                f"{HOME.replace('--year 2020', '--year 2019')} admin --date 2019-01-01",
                *BOOK[:1],
            ),
            f"prior --cell N.s1.total --amount 9 {HERE}",
        ),
    ),
    Refusal.MONTH_ALREADY_LOCKED: (
        "what was wanted is so already",
        Case((*BOOK, *locked_through(6)), "lock-month 6"),
    ),
    Refusal.MONTH_NOT_LOCKED: (
        "what was wanted is so already",
        Case(BOOK, "unlock-month 6 --reason 漏记"),
    ),
    Refusal.YEAR_OPEN: ("there is nothing to reopen", Case(BOOK, "reopen-year --reason 漏记")),
    Refusal.APPROVAL_ROWS: (
        "what finance approved stands in its paper; each row of the file says what would be right",
        Case((*BOOK, *CLOSED), f"{APPROVED} --date 2021-08-20 --differences 批复.csv"),
    ),
    Refusal.PREVIOUS_OPEN: (
        "a year is closed by decisions in a file and two persons; the checklist leads there",
        Case(BOOK, f"open-book --from jianghan/2020 {NEXT}"),
    ),
    Refusal.ENTRY_DIFFERS: (
        "which of the two is wrong, the row of the file or its reference, only its writer knows",
        None,
    ),
    Refusal.ENTRY_REVERSED: (
        "what was wanted is so already",
        Case((*BOOK, MONEY, "reverse 3"), "reverse 3"),
    ),
    Refusal.ENTRY_REFUNDED: (
        "the refunds that are shown must be reversed first, if that is meant",
        Case((*BOOK, MONEY, f"{PAY} 5", "refund 4 --amount 1"), "reverse 4"),
    ),
    Refusal.RESERVE_USED: (
        "the payments and releases that are shown must be reversed first, if that is meant",
        Case((*BOOK, MONEY, f"{RESERVE} 5", "unreserve 4 --amount 1"), "reverse 4"),
    ),
    Refusal.CONTRACT_USED: (
        "the payments and reservations that are shown must be reversed first, if that is meant",
        Case((*BOOK, MONEY, CONTRACT, f"{PAY} 5 --contract HT-1"), "reverse 4"),
    ),
    Refusal.TIED_ECON: (
        "which payment was meant only its writer knows",
        Case(
            (*BOOK, MONEY, f"{PAY} 5"), "reception --amount 1 --batches 1 --persons 3 --payment 4"
        ),
    ),
    Refusal.BOOK_SAME: (
        "what was wanted is so already",
        Case(BOOK, "amend-book --kind admin --name 人力资源局"),
    ),
    Refusal.ENTRY_SAME: (
        "what was wanted is so already",
        Case((*BOOK, MONEY, f"{PAY} 5"), "correct 4 --amount 5"),
    ),
    Refusal.REQUEST_SETTLED: (
        "somebody has decided already",
        Case((*BOOK, MONEY, ASKED, "reject 4 --reason 不急"), "approve 4 --authority finance"),
    ),
    Refusal.RECONCILED_PAID: (
        "another recorded a payment meanwhile: the same command again compares with it",
        None,
    ),
    Refusal.RECONCILED_TIES: ("a guard that no request meets", None),
    Refusal.CODES_ROWS: ("a guard: whoever reads a file has named the row before", None),
    Refusal.OVER_HELD: ("a guard that no request meets", None),
    Refusal.OVER_PAID: ("a guard that no request meets", None),
}
"""Refusals whose ways out change nothing, why, and where the command line can provoke them."""


class Typed(Desk):
    """A book on disk, and someone who types what a way out says."""

    def typed(self, command: str):
        """Runs a command line that may say its own file; `--date` falls into its year."""
        if "--date" not in command and "--year 2021" in command:
            command += " --date 2021-01-05"
        for word, value in FILLED.items():
            command = command.replace(word, value)
        words = shlex.split(command)
        if "--db" in words:
            at = words.index("--db")
            other = self.path.with_name(words[at + 1])
            return Typed(other, self.capsys).typed(shlex.join(words[:at] + words[at + 2 :]))
        return super().typed(command)

    def made(self, *commands: str) -> "Typed":
        """Commands that must be recorded; `{last}` is the entry of the last one."""
        last = 0
        for command in commands:
            exit_code, answer = self.typed(command.replace("{last}", str(last)))
            assert exit_code in (0, 6), (command, answer)
            last = answer.get("entry", last)
        return self

    def settled(self, command: str) -> None:
        """Records a command; what then waits is approved as its receipt says."""
        exit_code, answer = self.typed(command)
        if exit_code == 6:
            (way,) = answer["try"]
            exit_code, answer = self.typed(beside(way, command))
        assert exit_code == 0, (command, answer)

    def refused(self, wanted: str, refusal: Refusal) -> list[str]:
        exit_code, answer = self.typed(wanted)
        if refusal is Refusal.RECONCILIATION_REASON:  # the comparison is shown in its place
            assert (exit_code, answer["recorded"]) == (1, False)
            return typed(provoked(refusal).ways_out)
        assert (3, refusal.code) == (exit_code, answer.get("code")), answer
        ways: list[str] = answer["try"]
        return [way for way in ways if way.startswith(("yusuan ", "--"))]  # not what a file says

    def copied(self) -> "Typed":
        folder = self.path.parent / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if self.path.exists():
            shutil.copy(self.path, folder)
        return Typed(folder / self.path.name, self.capsys)


@pytest.fixture
def desk(tmp_path: Path, capsys, monkeypatch) -> Typed:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "对账单.csv").write_text(STATEMENT, encoding="utf-8")
    (tmp_path / "批复.csv").write_text(APPROVAL, encoding="utf-8")
    return Typed(tmp_path / "book.db", capsys)


def beside(way: str, wanted: str) -> str:
    """A way out, typed in the book that the request was for."""
    for option in ("--unit", "--year"):
        found = re.search(rf"{option} \S+", wanted)
        if found and option not in way:
            way += f" {found[0]}"
    return way


def with_proposed(wanted: str, way: str) -> str:
    """The request with the decisions that a way out has proposed: it writes them beside those that
    a person edited."""
    found = re.search(r"--propose (\S+)", way)
    return re.sub(r"--decisions \S+", f"--decisions {found[1]}", wanted) if found else wanted


def shows(way: str) -> bool:
    """Whether a command records nothing."""
    words = [word for word in shlex.split(way) if not word.startswith("-")]
    return words[1] in READING or (words[1] == "close-year" and "--propose" not in way)


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_what_a_refusal_says_can_be_done(desk: Typed, refusal: Refusal) -> None:
    case = CASES[refusal]
    desk.made(*case.before)
    ways = desk.refused(case.wanted, refusal)
    led_out = 0
    for way in ways:
        tried = desk if case.together else desk.copied()
        if way.startswith("--"):
            tried.settled(with_option(case.wanted, way))
        elif shows(way):
            assert tried.typed(beside(way, case.wanted))[0] in (0, 1), way
            continue
        else:
            tried.settled(beside(way, case.wanted))
            if way.split()[1] not in case.instead:
                tried.settled(with_proposed(case.wanted, way))
        led_out += 1
    assert led_out, ways


def test_all_that_stands_in_the_way_of_a_closing_is_cleared_as_it_says(desk: Typed) -> None:
    """R12: what is pending, what was not reconciled and what is not decided, one after another."""
    desk.made(
        *BOOK,
        "close-year --propose 结账.csv",
        f"{MONEY} --pending",
        f"appropriate --line {OTHER} --amount 9",
        f"pay --line {OTHER} --payee 某公司 --amount 5",
    )
    wanted = f"close-year --decisions 结账.csv {END}"
    ways = desk.refused(wanted, Refusal.YEAR_BLOCKED)
    assert [way.split()[1] for way in ways] == ["release", "reconcile", "close-year"]
    for way in ways:
        desk.settled(way)
    desk.settled(with_proposed(wanted, ways[-1]))


@pytest.mark.parametrize("refusal", ONLY_SHOWS, ids=lambda r: r.code)
def test_what_only_shows_something_shows_it(desk: Typed, refusal: Refusal) -> None:
    _, case = ONLY_SHOWS[refusal]
    if case is None:
        ways = typed(provoked(refusal).ways_out)
    else:
        desk.made(*case.before)
        ways = desk.refused(case.wanted, refusal)
        for way in ways:
            assert desk.typed(beside(way, case.wanted))[0] in (0, 1), way
    assert ways
    files = ("yusuan reconcile ", "yusuan codes import ")  # the same again, of a file put right
    assert all(shows(way) or way.startswith(files) for way in ways)


def test_every_refusal_is_in_the_table_or_says_why_not() -> None:
    """Each once: it leads out, it only shows something, or there is no way out."""
    told = [*CASES, *ONLY_SHOWS, *NO_WAY_OUT]
    assert sorted(told, key=list(Refusal).index) == list(Refusal)
    assert [r for r in Refusal if r in CASES] == list(CASES)
    assert COMMANDS.keys() > READING


def test_every_placeholder_is_one_that_a_person_is_told_to_fill_in() -> None:
    """A Chinese word in a way out is a placeholder of the list above, a file, or a name given."""
    known = {*FILLED, "结账建议.csv", "对账单.csv", "科目表.csv", "版本", "撤回"}
    given = "江汉区人力资源局|某单位|新名|王科长|武汉某科技有限公司"
    for refusal in PROVOKED:
        for way in typed(provoked(refusal).ways_out):
            for word in re.sub(given, "", way).split():
                assert word.isascii() or word in known, (refusal, way)
