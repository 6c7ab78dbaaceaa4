"""结转账龄 as text."""

from cli.text.columns import Row, table
from cli.text.parts import LIGHT_NAMES, OfUnits, heading, money, told_apart
from ledger.line import FISCAL_FUNDS
from ledger.money import yuan
from projections.answers import Header
from projections.questions.ageing import FIGURES, Ageing, LineAge, OriginAge


def ageing(header: Header, answer: Ageing, *, by_unit: bool = False) -> str:
    """结转账龄: a summary by origin, below it the lines. A light only where there is a term."""

    def term(row: LineAge | OriginAge, without: str = "—") -> Row:
        if row.ends is None:
            return ("", "", without)
        months = row.months_left
        return (
            row.ends.isoformat(),
            "" if months is None else str(months),
            LIGHT_NAMES[row.light],
        )

    def kept(line: LineAge) -> str:
        fiscal = line.fund in FISCAL_FUNDS
        return "长期结转" if fiscal and line.spending == "basic" else "—"

    totals = answer.totals
    origins = [
        (
            str(row.origin),
            *(money(getattr(row, name)) for name in FIGURES),
            money(row.term_fen),
            *term(row),
        )
        for row in answer.origins
    ]
    with_term_fen = sum(row.term_fen for row in answer.origins)
    left = (yuan(getattr(totals, name)) for name in FIGURES)
    foot: Row = ("合计", *left, yuan(with_term_fen), "", "", "")
    figures = ("可执行", "待下达", "在途", "剩余")
    limit = ("两年期限", "剩余月数", "灯")
    head = ("形成年度", *figures, "其中有期限", *limit)
    about = [OfUnits(row.project, row.name, row.units) for row in answer.lines]
    lines = [
        (
            f"{row.line} {whose}".rstrip(),
            *(money(getattr(row, name)) for name in FIGURES),
            *term(row, kept(row)),
        )
        for row, whose in zip(answer.lines, told_apart(about, by_unit=by_unit), strict=True)
    ]
    title = f"结转账龄（至 {answer.date or '—'}）"
    return "\n".join(
        [
            heading(header, title),
            table(head, origins, left={0, 6, 8}, foot=foot),
            "",
            table(("预算线", *figures, *limit), lines, left={0, 5, 7}),
        ]
    )
