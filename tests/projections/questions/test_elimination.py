"""抵销: which payments between units are which incomes."""

import pytest

from ledger.line import BudgetLine
from projections.views.elimination import Dealt, Pair, paired

SUBSIDY, REMITS, BASIC, FISCAL = (
    BudgetLine.parse(f"{fund}:2080105:{spending}:-:-:2025")
    for fund, spending in (
        ("nonfiscal", "affiliate-subsidy"),
        ("nonfiscal", "remit-superior"),
        ("nonfiscal", "basic"),
        ("general", "basic"),
    )
)


def paid(entry: int, fen: int, line: BudgetLine = SUBSIDY, of: str = "A", to: str = "B") -> Dealt:
    return Dealt(f"{of}/2025", of, entry, to, line, "30299", "", fen)


def came(entry: int, fen: int, source: str = "superior", of: str = "B", to: str = "A") -> Dealt:
    return Dealt(f"{of}/2025", of, entry, to, BASIC, "-", source, fen)


def told(pairs: tuple[Pair, ...]) -> list[tuple[str, list[int], list[int]]]:
    return [
        (
            f"{pair.payer}{pair.receiver}",
            [deal.named.entry for deal in pair.payments],
            [deal.named.entry for deal in pair.incomes],
        )
        for pair in pairs
    ]


NOTHING: list[tuple[str, list[int], list[int]]] = []
CASES = {
    "one and one": (
        [paid(1, 100), came(2, 100)],
        [("AB", [1], [2])], NOTHING,
    ),
    "paid twice, recorded once": (
        [paid(1, 60), paid(2, 40), came(3, 100)],
        [("AB", [1, 2], [3])], NOTHING,
    ),
    "single amounts before sums": (
        [paid(1, 60), paid(2, 100), paid(3, 40), came(4, 100), came(5, 100)],
        [("AB", [2], [4]), ("AB", [1, 3], [5])], NOTHING,
    ),
    "another amount": (
        [paid(1, 100), came(2, 90)],
        NOTHING, [("AB", [1], [2])],
    ),
    "no other side": (
        [paid(1, 100)],
        NOTHING, [("AB", [1], [])],
    ),
    "an income that nobody paid": (
        [came(2, 100)],
        NOTHING, [("AB", [], [2])],
    ),
    "single amounts where the sums differ": (
        [paid(1, 100), paid(2, 30), came(3, 100), came(4, 20)],
        [("AB", [1], [3])], [("AB", [2], [4])],
    ),
    "each kind by itself": (
        [paid(1, 100), paid(2, 30, BASIC), came(3, 60), came(4, 40)],
        [("AB", [1], [3, 4])], [("AB", [2], [])],
    ),
    "of two equal amounts the one of its kind": (
        [paid(1, 100, BASIC), paid(2, 100), came(3, 100)],
        [("AB", [2], [3])], [("AB", [1], [])],
    ),
    "a 行政单位 has no 对附属单位补助: all together": (
        [paid(1, 100, BASIC), came(2, 100)],
        [("AB", [1], [2])], NOTHING,
    ),
    "both directions": (
        [paid(1, 100), came(2, 100), paid(3, 7, REMITS, "B", "A"),
         came(4, 7, "affiliate", "A", "B")],
        [("AB", [1], [2]), ("BA", [3], [4])], NOTHING,
    ),
    "what goes to others is nobody's": (
        [paid(1, 100, to="Z"), came(2, 100, to="Z")],
        NOTHING, NOTHING,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_belongs_together(case: str) -> None:
    dealt, eliminated, unpaired = CASES[case]
    found = paired(dealt, {"A", "B"})
    assert told(found.eliminated) == eliminated
    assert told(found.unpaired) == unpaired
    assert found.fiscal == ()
    assert all(pair.paid_fen == pair.received_fen for pair in found.eliminated)


def test_fiscal_payments_are_paired_and_not_eliminated() -> None:
    """Whatever else is equal is eliminated first."""
    dealt = [paid(1, 100, FISCAL), paid(2, 100), came(3, 100), came(4, 100, "other")]
    found = paired(dealt, {"A", "B"})
    assert told(found.eliminated) == [("AB", [2], [3])]
    assert told(found.fiscal) == [("AB", [1], [4])]
    assert found.unpaired == ()


def test_a_voucher_of_two_funds_is_two_payments() -> None:
    dealt = [paid(1, 60), paid(1, 40, FISCAL), came(2, 60)]
    found = paired(dealt, {"A", "B"})
    assert told(found.eliminated) == [("AB", [1], [2])]
    assert [pair.paid_fen for pair in found.unpaired] == [40]


def test_a_voucher_of_two_lines_is_one_payment() -> None:
    dealt = [paid(1, 60), paid(1, 40, BASIC), came(2, 100), came(3, 5)]
    assert told(paired(dealt, {"A", "B"}).eliminated) == [("AB", [1], [2])]
