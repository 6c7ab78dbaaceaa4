"""对方单位: the unit that a payment goes to, or an income came from."""

from ledger.book import BookId
from ledger.parse import NO_COUNTERPART
from ledger.refusals import Instead, Refusal, Refused
from ledger.state import BookState


def of_another(state: BookState, counterpart: str, *, fiscal: bool = False) -> None:
    """It is another unit than the book's, and of an income that is not `fiscal`: that comes from
    the finance bureau. Raises `Refused`."""
    unit, _ = BookId.split(state.book)
    if counterpart == unit:
        why = "就是本单位"
    elif fiscal:
        why = "不是财政拨款收入的来源：财政拨款收入来自财政部门"
    else:
        return
    raise Refused(
        Refusal.COUNTERPART_OTHER,
        counterpart=counterpart,
        why=why,
        ways_out=[Instead(counterpart=NO_COUNTERPART)],
    )
