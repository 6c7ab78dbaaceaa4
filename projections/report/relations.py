"""Do published figures agree with each other? (X01–X08, X10: checks.toml of an edition)

A relation must hold exactly, in fen; where it does but the printed figures do not add up, the
difference lies within half a unit per figure and is only said, all of them in one line (info).
Nothing but figures is asked: who made them, and from what, does not matter.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.line import is_func_class, is_func_item
from ledger.money import hundredths_of, printed_wan, yuan
from ledger.refusals import Way
from projections.report import editions
from projections.report.editions import Edition, Relation, at, table_of
from projections.report.figures import Figures
from projections.report.findings import Finding
from projections.report.form import Cell, Nameless

ROUNDING = "ROUNDING"
"""The code of what is told of rounding, all of it at once."""
_TOLD = 5


def broken(figures: Figures) -> Iterator[Finding]:
    """Every relation that does not hold or whose print is off by more than rounding explains; then
    in one finding all those whose print differs by rounding."""
    roundings = Roundings(figures)
    rounded: list[_Rounded] = []
    for relation in figures.edition.relations:
        for code in codes(figures, relation):
            left = resolved(figures, relation.left, code)
            right = resolved(figures, relation.right, code)
            for found in _compared(figures, relation, left, right, code, roundings):
                if isinstance(found, Finding):
                    yield found
                else:
                    rounded.append(found)
    if rounded:
        yield _all_rounded(rounded)


class _Rounded(NamedTuple):
    """A relation that holds and whose print differs by rounding: what it says, by how many 0.01
    万元, and its cells."""

    says: str
    difference: int
    cells: list[str]


def _all_rounded(rounded: list[_Rounded]) -> Finding:
    told = "；".join(f"{one.says} 差 {printed_wan(one.difference)}" for one in rounded[:_TOLD])
    more = "……" if len(rounded) > _TOLD else ""
    return Finding(
        ROUNDING,
        "info",
        f"因四舍五入，{len(rounded)} 处打印数之和与合计数相差，按元全部相符"
        f"（差数为万元）：{told}{more}",
        list(dict.fromkeys(name for one in rounded for name in one.cells)),
        suggestion="在表注中写明：因四舍五入，打印数之和与合计数可能不等。",
    )


def codes(figures: Figures, relation: Relation) -> list[str]:
    """The classes or items for which a relation is asked, those that anything was spent on; one
    empty code for none."""
    if not relation.each:
        return [""]
    wanted = is_func_class if relation.each == "class" else is_func_item
    before, after = (figures.edition.cells.spent or "@").split("@")
    rows = (
        name.removeprefix(before).removesuffix(after)
        for name in figures.ids
        if name.startswith(before) and name.endswith(after)
    )
    return sorted(row for row in rows if row.isdecimal() and wanted(row))


def resolved(figures: Figures, names: tuple[str, ...], code: str) -> list[str]:
    """Cell ids with @ filled in; a row that a table does not have is nothing."""
    found = (_row_of(figures, name, code) if "@" in name else name for name in names)
    return [name for name in found if name in figures.ids]


def _row_of(figures: Figures, name: str, code: str) -> str:
    return at(name, figures.edition.forms[table_of(name)].row_of(code))


def _compared(
    figures: Figures,
    relation: Relation,
    left: list[str],
    right: list[str],
    code: str,
    roundings: "Roundings",
) -> "Iterator[Finding | _Rounded]":
    left_fen, right_fen = (sum(map(figures.number, names)) for names in (left, right))
    holds = left_fen == right_fen if relation.op == "=" else left_fen <= right_fen
    if any(figures.kind(each) != "amount" for each in (*left, *right)):
        if not holds:
            yield _counted(relation, [*left, *right], left_fen, right_fen)
        return
    name = figures.names.functional(code)
    says = f"{relation.says}（{code} {name}）" if code else relation.says
    names = [*left, *right]
    lacking = _lacking(figures.edition, relation, code)
    if not holds and lacking:
        forms = "、".join(map(figures.edition.form_number, lacking))
        wider = _wider(figures.edition, lacking, code)
        yield Finding(
            relation.code,
            relation.tier,
            f"{forms}没有 {code} {name}的行，{yuan(abs(left_fen - right_fen))} 元未列入：{says}",
            names,
            left_fen,
            right_fen,
            _NO_ROW,
            try_=[Way("amend-book", edition=each) for each in wider],
        )
        return
    if not holds:
        yield Finding(
            relation.code,
            relation.tier,
            f"{says}：{yuan(left_fen)} 元与 {yuan(right_fen)} 元不符",
            names,
            left_fen,
            right_fen,
            f"差额 {yuan(left_fen - right_fen)} 元，系……所致。",
        )
        return
    shown = {name: hundredths_of(figures.printed(name)) for name in names}
    left_shown, right_shown = (sum(shown[name] for name in side) for side in (left, right))
    agrees = left_shown == right_shown if relation.op == "=" else left_shown <= right_shown
    if not agrees:
        # Exact in fen, so what is printed can only differ by rounding; the envelope is half a
        # unit for every figure, and what lies outside is an error of rounding itself.
        difference = left_shown - right_shown
        if 2 * abs(difference) <= sum(map(roundings.behind, names)):
            yield _Rounded(says, difference, names)
            return
        yield Finding(
            relation.code,
            "error",
            f"{says}：打印数 {printed_wan(left_shown)} 与 {printed_wan(right_shown)} 万元相差"
            f" {printed_wan(difference)}，按元相符",
            names,
            left_fen,
            right_fen,
            "因四舍五入，打印数之和与合计数可能不等。",
        )


def _counted(relation: Relation, names: list[str], left: int, right: int) -> Finding:
    """Of what is counted, and not in fen."""
    return Finding(
        relation.code,
        relation.tier,
        f"{relation.says}：{left:,} 与 {right:,} 不符",
        names,
        suggestion=f"相差 {left - right:,}，核对登记的数。",
    )


def _lacking(edition: Edition, relation: Relation, code: str) -> list[int]:
    """The tables of a relation that print no row for a class, whatever the book has."""
    tables = {table_of(name) for name in (*relation.left, *relation.right) if "@" in name}
    return sorted(table for table in tables if edition.forms[table].without(code))


def _wider(edition: Edition, tables: Sequence[int], code: str) -> Iterator[str]:
    """The editions of ours that change this one and have the row in those tables."""
    for name in editions.names():
        other = editions.edition(name)
        if other.based_on == edition.name and not any(
            table in other.forms and other.forms[table].without(code) for table in tables
        ):
            yield name


_NO_ROW = (
    "功能科目列错的，用 yusuan correct 更正；没有列错的，换用有这一类的表样版本"
    "（yusuan edition list），或自备一个（yusuan edition new）。"
)


def roundings_behind(figures: Figures, name: str) -> int:
    """How many figures were rounded behind a printed cell."""
    return Roundings(figures).behind(name)


class Roundings:
    """How many figures were rounded behind a printed cell: its own, or under `stacked` rounding
    those of all its parts. The formulas follow from the form and the rows that there are."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._forms = figures.edition.forms
        self._cells: dict[int, dict[str, Cell]] = {}

    def behind(self, name: str) -> int:
        """So many, for one cell."""
        number = table_of(name)
        if self._forms[number].rounding != "stacked":
            return 1
        cell = self._table(number).get(name)
        if cell is None or not cell.spec.parts:
            return 1
        return sum(self.behind(part) for _, part in cell.spec.parts)

    def _table(self, number: int) -> dict[str, Cell]:
        if number not in self._cells:
            form = self._forms[number]
            ids = (name for name in self._figures.ids if name.startswith(form.id("")))
            made = form.cells({form.row_in(name) for name in ids}, Nameless())
            self._cells[number] = {cell.id: cell for cell in made}
        return self._cells[number]
