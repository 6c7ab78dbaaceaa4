"""Journals: another program, which knows nothing of ours, comes to our balances to the fen.

hledger, ledger and bean-query add up the exported file by themselves; where one is not installed
its tests are skipped (.ci/run installs them).
"""

import itertools
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from cli.commands.keep.demo import BOOK as DEMO
from cli.commands.keep.demo import record_year
from ledger.book import BookId
from ledger.effects import effects
from ledger.errors import Lacking
from ledger.line import BudgetLine, LinePattern
from ledger.store.fold import stored_entry
from ledger.store.sqlite.place import SqlitePlace
from projections.exports import beancount, hledger, ledger_cli
from projections.exports.journal import Journal, _account
from projections.exports.peers import Comparison, Peer, compared, program_of
from projections.questions.balances import line_balances
from projections.views.reading import reading
from scripts.proofs.simulate import words
from scripts.proofs.simulate.year import RandomYear
from tests.harness.plain import plain
from tests.harness.small_year import (
    LINE,
    Year,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    refund,
    request,
    reserve,
    voucher,
)

FORMATS = {"hledger": hledger, "ledger": ledger_cli, "beancount": beancount}
SEEDS = range(3)
HOSTILE = (
    '"; } \\ ) ( [x] {y} | * ! ; = @ @@ %d $ # :tag: a:b, c, ~ é 𠀀',
    "*",
    "!",
    "(x",
    "; 注释",
    '"',
    "\\",
    "  two  spaces",
    "= 5",
    "2020-01-01 x",
    "include /etc/passwd",
)


def installed(peer: Peer) -> bool:
    try:
        program_of(peer)
    except Lacking:
        return False
    return True


peers = pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                not installed(module.PEER), reason=f"{module.PEER.program} is not installed"
            ),
        )
        for name, module in FORMATS.items()
    ],
)


def written(name: str, db: Path, book: BookId, file: Path) -> dict[str, int]:
    """The journal of a book in a file; what its accounts must come to."""
    with reading(SqlitePlace(db), book) as opened:
        journal = Journal(opened)
        file.write_text("".join(FORMATS[name].text(journal)), encoding="utf-8")
        return journal.balances()


def added_up(name: str, db: Path, book: BookId, folder: Path) -> Comparison:
    file = folder / f"{name}.journal"
    return compared(FORMATS[name].PEER, file, written(name, db, book, file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real 2020 year."""
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    return db


@pytest.fixture
def everything(tmp_path: Path) -> Year:
    """Non-fiscal money and its pools, other kinds of spending, and text that is syntax."""
    business = BudgetLine.parse("nonfiscal:2080105:business:-:302:2020")
    purpose = line(fund="nonfiscal", project="-")
    year = Year(tmp_path).record(
        request("project", "01-01", code="p_1-x", name=HOSTILE[0]),
        request("project", "01-01", code="_", name="下划线"),
        request("surplus-in", "01-02", pool="special", amount_fen=100_00),
        request("surplus-in", "01-02", pool="unrestricted", amount_fen=7_00),
        income(50_00, at=purpose),
        appropriate(30_00, at=business),
        request("use-surplus", "02-01", line=purpose, pool="special", amount_fen=30_00),
        pay(12_34, at=business, econ="30201"),
        request("distribute", "12-31", line=purpose, distribution="tax", amount_fen=20_00),
        request("distribute", "12-31", line=purpose, distribution="unrestricted", amount_fen=1),
        carry_in(99, at=line(origin=2019, project="p_1-x")),
        appropriate(10**13, at=line(project="_")),
        appropriate(1_000_00),
    )
    for text in HOSTILE:
        year.record(pay(1_01, payee=text, purpose=text, doc=text, key=text))
        year.record(reserve(1, payee=text, doc=text, reason=text))
    items = [(LINE, "30201", 1_00), (LINE, "30202", 2_00)]
    year.record(
        voucher(*items, key="工资"), refund(HOSTILE[0], 1_00), request("reverse", "12-31", "工资")
    )
    return year


@peers
def test_the_2020_book_comes_to_the_same(name, demo, tmp_path):
    comparison = added_up(name, demo, DEMO, tmp_path)
    assert comparison == Comparison(FORMATS[name].PEER.program, True, 103, [], None)


@peers
@pytest.mark.parametrize("seed", SEEDS)
def test_random_years_come_to_the_same(name, seed, tmp_path):
    db = RandomYear(seed, 60, tmp_path).grown()
    for book in (words.BOOK, words.OTHER):
        comparison = added_up(name, db, book, tmp_path)
        assert (comparison.differences, comparison.complaint) == ([], None)
        assert comparison.accounts > 3


@peers
def test_money_beside_the_budget_and_text_that_is_syntax(name, everything, tmp_path):
    comparison = added_up(name, everything.db, everything.book, tmp_path)
    assert (comparison.differences, comparison.complaint) == ([], None)


@peers
def test_the_end_of_the_file_says_what_must_come_out(name, everything, tmp_path):
    """Without us, the program finds a changed figure by the file's own last lines."""
    file = tmp_path / "x.journal"
    written(name, everything.db, everything.book, file)
    checks = {"hledger": ["-f", str(file), "balance"], "ledger": ["-f", str(file), "balance"]}
    program = program_of(FORMATS[name].PEER)
    if name == "beancount":
        program, checks[name] = program.replace("bean-query", "bean-check"), [str(file)]

    def complaint() -> str:
        ran = subprocess.run(
            [program, *checks[name]], capture_output=True, text=True, check=False,
            env={"LC_ALL": "C.UTF-8", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        return ran.stderr

    assert complaint() == ""
    text = file.read_text("utf-8")
    file.write_text(text.replace("12.34 CNY", "12.35 CNY", 2), "utf-8")
    assert "0.01" in complaint()


@peers
def test_a_difference_of_one_fen_is_named(name, demo, tmp_path):
    """Positive control: the figures that the program is compared with are a fen off."""
    file = tmp_path / "x.journal"
    ours = written(name, demo, DEMO, file)
    account = sorted(ours)[3]
    more = {**ours, account: ours[account] + 1, "Assets:Exec:Nowhere": 5}
    comparison = compared(FORMATS[name].PEER, file, more)
    assert [astuple(each) for each in comparison.differences] == [
        *sorted([("Assets:Exec:Nowhere", 5, 0), (account, ours[account] + 1, ours[account])])
    ]


@peers
def test_a_posting_that_is_missing_is_found(name, demo, tmp_path):
    """The file itself is wrong: one transaction is gone."""
    file = tmp_path / "x.journal"
    ours = written(name, demo, DEMO, file)
    text = file.read_text("utf-8")
    transactions = re.split(r"(?m)^(?=2020-)", text)
    payment = next(
        at for at, each in enumerate(transactions) if "kind: pay" in each.replace('"', "")
    )
    file.write_text("".join(transactions[:payment] + transactions[payment + 1 :]), "utf-8")
    comparison = compared(FORMATS[name].PEER, file, ours)
    assert len(comparison.differences) == 2


@peers
def test_what_the_program_cannot_read_is_said_in_its_words(name, demo, tmp_path):
    file = tmp_path / "x.journal"
    file.write_text("2020-01-01 open\n  no such thing at all\n", "utf-8")
    comparison = compared(FORMATS[name].PEER, file, {"Assets:Exec:X": 1})
    assert comparison.complaint or comparison.differences


def test_a_program_that_is_not_there_is_said_with_how_to_get_it():
    with pytest.raises(Lacking) as lacking:
        program_of(Peer("no-such-program", "apt-get install it", ()))
    assert lacking.value.way_out == "apt-get install it"


def test_every_entry_that_moves_money_is_one_transaction(everything):
    """With its number, kind, document and hash; payee and 款 where it has them."""
    with reading(SqlitePlace(everything.db), everything.book) as opened:
        transactions = list(Journal(opened).transactions())
        entries = [
            stored_entry(opened.log, str(opened.book), number)
            for number in range(1, opened.head.entries + 1)
        ]
        hashes = {n: opened.stored(n).hash.hex() for n in range(1, opened.head.entries + 1)}  # type: ignore[union-attr]
    moving = [e for e in entries if effects(e.event).moves or effects(e.event).inflows]
    assert [str(entry.number) for entry in moving] == [each.tags["entry"] for each in transactions]
    for entry, each in zip(moving, transactions, strict=True):
        assert each.date == entry.event.occurred_on.isoformat()
        assert each.tags["hash"] == hashes[entry.number]
        assert each.tags.get("doc", "") == each.doc == entry.event.doc
        assert sum(posting.fen for posting in each.postings) == 0
    paid = next(each for each in transactions if each.payee == "某店")
    assert {posting.econ for posting in paid.postings} == {"30201"}


def test_accounts_are_named_by_what_they_are():
    assert _account("Assets:Exec", LINE) == "Assets:Exec:General:2080105:Project:P02:All:2020"
    basic = line("30101", project="-")
    assert _account("Expenses:Paid", basic) == "Expenses:Paid:General:2080105:Basic:30101:2020"
    odd = line(project="p_1-x")
    assert _account("Assets:Held", odd) == "Assets:Held:General:2080105:Project:X-2p-11-0x:All:2020"


CODES = st.text("aA0-_Xx29", min_size=1, max_size=6).filter(lambda code: code != "-")
LEGAL = re.compile(r"(Assets|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
"""What beancount takes for an account, which the other two take as well."""


@given(st.lists(CODES, unique=True, min_size=2, max_size=6))
def test_every_line_has_a_name_that_is_legal_and_its_own(codes):
    lines = [line(econ, project=code) for code in codes for econ in ("-", "302", "30201")]
    lines += [line("302", project="-"), BudgetLine.parse("nonfiscal:2080105:business:-:302:2020")]
    names = [_account("Assets:Exec", each) for each in lines]
    assert len(set(names)) == len(names)
    assert all(LEGAL.fullmatch(name) for name in names), names
    parents = [(a, b) for a, b in itertools.permutations(names, 2) if b.startswith(f"{a}:")]
    assert not parents  # else a program that adds up the tree would add two lines


def test_what_is_expected_is_our_balance(everything):
    """The figures that others are compared with are those that `balance` prints."""
    with reading(SqlitePlace(everything.db), everything.book) as opened:
        ours = Journal(opened).balances()
        rows = plain(line_balances(opened, LinePattern()))["lines"]
    roots = {
        "Equity:Auth": "annual_budget_fen",
        "Assets:Pending": "pending_fen",
        "Assets:Exec": "available_fen",
        "Assets:Held": "held_fen",
        "Expenses:Paid": "paid_fen",
        "Expenses:Taken": "taken_fen",
        "Equity:Out": "out_fen",
    }
    for row in rows:
        for root, figure in roots.items():
            sign = -1 if root == "Equity:Auth" else 1
            name = _account(root, BudgetLine.parse(row["line"]))
            assert ours.get(name, 0) == sign * row[figure]
    beside = Counter({name: fen for name, fen in ours.items() if not name.startswith(tuple(roots))})
    assert beside == {
        "Assets:Pool:Special": 70_00,
        "Assets:Pool:Unrestricted": 7_01,
        "Equity:Surplus:Special": -100_00,
        "Equity:Surplus:Unrestricted": -7_00,
        "Assets:Received:Nonfiscal:2080105:Basic:All:2020": 59_99,
        "Income:Service:Nonfiscal:2080105:Basic:All:2020": -50_00,
        "Expenses:Tax:Nonfiscal:2080105:Basic:All:2020": 20_00,
    }
    assert sum(ours.values()) == 0
