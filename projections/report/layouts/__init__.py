"""The layouts of forms, one module each: which cells a form has, and where they stand on paper.

A form says by name which layout it follows. To add one is to add its module here; what draws a grid
(text, CSV, Markdown, workbook) knows none of them.
"""

from collections.abc import Collection, Iterator
from typing import Protocol

from projections.report.editions import Cell, Form
from projections.report.grid import Body, Texts
from projections.report.layouts import blocks, line, sides, tree
from projections.report.layouts.in_use import InUse


class Layout(Protocol):
    """What every layout knows of a form that follows it."""

    def codes(self, form: Form, used: InUse, /) -> Collection[str]:
        """The codes that a book brings to the form, beside those that it prints anyhow."""

    def cells(self, form: Form, codes: Collection[str], /) -> Iterator[Cell]:
        """The cells of the form with these codes; the names of its other rows may be among
        them."""

    def body(self, form: Form, texts: Texts, /) -> Body:
        """Where the cells stand."""


LAYOUTS: dict[str, Layout] = {"sides": sides, "tree": tree, "blocks": blocks, "line": line}
