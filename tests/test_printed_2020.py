"""The published report of 2020 held against the book: what is wrong in it, and nothing else.

What it prints is `cli/demo/printed-2020.csv`: the figures and lists of its narrative, the money and
scores of its eight forms; the tables are tests/golden/jianghan_2020/tables. It is compared with
what the demonstration records.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import cli
from tests.harness.published import PUBLISHED
from tests.harness.shell import Shell, process

PRINTED = Path(cli.__file__).with_name("demo") / "printed-2020.csv"
GOLDEN = Path(__file__).parent / "golden"

NARRATIVE = {
    "N.s5b.201_share": {"kind": "shares", "cell": "T4.59.3"},  # G09: 4.7 % makes 100 %
    "N.s5c.final": {"kind": "cell", "cell": "T1.27"},  # G04: income where expenditure belongs
    "N.s5c.project": None,  # G04: what was budgeted for projects, a figure of no table
    "N.s5c.211_rate": None,  # G08: 0 % of a budget that was nothing
    "N.s13a.share": {"kind": "scope", "cell": "N.s13a.base"},  # G16: all of this year's
    "N.s13b.funds": {"kind": "cell", "cell": "T1.27"},  # G25
}
"""The errors of the narrative, and what each printed figure equals instead."""
LISTS = {
    "N.s6.personnel_items": "漏列 医疗费补助 45.36",  # G11
    "N.s6.public_items": "多列 福利费（账上没有）",  # G11
    "N.glossary.codes": "漏列 2100410 突发公共卫生事件应急处理、2101103 公务员医疗补助、"
    "2101199 其他行政事业单位医疗支出、2119901 其他节能环保支出；"
    "多列 2011001 行政运行、2080704 社会保险补贴、2080705 公益性岗位补贴、"
    "2080905 军队转业干部安置（账上没有）",  # G13
}
RESULTS = {"N.s5c.P04.result.2"}  # G24: 2,705 accepted in a sentence, 2360 in the form
FUNDS = {
    "E.whole.funds.total.executed": "5,791.89",  # G15: 5791.90
    "E.P06.funds.current.annual_budget": "2,510.75",  # G17: 87.30 of it came over from 2019
    "E.P06.funds.current.executed": "2,447.20",
}
EXECUTION = {
    "whole": "13.73", "P03": "8.32", "P04": "9.70", "P02": "9.96", "P05": "9.18", "P06": "9.76",
    "P08": "0.20",
}  # fmt: skip
TOTALS = {"P03": "94.04", "P04": "99.70"}
"""G18: totals that are not the sum of the scores above them."""
FOLLOWING = {
    "N.s5c.rate": "N.s5c.final",  # G04
    "E.whole.total": "E.whole.execution.score",
    "E.P02.total": "E.P02.execution.score",
    "E.P05.total": "E.P05.execution.score",
    "E.P01.total": "E.P01.1.score",
    "E.P06.total": "E.P06.execution.score",
    "E.P08.total": "E.P08.execution.score",
    "E.P06.funds.current.rate": "E.P06.funds.current.executed",
}
ROWS = {
    "E.whole.31": "3.54", "E.P03.22": "4.29", "E.P05.6": "9.46",  # G20
    "E.whole.14": "0.82", "E.whole.17": "0.43", "E.whole.24": "0.89", "E.whole.25": "0.95",  # G21
    "E.P03.9": "1.17", "E.P03.14": "1.89", "E.P03.15": "1.64", "E.P03.18": "0.86",
    "E.P08.16": "2.25",
    "E.whole.1": "0.43", "E.P03.1": "0.87", "E.P01.1": "3.80", "E.P01.6": "3.78",
    "E.P08.1": None, "E.P08.2": None, "E.P08.3": None, "E.P08.4": "0.20",  # G23
}  # fmt: skip
"""Rows that were not scored by the rule, and what the rule gives."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("printed")
    db = folder / "demo.db"
    process("demo", "--db", str(db), cwd=folder)
    return Shell(db)


@pytest.fixture(scope="module")
def findings(book: Shell) -> list[dict[str, Any]]:
    answer = book.ask("check", "--against", str(PRINTED), exit=1)
    assert isinstance(answer["findings"], list)
    return answer["findings"]


def of(findings: list[dict[str, Any]], code: str) -> dict[str, dict[str, Any]]:
    """Findings about print of a code, by the figure that was printed."""
    return {each["cells"][0]: each for each in findings if each["code"] == f"AGAINST.{code}"}


def test_the_errors_of_the_narrative_are_exactly_these(findings: list[dict[str, Any]]) -> None:
    errors = of(findings, "DIFFERS")
    told = {name: error for name, error in errors.items() if name.startswith("N.")}
    assert {*told} == {*NARRATIVE, *LISTS, *RESULTS}
    assert {name: told[name]["cause"] for name in NARRATIVE} == NARRATIVE
    assert all(told[name]["message"].endswith(said) for name, said in LISTS.items())
    assert (told["N.s5c.211_rate"]["printed"], told["N.s5c.211_rate"]["derived"]) == ("0%", None)
    (result,) = RESULTS
    assert (told[result]["printed"], told[result]["derived"]) == ("2,705", "2,360")


def test_the_errors_of_the_forms(findings: list[dict[str, Any]]) -> None:
    errors = of(findings, "DIFFERS")
    wanted: dict[str, str | None] = {
        **FUNDS,
        **{f"E.{form}.execution.score": score for form, score in EXECUTION.items()},
        **{f"E.{form}.total": total for form, total in TOTALS.items()},
        **{f"{row}.score": score for row, score in ROWS.items()},
    }
    told = {name: error["derived"] for name, error in errors.items() if name.startswith("E.")}
    assert told == wanted
    summed = {"P03": "96.00", "P04": "99.00"}  # what the printed scores add up to
    for form, total in summed.items():
        assert errors[f"E.{form}.total"]["message"].endswith(f"按所印的各数算得 {total}")
    current = errors["E.P06.funds.current.annual_budget"]
    assert current["cause"] == {"kind": "cell", "cell": "N.s13c.P06.budget"}
    rounded = errors["E.P03.execution.score"]
    assert rounded["cause"] == {"kind": "rounded", "cell": "E.P03.execution.score"}


def test_what_follows_from_them_is_no_error(findings: list[dict[str, Any]]) -> None:
    told = of(findings, "FOLLOWS")
    assert {name: each["follows"] for name, each in told.items()} == FOLLOWING
    assert {each["tier"] for each in told.values()} == {"info"}


def test_the_book_says_the_rest(findings: list[dict[str, Any]]) -> None:
    """What is to be seen without anything printed: only findings about print say `printed`."""
    by_code: dict[str, list[dict[str, Any]]] = {}
    for each in findings:
        by_code.setdefault(each["code"], []).append(each)
        assert ("printed" in each) == (each["code"] in ("AGAINST.DIFFERS", "AGAINST.FOLLOWS"))
    told = {
        code: {each["tier"] for each in found}
        for code, found in by_code.items()
        if not code.startswith(("AGAINST", "X16"))
    }
    assert told == {
        "X11": {"warn"},  # G01
        "ROUNDING": {"info"},  # G02
        "R8": {"warn"},  # G06
        "X13": {"info"},  # G10
        "X14": {"warn"},  # G12
        "UNITS": {"warn"},  # G14
        "E.WEIGHTS": {"error"},  # G18, G19
        "E.TARGETS": {"error"},  # G22
        "E.NO_ACTUAL": {"error"},  # G23
        "E.OVERSHOOT": {"warn"},
    }
    (opening,) = by_code["X11"]
    assert (opening["left_fen"], opening["right_fen"]) == (233_420_000, 328_690_000)
    (lapsed,) = by_code["R8"]
    assert lapsed["left_fen"] == 7_700_000
    assert "26,430,022.00" in lapsed["message"]


def test_every_cell_of_the_published_tables_agrees(book: Shell, tmp_path: Path) -> None:
    """With them in the file, too, the narrative has the same errors: no table is wrong."""
    rows = [(name, text) for name, text in PUBLISHED.items()]
    assert len(rows) > 900
    assert _errors(book, tmp_path, rows) == {}
    with PRINTED.open(encoding="utf-8", newline="") as file:
        rows += [(row["id"], row["printed"]) for row in csv.DictReader(file)]
    told = _errors(book, tmp_path, rows)
    assert {name for name in told if not name.startswith("E.")} == {*(*NARRATIVE, *LISTS, *RESULTS)}
    assert {name: told[name]["cause"] for name in NARRATIVE} == NARRATIVE


def _errors(book: Shell, folder: Path, rows: list[tuple[str, str]]) -> Mapping[str, dict[str, Any]]:
    file = folder / "printed.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "printed"), *rows])
    return of(book.ask("check", "--against", str(file), exit=1)["findings"], "DIFFERS")
