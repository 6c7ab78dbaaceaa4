"""A published table as GitHub Markdown: title, department and unit, the table, the notes."""

import re
from collections.abc import Iterable

from ledger.texts import one_line
from projections.report.grid import Grid

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_RULES = {"word": ":---", "mark": ":---:", "figure": "---:"}


def table(grid: Grid) -> str:
    """The file's text."""
    heading = (f"部门：{grid.department}", grid.form_number, f"金额单位：{grid.unit}")
    rows = (*grid.rows, *filter(None, [grid.totals()]))
    return "\n".join(
        [
            f"## {_plain(grid.title)}",
            "",
            "　　".join(map(_plain, heading)),
            "",
            _row(map(_plain, grid.names())),
            _row(_RULES[column.kind] for column in grid.columns),
            *(_row(map(_plain, row)) for row in rows),
            *(f"\n{_plain(note.strip())}" for note in grid.notes),
            "",
        ]
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on its line."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
