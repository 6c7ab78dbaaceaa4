"""Queries, audit, seal and views: the shapes and exit codes of contract §4 and §5.

One book with every kind of entry is recorded once; what a query must answer on it is written out
by hand. Tests that change anything work on a copy.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Answer, Shell, in_process, process

CARRIED = "general:2080106:project:P01:-:2019"
OWN_MONEY = "nonfiscal:2080105:basic:-:-:2020"
RECEPTION = "general:2080105:project:P02:30217:2020"
RATE = re.compile(r"-?[0-9]+\.[0-9]{4}")
QUERIES: dict[str, tuple[str, ...]] = {
    "balance": (),
    "carryover": (),
    "opening": (),
    "carry-ageing": (),
    "execution": ("--scope", "all"),
    "progress": (),
    "three-public": (),
    "log": (),
    "statement": (LINE,),
    "show": ("12",),
    "table": ("4",),
    "explain": ("T1.59",),
    "check": (),
}
BALANCE = ("initial", "annual_budget", "pending", "available", "held", "paid", "taken", "out")


@pytest.fixture(scope="module")
def year(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A year in 16 entries: carried in, appropriated, supplemented, cut, moved, paid, refunded,
    reversed, received, pending and released."""
    folder = tmp_path_factory.mktemp("year")
    shell = Shell(Path(shutil.copy(made.db, folder / "year.db")))
    march, june = ("--date", "2020-03-05"), ("--date", "2020-06-30")
    for arguments in (
        ("carry-in", "--line", CARRIED, "--amount", "500", "--date", "2020-01-05"),  # 5
        ("appropriate", "--line", RECEPTION, "--amount", "40", "--date", "2020-01-10"),  # 6
        ("pay", "--line", LINE, "--econ", "30201", "--amount", "300", "--payee", "印刷厂",
         "--doc", "支1", "--purpose", "宣传册", *march),  # 7
        ("pay", "--project", "P01", "--econ", "30299", "--amount", "120", "--payee", "培训中心",
         "--doc", "支2", *march),  # 8
        ("refund", "7", "--amount", "50", "--doc", "退1", "--date", "2020-03-06"),  # 9
        ("reverse", "8", "--reason", "重复", *june),  # 10
        ("supplement", "--line", LINE, "--amount", "200", "--pending", "--doc", "追1", *june),  # 11
        ("release", "--line", LINE, "--amount", "80", *june),  # 12
        ("cut", "--line", RECEPTION, "--amount", "10", "--doc", "减1", *june),  # 13
        ("income", "--func", "2080105", "--econ", "service", "--amount", "60", *june),  # 14
        ("supplement", "--line", OWN_MONEY, "--amount", "90", "--doc", "追2", *june),  # 15
        ("pay", "--line", RECEPTION, "--econ", "30217", "--amount", "25", "--payee", "饭店",
         "--doc", "支100%", "--date", "2020-12-31"),  # 16
    ):  # fmt: skip
        shell(*arguments)
    return shell


@pytest.fixture
def copy(year: Shell, tmp_path: Path) -> Shell:
    """The same year, log and views, in files of the test's own."""
    year("balance")
    shutil.copy(year.db.with_name("year.db.views"), tmp_path / "copy.db.views")
    return Shell(Path(shutil.copy(year.db, tmp_path / "copy.db")))


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a JSON value, with the name of its field."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, name)
    else:
        yield name, value


# What holds of every answer.


@pytest.mark.parametrize("query", QUERIES)
def test_every_answer_names_its_book_cut_and_head(year: Shell, query: str):
    """Without a cut both are null; with one they say it. Money is an int, a rate a string."""
    head = year.head()
    answer = year.ask(query, *QUERIES[query])
    assert ("420103/2020", None, None, head) == tuple(
        answer[name] for name in ("book", "as_of", "known_at", "head")
    )
    cut = ("--as-of", "2020-06-30", "--known-at", "2999-01-01T00:00:00+08:00")
    answer = year.ask(query, *QUERIES[query], *cut)
    assert answer["as_of"] == "2020-06-30"
    assert answer["known_at"].startswith(("2999-01-01", "2998-12-31"))
    assert head == answer["head"]
    for name, leaf in walk(answer):
        assert not isinstance(leaf, float)
        if name.endswith("_fen"):
            assert leaf is None or type(leaf) is int, name
        if name in ("rate", "time_progress", "gap", "december_share"):
            assert leaf is None or RATE.fullmatch(leaf), leaf


def test_answers_do_not_depend_on_the_machine(year: Shell, tmp_path: Path):
    """Another folder, locale and time zone: the same bytes."""
    for query, arguments in QUERIES.items():
        told = [
            process(
                *("--db", str(year.db), query, *arguments, "--json"),
                cwd=tmp_path,
                env={"TZ": zone, "LC_ALL": locale, "LANG": locale},
            ).out
            for zone, locale in (("Asia/Shanghai", "C.UTF-8"), ("America/Lima", "C"))
        ]
        assert told[0] == told[1]


# balance


def test_balance(year: Shell):
    """Every line with its parts and eight figures; totals; the identity."""
    answer = year.ask("balance")
    expected = {
        LINE: (1000_00, 1200_00, 120_00, 830_00, 0, 250_00, 0, 0),
        RECEPTION: (40_00, 30_00, 0, 5_00, 0, 25_00, 0, 0),
        CARRIED: (0, 500_00, 0, 500_00, 0, 0, 0, 0),
        OWN_MONEY: (0, 90_00, 0, 90_00, 0, 0, 0, 0),
    }
    found = {row["line"]: tuple(row[f"{name}_fen"] for name in BALANCE) for row in answer["lines"]}
    assert expected == found
    for row in answer["lines"]:
        parts = (row["fund"], row["func"], row["spending"], row["project"], row["econ"])
        assert row["line"] == ":".join((*parts, str(row["origin"])))
        assert type(row["origin"]) is int
    totals = {
        f"{name}_fen": sum(column)
        for name, column in zip(BALANCE, zip(*expected.values(), strict=True), strict=True)
    }
    own = next(row for row in answer["lines"] if row["line"] == OWN_MONEY)
    assert own["spendable_fen"] == 60_00  # what came in of it
    assert {**totals, "spendable_fen": totals["available_fen"] - 30_00} == answer["totals"]


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        (("--line", LINE), [LINE]),
        (("--project", "P02"), [LINE, RECEPTION]),
        (("--project", "P02", "--econ", "302"), [RECEPTION]),
        (("--project", "P02", "--econ", "30217"), [RECEPTION]),
        (("--func", "20801"), [LINE, RECEPTION, CARRIED, OWN_MONEY]),
        (("--func", "2080106"), [CARRIED]),
        (("--fund", "nonfiscal"), [OWN_MONEY]),
        (("--spending", "basic"), [OWN_MONEY]),
        (("--project", "-"), [OWN_MONEY]),
        (("--origin", "2019"), [CARRIED]),
        (("--project", "NONE"), []),
        (("--line", LINE.replace("P02", "P99")), []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_balance_by_parts(year: Shell, parts: tuple[str, ...], lines: list[str]):
    """What matches nothing is an empty answer, not a failure."""
    answer = year.ask("balance", *parts)
    assert set(lines) == {row["line"] for row in answer["lines"]}
    assert answer["totals"]["available_fen"] == sum(r["available_fen"] for r in answer["lines"])


# carryover, execution, three-public


def test_carryover(year: Shell):
    """Under `indicator` income is this year's final appropriation, and what was recorded."""
    answer = year.ask("carryover")
    head = {
        name: value
        for name, value in answer.items()
        if name not in ("book", "as_of", "known_at", "head", "items")
    }
    assert head == {
        "opening_before_fen": 500_00,
        "opening_adjustments": [],
        "opening_fen": 500_00,
        "income_fen": 1200_00 + 30_00 + 60_00,
        "expenditure_fen": 250_00 + 25_00,
        "surplus_used_fen": 0,
        "distributed_fen": 0,
        "closing_fen": 500_00 + 1290_00 - 275_00,
        "nonfiscal": {"restricted_fen": 0, "unrestricted_fen": 60_00},
        "pools": [],
    }
    expected = [
        ("general", "2080105", "P02", 2020, 0, 1230_00, 275_00, 955_00),
        ("general", "2080106", "P01", 2019, 500_00, 0, 0, 500_00),
        ("nonfiscal", "2080105", "-", 2020, 0, 60_00, 0, 60_00),
    ]
    names = [
        "fund",
        "func",
        "project",
        "origin",
        "opening_fen",
        "income_fen",
        "expenditure_fen",
        "closing_fen",
    ]
    assert expected == [tuple(item[name] for name in names) for item in answer["items"]]


@pytest.mark.parametrize("scope", ["current", "all"])
def test_execution(year: Shell, scope: str):
    """Rates half up to four places, null for a zero base; `current` leaves carry-over out."""
    answer = year.ask("execution", "--scope", scope)
    p01 = {
        "project": "P01",
        "name": "P01 项目",
        "initial_fen": 0,
        "annual_budget_fen": 500_00,
        "executed_fen": 0,
        "rate": "0.0000",
    }
    p02 = {
        "project": "P02",
        "name": "P02 项目",
        "initial_fen": 1040_00,
        "annual_budget_fen": 1230_00,
        "executed_fen": 275_00,
        "rate": "0.2236",  # 275 / 1230 = 0.22357…
    }
    basic = {"initial_fen": 0, "annual_budget_fen": 90_00, "executed_fen": 0, "rate": "0.0000"}
    whole = 1320_00 + (500_00 if scope == "all" else 0)
    assert scope == answer["scope"]
    assert ([p01, p02] if scope == "all" else [p02]) == answer["projects"]
    assert basic == answer["basic"]
    assert answer["totals"] == {
        "initial_fen": 1040_00,
        "annual_budget_fen": whole,
        "executed_fen": 275_00,
        "rate": "0.2083" if scope == "current" else "0.1511",  # 275/1320, 275/1820
    }


def test_execution_has_no_default_scope(year: Shell):
    for arguments in ((), ("--scope", ""), ("--scope", "year")):
        refused = year.ask("execution", *arguments, exit=2)
        assert refused["facts"]["field"] == "scope"
        assert "current" in refused["message"] and "all" in refused["message"]


def test_execution_by_what_it_is_for(year: Shell):
    """All rows in text, with what they have in common in the heading; scope is `all` where none is
    said; one fund, by any of its names."""
    answer = year.ask("execution", "--by", "project")
    assert (answer["scope"], answer["by"]) == ("all", "project")
    assert list(answer["rows"][0]) == [
        *("code", "name", "fund", "initial_fen", "annual_budget_fen", "executed_fen"),
        *("rate", "initial_rate", "share"),
    ]
    assert [(row["code"], row["fund"], row["executed_fen"]) for row in answer["rows"]] == [
        ("P01", "general", 0),
        ("P02", "general", 275_00),
        ("-", "nonfiscal", 0),
    ]
    text = year("execution", "--by", "project", "--fund", "一般公共预算").out
    for word in ("按项目", "一般公共预算", "年初预算", "全年预算", "决算数", "完成年初", "占比"):
        assert word in text
    assert "资金性质" in year("execution", "--by", "project").out
    assert "未分到款" in year("execution", "--by", "econ").out
    current = year.ask("execution", "--by", "单位", "--scope", "current")
    assert current["totals"]["annual_budget_fen"] == 1320_00


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        (("--by", "line"), "by", "BY.UNKNOWN"),
        (("--by", ""), "by", "BY.UNKNOWN"),
        (("--by", "func", "--scope", "x"), "scope", "SCOPE.UNKNOWN"),
        (("--by", "func", "--fund", "x"), "fund", "LINE.FUND"),
        (("--scope", "all", "--fund", "general"), "fund", "FIELD.NOT_USED"),
    ],
)
def test_divisions_that_there_are_not(
    year: Shell, arguments: tuple[str, ...], field: str, code: str
):
    refused = year.ask("execution", *arguments, exit=2)
    assert (refused["facts"]["field"], refused["code"]) == (field, code)


def test_three_public(year: Shell):
    """Budget is the initial one: the cut of 10 does not show; the actual is what was paid."""
    answer = year.ask("three-public")
    names = ("total", "overseas", "vehicle", "vehicle_purchase", "vehicle_operation", "reception")
    for column, fen in (("budget", 40_00), ("actual", 25_00)):
        expected = {f"{name}_fen": fen if name in ("total", "reception") else 0 for name in names}
        assert expected == answer[column]


# log, show, statement


@pytest.mark.parametrize(
    ("filters", "entries"),
    [
        ((), list(range(1, 17))),
        (("--limit", "3"), [14, 15, 16]),
        (("--limit", "0"), []),
        (("--limit", "99"), list(range(1, 17))),
        (("--after", "12"), [13, 14, 15, 16]),
        (("--after", "3", "--limit", "2"), [4, 5]),
        (("--before", "3"), [1, 2]),
        (("--before", "12", "--limit", "2"), [10, 11]),
        (("--after", "4", "--before", "8", "--limit", "2"), [5, 6]),
        (("--line", LINE), [4, 7, 9, 11, 12]),
        (("--project", "P01"), [5, 8, 10]),
        (("--func", "20801", "--origin", "2019"), [5, 8, 10]),
        (("--line", LINE, "--limit", "1"), [12]),
        (("--kind", "pay"), [7, 8, 16]),
        (("--kind", "支付"), [7, 8, 16]),
        (("--doc", "支"), [7, 8, 16]),
        (("--doc", "0%"), [16]),
        (("--doc", "支_"), []),
        (("--payee", "中心"), [8, 10]),
        (("--text", "宣传"), [7]),
        (("--text", "重复"), [10]),
        (("--amount", "120"), [8, 10]),
        (("--ref", "7"), [9]),
        (("--ref", "#8"), [10]),
        (("--since", "2020-03-06", "--until", "2020-06-29"), [9]),
        (("--from", "2020-12-31"), [16]),
        (("--to", "2020-01-09"), [1, 2, 3, 5]),
        (("--as-of", "2020-03-05", "--kind", "pay"), [7, 8]),
        (("--since", "2020-12-01", "--as-of", "2020-06-30"), []),
        (("--kind", "pay", "--project", "P02", "--payee", "店", "--amount", "25"), [16]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_log(year: Shell, filters: tuple[str, ...], entries: list[int]):
    """Filters narrow together; a % or _ is that character; --limit keeps the last n, in order."""
    assert entries == [entry["entry"] for entry in year.ask("log", *filters)["entries"]]


def test_the_text_of_the_log_says_the_same(year: Shell):
    rows = year("log", "--kind", "pay").out.splitlines()
    assert [row.split()[0] for row in rows if row[:1].isdigit()][1:] == ["7", "8", "16"]
    assert any("2020-12-31" in row and "饭店" in row and "25.00" in row for row in rows)


def test_show(year: Shell):
    """One entry in full: the facts, the postings that it is, what came of it, its stored form."""
    shown = year.ask("show", "7")
    facts = {
        "entry": 7,
        "kind": "pay",
        "date": "2020-03-05",
        "line": LINE,
        "econ": "30201",
        "amount_fen": 300_00,
        "doc": "支1",
        "payee": "印刷厂",
        "purpose": "宣传册",
        "later": [9],
    }
    assert facts == {name: shown[name] for name in facts}
    posted = {(p["account"], p["amount_fen"]) for p in shown["postings"]}
    assert {("EXEC", -300_00), ("PAID", 300_00)} == posted
    assert shown["stored"]["event"]["amount_fen"] == 300_00
    assert shown["previous_hash"] == year.ask("show", "6")["hash"]
    assert year.ask("show", "16")["hash"] == year.head()["hash"]
    assert year.ask("show", "1")["previous_hash"] == "0" * 64


@pytest.mark.parametrize("number", ["0", "17", "999999999999999"])
def test_show_of_an_entry_that_is_not_there(year: Shell, number: str):
    assert year.ask("show", number, exit=3)["code"] == "ENTRY.MISSING"


def test_show_respects_the_cut(year: Shell):
    """An entry after the cut is not there, and nothing later shows on one before it."""
    assert year.ask("show", "16", "--as-of", "2020-12-30", exit=3)["code"] == "ENTRY.MISSING"
    assert year.ask("show", "16", "--as-of", "2020-12-31")["entry"] == 16
    assert year.ask("show", "7", "--as-of", "2020-03-05")["later"] == []
    assert year.ask("show", "7", "--as-of", "2020-03-06")["later"] == [9]
    recorded = year.ask("show", "8")["recorded_at"]
    assert year.ask("show", "9", "--known-at", recorded, exit=3)["code"] == "ENTRY.MISSING"
    assert year.ask("show", "7", "--known-at", recorded)["later"] == []


def test_statement(year: Shell):
    """Every entry of the line by date, with what is available after each."""
    answer = year.ask("statement", LINE)
    assert (answer["line"], answer["available_fen"]) == (LINE, 830_00)
    names = ("entry", "kind", "approved_fen", "paid_fen", "other_fen", "available_fen")
    assert [tuple(row[name] for name in names) for row in answer["rows"]] == [
        (4, "appropriate", 1000_00, 0, 0, 1000_00),
        (7, "pay", 0, 300_00, 0, 700_00),
        (9, "refund", 0, -50_00, 0, 750_00),
        (11, "supplement", 200_00, 0, -200_00, 750_00),
        (12, "release", 0, 0, 80_00, 830_00),
    ]
    assert answer["rows"] == year.ask("statement", "--line", LINE)["rows"]
    cut = year.ask("statement", LINE, "--as-of", "2020-03-05")
    assert [row["entry"] for row in cut["rows"]] == [4, 7]
    missing = year.ask("statement", LINE.replace("P02", "P99"), exit=3)
    assert missing["code"] == "R1.NO_LINE"


# table, explain, check

CELLS: dict[str, int] = {
    "T1.1": 1230_00,  # under `indicator` what was finally appropriated
    "T1.5": 60_00,
    "T1.27": 1290_00,
    "T1.29": 500_00,
    "T1.38": 275_00,
    "T1.57": 275_00,
    "T1.59": 1515_00,
    "T1.60": 1790_00,
    "T2.2080105.1": 1290_00,
    "T2.合计.2": 1230_00,
    "T2.合计.4": 60_00,
    "T3.2080105.3": 275_00,
    "T3.合计.2": 0,
    "T4.27.1": 1230_00,
    "T4.28.1": 500_00,
    "T4.59.2": 275_00,
    "T4.59.3": 275_00,
    "T4.59.4": 0,
    "T4.59.5": 0,
    "T5.合计.1": 275_00,
    "T5.208.3": 275_00,
    "T6.30101": 0,
    "T6.人员经费合计": 0,
    "T6.公用经费合计": 0,
    "T7.1": 40_00,
    "T7.6": 40_00,
    "T7.12": 25_00,
    "T8.合计.6": 0,
    "T9.合计.1": 0,
}
"""Cells of the year by hand, one at least of each table and of each form of id."""


def cells(year: Shell) -> dict[str, dict[str, Any]]:
    return {
        cell["id"]: cell
        for number in range(1, 10)
        for cell in year.ask("table", str(number))["cells"]
    }


def test_table(year: Shell):
    """Shape, ids that are the table's own and stand once, exact fen, print in 万元."""
    for number in range(1, 10):
        answer = year.ask("table", str(number))
        assert (number, "2020", "万元") == tuple(answer[n] for n in ("table", "edition", "unit"))
        assert answer["title"] and answer["head"] == year.head()
        ids = [cell["id"] for cell in answer["cells"]]
        assert len(ids) == len(set(ids))
        assert {f"T{number}"} == {cell_id.split(".")[0] for cell_id in ids}
        for cell in answer["cells"]:
            assert {"id", "row", "label", "column", "fen", "printed"} <= set(cell)
            assert type(cell["fen"]) is int and type(cell["printed"]) is str
    found = cells(year)
    assert {name: found[name]["fen"] for name in CELLS} == CELLS
    assert (found["T1.57"]["printed"], found["T1.59"]["printed"]) == ("0.03", "0.15")
    assert year.ask("table", "1", "--as-of", "2020-03-05")["as_of"] == "2020-03-05"


@pytest.mark.parametrize("number", ["0", "10", "x", "-1", "", "1.0", "２"])
def test_other_tables(year: Shell, number: str):
    assert in_process("--db", str(year.db), "--json", "table", number).exit == 2


def test_explain(year: Shell):
    """Every cell that is not nil: signed parts add up to it, and so do its entries, which are
    those that the log has; a leaf has no parts."""
    log = {entry["entry"]: entry for entry in year.ask("log")["entries"]}
    used = {name: cell for name, cell in cells(year).items() if cell["fen"]}
    assert len(used) > 40
    leaves = 0
    for name, cell in used.items():
        answer = year.ask("explain", name)
        assert {"cell", "fen", "printed", "formula", "parts", "entries"} <= set(answer)
        assert (name, cell["fen"], cell["printed"]) == tuple(
            answer[field] for field in ("cell", "fen", "printed")
        )
        assert answer["formula"]
        if answer["parts"]:
            assert cell["fen"] == sum(part["fen"] for part in answer["parts"])
        leaves += not answer["parts"]
        assert cell["fen"] == sum(entry["fen"] for entry in answer["entries"])
        for entry in answer["entries"]:
            same = log[entry["entry"]]
            assert (entry["kind"], entry["date"], entry["doc"]) == (
                same["kind"],
                same["date"],
                same["doc"],
            )
    assert 0 < leaves < len(used)
    closing = {part["cell"]: part["fen"] for part in year.ask("explain", "T1.59")["parts"]}
    assert (closing["T1.27"], closing["T1.57"]) == (1290_00, -275_00)


@pytest.mark.parametrize("cell", ["T0.1", "T1.61", "T1", "T1.57.1", "T99.9", "", "合计", "t1.57"])
def test_explain_of_no_cell(year: Shell, cell: str):
    refused = in_process("--db", str(year.db), "--json", "explain", cell)
    assert (refused.exit, refused.json["facts"]["field"]) == (2, "cell")


def test_check(year: Shell, tmp_path: Path):
    """Findings with tier, both figures and cells; 1 only if there is an error among them."""
    answer = year.ask("check")
    assert not [finding for finding in answer["findings"] if finding["tier"] == "error"]
    assert all({"code", "why"} == set(skipped) for skipped in answer["not_run"])

    short = Shell(tmp_path / "short.db").open(basis="recorded").project("P02")
    short("appropriate", "--line", LINE, "--amount", "10", "--date", "2020-01-10")
    assert short.ask("check")["findings"] == []
    short("pay", "--line", LINE, "--econ", "30201", "--amount", "3", "--payee", "x",
          "--date", "2020-03-01")  # fmt: skip
    findings = short.ask("check", exit=1)["findings"]
    assert [finding["tier"] for finding in findings] == ["error"]  # spent without income
    for finding in findings:
        fields = {"code", "tier", "message", "cells", "left_fen", "right_fen"}
        assert fields <= set(finding)
        assert finding["tier"] in ("error", "warn", "info")
    assert "错误 1 项" in short("check", exit=1).out


# §5 Audit and seal


def test_audit(year: Shell):
    """Every check with how often it was tried; what could not run is said, not passed over."""
    answer = year.ask("audit")
    assert (answer["ok"], answer["entries"], answer["findings"]) == (True, 16, [])
    assert {"code", "tried", "failed"} == set(answer["checks"][0])
    tried = {check["code"]: check["tried"] for check in answer["checks"]}
    assert {16} == {tried[c] for c in ("ENTRY.NUMBER", "ENTRY.BYTES", "CHAIN.HASH", "RULES")}
    assert not any(check["failed"] for check in answer["checks"])
    assert [skipped["code"] for skipped in answer["not_run"]] == ["SEAL"]
    assert all(skipped["why"] for skipped in answer["not_run"])
    assert isinstance(answer["seconds"], float)
    assert "结论：相符" in year("audit").out


def test_the_seal_proves_the_beginning(copy: Shell):
    """It still holds after more was recorded, in any case, with or without dashes and blanks."""
    sealed = copy.ask("seal")
    assert (16, copy.head()) == (sealed["entries"], sealed["head"])
    seal = sealed["seal"]
    copy("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--payee", "x",
         "--date", "2020-12-31")  # fmt: skip
    count, _, rest = seal.partition("-")
    for typed in (seal, seal.lower(), f" {seal} ", f"{count}-{rest.replace('-', ' ')}"):
        answer = copy.ask("audit", "--seal", typed)
        assert answer["ok"] and answer["not_run"] == []
    assert seal != copy.ask("seal")["seal"]


def test_a_seal_of_other_entries(copy: Shell, tmp_path: Path):
    """4 for a book that does not begin so: another one, or fewer entries than were sealed."""
    older = Shell(Path(shutil.copy(copy.db, tmp_path / "older.db")))
    pay = ("pay", "--line", LINE, "--econ", "30201", "--payee", "x", "--date", "2020-12-31")
    copy(*pay, "--amount", "1")
    sealed = copy.ask("seal")["seal"]
    shorter = older.ask("audit", "--seal", sealed, exit=4)
    assert [finding["code"] for finding in shorter["findings"]] == ["SEAL"]
    older(*pay, "--amount", "2")
    other = older.ask("audit", "--seal", sealed, exit=4)
    assert (other["ok"], [finding["code"] for finding in other["findings"]]) == (False, ["SEAL"])
    assert "结论：不符" in older("audit", "--seal", sealed, exit=4).out


def test_a_mistyped_seal(year: Shell):
    """2 for any one wrong character, a missing one, or no seal at all; nothing is audited."""
    seal = year.ask("seal")["seal"]
    for position in range(len(seal)):
        wrong = "7" if seal[position] != "7" else "8"
        if seal[position] != "-":
            mistyped = seal[:position] + wrong + seal[position + 1 :]
            refused = year.ask("audit", "--seal", mistyped, exit=2)
            assert refused["facts"]["field"] == "seal"
    for mistyped in (seal[:-1], seal[1:], "", "16", "16-", f"{seal}0", "十六"):
        assert year.ask("audit", "--seal", mistyped, exit=2)["facts"]["field"] == "seal"


def test_a_changed_byte_is_found(copy: Shell):
    """In the stored entries; a hash, a key, the head row: 4, and the finding names the entry."""
    changes = (
        ("UPDATE stored_events SET state = CAST(replace(state, 30000, 90000) AS BLOB)", 7),
        ("UPDATE stored_events SET hash = zeroblob(32) WHERE originator_version = 7", 7),
        ("UPDATE stored_events SET key = 'x' WHERE originator_version = 7", 7),
        ("DELETE FROM stored_events WHERE originator_version = 16", None),
        ("UPDATE heads SET entries = 15", None),
    )
    sound = copy.db.read_bytes()
    for statement, entry in changes:
        copy.db.write_bytes(sound)
        with closing(sqlite3.connect(copy.db)) as connection:
            for trigger in ("stored_events_keep", "stored_events_stay"):
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute(statement)
            connection.commit()
        answer = copy.ask("audit", exit=4)
        assert answer["ok"] is False
        if entry is not None:
            assert entry in [finding["entry"] for finding in answer["findings"]]
        assert {"code", "entry", "message"} == set(answer["findings"][0])


def test_what_is_no_database_any_more(copy: Shell):
    """4, from audit and from a query."""
    copy.db.write_bytes(b"x" + copy.db.read_bytes()[1:])
    for command in ("audit", "balance", "seal", "rebuild", "doctor"):
        answer = in_process("--db", str(copy.db), command, "--json")
        assert (answer.exit, answer.json["code"]) == (4, "FILE.DAMAGED")


# §5 Views


def everything(shell: Shell) -> list[Answer]:
    """The answers of all queries, as bytes that can be compared."""
    answers = [shell(query, *arguments, "--json") for query, arguments in QUERIES.items()]
    return answers + [shell(query, *arguments) for query, arguments in QUERIES.items()]


def views(shell: Shell) -> Path:
    return shell.db.with_name(shell.db.name + ".views")


def test_deleting_the_views_loses_nothing(copy: Shell):
    before = everything(copy)
    for remove in (Path.unlink, lambda path: path.write_bytes(b"")):
        remove(views(copy))
        assert before == everything(copy)
    assert copy.ask("audit")["ok"]


def test_rebuild_gives_the_same_answers(copy: Shell):
    before = everything(copy)
    answer = copy.ask("rebuild")
    assert {"420103/2020": copy.head()} == answer["books"]
    assert before == everything(copy)


def amounts(shell: Shell) -> list[tuple[str, str]]:
    """Every (table, column) of the views whose name ends in _fen."""
    with closing(sqlite3.connect(views(shell))) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [
            (table, column)
            for (table,) in tables.fetchall()
            for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")
            if column.endswith("_fen")
        ]


def test_amounts_stand_in_columns_that_end_in_fen(copy: Shell):
    """So that whoever looks for money in the views finds all of it."""
    assert {"entries", "moves", "income", "monthly"} <= {table for table, _ in amounts(copy)}


def test_any_amount_of_the_views_that_is_tampered_with_is_found(copy: Shell):
    """Each `_fen` column, its first and its last row: audit 4, then every query 4, writes go on,
    `rebuild` mends it and the answers are the old ones."""
    copy("correct", "16", "--payee", "某饭店", "--date", "2020-12-31")  # what it undoes is one too
    copy("income", "--func", "2080105", "--econ", "superior", "--amount", "5", "--counterpart",
         "001", "--date", "2020-12-31")  # fmt: skip
    of_goods = ("--line", LINE, "--econ", "30201", "--procurement-type", "goods",
                "--date", "2020-12-31")  # fmt: skip
    copy("contract", "--no", "H1", "--type", "goods", "--amount", "9", "--supplier", "某公司",
         "--size", "small", "--date", "2020-12-31")  # fmt: skip
    copy("reserve", *of_goods[:2], "--amount", "2", "--contract", "H1", "--date", "2020-12-31")
    copy("pay", *of_goods, "--amount", "3", "--payee", "某公司", "--doc", "末1")
    before = everything(copy)
    sound = views(copy).read_bytes()
    for table, column in amounts(copy):
        for end in ("ASC", "DESC"):
            views(copy).write_bytes(sound)
            with closing(sqlite3.connect(views(copy))) as connection:
                key = connection.execute(f"PRAGMA table_info({table})").fetchall()
                order = ", ".join(f"{c[1]} {end}" for c in key)
                row = connection.execute(
                    f"SELECT * FROM {table} WHERE {column} <> 0 ORDER BY {order} LIMIT 1"
                ).fetchone()
                same = " AND ".join(f"{c[1]} IS ?" for c in key)
                changed = connection.execute(
                    f"UPDATE {table} SET {column} = {column} + 1 WHERE {same}", row
                )
                assert changed.rowcount == 1
                connection.commit()
            audited = copy.ask("audit", exit=4)
            assert audited["ok"] is False
            assert {finding["code"].split(".")[0] for finding in audited["findings"]} == {"VIEWS"}
            for query, arguments in QUERIES.items():
                refused = copy.ask(query, *arguments, exit=4)
                assert refused["code"].startswith("VIEWS.")
                assert "yusuan rebuild" in refused["try"]
            copy("rebuild")
            assert before == everything(copy)


def test_a_tampered_view_does_not_stop_the_book(copy: Shell):
    """The log is what counts: it can be written while its views are distrusted."""
    with closing(sqlite3.connect(views(copy))) as connection:
        connection.execute("UPDATE moves SET amount_fen = amount_fen + 1")
        connection.commit()
    copy("audit", exit=4)
    receipt = copy.ask("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--payee", "x",
                       "--date", "2020-12-31")  # fmt: skip
    assert (receipt["entry"], receipt["available_fen"]) == (17, 829_00)
    copy("balance", exit=4)
    copy("rebuild")
    assert copy.balance(LINE)["available_fen"] == 829_00


def test_the_views_are_plain_sql(copy: Shell):
    """`v_*` for people and tools: the balances of `balance`, from one SELECT."""
    with closing(sqlite3.connect(views(copy))) as connection:
        found = dict(
            connection.execute("SELECT line, balance_fen FROM v_balances WHERE account = 'EXEC'")
        )
        entries = connection.execute("SELECT count(*) FROM v_entries").fetchone()
    assert found == {row["line"]: row["available_fen"] for row in copy.ask("balance")["lines"]}
    assert entries == (16,)


def test_json_is_one_value_in_utf8(year: Shell, tmp_path: Path):
    """Even where the terminal's own encoding is another, and Chinese is not escaped."""
    env = {"PYTHONIOENCODING": "gbk", "LC_ALL": "C", "PYTHONUTF8": "0"}
    answer = process("--db", str(year.db), "show", "7", "--json", cwd=tmp_path, env=env)
    assert "印刷厂" in answer.out
    assert json.loads(answer.out)["payee"] == "印刷厂"
