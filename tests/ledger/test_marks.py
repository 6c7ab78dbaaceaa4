"""What a payment is found by without a search, and what of that is left when it is undone."""

from collections import Counter

from hypothesis import given as any_of
from hypothesis import strategies as st

from ledger.events import EntryCorrected, RequestApproved
from ledger.events.particulars import TargetSet
from ledger.marks import (
    BETWEEN,
    Mark,
    amounts,
    beginning,
    item_of,
    marks,
    of_document,
    of_item,
    of_payee,
    of_payment,
    of_row,
    of_voucher,
    paid_by,
)
from tests.harness.scenario import DAY, LINE, appropriated, line, paid, vouched

WORDS = st.text(st.sampled_from("甲乙ＡA1１ 　（）()"), max_size=6)
OTHER = line("econ=30201")
VOUCHER = vouched(
    (LINE, "30299", 5), (OTHER, "30201", 5), (LINE, "30299", 3), payee="某店", doc="支1"
)


def of(event, back=None, *, undone=False) -> list[Mark]:
    return marks(7, event, paid_by(event), back or {}, undone=undone)


def kinds(found: list[Mark]) -> Counter[str]:
    return Counter(mark.kind for mark in found)


def test_a_payment_is_found_by_whom_how_much_and_under_which_document():
    payee = Mark("payee", f"某店{BETWEEN}1200", 7, 12_00)
    event = paid(12_00, payee="某店", doc="支 １")
    what = BETWEEN.join(("某店", "1200", "支1", str(event.line), event.econ))
    assert of(event) == [payee, Mark("document", what, 7, 12_00)]
    assert of(paid(12_00, payee="某店", doc="")) == [payee]


def test_a_voucher_is_found_as_a_whole_and_by_each_item_once():
    found = of(VOUCHER)
    assert [mark.fen for mark in found if mark.kind == "payee"] == [13, 5, 3]
    assert [mark.fen for mark in found if mark.kind == "voucher"] == [13]
    assert {mark.what for mark in found if mark.kind == "item"} == {
        of_payment("支1", "某店", 5, LINE, "30299"),
        of_payment("支1", "某店", 5, OTHER, "30201"),
        of_payment("支1", "某店", 3, LINE, "30299"),
    }


def test_a_voucher_is_one_in_whatever_order_its_items_stand():
    items = VOUCHER.items
    assert of_voucher("支1", "某店", items) == of_voucher("支1", "某店", items[::-1])
    assert of_voucher("支1", "某店", items) != of_voucher("支1", "某店", items[1:])


def test_a_target_is_found_by_its_row_the_latest_day_first():
    """Of the whole department, of a project and of the whole unit are rows of their own."""
    rows = [
        TargetSet(
            occurred_on=DAY,
            project=project,
            no=no,
            department=department,
            level1="产出指标",
            level3="受理",
        )
        for project, no, department in (("P01", "1", False), ("", "1", False), ("P01", "1", True))
    ]
    found = [mark for row in rows for mark in of(row)]
    assert len({mark.what for mark in found}) == 3
    assert {beginning(mark) for mark in found} == {of_row(row) for row in rows}
    assert all(mark.what.endswith(f"{BETWEEN}{DAY}") for mark in found)
    assert of(rows[0], undone=True) == []


def test_of_what_was_undone_or_came_back_nothing_is_found():
    payment = paid(12_00, payee="某店", doc="支1")
    assert of(payment, undone=True) == [] == of(payment, {0: 12_00})
    assert of(payment, {0: 11_99}) == of(payment)
    assert of(VOUCHER, undone=True) == []


def test_what_came_back_of_a_voucher_is_known_by_item_and_the_rest_stands():
    found = of(VOUCHER, {1: 5, 3: 1})
    back = [mark for mark in found if mark.kind == "refunded"]
    assert back == [Mark("refunded", of_item(7, 1), 7, 5), Mark("refunded", of_item(7, 3), 7, 1)]
    assert [item_of(mark.what) for mark in back] == [1, 3]
    rest = vouched((OTHER, "30201", 5), (LINE, "30299", 3), payee="某店", doc="支1")
    assert [mark for mark in found if mark.kind != "refunded"] == of(rest)
    assert kinds(of(VOUCHER, {1: 5, 2: 5, 3: 3})) == {"refunded": 3}


def test_a_correction_is_found_by_what_was_recorded_first_even_when_it_is_undone():
    right = paid(5, payee="某店", doc="支2")
    once = EntryCorrected(occurred_on=DAY, original=3, reversed=paid(5), right=right)
    again = EntryCorrected(occurred_on=DAY, original=6, first=3, reversed=right, right=right)
    for event in (once, again, RequestApproved(occurred_on=DAY, original=6, approved=again)):
        assert of(event) == [Mark("corrected", "3", 7, 0), *of(right)]
        assert of(event, undone=True) == [Mark("corrected", "3", 7, 0)]


def test_nothing_else_is_marked():
    assert of(appropriated(5)) == []


@any_of(WORDS, WORDS)
def test_width_and_blanks_do_not_tell_documents_apart(doc, payee):
    """And nothing else is folded: letters, cases and marks do."""
    wide = {ord(c): w for c, w in zip("A1() ", "Ａ１（）　", strict=True)}
    typed = of_document(doc, payee, 1)
    assert typed == of_document(doc.translate(wide), payee.translate(wide), 1)
    assert typed == of_document(doc.replace(" ", ""), payee, 1)
    assert of_document("a", payee, 1) != of_document("A", payee, 1)


@any_of(WORDS, WORDS)
def test_all_that_is_under_a_document_begins_alike(doc, payee):
    for event in (paid(5, payee=payee or "某", doc=doc or "支"), VOUCHER):
        for mark in of(event):
            if mark.kind == "payee":
                assert beginning(mark) == mark.what == of_payee(event.payee, mark.fen)
                assert mark.fen in amounts(event)
            else:
                assert beginning(mark) == of_document(event.doc, event.payee, mark.fen)
                assert mark.what.startswith(beginning(mark) + BETWEEN)
