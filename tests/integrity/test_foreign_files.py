"""What lies where a file of ours would lie is somebody else's: no command writes it, drops it or
follows it, whatever it is, and what cannot be answered without it says which file is in the way."""

import contextlib
import os
import shutil
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.commands import COMMANDS
from ledger.store.log import NotOurs
from ledger.store.sqlite import files, turns
from ledger.store.sqlite.log import APPLICATION_ID
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.file import notes_path
from projections.views import owned, schema
from projections.views.schema import open_views
from tests.harness.called import BOOK, LINE, OPEN_BOOK, PAY, Answer, called, import_file, opened

DATED = ("--date", "2020-06-30", "--doc", "文1")
MONEY = ("--line", LINE, "--amount", "1", *DATED)
WORDS: dict[str, tuple[object, ...]] = {
    "open-book": OPEN_BOOK[1:],
    "amend-book": ("--name", "某局", *DATED),
    "project": ("P02", "--name", "项目", *DATED),
    "carry-in": (*MONEY[:1], LINE.replace(":2020", ":2019"), *MONEY[2:]),
    "adjust-opening": ("--adjustment", "remitted", *MONEY),
    "transfer": ("--to", "420104", *MONEY),
    "appropriate": MONEY,
    "supplement": MONEY,
    "cut": MONEY,
    "reallocate": ("--to-econ", "30201", *MONEY),
    "approve": ("1", *DATED),
    "reject": ("1", "--reason", "不办", *DATED),
    "release": MONEY,
    "withdraw": MONEY,
    "reclassify": ("--cause", "done", *MONEY),
    "reuse": ("--to-line", LINE, *MONEY),
    "cap": ("--item", "reception", "--amount", "1", "--doc", "限1", *DATED),
    "recover": MONEY,
    "fund-plan": ("--month", "6", *MONEY),
    "reserve": ("--payee", "乙", *MONEY),
    "unreserve": ("1", "--amount", "1", *DATED),
    "pay": PAY[1:],
    "voucher": ("--item", f"{LINE}=1", "--payee", "乙", *DATED),
    "refund": ("4", "--amount", "1", *DATED),
    "reverse": ("4", "--reason", "错", *DATED),
    "correct": ("4", "--amount", "1", "--reason", "错", *DATED),
    "income": ("--econ", "service", *MONEY),
    "surplus-in": ("--pool", "special", "--amount", "1", *DATED),
    "adjust-surplus": ("--adjustment", "closing-revised", "--amount", "1", "--doc", "d", *DATED),
    "use-surplus": ("--pool", "special", *MONEY),
    "distribute": ("--to", "special", *MONEY),
    "reconcile": ("rows.csv", *DATED),
    "lock-month": ("5", *DATED),
    "unlock-month": ("5", "--reason", "错", *DATED),
    "close-year": (),
    "reopen-year": ("--reason", "错", *DATED),
    "report": ("-o", "report.html"),
    "publish": ("rows.csv",),
    "diff": ("--since", "1"),
    "final-approval": ("--doc", "批1", "--date", "2021-08-20"),
    "import": ("rows.csv",),
    "codes import": ("codes.csv", "--set", "functional", "--edition", "x", *DATED),
    "execution": ("--scope", "all"),
    "roll-up": (),
    "statement": (LINE,),
    "show": ("1",),
    "paper": ("4", "-o", "单据.docx", "--force"),
    "table": ("5",),
    "tables": ("--output", "tables.xlsx"),
    "explain": ("T1.57",),
    "where-used": ("3",),
    "get": ("T3.合计.1",),
    "export": ("csv", "--out", "csv"),
    "restore": ("book.jsonl",),
    "audit": ("--all", "--jobs", "1"),
}
"""A command line of every command that needs words of its own."""
WITHOUT_VIEWS = {
    *(name for name, command in COMMANDS.items() if command.module.startswith("write.")),
    *("restore", "seal", "doctor", "demo", "edition"),
}


def lay_text(at: Path, there: Path) -> None:
    at.write_text("明天的会议\n", encoding="utf-8")


def lay_json(at: Path, there: Path) -> None:
    at.write_text('{"book": "420103/2020", "ok": true}\n{"x": 1}\n', encoding="utf-8")


def lay_one_json_value(at: Path, there: Path) -> None:
    at.write_text('{"book": "420103/2020", "note": "keep"}', encoding="utf-8")


def lay_database(at: Path, there: Path) -> None:
    with contextlib.closing(sqlite3.connect(at)) as connection, connection:
        connection.execute("CREATE TABLE wages (a)")
        connection.execute("INSERT INTO wages VALUES (1)")
        connection.execute(f"PRAGMA user_version = {schema.VIEWS_FORMAT}")  # as ours have


def lay_database_with_wal(at: Path, there: Path) -> None:
    """As a program leaves it that was killed: what it wrote last is in the WAL alone."""
    source = there / "wal.db"
    with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE wages (a)")
        connection.execute("INSERT INTO wages VALUES (1)")
        shutil.copy(source, at)
        shutil.copy(f"{source}-wal", f"{at}-wal")


def lay_log(at: Path, there: Path) -> None:
    shutil.copy(opened(there / "other.db", 3), at)


def lay_link_to_log(at: Path, there: Path) -> None:
    at.symlink_to("book.db")


def lay_second_name_of_log(at: Path, there: Path) -> None:
    at.hardlink_to(at.parent / "book.db")


def lay_link(at: Path, there: Path) -> None:
    lay_text(there / "text", there)
    at.symlink_to(there / "text")


def lay_link_to_views(at: Path, there: Path) -> None:
    open_views(there / "other.views").close()
    at.symlink_to(there / "other.views")


def lay_link_to_link(at: Path, there: Path) -> None:
    lay_database(there / "text", there)
    (there / "link").symlink_to("text")
    at.symlink_to(there / "link")


def lay_dangling_link(at: Path, there: Path) -> None:
    at.symlink_to(there / "nothing")


def lay_second_name(at: Path, there: Path) -> None:
    lay_text(there / "text", there)
    at.hardlink_to(there / "text")


def lay_second_name_of_views(at: Path, there: Path) -> None:
    open_views(there / "other.views").close()
    at.hardlink_to(there / "other.views")


def lay_folder(at: Path, there: Path) -> None:
    at.mkdir()
    lay_text(at / "text", there)


def lay_pipe(at: Path, there: Path) -> None:
    os.mkfifo(at)


def lay_socket(at: Path, there: Path) -> None:
    here = Path.cwd()
    os.chdir(at.parent)  # the name of a socket must be short
    try:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as made:
            made.bind(at.name)
    finally:
        os.chdir(here)


def lay_device(at: Path, there: Path) -> None:
    try:
        os.mknod(at, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except OSError:
        pytest.skip("only root may make a device")


Lay = Callable[[Path, Path], None]
KINDS: dict[str, Lay] = {
    name.removeprefix("lay_"): made for name, made in globals().items() if name.startswith("lay_")
}


def contents(folder: Path) -> Iterator[tuple[str, object]]:
    """Everything that lies in a folder: what it is, and what it holds."""
    for path in sorted(folder.rglob("*")):
        found = path.lstat()
        held: object = None
        if stat.S_ISLNK(found.st_mode):
            held = path.readlink()
        elif stat.S_ISREG(found.st_mode):
            held = path.read_bytes()
        yield str(path.relative_to(folder)), (stat.S_IFMT(found.st_mode), found.st_ino, held)


class Site:
    """A book in a folder of its own, and beside it the folder of somebody else."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.here, self.there = folder / "here", folder / "there"
        self.here.mkdir()
        self.there.mkdir()
        self.log = Path(shutil.copy(log, self.here / "book.db"))
        import_file(self.here / "rows.csv", 2)
        self.here.joinpath("codes.csv").write_text("code,name\n208,类\n", encoding="utf-8")
        (self.here / "book.jsonl").write_text("", encoding="utf-8")
        self.views = SqlitePlace(self.log).views

    def entries(self) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self.log)) as connection:
            return connection.execute(
                "SELECT originator_id, originator_version, state FROM stored_events ORDER BY 1, 2"
            ).fetchall()

    def guarded(self, at: Path) -> list[tuple[str, object]]:
        """What must stay as it is: what lies under this name, and what is not ours at all."""
        log = self.log.stat()
        named = [
            (name, held)
            for name, held in contents(self.here)
            if name.startswith(at.name) and not (at.exists() and os.path.samestat(log, at.stat()))
        ]
        return [*named, *contents(self.there)]

    def run(self, command: str) -> Answer:
        words = WORDS.get(command, ())
        before = Path.cwd()
        os.chdir(self.here)
        try:
            shutil.rmtree("csv", ignore_errors=True)
            return called(self.log, *command.split(), *words)
        finally:
            os.chdir(before)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = opened(tmp_path_factory.mktemp("log") / "book.db", 500)
    assert called(path, *PAY).exit == 0
    return path


@pytest.fixture
def site(tmp_path: Path, log: Path) -> Site:
    return Site(tmp_path, log)


def sound(answer: Answer) -> None:
    """An exit code of the contract, and no defect."""
    assert "Traceback" not in answer.out + answer.err, answer
    assert "PROGRAM.ERROR" not in answer.out, answer
    assert answer.exit in range(7), answer


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_lies_at_the_name_of_the_views_is_touched(site: Site, kind: str):
    """By no command. What must have the views refuses and names the file; what needs none of them
    goes on."""
    KINDS[kind](site.views, site.there)
    before = site.guarded(site.views)
    for command in (name for name in COMMANDS if name != "serve"):  # which answers until it ends
        stored = site.entries()
        answer = site.run(command)
        sound(answer)
        assert site.guarded(site.views) == before, command
        assert site.entries()[: len(stored)] == stored, command
        if command == "audit":
            assert answer.exit == 4
            assert any(
                fault["code"] == "VIEWS.FILE" and str(site.views) in fault["message"]
                for fault in answer.json()["findings"]
            )
        elif command == "doctor":
            assert any(str(site.views) in problem for problem in answer.json()["problems"])
        elif command not in WITHOUT_VIEWS:
            assert answer.exit in (2, 4), (command, answer)
            assert str(site.views) in answer.json()["message"], command
            assert "移走" in answer.json()["try"][0]
    assert called(site.log, "audit").exit == 4
    assert called(site.log, *PAY, "--doc", "最后").exit == 0, "the book itself is well"
    assert site.guarded(site.views) == before


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["text", "link", "dangling_link", "second_name", "folder", "pipe"])
def test_nothing_that_lies_where_sqlite_would_write_beside_the_views_is_touched(
    site: Site, suffix: str, kind: str
):
    """SQLite takes what has the name of its journal for its journal, and removes it."""
    at = files.beside(site.views, suffix)
    if (kind, suffix) == ("text", "-shm"):
        pytest.skip("an index of a WAL may begin with anything, and belongs to a WAL")
    KINDS[kind](at, site.there)
    before = site.guarded(at)
    for command in ("balance", "rebuild", "audit", "log", "pay", "doctor"):
        answer = site.run(command)
        sound(answer)
        assert site.guarded(at) == before, command
        if command not in (*WITHOUT_VIEWS, "audit"):
            assert (answer.exit, answer.json()["code"]) == (2, "FILE.FOREIGN")
            assert str(at) in answer.json()["message"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_lies_at_the_name_of_the_notes_is_touched(site: Site, kind: str):
    """An audit of all books goes on without notes, and says so; no other command looks there."""
    at = notes_path(SqlitePlace(site.log))
    KINDS[kind](at, site.there)
    before, stored = site.guarded(at), site.entries()
    for words in ((), ("--resume",)):
        answer = called(site.log, "audit", "--all", "--jobs", "1", *words)
        sound(answer)
        assert answer.exit == 0, answer
        (remark,) = answer.json()["remarks"]
        assert str(at) in remark["message"]
        assert site.guarded(at) == before
        assert site.entries() == stored
    assert any(str(at) in problem for problem in called(site.log, "doctor").json()["problems"])
    for command in ("balance", "rebuild", "audit", "import"):
        assert site.run(command).exit == 0
        assert site.guarded(at) == before


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_lies_at_the_name_of_the_queue_is_touched(
    site: Site, kind: str, monkeypatch: pytest.MonkeyPatch
):
    """A writer that has to wait waits without a queue."""
    at = turns.queue_path(site.log)
    KINDS[kind](at, site.there)
    before, stored = site.guarded(at), site.entries()
    monkeypatch.setattr(files, "BUSY_SECONDS", 0)
    with contextlib.closing(sqlite3.connect(site.log, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = called(site.log, *PAY)
        assert (answer.exit, answer.json()["code"]) == (5, "FILE.BUSY")
        other.execute("ROLLBACK")
    assert called(site.log, *PAY, "--doc", "后来").exit == 0
    assert site.guarded(at) == before
    assert site.entries()[: len(stored)] == stored
    assert any("排队" in problem for problem in called(site.log, "doctor").json()["problems"])


def test_the_log_is_not_taken_for_the_views_of_another(tmp_path: Path, log: Path):
    """A log may bear the name that another log's views would have, whichever was there first."""
    first = Path(shutil.copy(log, tmp_path / "year.db.views"))
    before = first.read_bytes()
    second = opened(tmp_path / "made.db", 5).rename(tmp_path / "year.db")
    for command in ("balance", "rebuild", "log"):
        answer = called(second, command)
        assert (answer.exit, answer.json()["code"]) == (2, "FILE.FOREIGN")
    assert first.read_bytes() == before
    assert called(first, "balance").exit == 0
    assert called(first, "audit").exit == 0


def test_a_new_log_is_not_made_where_its_views_could_not_be(tmp_path: Path):
    lay_database(tmp_path / "z.db.views", tmp_path)
    before = (tmp_path / "z.db.views").read_bytes()
    for words in (OPEN_BOOK, ("demo",), ("balance",)):
        answer = called(tmp_path / "z.db", *words)
        assert (answer.exit, answer.json()["code"]) == (2, "FILE.FOREIGN")
    assert [path.name for path in tmp_path.iterdir()] == ["z.db.views"]
    assert (tmp_path / "z.db.views").read_bytes() == before


def test_the_views_are_no_log(site: Site):
    assert called(site.log, "balance").exit == 0
    before = site.views.read_bytes()
    for words in (OPEN_BOOK, PAY, ("balance",), ("audit",), ("rebuild",)):
        answer = called(site.views, *words)
        assert (answer.exit, answer.json()["code"]) == (2, "FILE.FOREIGN")
    assert site.views.read_bytes() == before


@pytest.mark.parametrize("blank", ["", "VACUUM", "PRAGMA user_version = 3"])
def test_an_empty_file_is_filled(site: Site, blank: str):
    """Nobody can miss what was never in it."""
    site.views.touch()
    with contextlib.closing(sqlite3.connect(site.views, isolation_level=None)) as connection:
        connection.execute(blank)
    assert called(site.log, "balance").exit == 0
    assert called(site.log, "audit").json()["checks"][-1]["code"] == "VIEWS.LINES"


def test_a_file_that_is_exchanged_while_it_is_opened_is_not_written(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    """Between the look at the name and SQLite's own opening of it."""
    lay_database(site.there / "wages.db", site.there)
    before = [*contents(site.there)]
    connect = sqlite3.connect

    def exchanged(file: object, *rest: object, **more: object) -> sqlite3.Connection:
        if file == site.views.absolute():
            site.views.unlink()
            site.views.symlink_to(site.there / "wages.db")
            try:
                return connect(str(file), *rest, **more)  # type: ignore[call-overload, no-any-return]
            finally:
                site.views.unlink()
                site.views.touch()
        return connect(file, *rest, **more)  # type: ignore[call-overload, no-any-return]

    with monkeypatch.context() as patched:
        patched.setattr("projections.views.schema.sqlite3.connect", exchanged)
        patched.setattr(owned, "lies_at", lambda *_: True)  # nobody could see it
        for anew in (False, True):
            with pytest.raises(NotOurs):
                open_views(site.views, anew=anew)
    assert [*contents(site.there)] == before


def test_what_is_written_beside_the_log_is_not_what_an_export_may_replace(site: Site):
    for file in (site.views, notes_path(SqlitePlace(site.log)), turns.queue_path(site.log)):
        assert SqlitePlace(site.log).keeps(file)


def test_a_half_made_view_file_is_made_anew(site: Site):
    """A first query that was killed: its journal says that the file was empty."""
    assert called(site.log, "balance").exit == 0
    whole = site.views.read_bytes()
    pages = len(whole) // 4096
    header = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4) + bytes(8)
    header += (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    for half in (bytes(4096) + whole[4096:], bytes(4096 * pages)):
        site.views.write_bytes(half)
        files.beside(site.views, "-journal").write_bytes(header.ljust(512, b"\0"))
        assert called(site.log, "balance").exit == 0
        assert called(site.log, "audit").exit == 0


def test_every_command_is_tried():
    assert set(WORDS) <= set(COMMANDS)
    assert str(BOOK) == "420103/2020"
    assert APPLICATION_ID != owned.VIEWS_ID
