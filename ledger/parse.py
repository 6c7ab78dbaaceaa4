"""Text from a command line or a file cell → values. Raises `Malformed`; decides nothing."""

import os
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from ledger.book import UNIT
from ledger.errors import Lack, Lacking, Malformed, Unreadable
from ledger.kinds import (
    PAY_TYPE_NAMES,
    PROCUREMENT_NAMES,
    Authority,
    Basis,
    IncomeSource,
    PayType,
    ProcurementType,
)
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    BudgetLine,
    Fund,
    LinePattern,
    Spending,
    parse_econ,
    parse_func,
    parse_func_prefix,
    parse_fund,
    parse_project,
    parse_project_code,
    parse_spending,
    parse_year,
)
from ledger.money import parse_yuan
from ledger.texts import unfit

# Compiled when first asked for: a start-up needs few of them.
_DATE = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
_NOTHING = r"0(\.0{1,2})?"
_COUNT = r"[0-9]{1,9}"
_REF_NUMBER = r"#?([0-9]{1,15})"
_WITH_MARK = r"#\s*(\d[\d\s]*)"
_NUMBERED = r"[0-9A-Za-z_-]{1,40}"
_ITEM = r"([^,=]+)(?:,econ=([^,=]+))?=([^=]+)"
_SCIENTIFIC = r"[+-]?[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}|[+-]?[0-9]\.[0-9]+[eE][0-9]{1,3}"
_MONTH = r"(?:([0-9]{4})-)?([0-9]{1,2})"

BASES: dict[Basis, str] = {"indicator": "指标", "payment": "支付", "recorded": "登记"}
AUTHORITIES: dict[Authority, str] = {"department": "主管部门", "finance": "财政部门"}
_PAY_TYPE_WORDS = {"直接": "direct", "授权": "authorized", "实拨资金": "transfer"}
_YES_NO = {"yes": "是", "no": "否"}
_DIGITS = {"1": "yes", "0": "no"}
SOURCES: tuple[IncomeSource, ...] = (
    "fiscal",
    "service",
    "business",
    "superior",
    "affiliate",
    "other",
)


def text(value: str, *, field: str, limit: int = 200) -> str:
    """One line of readable text, trimmed. What cannot be seen, or moves what can, is refused
    (texts.py). Raises `Malformed`."""
    trimmed = value.strip()
    if len(trimmed) > limit:
        raise Malformed(
            Unreadable.TEXT_TOO_LONG, field=field, value=trimmed, expected=f"不超过 {limit} 个字符"
        )
    wrong = unfit(trimmed)
    if wrong is not None:
        expected = f"不含控制字符和不可见字符的一行文字（其中有 U+{ord(wrong):04X}）"
        raise Malformed(Unreadable.TEXT_UNREADABLE, field=field, value=trimmed, expected=expected)
    return trimmed


def unmangled(value: str, *, field: str) -> str:
    """An id, a code or a 文号, which no spreadsheet has made a rounded number of: `4.20103E+17`.
    Raises `Malformed`."""
    if ("+" in value or "." in value) and re.fullmatch(_SCIENTIFIC, value):
        expected = "原来的编号或代码（电子表格写成了科学计数法，末位已丢失：请设为文本后重新导出）"
        raise Malformed(Unreadable.ID_SCIENTIFIC, field=field, value=value, expected=expected)
    return value


def document(value: str) -> str:
    """A 文号 or the number of a voucher, "" where there is none. Raises `Malformed`."""
    return unmangled(text(value, field="doc"), field="doc")


def path(value: str, *, field: str) -> Path:
    """A file or folder, exactly as it was typed: blanks at its ends are part of its name. Refused
    is only what is no path, or cannot be told again: nothing but blanks, control characters, broken
    encodings. Raises `Malformed`."""
    if not value.strip():
        raise Malformed(Unreadable.FIELD_REQUIRED, field=field, value="", expected="文件名")
    if any(ch < " " or "\x7f" <= ch < "\xa0" or "\ud800" <= ch <= "\udfff" for ch in value):
        raise Malformed(
            Unreadable.TEXT_UNREADABLE,
            field=field,
            value=value,
            expected="不含控制字符的文件路径",
        )
    return Path(value)


def yuan_or_nothing(value: str, *, field: str) -> int:
    """An amount in yuan that may be zero, fen."""
    return 0 if re.fullmatch(_NOTHING, value.strip()) else parse_yuan(value, field=field)


def required(value: str | None, *, field: str, limit: int = 200) -> str:
    """Text that must be there. Raises `Malformed`."""
    trimmed = text(value or "", field=field, limit=limit)
    if not trimmed:
        raise Malformed(
            Unreadable.FIELD_REQUIRED, field=field, value=value or "", expected="不空的内容"
        )
    return trimmed


def key(value: str | None, *, field: Literal["key", "id", "ref-id"]) -> str:
    """An idempotency key, or the id of a row: any text but `#7`, which is entry 7, in one form of
    those that look alike. Raises `Malformed`."""
    named = _composed(unmangled(required(value, field=field), field=field))
    if re.fullmatch(_WITH_MARK, _compatible(named)):
        expected = f"不是“#”加数字的编号（{named} 是记录编号的写法）"
        raise Malformed(Unreadable.KEY_NUMBER, field=field, value=named, expected=expected)
    return named


def id_or_entry(value: str, *, field: Literal["ref", "payment"] = "ref") -> str:
    """REF of a file: `#7` is entry 7, however its letters were typed; anything else is an id."""
    named = _composed(unmangled(required(value, field=field), field=field))
    found = re.fullmatch(_WITH_MARK, _compatible(named))
    return f"#{int(''.join(found[1].split()))}" if found else named


def _composed(text: str) -> str:
    """Letters and marks that follow them as one, where there is one: `é` is typed in two ways."""
    return text if text.isascii() else _normalized("NFC", text)


def _compatible(text: str) -> str:
    """Full-width, circled and raised signs as the plain ones."""
    return text if text.isascii() else _normalized("NFKC", text)


def _normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    from unicodedata import normalize  # most keys are plain

    return normalize(form, text)


@lru_cache(maxsize=1 << 10)  # the rows of a file name few days
def day(value: str, *, field: str = "date") -> date:
    """A date, `2020-03-01` (also `2020/3/1`). Raises `Malformed`."""
    found = re.fullmatch(_DATE, value.strip())
    try:
        if found is None:
            raise ValueError(value)
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise Malformed(
            Unreadable.DATE_MALFORMED, field=field, value=value, expected="日期，如 2020-03-01"
        ) from None


ZONE = "Asia/Shanghai"
"""Where the books of Chinese units are kept: their today is not that of a server in UTC."""


ZONE_VARIABLE = "YUSUAN_ZONE"
"""The environment variable that names another."""


def local(instant: datetime) -> datetime:
    """An instant in the zone of the books, `YUSUAN_ZONE`, else ZONE; one without a zone is of it.
    Raises what `zone` raises."""
    return _in(_here(), instant)


def _here() -> tzinfo:
    return zone(os.environ.get(ZONE_VARIABLE) or ZONE, field=ZONE_VARIABLE)


def _in(here: tzinfo, instant: datetime) -> datetime:
    return instant.replace(tzinfo=here) if instant.tzinfo is None else instant.astimezone(here)


def zone(name: str, *, field: str) -> tzinfo:
    """A zone by its name. Raises `Malformed`; `Lacking` where the machine has no list of zones: a
    day of the clerk's cannot be told then."""
    if name == ZONE:  # needs no list: its clocks have not been changed since 1991
        return _EIGHT_HOURS_EAST
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        try:
            ZoneInfo(ZONE)
        except (ZoneInfoNotFoundError, OSError):
            message = f"本机没有时区表，不知道 {name} 的时间"
            raise Lacking(Lack.ZONE_UNUSABLE, message, way_out="安装 tzdata") from None
        expected = f"本机时区表中的名称，如 {ZONE}"
        raise Malformed(
            Unreadable.ZONE_UNKNOWN, field=field, value=name, expected=expected
        ) from None


_EIGHT_HOURS_EAST = timezone(timedelta(hours=8), ZONE)


def moment(value: str, *, field: str = "known-at") -> datetime:
    """An instant, `2020-03-01T12:00:00+08:00`; without a zone, of the books'; a day alone is
    its last instant. Raises `Malformed`, or what `zone` raises."""
    here = _here()
    try:
        if re.fullmatch(_DATE, value.strip()):
            return _in(here, datetime.combine(day(value, field=field), time.max))
        return _in(here, datetime.fromisoformat(value.strip()))
    except (ValueError, OverflowError, OSError):  # a day that there is not as well
        raise Malformed(
            Unreadable.TIME_MALFORMED,
            field=field,
            value=value,
            expected="时间，如 2020-03-01T12:00:00+08:00，或日期（至当日终了）",
        ) from None


def count(value: str, *, field: str) -> int:
    """A whole number of at most nine digits. Raises `Malformed`."""
    if re.fullmatch(_COUNT, value.strip()) is None:
        raise Malformed(
            Unreadable.COUNT_MALFORMED, field=field, value=value, expected="不带符号的整数"
        )
    return int(value)


def month(value: str, *, year: int) -> int:
    """A month of the book's year: `3`, `03` or `2020-03`. Raises `Malformed`."""
    found = re.fullmatch(_MONTH, value.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1] or year) != year:
        expected = f"{year} 年的月份，如 3 或 {year}-03"
        raise Malformed(Unreadable.MONTH_MALFORMED, field="month", value=value, expected=expected)
    return int(found[2])


Word = Literal[
    "action",
    "adjustment",
    "again",
    "authority",
    "basis",
    "by",
    "cause",
    "constraint",
    "decision",
    "department",
    "direct_funds",
    "direction",
    "econ",
    "format",
    "grade",
    "guests",
    "item",
    "kind",
    "of",
    "pay-type",
    "pay_type",
    "pending",
    "pool",
    "procurement",
    "procurement-type",
    "procurement_type",
    "reserved",
    "scope",
    "set",
    "size",
    "to",
    "type",
    "whole",
]
"""The fields that take one word of a closed list."""

_UNKNOWN: dict[Word, Unreadable] = {
    "action": Unreadable.ACTION_UNKNOWN,
    "adjustment": Unreadable.ADJUSTMENT_UNKNOWN,
    "again": Unreadable.AGAIN_UNKNOWN,
    "authority": Unreadable.AUTHORITY_UNKNOWN,
    "basis": Unreadable.BASIS_UNKNOWN,
    "by": Unreadable.BY_UNKNOWN,
    "cause": Unreadable.CAUSE_UNKNOWN,
    "constraint": Unreadable.FLAG_UNKNOWN,
    "decision": Unreadable.DECISION_UNKNOWN,
    "department": Unreadable.FLAG_UNKNOWN,
    "direct_funds": Unreadable.DIRECT_FUNDS_UNKNOWN,
    "direction": Unreadable.DIRECTION_UNKNOWN,
    "econ": Unreadable.ECON_UNKNOWN,
    "format": Unreadable.FORMAT_UNKNOWN,
    "grade": Unreadable.GRADE_UNKNOWN,
    "guests": Unreadable.GUESTS_UNKNOWN,
    "item": Unreadable.ITEM_UNKNOWN,
    "kind": Unreadable.KIND_UNKNOWN,
    "of": Unreadable.KIND_UNKNOWN,
    "pay-type": Unreadable.PAY_TYPE_UNKNOWN,
    "pay_type": Unreadable.PAY_TYPE_UNKNOWN,
    "pending": Unreadable.PENDING_UNKNOWN,
    "pool": Unreadable.POOL_UNKNOWN,
    "procurement": Unreadable.PROCUREMENT_UNKNOWN,
    "procurement-type": Unreadable.PROCUREMENT_TYPE_UNKNOWN,
    "procurement_type": Unreadable.PROCUREMENT_TYPE_UNKNOWN,
    "reserved": Unreadable.RESERVED_UNKNOWN,
    "scope": Unreadable.SCOPE_UNKNOWN,
    "set": Unreadable.CODE_SET_UNKNOWN,
    "size": Unreadable.SIZE_UNKNOWN,
    "to": Unreadable.TO_UNKNOWN,
    "type": Unreadable.PROCUREMENT_TYPE_UNKNOWN,
    "whole": Unreadable.FLAG_UNKNOWN,
}


_Known = TypeVar("_Known", bound=str)


def word(value: str, allowed: Mapping[_Known, str] | Collection[_Known], *, field: Word) -> _Known:
    """One word of a closed list, or its Chinese name. Raises `Malformed`."""
    trimmed = value.strip()
    names = allowed if isinstance(allowed, Mapping) else dict.fromkeys(allowed, "")
    for known, name in names.items():
        if trimmed == known or (name and trimmed == name):
            return known
    expected = " | ".join(f"{w}（{name}）" if name else w for w, name in names.items())
    raise Malformed(_UNKNOWN[field], field=field, value=value, expected=expected)


def authority(value: str | None) -> Authority | None:
    """Who approved it; nothing where nobody is named."""
    return word(value, AUTHORITIES, field="authority") if value is not None else None


def pay_type(value: str, *, field: Literal["pay-type", "pay_type"]) -> PayType:
    """支付方式."""
    return word(_PAY_TYPE_WORDS.get(value.strip(), value), PAY_TYPE_NAMES, field=field)


NO_COUNTERPART = "-"
"""Stands for no unit."""


def counterpart(value: str) -> str | None:
    """对方单位, a unit code; `-` is none. Raises `Malformed`."""
    unit = value.strip()
    if unit == NO_COUNTERPART:
        return None
    if re.fullmatch(UNIT, unit) is None:
        expected = "对方的单位编码，如 420103001；没有对方单位的不填，或写 -"
        raise Malformed(Unreadable.LINE_UNIT, field="counterpart", value=value, expected=expected)
    return unit


Flag = Literal[
    "again", "constraint", "department", "direct_funds", "pending", "procurement", "whole"
]
"""The fields that are 是 or 否."""


def yes(value: str, *, field: Flag) -> bool:
    """是 or 否, also as 1 or 0."""
    return word(_DIGITS.get(value.strip(), value), _YES_NO, field=field) == "yes"


def entry_ref(value: str, *, field: Literal["ref", "payment"] = "ref") -> str:
    """REF on the command line: an entry number (`17` or `#17`), else an id."""
    named = id_or_entry(value, field=field)
    found = re.fullmatch(_REF_NUMBER, named)
    return f"#{int(found[1])}" if found else named


def entry_number(value: str) -> int:
    """An entry number, `17` or `#17`. Raises `Malformed`."""
    found = re.fullmatch(_REF_NUMBER, entry_ref(value) if value.strip() else "")
    if found is None:
        raise Malformed(
            Unreadable.ENTRY_MALFORMED, field="entry", value=value, expected="记录编号，如 17"
        )
    return int(found[1])


Parts = dict[str, str | None]
"""The parts of a line as typed: fund, func, spending, project, econ, origin; "" or None: none."""


def new_line(parts: Parts, *, year: int) -> BudgetLine:
    """The line that a command creates, and that every row of a file names: nothing is guessed.

    `func` is required; fund empty = general; spending empty = project if a project is given, else
    basic; econ empty = `-`; origin empty = the book's year.
    """
    typed = (parts.get(name) or "" for name in ("fund", "func", "spending", "project", "econ"))
    return _new_line(*typed, parts.get("origin") or str(year))


@lru_cache(maxsize=1 << 14)  # the rows of a file name few lines, many times
def _new_line(
    fund: str, func: str, spending: str, project: str, econ: str, origin: str
) -> BudgetLine:
    project = parse_project(project or NO_PROJECT)
    implied = Spending.BASIC if project == NO_PROJECT else Spending.PROJECT
    return BudgetLine.make(
        parse_fund(fund or Fund.GENERAL),
        parse_func(func),
        parse_spending(spending) if spending else implied,
        project,
        parse_econ(econ or NO_ECON),
        parse_year(origin, field="origin"),
    )


def line_pattern(parts: Parts) -> LinePattern:
    """The parts that are given, for commands on lines that exist."""

    def given(name: str) -> str | None:
        return parts.get(name) or None

    fund, func, spending = given("fund"), given("func"), given("spending")
    project, econ, origin = given("project"), given("econ"), given("origin")
    return LinePattern(
        None if fund is None else parse_fund(fund),
        None if func is None else parse_func_prefix(func),
        None if spending is None else parse_spending(spending),
        None if project is None else parse_project(project),
        None if econ is None else parse_econ(econ),
        None if origin is None else parse_year(origin, field="origin"),
    )


def whole_line(value: str, *, field: str) -> BudgetLine:
    """A line in one piece. Whatever part of it is wrong, the complaint is of the option or cell
    that holds it: another line may stand beside. Raises `Malformed`."""
    try:
        return BudgetLine.parse(value.strip())
    except Malformed as wrong:
        raise Malformed(
            wrong.unreadable, field=field, value=value, expected=wrong.expected
        ) from None


def share(value: str, *, field: str) -> tuple[BudgetLine, int]:
    """`LINE=AMOUNT` of a reallocation. Raises `Malformed`."""
    line, sign, amount = value.rpartition("=")
    if not sign:
        expected = "预算线=金额，如 general:2080105:project:P02:30201:2020=1200"
        raise Malformed(Unreadable.SHARE_MALFORMED, field=field, value=value, expected=expected)
    return whole_line(line, field=field), parse_yuan(amount, field=field)


def item(value: str, *, field: str) -> tuple[BudgetLine, str, int]:
    """`LINE=AMOUNT` or `LINE,econ=30101=AMOUNT` of a voucher: line, the payment's 款, fen. Raises
    `Malformed`."""
    found = re.fullmatch(_ITEM, value)
    if found is None:
        expected = (
            "预算线=金额 或 预算线,econ=款=金额，如 general:2080101:basic:-:-:2020,econ=30101=1200"
        )
        raise Malformed(Unreadable.ITEM_MALFORMED, field=field, value=value, expected=expected)
    line = whole_line(found[1], field=field)
    econ = parse_econ(found[2].strip()) if found[2] else line.econ
    return line, econ, parse_yuan(found[3], field=field)


def project_code(value: str | None) -> str:
    """The code of a project that is registered."""
    return parse_project_code((value or "").strip())


def line_pattern_to(parts: Parts, *, to: str = "") -> LinePattern:
    """The target of a reallocation: parts left out are the source's, so `func` is whole. `to` is
    how the fields of its parts begin. Raises `Malformed`."""
    func = parts.get("func")
    try:
        return line_pattern({**parts, "func": parse_func(func) if func else None})
    except Malformed as wrong:
        raise wrong.about(f"{to}{wrong.field}") from None


def income_of(parts: Parts, *, year: int) -> tuple[BudgetLine, IncomeSource]:
    """Line and source of an income: `econ` is its class word; non-fiscal classes mean the fund
    `nonfiscal` where none is given."""
    source = word(parts.get("econ") or "", SOURCES, field="econ")
    if source != "fiscal":
        return nonfiscal_purpose(parts, year=year), source
    return new_line({**parts, "econ": NO_ECON}, year=year), source


def nonfiscal_purpose(parts: Parts, *, year: int) -> BudgetLine:
    """The purpose that a row of a file names, where its column econ holds another word."""
    return new_line(
        {**parts, "fund": parts.get("fund") or Fund.NONFISCAL, "econ": NO_ECON}, year=year
    )


def nothing_bought(*, contract: str, procurement_type: str) -> None:
    """What is said to be no 政府采购 has no contract and no type. Raises `Malformed`."""
    for field, value in (("contract", contract), ("procurement_type", procurement_type)):
        if value.strip() not in ("", "-"):
            expected = "空（已写明不是政府采购）"
            raise Malformed(Unreadable.FIELD_NOT_USED, field=field, value=value, expected=expected)


def contract(value: str, *, field: str = "contract") -> str:
    """The number of a contract, in the alphabet of a project code; "" where there is none, or `-`
    was typed. Raises `Malformed`."""
    return number(value, field=field) if value.strip() not in ("", "-") else ""


def number(value: str, *, field: str = "no") -> str:
    """What people number: letters, digits, `-` and `_`. Raises `Malformed`."""
    named = unmangled(required(value, field=field), field=field)
    if not re.fullmatch(_NUMBERED, named) or named == "-":
        expected = "字母、数字、- 和 _，1 至 40 个字符"
        raise Malformed(Unreadable.NO_MALFORMED, field=field, value=value, expected=expected)
    return named


def procurement_type(
    value: str, *, field: Literal["procurement-type", "procurement_type", "type"]
) -> ProcurementType:
    """What is bought. Raises `Malformed`."""
    return word(value, PROCUREMENT_NAMES, field=field)
