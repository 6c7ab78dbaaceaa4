"""The canonical import file (contract §3): its columns, its encodings, its rows as requests.

A row says everything and nothing is guessed. Every complaint names the column and what would be
right; the caller knows the row.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ledger import parse
from ledger.canonical.columns import LINE_COLUMNS, TO_COLUMNS
from ledger.errors import Malformed, Unreadable
from ledger.kinds import ADJUSTMENT_NAMES, DISTRIBUTION_NAMES, KIND_NAMES, POOL_NAMES
from ledger.line import (
    FUND_NAMES,
    NO_ECON,
    SPENDING_NAMES,
    BudgetLine,
    LinePattern,
    parse_econ,
)
from ledger.money import parse_yuan
from ledger.requests import Request

_COMMON = {"id", "date", "kind", "doc", "purpose"}
_ON_LINE = {*LINE_COLUMNS, "amount"}
_APPROVED = {*_ON_LINE, "pending"}
_OF_KIND: dict[str, set[str]] = {
    "project": {"project", "name"},
    "carry-in": _APPROVED,
    "adjust-opening": {*_ON_LINE, "adjustment"},
    "recover": _ON_LINE,
    "appropriate": _APPROVED,
    "supplement": _APPROVED,
    "cut": _ON_LINE,
    "release": _ON_LINE,
    "withdraw": _ON_LINE,
    "fund-plan": {*_ON_LINE, "month"},
    "reallocate": {*_ON_LINE, *TO_COLUMNS, "authority"},
    "reserve": {*_ON_LINE, "payee"},
    "unreserve": {*_ON_LINE, "payee", "ref"},
    "pay": {*_ON_LINE, "payee", "ref", "pay_type", "procurement", "direct_funds"},
    "refund": {*_ON_LINE, "payee", "ref"},
    "reverse": {*_ON_LINE, "payee", "ref"},
    "income": _ON_LINE,
    "surplus-in": {"econ", "amount"},
    "use-surplus": _ON_LINE,
    "distribute": _ON_LINE,
    "lock-month": {"month"},
}
COLUMNS_OF_KIND = {kind: frozenset(own | _COMMON) for kind, own in _OF_KIND.items()}
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
    "reconcile": (
        Unreadable.KIND_NOT_IMPORTED,
        "账套的业务（与财政对账用 yusuan reconcile 对账单.csv，不能导入）",
    ),
    **dict.fromkeys(
        ("close-year", "reopen-year"),
        (
            Unreadable.KIND_NOT_IMPORTED,
            "年度之内的业务（结账和解除结账须两人签字，用 yusuan close-year、yusuan reopen-year）",
        ),
    ),
}
"""The kinds that no row can be: the complaint, and what would be right (L41)."""
_KIND_WORDS = {name: kind for kind, name in KIND_NAMES.items()}
_DECREASE = {"error-correction-decrease": "差错更正调减"}
_ADJUSTMENTS = ADJUSTMENT_NAMES | _DECREASE
"""The words of the column `adjustment`: a file has no sign and no `--decrease`."""
_FUND_WORDS = {name: str(fund) for fund, name in FUND_NAMES.items()}
_SPENDING_WORDS = {name: str(kind) for kind, name in SPENDING_NAMES.items()}
_LINE_BREAKS = re.compile(r"[\r\n]+")


def request_of(cells: dict[str, str], *, year: int) -> Request:
    """The request of one row. Raises `Malformed` naming the column; guesses nothing."""
    kind = _kind(cells.get("kind", ""))
    used = COLUMNS_OF_KIND[kind]
    unused = [column for column, text in cells.items() if text and column not in used]
    if unused:
        expected = f"空（{KIND_NAMES[kind]}不使用这一栏）"
        raise Malformed(
            Unreadable.FIELD_NOT_USED, field=unused[0], value=cells[unused[0]], expected=expected
        )
    given: dict[str, Any] = {
        "occurred_on": parse.day(cells.get("date", "")),
        "doc": parse.text(cells.get("doc", ""), field="doc"),
        "reason": "" if kind in ("reserve", "pay") else _purpose(cells),
    }
    key = parse.required(cells.get("id"), field="id")
    return Request(
        kind,
        {**given, **_BUILDERS.get(kind, _on_line)(cells, year)},
        _ref(kind, cells),
        key,
    )


def _kind(text: str) -> str:
    kind = _KIND_WORDS.get(text, text)
    if kind in _NOT_IN_FILES:
        unreadable, expected = _NOT_IN_FILES[kind]
        raise Malformed(unreadable, field="kind", value=text, expected=expected)
    if kind not in COLUMNS_OF_KIND:
        expected = "、".join(f"{k}（{KIND_NAMES[k]}）" for k in COLUMNS_OF_KIND)
        raise Malformed(Unreadable.KIND_UNKNOWN, field="kind", value=text, expected=expected)
    return kind


def _ref(kind: str, cells: dict[str, str]) -> str | None:
    """The row that this one is about; a payment need not be from a reservation."""
    if kind in ("refund", "reverse", "unreserve") or (kind == "pay" and cells.get("ref")):
        return parse.required(cells.get("ref"), field="ref")
    return None


def line_of(cells: dict[str, str], year: int) -> BudgetLine:
    """The line of a row by its parts."""
    return _line(tuple(map(cells.get, LINE_COLUMNS)), year)


@lru_cache(maxsize=1 << 14)  # a long file has few lines
def _line(texts: tuple[str | None, ...], year: int) -> BudgetLine:
    return parse.new_line(_parts(dict(zip(LINE_COLUMNS, texts, strict=True))), year=year)


def _parts(cells: Mapping[str, str | None]) -> parse.Parts:
    parts: parse.Parts = {name: cells.get(name) for name in LINE_COLUMNS}
    parts["fund"] = fund_of(cells)
    parts["spending"] = _SPENDING_WORDS.get(parts["spending"] or "", parts["spending"])
    return parts


def fund_of(cells: Mapping[str, str | None]) -> str | None:
    """The word of 资金性质, which may be written as its Chinese name."""
    fund = cells.get("fund")
    return _FUND_WORDS.get(fund or "", fund)


def _amount(cells: dict[str, str]) -> int:
    return parse_yuan(cells.get("amount", ""))


def _on_line(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {"line": line_of(cells, year), "amount_fen": _amount(cells)}


def _approved(cells: dict[str, str], year: int) -> dict[str, Any]:
    """New money. 否 is left out, as of a payment's particulars."""
    return {**_on_line(cells, year), **_flags(cells, "pending")}


def _adjust_opening(cells: dict[str, str], year: int) -> dict[str, Any]:
    adjustment = parse.word(cells.get("adjustment", ""), _ADJUSTMENTS, field="adjustment")
    return {
        **_on_line(cells, year),
        "adjustment": adjustment.removesuffix("-decrease"),
        "decrease": adjustment in _DECREASE,
    }


def _project(cells: dict[str, str], _: int) -> dict[str, Any]:
    return {
        "code": parse.project_code(cells.get("project")),
        "name": parse.required(cells.get("name"), field="name"),
    }


def _to_whom(cells: dict[str, str]) -> dict[str, Any]:
    return {
        "amount_fen": _amount(cells),
        "payee": parse.text(cells.get("payee", ""), field="payee"),
        "purpose": _purpose(cells),
    }


def _reserve(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {"line": line_of(cells, year), **_to_whom(cells)}


def _pay(cells: dict[str, str], year: int) -> dict[str, Any]:
    if cells.get("ref"):  # a reservation has its line; what the row repeats of it must agree
        line: BudgetLine | LinePattern = parse.line_pattern({**_parts(cells), "econ": None})
        econ = parse_econ(cells.get("econ") or NO_ECON)
    else:
        line = line_of(cells, year)
        econ = line.econ
    return {"line": line, "econ": econ, **_to_whom(cells), **_particulars(cells)}


def _particulars(cells: dict[str, str]) -> dict[str, Any]:
    """What a row says of 支付方式, 政府采购 and 直达资金. 否 is left out, so that a file with these
    columns says the same as one without."""
    said: dict[str, Any] = {}
    if cells.get("pay_type"):
        said["pay_type"] = parse.pay_type(cells["pay_type"], field="pay_type")
    return {**said, **_flags(cells, "procurement", "direct_funds")}


def _flags(cells: dict[str, str], *names: parse.Flag) -> dict[str, bool]:
    return {n: True for n in names if cells.get(n) and parse.yes(cells[n], field=n)}


def _purpose(cells: dict[str, str]) -> str:
    """用途、摘要 on one line: in spreadsheets people break it."""
    return parse.text(_LINE_BREAKS.sub(" ", cells.get("purpose", "")), field="purpose", limit=500)


def _reallocate(cells: dict[str, str], year: int) -> dict[str, Any]:
    source, fen = line_of(cells, year), _amount(cells)
    to_parts: parse.Parts = {name.removeprefix("to_"): cells.get(name) for name in TO_COLUMNS}
    to_parts["spending"] = _SPENDING_WORDS.get(to_parts["spending"] or "", to_parts["spending"])
    return {
        "sources": [(source, fen)],
        "targets": [(parse.line_pattern_to(to_parts), fen)],
        "authority": parse.authority(cells.get("authority") or None),
    }


def _about_entry(cells: dict[str, str], _: int) -> dict[str, Any]:
    repeated: parse.Parts = {name: text for name, text in _parts(cells).items() if text}
    given: dict[str, Any] = {"line": parse.line_pattern(repeated) if repeated else None}
    if cells.get("amount"):
        given["amount_fen"] = _amount(cells)
    return given


def _refund(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {**_about_entry(cells, year), "amount_fen": _amount(cells)}


def _income(cells: dict[str, str], year: int) -> dict[str, Any]:
    purpose, source = parse.income_of(_parts(cells), year=year)
    return {"line": purpose, "source": source, "amount_fen": _amount(cells)}


def _surplus_in(cells: dict[str, str], _: int) -> dict[str, Any]:
    return {"pool": _pool(cells), "amount_fen": _amount(cells)}


def _use_surplus(cells: dict[str, str], year: int) -> dict[str, Any]:
    purpose = parse.nonfiscal_purpose(_parts(cells), year=year)
    return {"line": purpose, "pool": _pool(cells), "amount_fen": _amount(cells)}


def _pool(cells: dict[str, str]) -> str:
    return parse.word(cells.get("econ") or "unrestricted", POOL_NAMES, field="econ")


def _distribute(cells: dict[str, str], year: int) -> dict[str, Any]:
    where = parse.word(cells.get("econ") or "unrestricted", DISTRIBUTION_NAMES, field="econ")
    purpose = parse.nonfiscal_purpose(_parts(cells), year=year)
    return {"line": purpose, "distribution": where, "amount_fen": _amount(cells)}


def _month(cells: dict[str, str], year: int) -> dict[str, Any]:
    """The month that is said, else the date's (L40)."""
    said, day = cells.get("month"), cells.get("date", "")
    return {"month": parse.month(said, year=year) if said else parse.day(day).month}


def _fund_plan(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {**_on_line(cells, year), **_month(cells, year)}


_BUILDERS: dict[str, Callable[[dict[str, str], int], dict[str, Any]]] = {
    "project": _project,
    "carry-in": _approved,
    "appropriate": _approved,
    "supplement": _approved,
    "fund-plan": _fund_plan,
    "reserve": _reserve,
    "unreserve": _about_entry,
    "adjust-opening": _adjust_opening,
    "pay": _pay,
    "reallocate": _reallocate,
    "refund": _refund,
    "reverse": _about_entry,
    "income": _income,
    "surplus-in": _surplus_in,
    "use-surplus": _use_surplus,
    "distribute": _distribute,
    "lock-month": _month,
}
