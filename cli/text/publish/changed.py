"""变动 as text: the entries since, and what every figure that has changed was and is."""

from datetime import datetime

from msgspec import UNSET

from cli.text.ask.entries import listed
from cli.text.columns import fitted, table
from cli.text.parts import heading
from ledger.parse import local
from projections.answers import Header
from projections.report.published.changed import ChangedCell, ChangedSince

_HEAD = ("编号", "名称", "原来", "现在", "记录")
_NAMED = 5


def changed(header: Header, answer: ChangedSince) -> str:
    """变动."""
    since = answer.since
    recorded = local(datetime.fromisoformat(since.recorded_at)).isoformat(" ", "seconds")
    when = f"第 {since.entry} 笔（{recorded} 记录）以来"
    if since.publication is not UNSET:
        when = f"公开（第 {since.publication} 笔，{since.published_on}，据前 {since.entry} 笔）以来"
    shown = [heading(header, f"变动  {when}")]
    if not answer.entries:
        shown.append("没有新的记录")
    else:
        shown += [f"记录 {len(answer.entries)} 笔", listed(answer.entries)]
    shown.append("")
    if not answer.cells:
        shown.append("公开的数没有变化")
    else:
        rows = [_row(each) for each in answer.cells]
        shown += [
            f"变了的数 {len(rows)} 个（金额为印出的数，单位万元）",
            table(_HEAD, fitted(_HEAD, rows, texts=(1, 4)), left=2),
        ]
    return "\n".join(shown)


def _row(cell: ChangedCell) -> tuple[str, ...]:
    entries = [str(entry) for entry in cell.entries]
    if cell.elsewhere is not UNSET:
        entries += [f"{each.book} {each.entry}" for each in cell.elsewhere]
    more = f"……共 {len(entries)} 笔" if len(entries) > _NAMED else ""
    return (
        cell.id,
        cell.label,
        cell.before_printed or "—",
        cell.after_printed or "—",
        "、".join(entries[:_NAMED]) + more,
    )
