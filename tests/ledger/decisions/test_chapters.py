"""The table of all kinds: a chapter is loaded when one of its words is asked for."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from ledger import decisions
from ledger.decisions import _CHAPTERS, KINDS


@pytest.mark.parametrize("chapter", _CHAPTERS)
def test_a_chapter_has_the_words_of_the_table(chapter: str):
    words = [kind.word for kind in import_module(f"ledger.decisions.{chapter}").KINDS]
    assert (*words,) == _CHAPTERS[chapter]
    assert [KINDS[word].word for word in words] == words


def test_every_chapter_is_in_the_table():
    """A module that decides kinds and is not named there would be asked for nothing."""
    folder = Path(decisions.__file__).parent
    chapters = {file.stem for file in folder.glob("*.py") if "\nKINDS = " in file.read_text()}
    assert chapters == {*_CHAPTERS}


def test_a_payment_loads_its_own_chapter():
    code = (
        "import sys; from ledger.decisions import KINDS; KINDS['pay'];"
        "print(*(name for name in sys.modules if name.startswith('ledger.decisions.')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in ran.stdout.split()}
    assert loaded == {"disbursement", "commitment"}


def test_no_other_word_is_a_kind():
    with pytest.raises(KeyError):
        KINDS["paid"]
    assert "paid" not in KINDS
    assert len(KINDS) == len({*KINDS})
