"""事项 as rows: what a row of a file, or what was typed of a command by the same names, says of a
fact that moves no money. Raises `Malformed` naming the column.
"""

import re
from collections.abc import Iterable
from datetime import date

from ledger import parse
from ledger.canonical.columns import RowCells
from ledger.decisions.particulars import (
    CountAsset,
    CountHeads,
    Goal,
    KeyWork,
    OverrideScore,
    Prior,
    Reason,
    Reception,
    Result,
    SignContract,
    Target,
    Trip,
    WriteText,
)
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.evaluation.points import parse_points, points
from ledger.events.fields import CATEGORY, LONG_TEXT_MAX, PLACE, TARGET, TEXT_MAX
from ledger.events.particulars import (
    EXECUTION,
    AssetCounted,
    ContractSigned,
    GoalSet,
    HeadcountCounted,
    KeyWorkListed,
    OfDepartment,
    Particular,
    PriorStated,
    ReasonGiven,
    ReceptionHeld,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
    TripMade,
)
from ledger.kinds import (
    DIRECTION_NAMES,
    GRADE_NAMES,
    GUESTS_NAMES,
    PROCUREMENT_NAMES,
    RESERVED_NAMES,
    SIZE_NAMES,
    Reserved,
)
from ledger.money import parse_yuan, plain_yuan

_BETWEEN_REFS = re.compile(r"(?<!\\)[;；]")
_SEMICOLON = re.compile(r"\\([;；])")
_ANY_SEMICOLON = re.compile("[;；]")
_SIZE_WORDS = {short: word for word, name in SIZE_NAMES.items() for short in (name[:1], name[:2])}
_RESERVED_WORDS: dict[str, Reserved] = {
    "无": "none",
    "否": "none",
    "中小企业": "sme",
    "小微企业": "micro",
}
"""What people write in their lists for the official words."""


def _said(text: str, field: str, limit: int = TEXT_MAX) -> str:
    return parse.text(text, field=field, limit=limit)


def _required(text: str, field: str, limit: int = TEXT_MAX) -> str:
    return parse.required(text, field=field, limit=limit)


def _place(text: str, field: str) -> str:
    """A cell, a slot or an item: one word."""
    named = parse.required(text, field=field, limit=80)
    if not re.fullmatch(PLACE, named):
        expected = "字母、数字、汉字、括号和 . _ - @，1 至 80 个字符"
        raise Malformed(Unreadable.SLOT_UNKNOWN, field=field, value=text, expected=expected)
    return named


def _count(text: str, field: str) -> int:
    return parse.count(parse.required(text, field=field), field=field)


def reception(cells: RowCells, _: int) -> Reception:
    """公务接待."""
    given: Reception = {
        "amount_fen": parse_yuan(cells.amount),
        "batches": _count(cells.batches, "batches"),
        "persons": _count(cells.persons, "persons"),
    }
    if cells.companions:
        given["companions"] = _count(cells.companions, "companions")
    if cells.guests:
        given["guests"] = parse.word(cells.guests, GUESTS_NAMES, field="guests")
    if cells.guest:
        given["guest"] = _said(cells.guest, "guest")
    if cells.purpose:
        given["purpose"] = _said(cells.purpose, "purpose")
    if cells.category:
        given["category"] = _category(cells.category)
    if cells.payment:
        given["payments"] = _refs(cells.payment)
    return given


def _category(text: str) -> str:
    if not re.fullmatch(CATEGORY, text.strip()):
        expected = "字母、数字、汉字、括号、- 和 _，1 至 40 个字符"
        raise Malformed(
            Unreadable.CATEGORY_MALFORMED, field="category", value=text, expected=expected
        )
    return text.strip()


def _refs(text: str) -> tuple[str, ...]:
    """Ids or `#n`, parted by semicolons; one that has a semicolon writes it as `\\;`."""
    refs = (_SEMICOLON.sub(r"\1", each.strip()) for each in _BETWEEN_REFS.split(text))
    return tuple(parse.id_or_entry(each, field="payment") for each in refs if each)


def joined(refs: Iterable[str]) -> str:
    """What `_refs` takes apart."""
    return ";".join(_ANY_SEMICOLON.sub(r"\\\g<0>", each) for each in refs)


def trip(cells: RowCells, _: int) -> Trip:
    """因公出国（境）."""
    given: Trip = {
        "amount_fen": parse_yuan(cells.amount),
        "groups": _count(cells.groups, "groups"),
        "persons": _count(cells.persons, "persons"),
    }
    if cells.destination:
        given["destination"] = _said(cells.destination, "destination")
    if cells.purpose:
        given["purpose"] = _said(cells.purpose, "purpose")
    if cells.payment:
        given["payments"] = _refs(cells.payment)
    return given


def contract(cells: RowCells, year: int) -> SignContract:
    """政府采购合同. That it was signed in the year itself says its day, as lists have it."""
    given: SignContract = {
        "no": parse.number(cells.no),
        "procurement_type": parse.word(cells.type, PROCUREMENT_NAMES, field="type"),
        "amount_fen": parse_yuan(cells.amount),
        "supplier": parse.required(cells.supplier, field="supplier"),
        "size": parse.word(
            _SIZE_WORDS.get(cells.size.strip(), cells.size), SIZE_NAMES, field="size"
        ),
    }
    if cells.reserved:
        reserved = _RESERVED_WORDS.get(cells.reserved.strip(), cells.reserved)
        given["reserved"] = parse.word(reserved, RESERVED_NAMES, field="reserved")
    if cells.signed:
        signed = parse.day(cells.signed, field="signed")
        if signed.year == year and cells.date in ("", cells.signed):
            given["occurred_on"] = signed
        else:
            given["signed"] = signed
    if cells.due:
        given["due"] = parse.day(cells.due, field="due")
    return given


def asset(cells: RowCells, _: int) -> CountAsset:
    """资产年末数."""
    given: CountAsset = {"item": _place(cells.item, "item"), "count": _count(cells.count, "count")}
    if cells.amount:
        given["amount_fen"] = parse.yuan_or_nothing(cells.amount, field="amount")
    return given


def headcount(cells: RowCells, _: int) -> CountHeads:
    """人员."""
    return {"item": _place(cells.item, "item"), "count": _count(cells.count, "count")}


def prior(cells: RowCells, _: int) -> Prior:
    """上年数: an amount or a count, either of them 0 or more. Raises `Malformed`."""
    given: Prior = {"cell": _place(cells.cell, "cell")}
    if bool(cells.amount) == bool(cells.count):
        expected = "amount（金额，元）或 count（数量）之一"
        raise Malformed(
            Unreadable.PRIOR_VALUE, field="amount", value=cells.amount, expected=expected
        )
    if cells.amount:
        given["amount_fen"] = parse.yuan_or_nothing(cells.amount, field="amount")
    else:
        given["count"] = _count(cells.count, "count")
    return given


def reason(cells: RowCells, _: int) -> Reason:
    """原因说明."""
    given: Reason = {"slot": _place(cells.slot, "slot"), "text": _required(cells.text, "text")}
    if cells.department:
        given["department"] = parse.yes(cells.department, field="department")
    return given


def text(cells: RowCells, _: int) -> WriteText:
    """概况文字: paragraphs are parted by a blank line."""
    given: WriteText = {"slot": _place(cells.slot, "slot"), "text": long_text(cells.text)}
    if cells.department:
        given["department"] = parse.yes(cells.department, field="department")
    return given


def long_text(typed: str) -> str:
    """A text of several paragraphs: each readable by itself, its lines without blanks at their
    ends, one blank line between paragraphs. Raises `Malformed`."""
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", typed.strip())]
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    for line in lines:
        parse.text(line, field="text", limit=LONG_TEXT_MAX)
    if not said or len(said) > LONG_TEXT_MAX:
        unreadable = Unreadable.TEXT_TOO_LONG if said else Unreadable.FIELD_REQUIRED
        expected = f"1 至 {LONG_TEXT_MAX:,} 个字符的文字"
        raise Malformed(unreadable, field="text", value=said[:40], expected=expected)
    return said


def key_work(cells: RowCells, _: int) -> KeyWork:
    """重点工作."""
    given: KeyWork = {
        "no": parse.number(cells.no),
        "item": parse.required(cells.item, field="item"),
    }
    if cells.goal:
        given["goal"] = _said(cells.goal, "goal")
    if cells.done:
        given["done"] = _said(cells.done, "done")
    if cells.department:
        given["department"] = parse.yes(cells.department, field="department")
    return given


def _form(cells: RowCells) -> tuple[str, bool]:
    """The form that a row is of, of a project or (empty) of the whole unit, and never of both; and
    whether it is the department's."""
    whole = bool(cells.whole) and parse.yes(cells.whole, field="whole")
    if whole == bool(cells.project):
        expected = "项目代码，或整体（--whole，栏目 whole 为 是）之一"
        raise Malformed(
            Unreadable.FORM_AMBIGUOUS, field="project", value=cells.project, expected=expected
        )
    department = bool(cells.department) and parse.yes(cells.department, field="department")
    return "" if whole else parse.project_code(cells.project), department


def goal(cells: RowCells, _: int) -> Goal:
    """绩效总体目标."""
    project, department = _form(cells)
    given: Goal = {"project": project, "expected": _required(cells.expected, "expected")}
    if department:
        given["department"] = True
    if cells.actual:
        given["actual"] = _said(cells.actual, "actual")
    return given


def _no(text: str) -> str:
    """The number of a target, which begins with a digit."""
    named = parse.number(text)
    if not re.fullmatch(TARGET, named):
        expected = "以数字开头的编号，如 1 或 3-2"
        raise Malformed(Unreadable.NO_MALFORMED, field="no", value=text, expected=expected)
    return named


def target(cells: RowCells, _: int) -> Target:
    """绩效指标."""
    project, department = _form(cells)
    given: Target = {
        "project": project,
        "no": _no(cells.no),
        "level1": parse.required(cells.level1, field="level1"),
        "level3": parse.required(cells.level3, field="level3"),
    }
    if department:
        given["department"] = True
    if cells.level2:
        given["level2"] = _said(cells.level2, "level2")
    if cells.value:
        given["value"] = _said(cells.value, "value")
    if cells.weight:
        given["weight_hundredths"] = parse_points(cells.weight, field="weight")
    if cells.direction:
        given["direction"] = parse.word(cells.direction, DIRECTION_NAMES, field="direction")
    if cells.code:
        given["code"] = parse.text(cells.code, field="code", limit=40)
    if cells.constraint:
        given["constraint"] = parse.yes(cells.constraint, field="constraint")
    if cells.deduct:
        given["deduct_hundredths"] = parse_points(cells.deduct, field="deduct")
    return given


def result(cells: RowCells, _: int) -> Result:
    """绩效结果."""
    project, department = _form(cells)
    given: Result = {
        "project": project,
        "no": _no(cells.no),
        "actual": _required(cells.actual, "actual"),
    }
    if department:
        given["department"] = True
    if cells.grade:
        given["grade"] = parse.word(cells.grade, GRADE_NAMES, field="grade")
    if cells.percent:
        given["percent"] = _percent(cells.percent)
    if cells.deviation:
        given["deviation"] = _said(cells.deviation, "deviation")
    return given


def _percent(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,3})[%％]?", text.strip())
    if found is None or int(found[1]) > 100:
        raise Malformed(
            Unreadable.PERCENT_MALFORMED, field="percent", value=text, expected="0 至 100 的整数"
        )
    return int(found[1])


def score_override(cells: RowCells, _: int) -> OverrideScore:
    """得分调整."""
    no = EXECUTION if cells.no.strip() in (EXECUTION, "执行率") else _no(cells.no)
    project, department = _form(cells)
    score = parse_points(cells.score, field="score")
    given: OverrideScore = {"project": project, "no": no, "score_hundredths": score}
    if department:
        given["department"] = True
    return given


def told(event: Particular) -> dict[str, str]:
    """What a row says of a fact, by column, but for its payments, which only the book can name.
    Raises `Corrupt`."""
    match event:
        case ReceptionHeld():
            return {
                "amount": plain_yuan(event.amount_fen),
                "batches": str(event.batches),
                "persons": str(event.persons),
                "companions": str(event.companions or ""),
                "guests": "" if event.guests == "domestic" else event.guests,
                "guest": event.guest,
                "purpose": event.purpose,
                "category": event.category,
            }
        case TripMade():
            return {
                "amount": plain_yuan(event.amount_fen),
                "groups": str(event.groups),
                "persons": str(event.persons),
                "destination": event.destination,
                "purpose": event.purpose,
            }
        case ContractSigned():
            return {
                "no": event.no,
                "type": event.procurement_type,
                "amount": plain_yuan(event.amount_fen),
                "supplier": event.supplier,
                "size": event.size,
                "reserved": "" if event.reserved == "none" else event.reserved,
                "signed": _day(event.signed),
                "due": _day(event.due),
            }
        case AssetCounted(item=item, count=count, amount_fen=fen):
            return {"item": item, "count": str(count), "amount": plain_yuan(fen) if fen else ""}
        case HeadcountCounted(item=item, count=count):
            return {"item": item, "count": str(count)}
        case PriorStated(cell=cell, amount_fen=None, count=count):
            return {"cell": cell, "count": str(count)}
        case PriorStated(cell=cell, amount_fen=int(fen)):
            return {"cell": cell, "amount": plain_yuan(fen)}
        case ReasonGiven(slot=slot, text=said) | TextWritten(slot=slot, text=said):
            return {"slot": slot, "text": said, **_of_department(event)}
        case KeyWorkListed():
            return {
                "no": event.no,
                "item": event.item,
                "goal": event.goal,
                "done": event.done,
                **_of_department(event),
            }
        case GoalSet(project=project, expected=expected, actual=actual):
            return {**_of_form(event, project), "expected": expected, "actual": actual}
        case TargetSet(project=project):
            return {
                **_of_form(event, project),
                "no": event.no,
                "level1": event.level1,
                "level2": event.level2,
                "level3": event.level3,
                "value": event.value,
                "weight": points(event.weight_hundredths) if event.weight_hundredths else "",
                "direction": event.direction or "",
                "code": event.code,
                "constraint": _YES if event.constraint else "",
                "deduct": points(event.deduct_hundredths) if event.deduct_hundredths else "",
            }
        case ResultReported(project=project):
            return {
                **_of_form(event, project),
                "no": event.no,
                "actual": event.actual,
                "grade": event.grade or "",
                "percent": "" if event.percent is None else str(event.percent),
                "deviation": event.deviation,
            }
        case ScoreOverridden(project=project, no=no, score_hundredths=score):
            return {**_of_form(event, project), "no": no, "score": points(score)}
        case _:
            raise Corrupt(Damage.BOOK_CORRUPT, f"事项 {type(event).__name__} 没有对应的导入行")


_YES = "yes"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _of_department(event: OfDepartment) -> dict[str, str]:
    return {"department": _YES} if event.department else {}


def _of_form(event: OfDepartment, project: str) -> dict[str, str]:
    return {"project": project, "whole": "" if project else _YES, **_of_department(event)}
