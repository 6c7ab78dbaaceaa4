"""An edition to begin one's own with: all its files, complete in themselves, with notes on what
each part means."""

import json
from collections.abc import Iterator

from msgspec.structs import asdict

from projections.report.edition_folder import CHECKS, PERFORMANCE, SHEET
from projections.report.editions import NARRATIVE, Edition, ItemCells, Relation, edition
from projections.report.narrative.data import of_edition, written

_ABOUT = """\
# 表样版本 {name} 的副本，供修改。改完用 yusuan edition check 检查，用 --edition 文件夹 试用，
# 用 yusuan amend-book --edition 采用；账套记下文件夹名和全部文件的 SHA-256，此后改动须重新采用。
# 本文件列出各表和各项规则所说的单元格；tableN.toml 是第 N 张表；checks.toml 是单元格之间的关系；
# performance.toml 是绩效自评的计分规则；narrative.toml 是决算情况说明的数。
#
# tables 是打印次序：排在第几，表头就印公开几号表；单元格编号（T7 …）随表号，不随次序。
# based_on 可写自带的一个版本：这里没有的表和单元格沿用它的；关系也沿用它的，checks.toml 写了
# keeps = ["X01", …] 的只沿用这些编号的，keeps = [] 则一条也不沿用。
"""
_PRINT = """
[print]
# nil：数字为零时印什么，"" 或 "0.00"；separators：是否印千分位；
# row_numbers、column_numbers：是否印行次、栏次；rounding：exact 逐格由元舍入，stacked 逐级相加，
# 写在这里的盖过各表自己的，删去这一行就按各表的。
"""
_CELLS = """
# 各项规则所说的单元格；@ 是该行的科目编码。没有的可以不写，相应的规则就不核对。
[cells]
"""
_CHECKS = """\
# 表内、表间关系：left 各格之和 op right 各格之和（op 为 = 或 <=），按元核对。
# code 是 X 加两位数字；each = "class" 或 "item" 的，对支出涉及的每个类或项各核对一次，
# @ 代表其编码。
# tier：error（默认）、warn 或 info。
"""
_TABLE = """\
# layout 是版式：sides 收支两边的行；tree 按功能科目的类、款、项；blocks 按经济科目；
# line 一行各栏；list 每个项目、合同或资产项目一行（by = "project"、"contract"、"asset"），
# code、name 是代码、名称两栏的表头（不写的按通常的；资产项目的代码写了 code 才印）。
# leaf 是取数：measure 为 initial 年初预算、three-public 三公预算、budget 全年预算、
# current 本年的全年预算、plan 年初预算加上年结转、opening 年初结转结余、income 收入、
# expenditure 支出、closing 年末结转结余、surplus-used 使用非财政拨款结余、distributed 结余分配；
# fund 资金性质、func 功能科目、spending 支出性质、econ 经济科目、source 收入类别、
# project 项目、origin 指标类型（current 当年、carryover 上年结转）、unit_kind 单位性质，各为一组。
# plus、minus 是行或栏之和，"1..8" 为一段；across、less 是同一行各栏之和。
# figure 代替 leaf，引用表外的数或其他表的单元格（金额印万元，个数、文字、百分比照印）：
# sides 的行（几栏各引各的写 figure = { "1" = "…", "2" = "…" }）和 line 的栏，如 "N.s11.goods"、
# "N.s12.vehicles"、"P.reception.batches"；list、tree 的栏以 @ 代表该行的代码，如 "N.s13c.@.rate"，
# 合同 "P.contract.@." 后接 amount、paid、left、supplier、type、size、reserved、signed、due，
# 资产项目 "P.asset.@." 后接 count、amount、unit，或 "N.s12.@"。文字和百分比的栏没有合计。
"""
_NARRATIVE = """\
# 决算情况说明中表外的数怎样得出，is 是其种类：cell 引用单元格或另一个数；leaf 由账中取数；
# sum 几数相加减（plus、less）；percent 占比或完成率（of 除以 base）；change、change-rate、direction
# 与上年比较；names 有金额的经济科目名称。数按次序得出，只能引用前面的数。
# each 所指的 rows 中每个代码各一个，@ 是该代码，在 label 中是其名称。
"""


def files(begun: Edition) -> Iterator[tuple[str, str]]:
    """The name and text of every file of a copy that stands alone."""
    yield SHEET, _sheet(begun)
    for number in begun.forms:
        name = f"table{number}.toml"
        yield name, _TABLE + "\n" + _own_text(begun, name)
    if begun.chapters:
        yield NARRATIVE, _NARRATIVE + written(of_edition(begun))
    yield CHECKS, _CHECKS + "".join(map(_relation, begun.relations))
    if begun.scoring is not None:
        yield PERFORMANCE, _own_text(begun, PERFORMANCE)


def _own_text(begun: Edition, name: str) -> str:
    """A file of an edition, or of the one that it takes it from."""
    file = begun.folder.joinpath(name)
    if file.is_file() or begun.based_on is None:
        return file.read_text(encoding="utf-8-sig")
    return _own_text(edition(begun.based_on), name)


def _sheet(begun: Edition) -> str:
    printing = begun.printing
    roundings = {form.rounding for form in begun.forms.values()}
    lines = [
        _ABOUT.format(name=begun.name),
        _said("title", begun.title),
        _said("tables", list(begun.forms)),
        "# 三公经费的口径：哪些资金性质。\n",
        _said("three_public_funds", list(begun.three_public_funds)),
        _PRINT,
        *(_said(name, getattr(printing, name)) for name in printing._fields),
        *(_said("rounding", rounding) for rounding in roundings if len(roundings) == 1),
        *_titles(begun),
        _CELLS,
    ]
    tables: list[str] = []
    for name, value in asdict(begun.cells).items():
        if isinstance(value, str):
            lines.append(_said(name, value))
        elif value:
            told = asdict(value) if isinstance(value, ItemCells) else value
            tables.append(f"\n[cells.{name}]\n")
            tables += [_said(str(key), cell) for key, cell in told.items()]
    return "".join([*lines, *tables])


def _titles(begun: Edition) -> Iterator[str]:
    yield "\n# 改某张表的标题而不改其文件时，按表号写在这里。\n[titles]\n"
    for number, form in begun.forms.items():
        own = _said("title", form.title) in _own_text(begun, f"table{number}.toml")
        yield ("# " if own else "") + _said(str(number), form.title)


def _relation(relation: Relation) -> str:
    said = {name: value for name, value in asdict(relation).items() if value not in ("", "=")}
    if relation.tier == "error":
        del said["tier"]
    return "\n[[relation]]\n" + "".join(_said(name, value) for name, value in said.items())


def _said(name: str, value: object) -> str:
    """A key and its value, which JSON writes as TOML does."""
    return f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
