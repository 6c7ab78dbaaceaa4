"""What can be paid of non-fiscal money: no more than has come in (R1), and of what is for a project
no more than its own."""

from collections import defaultdict
from collections.abc import Mapping

from ledger.line import NO_PROJECT, BudgetLine, Fund


class Cash:
    """What can be paid of non-fiscal money, by the cash of each project, `-` for what is bound to
    none, fen."""

    def __init__(self, by_project: dict[str, int]) -> None:
        self._all_fen = max(0, sum(by_project.values()))
        self._by_project = by_project

    def of(self, line: BudgetLine, available_fen: int) -> int:
        """What could be paid now on a line of which so much is available."""
        if line.fund is not Fund.NONFISCAL:
            return available_fen
        return min(available_fen, self._limit_fen(line.project))

    def of_all(self, available: Mapping[BudgetLine, int]) -> int:
        """What could be paid now on all these lines, the cash counted once."""
        own: dict[str, int] = defaultdict(int)
        for line, fen in available.items():
            if line.fund is Fund.NONFISCAL:
                own[line.project] += fen
        fiscal_fen = sum(available.values()) - sum(own.values())
        own_fen = sum(min(fen, self._limit_fen(project)) for project, fen in own.items())
        return fiscal_fen + min(own_fen, self._all_fen)

    def _limit_fen(self, project: str) -> int:
        if project == NO_PROJECT:
            return self._all_fen
        return max(0, min(self._by_project.get(project, 0), self._all_fen))
