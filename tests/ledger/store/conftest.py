"""A desk at which nothing was recorded yet."""

import pytest

from tests.harness.store_desk import StoreDesk


@pytest.fixture
def desk(tmp_path):
    return StoreDesk(tmp_path / "book.db")
