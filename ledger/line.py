"""A budget line (预算指标线): whose money, for what function, project, economic use and since when.

Its text is its identity, `FUND:FUNC:SPENDING:PROJECT:ECON:ORIGIN`, for example
`general:2080105:project:P02:30299:2020`, so a `BudgetLine` *is* that string, with its parts as
attributes. Lengths of codes (3, 5, 7) and hierarchies are known here only.
"""

import re
from collections.abc import Container, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.texts import folded


class Fund(StrEnum):
    """资金性质."""

    GENERAL = "general"
    GOVFUND = "govfund"
    STATECAPITAL = "statecapital"
    NONFISCAL = "nonfiscal"


class Spending(StrEnum):
    """支出性质, the columns of 表3. 人员 and 公用 are no kinds of their own: they follow from the
    econ. The last three are never fiscal money (L1)."""

    BASIC = "basic"
    PROJECT = "project"
    REMIT_SUPERIOR = "remit-superior"
    BUSINESS = "business"
    AFFILIATE_SUBSIDY = "affiliate-subsidy"


FUND_NAMES = {
    Fund.GENERAL: "一般公共预算",
    Fund.GOVFUND: "政府性基金预算",
    Fund.STATECAPITAL: "国有资本经营预算",
    Fund.NONFISCAL: "单位资金（非财政拨款）",
}
_FUND_WORDS: dict[Fund, tuple[str, ...]] = {
    Fund.GENERAL: (
        *("一般公共预算", "一般公共", "一般预算", "一般公共预算资金", "一般公共预算拨款"),
        *("一般公共预算财政拨款", "公共财政预算", "公共财政预算财政拨款", "公共预算", "经费拨款"),
    ),
    Fund.GOVFUND: (
        *("政府性基金预算", "政府性基金", "政府基金", "基金预算", "基金", "政府性基金预算资金"),
        *("政府性基金拨款", "政府性基金预算拨款", "政府性基金财政拨款"),
        *("政府性基金预算财政拨款", "基金预算财政拨款"),
    ),
    Fund.STATECAPITAL: (
        *("国有资本经营预算", "国有资本经营", "国有资本", "国有资本预算", "国有资本金"),
        *("国资", "国资经营", "国资预算", "国资经营预算", "国有资本经营预算资金"),
        *("国有资本经营预算拨款", "国有资本经营财政拨款", "国有资本经营预算财政拨款"),
    ),
    Fund.NONFISCAL: (
        *("单位资金(非财政拨款)", "单位资金", "单位自有资金", "自有资金", "非财政拨款"),
        *("非财政拨款资金", "非财政资金", "财政专户", "财政专户资金", "财政专户管理资金"),
    ),
}
"""What statements, reports and people call each fund: every door knows all of them."""
SPENDING_NAMES = {
    Spending.BASIC: "基本支出",
    Spending.PROJECT: "项目支出",
    Spending.REMIT_SUPERIOR: "上缴上级支出",
    Spending.BUSINESS: "经营支出",
    Spending.AFFILIATE_SUBSIDY: "对附属单位补助支出",
}
NONFISCAL_SPENDING = frozenset(
    {Spending.REMIT_SUPERIOR, Spending.BUSINESS, Spending.AFFILIATE_SUBSIDY}
)
FISCAL_FUNDS = frozenset({Fund.GENERAL, Fund.GOVFUND, Fund.STATECAPITAL})

NO_PROJECT = "-"
NO_ECON = "-"
# The parts are compiled when first asked for: a start-up needs none of them alone.
_FUNC = r"[0-9]{7}"
_FUNC_PREFIX = r"[0-9]{3}|[0-9]{5}|[0-9]{7}"
_ECON = r"[0-9]{5}|[0-9]{3}|-"
_PROJECT = r"[A-Za-z0-9_-]{1,40}"
_YEAR = r"(?:19|20)[0-9]{2}"
_FUNDS = {str(fund): fund for fund in Fund}
_FUND_OF_WORD = _FUNDS | {word: fund for fund, words in _FUND_WORDS.items() for word in words}
_SPENDINGS = {str(spending): spending for spending in Spending}
_LINE = re.compile(
    ":".join(
        f"({part})"
        for part in ("|".join(_FUNDS), _FUNC, "|".join(_SPENDINGS), _PROJECT, _ECON, _YEAR)
    )
)
_PARTS = ("fund", "func", "spending", "project", "econ", "origin")


class BudgetLine(str):
    """One line, made by `parse` or `make`; equal, hashed and sorted as its text."""

    fund: Fund
    func: str
    spending: Spending
    project: str
    econ: str
    origin: int
    __slots__ = _PARTS

    @staticmethod
    @lru_cache(maxsize=1 << 16)
    def parse(text: str) -> "BudgetLine":
        """The line of a text. Raises `Malformed` naming the part that is wrong."""
        found = _LINE.fullmatch(text)
        parts = _told(text) if found is None else found.groups()
        line = str.__new__(BudgetLine, text)
        fund, line.func, spending, line.project, line.econ, origin = parts
        line.fund, line.spending, line.origin = _FUNDS[fund], _SPENDINGS[spending], int(origin)
        if (line.spending is Spending.PROJECT) == (line.project == NO_PROJECT):
            expected = "项目支出须有项目代码，其他支出的项目写 -"
            raise Malformed(
                Unreadable.LINE_MALFORMED, field="project", value=text, expected=expected
            )
        return line

    @classmethod
    def make(
        cls, fund: str, func: str, spending: str, project: str, econ: str, origin: int
    ) -> "BudgetLine":
        """The line of six parts. Raises `Malformed`."""
        return cls.parse(f"{fund}:{func}:{spending}:{project}:{econ}:{origin}")

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - lines are few, immutable values that live on
    def at_econ(self, econ: str) -> "BudgetLine":
        """The same line with another economic code."""
        return self.make(self.fund, self.func, self.spending, self.project, econ, self.origin)

    @property
    def purpose(self) -> tuple[str, str, str, str, int]:
        """What the money is for: every part but the econ."""
        return (self.fund, self.func, self.spending, self.project, self.origin)


_LINE_RIGHT = (
    "资金:功能科目:支出性质:项目:经济科目:形成年度，如 general:2080105:project:P02:30299:2020"
)


def _told(text: str) -> tuple[str, ...]:
    """The parts of a line, looked at one by one. Raises `Malformed` about the first that is
    wrong."""
    parts = text.split(":")
    if len(parts) != len(_PARTS):
        raise Malformed(Unreadable.LINE_MALFORMED, field="line", value=text, expected=_LINE_RIGHT)
    fund, func, spending, project, econ, origin = parts
    if fund not in _FUNDS:  # its text is its identity: there is one word for each fund
        raise _no_fund(fund)
    return (
        fund,
        parse_func(func),
        parse_spending(spending),
        parse_project(project),
        parse_econ(econ),
        str(parse_year(origin, field="origin")),
    )


def draws_on(lines: Container[str], line: BudgetLine, econ: str) -> BudgetLine | None:
    """The line among `lines` that a payment of `econ` for the purpose of `line` draws on."""
    for candidate in _candidates(line, econ):
        if candidate in lines:
            return candidate
    return None


@lru_cache(maxsize=1 << 16)
def _candidates(line: BudgetLine, econ: str) -> tuple[BudgetLine, ...]:
    return tuple(line.at_econ(each) for each in econs_drawn_on(econ))


def econs_drawn_on(econ: str) -> tuple[str, str, str]:
    """The econ of the lines that a payment draws on, in order (contract §2): its own 款 (5 digits),
    else its 类 (3 digits), else `-`."""
    return (econ, econ_class(econ), NO_ECON)


def econ_class(econ: str) -> str:
    """The 类 of an economic code: `30299` → `302`; `-` stays `-`."""
    return econ[:3]


def is_econ_item(econ: str) -> bool:
    """Whether an economic code is a 款, on which alone money is paid."""
    return len(econ) == 5


def carried_until(line: BudgetLine) -> int | None:
    """R8: the last year through which what is left of project money is 结转, the second running;
    at its end it is 结余. None where there is no such term: R9, 基本支出 is always carried over."""
    return line.origin + 1 if line.spending is Spending.PROJECT else None


def func_levels(func: str) -> tuple[str, str, str]:
    """类, 款 and 项 of a 7-digit functional code: `2080105` → `208`, `20801`, `2080105`."""
    return func[:3], func[:5], func


def func_class(func: str) -> str:
    """The 类 of a functional code: `2080105` → `208`."""
    return func[:3]


def is_func_class(code: str) -> bool:
    """Whether a functional code is a 类."""
    return len(code) == 3


def is_func_item(code: str) -> bool:
    """Whether a functional code is a 项, on which alone there is money."""
    return len(code) == 7


def func_children(code: str, items: Iterable[str]) -> list[str]:
    """The codes one level below a 类 or 款 that some 项 have, in order; none below a 项."""
    if is_func_item(code):
        return []
    lower = len(code) + 2
    return sorted({item[:lower] for item in items if item.startswith(code)})


class LinePattern(NamedTuple):
    """Some parts of a line; None matches any. `func` may be a 类 or 款 (3 or 5 digits)."""

    fund: str | None = None
    func: str | None = None
    spending: str | None = None
    project: str | None = None
    econ: str | None = None
    origin: int | None = None

    def matches(self, line: BudgetLine) -> bool:
        """Whether every part that is given is the line's."""
        return (
            (self.fund is None or self.fund == line.fund)
            and (self.func is None or self.func in func_levels(line.func))
            and (self.spending is None or self.spending == line.spending)
            and (self.project is None or self.project == line.project)
            and (self.econ is None or self.econ in (line.econ, econ_class(line.econ)))
            and (self.origin is None or self.origin == line.origin)
        )

    def __str__(self) -> str:
        return ":".join("*" if part is None else str(part) for part in self)


ANY_LINE = LinePattern()


def parse_year(text: str, *, field: Literal["year", "origin"]) -> int:
    """A year of four digits, 1900 to 2099. Raises `Malformed`."""
    return int(checked(_YEAR, text, field=field, expected="四位年份，如 2020"))


def fund_word(text: str) -> str:
    """The word of a fund by any of its names, however wide and blank; else the text as it is."""
    if text in _FUND_OF_WORD:
        return _FUND_OF_WORD[text]
    return _FUND_OF_WORD.get(folded(text), text)


def parse_fund(text: str) -> Fund:
    """资金性质: one of four words, or a name of it. Raises `Malformed`."""
    found = _FUNDS.get(fund_word(text))
    if found is None:
        raise _no_fund(text)
    return found


def _no_fund(text: str) -> Malformed:
    expected = " | ".join(f"{fund}（{FUND_NAMES[fund]}）" for fund in Fund)
    return Malformed(Unreadable.LINE_FUND, field="fund", value=text, expected=expected)


def parse_spending(text: str) -> Spending:
    """支出性质: one of its words. Raises `Malformed`."""
    try:
        return Spending(text)
    except ValueError:
        expected = " | ".join(f"{kind}（{SPENDING_NAMES[kind]}）" for kind in Spending)
        raise Malformed(
            Unreadable.LINE_SPENDING, field="spending", value=text, expected=expected
        ) from None


def parse_func(text: str) -> str:
    """支出功能分类: the 7 digits of a 项."""
    return checked(_FUNC, text, field="func", expected="7 位数字的功能分类科目（项），如 2080105")


def parse_func_prefix(text: str) -> str:
    """支出功能分类 at any level, for queries: 3, 5 or 7 digits."""
    expected = "3、5 或 7 位数字的功能分类科目（类、款、项）"
    return checked(_FUNC_PREFIX, text, field="func", expected=expected)


def parse_econ(text: str) -> str:
    """部门支出经济分类: a 款 (5 digits), a 类 (3 digits) or `-`."""
    expected = "5 位（款）或 3 位（类）数字的部门经济分类科目，或 -"
    return checked(_ECON, text, field="econ", expected=expected)


def parse_project(text: str) -> str:
    """A project code, or `-` for none."""
    expected = "字母、数字、- 或 _ 组成的项目代码，1 至 40 个字符（基本支出写 -）"
    return checked(_PROJECT, text, field="project", expected=expected)


def parse_project_code(text: str) -> str:
    """The code of a project that is registered: not `-` alone. Raises `Malformed`."""
    if text == NO_PROJECT:
        expected = "字母、数字、- 或 _ 组成的项目代码，且不能只是 -"
        raise Malformed(Unreadable.LINE_PROJECT, field="project", value=text, expected=expected)
    return parse_project(text)


_Part = Literal["unit", "year", "func", "econ", "project", "origin"]
_UNREADABLE: dict[_Part, Unreadable] = {
    "unit": Unreadable.LINE_UNIT,
    "year": Unreadable.LINE_YEAR,
    "func": Unreadable.LINE_FUNC,
    "econ": Unreadable.LINE_ECON,
    "project": Unreadable.LINE_PROJECT,
    "origin": Unreadable.LINE_ORIGIN,
}


def checked(pattern: str, text: str, *, field: _Part, expected: str) -> str:
    """The text, if it is of the pattern. Raises `Malformed`."""
    if re.fullmatch(pattern, text) is None:
        raise Malformed(_UNREADABLE[field], field=field, value=text, expected=expected)
    return text
