"""What is recorded all the same, but should be looked at (提醒): unknown codes, odd pairings.

A caution never refuses and never changes an exit code.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ledger.codes import ITEM_OF_ECON, CodeNames
from ledger.effects import Effects
from ledger.errors import Vocabulary
from ledger.events import (
    AnyEvent,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    CodeSetAdopted,
    CommitmentReserved,
    DisbursementRecorded,
    EntryReversed,
    IncomeRecognised,
    ReportPublished,
    VoucherPaid,
    YearClosed,
    meant_by,
)
from ledger.events.particulars import ContractSigned, Particular
from ledger.kinds import SOURCE_NAMES, THREE_PUBLIC_NAMES, ThreePublicItem
from ledger.line import (
    FUND_NAMES,
    NO_ECON,
    NO_PROJECT,
    BudgetLine,
    Fund,
    Spending,
    econ_class,
    func_class,
)
from ledger.marks import one_name
from ledger.money import plain_yuan, yuan
from ledger.postings import effective, lines_of
from ledger.rules.citations import citing
from ledger.state import BookState
from ledger.texts import personal_numbers, told_masked

PERSONNEL_CLASSES = frozenset({"301", "303"})
DEBT_CLASSES = frozenset({"231", "232"})
BASIC_ONLY_NAMES = frozenset({"行政运行", "事业运行"})
PROJECT_ONLY_NAMES = frozenset({"一般行政管理事务"})
FUND_OF_CLASS = {"223": Fund.STATECAPITAL, "234": Fund.GOVFUND}


INSTITUTION_SOURCES = frozenset({"service", "business", "affiliate"})
"""Classes of income that only 事业单位 have."""


class Undone(msgspec.Struct, frozen=True):
    """What has become of the entry that answers once more: the last that corrected it, and the one
    that reversed what was right then. `row` is the row of a file that was answered."""

    entry: int
    corrected_by: int | UnsetType = UNSET
    reversed_by: int | UnsetType = UNSET
    row: int | UnsetType = UNSET


class Uncovered(msgspec.Struct, frozen=True):
    """Money that was spent before it was there. `line` is None where it is the non-fiscal cash;
    `date` is the business date of what took it, `amount_fen` what that took, of several rows the
    first date and the sum; `short_on` the day from then on that is short of most, `there_fen` what
    was there on it without them, `short_fen` what was short. From `covered_on` on every day is
    covered; None where none is."""

    line: str | None
    amount_fen: int
    there_fen: int
    short_fen: int
    short_on: date
    covered_on: date | None
    date: date


class Remark(msgspec.Struct, frozen=True):
    """One caution with its figures, and its stable code."""

    code: str
    message: str

    @property
    def facts(self) -> Undone | Uncovered | UnsetType:
        """What it says as data, if it does."""
        return UNSET


class OfEntry(Remark, frozen=True):
    """A remark on an earlier entry."""

    facts: Undone


class OfDays(Remark, frozen=True):
    """A remark on days on which the money was not there."""

    facts: Uncovered


class Caution(Vocabulary):
    """Every caution: a code that is never renamed, and its sentence."""

    DATE_FUTURE = ("DATE.FUTURE", "业务日期 {date} 晚于今天 {today}")
    YEAR_NOT_OVER = (
        "YEAR.NOT_OVER",
        "本年到 {date} 才结束，今天是 {today}：结账按年末日期记录，批准之后本年不再记任何业务，"
        "年底前还有收支的，到时须先解除结账（yusuan reopen-year）",
    )
    DATE_UNCOVERED = (
        "DATE.UNCOVERED",
        "{date} 动用 {amount} 元，而{where}在 {short_on} {there} 元，差 {short} 元，"
        "{covered}；业务日期应在资金下达或到账之后{way}，或者先有更早批准的文件",
    )
    DATE_UNCHECKED = (
        "DATE.UNCHECKED",
        "{date} 动用 {amount} 元，可能早于{where}的资金下达或到账之日，但没有查到（{why}）；"
        "请用 yusuan check 核对",
    )
    INCOME_OF_UNIT = ("UNIT.INCOME", "行政单位通常没有{name}，请核对单位性质和收入类别")
    FUNC_UNKNOWN = (
        "CODE.FUNC_UNKNOWN",
        "功能科目 {func} 不在代码表中，请核对；"
        "科目无误的，用 yusuan codes import 采用含有它的科目表",
    )
    ECON_UNKNOWN = (
        "CODE.ECON_UNKNOWN",
        "经济科目 {econ} 不在代码表中，请核对；"
        "科目无误的，用 yusuan codes import 采用含有它的科目表",
    )
    TEXT_PERSONAL = (
        "TEXT.PERSONAL",
        "文字中有个人号码 {shown}（身份证号或电话号码）；报告事项不需要，公开的文件默认遮盖",
    )
    TEXT_CITES = (
        "TEXT.CITES",
        "{where}中的 {shown} 不是绩效结果的编号，{how}",
    )
    CONTRACT_DATE = (
        "CONTRACT.DATE",
        "业务日期 {date} 早于合同 {no} 的日期 {signed}（第 {entry} 笔）：先签合同后付款，"
        "请核对两个日期",
    )
    CONTRACT_PAYEE = (
        "CONTRACT.PAYEE",
        "收款人 {payee} 不是合同 {no} 的供应商 {supplier}（第 {entry} 笔），请核对收款人和合同编号",
    )
    CODES_LACKING = (
        "CODES.LACKING",
        "本账套在用的科目 {codes} 不在这份科目表中，名称仍按随附的科目表（没有的为空）；"
        "请核对是否有缺漏{beside}",
    )
    PERSONNEL_ON_PROJECT = ("R2.PERSONNEL", "项目支出使用人员类科目 {econ}（R2）")
    BASIC_ONLY = ("X14.BASIC_ITEM", "{func} {name}按定义只列基本支出（X14）")
    PROJECT_ONLY = ("X14.PROJECT_ITEM", "{func} {name}按定义只列项目支出（X14）")
    FUND_OF_FUNC = ("X15.FUND", "功能科目 {func} 与资金性质不匹配（X15）")
    PROTECTED_CUT = (
        "R6.PROTECTED",
        "追减 {line} 的人员经费，属重点支出调减的须报人大常委会批准（R6）",
    )
    DEBT_RAISED = ("R6.DEBT", "增加 {line} 的债务支出，属举债调整的须报人大常委会批准（R6）")
    CLOCK_BEHIND = (
        "CLOCK.BEHIND",
        "{book} 第 {entry} 笔的记录时间 {recorded_at} 晚于本机时钟 {now}；"
        "记录时间不倒退，此后各笔都不早于它，请核对时钟",
    )
    CLOCK_STRANGE = ("CLOCK.STRANGE", "本机时钟为 {now}，与账套年度 {year} 相去甚远，请核对时钟")
    ORIGIN_OLDER = (
        "ORIGIN.OLDER",
        "没有写明形成年度，按本年（{year}）资金支付，而上年结转 {line} 还有余额，请核对",
    )
    ROW_REVERSED = (
        "ROW.REVERSED",
        "{where}第 {entry} 笔{how}；这次没有重新记录",
    )
    DUPLICATE_NEAR = (
        "DUPLICATE.NEAR",
        "第 {entry} 笔（{date}，{doc}）付给同一收款人同样的金额，请核对是否重复支付",
    )
    REFUND_ALIKE = (
        "REFUND.ALIKE",
        "第 {entry} 笔是同样的退款，这次没有再记；还可以再退这样一笔，确是另一笔的加 --key 编号",
    )
    CASH_DEDICATED = (
        "CASH.DEDICATED",
        "单位资金项目 {project} 的专用资金不足：本笔用去 {amount} 元，用后余 {left} 元，"
        "即动用了其他用途的资金 {short} 元；{how}",
    )
    CASH_OF_PROJECTS = (
        "CASH.OF_PROJECTS",
        "非专项的单位资金不足：本笔用去 {amount} 元，用后余 {left} 元，"
        "即动用了项目专用资金 {short} 元；"
        "属于项目的支出用 yusuan correct 更正，还没有记的收入用 yusuan income 补记，"
        "使用非财政拨款结余的用 yusuan use-surplus 写明",
    )
    THREE_PUBLIC_OTHER = (
        "R3.OTHER_FUNDS",
        "{fund}支付{item} {amount} 元：表内三公经费只含{funds}，这笔不计入，"
        "在 yusuan three-public 中另列（R3）",
    )
    OPENED_FROM = (
        "YEAR.OPENED_FROM",
        "账套 {next} 已据本账套的结账建账：解除结账后这些结转资金在两个账套中都可支付；重新结账后"
        "在 {next} 用 yusuan opening --check 核对，差额凭文号作年初余额调整（上年年末更正）",
    )
    PUBLISH_LATE = (
        "PUBLISH.LATE",
        "决算于 {approved_on} 批复（第 {entry} 笔），应在二十日内、最迟 {publish_by} 公开，"
        "现在 {published_on} 公开，晚 {days} 天（R17）",
    )
    PUBLISH_EARLY = (
        "PUBLISH.EARLY",
        "决算于 {approved_on} 批复（第 {entry} 笔），公开日期 {published_on} 在批复之前（R17）",
    )
    PUBLISH_UNAPPROVED = (
        "PUBLISH.UNAPPROVED",
        "账中没有决算批复，不知道公开期限（批复后二十日，R17）；"
        "批复之后用 yusuan final-approval 记录",
    )
    PUBLISH_EDITED = (
        "PUBLISH.EDITED",
        "“{file}”不是账在第 {entries} 笔时生成的原样（改过，或生成时的账、选项、表样不同）："
        "哈希照样记录，可以核对，但不能由账再生成",
    )
    PUBLISH_UNLIKE = (
        "PUBLISH.UNLIKE",
        "“{file}”的字节因机器而异，没有与账核对；哈希照样记录，可以核对",
    )
    PUBLISH_EMPTY = (
        "PUBLISH.EMPTY",
        "{tables} 没有数据，以空表附说明公开，不得删去（R18）",
    )
    PURPOSE_MISSING = ("R16.PURPOSE", "未填写用途；建议用 --purpose 写明（R16）")

    def with_figures(self, **figures: object) -> Remark:
        """The caution as it is told."""
        return Remark(self.code, self.sentence.format_map(figures))


def cautions(event: AnyEvent, today: date, names: CodeNames, unit_kind: str = "") -> list[Remark]:
    """Remarks on an event that was just decided in the book of a unit of that kind, where codes are
    called so."""
    found: list[Remark] = []
    day = event.published_on if isinstance(event, ReportPublished) else event.occurred_on
    if day > today and isinstance(meant_by(event), YearClosed):
        found.append(Caution.YEAR_NOT_OVER.with_figures(date=day, today=today))
    elif day > today:
        found.append(Caution.DATE_FUTURE.with_figures(date=day, today=today))
    if type(event) is DisbursementRecorded:  # nine entries of ten: what follows is about others
        return [*found, *_of_line(event.line, event.econ, names), *_of_purpose(event.purpose)]
    if isinstance(meant_by(event), EntryReversed):  # its lines were looked at when it was recorded
        return found
    if (
        isinstance(event, IncomeRecognised)
        and unit_kind == "admin"
        and event.source in INSTITUTION_SOURCES
    ):
        name = SOURCE_NAMES[event.source]
        found.append(Caution.INCOME_OF_UNIT.with_figures(name=name))
    if isinstance(event, VoucherPaid):
        used = [(item.line, item.econ) for item in event.items]
    else:
        used = [(line, line.econ) for line in lines_of(event)]
    for line, econ in used:
        found += _of_line(line, econ, names)
    if isinstance(event, Particular):
        found += _of_persons(event)
        found += _of_citations(event)
    if isinstance(event, BudgetSupplemented | BudgetReallocated | BudgetCut):
        found += _for_the_congress(event)
    if isinstance(event, VoucherPaid):
        found += _of_purpose(event.purpose)
    return found


def _of_persons(event: Particular) -> Iterator[Remark]:
    """Numbers of persons in the texts of a fact, which is meant to be published."""
    said = msgspec.structs.asdict(event)
    texts = (text for name, text in said.items() if isinstance(text, str) and name not in _NUMBERED)
    found = [told_masked(each) for text in texts for each in personal_numbers(text)]
    if found:
        yield Caution.TEXT_PERSONAL.with_figures(shown="、".join(dict.fromkeys(found)))


_NUMBERED = ("no", "doc", "code")
"""What numbers contracts, papers and indicators, and never a person."""


def _of_citations(event: Particular) -> Iterator[Remark]:
    """What stands between braces and no result can ever be. One that is not reported yet may be."""
    said = citing(event)
    if said and said.never:
        shown = "、".join(f"{{{each}}}" for each in said.never)
        where = "总体目标" if said.form else f"{said.slot} 的文字"
        how = _CITED_AS[said.form]
        yield Caution.TEXT_CITES.with_figures(where=where, shown=shown, how=how)


_CITED_AS = {
    False: "公开的文件中印作缺；引用的写法如 {P10.1}（项目 P10 第 1 项的结果），"
    "在项目自己的成效中写 {1}",
    True: "绩效表按原样印出：这里不引用结果，请写明数或文字",
}


def lacking(event: AnyEvent, state: BookState) -> tuple[Remark, ...]:
    """What is to be said of a list of codes that was adopted: which in use it has not."""
    if not isinstance(event, CodeSetAdopted):
        return ()
    having = {row.code for row in event.rows}
    used = {line.func if event.code_set == "functional" else line.econ for line in state.lines} - {
        NO_ECON
    }
    missing = sorted(used - having)
    if not missing:
        return ()
    more = f"等 {len(missing)} 个" if len(missing) > _NAMED else ""
    beside = "" if event.code_set == "functional" else _OF_PAYMENTS
    codes = "、".join(missing[:_NAMED]) + more
    return (Caution.CODES_LACKING.with_figures(codes=codes, beside=beside),)


_OF_PAYMENTS = "（只查了预算线的经济科目；支付所用的另请核对）"
"""What the state does not know: on which economic codes a line was paid."""


_NAMED = 8
"""Codes that a sentence names."""


def overdrawn(state: BookState, does: Effects) -> list[Remark]:
    """专用资金: what is to be said of an event that has taken the non-fiscal cash of a project
    below zero, in the book after it. Others' money pays for it, which is only lawful if somebody
    decided it (L70)."""
    line_of = {line.project: line.at_econ(NO_ECON) for line in _nonfiscal(does)}
    found = []
    for project, fen in does.cash:
        left_fen = state.cash.get(project, 0)
        if fen >= 0 or left_fen >= 0:
            continue
        said = {"amount": yuan(-fen), "left": yuan(left_fen), "short": yuan(min(-left_fen, -fen))}
        if project == NO_PROJECT:
            found.append(Caution.CASH_OF_PROJECTS.with_figures(**said))
            continue
        how = _made_up(state, line_of[project], -left_fen)
        found.append(Caution.CASH_DEDICATED.with_figures(project=project, how=how, **said))
    return found


def _made_up(state: BookState, line: BudgetLine, short_fen: int) -> str:
    """How somebody writes down that other money pays for a project, as far as the book has any:
    this year's income that is bound to no project, and what earlier years left."""
    hows = []
    if state.cash.get(NO_PROJECT, 0) > 0:
        hows.append(
            f"决定改用本年没有指定项目的收入的，用 yusuan correct 编号 --line {line} "
            "把那笔收入改列（只改用其中一部分的，做法见 yusuan check）"
        )
    pool_fen = min(short_fen, state.pools.get("unrestricted", 0))
    if pool_fen > 0:
        hows.append(
            f"决定以非财政拨款结余弥补的，用 yusuan use-surplus --func {line.func} "
            f"--project {line.project} --amount {plain_yuan(pool_fen)} 写明"
        )
    wrong = "付错项目的用 yusuan correct 更正，属于该项目而没有记的收入用 yusuan income 补记"
    return "；".join([*hows, wrong])


Contracted = DisbursementRecorded | VoucherPaid | CommitmentReserved
"""What may be of a contract."""


def contracted(event: AnyEvent) -> Contracted | None:
    """What an event pays or keeps for a contract, if it does. What a reversal takes back was said
    before."""
    if type(event) is DisbursementRecorded:
        return event if event.contract else None
    meant = effective(event)
    return meant if isinstance(meant, Contracted) and meant.contract else None


def of_contract(made: Contracted, signed: ContractSigned, entry: int) -> list[Remark]:
    """What is to be said of what is paid or kept for a contract (of that entry): before its day, or
    for another than its supplier. A name may be written in short, and a contract be signed after
    an urgent purchase, so that nothing is refused."""
    found = []
    about = {"no": signed.no, "entry": entry}
    if signed.signed is None and made.occurred_on < signed.occurred_on:
        said = {"date": made.occurred_on, "signed": signed.occurred_on}
        found.append(Caution.CONTRACT_DATE.with_figures(**about, **said))
    if made.payee and not one_name(made.payee, signed.supplier):
        who = {"payee": made.payee, "supplier": signed.supplier}
        found.append(Caution.CONTRACT_PAYEE.with_figures(**about, **who))
    return found


def three_public_paid(event: AnyEvent) -> list[tuple[Fund, ThreePublicItem, int]]:
    """What an event pays for 三公 items: (fund, item, fen). What a reversal takes back was said
    before."""
    if type(event) is DisbursementRecorded and event.econ not in ITEM_OF_ECON:
        return []
    meant = effective(event)
    if isinstance(meant, DisbursementRecorded):
        paid = [(meant.line, meant.econ, meant.amount_fen)]
    elif isinstance(meant, VoucherPaid):
        paid = [(item.line, item.econ, item.amount_fen) for item in meant.items]
    else:
        return []
    return [
        (line.fund, ITEM_OF_ECON[econ], fen) for line, econ, fen in paid if econ in ITEM_OF_ECON
    ]


def of_other_funds(
    paid: Collection[tuple[Fund, ThreePublicItem, int]], funds: Collection[Fund]
) -> list[Remark]:
    """What is to be said of 三公 items that are paid with money which is none of the `funds` of
    which the forms of the book tell 三公经费."""
    names = "、".join(FUND_NAMES[fund] for fund in Fund if fund in funds)
    return [
        Caution.THREE_PUBLIC_OTHER.with_figures(
            fund=FUND_NAMES[fund], item=THREE_PUBLIC_NAMES[item], amount=yuan(fen), funds=names
        )
        for fund, item, fen in paid
        if fund not in funds
    ]


def _nonfiscal(does: Effects) -> Iterator[BudgetLine]:
    """The lines whose cash an event changes."""
    lines = [*(move.line for move in does.moves), *(inflow.line for inflow in does.inflows)]
    return (line for line in lines if line is not None and line.fund is Fund.NONFISCAL)


def uncovered(found: Uncovered, *, several: bool = False) -> Remark:
    """What is to be said of what took money before it was there, in an entry or in `several` rows.
    Advance payments are lawful
    (预算法 §54), so nothing is refused."""
    covered, way = "没有一天补足", ""
    if found.covered_on is not None:
        covered, way = f"{found.covered_on} 起才够", f"（--date {found.covered_on}）"
    said = Caution.DATE_UNCOVERED.with_figures(
        date=f"{found.date} 起" if several else found.date,
        amount=yuan(found.amount_fen),
        where=where_named(found.line),
        short_on=found.short_on,
        there=f"{'只有' if found.there_fen >= 0 else '已差'} {yuan(abs(found.there_fen))}",
        short=yuan(found.short_fen),
        covered=covered,
        way=way,
    )
    return OfDays(said.code, said.message, found)


def unchecked(line: BudgetLine | None, day: date, fen: int, why: str) -> Remark:
    """What is to be said where the views cannot be asked whether the money was there."""
    where = where_named(line)
    return Caution.DATE_UNCHECKED.with_figures(date=day, amount=yuan(fen), where=where, why=why)


def where_named(line: BudgetLine | str | None) -> str:
    """What money was not there of, to be followed by Chinese."""
    return "单位资金" if line is None else f"预算线 {line} "


def undone(known: Undone, *, row: int | None = None) -> Remark:
    """What is to be said of a request, or a row of a file, that was recorded before and undone
    since: nobody is to believe that it stands."""
    where = "" if row is None else f"第 {row} 行："
    how = [
        f"已由第 {by} 笔{word}"
        for by, word in ((known.corrected_by, "更正"), (known.reversed_by, "冲销"))
        if by is not UNSET
    ]
    said = Caution.ROW_REVERSED.with_figures(where=where, entry=known.entry, how="，".join(how))
    return OfEntry(said.code, said.message, known if row is None else replace(known, row=row))


def clock_behind(
    book: str, entry: int, recorded_at: datetime | None, now: datetime
) -> tuple[Remark, ...]:
    """What is to be said where the last entry of a book was recorded later than it is now. As a
    `recorded_at` never runs backwards, one wrong clock dates all that follows."""
    if recorded_at is None or recorded_at - now <= _CLOCKS_DIFFER:
        return ()
    remark = Caution.CLOCK_BEHIND.with_figures(
        book=book, entry=entry, recorded_at=_local(recorded_at, now), now=_local(now, now)
    )
    return (remark,)


def clock_strange(year: int, now: datetime) -> tuple[Remark, ...]:
    """What is to be said of a clock that nobody records a book of that year by. Years that are long
    over are recorded too, so that only a clock that is decades off can be told from one."""
    if year - 1 <= now.year <= year + _RECORDED_LATE:
        return ()
    return (Caution.CLOCK_STRANGE.with_figures(now=_local(now, now), year=year),)


_CLOCKS_DIFFER = timedelta(minutes=1)
"""As much as the clocks of two machines that share a book may."""
_RECORDED_LATE = 30
"""Years after which a book is hardly written any more."""


def _local(moment: datetime, here: datetime) -> str:
    return moment.astimezone(here.tzinfo).isoformat(" ", "seconds")


def _of_purpose(text: str) -> tuple[Remark, ...]:
    return () if text else (Caution.PURPOSE_MISSING.with_figures(),)


def _for_the_congress(
    event: BudgetSupplemented | BudgetReallocated | BudgetCut,
) -> Iterator[Remark]:
    """R6: what may be a 预算调整 of the 人大常委会, which is settled outside of this book."""
    if isinstance(event, BudgetCut):
        line = event.line
        if line.spending is Spending.BASIC and econ_class(line.econ) in PERSONNEL_CLASSES:
            yield Caution.PROTECTED_CUT.with_figures(line=line)
        return
    raised = (
        (share.line for share in event.targets)
        if isinstance(event, BudgetReallocated)
        else (event.line,)
    )
    for line in raised:
        if func_class(line.func) in DEBT_CLASSES:
            yield Caution.DEBT_RAISED.with_figures(line=line)


@lru_cache(maxsize=1 << 14)
def _of_line(line: BudgetLine, econ: str, names: CodeNames) -> tuple[Remark, ...]:
    found: list[Remark] = []
    name = names.functional(line.func)
    if not name:
        found.append(Caution.FUNC_UNKNOWN.with_figures(func=line.func))
    if econ != NO_ECON and not names.economic(econ):
        found.append(Caution.ECON_UNKNOWN.with_figures(econ=econ))
    project, basic = line.spending is Spending.PROJECT, line.spending is Spending.BASIC
    if project and econ_class(econ) in PERSONNEL_CLASSES:
        found.append(Caution.PERSONNEL_ON_PROJECT.with_figures(econ=econ))
    if project and name in BASIC_ONLY_NAMES:
        found.append(Caution.BASIC_ONLY.with_figures(func=line.func, name=name))
    if basic and name in PROJECT_ONLY_NAMES:
        found.append(Caution.PROJECT_ONLY.with_figures(func=line.func, name=name))
    fund = FUND_OF_CLASS.get(func_class(line.func))
    if fund is not None and line.fund is not fund:
        found.append(Caution.FUND_OF_FUNC.with_figures(func=line.func))
    return tuple(found)
