"""A clock that was once wrong: it is told wherever somebody records, looks after or restores the
book, and changes nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.events import decode
from ledger.parse import local
from tests.harness.scenario import LINE
from tests.harness.shell import in_process
from tests.harness.store_desk import BOOK, NEIGHBOUR, NOON, StoreDesk

FUTURE = datetime(2049, 1, 1, tzinfo=UTC)
ON = ("--unit", BOOK.unit, "--year", str(BOOK.year))


@pytest.fixture
def desk(tmp_path: Path) -> StoreDesk:
    """A book of which one entry was recorded by a clock of 2049."""
    desk = StoreDesk(tmp_path / "a.db").opened()
    desk.now = FUTURE
    desk.ask("appropriate", amount_fen=100_00)
    desk.now = NOON
    return desk


def codes(recorded: Any) -> list[str]:
    return [each.code for each in recorded.cautions if each.code.startswith("CLOCK")]


def test_all_that_follows_is_told_and_dated_there(desk: StoreDesk):
    """Once a transaction; not where the same is only answered again."""
    first = desk.ask("supplement", amount_fen=1_00, key="甲")
    assert codes(first) == ["CLOCK.BEHIND"]
    (told,) = [each for each in first.cautions if each.code == "CLOCK.BEHIND"]
    assert "第 3 笔" in told.message and "2049-01-01" in told.message
    assert first.entries[-1].recorded_at == FUTURE
    assert codes(desk.ask("supplement", amount_fen=1_00, key="甲")) == []
    desk.now = FUTURE
    assert codes(desk.ask("supplement", amount_fen=2_00)) == []


def test_an_import_tells_it_once(desk: StoreDesk, tmp_path: Path):
    file = tmp_path / "a.csv"
    rows = [f"r{n},2020-03-01,supplement,{n}.00,文{n}" for n in (1, 2, 3)]
    line = "general,2080105,project,P02,30299,2020"
    text = [f"{row},{line}" for row in rows]
    header = "id,date,kind,amount,doc,fund,func,spending,project,econ,origin"
    file.write_text("\n".join([header, *text]), encoding="utf-8")
    answer = in_process("--db", str(desk.path), *ON, "import", str(file), "--json").json
    (told,) = [each for each in answer["warnings"] if each["code"].startswith("CLOCK")]
    assert (answer["recorded"], told["code"], told["rows"]) == (3, "CLOCK.BEHIND", 1)


def test_a_transfer_tells_it_of_the_other_book(tmp_path: Path):
    desk = StoreDesk(tmp_path / "a.db").opened()
    desk.ask("carry-in", amount_fen=5_00)
    desk.now = FUTURE
    desk.ask("open-book", book=NEIGHBOUR)
    desk.ask("project", code="P02", book=NEIGHBOUR)
    desk.now = NOON
    sent = desk.ask("transfer", amount_fen=1_00, counterpart=str(NEIGHBOUR))
    (told,) = [each for each in sent.cautions if each.code == "CLOCK.BEHIND"]
    assert str(NEIGHBOUR) in told.message


def test_a_clock_of_another_age_is_told(tmp_path: Path):
    desk = StoreDesk(tmp_path / "a.db")
    desk.now = datetime(1970, 1, 1, tzinfo=UTC)
    assert codes(desk.ask("open-book")) == ["CLOCK.STRANGE"]
    desk.now = datetime(2099, 1, 1, tzinfo=UTC)
    assert codes(desk.ask("project", code="P02")) == ["CLOCK.STRANGE"]


def test_doctor_audit_and_restore_tell_it(desk: StoreDesk, tmp_path: Path):
    """By the real clock. For an audit it is no failure, and nothing is decided by it again."""
    desk.ask("supplement", amount_fen=1_00)
    db = ("--db", str(desk.path))
    sick = in_process(*db, "doctor", "--json")
    assert sick.exit == 1 and not sick.json["damaged"]
    (problem,) = [each for each in sick.json["problems"] if "本机时钟" in each]
    assert f"{BOOK} 第 4 笔" in problem
    audited = in_process(*db, *ON, "audit", "--json")
    assert audited.exit == 0 and audited.json["ok"]
    assert [each["code"] for each in audited.json["remarks"]] == ["CLOCK.BEHIND"]
    assert "提醒 CLOCK.BEHIND" in in_process(*db, *ON, "audit").out
    copy = tmp_path / "a.jsonl"
    assert in_process(*db, *ON, "export", "jsonl", "-o", str(copy)).exit == 0
    for more in (("--dry-run",), ()):
        answer = in_process("--db", str(tmp_path / "b.db"), "restore", str(copy), "--json", *more)
        assert [each["code"] for each in answer.json["warnings"]] == ["CLOCK.BEHIND"]
    assert desk.stored()[-1] == StoreDesk(tmp_path / "b.db").stored()[-1]
    assert decode(desk.stored()[-1]).event.line == LINE  # type: ignore[union-attr]


def test_a_book_of_a_right_clock_says_nothing(tmp_path: Path):
    desk = StoreDesk(tmp_path / "a.db").opened()
    assert codes(desk.ask("appropriate", amount_fen=100_00)) == []
    db = ("--db", str(desk.path))
    assert not any(
        "本机时钟" in each for each in in_process(*db, "doctor", "--json").json["problems"]
    )
    assert in_process(*db, *ON, "audit", "--json").json["remarks"] == []


def test_today_is_that_of_the_books_and_not_of_the_machine(monkeypatch: pytest.MonkeyPatch):
    """At 19:00 UTC on 30 June it is 03:00 on 1 July in Beijing, where the book is kept."""
    evening = datetime(2025, 6, 30, 19, tzinfo=UTC)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("YUSUAN_ZONE", raising=False)
    assert local(evening).isoformat() == "2025-07-01T03:00:00+08:00"
    monkeypatch.setenv("YUSUAN_ZONE", "UTC")
    assert local(evening).date().isoformat() == "2025-06-30"
