"""科目 as text."""

from cli.text.columns import table
from ledger.kinds import CODE_SET_NAMES
from projections.answers import Header
from projections.report.codes import ADOPTED, ListedCodes, NamedCode

_SOURCES = {
    ADOPTED: "采用的科目表",
    "printed-2020": "见于 2020 年决算",
    "printed-2024": "见于 2024 年决算",
    "table": "见于公开的科目表",
    "recalled": "凭记忆，未核对",
}


def codes(header: Header, answer: ListedCodes) -> str:
    """科目表: the lists that were adopted, then the codes."""
    shown = [f"{header.subject}  科目"]
    for each in answer.lists:
        shown.append(
            f"采用的{CODE_SET_NAMES[each.code_set]}：{each.edition}（第 {each.entry} 笔，"
            f"{each.rows:,} 行，SHA-256 {each.sha256[:12]}）"
        )
    if not answer.lists:
        shown.append("没有采用科目表，名称取自随附的科目表（不全，多为凭记忆）")
    if answer.codes:
        head = ("科目", "名称", "来源", "版本", "在用")
        shown += ["", table(head, map(_row, answer.codes), left=len(head))]
    if answer.unnamed:
        shown.append(
            f"\n在用而没有名称的科目 {answer.unnamed} 个："
            "用 yusuan codes import 采用含有它们的科目表"
        )
    else:
        shown.append("\n在用的科目都有名称")
    return "\n".join(shown)


def _row(code: NamedCode) -> tuple[str, ...]:
    source = "" if code.source is None else _SOURCES[code.source]
    return (code.code, code.name or "（没有名称）", source, code.edition or "", "在用" * code.used)
