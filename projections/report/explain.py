"""Where does a figure come from, and where does an entry go?

A figure is followed through its formula to leaves, and from the leaves to the moves that count in
them (followed.py), in the books of last year too where it rests on last year's figures. If the
entries do not add up to an amount, or to a count, the answer is refused as corrupt.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from ledger.errors import Corrupt, Damage
from projections.report.editions import table_of
from projections.report.figure import Figure, Report, ToldValue, told, told_fen
from projections.report.figures import FigureKind
from projections.report.followed import Contributor, Moved, WantedLeaf, moved
from projections.report.narrative.filled import filled
from projections.views.elimination import EntryOfBook, eliminated
from projections.views.reading import Reading


class FigurePart(msgspec.Struct, frozen=True):
    """A figure of a formula: its exact fen with the sign that it has there; of what is no amount
    its value."""

    cell: str
    fen: int | UnsetType | None = UNSET
    value: ToldValue | UnsetType = UNSET


class OtherEntry(msgspec.Struct, frozen=True):
    """An entry of another unit's book."""

    book: str
    entry: int


class CountedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that counts in a figure, and with how many fen, in a count how much. Its `book`
    where there may be several; where it is eliminated, `against` which entries of other units."""

    entry: int
    kind: str
    date: str
    fen: int | UnsetType = UNSET
    count: int | UnsetType = UNSET
    doc: str
    book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET


class LeafMove(msgspec.Struct, frozen=True):
    """The fen, or the count, that an entry adds to a leaf; `book` and `against` as above."""

    entry: int
    fen: int | UnsetType = UNSET
    count: int | UnsetType = UNSET
    book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over its parts, down to the leaves with their entries; signed fen, of what is no
    amount its value and unit."""

    cell: str
    label: str
    formula: str
    fen: int | UnsetType | None = UNSET
    value: ToldValue | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    parts: "list[Branch]"
    entries: list[LeafMove]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The formula, parts and entries of a figure (contract §4), and the tree that leads from one to
    the other. The `fen` of an amount is the exact sum of its parts and of its entries, and so is a
    count; of any other figure the entries are those of its parts, each with what it adds to the
    first part in which it counts. `missing` is what somebody has to say before it has a value."""

    cell: str
    label: str
    fen: int | UnsetType | None = UNSET
    value: ToldValue | UnsetType = UNSET
    printed: str
    formula: str
    parts: list[FigurePart]
    entries: list[CountedEntry]
    tree: Branch
    kind: FigureKind
    unit: str
    missing: list[str] | UnsetType = UNSET


class MovedCell(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that an entry moved, by so many fen where it is an amount; of a cell its table."""

    cell: str
    table: int | UnsetType = UNSET
    label: str
    fen: int | UnsetType = UNSET


class FilledSlot(msgspec.Struct, frozen=True):
    """A place beside the figures that an entry fills, and what it is called."""

    slot: str
    label: str


class WhereUsed(msgspec.Struct, frozen=True):
    """Every figure that an entry moved, in the order of the tables, then those beside them. In
    those of a department `of_book` says whose entry it is, `against` which others it is eliminated.
    `fills` are the places of what is said in words, or of last year. What says that something is
    nothing is listed with it, though it adds nothing.
    """

    entry: int
    cells: list[MovedCell]
    of_book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET
    fills: list[FilledSlot] | UnsetType = UNSET


ByEntry = Mapping[Contributor, int]
_ADDED_UP = ("amount", "count")


def _said(kind: FigureKind, much: int) -> tuple[int | UnsetType, int | UnsetType]:
    """What an entry adds to a figure of a kind: fen, or so many; what is no sum has neither."""
    return (much if kind == "amount" else UNSET), (much if kind == "count" else UNSET)


def explain(report: Report, name: str) -> Explanation:
    """Where a figure comes from. Raises `Malformed`, `Corrupt`."""
    figure = report.known(name)
    below = Below(report, [figure])
    return Explanation(
        cell=figure.id,
        label=figure.label,
        fen=told_fen(figure),
        value=told(figure),
        printed=figure.printed,
        formula=figure.formula,
        parts=[_part(report.figure(part), sign) for sign, part in figure.parts],
        entries=list(below.described(figure)),
        tree=below.tree(figure, 1),
        kind=figure.kind,
        unit=figure.unit,
        missing=[each.message for each in figure.needed] or UNSET,
    )


def _part(figure: Figure, sign: int) -> FigurePart:
    return FigurePart(figure.id, told_fen(figure, sign), told(figure))


class Below:
    """What lies below figures: every figure that they rest on, and every entry that counts in
    them, of this year's books and of last year's."""

    def __init__(self, report: Report, figures: Iterable[Figure]) -> None:
        self._report = report
        self._alone = isinstance(report.source, Reading)
        self._readings = {str(one.book): one for one in report.readings()}
        self._own = {str(one.book) for one in report.source.members()}
        leaves = _leaves(report, figures)
        last = {name for name in leaves if "@" in name}
        self._moved: Moved = {
            **moved(report.source, [leaves[name] for name in leaves if name not in last]),
            **(
                moved(report.before.source, [leaves[name] for name in leaves if name in last])
                if report.before and last
                else {}
            ),
        }

    def leaf(self, figure: Figure) -> dict[Contributor, int]:
        """What entries add to a figure by itself, its parts aside, also those that say that there
        is nothing."""
        found = dict(self._moved.get(figure.id, {}))
        for book, entry, much, against in figure.own:
            of = Contributor(book, entry, against)
            found[of] = found.get(of, 0) + much
        noughts = {each[:2] for each in figure.own if not each.much}
        return {of: much for of, much in found.items() if much or of[:2] in noughts}

    def _added_up(self, figure: Figure) -> dict[Contributor, int]:
        """What entries add to an amount or a count, book by book. What a total and its remainder
        cancel out is none of it; what says that there is nothing is. Raises `Corrupt`."""
        found: dict[Contributor, int] = defaultdict(int)
        noughts: set[Contributor] = set()
        given = 0

        def follow(figure: Figure, sign: int) -> None:
            nonlocal given
            if figure.kind == "count" and not (figure.parts or figure.own or figure.wanted):
                given += sign * figure.number  # a number that the edition sets
            for of, much in self.leaf(figure).items():
                found[of] += sign * much
                if not much:
                    noughts.add(of)
            for part_sign, part in figure.parts:
                follow(self._report.figure(part), sign * part_sign)

        follow(figure, 1)
        summed = given + sum(found.values())
        if summed != figure.number:
            unit = "分" if figure.kind == "amount" else figure.unit
            raise Corrupt(
                Damage.EXPLAIN_SUM,
                f"{figure.id} 为 {figure.number} {unit}，其各笔合计为 {summed} {unit}",
            )
        return {of: much for of, much in found.items() if much or of in noughts}

    def entries(self, figure: Figure) -> dict[Contributor, tuple[FigureKind, int]]:
        """What entries add to a figure of which kind; to one that is no sum, what they add to its
        parts. Raises `Corrupt`."""
        summed = figure.kind in _ADDED_UP and figure.value is not None
        added = self._added_up(figure) if summed else self.leaf(figure)
        found = {of: (figure.kind, much) for of, much in added.items()}
        if not summed:
            for _, part in figure.parts:
                found = {**self.entries(self._report.figure(part)), **found}
        return dict(sorted(found.items()))

    def described(self, figure: Figure) -> Iterator[CountedEntry]:
        """The entries of a figure as the books tell them."""
        for of, (kind_of, much) in self.entries(figure).items():
            fen, count = _said(kind_of, much)
            listed = self._readings[of.book].listed(of.entry)
            yield CountedEntry(
                entry=of.entry,
                kind=listed.kind,
                date=listed.occurred_on,
                doc=listed.doc,
                fen=fen,
                count=count,
                book=self._book(of),
                against=_others(of.against),
            )

    def tree(self, figure: Figure, sign: int) -> Branch:
        """What nothing moved is left out: of the thirty parts of a total most are nil."""
        below = [
            self.tree(self._report.figure(part), sign * part_sign)
            for part_sign, part in figure.parts
        ]
        return Branch(
            cell=figure.id,
            label=figure.label,
            formula=figure.formula,
            fen=told_fen(figure, sign),
            value=told(figure),
            unit=UNSET if figure.kind == "amount" else figure.unit,
            parts=[part for part in below if part.parts or part.entries],
            entries=[
                LeafMove(
                    of.entry,
                    *_said(figure.kind, sign * much),
                    self._book(of),
                    _others(of.against),
                )
                for of, much in self.leaf(figure).items()
            ],
        )

    def _book(self, of: Contributor) -> str | UnsetType:
        """Whose an entry is, where it need not be of the book that was asked."""
        return UNSET if self._alone and of.book in self._own else of.book


def _leaves(report: Report, figures: Iterable[Figure]) -> dict[str, WantedLeaf]:
    """The leaves below figures, by name; a figure that many rest on is looked at once."""
    found: dict[str, WantedLeaf] = {}
    seen: set[str] = set()

    def follow(figure: Figure) -> None:
        if figure.id in seen:
            return
        seen.add(figure.id)
        if figure.wanted is not None:
            found[figure.id] = WantedLeaf(figure.id, figure.wanted)
        for _, part in figure.parts:
            follow(report.figure(part))

    for each in figures:
        follow(each)
    return found


def _others(against: Sequence[EntryOfBook]) -> list[OtherEntry] | UnsetType:
    return [OtherEntry(*each) for each in against] or UNSET


def where_used(report: Report, number: int, reading: Reading | None = None) -> WhereUsed:
    """Where an entry goes, of a department one of `reading`: nowhere, if there is no such entry, or
    if it is eliminated. What is no sum is moved where a part of it is."""
    of = EntryOfBook(str((reading or report.cells.reading).book), number)
    every = list(report.every())
    leaves = [WantedLeaf(each.id, each.wanted) for each in every if each.wanted is not None]
    found = {name: sum(m.values()) for name, m in moved(report.source, leaves, of).items()}
    by_id = {each.id: each for each in every}
    added: dict[str, int] = {}
    noughts: dict[str, bool] = {}

    def below(name: str) -> Figure:
        """A figure, of last year's books those that rest on what this year's say of it."""
        return by_id[name] if name in by_id else report.figure(name)

    def much(name: str) -> int:
        """How much an entry adds to a figure; 1 to what is no sum, if it adds anything."""
        if name not in added:
            figure = below(name)
            own = sum(each.much for each in figure.own if each[:2] == of)
            parts = [sign * much(part) for sign, part in figure.parts]
            summed = found.get(name, 0) + own + sum(parts)
            added[name] = summed if figure.kind in _ADDED_UP else int(bool(own) or any(parts))
        return added[name]

    def nought(name: str) -> bool:
        """Whether an entry says that something of a figure is nothing."""
        if name not in noughts:
            figure = below(name)
            own = any(each[:2] == of and not each.much for each in figure.own)
            noughts[name] = own or any(nought(part) for _, part in figure.parts)
        return noughts[name]

    against = {each for out in eliminated(report.source) if out.of == of for each in out.against}
    return WhereUsed(
        of.entry,
        [
            MovedCell(
                cell=each.id,
                table=table_of(each.id) or UNSET,
                label=each.label,
                fen=much(each.id) if each.kind == "amount" else UNSET,
            )
            for each in every
            if much(each.id) or nought(each.id)
        ],
        UNSET if isinstance(report.source, Reading) else of.book,
        _others(sorted(against)),
        [FilledSlot(*each) for each in filled(report, of)] or UNSET,
    )
