"""--help in Chinese first with a short English gloss, and what the shell offers to complete."""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from cli.commands import COMMANDS
from tests.harness.shell import LINE, ROOT, Shell, clean_environment, in_process, process

CHINESE = re.compile(r"[\u4e00-\u9fff]")
GLOBALS = ("--db", "--unit", "--year", "--actor", "--json", "--help")
WRITING = ("--date", "--doc", "--reason", "--key", "--dry-run")
QUERYING = ("--as-of", "--known-at")
LINE_PARTS = ("--line", "--fund", "--func", "--spending", "--project", "--econ", "--origin")
WRITES = (
    "open-book project carry-in adjust-opening transfer appropriate supplement cut reallocate "
    "cap release withdraw reclassify reuse fund-plan recover reserve unreserve pay refund reverse "
    "correct income adjust-surplus approve reject reconcile lock-month "
    "final-approval publish"
)
QUERIES = (
    "balance carryover opening carry-ageing execution progress three-public roll-up log statement "
    "pending show"
)
ON_LINES = (
    "carry-in adjust-opening transfer appropriate supplement cut reallocate release withdraw "
    "reclassify reuse fund-plan recover reserve pay balance log"
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Begins with the Chinese sentence, then the gloss; exit 0, no file needed and none made."""
    monkeypatch.chdir(tmp_path)
    answer = in_process(*command.split(), "--help")
    assert (answer.exit, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert CHINESE.match(lines[0]), lines[0]
    assert lines[0] == COMMANDS[command].chinese
    assert lines[2] == COMMANDS[command].english
    assert lines[2].isascii() and len(lines[2]) < 60
    assert f"用法：yusuan {command}" in answer.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained_in_chinese(command: str):
    """No option without a sentence, and every command has the global ones."""
    rows = in_process(*command.split(), "--help").out.splitlines()
    # A long sentence stands under its option.
    options = {
        row.split()[0].rstrip(","): row + ("" if below.startswith("  -") else below)
        for row, below in pairwise([*rows, ""])
        if row.startswith("  -")
    }
    for name, row in options.items():
        assert CHINESE.search(row), row
        assert re.fullmatch(r"-[a-z]|--[a-z-]+[0-9]?", name)
    assert set(GLOBALS) <= set(options)


@pytest.mark.parametrize(
    ("commands", "options"),
    [(WRITES, WRITING), (QUERIES, QUERYING), (ON_LINES, LINE_PARTS)],
    ids=["writing", "querying", "lines"],
)
def test_the_options_that_commands_share(commands: str, options: tuple[str, ...]):
    for command in commands.split():
        shown = in_process(command, "--help").out
        assert not [option for option in options if f"  {option} " not in shown], command


def test_the_list_of_commands(tmp_path: Path):
    """By a real process: every command with its sentence, in chapters; `-m cli` calls itself
    yusuan; no command is a usage error that says how to get help."""
    answer = process("--help", cwd=tmp_path)
    assert answer.exit == 0
    assert CHINESE.match(answer.out)
    assert "用法：yusuan" in answer.out
    for name, command in COMMANDS.items():
        (row,) = [row for row in answer.out.splitlines() if row.startswith(f"  {name} ")]
        assert command.chinese in row
    for chapter in {command.chapter for command in COMMANDS.values()}:
        assert f"\n{chapter}：\n" in answer.out
    nothing = process(cwd=tmp_path)
    assert (nothing.exit, nothing.out) == (2, "")
    assert "yusuan --help" in nothing.err
    assert process("pay", "--help", cwd=tmp_path).out.startswith("支付")


def test_help_of_an_unknown_command():
    answer = in_process("spend", "--help")
    assert answer.exit == 2
    assert "spend" in answer.err


# Completion


@pytest.fixture(scope="module")
def book(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A book with views, since completion reads nothing else."""
    folder = tmp_path_factory.mktemp("complete")
    shell = Shell(Path(shutil.copy(made.db, folder / "a.db")))
    shell("open-book", "--unit", "420104", "--year", "2021", "--name", "x", "--kind", "admin",
          "--edition", "2020", "--basis", "payment")  # fmt: skip
    shell("reallocate", "--line", LINE, "--to-project", "P01", "--amount", "1", "--doc", "调1",
          "--date", "2020-03-01", "--unit", "420103", exit=6)  # fmt: skip
    for unit, year in (("420103", "2020"), ("420104", "2021")):
        shell("balance", "--unit", unit, "--year", year)
    return shell


def completed(*words: str, cwd: Path, db: str = "a.db") -> list[str]:
    """What bash is offered for the last of these words."""
    env = {
        "_YUSUAN_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("yusuan", *words)),
        "COMP_CWORD": str(len(words)),
        "YUSUAN_DB": db,
    }
    answer = process(cwd=cwd, env=env)
    assert (answer.exit, answer.err) == (0, "")
    return answer.out.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("bal",), ["balance"]),
        (("codes", ""), ["import", "list"]),
        (("codes", "list", "--unn"), ["--unnamed"]),
        (("balance", "--known"), ["--known-at"]),
        (("balance", "--project", ""), ["P01", "P02"]),
        (("pay", "--project", "P02"), ["P02"]),
        (("project", "P"), ["P01", "P02"]),
        (("balance", "--line", "general"), ["general:2080105:project:P02:-:2020"]),
        (("statement", "general:2080105"), ["general:2080105:project:P02:-:2020"]),
        (("reallocate", "--from", ""), ["general:2080105:project:P02:-:2020"]),
        (("pay", "--func", "208010"), [f"208010{n}" for n in range(1, 10)]),
        (("pay", "--econ", "3021"), [f"3021{n}" for n in range(1, 9)]),
        (("show", "4"), ["4"]),
        (("reverse", ""), ["4", "3", "2", "1"]),
        (("refund", "3"), ["3"]),
        (("approve", ""), ["5"]),
        (("balance", "--unit", ""), ["420103", "420104"]),
        (("balance", "--unit", "420104"), ["420104"]),
        (("balance", "--year", ""), ["2020", "2021"]),
        (("balance", "--project", "%"), []),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_completion(book: Shell, words: tuple[str, ...], offered: list[str]):
    """Projects, codes, lines, entries and books of the file at hand."""
    found = completed(*words, cwd=book.db.parent)
    if "--func" in words or "--econ" in words:
        assert set(offered) & set(found)
        assert all(code.startswith(words[-1]) for code in found)
    elif words[0] == "reverse":
        assert set(offered) <= set(found)
    else:
        assert offered == found


NAMES = (
    r"\$(touch PWNED)",
    r"\`touch PWNED\`",
    "$(touch PWNED)`touch PWNED`",
    '";touch PWNED;"',
    "';touch PWNED;'",
    "x))'; touch PWNED; '((",
    "x & touch PWNED | cat < a > PWNED",
    "\\\\\\$(touch PWNED)",
    "正常（第一批）",
)
"""What somebody may write as a name or a document for a shell to run."""
ZSH = shutil.which("zsh")
TYPED = ("balance --project ", "show ", "approve ", "--unit ", "--year ", "statement ")


@pytest.fixture(scope="module")
def hostile(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A book whose names, documents and actors are written for a shell."""
    folder = tmp_path_factory.mktemp("hostile")
    shell = Shell(Path(shutil.copy(made.db, folder / "a.db")))
    for n, name in enumerate(NAMES):
        shell("project", f"P1{n}", "--name", name, "--doc", name, "--actor", name,
              "--date", "2020-01-01")  # fmt: skip
        shell("reallocate", "--line", LINE, "--to-project", "P01", "--amount", "1", "--doc", name,
              "--date", "2020-03-01", "--actor", name, exit=6)  # fmt: skip
    shell("balance")
    return shell


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_nothing_that_a_book_holds_means_anything_to_a_shell(hostile: Shell, shell: str):
    """Neither the values that are offered nor what stands beside them."""
    for typed in TYPED:
        line = f"yusuan {typed}"
        env = {
            "_YUSUAN_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split())),
            "YUSUAN_DB": "a.db",
        }
        answer = process(cwd=hostile.db.parent, env=env)
        assert (answer.exit, answer.err) == (0, "")
        said = answer.out
        if shell == "zsh":  # what typer puts around them
            said = re.sub(r"^_arguments '\*: :\(\((.*)\)\)'$", r"\1", said.strip(), flags=re.S)
            said = re.sub(r'"(:")?', " ", said).replace(r"\\:", " ")
        assert not re.search(r"""[\\$`"';&|<>()\[\]{}*?!#~]""", said), said
        assert said.strip()
        if typed == "balance --project " and shell == "fish":
            assert "P18\t正常（第一批）" in said


@pytest.mark.skipif(ZSH is None, reason="zsh is not installed")
def test_tab_in_zsh_runs_nothing(hostile: Shell, tmp_path: Path):
    """In a terminal of its own, with the completion as it is installed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    yusuan = programs / "yusuan"
    yusuan.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m cli "$@"\n')
    yusuan.chmod(0o755)
    presses = "\n".join(
        f"zpty -w -n z 'yusuan {typed}'$'\\t'; sleep 2; zpty -w -n z $'\\C-u'"
        for typed in TYPED[:2]
    )
    (tmp_path / "z.zsh").write_text(
        f"""zmodload zsh/zpty
zpty -b z zsh -f
zpty -w z 'autoload -U compinit; compinit -u -d {tmp_path}/dump; cd {hostile.db.parent}'
zpty -w z 'eval "$(_YUSUAN_COMPLETE=source_zsh yusuan)"'
sleep 2
{presses}
zpty -r z line '*touch PWNED*'
print -r -- "$line"
zpty -d z
"""
    )
    environment = {
        **clean_environment(),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TERM": "xterm",
    }
    environment |= {"YUSUAN_DB": "a.db", "HOME": str(tmp_path)}
    seen = subprocess.run(
        [ZSH or "", "-f", str(tmp_path / "z.zsh")],
        env=environment, cwd=tmp_path, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert b"touch PWNED" in seen.stdout  # it was offered, and is only read
    assert not list(hostile.db.parent.glob("PWNED*")) + list(tmp_path.glob("PWNED*"))


@pytest.mark.parametrize(
    "instruction", ["x", "complete_x", "x_bash", "complete", "_", "complete_ba sh"]
)
def test_an_instruction_that_there_is_not_is_told(tmp_path: Path, instruction: str):
    answer = process(cwd=tmp_path, env={"_YUSUAN_COMPLETE": instruction})
    assert (answer.exit, answer.out) == (2, "")
    assert "complete_bash" in answer.err and instruction in answer.err


def test_completion_of_a_path_that_means_something_in_a_uri(book: Shell, tmp_path: Path):
    """And not that of the file which the path would be, if it were one."""
    for name in ("a?b.db", "a#b.db", "p%41.db", "p%2Fa.db", "a b&mode=rw.db", "?"):
        folder = tmp_path / f"目录 {name}"
        folder.mkdir()
        shutil.copy(book.db, folder / name)
        shutil.copy(book.db.with_name("a.db.views"), folder / f"{name}.views")
        assert completed("balance", "--project", "", cwd=folder, db=name) == ["P01", "P02"]
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(book.db.with_name("a.db.views"), other / "pA.db.views")
    assert completed("balance", "--project", "", cwd=other, db="p%41.db") == []


def test_completion_reads_the_file_that_the_line_names(book: Shell, tmp_path: Path):
    words = ("--db", str(book.db), "balance", "--project", "P0")
    assert completed(*words, cwd=tmp_path, db="other.db") == ["P01", "P02"]


def test_completion_without_a_file(tmp_path: Path):
    """Offers what needs none, and nothing else; it makes no file and never complains."""
    assert completed("sea", cwd=tmp_path) == ["seal"]
    assert "2080105" in completed("pay", "--func", "20801", cwd=tmp_path)
    for words in (("balance", "--project", ""), ("show", ""), ("statement", "g")):
        assert completed(*words, cwd=tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_completion_with_a_file_that_is_none(tmp_path: Path):
    (tmp_path / "a.db").write_text("no database")
    (tmp_path / "a.db.views").write_text("no database either")
    assert completed("balance", "--project", "", cwd=tmp_path) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script(tmp_path: Path, shell: str):
    answer = process(cwd=tmp_path, env={"_YUSUAN_COMPLETE": f"source_{shell}"})
    assert answer.exit == 0
    assert "yusuan" in answer.out
