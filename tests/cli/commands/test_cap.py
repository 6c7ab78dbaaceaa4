"""三公限额 on the command line and in files.

Every command runs as a real process, as a person would type it.
"""

from pathlib import Path

import pytest

from tests.harness.shell import Terminal

FREE = "general:2080105:basic:-:-:2020"
PAY = f"pay --line {FREE} --econ 30217 --payee 某酒店 --purpose 接待 --date 2020-05-01 --amount"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """900.00 for everything; entries 1 and 2."""
    typed = Terminal(tmp_path)
    typed("open-book --unit 420103 --year 2020 --name 人社局 --kind admin --edition 2020 "
          "--basis indicator")  # fmt: skip
    typed(f"appropriate --line {FREE} --amount 900 --date 2020-01-10 --doc 预1")
    return typed


def test_a_cap_is_set_paid_from_any_line_and_shown(terminal: Terminal) -> None:
    assert terminal.ask(f"{PAY} 10", exit=3)["code"] == "R3.CAP"
    answer = terminal.ask("cap --item reception --amount 200 --doc 限1 --date 2020-01-15")
    assert (answer["kind"], answer["amount_fen"], answer["line"]) == ("cap", 200_00, None)
    terminal(f"{PAY} 150")
    refused = terminal.ask(f"{PAY} 50.01", exit=3)
    assert refused["try"] == ["yusuan cap --item reception --amount 200.01 --doc 文号"]
    wanted = "cap --item reception --doc 限2 --date 2020-06-01 --amount"
    refused = terminal.ask(f"{wanted} 149.99", exit=3)
    assert (refused["code"], refused["try"]) == ("R3.CAP_BELOW", ["--amount 150.00"])
    terminal(f"{wanted} 300")
    terminal(f"{PAY} 100")
    asked = terminal.ask("three-public")
    assert (asked["budget"]["reception_fen"], asked["actual"]["reception_fen"]) == (200_00, 250_00)
    assert terminal.ask("get T7.6")["fen"] == 200_00
    (entry,) = terminal.ask("explain T7.6")["entries"]
    assert (entry["entry"], entry["kind"], entry["doc"]) == (answer["entry"], "cap", "限1")
    shown = terminal(f"show {answer['entry']}").out
    assert "三公限额" in shown and "公务接待费" in shown
    assert "公务接待费" in terminal("log --kind cap").out
    assert terminal.ask("audit")["ok"]


def test_an_item_is_one_of_four_and_can_be_typed_in_chinese(terminal: Terminal) -> None:
    wrong = terminal.ask("cap --item dinner --amount 1 --doc 限1", exit=2)
    assert wrong["facts"]["field"] == "item" and "vehicle-purchase" in wrong["message"]
    answer = terminal.ask("cap --item 公务用车购置费 --amount 1 --doc 限1 --date 2020-01-15")
    assert answer["kind"] == "cap"


def test_a_row_is_the_same_fact_and_the_book_comes_back(terminal: Terminal) -> None:
    """In Chinese; corrected in a file; and what is exported is the same book again."""
    terminal("cap --item reception --amount 200 --doc 限1 --date 2020-01-15 --key 限1")
    (terminal.folder / "行.csv").write_text(
        "id,date,kind,econ,amount,doc,ref\n"
        "限1,2020-01-15,三公限额,公务接待费,200,限1,\n"
        "更1,2020-02-01,更正,reception,250,限1,限1\n"
        "限2,2020-03-01,cap,overseas,70,限2,\n",
        encoding="utf-8",
    )
    told = terminal.ask("import 行.csv")
    assert (told["already"], told["recorded"]) == (1, 2)
    budget = terminal.ask("three-public")["budget"]
    assert (budget["reception_fen"], budget["overseas_fen"]) == (250_00, 70_00)
    terminal("export canonical -o 账.csv")
    terminal("open-book --unit 420103 --year 2020 --name 人社局 --kind admin --edition 2020 "
             "--basis indicator --db 新.db")  # fmt: skip
    terminal("import 账.csv --db 新.db")
    assert terminal.ask("three-public --db 新.db")["budget"] == budget
    assert terminal.ask("table 7 --db 新.db")["cells"] == terminal.ask("table 7")["cells"]
