"""What was opened from a closing that does not stand as it was, as text."""

from msgspec import UnsetType

from cli.text import ways
from cli.text.columns import table
from cli.text.parts import money
from ledger.kinds import POOL_NAMES
from ledger.line import FUND_NAMES, Fund
from ledger.money import yuan
from projections.questions.year.carried_on import CarriedOn, ItemCarriedOn


def carried_on(answer: CarriedOn | UnsetType) -> list[str]:
    """The lines that tell it; none where there is nothing to be told."""
    if isinstance(answer, UnsetType):
        return []
    names = ("carried_fen", "revised_fen", "closing_fen", "difference_fen")
    rows = [(_item(each), *(money(getattr(each, name)) for name in names)) for each in answer.items]
    foot = ("合计", *(yuan(getattr(answer, name)) for name in names))
    head = ("项目", "转入", "上年年末更正", "现在年末", "尚未说明")
    return [
        "",
        answer.told(),
        table(head, rows, left=1, foot=foot),
        ("重新结账之后，" if answer.reopened else "")
        + "差额在下一年账套作上年年末更正，各项做法见：",
        ways.told(answer.check),
    ]


def _item(item: ItemCarriedOn) -> str:
    if item.pool is not None:
        return POOL_NAMES[item.pool]
    parts = (item.func, item.project, item.origin)
    fund = "" if item.fund is None else FUND_NAMES[Fund(item.fund)]
    return " ".join(str(part) for part in (fund, *parts) if part not in (None, ""))
