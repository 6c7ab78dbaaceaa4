"""Money of earlier years that is left beside what a payment was paid from: whoever said no year is
told of it."""

from collections.abc import Iterator

from ledger.events import AnyEvent, DisbursementRecorded
from ledger.line import BudgetLine, econs_drawn_on
from ledger.rules.cautions import Caution, Remark
from ledger.state import BookState


class OlderMoney:
    """The lines of earlier years by what they are for, looked up once for many payments."""

    def __init__(self, state: BookState) -> None:
        self._state = state
        self._known = 0
        self._beside: dict[tuple[str, ...], list[BudgetLine]] = {}

    def beside(self, event: AnyEvent) -> Iterator[Remark]:
        """What is to be said of a payment of this year's money, where older is left."""
        if not isinstance(event, DisbursementRecorded) or event.line.origin != self._state.year:
            return
        if self._known != len(self._state.lines):  # lines come into being, and stay
            self._known = len(self._state.lines)
            self._beside = {}
            for line in self._state.lines:
                if line.origin < self._state.year:
                    self._beside.setdefault(line.purpose[:-1], []).append(line)
        for line in self._beside.get(event.line.purpose[:-1], ()):
            if line.econ in econs_drawn_on(event.econ) and self._state.available_fen(line) > 0:
                yield Caution.ORIGIN_OLDER.with_figures(year=self._state.year, line=line)
