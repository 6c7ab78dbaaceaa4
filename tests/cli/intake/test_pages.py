"""`import FILE.csv` reads a page of rows ahead: whatever its length, the same rows are recorded and
the same complaints come in the same order. And rows are read by where their columns stand."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.intake import recording
from cli.intake.rows import Row, canonical_rows
from ledger.canonical.asked import request_of
from ledger.canonical.columns import ALIASES, RowCells
from ledger.errors import Malformed
from ledger.store import batch
from tests.harness.import_files import HEADER, entries, rejected, report, row, wide
from tests.harness.shell import Shell

OF_P02 = {"date": "2020-03-01", "func": "2080105", "project": "P02"}


def paid(id_: str, amount: str, **more: str) -> str:
    return row(id=id_, kind="pay", amount=amount, econ="30201", payee="某店", **OF_P02, **more)


def about(id_: str, kind: str, ref: str, amount: str = "") -> str:
    return row(id=id_, date="2020-03-01", kind=kind, ref=ref, amount=amount)


ROWS = (
    paid("支1", "3"),
    paid("支1", "3"),  # the same row
    paid("支1", "4"),  # another by the same id
    about("退1", "refund", "支1", "1"),
    about("退2", "refund", "支1", "2.01"),  # more than is left
    about("退3", "refund", "支1", "2"),
    about("退4", "refund", "支1", "0.01"),  # nothing is left
    paid("支2", "x"),
    "no,such,row",
    about("退5", "refund", "支3", "1"),  # not yet
    paid("支3", "5"),
    about("退6", "refund", "支3", "1"),
    about("冲1", "reverse", "退6"),
    about("冲2", "reverse", "退6"),  # twice
    about("冲3", "reverse", "支3"),
    about("冲4", "reverse", "#5"),
    paid("支4", "1000.01", purpose="超支"),
    row(id="项", date="2020-03-01", kind="project", project="P07", name="新项目"),
    row(id="批", kind="appropriate", amount="1", **OF_P02 | {"project": "P08"}),  # --register
    paid("支5", "0.5", ref="支3"),  # no reservation
    row(id="", date="2020-03-01", kind="project", project="P09", name="没有编号"),
    paid("支6", "1"),
)


@pytest.fixture(scope="module")
def whole(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What becomes of the rows when they are one page and one batch."""
    shell = Shell(Path(shutil.copy(made.db, tmp_path_factory.mktemp("whole") / "a.db")))
    return became(shell)


def became(shell: Shell) -> dict[str, Any]:
    path = wide(shell, *ROWS)
    answers = [
        report(shell, path, "--register", exit=2),
        report(shell, path, "--register", "--keep-going", exit=1),
        report(shell, path, "--register", "--keep-going", exit=1),
    ]
    for answer in answers:
        del answer["head"]["hash"]  # the clock is in it
    log = [{**each, "recorded_at": ""} for each in entries(shell)]
    return {"answers": answers, "log": log}


def test_what_the_rows_are(whole: dict[str, Any]):
    """So that the comparison below is one of everything."""
    strict, kept, again = whole["answers"]
    assert [each["code"] for each in strict["rejected"]] == [
        "KEY.CONFLICT",
        "KEY.CONFLICT",
        "R15.REFUND",
        "R15.REFUND",
        "AMOUNT.MALFORMED",
        "ROW.COLUMNS",
        "ENTRY.MISSING",
        "ENTRY.REVERSED",
        "ENTRY.REFUNDED",
        "R1.AVAILABLE",
        "ENTRY.KIND",
        "FIELD.REQUIRED",
    ]
    assert [(each["recorded"], each["already"]) for each in (kept, again)] == [(10, 0), (0, 10)]
    assert len(whole["log"]) == 4 + 10 + 1  # and P08


@pytest.mark.parametrize(("page", "rows"), [(1, 2_000), (2, 3), (3, 1), (7, 2), (500, 3)])
def test_pages_and_batches_change_nothing(
    shell: Shell, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch, page: int, rows: int
):
    monkeypatch.setattr(recording, "PAGE", page)
    monkeypatch.setattr(batch, "BATCH", rows)
    assert became(shell) == whole


def test_a_file_is_read_a_page_at_a_time(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """However long it is."""
    monkeypatch.setattr(recording, "PAGE", 3)
    ahead: list[int] = []
    read = request_of

    def counted(*args: Any, **kwargs: Any) -> Any:
        ahead.append(1)
        return read(*args, **kwargs)

    class Recorded(recording.Outcome):
        def reject(self, wrong: Malformed, row: int) -> None:
            super().reject(wrong, row)
            assert len(ahead) - self.rows < 3

    monkeypatch.setattr("cli.intake.recording.request_of", counted)
    monkeypatch.setattr("cli.commands.write.importing.Outcome", Recorded)
    report(shell, wide(shell, *(paid(str(n), "x") for n in range(10))), exit=2)
    assert len(ahead) == 10


def test_columns_may_stand_in_any_order(shell: Shell, made: Shell, tmp_path: Path):
    """And any may be missing that no row fills; the whole header in order says the same."""
    cells = {"id": "支1", "kind": "pay", "amount": "3", "econ": "30201", "payee": "某店", **OF_P02}
    every = list(ALIASES)
    found = []
    for seed in range(20):
        chosen = random.Random(seed)
        names = [name for name in every if name in cells or chosen.random() < 0.5]
        chosen.shuffle(names)
        texts = (f" {cells.get(name, '')}\u3000" for name in names)
        with canonical_rows(shell.csv(",".join(texts), header=",".join(names))) as rows:
            (only,) = rows
        assert isinstance(only, Row)
        assert [*only.columns] == names
        found.append(only.cells)
    assert set(found) == {RowCells(**cells)}


def test_the_fewest_columns(shell: Shell):
    """A header of three; everything else is empty."""
    with canonical_rows(shell.csv("lock-month,2020-01-31,锁1", header="kind,date,id")) as rows:
        (only,) = rows
    assert isinstance(only, Row)
    assert only.cells.filled() == {"id": "锁1", "date": "2020-01-31", "kind": "lock-month"}
    assert report(shell, shell.csv("lock-month,2020-01-31,锁1", header="kind,date,id"))["recorded"]


@pytest.mark.parametrize("first", ["payee", "month", "to_func"])
def test_of_several_columns_that_a_kind_does_not_use_the_files_first_is_named(
    shell: Shell, first: str
):
    names = [first, *(name for name in HEADER.split(",") if name != first)]
    unused = {"payee": "某店", "month": "3", "to_func": "2080106"}
    cells = {"id": "批", "kind": "appropriate", "amount": "1", **OF_P02, **unused}
    path = shell.csv(",".join(cells.get(name, "") for name in names), header=",".join(names))
    answer = report(shell, path, exit=2)
    assert rejected(answer, "column", "value") == [(first, unused[first])]


def test_the_columns_are_said_once():
    """By the typed row; the headers of a file are its fields."""
    assert tuple(ALIASES) == RowCells._fields
    assert RowCells() == ("",) * len(ALIASES)
