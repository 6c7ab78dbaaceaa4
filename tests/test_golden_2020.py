"""The published year 2020 of one bureau, recorded by `yusuan demo` and by the importer, gives the
figures of tests/golden/jianghan_2020 to the fen.

What the year must look like on a day in the middle of it, and under the other two income bases, is
worked out here from the golden files alone: everything carried in and appropriated on 1 January,
every cut and supplement on 30 June, every payment on 31 December.
"""

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ledger.events.particulars import FACT_NAMES
from tests.harness.shell import Answer, Shell, process

GOLDEN = Path(__file__).parent / "golden" / "jianghan_2020"
BOOK = "420103/2020"
MONEY, FACTS = 118, 447
ENTRIES = 1 + MONEY + FACTS
"""What opened the book, what moved money, and what the report tells besides."""
MIDYEAR, LAST_DAY_BEFORE_PAYMENTS = "2020-06-30", "2020-12-30"
THREE_PUBLIC = (
    "total",
    "overseas",
    "vehicle",
    "vehicle_purchase",
    "vehicle_operation",
    "reception",
)

Figures = dict[str, int]


def golden(name: str) -> list[dict[str, Any]]:
    """The rows of one golden file: fen and origins as ints, an empty rate as None."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [
            {column: _value(column, text) for column, text in row.items()}
            for row in csv.DictReader(stream)
        ]


def _value(column: str, text: str) -> Any:
    if column == "origin" or column.endswith("fen"):
        return int(text)
    return (text or None) if column == "rate" else text


TOTALS: Figures = {row["name"]: row["fen"] for row in golden("totals")}
LINES: dict[str, Figures] = {row.pop("line"): row for row in golden("lines")}
ITEM_KEY = ("fund", "func", "project", "origin")
ITEMS: dict[tuple[Any, ...], Figures] = {
    tuple(row.pop(part) for part in ITEM_KEY): row for row in golden("items")
}


def item_of(line: str) -> tuple[Any, ...]:
    """The item (fund, func, project, origin) that a line belongs to."""
    fund, func, _, project, _, origin = line.split(":")
    return (fund, func, project, int(origin))


def walk(opening: int, income: int, expenditure: int) -> Figures:
    """One item's figures, closed by hand."""
    return {
        "opening_fen": opening,
        "income_fen": income,
        "expenditure_fen": expenditure,
        "closing_fen": opening + income - expenditure,
    }


def only_used(rows: Iterable[tuple[Any, Figures]]) -> dict[Any, Figures]:
    """What is all zero may be left out (contract §4), so it is left out of both sides."""
    return {key: figures for key, figures in rows if any(figures.values())}


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Answer]:
    """The demo, recorded by a real process."""
    folder = tmp_path_factory.mktemp("demo")
    answer = process("--db", "demo.db", "demo", cwd=folder)
    assert answer.exit == 0, answer.said
    return Shell(folder / "demo.db"), answer


@pytest.fixture(scope="module")
def demo(demonstrated: tuple[Shell, Answer]) -> Shell:
    return demonstrated[0]


@pytest.fixture
def copy(demo: Shell, tmp_path: Path) -> Shell:
    """The same book in a file that a test may add to."""
    return Shell(Path(shutil.copy(demo.db, tmp_path / "copy.db")))


def imported(folder: Path, basis: str, *income: str) -> Shell:
    """The demo's own CSV through `open-book` and `import`, with rows of income behind it."""
    shell = Shell(folder / f"{basis}.db").open(basis=basis)
    year = files("cli").joinpath("demo", "jianghan-2020.csv").read_text(encoding="utf-8")
    header = year.splitlines()[0].split(",")
    rows = [dict(zip(header, row, strict=True)) for row in csv.reader(income)]
    path = folder / "year.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(year)
        csv.DictWriter(stream, header).writerows(rows)
    answer = shell.ask("import", str(path))
    assert answer["rows"] == answer["recorded"] == MONEY + len(rows)
    return shell


def items(shell: Shell, *cut: str) -> dict[tuple[Any, ...], Figures]:
    """The items of `carryover`; its totals must be their sums and its walk must close."""
    answer = shell.ask("carryover", *cut)
    names = ("opening_fen", "income_fen", "expenditure_fen", "closing_fen")
    for name in names:
        assert answer[name] == sum(item[name] for item in answer["items"])
    opening, income, expenditure, closing = (answer[name] for name in names)
    used, given = answer["surplus_used_fen"], answer["distributed_fen"]
    assert closing == opening + income + used - expenditure - given
    adjusted = sum(adjustment["fen"] for adjustment in answer["opening_adjustments"])
    assert opening == answer["opening_before_fen"] + adjusted
    return only_used(
        (tuple(item[part] for part in ITEM_KEY), {name: item[name] for name in names})
        for item in answer["items"]
    )


def lines(shell: Shell, *cut: str) -> dict[str, Figures]:
    """The lines of `balance` in the figures of lines.csv; the identity of the accounts holds."""
    answer = shell.ask("balance", *cut)
    found = {}
    for line in answer["lines"]:
        assert line["annual_budget_fen"] == sum(
            line[f"{account}_fen"]
            for account in ("available", "held", "pending", "paid", "taken", "out")
        )
        found[line["line"]] = {name: line[name] for name in LINES[line["line"]]}
    for name in ("initial_fen", "annual_budget_fen", "available_fen", "paid_fen"):
        assert answer["totals"][name] == sum(line[name] for line in answer["lines"])
    return only_used(found.items())


def projects(shell: Shell, scope: str, *cut: str) -> dict[str, Figures]:
    """Figures per project of `execution`, basic money as `-`, without the rates."""
    answer = shell.ask("execution", "--scope", scope, *cut)
    rows = [*answer["projects"], {"project": "-", **answer["basic"]}]
    names = ("initial_fen", "annual_budget_fen", "executed_fen")
    for name in names:
        assert answer["totals"][name] == sum(row[name] for row in rows)
    return only_used((row["project"], {name: row[name] for name in names}) for row in rows)


# The year as a whole.


def test_the_demo_prints_the_published_figures(demonstrated: tuple[Shell, Answer]):
    """The five figures of the report that a reader knows, in 万元, and a clean audit."""
    _, answer = demonstrated
    for printed in ("233.42", "8,201.47", "5,791.89", "2,643.00", "0.38"):
        assert printed in answer.out
    assert "全部相符" in answer.out
    assert answer.err == ""


def test_items(demo: Shell):
    assert only_used(ITEMS.items()) == items(demo)


def test_every_line_ends_with_its_balance(demo: Shell):
    assert only_used(LINES.items()) == lines(demo)


@pytest.mark.parametrize("scope", ["current", "all"])
def test_projects_and_their_rates(demo: Shell, scope: str):
    """Every row of projects.csv, name and rate too; the rate of a zero base is null."""
    answer = demo.ask("execution", "--scope", scope)
    basic = {"project": "-", "name": "基本支出", **answer["basic"]}
    assert scope == answer["scope"]
    expected = [
        {name: value for name, value in row.items() if name != "scope"}
        for row in golden("projects")
        if row["scope"] == scope
    ]
    by_code = sorted([*answer["projects"], basic], key=lambda row: row["project"])
    assert sorted(expected, key=lambda row: row["project"]) == by_code


def test_execution_by_every_division(demo: Shell):
    """Projects as in projects.csv; 项 as 表3 prints them, 类 in fen; 年初 and 全年 of an 项 from
    lines.csv; every division the same whole."""
    found = {by: demo.ask("execution", "--by", by) for by in ("func", "class", "econ", "project")}
    for answer in found.values():
        for name in ("initial", "annual_budget", "executed"):
            total = sum(row[f"{name}_fen"] for row in answer["rows"])
            whole = "annual_budget_all" if name == "annual_budget" else f"{name}_budget"
            whole = "expenditure" if name == "executed" else whole
            assert total == answer["totals"][f"{name}_fen"] == TOTALS[whole]
    named = {
        row["project"]: {name: row[name] for name in ("name", "executed_fen", "rate")}
        for row in golden("projects")
        if row["scope"] == "all"
    }
    by_project = {row["code"]: row for row in found["project"]["rows"]}
    assert named == {
        code: {name: row[name] for name in ("name", "executed_fen", "rate")}
        for code, row in by_project.items()
    }
    with (GOLDEN / "tables" / "table3.csv").open(encoding="utf-8", newline="") as stream:
        printed = {row["code"]: row["c1_total"] for row in csv.DictReader(stream)}
    rows = {row["code"]: row["executed_fen"] for row in found["func"]["rows"]}
    assert {code: in_wan(fen) for code, fen in rows.items()} == {
        code: printed[code] for code in rows
    }
    for row in found["class"]["rows"]:  # 表3 stacks what its 项 print
        assert row["executed_fen"] == TOTALS[f"class_{row['code']}_expenditure"]
    for row in found["func"]["rows"]:
        assert (row["initial_fen"], row["annual_budget_fen"]) == tuple(
            sum(figures[name] for line, figures in LINES.items() if item_of(line)[1] == row["code"])
            for name in ("initial_fen", "annual_budget_fen")
        )


def test_totals(demo: Shell):
    walked, all_ = demo.ask("carryover"), demo.ask("execution", "--scope", "all")
    current = demo.ask("execution", "--scope", "current")
    public, total = demo.ask("three-public"), demo.ask("balance")["totals"]
    carried = [item for item in walked["items"] if item["origin"] == 2019]
    projects_of = {
        scope: {
            name: sum(project[f"{name}_fen"] for project in answer["projects"])
            for name in ("initial", "annual_budget", "executed")
        }
        for scope, answer in (("current", current), ("all", all_))
    }
    found = {
        **{name: walked[f"{name}_fen"] for name in ("opening", "income", "expenditure", "closing")},
        "initial_budget": total["initial_fen"],
        "annual_budget_current": current["totals"]["annual_budget_fen"],
        "annual_budget_all": all_["totals"]["annual_budget_fen"],
        "expenditure_current": current["totals"]["executed_fen"],
        "expenditure_carryover": sum(item["expenditure_fen"] for item in carried),
        "closing_carryover": sum(item["closing_fen"] for item in carried),
        "closing_current": walked["closing_fen"] - sum(item["closing_fen"] for item in carried),
        **{
            f"three_public_{column}_{name}": public[column][f"{name}_fen"]
            for column in ("budget", "actual")
            for name in THREE_PUBLIC
        },
        **{
            f"{kind}_{scope}_{name}": fen
            for scope, answer in (("current", current), ("all", all_))
            for kind, figures in (
                ("basic", {n: answer["basic"][f"{n}_fen"] for n in projects_of[scope]}),
                ("project", projects_of[scope]),
            )
            for name, fen in figures.items()
        },
    }
    derived = ("supplements", "cuts", "basic_personnel", "basic_public_use")
    named = {n: fen for n, fen in TOTALS.items() if n not in derived and not n.startswith("class_")}
    assert named == found


def test_totals_by_functional_class(demo: Shell):
    """`class_*` of totals.csv: 类 201, 208, 210, 211 and 221, from lines and items."""
    found: Figures = defaultdict(int)
    for line in demo.ask("balance")["lines"]:
        found[f"class_{line['func'][:3]}_initial"] += line["initial_fen"]
    for item in demo.ask("carryover")["items"]:
        for name in ("income", "expenditure"):
            found[f"class_{item['func'][:3]}_{name}"] += item[f"{name}_fen"]
    assert {n: fen for n, fen in TOTALS.items() if n.startswith("class_")} == dict(found)


def test_supplements_cuts_and_the_two_halves_of_basic_spending(demo: Shell):
    """What no query adds up, from the log: 追加, 追减, 人员经费 (301, 303) and 公用经费."""
    entries = demo.ask("log")["entries"]
    basic = [e for e in entries if e["kind"] == "pay" and ":basic:" in e["line"]]

    def total(wanted: Iterable[dict[str, Any]]) -> int:
        return sum(entry["amount_fen"] for entry in wanted)

    assert TOTALS["supplements"] == total(e for e in entries if e["kind"] == "supplement")
    assert TOTALS["cuts"] == total(e for e in entries if e["kind"] == "cut")
    personnel = total(e for e in basic if e["econ"][:3] in ("301", "303"))
    assert TOTALS["basic_personnel"] == personnel
    assert TOTALS["basic_public_use"] == total(basic) - personnel


@pytest.mark.parametrize(
    ("table", "column", "figure", "counts"),
    [
        ("table2", "c1_total", "income_fen", lambda project: True),
        ("table3", "c1_total", "expenditure_fen", lambda project: True),
        ("table3", "c2_basic", "expenditure_fen", lambda project: project == "-"),
        ("table3", "c3_project", "expenditure_fen", lambda project: project != "-"),
    ],
    ids=["income", "expenditure", "basic", "project"],
)
def test_the_printed_tables_by_item(
    demo: Shell, table: str, column: str, figure: str, counts: Callable[[str], bool]
):
    """Every 项 of tables 2 and 3 as printed: 万元 with two decimals, rounded once, half up."""
    found: Figures = defaultdict(int)
    for (_, func, project, _), figures in items(demo).items():
        if counts(project):
            found[func] += figures[figure]
    with (GOLDEN / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        printed = {
            row["code"]: row[column].removeprefix("0.00")  # nil is printed blank, once as 0.00
            for row in csv.DictReader(stream)
            if len(row["code"]) == 7
        }
    assert printed == {code: in_wan(found[code]) for code in printed}
    assert set(printed) >= {code for code, fen in found.items() if fen}


def in_wan(fen: int) -> str:
    """A cell as the report prints it; zero is blank."""
    if fen == 0:
        return ""
    return f"{(Decimal(fen) / 1_000_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


# Days within the year.


def expected_lines(*, budget: str) -> dict[str, Figures]:
    """The lines before any payment: `budget` is the initial or the annual one, spent not at all.

    What came over from 2019 was there from 1 January on and never changed before payments.
    """
    return only_used(
        (line, {**figures, "annual_budget_fen": fen, "available_fen": fen, "paid_fen": 0})
        for line, figures in LINES.items()
        for fen in [figures["annual_budget_fen" if item_of(line)[3] < 2020 else f"{budget}_fen"]]
    )


def expected_items(*, budget: str) -> dict[tuple[Any, ...], Figures]:
    """The items before any payment, under `indicator`: income is this year's budget so far."""
    opening: dict[tuple[Any, ...], int] = defaultdict(int)
    income: dict[tuple[Any, ...], int] = defaultdict(int)
    for line, figures in LINES.items():
        if item_of(line)[3] == 2020:
            income[item_of(line)] += figures[f"{budget}_fen"]
        else:
            opening[item_of(line)] += figures["annual_budget_fen"]
    return only_used((key, walk(opening[key], income[key], 0)) for key in opening | income)


def expected_projects(scope: str, *, budget: str) -> dict[str, Figures]:
    """The projects before any payment."""
    found: dict[str, Figures] = defaultdict(
        lambda: {"initial_fen": 0, "annual_budget_fen": 0, "executed_fen": 0}
    )
    for line, figures in expected_lines(budget=budget).items():
        _, _, project, origin = item_of(line)
        if scope == "all" or origin == 2020:
            found[project]["initial_fen"] += figures["initial_fen"]
            found[project]["annual_budget_fen"] += figures["annual_budget_fen"]
    return only_used(found.items())


@pytest.mark.parametrize(
    ("day", "budget"),
    [
        ("2020-01-01", "initial"),
        ("2020-06-29", "initial"),
        (MIDYEAR, "annual_budget"),
        (LAST_DAY_BEFORE_PAYMENTS, "annual_budget"),
    ],
)
def test_as_of_a_day(demo: Shell, day: str, budget: str):
    """--as-of is inclusive: on 29 June the cuts and supplements of the 30th are not there yet."""
    cut = ("--as-of", day)
    assert expected_lines(budget=budget) == lines(demo, *cut)
    assert expected_items(budget=budget) == items(demo, *cut)
    for scope in ("current", "all"):
        assert expected_projects(scope, budget=budget) == projects(demo, scope, *cut)
    public = demo.ask("three-public", *cut)
    assert TOTALS["three_public_budget_total"] == public["budget"]["total_fen"]
    assert public["actual"]["total_fen"] == 0


def test_totals_as_of_a_day_by_hand(demo: Shell):
    """The same in a few sums: 5,101.98 appropriated; 3,777.48 more and 677.98 less on 30 June."""
    opening, initial = TOTALS["opening"], TOTALS["initial_budget"]
    changed = TOTALS["supplements"] - TOTALS["cuts"]
    for day, income, spent in (
        ("2019-12-31", None, 0),
        ("2020-06-29", initial, 0),
        (MIDYEAR, initial + changed, 0),
        (LAST_DAY_BEFORE_PAYMENTS, initial + changed, 0),
        ("2020-12-31", initial + changed, TOTALS["expenditure"]),
        ("2021-06-30", initial + changed, TOTALS["expenditure"]),
    ):
        answer = demo.ask("carryover", "--as-of", day)
        start = 0 if income is None else opening
        assert day == answer["as_of"]
        assert (start, income or 0, spent, start + (income or 0) - spent) == (
            answer["opening_fen"],
            answer["income_fen"],
            answer["expenditure_fen"],
            answer["closing_fen"],
        )


def test_known_at(copy: Shell):
    """--known-at is when an entry was recorded: before the first nothing, then the whole year, and
    a refund only from when it was recorded, though it is dated into the year."""
    recorded_at = copy.ask("show", str(ENTRIES))["recorded_at"]
    first = datetime.fromisoformat(copy.ask("show", "1")["recorded_at"])
    payment = copy.ask("log", "--kind", "pay", "--project", "P04", "--origin", "2019")["entries"][0]
    copy("refund", str(payment["entry"]), "--amount", "1000.01", "--date", "2020-12-31")
    refunded = copy.ask("show", str(ENTRIES + 1))["recorded_at"]

    before = (first - timedelta(microseconds=1)).isoformat()
    assert items(copy, "--known-at", before) == {}
    assert items(copy, "--known-at", first.isoformat()) == {}
    assert items(copy, "--known-at", recorded_at) == ITEMS
    assert only_used(LINES.items()) == lines(copy, "--known-at", recorded_at)

    key = ("general", "2011002", "P04", 2019)
    after = {**ITEMS, key: walk(872_000_00, 0, 872_000_00 - 1000_01)}
    assert after == items(copy, "--known-at", refunded) == items(copy)
    assert expected_items(budget="initial") == items(
        copy, "--known-at", recorded_at, "--as-of", "2020-06-29"
    )
    answer = copy.ask("balance", "--known-at", recorded_at)
    assert datetime.fromisoformat(recorded_at) == datetime.fromisoformat(answer["known_at"])
    assert answer["head"]["entries"] == ENTRIES + 1


# The other income bases.


def test_payment_basis(tmp_path: Path):
    """Income is what was paid and not drawn from the opening: of 2019's lines never more was paid
    than came over, so their income is nil; this year's income equals this year's payments."""
    shell = imported(tmp_path, "payment")
    expected = {
        key: walk(
            figures["opening_fen"],
            figures["expenditure_fen"] if key[3] == 2020 else 0,
            figures["expenditure_fen"],
        )
        for key, figures in ITEMS.items()
    }
    assert expected == items(shell)
    answer = shell.ask("carryover")
    assert TOTALS["expenditure_current"] == answer["income_fen"]
    assert TOTALS["closing_carryover"] == answer["closing_fen"]

    # Nothing about the lines depends on the basis; before the payments there is no income.
    assert only_used(LINES.items()) == lines(shell)
    openings = ((key, walk(figures["opening_fen"], 0, 0)) for key, figures in ITEMS.items())
    assert only_used(openings) == items(shell, "--as-of", LAST_DAY_BEFORE_PAYMENTS)


def test_recorded_basis(tmp_path: Path):
    """With the year's income recorded per item on 31 December the items are the golden ones; the
    day before there is none of it. What nobody recorded is not income."""
    rows = [
        f"IN{number},2020-12-31,income,{key[0]},{key[1]},,{key[2].strip('-')},fiscal,{key[3]},"
        f"{figures['income_fen'] // 100}.{figures['income_fen'] % 100:02d},,,,"
        for number, (key, figures) in enumerate(ITEMS.items())
        if figures["income_fen"]
    ]
    assert len(rows) == 28
    shell = imported(tmp_path, "recorded", *rows)
    assert items(shell) == ITEMS
    assert only_used(LINES.items()) == lines(shell)
    openings = ((key, walk(figures["opening_fen"], 0, 0)) for key, figures in ITEMS.items())
    assert only_used(openings) == items(shell, "--as-of", LAST_DAY_BEFORE_PAYMENTS)


def test_recorded_basis_without_income(tmp_path: Path):
    """Spending without recorded income shows as a negative closing, it is not made up."""
    shell = imported(tmp_path, "recorded")
    expected = {
        key: walk(figures["opening_fen"], 0, figures["expenditure_fen"])
        for key, figures in ITEMS.items()
    }
    assert expected == items(shell)
    assert TOTALS["opening"] - TOTALS["expenditure"] == shell.ask("carryover")["closing_fen"]


def test_import_and_demo_record_the_same_entries(demo: Shell, tmp_path: Path):
    """The demo has no path of its own into the book: entry by entry the same facts."""
    shell = imported(tmp_path, "indicator")
    folder = files("cli").joinpath("demo", "particulars")
    recorded = 0
    for kind in FACT_NAMES:
        if (file := folder.joinpath(f"{kind}.csv")).is_file():
            recorded += shell.ask("import", str(file), "--of", kind)["recorded"]
    assert recorded == FACTS
    for query in ("log", "balance", "carryover", "three-public"):
        ours, theirs = shell.ask(query), demo.ask(query)
        assert BOOK == ours["book"] == theirs["book"]
        ours_entries, theirs_entries = ours.get("entries"), theirs.get("entries")
        for entry in [*(ours_entries or ())[1:], *(theirs_entries or ())[1:]]:
            entry.pop("recorded_at")
        if ours_entries:
            assert ours_entries[1:] == theirs_entries[1:]
        else:
            assert {k: v for k, v in ours.items() if k != "head"} == {
                k: v for k, v in theirs.items() if k != "head"
            }
