"""What a wrong figure equals instead, where that is one thing: another figure, the same in another
scope of money (当年, 全部), what was rounded twice, a share that makes 100 %, last year's figure.

Searched in this order. Figures that are made of the same facts are one, and called by the first of
them by table that is no part of another.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from projections.report.against.known import named
from projections.report.against.said import PrintedNumber, exact, exact_place, rounded
from projections.report.figure import Figure, Report
from projections.report.figures import FigureKind
from projections.report.findings import CauseKind
from projections.report.selection import ORIGIN_NAMES, Origin


class Found(NamedTuple):
    """A cause: the figure that it names, and a sentence of it."""

    kind: CauseKind
    cell: str
    told: str


_SIGNIFICANT = 100
"""What is printed with fewer than three digits equals figures by chance."""


_ByNumber = dict[Fraction, dict[int, Figure]]
"""By their numbers figures, each by its place in the report."""


class Causes:
    """Why figures of a report were printed as they were; `numbers` are all that were printed."""

    def __init__(self, report: Report, numbers: Mapping[str, PrintedNumber]) -> None:
        self._report = report
        self._numbers = numbers
        self._by: dict[tuple[FigureKind, Fraction | None], _ByNumber] = {}

    def of(self, figure: Figure, number: PrintedNumber) -> Found | None:
        """What a figure that was printed as this number equals instead. None where nothing, or
        more than one thing, explains it: least of all a nil, which equals too much."""
        if not number.value:
            return None
        searches = (
            self._another,
            self._other_scope,
            self._rounded_otherwise,
            self._shares,
            self._last_year,
        )
        for search in searches:
            found = list(search(figure, number))
            if len(found) == 1:
                return found[0]
        return None

    def _another(self, figure: Figure, number: PrintedNumber) -> Iterator[Found]:
        """Another cell of the tables, else another figure beside them; of what is counted or scored
        only one of its own section, since small numbers are everywhere."""
        equal = [each for each in self._equal(figure.kind, number) if each.id != figure.id]
        if figure.kind not in ("amount", "percent"):
            section = ".".join(figure.id.split(".")[:2]) + "."
            equal = [each for each in equal if each.id.startswith(section)]
        tables = [each for each in equal if each.id in self._report.cells.all]
        groups: dict[object, list[Figure]] = {}
        for each in tables or equal:
            groups.setdefault(_made_of(self._report, each), []).append(each)
        for group in groups.values():
            first = _first(group)
            yield Found("cell", first.id, f"所印的是{named(self._report, first)}")

    def _equal(self, kind: FigureKind, number: PrintedNumber) -> list[Figure]:
        """The figures of a kind that are printed so, or that round to what was printed, in their
        order."""
        found = dict(self._at(kind, None).get(number.value, {}))
        if number.value >= _SIGNIFICANT * number.place:
            found |= self._at(kind, number.place).get(number.value, {})
        return [figure for _, figure in sorted(found.items())]

    def _at(self, kind: FigureKind, place: Fraction | None) -> _ByNumber:
        """The figures of a kind by their numbers rounded to a place, else to that of the
        edition."""
        if (kind, place) not in self._by:
            by: _ByNumber = {}
            for at, figure in enumerate(self._report.every()):
                number = exact(figure) if figure.kind == kind else None
                if number is not None:
                    by.setdefault(rounded(number, place or exact_place(figure)), {})[at] = figure
            self._by[kind, place] = by
        return self._by[kind, place]

    def _other_scope(self, figure: Figure, number: PrintedNumber) -> Iterator[Found]:
        """The same, of this year's money only, of carry-over only, or of all."""
        for origin in (None, *ORIGIN_NAMES):
            if figure.kind == "amount":
                fen = _scoped(self._report, figure, origin)
                if fen is not None and number.is_of(Fraction(fen, 1_000_000)):
                    yield Found("scope", figure.id, f"所印的只含{_NAMED[origin]}")
            elif figure.kind == "percent" and len(figure.parts) == 2:
                yield from self._share_in_scope(figure, number, origin)

    def _share_in_scope(
        self, figure: Figure, number: PrintedNumber, origin: Origin | None
    ) -> Iterator[Found]:
        """A share of which one operand, or both, are of another scope."""
        of, base = (self._report.figure(name) for _, name in figure.parts)
        others = [_scoped(self._report, each, origin) for each in (of, base)]
        for changed in ((True, False), (False, True), (True, True)):
            fens = [
                other if change else each.number
                for change, other, each in zip(changed, others, (of, base), strict=True)
            ]
            if None in fens or not fens[1]:
                continue
            if number.is_of(Fraction(100 * (fens[0] or 0), fens[1] or 1)):
                which = (
                    base if changed == (False, True) else of if changed == (True, False) else figure
                )
                what = "它" if which is figure else named(self._report, which)
                yield Found("scope", which.id, f"所印的是按{what}的{_NAMED[origin]}算得的")

    def _rounded_otherwise(self, figure: Figure, number: PrintedNumber) -> Iterator[Found]:
        """What was rounded to fewer places than are printed, or to one more and then again."""
        own = exact(figure)
        if own is None or figure.kind not in ("amount", "percent", "score"):
            return
        for coarse in (number.place * 100, number.place * 10):
            if rounded(own, coarse) == number.value:
                to = _TO.get(coarse) or str(coarse)
                yield Found("rounded", figure.id, f"所印的是舍入到{to}的")
                return
        once = rounded(own, number.place / 10)
        if rounded(once, number.place) == number.value:
            yield Found("rounded", figure.id, "所印的是舍入两次的结果")

    def _shares(self, figure: Figure, number: PrintedNumber) -> Iterator[Found]:
        """A share that makes those of one whole 100 %."""
        if figure.kind != "percent" or len(figure.parts) != 2:
            return
        base = figure.parts[1][1]
        family = [
            each
            for each in map(self._report.figure, self._report.ids)
            if each.kind == "percent" and [part for _, part in each.parts][1:] == [base]
        ]
        whole = self._report.figure(base).number
        if sum(self._report.figure(each.parts[0][1]).number for each in family) != whole:
            return
        others = [each for each in family if each.id != figure.id]
        rest = Fraction(100) - sum(self._share_of(each, number) for each in others)
        if others and rest == number.value:
            yield Found("shares", base, "所印的是 100% 减去其他各项，使各项占比之和为 100%")

    def _share_of(self, figure: Figure, number: PrintedNumber) -> Fraction:
        """Another share as it was printed, else rounded to the same place."""
        if figure.id in self._numbers:
            return self._numbers[figure.id].value
        return rounded(exact(figure) or Fraction(0), number.place)

    def _last_year(self, figure: Figure, number: PrintedNumber) -> Iterator[Found]:
        """Last year's figure of the same id."""
        name = f"{figure.id}@{self._report.year - 1}"
        if "@" in figure.id or not self._report.has(name):
            return
        own = exact(self._report.figure(name))
        if own is not None and number.is_of(own):
            yield Found("last-year", name, f"所印的是上年的数（{name}）")


def _made_of(report: Report, figure: Figure) -> object:
    """What a figure is made of: equal of figures that always are."""
    if figure.kind == "percent":
        return figure.parts and tuple(
            _made_of(report, report.figure(name)) for _, name in figure.parts
        )
    found: dict[tuple[str, ...], int] = {}

    def follow(figure: Figure, sign: int) -> None:
        if "@" in figure.id:
            made: dict[tuple[str, ...], int] = {(figure.id,): figure.number}
        else:
            made = dict(report.cells.facts.made_of(figure.wanted)) if figure.wanted else {}
            for own in figure.own:
                made[own.book, str(own.entry)] = own.much
            for part_sign, part in figure.parts:
                follow(report.figure(part), sign * part_sign)
        for of, much in made.items():
            found[of] = found.get(of, 0) + sign * much

    follow(figure, 1)
    return frozenset((of, much) for of, much in found.items() if much)


def _first(group: list[Figure]) -> Figure:
    """The first of figures that are one: by table, and no part of another of its table or form."""
    inside = {part for each in group for _, part in each.parts if each.id[:1] == part[:1] != "N"}
    return next(each for each in group if each.id not in inside)


_NAMED: dict[Origin | None, str] = {
    None: "全部资金（包括上年结转）",
    "current": f"{ORIGIN_NAMES['current']}资金",
    "carryover": f"{ORIGIN_NAMES['carryover']}资金",
}


def _scoped(report: Report, figure: Figure, origin: Origin | None) -> int | None:
    """The fen of an amount if its money were of another origin; None where that is what it is, or
    where it is not of money by origin."""
    changed = False

    def follow(figure: Figure) -> int:
        nonlocal changed
        fen = 0
        if figure.wanted is not None:
            origins = None if origin is None else (origin,)
            changed |= figure.wanted.origin != origins
            fen += report.cells.facts.total(figure.wanted._replace(origin=origins))
        return fen + sum(sign * follow(report.figure(part)) for sign, part in figure.parts)

    if figure.kind != "amount" or "@" in figure.id or figure.own:
        return None
    fen = follow(figure)
    return fen if changed and fen != figure.fen else None


_TO = {
    Fraction(1, 10**decimals): word
    for decimals, word in enumerate(("整数", "一位小数", "两位小数", "三位小数"))
}
