"""A chart of a document as SVG, in shapes of our own: columns, bars, percents beside a line, a walk
from one amount to another.

Nothing in it says a colour or a font: classes do, and whoever shows it brings the style (a page has
a light and a dark one). No text is wider than its place; what does not fit stands in the table that
is beside every chart.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

from cli.documents.report.proportions import share, steps
from cli.text.columns import width
from projections.report.document.parts import Chart, Point, Value

WIDE = 480
_ROW, _BAR, _LEFT, _RIGHT = 34, 16, 172, 84
_TALL, _TOP, _FOOT = 190, 30, 28
_SMALL = 13
"""Height of a letter; a Chinese one is as wide."""
_FEW = 6
"""Columns that have place for what each prints."""
_TICKS = 4


class _Box(NamedTuple):
    """Where something is drawn."""

    x: int
    y: int
    wide: int
    high: int


def svg(chart: Chart, described_by: str = "") -> str:
    """The chart with its title for readers of screens; its data is told beside it."""
    match chart.kind:
        case "columns":
            high, shapes = _columns(chart)
        case "walk":
            high, shapes = _walk(chart)
        case _:
            high, shapes = _bars(chart)
    title = escape(chart.title)
    linked = f' aria-describedby="{escape(described_by)}"' if described_by else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" '
        f'height="{high}" role="img" aria-label="{title}"{linked}><title>{title}</title>'
        f"{''.join(shapes)}</svg>"
    )


def _text(x: int, y: int, text: str, *, of: str = "label", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{of}" text-anchor="{anchor}">{escape(text)}</text>'


def _bar(box: _Box, series: int, told: str) -> str:
    x, y, wide, high = box
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="2" class="series-{series}">'
        f"<title>{escape(told)}</title></rect>"
    )


def _line(x1: int, y1: int, x2: int, y2: int, of: str) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{of}"/>'


def _wide(text: str) -> int:
    """How wide a text is, about: half a letter's height for each column of a terminal."""
    return width(text) * _SMALL // 2


def _cut(text: str, wide: int) -> str:
    """A text no wider than that."""
    if _wide(text) <= wide:
        return text
    kept = [part for part in accumulate(text) if _wide(part) <= wide - _SMALL]
    return f"{kept[-1] if kept else ''}…"


def _name(text: str, y: int) -> Iterator[str]:
    """What a row is called, in two lines where one is too short."""
    wide = _LEFT - 10
    if _wide(text) <= wide:
        yield _text(wide, y, text, anchor="end")
        return
    first = next(part for part in accumulate(text) if 2 * _wide(part) >= min(_wide(text), 2 * wide))
    yield _text(wide, y - 7, first, anchor="end")
    yield _text(wide, y + 8, _cut(text[len(first) :], wide), anchor="end")


def _told(point: Point, value: Value) -> str:
    return f"{point.label}：{value.printed or '0.00'}"


def _legend(series: Sequence[str]) -> Iterator[str]:
    x = 0
    for at, name in enumerate(series):
        yield f'<rect x="{x}" y="6" width="12" height="12" rx="2" class="series-{at}"/>'
        yield _text(x + 18, 16, name)
        x += 18 + _wide(name) + 24


def _bars(chart: Chart) -> tuple[int, list[str]]:
    """A row for each point: its name, a bar, what it prints, and of a part what it is of all."""
    rates = chart.kind == "rates"
    values = [point.values[0].number for point in chart.points]
    across = chart.across
    most = max([abs(value) for value in values] + ([across.number] if across else []), default=0)
    whole = sum(values)
    top = 24 if across else 4
    field = WIDE - _LEFT - _RIGHT
    shapes: list[str] = []
    for at, point in enumerate(chart.points):
        value = point.values[0]
        y = top + at * _ROW
        middle = y + _BAR // 2 + 5
        long = _scaled(abs(value.number), most, field)
        of_all = "" if rates or not whole else f"（{share(value.number, whole)}）"
        shapes += [
            *_name(point.label, middle),
            f'<rect x="{_LEFT}" y="{y}" width="{field}" height="{_BAR}" rx="2" class="track"/>',
            _bar(_Box(_LEFT, y, long, _BAR), 0, _told(point, value)),
            _text(_LEFT + field + 8, middle, f"{value.printed}", of="value"),
        ]
        if of_all:
            shapes.append(_text(_LEFT + field + 8, middle + 13, of_all, of="note"))
    high = top + len(chart.points) * _ROW + 4
    if across is not None:
        x = _LEFT + _scaled(across.number, most, field)
        shapes.append(_line(x, top - 4, x, high - _ROW + _BAR + 2, "across"))
        near = x > _LEFT + field // 2
        said = f"序时进度 {across.printed}"
        shapes.append(_text(x, top - 9, said, of="note", anchor="end" if near else "start"))
    return high, shapes


def _scaled(number: int, most: int, field: int) -> int:
    """How long a bar is; what is something is seen."""
    return max(number * field // most, 2 if number else 0) if most else 0


def _columns(chart: Chart) -> tuple[int, list[str]]:
    """A group of columns for each point, side by side."""
    numbers = [value.number for point in chart.points for value in point.values]
    most, least = max([*numbers, 0]), min([*numbers, 0])
    many = len(chart.points) > _FEW
    shapes = list(_legend(chart.series))
    top = _TOP + (16 if chart.series else 0)
    high = top + _TALL + _FOOT
    base = top + _scaled(most, most - least, _TALL)
    left = 0
    if many:
        marks = [most * step // _TICKS for step in range(_TICKS + 1)] if most else []
        left = max((_wide(_wan(mark)) for mark in marks), default=0) + 10
        for mark in marks:
            y = base - _scaled(mark, most - least, _TALL)
            shapes.append(_line(left, y, WIDE, y, "grid"))
            shapes.append(_text(left - 8, y + 4, _wan(mark), of="note", anchor="end"))
    slot = (WIDE - left) // len(chart.points)
    count = max(len(point.values) for point in chart.points)
    bar = min(slot * 2 // 3 // count, 64)
    for at, point in enumerate(chart.points):
        x = left + at * slot + (slot - bar * count) // 2
        for series, value in enumerate(point.values):
            long = _scaled(abs(value.number), most - least, _TALL)
            y = base - long if value.number >= 0 else base
            shapes.append(
                _bar(_Box(x + series * bar, y, bar - 2, long), series, _told(point, value))
            )
            if not many:
                middle = x + series * bar + (bar - 2) // 2
                shapes.append(
                    _text(middle, y - 6, value.printed or "0.00", of="value", anchor="middle")
                )
        label = _cut(point.label, slot - 4)
        shapes.append(_text(left + at * slot + slot // 2, high - 8, label, anchor="middle"))
    shapes.append(_line(left, base, WIDE, base, "axis"))
    return high, shapes


def _wan(fen: int) -> str:
    """A round amount beside a line, 万元 without decimals."""
    return f"{fen // 1_000_000:,}"


def _walk(chart: Chart) -> tuple[int, list[str]]:
    """Rows from the first amount to the last: each begins where the one before it ended."""
    rows = list(steps(chart.points))
    low = min(min(a, b) for _, _, a, b in rows)
    most = max(max(a, b) for _, _, a, b in rows) - min(low, 0)
    field = WIDE - _LEFT - _RIGHT
    shapes: list[str] = []
    for at, (point, series, begin, end) in enumerate(rows):
        y = 4 + at * _ROW
        middle = y + _BAR // 2 + 5
        first = _LEFT + _scaled(min(begin, end) - min(low, 0), most, field)
        long = _scaled(abs(end - begin), most, field)
        value = point.values[0]
        sign = {1: "＋", 2: "－"}.get(series, "")
        shapes += [
            *_name(point.label, middle),
            _bar(_Box(first, y, long, _BAR), series, _told(point, value)),
            _text(_LEFT + field + 8, middle, f"{sign}{value.printed or '0.00'}", of="value"),
        ]
        if at + 1 < len(rows):
            x = _LEFT + _scaled(end - min(low, 0), most, field)
            shapes.append(_line(x, y + _BAR, x, y + _ROW, "grid"))
    return 4 + len(rows) * _ROW, shapes
