"""A contract's life at the command line: `reserve`, `pay --reserve`, `unreserve`; plans by month;
the same as rows of a file. The life of a contract runs as real processes.
"""

import csv
import io
import shlex
from pathlib import Path
from typing import Any

from tests.harness.shell import LINE, Shell, process

MARCH, JUNE = ("--date", "2020-03-05"), ("--date", "2020-06-30")
PAYEE = ("--payee", "某物业公司")
RESERVE = ("reserve", "--project", "P02", "--doc", "合同1", *PAYEE, "--purpose", "物业", *MARCH)
HEADER = "id,date,kind,func,project,econ,amount,ref,doc,payee,purpose"


def money(shell: Shell) -> tuple[int, int, int]:
    """(available, held, paid) of the line, which add up to its budget."""
    figures = shell.balance(LINE)
    assert figures["annual_budget_fen"] == 1000_00
    return figures["available_fen"], figures["held_fen"], figures["paid_fen"]


def row(**cells: str) -> str:
    out = io.StringIO()
    csv.DictWriter(out, HEADER.split(","), lineterminator="").writerow(cells)
    return out.getvalue()


def imported(shell: Shell, *rows: str, exit: int = 0) -> dict[str, Any]:
    answer = shell.ask("import", str(shell.csv(*rows, header=HEADER)), exit=exit)
    assert isinstance(answer, dict)
    return answer


def test_the_life_of_a_contract(shell: Shell, tmp_path: Path):
    """Reserve, pay a part, release a part, pay the rest; every step by a process of its own."""

    def run(*arguments: str, exit: int = 0) -> dict[str, Any]:
        answer = process(*arguments, "--db", str(shell.db), "--json", cwd=tmp_path)
        assert exit == answer.exit, answer.said
        value = answer.json
        assert isinstance(value, dict)
        return value

    reserved = run(*RESERVE, "--amount", "600")
    assert (reserved["entry"], reserved["kind"], reserved["line"]) == (5, "reserve", LINE)
    assert (reserved["amount_fen"], reserved["available_fen"]) == (600_00, 400_00)
    assert reserved["held_fen"] == 600_00
    refused = run("pay", "--project", "P02", "--econ", "30209", "--amount", "400.01", *PAYEE,
                  *MARCH, exit=3)  # fmt: skip
    assert refused["code"] == "R1.AVAILABLE"

    paid = run("pay", "--reserve", "5", "--econ", "30209", "--amount", "250", *PAYEE, *JUNE)
    assert (paid["line"], paid["available_fen"], paid["held_fen"]) == (LINE, 400_00, 350_00)
    freed = run("unreserve", "5", "--amount", "100", *JUNE)
    assert (freed["kind"], freed["amount_fen"], freed["available_fen"]) == (
        "unreserve",
        100_00,
        500_00,
    )
    refused = run("pay", "--reserve", "5", "--econ", "30209", "--amount", "250.01", *PAYEE, *JUNE,
                  exit=3)  # fmt: skip
    facts = refused["facts"]
    assert refused["code"] == "RESERVE.EXCEEDED"
    assert (facts["entry"], facts["left_fen"], facts["amount_fen"]) == (5, 250_00, 250_01)
    assert run("unreserve", "5", *JUNE)["amount_fen"] == 250_00
    assert run("unreserve", "5", *JUNE, exit=3)["code"] == "RESERVE.EXCEEDED"
    assert money(shell) == (750_00, 0, 250_00)
    assert run("show", "5")["later"] == [6, 7, 8]
    assert run("audit")["ok"]


def test_the_ways_out_that_are_told(shell: Shell):
    """The rest from the line as a second payment, typed as it is told."""
    shell(*RESERVE, "--amount", "100")
    wanted = ("pay", "--reserve", "5", "--econ", "30209", "--payee", "某 公司", *JUNE)
    less, rest = shell.ask(*wanted, "--amount", "130", exit=3)["try"]
    shell(*wanted, *shlex.split(less))
    shell(*shlex.split(rest)[1:], *JUNE)
    assert money(shell) == (870_00, 0, 130_00)
    told = shell(*wanted, "--amount", "1", exit=3).err
    assert "RESERVE.EXCEEDED" in told and "最后一笔是第 6 笔" in told


def test_a_reservation_is_named_by_its_key_too(shell: Shell):
    shell(*RESERVE, "--amount", "100", "--key", "HT-1")
    shell("pay", "--reserve", "HT-1", "--econ", "30209", "--amount", "40", *PAYEE, *JUNE)
    shell("unreserve", "HT-1", "--amount", "10", *JUNE)
    assert money(shell) == (910_00, 50_00, 40_00)
    unknown = shell.ask("pay", "--reserve", "HT-2", "--econ", "30209", "--amount", "1", *PAYEE,
                        *JUNE, exit=3)  # fmt: skip
    assert unknown["code"] == "ENTRY.MISSING"
    wrong = shell.ask("pay", "--reserve", "4", "--econ", "30209", "--amount", "1", *PAYEE, *JUNE,
                      exit=3)  # fmt: skip
    assert (wrong["code"], wrong["try"]) == ("ENTRY.KIND", ["yusuan log --kind reserve"])


def test_a_line_that_is_given_must_be_the_reservations(shell: Shell):
    other = "general:2080105:project:P01:30209:2020"
    shell("appropriate", "--line", other, "--amount", "50", "--date", "2020-01-10")
    shell(*RESERVE, "--amount", "100")
    pay = ("pay", "--reserve", "6", "--amount", "1", *PAYEE, *JUNE)
    for said in (("--line", LINE), ("--project", "P02"), ("--func", "2080105"), ()):
        assert shell.ask(*pay, "--econ", "30209", *said)["line"] == LINE
    for elsewhere in (("--line", other), ("--project", "P01", "--econ", "30209")):
        refused = shell.ask(*pay, *elsewhere, exit=3)
        assert (refused["code"], refused["try"]) == ("RESERVE.LINE", [f"--line {LINE}"])
    assert shell.ask(*pay, exit=3)["code"] == "R16.ECON"
    shell("reserve", "--line", other, "--amount", "50", *MARCH)
    shell("pay", "--reserve", "11", "--amount", "50", *PAYEE, *JUNE)  # its line says the 款


def test_the_same_request_twice_is_one_reservation_and_one_payment(shell: Shell):
    for _ in range(2):
        assert shell.ask(*RESERVE, "--amount", "100")["entry"] == 5
        paid = shell.ask("pay", "--reserve", "5", "--econ", "30209", "--amount", "100", *PAYEE,
                         "--doc", "支1", *JUNE)  # fmt: skip
        assert paid["entry"] == 6
    assert shell.entries() == 6


def test_how_commitments_are_shown(shell: Shell):
    """Receipts, log, show, statement and balance, in Chinese."""
    receipt = shell(*RESERVE, "--amount", "100").out
    assert "占用  2020-03-05  100.00 元" in receipt
    assert "在途占用  100.00 元" in receipt
    shell("pay", "--reserve", "5", "--econ", "30209", "--amount", "40", *PAYEE, *JUNE)
    assert "释放占用" in shell("unreserve", "5", "--amount", "10", *JUNE).out
    shell("fund-plan", "--project", "P02", "--month", "7", "--amount", "9", "--doc", "计1", *JUNE)
    log = shell("log").out
    for word in ("占用", "释放占用", "用款计划", "某物业公司", "合同1"):
        assert word in log
    shown = shell("show", "6").out
    assert "对应原笔  5" in shown
    assert "在途" in shown
    assert "其后相关  第 6 笔、第 7 笔" in shell("show", "5").out
    rows = [line.split() for line in shell("statement", LINE).out.splitlines()]
    assert [
        [cell for cell in cells if cell.replace(".", "").lstrip("-").isdigit() and "." in cell]
        for cells in rows
        if cells[1:2] in (["5"], ["6"], ["7"])
    ] == [["-100.00", "900.00"], ["40.00", "40.00", "900.00"], ["10.00", "910.00"]]
    balance = shell("balance").out
    assert "在途" in balance and "50.00" in balance
    assert "7" in shell("show", "8").out
    assert [e["entry"] for e in shell.ask("log", "--ref", "5")["entries"]] == [6, 7]


def test_plans_by_month(shell: Shell):
    """Optional; once there is one, a payment may not run ahead of it."""
    plan = ("fund-plan", "--project", "P02", "--amount", "300", "--doc", "计1", *MARCH)
    pay = ("pay", "--project", "P02", "--econ", "30209", *PAYEE)
    assert shell.ask(*plan, "--month", "4")["amount_fen"] == 300_00
    assert shell.ask("show", "5")["stored"]["event"]["month"] == 4
    refused = shell.ask(*pay, "--amount", "1", *MARCH, exit=3)
    assert (refused["code"], refused["facts"]["planned_fen"]) == ("R1.PLAN", 0)
    assert "--date 2020-04-01" in refused["try"]
    shell(*pay, "--amount", "300", *JUNE)
    refused = shell.ask(*pay, "--amount", "0.01", *JUNE, exit=3)
    (way,) = refused["try"]
    shell(*shlex.split(way)[1:], *JUNE)
    shell(*pay, "--amount", "0.01", *JUNE)
    assert shell.ask(*plan, "--key", "K")["date"] == "2020-03-05"  # the month of its date
    assert shell.ask("show", str(shell.entries()))["stored"]["event"]["month"] == 3
    refused = shell.ask(*plan, "--month", "5", "--amount", "400", "--key", "L", exit=2)
    assert refused["code"] == "USAGE"  # twice --amount
    over = shell.ask(*plan[:3], "--amount", "400", "--doc", "计2", *MARCH, exit=3)
    assert (over["code"], over["facts"]["budget_fen"]) == ("R1.PLAN_BUDGET", 1000_00)
    for month in ("13", "x", ""):
        assert shell.ask(*plan, "--month", month, exit=2)["code"] == "MONTH.MALFORMED"
    bare = ("fund-plan", "--project", "P02", "--amount", "1", "--doc", "计3")
    assert shell.ask(*bare, exit=2)["facts"]["field"] == "month"
    assert shell.ask(*bare[:-2], "--month", "3", *MARCH, exit=3)["code"] == "DOC.REQUIRED"


def test_progress(shell: Shell):
    """The shape: projects with their lines, basic money as `-`, rates as texts."""
    shell("appropriate", "--func", "2080101", "--amount", "40", "--date", "2020-01-10")
    shell("pay", "--project", "P02", "--econ", "30209", "--amount", "400", *PAYEE, *JUNE)
    answer = shell.ask("progress")
    assert (answer["as_of"], answer["date"], answer["time_progress"]) == (
        None,
        "2020-06-30",
        "0.4973",
    )
    row, basic = answer["projects"]
    judged = {
        "annual_budget_fen": 1000_00,
        "executed_fen": 400_00,
        "rate": "0.4000",
        "time_progress": "0.4973",
        "gap": "-0.0973",
        "light": "green",
        "december_share": "0.0000",
        "hints": [{"code": "R14.JUNE", "message": "6 月 30 日应执行 50%，当日为 40.00%"}],
    }
    lines = [{"line": LINE, **judged}]
    named = {"project": "P02", "spending": "project", "name": "P02 项目"}
    assert row == {**named, **judged, "lines": lines}
    assert (basic["project"], basic["light"], basic["december_share"]) == ("-", "red", None)
    assert answer["totals"]["rate"] == "0.3846"
    assert shell.ask("progress", "--as-of", "2020-06-29")["projects"][0]["hints"] == []
    text = shell("progress", "--as-of", "2020-12-31").out
    assert "序时进度 100.00%" in text
    assert "P02 P02 项目：6 月 30 日应执行 50%，当日为 40.00%；" in text
    assert "基本支出" in text and "红" in text


# Rows of a file.


def test_rows_of_a_contract(shell: Shell):
    """Rows see what those before them did; `ref` is the id of the reservation; the month of a plan
    is its date's."""
    line = {"func": "2080105", "project": "P02"}
    rows = [
        row(id="计", date="2020-02-01", kind="用款计划", **line, amount="900", doc="计1"),
        row(id="合", date="2020-03-01", kind="占用", **line, amount="600", doc="合同1",
            payee="某物业公司", purpose="物业"),
        row(id="支1", date="2020-03-05", kind="支付", econ="30209", amount="250", ref="合",
            payee="某物业公司", purpose="一季度"),
        row(id="支2", date="2020-03-06", kind="pay", **line, econ="30209", amount="50", ref="合",
            payee="某物业公司"),
        row(id="放1", date="2020-04-01", kind="unreserve", **line, amount="100", ref="合"),
        row(id="放2", date="2020-04-02", kind="释放占用", ref="合"),
        row(id="冲", date="2020-04-03", kind="reverse", ref="支2"),
    ]  # fmt: skip
    assert imported(shell, *rows)["recorded"] == 7
    assert money(shell) == (700_00, 50_00, 250_00)
    stored = {n: shell.ask("show", str(n))["stored"]["event"] for n in range(5, 12)}
    assert stored[5]["month"] == 2
    assert (stored[6]["payee"], stored[6]["purpose"]) == ("某物业公司", "物业")
    assert "reason" not in stored[6]
    assert [stored[n]["reserve"] for n in (7, 8)] == [6, 6]
    assert [stored[n]["amount_fen"] for n in (9, 10)] == [100_00, 200_00]
    assert imported(shell, *rows)["already"] == 7
    assert shell.ask("audit")["ok"]


def test_rows_that_are_refused_name_their_column(shell: Shell):
    line = {"func": "2080105", "project": "P02"}
    other = {"func": "2080105", "project": "P01"}
    paid = {"date": "2020-03-05", "kind": "pay", "econ": "30209", "payee": "某公司"}
    shell("appropriate", "--func", "2080105", "--project", "P01", "--amount", "9", "--date",
          "2020-01-10")  # fmt: skip
    answer = imported(
        shell,
        row(id="A", date="2020-03-01", kind="reserve", **line, amount="100"),
        row(id="B", date="2020-03-01", kind="reserve", **line, amount="900.01"),
        row(id="C", **paid, amount="100.01", ref="A"),
        row(id="D", **paid, **other, amount="1", ref="A"),
        row(id="E", **paid, amount="1", ref="Z"),
        row(id="F", date="2020-03-05", kind="unreserve", amount="100.01", ref="A"),
        row(id="G", date="2020-03-05", kind="unreserve", amount="1"),
        row(id="H", date="2020-03-05", kind="fund-plan", **line, amount="1"),
        row(id="I", date="2020-03-05", kind="fund-plan", **line, amount="1", payee="x", doc="计1"),
        row(id="J", **paid, amount="", ref="A"),
        exit=2,
    )
    found = [(bad["row"], bad["column"], bad["code"]) for bad in answer["rejected"]]
    assert found == [
        (3, "amount", "R1.AVAILABLE"),
        (4, "amount", "RESERVE.EXCEEDED"),
        (5, "ref", "RESERVE.LINE"),
        (6, "ref", "ENTRY.MISSING"),
        (7, "amount", "RESERVE.EXCEEDED"),
        (8, "ref", "FIELD.REQUIRED"),
        (9, "doc", "DOC.REQUIRED"),
        (10, "payee", "FIELD.NOT_USED"),
        (11, "amount", "AMOUNT.MALFORMED"),
    ]
