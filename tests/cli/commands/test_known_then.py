"""F17, F18: what a book says of itself and what its projects are called follow `--known-at`, and
nothing else."""

from pathlib import Path
from typing import Any

from tests.harness.shell import Shell

MONEY = ("--func", "2080105", "--project", "JF", "--amount", "1000", "--date", "2025-01-10")
PAY = ("pay", "--project", "JF", "--econ", "30201", "--amount", "300", "--payee", "某店")
NOW = {"name": "新名局", "unit_kind": "institution", "edition": "2022", "basis": "payment"}


def amended(folder: Path) -> tuple[Shell, str]:
    """A book that was mended before its money was recorded; when it was opened."""
    shell = Shell(folder / "a.db", unit="990001", year=2025)
    shell(
        *("open-book", "--unit", "990001", "--year", "2025", "--name", "旧名局", "--kind", "admin"),
        *("--edition", "2020", "--basis", "indicator"),
    )
    opened = shell.ask("show", "1")["recorded_at"]
    shell(
        *("amend-book", "--name", "新名局", "--kind", "institution", "--edition", "2022"),
        *("--basis", "payment", "--date", "2025-01-02"),
    )
    shell("project", "JF", "--name", "宣传经费", "--date", "2025-01-02")
    shell("appropriate", *MONEY)
    shell(*PAY, "--date", "2025-03-01")
    return shell, opened


def income(shell: Shell, *cut: str) -> int:
    fen: int = shell.ask("carryover", *cut)["income_fen"]
    return fen


def edition(shell: Shell, *cut: str) -> Any:
    return shell.ask("table", "1", *cut)["edition"]


def test_a_book_is_shown_as_it_was_known_then(tmp_path: Path):
    shell, opened = amended(tmp_path)
    then = ("--known-at", opened)
    assert (edition(shell), edition(shell, *then)) == ("2022", "2020")
    assert "旧名局" in shell("table", "1", *then).out
    assert "新名局" not in shell("table", "1", *then).out
    assert "新名局" in shell("table", "1", "--as-of", "2025-01-01").out
    last = shell.ask("show", "5")["recorded_at"]
    assert edition(shell, "--known-at", last) == "2022"
    before = ("--known-at", "2025-01-01T00:00:00+08:00")
    assert edition(shell, *before) == "2020", "before it was opened, what it was opened as"


def test_so_is_the_basis_of_its_income(tmp_path: Path):
    """Indicator: what was approved, 1,000; payment: what was paid, 300. All later entries count
    for both, so that the basis alone differs."""
    shell, _ = amended(tmp_path)
    assert income(shell) == 300_00
    late = Shell(tmp_path / "b.db", unit="990001", year=2025).open(basis="indicator")
    late.project("JF")
    late("appropriate", *MONEY)
    late(*PAY, "--date", "2025-03-01")
    assert income(late) == income(late, "--known-at", "2099-01-01") == 1_000_00


def test_a_project_has_the_name_that_is_known(tmp_path: Path):
    """`--as-of` before the day on which it was renamed has the new name; `--known-at` the old."""
    shell, _ = amended(tmp_path)
    known = shell.ask("show", "5")["recorded_at"]
    shell("project", "JF", "--name", "宣传与培训经费", "--date", "2025-06-01")

    def name(*cut: str) -> Any:
        return shell.ask("execution", "--scope", "current", *cut)["projects"][0]["name"]

    assert name() == name("--as-of", "2025-05-31") == "宣传与培训经费"
    assert name("--known-at", known) == name("--known-at", known, "--as-of", "2025-05-31")
    assert name("--known-at", known) == "宣传经费"


def test_the_log_answers_though_the_views_are_made_anew(tmp_path: Path):
    shell, opened = amended(tmp_path)
    shell("rebuild")
    assert edition(shell, "--known-at", opened) == "2020"
    shell("audit")
