"""事项: the facts of the report that move no money: `reception`, `trip`, `contract`, `asset`,
`headcount`, `prior`, `reason`, `text`, `key-work`, `goal`, `target`, `result`, `score-override`.

What is typed is what a row of a file says in the columns of the same names.
"""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Document, Text, complete, verb
from cli.terminal.recording import record
from ledger import parse
from ledger.canonical.asked import typed
from ledger.canonical.columns import RowCells
from ledger.canonical.particulars import joined
from ledger.errors import Malformed, Unreadable

_Amount = Annotated[Text, typer.Option("--amount", help="金额（元）。 Amount in yuan.")]
_Purpose = Annotated[
    Text, typer.Option("--purpose", help="接待（出访）事由，写进报告。 What for, as reported.")
]
_Persons = Annotated[Text, typer.Option("--persons", help="人次。 Persons.")]
_Payment = Annotated[
    list[str] | None,
    typer.Option(
        "--payment",
        help="为此支付的一笔（记录编号或 id），可重复。 Paid by.",
        autocompletion=complete("entry"),
    ),
]
_Count = Annotated[Text, typer.Option("--count", help="数量。 How many.")]
_Department = Annotated[
    bool, typer.Option("--department", help="说的是整个部门。 Of the whole department.")
]
_Project = Annotated[
    Text,
    typer.Option("--project", help="项目代码。 Project.", autocompletion=complete("project")),
]
_Whole = Annotated[bool, typer.Option("--whole", help="部门（单位）整体的绩效表。 Whole unit.")]
_No = Annotated[Text, typer.Option("--no", help="编号。 Its number.")]
_Actual = Annotated[Text, typer.Option("--actual", help="实际完成。 What was reached.")]
_Said = Annotated[Text, typer.Argument(metavar="TEXT", help="文字。 The text.")]
_SaidSo = Annotated[Text, typer.Option("--text", help="文字。 The same.")]


def _record(session: Session, document: Document, kind: str, **cells: str | None) -> None:
    """Records what was typed, by column; None and "" say nothing."""
    said = RowCells(kind=kind, **{name: text for name, text in cells.items() if text})
    record(session, document, typed(said))


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def _payments(payment: list[str] | None) -> str:
    """The payments that were named: on the command line digits are an entry."""
    return joined(parse.entry_ref(each, field="payment") for each in payment or ())


@verb("reception")
def reception(
    session: Session,
    document: Document,
    amount: _Amount = None,
    batches: Annotated[Text, typer.Option("--batches", help="批次。 Batches.")] = None,
    persons: _Persons = None,
    companions: Annotated[
        Text, typer.Option("--companions", help="其中陪同人次。 Of them our own.")
    ] = None,
    guests: Annotated[
        Text, typer.Option("--guests", help="domestic（国内接待，默认）|foreign（外事接待）。")
    ] = None,
    guest: Annotated[Text, typer.Option("--guest", help="来访单位。 Who came.")] = None,
    purpose: _Purpose = None,
    category: Annotated[
        Text, typer.Option("--category", help="类别，说明中按它分列，如 外省市交流。 Category.")
    ] = None,
    payment: _Payment = None,
) -> None:
    _record(
        session,
        document,
        "reception",
        amount=amount,
        batches=batches,
        persons=persons,
        companions=companions,
        guests=guests,
        guest=guest,
        purpose=purpose,
        category=category,
        payment=_payments(payment),
    )


@verb("trip")
def trip(
    session: Session,
    document: Document,
    amount: _Amount = None,
    groups: Annotated[Text, typer.Option("--groups", help="团组数。 Groups.")] = None,
    persons: _Persons = None,
    destination: Annotated[
        Text, typer.Option("--destination", help="前往国家（地区）。 Where to.")
    ] = None,
    purpose: _Purpose = None,
    payment: _Payment = None,
) -> None:
    _record(
        session,
        document,
        "trip",
        amount=amount,
        groups=groups,
        persons=persons,
        destination=destination,
        purpose=purpose,
        payment=_payments(payment),
    )


@verb("contract")
def contract(
    session: Session,
    document: Document,
    no: Annotated[Text, typer.Option("--no", help="合同编号，一本账一次。 Its number.")] = None,
    type_: Annotated[
        Text, typer.Option("--type", help="goods（货物）|works（工程）|services（服务）。")
    ] = None,
    amount: _Amount = None,
    supplier: Annotated[Text, typer.Option("--supplier", help="供应商。 Supplier.")] = None,
    size: Annotated[
        Text, typer.Option("--size", help="企业规模 large|medium|small|micro（大中小微）。")
    ] = None,
    reserved: Annotated[
        Text,
        typer.Option(
            "--reserved", help="预留份额 none（无，默认）|sme（中小企业）|micro（小微）。"
        ),
    ] = None,
    signed: Annotated[
        Text, typer.Option("--signed", help="以前年度签订的合同的签订日期。 If of an earlier year.")
    ] = None,
    due: Annotated[Text, typer.Option("--due", help="付款期限。 Last day of payment.")] = None,
) -> None:
    _record(
        session,
        document,
        "contract",
        no=no,
        type=type_,
        amount=amount,
        supplier=supplier,
        size=size,
        reserved=reserved,
        signed=signed,
        due=due,
    )


@verb("asset")
def asset(
    session: Session,
    document: Document,
    item: Annotated[Text, typer.Option("--item", help="资产项目，如 vehicles-kept。 Item.")] = None,
    count: _Count = None,
    amount: _Amount = None,
) -> None:
    _record(session, document, "asset", item=item, count=count, amount=amount)


@verb("headcount")
def headcount(
    session: Session,
    document: Document,
    item: Annotated[Text, typer.Option("--item", help="人员项目，如 admin（行政）。 Item.")] = None,
    count: _Count = None,
) -> None:
    _record(session, document, "headcount", item=item, count=count)


@verb("prior")
def prior(
    session: Session,
    document: Document,
    cell: Annotated[
        Text, typer.Option("--cell", help="上年报告中的数，如 N.s1.total。 Which figure.")
    ] = None,
    amount: _Amount = None,
    count: _Count = None,
) -> None:
    _record(session, document, "prior", cell=cell, amount=amount, count=count)


@verb("reason")
def reason(
    session: Session,
    document: Document,
    said: _Said = None,
    slot: Annotated[
        Text, typer.Option("--slot", help="位置（narrative --missing 列出）。 Where it stands.")
    ] = None,
    text_option: _SaidSo = None,
    department: _Department = False,
) -> None:
    text = text_option or said
    _record(session, document, "reason", slot=slot, text=text, department=_yes(department))


@verb("text")
def text(
    session: Session,
    document: Document,
    said: _Said = None,
    slot: Annotated[
        Text, typer.Option("--slot", help="位置（narrative --missing 列出）。 Where it stands.")
    ] = None,
    text_option: _SaidSo = None,
    file: Annotated[
        Text,
        typer.Option("--file", metavar="FILE.txt", help="文字文件，段落以空行分隔。 From a file."),
    ] = None,
    department: _Department = False,
) -> None:
    words = text_option or said
    if file is not None and words:
        expected = "空（文字已用 --file 给出）"
        raise Malformed(Unreadable.FIELD_NOT_USED, field="text", value=words, expected=expected)
    if file is not None:
        from cli.intake.encoding import read_text  # only where a file is named

        words = read_text(parse.path(file, field="file"))
    _record(session, document, "text", slot=slot, text=words, department=_yes(department))


@verb("key-work")
def key_work(
    session: Session,
    document: Document,
    no: _No = None,
    item: Annotated[Text, typer.Option("--item", help="工作事项。 What.")] = None,
    goal: Annotated[Text, typer.Option("--goal", help="工作内容及目标。 Goal.")] = None,
    done: Annotated[Text, typer.Option("--done", help="完成情况。 What was done.")] = None,
    department: _Department = False,
) -> None:
    _record(
        session,
        document,
        "key-work",
        no=no,
        item=item,
        goal=goal,
        done=done,
        department=_yes(department),
    )


@verb("goal")
def goal(
    session: Session,
    document: Document,
    project: _Project = None,
    whole: _Whole = False,
    expected: Annotated[Text, typer.Option("--expected", help="预期目标。 Expected.")] = None,
    actual: _Actual = None,
    department: _Department = False,
) -> None:
    _record(
        session,
        document,
        "goal",
        project=project,
        whole=_yes(whole),
        expected=expected,
        actual=actual,
        department=_yes(department),
    )


@verb("target")
def target(
    session: Session,
    document: Document,
    project: _Project = None,
    whole: _Whole = False,
    no: _No = None,
    level1: Annotated[Text, typer.Option("--level1", help="一级指标。 Level 1.")] = None,
    level2: Annotated[Text, typer.Option("--level2", help="二级指标。 Level 2.")] = None,
    level3: Annotated[Text, typer.Option("--level3", help="三级指标。 Level 3.")] = None,
    value: Annotated[
        Text, typer.Option("--value", help="指标值，如 ≥95%、1800件、97%≤执行率≤100%。 Value.")
    ] = None,
    weight: Annotated[Text, typer.Option("--weight", help="权重（分）。 Weight.")] = None,
    direction: Annotated[
        Text,
        typer.Option(
            "--direction",
            help="up（正向）|down（反向）|range（区间）|quality（定性），可不写。",
        ),
    ] = None,
    code: Annotated[
        Text, typer.Option("--code", help="指标代码：几张表中同一指标用同一代码。 Its code.")
    ] = None,
    constraint: Annotated[
        bool, typer.Option("--constraint", help="约束性指标：不设权重，只扣分。 Constraint.")
    ] = False,
    deduct: Annotated[
        Text, typer.Option("--deduct", help="约束性指标的扣分。 What it deducts.")
    ] = None,
    department: _Department = False,
) -> None:
    _record(
        session,
        document,
        "target",
        project=project,
        whole=_yes(whole),
        no=no,
        level1=level1,
        level2=level2,
        level3=level3,
        value=value,
        weight=weight,
        direction=direction,
        code=code,
        constraint=_yes(constraint),
        deduct=deduct,
        department=_yes(department),
    )


@verb("result")
def result(
    session: Session,
    document: Document,
    project: _Project = None,
    whole: _Whole = False,
    no: _No = None,
    actual: _Actual = None,
    grade: Annotated[
        Text,
        typer.Option("--grade", help="定性指标档次 met（达成）|partly（部分达成）|not（未达成）。"),
    ] = None,
    percent: Annotated[
        Text, typer.Option("--percent", help="得分比例：得权重的百分之几。 Percent of its weight.")
    ] = None,
    deviation: Annotated[Text, typer.Option("--deviation", help="偏差原因。 Why not.")] = None,
    department: _Department = False,
) -> None:
    _record(
        session,
        document,
        "result",
        project=project,
        whole=_yes(whole),
        no=no,
        actual=actual,
        grade=grade,
        percent=percent,
        deviation=deviation,
        department=_yes(department),
    )


@verb("score-override")
def score_override(
    session: Session,
    document: Document,
    project: _Project = None,
    whole: _Whole = False,
    no: Annotated[
        Text, typer.Option("--no", help="指标编号，或 execution（预算执行率）。 Which row.")
    ] = None,
    score: Annotated[Text, typer.Option("--score", help="得分。 The score.")] = None,
    department: _Department = False,
) -> None:
    _record(
        session,
        document,
        "score-override",
        project=project,
        whole=_yes(whole),
        no=no,
        score=score,
        department=_yes(department),
    )
