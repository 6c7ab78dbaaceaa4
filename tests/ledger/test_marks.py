"""What a payment is found by without a search."""

from hypothesis import given as any_of
from hypothesis import strategies as st

from ledger.marks import BETWEEN, Mark, marks, of_document, of_payee
from tests.harness.scenario import LINE, appropriated, line, paid, vouched

WORDS = st.text(st.sampled_from("甲乙ＡA1１ 　（）()"), max_size=6)


def of(event) -> list[Mark]:
    return [*marks(7, event)]


def test_a_payment_is_found_by_whom_how_much_and_under_which_document():
    assert of(paid(12_00, payee="某店", doc="支 １")) == [
        Mark("document", f"某店{BETWEEN}1200{BETWEEN}支1", 7, 12_00)
    ]
    assert of(paid(12_00, payee="某店", doc="")) == [Mark("payee", f"某店{BETWEEN}1200", 7, 12_00)]


def test_a_voucher_is_found_as_a_whole_and_by_each_item_once():
    other = line("econ=30201")
    parts = ((LINE, "30299", 5), (other, "30201", 5), (LINE, "30299", 3))
    found = of(vouched(*parts, payee="某店", doc="支1"))
    assert [mark.fen for mark in found] == [13, 5, 3]
    assert {mark.what for mark in found} == {of_document("支1", "某店", fen) for fen in (13, 5, 3)}


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
def test_what_is_under_a_document_begins_with_whom_was_paid(doc, payee):
    assert of_document(doc, payee, 5).startswith(of_payee(payee, 5) + BETWEEN)
    assert not of_document(doc, payee, 55).startswith(of_payee(payee, 5) + BETWEEN)
