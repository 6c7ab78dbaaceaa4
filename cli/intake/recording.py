"""Rows recorded one after another in one transaction, and what became of each."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from cli.intake.encoding import lines_below_the_header
from cli.intake.own_rows import OwnRows
from cli.intake.rows import BadRow, CanonicalRow
from ledger import parse
from ledger.book import BookId
from ledger.canonical.asked import parts_of, request_of
from ledger.canonical.columns import ALIASES, LINE_COLUMNS, RowCells
from ledger.decisions.registry import PROJECT
from ledger.errors import Malformed
from ledger.line import BudgetLine, econs_drawn_on
from ledger.proofs.head import Head
from ledger.receipt import Imported, RejectedRow, Remarked, RowFacts
from ledger.refusals import Instead, Refused, WayOut
from ledger.requests import Request
from ledger.rules.cautions import Remark, undone
from ledger.rules.older_money import OlderMoney
from ledger.rules.uncovered import Take, Where, on_days
from ledger.store.writing import Recorded, Writing

if TYPE_CHECKING:
    from cli.intake.mapped.plan import Conversion


PAGE = 500
"""So many rows are read ahead, so that the log is asked for their ids once."""
WHOLE_ROW = "行"
"""What stands for a column where a row as a whole is wrong."""


class Rejected(NamedTuple):
    """Why a row was not recorded; `exit_code` is 2 for bad input and 3 for a rule. `complaint` does
    not name the column. `cell` is where it stands in a workbook."""

    row: int
    column: str
    value: str
    code: str
    complaint: str
    ways_out: list[WayOut]
    exit_code: int
    cell: str | None = None
    facts: RowFacts | None = None

    @property
    def message(self) -> str:
        """The whole sentence: that of bad input names its column."""
        return f"{self.column}：{self.complaint}" if self.exit_code == 2 else self.complaint

    def told(self) -> RejectedRow:
        """The row as contract §3 reports it."""
        return RejectedRow(
            row=self.row,
            column=self.column,
            cell=self.cell or UNSET,
            value=self.value,
            code=self.code,
            message=self.message,
            facts=self.facts or UNSET,
            try_=self.ways_out,
        )


TOLD = 100
"""Remarks of one kind that are told each by itself."""


class Outcome:
    """What became of the rows. `takes` is what they took that may not have been there on its day;
    `ahead`, of a dry run, is what they would change."""

    def __init__(self, path: Path, plan: "Conversion | None" = None) -> None:
        self.path = path
        self.plan = plan
        self.rows = 0
        self.recorded = 0
        self.already = 0
        self.pending = 0
        self.rejected: list[Rejected] = []
        self._warned: dict[Remark, list[int]] = {}
        """Remarks, with the rows that they were met on: how many, and the first."""
        self._told: Counter[str] = Counter()
        self.takes: dict[tuple[Where, date], Take] = {}
        self.ahead: Counter[tuple[Where, date]] | None = None

    def expected(self) -> int:
        """How many rows there are, about."""
        return self.plan.count if self.plan is not None else lines_below_the_header(self.path)

    def take(self, recorded: Recorded, row: int) -> None:
        """Notes what a row took, by line and day."""
        for take in recorded.doubtful:
            of_day = self.takes.get((take.where, take.day), take._replace(fen=0, rows=0, row=row))
            self.takes[take.where, take.day] = of_day._replace(
                fen=of_day.fen + take.fen, rows=of_day.rows + 1
            )
        if self.ahead is not None:
            self.ahead.update(on_days(recorded.entries))

    @property
    def failed_at(self) -> int:
        """The row in which a file turned out to be unreadable."""
        return 1 if self.plan is None or self.plan.failure is None else self.plan.failure.number

    def reject(self, wrong: Malformed, row: int) -> None:
        """Notes input that cannot be read."""
        self._reject(row, wrong.field, wrong.value, wrong.code, wrong.complaint, [], 2)

    def refuse(self, refused: Refused, row: int, cells: RowCells) -> None:
        """Notes a row that a rule forbids."""
        column = _column(refused.about, cells)
        value = getattr(cells, column, "")
        facts = RowFacts.of(refused)
        ways_out = in_columns(refused.ways_out, cells)
        self._reject(row, column, value, refused.code, str(refused), ways_out, 3, facts)

    def _reject(
        self,
        row: int,
        column: str,
        value: str,
        code: str,
        complaint: str,
        ways_out: list[WayOut],
        exit: int,
        facts: RowFacts | None = None,
    ) -> None:
        """A mapped row is told as its source has it: by its own header, and where it stands."""
        cell = None
        if self.plan is not None:
            name, letters = self.plan.place(column)
            column, cell = name, f"{letters}{row}" if letters else None
        self.rejected.append(
            Rejected(row, column, value, code, complaint, ways_out, exit, cell, facts)
        )

    def remark(self, remarks: Iterable[Remark], row: int, *, rows: int = 1) -> None:
        """Notes what should be looked at in a row, or in several from that one on; of what differs
        on every row the first of a kind are told, and the others counted."""
        for remark in remarks:
            told = remark
            if remark not in self._warned:
                if self._told[remark.code] >= TOLD:
                    told = Remark(remark.code, "还有同类提醒，未逐条列出")
                self._told[remark.code] += 1
            self._warned.setdefault(told, [0, row])[0] += rows

    def told(self, book: BookId, head: Head, *, dry_run: bool, kept: bool) -> Imported:
        """The receipt of contract §3; `head` is where the book stands now."""
        abandoned = bool(self.rejected) and not kept
        first = self.rejected[0] if self.rejected else None
        plan = self.plan
        return Imported(
            ok=not self.rejected,
            book=str(book),
            code=UNSET if first is None else first.code,
            message=UNSET if first is None else first.message,
            rows=self.rows,
            recorded=0 if abandoned or dry_run else self.recorded,
            would_record=self.recorded,
            already=self.already,
            pending=0 if abandoned else self.pending,
            dry_run=dry_run,
            sheet=UNSET if plan is None else plan.sheet,
            left_out=UNSET if plan is None else plan.left_out(),
            total=UNSET if plan is None else plan.stated(),
            rejected=[rejected.told() for rejected in self.rejected],
            warnings=[
                Remarked(remark.code, remark.message, rows, first, remark.facts)
                for remark, (rows, first) in sorted(
                    self._warned.items(), key=lambda met: -met[1][0]
                )
            ],
            head=head.printed(),
        )


def record_rows(
    writing: Writing,
    rows: Iterator[CanonicalRow | BadRow],
    outcome: Outcome,
    *,
    year: int,
    register: bool,
    ids: Callable[[], Collection[str]],
) -> None:
    """Records the rows one after another in one transaction; bad ones are noted, not raised. `ids`
    tells those of the whole file that are digits."""
    own, older = OwnRows(writing, ids), OlderMoney(writing.state)
    while page := [_read(row, year) for row in islice(rows, PAGE)]:
        asked = [request for _, _, request in page if isinstance(request, Request)]
        writing.foresee(name for each in asked for name in (each.key, each.ref) if name)
        for number, cells, request in page:
            outcome.rows += 1
            try:
                if isinstance(request, Malformed):
                    raise request
                own.once(request.key)
                if register:
                    _register(writing, request, cells)
                recorded = writing.record(own.meant(request))
                own.answered(request.key, recorded.entries[-1].number, number)
            except Malformed as wrong:
                own.refuse(cells.id, number)
                outcome.reject(wrong, number)
            except Refused as refused:
                own.refuse(cells.id, number)
                outcome.refuse(own.told(refused), number, cells)
            else:
                outcome.pending += recorded.waits
                if recorded.already:
                    outcome.already += 1
                    if recorded.undone is not None:
                        outcome.remark((undone(recorded.undone, row=number),), number)
                else:
                    outcome.recorded += 1
                    outcome.take(recorded, number)
                    if request.kind == "pay" and not (cells.origin or cells.ref):
                        outcome.remark(older.beside(recorded.entries[-1].event), number)
                    if recorded.cautions:
                        outcome.remark(recorded.cautions, number)
    outcome.rejected.sort(key=attrgetter("row"))  # a statement's are taken by their days


def _read(row: CanonicalRow | BadRow, year: int) -> tuple[int, RowCells, Request | Malformed]:
    """The number of a row, its cells, and what it asks for or what is wrong with it."""
    if isinstance(row, BadRow):
        return row.number, RowCells(), row.wrong
    try:
        return row.number, row.cells, request_of(row.cells, year=year, columns=row.columns)
    except Malformed as wrong:
        return row.number, row.cells, wrong


def _register(writing: Writing, request: Request, cells: RowCells) -> None:
    """Registers the project of a row where the book has none of its code."""
    code = cells.project
    if not code or code in writing.state.projects or code == "-":
        return
    unknown = Request.of(PROJECT)(
        code=parse.project_code(code),
        name=parse.text(cells.name, field="name") or code,
        occurred_on=request.given["occurred_on"],
        doc="",
        reason="",
    )
    if request.kind != unknown.kind:
        writing.record(unknown)


def _column(about: str, cells: RowCells) -> str:
    """The column of a row that says what a refusal is about; the whole row where none does."""
    if about == "line":
        return "func"
    if about.startswith("to_") and not getattr(cells, about, ""):
        about = about.removeprefix("to_")  # a part that is left out is the giver's
    if about == "month" and not cells.month:
        return "date"  # which says the month then
    if about == "ref" and cells.payment:
        return "payment"  # the entries that such a row names
    return about if about in ALIASES else WHOLE_ROW


def in_columns(ways_out: Sequence[WayOut], cells: RowCells) -> list[WayOut]:
    """The ways out for a row, which says a line by its parts: of a line that is to be another,
    those that the row says otherwise, or that tell the offered lines apart. The 款 of a payment
    agrees with any line that it may be drawn on."""
    lines = [
        line
        for way in ways_out
        if isinstance(way, Instead)
        and isinstance(line := dict(way.options).get("line"), BudgetLine)
    ]
    said = parts_of(cells)

    def differs(name: str) -> bool:
        given, offered = said[name], {str(getattr(line, name)) for line in lines}
        if name == "econ" and given and offered <= set(econs_drawn_on(given)):
            return False
        return len(offered) > 1 or (bool(given) and {given} != offered)

    names = [name for name in LINE_COLUMNS if lines and differs(name)] or LINE_COLUMNS

    def of_row(way: WayOut) -> WayOut:
        options = dict(way.options) if isinstance(way, Instead) else {}
        line = options.pop("line", None)
        if not isinstance(line, BudgetLine):
            return way
        return Instead(**{name: str(getattr(line, name)) for name in names} | options)

    return [of_row(way) for way in ways_out]


_COLUMN_OF_OPTION = {"key": "id", "to_fund": "fund"}
"""Where a file says what an option says; what is taken and what it becomes have one fund."""


def in_row(way: Instead) -> str:
    """A way out that changes what was asked, for the row of a file."""
    return "，".join(
        f"{_COLUMN_OF_OPTION.get(name, name)} 栏改为 {'是' if value is True else value}"
        for name, value in way.options
    )
