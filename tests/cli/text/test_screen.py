"""What reaches a screen, a file or another program, whoever wrote it: a file, an argument, a book
that somebody has edited. No text moves a cursor, colours or turns what is read, or adds a line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.events import decode
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from tests.harness.edited import edited, put_bytes, rehashed, stored_bytes
from tests.harness.shell import LINE, Shell, in_process, process

PAYLOADS = {
    "colour": "\x1b[31m红\x1b[0m",
    "link": "\x1b]8;;http://x\x1b\\点\x1b]8;;\x1b\\",
    "C1": "\x9b31m",
    "bell": "\a",
    "back": "某店\b\b乙店",
    "return": "某店\r已记录",
    "next line": "某店\x85乙",
    "separator": "某店\u2028乙",
    "right to left": "\u202e店某",
    "isolate": "\u2067店某",
    "zero width": "某\u200b店",
    "NUL": "某\0店",
    "tag": "某\U000e0041店",
}
EVIL = "x\n2025-01-01 evil\n    Assets:Evil  100 CNY\n    Equity:Evil\n\n2025-06-01 y"
QUESTIONS = (
    ("log",),
    ("show", "5"),
    ("balance",),
    ("statement", LINE),
    ("table", "1"),
    ("table", "5", "--format", "md"),
    ("table", "5", "--format", "csv"),
    ("explain", "T1.1"),
)


def raw(text: str) -> list[str]:
    """The characters of a text that a terminal obeys or a person does not see, but for those that
    a CSV file has of its own."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return [c for c in text if c in "".join(PAYLOADS.values()) and not c.isprintable()]


@pytest.fixture
def paid(shell: Shell) -> Shell:
    """One payment, entry 5."""
    pay = ("pay", "--line", LINE, "--econ", "30299", "--amount", "1", "--date", "2020-03-01")
    shell(*pay, "--payee", "某店", "--doc", "支1", "--key", "K1")
    return shell


def restorable(book: list[bytes], file: Path) -> Path:
    """A file for `restore` of these entries of one book, every hash right."""
    hash_, lines = GENESIS, ['{"format":"yusuan-jsonl","version":5}']
    for stored in book:
        entry = json.loads(stored)
        name, number, tag = entry["book"], entry["number"], entry["event"]["kind"]
        hash_ = link(hash_, name, number, tag, stored)
        lines.append(
            json.dumps({"book": name, "number": number, "tag": tag, "hash": hash_.hex()})[:-1]
            + f',"entry":{stored.decode()}}}'
        )
    lines.append(json.dumps({"heads": {name: [number, hash_.hex()]}}))
    file.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")
    return file


def entries_of(shell: Shell) -> list[bytes]:
    with closing(sqlite3.connect(shell.db)) as connection:
        return [stored_bytes(connection, n + 1) for n in range(shell.entries())]


def with_text(stored: bytes, name: str, text: str) -> bytes:
    """The canonical bytes of an entry that says something else in one place."""
    entry = json.loads(stored)
    place = entry if name in entry else entry["event"]
    assert name in place
    place[name] = text
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", ["payee", "doc", "actor", "key"])
@pytest.mark.parametrize("text", [*PAYLOADS.values(), EVIL], ids=[*PAYLOADS, "journal"])
def test_what_no_command_takes_no_file_brings(paid: Shell, tmp_path: Path, name: str, text: str):
    """`restore` of a file with a right chain, and an edited book with one: 4, and never raw. What
    no door takes but the format allows is read, and shown written out."""
    *others, last = entries_of(paid)
    file = restorable([*others, with_text(last, name, text)], tmp_path / "evil.jsonl")
    again = Shell(tmp_path / "again.db")
    answer = in_process("--db", str(again.db), "restore", str(file))
    assert raw(answer.said) == []
    if text == PAYLOADS["tag"]:
        assert answer.exit == 0
        for question in QUESTIONS:
            assert raw(again(*question).said) == []
        assert raw(again("log", "--json").out) == []
        return
    assert (answer.exit, "FILE.CHAIN" in answer.err) == (4, True)
    with edited(paid.db) as connection:
        put_bytes(connection, 5, with_text(last, name, text))
        rehashed(connection)
    paid.db.with_name("a.db.views").unlink(missing_ok=True)
    found = paid.ask("audit", exit=4)
    assert ("ENTRY.BYTES", 5) in {(each["code"], each["entry"]) for each in found["findings"]}
    for command in (*QUESTIONS, ("export", "hledger"), ("export", "jsonl"), ("pending",)):
        answer = in_process("--db", str(paid.db), *command)
        assert (answer.exit, raw(answer.said)) == (4, []), command


def test_the_untouched_file_comes_back(paid: Shell, tmp_path: Path):
    file = restorable(entries_of(paid), tmp_path / "good.jsonl")
    assert decode(entries_of(paid)[4]).key == "K1"
    assert in_process("--db", str(tmp_path / "again.db"), "restore", str(file)).exit == 0


@pytest.mark.parametrize("text", [*PAYLOADS.values(), EVIL], ids=[*PAYLOADS, "journal"])
def test_views_that_somebody_edited_move_nothing(paid: Shell, tmp_path: Path, text: str):
    """The name of the unit and of a project, in every answer, document and export."""
    paid("balance")
    with closing(sqlite3.connect(paid.db.with_name("a.db.views"))) as views, views:
        views.execute("UPDATE books SET name = ?", (text,))
        views.execute("UPDATE projects SET name = ?", (text,))
        views.execute("UPDATE entries SET payee = ? WHERE entry = 5", (text,))
    for question in QUESTIONS:
        answer = paid(*question)
        assert raw(answer.said) == [], question
        assert "\n    Assets:Evil" not in answer.said
    assert raw(paid("balance", "--json").out) == []
    for format in ("hledger", "ledger", "beancount"):
        journal = paid("export", format).out
        assert raw(journal) == []
        assert not [
            line for line in journal.splitlines() if line.lstrip().startswith("Assets:Evil")
        ]
    folder = tmp_path / "bundle"
    paid("export", "csv", "-o", str(folder))
    for file in folder.iterdir():
        assert raw(file.read_bytes().decode()) == []


def test_what_is_typed_is_echoed_written_out(tmp_path: Path):
    for hostile in ("\x1b[31m", "\u202e", "a\nb", "\x9b", "\u200b"):
        for arguments in (
            (f"--{hostile}",),
            ("log", f"--{hostile}=1"),
            (hostile,),
            ("log", hostile),
        ):
            answer = process(*arguments, cwd=tmp_path)
            assert (answer.exit, answer.out) == (2, "")
            assert raw(answer.err) == []
            assert len(answer.err.splitlines()) == 2, answer.err
            as_json = process(*arguments, "--json", cwd=tmp_path)
            assert (as_json.exit, raw(as_json.out), as_json.err) == (2, [], "")
