"""The book that most of these documents tell of."""

import pytest

from tests.harness.shell import Shell


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The published 2020 accounts. Nobody records anything more there."""
    shell = Shell(tmp_path_factory.mktemp("report") / "demo.db")
    shell("demo")
    return shell
