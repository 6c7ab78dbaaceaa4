"""A full disk, a file or folder that may not be written, and what a person is told: exit 5.

Whatever happens to a write, nothing of it is recorded and the book stays whole.
"""

import contextlib
import multiprocessing
import os
import re
import resource
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ledger.parse import zone
from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from projections.views.schema import memory_views
from tests.harness.called import (
    FORCE_JOURNAL,
    OPEN_BOOK,
    OPENING_ENTRIES,
    PAY,
    Answer,
    called,
    import_file,
    numbers,
    opened,
    program,
    started,
)
from tests.harness.halves import halves

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
HAN = re.compile(r"[一-鿿]")


def limited(path: Path, limit: int, *arguments: object) -> Answer:
    """A real process whose files may not grow beyond `limit` bytes: the disk is full there."""

    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        program(path, *arguments),
        cwd=ROOT,
        capture_output=True,
        check=False,
        preexec_fn=limit_files,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def says_why(answer: Answer) -> None:
    """Exit 5, one JSON object, a Chinese sentence, no traceback."""
    value = answer.json()
    assert (answer.exit, value["code"], value["ok"]) == (5, "FILE.UNWRITABLE", False), answer
    assert HAN.search(value["message"])
    assert "Traceback" not in answer.out + answer.err


LIMITS = (0, 1, 512, 1024, 4096, 5000, 8192, 12_288, 16_384, 20_480, 24_576, 40_960)


def test_a_payment_on_a_full_disk(book: Path, journal: str):
    """Wherever the space ends: recorded whole, or refused with 5 and not at all."""
    refused = 0
    for limit in LIMITS:
        before = numbers(book)
        answer = limited(book, limit, *PAY)
        if answer.exit == 0:
            assert len(numbers(book)) == len(before) + 1
        else:
            refused += 1
            says_why(answer)
            assert numbers(book) == before
    assert refused, "no limit was tight enough"
    assert called(book, "audit").exit == 0
    assert called(book, *PAY).exit == 0


def test_an_import_on_a_full_disk(book: Path, tmp_path: Path, journal: str):
    """The space ends in the middle of the transaction: nothing of it is recorded."""
    path = opened(tmp_path / "import.db", 10_000)
    rows = import_file(tmp_path / "rows.csv", 4_000)
    for limit in (64_000, 400_000, 1_000_000):
        says_why(limited(path, limit, "import", rows))
        assert numbers(path) == list(range(1, OPENING_ENTRIES + 1))
        assert called(path, "audit").exit == 0
    again = called(path, "import", rows).json()
    assert (again["recorded"], again["already"]) == (4_000, 0)
    assert called(path, "audit").exit == 0


def test_opening_a_book_on_a_full_disk(tmp_path: Path, journal: str):
    """No half file stands in the way of the next attempt."""
    refused = 0
    for limit in LIMITS:
        path = tmp_path / f"{limit}.db"
        answer = limited(path, limit, *OPEN_BOOK)
        if answer.exit != 0:
            refused += 1
            says_why(answer)
            assert called(path, *OPEN_BOOK).exit == 0
        assert called(path, "audit").json()["entries"] == 1
    assert refused > 3


def test_a_query_on_a_full_disk(book: Path, tmp_path: Path):
    """The views cannot be written: the answer is right all the same, or it is exit 5."""
    assert called(book, "import", import_file(tmp_path / "rows.csv", 400)).exit == 0
    for limit in LIMITS:
        for file in book.parent.glob("book.db.views*"):
            file.unlink()
        answer = limited(book, limit, "balance")
        if answer.exit == 0:
            assert answer.json()["totals"]["paid_fen"] == 100 * 400
        else:
            says_why(answer)
        assert called(book, "balance").json()["totals"]["paid_fen"] == 100 * 400
        assert called(book, "audit").exit == 0


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size; skips where it may not be made."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(tmp_path: Path, journal: str):
    """ENOSPC, which SQLite reports in another way than a limit on the size of files."""
    rows = import_file(tmp_path / "rows.csv", 3_000)
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, "600k"):
        path = opened(folder / "book.db", 10_000)
        says_why(started(path, "import", rows))
        assert numbers(path) == list(range(1, OPENING_ENTRIES + 1))
        assert called(path, *PAY).exit == 0
        assert called(path, "audit").exit == 0
        fill = folder / "fill"
        with contextlib.suppress(OSError), fill.open("wb", buffering=0) as stream:
            while stream.write(b"\0" * 4096):
                pass
        says_why(started(path, *PAY))
        for query in ("audit", "balance"):
            answer = started(path, query)
            if journal == "WAL" and answer.exit != 0:
                says_why(answer)  # a reader needs a few pages of memory beside the file
            else:
                assert answer.exit == 0
        fill.unlink()
        assert called(path, *PAY).exit == 0
        assert called(path, "audit").exit == 0


def test_two_names_for_one_file_are_told(book: Path):
    """SQLite finds a journal by the file's name: under another name nothing would be repaired."""
    book.with_name("other.db").hardlink_to(book)
    answer = called(book, "doctor")
    assert any("硬链接" in problem for problem in answer.json()["problems"])


@pytest.mark.parametrize(
    "arguments",
    [PAY, ("balance", "--known-at", "2020-06-30T12:00:00"), ("balance",), ("doctor",)],
    ids=" ".join,
)
def test_a_time_zone_that_is_none(
    book: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
):
    """A day of the clerk's cannot be told then: every command says so, also where it tells no
    time."""
    monkeypatch.setenv("YUSUAN_ZONE", "Asia/Nowhere")
    answer = started(book, *arguments)
    value = answer.json()
    assert (answer.exit, value["code"]) == (2, "ZONE.UNKNOWN")
    assert (value["facts"]["field"], value["facts"]["value"]) == ("YUSUAN_ZONE", "Asia/Nowhere")
    assert "Asia/Shanghai" in value["facts"]["expected"]
    assert numbers(book) == [1, 2, 3]


def test_a_machine_without_a_list_of_zones(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """That is the machine's fault, whatever zone was named; that of the books needs no list."""
    monkeypatch.setenv("PYTHONTZPATH", "")
    (tmp_path / "tzdata.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for named in ("Europe/Paris", "Asia/Nowhere"):
        monkeypatch.setenv("YUSUAN_ZONE", named)
        answer = started(book, *PAY)
        assert (answer.exit, answer.json()["code"]) == (5, "ZONE.UNUSABLE")
    assert numbers(book) == [1, 2, 3]
    monkeypatch.setenv("YUSUAN_ZONE", "Asia/Shanghai")
    assert started(book, *PAY).exit == 0


def test_the_zone_of_the_books_is_that_of_the_list():
    """Its clocks have stood still since before the first book."""
    listed, ours = ZoneInfo("Asia/Shanghai"), zone("Asia/Shanghai", field="zone")
    instant = datetime(1991, 9, 16, tzinfo=UTC)
    while instant.year < 2040:
        here = instant.astimezone(ours)
        assert here.replace(tzinfo=None) == instant.astimezone(listed).replace(tzinfo=None)
        assert here.tzname() == "Asia/Shanghai"
        instant += timedelta(hours=599)


# Permissions ----------------------------------------------------------------------------------


def _as_nobody(work: tuple[Path, Sequence[Sequence[str]]]) -> list[Answer]:
    """Runs commands without the powers of root, for whom nothing is forbidden."""
    path, commands = work
    with tempfile.TemporaryDirectory() as name:
        # Imports everything while it may be read.
        scratch = opened(Path(name).resolve() / "scratch.db", 2)
        for arguments in commands:
            called(scratch, *arguments)
        scratch.as_uri()
        memory_views().close()
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return [called(path, *arguments) for arguments in commands]


def as_nobody(path: Path, *commands: Sequence[str]) -> list[Answer]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_as_nobody, ((path, commands),))


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own may only be entered by its owner."""
    with tempfile.TemporaryDirectory(prefix="yusuan-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
ENTER = READ | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
QUERIES = (("balance",), ("log",), ("audit",), ("seal",))


@pytest.mark.parametrize("views", ["none", "current", "old"])
def test_a_book_on_a_medium_that_must_not_change(public: Path, journal: str, views: str):
    """An auditor can ask everything of evidence that is write-protected; nobody can add to it."""
    path = opened(public / "book.db", 10)
    if views != "none":
        assert called(path, "balance").exit == 0
    if views != "current":
        assert called(path, *PAY).exit == 0
    paid_fen = 0 if views == "current" else 100
    for file in public.iterdir():
        file.chmod(READ)
    public.chmod(ENTER)
    before = {file.name: file.read_bytes() for file in public.iterdir()}
    *asked, pay = as_nobody(path, *QUERIES, PAY)
    assert [answer.exit for answer in asked] == [0, 0, 0, 0], asked
    assert asked[0].json()["totals"]["paid_fen"] == paid_fen
    says_why(pay)
    assert {file.name: file.read_bytes() for file in public.iterdir()} == before


def test_a_folder_that_takes_no_journal(public: Path, journal: str):
    """The file could be written, but not safely."""
    path = opened(public / "book.db", 10)
    path.chmod(READ | WRITE)
    public.chmod(ENTER)
    pay, balance = as_nobody(path, PAY, ("balance",))
    says_why(pay)
    assert balance.exit == 0
    public.chmod(0o755)
    assert numbers(path) == [1, 2, 3]
    assert called(path, *PAY).exit == 0
    assert called(path, "audit").exit == 0


def test_a_file_that_may_not_be_read(public: Path):
    path = opened(public / "book.db", 10)
    path.chmod(0)
    for answer in as_nobody(path, *QUERIES, PAY, ("rebuild",), OPEN_BOOK):
        says_why(answer)
    path.chmod(READ | WRITE)
    assert called(path, "audit").exit == 0


def test_views_that_may_not_be_read(public: Path):
    """They may know of entries that the log has no more: nobody answers around them, and every
    command that wants them names them. The book goes on."""
    path = opened(public / "book.db", 10)
    assert called(path, "balance").exit == 0
    views = SqlitePlace(path).views
    views.chmod(0)
    before = views.stat()
    for file in (path, public):
        file.chmod(0o777)
    balance, rebuild, audit, seal, pay = as_nobody(
        path, ("balance",), ("rebuild",), ("audit",), ("seal",), PAY
    )
    for answer in (balance, rebuild):
        says_why(answer)
        assert str(views) in answer.json()["message"]
    assert audit.exit == 4
    (finding,) = audit.json()["findings"]
    assert (finding["code"], str(views) in finding["message"]) == ("VIEWS.FILE", True)
    assert (seal.exit, pay.exit) == (0, 0)
    assert views.stat().st_mtime_ns == before.st_mtime_ns
    views.chmod(READ | WRITE)
    assert called(path, "balance").exit == called(path, "audit").exit == 0


def test_a_folder_in_which_no_book_may_be_opened(public: Path):
    public.chmod(ENTER)
    for answer in as_nobody(public / "new.db", OPEN_BOOK):
        says_why(answer)
    assert list(public.iterdir()) == []


def test_wrong_views_on_a_medium_that_must_not_change(public: Path):
    """They cannot be marked, but the audit says so every time, and that queries go on."""
    path = opened(public / "book.db", 10)
    assert called(path, "balance").exit == 0
    with contextlib.closing(
        sqlite3.connect(SqlitePlace(path).views, isolation_level=None)
    ) as views:
        views.execute("UPDATE monthly SET amount_fen = amount_fen + 1")
    for file in public.iterdir():
        file.chmod(READ)
    public.chmod(ENTER)
    for answer in as_nobody(path, ("audit",), ("audit",)):
        assert answer.exit == 4
        (remark,) = answer.json()["remarks"]
        assert str(SqlitePlace(path).views) in remark["message"]


def test_a_hot_journal_on_a_medium_that_must_not_change(
    public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A crash that cannot be repaired there: exit 5, never figures from half a transaction. Where
    it may be written, the next command repairs it."""
    monkeypatch.setenv(FORCE_JOURNAL, "DELETE")
    monkeypatch.setattr(files, "journal_mode", lambda *_: ("DELETE", "EXTRA"))
    half = halves(opened(tmp_path / "book.db", 10))[-1]
    path = public / "book.db"
    path.write_bytes(half.log)
    path.with_name("book.db-journal").write_bytes(half.journal)
    for file in public.iterdir():
        file.chmod(READ)
    public.chmod(ENTER)
    for answer in as_nobody(path, *QUERIES, PAY):
        says_why(answer)
    for file in (public, *public.iterdir()):
        file.chmod(0o755)
    assert started(path, "balance").exit == 0
    assert numbers(path) == [1, 2, 3]
    assert called(path, "audit").exit == 0
