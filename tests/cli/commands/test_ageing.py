"""`carry-ageing`: what a person reads of the two-year rule, and what a program gets."""

import pytest

from tests.harness.shell import LINE, Shell

CARRIED = LINE.replace(":2020", ":2019")
BASIC = "general:2080101:basic:-:-:2019"
OWN = "nonfiscal:2080105:basic:-:-:2019"


@pytest.fixture
def carried(shell: Shell) -> Shell:
    """This year's 1,000 and the carry-over of 2019: 500 of a project, 40 of basic money, 6 own."""
    for line, amount in ((CARRIED, "500"), (BASIC, "40"), (OWN, "6")):
        shell("carry-in", "--line", line, "--amount", amount, "--date", "2020-01-05")
    return shell


def rows(text: str, start: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.startswith(start)]


def test_the_summary_and_the_lines(carried: Shell):
    """By origin, then by line; basic money is 长期结转, the unit's own has no term at all."""
    shown = carried("carry-ageing", "--as-of", "2020-09-30").out
    assert "结转账龄（至 2020-09-30）" in shown
    assert rows(shown, "2019 ") == [["2019", "546.00", "546.00", "500.00", "2020-12-31", "3", "红"]]
    assert rows(shown, "2020 ") == [
        ["2020", "1,000.00", "1,000.00", "1,000.00", "2021-12-31", "15", "绿"]
    ]
    assert rows(shown, "合计")[0] == ["合计", "1,546.00", "0.00", "0.00", "1,546.00", "1,500.00"]
    assert rows(shown, CARRIED) == [[CARRIED, "500.00", "500.00", "2020-12-31", "3", "红"]]
    assert rows(shown, BASIC) == [[BASIC, "40.00", "40.00", "长期结转"]]
    assert rows(shown, OWN) == [[OWN, "6.00", "6.00", "—"]]
    for day, light in (("2020-06-30", "黄"), ("2020-02-01", "关注"), ("2020-12-31", "已到期")):
        shown = carried("carry-ageing", "--as-of", day).out
        assert rows(shown, CARRIED)[0][-1] == light


def test_the_same_in_json(carried: Shell):
    """Without a date the last on which money moved; null where there is no term."""
    answer = carried.ask("carry-ageing")
    assert (answer["date"], answer["as_of"]) == ("2020-01-10", None)
    assert answer["totals"] == {
        "available_fen": 1546_00,
        "pending_fen": 0,
        "held_fen": 0,
        "left_fen": 1546_00,
    }
    found = {
        row["line"]: (row["ends"], row["months_left"], row["light"]) for row in answer["lines"]
    }
    assert found == {
        CARRIED: ("2020-12-31", 11, "watch"),
        LINE: ("2021-12-31", 23, "green"),
        BASIC: (None, None, None),
        OWN: (None, None, None),
    }


def test_a_book_without_money(tmp_path):
    shell = Shell(tmp_path / "a.db").open()
    answer = shell.ask("carry-ageing")
    assert (answer["date"], answer["lines"], answer["origins"]) == (None, [], [])
    assert "结转账龄（至 —）" in shell("carry-ageing").out
