"""narrative.toml: what an edition lays over another, what is written from it, and what is wrong."""

from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Malformed, WrongCells
from ledger.toml import read
from projections.report import editions
from projections.report.edition_copy import files
from projections.report.editions import edition, found
from projections.report.narrative import places
from projections.report.narrative.data import NarrativeFile, laid, of_edition, written


@pytest.mark.parametrize("name", ["2020", "2022", "2024", "2024-26"])
def test_what_is_written_of_a_narrative_reads_the_same(name: str) -> None:
    said = of_edition(edition(name))
    assert laid([read(written(said).encode(), NarrativeFile)]) == said


def test_what_lies_on_top_replaces_what_has_the_same_name() -> None:
    base, own = of_edition(edition("2020")), of_edition(edition("2024"))
    assert (base.percent_decimals, own.percent_decimals) == (1, 2)
    assert [each.id for each in base.sections] == [each.id for each in own.sections]
    assert {each.id for each in base.figures} < {each.id for each in own.figures}
    assert own.definitions == base.definitions


def test_a_plan_says_nothing() -> None:
    assert of_edition(edition("budget-2024")) == laid([])


@pytest.mark.parametrize("name", ["2020", "2022", "2024", "2024-26"])
def test_nothing_is_wrong_with_ours(name: str, tmp_path: Path) -> None:
    """Ours are not examined when they are read: a copy of each is."""
    folder = tmp_path / "own"
    folder.mkdir()
    for file, text in files(edition(name)):
        folder.joinpath(file).write_text(text, encoding="utf-8")
    assert of_edition(found(str(folder))) == of_edition(edition(name))


_FIGURE = 'figures = [{ id = "N.x", label = "x", is = "cell", cell = "%s" }]'
_SECTION = """
[[sections]]
id = "一"
title = "一"
[[sections.paragraphs]]
%s
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (_FIGURE % "T1.999", "T1.999"),
        ('figures = [{ id = "N.@", label = "x", is = "cell", cell = "T1.30" }]', "N.@"),
        ('figures = [{ id = "N.x", label = "x", is = "leaf", each = "?", leaf = {} }]', "?"),
        ('figures = [{ id = "N.x", label = "x", is = "total", of = "N.y.@", over = "?" }]', "?"),
        ('figures = [{ id = "N.x", label = "x", is = "item", items = "staff", item = "?" }]', "?"),
        ('figures = [{ id = "N.x", label = "x", is = "what", cell = "T1.30" }]', "what"),
        ('figures = [{ id = "x", label = "x", is = "cell", cell = "T1.30" }]', "x"),
        (_SECTION % 'say = ["{N.unknown}"]', "{N.unknown}"),
        (_SECTION % 'say = ["{N.s1.total"]', "{N.s1.total"),
        (_SECTION % 'say = [{ use = "?" }]', "?"),
        (_SECTION % 'say = [{ use = "compared", args = ["N.s1."] }]', "N.s1."),
        (_SECTION % 'say = [{ use = "completed", args = ["N.unknown"] }]', "N.unknown"),
        (_SECTION % 'say = [{ when = { some = ["N.unknown"] }, say = "x" }]', "N.unknown"),
        (_SECTION % 'say = [{ each = "?", say = "x" }]', "?"),
        (_SECTION % 'say = [{ reason = "N.s1.change", say = "x" }]', "x"),
        (_SECTION % 'say = [{ reason = "x", off = "N.unknown", say = "{reason}" }]', "N.unknown"),
        (_SECTION % 'say = [{ reason = "x", over = "?", say = "{reason}" }]', "?"),
        (_SECTION % 'each = "?"', "?"),
        ('[staff]\nx = { name = "x", group = "x", plus = ["?"] }', "?"),
    ],
)
def test_what_is_wrong_with_ones_own_is_told_with_its_place(
    tmp_path: Path, text: str, value: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    sheet = 'title = "x"\ntables = [1, 2, 3, 4, 5, 6, 7, 8, 9]\nbased_on = "2020"\n'
    folder.joinpath("edition.toml").write_text(sheet, encoding="utf-8")
    folder.joinpath("narrative.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongCells) as error:
        found(str(folder))
    told = [(Path(each.file).name, each.value) for each in error.value.cells]
    assert ("narrative.toml", value) in told


@pytest.mark.parametrize(
    ("ask", "typed", "meant"),
    [
        (lambda e, t: places.item(e, "staff", t, field="item"), "行政", "admin"),
        (lambda e, t: places.item(e, "staff", t, field="item"), "institution_civil", ...),
        (lambda e, t: places.item(e, "staff", t, field="item"), "active", None),  # a sum
        (lambda e, t: places.item(e, "assets", t, field="item"), "vehicles.law", ...),
        (lambda e, t: places.item(e, "assets", t, field="item"), "执法执勤用车", "vehicles.law"),
        (lambda e, t: places.item(e, "assets", t, field="item"), "admin", None),
        (lambda e, t: places.reason_slot(e, t, field="slot"), "N.s1.change", ...),
        (lambda e, t: places.reason_slot(e, t, field="slot"), "N.s5c.208_rate", ...),
        (lambda e, t: places.reason_slot(e, t, field="slot"), "N.s5c.P02.results", ...),
        (lambda e, t: places.reason_slot(e, t, field="slot"), "functions", None),
        (lambda e, t: places.text_slot(e, t, field="slot"), "functions", ...),
        (lambda e, t: places.text_slot(e, t, field="slot"), "glossary.2080101", ...),
        (lambda e, t: places.text_slot(e, t, field="slot"), "N.s1.change", None),
        (lambda e, t: places.prior_cell(e, t, counted=False), "N.s1.total", ...),
        (lambda e, t: places.prior_cell(e, t, counted=False), "T7.7", ...),
        (lambda e, t: places.prior_cell(e, t, counted=False), "N.s2.income", ...),
        (lambda e, t: places.prior_cell(e, t, counted=True), "N.s7b.trip_groups", ...),
        (lambda e, t: places.prior_cell(e, t, counted=False), "N.s2.fiscal_share", None),
        (lambda e, t: places.prior_cell(e, t, counted=False), "T1.2", None),
    ],
)
def test_the_places_that_may_be_filled(ask: Any, typed: str, meant: Any) -> None:
    if meant is None:
        with pytest.raises(Malformed) as error:
            ask(edition("2020"), typed)
        assert error.value.unreadable.code == "SLOT.UNKNOWN"
    else:
        assert ask(edition("2020"), typed) == (typed if meant is ... else meant)


def test_a_plan_has_no_places() -> None:
    with pytest.raises(Malformed, match="没有"):
        places.reason_slot(editions.edition("budget-2024"), "N.s1.change", field="slot")
