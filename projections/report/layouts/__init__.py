"""The layouts of forms, one module each: which cells a form has, and where they stand on paper.

A form says by name which layout it follows. To add one is to add its module here; what draws a grid
(text, CSV, Markdown, workbook) knows none of them.
"""

from projections.report.layouts.blocks import Blocks
from projections.report.layouts.line import OneLine
from projections.report.layouts.listed import Listed
from projections.report.layouts.sides import Sides
from projections.report.layouts.tree import Tree

AnyForm = Sides | Tree | Blocks | OneLine | Listed
