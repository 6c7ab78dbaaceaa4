"""The words of entries (contract §3): what is stored and typed, and its Chinese. What is stored is
frozen for ever (ledger/events)."""

from typing import Literal

UnitKind = Literal["admin", "public-admin", "institution"]
Basis = Literal["indicator", "payment", "recorded"]
FiscalFund = Literal["general", "govfund", "statecapital"]
Authority = Literal["department", "finance"]
PayType = Literal["direct", "authorized", "transfer"]
IncomeSource = Literal["fiscal", "service", "business", "superior", "affiliate", "other"]
Pool = Literal["unrestricted", "special"]
Distribution = Literal["tax", "special", "unrestricted"]
Choice = Literal["carry", "surplus", "take-back", "lapse"]
Adjustment = Literal[
    "error-correction",
    "prior-year-recovery",
    "consolidation-in",
    "consolidation-out",
    "remitted",
    "closing-revised",
]
SurplusAdjustment = Literal["error-correction", "closing-revised"]
ThreePublicItem = Literal["overseas", "vehicle-purchase", "vehicle-operation", "reception"]
Cause = Literal["done", "terminated", "not-needed", "two-years"]
CodeSet = Literal["functional", "economic"]
ProcurementType = Literal["goods", "works", "services"]
SupplierSize = Literal["large", "medium", "small", "micro"]
Reserved = Literal["none", "sme", "micro"]
Guests = Literal["domestic", "foreign"]
Direction = Literal["up", "down", "range", "quality"]
Grade = Literal["met", "partly", "not"]

KIND_NAMES = {
    "open-book": "建账",
    "amend-book": "修改账套",
    "project": "项目登记",
    "codes": "采用科目表",
    "carry-in": "上年结转转入",
    "adjust-opening": "年初余额调整",
    "transfer": "结转调拨",
    "appropriate": "年初预算",
    "supplement": "追加",
    "cut": "追减",
    "release": "指标下达",
    "withdraw": "指标收回",
    "recover": "收回存量资金",
    "reclassify": "转为结余",
    "reuse": "结余调剂",
    "fund-plan": "用款计划",
    "reallocate": "调剂",
    "cap": "三公限额",
    "reserve": "占用",
    "unreserve": "释放占用",
    "pay": "支付",
    "voucher": "支付凭证",
    "refund": "退款",
    "reverse": "冲销",
    "correct": "更正",
    "submit": "提交审批",
    "approve": "批准",
    "reject": "否决",
    "income": "收入",
    "surplus-in": "上年非财政拨款结余转入",
    "adjust-surplus": "非财政拨款结余调整",
    "use-surplus": "使用非财政拨款结余",
    "distribute": "结余分配",
    "reconcile": "与财政对账",
    "lock-month": "月结",
    "unlock-month": "解锁月份",
    "close-year": "年终结账",
    "reopen-year": "解除结账",
    "reception": "公务接待",
    "trip": "因公出国",
    "contract": "采购合同",
    "asset": "资产年末数",
    "headcount": "人员",
    "prior": "上年数",
    "reason": "原因说明",
    "text": "概况文字",
    "key-work": "重点工作",
    "goal": "绩效目标",
    "target": "绩效指标",
    "result": "绩效结果",
    "score-override": "得分调整",
    "final-approval": "决算批复",
    "publish": "公开",
}
"""What a person reads for each kind."""

UNIT_KIND_NAMES: dict[UnitKind, str] = {
    "admin": "行政",
    "public-admin": "参公",
    "institution": "事业",
}
"""单位性质: 行政单位, 参照公务员法管理的事业单位, 事业单位."""

ADJUSTMENT_NAMES: dict[Adjustment, str] = {
    "error-correction": "差错更正",
    "prior-year-recovery": "收回以前年度支出",
    "consolidation-in": "归集调入",
    "consolidation-out": "归集调出",
    "remitted": "归集上缴",
    "closing-revised": "上年年末更正",
}
"""年初余额调整 by its kind. 上年年末更正: last year closed otherwise than was carried in, as it was
closed again, or its 决算 was approved with other figures."""

OpeningChange = Adjustment | Literal["internal"]
OPENING_CHANGE_NAMES: dict[OpeningChange, str] = dict(
    (*ADJUSTMENT_NAMES.items(), ("internal", "单位内部调剂"))
)
"""All that changes what is carried in: the adjustments, and 结余 that was reused for another
project (结余调剂), which lowers one opening and raises another."""

EITHER_WAY: frozenset[Adjustment] = frozenset({"error-correction", "closing-revised"})
"""The adjustments that can raise or lower the opening; of any other the kind says which."""

SURPLUS_ADJUSTMENT_NAMES: dict[SurplusAdjustment, str] = {
    "error-correction": ADJUSTMENT_NAMES["error-correction"],
    "closing-revised": ADJUSTMENT_NAMES["closing-revised"],
}
"""年初余额调整 of 非财政拨款结余 by its kind: what is consolidated or remitted is fiscal money, and
what comes back of an earlier year's payment is for the purpose of that."""

CAUSE_NAMES: dict[Cause, str] = {
    "done": "项目完成",
    "terminated": "项目终止",
    "not-needed": "不再需要",
    "two-years": "连续两年未用完",
}
"""Why 结转 becomes 结余."""

THREE_PUBLIC_NAMES: dict[ThreePublicItem, str] = {
    "overseas": "因公出国（境）费",
    "vehicle-purchase": "公务用车购置费",
    "vehicle-operation": "公务用车运行维护费",
    "reception": "公务接待费",
}
"""三公经费 by its items."""

PAY_TYPE_NAMES: dict[PayType, str] = {
    "direct": "直接支付",
    "authorized": "授权支付",
    "transfer": "实拨",
}
"""支付方式."""

SOURCE_NAMES: dict[IncomeSource, str] = {
    "fiscal": "财政拨款收入",
    "superior": "上级补助收入",
    "service": "事业收入",
    "business": "经营收入",
    "affiliate": "附属单位上缴收入",
    "other": "其他收入",
}
"""收入类别, the columns of 表2."""

POOL_NAMES: dict[Pool, str] = {
    "unrestricted": "非财政拨款结余",
    "special": "专用结余",
}
"""What earlier years left that is bound to no purpose (8202, 8301)."""

DISTRIBUTION_NAMES: dict[Distribution, str] = {
    "tax": "缴纳所得税",
    "special": "提取专用结余",
    "unrestricted": "转入非财政拨款结余",
}
"""结余分配 by where it goes."""

CODE_SET_NAMES: dict[CodeSet, str] = {
    "functional": "支出功能分类",
    "economic": "部门支出经济分类",
}
"""The lists of codes that a book can adopt."""

PROCUREMENT_NAMES: dict[ProcurementType, str] = {
    "goods": "货物",
    "works": "工程",
    "services": "服务",
}
"""政府采购 by what is bought."""

SIZE_NAMES: dict[SupplierSize, str] = {
    "large": "大型企业",
    "medium": "中型企业",
    "small": "小型企业",
    "micro": "微型企业",
}
"""供应商 by its size."""

RESERVED_NAMES: dict[Reserved, str] = {
    "none": "未预留",
    "sme": "面向中小企业预留",
    "micro": "面向小微企业预留",
}
"""For whom a contract was reserved (预留份额)."""

GUESTS_NAMES: dict[Guests, str] = {"domestic": "国内接待", "foreign": "外事接待"}
"""公务接待 by whose guests were received."""

DIRECTION_NAMES: dict[Direction, str] = {
    "up": "正向",
    "down": "反向",
    "range": "区间",
    "quality": "定性",
}
"""How a result is held against its target (绩效指标方向)."""

GRADE_NAMES: dict[Grade, str] = {"met": "达成", "partly": "部分达成", "not": "未达成"}
"""How far a target that is no number was met (定性指标的档次)."""

WHOLE_NAME = "整体"
"""The form of a whole unit, beside those of its projects (绩效)."""

CHOICE_NAMES: dict[Choice, str] = {
    "carry": "结转",
    "surplus": "结余",
    "take-back": "收回",
    "lapse": "不结转",
}
"""What becomes of a line at the end of its year (结账处理)."""


def of_waiting(choice: Choice) -> Choice:
    """What becomes of what is 待下达 on a line with that choice: where the line goes over it is
    结余 (L71)."""
    return "surplus" if choice == "carry" else choice
