"""What was exported or restored, as text."""

import msgspec
from msgspec import UNSET, UnsetType

from cli.text.parts import as_they_are
from ledger.money import yuan
from ledger.receipt import Warned
from projections.answers import BookHeader
from projections.exports.peers import Comparison

_LEFT_OUT = {
    "previous": "建账时所接的上年账套末端不在其中",
    "transfer": "结转调拨 {n} 笔写成年初余额调整（归集调入、归集调出）：余额和各表不变，"
    "汇总时不再与对方账套抵消",
    "codes": "采用的科目表 {n} 份不在其中：导入之后用 yusuan codes import 重新采用",
    "reconcile": "与财政对账 {n} 笔不在其中",
    "submit": "提交审批 {n} 笔不在其中：已批准的写成批准当日的业务，其余没有动用资金",
    "reject": "否决 {n} 笔不在其中",
    "lock-month": "月结 {n} 笔不在其中：其月份或以前的月份后来解锁了",
    "unlock-month": "解锁月份 {n} 笔不在其中",
    "close-year": "年终结账 {n} 笔不在其中：需要时在导入之后重新结账",
    "reopen-year": "解除结账 {n} 笔不在其中",
    "final-approval": "决算批复 {n} 笔不在其中：重新结账之后用 yusuan final-approval 重新记录",
    "publish": "公开 {n} 笔不在其中：它们所据的是这本账的末端",
}


class Heads(msgspec.Struct, frozen=True):
    """The books of a file that holds several."""

    books: list[BookHeader]


class Exported(msgspec.Struct, frozen=True):
    """What was written, and what another program made of it. `open_book` and `left_out` (entries by
    kind) are said of an import file, `tables` (their rows) of a folder; `formulas` of CSV: how many
    cells of words begin so that a spreadsheet would calculate them."""

    format: str
    file: str | None
    open_book: str | UnsetType = UNSET
    left_out: dict[str, int] | UnsetType = UNSET
    tables: dict[str, int] | UnsetType = UNSET
    formulas: int | UnsetType = UNSET
    check: Comparison | None = None


class Restored(msgspec.Struct, frozen=True):
    """The books that were put back, or verified in a dry run."""

    ok: bool
    dry_run: bool
    books: list[BookHeader]


def exported(answer: Exported) -> str:
    """导出: what was written, and what another program made of it."""
    lines = []
    if answer.file is not None:
        lines.append(f"已写入 {answer.file}（{FORMATS[answer.format]}）")
    if answer.open_book is not UNSET:
        lines += ["导入之前，先在新文件中建账：", f"  {answer.open_book}"]
    if answer.left_out is not UNSET:
        lines += [_LEFT_OUT[kind].format(n=n) for kind, n in answer.left_out.items()]
    if answer.tables is not UNSET:
        lines += [f"  {table}  {rows:,} 行" for table, rows in answer.tables.items()]
    if answer.formulas is not UNSET and answer.formulas:
        if answer.format == "canonical":
            lines.append(as_they_are(answer.formulas))
        else:
            lines.append(
                f"{answer.formulas:,} 个单元格以 = + - @ 开头，前面加了 '，不会当作公式执行"
            )
    if answer.check is not None:
        lines += _checked(answer.check)
    return "\n".join(lines)


def _checked(check: Comparison) -> list[str]:
    program, differences = check.program, check.differences
    if check.complaint is not None:
        return [f"{program} 不能读这个账本：", check.complaint]
    said = f"{program} 重算并核对 {check.accounts:,} 个账户"
    if not differences:
        return [f"{said}，与本账余额全部相符"]
    return [
        f"{said}，{len(differences):,} 个不符：",
        *(
            f"  {each.account}  本账 {yuan(each.ours_fen)}  {program} {yuan(each.theirs_fen)}"
            for each in differences
        ),
    ]


def restored(answer: Restored, warned: Warned, db: str) -> str:
    """恢复: the books that were put back."""
    lines = [
        f"{each.book}  {each.head.entries:,} 笔，末端 {each.head.hash[:12]}"
        for each in answer.books
    ]
    lines += [f"提醒 {each.code}：{each.message}" for each in warned.warnings]
    if answer.dry_run:
        return "\n".join(["只核对，未写入；哈希链和每笔内容完好：", *lines])
    return "\n".join(
        [f"已恢复到 {db}，哈希链和每笔内容完好：", *lines, "各笔规则可用 yusuan audit 重放核对"]
    )


FORMATS = {
    "canonical": "规范导入文件",
    "jsonl": "存储字节",
    "csv": "数据包",
    "hledger": "hledger 账本",
    "beancount": "beancount 账本",
    "ledger": "ledger 账本",
    "sqlite": "查询视图",
    "parquet": "Parquet",
}
"""The formats, and what a person calls them."""
