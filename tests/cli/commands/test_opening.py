"""年初余额调整 on the command line: adjust-opening, recover, transfer, opening; and in files.

The sessions run as real processes, as a person would type them.
"""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.harness.import_files import entries, rejected, report, row, wide
from tests.harness.shell import LINE, Answer, Shell, process

CARRIED = LINE.replace(":2020", ":2019")
ON = ("--date", "2020-03-01")


@pytest.fixture
def carried(shell: Shell) -> Shell:
    """Entry 5: 500 yuan of carry-over beside this year's 1,000."""
    shell("carry-in", "--line", CARRIED, "--amount", "500", "--date", "2020-01-05")
    return shell


class Terminal:
    """A folder in which someone types, one process a command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, command: str, exit: int = 0) -> Answer:
        answer = process(*shlex.split(command)[1:], cwd=self.folder)
        assert exit == answer.exit, (command, answer.said)
        return answer

    def ways_out(self, answer: Answer) -> list[str]:
        """The commands that a failure or a comparison offers."""
        lines = [line.strip() for line in answer.said.splitlines()]
        return [line.removeprefix("可以：") for line in lines if line.startswith("可以：yusuan")]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_gap_in_the_published_opening_of_2020(terminal: Terminal):
    """2019 closed with 328.69 万元, 2020 opens with 233.42 万元: −95.27 万元 that nothing explains,
    and the documents that would. The published total is enough."""
    terminal("yusuan demo --db demo.db")
    answer = terminal("yusuan --db demo.db opening --check --previous-closing 3286900.00", exit=1)
    assert "未说明 -952,700.00 元（-95.27 万元）" in answer.out
    for document in ("收回存量资金通知或归集上缴通知", "归集调出文件", "差错更正审批"):
        assert document in answer.out
    assert "收回以前年度支出凭证" not in answer.out
    command = "yusuan --db demo.db opening --check --json --previous-closing 328.69万"
    found = terminal(command, exit=1).json
    figures = ("closing_fen", "opening_fen", "difference_fen", "adjusted_fen", "unexplained_fen")
    assert tuple(found[name] for name in figures) == (
        *(3_286_900_00, 2_334_200_00, -952_700_00, 0, -952_700_00),
    )
    assert {"book", "as_of", "known_at", "head"} <= found.keys()
    terminal("yusuan --db demo.db opening --check --previous-closing 2334200", exit=0)
    assert "2,334,200.00" in terminal("yusuan --db demo.db opening").out


def test_without_anything_to_compare_it_says_what_is_missing(terminal: Terminal):
    terminal("yusuan demo --db demo.db")
    answer = terminal("yusuan --db demo.db opening --check", exit=2)
    assert "420103/2019" in answer.err and "previous-closing" in answer.err
    terminal("yusuan --db demo.db opening --previous-closing 1", exit=2)
    for wrong in ("-1", "1e3", "missing.csv", "''"):
        terminal(f"yusuan --db demo.db opening --check --previous-closing {wrong}", exit=2)
    terminal("yusuan --db demo.db opening --check --previous-closing 0", exit=1)
    checked = terminal("yusuan --db demo.db check --json", exit=1).json
    assert "X11" in [skipped["code"] for skipped in checked["not_run"]]


def test_the_way_from_an_unexplained_opening_to_an_explained_one(terminal: Terminal):
    """Last year's book lies in the same file. What `opening --check` offers is typed as it stands,
    and then nothing is unexplained, here and in X11."""
    for year in (2019, 2020):
        terminal(
            f"yusuan open-book --unit U1 --year {year} --name 示例局 --kind admin --edition 2020"
            " --basis indicator"
        )
        terminal(f"yusuan project P1 --name 项目 --unit U1 --year {year} --date {year}-01-01")
    line = "general:2080105:project:P1:-:2019"
    last, this = "--unit U1 --year 2019", "--unit U1 --year 2020"
    terminal(f"yusuan appropriate --line {line} --amount 900 --date 2019-01-02 {last}")
    terminal(
        f"yusuan pay --line {line} --econ 30201 --amount 200 --payee 某店 --date 2019-05-02 {last}"
    )
    terminal(f"yusuan carry-in --line {line} --amount 600 --date 2020-01-02 {this}")
    answer = terminal(f"yusuan opening --check {this}", exit=1)
    assert "账套 U1/2019" in answer.out and "少 100.00 元" in answer.out
    x11 = terminal(f"yusuan check --json {this}", exit=1).json["findings"]
    assert [(f["code"], f["left_fen"], f["right_fen"]) for f in x11 if f["tier"] == "error"] == [
        ("X11", 600_00, 700_00)
    ]
    ways = terminal.ways_out(answer)
    assert [shlex.split(way)[1] for way in ways] == ["carry-in"]
    terminal(f"{ways[0].replace('文号', '结〔2020〕1号')} --date 2020-03-01 {this}")
    remitted = "--adjustment remitted --amount 100 --doc 缴〔2020〕1号 --date 2020-03-01"
    terminal(f"yusuan adjust-opening --line {line} {remitted} {this}")
    answer = terminal(f"yusuan opening --check {this}")
    assert "归集上缴" in answer.out and "缴〔2020〕1号" in answer.out and "结论：相符" in answer.out
    found = terminal(f"yusuan opening --check --json {this}").json
    assert (found["previous"], found["difference_fen"]) == (
        {"source": "book", "book": "U1/2019"},
        -100_00,
    )
    checked = terminal(f"yusuan check --json {this}").json
    assert "X11" not in [skipped["code"] for skipped in checked["not_run"]]
    terminal(f"yusuan audit {this}")


def test_a_refund_of_last_years_payment_goes_to_the_opening(terminal: Terminal):
    """R15, as it is typed: the refund is refused, and what it offers works."""
    terminal(
        "yusuan open-book --unit U1 --year 2020 --name 示例局 --kind admin --edition 2020"
        " --basis payment"
    )
    terminal("yusuan carry-in --func 2080101 --origin 2019 --amount 100 --date 2020-01-02")
    answer = terminal("yusuan refund 支2019-0117 --amount 30 --date 2020-02-01", exit=3)
    way, _ = terminal.ways_out(answer)
    receipt = terminal(f"{way} --date 2020-02-01")
    assert "年初余额调整" in receipt.out and "可用余额  130.00 元" in receipt.out
    walk = terminal("yusuan carryover --json").json
    assert (walk["opening_fen"], walk["expenditure_fen"]) == (130_00, 0)
    assert walk["opening_adjustments"] == [
        {"kind": "prior-year-recovery", "fen": 30_00, "doc": "文号"}
    ]


def test_carry_over_between_two_units(terminal: Terminal):
    """Both books, one command; each is audited alone; it is undone by its opposite."""
    for unit in ("U1", "U2"):
        terminal(
            f"yusuan open-book --unit {unit} --year 2020 --name {unit}局 --kind admin"
            " --edition 2020 --basis payment"
        )
    line = "general:2080105:project:P1:-:2019"
    here, there = "--unit U1 --year 2020", "--unit U2 --year 2020"
    terminal(f"yusuan project P1 --name 项目 --date 2020-01-01 {here}")
    terminal(f"yusuan carry-in --line {line} --amount 100 --date 2020-01-02 {here}")
    send = f"yusuan transfer --project P1 --to U2 --amount 60 --doc 调9号 --date 2020-03-01 {here}"
    refused = terminal(send, exit=3)
    assert "PROJECT.UNKNOWN" in refused.err and "账套 U2/2020" in refused.err
    (way,) = terminal.ways_out(refused)
    terminal(f"{way} --date 2020-01-01")
    receipt = terminal(send)
    assert "可用余额  40.00 元" in receipt.out and "对方账套  U2/2020" in receipt.out
    assert "此前已记录" in terminal(send).out
    for book, available in ((here, 40_00), (there, 60_00)):
        (row_,) = terminal(f"yusuan balance --json {book}").json["lines"]
        assert (row_["line"], row_["available_fen"]) == (line, available)
        terminal(f"yusuan audit {book}")
    shown = terminal(f"yusuan show 3 {there}").out
    assert "对方账套  U1/2020" in shown
    (back,) = terminal.ways_out(terminal(f"yusuan reverse 3 --date 2020-03-02 {there}", exit=3))
    terminal(f"{back} --date 2020-03-02")
    (row_,) = terminal(f"yusuan balance --json {here}").json["lines"]
    assert row_["available_fen"] == 100_00


@pytest.mark.parametrize(
    ("typed", "available_fen", "opening_fen"),
    [
        (("--adjustment", "error-correction"), 510_00, 510_00),
        (("--adjustment", "差错更正", "--decrease"), 490_00, 490_00),
        (("--adjustment", "prior-year-recovery"), 510_00, 510_00),
        (("--adjustment", "归集调入"), 510_00, 510_00),
        (("--adjustment", "consolidation-out"), 490_00, 490_00),
        (("--adjustment", "remitted"), 490_00, 490_00),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_every_kind_of_adjustment(
    carried: Shell, typed: tuple[str, ...], available_fen: int, opening_fen: int
):
    """By its word or its Chinese name; of the only carry-over line, whatever this year has."""
    receipt = carried.ask("adjust-opening", *typed, "--amount", "10", "--doc", "d", *ON)
    assert (receipt["line"], receipt["available_fen"]) == (CARRIED, available_fen)
    walk = carried.ask("carryover")
    assert (walk["opening_fen"], walk["expenditure_fen"]) == (opening_fen, 0)
    assert walk["opening_before_fen"] == 500_00
    shown = carried("show", "6").out
    assert ("调减" in shown) == ("--decrease" in typed)


@pytest.mark.parametrize("typed", [(), ("--adjustment", ""), ("--adjustment", "gift")])
def test_the_kind_of_an_adjustment_is_said(carried: Shell, typed: tuple[str, ...]):
    refused = carried.ask("adjust-opening", *typed, "--amount", "1", "--doc", "d", *ON, exit=2)
    assert (refused["code"], refused["facts"]["field"]) == ("ADJUSTMENT.UNKNOWN", "adjustment")
    assert "归集上缴" in refused["message"]


def test_a_transfer_names_a_unit(carried: Shell):
    for to in ((), ("--to", ""), ("--to", "汉阳")):
        answer = carried.ask("transfer", *to, "--amount", "1", "--doc", "d", *ON, exit=2)
        assert answer["facts"]["field"] in ("to", "unit")


# Files


def test_adjustments_and_recoveries_in_a_file(carried: Shell):
    """One column for the kind; down is a word, since a file has no sign."""
    old = {"func": "2080105", "project": "P02", "origin": "2019", "doc": "文1", "amount": "10"}
    steps: list[tuple[dict[str, str], int]] = [
        ({"kind": "adjust-opening", "adjustment": "prior-year-recovery"}, 510_00),
        ({"kind": "年初余额调整", "adjustment": "差错更正"}, 520_00),
        ({"kind": "adjust-opening", "adjustment": "error-correction-decrease"}, 510_00),
        ({"kind": "adjust-opening", "adjustment": "差错更正调减"}, 500_00),
        ({"kind": "adjust-opening", "adjustment": "remitted"}, 490_00),
        ({"kind": "收回存量资金"}, 480_00),
        ({"kind": "recover", "origin": "2020"}, 480_00),
        ({"kind": "adjust-opening", "adjustment": "归集调入", "econ": "30201"}, 480_00),
    ]
    for number, (cells, available_fen) in enumerate(steps):
        path = wide(carried, row(id=f"A{number}", date="2020-03-01", **{**old, **cells}))
        assert report(carried, path)["recorded"] == 1
        assert carried.balance(CARRIED)["available_fen"] == available_fen
    assert carried.balance(LINE)["available_fen"] == 990_00
    assert report(carried, path)["already"] == 1
    adjusted = [a["fen"] for a in carried.ask("carryover")["opening_adjustments"]]
    assert adjusted == [10_00, 10_00, -10_00, -10_00, -10_00, -10_00, 10_00]
    assert [e["kind"] for e in entries(carried)[-3:]] == ["recover", "recover", "adjust-opening"]


def test_what_a_file_cannot_say_of_the_opening(carried: Shell):
    """A transfer is in two books; a sign is no amount; the kind is needed and only there."""
    old = {"func": "2080105", "project": "P02", "origin": "2019", "doc": "文1", "amount": "10",
           "date": "2020-03-01"}  # fmt: skip
    adjust = {**old, "kind": "adjust-opening"}
    path = wide(
        carried,
        row(id="1", **{**old, "kind": "transfer"}),
        row(id="2", **{**old, "kind": "结转调拨"}),
        row(id="3", **adjust),
        row(id="4", **adjust, adjustment="error-correction-"),
        row(id="5", **{**adjust, "amount": "-10"}, adjustment="error-correction"),
        row(id="6", **{**old, "kind": "recover"}, adjustment="remitted"),
        row(id="7", **{**adjust, "doc": ""}, adjustment="remitted"),
        row(id="8", **{**adjust, "origin": "2020"}, adjustment="consolidation-in"),
        row(id="9", **{**adjust, "amount": "501"}, adjustment="remitted"),
    )
    answer = report(carried, path, exit=2)
    assert rejected(answer, "column", "code") == [
        ("kind", "KIND.TWO_BOOKS"),
        ("kind", "KIND.TWO_BOOKS"),
        ("adjustment", "ADJUSTMENT.UNKNOWN"),
        ("adjustment", "ADJUSTMENT.UNKNOWN"),
        ("amount", "AMOUNT.MALFORMED"),
        ("adjustment", "FIELD.NOT_USED"),
        ("doc", "DOC.REQUIRED"),
        ("origin", "R7.ORIGIN_NOT_EARLIER"),
        ("amount", "R1.AVAILABLE"),
    ]
    assert "yusuan transfer" in answer["rejected"][0]["message"]


def closing(shell: Shell, *rows: str, header: str = "func,project,origin,amount") -> str:
    path = shell.db.with_name("closing.csv")
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    return str(path)


def test_last_years_closing_from_a_file(carried: Shell):
    """Item by item: P02 closed with what was carried in; P01 closed with 70 that is not here."""
    path = closing(carried, "2080105,P02,2019,500.00", "2080106,P01,2018,70", "2080106,,2019,0.00")
    answer = carried.ask("opening", "--check", "--previous-closing", path, exit=1)
    assert answer["previous"] == {"source": "file", "book": None}
    assert [(m["project"], m["origin"], m["fen"]) for m in answer["missing"]] == [
        ("P01", 2018, -70_00)
    ]
    chinese = closing(
        carried,
        "一般公共预算,2080105,P02,2019,300",
        "一般公共预算,2080105,P02,2019,200",
        header="资金性质,功能科目,项目,形成年度,金额",
    )
    carried("opening", "--check", "--previous-closing", chinese)


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (("2080105,P02,2019,x",), "第 2 行 amount"),
        (("2080105,P02,2019,1", "208010,P02,2019,1"), "第 3 行 func"),
        (("2080105,P02,,1",), "第 2 行 origin"),
        (("2080105,P02,2019",), "第 2 行 行"),
    ],
    ids=["amount", "func", "origin", "columns"],
)
def test_a_file_of_last_years_closing_that_cannot_be_read(
    carried: Shell, rows: tuple[str, ...], field: str
):
    path = closing(carried, *rows)
    answer: Any = carried.ask("opening", "--check", "--previous-closing", path, exit=2)
    assert answer["facts"]["field"] == field
    for header in ("func,origin", "func,project,origin,amount,doc"):
        path = closing(carried, header=header)
        carried.ask("opening", "--check", "--previous-closing", path, exit=2)


def test_the_text_of_the_walk_says_the_same(carried: Shell):
    carried("adjust-opening", "--adjustment", "remitted", "--amount", "20", "--doc", "缴1号", *ON)
    for query in (("opening",), ("carryover",)):
        shown = carried(*query).out
        assert "归集上缴" in shown and "-20.00" in shown and "缴1号" in shown
        assert "500.00" in shown and "480.00" in shown
