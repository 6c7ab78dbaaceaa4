"""What a mapped file becomes, worked out before the book is locked: canonical rows, in order.

The plan lies in a temporary database on disk, so that its size does not matter. Ids are the
source's own; without one, a digest of what the row means, whatever columns its file has, and a
count of the rows that mean the same, so that rows of an overlapping export are known again and
equal rows are kept apart.

Of a statement, which knows nothing but payments and refunds, the rows are taken by their days, and
the refunds of a day after its payments: banks write the newest first. A payment that does not say
the year of its money (形成年度) is of the one year whose line it fits, as a command's is.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self, TypeVar

import msgspec

from cli.intake.mapped.header import ExportFile, opened_source
from cli.intake.mapped.mapping import Mapping
from cli.intake.mapped.originals import Originals
from cli.intake.mapped.rows import LeftRow, MappedRow, RowReader, TotalRow
from cli.intake.rows import BadRow, CanonicalRow, Row
from cli.intake.xlsx.worksheet import letters
from ledger.canonical.asked import COLUMNS_OF_KIND, line_of
from ledger.canonical.columns import LINE_COLUMNS, RowCells
from ledger.errors import Malformed, Unreadable
from ledger.line import FUND_NAMES, BudgetLine, econs_drawn_on
from ledger.money import plain_yuan, yuan
from ledger.receipt import LeftOut, StatedTotal
from ledger.texts import folded
from projections.questions.payments import RecordedPayments

_Row = TypeVar("_Row")
_SCHEMA = """
    CREATE TABLE rows (n INTEGER PRIMARY KEY, source INTEGER, day TEXT, back INTEGER, cells BLOB);
    CREATE TABLE refunds (n INTEGER PRIMARY KEY, id TEXT, header TEXT, cells BLOB);
    CREATE TABLE seen (digest BLOB PRIMARY KEY, rows INTEGER) WITHOUT ROWID;
    CREATE TABLE origins (id TEXT PRIMARY KEY, source INTEGER, cells BLOB, less INTEGER)
        WITHOUT ROWID;
    CREATE TABLE moved (n INTEGER PRIMARY KEY, source INTEGER, id TEXT, origin TEXT, fen INTEGER,
                        cells BLOB);
    CREATE INDEX moved_origin ON moved (origin);
"""
_DIGEST = 12  # bytes
_NOT_COUNTED = frozenset(
    {
        *("purpose", "reason", "name", "authority"),
        *("pay_type", "procurement", "direct_funds", "pending", "again", "counterpart"),
    }
)
"""What says more of a row, and not which one it is."""
_OPENING = frozenset({"carry-in", "appropriate", "supplement"})
_SOUGHT = "?"
"""Stands for the payment of a refund until all rows are read."""


class Told(Protocol):
    """Passes rows through, and tells a person how many of how many are done."""

    def __call__(
        self, rows: Iterator[_Row], label: str, total: Callable[[], int | None], /
    ) -> Iterator[_Row]: ...


_encoded = msgspec.json.Encoder(order="deterministic").encode  # ids depend on it
_decoded = msgspec.json.Decoder(RowCells).decode


class Conversion:
    """The canonical rows of a mapped file, or what makes the whole of it unreadable (`failure`)."""

    def __init__(self, mapping: Mapping, recorded: RecordedPayments) -> None:
        self.sheet: str | None = None
        self.failure: BadRow | None = None
        self.left: Counter[str] = Counter()
        self.total: TotalRow | None = None
        self._mapping = mapping
        self._recorded = recorded
        self._reader = RowReader(mapping, recorded.book)
        self._database = sqlite3.connect("", isolation_level=None)  # temporary, on disk
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        self._originals = Originals(self._database, recorded, mapping.originals)
        self._is_statement = {rule.kind for rule in mapping.kinds} <= {"pay", "refund"}
        self._lines: set[BudgetLine] = set()  # that the file itself opens
        self._years = lru_cache(maxsize=1 << 12)(self._years_of)
        self._used: set[str] = set()
        self._wrong: dict[int, Malformed] = {}  # as many as will be reported
        self._sum = self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def columns(self) -> list[str]:
        """The columns of the import file that the rows use, in its order."""
        always = ("id", "date", "kind")
        return [name for name in RowCells._fields if name in self._used or name in always]

    def left_out(self) -> list[LeftOut]:
        """How many rows are no entries, by the reason; most first."""
        return [LeftOut(why, rows) for why, rows in self.left.most_common()]

    def stated(self) -> StatedTotal | None:
        """The total that the source states."""
        total = self.total
        return None if total is None else StatedTotal(total.number, total.fen)

    def place(self, column: str) -> tuple[str, str | None]:
        """What the export calls a column of ours, and its letters in a workbook."""
        header = self._reader.header
        if header is None:
            return column, None
        places = [*header.places.items(), *([("amount", header.minus)] if header.minus else [])]
        for name, place in places:
            letter = letters(place.at)
            if column in (name, place.header) or re.fullmatch(f"{letter}[0-9]+", column):
                return place.header, letter if self.sheet else None
        return column, None

    @property
    def count(self) -> int:
        """How many canonical rows there are."""
        (count,) = self._database.execute("SELECT COUNT(*) FROM rows").fetchone()
        return int(count)

    @contextmanager
    def opened(self) -> Iterator[Iterator[CanonicalRow | BadRow]]:
        """The rows, as `canonical_rows` gives those of a canonical file. Raises `Malformed`."""
        if self.failure is not None:
            raise self.failure.wrong
        yield self._rows()

    def _rows(self) -> Iterator[CanonicalRow | BadRow]:
        for n, source, cells in self._database.execute(
            f"SELECT n, source, cells FROM rows ORDER BY {self._order}"
        ):
            wrong = self._wrong.get(n)
            yield BadRow(source, wrong) if wrong is not None else Row(source, _decoded(cells))

    @property
    def _order(self) -> str:
        return "day, back, n" if self._is_statement else "n"

    def read(self, source: ExportFile, told: Told) -> None:
        """Works out every row of a source."""
        self.sheet = source.sheet
        for found in told(self._reader.rows(source), "读取", source.expected):
            match found:
                case MappedRow():
                    self._take(found)
                case TotalRow():
                    self._check_total(found)
                case LeftRow():
                    self.left[found.why] += 1
                    self._sum += found.fen
                case (number, wrong):
                    self._bad(number, wrong)
        self._match_refunds()
        for number, *moved in self._database.execute(
            "SELECT source, id, origin, cells FROM moved ORDER BY n"
        ):
            self._guarded(number, partial(self._move, number, *moved))
        self._take_less()
        self._check_merged(source)

    def _take(self, row: MappedRow) -> None:
        self._sum += row.fen
        self._count += 1
        self._guarded(row.number, partial(self._plan, row))

    def _guarded(self, number: int, plan: Callable[[], None]) -> None:
        try:
            plan()
        except Malformed as wrong:
            self._bad(number, wrong)

    def _plan(self, row: MappedRow) -> None:
        values = row.values
        kind = values["kind"]
        self._complete(values)
        used = COLUMNS_OF_KIND[kind]
        cells = RowCells(**{name: text for name in used if (text := values.get(name))})
        origin = values.get(self._mapping.moved_from, "")
        id_ = cells.id or self._counted(cells, origin)
        if kind == "pay":
            cells = self._of_year(id_, cells)
        elif kind in _OPENING:
            self._open(cells)
        elif kind == "refund" and not cells.ref:
            n = self._add(row.number, id_, cells._replace(ref=_SOUGHT))
            self._database.execute(
                "INSERT INTO refunds VALUES (?, ?, ?, ?)",
                (n, id_, row.amount_header, _encoded(cells._replace(id=id_))),
            )
            return
        if self._mapping.less is not None or self._mapping.moved_from:
            self._database.execute(
                "INSERT OR IGNORE INTO origins VALUES (?, ?, ?, ?)",
                (id_, row.number, _encoded(cells), row.less_fen),
            )
        if kind == "reallocate":
            self._database.execute(
                "INSERT INTO moved (source, id, origin, fen, cells) VALUES (?, ?, ?, ?, ?)",
                (row.number, id_, origin, row.fen, _encoded(cells)),
            )
            return
        self._add(row.number, id_, cells)

    def _complete(self, values: dict[str, str]) -> None:
        """A row that names only its indicator is about the indicator's line."""
        name = self._mapping.line_from
        if not name or values.get("func") or not values.get(name):
            return
        line = self._line_of(values[name], name)
        values |= {part: text for part, text in _parts(line).items() if not values.get(part)}

    def _line_of(self, id_: str, column: str) -> BudgetLine:
        """The line of an indicator: in this file, else in the book. Raises `Malformed`."""
        row = self._database.execute("SELECT cells FROM origins WHERE id = ?", (id_,)).fetchone()
        if row is not None:
            return line_of(_decoded(row[0]), self._recorded.book.year)
        line = self._recorded.line_of(id_) if id_ else None
        if line is None:
            expected = "本文件或账中已有的指标编号（请先导入指标）"
            raise Malformed(
                Unreadable.INDICATOR_MISSING,
                field=self._reader.header_of(column),
                value=id_,
                expected=expected,
            )
        return line

    def _match_refunds(self) -> None:
        """Finds the payments of refunds, the earliest first, when all of the file are known: a
        refund may stand above its payment."""
        refunds = [
            n
            for (n,) in self._database.execute(
                "SELECT f.n FROM refunds f JOIN rows r ON r.n = f.n ORDER BY r.day, r.n"
            )
        ]
        if not refunds:  # as in most files, which need not know their payments
            return
        for number, stored in self._database.execute("SELECT source, cells FROM rows"):
            if stored is not None and (paid := _decoded(stored)).kind == "pay":
                self._originals.add(paid.id, number, paid)
        for n in refunds:
            id_, header, stored = self._database.execute(
                "SELECT id, header, cells FROM refunds WHERE n = ?", (n,)
            ).fetchone()
            cells = _decoded(stored)
            try:
                found = self._originals.of(id_, cells, field=header)
            except Malformed as wrong:
                self._wrong[n] = wrong
            else:
                self._used |= found.filled().keys()
                self._database.execute(
                    "UPDATE rows SET cells = ? WHERE n = ?", (_encoded(found), n)
                )

    def _of_year(self, id_: str, cells: RowCells) -> RowCells:
        """A payment with the year of its money, where it does not say one and only one is meant:
        the year whose line it fits, or that it was recorded of before. Raises `Malformed` where
        several earlier ones fit; this year's is what an empty cell means."""
        if cells.origin or cells.ref or not cells.func:
            return cells
        this_year = self._recorded.book.year
        line = line_of(cells, this_year)
        years = self._years(line)
        found = next(iter(years)) if len(years) == 1 else None
        if len(years) > 1:
            found = self._recorded.origin_of(id_)
            if found is None and this_year not in years:
                raise Malformed(
                    Unreadable.ORIGIN_REQUIRED,
                    field=self._reader.header_of("origin"),
                    value="",
                    expected="形成年度：" + "、".join(map(str, sorted(years))) + " 之一",
                )
        return cells if found in (None, this_year) else cells._replace(origin=str(found))

    def _years_of(self, wanted: BudgetLine) -> frozenset[int]:
        """The years of the lines that a payment fits, whatever its own says."""
        drawn_on = econs_drawn_on(wanted.econ)
        return frozenset(
            line.origin
            for line in (*self._recorded.lines, *self._lines)
            if line.econ in drawn_on and line.purpose[:-1] == wanted.purpose[:-1]
        )

    def _open(self, cells: RowCells) -> None:
        """Notes a line that the file itself brings money to."""
        line = line_of(cells, self._recorded.book.year)
        if line not in self._lines:
            self._lines.add(line)
            self._years.cache_clear()

    def _counted(self, cells: RowCells, origin: str) -> str:
        """An id from what a row means and how many meant the same before it: neither texts that
        explain nor the year of the money, which some exports of one thing have and others not, make
        it another. `origin` is what it took its money from."""
        said = {name: text for name, text in cells.filled().items() if name not in _NOT_COUNTED}
        try:
            line = line_of(cells, self._recorded.book.year) if cells.func else None
        except Malformed:  # which recording will tell
            line = None
        if line is not None:
            said |= {**_parts(line), "origin": ""}
        said |= {name: folded(said.get(name, "")) for name in ("doc", "payee")}
        digest = sha256(_encoded({**said, "taken_from": origin})).digest()[:_DIGEST]
        (count,) = self._database.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET rows = rows + 1 "
            "RETURNING rows",
            (digest,),
        ).fetchone()
        return f"{digest.hex()}#{count}"

    def _move(self, number: int, id_: str, origin: str, stored: bytes) -> None:
        """Money that an indicator took from another: a reallocation between their lines."""
        cells = _decoded(stored)
        source = self._line_of(origin, self._mapping.moved_from)
        target = line_of(cells, self._recorded.book.year)
        if source.fund != target.fund:
            raise Malformed(
                Unreadable.REALLOCATION_FUND,
                field=self._reader.header_of("fund"),
                value=FUND_NAMES[target.fund],
                expected=f"与源指标 {origin} 相同的资金性质（{FUND_NAMES[source.fund]}）",
            )
        to = {
            f"to_{name}": str(getattr(target, name))
            for name in LINE_COLUMNS
            if getattr(target, name) != getattr(source, name)
        }
        self._add(number, id_, cells._replace(**_parts(source), **to))

    def _take_less(self) -> None:
        """What was taken from indicators beyond that: cuts, the new part of each one only."""
        less = self._mapping.less
        if less is None:
            return
        for number, *taken in self._database.execute(
            "SELECT o.source, o.id, o.cells, "
            "o.less - (SELECT COALESCE(SUM(m.fen), 0) FROM moved m WHERE m.origin = o.id) AS rest "
            "FROM origins o WHERE o.less != 0 ORDER BY o.source"
        ):
            self._guarded(number, partial(self._cut, less.kind, number, *taken))

    def _cut(self, kind: str, number: int, id_: str, stored: bytes, fen: int) -> None:
        cells = _decoded(stored)
        same = (*LINE_COLUMNS, "date", "doc", "purpose")
        given = RowCells(**{name: getattr(cells, name) for name in same}, kind=kind)
        turn = 1
        while (before := self._recorded.amount_of(f"{id_}-DIS-{turn}")) is not None:
            self._add_cut(number, f"{id_}-DIS-{turn}", given, before)
            fen -= before
            turn += 1
        if fen < 0:
            raise Malformed(
                Unreadable.AMOUNT_LESS,
                field=self._reader.header_of("less"),
                value=plain_yuan(fen),
                expected="不小于已调剂和已追减之和的金额",
            )
        if fen:
            self._add_cut(number, f"{id_}-DIS-{turn}", given, fen)

    def _add_cut(self, number: int, id_: str, given: RowCells, fen: int) -> None:
        self._add(number, id_, given._replace(amount=plain_yuan(fen)))

    def _add(self, number: int, id_: str, cells: RowCells) -> int:
        """Adds a row to the plan; its place there."""
        cells = cells._replace(id=id_)
        self._used |= cells.filled().keys()
        return self._insert(number, cells.date, cells.kind == "refund", _encoded(cells))

    def _bad(self, number: int, wrong: Malformed) -> None:
        self._wrong[self._insert(number, None, None, None)] = wrong

    def _insert(self, *row: int | str | bytes | None) -> int:
        added = self._database.execute(
            "INSERT INTO rows (source, day, back, cells) VALUES (?, ?, ?, ?)", row
        )
        assert added.lastrowid is not None  # an INSERT of one row
        return added.lastrowid

    def _check_total(self, total: TotalRow) -> None:
        """The total that the file states is the sum of the rows above it; with a row that cannot
        be read nobody knows."""
        self.total = total
        if not self._wrong and total.fen != self._sum:
            wrong = Malformed(
                Unreadable.TOTAL_DIFFERS,
                field=self._reader.header_of("amount"),
                value=yuan(total.fen),
                expected=f"此前 {self._count} 行之和 {yuan(self._sum)}"
                f"（差 {yuan(total.fen - self._sum)}）",
            )
            raise _Failed(BadRow(total.number, wrong))

    def _check_merged(self, source: ExportFile) -> None:
        """A merged area hides cells: none may lie in rows that are recorded."""
        merged = source.merged()
        if merged:
            self._database.execute("CREATE INDEX rows_source ON rows (source)")
        for first, last, ref in merged:
            (inside,) = self._database.execute(
                "SELECT EXISTS (SELECT 1 FROM rows WHERE source BETWEEN ? AND ?)", (first, last)
            ).fetchone()
            if inside:
                expected = "没有合并单元格的数据行（请取消合并，并补全每一格）"
                wrong = Malformed(
                    Unreadable.SHEET_MERGED, field="合并单元格", value=ref, expected=expected
                )
                raise _Failed(BadRow(first, wrong))


def _parts(line: BudgetLine) -> dict[str, str]:
    """A line as the cells of a row."""
    return {name: str(getattr(line, name)) for name in LINE_COLUMNS}


class _Failed(Exception):
    """What makes the whole file unreadable, and in which row."""

    def __init__(self, where: BadRow) -> None:
        super().__init__(str(where.wrong))
        self.where = where


@contextmanager
def planned(
    path: Path, mapping: Mapping, sheet: str | None, recorded: RecordedPayments, told: Told
) -> Iterator[Conversion]:
    """The plan of a file, worked out; `failure` says why there is none."""
    with Conversion(mapping, recorded) as plan:
        reached = [1]
        try:
            with opened_source(path, mapping, sheet) as source:
                try:
                    plan.read(source, told)
                finally:
                    reached[0] = source.rows.at
        except Malformed as wrong:
            plan.failure = BadRow(reached[0], wrong)
        except _Failed as failed:
            plan.failure = failed.where
        yield plan
