"""The synthetic year of one size (scripts/synthetic.py), and yusuan's book of it."""

import sys
from pathlib import Path

from scripts.benchmarks.processes import Command, quiet

UNIT, YEAR = "BENCH", "2020"


class Year:
    """A folder with year.csv, and with book.db once it is imported."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.csv = folder / "year.csv"
        self.log = folder / "book.db"

    def make(self) -> None:
        """Writes the rows."""
        quiet([sys.executable, "-m", "scripts.synthetic", str(self.size), str(self.csv)])

    def open_book(self) -> None:
        """Opens the book anew, without the rows."""
        for file in self.folder.glob("book.db*"):
            file.unlink()
        open_book(self.log)

    def forget_views(self) -> None:
        """The next query builds them."""
        for file in self.folder.glob("book.db.views*"):
            file.unlink()

    def yusuan(self, verb: str, *words: str) -> Command:
        """The command line of a command on this book."""
        return lambda _: [*yusuan(), verb, *book(self.log), *words]


def yusuan() -> list[str]:
    """The program as installed in this very environment."""
    return [str(Path(sys.executable).with_name("yusuan"))]


def book(log: Path) -> list[str]:
    """The options that name the book in a file."""
    return ["--db", str(log), "--unit", UNIT, "--year", YEAR]


def open_book(log: Path) -> None:
    """A book without rows."""
    words = "open-book --name 测试 --kind admin --edition 2020 --basis indicator"
    quiet([*yusuan(), *words.split(), *book(log)])
