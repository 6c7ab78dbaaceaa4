"""Option groups, shared by commands, and the decorator that turns a function into a command.

A parameter whose type is an option group becomes that group's options; the command's function gets
the group's value. The global options are a group too, so they stand before or after the verb.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

import typer

from cli.session import Session
from cli.terminal import logs, usage
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.line import BudgetLine, LinePattern

if TYPE_CHECKING:
    from ledger.rules.occasion import Asked, OfPayment

Text = str | None


def _option(*names: str, help: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, show_default=False, **more)


def complete(what: str) -> Callable[..., list[Any]]:
    """Shell completion of `what` from the file that the command line names."""

    def completer(ctx: typer.Context, incomplete: str) -> list[Any]:
        from cli.terminal.completion import suggestions

        return suggestions(what, ctx, incomplete)

    return completer


DbOption = Annotated[Text, _option("--db", help="账文件，默认 yusuan.db。 The log file.")]
UnitOption = Annotated[
    Text, _option("--unit", help="单位编码。 Unit code.", autocompletion=complete("unit"))
]
YearOption = Annotated[
    Text, _option("--year", help="年度。 Fiscal year.", autocompletion=complete("year"))
]
ActorOption = Annotated[Text, _option("--actor", help="经办人，默认系统用户。 Who does it.")]
JsonOption = Annotated[bool, _option("--json", help="输出 JSON。 Print JSON.")]


class Globals(NamedTuple):
    """The options that every command has (contract §1)."""

    db: DbOption = None
    unit: UnitOption = None
    year: YearOption = None
    actor: ActorOption = None
    json: JsonOption = False


Authority = Annotated[
    Text, _option("--authority", help="审批层级 department|finance。 Who approved it.")
]
Again = Annotated[
    bool, _option("--again", help="确属再次支付，不是重复。 Paid once more, not a double.")
]
Amount = Annotated[str, _option("--amount", help="金额（元）。 Yuan: 1234.56, 12.3万.")]
Ref = Annotated[
    str,
    typer.Argument(
        help="原记录的编号或 id；数字是记录编号。 Entry or id.", autocompletion=complete("entry")
    ),
]
RefId = Annotated[
    Text, _option("--ref-id", help="原记录的 id，全是数字的 id 须用它。 An id of digits.")
]


def original(ref: str, ref_id: str | None) -> str:
    """The earlier entry that a command is about, by its number or id. Raises `Malformed`."""
    if ref_id is None:
        return parse.entry_ref(ref)
    if ref:
        expected = "空（已用 --ref-id 写明）"
        raise Malformed(Unreadable.FIELD_NOT_USED, field="ref", value=ref, expected=expected)
    return parse.key(ref_id, field="ref-id")


Pending = Annotated[
    bool, _option("--pending", help="先列待下达，由 release 下达。 Not spendable yet.")
]


Force = Annotated[bool, _option("--force", help="覆盖已有的文件。 Replace a file that is there.")]
"""Of every command that writes a file of the user's choice; cli/documents/saved.py heeds it."""


VsLastYear = Annotated[
    bool,
    _option("--vs-last-year", help="与上年同期并列：上年数、增减额、增减率。 Beside last year."),
]


MonthOption = Annotated[
    Text, _option("--month", help="月份，如 3 或 2020-03，默认为 --date 所在的月。 Month.")
]


class LineParts(NamedTuple):
    """A budget line by its text or its parts."""

    line: Annotated[
        Text,
        _option(
            "--line",
            help="预算线全文 FUND:FUNC:SPENDING:PROJECT:ECON:ORIGIN。",
            autocompletion=complete("line"),
        ),
    ] = None
    fund: Annotated[
        Text, _option("--fund", help="资金性质 general|govfund|statecapital|nonfiscal。")
    ] = None
    func: Annotated[
        Text,
        _option("--func", help="支出功能分类科目。 7 digits.", autocompletion=complete("func")),
    ] = None
    spending: Annotated[
        Text,
        _option(
            "--spending",
            help="支出性质 basic|project，单位资金还有 remit-superior|business|affiliate-subsidy。",
        ),
    ] = None
    project: Annotated[
        Text, _option("--project", help="项目代码。", autocompletion=complete("project"))
    ] = None
    econ: Annotated[
        Text,
        _option("--econ", help="部门支出经济分类科目。", autocompletion=complete("econ")),
    ] = None
    origin: Annotated[Text, _option("--origin", help="资金形成年度。 Year first approved.")] = None

    def parts(self) -> parse.Parts:
        """The parts as typed, without the full text."""
        return {name: getattr(self, name) for name in self._fields if name != "line"}

    def _whole(self, *, beside: tuple[str, ...] = ()) -> BudgetLine | None:
        if self.line is None:
            return None
        extra = [name for name, typed in self.parts().items() if typed and name not in beside]
        if extra:
            expected = f"空（已用 --line 写明预算线，不能再写 --{extra[0]}）"
            raise Malformed(
                Unreadable.LINE_TWICE,
                field=extra[0],
                value=str(getattr(self, extra[0])),
                expected=expected,
            )
        return BudgetLine.parse(self.line.strip())

    def new(self, year: int) -> BudgetLine:
        """The line that a command creates."""
        return self._whole() or parse.new_line(self.parts(), year=year)

    def existing(self, *, beside: tuple[str, ...] = ()) -> BudgetLine | LinePattern:
        """The line that a command uses; parts that single it out are enough."""
        return self._whole(beside=beside) or parse.line_pattern(self.parts())

    def pattern(self) -> LinePattern:
        """The lines that a question is about."""
        meant = self.existing()
        if isinstance(meant, LinePattern):
            return meant
        return LinePattern(*(getattr(meant, part) for part in LinePattern._fields))

    def given(self) -> bool:
        """Whether anything of a line was typed."""
        return self.line is not None or any(self.parts().values())


class Document(NamedTuple):
    """What every writing command takes."""

    date: Annotated[Text, _option("--date", help="业务日期 YYYY-MM-DD，默认今天。")] = None
    doc: Annotated[Text, _option("--doc", help="文号或凭证号。 Document number.")] = None
    reason: Annotated[Text, _option("--reason", help="事由。 Why.")] = None
    key: Annotated[Text, _option("--key", help="幂等编号，重复提交不重复记录。")] = None
    dry_run: Annotated[bool, _option("--dry-run", help="只检查，不记录。 Decide only.")] = False

    def given(self) -> "Asked":
        """What every request says beside its content."""
        return {
            "occurred_on": None if self.date is None else parse.day(self.date),
            "doc": parse.document(self.doc or ""),
            "reason": parse.text(self.reason or "", field="reason", limit=500),
        }

    def month(self, typed: str | None, *, year: int) -> int:
        """The month that was typed, else the one of the date. Raises `Malformed`."""
        if typed is not None:
            return parse.month(typed, year=year)
        if self.date is None:
            expected = "月份，如 3；或用 --date 写明其中一天"
            raise Malformed(Unreadable.FIELD_REQUIRED, field="month", value="", expected=expected)
        return parse.day(self.date).month

    def checked_key(self) -> str | None:
        """The key as typed, readable and not empty."""
        return None if self.key is None else parse.key(self.key, field="key")


Counterpart = Annotated[
    Text,
    _option("--counterpart", help="对方单位（本部门单位的编码，- 为无），汇总时抵销。 Other unit."),
]


ContractNo = Annotated[
    Text, _option("--contract", help="采购合同号（yusuan contract 所记的）。 Contract number.")
]


class OfPaymentOptions(NamedTuple):
    """支付方式, 政府采购, 直达资金, 对方单位, 合同号 and 采购类型 of a payment; None: nothing was
    said."""

    pay_type: Annotated[
        Text,
        _option("--pay-type", help="支付方式 direct（直接）|authorized（授权）|transfer（实拨）。"),
    ] = None
    procurement: Annotated[
        bool | None, _option("--procurement/--no-procurement", help="政府采购。 Procurement.")
    ] = None
    direct_funds: Annotated[
        bool | None, _option("--direct-funds/--no-direct-funds", help="直达资金。 Direct funds.")
    ] = None

    counterpart: Counterpart = None
    contract: ContractNo = None
    procurement_type: Annotated[
        Text,
        _option(
            "--procurement-type",
            help="政府采购类型 goods（货物）|works（工程）|services（服务），没有合同时写。",
        ),
    ] = None

    def said(self) -> "OfPayment":
        """What was said. Raises `Malformed`."""
        said: OfPayment = {}
        if self.procurement is False:
            bought = self.procurement_type or ""
            parse.nothing_bought(contract=self.contract or "", procurement_type=bought)
        if self.pay_type is not None:
            said["pay_type"] = parse.pay_type(self.pay_type, field="pay-type")
        if self.procurement is not None:
            said["procurement"] = self.procurement
        if self.direct_funds is not None:
            said["direct_funds"] = self.direct_funds
        if self.counterpart is not None:
            said["counterpart"] = parse.counterpart(self.counterpart)
        if self.contract is not None:
            said["contract"] = parse.contract(self.contract)
        if self.procurement_type is not None:
            said["procurement_type"] = parse.procurement_type(
                self.procurement_type, field="procurement-type"
            )
        return said

    def given(self) -> "OfPayment":
        """What a new payment has of its own: a flag that is off is no content, so that a payment
        without any says what it said before there were any."""
        said = self.said()
        if not said.get("procurement"):
            said.pop("procurement", None)
        if not said.get("direct_funds"):
            said.pop("direct_funds", None)
        return said


class CutOptions(NamedTuple):
    """What every query takes."""

    as_of: Annotated[Text, _option("--as-of", help="截至业务日期（含当日）。")] = None
    known_at: Annotated[Text, _option("--known-at", help="截至记录时间。 As recorded then.")] = None

    def cut(self) -> Any:
        """The cut of the reading."""
        from projections.views.reading import Cut

        return Cut(
            None if self.as_of is None else parse.day(self.as_of, field="as-of"),
            None if self.known_at is None else parse.moment(self.known_at),
        )


class RollUp(NamedTuple):
    """汇总: the queries that answer for a department as for a book."""

    units: Annotated[
        Text,
        _option(
            "--units", help="汇总这些单位（逗号分隔，或 all），须有 --year。 Add up these units."
        ),
    ] = None
    department: Annotated[Text, _option("--department", help="汇总时的部门名称。 Its name.")] = None


ShownIn = Annotated[
    Text,
    typer.Option(
        "--edition",
        metavar="NAME|DIR",
        help="按这一表样版本（名称，或自备版本的文件夹），默认按账套的。 Forms.",
        autocompletion=complete("edition"),
    ),
]
ByUnit = Annotated[
    bool,
    _option("--by-unit", help="汇总时各单位分列（与 --units 同用）。 One row per unit."),
]
_GROUPS: tuple[type, ...] = (LineParts, Document, OfPaymentOptions, CutOptions, RollUp)


APPS: dict[str, typer.Typer] = {}
"""The commands whose modules were imported, by name."""

Function = Callable[..., None]


def verb(name: str, *, of_a_log: bool = True) -> Callable[[Function], Function]:
    """Makes `function(session, …)` the command `name`; its help stands in cli.commands. One that is
    not `of_a_log` does not mind where the log that the views remember is gone."""

    def register(function: Function) -> Function:
        app = APPS[name] = typer.Typer(add_completion=False, rich_markup_mode=None)
        run = _of_a_log(function) if of_a_log else function
        app.command(name=name, cls=usage.VerbCommand)(_expanded(run))
        return function

    return register


def _of_a_log(function: Function) -> Function:

    @wraps(function)
    def run(session: Session, **given: Any) -> None:
        with logs.of_a_log(session.db):
            function(session=session, **given)

    return run


def _expanded(function: Callable[..., None]) -> Callable[..., None]:
    hints = get_type_hints(function, include_extras=True)
    groups: dict[str, type] = {}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if hint is Session:
            groups[name] = Globals
        elif hint in _GROUPS:
            groups[name] = hint
        else:
            parameters.append(parameter.replace(annotation=hint))
    for group in sorted(groups.values(), key=lambda g: g is Globals):
        defaults = group._field_defaults  # type: ignore[attr-defined]
        for field, hint in get_type_hints(group, include_extras=True).items():
            if field in group._fields:  # type: ignore[attr-defined]
                parameters.append(
                    inspect.Parameter(
                        field,
                        inspect.Parameter.KEYWORD_ONLY,
                        default=defaults[field],
                        annotation=hint,
                    )
                )

    def command(ctx: typer.Context, **typed: Any) -> None:
        values: dict[str, Any] = {}
        for name, group in groups.items():
            fields = {field: typed.pop(field) for field in group._fields}  # type: ignore[attr-defined]
            if group is Globals:
                before, kept = ctx.obj
                fields = {
                    k: v if v not in (None, False) else before.get(k) for k, v in fields.items()
                }
                values[name] = Session.of(fields, kept)
            else:
                values[name] = group(**fields)
        function(**typed, **values)

    ctx = inspect.Parameter(
        "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    command.__signature__ = inspect.Signature([ctx, *keyword])  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in [ctx, *keyword]}
    command.__doc__ = function.__doc__
    return command
