"""yusuan and its peers on a small year: they agree, and a planted difference is found.

A tool that is not on this machine is skipped by name; .ci/run need not install any of them.
"""

import json
import shutil
from dataclasses import dataclass

import pytest

from scripts import bench
from scripts.benchmarks import peers
from scripts.benchmarks.measured import Measured, Operation
from scripts.benchmarks.peers import (
    ALL,
    AS_OF,
    BUSIEST,
    FIRST,
    IMPORT,
    LINE,
    Absent,
    Asked,
    Balances,
    Tool,
)
from scripts.benchmarks.peers_report import side_by_side
from scripts.benchmarks.processes import Run, quiet, spawn
from scripts.benchmarks.report import parts_of, write_part
from scripts.benchmarks.side_by_side import (
    ANSWERED_BY_BALANCES,
    PAIRS,
    Answered,
    Mismatch,
    Pair,
    SideBySide,
    agree,
)
from scripts.benchmarks.year import Year

SIZE = 1_500
TOOLS = (peers.ledger, peers.hledger, peers.beancount, peers.sqlite, peers.duckdb)


def run(tool: Tool, question: Operation) -> str:
    command, before = tool.asked[question]
    if before is not None:
        before()
    return quiet(command)


def answered(tool: Tool, *questions: Operation) -> dict[Operation, Balances]:
    """What a tool answers to these questions, as far as it can be asked."""
    if IMPORT in tool.asked:
        run(tool, IMPORT)
    asked = [question for question in tool.asked if question in questions]
    return {question: tool.read(run(tool, question)) for question in asked}


@dataclass(frozen=True)
class Made:
    """A year with the files of every format, and what yusuan says of it."""

    year: Year
    expected: dict[Operation, Balances]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    year = Year(tmp_path_factory.mktemp("year"), SIZE)
    year.make()
    SideBySide(year, print).prepare()
    return Made(year, answered(peers.yusuan(year), *ANSWERED_BY_BALANCES))


@pytest.fixture(params=TOOLS, ids=lambda tool: tool.__name__)
def peer(request):
    return request.param


def here(peer, folder):
    tool = peer(folder)
    if isinstance(tool, Absent):
        pytest.skip(f"{tool.name} is not on this machine ({tool.looked_for})")
    return tool


def test_a_peer_answers_every_balance_as_yusuan_does(peer, made):
    tool = here(peer, made.year.folder)
    answers = answered(tool, *ANSWERED_BY_BALANCES)
    assert len(answers) >= 3
    for question, answer in answers.items():
        agree(tool.name, made.expected[question], answer)


def test_the_questions_have_different_answers(made):
    everything, line, as_of = made.expected[FIRST], made.expected[LINE], made.expected[AS_OF]
    assert len(everything) > 800
    assert {name for name, _ in line} == {BUSIEST}
    assert len(line) == 3
    assert as_of != everything


def test_one_fen_more_in_one_payment_is_found(peer, made, tmp_path):
    rows = made.year.csv.read_text("utf-8").splitlines(keepends=True)
    at = max(number for number, row in enumerate(rows) if ",pay," in row)
    cells = rows[at].split(",")
    whole, decimals = cells[9].split(".")
    cells[9] = f"{whole}.{(int(decimals) + 1) % 100:02d}"
    wrong = Year(tmp_path, SIZE)
    wrong.csv.write_text("".join([*rows[:at], ",".join(cells), *rows[at + 1 :]]), "utf-8")
    SideBySide(wrong, print).prepare()
    tool = here(peer, tmp_path)
    with pytest.raises(Mismatch, match="2 balances differ"):
        agree(tool.name, made.expected[ALL], answered(tool, ALL)[ALL])


# Reading an answer -----------------------------------------------------------------------------


LEDGER = "Assets:Available:General:2080105:Project:P02:0:2019"
KEY = ("general:2080105:project:P02:-:2019", "Available")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        (f"{LEDGER}\t-12.30\nAssets:Cash\t5.00\n", "\t"),
        (f'"account","balance"\n"{LEDGER}","-12.30 CNY"\n"Assets:Cash","5.00 CNY"\n', ","),
        (f"account,sum(number)\r\n{LEDGER},  -12.30\r\nAssets:Cash, 5.00\r\n", ","),
    ],
)
def test_what_the_journals_answer(text, delimiter):
    assert peers._read_accounts(text, delimiter) == {KEY: -1230}


def test_an_amount_that_is_no_whole_number_of_fen_is_an_error():
    with pytest.raises(ValueError, match="not a whole number of fen"):
        peers._read_accounts(f"{LEDGER}\t1.005\n", "\t")


def test_what_a_database_answers_and_that_zeros_are_nothing():
    text = f"{KEY[0]},Available,-1230\n{KEY[0]},Paid,0\n,Assets:Cash,500\n"
    assert peers._read_rows(text) == {KEY: -1230}


def test_what_no_peer_has_is_not_lost():
    zeros = dict.fromkeys(("pending_fen", "taken_fen", "out_fen", "paid_fen", "available_fen"), 0)
    line = {"line": "L", "initial_fen": 7, "annual_budget_fen": 10, "held_fen": 10, **zeros}
    assert peers._read_yusuan(json.dumps({"lines": [line]})) == {
        ("L", "Initial"): -7,
        ("L", "Adjusted"): -3,
        ("L", "held_fen"): 10,
    }


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({("L", "Paid"): 1}, "L Paid: 1 fen, yusuan says 2 fen"),
        ({}, "L Paid: 0 fen, yusuan says 2 fen"),
        ({("L", "Paid"): 2, ("M", "Paid"): 3}, "M Paid: 3 fen, yusuan says 0 fen"),
    ],
)
def test_a_difference_says_whose_and_how_much(answer, said):
    with pytest.raises(Mismatch, match=said):
        agree("peer", {("L", "Paid"): 2}, answer)


def test_nothing_is_no_agreement():
    with pytest.raises(Mismatch, match="no balance to compare"):
        agree("peer", {}, {})


# The bench -------------------------------------------------------------------------------------


def only(monkeypatch, *tools):
    """The bench with these peers, each command once."""
    monkeypatch.setattr("scripts.benchmarks.side_by_side.peers", lambda folder: [*tools])
    monkeypatch.setattr("scripts.benchmarks.processes.RUNS_MAX", 1)
    monkeypatch.setattr("scripts.benchmarks.side_by_side.RUNS_MIN", 1)


def test_a_difference_ends_the_bench_and_leaves_the_report(monkeypatch, tmp_path, capsys):
    liar = Tool("liar", "0", {FIRST: Asked(["true"])}, lambda _: {("L", "Paid"): 1})
    only(monkeypatch, liar)
    out = tmp_path / "B.md"
    out.write_text("as it was")
    assert bench.main(["--peers", "--sizes", "1000", "--out", str(out)]) == 1
    assert "liar, all lines, nothing prepared:" in capsys.readouterr().err
    assert out.read_text() == "as it was"


def test_an_answer_that_cannot_be_read_ends_it_too(monkeypatch, tmp_path, capsys):
    babbler = Tool("babbler", "0", {FIRST: Asked(["echo", "a,b"])}, peers._read_rows)
    only(monkeypatch, babbler)
    assert bench.main(["--peers", "--sizes", "1000", "--out", str(tmp_path / "B.md")]) == 1
    assert "babbler, all lines, nothing prepared: an answer that" in capsys.readouterr().err


def test_a_tool_that_fails_or_is_absent_is_told_and_not_compared(monkeypatch, tmp_path, capsys):
    broken = Tool("broken", "0", {FIRST: Asked(["false"])}, lambda _: {})
    only(monkeypatch, broken, Absent("ledger", "ledger"))
    out = tmp_path / "B.md"
    assert bench.main(["--peers", "--sizes", "1000", "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    assert "| broken (failed: exit 1:) |" in text
    assert "| ledger | absent |" in text
    assert "| `rebuild` + `balance` |" in text
    assert " | ✗ |" in text
    assert set(parts_of(text)) == {"peers"}


def test_no_tool_on_the_path_means_all_absent(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(peers, "_has_duckdb", lambda _: False)
    assert [tool.name for tool in peers.peers(tmp_path) if isinstance(tool, Absent)] == [
        "ledger",
        "hledger",
        "beancount",
        "sqlite3",
        "duckdb",
    ]
    assert shutil.which("ledger") is None


def test_a_run_replaces_its_own_part_of_the_report(tmp_path):
    path = tmp_path / "B.md"
    write_part(path, "alone", "## One\n\n| a |\n")
    write_part(path, "peers", "## Two\n")
    first = path.read_text("utf-8")
    write_part(path, "peers", "## Three\n")
    second = path.read_text("utf-8")
    assert second == first.replace("## Two", "## Three")
    assert parts_of(second) == {"peers": "## Three\n", "alone": "## One\n\n| a |\n"}


def in_turns(*walls: float) -> Measured:
    return Measured(Operation("balance"), SIZE, [Run(wall, wall, 1.0, "") for wall in walls])


@pytest.mark.parametrize(
    ("theirs", "ratio", "verdict"), [(2.0, 0.5, ": not slower."), (0.5, 2.0, ": **slower**.")]
)
def test_the_start_of_the_command_line_is_compared_round_by_round(theirs, ratio, verdict):
    # What disturbed a round disturbed both: the ratio is as in the other rounds.
    ours = in_turns(1.0, 9.0, *[1.0] * (PAIRS - 2))
    pair = Pair(ours, in_turns(theirs, 9 * theirs, *[theirs] * (PAIRS - 2)))
    assert pair.ratio == ratio
    text = side_by_side({}, [[Answered("yusuan", ours)]], pair)
    assert f"yusuan takes {ratio:.2f} times what ledger takes" in text
    assert verdict in text


def test_a_pair_runs_both_commands_as_often(made, monkeypatch):
    if shutil.which("ledger") is None:
        pytest.skip("ledger is not on this machine")
    monkeypatch.setattr("scripts.benchmarks.side_by_side.PAIRS", 2)
    pair = SideBySide(made.year, print).pair()
    assert pair is not None
    assert [run.failure for measured in pair for run in measured.runs] == [""] * 4


def test_a_command_that_does_not_end_is_ended(tmp_path):
    run = spawn(["sleep", "60"], tmp_path, timeout=0.05)
    assert run.failure == "no answer after 0.05 s"
    assert spawn(["true"], tmp_path, timeout=60).failure == ""
    assert spawn(["false"], tmp_path, timeout=60).failure == "exit 1:"
