"""A clerk who tells facts of the report, and often wrongly: receptions, contracts, targets."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from scripts.proofs.simulate.words import NUMBERS, YEAR, Plain
from tests.model import facts
from tests.model.figures import Entry, meaning

if TYPE_CHECKING:
    from scripts.proofs.simulate.clerk import Clerk
    from tests.model.rules import Book

Says = Callable[["Clerk"], Plain]


def reception(clerk: "Clerk") -> Plain:
    """Mostly paid by what is there for it, and of one batch or two."""
    persons = clerk.maybe(0.95, clerk.chance.randint(1, 30), 0)
    return {
        **_paid(clerk, "reception"),
        "batches": clerk.maybe(0.95, clerk.chance.randint(1, 3), 0),
        "persons": persons,
        "companions": clerk.maybe(0.9, clerk.chance.randint(0, persons), persons + 1),
        "guests": clerk.chance.choice(["domestic", "domestic", "foreign"]),
        "guest": clerk.chance.choice(["", "某市考察组"]),
        "purpose": clerk.chance.choice(["", "调研；座谈"]),
        "category": clerk.chance.choice(["", "招商", "学习交流"]),
    }


def trip(clerk: "Clerk") -> Plain:
    """Mostly paid by what is there for it."""
    return {
        **_paid(clerk, "trip"),
        "groups": clerk.maybe(0.95, 1, 0),
        "persons": clerk.maybe(0.97, clerk.chance.randint(1, 6), 0),
        "destination": clerk.chance.choice(["", "某国"]),
        "purpose": clerk.chance.choice(["", "培训"]),
    }


def _paid(clerk: "Clerk", kind: str) -> Plain:
    """The amount of what happened, and what it was paid by: payments of its own econ, corrected or
    refunded ones among them; seldom others."""
    book, econ = clerk.book, facts.TRAVEL[kind]
    paid = [e for e in book.entries if meaning(e) in ("pay", "voucher") and not e["undoes"]]
    fitting = [e for e in paid if econ in {each for _, each, _ in book.parts_paid(e)}]
    some = fitting if fitting and clerk.chance.random() < 0.9 else paid
    if not some or clerk.chance.random() < 0.15:
        return {"fen": clerk.chance.randint(1, 100_000), "payments": ()}
    chosen = clerk.chance.choices(some, k=clerk.chance.choice([1, 1, 1, 2]))
    refs = [_name_of(clerk, each) for each in chosen]
    if clerk.chance.random() < 0.03:
        refs.append(clerk.ref("refund", "reception", "contract"))
    there, said = sum(_stands(clerk, each, econ) for each in chosen), facts.tied(book)
    free = there - sum(said.get(facts.first_of(book, each["number"]), 0) for each in chosen)
    return {"fen": clerk.amount(free), "payments": tuple(refs)}


def _stands(clerk: "Clerk", payment: Entry, econ: str) -> int:
    standing = clerk.book.named(f"#{payment['number']}")
    return (facts.paid_of(clerk.book, standing, econ) or 0) if standing else 0


def _name_of(clerk: "Clerk", entry: Entry) -> str:
    """By its number, or by its key, where it has one."""
    number = entry["number"]
    known = clerk.book.answered.items()
    keys = [key for key, (_, answered) in known if answered == number and key[0] == "K"]
    return keys[0] if keys and clerk.chance.random() < 0.5 else f"#{number}"


def contract(clerk: "Clerk") -> Plain:
    """One of a few numbers, small or large; seldom one of last year, and hardly ever of later."""
    signed = clerk.chance.choice([date(YEAR - 1, 6, 1), date(YEAR - 1, 6, 1), date(YEAR, 2, 1)])
    return {
        "no": clerk.chance.choice(NUMBERS),
        "procurement_type": clerk.chance.choice(["goods", "works", "services"]),
        "fen": clerk.chance.choice([clerk.chance.randint(1, 20_000), 10**6, 10**8]),
        "supplier": "供货商",
        "size": clerk.chance.choice(["large", "medium", "small", "micro"]),
        "reserved": clerk.chance.choice(["none", "sme", "micro"]),
        "signed": clerk.maybe(0.75, None, signed),
        "due": clerk.maybe(0.5, None, clerk.day()),
    }


def for_contract(clerk: "Clerk", likely: float) -> Plain:
    """Which contract is paid, or reserved for: mostly none, else one that is there; and seldom what
    is bought."""
    there = [entry["request"]["no"] for entry in facts.standing(clerk.book, "contract")]
    said: Plain = {"contract": "", "procurement_type": None}
    if clerk.chance.random() < (likely if there else 0.02):
        known = clerk.chance.random() < 0.93 and there
        said["contract"] = clerk.chance.choice(there if known else NUMBERS)
    if clerk.chance.random() < (0.3 if said["contract"] else 0.1):
        said["procurement_type"] = clerk.chance.choice(["goods", "works", "services"])
    return said


def asset(clerk: "Clerk") -> Plain:
    """A count, and sometimes what it is worth."""
    items = ["vehicles.deputy", "vehicles.special", "equipment-general"]
    item = clerk.chance.choice([*items, "equipment", "vehicles-kept"])
    worth = clerk.maybe(0.5, 0, clerk.chance.randint(1, 10**7))
    return {"item": item, "count": clerk.chance.randint(0, 9), "fen": worth}


def headcount(clerk: "Clerk") -> Plain:
    """A count of one of a few items."""
    item = clerk.chance.choice(["admin", "institution", "institution_civil", "retired"])
    return {"item": item, "count": clerk.chance.randint(0, 90)}


def prior(clerk: "Clerk") -> Plain:
    """An amount or a count, either of them also nothing."""
    if clerk.chance.random() < 0.3:
        return {"cell": "N.s13a.projects", "fen": None, "count": clerk.chance.randint(0, 9)}
    cells = ["N.s1.total", "N.s4.total", "N.s7b.final", "N.s10.run", "N.s7b.reception"]
    cell = clerk.chance.choice(cells)
    return {"cell": cell, "fen": clerk.chance.choice([0, clerk.chance.randint(1, 10**7)]),
            "count": None}  # fmt: skip


def _of_department(clerk: "Clerk") -> Plain:
    return {"department": clerk.chance.random() < 0.15}


def reason(clerk: "Clerk") -> Plain:
    """Why, in few words; some cite a result."""
    slot = clerk.chance.choice(["N.s1.change", "N.s7b.change", "N.s5c.P1.results"])
    said = ["人员增加", "压减支出，“过紧日子”", "办结{1}", "{P1.2}，{P2.1}"]
    return {"slot": slot, "text": clerk.chance.choice(said), **_of_department(clerk)}


def text(clerk: "Clerk") -> Plain:
    """A text of one paragraph or of several."""
    said = ["一、贯彻执行有关规定。", '一、拟订规划；\n二、组织实施，"统筹"协调。\n\n三、其他。']
    return {"slot": "functions", "text": clerk.chance.choice(said), **_of_department(clerk)}


def key_work(clerk: "Clerk") -> Plain:
    """One of two works."""
    said = {"no": clerk.chance.choice(["1", "2"]), "item": "稳就业", "goal": "新增就业 2 万人"}
    return {**said, "done": clerk.chance.choice(["", "已完成"]), **_of_department(clerk)}


def _form(clerk: "Clerk") -> Plain:
    """The form of a project, or of the whole unit."""
    return {"project": clerk.maybe(0.95, clerk.chance.choice(["", "P1", "P2"]), "P9"),
            **_of_department(clerk)}  # fmt: skip


def goal(clerk: "Clerk") -> Plain:
    """What was expected, and mostly what was reached."""
    return {**_form(clerk), "expected": "完成任务", "actual": clerk.maybe(0.7, "已完成", "")}


def _row(clerk: "Clerk") -> Plain:
    return {**_form(clerk), "no": clerk.chance.choice([no for no, *_ in _ROWS])}


def target(clerk: "Clerk") -> Plain:
    """A row as its number says, with a weight or as a constraint; seldom with both."""
    said = _row(clerk)
    values = next(values for no, values, _ in _ROWS if no == said["no"])
    binds = clerk.chance.random() < 0.15
    weight = clerk.chance.choice([1_000, 1_500, 550, 333])
    deduct = clerk.chance.choice([0, 500])
    return {
        **said,
        **clerk.chance.choice([{"level1": "产出指标", "level2": "数量指标"},
                               {"level1": "效益指标", "level2": ""},
                               {"level1": "满意度指标", "level2": "满意度"}]),
        "level3": "指标",
        "value": clerk.chance.choice(values),
        "weight": clerk.maybe(0.8, 0 if binds else weight, weight),
        "direction": clerk.maybe(0.9, None, clerk.chance.choice(["up", "down", "quality"])),
        "code": clerk.maybe(0.8, "", "就业人数"),
        "constraint": binds,
        "deduct": clerk.maybe(0.9, deduct if binds else 0, 500),
    }  # fmt: skip


def result(clerk: "Clerk") -> Plain:
    """What was reached of a row; of words a grade and mostly its percent."""
    said = _row(clerk)
    aimed = [e["request"] for e in facts.standing(clerk.book, "target")]
    if aimed and clerk.chance.random() < 0.6:
        target = clerk.chance.choice(aimed)
        said = {name: target[name] for name in ("project", "no", "department")}
    values = next(values for no, _, values in _ROWS if no == said["no"])
    grade, percent = None, None
    if said["no"] in _IN_WORDS or clerk.chance.random() < 0.1:
        grade = clerk.chance.choice(["met", "met", "partly", "not"])
        least, most = {"met": (80, 100), "partly": (50, 79), "not": (0, 49)}[grade]
        percent = clerk.maybe(
            0.8, clerk.chance.randint(least, most), clerk.chance.choice([None, 79])
        )
    if clerk.chance.random() < 0.04:
        grade, percent = None, 90
    actual = clerk.chance.choice(values)
    deviation = clerk.maybe(0.7, "", "受疫情影响")
    return {**said, "actual": actual, "grade": grade, "percent": percent, "deviation": deviation}


CITED: tuple[Plain, ...] = (
    {"kind": "result", "project": "P1", "no": "101", "actual": "111件", "grade": None,
     "percent": None, "deviation": "", "department": False},
    {"kind": "reason", "slot": "N.s5c.P1.results", "text": "立案{101}", "department": False},
)  # fmt: skip
"""A result that no target asks for, and the sentence that cites it: then it is no row of a form."""


def score_override(clerk: "Clerk") -> Plain:
    """A score of a row, or of the execution rate, mostly for a reason."""
    said = _row(clerk)
    said["no"] = clerk.maybe(0.7, said["no"], "execution")
    score = clerk.chance.choice([0, 100, 850, 10_000])
    return {**said, "score": score, "reason": clerk.maybe(0.85, "复核", "")}


_ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("1", ("≥1800件", "1800件", "1800"), ("1900件", "900件", "1800", "0", "900人")),
    ("2", ("≤30天", "30天以内"), ("20天", "45天", "0天", "30", "30件")),
    ("3", ("≥95%", "95%以上"), ("96.5%", "80%", "95%", "95‰")),
    ("4-1", ("97%≤执行率≤100%",), ("@execution", "96.99%")),
    ("4-2", ("5000—10000元/人",), ("6000—9000元/人", "4000—9000元/人")),
    ("5", ("有效提升", "", "优"), ("有效提升", "较好")),
    ("6", ("100人左右",), ("98人", "120人")),
    ("7", ("≥2万元",), ("25000元", "1.9万元", "2")),
)
"""Rows of a form by their numbers: what is aimed at, and what may be reached."""
_IN_WORDS = ("4-2", "5")


def standing(book: "Book") -> Iterator[Entry]:
    """The facts that stand."""
    gone = {entry["undoes"] for entry in book.entries}
    return (e for e in book.entries if e["kind"] in facts.FACTS and e["number"] not in gone)


def in_question(book: "Book") -> list[Entry]:
    """Contracts that are paid or reserved for, or that all came back of; what came back of one."""
    used = {name[1] for name in book.sums() if name[0].startswith("contract ")}
    return [
        e
        for e in book.entries
        if (e["kind"] == "contract" and e["request"]["no"] in used)
        or (
            e["kind"] in ("refund", "unreserve")
            and any(name[0].startswith("contract ") for name in e["effect"])
        )
    ]


HABITS: tuple[tuple[str, float], ...] = (
    ("reception", 9),
    ("trip", 4),
    ("contract", 8),
    ("asset", 2),
    ("headcount", 2),
    ("prior", 2),
    ("reason", 1.5),
    ("text", 1.5),
    ("key-work", 1.5),
    ("goal", 1.5),
    ("target", 7),
    ("result", 7),
    ("score-override", 3),
)
SAYS: dict[str, Says] = {
    "reception": reception,
    "trip": trip,
    "contract": contract,
    "asset": asset,
    "headcount": headcount,
    "prior": prior,
    "reason": reason,
    "text": text,
    "key-work": key_work,
    "goal": goal,
    "target": target,
    "result": result,
    "score-override": score_override,
}
