"""Books that the tests of the pages look at."""

from pathlib import Path

import pytest

from tests.harness.shell import Shell


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The published 2020 accounts."""
    shell = Shell(tmp_path_factory.mktemp("pages") / "demo.db")
    shell("demo")
    return shell


@pytest.fixture(scope="session")
def department(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units of 2020, one of which has a book of 2019 as well."""
    db = tmp_path_factory.mktemp("pages") / "two.db"
    for unit, year in (("A01", 2019), ("A01", 2020), ("B02", 2020)):
        shell = Shell(db, unit=unit, year=year).open()
        of = ("--unit", unit, "--year", str(year))
        line = f"general:2080101:basic:-:-:{year}"
        shell("appropriate", "--line", line, "--amount", "1000", "--date", f"{year}-01-10", *of)
        paid = ("--econ", "30201", "--amount", "10", "--payee", "某店", "--doc", "支1")
        shell("pay", "--line", line, *paid, "--date", f"{year}-02-01", *of)
    return db
