"""An edition as a folder: read strictly, and everything that is wrong with it told at once, each
with file, line, value and what would be right.

`edition.toml` says which tables there are and what rules call their cells, `tableN.toml` one table
each, `checks.toml` the relations between cells, `performance.toml` how 绩效自评 is scored.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast

import msgspec
from msgspec.structs import asdict, astuple, replace

from ledger.errors import Malformed, Unreadable, WrongCell, WrongCells
from ledger.line import Fund
from ledger.texts import one_line, unfit
from ledger.toml import NotRight, Where, Wrong, line_of, shown
from ledger.toml import read as read_toml
from projections.report import editions
from projections.report.editions import (
    CHAPTERS,
    NARRATIVE,
    Edition,
    ItemCells,
    NamedCells,
    Relation,
    table_of,
)
from projections.report.figures import UNIT
from projections.report.form import (
    SAMPLE,
    Cell,
    Label,
    Mention,
    Nameless,
    Names,
    Printing,
    Rounding,
)
from projections.report.layouts import AnyForm
from projections.report.layouts.sides import Sides
from projections.report.layouts.tree import Tree
from projections.report.performance.rules import ScoringRules

if TYPE_CHECKING:
    from projections.report.narrative.announced import Announced

_T = TypeVar("_T")
SHEET, CHECKS, PERFORMANCE = "edition.toml", "checks.toml", "performance.toml"
_FILES = (SHEET, CHECKS, PERFORMANCE, *CHAPTERS)
_TABLE = re.compile(r"table([1-9][0-9]?)\.toml")
_SIZE_MAX = 1 << 20
_FILES_MAX = 120


class SaidPrinting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an edition is printed, as far as it says: else as its base is."""

    nil: Literal["", "0.00"] | None = None
    separators: bool | None = None
    row_numbers: bool | None = None
    column_numbers: bool | None = None
    rounding: Rounding | None = None
    """That of every table, whatever the table says."""
    tell_stacked: bool = False
    """Whether it is told which cells would print otherwise if sums added up printed parts."""


class EditionFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """edition.toml: the tables in the order of print, and what concerns all of them."""

    title: Label
    tables: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=1, le=99)], ...], msgspec.Meta(min_length=1)
    ]
    based_on: str | None = None
    three_public_funds: Annotated[tuple[Fund, ...], msgspec.Meta(min_length=1)] | None = None
    print: SaidPrinting = SaidPrinting()
    titles: dict[str, Label] = {}
    cells: NamedCells = NamedCells()


class ChecksFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """checks.toml: relations of its own, and the codes of those that it keeps of its base; where it
    does not say, all whose cells are there."""

    keeps: tuple[str, ...] | None = None
    relation: tuple[Relation, ...] = ()


def read(folder: Path, *, ours: bool = False) -> Edition:
    """The edition of a folder; its name is the folder's. Raises `Malformed`, and `WrongCells` with
    all that is wrong in its files."""
    return _Reader(folder, ours=ours).edition()


class _Reader:
    """One reading of a folder. Faults are gathered; an edition with any is none."""

    def __init__(self, folder: Path, *, ours: bool) -> None:
        self._folder = folder
        self._ours = ours
        self._faults: list[WrongCell] = []
        self._bytes = dict(self._contents())

    def sha256(self) -> str:
        """The digest of its files."""
        made = hashlib.sha256()
        for name, data in self._bytes.items():
            made.update(name.encode() + b"\x1f" + data)
        return made.hexdigest()

    def edition(self) -> Edition:
        """The edition. Raises `WrongCells`."""
        sheet = self._read(SHEET, EditionFile)
        base = self._base(sheet) if sheet else None
        forms = self._forms(sheet, base) if sheet else {}
        checks = self._read(CHECKS, ChecksFile) if CHECKS in self._bytes else ChecksFile()
        scoring = self._scoring(base)
        chapters = self._chapters(base)
        if sheet is None or checks is None or self._faults:
            raise self._wrong_cells()
        made = Edition(
            editions.as_named(self._folder).name,
            self._folder,
            "" if self._ours else self.sha256(),
            sheet.title,
            sheet.based_on,
            sheet.three_public_funds or (base.three_public_funds if base else (Fund.GENERAL,)),
            _printing(sheet.print, base),
            sheet.print.tell_stacked,
            forms,
            NamedCells(),
            (*checks.relation, *(base.relations if base else ())),
            chapters,
            scoring,
        )
        cells = _cells(made, Nameless())
        announced = self._announced(made, cells)
        if announced is not None:  # words have no 合计
            cells = _cells(made, announced)
        made = made._replace(
            cells=_named(sheet.cells, base, cells),
            relations=(*checks.relation, *_kept(checks, base, cells)),
        )
        self._examine(made, sheet, checks, base, cells)
        if announced is not None:
            self._examine_quotes(made, sheet, checks, announced, cells)
        if self._faults:
            raise self._wrong_cells()
        return made

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        """The files, by name. Hidden ones (those of a file manager) do not count, and of those that
        do not belong there no more are told than anybody reads. Only what is a file is opened."""
        try:
            files = sorted(file for file in self._folder.iterdir() if file.name[0] != ".")
        except OSError:
            files = []
        if SHEET not in (file.name for file in files):
            expected = f"表样版本的文件夹，其中有 {SHEET}（yusuan edition new 建一个）"
            value = str(self._folder)
            raise Malformed(
                Unreadable.EDITION_UNKNOWN, field="edition", value=value, expected=expected
            )
        strange = 0
        for file in files:
            known = file.name in _FILES or _TABLE.fullmatch(file.name)
            if known and file.is_file() and file.stat().st_size <= _SIZE_MAX:
                yield file.name, file.read_bytes()
                continue
            strange += not known
            if strange <= _FILES_MAX:
                named = "、".join(_FILES)
                expected = f"{named}、table1.toml 至 table99.toml，各不超过 1 MB 的文件"
                self._fault(file.name, 1, (), file.name, expected)

    def _read(self, name: str, kind: type[_T]) -> _T | None:
        """A file of the folder; None where it is wrong, which is kept."""
        data = self._bytes.get(name)
        if data is None:  # it is there, and cannot be read: that is told already
            return None
        try:
            made = read_toml(data, kind)
        except NotRight as error:
            self._fault(name, error.line, *error.wrong)
            return None
        for number, line in enumerate(data.decode("utf-8-sig").split("\n"), 1):
            if unfit(line.rstrip("\r").replace("\t", " ")):
                self._fault(name, number, (), one_line(line.strip()), "没有控制字符和不可见字符")
        return made

    def _base(self, sheet: EditionFile) -> Edition | None:
        if sheet.based_on is None:
            return None
        if sheet.based_on not in editions.names() or (
            self._ours and sheet.based_on == self._folder.name
        ):
            expected = "、".join(editions.names()) + " 之一"
            self._wrong(SHEET, Wrong(("based_on",), sheet.based_on, expected))
            return None
        return editions.edition(sheet.based_on)

    def _scoring(self, base: Edition | None) -> ScoringRules | None:
        """How it scores: as it says, else as its base does."""
        if PERFORMANCE not in self._bytes:
            return base.scoring if base else None
        said = self._read(PERFORMANCE, ScoringRules)
        for wrong in (*_of_texts((), msgspec.to_builtins(said)), *(said.wrong() if said else ())):
            self._wrong(PERFORMANCE, wrong)
        return said

    def _forms(self, sheet: EditionFile, base: Edition | None) -> dict[int, AnyForm]:
        found: dict[int, AnyForm] = {}
        for position, number in enumerate(sheet.tables):
            name, where = f"table{number}.toml", ("tables", position)
            if number in found:
                self._wrong(SHEET, Wrong(where, str(number), "每个表号一次"))
            elif name in self._bytes:
                form = self._read(name, cast("type[AnyForm]", AnyForm))
                if form is None:
                    continue
                if form.number != number:
                    self._wrong(name, Wrong(("number",), str(form.number), f"{number}（同文件名）"))
                for wrong in (*_of_texts((), msgspec.to_builtins(form)), *_of_form(form)):
                    self._wrong(name, wrong)
                found[number] = form
            elif base is not None and number in base.forms:
                found[number] = base.forms[number]
            else:
                expected = f"有 {name} 的表号" + (f"，或 {base.name} 有的表号" if base else "")
                self._wrong(SHEET, Wrong(where, str(number), expected))
        for name in self._bytes:
            table = _TABLE.fullmatch(name)
            if table and int(table[1]) not in sheet.tables:
                self._fault(name, 1, (), name, f"{SHEET} 的 tables 所列表号")
        for key in sheet.titles:
            if key not in map(str, sheet.tables):
                self._wrong(SHEET, Wrong(("titles", key), key, "tables 所列的表号"))
        rounding = sheet.print.rounding
        return {
            number: replace(
                form,
                title=sheet.titles.get(str(number), form.title),
                rounding=rounding or form.rounding,
            )
            for number, form in found.items()
        }

    def _chapters(self, base: Edition | None) -> dict[str, tuple[bytes, ...]]:
        """The files beside the tables: those of the base, and over them its own."""
        found = dict(base.chapters) if base else {}
        for name in CHAPTERS:
            if name in self._bytes:
                found[name] = (*found.get(name, ()), self._bytes[name])
        return found

    def _of_narrative(self, made: Edition, cells: list[Cell]) -> Iterator[Wrong]:
        """What is wrong with its narrative, which those of ours have proved by tests (P39)."""
        if self._ours or NARRATIVE not in self._bytes:
            return
        from projections.report.narrative.data import NarrativeFile, of_edition
        from projections.report.narrative.faults import faults

        file = self._read(NARRATIVE, NarrativeFile)
        if file is not None:
            yield from _of_texts((), msgspec.to_builtins(file))
            yield from faults(file, of_edition(made), [cell.id for cell in cells])

    def _examine(
        self,
        made: Edition,
        sheet: EditionFile,
        checks: ChecksFile,
        base: Edition | None,
        cells: list[Cell],
    ) -> None:
        """What is said of all tables together, and the types do not say."""
        for wrong in (*_of_texts((), msgspec.to_builtins(sheet)), *_of_titles(sheet)):
            self._wrong(SHEET, wrong)
        for wrong in _of_texts((), msgspec.to_builtins(checks)):
            self._wrong(CHECKS, wrong)
        always = [cell for form in made.forms.values() for cell in form.cells((), Nameless())]
        for wrong in _of_cells(sheet.cells, cells, always):
            self._wrong(SHEET, wrong)
        for wrong in _of_checks(checks, made, base, cells):
            self._wrong(CHECKS, wrong)
        for wrong in self._of_narrative(made, cells):
            self._wrong(NARRATIVE, wrong)

    def _announced(self, made: Edition, cells: list[Cell]) -> "Announced | None":
        """The figures beside the tables, if those that the tables quote are right; None where they
        quote none."""
        if not made.quotes:
            return None
        from projections.report.narrative.announced import Announced
        from projections.report.narrative.data import of_edition
        from projections.report.narrative.quoted import circles, unknown

        try:
            narrative = of_edition(made)
        except NotRight:  # which is told where it is examined
            return None
        announced = Announced(made, narrative)

        def found(name: str) -> list[Cell]:
            return [cell for cell in cells if _matching(name, [cell])]

        wrong = [*unknown(made, announced, found)]
        wrong = wrong or [*circles(made, announced, found, cells)]
        for table, each in wrong:
            self._wrong(f"table{table}.toml", each)
        return None if wrong else announced

    def _examine_quotes(
        self,
        made: Edition,
        sheet: EditionFile,
        checks: ChecksFile,
        announced: "Announced",
        cells: list[Cell],
    ) -> None:
        """What only amounts, or only what adds up, can be."""
        from projections.report.narrative.announced import measured
        from projections.report.narrative.quoted import mixed, one_kind

        for table, wrong in mixed(made, announced, cells):
            self._wrong(f"table{table}.toml", wrong)
        for where, name in _cells_named(sheet.cells):
            if announced.of(name) != measured(UNIT):
                self._wrong(SHEET, Wrong(where, name, "金额的单元格"))
        for position, relation in enumerate(checks.relation):
            names = (*relation.left, *relation.right)
            if names and not one_kind(announced, names):
                expected = "同是金额、或单位相同的个数的单元格"
                self._wrong(CHECKS, Wrong(("relation", position), relation.says, expected))

    def _wrong(self, name: str, wrong: Wrong) -> None:
        text = self._bytes[name].decode("utf-8-sig")
        self._fault(name, line_of(text, wrong.where), *wrong)

    def _fault(self, name: str, line: int, where: Where, value: str, expected: str) -> None:
        at = shown(where)
        unreadable = Unreadable.EDITION_MALFORMED
        wrong = Malformed(unreadable, field=at or name, value=value, expected=expected)
        file = str(self._folder.joinpath(name))
        self._faults.append(WrongCell.of(wrong, file=file, row=line, column=at, header=at or name))

    def _wrong_cells(self) -> WrongCells:
        first = self._faults[0]
        field = f"{first.file} 第 {first.row} 行 {first.column}".rstrip()
        malformed = Malformed(
            Unreadable.EDITION_MALFORMED, field=field, value=first.value, expected=first.expected
        )
        return WrongCells(malformed, self._faults)


def _kept(checks: ChecksFile, base: Edition | None, cells: list[Cell]) -> list[Relation]:
    """The relations of the base that stay: those of the codes that are said, else all whose cells
    are there."""
    if base is None:
        return []
    if checks.keeps is not None:
        return [each for each in base.relations if each.code in checks.keeps]
    return [
        each
        for each in base.relations
        if all(_matching(name, cells) for name in (*each.left, *each.right))
    ]


def _printing(said: SaidPrinting, base: Edition | None) -> Printing:
    """What is said, laid over what the base has."""
    made = base.printing if base else Printing()
    told = {name: getattr(said, name) for name in Printing._fields}
    return made._replace(**{name: value for name, value in told.items() if value is not None})


def _named(said: NamedCells, base: Edition | None, cells: list[Cell]) -> NamedCells:
    """The named cells: what is said, laid over those of the base that are there."""
    if base is None:
        return said
    inherited: dict[str, Any] = {}
    for key, value in asdict(base.cells).items():
        kept = value
        if isinstance(value, dict):
            kept = {part: name for part, name in value.items() if _matching(name, cells)}
        elif isinstance(value, ItemCells):
            kept = value if all(_matching(name, cells) for name in astuple(value)) else None
        elif value is not None and not _matching(value, cells):
            kept = None
        inherited[key] = getattr(said, key) or kept
    return NamedCells(**inherited)


def _cells(made: Edition, names: Names) -> list[Cell]:
    """Its cells, with codes that stand for all that a book may bring: one of each kind, and those
    that relations name."""
    codes = [*SAMPLE, *re.findall(r"\b[0-9]{7}\b", str(made.relations))]
    return [cell for form in made.forms.values() for cell in form.cells(codes, names)]


def _of_texts(where: Where, value: object) -> Iterator[Wrong]:
    """Texts that hold what no door lets in, however it was written; a label may break its line."""
    if isinstance(value, str):
        breaks = where[-1] in ("label", "over") if where else False
        if unfit(value.replace("\n", " ") if breaks else value):
            yield Wrong(where, one_line(value), "没有控制字符和不可见字符的文字")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _of_texts((*where, key), each)
    elif isinstance(value, list | tuple):
        for position, each in enumerate(value):
            yield from _of_texts((*where, position), each)


def _of_form(form: AnyForm) -> Iterator[Wrong]:
    """A table by itself: names that stand twice, formulas that name nothing or themselves, leaves
    without a measure, and what only its layout knows."""
    for key in ("title", "empty"):
        yield from _placeholders((key,), getattr(form, key) or "")
    known: set[str] = set()
    for where, name in form.named():
        if name in known:
            yield Wrong(where, name, "每个编号一次")
        known.add(name)
    mentions = list(form.mentions())
    for mention in mentions:
        if mention.name not in known:
            yield Wrong(mention.where, mention.name, "本表已有的行、栏或科目")
    yield from _circles(mentions)
    for where, selected in form.leaves():
        if selected is None:
            yield Wrong(where, "没有 measure", "写明取数 measure，如 expenditure")
    yield from form.wrong()


def _circles(mentions: list[Mention]) -> Iterator[Wrong]:
    """Formulas that lead back to themselves, each circle once; and sums of sums that are too deep
    or too wide to be followed."""
    parts: dict[str, list[Mention]] = {}
    for mention in mentions:
        parts.setdefault(mention.owner, []).append(mention)
    depth: dict[str, int] = {}
    ways: dict[str, int] = {}

    def follow(name: str, path: tuple[str, ...]) -> Iterator[Wrong]:
        deepest, leaves = 0, 0
        for mention in parts.get(name, ()):
            if mention.name in path:
                circle = "→".join((*path[path.index(mention.name) :], mention.name))
                yield Wrong(mention.where, circle, "不含自身的公式")
            elif len(path) > _DEPTH_MAX:
                yield Wrong(mention.where, mention.name, f"不超过 {_DEPTH_MAX} 层的公式")
            else:
                if mention.name not in depth:
                    yield from follow(mention.name, (*path, mention.name))
                deepest = max(deepest, depth.get(mention.name, 0))
                leaves += ways.get(mention.name, 0)
        depth[name], ways[name] = deepest + 1, leaves or 1
        if (name and deepest < _DEPTH_MAX < leaves // _WIDE) or depth[name] == _DEPTH_MAX + 1:
            told = parts[name][0].where
            yield Wrong(told, name, f"不超过 {_DEPTH_MAX} 层、{_DEPTH_MAX * _WIDE:,} 项的公式")

    for owner in list(parts):
        if owner and owner not in depth:
            yield from follow(owner, (owner,))


_DEPTH_MAX, _WIDE = 40, 2_000


def _placeholders(where: Where, text: str) -> Iterator[Wrong]:
    """A title or sentence that cannot be filled."""
    if re.search(r"[{}]", re.sub(r"\{(year|name)\}", "", text)):
        yield Wrong(where, text, "只含 {year}、{name} 两种占位的文字")


def _of_titles(sheet: EditionFile) -> Iterator[Wrong]:
    for key, title in sheet.titles.items():
        yield from _placeholders(("titles", key), title)


def _matching(name: str, cells: list[Cell]) -> bool:
    """Whether there is a cell of this id; an @ is the row of any code."""
    if "@" not in name:
        return any(cell.id == name for cell in cells)
    wanted = re.compile("[^.]+".join(map(re.escape, name.split("@"))))
    return any(wanted.fullmatch(cell.id) for cell in cells)


def _of_cells(said: NamedCells, cells: list[Cell], always: list[Cell]) -> Iterator[Wrong]:
    """Named cells that there are not, or not in every book."""
    for where, name in _cells_named(said):
        by_code = where[1] in ("spent", "spent_by", "general_basic_econ")
        if by_code != ("@" in name):
            expected = "含一个 @（科目编码）的单元格" if by_code else "不含 @ 的单元格"
            yield Wrong(where, name, expected)
        elif not _matching(name, cells):
            yield Wrong(where, name, "各表中有的单元格，如 T1.1")
        elif not by_code and not _matching(name, always):
            yield Wrong(where, name, "任何账套都有的单元格（不是某一科目、项目的行）")


def _cells_named(said: NamedCells) -> Iterator[tuple[Where, str]]:
    """The named cells, and where each is named."""
    for key in said.__struct_fields__:
        value = getattr(said, key)
        if isinstance(value, ItemCells):
            for one in value.__struct_fields__:
                yield ("cells", key, one), getattr(value, one)
        elif isinstance(value, dict):
            for one, name in value.items():
                yield ("cells", key, str(one)), name
        elif value is not None:
            yield ("cells", key), value


def _of_checks(
    checks: ChecksFile, made: Edition, base: Edition | None, cells: list[Cell]
) -> Iterator[Wrong]:
    """Relations between cells that there are not."""
    kept = {relation.code for relation in base.relations} if base else set()
    for position, code in enumerate(checks.keeps or ()):
        if code not in kept:
            expected = "、".join(sorted(kept)) + " 之一" if kept else "没有（未写 based_on）"
            yield Wrong(("keeps", position), code, expected)
    for position, relation in enumerate(checks.relation):
        where: Where = ("relation", position)
        if not relation.left or not relation.right:
            yield Wrong(where, relation.says, "left、right 各至少一个单元格")
        for key, names in (("left", relation.left), ("right", relation.right)):
            for at, name in enumerate(names):
                if ("@" in name) != bool(relation.each):
                    expected = "含 @ 的单元格" if relation.each else "不含 @ 的单元格（未写 each）"
                    yield Wrong((*where, key, at), name, expected)
                elif not _matching(name, cells):
                    yield Wrong((*where, key, at), name, "各表中有的单元格，如 T1.1")
        if relation.each:
            yield from _of_each((*where, "each"), relation, made)
    for relation in made.relations:
        if relation in checks.relation:
            continue
        for name in (*relation.left, *relation.right):
            if not _matching(name, cells):
                yield Wrong(("keeps",), relation.code, f"不沿用（本版本没有 {name}）")


def _of_each(where: Where, relation: Relation, made: Edition) -> Iterator[Wrong]:
    """A relation for each code of a book whose 支出 stands by functional code, between tables whose
    rows are such codes."""
    spent = made.cells.spent
    if spent is None or not isinstance(made.forms[table_of(spent)], Tree):
        expected = f"{SHEET} 的 cells.spent（逐科目核对须有按功能科目的支出表）"
        yield Wrong(where, relation.each, expected)
    for name in (*relation.left, *relation.right):
        if not isinstance(made.forms.get(table_of(name)), Tree | Sides):
            yield Wrong(where, name, "按功能科目的表（tree 或 sides）中的单元格")
