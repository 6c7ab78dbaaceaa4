"""The figures beside the tables, in sentences and forms, against the model, value by value; each
explained down to the entries that it was made of."""

from fractions import Fraction
from typing import Any

from projections.report.cells import Cells
from projections.report.editions import edition
from projections.report.explain import explain
from projections.report.figure import Figure, Ratio, Report
from projections.views.reading import Reading
from projections.views.source import Source
from scripts.proofs.simulate.words import Plain, agree
from tests.model import narrative
from tests.model.figures import Figures
from tests.model.rules import Book


def same_figures(
    opened: Source, cut: Plain, book: Figures, forms: str, *, explained: bool = False
) -> object:
    """Every figure beside the tables of some forms; each explains itself, where that is asked."""
    report = Report(Cells(opened, edition(forms)))
    expected = narrative.figures(book, narrative.stated(book, **cut), forms, **cut)
    expected |= narrative.self_evaluation(book, **cut) | narrative.of_facts(book, **cut)
    codes = expected.keys() | {"N.glossary.codes"}
    assert codes == {*report.ids}, (cut, sorted(codes ^ {*report.ids}))
    found = {name: _value(report.figure(name)) for name in expected}
    agree(expected, found, cut)
    if explained:
        for name in report.ids:  # whatever does not add up is refused
            answer, figure = explain(report, name), report.figure(name)
            if figure.kind == "amount" and figure.value is not None:
                assert answer.fen == figure.fen
    return found


def same_as_last_year(opened: Reading, closed: Reading, before: Book, said: str) -> None:
    """What a report says of last year is what that year's book says; how it compares with it is
    worked out anew."""
    forms = edition(said)
    report = Report(Cells(opened, forms), Report(Cells(closed, forms)))
    then = narrative.figures(before, narrative.stated(before), said)
    for name in report.ids:
        if name in then and not isinstance(then[name], tuple):
            last = report.last_year(name)
            agree(then[name], _value(last), f"{name} of last year")
            assert last.source == "last-year-book", name
            explain(report, last.id)
    for name, begins in narrative.compared_in(said):
        expected = narrative.compared(report.figure(name).number, then[name])
        found = {word: _value(report.figure(begins + word)) for word in expected}
        agree(expected, found, name)
        for word in expected:
            explain(report, begins + word)


def _value(figure: Figure) -> Any:
    """As the model has it: of names of items their codes."""
    if isinstance(figure.value, Ratio):
        return Fraction(figure.value.of, figure.value.base)
    if figure.kind == "names" and figure.parts:
        return tuple(part.removeprefix("T6.") for _, part in figure.parts)
    return figure.value
