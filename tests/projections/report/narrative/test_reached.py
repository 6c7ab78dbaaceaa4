"""Every sentence of every edition is said by some year, and every condition holds in one and fails
in another: found by walking the data of the edition, not by listing its sentences here."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.refusals import Way
from ledger.requests import Request
from projections.report.editions import edition
from projections.report.explain import explain
from projections.report.figure import Report
from projections.report.narrative import sentences
from projections.report.narrative.answer import ToldNarrative, narrative
from projections.report.narrative.data import Narrative, of_edition
from projections.report.narrative.sections_said import Piece, When, with_args
from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.reported import reported
from tests.harness.small_year import Year, project, request

EDITIONS = ("2020", "2022", "2024", "2024-26")
ALONE = (Unit("A", "admin"),)
INSTITUTION = (Unit("C", "institution"),)


def report_of(year: Year, *, whole: bool = False) -> Iterator[Report]:
    books = () if whole else (BookId(year.book.unit, 2020),)
    with reported(year.db, *books) as report:
        yield report


def years(folder: Path, name: str) -> Iterator[tuple[Year, bool]]:
    """Years that differ in what a sentence may depend on: against last year more, less, the same
    and something against nothing; a department of every kind; planned or not; nothing at all."""
    for then, now in ((1, 2), (2, 1), (1, 1), (0, 1)):
        made = folder / f"{then}{now}"
        made.mkdir()
        recorded(made, ALONE, 2019, k=then, edition=name)
        yield recorded(made, ALONE, 2020, k=now, edition=name), False
    made = folder / "whole"
    made.mkdir()
    recorded(made, OF_EVERY_KIND, 2019, k=1, edition=name)
    first = recorded(made, OF_EVERY_KIND, 2020, k=2, edition=name)
    yield first, True
    made = folder / "unspent"
    made.mkdir()
    yield recorded(made, ALONE, 2020, spent=False, edition=name), False
    made = folder / "unplanned"
    made.mkdir()
    yield recorded(made, INSTITUTION, 2020, planned=False, edition=name), False
    made = folder / "evaluated"
    made.mkdir()
    general = recorded(made, ALONE, 2020, edition=name, spent=False, facts=False)
    said: dict[str, Any] = {
        "level1": "产出",
        "level3": "指标",
        "value": "≥95%",
        "weight_hundredths": 9000,
    }
    moneyless = project("P03", "没有资金的项目")
    targets = [request("target", "12-31", project=of, no="1", **said) for of in ("P01", "P03")]
    general.record(moneyless, *targets)
    yield general, False
    made = folder / "nothing"
    made.mkdir()
    nothing = recorded(made, INSTITUTION, 2020, k=0, edition=name, facts=False)
    yield nothing.record(targets[0]), False
    made = folder / "noughts"
    made.mkdir()
    recorded(made, ALONE, 2019, k=0, edition=name)
    yield recorded(made, ALONE, 2020, k=0, edition=name), False


def said_of(told: ToldNarrative, *, whole: bool) -> Iterator[Request]:
    """What a person records who goes through what is missing, one by one."""
    of = {"department": True} if whole else {}
    for each in told.missing:
        match each.needs:
            case "prior":
                yield request("prior", "12-31", cell=each.slot, amount_fen=1_000_00)
            case "reason" | "text":
                text = "第一段。\n\n第二段。" if each.needs == "text" else "工作需要"
                yield request(each.needs, "12-31", slot=each.slot, text=text, **of)
            case "fact" if each.slot == "key-work":
                said = {"item": "事项", "goal": "目标", "done": "完成"}
                yield request("key-work", "12-31", no="1", **said, **of)
            case "fact":
                assert isinstance(each.try_[0], Way)
                item = dict(each.try_[0].options)["item"]
                yield request(each.try_[0].command, "12-31", item=item, count=0)


def every(said: Narrative, pieces: Sequence[str | Piece]) -> Iterator[str | Piece]:
    """Every piece below some, phrases filled in."""
    for piece in pieces:
        yield piece
        if isinstance(piece, Piece):
            yield from every(said, piece.parts)
            if piece.use:
                phrase = [with_args(each, piece.args) for each in said.phrases[piece.use]]
                yield from every(said, phrase)


@pytest.mark.parametrize("name", EDITIONS)
def test_every_sentence_is_said_by_some_year(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: set[str | Piece] = set()
    held: dict[When, set[bool]] = {}
    once, pieces = sentences._Paragraph._once, sentences._Paragraph._pieces
    holds = sentences._Paragraph._holds

    def noted(paragraph: sentences._Paragraph, piece: Piece, row: sentences._Row) -> str:
        text = once(paragraph, piece, row)
        if text and "【缺" not in text:
            told.add(piece)
        return text

    def noted_all(
        paragraph: sentences._Paragraph, said: Sequence[str | Piece], row: sentences._Row
    ) -> str:
        text = pieces(paragraph, said, row)
        told.update(each for each in said if isinstance(each, str) and text)
        return text

    def noted_when(paragraph: sentences._Paragraph, when: When, row: sentences._Row) -> bool:
        found = holds(paragraph, when, row)
        held.setdefault(when, set()).add(found)
        return found

    monkeypatch.setattr(sentences._Paragraph, "_once", noted)
    monkeypatch.setattr(sentences._Paragraph, "_pieces", noted_all)
    monkeypatch.setattr(sentences._Paragraph, "_holds", noted_when)
    for year, whole in years(tmp_path, name):
        for _ in ("figures of last year", "reasons of what they show"):
            for report in report_of(year, whole=whole):
                missing = list(said_of(narrative(report), whole=whole))
            year.record(*missing)
        for report in report_of(year, whole=whole):
            told_now = narrative(report)
            for name_of_figure in report.ids if whole else ():
                explain(report, name_of_figure)  # whatever does not add up is refused
            assert told_now.missing == []
            assert not [p.text for s in told_now.sections for p in s.paragraphs if "【缺" in p.text]
            for section in told_now.sections:
                for paragraph in section.paragraphs:
                    assert not set("{}$@") & set(paragraph.text), paragraph
                    for figure in paragraph.figures:
                        assert report.figure(figure).printed in paragraph.text
    said = of_edition(edition(name))
    paragraphs = [each for section in said.sections for each in section.paragraphs]
    wanted = {piece for each in paragraphs for piece in every(said, each.say)}
    silent = {piece for piece in wanted if isinstance(piece, Piece) and not _speaks(piece)}
    assert [each if isinstance(each, str) else each.say for each in wanted - told - silent] == []
    whens = {each.when for each in paragraphs} | {
        piece.when for piece in wanted - silent if isinstance(piece, Piece)
    }
    assert {when for when in whens if held.get(when) != {True, False}} <= {When()}


def _speaks(piece: Piece) -> bool:
    """Whether a piece says anything by itself: not one that only asks that facts be there."""
    return bool(piece.say) or bool(piece.parts) or (piece.use not in ("", "checked"))
