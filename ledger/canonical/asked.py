"""The canonical import file (contract §3): its columns, its encodings, its rows as requests.

A row says everything and nothing is guessed. Every complaint names the column and what would be
right; the caller knows the row.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar, cast

from ledger import parse
from ledger.canonical import particulars as of
from ledger.canonical.columns import (
    ALIASES,
    ALIASES_OF_FACTS,
    ALIASES_OF_KIND,
    LINE_COLUMNS,
    TO_COLUMNS,
    Columns,
    RowCells,
)
from ledger.decisions.budget import (
    APPROPRIATE,
    CUT,
    REALLOCATE,
    SUPPLEMENT,
    Reallocate,
    Supplement,
)
from ledger.decisions.cap import CAP, CapItem
from ledger.decisions.closing import LOCK_MONTH, LockMonth
from ledger.decisions.commitment import RESERVE, UNRESERVE, Reserve
from ledger.decisions.correction import CORRECT, REVERSE, Correct, Reverse
from ledger.decisions.disbursement import PAY, REFUND, Pay, Refund
from ledger.decisions.income import INCOME, Income
from ledger.decisions.indicator import (
    FUND_PLAN,
    RECLASSIFY,
    RELEASE,
    REUSE,
    WITHDRAW,
    FundPlan,
    Reclassify,
    Reuse,
)
from ledger.decisions.opening import ADJUST_OPENING, CARRY_IN, RECOVER, AdjustOpening
from ledger.decisions.particulars import (
    ASSET,
    CONTRACT,
    GOAL,
    HEADCOUNT,
    KEY_WORK,
    PRIOR,
    REASON,
    RECEPTION,
    RESULT,
    SCORE_OVERRIDE,
    TARGET,
    TEXT,
    TRIP,
)
from ledger.decisions.registry import PROJECT, Project
from ledger.decisions.surplus import (
    ADJUST_SURPLUS,
    DISTRIBUTE,
    SURPLUS_IN,
    USE_SURPLUS,
    AdjustSurplus,
    Distribute,
    SurplusIn,
    UseSurplus,
)
from ledger.errors import Malformed, Unreadable
from ledger.kinds import (
    ADJUSTMENT_NAMES,
    CAUSE_NAMES,
    DISTRIBUTION_NAMES,
    EITHER_WAY,
    KIND_NAMES,
    POOL_NAMES,
    SOURCE_NAMES,
    SURPLUS_ADJUSTMENT_NAMES,
    THREE_PUBLIC_NAMES,
    Adjustment,
    Cause,
    Pool,
    SurplusAdjustment,
)
from ledger.line import (
    NO_ECON,
    SPENDING_NAMES,
    BudgetLine,
    LinePattern,
    fund_word,
    parse_econ,
)
from ledger.money import parse_yuan
from ledger.requests import Request
from ledger.rules.kind import Kind
from ledger.rules.lines import Changes
from ledger.rules.occasion import Asked, NewMoney, OfPayment, OnLine, WantedLine

_NOT_IN_FILES: dict[str, tuple[Unreadable, str]] = {
    "transfer": (
        Unreadable.KIND_TWO_BOOKS,
        "一个账套之内的业务；结转调拨涉及两个账套，请用 yusuan transfer",
    ),
    "voucher": (
        Unreadable.KIND_MANY_ITEMS,
        "一行一笔的业务；支付凭证有多行，请用 yusuan voucher --items FILE.csv",
    ),
    **dict.fromkeys(
        ("submit", "approve", "reject"),
        (
            Unreadable.KIND_NOT_IMPORTED,
            "经办的业务（批准和否决由另一人用 yusuan approve、yusuan reject，不能导入）",
        ),
    ),
    **dict.fromkeys(
        ("open-book", "amend-book"),
        (
            Unreadable.KIND_NOT_IMPORTED,
            "已建账套的业务（建账用 yusuan open-book，修改用 yusuan amend-book，不能导入）",
        ),
    ),
    "codes": (
        Unreadable.KIND_NOT_IMPORTED,
        "账套的业务（科目表用 yusuan codes import 科目表.csv 采用，不能作为一行导入）",
    ),
    "reconcile": (
        Unreadable.KIND_NOT_IMPORTED,
        "账套的业务（与财政对账用 yusuan reconcile 对账单.csv，不能导入）",
    ),
    "unlock-month": (
        Unreadable.KIND_NOT_IMPORTED,
        "没有锁定的月份的业务（解锁须两人签字，用 yusuan unlock-month）",
    ),
    "final-approval": (
        Unreadable.KIND_NOT_IMPORTED,
        "年度之内的业务（决算批复在结账之后用 yusuan final-approval 记录，不能导入）",
    ),
    "publish": (
        Unreadable.KIND_NOT_IMPORTED,
        "账套中的业务（公开所据的是一本账的末端，用 yusuan publish 记录，不能导入）",
    ),
    **dict.fromkeys(
        ("close-year", "reopen-year"),
        (
            Unreadable.KIND_NOT_IMPORTED,
            "年度之内的业务（结账和解除结账须两人签字，用 yusuan close-year、yusuan reopen-year）",
        ),
    ),
}
"""The kinds that no row can be: the complaint, and what would be right (L42)."""
_KIND_WORDS = {name: kind for kind, name in KIND_NAMES.items()}
_DECREASE: Final = "-decrease"
_ADJUSTMENTS: dict[str, str] = {
    **{str(word): name for word, name in ADJUSTMENT_NAMES.items()},
    **{f"{word}{_DECREASE}": f"{ADJUSTMENT_NAMES[word]}调减" for word in sorted(EITHER_WAY)},
}
"""The words of the column `adjustment`: a file has no sign and no `--decrease`."""
_SURPLUS_ADJUSTMENTS = {
    word: name
    for word, name in _ADJUSTMENTS.items()
    if word.removesuffix(_DECREASE) in SURPLUS_ADJUSTMENT_NAMES
}
"""Those that it has of 非财政拨款结余."""
_CAUSE_WORDS = {*CAUSE_NAMES, *CAUSE_NAMES.values()}
"""Those that it has of 转为结余."""
_SPENDING_WORDS = {name: str(kind) for kind, name in SPENDING_NAMES.items()}
_LINE_BREAKS = re.compile(r"[\r\n]+")


def _at(columns: Iterable[str]) -> Callable[[RowCells], tuple[str, ...]]:
    """What takes several columns out of a row, by where they stand."""
    return itemgetter(*map(RowCells._fields.index, columns))


_of_line = _at(LINE_COLUMNS)
CODE_COLUMNS = ("func", "project", "econ", "to_func", "to_project", "to_econ")
"""What a row names by a code."""
_codes = _at(CODE_COLUMNS)


def request_of(cells: RowCells, *, year: int, columns: Sequence[str] = RowCells._fields) -> Request:
    """The request of one row. Raises `Malformed` naming the column, of several that its kind does
    not use the first in the order of its file (`columns`); guesses nothing."""
    row = _row(cells.kind)
    word = row.kind.word
    if any(_BESIDE[word](cells)):
        field = next(name for name in columns if getattr(cells, name) and name not in row.columns)
        expected = f"空（{KIND_NAMES[word]}不使用这一栏）"
        value = getattr(cells, field)
        raise Malformed(Unreadable.FIELD_NOT_USED, field=field, value=value, expected=expected)
    codes = _codes(cells)
    if not "".join(codes).isalnum():  # else none is a number that a spreadsheet has rounded
        for field, text in zip(CODE_COLUMNS, codes, strict=True):
            parse.unmangled(text, field=field)
    asked: Asked = {
        "occurred_on": parse.day(cells.date) if cells.date or row.dated else None,
        "doc": parse.document(cells.doc),
        "reason": _text(cells, "reason" if row.own_purpose else "purpose"),
    }
    key = parse.key(cells.id, field="id")
    given = {**asked, **row.build(cells, year)}
    ref = None
    if row.about == "must" or (row.about == "may" and cells.ref):
        ref = parse.id_or_entry(cells.ref)
    return Request(word, given, ref, key)


def typed(cells: RowCells) -> Request:
    """The request of what was typed of a command, in the columns of the same names; when, on what
    and why is said beside it. Raises `Malformed` naming the column."""
    row = _row(cells.kind)
    return Request(row.kind.word, row.build(cells, 0))


def _row(text: str) -> "KindOfRow[Any]":
    word = _KIND_WORDS.get(text, text)
    row = _ROW_OF.get(word)
    if row is not None:
        return row
    if word in _NOT_IN_FILES:
        unreadable, expected = _NOT_IN_FILES[word]
        raise Malformed(unreadable, field="kind", value=text, expected=expected)
    expected = "、".join(f"{each}（{KIND_NAMES[each]}）" for each in _ROW_OF)
    raise Malformed(Unreadable.KIND_UNKNOWN, field="kind", value=text, expected=expected)


def line_of(cells: RowCells, year: int) -> BudgetLine:
    """The line of a row by its parts."""
    return _line(_of_line(cells), year)


@lru_cache(maxsize=1 << 14)  # a long file has few lines
def _line(texts: tuple[str, ...], year: int) -> BudgetLine:
    return parse.new_line(_worded(texts), year=year)


def parts_of(cells: RowCells) -> parse.Parts:
    """What a row says of its line, by column, in our words; "" where it says nothing."""
    return _worded(_of_line(cells))


def _worded(texts: tuple[str, ...]) -> parse.Parts:
    fund, func, spending, *rest = texts
    spending = _SPENDING_WORDS.get(spending, spending)
    return dict(zip(LINE_COLUMNS, (fund_word(fund), func, spending, *rest), strict=True))


def _amount(cells: RowCells) -> int:
    return parse_yuan(cells.amount)


def _on_line(cells: RowCells, year: int) -> OnLine:
    return {"line": line_of(cells, year), "amount_fen": _amount(cells)}


def _new_money(cells: RowCells, year: int) -> NewMoney:
    """New money. An empty cell says nothing, and 否 says no."""
    given: NewMoney = {"line": line_of(cells, year), "amount_fen": _amount(cells)}
    if cells.pending:
        given["pending"] = _yes(cells, "pending")
    return given


def _supplement(cells: RowCells, year: int) -> Supplement:
    return {**_new_money(cells, year)}


def _adjust_opening(cells: RowCells, year: int) -> AdjustOpening:
    adjustment, decrease = _adjustment(cells)
    return {
        "line": line_of(cells, year),
        "amount_fen": _amount(cells),
        "adjustment": adjustment,
        "decrease": decrease,
    }


def _adjustment(cells: RowCells) -> tuple[Adjustment, bool]:
    """The reason of 年初调整, and whether it takes away."""
    word = parse.word(cells.adjustment, _ADJUSTMENTS, field="adjustment")
    return cast(Adjustment, word.removesuffix(_DECREASE)), word.endswith(_DECREASE)


def _adjust_surplus(cells: RowCells, _: int) -> AdjustSurplus:
    word = parse.word(cells.adjustment, _SURPLUS_ADJUSTMENTS, field="adjustment")
    return {
        "pool": _pool(cells),
        "amount_fen": _amount(cells),
        "adjustment": cast(SurplusAdjustment, word.removesuffix(_DECREASE)),
        "decrease": word.endswith(_DECREASE),
    }


def _project(cells: RowCells, _: int) -> Project:
    return {
        "code": parse.project_code(cells.project),
        "name": parse.required(cells.name, field="name"),
    }


def _reserve(cells: RowCells, year: int) -> Reserve:
    given: Reserve = {
        "line": line_of(cells, year),
        "amount_fen": _amount(cells),
        "payee": parse.text(cells.payee, field="payee"),
        "purpose": _purpose(cells),
    }
    if cells.contract:
        given["contract"] = parse.contract(cells.contract)
    return given


def _pay(cells: RowCells, year: int) -> Pay:
    """支付. An empty cell says nothing, and 否 says no."""
    line: WantedLine
    if cells.ref:  # a reservation has its line; what the row repeats of it must agree
        line = parse.line_pattern({**parts_of(cells), "econ": None})
        econ = parse_econ(cells.econ or NO_ECON)
    else:
        line = whole = line_of(cells, year)
        econ = whole.econ
    given: Pay = {
        "line": line,
        "econ": econ,
        "amount_fen": _amount(cells),
        "payee": parse.text(cells.payee, field="payee"),
        "purpose": _purpose(cells),
    }
    if cells.pay_type:
        given["pay_type"] = parse.pay_type(cells.pay_type, field="pay_type")
    if cells.procurement:
        given["procurement"] = _yes(cells, "procurement")
        if not given["procurement"]:
            parse.nothing_bought(contract=cells.contract, procurement_type=cells.procurement_type)
    if cells.direct_funds:
        given["direct_funds"] = _yes(cells, "direct_funds")
    if cells.again and _yes(cells, "again"):
        given["again"] = True
    return {**given, **_to_whom(cells)}


def _to_whom(cells: RowCells) -> OfPayment:
    """The unit that is paid, the contract, and what was bought, so far as they are said."""
    said: OfPayment = {}
    if cells.counterpart:
        said["counterpart"] = parse.counterpart(cells.counterpart)
    if cells.contract:
        said["contract"] = parse.contract(cells.contract)
    if cells.procurement_type:
        said["procurement_type"] = parse.procurement_type(
            cells.procurement_type, field="procurement_type"
        )
    return said


def _yes(cells: RowCells, name: parse.Flag) -> bool:
    return parse.yes(getattr(cells, name), field=name)


def unbroken(purpose: str) -> str:
    """用途、摘要 on one line: in spreadsheets people break it."""
    return _LINE_BREAKS.sub(" ", purpose)


def _purpose(cells: RowCells) -> str:
    return _text(cells, "purpose")


def _text(cells: RowCells, name: Literal["purpose", "reason"]) -> str:
    return parse.text(unbroken(getattr(cells, name)), field=name, limit=500)


def _reallocate(cells: RowCells, year: int) -> Reallocate:
    source, fen = line_of(cells, year), _amount(cells)
    return {
        "sources": [(source, fen)],
        "targets": [(_receives(cells), fen)],
        "authority": parse.authority(cells.authority or None),
    }


def _reuse(cells: RowCells, year: int) -> Reuse:
    return {
        "line": line_of(cells, year),
        "to_line": _receives(cells),
        "amount_fen": _amount(cells),
    }


def _receives(cells: RowCells) -> LinePattern:
    """The line that receives; an empty part is the giver's."""
    to_parts: parse.Parts = {name.removeprefix("to_"): getattr(cells, name) for name in TO_COLUMNS}
    to_parts["spending"] = _SPENDING_WORDS.get(cells.to_spending, cells.to_spending)
    return parse.line_pattern_to(to_parts, to="to_")


def _repeated(cells: RowCells) -> LinePattern | None:
    """What a row about an earlier one repeats of its line."""
    repeated: parse.Parts = {name: text for name, text in parts_of(cells).items() if text}
    return parse.line_pattern(repeated) if repeated else None


def _refund(cells: RowCells, _: int) -> Refund:
    given: Refund = {"line": _repeated(cells), "amount_fen": _amount(cells)}
    if cells.payee:
        given["payee"] = parse.text(cells.payee, field="payee")
    return given


def _correct(cells: RowCells, year: int) -> Correct:
    """What is right, as a whole row of the kind that is corrected; which that is, the book knows.
    Words in the column `econ` are those of a 收入类别, 结余 or 三公项目."""
    changes: Changes = {"whole": True}
    parts: parse.Parts = {name: text for name, text in parts_of(cells).items() if text}
    word = parts.get("econ")
    if word in _WORDS_OF_ECON:
        del parts["econ"]
        for field, names in _ECON_WORDS.items():
            if word in names:
                changes[field] = word  # type: ignore[literal-required]
    if parts:
        changes["parts"] = parse.line_pattern_to(parts)
    if cells.amount:
        changes["amount_fen"] = _amount(cells)
    if cells.payee:
        changes["payee"] = parse.text(cells.payee, field="payee")
    if cells.purpose:
        changes["purpose"] = _purpose(cells)
    if cells.pay_type:
        changes["pay_type"] = parse.pay_type(cells.pay_type, field="pay_type")
    for flag in _FLAGS:
        if getattr(cells, flag):
            changes[flag] = _yes(cells, flag)
    changes = {**changes, **_to_whom(cells)}
    if cells.month:
        changes["month"] = parse.month(cells.month, year=year)
    if cells.adjustment in _CAUSE_WORDS:
        changes["cause"] = _cause(cells)
    elif cells.adjustment:
        changes["adjustment"], changes["decrease"] = _adjustment(cells)
    given: Correct = {"changes": changes}
    if cells.authority:
        given["authority"] = parse.authority(cells.authority)
    return given


_FLAGS: tuple[Literal["procurement", "direct_funds", "pending", "again"], ...] = (
    "procurement",
    "direct_funds",
    "pending",
    "again",
)
_ECON_WORDS: dict[str, Collection[str]] = {
    "source": SOURCE_NAMES,
    "pool": POOL_NAMES,
    "distribution": DISTRIBUTION_NAMES,
    "item": THREE_PUBLIC_NAMES,
}
_WORDS_OF_ECON = {word for words in _ECON_WORDS.values() for word in words}


def _earlier(cells: RowCells, _: int) -> Reverse:
    """What a row about an earlier one may repeat of it."""
    line = _repeated(cells)
    return {"line": line, "amount_fen": _amount(cells)} if cells.amount else {"line": line}


def _reverse(cells: RowCells, year: int) -> Reverse:
    given = _earlier(cells, year)
    if cells.authority:
        given["authority"] = parse.authority(cells.authority)
    return given


def _income(cells: RowCells, year: int) -> Income:
    purpose, source = parse.income_of(parts_of(cells), year=year)
    given: Income = {"line": purpose, "source": source, "amount_fen": _amount(cells)}
    if cells.counterpart:
        given["counterpart"] = parse.counterpart(cells.counterpart)
    return given


def _surplus_in(cells: RowCells, _: int) -> SurplusIn:
    return {"pool": _pool(cells), "amount_fen": _amount(cells)}


def _use_surplus(cells: RowCells, year: int) -> UseSurplus:
    purpose = parse.nonfiscal_purpose(parts_of(cells), year=year)
    return {"line": purpose, "pool": _pool(cells), "amount_fen": _amount(cells)}


def _cap(cells: RowCells, _: int) -> CapItem:
    item = parse.word(cells.econ, THREE_PUBLIC_NAMES, field="econ")
    return {"item": item, "amount_fen": _amount(cells)}


def _pool(cells: RowCells) -> Pool:
    return parse.word(cells.econ or "unrestricted", POOL_NAMES, field="econ")


def _distribute(cells: RowCells, year: int) -> Distribute:
    where = parse.word(cells.econ or "unrestricted", DISTRIBUTION_NAMES, field="econ")
    purpose = parse.nonfiscal_purpose(parts_of(cells), year=year)
    return {"line": purpose, "distribution": where, "amount_fen": _amount(cells)}


def _month(cells: RowCells, year: int) -> int:
    """The month that is said, else the date's (L41)."""
    said, day = cells.month, cells.date
    return parse.month(said, year=year) if said else parse.day(day).month


def _fund_plan(cells: RowCells, year: int) -> FundPlan:
    return {
        "line": line_of(cells, year),
        "amount_fen": _amount(cells),
        "month": _month(cells, year),
    }


def _reclassify(cells: RowCells, year: int) -> Reclassify:
    return {"line": line_of(cells, year), "amount_fen": _amount(cells), "cause": _cause(cells)}


def _cause(cells: RowCells) -> Cause:
    """Why 结转 becomes 结余."""
    return parse.word(cells.adjustment, CAUSE_NAMES, field="adjustment")


def _lock_month(cells: RowCells, year: int) -> LockMonth:
    return {"month": _month(cells, year)}


Given = TypeVar("Given")


class KindOfRow(NamedTuple, Generic[Given]):
    """A kind that a row can be: the columns that it may fill; what makes of the cells, in the
    book's year, what its request gives; whether `ref` names an earlier row. With `own_purpose` the
    column 用途 is the kind's and 事由 says why, else 用途 does. What is not `dated` need not say
    its day."""

    kind: Kind[..., Given]
    columns: frozenset[str]
    build: Callable[[RowCells, int], Given]
    about: Literal["never", "may", "must"] = "never"
    own_purpose: bool = False
    dated: bool = True


def _fact(
    kind: Kind[..., Given], build: Callable[[RowCells, int], Given], *columns: str
) -> KindOfRow[Given]:
    """A fact of the report: why it is recorded stands in 事由, since some have a purpose."""
    return KindOfRow(kind, _FACT | {*columns}, build, own_purpose=True, dated=False)


_FACT = frozenset({"id", "date", "kind", "doc", "reason"})
_FORM = ("project", "whole", "department")
_EVERY = frozenset({"id", "date", "kind", "doc", "purpose"})
_LINE = _EVERY | {*LINE_COLUMNS, "amount", "name"}  # of its project, where that is registered
_NEW_MONEY = _LINE | {"pending"}
_TO_SOMEBODY = _LINE | {"payee"}
_ABOUT = _TO_SOMEBODY | {"ref"}
_TO_WHOM = ("counterpart", "contract", "procurement_type")
_ROWS = (
    KindOfRow(PROJECT, _EVERY | {"project", "name"}, _project),
    KindOfRow(CARRY_IN, _NEW_MONEY, _new_money),
    KindOfRow(ADJUST_OPENING, _LINE | {"adjustment"}, _adjust_opening),
    KindOfRow(RECOVER, _LINE, _on_line),
    KindOfRow(APPROPRIATE, _NEW_MONEY, _new_money),
    KindOfRow(SUPPLEMENT, _NEW_MONEY, _supplement),
    KindOfRow(CUT, _LINE, _on_line),
    KindOfRow(CAP, _EVERY | {"econ", "amount"}, _cap),
    KindOfRow(RELEASE, _LINE, _on_line),
    KindOfRow(WITHDRAW, _LINE, _on_line),
    KindOfRow(RECLASSIFY, _LINE | {"adjustment"}, _reclassify),
    KindOfRow(REUSE, _LINE | {*TO_COLUMNS}, _reuse),
    KindOfRow(FUND_PLAN, _LINE | {"month"}, _fund_plan),
    KindOfRow(REALLOCATE, _LINE | {*TO_COLUMNS, "authority"}, _reallocate),
    KindOfRow(RESERVE, _TO_SOMEBODY | {"reason", "contract"}, _reserve, own_purpose=True),
    KindOfRow(UNRESERVE, _ABOUT, _earlier, about="must"),
    KindOfRow(
        PAY,
        _ABOUT | {"pay_type", "procurement", "direct_funds", "again", "reason", *_TO_WHOM},
        _pay,
        about="may",
        own_purpose=True,
    ),
    KindOfRow(REFUND, _ABOUT, _refund, about="must"),
    KindOfRow(REVERSE, _ABOUT | {"authority"}, _reverse, about="must"),
    KindOfRow(
        CORRECT,
        _ABOUT | {"authority", "pay_type", "month", "adjustment", "reason", *_TO_WHOM, *_FLAGS},
        _correct,
        about="must",
        own_purpose=True,
    ),
    KindOfRow(INCOME, _LINE | {"counterpart"}, _income),
    KindOfRow(SURPLUS_IN, _EVERY | {"econ", "amount"}, _surplus_in),
    KindOfRow(ADJUST_SURPLUS, _EVERY | {"econ", "amount", "adjustment"}, _adjust_surplus),
    KindOfRow(USE_SURPLUS, _LINE, _use_surplus),
    KindOfRow(DISTRIBUTE, _LINE, _distribute),
    KindOfRow(LOCK_MONTH, _EVERY | {"month"}, _lock_month),
    _fact(RECEPTION, of.reception, "amount", "batches", "persons", "companions", "guests", "guest",
          "purpose", "category", "payment"),
    _fact(TRIP, of.trip, "amount", "groups", "persons", "destination", "purpose", "payment"),
    _fact(CONTRACT, of.contract, "no", "type", "amount", "supplier", "size", "reserved", "signed",
          "due"),
    _fact(ASSET, of.asset, "item", "count", "amount"),
    _fact(HEADCOUNT, of.headcount, "item", "count"),
    _fact(PRIOR, of.prior, "cell", "amount", "count"),
    _fact(REASON, of.reason, "slot", "text", "department"),
    _fact(TEXT, of.text, "slot", "text", "department"),
    _fact(KEY_WORK, of.key_work, "no", "item", "goal", "done", "department"),
    _fact(GOAL, of.goal, *_FORM, "expected", "actual"),
    _fact(TARGET, of.target, *_FORM, "no", "level1", "level2", "level3", "value", "weight",
          "direction", "code", "constraint", "deduct"),
    _fact(RESULT, of.result, *_FORM, "no", "actual", "grade", "percent", "deviation"),
    _fact(SCORE_OVERRIDE, of.score_override, *_FORM, "no", "score"),
)  # fmt: skip
_ROW_OF: dict[str, KindOfRow[Any]] = {row.kind.word: row for row in _ROWS}
COLUMNS_OF_KIND = {word: row.columns for word, row in _ROW_OF.items()}
"""The kinds that a row can be, and the columns that it may fill then."""


def columns_of(kind: str) -> Columns:
    """The columns of a list of one kind (which does not say it), with what else they are called."""
    own = {**ALIASES_OF_FACTS, **ALIASES_OF_KIND.get(kind, {})}
    return {
        name: own.get(name, ALIASES[name])
        for name in RowCells._fields
        if name in COLUMNS_OF_KIND[kind] and name != "kind"
    }


_BESIDE = {
    word: _at(name for name in RowCells._fields if name not in used)
    for word, used in COLUMNS_OF_KIND.items()
}
"""What a row of each kind says beside them."""
