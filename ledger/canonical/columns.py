"""The columns of the public file, as a row has them, and the Chinese headers that mean the same
(contract §3)."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

Columns = Mapping[str, tuple[str, ...]]
"""The columns of a file, each with the other headers that mean it."""


class RowCells(NamedTuple):
    """A row of the canonical format: a text a column, trimmed, "" where it says nothing or its file
    has no such column. Beside each column stand the headers that mean the same."""

    id: Annotated[str, "编号", "序号", "唯一编号"] = ""
    date: Annotated[str, "日期", "业务日期"] = ""
    kind: Annotated[str, "业务", "业务种类", "种类"] = ""
    fund: Annotated[str, "资金性质"] = ""
    func: Annotated[str, "功能科目", "支出功能分类", "功能分类科目"] = ""
    spending: Annotated[str, "支出性质", "支出类型"] = ""
    project: Annotated[str, "项目", "项目代码"] = ""
    econ: Annotated[str, "经济科目", "部门经济分类", "部门支出经济分类"] = ""
    origin: Annotated[str, "形成年度", "资金年度"] = ""
    amount: Annotated[str, "金额", "金额（元）", "金额(元)"] = ""
    to_func: Annotated[str, "调入功能科目"] = ""
    to_spending: Annotated[str, "调入支出性质"] = ""
    to_project: Annotated[str, "调入项目", "调入项目代码"] = ""
    to_econ: Annotated[str, "调入经济科目"] = ""
    to_origin: Annotated[str, "调入形成年度"] = ""
    ref: Annotated[str, "对应编号", "原编号"] = ""
    doc: Annotated[str, "文号", "凭证号", "文号或凭证号"] = ""
    payee: Annotated[str, "收款人"] = ""
    purpose: Annotated[str, "用途", "摘要"] = ""
    name: Annotated[str, "名称", "项目名称"] = ""
    authority: Annotated[str, "审批层级", "审批"] = ""
    adjustment: Annotated[str, "调整类型", "年初余额调整类型"] = ""
    pay_type: Annotated[str, "支付方式"] = ""
    procurement: Annotated[str, "政府采购", "是否政府采购"] = ""
    direct_funds: Annotated[str, "直达资金", "是否直达资金"] = ""
    pending: Annotated[str, "待下达", "是否待下达"] = ""
    month: Annotated[str, "月份"] = ""
    again: Annotated[str, "再次支付", "是否再次支付"] = ""
    reason: Annotated[str, "事由"] = ""
    counterpart: Annotated[str, "对方单位", "对方单位编码"] = ""
    contract: Annotated[str, "合同号"] = ""
    procurement_type: Annotated[str, "采购类型", "政府采购类型"] = ""
    # What only facts of the report say, in a file that has any.
    batches: Annotated[str, "批次"] = ""
    persons: Annotated[str, "人次"] = ""
    companions: Annotated[str, "陪同人次", "陪同"] = ""
    guests: Annotated[str, "接待类别"] = ""
    guest: Annotated[str, "来访单位"] = ""
    category: Annotated[str, "类别"] = ""
    payment: Annotated[str, "对应支付"] = ""
    groups: Annotated[str, "团组", "团组数"] = ""
    destination: Annotated[str, "前往国家", "前往国家（地区）"] = ""
    no: Annotated[str, "合同编号", "指标编号", "工作编号"] = ""
    type: Annotated[str, "合同类型"] = ""
    supplier: Annotated[str, "供应商"] = ""
    size: Annotated[str, "企业规模"] = ""
    reserved: Annotated[str, "预留份额"] = ""
    signed: Annotated[str, "签订日期"] = ""
    due: Annotated[str, "付款期限"] = ""
    item: Annotated[str, "统计项", "工作事项"] = ""
    count: Annotated[str, "数量", "人数"] = ""  # type: ignore[assignment]  # hides tuple.count
    cell: Annotated[str, "单元格"] = ""
    slot: Annotated[str, "位置"] = ""
    text: Annotated[str, "文字", "内容"] = ""
    goal: Annotated[str, "工作目标"] = ""
    done: Annotated[str, "完成情况"] = ""
    whole: Annotated[str, "整体"] = ""
    expected: Annotated[str, "预期目标"] = ""
    actual: Annotated[str, "实际完成", "实际完成值", "实际完成情况"] = ""
    level1: Annotated[str, "一级指标"] = ""
    level2: Annotated[str, "二级指标"] = ""
    level3: Annotated[str, "三级指标"] = ""
    value: Annotated[str, "指标值", "年度指标值"] = ""
    weight: Annotated[str, "权重", "分值"] = ""
    direction: Annotated[str, "方向", "指标方向"] = ""
    code: Annotated[str, "指标代码"] = ""
    constraint: Annotated[str, "约束性指标"] = ""
    deduct: Annotated[str, "扣分"] = ""
    grade: Annotated[str, "档次"] = ""
    percent: Annotated[str, "百分比"] = ""
    deviation: Annotated[str, "偏差原因"] = ""
    score: Annotated[str, "得分"] = ""
    department: Annotated[str, "部门", "是否部门"] = ""

    def filled(self) -> dict[str, str]:
        """What the row says, by column."""
        return {name: text for name, text in zip(self._fields, self, strict=True) if text}


ALIASES: Columns = {name: each.__metadata__ for name, each in RowCells.__annotations__.items()}
"""The columns of the canonical format and the Chinese headers that mean the same."""


LINE_COLUMNS = ("fund", "func", "spending", "project", "econ", "origin")


TO_COLUMNS = ("to_func", "to_spending", "to_project", "to_econ", "to_origin")

ALIASES_OF_MONEY: Columns = {
    name: ALIASES[name] for name in RowCells._fields[: RowCells._fields.index("batches")]
}
"""Those of what moves money: what another system's export can say."""
_NUMBERED: Columns = {"id": ("唯一编号",), "no": ("指标编号", "编号", "序号")}
_MET: Columns = {"purpose": ("事由", "用途", "摘要"), "reason": ("备注", "说明")}
ALIASES_OF_FACTS: Columns = {"id": ("唯一编号", "编号"), "reason": ("事由", "备注", "说明")}
"""What a column is called in a list of any kind of facts, where it is something else."""
ALIASES_OF_KIND: Mapping[str, Columns] = {
    "reception": _MET,
    "trip": _MET,
    "contract": {
        "id": ("唯一编号",),
        "no": ("合同编号", "合同号", "编号"),
        "type": ("采购类型", "合同类型", "类型"),
        "amount": ("合同金额", "合同金额（元）", *ALIASES["amount"]),
    },
    "asset": {"item": ("资产项目", "统计项", "项目", "名称", "事项")},
    "headcount": {"item": ("人员项目", "统计项", "项目", "名称", "事项")},
    "key-work": {**_NUMBERED, "no": ("工作编号", "编号", "序号"), "item": ("工作事项", "事项")},
    "target": _NUMBERED,
    "result": _NUMBERED,
    "score-override": _NUMBERED,
}
"""What the same columns are called in a list of one kind."""
MONEY_COLUMNS = RowCells._fields[: RowCells._fields.index("contract")]
"""The columns of a file that tells of nothing but money."""
