"""公开: what the state keeps of it, what it asks of facts afterwards, and what the door lets by."""

from datetime import date

import pytest

from ledger.decisions.correction import reverse
from ledger.decisions.final_account import final_approval
from ledger.decisions.particulars import headcount, reason
from ledger.decisions.publication import publish
from ledger.doors.publishing import Obstacle, Publishable, acceptable, may_be_published
from ledger.events import Accepted, EntryReversed, PublishedFile
from ledger.refusals import Refusal, Refused
from tests.harness.plain import typed
from tests.harness.scenario import (
    REPORT_FILE,
    YEAR_END,
    closing,
    given,
    published,
    signed,
)

OTHER = PublishedFile("other.html", "2e" * 32)
CLOSED = closing()


def test_it_is_recorded_of_an_open_and_of_a_closed_year():
    given().when(publish).then(published())
    book = given(CLOSED, signed(CLOSED)).when(publish).then(published())
    assert book.state.published == {REPORT_FILE.sha256: 5}
    after = given(CLOSED, signed(CLOSED), published())
    after.when(final_approval, reason="").allowed()  # it has a document


def test_a_file_is_public_once_and_until_it_is_taken_back():
    made = published()
    scenario = given(made)
    refused = scenario.when(publish, files=(OTHER, REPORT_FILE)).refused(
        Refusal.PUBLISH_AGAIN, file="report.html", entry=3
    )
    assert typed(refused.ways_out)[1] == "yusuan reverse 3 --date 2020-12-31 --reason 事由"
    back = EntryReversed(original=3, reversed=made, occurred_on=YEAR_END, reason="没有公开")
    asked = scenario.when(reverse, original=made, occurred_on=YEAR_END, reason="没有公开")
    book = asked.then(back)
    assert book.state.published == {}


def test_facts_have_a_reason_while_a_publication_stands():
    made = published()
    scenario = given(made)
    for decision in (headcount, reason):
        scenario.when(decision).refused(Refusal.PUBLISH_REASON, entry=3)
        scenario.when(decision, reason="漏记").allowed()
    taken_back = given(
        made, EntryReversed(original=3, reversed=made, occurred_on=YEAR_END, reason="没有公开")
    )
    taken_back.when(headcount).allowed()
    scenario.when(reverse, original=made, occurred_on=YEAR_END, reason="").refused(
        Refusal.PUBLISH_REASON
    )


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2020, 12, 31), date(2022, 1, 1)])
def test_it_is_of_its_year_or_later(day: date):
    given().when(publish, published_on=day).then(published(published_on=day))


STANDING = Publishable(
    ["A/2020"],
    [Obstacle("duties", "没有主要职能")],
    [Obstacle("X12", "年末为负"), Obstacle("E.WEIGHTS", "权重合计 90")],
)


def tried(*codes: str, standing: Publishable = STANDING) -> str:
    """The code of the refusal, if it is refused with these accepted."""
    try:
        may_be_published(standing, [REPORT_FILE], [Accepted(code, "已说明") for code in codes])
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("accepted", "refused"),
    [
        ((), "YEAR.OPEN"),
        (("PUBLISH.MISSING", "PUBLISH.ERRORS"), "YEAR.OPEN"),
        (("YEAR.OPEN",), "PUBLISH.MISSING"),
        (("YEAR.OPEN", "PUBLISH.MISSING"), "PUBLISH.ERRORS"),
        (("YEAR.OPEN", "PUBLISH.MISSING", "X12"), "PUBLISH.ERRORS"),
        (("YEAR.OPEN", "PUBLISH.MISSING", "X12", "E.WEIGHTS"), ""),
        (("YEAR.OPEN", "PUBLISH.MISSING", "PUBLISH.ERRORS"), ""),
    ],
)
def test_each_thing_in_the_way_is_accepted_by_itself(accepted: tuple[str, ...], refused: str):
    assert tried(*accepted) == refused


def test_what_is_internal_is_never_accepted():
    assert tried(*acceptable(STANDING)) == ""
    internal = STANDING._replace(internal={REPORT_FILE.sha256})
    assert tried(*acceptable(internal), standing=internal) == "PUBLISH.INTERNAL"


def test_the_ways_of_a_department_name_its_books():
    department = STANDING._replace(asked={"units": "A,B", "year": 2020})
    with pytest.raises(Refused) as refused:
        may_be_published(department, [REPORT_FILE], [])
    assert typed(refused.value.ways_out)[0] == "yusuan close-year --unit A --year 2020"
    with pytest.raises(Refused) as refused:
        may_be_published(department, [REPORT_FILE], [Accepted("YEAR.OPEN", "未到期")])
    assert typed(refused.value.ways_out) == [
        "yusuan narrative --missing --units A,B --year 2020",
        "--accept YEAR.OPEN --accept PUBLISH.MISSING --reason '未到期' --reason 事由",
    ]
