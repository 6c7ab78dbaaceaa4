"""The charts of a document: those that an edition says (narrative.toml), and what was paid month by
month. One that would have nothing but noughts is left out.
"""

from collections.abc import Iterator

from ledger.money import hundredths_of, percent
from projections.questions.progress import Progress, paid_by_month
from projections.report.document.parts import Chart, Point, Value
from projections.report.figure import PERCENT, Figure, Ratio, Report
from projections.report.figures import UNIT
from projections.report.narrative.sections_said import SaidChart, SaidPoint
from projections.report.narrative.sentences import Teller
from projections.report.narrative.stated import filled, name_of, sets_of

_HUNDRED = 100


def charts(report: Report, teller: Teller, section: str, pace: Progress) -> Iterator[Chart]:
    """Those of a section, or of the overview (`""`)."""
    for said in report.narrative.charts:
        if said.section == section:
            made = _chart(report, teller, said, pace)
            if any(value.number for point in made.points for value in point.values):
                yield made


def _chart(report: Report, teller: Teller, said: SaidChart, pace: Progress) -> Chart:
    found = [
        (each, label, [_figure(report, each, name, code) for name in each.figures])
        for each in said.points
        for code, label in _rows(report, teller, each)
    ]
    points = [
        Point(label, tuple(_value(one, sign=-1 if each.less else 1) for one in figures))
        for each, label, figures in found
    ]
    units = [one.unit for _, _, figures in found for one in figures]
    return Chart(
        anchor=said.id,
        title=teller.words_in(said.title),
        kind=said.kind,
        unit=units[0] if units else UNIT,
        series=said.series,
        points=tuple(_worth_drawing(said, points)),
        across=_time(pace) if said.kind == "rates" else None,
    )


def _rows(report: Report, teller: Teller, said: SaidPoint) -> Iterator[tuple[str, str]]:
    """What stands for @, and the label."""
    if not said.each:
        yield "", teller.words_in(said.label)
        return
    by = report.narrative.rows[said.each].by
    for code in sets_of(report)[said.each]:
        yield code, said.label.replace("@", name_of(report, by, code))


def _figure(report: Report, said: SaidPoint, name: str, code: str) -> Figure:
    wanted = filled(report, name, code)
    return report.last_year(wanted) if said.last_year else report.figure(wanted)


def _value(figure: Figure, sign: int) -> Value:
    if isinstance(figure.value, Ratio):
        return Value(_hundredths(figure.value), figure.printed, figure.id)
    return Value(sign * figure.number, figure.printed, figure.id)


def _hundredths(ratio: Ratio) -> int:
    """Hundredths of a percent, for drawing."""
    return ratio.of * _HUNDRED * _HUNDRED // ratio.base


def _worth_drawing(said: SaidChart, points: list[Point]) -> Iterator[Point]:
    """Of parts of a whole those that are something; of a walk its ends and what changes."""
    for at, point in enumerate(points):
        end = said.kind == "walk" and at in (0, len(points) - 1)
        if said.kind == "columns" or end or any(value.number for value in point.values):
            yield point


def _time(pace: Progress) -> Value | None:
    """序时进度."""
    if pace.time_progress is None:
        return None
    printed = percent(pace.time_progress)
    return Value(hundredths_of(printed.removesuffix(PERCENT)), printed)


def months(report: Report) -> Iterator[Chart]:
    """What was paid in each month."""
    paid = paid_by_month(report.source)
    if any(paid):
        points = tuple(
            Point(f"{month}月", (Value(fen, report.amount(fen)),))
            for month, fen in enumerate(paid, 1)
        )
        yield Chart("月", "各月支出", "columns", UNIT, (), points)
