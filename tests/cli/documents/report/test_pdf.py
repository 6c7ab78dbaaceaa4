"""The report as PDF: by whichever program is there, which leaves nothing behind."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from cli.documents.report import pdf
from cli.documents.report.pdf import CHROMIUM, LIBREOFFICE, Printer
from tests.harness.programs import needs, program
from tests.harness.shell import Shell

CONVERTS = 'while [ "$1" != --outdir ]; do shift; done; echo %PDF-1.7 > "$2/report.pdf"'
PRINTS = 'for a in "$@"; do case "$a" in --print-to-pdf=*) echo %PDF-1.7 > "${a#*=}";; esac; done'


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert not [*folder.iterdir()]


def fake(folder: Path, name: str, script: str) -> None:
    """A program of that name, which is all that the PATH has."""
    folder.joinpath(name).write_text(f"#!/bin/sh\n{script}\n")
    folder.joinpath(name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(
    "printer",
    [
        pytest.param(CHROMIUM, marks=needs(program(*CHROMIUM.names), "Chromium")),
        pytest.param(LIBREOFFICE, marks=needs(program(*LIBREOFFICE.names), "LibreOffice")),
    ],
    ids=["chromium", "libreoffice"],
)
def test_a_program_makes_it(
    demonstrated: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printer: Printer
):
    monkeypatch.setattr(pdf, "PRINTERS", (printer,))
    demonstrated("report", "-o", str(tmp_path / "r.pdf"))
    contents = (tmp_path / "r.pdf").read_bytes()
    assert contents.startswith(b"%PDF-") and contents.rstrip().endswith(b"%%EOF")
    assert len(contents) > 100_000


def test_where_no_program_is_it_says_how_to_get_one(
    demonstrated: Shell, path: Path, tmp_path: Path
):
    answer = demonstrated.ask("report", "-o", str(tmp_path / "r.pdf"), exit=5)
    assert answer["code"] == "TOOL.MISSING" and "LibreOffice" in answer["message"]
    assert answer["try"] == ["apt-get install chromium fonts-noto-cjk"]
    assert not (tmp_path / "r.pdf").exists()


def test_a_program_that_makes_nothing_is_told_and_another_asked(
    demonstrated: Shell, path: Path, tmp_path: Path
):
    fake(path, "chromium", "exit 1")
    file = str(tmp_path / "r.pdf")
    answer = demonstrated.ask("report", "-o", file, exit=5)
    assert answer["code"] == "TOOL.FAILED" and "chromium" in answer["message"]
    fake(path, "soffice", CONVERTS)
    demonstrated("report", "-o", file)
    assert Path(file).read_bytes() == b"%PDF-1.7\n"


@pytest.mark.parametrize("root", [True, False])
def test_only_root_is_without_a_sandbox(
    demonstrated: Shell, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool
):
    told = tmp_path / "told"
    fake(path, "chromium", f'echo "$@" > {told}; {PRINTS}')
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    demonstrated("report", "-o", str(tmp_path / "r.pdf"))
    assert ("--no-sandbox" in told.read_text().split()) is root


def test_a_program_that_hangs_is_ended_with_what_it_started(
    demonstrated: Shell, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pid = tmp_path / "pid"
    fake(path, "chromium", f"/bin/sleep 600 & echo $! > {pid}; wait")
    monkeypatch.setattr(pdf, "SECONDS", 1)
    answer = demonstrated.ask("report", "-o", str(tmp_path / "r.pdf"), exit=5)
    assert answer["code"] == "TOOL.FAILED"
    assert gone(int(pid.read_text()))


def gone(pid: int) -> bool:
    """Whether a process ends within a moment; one that nobody has buried yet has ended."""
    for _ in range(50):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False
