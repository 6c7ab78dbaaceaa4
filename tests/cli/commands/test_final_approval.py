"""决算批复 at the command line: what a file of it says and gets wrong, what the closed year and the
next one tell of it, and the entries that settle it (R17, L79, P41)."""

import csv
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cli.main import run
from tests.harness.desk import Desk

JF = "general:2080105:project:JF:-:2020"
OLD = "general:2080105:project:JF:-:2019"
PAPER = "general:2080105:project:JF:30201:2020"
BASIC = "general:2080101:basic:-:-:2020"
WAGES = "general:2080101:basic:-:30101:2020"
HAND = "nonfiscal:2080105:project:JF:-:2020"
OPEN = "open-book --unit 990001 --year 2020 --name 试验院 --kind institution --edition 2020"
APPROVE = "final-approval --year 2020 --doc 财决〔2021〕8号 --date 2021-08-20"
FILE = f"{APPROVE} --differences 批复.csv"
NEXT = "open-book --from 990001/2020 --date 2021-01-01"
HEAD = ("预算线", "名称", "可执行", "待下达", "处理", "文号")


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """2020 of an 事业单位, closed: 900.00 and 500.00 are carried over, 200.00 is 结余, 120.00 is in
    hand for the project, and 50.00 in 非财政拨款结余."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path / "yusuan.db", capsys).did(
        f"{OPEN} --basis indicator",
        "project JF --name 宣传经费",
        "carry-in --func 2080105 --project JF --origin 2019 --amount 200 --doc 结1",
        "surplus-in --pool unrestricted --amount 50",
        "appropriate --func 2080105 --project JF --amount 1000 --doc 预1",
        "appropriate --func 2080101 --spending basic --amount 500 --doc 预2",
        "income --fund nonfiscal --func 2080105 --project JF --econ other --amount 120",
        f"pay --line {JF} --econ 30201 --amount 100 --payee 某店 --purpose 纸 --doc 支1",
    )
    statement = "资金性质,功能科目,项目,支付数\ngeneral,2080105,JF,100\n"
    (tmp_path / "对账单.csv").write_text(statement, encoding="utf-8")
    desk.did("reconcile 对账单.csv --date 2020-12-31", "close-year --propose 结账.csv")
    exit_code, asked = desk.typed("close-year --decisions 结账.csv --actor 会计 --date 2020-12-31")
    assert exit_code == 6, asked
    return desk.did(asked["try"][0].replace("批准人", "科长"))


def approves(*rows: tuple[str, str, str, str]) -> None:
    """批复.csv: line, 可执行, 待下达 and 处理 of each row."""
    with Path("批复.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        writer.writerows([line, "", amount, waits, word, ""] for line, amount, waits, word in rows)


def text(desk: Desk, command: str, exit: int = 0) -> tuple[str, str]:
    """What a person reads, and the talk beside it."""
    desk.capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        run([*command.split(), "--db", str(desk.path)])
    said = desk.capsys.readouterr()
    assert int(left.value.code or 0) == exit, said
    return said.out, said.err


def found(desk: Desk, year: int, code: str) -> list[dict[str, Any]]:
    return [f for f in desk.typed(f"check --year {year}")[1]["findings"] if f["code"] == code]


def to_record(desk: Desk) -> list[dict[str, Any]]:
    (told,) = desk.typed("opening --year 2021")[1]["final_accounts"]
    rows: list[dict[str, Any]] = told["to_record"]
    return rows


def tables(desk: Desk) -> list[Any]:
    return [desk.typed(f"table {n} --year 2020")[1]["cells"] for n in range(1, 10)]


def test_it_is_dated_on_the_last_day_and_says_until_when_it_is_published(desk: Desk) -> None:
    exit_code, receipt = desk.typed(APPROVE)
    assert (exit_code, receipt["kind"], receipt["date"]) == (0, "final-approval", "2020-12-31")
    assert receipt["final_account"] == {
        "approved_on": "2021-08-20",
        "publish_by": "2021-09-09",
        "replaces": None,
        "differences": [],
    }
    said, talk = text(desk, APPROVE)
    assert said.startswith("此前已记录") and "最迟 2021-09-09" in said and "无须调整" in said
    assert "公开期限" in talk
    later = APPROVE.replace("08-20", "08-21")
    assert "代替第" in text(desk, later)[0]
    (finding,) = found(desk, 2020, "R17")
    assert (finding["tier"], finding["facts"]["publish_by"]) == ("info", "2021-09-10")
    assert finding["facts"]["approved_on"] == "2021-08-21"
    assert "2021-08-21" in finding["message"] and "2021-09-10" in finding["message"]


@pytest.mark.parametrize(
    ("command", "exit_code", "code", "said"),
    [
        (APPROVE.replace(" --doc 财决〔2021〕8号", ""), 3, "DOC.REQUIRED", "决算批复必须有文号"),
        (APPROVE.replace("2021-08-20", "2020-08-20"), 3, "APPROVAL.DATE", "2020-08-20"),
        (f"{APPROVE} --differences 没有.csv", 2, "FILE.MISSING", "没有.csv"),
    ],
)
def test_what_it_needs(desk: Desk, command: str, exit_code: int, code: str, said: str) -> None:
    left, refused = desk.typed(command)
    assert (left, refused["code"]) == (exit_code, code), refused
    assert said in refused["message"]


def test_the_day_of_the_paper_is_said(desk: Desk) -> None:
    """Nobody's today stands for it: the same command again is the same approval."""
    _, talk = text(desk, "final-approval --year 2020 --doc 批1", exit=2)
    assert talk.startswith("错误 DATE.REQUIRED") and "批复的日期，如 2021-08-20" in talk


def test_a_year_that_is_open_is_not_approved(desk: Desk) -> None:
    desk.did(
        "open-book --unit 990002 --year 2020 --name 甲 --kind admin --edition 2020 --basis payment"
    )
    exit_code, refused = desk.typed(f"{APPROVE} --unit 990002")
    assert (exit_code, refused["code"]) == (3, "YEAR.OPEN")
    assert "不能记录决算批复" in refused["message"]
    assert refused["try"] == ["yusuan close-year"]


def test_all_that_a_file_gets_wrong_is_told_at_once(desk: Desk) -> None:
    """Cells that cannot be read first, all of them; then all that cannot be approved."""
    approves((JF, "一", "", "结转"), ("general", "1", "", "不知道"), ("专用结余", "x", "", "结转"))
    exit_code, refused = desk.typed(FILE)
    assert exit_code == 2
    assert [(c["row"], c["header"]) for c in refused["facts"]["rejected"]] == [
        (2, "可执行"),
        (3, "预算线"),
        (3, "处理"),
        (4, "可执行"),
        (4, "处理"),
    ]
    approves(
        (JF, "1", "", "结转"),
        (JF, "2", "", "收回"),
        (JF, "3", "", "结转"),
        (JF.replace("JF", "P9"), "1", "", "结余"),
        (JF.replace("2020", "2022"), "1", "", "结余"),
        (HAND, "1", "", "结转"),
        (HAND, "1", "", "余款结转"),
        (HAND, "2", "", "余款结转"),
        ("专用结余", "1", "", "余款结转"),
        ("special", "2", "", ""),
    )
    exit_code, refused = desk.typed(FILE)
    assert (exit_code, refused["code"]) == (3, "APPROVAL.ROWS")
    told = [(d["code"], d["row"], d["field"], d["value"]) for d in refused["facts"]["decisions"]]
    assert told == [
        ("REPEATED", 4, "decision", "结转"),
        ("PROJECT", 5, "line", JF.replace("JF", "P9")),
        ("ORIGIN", 6, "line", JF.replace("2020", "2022")),
        ("CHOICE", 7, "decision", "结转"),
        ("CASH", 9, "line", HAND),
        ("POOL", 11, "line", "special"),
    ]
    assert [way for way in refused["try"] if not way.startswith("批复.csv 第 ")] == [
        "yusuan show 11"
    ]


def test_the_closed_year_keeps_its_figures_and_the_next_one_is_to_be_adjusted(desk: Desk) -> None:
    """1,720.00 of 1,770.00: less is carried over, part is handed back, what was 结转 is 结余."""
    before = tables(desk)
    desk.did(NEXT)
    approves(
        (JF, "800", "", "结转"),
        (JF, "50", "", "收回"),
        (BASIC, "500", "", "结转"),
        (OLD, "200", "", "结余"),
        (HAND, "125", "", "余款结转"),
        ("非财政拨款结余", "45", "", ""),
    )
    answer = desk.typed(FILE)[1]["final_account"]
    assert tables(desk) == before
    assert desk.typed("carryover --year 2020")[1]["closing_fen"] == 1_720_00
    rows = [
        (r["line"] or r["pool"], r["closed_fen"], r["approved_fen"], r["difference_fen"])
        for r in answer["differences"]
    ]
    assert rows == [
        (JF, 900_00, 850_00, -50_00),
        (HAND, 120_00, 125_00, 5_00),
        ("unrestricted", 50_00, 45_00, -5_00),
    ]
    assert to_record(desk) == answer["differences"]
    stored = desk.typed("show 12 --year 2020")[1]
    assert [each["line"] for each in stored["decides"]["decisions"]] == [
        *(JF, JF, HAND, "非财政拨款结余"),
    ]
    assert len(found(desk, 2021, "X11")) == 3
    (onward,) = found(desk, 2020, "X11")
    assert "决算批复（第 12 笔）" in onward["message"]
    for row in answer["differences"]:
        for way in row["try"]:
            desk.did(f"{way} --date 2021-09-01")
    assert to_record(desk) == []
    assert "年初没有尚须调整的" in text(desk, "opening --year 2021")[0]
    assert found(desk, 2021, "X11") == found(desk, 2020, "X11") == []
    assert desk.typed("opening --check --year 2021")[0] == 0
    assert desk.typed("carryover --year 2021")[1]["opening_fen"] == 1_675_00 - 50_00
    desk.did("audit --year 2020", "audit --year 2021")


def test_while_it_stands_the_year_stays_closed(desk: Desk) -> None:
    desk.did(APPROVE)
    reopen = "reopen-year --year 2020 --reason 漏记 --date 2020-12-31"
    exit_code, refused = desk.typed(reopen)
    assert (exit_code, refused["code"]) == (3, "YEAR.APPROVED")
    assert "财决〔2021〕8号" in refused["message"]


def test_a_key_that_was_used_says_what_is_recorded_otherwise(desk: Desk) -> None:
    """The rows in another order are the same approval."""
    approves((JF, "800", "", "结转"), (HAND, "125", "", "余款结转"), ("专用结余", "1", "", ""))
    desk.did(f"{FILE} --key 批复")
    approves(("专用结余", "1", "", ""), (HAND, "125", "", "余款结转"), (JF, "800", "", "结转"))
    assert desk.typed(f"{FILE} --key 批复")[1]["already"]
    approves((JF, "801", "", "结转"), (HAND, "126", "", "余款结转"), ("专用结余", "2", "", ""))
    again = FILE.replace("08-20", "08-21")
    exit_code, refused = desk.typed(f"{again} --key 批复")
    assert (exit_code, refused["code"]) == (3, "KEY.CONFLICT")
    told = refused["facts"]["differs"]
    differs = {each["field"]: (each["recorded"], each["given"]) for each in told}
    assert differs == {
        "approved_on": ("2021-08-20", "2021-08-21"),
        "lines": (f"{JF} carry 800.00", f"{JF} carry 801.00"),
        "cash": (f"{HAND}=125.00", f"{HAND}=126.00"),
        "pools": ("special=1.00", "special=2.00"),
    }


def test_it_goes_where_the_book_goes(desk: Desk) -> None:
    """Exported and restored byte for byte, and told as before."""
    approves((JF, "800", "", "结转"))
    desk.did(NEXT, FILE, "export jsonl -o 全部.jsonl --year 2020")
    desk.did("export jsonl -o 下年.jsonl --year 2021")
    other = Desk(desk.path.with_name("另存.db"), desk.capsys)
    other.did("restore 全部.jsonl", "restore 下年.jsonl")
    assert to_record(other) == to_record(desk)
    shown = "show 12 --year 2020"
    assert other.typed(shown)[1]["stored"] == desk.typed(shown)[1]["stored"]


def test_what_is_reversed_is_told_no_more(desk: Desk) -> None:
    """The one before it counts again; without any the year opens with what it closed with."""
    approves((JF, "800", "", "结转"))
    desk.did(NEXT, FILE)
    approves((JF, "700", "", "结转"))
    desk.did(FILE.replace("8号", "9号"))
    assert [row["difference_fen"] for row in to_record(desk)] == [-200_00]
    undo = "reverse {} --year 2020 --date 2020-12-31"
    desk.did(undo.format(13))
    assert [row["difference_fen"] for row in to_record(desk)] == [-100_00]
    (finding,) = found(desk, 2020, "R17")
    assert finding["facts"]["doc"] == "财决〔2021〕8号"
    desk.did(undo.format(12))
    assert "final_accounts" not in desk.typed("opening --year 2021")[1]
    assert found(desk, 2020, "R17") == found(desk, 2021, "X11") == []
    desk.did("audit --year 2020", "reopen-year --year 2020 --reason 漏记 --date 2020-12-31")


@pytest.mark.parametrize("opened", ["before", "between"])
def test_a_mended_paper_goes_on_from_what_was_adjusted_by_the_first(
    desk: Desk, opened: str
) -> None:
    """900.00 closed, 800.00 approved and adjusted, or opened with, then 880.00: 80.00 more; and of
    what only the first paper had otherwise, 450.00 of 500.00, all comes back."""
    at = "--date 2021-09-01"
    approves((JF, "800", "", "结转"), (BASIC, "450", "", "结转"), ("special", "7", "", ""))
    desk.did(*([NEXT, FILE] if opened == "before" else [FILE, NEXT]))
    for row in to_record(desk):
        desk.did(*(f"{way} {at}" for way in row["try"]))
    approves((JF, "880", "", "结转"))
    desk.did(FILE.replace("8号", "9号"))
    rows = to_record(desk)
    assert [
        (r["line"] or r["pool"], r["closed_fen"], r["approved_fen"], r["difference_fen"])
        for r in rows
    ] == [
        (BASIC, 500_00, 500_00, 50_00),
        (JF, 900_00, 880_00, 80_00),
        ("special", 0, 0, -7_00),
    ]
    for row in rows:
        desk.did(*(f"{way} {at}" for way in row["try"]))
    assert to_record(desk) == found(desk, 2021, "X11") == []


def test_a_department_is_told_book_by_book(desk: Desk) -> None:
    """Each row says whose it is, and so do its commands."""
    approves((JF, "800", "", "结转"))
    desk.did(NEXT, FILE)
    for command in (
        "opening --units 990001 --year 2021",
        "opening --check --units 990001 --year 2021",
    ):
        (told,) = desk.typed(command)[1]["final_accounts"]
        (row,) = told["to_record"]
        assert (told["book"], row["book"]) == ("990001/2020", "990001/2021")
        assert row["try"][0].endswith("--unit 990001 --year 2021")
    assert "990001/2021" in text(desk, "opening --units 990001 --year 2021")[0]


def test_it_is_known_from_when_it_was_recorded(desk: Desk) -> None:
    desk.did(NEXT)
    before = desk.typed("log --year 2021")[1]["entries"][-1]["recorded_at"]
    approves((JF, "800", "", "结转"))
    desk.did(FILE)
    assert "final_accounts" not in desk.typed(f"opening --year 2021 --known-at {before}")[1]
    assert desk.typed(f"opening --check --year 2021 --known-at {before}")[0] == 0
    assert desk.typed("opening --check --year 2021")[0] == 1


def test_it_is_no_row_of_a_file(desk: Desk) -> None:
    desk.did(APPROVE)
    told = desk.typed("export canonical -o 全年.csv --year 2020")[1]
    assert told["left_out"]["final-approval"] == 1


AT = "--date 2021-09-01 --year 2021"
WAITS = "reclassify --cause not-needed"


def settle(desk: Desk) -> None:
    """Types what is told to be recorded, once: then nothing is told any more."""
    rows = to_record(desk)
    for way in (way for row in rows for way in row["try"]):
        typed = f"{way.replace('文号', '财1号')} --date 2021-09-01"
        exit_code, answer = desk.typed(typed)
        if exit_code == 6:
            signing = answer["try"][0].replace("批准人", "科长")
            exit_code, answer = desk.typed(f"{signing} --year 2021 --unit 990001")
        assert exit_code == 0, (typed, answer, rows)
    assert to_record(desk) == [], rows


def papers(desk: Desk, *each: list[tuple[str, str, str, str]]) -> list[tuple[str, int, int, int]]:
    """Finance approves one thing after another, and each is followed; what is told of the last:
    line, and by how much what is carried in, waits and is handed back is to be adjusted."""
    told: list[tuple[str, int, int, int]] = []
    for rows in each:
        approves(*rows)
        number = len(desk.typed("log --year 2020")[1]["entries"])
        desk.did(FILE.replace("8号", f"{number}号"))
        told = [
            (r["line"], r["difference_fen"], r["waiting_fen"], r["returned_fen"])
            for r in to_record(desk)
        ]
        settle(desk)
    return told


def test_a_mended_paper_is_about_the_lines_that_it_names(desk: Desk) -> None:
    """600.00 and 300.00 of one item, then 900.00 and nothing, then a sum of which another line
    has what is missing: each line becomes what it should be, though the item has it all."""
    desk.did(NEXT)
    first = [(JF, "600", "", "结转"), (PAPER, "300", "", "结转")]
    assert papers(desk, first) == [(JF, -300_00, 0, 0), (PAPER, 300_00, 0, 0)]
    assert papers(desk, []) == [(JF, 300_00, 0, 0), (PAPER, -300_00, 0, 0)]
    lower = [(JF, "880", "", "结转"), (PAPER, "10", "", "结转")]
    assert papers(desk, first, lower) == [(JF, 280_00, 0, 0), (PAPER, -290_00, 0, 0)]


@pytest.mark.parametrize(
    ("choice", "adjusted"),
    [("结余", (0, 200_00, 0)), ("收回", (0, 0, 200_00))],
)
def test_what_a_paper_made_of_it_is_undone_by_the_next(
    desk: Desk, choice: str, adjusted: tuple[int, int, int]
) -> None:
    """What does not wait, or is not handed back, by one paper, does so again by the next, however
    often that was so before."""
    desk.did(NEXT)
    word: list[tuple[str, str, str, str]] = [(OLD, "200", "", choice)]
    carried = [(OLD, "200", "", "结转")]
    for _ in range(2):
        assert papers(desk, carried, word) == [(OLD, *adjusted)]


def test_what_other_papers_release_is_no_part_of_it(desk: Desk) -> None:
    """200.00 wait, and finance approves of 150.00. 80.00 are released for use, of which 50.00 is
    what was asked for: 120.00 go on waiting, whatever is approved later."""
    desk.did(NEXT)
    approves((OLD, "150", "", "结余"), (OLD, "50", "", "结转"))
    desk.did(FILE, f"release --line {OLD} --amount 80 --doc 财指1号 {AT}")
    assert to_record(desk) == []
    approves((OLD, "190", "", "结余"), (OLD, "10", "", "结转"))
    desk.did(FILE.replace("8号", "9号"))
    assert to_record(desk) == []


def test_an_item_that_has_it_on_one_line_is_left_alone(desk: Desk) -> None:
    """One entry for two lines of an item is enough: X11 compares items."""
    desk.did(NEXT)
    papers(desk, [(JF, "600", "", "结转"), (PAPER, "300", "", "结转")])
    approves((JF, "590", "", "结转"), (PAPER, "250", "", "结转"))
    revised = "adjust-opening --adjustment closing-revised --decrease --doc 他文"
    desk.did(FILE.replace("8号", "9号"), f"{revised} --line {JF} --amount 60 {AT}")
    assert to_record(desk) == found(desk, 2021, "X11") == []


def test_what_waits_goes_on_waiting_where_the_rest_is_spent(desk: Desk) -> None:
    """Of 900.00 finance has 100.00 wait; the rest is spent, and 50.00 less were carried in."""
    desk.did(NEXT)
    waits = (JF, "100", "", "结余")
    papers(desk, [(JF, "800", "", "结转"), waits])
    desk.did(f"pay --line {JF} --econ 30299 --payee 店 --purpose 用 --amount 800 {AT}")
    assert papers(desk, [(JF, "750", "", "结转"), waits]) == [(JF, -50_00, 0, 0)]
    balance = desk.typed(f"balance --year 2021 --line {JF}")[1]["lines"][0]
    assert balance["pending_fen"] == 100_00


def test_two_lines_that_are_spent_do_not_give_the_same_money(desk: Desk) -> None:
    """What brings back what a line has spent leaves the others what they have to give up."""
    desk.did(NEXT)
    papers(desk, [(JF, "600", "", "结转"), (PAPER, "300", "", "结转")])
    desk.did(f"pay --line {JF} --econ 30299 --payee 店 --purpose 用 --amount 600 {AT}")
    told = papers(desk, [(JF, "400", "", "结转"), (PAPER, "50", "", "结转")])
    assert told == [(JF, -200_00, 0, 0), (PAPER, -250_00, 0, 0)]


def spends(desk: Desk, chance: Random) -> None:
    """Next year spends of what was carried in, has it wait or waits no more, by another paper."""
    for line in chance.sample((JF, PAPER, OLD, BASIC, WAGES), chance.choice((1, 2, 3))):
        econ = line.split(":")[4].replace("-", "30299")
        paid = f"pay --econ {econ} --payee 店 --purpose 用"
        word = chance.choice((paid, "release", WAITS))
        balances = desk.typed(f"balance --year 2021 --line {line}")[1]["lines"]
        account = "pending_fen" if word == "release" else "available_fen"
        there = balances[0][account] if balances else 0
        if there and not (word == WAITS and line in (BASIC, WAGES)):
            amount = f"{chance.choice((there, there // 2)) / 100:.2f}"
            desk.did(f"{word} --line {line} --amount {amount} --doc 另文 {AT}")


def opens(desk: Desk, *, by_hand: bool) -> None:
    """The next year, from this one as it is approved by now, or by hand as it was closed."""
    if not by_hand:
        desk.did(NEXT)
        return
    desk.did(
        f"{OPEN.replace('2020 --name', '2021 --name')} --basis indicator --date 2021-01-01",
        f"project JF --name 甲 {AT}",
        f"surplus-in --pool unrestricted --amount 50 {AT}",
        f"carry-in --line {HAND} --amount 120 --doc 结 {AT}",
        f"carry-in --line {JF} --amount 900 --doc 结 {AT}",
        f"carry-in --line {OLD} --amount 200 --doc 结 --pending {AT}",
        f"carry-in --line {BASIC} --amount 500 --doc 结 {AT}",
    )


def says(chance: Random) -> list[tuple[str, str, str, str]]:
    """What finance approves, of lines of one item, too, of which the year closed with one."""
    rows = []
    for line, fen in ((JF, 900), (PAPER, 300), (OLD, 200), (BASIC, 500), (WAGES, 70)):
        choices = ("结转", "结余", "收回") if line not in (BASIC, WAGES) else ("结转",)
        for word in chance.sample(choices, chance.randint(0, len(choices))):
            rows.append((line, str(chance.choice((0, 10, fen // 2, fen, fen + 30))), "", word))
    if chance.random() < 0.7:
        rows.append((HAND, str(chance.choice((0, 100, 130))), "", "余款结转"))
    for pool in chance.sample(("非财政拨款结余", "专用结余"), chance.choice((0, 1, 2))):
        rows.append((pool, str(chance.choice((0, 40, 50, 70))), "", ""))
    return rows


@pytest.mark.parametrize("seed", range(24))
def test_what_is_proposed_settles_it(desk: Desk, seed: int) -> None:
    """Whatever finance approves, once or again, before or after the next year was opened, from this
    one or by hand, spent or not: typed as it is told, nothing is left and X11 is satisfied."""
    chance = Random(seed)
    papers, by_hand = chance.choice((1, 2, 3)), chance.random() < 0.4
    opened_after = chance.randint(0, papers)
    for number in range(papers + 1):
        if number:
            approves(*says(chance))
            desk.did(FILE.replace("8号", f"{number}号"))
        if number == opened_after:
            opens(desk, by_hand=by_hand)
        if number < opened_after:
            continue
        if number and chance.random() < 0.5:
            settle(desk)
        if chance.random() < 0.5:
            spends(desk, chance)
    settle(desk)
    assert found(desk, 2021, "X11") == []
    assert desk.typed("opening --check --year 2021")[0] == 0
    desk.did("audit --year 2021", "audit --year 2020")
