"""审计 as a person reads it: what was tried, what failed, what could not be checked."""

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from cli.text.columns import table
from ledger.proofs.printed import PrintedHead
from projections.answers import some

if TYPE_CHECKING:
    from ledger.rules.cautions import Remark
    from projections.audit.book import Audited, Checked
    from projections.audit.file import AuditedFile
    from projections.audit.published import WasPublished


class Rebuilt(msgspec.Struct, frozen=True):
    """The books whose views were made anew, and their heads."""

    ok: bool
    books: dict[str, PrintedHead]


def rebuilt(answer: Rebuilt) -> str:
    """The views that were made anew."""
    return "\n".join(
        f"已重新生成 {book} 的查询视图，共 {head.entries} 笔" for book, head in answer.books.items()
    )


def one_book(answer: "Audited") -> str:
    """审计结果."""
    title = f"{answer.book}  审计  共 {answer.entries} 笔，用时 {answer.seconds} 秒"
    shown = [title, "", _checks(answer.checks), ""]
    for finding in answer.findings:
        where = "" if finding.entry is None else f"第 {finding.entry} 笔  "
        shown.append(f"不符 {finding.code}  {where}{finding.message}")
    shown += [f"未检查 {skipped.code}：{skipped.why}" for skipped in answer.not_run]
    shown += _remarked(answer.remarks)
    if answer.published is not UNSET:
        shown.append(_published(answer.published))
    return "\n".join([*shown, _concluded(answer.ok)])


def _published(was: "WasPublished") -> str:
    """Which publication a file is of."""
    whose = f"{was.department}的" if was.department else ""
    made = "，是当时由账生成的原样" if was.made else ""
    return (
        f"公开  文件是{whose}第 {was.entry} 笔记录的“{was.file}”，{was.published_on} 公开，"
        f"据账的前 {was.head.entries} 笔（末端 {was.head.hash[:12]}）{made}"
    )


def all_books(answer: "AuditedFile") -> str:
    """审计结果 of all books; only those that are not right are named."""
    books = answer.books
    title = f"审计  {len(books)} 个账套，共 {answer.entries} 笔，用时 {answer.seconds} 秒"
    shown = [title, "", _checks(answer.checks), ""]
    for finding in answer.findings[:_FINDINGS_SHOWN]:
        entry = "" if finding.entry is None else f" 第 {finding.entry} 笔"
        where = f"{finding.book or '账文件'}{entry}"
        shown.append(f"不符 {finding.code}  {where}  {finding.message}")
    if len(answer.findings) > _FINDINGS_SHOWN:
        shown.append(f"不符  ……共 {len(answer.findings)} 项，全部见 --json")
    shown += [
        f"未检查 {each.code}：{each.why}" + (f"（{each.books} 个账套）" if each.books else "")
        for each in answer.not_run
    ]
    earlier = sum(book.earlier for book in books)
    if earlier:
        shown.append(f"其中 {earlier} 个账套取自上次没有审完的审计，本次没有重审")
    wrong = [book.book for book in books if not book.ok]
    if wrong:
        shown.append(f"不符的账套：{some(wrong)}")
    shown += _remarked(answer.remarks)
    unfinished = not answer.ok and answer.only_unaudited
    return "\n".join([*shown, _UNFINISHED if unfinished else _concluded(answer.ok)])


_UNFINISHED = "结论：没有审完；已审的部分相符"
_FINDINGS_SHOWN = 20


def _remarked(remarks: "list[Remark]") -> list[str]:
    return [f"提醒 {remark.code}：{remark.message}" for remark in remarks]


def _concluded(ok: bool) -> str:
    if ok:
        return "结论：相符"
    return "结论：不符。请保留文件原样，与封签和备份核对"


def _checks(checks: "list[Checked]") -> str:
    from projections.audit.book import CHECKS

    rows = [
        (
            "✓" if not check.failed else "✗",
            check.code,
            CHECKS[check.code],
            f"{check.tried:,}",
            f"{check.failed:,}" if check.failed else "",
        )
        for check in checks
    ]
    return table(("", "检查", "内容", "次数", "不符"), rows, left=3)
