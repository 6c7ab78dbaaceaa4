"""What a unit tells beside its money, written down once more: receptions, trips, contracts, counts,
texts, targets and scores.

It imports nothing of the product and shares no idea with it. A fact moves nothing; what a payment
does to a contract is an effect of the payment (rules.py).
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from tests.model import scores
from tests.model.figures import Entry, meaning

if TYPE_CHECKING:
    from tests.model.rules import Book

FACTS = (
    *("reception", "trip", "contract", "asset", "headcount", "prior", "reason", "text"),
    *("key-work", "goal", "target", "result", "score-override"),
)
"""The kinds that move no money."""
TRAVEL = {"reception": "30217", "trip": "30212"}
"""What a payment is for that a reception, or a trip, was paid by."""
_OF_FORM = ("goal", "target", "result", "score-override")
_LEAST_AND_MOST = {"met": (80, 100), "partly": (50, 79), "not": (0, 49)}
PLACE = {
    "asset": ("item",),
    "headcount": ("item",),
    "prior": ("cell",),
    "reason": ("slot", "department"),
    "text": ("slot", "department"),
    "key-work": ("no", "department"),
    "goal": ("project", "department"),
    "target": ("project", "no", "department"),
    "result": ("project", "no", "department"),
    "score-override": ("project", "no", "department"),
}
"""What of these kinds only the last fact counts of."""


def broken(book: "Book", request: Entry) -> set[str]:
    """The rules that a fact breaks."""
    kind, found = request["kind"], set[str]()
    if kind in TRAVEL:
        came = (
            request["batches"] if kind == "reception" else request["groups"],
            request["persons"],
        )
        if min(came) < 1 or request.get("companions", 0) > request["persons"]:
            found.add("fact")
        found |= tie(book, request)[0]
    elif kind == "contract":
        earlier = request["signed"] is None or request["signed"].year < int(book.year)
        if not earlier or signed(book, request["no"]) is not None:
            found.add("contract")
    if kind in _OF_FORM and request["project"] and request["project"] not in book.projects:
        found.add("project")
    if kind == "target" and request["weight" if request["constraint"] else "deduct"]:
        found.add("performance")
    if kind == "result" and not _graded(request["grade"], request["percent"]):
        found.add("performance")
    if kind == "result":
        place = (request["project"], request["no"], request["department"])
        target = last(book, "target").get(place)
        if target is not None and not scores.comparable(target["request"], request["actual"]):
            found.add("performance")
    if kind == "score-override" and not request["reason"]:
        found.add("performance")
    return found


def _graded(grade: str | None, percent: int | None) -> bool:
    """Whether the percent of a grade is one of it; only what is met need not say one."""
    if grade is None or percent is None:
        return percent is None and grade in (None, "met")
    least, most = _LEAST_AND_MOST[grade]
    return least <= percent <= most


def tie(book: "Book", request: Entry) -> tuple[set[str], list[tuple[int, int]]]:
    """What is wrong with the payments of a reception or a trip; else how much each of them paid of
    it, by what was recorded first. One after another gives what it still can."""
    econ, wanted = TRAVEL[request["kind"]], request["fen"]
    ties: dict[int, int] = {}
    for ref in request["payments"]:
        payment = book.named(ref)
        if payment is None or meaning(payment) not in ("pay", "voucher"):
            return {"entry"}, []
        if book.undone(payment["number"]):
            return {"entry"}, []
        stands = paid_of(book, payment, econ)
        if stands is None:
            return {"tied"}, []
        first = first_of(book, payment["number"])
        if first not in ties:
            free = max(0, stands - tied(book).get(first, 0))
            ties[first] = min(free, wanted - sum(ties.values()))
    if ties and sum(ties.values()) < wanted:
        return {"tied"}, []
    return set(), [(number, fen) for number, fen in ties.items() if fen]


def paid_of(book: "Book", payment: Entry, econ: str) -> int | None:
    """What a payment paid of an econ and did not get back; None where it is for something else."""
    parts = book.parts_paid(payment)
    if econ not in {each for _, each, _ in parts}:
        return None
    if meaning(payment) == "pay":
        return book.left(payment["number"])
    left = zip(parts, book.left_of_items(payment), strict=True)
    return sum(fen for (_, each, _), fen in left if each == econ)


def first_of(book: "Book", number: int) -> int:
    """What was recorded first, where an entry is a correction of it."""
    while (before := book.entries[number - 1].get("corrects")) is not None:
        number = before
    return number


def tied(book: "Book") -> dict[int, int]:
    """What receptions and trips say of each payment."""
    found: dict[int, int] = {}
    for entry in (*standing(book, "reception"), *standing(book, "trip")):
        for number, fen in entry["tied"]:
            found[number] = found.get(number, 0) + fen
    return found


def below(book: "Book", **cut: Any) -> dict[tuple[int, str], tuple[int, int]]:
    """The payments of which less stands than receptions, or trips, say: (said, stands), by what was
    recorded first and the econ. Whenever it was paid; what came back or was undone by then."""
    counted, said = book.counted(**cut), dict[tuple[int, str], int]()
    for kind, econ in TRAVEL.items():
        for entry in standing(book, kind, **cut):
            for number, fen in entry["tied"]:
                said[number, econ] = said.get((number, econ), 0) + fen
    corrected = {e["corrects"]: e["number"] for e in counted if "corrects" in e}
    gone = {e["undoes"] for e in counted}
    found = {}
    for (number, econ), fen in said.items():
        now = number
        while now in corrected:
            now = corrected[now]
        payment, stands = book.entries[now - 1], 0
        for at, (_, each, paid) in enumerate(book.parts_paid(payment)):
            back = sum(
                e["fen"]
                for e in counted
                if e["kind"] == "refund" and e["original"] == now and e.get("item", at) == at
                if e["number"] not in gone
            )
            stands += paid - back if each == econ and now not in gone else 0
        if stands < fen:
            found[number, econ] = (fen, stands)
    return found


def standing(book: "Book", kind: str, **cut: Any) -> list[Entry]:
    """The facts of a kind that stand, by day and entry."""
    counted = book.counted(**cut)
    gone = {entry["undoes"] for entry in counted}
    found = [e for e in counted if e["kind"] == kind and e["number"] not in gone]
    return sorted(found, key=lambda entry: (entry["date"], entry["number"]))


def last(book: "Book", kind: str, **cut: Any) -> dict[tuple[Any, ...], Entry]:
    """The fact that counts of each place."""
    return {
        tuple(entry["request"][name] for name in PLACE[kind]): entry
        for entry in standing(book, kind, **cut)
    }


def signed(book: "Book", no: str) -> Entry | None:
    """The contract of a number that stands."""
    return next((e for e in standing(book, "contract") if e["request"]["no"] == no), None)


def contracts(book: "Book", **cut: Any) -> list[dict[str, Any]]:
    """What was paid of each contract that stands, is kept for it and is left; whether it is late: a
    day that is judged is in the year."""
    sums = book.sums(**cut)
    day = min(cut.get("as_of") or date.max, date(int(book.year), 12, 31))
    found = []
    for entry in standing(book, "contract", **cut):
        no, due = entry["request"]["no"], entry["request"]["due"]
        paid = sums.get(("contract paid", no, ""), 0)
        left = entry["fen"] - paid
        found.append(
            {
                "entry": entry["number"],
                "no": no,
                "amount_fen": entry["fen"],
                "paid_fen": paid,
                "held_fen": sums.get(("contract held", no, ""), 0),
                "left_fen": left,
                "overdue": left != 0 and due is not None and due < day,
            }
        )
    return found


def of_contract(book: "Book", request: Entry) -> set[str]:
    """A contract that is paid, or reserved for, is there and of the type that is said."""
    if not request.get("contract"):
        return set()
    there = signed(book, request["contract"])
    types = (None, there and there["request"]["procurement_type"])
    return {"contract"} if there is None or request.get("procurement_type") not in types else set()


def beyond(book: "Book", effect: dict[tuple[str, str, str], int]) -> set[str]:
    """More of a contract than it is of."""
    sums, found = book.sums(), set[str]()
    for no in {name[1] for name in effect if name[0].startswith("contract ")}:
        names = [(f"contract {what}", no, "") for what in ("held", "paid")]
        more = sum(effect.get(name, 0) for name in names)
        there = signed(book, no)
        whole = 0 if there is None else there["fen"]
        if more > 0 and sum(sums.get(name, 0) for name in names) + more > whole:
            found.add("contract")
    return found
