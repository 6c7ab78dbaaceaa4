"""What a row of a self-evaluation earns, worked out with a pencil (rules as the field has them).

It imports nothing of the product and shares no idea with it. Points are hundredths.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from tests.model import facts
from tests.model.figures import FISCAL, Figures, parts_of

_MANY = {"万": 10_000}
_DIGITS = r"([0-9]+(?:\.[0-9]+)?)"


class Said(NamedTuple):
    """A number, or two of a range, in base units; what is counted; how it is compared."""

    low: Fraction
    high: Fraction
    unit: str
    how: str
    many: int = 1
    """How many a number of its unit is: 10000 of 万元."""


def read(text: str) -> Said | None:
    """What a text says in numbers: `≥95%`, `30天以内`, `5000—10000元/人`; None for words."""
    ranged = re.fullmatch(rf"{_DIGITS}(%?)(?:—|≤[^0-9]+≤){_DIGITS}(\D*)", text)
    if ranged:
        return Said(Fraction(ranged[1]), Fraction(ranged[3]), ranged[4], "range")
    found = re.fullmatch(rf"([≥≤]?){_DIGITS}(万?)([^0-9]*?)(以上|以内|左右)?", text)
    if found is None:
        return None
    before, digits, many, unit, behind = found.groups()
    number = Fraction(digits) * _MANY.get(many, 1)
    how = {"≤": "most", "以内": "most"}.get(before or behind or "", "least")
    return Said(number, number, unit, how, _MANY.get(many, 1) if unit else 1)


def comparable(target: dict[str, Any], actual: str) -> bool:
    """Whether what was reached is counted as what was aimed at, as far as both are numbers."""
    aimed, reached = read(target["value"]), read(actual)
    if target["direction"] == "quality" or aimed is None or reached is None:
        return True
    return "" in (aimed.unit, reached.unit) or aimed.unit == reached.unit


def ratio(
    target: dict[str, Any], result: dict[str, Any] | None, rate: Fraction | None
) -> Fraction | None:
    """How much of its weight a row earns; None where nothing can say it."""
    if not target["value"].strip() or result is None:
        return None
    aimed, judged = read(target["value"]), target["direction"]
    reached = read(result["actual"])
    if result["actual"] == "@execution":
        if rate is None:
            return None
        reached = Said(rate * 100, rate * 100, "%", "")
    if judged == "quality" or aimed is None or reached is None:
        return _graded(result)
    if "" not in (aimed.unit, reached.unit) and aimed.unit != reached.unit:
        return None
    judged = {"up": "least", "down": "most", None: aimed.how}[judged]
    if not reached.unit:  # then it is counted as the target is
        reached = reached._replace(low=reached.low * aimed.many, high=reached.high * aimed.many)
    if reached.low != reached.high:
        inside = aimed.how == "range" and aimed.low <= reached.low and reached.high <= aimed.high
        return Fraction(1) if inside else _graded(result)
    much = reached.low
    if judged == "most" or (judged == "range" and much > aimed.high):
        return Fraction(1) if not much else min(aimed.high / much, Fraction(1))
    return Fraction(1) if not aimed.low else min(much / aimed.low, Fraction(1))


def _graded(result: dict[str, Any]) -> Fraction | None:
    grade, percent = result["grade"], result["percent"]
    if grade == "met" and percent is None:
        percent = 100
    return None if grade is None or percent is None else Fraction(percent, 100)


def earned(weight: int, part: Fraction | None) -> int | None:
    """Of a weight in hundredths, half up."""
    return None if part is None else int(weight * part + Fraction(1, 2))


def money(book: Figures, project: str, **cut: Any) -> dict[str, dict[str, int]]:
    """年初预算, 全年预算 and 执行数 of a form, by this year's fiscal money, carried over, other."""
    found = {
        of: dict.fromkeys(("initial", "annual_budget", "executed"), 0)
        for of in ("total", "current", "carryover", "other")
    }
    signs = {"initial": ("initial", 1), "approved": ("annual_budget", 1),
             "taken": ("annual_budget", -1), "paid": ("executed", 1)}  # fmt: skip
    for (what, line, _), fen in book.sums(**cut).items():
        if what not in signs or (project and parts_of(line)["project"] != project):
            continue
        parts = parts_of(line)
        of = "current" if parts["origin"] == book.year else "carryover"
        of = of if parts["fund"] in FISCAL else "other"
        column, sign = signs[what]
        for each in ("total", of):
            found[each][column] += sign * fen
    return found


def kept(book: Any, kind: str, **cut: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What counts of each place of the forms: of one unit what it says of itself, of a department
    what is said for all of it, else what the one unit says whose row it is. The execution rate of a
    department, and a row of which something is said for all of it, are judged by nobody else."""
    alone, found = len(book.members()) == 1, dict[tuple[Any, ...], dict[str, Any]]()
    last = facts.last(book, kind, **cut)
    of_all = {
        place[:-1]
        for each in ("target", "result")
        for place in facts.last(book, each, **cut)
        if place[-1]
    }
    for place, entry in sorted(last.items(), key=lambda each: bool(each[0][-1])):
        whose = place[1] == "execution" or place[:-1] in of_all
        of_one = kind == "score-override" and whose and not place[-1]
        if place[-1] if alone else of_one:
            continue
        found[place[:-1]] = entry["request"]
    return found


def forms(book: Any, **cut: Any) -> dict[str, dict[str, int | None]]:
    """Every form of which anything was said of the unit itself: each score by the rules and as a
    person gave it, and the totals, by the ends of their ids."""
    kinds, alone = ("goal", "target", "result", "score-override"), len(book.members()) == 1
    last = {kind: kept(book, kind, **cut) for kind in kinds}
    quoted = {
        place
        for kind in ("reason", "text")
        for entry in facts.last(book, kind, **cut).values()
        for place in _quoted(entry["request"]["slot"], entry["request"]["text"])
    }
    judged = {*last["target"], *last["score-override"]}
    last["result"] = {
        place: said
        for place, said in last["result"].items()
        if place in judged or place not in quoted  # else it was reported for a sentence
    }
    scopes = {place[0] for places in last.values() for place in places}
    if not alone:  # also of what one unit says of its execution rate, though that does not count
        scopes |= {place[0] for place in facts.last(book, "score-override", **cut)}
    return {scope: _form(book, scope, last, **cut) for scope in sorted(scopes)}


def _quoted(slot: str, text: str) -> Iterator[tuple[str, str]]:
    """The results, by project and number, that braces in a text may mean."""
    for piece in text.split("{")[1:]:
        inside, closed, _ = piece.partition("}")
        if closed and "." in inside:
            project, _, no = inside.rpartition(".")
            yield project, no
        elif closed and inside and slot.startswith("N.s5c.") and slot.endswith(".results"):
            yield slot[len("N.s5c.") : -len(".results")], inside


def _form(book: Any, scope: str, last: Any, **cut: Any) -> dict[str, int | None]:
    def own(kind: str) -> dict[str, Any]:
        return {place[1]: said for place, said in last[kind].items() if place[0] == scope}

    targets, results, given = own("target"), own("result"), own("score-override")
    total = money(book, scope, **cut)["total"]
    rate = Fraction(total["executed"], total["annual_budget"]) if total["annual_budget"] else None
    execution = None if rate is None else min(max(rate, Fraction(0)), Fraction(1))
    rule = {"execution": earned(2_000 if scope == "" else 1_000, execution)}
    binding = {no for no, target in targets.items() if target["constraint"]}
    for no in {*targets, *results} - binding:
        if no not in results and not targets[no]["value"].strip():
            continue  # nothing was aimed at, and nothing reached
        target = targets.get(no)
        part = None if target is None else ratio(target, results.get(no), rate)
        rule[no] = earned(target["weight"] if target else 0, part)
    score = {no: given[no]["score"] if no in given else fen for no, fen in rule.items()}
    deducted = sum(targets[no]["deduct"] for no in binding)
    serious = any(no in results and results[no]["grade"] == "not" for no in binding)

    def whole(rows: dict[str, int | None]) -> int:
        points: int = max(sum(fen or 0 for fen in rows.values()) - deducted, 0)
        return min(points, 7_000) if serious else points

    found: dict[str, int | None] = {"rule_total": whole(rule), "total": whole(score)}
    found |= {f"{no}.rule_score": fen for no, fen in rule.items()}
    return {**found, **{f"{no}.score": fen for no, fen in score.items()}}
