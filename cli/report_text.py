"""The published tables and explanations as a person reads them on a terminal."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from cli.columns import Row, cut, narrowed, padded, width
from cli.columns import table as aligned
from cli.render import money, subject
from cli.report_grid import Box, Grid
from ledger.kinds import KIND_NAMES
from ledger.money import wan, yuan

_GAP = "  "


def table(grid: Grid, across: int | None = None) -> str:
    """A table in the shape of its official form.

    On a terminal of `across` columns a table that is too wide has its parts one below the other,
    and a part that is still too wide has its words cut.
    """
    if not any(column.kind == "word" for column in grid.columns):
        shown = _upright(grid)
    else:
        parts = (_part(grid, *part, across) for part in _abreast(grid, across))
        shown = "\n\n".join(parts)
    wide = max(map(width, shown.splitlines()))
    heading = [
        f"{padded('', (wide - width(grid.title)) // 2)}{grid.title}",
        _apart(f"账套：{grid.book}", grid.form_number, wide),
        _apart(f"部门：{grid.department}", f"金额单位：{grid.unit}", wide),
    ]
    return "\n".join([*heading, shown, *grid.notes, ""])


def _apart(left: str, right: str, wide: int) -> str:
    return left + _GAP + padded(right, wide - width(left) - len(_GAP), right=True)


def _upright(grid: Grid) -> str:
    """A table of one row, a line for every figure: side by side they fit no terminal."""
    (figures,) = grid.rows
    rows: list[Row] = []
    for name, group in groupby(
        zip(grid.columns, figures, strict=True), key=lambda pair: pair[0].path[0]
    ):
        names = (name, *[""] * len(grid.columns))
        rows += [
            (first, column.no, "-".join(column.path[1:]), figure)
            for first, (column, figure) in zip(names, group, strict=False)
        ]
    return aligned(("", "栏次", "项目", "金额"), rows, left={0, 1, 2})


def _abreast(grid: Grid, across: int | None) -> list[tuple[int, int]]:
    """Runs of parts, as (first column, column after the last), that fit beside each other."""
    ends = [*grid.parts[1:], len(grid.columns)]
    runs: list[tuple[int, int]] = []
    for part in zip(grid.parts, ends, strict=True):
        longer = (runs[-1][0], part[1]) if runs else part
        if runs and (across is None or _span(_widths(grid, *longer)) <= across):
            runs[-1] = longer
        else:
            runs.append(part)
    return runs


def _widths(grid: Grid, first: int, last: int) -> list[int]:
    """What columns need for their texts and their own headings, in terminal columns."""
    rows = (*grid.rows, *filter(None, [grid.totals()]))
    widths = [max(width(row[i]) for row in rows) for i in range(first, last)]
    for box in grid.boxes:
        if box.across == 1 and first <= box.column < last:
            at = box.column - first
            widths[at] = max(widths[at], *map(width, box.text.split("\n")))
    return widths


def _span(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _part(grid: Grid, first: int, last: int, across: int | None) -> str:
    """The columns from `first` to before `last`: header, rule, rows, and the foot below a rule."""
    columns = grid.columns[first:last]
    widths = _widths(grid, first, last)
    if across is not None:
        words = [i for i, column in enumerate(columns) if column.kind == "word"]
        widths = narrowed(widths, across, texts=words)

    def line(row: Row) -> str:
        cells = (
            padded(cut(text, room), room, right=column.kind != "word")
            for text, room, column in zip(row[first:last], widths, columns, strict=True)
        )
        return _GAP.join(cells).rstrip()

    rule = "─" * _span(widths)
    body = [line(row) for row in grid.rows if any(row[first:last])]
    foot = [rule, line(grid.totals())] if any(grid.totals()[first:last]) else []
    return "\n".join([*_head(grid, first, widths), rule, *body, *foot])


def _head(grid: Grid, first: int, widths: Sequence[int]) -> Iterator[str]:
    """The header's lines above some columns. A box has its text at its foot."""
    last = first + len(widths)
    for row in range(grid.head):
        boxes = [
            clipped
            for box in grid.boxes
            if box.row <= row < box.row + box.down and (clipped := _clipped(box, first, last))
        ]
        boxes.sort(key=lambda box: box.column)
        texts = [box.text.split("\n") if box.row + box.down == row + 1 else [""] for box in boxes]
        height = max(map(len, texts))
        for lines in zip(*([""] * (height - len(text)) + text for text in texts), strict=True):
            cells = map(partial(_heading, grid, first, widths), boxes, lines)
            yield _GAP.join(cells).rstrip()


def _clipped(box: Box, first: int, last: int) -> Box | None:
    """What of a box is over the columns from `first` to before `last`."""
    left, right = max(box.column, first), min(box.column + box.across, last)
    return box._replace(column=left, across=right - left) if left < right else None


def _heading(grid: Grid, first: int, widths: Sequence[int], box: Box, text: str) -> str:
    """A line of a box; a heading over others is drawn as wide as they are."""
    at = box.column - first
    room = _span(widths[at : at + box.across])
    if box.across > 1 and box.row + box.down < grid.head:
        left = (room - width(text) - 2) // 2
        return f"{'─' * left} {text} {'─' * (room - left - width(text) - 2)}"
    right = grid.columns[box.column].kind != "word"
    return padded(cut(text, room), room, right=right)


def explanation(answer: dict[str, Any], most: int) -> str:
    """Formula → cells → entries → documents, as a tree; under a cell at most so many entries."""
    described = {entry["entry"]: entry for entry in answer["entries"]}
    branches = list(_branches(answer["tree"], described, most))
    texts = max(width(text) for text, _ in branches)
    figures = max(width(figure) for _, figure in branches)
    tree = (
        f"{padded(text, texts)}  {padded(figure, figures, right=True)}" for text, figure in branches
    )
    documents = len({entry["doc"] for entry in answer["entries"] if entry["doc"]})
    return "\n".join(
        [
            f"{answer['book']}  {answer['cell']} {answer['label']}  "
            f"{wan(answer['fen'])} 万元（{yuan(answer['fen'])} 元）",
            f"取数：{answer['formula']}",
            f"记录：{len(described)} 笔，文号 {documents} 个",
            "",
            *tree,
        ]
    )


def _branches(
    node: dict[str, Any], described: dict[int, dict[str, Any]], most: int
) -> Iterator[tuple[str, str]]:
    """The lines of a tree: (text with its branch, yuan)."""
    formula = f"（{node['formula']}）" if node["entries"] else ""
    yield f"{node['cell']} {node['label']}{formula}".rstrip(), yuan(node["fen"])
    below = [list(_branches(part, described, most)) for part in node["parts"]]
    below += [[_leaf(described[e["entry"]], e["fen"])] for e in node["entries"][:most]]
    rest = node["entries"][most:]
    if rest:
        below.append(
            [(f"其余 {len(rest)} 笔（--limit 多列几笔）", yuan(sum(e["fen"] for e in rest)))]
        )
    for position, lines in enumerate(below, 1):
        first, then = ("└─ ", "   ") if position == len(below) else ("├─ ", "│  ")
        for n, (text, figure) in enumerate(lines):
            yield (then if n else first) + text, figure


def _leaf(entry: dict[str, Any], fen: int) -> tuple[str, str]:
    kind = KIND_NAMES[entry["kind"]]
    text = f"第 {entry['entry']} 笔  {entry['date']}  {kind}  {entry['doc'] or '（无文号）'}"
    return text, yuan(fen)


def cells_of_entry(answer: dict[str, Any]) -> str:
    """Where an entry goes."""
    rows = [
        (f"表{cell['table']}", cell["cell"], cell["label"], money(cell["fen"]))
        for cell in answer["cells"]
    ]
    title = f"{answer['book']}  第 {answer['entry']} 笔进入的单元格"
    head = ("表", "单元格", "项目", "金额（元）")
    return title + "\n\n" + aligned(head, rows, left=3)


_TIERS = {"error": "错误", "warn": "提醒", "info": "提示"}


def findings(answer: dict[str, Any]) -> str:
    """审核结果, the gravest first."""
    shown = [f"{subject(answer)}  决算审核"]
    for finding in answer["findings"]:
        shown.append(f"{_TIERS[finding['tier']]} {finding['code']}  {finding['message']}")
        if finding["cells"]:
            shown.append(f"      单元格：{'、'.join(finding['cells'])}")
        if finding["suggestion"]:
            shown.append(f"      说明建议：{finding['suggestion']}")
    shown += [f"未审核 {skipped['code']}：{skipped['why']}" for skipped in answer["not_run"]]
    counts = dict.fromkeys(_TIERS, 0)
    for finding in answer["findings"]:
        counts[finding["tier"]] += 1
    shown.append("，".join(f"{name} {counts[tier]} 项" for tier, name in _TIERS.items()))
    return "\n".join(shown)
