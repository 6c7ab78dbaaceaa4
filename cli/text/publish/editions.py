"""Editions as a person reads them."""

import re

from cli.text.columns import table
from cli.text.ways import command
from ledger.line import FUND_NAMES, Fund
from ledger.refusals import Way
from ledger.texts import one_line
from projections.report.edition_told import ToldEdition, ToldEditions

_LAYOUTS = {
    "sides": "收支两边",
    "tree": "功能科目",
    "blocks": "经济科目",
    "line": "一行各栏",
    "list": "逐项列表",
}
_ROUNDINGS = {"exact": "逐格由元舍入", "stacked": "逐级相加"}


def listed(told: ToldEditions) -> str:
    """A line each; of a folder that is none, what is typed next."""
    rows = [
        (each.edition, each.title, str(len(each.tables)), "自备" if each.sha256 else "自带")
        for each in told.editions
    ]
    for each in told.unusable:
        check = command(Way("edition", "check", each.folder))
        wrong = each.why if each.shadowed else f"坏：{check}"
        rows.append((one_line(each.edition), one_line(wrong), "", "自备"))
    return table(("版本", "名称", "张数", "来源"), rows, left={0, 1, 3})


def begun(told: ToldEdition) -> str:
    """What was begun, and what comes next."""
    steps = (
        "接着：修改文件夹中的 edition.toml、tableN.toml、checks.toml、performance.toml、"
        "narrative.toml"
        "（各文件开头有说明）；"
        "用 yusuan edition check 文件夹 检查；用 yusuan table 1 --edition 文件夹 试用；"
        "用 yusuan amend-book --edition 文件夹 采用"
    )
    return f"已新建表样版本 {told.edition}，共 {len(told.tables)} 张表\n{steps}"


def sound(told: ToldEdition) -> str:
    """What a check says of an edition that has no fault."""
    return f"没有发现问题\n{one(told)}"


def one(told: ToldEdition) -> str:
    """What it is, then its tables in the order of print."""
    funds = "、".join(FUND_NAMES[Fund(fund)] for fund in told.three_public_funds)
    printed = "、".join(
        (
            f"零印为{told.nil or '空白'}",
            "印千分位" if told.separators else "不印千分位",
            "印行次" if told.row_numbers else "不印行次",
            "印栏次" if told.column_numbers else "不印栏次",
        )
    )
    rows = [
        (
            each.form_number,
            f"T{each.table}",
            re.sub(r"\{year\}(年度?)?|\{name\}", "", each.title),
            _LAYOUTS[each.layout],
            _ROUNDINGS[each.rounding],
        )
        for each in told.tables
    ]
    return "\n".join(
        [
            f"表样版本：{told.edition}　{told.title}",
            *([f"SHA-256：{told.sha256}"] if told.sha256 else []),
            *([f"底稿：{told.based_on}"] if told.based_on else []),
            f"三公经费口径：{funds}",
            f"打印：{printed}",
            f"关系：{told.relations} 条",
            "",
            table(("表头编号", "单元格", "名称", "版式", "舍入"), rows, left={0, 1, 2, 3, 4}),
        ]
    )
