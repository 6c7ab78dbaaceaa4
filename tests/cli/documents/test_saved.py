"""Where a result goes: over nothing that is there unless that was said, and where it was typed."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.documents import saved
from ledger.errors import Occupied
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.shell import ROOT, Shell, in_process, process

WRITERS = {
    "table": (("table", "1", "-o"), "output", "表.csv"),
    "tables": (("tables", "-o"), "output", "表.xlsx"),
    "canonical": (("export", "canonical", "--out"), "out", "账.csv"),
    "jsonl": (("export", "jsonl", "--out"), "out", "账.jsonl"),
    "hledger": (("export", "hledger", "--out"), "out", "账.journal"),
    "propose": (("close-year", "--propose"), "propose", "结账.csv"),
}
EDITED = "经办人改过的\n"


def wrote(shell: Shell, *words: str) -> bool:
    """Whether a command did its work; a checklist with open items ends with 1."""
    return in_process("--db", str(shell.db), *words).exit in (0, 1)


@pytest.mark.parametrize(("words", "option", "name"), WRITERS.values(), ids=WRITERS)
def test_a_file_that_is_there_is_replaced_only_where_that_was_said(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], option: str, name: str
):
    """Without: exit 3, which file, its size and time, both ways out, and nothing beside it. An
    empty file is a file too."""
    for text in (EDITED, ""):
        file = tmp_path / "结果" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_577_836_800, 1_577_836_800))
        refused = shell.ask(*words, str(file), exit=3)
        assert refused["code"] == "FILE.EXISTS"
        size = len(text.encode())
        assert (refused["facts"]["file"], refused["facts"]["bytes"]) == (str(file), size)
        assert refused["facts"]["modified"] == "2020-01-01 08:00:00+08:00"  # of the books
        assert refused["facts"]["modified"] in refused["message"]
        assert str(file) in refused["message"] and f"{size} 字节" in refused["message"]
        assert refused["try"] == [f"--{option} 另一个文件名", "--force"]
        assert file.read_text("utf-8") == text
        assert [each.name for each in file.parent.iterdir()] == [name]
    assert wrote(shell, *words, str(file), "--force")
    assert file.stat().st_size > 0
    assert [each.name for each in file.parent.iterdir()] == [name]
    file.unlink()
    assert wrote(shell, *words, str(file))
    assert shell.ask(*words, str(file), exit=3)["code"] == "FILE.EXISTS"


def test_a_link_to_a_file_is_that_file(shell: Shell, tmp_path: Path):
    """One that points nowhere makes the file; the link stays."""
    there, link = tmp_path / "a.csv", tmp_path / "link.csv"
    link.symlink_to(there)
    assert wrote(shell, "table", "1", "-o", str(link))
    assert link.is_symlink() and there.stat().st_size
    there.write_text(EDITED)
    assert shell.ask("table", "1", "-o", str(link), exit=3)["code"] == "FILE.EXISTS"
    assert there.read_text() == EDITED


def test_what_appears_while_the_result_is_made_is_not_replaced(tmp_path: Path):
    file = tmp_path / "a.txt"
    with (
        pytest.raises(Occupied),
        saved.replaced(file, db=SqlitePlace(tmp_path / "a.db"), field="out", force=False) as fresh,
    ):
        fresh.write_text("mine")
        file.write_text("yours")
    assert file.read_text() == "yours" and list(tmp_path.iterdir()) == [file]


def test_a_new_file_has_the_mode_that_the_system_gives(shell: Shell, tmp_path: Path):
    (tmp_path / "other").touch()
    assert wrote(shell, "table", "1", "-o", str(tmp_path / "a.csv"))
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("other", "a.csv")}
    assert len(modes) == 1 and (tmp_path / "a.csv").stat().st_nlink == 1


def test_a_device_and_a_pipe_need_no_force(shell: Shell, tmp_path: Path):
    assert wrote(shell, "export", "canonical", "--out", "/dev/null")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert wrote(shell, "export", "canonical", "--out", str(pipe))
    assert reader.communicate()[0].startswith(b"id,date,kind,")


@pytest.mark.parametrize("out", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_what_the_shell_opened_is_added_to_and_not_replaced(shell: Shell, tmp_path: Path, out: str):
    """`-o /dev/stdout >> all.txt`: the file is the shell's, and what it held stays."""
    file = tmp_path / "all.txt"
    file.write_text("before\n")
    with file.open("ab") as stream:
        subprocess.run(
            [sys.executable, "-m", "cli", "--db", str(shell.db), "export", "jsonl", "--out", out],
            cwd=ROOT,
            stdout=stream,
            check=True,
        )
    text = file.read_text("utf-8")
    assert text.startswith('before\n{"format":"yusuan-jsonl"') and "已写入" not in text


# A path is what was typed.


BLANK = (" 账.db", "账.db ", "\u3000账.db", "a  b.db", "账\u00a0.db")


@pytest.mark.parametrize("name", BLANK)
def test_a_book_lies_where_it_was_typed(tmp_path: Path, name: str):
    """Blanks belong to the name, and another book is not written."""
    trimmed = Shell(tmp_path / "账.db").open()
    before = trimmed.db.read_bytes()
    answer = process("--db", name, "demo", cwd=tmp_path)
    assert answer.exit == 0, answer.said
    assert (tmp_path / name).exists() and before == trimmed.db.read_bytes()
    asked = process("--json", "balance", cwd=tmp_path, env={"YUSUAN_DB": name})
    assert asked.json["head"]["entries"] == 566


def test_every_file_that_is_named_is_the_one_that_was_typed(tmp_path: Path):
    """Read or written, with a blank before it: beside each lies one without, which is another."""
    shell = Shell(tmp_path / "a.db").open()
    shell("project", "P02", "--name", "x", "--date", "2020-01-02")
    wrong = "这不是\n".encode()

    def both(name: str, text: str) -> str:
        (tmp_path / name).write_bytes(wrong)
        (tmp_path / f" {name}").write_text(text, encoding="utf-8")
        return f" {name}"

    def run(*words: str, exit: int = 0) -> None:
        answer = process("--db", "a.db", *words, cwd=tmp_path)
        assert answer.exit == exit, answer.said

    header = "id,date,kind,func,project,spending,econ,origin,fund,amount"
    row = "r1,2020-01-03,appropriate,2080105,P02,project,30201,2020,general,500"
    run("import", both("rows.csv", f"{header}\n{row}\n"))
    line = "general:2080105:project:P02:30201:2020"
    items = both("items.csv", f"line,amount\n{line},1.00\n")
    run("voucher", "--items", items, "--payee", "x", "--date", "2020-02-01")
    stated = both("statement.csv", "fund,func,project,paid\ngeneral,2080105,P02,1.00\n")
    run("reconcile", stated, "--date", "2020-12-31")
    mapped = both("map.toml", "wrong = 1\n")
    assert "wrong" in process("--db", "a.db", "import", " rows.csv", "--map", mapped,
                              cwd=tmp_path).err  # fmt: skip
    closing = both("closing.csv", "func,origin,amount\n2080105,2019,1\n")
    run("opening", "--check", "--previous-closing", closing, exit=1)
    run("table", "1", "-o", " t.csv")
    run("close-year", "--propose", " p.csv", exit=0)
    run("close-year", "--decisions", " p.csv", exit=6)
    run("export", "jsonl", "-o", " b.jsonl")
    run("export", "csv", "-o", " folder")
    for name in (" t.csv", " p.csv", " b.jsonl", " folder"):
        assert (tmp_path / name).exists() and not (tmp_path / name.strip()).exists()
    restored = process("--db", " b.db", "restore", " b.jsonl", cwd=tmp_path)
    assert restored.exit == 0, restored.said
    assert (tmp_path / " b.db").exists()


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[2J.csv", "a\x7f.csv", "a\x9b.csv", "", " "])
def test_what_cannot_be_a_path_or_be_told_is_bad_input(shell: Shell, name: str):
    """Told without the characters themselves."""
    for words in (("table", "1", "-o", name), ("import", name), ("export", "csv", "-o", name),
                  ("restore", name), ("close-year", "--propose", name)):  # fmt: skip
        refused = shell.ask(*words, exit=2)
        assert refused["code"] in ("TEXT.UNREADABLE", "FIELD.REQUIRED"), words
        assert refused["message"].isprintable()


def test_a_name_that_is_too_long_is_told_in_words(shell: Shell):
    refused = shell.ask("table", "1", "-o", "长" * 200 + ".csv", exit=5)
    assert refused["code"] == "FILE.UNWRITABLE" and "文件名过长" in refused["message"]
