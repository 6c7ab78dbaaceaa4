"""A book of the format before this one: refused, left as it is, and brought over by its export."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import Shell, in_process

OLD = Path(__file__).parent / "golden" / "format_1"
ANSWERS = json.loads(gzip.decompress((OLD / "answers.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def brought_over(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The old book in a new file, as its way out says."""
    shell = Shell(tmp_path_factory.mktemp("over") / "new.db")
    shell(
        *("open-book", "--unit", "420103", "--year", "2020", "--kind", "admin"),
        *("--name", "武汉市江汉区人力资源局", "--edition", "2020", "--basis", "indicator"),
    )
    told = shell.ask("import", str(OLD / "year.csv"))
    assert (told["recorded"], told["rejected"]) == (131, [])
    return shell


@pytest.mark.parametrize(
    "command",
    [
        *("balance", "log", "audit", "audit --all", "rebuild", "seal", "doctor", "pending"),
        *(
            "export jsonl -o OUT",
            "export canonical -o OUT",
            "roll-up --units all --year 2020",
            "table 3",
        ),
        "lock-month 1 --date 2020-02-01",
        "open-book --unit 1 --year 2021 --name 局 --kind admin --edition 2020 --basis payment",
        f"import {OLD / 'year.csv'} --unit 420103 --year 2020",
    ],
)
def test_it_is_refused_by_every_command_and_left_as_it_is(tmp_path: Path, command: str):
    """None guesses at it, and none writes beside it."""
    there = gzip.decompress((OLD / "book.db.gz").read_bytes())
    db = tmp_path / "a.db"
    db.write_bytes(there)
    told = in_process("--db", str(db), *command.replace("OUT", f"{tmp_path}/out").split(), "--json")
    assert (told.exit, told.json["code"]) == (5, "FILE.OLDER")
    assert told.json["facts"] == {"file": str(db), "format": 1}
    (way,) = told.json["try"]
    assert "yusuan export canonical" in way and "import" in way
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
    assert db.read_bytes() == there


@pytest.mark.parametrize("question", ANSWERS)
def test_its_export_imported_gives_the_same_answers(brought_over: Shell, question: str):
    """But for what is told beside it since, by name."""
    answer = brought_over.ask(*question.split())
    for name, was in ANSWERS[question].items():
        assert without(answer[name], SINCE.get(question, frozenset())) == was, name


SINCE = {"balance": frozenset({"spendable_fen"})}


def without(answer: Any, names: frozenset[str]) -> Any:
    """An answer but for what bears these names."""
    if isinstance(answer, dict):
        return {name: without(each, names) for name, each in answer.items() if name not in names}
    return [without(each, names) for each in answer] if isinstance(answer, list) else answer


def test_the_book_that_was_brought_over_is_sound(brought_over: Shell):
    assert brought_over.ask("audit")["ok"]
