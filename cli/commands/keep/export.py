"""导出与恢复: `export`, `restore`.

A format of one text file goes to stdout unless `--out` names a file; what a person should know of
it is then talk, on stderr. With `--json` stdout is the answer, so that a text needs `--out`, unless
it is only made to be checked.
"""

import csv
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple, Protocol

import typer
from msgspec import UNSET

from cli.documents.saved import filled, replaced
from cli.intake.encoding import shown
from cli.session import Session, leave, tell
from cli.terminal import streams
from cli.terminal.options import Force, Text, verb
from cli.text.keep.export import FORMATS, Exported, Heads, Restored, exported, restored
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.proofs.head import Head
from ledger.receipt import Warned
from projections.answers import BookHeader, Header, Verdict
from projections.exports import beancount, hledger, ledger_cli
from projections.exports.journal import Journal
from projections.exports.peers import Comparison, Peer, compared, program_of
from projections.views.reading import Reading, reading


class _Format(Protocol):
    """A file of projections/exports/ that knows one journal: its text, and who adds it up."""

    PEER: Peer

    def text(self, journal: Journal) -> Iterator[str]: ...


JOURNALS: dict[str, _Format] = {"hledger": hledger, "beancount": beancount, "ledger": ledger_cli}
_READ_ONLY = 0o444
_NEED_OUT = {"csv": "目录", "parquet": "目录", "sqlite": "文件"}


@verb("export")
def export(
    session: Session,
    format: Annotated[
        str, typer.Argument(metavar="FORMAT", help="|".join(FORMATS) + "。 The format.")
    ],
    out: Annotated[
        Text,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE|DIR",
            help="写入文件或目录（csv、parquet 为目录）；默认标准输出。 Where to write.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="用 hledger、ledger 或 bean-query 重算并逐账户核对，不符时退出码为 1。 "
            "Have the peer add it up.",
        ),
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="jsonl：文件中的所有账套。 Every book of the file.")
    ] = False,
    force: Force = False,
) -> None:
    wanted = parse.word(format, FORMATS, field="format")
    target = None if out is None else parse.path(out, field="out")
    if check and wanted not in JOURNALS:
        raise _not_used("check", "、".join(JOURNALS))
    if every and wanted != "jsonl":
        raise _not_used("all", "jsonl")
    if target is None and (wanted in _NEED_OUT or (session.json and not check)):
        raise _out_required(_NEED_OUT.get(wanted, "文件"))
    if target is None or wanted not in _NEED_OUT:
        _export_text(session, wanted, target, check=check, every=every, force=force)
    elif wanted == "sqlite":
        _export_views(session, target, force=force)
    else:
        _export_tables(session, wanted, target)


def _out_required(what: str) -> Malformed:
    return Malformed(
        Unreadable.FIELD_REQUIRED, field="out", value="", expected=f"要写入的{what}（--out）"
    )


def _not_used(option: str, formats: str) -> Malformed:
    expected = f"空（只用于 {formats}）"
    return Malformed(
        Unreadable.FIELD_NOT_USED, field=option, value=f"--{option}", expected=expected
    )


# One file of text ------------------------------------------------------------------------------


class Beside(NamedTuple):
    """What is not among the rows: the command that opens the book, the entries that were left out,
    by kind, and how many cells a spreadsheet would calculate."""

    open_book: str
    left_out: dict[str, int]
    formulas: int


class _Made(NamedTuple):
    """A text that is made piece by piece: of which book, and what a person should know of it (whole
    when all pieces were made). `journal` is what another program can add up."""

    header: Header | Heads
    pieces: Iterator[str]
    beside: Callable[[], Beside | None] = lambda: None
    journal: Journal | None = None


def _export_text(
    session: Session,
    wanted: str,
    target: Path | None,
    *,
    check: bool,
    every: bool,
    force: bool,
) -> None:
    peer = JOURNALS[wanted].PEER if check else None
    if peer is not None:
        program_of(peer)  # before anything is written
    make = {"canonical": _canonical, "jsonl": _jsonl}.get(wanted, _journal)
    with make(session, wanted, every) as made:
        comparison = None
        if peer is None:
            whole = _deliver(session, made.pieces, target, force=force)
        else:
            with TemporaryDirectory(prefix="yusuan-") as folder:
                file = Path(folder) / f"{wanted}.journal"
                _write(file, made.pieces)
                comparison = _compared(peer, file, made)
                with file.open(encoding="utf-8", newline="") as written:
                    whole = _deliver(session, written, target, force=force)
        beside = made.beside()
    verdict = Verdict(comparison is None or comparison.agreed)
    answer = Exported(
        format=wanted,
        file=None if target is None else str(target),
        open_book=UNSET if beside is None else beside.open_book,
        left_out=UNSET if beside is None else beside.left_out,
        formulas=UNSET if beside is None else beside.formulas,
        check=comparison,
    )
    if target is not None or session.json:
        session.answer(_told, verdict, made.header, answer)
    elif whole and (told := exported(answer)):
        tell(told)
    if not verdict.ok:
        leave(1)


def _told(verdict: Verdict, header: Header | Heads, answer: Exported) -> str:
    return exported(answer)


def _deliver(session: Session, pieces: Iterable[str], target: Path | None, *, force: bool) -> bool:
    """Whether all of it was taken."""
    if target is not None:
        with replaced(target, db=session.db, field="out", force=force) as fresh:
            _write(fresh, pieces)
    elif not session.json:
        return streams.write(pieces)
    return True


def _write(file: Path, pieces: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(pieces)


@contextmanager
def _canonical(session: Session, wanted: str, every: bool) -> Iterator[_Made]:
    from ledger.canonical.columns import RowCells
    from projections.exports.canonical import Canonical

    with reading(session.db, session.book(), waiting=session.waiting) as opened:
        book = Canonical(opened)
        writer = csv.writer(_Line())

        def pieces() -> Iterator[str]:
            columns = book.columns()
            told = itemgetter(*map(RowCells._fields.index, columns))
            yield writer.writerow(columns)
            for row in book.rows():
                yield writer.writerow(told(row))

        def beside() -> Beside:
            return Beside(_open_book(opened), dict(book.left_out), book.formulas)

        yield _Made(opened.header(), pieces(), beside)


class _Line:
    """A file for csv.writer that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def _open_book(opened: Reading) -> str:
    """The command after which the rows can be imported."""
    bases = [opened.basis, *(f"{fund}={basis}" for fund, basis in opened.fund_basis.items())]
    words = ["yusuan", "--db", "新文件.db", "open-book", "--unit", opened.book.unit]
    words += ["--year", str(opened.year), "--name", opened.name, "--kind", opened.unit_kind]
    words += ["--edition", opened.edition]
    return shlex.join([*words, *(word for basis in bases for word in ("--basis", basis))])


@contextmanager
def _jsonl(session: Session, wanted: str, every: bool) -> Iterator[_Made]:
    """From the log alone: a copy to keep must not depend on the views."""
    from ledger.store import jsonl
    from ledger.store.log import NoLog
    from projections.views.feed import missing, none_is_gone

    try:
        with session.db.reading(session.waiting) as log:
            books = log.books() if every else [str(session.book())]
            if every:
                none_is_gone(session.db, books)
            if not books:
                raise NoLog
            with log.one_moment():  # a transfer is in two books
                heads = {book: log.head(book) for book in books}
            there = {book: head for book, head in heads.items() if head is not None}
            for book in heads.keys() - there.keys():
                raise missing(session.db, book)
            yield _Made(_heads(there), jsonl.lines(log, there))
    except NoLog:
        raise missing(session.db, str(session.book())) from None


@contextmanager
def _journal(session: Session, wanted: str, every: bool) -> Iterator[_Made]:
    with reading(session.db, session.book(), waiting=session.waiting) as opened:
        journal = Journal(opened)
        yield _Made(opened.header(), JOURNALS[wanted].text(journal), journal=journal)


def _compared(peer: Peer, file: Path, made: _Made) -> Comparison:
    assert made.journal is not None  # only a journal is compared
    return compared(peer, file, made.journal.balances())


# A folder of tables, a database ----------------------------------------------------------------


def _export_tables(session: Session, wanted: str, folder: Path) -> None:
    if wanted == "csv":
        from projections.exports.bundle import write
    else:
        from projections.exports.parquet import write

    with (
        reading(session.db, session.book(), waiting=session.waiting) as opened,
        filled(folder, db=session.db, field="out") as fresh,
    ):
        tables, formulas = write(opened, fresh)
    answer = Exported(wanted, str(folder), tables=tables, formulas=formulas)
    _written(session, opened.header(), answer)


def _export_views(session: Session, file: Path, *, force: bool) -> None:
    from projections.exports.views_copy import write

    with replaced(file, db=session.db, field="out", force=force) as fresh:
        heads = write(session.db, fresh, session.waiting)
        fresh.chmod(_READ_ONLY)
    _written(session, _heads(heads), Exported("sqlite", str(file)))


def _written(session: Session, header: Header | Heads, answer: Exported) -> None:
    session.answer(_told, Verdict(True), header, answer)


def _heads(heads: Mapping[str, Head]) -> BookHeader | Heads:
    """The header of one book, or those of all."""
    about = [BookHeader(book, None, None, head.printed()) for book, head in heads.items()]
    return about[0] if len(about) == 1 else Heads(about)


# Back again ------------------------------------------------------------------------------------


@verb("restore")
def restore(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="export jsonl 所写的文件。 The file.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只核对，不写入。 Verify only.")
    ] = False,
) -> None:
    path = parse.path(file, field="FILE")
    if not path.is_file():
        expected = "存在的文件（由 yusuan export jsonl 写出）"
        raise Malformed(Unreadable.FILE_MISSING, field="FILE", value=shown(path), expected=expected)
    with session.books() as books:
        made = books.restore(path, dry_run=dry_run)
    about = [BookHeader(book, None, None, head.printed()) for book, head in made.heads.items()]
    session.answer(
        lambda told, warned: restored(told, warned, str(session.db)),
        Restored(True, dry_run, about),
        Warned(made.cautions),
    )
