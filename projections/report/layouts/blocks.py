"""Economic codes in blocks side by side: 类 is the sum of its 款, totals stand at the foot."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Annotated

import msgspec

from ledger.line import NO_ECON, econ_class, is_econ_item
from ledger.toml import Where, Wrong
from projections.report.form import (
    Cell,
    Form,
    InUse,
    Key,
    Label,
    Mention,
    Names,
    Printing,
    Spec,
    narrowed,
    repeated,
)
from projections.report.grid import Body, Box, Column, Texts, Total, joined
from projections.report.selection import UNSPLIT, EconCode, Leaf, Selection, selection

_CODE, _NAME = "科目编码", "科目名称"


class BlockRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 类 or a 款 that the form prints anyhow."""

    code: EconCode
    label: Label


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows below each other; neighbours of one name stand under one heading."""

    name: Label
    rows: Annotated[tuple[BlockRow, ...], msgspec.Meta(min_length=1)]


class BlockTotal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sum at the foot."""

    id: Key
    plus: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    zero: Label | None = None


class Blocks(Form, frozen=True, kw_only=True, tag="blocks"):
    """Table 6."""

    leaf: Leaf
    block: Annotated[tuple[Block, ...], msgspec.Meta(min_length=1)]
    totals: tuple[BlockTotal, ...] = ()
    figures: Key = "决算数"
    """The heading of the figures."""

    def codes(self, used: InUse, /) -> Collection[str]:
        """A 款 that the form lacks and the book has gets a row, or its money would be in no sum;
        so does what a 类 of the form has beside its 款 (`301-`, P19)."""
        wanted = selection(self.leaf)
        found, labels = used.econs(wanted) if wanted else set(), self._labels()
        unsplit = {code + NO_ECON for code in found & labels.keys() if not is_econ_item(code)}
        return (found - labels.keys()) | unsplit

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every 类 before its 款, then the totals."""
        rows = {
            code: names.own("economic", code) or label for code, label in self._labels().items()
        }
        more = {code: names.economic(code) for code in sorted(codes) if is_econ_item(code)}
        for kind in [code for code in rows if econ_class(code) == code]:
            below = {kind + NO_ECON: UNSPLIT} if kind + NO_ECON in codes else {}
            below |= {code: name for code, name in rows.items() if econ_class(code) == kind != code}
            below |= {c: n for c, n in more.items() if econ_class(c) == kind and c not in rows}
            yield self._cell(kind, rows[kind], Spec(parts=self._sum(below)))
            for code, name in below.items():
                leaf = selection(self.leaf, Leaf(econ=(code,)))
                yield self._cell(code, name, Spec(leaf=leaf))
        for total in self.totals:
            yield self._cell(total.id, total.id, Spec(parts=self._sum(total.plus)), total.zero)

    def _sum(self, codes: Collection[str]) -> tuple[tuple[int, str], ...]:
        return tuple((1, self.id(code)) for code in codes)

    def _labels(self) -> dict[str, str]:
        """The codes that the form prints anyhow, and how it calls them."""
        return {row.code: row.label for each in self.block for row in each.rows}

    def _cell(self, row: str, label: str, spec: Spec, zero: str | None = None) -> Cell:
        return Cell(self.id(row), self.number, row, label, self.figures, spec, zero)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Blocks of three columns, neighbours of one name under one heading. A total stands under
        the blocks whose codes it adds up."""
        labels, heads = texts.labels, (_CODE, _NAME, self.figures)
        boxes: list[Box] = []
        columns: list[Column] = []
        for name, group in groupby(self.block, key=lambda block: block.name):
            boxes.append(Box(0, len(columns), 1, len(heads) * len(list(group)), name))
            for at in range(len(columns), len(columns) + boxes[-1].across):
                text = heads[at % len(heads)]
                boxes.append(Box(1, at, 1, 1, text))
                columns.append(Column("figure" if text == self.figures else "word", (name, text)))
        kinds = [{econ_class(row.code) for row in block.rows} for block in self.block]
        codes = [[code for code in labels if econ_class(code) in kind] for kind in kinds]

        def cells(code: str) -> list[str]:
            shown = "" if code.endswith(NO_ECON) else code
            return [shown, labels[code], texts.printed[code, self.figures]]

        rows = [
            joined(cells(block[index]) if index < len(block) else [""] * 3 for block in codes)
            for index in range(max(map(len, codes)))
        ]
        foot: list[Total] = []
        for total in self.totals:
            added = self._added(total)
            under = [i for i, block in enumerate(codes) if set(block) & added]
            printed = texts.printed[total.id, self.figures]
            foot.append(Total(3 * under[0], 3 * under[-1] + 2, total.id, printed))
        return Body(2, boxes, columns, list(range(0, len(columns), 3)), rows, foot)

    def classes(self) -> list[str]:
        """The cells of its 类."""
        return [self.id(code) for code in self._labels() if econ_class(code) == code]

    def _added(self, total: BlockTotal) -> set[str]:
        """The codes that a total adds up, by way of other totals too."""
        others = {each.id: each for each in self.totals}
        found = [self._added(others[name]) if name in others else {name} for name in total.plus]
        return set().union(*found)

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """The one that every 款 narrows."""
        yield ("leaf",), selection(self.leaf)

    def wrong(self) -> Iterator[Wrong]:
        """A 款 in another block than its 类, a total that is called like a code, a leaf that
        narrows what the rows narrow."""
        yield from narrowed("econ", self.leaf)
        block_of = {row.code: first for first, block in enumerate(self.block) for row in block.rows}
        for first, block in enumerate(self.block):
            for second, row in enumerate(block.rows):
                if block_of.get(econ_class(row.code), first) != first:
                    yield Wrong(("block", first, "rows", second), row.code, "与其类同在一块的款")
        for position, total in enumerate(self.totals):
            if total.id[0].isdecimal():
                yield Wrong(("totals", position, "id"), total.id, "不以数字开头的名称")
            yield from repeated(total.plus, "totals", position, "plus")

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its codes, then its totals."""
        for first, block in enumerate(self.block):
            for second, row in enumerate(block.rows):
                yield ("block", first, "rows", second), row.code
        for position, total in enumerate(self.totals):
            yield ("totals", position), total.id

    def mentions(self) -> Iterator[Mention]:
        """What its totals add up, and the 类 that each 款 stands under."""
        for first, block in enumerate(self.block):
            for second, row in enumerate(block.rows):
                if is_econ_item(row.code):
                    where = ("block", first, "rows", second)
                    yield Mention(where, econ_class(row.code), row.code)
                    yield Mention(where, "", econ_class(row.code))
        for position, total in enumerate(self.totals):
            for name in total.plus:
                yield Mention(("totals", position, "plus"), total.id, name)
