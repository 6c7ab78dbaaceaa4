"""What was exported or restored, as text."""

from typing import Any

from ledger.money import yuan

_LEFT_OUT = {
    "previous": "建账时所接的上年账套末端不在其中",
    "transfer": "结转调拨 {n} 笔写成年初余额调整（归集调入、归集调出）：余额和各表不变，"
    "汇总时不再与对方账套抵消",
    "reconcile": "与财政对账 {n} 笔不在其中",
    "submit": "提交审批 {n} 笔不在其中：已批准的写成批准当日的业务，其余没有动用资金",
    "reject": "否决 {n} 笔不在其中",
    "close-year": "年终结账 {n} 笔不在其中：需要时在导入之后重新结账",
    "reopen-year": "解除结账 {n} 笔不在其中",
}


def exported(answer: dict[str, Any]) -> str:
    """导出: what was written, and what another program made of it."""
    lines = []
    if answer["file"] is not None:
        lines.append(f"已写入 {answer['file']}（{FORMATS[answer['format']]}）")
    if "open_book" in answer:
        lines += ["导入之前，先在新文件中建账：", f"  {answer['open_book']}"]
        lines += [_LEFT_OUT[kind].format(n=n) for kind, n in answer["left_out"].items()]
    for table, rows in answer.get("tables", {}).items():
        lines.append(f"  {table}  {rows:,} 行")
    if answer["check"] is not None:
        lines += _checked(answer["check"])
    return "\n".join(lines)


def _checked(check: dict[str, Any]) -> list[str]:
    program, differences = check["program"], check["differences"]
    if check["complaint"] is not None:
        return [f"{program} 不能读这个账本：", check["complaint"]]
    said = f"{program} 重算并核对 {check['accounts']:,} 个账户"
    if not differences:
        return [f"{said}，与本账余额全部相符"]
    return [
        f"{said}，{len(differences):,} 个不符：",
        *(
            f"  {each['account']}  本账 {yuan(each['ours_fen'])}  "
            f"{program} {yuan(each['theirs_fen'])}"
            for each in differences
        ),
    ]


def restored(answer: dict[str, Any], db: str) -> str:
    """恢复: the books that were put back."""
    lines = [
        f"{each['book']}  {each['head']['entries']:,} 笔，末端 {each['head']['hash'][:12]}"
        for each in answer["books"]
    ]
    if answer["dry_run"]:
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
