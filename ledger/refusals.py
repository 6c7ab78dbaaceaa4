"""Why a transaction is refused, as a closed vocabulary.

A `Refusal` has a code that is never renamed, the rule it comes from (R1–R19, domain §4), the field
of a request that it is about and a sentence with the figures. The members stand in the order in
which they are checked. What a person can do about it is data: a `Way`, an `Instead` or an `Advice`,
which every face says in its own manner. Input that cannot be read, and a book that contradicts
itself, are not refusals: see errors.py.
"""

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Final, NamedTuple

from ledger.book import BookId
from ledger.money import yuan


class Word(str):
    """A value that this program chose and printed as it stands: a word in whose place a person puts
    something (文号), or a name given to a file (对账单.csv). Any other value is data, and a command
    quotes it where a shell needs that."""

    __slots__ = ()


Value = str | int | tuple[str, ...]
"""What an option says: True where it says itself, several where it is repeated."""


class _Data:
    """Equal by what it says. Not a struct or a tuple, so that no encoder writes its fields: a face
    says it as a command, a column or a link."""

    __slots__: tuple[str, ...] = ()

    def said(self) -> tuple[object, ...]:
        """All that it says, in order."""
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Data) and type(self) is type(other) and self.said() == other.said()
        )

    def __hash__(self) -> int:
        return hash(self.said())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.said()}"


def _named(options: dict[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple((name.removesuffix("_"), value) for name, value in options.items())


class Way(_Data):
    """A way out that is a command: `Way("pay", line=line, amount="1.00")`. `arguments` stand before
    the options; an option is named as its field is (`as_of`), with `_` behind a word of Python
    (`from_`)."""

    __slots__ = ("command", "arguments", "options")  # noqa: RUF023 - in the order of reading

    def __init__(self, command: str, *arguments: str | int, **options: Value) -> None:
        self.command: Final = command
        self.arguments: Final = arguments
        self.options: Final = _named(options)

    def also(self, **options: Value) -> "Way":
        """The same command with more options; what it says already stays."""
        said = dict(self.options)
        more = {name: value for name, value in options.items() if name not in said}
        return Way(self.command, *self.arguments, **said, **more)


class Instead(_Data):
    """A way out that changes what was asked: these options of the command that was just typed, or
    these columns of a row."""

    __slots__ = ("options",)

    def __init__(self, **options: Value) -> None:
        self.options: Final = _named(options)


class Advice(_Data):
    """A way out that no command of ours is: what to do, in words, or a command of another
    program."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text


WayOut = Way | Instead | Advice


class Rule(NamedTuple):
    """One row of the vocabulary: the public code, the rule's number, what it is about, the
    sentence."""

    code: str
    rule: str
    about: str
    sentence: str


class Refusal(Enum):
    """Every reason for which a transaction is refused, in the order of checking."""

    KEY_CONFLICT = Rule(
        "KEY.CONFLICT",
        "幂等",
        "id",
        "编号“{key}”与第 {entry} 笔编号相同，内容不同（{differs}）；同一编号不能记录两件事",
    )
    BOOK_NOT_OPENED = Rule("BOOK.NOT_OPENED", "账套", "book", "账套 {book} 尚未建立")
    BOOK_ALREADY_OPENED = Rule(
        "BOOK.ALREADY_OPENED", "账套", "book", "账套 {book} 已经建立，不能重复建账"
    )
    SPENDING_DIFFERS = Rule(
        "R2.SPENDING", "R2", "spending", "{wanted}与预算不符：{have}；不同性质的支出不得互相挤占"
    )
    LINE_MISSING = Rule("R1.NO_LINE", "R1", "line", "没有预算线 {line}：无预算不得支出")
    LINE_AMBIGUOUS = Rule(
        "LINE.AMBIGUOUS", "R1", "line", "有 {count} 条预算线符合，无法确定用哪一条：{lines}"
    )
    LINE_DRAWN = Rule(
        "LINE.DRAWN", "R1", "line", "写明的预算线是 {line}，而 {econ} 的支付应用 {drawn}"
    )
    ENTRY_MISSING = Rule("ENTRY.MISSING", "R15", "ref", "账套中没有“{ref}”这一笔")
    DATE_OUTSIDE_YEAR = Rule(
        "DATE.OUTSIDE_YEAR", "R13", "date", "日期 {date} 不在本账套年度 {year} 之内"
    )
    YEAR_CLOSED = Rule(
        "YEAR.CLOSED",
        "R13",
        "date",
        "账套 {book} 已由第 {entry} 笔结账，不能再记录；只能解除结账或在下一年调整",
    )
    MONTH_LOCKED = Rule(
        "MONTH.LOCKED", "R13", "date", "{month} 月已锁定，日期 {date} 的业务不能再记入"
    )
    MONTH_ALREADY_LOCKED = Rule("MONTH.ALREADY_LOCKED", "R13", "month", "{month} 月已经锁定")
    MONTH_NOT_OVER = Rule(
        "MONTH.NOT_OVER", "R13", "date", "{month} 月到 {last} 才结束，现为 {date}，还不能锁定"
    )
    MONTH_ORDER = Rule(
        "MONTH.ORDER", "R13", "month", "月结按月份顺序：锁定 {month} 月以前须先锁定 {first} 月"
    )
    MONTH_NOT_LOCKED = Rule("MONTH.NOT_LOCKED", "R13", "month", "{month} 月没有锁定，无须解锁")
    UNLOCK_REASON = Rule("MONTH.REASON", "R13", "reason", "解锁月份必须写明事由")
    YEAR_OPEN = Rule(
        "YEAR.OPEN", "R13", "book", "账套 {book} 没有结账，或所说的结账已经解除，{why}"
    )
    YEAR_APPROVED = Rule(
        "YEAR.APPROVED",
        "R13",
        "book",
        "账套 {book} 的决算已经批复（第 {entry} 笔，{doc}），不能解除结账；批复与结账不同的，"
        "在下一年账套作年初余额调整",
    )
    REOPEN_REASON = Rule("YEAR.REASON", "R13", "reason", "解除结账必须写明事由")
    CLOSING_DATE = Rule(
        "YEAR.DATE", "R12", "date", "结账和解除结账的日期须为 12 月 31 日，现为 {date}"
    )
    APPROVAL_DATE = Rule(
        "APPROVAL.DATE", "R17", "date", "{year} 年度的决算在年度终了之后才能批复，现为 {date}"
    )
    APPROVAL_ROWS = Rule(
        "APPROVAL.ROWS", "R17", "differences", "批复的数字有 {count} 处不对：{wrong}"
    )
    PUBLISH_DATE = Rule(
        "PUBLISH.DATE", "R17", "date", "{year} 年度的决算不能在该年以前公开，现为 {date}"
    )
    PUBLISH_AGAIN = Rule(
        "PUBLISH.AGAIN",
        "R17",
        "file",
        "“{file}”已由第 {entry} 笔记录公开，不重复记录；记错了的，先冲销",
    )
    PUBLISH_INTERNAL = Rule(
        "PUBLISH.INTERNAL",
        "R17",
        "file",
        "“{file}”是内部使用的一份（含收款人和用途），不得公开；不写 --internal 重新生成",
    )
    PUBLISH_MISSING = Rule(
        "PUBLISH.MISSING", "R19", "accept", "决算说明还缺 {count} 处，不能公开：{missing}"
    )
    PUBLISH_ERRORS = Rule(
        "PUBLISH.ERRORS", "R17", "accept", "审核有 {count} 项错误，不能公开：{errors}"
    )
    PUBLISH_REASON = Rule(
        "PUBLISH.REASON",
        "R17",
        "reason",
        "报告已由第 {entry} 笔记录公开，其后变动报告事项必须写明事由",
    )
    YEAR_BLOCKED = Rule(
        "YEAR.BLOCKED", "R12", "decisions", "有 {count} 项尚未处理，不能结账：{blockers}"
    )
    PREVIOUS_OPEN = Rule(
        "PREVIOUS.OPEN", "R11", "previous", "上年账套 {previous} 尚未结账，不能据以建账"
    )
    OPENING_STANDS = Rule(
        "OPENING.STANDS",
        "R11",
        "kind",
        "账套 {book} 据 {previous} 的结账建账，上年年末数已全部转入，不能再作{action}；"
        "其后的变化作年初余额调整",
    )
    PREVIOUS_OTHER = Rule(
        "PREVIOUS.OTHER",
        "R11",
        "previous",
        "{previous} 不是 {book} 的上年账套；须为同一单位、前一年度",
    )
    BOOK_HAS_MONEY = Rule(
        "BOOK.HAS_MONEY",
        "账套",
        "book",
        "账套 {book} 已有 {money_entries} 笔金额记录，不能再改单位性质和口径（名称、表样仍可改）",
    )
    BOOK_SAME = Rule(
        "BOOK.SAME", "账套", "book", "账套 {book} 现在就是这样，没有什么不同，无须修改"
    )
    ENTRY_KIND = Rule("ENTRY.KIND", "R15", "ref", "第 {entry} 笔是“{kind}”，{why}")
    ENTRY_DIFFERS = Rule(
        "ENTRY.DIFFERS",
        "R15",
        "ref",
        "{field} 为“{value}”，与第 {entry} 笔原记录的“{original}”不一致",
    )
    DATE_BEFORE_ORIGINAL = Rule(
        "DATE.BEFORE_ORIGINAL",
        "R15",
        "date",
        "日期 {date} 早于原记录第 {entry} 笔的日期 {original_date}",
    )
    ENTRY_REVERSED = Rule(
        "ENTRY.REVERSED", "R13", "ref", "第 {entry} 笔已由第 {reversed_by} 笔{how}，不能再次处理"
    )
    ENTRY_REFUNDED = Rule(
        "ENTRY.REFUNDED",
        "R15",
        "ref",
        "第 {entry} 笔已退款 {refunded} 元，不能冲销；请先冲销其退款",
    )
    RESERVE_USED = Rule(
        "RESERVE.USED",
        "R15",
        "ref",
        "第 {entry} 笔占用已支付或释放 {used} 元，不能冲销；请先冲销那些记录",
    )
    CONTRACT_USED = Rule(
        "CONTRACT.USED",
        "采购合同",
        "ref",
        "合同 {no}（第 {entry} 笔）已支付 {paid} 元、占用 {held} 元，不能冲销；请先冲销那些记录",
    )
    ENTRY_SAME = Rule(
        "ENTRY.SAME", "R13", "ref", "第 {entry} 笔现在就是这样，没有什么不同，无须更正"
    )
    REQUEST_SETTLED = Rule(
        "APPROVAL.SETTLED",
        "不相容岗位",
        "ref",
        "第 {entry} 笔申请已由第 {settled_by} 笔处理，不再待审批",
    )
    SAME_ACTOR = Rule(
        "APPROVAL.SAME_ACTOR",
        "不相容岗位",
        "actor",
        "第 {entry} 笔申请由“{actor}”提交，不能由本人批准；经办和审批须为两人",
    )
    REJECTION_REASON = Rule("APPROVAL.REASON", "不相容岗位", "reason", "否决申请必须写明事由")
    RECONCILED_PAID = Rule(
        "RECONCILE.PAID",
        "R12",
        "statement",
        "核对时账上财政资金已支付 {stated} 元，现为 {paid} 元；其间有新的记录，请重新核对",
    )
    RECONCILED_TIES = Rule(
        "RECONCILE.TIES",
        "R12",
        "statement",
        "逐笔核对的结果前后不符：一行、一笔只能出现一次，两边的差额应等于未达账项之和；请重新核对",
    )
    RECONCILIATION_REASON = Rule(
        "RECONCILE.REASON",
        "R12",
        "reason",
        "账上已支付 {paid} 元，对账单 {statement} 元，差异 {differences} 项；不符的必须写明事由",
    )
    CODES_ROWS = Rule(
        "CODES.ROWS",
        "账套",
        "rows",
        "科目表中的 {code} 出现了两次，或不是{set}的代码；每个代码只能有一行",
    )
    PARTICULAR_NONE = Rule("PARTICULAR.NONE", "事项", "persons", "{what}为 {count}，至少为 1")
    RECEPTION_COMPANIONS = Rule(
        "RECEPTION.COMPANIONS",
        "公务接待",
        "companions",
        "陪同 {companions} 人次多于接待 {persons} 人次（接待人次含陪同）",
    )
    TIED_ECON = Rule(
        "TIED.ECON", "事项", "payment", "第 {entry} 笔支付的是 {own}，没有 {econ} 的支出可以对应"
    )
    TIED_EXCEEDS = Rule(
        "TIED.EXCEEDS",
        "事项",
        "amount",
        "{entries}支付现有 {stands} 元，已对应 {said} 元，不足 {amount} 元",
    )
    CONTRACT_TWICE = Rule(
        "CONTRACT.TWICE", "采购合同", "no", "合同 {no} 已由第 {entry} 笔记录；一个合同号只记一次"
    )
    CONTRACT_SIGNED = Rule(
        "CONTRACT.SIGNED",
        "采购合同",
        "signed",
        "签订日期 {signed} 不早于 {year} 年；本年签订的合同以 --date 写明日期",
    )
    TARGET_CONSTRAINT = Rule(
        "TARGET.CONSTRAINT", "绩效", "weight", "指标 {no} 是约束性指标，不设权重，只扣分"
    )
    TARGET_DEDUCT = Rule("TARGET.DEDUCT", "绩效", "deduct", "指标 {no} 不是约束性指标，不扣分")
    RESULT_GRADE = Rule(
        "RESULT.GRADE",
        "绩效",
        "grade",
        "档次与得分比例（百分之几）不符：met（达成）80—100，partly（部分达成）50—79，not（未达成）0—49，"
        "后两档须写明得分比例",
    )
    RESULT_UNIT = Rule(
        "RESULT.UNIT",
        "绩效",
        "actual",
        "指标 {no} 的目标值是 {target}（第 {entry} 笔），完成值 {actual} 的单位与它不同",
    )
    OVERRIDE_REASON = Rule("SCORE.REASON", "绩效", "reason", "调整得分必须写明事由")
    DOC_REQUIRED = Rule("DOC.REQUIRED", "R5", "doc", "{action}必须有文号")
    PAYEE_REQUIRED = Rule("R16.PAYEE", "R16", "payee", "支付必须写明收款人")
    COUNTERPART_OTHER = Rule(
        "COUNTERPART.OTHER", "抵销", "counterpart", "对方单位“{counterpart}”{why}"
    )
    CONTRACT_UNKNOWN = Rule(
        "CONTRACT.UNKNOWN", "采购合同", "contract", "没有记录合同 {no}，或已经冲销"
    )
    CONTRACT_RESERVED = Rule(
        "CONTRACT.RESERVED",
        "采购合同",
        "contract",
        "第 {entry} 笔占用{reserved}，这笔支付写的是合同 {no}；从占用支付的用占用的合同",
    )
    CONTRACT_TYPE = Rule(
        "CONTRACT.TYPE",
        "采购合同",
        "procurement_type",
        "合同 {no} 采购的是{type}，这笔支付写的是{said}",
    )
    ECON_REQUIRED = Rule(
        "R16.ECON", "R16", "econ", "支付必须写明部门经济分类的款（5 位），现为“{econ}”"
    )
    DUPLICATE = Rule(
        "R16.DUPLICATE",
        "R16",
        "doc",
        "文号“{doc}”付给“{payee}”的 {amount} 元与第 {entry} 笔（{date}）重复；确须再次支付的请写明",
    )
    PROJECT_UNKNOWN = Rule("PROJECT.UNKNOWN", "R2", "project", "项目 {project} 尚未登记")
    CAPITAL_ON_BASIC = Rule(
        "R2.CAPITAL", "R2", "econ", "基本支出不得使用资本性支出（基本建设）科目 {econ}"
    )
    SPENDING_FUND = Rule(
        "R2.SPENDING_FUND",
        "R2",
        "fund",
        "{spending}不得使用财政拨款，资金性质须为单位资金，现为{fund}",
    )
    UNIT_KIND = Rule("UNIT.KIND", "单位性质", "kind", "{kind}没有{what}")
    ORIGIN_NOT_CURRENT = Rule(
        "R7.ORIGIN_NOT_CURRENT", "R7", "origin", "{action}的形成年度须为本年 {year}，现为 {origin}"
    )
    ORIGIN_NOT_EARLIER = Rule(
        "R7.ORIGIN_NOT_EARLIER",
        "R7",
        "origin",
        "结转结余的形成年度须早于本年 {year}，现为 {origin}",
    )
    ADJUSTMENT_DIRECTION = Rule(
        "R11.DIRECTION",
        "R11",
        "adjustment",
        "{adjustment}的增减由类别决定，只有差错更正、上年年末更正可以另行指明减少",
    )
    TRANSFER_COUNTERPART = Rule(
        "R7.COUNTERPART",
        "R7",
        "counterpart",
        "结转只能调拨给同一年度的另一账套，{counterpart} 不是",
    )
    CUT_CARRYOVER = Rule(
        "R7.CUT_CARRYOVER",
        "R7",
        "origin",
        "{line} 是上年结转，不能追减；由财政部门作收回存量资金处理",
    )
    NEVER_SURPLUS = Rule("R9.NEVER_SURPLUS", "R9", "line", "{line} 不作结余：{why}")
    REUSED_FOR_OTHER = Rule(
        "R7.REUSE",
        "R7",
        "to_project",
        "结余只能调剂给同一资金性质、同一形成年度的另一项目支出预算线，{to_line} 不是",
    )
    ORIGINS_DIFFER = Rule("R7.ORIGINS_DIFFER", "R7", "origin", "调剂各方的形成年度不同：{origins}")
    CARRYOVER_PURPOSE = Rule(
        "R7.PURPOSE", "R7", "origin", "结转资金须按原用途使用，只可调整经济分类；{part} 不得改变"
    )
    LINE_REPEATED = Rule("LINE.REPEATED", "R5", "line", "{line} 同时是调出方和调入方，或重复出现")
    FUNDS_DIFFER = Rule(
        "R5.FUND", "R5", "fund", "不同资金性质之间不得调剂：{funds}；请追减后另行追加"
    )
    UNBALANCED = Rule(
        "R5.UNBALANCED",
        "R5",
        "amount",
        "调出合计 {sources} 元与调入合计 {targets} 元不等，差 {difference} 元",
    )
    AUTHORITY_TOO_LOW = Rule(
        "R5.AUTHORITY",
        "R5",
        "authority",
        "第 {entry} 笔申请涉及{reason}，须由{needed}审批，现为{given}",
    )
    ALREADY_APPROPRIATED = Rule(
        "R4.APPROPRIATED", "R4", "amount", "{line} 已有年初预算 {initial} 元；年初预算只批复一次"
    )
    INCOME_CLASS = Rule("INCOME.CLASS", "收入", "econ", "“{source}”与资金性质“{fund}”不符：{why}")
    DISTRIBUTION_DATE = Rule(
        "DISTRIBUTE.DATE",
        "结余分配",
        "date",
        "结余分配在年末进行，日期须为 12 月 31 日，现为 {date}",
    )
    DISTRIBUTION_RESTRICTED = Rule(
        "DISTRIBUTE.RESTRICTED", "结余分配", "project", "{line} 是专项资金，只能结转，不得分配"
    )
    OVER_DISTRIBUTABLE = Rule(
        "DISTRIBUTE.EXCEEDS",
        "结余分配",
        "amount",
        "单位资金中非专项余款可分配 {distributable} 元，不足 {amount} 元，差 {short} 元",
    )
    RESERVE_LINE = Rule(
        "RESERVE.LINE",
        "R1",
        "ref",
        "第 {entry} 笔占用的是 {reserved_line}，这笔支付用的是 {line}，不能从该占用支付",
    )
    ITEM_AMBIGUOUS = Rule(
        "REFUND.ITEM",
        "R15",
        "line",
        "第 {entry} 笔是多项合为一笔的凭证，须写明退的是哪一项；符合的有 {count} 项：{items}",
    )
    REFUND_EXCEEDS = Rule(
        "R15.REFUND",
        "R15",
        "amount",
        "第 {entry} 笔支付 {paid} 元，可退 {left} 元，不能退 {amount} 元",
    )
    RESERVE_EXCEEDED = Rule(
        "RESERVE.EXCEEDED",
        "R1",
        "amount",
        "第 {entry} 笔占用 {reserved} 元，还余 {left} 元，不能支付或释放 {amount} 元",
    )
    OVER_SURPLUS = Rule(
        "R8.SURPLUS",
        "R8",
        "amount",
        "{line} 结余 {surplus} 元，不足 {amount} 元，差 {short} 元",
    )
    THREE_PUBLIC_CAP = Rule(
        "R3.CAP",
        "R3",
        "amount",
        "{item}上限 {cap} 元，已支付 {spent} 元，还可 {left} 元，本次 {amount} 元",
    )
    CAP_TOO_LOW = Rule(
        "R3.CAP_BELOW", "R3", "amount", "{item}限额 {amount} 元，低于已支付的 {spent} 元"
    )
    CAP_BELOW_SPENT = Rule(
        "R3.SPENT", "R3", "amount", "冲销后{item}上限为 {cap} 元，低于已支付的 {spent} 元"
    )
    OVER_PENDING = Rule(
        "R1.PENDING", "R1", "amount", "{line} 待下达 {pending} 元，不足 {amount} 元，差 {short} 元"
    )
    OVER_AVAILABLE = Rule(
        "R1.AVAILABLE",
        "R1",
        "amount",
        "{line} 可用 {available} 元，不足 {amount} 元，差 {short} 元",
    )
    # No request leads to these two while the settlements are right: the guard behind R13 and R15.
    OVER_HELD = Rule(
        "R1.HELD", "R1", "amount", "{line} 在途 {held} 元，不足 {amount} 元，差 {short} 元"
    )
    OVER_PAID = Rule(
        "R1.PAID", "R1", "amount", "{line} 已支付 {paid} 元，不足冲回 {amount} 元，差 {short} 元"
    )
    OVER_PLAN = Rule(
        "R1.PLAN",
        "R1",
        "amount",
        "{line} 至 {month} 月用款计划 {planned} 元，已支付 {paid} 元，不足 {amount} 元，"
        "差 {short} 元",
    )
    PLAN_EXCEEDS = Rule(
        "R1.PLAN_BUDGET",
        "R1",
        "amount",
        "{line} 可执行、在途和已支付合计 {budget} 元，已有用款计划 {planned} 元，"
        "不能再安排 {amount} 元",
    )
    PLAN_BELOW_PAID = Rule(
        "R1.PLAN_PAID",
        "R1",
        "amount",
        "冲销后 {line} 至 {month} 月用款计划为 {planned} 元，低于已支付的 {paid} 元",
    )
    OVER_POOL = Rule(
        "POOL.EXCEEDS",
        "非财政拨款结余",
        "amount",
        "{pool}余额 {pool_left} 元，不足 {amount} 元，差 {short} 元",
    )
    OVER_CASH = Rule(
        "R1.CASH",
        "R1",
        "amount",
        "单位资金收入与结转余款 {cash} 元，不足 {amount} 元，差 {short} 元",
    )
    PRIOR_IN_BOOK = Rule(
        "PRIOR.IN_BOOK",
        "上年数",
        "cell",
        "{cell} 的上年数由本文件中的账套 {book} 得出，为 {said}，不能另记 {given}",
    )
    CONTRACT_EXCEEDS = Rule(
        "CONTRACT.EXCEEDS",
        "采购合同",
        "amount",
        "合同 {no} 为 {total} 元，已支付 {paid}、占用 {held}，还可 {left} 元，不足 {amount} 元",
    )
    TOTAL_TOO_LARGE = Rule("AMOUNT.TOTAL", "R1", "amount", "本笔之后账套合计将超过 {limit} 元")

    @property
    def code(self) -> str:
        """The public code, such as `R1.AVAILABLE`. Never renamed."""
        return self.value.code

    @property
    def rule(self) -> str:
        """The rule behind it: R1–R19 of domain §4, or the matter it belongs to."""
        return self.value.rule

    @property
    def about(self) -> str:
        """The field of a request that it is usually about: a column of a file, an option, a field
        of a form. `line` is a line as a whole; of the target of a movement, `to_` stands before
        it. What no row of a file says is `book`, `previous`, `decisions` and the like."""
        return self.value.about


class Contradiction(NamedTuple):
    """One thing that is recorded otherwise than it is said now; texts, as a person types them."""

    field: str
    recorded: str
    given: str

    def __str__(self) -> str:
        name = _FIELD_NAMES.get(self.field, self.field)
        return f"{name}记录为 {self.recorded or '空'}，这次为 {self.given or '空'}"


class WrongDecision(NamedTuple):
    """A decision of a closing that is wrong: a code, the line (empty for the pool of non-fiscal
    money), the field, what would be right, and why. Where it stands in a file, the file says."""

    code: str
    line: str
    field: str
    right: str
    text: str
    file: str = ""
    row: int | None = None
    value: str = ""


_FIELD_NAMES = {
    "kind": "业务",
    "ref": "对应编号",
    "line": "预算线",
    "parts": "预算线",
    "econ": "经济科目",
    "amount_fen": "金额",
    "occurred_on": "日期",
    "doc": "文号",
    "reason": "事由",
    "payee": "收款人",
    "purpose": "用途",
    "name": "名称",
    "code": "项目代码",
    "authority": "审批层级",
    "adjustment": "调整类型",
    "decrease": "调减",
    "pay_type": "支付方式",
    "procurement": "政府采购",
    "direct_funds": "直达资金",
    "again": "再次支付",
    "pending": "待下达",
    "month": "月份",
    "source": "收入类别",
    "pool": "结余种类",
    "distribution": "分配去向",
    "counterpart": "对方单位",
    "contract": "合同号",
    "procurement_type": "采购类型",
    "payments": "对应支付",
    "batches": "批次",
    "persons": "人次",
    "companions": "陪同人次",
    "guests": "接待类别",
    "guest": "来访单位",
    "category": "类别",
    "groups": "团组",
    "destination": "前往国家（地区）",
    "no": "编号",
    "supplier": "供应商",
    "size": "企业规模",
    "reserved": "预留份额",
    "signed": "签订日期",
    "due": "付款期限",
    "count": "数量",
    "cell": "单元格",
    "slot": "位置",
    "text": "文字",
    "department": "部门",
    "goal": "目标",
    "done": "完成情况",
    "project": "项目",
    "expected": "预期目标",
    "actual": "实际完成",
    "level1": "一级指标",
    "level2": "二级指标",
    "level3": "三级指标",
    "value": "指标值",
    "weight_hundredths": "权重",
    "direction": "方向",
    "constraint": "约束性指标",
    "deduct_hundredths": "扣分",
    "grade": "档次",
    "percent": "百分比",
    "deviation": "偏差原因",
    "score_hundredths": "得分",
    "items": "凭证各项",
    "sources": "调出",
    "targets": "调入",
    "lines": "处理建议",
    "cash": "资金余额",
    "pools": "结余",
    "approved_on": "批复日期",
    "previous": "上年账套",
    "unit_kind": "单位性质",
    "edition": "表样版本",
    "basis": "收入口径",
    "fund_basis": "资金的收入口径",
    "paid_fen": "账面支付数",
    "statement_fen": "对账单支付数",
    "differences": "不符项数",
    "statement": "对账单",
}

Fact = str | int | list[str] | list[Contradiction] | list[WrongDecision] | None


class Refused(Exception):
    """The only exception that a decision raises. Nothing was recorded.

    `facts` are the figures of the sentence, and `rule`: those ending in `_fen` are integers there
    and yuan in the sentence. `sentence` is what is said, and `about` the field that is wrong, where
    they are others than the usual ones of this refusal. `ways_out` are what a person can do, each
    alone.
    """

    def __init__(
        self,
        refusal: Refusal,
        sentence: str = "",
        /,
        *,
        ways_out: Sequence[WayOut] = (),
        about: str | None = None,
        **facts: Fact,
    ) -> None:
        self.refusal = refusal
        self._sentence = sentence or refusal.value.sentence
        self.code = refusal.code
        self.about = about or refusal.about
        self.facts: dict[str, Fact] = {"rule": refusal.rule, **facts}
        self.ways_out = list(ways_out)
        shown = {
            name.removesuffix("_fen"): yuan(value)
            if name.endswith("_fen") and isinstance(value, int)
            else "；".join(map(str, value))
            if isinstance(value, list)
            else value
            for name, value in facts.items()
        }
        super().__init__(f"{self._sentence.format(**shown)}（{refusal.rule}）")

    def elsewhere(self, book: str) -> "Refused":
        """The same refusal by another book than the one that was asked: it says which book, and
        its commands are for that book (L17)."""
        if self.facts.get("book") == book:
            return self
        unit, year = BookId.split(book)
        ways_out = [
            way.also(unit=unit, year=year) if isinstance(way, Way) else way for way in self.ways_out
        ]
        return self._told("账套 {book}：", ways_out, book=book)

    def at(self, position: int, ways_out: Sequence[WayOut]) -> "Refused":
        """The same refusal of one item of an entry that has many: it says which, counted from 1."""
        return self._told("第 {position} 项：", ways_out, position=position)

    def once_undone(self, entry: int, fen: int | None) -> "Refused":
        """The same refusal of what is to stand in the place of `entry`, whose `fen` are taken back
        first: whoever looks for its figures in the book finds them with that entry (L66)."""
        if not any(name.endswith("_fen") and name != "amount_fen" for name in self.facts):
            return self
        undone = "冲销第 {undone} 笔" if fen is None else "冲销第 {undone} 笔 {undone_amount} 元"
        more = {} if fen is None else {"undone_amount_fen": fen}
        return self._told(f"{undone}之后，", self.ways_out, undone=entry, **more)

    def in_file(self, row_of: Callable[[int], int | None]) -> "Refused":
        """The same refusal of a row of a file, as whoever wrote the file can read it: an entry that
        would be made of another row of it, and has no number yet, is that row. `row_of` says which
        row an entry is of, None of one that the book has."""
        sentence, facts = self._sentence, dict(self.facts)
        rows: set[object] = set()
        for name, value in self.facts.items():
            numbered = f"第 {{{name}}} 笔"
            row = row_of(value) if isinstance(value, int) and numbered in sentence else None
            if row is not None:
                rows.add(value)
                told = "row" if name == "entry" else f"{name}_row"
                sentence = sentence.replace(numbered, f"本文件第 {{{told}}} 行")
                facts[told] = row
                del facts[name]
        if not rows:
            return self
        del facts["rule"]
        ways_out = [way for way in map(_beside_rows(rows), self.ways_out) if way is not None]
        return self._so(sentence, ways_out, **facts)

    def known(self, ways_out: Sequence[WayOut], **more: Fact) -> "Refused":
        """The same refusal where more is known of it: facts, and what can be done."""
        facts = {name: value for name, value in self.facts.items() if name != "rule"}
        return self._so(self._sentence, ways_out, **{**facts, **more})

    def _told(self, where: str, ways_out: Sequence[WayOut], **more: Fact) -> "Refused":
        """The same refusal with more facts, and before its sentence another part of one."""
        facts = {name: value for name, value in self.facts.items() if name != "rule"}
        return self._so(where + self._sentence, ways_out, **{**facts, **more})

    def _so(self, sentence: str, ways_out: Sequence[WayOut], **facts: Fact) -> "Refused":
        return Refused(self.refusal, sentence, ways_out=ways_out, about=self.about, **facts)


def _beside_rows(rows: Collection[object]) -> Callable[[WayOut], WayOut | None]:
    """A way out for a row of a file beside those that are no entries yet: a command about one of
    them cannot be typed, but what it would say otherwise can be written in the row."""

    def told(way: WayOut) -> WayOut | None:
        if not isinstance(way, Way):
            return way
        named = {*way.arguments, *(value for _, value in way.options)}
        if named.isdisjoint(rows):
            return way
        said = {name: value for name, value in way.options if value not in rows}
        return Instead(**said) if said and way.command not in ("log", "show") else None

    return told


def not_opened(book: str) -> Refused:
    """The refusal of everything but `open-book` on a book that does not exist."""
    unit, year = BookId.split(book)
    way = Way(
        "open-book",
        unit=Word(unit),  # or the word for it, where nobody said which
        year=Word(year),
        name=Word("单位名称"),
        kind="admin",
        edition="2020",
        basis="indicator",
    )
    return Refused(Refusal.BOOK_NOT_OPENED, book=book, ways_out=[way])
