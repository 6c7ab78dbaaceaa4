"""The whole 部门决算 as a file: `report`."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from msgspec import UNSET
from msgspec.structs import replace

from cli.documents.report.receipt import PublishedAgain, SavedReport
from cli.documents.report.written import EXACT, SUFFIXES, written
from cli.session import Session, leave, tell
from cli.terminal.asking import made_from, meant_by, report_of
from cli.terminal.options import CutOptions, Force, RollUp, ShownIn, Text, verb
from cli.text import ways
from cli.text.parts import absent
from ledger import parse
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.events import ReportPublished
from projections.answers import Header
from projections.questions.particulars import Said
from projections.report.figure import Report


class _Again(NamedTuple):
    """A report that is made as it was made before: of which publication, if of one."""

    report: Report
    published: Said[ReportPublished] | None = None


@verb("report")
def report(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    output: Annotated[
        list[str],
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=f"写入文件，后缀 {'、'.join(SUFFIXES)} 定格式；可多次。 Files; repeatable.",
        ),
    ],
    edition: ShownIn = None,
    force: Force = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="内部使用：写出各笔的收款人和用途。 With payees; not for the public.",
        ),
    ] = False,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="不遮盖证件号、电话号码。 Print numbers of persons."),
    ] = False,
    published: Annotated[
        bool,
        typer.Option("--published", help="重新生成最近一次公开的报告。 As it was published."),
    ] = False,
    upto: Annotated[
        Text,
        typer.Option("--upto", metavar="ENTRY", help="按记到第几笔时的账生成。 As of an entry."),
    ] = None,
) -> None:
    from cli.documents.saved import replaced
    from projections.report.document.composition import document

    files = _files(session, output)
    if published:
        _alone(
            ("as-of", cut.as_of),
            ("known-at", cut.known_at),
            ("upto", upto),
            ("edition", edition),
            ("internal", internal),
            ("unmask", unmask),
        )
    with ExitStack() as all_or_none:
        fresh = [
            all_or_none.enter_context(replaced(file, db=session.db, field="output", force=force))
            for file in files
        ]
        with _meant(session, cut, rolled, edition, published=published, upto=upto) as found:
            said = None if found.published is None else found.published.event
            made = document(
                found.report,
                unmask=unmask if said is None else said.unmask,
                internal=internal,
            )
        contents = [written(file, made) for file in files]
        proofs = [] if said is None else [*_held_against(said, files, contents)]
        for new, content in zip(fresh, contents, strict=True):
            new.write_bytes(content)
    for each in made.missing:
        tell(
            "\n".join([f"【缺：{each.message}】", *(f"    {ways.told(way)}" for way in each.try_)])
        )
    saved = SavedReport([str(file) for file in files], list(made.missing))
    if found.published is not None:
        saved = replace(saved, published=_told_of(found.published, proofs))
    session.answer(_told, made.header, saved)
    if made.missing and said is None:
        leave(1)


@contextmanager
def _meant(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: str | None,
    *,
    published: bool,
    upto: str | None,
) -> Iterator[_Again]:
    """The report that is meant. Raises `Malformed`, `Refused`, `Corrupt`."""
    if not published and upto is None:
        with report_of(session, cut, rolled, edition) as found:
            yield _Again(found)
        return
    from projections.report import editions
    from projections.report.published import publications
    from projections.views.reading import reading

    book = session.book()
    if published:
        with reading(session.db, book, waiting=session.waiting) as opened:
            last = publications.last(opened, department=rolled.units is not None)
        shown_in = editions.of_book(last.event.edition, last.event.edition_sha256)
        meant = publications.meant_by(last.event, book)
        with made_from(session, meant, shown_in) as found:
            publications.proved(last.event, found.readings())
            yield _Again(found, last)
        return
    if rolled.units is not None:
        expected = "不与 --units 同写（一本账的第几笔；汇总的用 --published）"
        raise Malformed(Unreadable.OPTION_UNUSED, field="upto", value=upto or "", expected=expected)
    entry = parse.entry_number(upto or "")
    heads = publications.heads_after(session.db, book, entry, session.waiting)
    shown = None if edition is None else editions.found(parse.required(edition, field="edition"))
    with made_from(session, meant_by(session, cut, rolled)._replace(heads=heads), shown) as found:
        yield _Again(found)


def _alone(*options: tuple[str, str | bool | None]) -> None:
    """What a publication says is not said again. Raises `Malformed`."""
    for name, typed in options:
        if typed:
            expected = "不与 --published 同写（公开时怎样生成的，账中已记）"
            value = typed if isinstance(typed, str) else f"--{name}"
            raise Malformed(Unreadable.OPTION_UNUSED, field=name, value=value, expected=expected)


def _held_against(
    said: ReportPublished, files: list[Path], contents: list[bytes]
) -> Iterator[bool | None]:
    """Whether each file is one that was made public, byte by byte; None where no such file was, or
    none that the program made. Raises `Corrupt` where it should be, and is not."""
    there = {each.sha256 for each in said.files}
    for file, each in zip(files, contents, strict=True):
        suffix = file.suffix.lower()
        digest = sha256(each).hexdigest()
        of_format = {
            one.sha256 for one in said.files if Path(one.name).suffix.lower() == suffix
        } & {*said.made}
        if digest in there:
            yield True
        elif suffix in EXACT and of_format:
            raise Corrupt(
                Damage.PUBLISHED_OTHER,
                f"由账重新生成的{suffix} 与公开时的不同：生成的 SHA-256 为 {digest}，"
                f"公开的为 {'、'.join(sorted(of_format))}；账、表样或程序版本已不同，没有写入",
            )
        else:
            yield None


def _told_of(last: Said[ReportPublished], proofs: list[bool | None]) -> PublishedAgain:
    event = last.event
    return PublishedAgain(last.book, last.entry, event.published_on, proofs)


def _told(header: Header, saved: SavedReport) -> str:
    lacking = f"，还缺 {len(saved.missing)} 处（印为【缺：…】）" if saved.missing else ""
    shown = [f"已写入 {'、'.join(saved.files)}{lacking}", *absent(header)]
    if saved.published is not UNSET:
        again = saved.published
        shown.append(f"公开  第 {again.entry} 笔，{again.published_on}，按公开时的账生成")
        for file, same in zip(saved.files, again.same, strict=True):
            if same:
                shown.append(f"{file} 与公开的文件逐字节相同")
            else:
                shown.append(f"{file} 没有可比的公开文件（没有公开这种格式、改过，或因机器而异）")
    return "\n".join(shown)


def _files(session: Session, output: list[str]) -> list[Path]:
    """The files that are meant, each once. Raises `Malformed`."""
    from cli.documents.saved import no_database

    files = [*dict.fromkeys(parse.path(each, field="output") for each in output)]
    for file in files:
        no_database(file, db=session.db, field="output")
        if file.suffix.lower() not in SUFFIXES:
            raise Malformed(
                Unreadable.FORMAT_UNKNOWN,
                field="output",
                value=str(file),
                expected=f"以 {'、'.join(SUFFIXES)} 结尾的文件名",
            )
    return files
