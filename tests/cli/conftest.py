"""Books that the command line tests start from, made once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.harness.shell import LINE, Shell


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Opened, projects P01 and P02 registered, 1,000 yuan on one line of P02: four entries."""
    shell = Shell(tmp_path_factory.mktemp("made") / "a.db").open().project("P01", "P02")
    shell("appropriate", "--line", LINE, "--amount", "1000", "--date", "2020-01-10")
    return shell


@pytest.fixture
def shell(made: Shell, tmp_path: Path) -> Shell:
    """The same book in a file of the test's own."""
    return Shell(Path(shutil.copy(made.db, tmp_path / "a.db")))
