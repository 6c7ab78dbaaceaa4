"""The columns of the public file, and the Chinese headers that mean the same (contract §3)."""

from collections.abc import Mapping

Columns = Mapping[str, tuple[str, ...]]
"""The columns of a file, each with the other headers that mean it."""


ALIASES: Columns = {
    "id": ("编号", "序号", "唯一编号"),
    "date": ("日期", "业务日期"),
    "kind": ("业务", "业务种类", "种类"),
    "fund": ("资金性质",),
    "func": ("功能科目", "支出功能分类", "功能分类科目"),
    "spending": ("支出性质", "支出类型"),
    "project": ("项目", "项目代码"),
    "econ": ("经济科目", "部门经济分类", "部门支出经济分类"),
    "origin": ("形成年度", "资金年度"),
    "amount": ("金额", "金额（元）", "金额(元)"),
    "to_func": ("调入功能科目",),
    "to_spending": ("调入支出性质",),
    "to_project": ("调入项目", "调入项目代码"),
    "to_econ": ("调入经济科目",),
    "to_origin": ("调入形成年度",),
    "ref": ("对应编号", "原编号"),
    "doc": ("文号", "凭证号", "文号或凭证号"),
    "payee": ("收款人",),
    "purpose": ("用途", "摘要"),
    "name": ("名称", "项目名称"),
    "authority": ("审批层级", "审批"),
    "adjustment": ("调整类型", "年初余额调整类型"),
    "pay_type": ("支付方式",),
    "procurement": ("政府采购", "是否政府采购"),
    "direct_funds": ("直达资金", "是否直达资金"),
    "pending": ("待下达", "是否待下达"),
    "month": ("月份",),
}
"""The columns of the canonical format and the Chinese headers that mean the same."""


LINE_COLUMNS = ("fund", "func", "spending", "project", "econ", "origin")


TO_COLUMNS = ("to_func", "to_spending", "to_project", "to_econ", "to_origin")
