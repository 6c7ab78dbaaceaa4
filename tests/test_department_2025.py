"""A department of three units: a 行政单位, one 参公 and a 事业单位, with subsidies of the superior,
what is remitted to it, and carry-over that goes from one to another.

`golden/department_2025/` holds the import file of each unit, and `worked_out.csv`: every figure of
the nine tables unit by unit, what is eliminated (抵销), worked out by hand, and the department's.
By hand, 万元: 001 pays 003 35 (40, of which 5 come back; 003 recorded 40 and put it right) and 002
20, both recorded as 上级补助收入; 002 pays 003 8 (对附属单位补助); 003 remits 12 to 001 (上缴上级,
附属单位上缴收入). 75 in all. 003 pays 001 3 more, which 001 did not record: that stands.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import Answer, in_process

GOLDEN = Path(__file__).parent / "golden" / "department_2025"
UNITS = {
    "001": ("局机关", "admin"),
    "002": ("参公中心", "public-admin"),
    "003": ("研究院", "institution"),
}
WHOLE = ("--units", "001,002,003", "--year", "2025")
CARRIED = "general:2080199:project:P01:-:2024"
ELIMINATED_FEN = 750_000_00


class City:
    """A file of books; every command says which unit it means."""

    def __init__(self, db: Path) -> None:
        self.db = db

    def __call__(self, *typed: str, exit: int = 0) -> Answer:
        answer = in_process("--db", str(self.db), *typed)
        assert answer.exit == exit, answer.said
        return answer

    def ask(self, *typed: str, exit: int = 0) -> Any:
        return self(*typed, "--json", exit=exit).json

    def of(self, unit: str, *typed: str) -> Any:
        return self.ask(*typed, "--unit", unit, "--year", "2025")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    city = City(tmp_path_factory.mktemp("department") / "city.db")
    for unit, (name, kind) in UNITS.items():
        city.of(
            unit,
            *("open-book", "--name", name, "--kind", kind, "--edition", "2020"),
            *("--basis", "payment"),
        )
        city.of(unit, "import", str(GOLDEN / f"{unit}.csv"))
    sent = ("transfer", "--line", CARRIED, "--to", "003", "--amount", "100000")
    city.of("001", *sent, "--doc", "调1号", "--date", "2025-02-10")
    paid = ("pay", "--line", CARRIED, "--econ", "30201", "--amount", "60000", "--payee", "庚公司")
    city.of("003", *paid, "--doc", "支6号", "--date", "2025-03-10")
    return city


def worked_out() -> dict[str, dict[str, int]]:
    """Cell → by unit, `eliminated`, `department`, fen."""
    with (GOLDEN / "worked_out.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row.pop("cell"): {name: int(yuan) * 100 for name, yuan in row.items()}
            for row in csv.DictReader(stream)
        }


def cells(city: City, *of: str) -> dict[str, int]:
    """Every figure of the nine tables that is not zero."""
    return {
        cell["id"]: cell["fen"]
        for number in range(1, 10)
        for cell in city.ask("table", str(number), *of)["cells"]
        if cell["fen"]
    }


def test_the_golden_figures_are_sums_less_eliminations() -> None:
    for name, row in worked_out().items():
        assert sum(row[unit] for unit in UNITS) + row["eliminated"] == row["department"], name


def test_every_cell_of_the_department_is_the_sum_of_its_units_less_eliminations(city: City) -> None:
    golden = worked_out()
    for unit in UNITS:
        own = {name: row[unit] for name, row in golden.items() if row[unit]}
        assert cells(city, "--unit", unit, "--year", "2025") == own
    whole = {name: row["department"] for name, row in golden.items() if row["department"]}
    assert cells(city, *WHOLE) == whole


def test_every_cell_is_explained_down_to_the_entries_of_each_unit(city: City) -> None:
    """What each book's entries add is the unit's own figure, what is eliminated the rest."""
    there = cells_of_department(city)
    for name, row in worked_out().items():
        if name not in there:
            continue
        answer = city.ask("explain", name, *WHOLE)
        assert answer["fen"] == row["department"]
        assert sum(entry["fen"] for entry in answer["entries"]) == row["department"]
        if answer["parts"]:
            assert sum(part["fen"] for part in answer["parts"]) == row["department"]
        for unit in UNITS:
            own = [e["fen"] for e in answer["entries"] if e["book"] == f"{unit}/2025"]
            out = [e["fen"] for e in answer["entries"]
                   if e["book"] == f"{unit}/2025" and "against" in e]  # fmt: skip
            assert sum(own) - sum(out) == row[unit], (name, unit)
        eliminated = [e["fen"] for e in answer["entries"] if "against" in e]
        assert sum(eliminated) == row["eliminated"], name


def cells_of_department(city: City) -> dict[str, int]:
    """Those that a table of the department has: rows without any figure are not there."""
    return {
        cell["id"]: cell["fen"]
        for number in range(1, 10)
        for cell in city.ask("table", str(number), *WHOLE)["cells"]
    }


def test_an_elimination_names_the_entries_of_both_sides(city: City) -> None:
    answer = city.ask("explain", "T1.4", *WHOLE)
    out = {
        (e["book"], e["entry"], e["fen"], *((o["book"], o["entry"]) for o in e["against"]))
        for e in answer["entries"]
        if "against" in e
    }
    assert out == {
        ("002/2025", 7, -200_000_00, ("001/2025", 14)),
        ("003/2025", 12, -350_000_00, ("001/2025", 13)),
        ("003/2025", 13, -80_000_00, ("002/2025", 9)),
    }
    told = city("explain", "T1.4", *WHOLE).out
    assert "抵销  003/2025 第 12 笔" in told and "对方 001/2025 第 13 笔" in told
    assert "其中抵销 -630,000.00 元" in told


def test_an_entry_that_is_eliminated_moves_nothing(city: City) -> None:
    used = city.ask("where-used", "7", *WHOLE, "--unit", "002")
    assert (used["cells"], used["against"]) == ([], [{"book": "001/2025", "entry": 14}])
    alone = city.of("002", "where-used", "7")
    assert "T1.4" in {cell["cell"] for cell in alone["cells"]}
    assert "against" not in alone and "of_book" not in alone
    refused = city.ask("where-used", "7", *WHOLE, exit=2)
    assert "001、002、003" in refused["message"]


def test_roll_up_and_carryover_show_what_is_eliminated(city: City) -> None:
    rolled = city.ask("roll-up", *WHOLE)
    out = {"income_fen": -ELIMINATED_FEN, "expenditure_fen": -ELIMINATED_FEN, "closing_fen": 0}
    assert rolled["eliminated"].items() >= out.items()
    for figure, fen in rolled["totals"].items():
        units = sum(walk[figure] for walk in rolled["walks"])
        assert fen == units + rolled["eliminated"][figure]
    found = [
        (each["payer"], each["receiver"], each["paid_fen"], each["received_fen"], each["why"])
        for each in rolled["between_units"]
    ]
    assert found == [
        ("001", "002", 200_000_00, 200_000_00, None),
        ("001", "003", 350_000_00, 350_000_00, None),
        ("002", "003", 80_000_00, 80_000_00, None),
        ("003", "001", 120_000_00, 120_000_00, None),
        ("003", "001", 30_000_00, 0, "differs"),
    ]
    assert "抵销" in city("roll-up", *WHOLE).out
    carried = city.ask("carryover", *WHOLE)
    assert carried["eliminated"] == rolled["eliminated"]
    items = sum(item["income_fen"] for item in carried["items"])
    assert carried["income_fen"] == items - ELIMINATED_FEN == rolled["totals"]["income_fen"]
    assert carried["closing_fen"] == rolled["totals"]["closing_fen"]
    assert "抵销" in city("carryover", *WHOLE).out
    assert "eliminated" not in city.of("001", "carryover")


def test_what_has_no_other_side_is_told_by_check_and_settled_by_its_way_out(
    city: City, tmp_path: Path
) -> None:
    answer = city.ask("check", *WHOLE)
    assert [f for f in answer["findings"] if f["tier"] == "error"] == []
    (found,) = [f for f in answer["findings"] if f["code"] == "ELIMINATE.UNPAIRED"]
    assert (found["left_fen"], found["right_fen"]) == (30_000_00, 0)
    assert "003/2025 第 16 笔" in found["message"]
    (way,) = found["try"]
    copy = City(tmp_path / "copy.db")
    copy.db.write_bytes(city.db.read_bytes())
    typed = way.replace("功能科目", "2080199").split()[1:]
    copy(*typed, "--date", "2025-08-02")
    assert not [f for f in copy.ask("check", *WHOLE)["findings"] if "ELIMINATE" in f["code"]]
    assert copy.ask("roll-up", *WHOLE)["eliminated"]["income_fen"] == -ELIMINATED_FEN - 30_000_00


def test_an_absent_unit_is_told_by_whatever_is_asked(city: City, tmp_path: Path) -> None:
    units = ("--units", "001,003,004", "--year", "2025")
    for query in (
        ("table", "1"), ("explain", "T1.57"), ("get", "T1.57"), ("check",), ("roll-up",),
        ("carryover",), ("execution", "--scope", "all"), ("three-public",), ("carry-ageing",),
        ("where-used", "2", "--unit", "001"),
    ):  # fmt: skip
        assert "缺账套：004" in city(*query, *units).said, query
        assert city.ask(*query, *units)["absent"] == ["004"], query
    file = tmp_path / "a.csv"
    city("table", "1", *units, "-o", str(file))
    last = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))[-1]
    assert last[0] == "缺账套：004" and not any(last[1:])
    city("table", "1", *units, "-o", str(tmp_path / "a.md"))
    assert "缺账套：004" in (tmp_path / "a.md").read_text("utf-8")


@pytest.mark.parametrize(
    "query",
    [("roll-up",), ("table", "1"), ("carryover",), ("check",), ("get", "T1.57"),
     ("explain", "T1.57")],
)  # fmt: skip
def test_a_unit_without_a_book_is_named_and_not_the_year(
    city: City, query: tuple[str, ...]
) -> None:
    refused = city.ask(*query, "--units", "004", "--year", "2025", exit=2)
    assert refused["code"] == "BOOKS.NONE"
    assert refused["facts"]["field"] == "units" and refused["facts"]["value"] == "004"
    assert "001、002、003" in refused["message"]
    refused = city.ask(*query, "--units", "001", "--year", "2031", exit=2)
    assert refused["facts"]["field"] == "year" and "2025" in refused["message"]


def test_what_is_paid_to_a_missing_unit_is_told(city: City) -> None:
    """Without 002 its subsidies are no pair."""
    answer = city.ask("check", "--units", "001,003,002", "--year", "2025")
    assert len([f for f in answer["findings"] if f["code"] == "ELIMINATE.UNPAIRED"]) == 1
    alone = city.ask("roll-up", "--units", "001,003", "--year", "2025")
    assert {(each["payer"], each["receiver"]) for each in alone["between_units"]} == {
        ("001", "003"), ("003", "001"),
    }  # fmt: skip


def test_as_of_a_day_before_the_income_was_recorded_nothing_is_eliminated(city: City) -> None:
    """001 paid 002 on 2 April, 002 recorded it on the 5th."""
    before = city.ask("roll-up", *WHOLE, "--as-of", "2025-04-02")
    assert before["eliminated"]["income_fen"] == 0
    assert ("001", "002", "differs") in {
        (each["payer"], each["receiver"], each["why"]) for each in before["between_units"]
    }
    after = city.ask("roll-up", *WHOLE, "--as-of", "2025-04-05")
    assert after["eliminated"]["income_fen"] == -600_000_00


def test_balances_openings_and_progress_of_a_department_are_those_of_its_books(city: City) -> None:
    """As for one book, plus the book of each row; the totals are the sums."""
    for query, rows in (("balance", "lines"), ("progress", "projects"), ("opening", "items")):
        whole, own = city.ask(query, *WHOLE), [city.of(unit, query) for unit in UNITS]
        expected = [
            {**row, "book": f"{unit}/2025"}
            for unit, answer in zip(UNITS, own, strict=True)
            for row in answer[rows]
        ]
        found = [dict(row) for row in whole[rows]]
        if query == "progress":  # each book alone is judged on its own last day
            cut = ("--as-of", "2025-12-31")
            found = city.ask(query, *WHOLE, *cut)[rows]
            expected = [
                {**row, "book": f"{unit}/2025"}
                for unit in UNITS
                for row in city.of(unit, query, *cut)[rows]
            ]
        assert found == expected, query
        assert whole["absent"] == [] and "book" not in whole
    balance = city.ask("balance", *WHOLE)
    for figure, fen in balance["totals"].items():
        assert fen == sum(city.of(unit, "balance")["totals"][figure] for unit in UNITS)
    opening = city.ask("opening", *WHOLE)
    assert (opening["opening_before_fen"], opening["adjusted_fen"]) == (250_000_00, 0)
    assert [(a["book"], a["fen"]) for a in opening["adjustments"]] == [
        ("001/2025", -100_000_00),
        ("003/2025", 100_000_00),
    ]
    progress = city.ask("progress", *WHOLE)
    assert progress["totals"]["executed_fen"] == balance["totals"]["paid_fen"]
    assert progress["date"] == "2025-08-01"
    only = city.ask("balance", *WHOLE, "--project", "P09")
    assert [line["book"] for line in only["lines"]] == ["001/2025", "003/2025"]
    for query in ("balance", "opening", "progress"):
        told = city(query, "--units", "001,004,003", "--year", "2025").out
        assert "缺账套：004" in told and "001/2025" in told and "003/2025" in told


def test_the_openings_of_a_department_are_each_checked_with_its_own_last_year(
    city: City, tmp_path: Path
) -> None:
    copy = City(tmp_path / "copy.db")
    copy.db.write_bytes(city.db.read_bytes())
    assert copy.ask("opening", "--check", *WHOLE, exit=2)["code"] == "FIELD.REQUIRED"
    last = ("--unit", "001", "--year", "2024")
    copy("open-book", "--name", "局机关", "--kind", "admin", "--edition", "2020",
         "--basis", "payment", *last)  # fmt: skip
    copy("project", "P01", "--name", "综合业务", "--date", "2024-01-02", *last)
    line = ("--func", "2080199", "--project", "P01", "--origin", "2023")
    copy("carry-in", *line, "--amount", "240000", "--date", "2024-01-02", *last)
    answer = copy.ask("opening", "--check", *WHOLE, exit=1)
    assert answer["previous"]["books"] == ["001/2024"]
    assert answer["previous"]["without"] == ["002/2025", "003/2025"]
    assert {each["book"] for each in answer["missing"]} == {"001/2025"}
    assert all("--unit 001 --year 2025" in way for each in answer["missing"] for way in each["try"])
    told = copy("opening", "--check", *WHOLE, exit=1).out
    assert "没有上年账套，未核对：002/2025、003/2025" in told
    found = [f for f in copy.ask("check", *WHOLE, exit=1)["findings"] if f["code"] == "X11"]
    assert found and all(f["message"].startswith("001/2025 ") for f in found)
    refused = copy.ask("opening", "--check", "--previous-closing", "1", *WHOLE, exit=2)
    assert refused["facts"]["field"] == "previous-closing"


def test_projects_of_one_code_are_one_only_where_their_names_agree(city: City) -> None:
    """P01 is the same in both units; P09 is one thing in 001 and another in 003 (H04)."""
    rows = [
        (row["project"], row["name"], row["units"], row["executed_fen"])
        for row in city.ask("execution", "--scope", "all", *WHOLE)["projects"]
    ]
    assert rows == [
        ("P01", "综合业务", ["001", "003"], 860_000_00),
        ("P09", "人才培养", ["003"], 300_000_00),
        ("P09", "补助下属单位", ["001"], 550_000_00),
    ]
    shown = city("execution", "--scope", "all", *WHOLE).out
    assert "人才培养（003）" in shown and "补助下属单位（001）" in shown
    assert "综合业务（" not in shown
    by = city.ask("execution", "--by", "project", *WHOLE)["rows"]
    assert [r["name"] for r in by if r["code"] == "P09"] == ["人才培养", "补助下属单位"]
    for query, listed in (("carryover", "items"), ("carry-ageing", "lines")):
        answer = city.ask(query, *WHOLE)[listed]
        of_p01 = [row["units"] for row in answer if row["project"] == "P01"]
        assert ["001", "003"] in of_p01
        assert {(row["name"], *row["units"]) for row in answer if row["project"] == "P09"} == {
            ("人才培养", "003"),
            ("补助下属单位", "001"),
        }
        assert "P09 人才培养（003）" in city(query, *WHOLE).out or query != "carryover"


def test_every_unit_has_rows_of_its_own_where_that_is_asked_for(city: City) -> None:
    execution = city.ask("execution", "--scope", "all", "--by-unit", *WHOLE)
    together = city.ask("execution", "--scope", "all", *WHOLE)
    assert [(row["project"], row["units"]) for row in execution["projects"]] == [
        ("P01", ["001"]), ("P01", ["003"]), ("P09", ["003"]), ("P09", ["001"]),
    ]  # fmt: skip
    assert [row["units"] for row in execution["basic_by_unit"]] == [["001"], ["002"], ["003"]]
    basic = sum(row["executed_fen"] for row in execution["basic_by_unit"])
    assert basic == execution["basic"]["executed_fen"]
    assert execution["totals"] == together["totals"]
    for query, listed in (("carryover", "items"), ("carry-ageing", "lines")):
        answer = city.ask(query, "--by-unit", *WHOLE)[listed]
        assert all(len(row["units"]) == 1 for row in answer)
        assert "综合业务（001）" in city(query, "--by-unit", *WHOLE).out
    assert city.ask("roll-up", "--by-unit", *WHOLE) == city.ask("roll-up", *WHOLE)
    refused = city.ask("carryover", "--by-unit", "--unit", "001", "--year", "2025", exit=2)
    assert refused["facts"]["field"] == "by-unit"


def test_books_of_two_editions_roll_up_where_no_form_is_printed(city: City, tmp_path: Path) -> None:
    copy = City(tmp_path / "copy.db")
    copy.db.write_bytes(city.db.read_bytes())
    copy("open-book", "--unit", "005", "--year", "2025", "--name", "新单位", "--kind",
         "institution", "--edition", "2024", "--basis", "payment")  # fmt: skip
    units = ("--units", "001,005", "--year", "2025")
    for query in (
        ("roll-up",), ("carryover",), ("execution", "--scope", "all"), ("balance",), ("opening",),
        ("progress",), ("carry-ageing",),
    ):  # fmt: skip
        assert [book["book"] for book in copy.ask(*query, *units)["books"]] == [
            "001/2025",
            "005/2025",
        ]
    for printed in ("table 1", "check", "explain T1.57", "get T1.57"):
        refused = copy.ask(*printed.split(), *units, exit=2)
        assert refused["code"] == "BOOKS.EDITIONS" and "--edition" in refused["message"]
