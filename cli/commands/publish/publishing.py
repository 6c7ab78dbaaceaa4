"""公开: `publish` records which files were made public, from which entries; `diff` tells what has
changed since.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cli.session import Session
from cli.terminal.asking import both_made_from, report_of, years_beside
from cli.terminal.options import CutOptions, Document, RollUp, ShownIn, Text, verb
from cli.terminal.recording import record_made
from ledger import parse
from ledger.decisions.publication import PUBLISH
from ledger.doors.publishing import Obstacle, Publishable, acceptable, may_be_published
from ledger.errors import Malformed, Unreadable
from ledger.events import Accepted, HeadOfBook, PublishedFile, ReportPublished
from ledger.refusals import Value
from ledger.requests import Request
from ledger.rules.cautions import Caution, Remark
from ledger.store.writing import Writing
from projections.report.figure import Report
from projections.views.reading import ALL, Cut, Reading

if TYPE_CHECKING:
    import datetime

    from projections.report.checked.years import Years
    from projections.report.document.parts import ReportDocument as Made


class _File(NamedTuple):
    """A file to be published, as it was read."""

    path: Path
    contents: bytes
    said: PublishedFile


@verb("publish")
def publish(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    file: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="公开的文件，可多个。 What was published.")
    ],
    date: Annotated[
        Text, typer.Option("--date", help="公开日期 YYYY-MM-DD，默认今天。 When.")
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="CODE",
            help="仍然公开，尽管有这一代码的问题，写明 --reason；可多次。 Publish all the same.",
        ),
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(
            "--reason", help="为什么仍然公开，依 --accept 的次序，或一个理由。 Why, in their order."
        ),
    ] = None,
    edition: ShownIn = None,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="文件是用 --unmask 生成的。 Made with --unmask."),
    ] = False,
    doc: Annotated[Text, typer.Option("--doc", help="文号。 Document number.")] = None,
    key: Annotated[Text, typer.Option("--key", help="幂等编号，重复提交不重复记录。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不记录。")] = False,
) -> None:
    files = _read(session, file)
    accepted, why = _accepted(accept or [], reason or [])
    said = None if date is None else parse.day(date)
    remarks: list[Remark] = []

    def made(writing: Writing) -> Request:
        before = None if key is None else writing.recorded_under(parse.key(key, field="key"))
        if before is not None and isinstance(before.event, ReportPublished):
            return _again(before.event, files, accepted, said, unmask=unmask)
        years = years_beside(session, cut, rolled)
        with report_of(session, cut, rolled, edition) as report:
            found = _Found(report, files, unmask=unmask)
            standing = found.standing(years, _asked(session, rolled))
            _known(accepted, standing)
            may_be_published(standing, [each.said for each in files], accepted)
            remarks.extend(found.remarks())
            return found.request(said or session.db.now().date(), cut.cut(), accepted)

    last_day = f"{session.book().year}-12-31"
    document = Document(date=last_day, doc=doc, reason=why, key=key, dry_run=dry_run)
    record_made(session, document, made, remarks)


def _again(
    event: ReportPublished,
    files: list[_File],
    accepted: tuple[Accepted, ...],
    published_on: "datetime.date | None",
    *,
    unmask: bool,
) -> Request:
    """What is asked once more under the same key: from what the files were made the book has said
    then, and nobody asks it again."""
    return Request.of(PUBLISH)(
        published_on=published_on or event.published_on,
        files=tuple(each.said for each in files),
        made=event.made,
        heads=event.heads,
        edition=event.edition,
        edition_sha256=event.edition_sha256,
        unmask=unmask,
        as_of=event.as_of,
        known_at=event.known_at,
        accepted=accepted,
        department=event.department,
        absent=event.absent,
    )


def _read(session: Session, named: list[str]) -> list[_File]:
    """The files, each once, as they are now. Raises `Malformed`."""
    from cli.intake.whole import whole

    found: dict[str, _File] = {}
    for each in named:
        path = parse.path(each, field="file")
        contents = whole(path, field="file")
        name = parse.required(path.name, field="file")
        digest = sha256(contents).hexdigest()
        found.setdefault(digest, _File(path, contents, PublishedFile(name, digest)))
    return [*found.values()]


def _accepted(codes: list[str], reasons: list[str]) -> tuple[tuple[Accepted, ...], str | None]:
    """What is accepted, each with its reason; a reason without any is that of the publication.
    Raises `Malformed`."""
    said = [parse.text(each, field="reason", limit=500) for each in reasons]
    if not codes:
        if len(said) > 1:
            expected = "一个事由（--accept 各有一个）"
            raise Malformed(
                Unreadable.FIELD_NOT_USED, field="reason", value=said[1], expected=expected
            )
        return (), said[0] if said else None
    if len(said) not in (1, len(codes)) or not all(said):
        expected = f"一个事由，或与 --accept 同样多的 {len(codes)} 个"
        raise Malformed(
            Unreadable.FIELD_REQUIRED, field="reason", value="；".join(said), expected=expected
        )
    each_its_own = said if len(said) == len(codes) else said * len(codes)
    pairs = dict(zip((code.strip().upper() for code in codes), each_its_own, strict=True))
    return tuple(Accepted(code, why) for code, why in pairs.items()), None


def _asked(session: Session, rolled: RollUp) -> dict[str, Value]:
    """The options that ask about the books of a department."""
    if rolled.units is None or session.year is None:
        return {}
    return {"units": rolled.units, "year": session.year}


def _known(accepted: tuple[Accepted, ...], standing: Publishable) -> None:
    """Nothing is accepted that is not there. Raises `Malformed`."""
    there = acceptable(standing)
    for each in accepted:
        if each.code not in there:
            expected = f"确有的问题的代码：{'、'.join(there)}" if there else "空（没有什么要接受）"
            raise Malformed(
                Unreadable.FIELD_NOT_USED, field="accept", value=each.code, expected=expected
            )


class _Found:
    """What is found of a report that is to be published, in the transaction that records it."""

    def __init__(self, report: Report, files: list[_File], *, unmask: bool) -> None:
        from cli.documents.report.written import EXACT
        from projections.report.document.composition import document

        self._report, self._unmask = report, unmask
        made = document(report, unmask=unmask)
        self._missing = made.missing
        self._files = files
        self._exact = [each for each in files if each.path.suffix.lower() in EXACT]
        self.made = {each.said.sha256 for each in self._exact if _same(each, made)}
        self._internal = {
            each.said.sha256
            for each in self._exact
            if each.said.sha256 not in self.made and _is_internal(each, report)
        }

    def standing(self, years: "Mapping[str, Years]", asked: dict[str, Value]) -> Publishable:
        """What stands in the way of it; `asked` are the options of who asks about the same."""
        from projections.report.checks import check

        errors = [
            Obstacle(each.code, each.message)
            for each in check(self._report, years=years).findings
            if each.tier == "error"
        ]
        books = self._report.source.members()
        return Publishable(
            [str(one.book) for one in books if one.closed is None],
            [Obstacle(each.slot, each.message) for each in self._missing],
            errors,
            self._internal,
            asked,
        )

    def request(
        self, published_on: "datetime.date", cut: Cut, accepted: tuple[Accepted, ...]
    ) -> Request:
        """The publication, with what the files were made from."""
        report, source = self._report, self._report.source
        digests = [each.said.sha256 for each in self._files]
        return Request.of(PUBLISH)(
            published_on=published_on,
            files=tuple(each.said for each in self._files),
            made=tuple(each for each in digests if each in self.made),
            heads=tuple(
                HeadOfBook(str(one.book), one.stands.entries, one.stands.hash.hex())
                for one in report.readings()
            ),
            edition=report.edition.name,
            edition_sha256=report.edition.sha256,
            unmask=self._unmask,
            as_of=cut.as_of,
            known_at=cut.known_at,
            accepted=accepted,
            department="" if isinstance(source, Reading) else source.name,
            absent=tuple(source.missing()),
        )

    def remarks(self) -> Iterator[Remark]:
        """Files that cannot be made again, and tables that are printed empty (R18)."""
        from projections.report.tables import table

        entries = self._report.source.members()[0].stands.entries
        for each in self._files:
            if each not in self._exact:
                yield Caution.PUBLISH_UNLIKE.with_figures(file=each.said.name)
            elif each.said.sha256 not in self.made:
                yield Caution.PUBLISH_EDITED.with_figures(file=each.said.name, entries=entries)
        cells = self._report.cells
        empty = [n for n in cells.forms if table(cells, n).statement is not None]
        if empty:
            names = "、".join(f"表{n}" for n in empty)
            yield Caution.PUBLISH_EMPTY.with_figures(tables=names)


def _same(file: _File, made: "Made") -> bool:
    """Whether a file is what the program makes, byte by byte."""
    from cli.documents.report.written import written

    return written(file.path, made) == file.contents


def _is_internal(file: _File, report: Report) -> bool:
    """Whether a file tells what is for the unit alone: it says so itself, or is what `--internal`
    makes."""
    from cli.documents.report.said import INTERNAL
    from projections.report.document.composition import document

    if INTERNAL.encode() in file.contents:
        return True
    return any(
        _same(file, document(report, unmask=unmask, internal=True)) for unmask in (False, True)
    )


@verb("diff")
def diff(
    session: Session,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="ENTRY|TIME|SEAL|published",
            help="从第几笔、什么时间、封签，或最近一次公开（published）以来。 Since when.",
        ),
    ],
    edition: ShownIn = None,
) -> None:
    from cli.text.publish.changed import changed
    from projections.report.editions import found as edition_found
    from projections.report.published.changed import changes
    from projections.report.published.since import since as began
    from projections.views.source import Meant

    book = session.book()
    shown_in = None
    if edition is not None:
        shown_in = edition_found(parse.required(edition, field="edition"))
    then = began(session.db, book, parse.required(since, field="since"), session.waiting)
    was_meant, now_meant = Meant((book,), ALL, heads=then.heads), Meant((book,), ALL)
    with both_made_from(session, was_meant, now_meant, shown_in) as (was, now):
        reading = now.cells.reading
        header, answer = reading.header(), changes(then.told, was, now, reading)
    session.answer(changed, header, answer)
