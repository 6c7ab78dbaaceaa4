"""Settings, by real processes: an option, else what is set, else the default."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli import settings
from ledger.errors import Malformed
from tests.harness.clock import at
from tests.harness.shell import ROOT, Answer, clean_environment, process

OPEN: tuple[str, ...] = ("open-book", "--name", "试验局", "--kind", "admin", "--edition", "2020")
OPEN = (*OPEN, "--basis", "indicator", "--json")
WHOLE = """
db = "账/2025.db"
unit = "990001"
year = 2025
actor = "李会计"
zone = "America/New_York"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose file says everything, and the book that it says."""
    folder = tmp_path / "局"
    (folder / "账").mkdir(parents=True)
    said(folder, WHOLE)
    assert process(*OPEN, cwd=folder).json["ok"]
    return folder


def said(folder: Path, text: str) -> Path:
    file = folder / "yusuan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_file_says_db_unit_year_and_actor(folder: Path):
    """A relative file lies beside the file that names it."""
    assert (folder / "账/2025.db").exists()
    shown = process("show", "1", "--json", cwd=folder).json
    assert (shown["book"], shown["actor"]) == ("990001/2025", "李会计")


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2025-07-01T03:00:00+00:00", None, "2025-06-30"),
        ("2025-07-01T03:00:00+00:00", "UTC", "2025-07-01"),
        ("2025-06-30T19:00:00+00:00", "Asia/Shanghai", "2025-07-01"),
        ("2025-06-30T19:00:00+00:00", "", "2025-06-30"),
    ],
    ids=["file", "environment", "east", "empty"],
)
def test_today_is_that_of_its_zone(
    folder: Path, tmp_path: Path, moment: str, zone: str | None, day: str
):
    env = {} if zone is None else {"YUSUAN_ZONE": zone}
    project = ("project", "M", "--name", "x", "--json")
    answer = at(moment, *project, cwd=folder, shims=tmp_path, env=env)
    assert answer.json["date"] == day


def test_without_a_file_today_is_that_of_beijing(tmp_path: Path):
    book = ("--unit", "990001", "--year", "2025")
    assert process(*OPEN, *book, cwd=tmp_path).json["ok"]
    evening = "2025-06-30T19:00:00+00:00"
    project = ("project", "M", "--name", "x", "--json", *book)
    answer = at(evening, *project, cwd=tmp_path, shims=tmp_path, env={"TZ": "UTC"})
    assert answer.json["date"] == "2025-07-01"


def by(folder: Path, name: str, arguments: tuple[str, ...], env: dict[str, str]) -> Any:
    """What a new book says of one setting."""
    answer = process(*OPEN, *arguments, cwd=folder, env=env)
    if name == "db":
        return sorted(file.name for file in folder.rglob("*.db"))
    if name == "actor":
        return process("show", "1", "--json", *arguments, cwd=folder, env=env).json["actor"]
    unit, year = answer.json["book"].split("/")
    return {"unit": unit, "year": year}[name]


@pytest.mark.parametrize(
    ("name", "of_option", "of_environment"),
    [
        ("db", "b.db", "c.db"),
        ("unit", "990002", "990003"),
        ("year", "2026", "2027"),
        ("actor", "王会计", "张会计"),
    ],
)
def test_an_option_goes_before_the_environment_and_that_before_the_file(
    folder: Path, name: str, of_option: str, of_environment: str
):
    """Each in a book that was not there: `db` in another file, the rest in this."""
    elsewhere = () if name in ("db", "unit") else ("--unit", "990009")
    env = {f"YUSUAN_{name.upper()}": of_environment}
    for arguments, wanted in (((f"--{name}", of_option), of_option), ((), of_environment)):
        if name == "actor":
            elsewhere = ("--unit", f"99001{len(arguments)}")
        found = by(folder, name, (*elsewhere, *arguments), env)
        assert wanted in found if name == "db" else found == wanted
    assert process("balance", "--json", cwd=folder).json["book"] == "990001/2025"


def test_an_empty_variable_says_nothing(folder: Path):
    env = dict.fromkeys(map(settings.variable, settings.ALL), "")
    assert process("balance", "--json", cwd=folder, env=env).json["book"] == "990001/2025"


@pytest.mark.parametrize(
    ("text", "field", "value", "right"),
    [
        ("unitt = 1", "yusuan.toml unitt", "1", "db、unit、year、actor、zone"),
        ("edition = true", "yusuan.toml edition", "true", "db、unit、year、actor、zone、editions"),
        ("editions = true", "yusuan.toml editions", "true", "文字"),
        ("unit = 990001", "yusuan.toml unit", "990001", 'unit = "420103"'),
        ('year = "2025"', "yusuan.toml year", "2025", "year = 2025"),
        ("year = true", "yusuan.toml year", "true", "year = 2025"),
        ("year = 2025.0", "yusuan.toml year", "2025.0", "year = 2025"),
        ("[db]", "yusuan.toml db", "{}", 'db = "yusuan.db"'),
        ('actor = ["甲"]', "yusuan.toml actor", "['甲']", "actor ="),
        ('unit = "a b"', "yusuan.toml unit", "a b", "单位编码"),
        ("year = 25", "yusuan.toml year", "25", "四位年份"),
        ('db = ""', "yusuan.toml db", "", "文件路径"),
        ('db = "a\\u0000"', "yusuan.toml db", "a\\x00", "文件路径"),
        ('actor = " "', "yusuan.toml actor", " ", "不空"),
        ('zone = "Asia/Nowhere"', "yusuan.toml zone", "Asia/Nowhere", "Asia/Shanghai"),
        ('zone = "../UTC"', "yusuan.toml zone", "../UTC", "Asia/Shanghai"),
        ('zone = ""', "yusuan.toml zone", "", "Asia/Shanghai"),
        ('db = "a.db"\nunit 1', "yusuan.toml 第 2 行", "unit 1", "每行一项"),
        ('unit = "1"\nunit = "2"', "yusuan.toml 第 2 行", 'unit = "2"', "每项写一次"),
        ('unit = "1', "yusuan.toml 第 1 行", 'unit = "1', "每行一项"),
        ("\x00", "yusuan.toml 第 1 行", "\\x00", "每行一项"),
    ],
)
def test_what_is_written_wrongly_is_said(
    folder: Path, text: str, field: str, value: str, right: str
):
    """The file, the key, the value, and what would be right."""
    said(folder, text)
    told = process("balance", "--json", cwd=folder)
    facts = told.json["facts"]
    assert (told.exit, facts["field"], facts["value"]) == (2, field, value)
    assert right in facts["expected"]


def test_it_is_said_whatever_is_typed(folder: Path):
    """A command that needs nothing of it says it too; what needs no book does not look."""
    said(folder, "year = 25")
    for command in (("doctor", "--json"), ("--unit", "1", "--year", "2025", *OPEN)):
        told = process(*command, cwd=folder)
        assert (told.exit, told.json["code"]) == (2, "LINE.YEAR")
    assert process("--version", cwd=folder).exit == 0
    assert process("balance", "--help", cwd=folder).exit == 0


def unreadable(folder: Path) -> Answer:
    """What the folder's file is told to be."""
    answer = process("balance", "--json", cwd=folder)
    told = answer.json
    assert (answer.exit, told["code"], told["facts"]["field"]) == (
        *(2, "SETTINGS.MALFORMED", "yusuan.toml"),
    )
    return answer


def test_a_link_that_leads_nowhere_is_said(tmp_path: Path):
    """Somebody meant a file to be read; without it another book would be written."""
    (tmp_path / "yusuan.toml").symlink_to(tmp_path / "gone.toml")
    unreadable(tmp_path)
    (tmp_path / "gone.toml").write_text('db = "a.db"', encoding="utf-8")
    assert process("balance", "--json", cwd=tmp_path).json["code"] == "BOOK.NOT_OPENED"


def test_a_file_that_cannot_be_read(tmp_path: Path):
    file = tmp_path / "yusuan.toml"
    file.write_bytes('actor = "李会计"'.encode("gb18030"))
    unreadable(tmp_path)
    file.write_bytes(b"# " + b"x" * (1 << 16))
    unreadable(tmp_path)
    file.unlink()
    file.mkdir()
    unreadable(tmp_path)
    file.rmdir()
    os.mkfifo(file)
    unreadable(tmp_path)


def test_what_an_editor_adds_is_read(folder: Path):
    """A byte order mark, and lines that end as Windows has them."""
    file = folder / "yusuan.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert process("balance", "--json", cwd=folder).json["book"] == "990001/2025"
    said(folder, "")
    assert process("balance", cwd=folder).exit == 3  # yusuan.db is not there


def test_the_unit_of_a_figure_leaves_the_unit_of_the_book(folder: Path):
    answer = process("get", "T1.57", "--unit", "wan", "--json", cwd=folder)
    assert answer.json["book"] == "990001/2025"


def test_completion_looks_where_commands_do(folder: Path):
    assert process("balance", cwd=folder).exit == 0  # which makes the views
    env = {"_YUSUAN_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    words = {"COMP_WORDS": "yusuan show "}
    assert process(cwd=folder, env=env | words).out.split() == ["1"]
    said(folder, "nonsense")
    assert process(cwd=folder, env=env | words).out.split() == []


def test_help_tells_every_setting(tmp_path: Path):
    told = process("--help", cwd=tmp_path).out
    for name, setting in settings.ALL.items():
        assert f"YUSUAN_{name.upper()}" in told
        assert f"{name} = {setting.example}" in told


def test_every_example_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YUSUAN_ZONE", "UTC")
    examples = [f"{name} = {setting.example}" for name, setting in settings.ALL.items()]
    said(tmp_path, "\n".join(examples))
    assert None not in settings.settings()
    said(tmp_path, "\n".join([*examples[1:], "db"]))
    with pytest.raises(Malformed):
        settings.settings()


def test_toml_is_read_only_where_there_is_a_file(tmp_path: Path):
    """A folder without one costs a look: no module is loaded for it."""
    program = "import sys; from cli import settings; settings.settings(); print(*sys.modules)"
    for text, loaded in (("", False), ('unit = "1"', True)):
        if text:
            said(tmp_path, text)
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**clean_environment(), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        modules = done.stdout.decode().split()
        assert ("tomllib" in modules) is loaded
        assert "zoneinfo" not in modules
