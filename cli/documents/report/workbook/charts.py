"""The sheet 图: every chart as a native one beside the cells that it draws."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cli.documents.report.proportions import share, steps
from cli.documents.report.workbook.drawing import Drawing
from cli.documents.xlsx.pages import FONT, CellNumber, Page, Spot, high, lines, number
from projections.report.document.parts import Chart, Value

NAME = "图"
_WIDTHS = (34, 11, 11, 11, 11, 11, 2)
_CHART_AT = len(_WIDTHS)
_CHART_COLUMNS = 9  # of the usual width, below a chart
_WIDE, _TALL = 560, 440
_ROW = 15  # points of a row that nobody set
_COVERED = _TALL * 3 // 4  # points below a chart
_PAGE, _SCALE = 790, 60  # points of a landscape A4 at so many percent
_FEW = 6
"""Columns that have place for what each prints."""
_SOME = 14
"""Columns whose names have place beside each other, wrapped."""
_UPRIGHT = 360
_COLORS = ("#5B8DB8", "#E0A84E", "#9CBF7B")
_LINE_COLOR = "#B03A2E"
_OF_LINE = {"color": _LINE_COLOR}
_DASH = {"type": "long_dash", "size": 9, "fill": _OF_LINE, "border": _OF_LINE}
_OF_PERCENTS = "%"
_NIL = "0.00"
_FEN = 1_000_000
_SMALL = 10 * _FEN  # 10 万元
_FONT = {"name": FONT, "size": 9, "bold": False}
_LABELS = {"value": True, "font": _FONT}
_LEGEND = {"position": "bottom", "font": _FONT}
_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
_AMOUNTS = {"num_font": _FONT, "major_gridlines": _GRID}
_AXIS = {"color": "#7F7F7F"}
_QUIET = {"num_font": _FONT, "line": _AXIS, "major_tick_mark": "none"}


class _Data(NamedTuple):
    """The cells of a chart: a heading for each column, a row of numbers for each point."""

    heads: tuple[str, ...]
    rows: tuple[tuple[CellNumber | None, ...], ...]


class _Place(NamedTuple):
    """Where the data of a chart stands: the rows of its headings, of its first and last point."""

    head: int
    first: int
    last: int

    def labels(self, name: str) -> list[Any]:
        """The range of what stands beside the numbers."""
        return [name, self.first, 0, self.last, 0]

    def series(self, name: str, column: int) -> dict[str, list[Any]]:
        """A series in a column of numbers."""
        return {
            "name": [name, self.head, column],
            "categories": self.labels(name),
            "values": [name, self.first, column, self.last, column],
        }


def write_charts(drawing: Drawing, page: Page, charts: Sequence[Chart]) -> dict[str, Spot]:
    """Draws all charts below each other; where each stands, by its anchor."""
    page.columns(_WIDTHS)
    last = _CHART_AT + _CHART_COLUMNS - 1
    page.title(f"{drawing.document.title}：图", sum(_WIDTHS) * 2, last)
    at, used = 1, 2 * _ROW
    breaks, spots = [], {}
    for chart in charts:
        data = _high(chart)
        below = max(_COVERED - data, 0) // _ROW + 2
        if used + data + below * _ROW > _PAGE:
            breaks.append(at)
            used = 0
        spots[chart.anchor] = Spot(page.name, at, 0)
        at = _draw(drawing, page, chart, at) + below
        used += data + below * _ROW
    page.sheet.set_landscape()
    page.sheet.set_print_scale(_SCALE)
    page.sheet.print_area(0, 0, at - 1, last)
    page.sheet.set_h_pagebreaks(breaks)
    return spots


def named(chart: Chart) -> str:
    """A chart as it is called: those that the text shows have a number."""
    return f"{chart.anchor}　{chart.title}" if chart.anchor.startswith(NAME) else chart.title


def _high(chart: Chart) -> int:
    """Points that the data of a chart takes."""
    return 2 * _ROW + sum(high(lines(point.label, _WIDTHS[0])) for point in chart.points)


def _draw(drawing: Drawing, page: Page, chart: Chart, top: int) -> int:
    """A chart with its data; the row below its data."""
    data = _data(chart)
    unit = "" if chart.unit == _OF_PERCENTS else f"（{chart.unit}）"
    page.text(top, 0, f"{named(chart)}{unit}", "left")
    head = top + 1
    for column, text in enumerate(("", *data.heads)):
        page.text(head, column, text, "head")
    for at, (point, numbers) in enumerate(zip(chart.points, data.rows, strict=True), head + 1):
        page.height(at, lines(point.label, _WIDTHS[0]))
        page.text(at, 0, point.label, "word")
        for column, found in enumerate(numbers, 1):
            if found is None:
                page.text(at, column, "", "figure")
            else:
                page.number(at, column, found)
        for column, value in enumerate(point.values, 1):
            if value.figure:
                page.comment(at, column, drawing.note(value.figure))
    place = _Place(head, head + 1, head + len(chart.points))
    drawn = _MAKERS[chart.kind](drawing.pages.book, page.name, chart, place)
    drawn.set_title({"name": [page.name, top, 0], "name_font": {**_FONT, "size": 11, "bold": True}})
    drawn.set_size({"width": _WIDE, "height": _TALL})
    drawn.set_chartarea({"border": {"color": "#D9D9D9"}})
    below_a_break = {"object_position": 1, "y_offset": 3}  # its frame, too
    page.sheet.insert_chart(top, _CHART_AT, drawn, below_a_break)
    return place.last + 1


def _data(chart: Chart) -> _Data:
    heads: tuple[str, ...]
    match chart.kind:
        case "walk":
            heads = ("数", "起点", "起止", "增加", "减少")
            return _Data(heads, tuple(_walk(chart)))
        case "rates":
            across = [] if chart.across is None else [number(chart.across.printed)]
            heads = ("执行率", *(["序时进度"] if across else []))
            return _Data(heads, tuple((number(each.printed), *across) for each in _firsts(chart)))
        case "bars":
            whole = sum(point.values[0].number for point in chart.points)
            rows = ((_number(each), number(_share(each, whole))) for each in _firsts(chart))
            return _Data((chart.unit, "占比"), tuple(rows))
        case _:
            heads = chart.series or (chart.unit,)
            return _Data(heads, tuple(tuple(map(_number, p.values)) for p in chart.points))


def _share(value: Value, whole: int) -> str:
    """What a value is of the whole; "" of nothing."""
    return share(value.number, whole) if whole else ""


def _firsts(chart: Chart) -> Iterator[Value]:
    return (point.values[0] for point in chart.points)


def _number(value: Value) -> CellNumber | None:
    """What is printed; a place of a table that is left empty is nil in a chart."""
    return number(value.printed) if value.printed else number(_NIL) if value.figure else None


def _walk(chart: Chart) -> Iterator[tuple[CellNumber | None, ...]]:
    """The printed number, then what is stacked: an unseen base, and one of three above it."""
    for step in steps(chart.points):
        stacked: list[CellNumber | None] = [None, None, None]
        near, far = sorted((step.begin, step.end), key=abs)
        if (near < 0) is not (far < 0):
            near = 0  # a column cannot be stacked on both sides of nought
        stacked[step.series] = _exact(far - near)
        base = None if step.series == 0 else _exact(near)
        yield (_number(step.point.values[0]), base, *stacked)


def _exact(fen: int) -> CellNumber:
    """What is stacked is not rounded, so that steps meet."""
    return CellNumber(Decimal(fen) / _FEN, "#,##0.00_ ")


def _columns(book: Any, name: str, chart: Chart, place: _Place) -> Any:
    drawn = book.add_chart({"type": "column"})
    labels = {"data_labels": _LABELS} if len(chart.points) <= _FEW else {}
    for column in range(max(len(point.values) for point in chart.points)):
        drawn.add_series(
            {
                **place.series(name, column + 1),
                "fill": {"color": _COLORS[column % len(_COLORS)]},
                "gap": 80,
                "overlap": 0,
                **labels,
            }
        )
    drawn.set_x_axis({**_QUIET, "label_position": "low"})
    drawn.set_y_axis({**_AMOUNTS, "num_format": _marks(chart), **_least(chart)})
    drawn.set_legend(_LEGEND if chart.series else {"none": True})
    return drawn


def _marks(chart: Chart) -> str:
    """How the numbers of an axis are shown: small ones have decimals."""
    most = max(abs(each.number) for point in chart.points for each in point.values)
    return "#,##0.00" if most < _SMALL else "#,##0"


def _least(chart: Chart) -> dict[str, int]:
    """Columns stand on nought: their heights are compared."""
    return {} if any(each.number < 0 for p in chart.points for each in p.values) else {"min": 0}


def _rates(book: Any, name: str, chart: Chart, place: _Place) -> Any:
    drawn = book.add_chart({"type": "column"})
    drawn.add_series(
        {
            **place.series(name, 1),
            "fill": {"color": _COLORS[0]},
            "gap": 60,
            "data_labels": _LABELS,
        }
    )
    if chart.across is not None:
        line = book.add_chart({"type": "line"})
        line.add_series(
            {
                **place.series(name, 2),
                "line": {"color": _LINE_COLOR, "width": 1.75},
                "marker": _DASH,  # of one point alone there is no line
            }
        )
        drawn.combine(line)
    upright = {"rotation": _UPRIGHT} if len(chart.points) <= _SOME else {}
    drawn.set_x_axis({**_QUIET, "num_font": {**_FONT, "size": 8, **upright}})
    drawn.set_y_axis({**_QUIET, "num_format": "0%", "major_gridlines": _GRID, "min": 0})
    drawn.set_legend(_LEGEND)
    return drawn


def _bars(book: Any, name: str, chart: Chart, place: _Place) -> Any:
    whole = sum(each.number for each in _firsts(chart))
    told = (f"{each.printed or _NIL}（{_share(each, whole) or '—'}）" for each in _firsts(chart))
    custom = [{"value": each} for each in told]
    drawn = book.add_chart({"type": "bar"})
    drawn.add_series(
        {
            **place.series(name, 1),
            "fill": {"color": _COLORS[0]},
            "gap": 60,
            "data_labels": {**_LABELS, "position": "inside_base", "custom": custom},
        }
    )
    drawn.set_y_axis({**_QUIET, "reverse": True})
    drawn.set_x_axis({**_AMOUNTS, "num_format": _marks(chart)})
    drawn.set_legend({"none": True})
    return drawn


def _walked(book: Any, name: str, chart: Chart, place: _Place) -> Any:
    drawn = book.add_chart({"type": "column", "subtype": "stacked"})
    unseen = {"fill": {"none": True}, "border": {"none": True}}
    drawn.add_series({**place.series(name, 2), **unseen, "gap": 50})
    for column, color in enumerate(_COLORS, 3):
        drawn.add_series(
            {**place.series(name, column), "fill": {"color": color}, "data_labels": _LABELS}
        )
    drawn.set_x_axis(_QUIET)
    drawn.set_y_axis({**_AMOUNTS, "num_format": _marks(chart)})
    drawn.set_legend({**_LEGEND, "delete_series": [0]})
    return drawn


_MAKERS = {"columns": _columns, "rates": _rates, "bars": _bars, "walk": _walked}
