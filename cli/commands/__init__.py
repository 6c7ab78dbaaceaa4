"""Every command, in the order and chapters of `yusuan --help`: where it lives and what it does.

A command's module is imported when the command runs, never before.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """`module` is the file in cli/`room` that holds the function named like the command."""

    module: str
    chapter: str
    chinese: str
    english: str
    room: str = "commands"

    @property
    def help(self) -> str:
        """The Chinese sentence first, then the English gloss."""
        return f"{self.chinese}\n\n{self.english}"


CHINESE = {
    "说明": "narrative",
    "科目": "codes",
    "绩效": "performance",
    "决算批复": "final-approval",
    "公开": "publish",
    "变动": "diff",
    "网页": "serve",
    "单据": "paper",
    "codes 导入": "codes import",
    "codes 列表": "codes list",
}
"""Chinese names of commands: what may be typed in the place of what. The second word of a command
stands behind the first as that is called here."""

GROUPS = {"codes": "科目：采用科目表，列出科目和名称。\n\nCodes and what they are called."}
"""What the commands of two words that share their first are about."""

_REGISTRY = "账套与项目"
_BUDGET = "预算与指标"
_MONEY = "收支与更正"
_FACTS = "报告事项"
_QUERY = "查询"
_REPORT = "决算公开"
_FILES = "导出与恢复"
_AUDIT = "审计与维护"

COMMANDS: dict[str, Command] = {
    "open-book": Command(
        "write.registry", _REGISTRY, "建立一个单位一个年度的账套。", "Open a book."
    ),
    "amend-book": Command(
        "write.registry",
        _REGISTRY,
        "修改账套信息：名称、表样随时可改，性质、口径在记录金额之前。",
        "Mend what a book says of itself.",
    ),
    "project": Command(
        "write.registry", _REGISTRY, "登记项目，或给项目改名。", "Register or rename."
    ),
    "codes import": Command(
        "write.codes",
        _REGISTRY,
        "采用财政部门的科目表。",
        "Adopt a list of codes.",
    ),
    "carry-in": Command(
        "write.opening", _BUDGET, "转入上年结转结余。", "Bring in last year's carry-over."
    ),
    "adjust-opening": Command(
        "write.opening",
        _BUDGET,
        "年初余额调整（须有凭证文号）。",
        "Adjust the opening by document.",
    ),
    "transfer": Command(
        "write.opening", _BUDGET, "结转调拨给本文件中的另一单位。", "Transfer carry-over to a unit."
    ),
    "appropriate": Command(
        "write.budget", _BUDGET, "记录年初预算批复。", "Record the initial budget."
    ),
    "supplement": Command(
        "write.budget", _BUDGET, "追加预算（须有文号）。", "Add budget by document."
    ),
    "cut": Command("write.budget", _BUDGET, "追减预算（须有文号）。", "Cut budget by document."),
    "reallocate": Command(
        "write.budget",
        _BUDGET,
        "在预算线之间调剂（合计不变，须有文号）。",
        "Move budget, zero-sum.",
    ),
    "approve": Command(
        "write.approval", _BUDGET, "批准待审批的申请（不能由提交人批准）。", "Approve what waits."
    ),
    "reject": Command(
        "write.approval",
        _BUDGET,
        "否决或撤回待审批的申请（须写事由）。",
        "Reject or withdraw a request.",
    ),
    "cap": Command(
        "write.budget",
        _BUDGET,
        "三公限额：一项三公经费全年的控制数（须有文号）。",
        "Cap an item of the three public expenses.",
    ),
    "release": Command(
        "write.indicator", _BUDGET, "指标下达：待下达转为可执行。", "Release pending money."
    ),
    "withdraw": Command(
        "write.indicator", _BUDGET, "指标收回：可执行转回待下达。", "Withdraw to pending."
    ),
    "reclassify": Command(
        "write.indicator",
        _BUDGET,
        "项目结转转为结余（须有文号）。",
        "Turn carry-over into surplus.",
    ),
    "reuse": Command(
        "write.indicator",
        _BUDGET,
        "结余调剂：项目结余用于另一项目（须有文号）。",
        "Use the surplus of a project for another.",
    ),
    "recover": Command(
        "write.opening", _BUDGET, "财政收回存量资金（须有文号）。", "Finance takes money back."
    ),
    "fund-plan": Command(
        "write.indicator",
        _BUDGET,
        "用款计划：某月之前可以支付多少（可选）。",
        "Allow payments by month.",
    ),
    "reserve": Command(
        "write.commitment", _MONEY, "为合同占用预算（在途）。", "Keep money for a contract."
    ),
    "unreserve": Command(
        "write.commitment", _MONEY, "释放占用的预算。", "Give reserved money back."
    ),
    "pay": Command("write.disbursement", _MONEY, "支付。", "Pay from a budget line."),
    "voucher": Command(
        "write.disbursement",
        _MONEY,
        "一张凭证支付多行，全有或全无。",
        "Pay many lines at once.",
    ),
    "refund": Command("write.disbursement", _MONEY, "退回本年的一笔支付。", "Refund a payment."),
    "reverse": Command("write.correction", _MONEY, "红字冲销一笔。", "Reverse one entry, in full."),
    "correct": Command(
        "write.correction",
        _MONEY,
        "更正一笔：冲回原记录、记上正确的，合为一笔。",
        "Put an entry right, by one entry.",
    ),
    "income": Command("write.income", _MONEY, "记录收入。", "Record income."),
    "surplus-in": Command(
        "write.surplus", _MONEY, "转入上年非财政拨款结余、专用结余。", "Load last year's surplus."
    ),
    "adjust-surplus": Command(
        "write.surplus",
        _MONEY,
        "非财政拨款结余的年初余额调整（须有文号）。",
        "Adjust last year's surplus by document.",
    ),
    "use-surplus": Command(
        "write.surplus", _MONEY, "使用非财政拨款结余弥补本年支出。", "Use non-fiscal surplus."
    ),
    "distribute": Command(
        "write.surplus", _MONEY, "年末结余分配（事业单位）。", "Distribute what is left."
    ),
    "reconcile": Command(
        "write.reconciliation",
        _MONEY,
        "与财政部门对账单核对并记录。",
        "Reconcile with the bureau.",
    ),
    "lock-month": Command("write.closing", _MONEY, "锁定一个月份。", "Lock a month."),
    "unlock-month": Command(
        "write.closing", _MONEY, "解锁月份（两人，写明事由）。", "Unlock a month."
    ),
    "close-year": Command(
        "write.closing", _MONEY, "年终结账：清单、处理建议、两人签字。", "Close the year."
    ),
    "reopen-year": Command(
        "write.closing", _MONEY, "解除结账（两人，写明事由）。", "Reopen a closed year."
    ),
    "final-approval": Command(
        "write.closing",
        _MONEY,
        "记录决算批复（--date 是批复日期）；与结账不同的，列出下年年初怎样调整。",
        "Record what finance approved of a closed year.",
    ),
    "import": Command(
        "write.importing",
        _MONEY,
        "从 CSV 文件或其他系统的导出批量记录。",
        "Record the rows of a file.",
    ),
    "reception": Command(
        "write.particulars", _FACTS, "公务接待：批次、人次、金额。", "A reception that was held."
    ),
    "trip": Command(
        "write.particulars", _FACTS, "因公出国（境）：团组、人次、金额。", "A trip abroad."
    ),
    "contract": Command(
        "write.particulars", _FACTS, "政府采购合同，付款时写合同号即对应。", "A contract."
    ),
    "asset": Command(
        "write.particulars", _FACTS, "资产年末数：车辆、设备。", "Assets at the end of the year."
    ),
    "headcount": Command("write.particulars", _FACTS, "人员数。", "Persons, by what they are."),
    "prior": Command(
        "write.particulars",
        _FACTS,
        "上年数：本文件中没有上年账套时填。",
        "A figure of last year's report.",
    ),
    "reason": Command(
        "write.particulars", _FACTS, "说明中增减、差异的原因。", "Why a figure changed."
    ),
    "text": Command(
        "write.particulars", _FACTS, "概况文字：主要职能、单位构成等。", "A text of the report."
    ),
    "key-work": Command(
        "write.particulars", _FACTS, "重点工作：目标和完成情况。", "Key work, and what was done."
    ),
    "goal": Command(
        "write.particulars", _FACTS, "绩效总体目标。", "The goal of a project or the unit."
    ),
    "target": Command(
        "write.particulars", _FACTS, "绩效指标：指标值和权重。", "A target, and its weight."
    ),
    "result": Command(
        "write.particulars", _FACTS, "绩效结果：实际完成。", "What was reached of a target."
    ),
    "score-override": Command(
        "write.particulars",
        _FACTS,
        "得分调整（须写事由），与规则得分并列。",
        "A score by a person, for a reason.",
    ),
    "balance": Command("ask.money", _QUERY, "每条预算线还剩多少。", "What is left on each line."),
    "carryover": Command(
        "ask.money", _QUERY, "结转结余：年初、收入、支出、年末。", "Carry-over walk."
    ),
    "opening": Command(
        "ask.money",
        _QUERY,
        "年初结转结余：调整过程，与上年年末核对。",
        "Opening against last closing.",
    ),
    "carry-ageing": Command(
        "ask.money", _QUERY, "结转账龄：距两年期限还有几个月。", "Carry-over by its age."
    ),
    "execution": Command("ask.money", _QUERY, "各项目预算执行率。", "Execution rate per project."),
    "progress": Command(
        "ask.money",
        _QUERY,
        "执行进度：与序时进度比较。",
        "Progress against time.",
    ),
    "three-public": Command("ask.money", _QUERY, "三公经费预算与支出。", "Three-public expenses."),
    "roll-up": Command(
        "ask.money", _QUERY, "汇总各单位账套，列出缺少的。", "Add up the books of many units."
    ),
    "log": Command("ask.entries", _QUERY, "流水：按条件查找记录。", "Entries, with filters."),
    "statement": Command("ask.entries", _QUERY, "一条预算线的明细账。", "Statement of one line."),
    "pending": Command("ask.entries", _QUERY, "待审批的申请。", "Requests that wait for approval."),
    "show": Command("ask.entries", _QUERY, "一笔记录的全部内容。", "One entry in full."),
    "paper": Command(
        "ask.papers",
        _QUERY,
        "把一笔写成供签字的单据：支付申请单、调剂审批表、结账表（.docx）。",
        "A paper to sign, of an entry.",
    ),
    "particulars": Command(
        "ask.particulars",
        _QUERY,
        "报告事项：已记录的接待、合同、资产、绩效等。",
        "Facts of the report; contracts with paid and left.",
    ),
    "serve": Command(
        "serve",
        _QUERY,
        "在本机的浏览器中查看：只读，只在本机。",
        "The same questions as local pages.",
        room="web",
    ),
    "codes list": Command(
        "ask.codes",
        _QUERY,
        "科目及其名称的来源，没有名称的科目。",
        "Codes, and whence their names.",
    ),
    "table": Command(
        "publish.tables",
        _REPORT,
        "部门决算公开表，可存为文件。",
        "One table, or a file of it.",
    ),
    "tables": Command(
        "publish.tables", _REPORT, "全套表写入一个 Excel 工作簿。", "All tables as a workbook."
    ),
    "report": Command(
        "publish.report",
        _REPORT,
        "部门决算全本写入文件：网页、Word、Excel、PDF。",
        "The whole report as a document.",
    ),
    "explain": Command(
        "publish.figures", _REPORT, "一个公开数字由哪些记录构成。", "Where a figure comes from."
    ),
    "where-used": Command(
        "publish.figures", _REPORT, "一笔记录进入哪些单元格。", "Where an entry goes."
    ),
    "get": Command(
        "publish.figures", _REPORT, "一个单元格的数值（供脚本使用）。", "The value of one cell."
    ),
    "narrative": Command(
        "publish.narrative",
        _REPORT,
        "决算情况说明：各部分文字和其中的数，还缺什么。",
        "The sentences of the report.",
    ),
    "edition": Command(
        "publish.editions",
        _REPORT,
        "表样版本：列出、查看、检查自备的、新建一个。",
        "The forms: list, show, check one's own, begin one.",
    ),
    "performance": Command(
        "publish.performance",
        _REPORT,
        "绩效自评表：资金、指标、按规则的得分和总分。",
        "Self-evaluation forms, scored.",
    ),
    "publish": Command(
        "publish.publishing",
        _REPORT,
        "记录公开：哪些文件、哪一天、据账的哪一笔（--date 是公开日期）。",
        "Record what was made public, and from what.",
    ),
    "diff": Command(
        "publish.publishing",
        _REPORT,
        "变动：某笔、某时、封签或公开以来的记录和变了的数。",
        "What has changed since.",
    ),
    "check": Command("publish.figures", _REPORT, "审核表内、表间和账表关系。", "Check the tables."),
    "export": Command(
        "keep.export",
        _FILES,
        "导出账套，供导入、备份或其他程序使用。",
        "For other programs, or to keep.",
    ),
    "restore": Command(
        "keep.export", _FILES, "把 export jsonl 的文件核对后恢复成账。", "Put exported books back."
    ),
    "audit": Command("keep.audit", _AUDIT, "从存储字节重放全年并逐项核对。", "Replay and verify."),
    "seal": Command(
        "keep.audit", _AUDIT, "打印封签，抄在账外留存。", "Print a seal to keep outside."
    ),
    "rebuild": Command("keep.audit", _AUDIT, "丢弃并重新生成查询视图。", "Make the views anew."),
    "demo": Command("keep.demo", _AUDIT, "用真实的 2020 年度演示。", "Record a real year."),
    "doctor": Command("keep.doctor", _AUDIT, "检查运行环境和账文件。", "Check machine and file."),
}
