"""A second, dumber book: what the contract and the field say, written down once more.

It imports nothing of the product and shares no idea with it: no postings, no fold, no order of
checks. It says of a request *every* rule that it breaks; the product must refuse it for one of
those, and accept it if there are none. What the accepted ones come to is in figures.py.

A request is a plain dict: `kind`, `date`, `doc`, `key` and what the kind needs. Lines are texts; a
line may be a dict of parts where the contract lets parts be left out. Amounts are `fen`.
"""

from datetime import date, datetime, timedelta
from typing import Any

from tests.model import facts
from tests.model.figures import (
    FISCAL,
    ITEM,
    SELDOM,
    Entry,
    Figures,
    at_econ,
    fits,
    line_of,
    meaning,
    own,
    parts_of,
    purpose,
)

Request = dict[str, Any]
ONE_DAY = timedelta(days=1)
MONEY = [
    "carry-in",
    "appropriate",
    "supplement",
    "cut",
    "release",
    "withdraw",
    "reclassify",
    "reuse",
    "cap",
    "fund-plan",
    "reallocate",
    "reserve",
    "unreserve",
    "pay",
    "voucher",
    "refund",
    "income",
    "surplus-in",
    "adjust-surplus",
    "use-surplus",
    "distribute",
    "adjust-opening",
    "recover",
]
"""The kinds that can be reversed; a transfer is in two books and is sent back."""
EITHER_WAY = ("error-correction", "closing-revised")
DOCUMENTED = (
    *("supplement", "cut", "fund-plan", "reallocate", "reclassify", "reuse", "cap"),
    *("adjust-opening", "adjust-surplus", "recover", "transfer"),
)
FAMILIES = [
    "key",
    "book",
    "line",
    "entry",
    "date",
    "project",
    "doc",
    "R2",
    "R3",
    "R4",
    "R5",
    "R7",
    "R8",
    "R9",
    "R11",
    "R15",
    "R16",
    "approval",
    "unit",
    "counterpart",
    "income",
    "distribution",
    "R1",
    "reserve",
    "plan",
    "pool",
    "cash",
    "closing",
    "reconcile",
    "fact",
    "tied",
    "contract",
    "performance",
    "publication",
    "malformed",
]
"""The words for what is broken: a rule of the domain, or the matter; `malformed` cannot be read."""


_ON_LINE = ("recover", "fund-plan", "reserve")
_TO_SOMEBODY = ("pay", "voucher", "reserve")
_UNSAID = {"contract": "", "procurement_type": None, "counterpart": None}
"""What is not so where a payment or a reservation does not say it."""
_OF_CONTRACT = ("held", "paid")
_RANK = {None: 0, "department": 1, "finance": 2}


def _shown(request: Request) -> dict[str, str]:
    """What a request says of how a book is called and shown."""
    return {name: request[name] for name in ("name", "edition") if name in request}


class Book(Figures):
    """A book that says of each request what is wrong with it, and records it if nothing is."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.shown: dict[str, str] = {}
        self.projects: dict[str, str] = {}
        self.locked: set[int] = set()
        self.answered: dict[str, tuple[Request, int]] = {}
        self.beside: Book | None = None

    def beside_of(self, other: "Book") -> None:
        """Each is the other's counterpart in transfers."""
        self.beside, other.beside = other, self

    def copy(self) -> "Book":
        copied = self._copied()
        if self.beside is not None:
            copied.beside_of(self.beside._copied())
        return copied

    def _copied(self) -> "Book":
        other = Book(self.name)
        other.basis, other.unit_kind = self.basis, self.unit_kind
        other.fund_basis = dict(self.fund_basis)
        other.shown = dict(self.shown)
        other.projects = dict(self.projects)
        other.locked = set(self.locked)
        other.entries = [dict(entry) for entry in self.entries]
        other.answered = dict(self.answered)
        return other

    # What a request would do, and what is wrong with it.

    def ask(self, request: Request, now: datetime, actor: str) -> dict[str, Any]:
        """The answer: `broken` families (none: accepted), `already`, and the entry numbers; whether
        it is a request that `waits` for somebody else."""
        asked = {name: value for name, value in request.items() if name != "key"}
        key = request.get("key")
        if key is None and request.get("by_document"):
            key, asked = self._of_document(request)
        if key is not None and key in self.answered:
            content, number = self.answered[key]
            said = {name: value for name, value in asked.items() if value not in (None, "")}
            if any(content[name] != value for name, value in said.items()):
                return {"broken": {"key"}, "already": False, "numbers": []}
            waits = number in self.waiting()
            return {"broken": set(), "already": True, "numbers": [number], "waits": waits}
        if key is None and request["kind"] == "codes" and (number := self._in_use(request)):
            return {"broken": set(), "already": True, "numbers": [number], "waits": False}
        broken = self.broken(request, actor)
        if broken:
            return {"broken": broken, "already": False, "numbers": []}
        numbers = self.record(request, now, actor)
        if key is not None:
            self.answered[key] = (asked, numbers[-1])
        waits = numbers[-1] in self.waiting()
        return {"broken": set(), "already": False, "numbers": numbers, "waits": waits}

    def _of_document(self, request: Request) -> tuple[str, Request]:
        """What makes a correction without a key the one that it is: what it says, and what it
        replaces. Said of an entry that replaced another by the same words, it is that one."""
        stands = self.named(request["ref"])
        number = 0 if stands is None else stands["number"]
        for replaced in (stands.get("corrects") if stands else None, number):
            asked = {**request, "ref": f"#{replaced}"}
            key = f"{sorted(asked.items(), key=str)}"
            if key in self.answered and self.answered[key][1] == number:
                break
        return key, asked

    def broken(self, request: Request, actor: str) -> set[str]:
        kind = request["kind"]
        if (self.basis is None) != (kind == "open-book"):
            return {"book"}
        broken = self._date(request)
        if kind == "amend-book":
            has_money = any("effect" in e and e["money"] for e in self.entries)
            asked = (
                request.get("basis") or self.basis,
                request.get("unit_kind") or self.unit_kind,
                {**self.fund_basis, **request.get("fund_basis", {})},
            )
            of_money = asked != (self.basis, self.unit_kind, self.fund_basis)
            shown = {**self.shown, **_shown(request)} != self.shown
            if (of_money and has_money) or not (of_money or shown):
                broken.add("book")
        if kind == "codes":
            codes = [code for code, _ in request["codes"]]
            functional = request["code_set"] == "functional"
            lengths, first = ({3, 5, 7}, "2") if functional else ({3, 5}, "3")
            wrong = any(len(code) not in lengths or code[0] != first for code in codes)
            if len(set(codes)) < len(codes) or wrong:
                broken.add("book")
        if kind == "lock-month":
            month, day = request["month"], request["date"]
            ended = day.month > month or (day.month == month and (day + ONE_DAY).month != month)
            before = all(earlier in self.locked for earlier in range(1, month))
            if month in self.locked or not ended or not before:
                broken.add("date")
        if kind == "reconcile":
            broken |= self._reconciliation(request)
        if kind in facts.FACTS:
            return broken | facts.broken(self, request)
        if kind in ("reverse", "refund", "unreserve", "correct"):
            return broken | self._about_entry(request)
        if kind == "pay" and request.get("ref") is not None:
            return broken | self._paid_from(request)
        if kind == "voucher":
            return broken | self._vouched(request)
        if kind in ("approve", "reject"):
            return broken | self._about_request(request, actor)
        if kind == "cap":
            return broken | self._capped(request)
        if kind in (*MONEY, "transfer"):
            broken |= self._money(request)
        return broken

    def code_names(self, known_at: datetime | None = None) -> dict[str, dict[str, str]]:
        """What the codes of each set are called by the list that was adopted last."""
        return {
            entry["request"]["code_set"]: dict(entry["request"]["codes"])
            for entry in self.entries
            if entry["kind"] == "codes" and (known_at is None or entry["recorded_at"] <= known_at)
        }

    def _in_use(self, request: Request) -> int:
        """The entry that adopted the very list that is in use, asked for without a key; or 0."""
        adopted = [
            entry
            for entry in self.entries
            if entry["kind"] == "codes" and entry["request"]["code_set"] == request["code_set"]
        ]
        if not adopted:
            return 0
        last = adopted[-1]
        same = all(
            last["request"][name] == request[name]
            for name in ("edition", "sha256", "codes", "date")
        )
        return last["number"] if same and request["doc"] in ("", last["request"]["doc"]) else 0

    def _date(self, request: Request) -> set[str]:
        day = request["date"]
        if str(day.year) != self.year:
            return {"date"}
        money = request["kind"] in (*MONEY, "transfer", "reverse", "correct", "approve")
        if money and request["kind"] == "reverse":
            original = self.named(request["ref"])
            money = original is None or original["kind"] not in facts.FACTS
        return {"date"} if money and day.month in self.locked else set()

    def _money(self, request: Request) -> set[str]:
        """The rules of a request that names its lines itself."""
        kind, broken = request["kind"], set()
        if kind in DOCUMENTED and not request["doc"]:
            broken.add("doc")
        if kind == "pay" and (not request["payee"] or len(request["econ"]) != 5):
            broken.add("R16")
        if kind in ("pay", "income"):
            broken |= self._with_itself(request)
        broken |= facts.of_contract(self, request)
        if kind == "adjust-opening" and request["decrease"]:
            broken |= set() if request["adjustment"] in EITHER_WAY else {"R11"}
        if kind == "transfer" and not request.get("incoming"):
            there = self.beside
            if there is None or request["counterpart"] != there.name:
                broken.add("R7")
        found = self._resolved(request)
        if found is None and kind == "adjust-opening" and isinstance(request["line"], str):
            broken |= self._usable(request["line"]) | self._not_carried(request["line"])
        if found is None:
            if kind == "pay" and isinstance(request["line"], str):
                broken |= self._capital(request["line"], request["econ"])
            return broken | {"line"}
        request = found
        if kind == "pay":
            broken |= self._capital(request["line"], request["econ"])
            drawn = (request["line"], request["econ"], request["fen"])
            broken |= self._doubles(request, [drawn])
        if kind in ("carry-in", "appropriate", "supplement", "income"):
            broken |= self._usable(request["line"])
            broken |= self._wrong_year(kind, request["line"])
        if kind in ("adjust-opening", "transfer"):
            broken |= self._usable(request["line"]) | self._not_carried(request["line"])
        if kind == "transfer" and not request.get("incoming") and "R7" not in broken:
            assert self.beside is not None
            broken |= self.beside.broken(self._arrival(request), "")
        if kind == "appropriate" and self.of("initial", request["line"]) > 0:
            broken.add("R4")
        if kind == "cut" and parts_of(request["line"])["origin"] < self.year:
            broken.add("R7")
        if kind in ("reclassify", "reuse"):
            broken |= self._of_surplus(request)
        if kind == "income":
            broken |= self._wrong_class(request)
        if kind in ("surplus-in", "adjust-surplus", "use-surplus", "distribute"):
            broken |= self._surplus(request)
        if kind == "reallocate":
            broken |= self._reallocation(request)
        if kind == "fund-plan":
            can_be_paid = sum(
                self.of(what, request["line"]) for what in ("available", "held", "paid")
            )
            if sum(self.plans(request["line"])) + request["fen"] > can_be_paid:
                broken.add("plan")
        return broken | self._afterwards(self.effect(request), request["date"])

    def _with_itself(self, request: Request) -> set[str]:
        """The other unit is another, and fiscal income comes from none."""
        unit = request.get("counterpart")
        itself = unit == self.name.split("/")[0]
        fiscal = unit is not None and request.get("source") == "fiscal"
        return {"counterpart"} if itself or fiscal else set()

    def _wrong_year(self, kind: str, line: str) -> set[str]:
        """Carry-over is older, budget is this year's, income is not of a year to come."""
        origin = parts_of(line)["origin"]
        lawful = {"carry-in": origin < self.year, "income": origin <= self.year}
        return set() if lawful.get(kind, origin == self.year) else {"R7"}

    def _capped(self, request: Request) -> set[str]:
        """By document, and no less than what is spent."""
        broken = set() if request["doc"] else {"doc"}
        return broken | ({"R3"} if request["fen"] < self.of("spent", request["item"]) else set())

    def _of_surplus(self, request: Request) -> set[str]:
        """Project money that is the unit's when the year ends; unused for two years is only old
        money. It is reused on another project line of the same money, no more than there is."""
        line, ours = request["line"], parts_of(request["line"])
        old = ours["origin"] < self.year
        kept = ours["fund"] in FISCAL and (old or self.basis_of(line) == "indicator")
        broken = set() if ours["spending"] == "project" and kept else {"R9"}
        if request["kind"] == "reclassify":
            return broken | ({"R9"} if request["cause"] == "two-years" and not old else set())
        broken |= self._usable(request["to_line"])
        theirs = parts_of(request["to_line"])
        alike = all(ours[part] == theirs[part] for part in ("fund", "origin"))
        if ours == theirs or theirs["spending"] != "project" or not alike:
            broken.add("R7")
        if request["fen"] > self.surplus(line):
            broken.add("R8")
        return broken

    def _wrong_class(self, request: Request) -> set[str]:
        fiscal = parts_of(request["line"])["fund"] in FISCAL
        recorded = not fiscal or self.basis_of(request["line"]) == "recorded"
        return set() if fiscal == (request["source"] == "fiscal") and recorded else {"income"}

    def _surplus(self, request: Request) -> set[str]:
        """Units of some kinds have a surplus; it is never fiscal money, nor a project's; it is
        distributed on the last day, at most what there is."""
        kind = request["kind"]
        having = ("institution",) if kind == "distribute" else ("institution", "public-admin")
        broken = set() if self.unit_kind in having else {"unit"}
        if kind in ("surplus-in", "adjust-surplus"):
            return broken
        broken |= self._usable(request["line"])
        parts = parts_of(request["line"])
        if parts["origin"] > self.year:
            broken.add("R7")
        if parts["fund"] in FISCAL:
            broken.add("income")
        if kind == "distribute":
            last_day = date(int(self.year), 12, 31)
            lawful = request["date"] == last_day and parts["spending"] != "project"
            if not lawful or request["fen"] > self.distributable():
                broken.add("distribution")
        return broken

    def _reconciliation(self, request: Request) -> set[str]:
        """R12: about what this book has paid of fiscal money; what differs needs a reason."""
        said, differs = request["paid_fen"], request["paid_fen"] != request["statement_fen"]
        unexplained = (differs or request["differences"]) and not request["reason"]
        return {"reconcile"} if said != self.fiscal_paid() or unexplained else set()

    def _vouched(self, request: Request) -> set[str]:
        """Every item like a payment, and all of them together within what is there."""
        broken = (set() if request["payee"] else {"R16"}) | self._with_itself(request)
        broken |= facts.of_contract(self, request)
        for item in self._items(request):
            if len(item["econ"]) != 5:
                broken.add("R16")
            broken |= self._capital(item["line"], item["econ"])
            if self._resolved(item) is None:
                broken.add("line")
        if "line" in broken:
            return broken
        drawn = [self._resolved(item) or item for item in self._items(request)]
        broken |= self._doubles(request, [(i["line"], i["econ"], i["fen"]) for i in drawn])
        return broken | self._afterwards(self.effect(request), request["date"])

    @staticmethod
    def _items(request: Request) -> list[Request]:
        """A voucher as so many payments."""
        return [
            {**request, "kind": "pay", "line": line, "econ": econ, "fen": fen}
            for line, econ, fen in request["items"]
        ]

    def _not_carried(self, line: str) -> set[str]:
        return set() if parts_of(line)["origin"] < self.year else {"R7"}

    def _arrival(self, request: Request) -> Request:
        """What the other book is asked when carry-over is sent there."""
        return {**request, "incoming": True, "counterpart": self.name, "key": None}

    def _usable(self, line: str) -> set[str]:
        parts = parts_of(line)
        unknown = parts["project"] != "-" and parts["project"] not in self.projects
        broken = ({"project"} if unknown else set()) | self._capital(line, parts["econ"])
        if parts["spending"] in SELDOM:
            broken |= {"R2"} if parts["fund"] in FISCAL else set()
            broken |= {"unit"} if self.unit_kind == "admin" else set()
        return broken

    @staticmethod
    def _capital(line: str, econ: str) -> set[str]:
        return {"R2"} if parts_of(line)["spending"] == "basic" and econ[:3] == "309" else set()

    def _reallocation(self, request: Request) -> set[str]:
        broken: set[str] = set()
        moved = [*request["from"], *request["to"]]
        lines = [line for line, _ in moved]
        for line in lines:
            broken |= self._usable(line)
        origins = {parts_of(line)["origin"] for line in lines}
        if len(origins) > 1:
            broken.add("R7")
        if min(origins) < self.year and len({purpose(line) for line in lines}) > 1:
            broken.add("R7")
        if len(set(lines)) < len(lines):
            broken.add("R5")
        if len({parts_of(line)["fund"] for line in lines}) > 1:
            broken.add("R5")
        if sum(fen for _, fen in request["from"]) != sum(fen for _, fen in request["to"]):
            broken.add("R5")
        return broken

    def _may_not_yet(self, request: Request) -> bool:
        """Whether somebody with more authority must approve it first."""
        if request["kind"] not in ("reallocate", "reverse"):
            return False
        given = _RANK[request.get("authority")]
        return given < self._authority(self._resolved(request) or request)

    def _authority(self, request: Request) -> int:
        """1: the department; 2: the finance bureau. Net, over everything that moves; a reversal as
        what it undoes had it."""
        if request["kind"] == "reverse":
            original = self.named(request["ref"])
            undone = {} if original is None else original.get("request", {})
            return _RANK[undone.get("authority")]
        inside: dict[tuple[str, ...], int] = {}
        rises: dict[str, int] = {}
        for sign, moved in ((-1, request["from"]), (1, request["to"])):
            for line, fen in moved:
                parts = parts_of(line)
                where = (parts["func"], parts["spending"], parts["project"], parts["econ"][:3])
                inside[where] = inside.get(where, 0) + sign * fen
                if parts["fund"] in FISCAL and parts["econ"] in ITEM:
                    item = ITEM[parts["econ"]]
                    rises[item] = rises.get(item, 0) + sign * fen
        return 2 if any(inside.values()) or any(fen > 0 for fen in rises.values()) else 1

    def _paid_by_month(self, line: str) -> dict[int, int]:
        paid = dict.fromkeys(range(1, 13), 0)
        for entry in self.entries:
            paid[entry["date"].month] += entry["effect"].get(("paid", line, ""), 0)
        return paid

    def _afterwards(self, effect: dict[tuple[str, str, str], int], day: date) -> set[str]:
        """What would be below zero, over its cap or beyond its plan after an effect, dated so."""
        before = self.sums()
        after = dict(before)
        for name, fen in effect.items():
            after[name] = after.get(name, 0) + fen
        broken = facts.beyond(self, effect)
        for name, fen in effect.items():
            nonnegative = ("pending", "available", "held", "paid", "taken")
            if name[0] in nonnegative and after[name] < 0:
                broken.add("R1")
            if (name[0] == "paid" and fen > 0) or (name[0] == "plan" and fen < 0):
                planned = [after.get(("plan", name[1], str(m)), 0) for m in range(1, 13)]
                paid = self._paid_by_month(name[1])
                if name[0] == "paid":
                    paid[day.month] += fen
                for by in range(int(name[2] or day.month), 13):
                    paid_by = sum(of for month, of in paid.items() if month <= by)
                    if any(planned) and sum(planned[:by]) < paid_by:
                        broken.add("plan")
            waits = max(before.get(("pending", name[1], ""), 0), 0)
            if name[0] == "surplus" and fen < 0 and min(before.get(name, 0), waits) + fen < 0:
                old = parts_of(name[1])["origin"] < self.year  # of which all that waits is 结余
                broken |= set() if old else {"R8"}
            if name[0] == "cash" and fen < 0 and after[name] < 0:
                broken.add("cash")
            if name[0] == "pool" and fen < 0:
                left = (
                    after.get(("pool", name[1], step), 0)
                    for step in ("opening", "adjusted", "distributed", "used")
                )
                if sum(left) < 0:
                    broken.add("pool")
            if name[0] in ("cap", "spent"):
                lowered = effect.get(("cap", name[1], ""), 0) < 0 and not self.caps(name[1])
                worse = lowered or effect.get(("spent", name[1], ""), 0) > 0
                cap = self.cap_of(name[1], after)
                if worse and after.get(("spent", name[1], ""), 0) > cap:
                    broken.add("R3")
        return broken

    def _resolved(self, request: Request) -> Request | None:
        """The request with the lines that it means; None if they cannot be found."""
        kind, there = request["kind"], self.lines()
        carried = [line for line in there if parts_of(line)["origin"] < self.year]
        if kind == "adjust-opening" or (kind == "transfer" and not request.get("incoming")):
            wanted = request["line"]
            if isinstance(wanted, str) and not self._down(request):
                return request
            line = self._one(wanted, there if isinstance(wanted, str) else carried)
            return None if line is None else {**request, "line": line}
        if kind in ("cut", "release", "withdraw", "reclassify", "reuse", *_ON_LINE):
            line = self._one(request["line"], there)
            return None if line is None else {**request, "line": line}
        if kind == "reallocate":
            given = [(self._one(line, there), fen) for line, fen in request["from"]]
            return None if any(line is None for line, _ in given) else {**request, "from": given}
        if kind == "pay":
            line = self._drawn(request, there)
            return None if line is None else {**request, "line": line}
        if kind in ("use-surplus", "distribute") and isinstance(request["line"], dict):
            line = self._one(request["line"], self.purposes())
            return None if line is None else {**request, "line": line}
        return request

    @staticmethod
    def _down(request: Request) -> bool:
        """Whether an adjustment or a transfer takes from the opening."""
        if request["kind"] == "transfer":
            return not request.get("incoming")
        if request["adjustment"] in EITHER_WAY:
            return bool(request["decrease"])
        return request["adjustment"] in ("consolidation-out", "remitted")

    @staticmethod
    def _one(wanted: str | dict[str, str], there: list[str]) -> str | None:
        if isinstance(wanted, str):
            return wanted if wanted in there else None
        found = [line for line in there if fits(line, wanted)]
        return found[0] if len(found) == 1 else None

    @staticmethod
    def _drawn(request: Request, there: list[str]) -> str | None:
        """款, else 类, else `-`, of the one purpose that is meant; a line that is written in full
        with another econ than the payment's is that line."""
        econ, wanted = request["econ"], request["line"]
        order = [econ, econ[:3], "-"]
        if isinstance(wanted, dict):
            able = [line for line in there if fits(line, wanted)
                    and parts_of(line)["econ"] in order]  # fmt: skip
            purposes = sorted({purpose(line) for line in able})
            if len(purposes) != 1:
                return None
            wanted = at_econ(purposes[0], econ)
        for candidate in order:
            drawn = at_econ(wanted, candidate)
            if drawn in there:
                return drawn if wanted in (drawn, at_econ(wanted, econ)) else None
        return None

    # Requests about an earlier entry.

    def named(self, ref: str) -> Entry | None:
        number: int | None = None
        if ref in self.answered:
            number = self.answered[ref][1]
        elif ref.startswith("#"):
            number = int(ref[1:])
        while number and any(e.get("corrects") == number for e in self.entries):
            number = next(e["number"] for e in self.entries if e.get("corrects") == number)
        return self.entries[number - 1] if number and 1 <= number <= len(self.entries) else None

    def _about_request(self, request: Request, actor: str) -> set[str]:
        original = self.named(request["ref"])
        if original is None or original["kind"] != "submit":
            return {"entry"}
        broken = {"date"} if request["date"] < original["date"] else set()
        if self.settled(original["number"]):
            broken.add("approval")
        if request["kind"] == "reject":
            return broken if request["reason"] else broken | {"approval"}
        if actor == original["actor"]:
            broken.add("approval")
        granted = self._granted(request, original)
        if self._may_not_yet(granted):
            broken.add("R5")
        undoes = granted["kind"] == "reverse"
        return broken | (self._about_entry(granted) if undoes else self._money(granted))

    @staticmethod
    def _granted(request: Request, original: Entry) -> Request:
        """What was asked for, as the one who approves it would ask."""
        asked: Request = original["request"]
        doc = request["doc"] or asked["doc"]
        more = {"date": request["date"], "doc": doc, "authority": request["authority"]}
        return {**asked, **more}

    def _about_entry(self, request: Request) -> set[str]:
        original = self.named(request["ref"])
        if original is None:
            return {"entry"}
        kind, number, broken = request["kind"], original["number"], set()
        right_kind = {
            "refund": ("pay", "voucher"),
            "unreserve": ("reserve",),
            "reverse": [*MONEY, "approve", *facts.FACTS],
            "correct": [k for k in MONEY if k not in ("refund", "unreserve", "reallocate")],
        }
        if kind == "correct" and self._half_a_line(original, request["changes"]):
            broken.add("malformed")
        if meaning(original) not in right_kind[kind] or original["undoes"]:
            return broken | {"entry"}
        if kind == "correct" and original["kind"] == "pay" and original["original"] is not None:
            return broken | {"entry"}
        if kind == "correct" and not set(request["changes"]) <= self._correctable(original):
            broken.add("entry")
        if request.get("said_fen") not in (None, original["fen"]):
            broken.add("entry")
        said = request.get("said_line")
        if said is not None and not any(fits(line, said) for line in original["said_as"]):
            broken.add("entry")
        if request["date"] < original["date"]:
            broken.add("date")
        if self.undone(number):
            broken.add("entry")
        if kind == "unreserve":
            fen = request["fen"] or self.left(number)
            if not 0 < fen <= self.left(number):
                broken.add("reserve")
            return broken
        if kind == "refund":
            left = self.left(number)
            if meaning(original) == "voucher":
                meant = self._items_meant(original, said)
                if len({self.parts_paid(original)[at][:2] for at in meant}) != 1:
                    return broken | {"entry"}
                left = max(self.left_of_items(original)[at] for at in meant)
            if request["fen"] > left:
                broken.add("R15")
            effect = self._refund_effect(original, request)
            return broken | self._afterwards(effect, request["date"])
        if self.used(number):
            broken.add("entry")
        if kind == "reverse" and meaning(original) == "contract":
            used = (self.of(f"contract {what}", original["request"]["no"]) for what in _OF_CONTRACT)
            return broken | ({"contract"} if any(used) else set())
        if kind == "reverse" and meaning(original) == "cap":
            item = original["request"]["item"]
            cap = self._without(original).cap_of(item, self.sums())
            return broken | ({"R3"} if cap < self.of("spent", item) else set())
        if kind == "reverse":
            undoing = {name: -fen for name, fen in own(original).items()}
            return broken | self._afterwards(undoing, request["date"])
        return broken if broken | self._date(request) else self._in_its_place(original, request)

    def _in_its_place(self, original: Entry, request: Request) -> set[str]:
        """What a correction puts there: without what was wrong, and what both do together."""
        ahead, right = self._without(original), self._corrected(original, request)
        judges = {"voucher": ahead._vouched, "cap": ahead._capped}
        judge = judges.get(right["kind"], ahead._money)
        anew = judge(right)
        if right["kind"] == "cap" and not self._decides(original):
            anew -= {"R3"}  # a later cap is the one that payments are held to
        if anew:
            # Put onto a line that is not there: missing, or with nothing on it; both are true.
            if "line" in anew:
                return anew | {"R1", "plan"}
            net = self._net(original, ahead._entered(right)["effect"])
            return anew | self._afterwards(net, request["date"])  # whichever is met first
        made = ahead._entered(right)
        broken = self._afterwards(self._net(original, made["effect"]), request["date"])
        if made["request"] == {**original["request"], "date": original["date"]}:
            broken.add("entry")  # it is so already
        return broken

    def _without(self, original: Entry) -> "Book":
        """The book without what an entry brought into effect: what a correction undid stays so."""
        ahead = self.copy()
        gone = ahead.entries[original["number"] - 1]
        left = {name: fen - own(gone).get(name, 0) for name, fen in gone["effect"].items()}
        gone["effect"] = {name: fen for name, fen in left.items() if fen}
        gone["right"], gone["gone"] = {}, True
        return ahead

    @staticmethod
    def _net(
        wrong: Entry, right: dict[tuple[str, str, str], int]
    ) -> dict[tuple[str, str, str], int]:
        """What is right less what was wrong."""
        net = {name: -fen for name, fen in own(wrong).items()}
        for name, fen in right.items():
            net[name] = net.get(name, 0) + fen
        return net

    def _entered(self, request: Request) -> Entry:
        """What a request would be as an entry of this book."""
        entry: Entry = {"doc": request["doc"], "kind": request["kind"], "effect": {}}
        entry["fen"], entry["said_as"] = request.get("fen"), []
        self._enter(entry, request)
        return entry

    @staticmethod
    def parts_paid(entry: Entry) -> list[tuple[str, str, int]]:
        """What a payment, or each item of a voucher, drew on, its econ and amount."""
        request = entry["request"]
        if request["kind"] == "pay":
            return [(entry["line"], request["econ"], entry["fen"])]
        lines = entry["said_as"][::2]
        return [(line, i[1], i[2]) for line, i in zip(lines, request["items"], strict=True)]

    def _items_meant(self, voucher: Entry, said: dict[str, str] | None) -> list[int]:
        """The positions of the items of a voucher that fit what is said of one."""
        drawn = enumerate(self.parts_paid(voucher))
        return [
            position
            for position, (line, econ, _) in drawn
            if said is None or any(fits(each, said) for each in (line, at_econ(line, econ)))
        ]

    def left_of_items(self, voucher: Entry) -> list[int]:
        """What did not come back of each item of a voucher."""
        number = voucher["number"]
        return [
            fen
            - sum(
                e["fen"]
                for e in self.entries
                if e["kind"] == "refund"
                and e["original"] == number
                and e.get("item") == position
                and not self.undone(e["number"])
            )
            for position, (_, _, fen) in enumerate(self.parts_paid(voucher))
        ]

    def _doubles(self, request: Request, mine: list[tuple[str, str, int]]) -> set[str]:
        """R16: a payment that stands is not recorded again under its document."""
        if not request["doc"] or request.get("again"):
            return set()
        for e in self.entries:
            if meaning(e) not in ("pay", "voucher") or self.undone(e["number"]):
                continue
            if (e["doc"], e["request"]["payee"]) != (request["doc"], request["payee"]):
                continue
            if self.used(e["number"]) >= e["fen"]:
                continue
            there = self.parts_paid(e)
            alike = e["request"]["kind"] == request["kind"]
            if sorted(there) == sorted(mine) if alike else set(there) & set(mine):
                return {"R16"}
        return set()

    def _paid_from(self, request: Request) -> set[str]:
        """The rules of a payment from a reservation: the reservation's, then any payment's."""
        original = self.named(request["ref"])
        if original is None:
            return {"entry"}
        broken: set[str] = set()
        said = request.get("contract", "")
        request = self._of_reservation(request, original)
        if meaning(original) != "reserve":
            broken |= {"entry", "line"}  # whose line is meant is anybody's guess
        else:
            if said not in ("", original["request"]["contract"]):
                broken.add("contract")
            if request["date"] < original["date"]:
                broken.add("date")
            if self.undone(original["number"]):
                broken.add("entry")
            if request["fen"] > self.left(original["number"]):
                broken.add("reserve")
            found = self._resolved(request)
            if found is None or found["line"] != original["line"]:
                broken.add("reserve")
        return broken | self._money(request)

    @staticmethod
    def _of_reservation(request: Request, original: Entry) -> Request:
        """What was left out is the reservation's: its line, that line's econ, its contract."""
        said, line = request["line"], original["line"]
        also = [line, *original["said_as"]] if line else []
        if isinstance(said, dict) and any(fits(each, said) for each in also):
            said = next(each for each in also if fits(each, said))
        econ = request["econ"]
        if econ == "-" and isinstance(said, str):
            econ = parts_of(said)["econ"]
        of = original["request"] if meaning(original) == "reserve" else {}
        no = request.get("contract") or of.get("contract", "")
        return {**request, "line": said, "econ": econ, "contract": no}

    def _decides(self, original: Entry) -> bool:
        """Whether a cap is the last of its item that stands."""
        return bool(self.capping(original["request"]["item"])[-1]["number"] == original["number"])

    @staticmethod
    def _correctable(original: Entry) -> set[str]:
        if meaning(original) == "voucher":
            return {"payee", "contract", "procurement_type"}
        if meaning(original) == "reuse":
            return set()
        more = {"payee"} if meaning(original) in ("pay", "reserve") else set()
        more |= {"counterpart"} if meaning(original) in ("pay", "income") else set()
        more |= {"contract"} if meaning(original) in ("pay", "reserve") else set()
        more |= {"procurement_type"} if meaning(original) == "pay" else set()
        return {"fen"} | more | ({"econ", "func", "project"} if original["line"] else set())

    @staticmethod
    def _half_a_line(original: Entry, changes: dict[str, Any]) -> bool:
        """A project on basic money, or none on project money, is no line at all."""
        unlike = ("reallocate", "reuse", "voucher", "surplus-in", "adjust-surplus", "cap")
        if meaning(original) not in MONEY or meaning(original) in unlike:
            return False
        parts = {**parts_of(original["line"]), **changes}
        return bool((parts["spending"] == "project") == (parts["project"] == "-"))

    @staticmethod
    def _corrected(original: Entry, request: Request) -> Request:
        """The right request: the original's with what is changed, dated as the correction."""
        wrong, changes = original["request"], request["changes"]
        right = {**wrong, "date": request["date"], "doc": request["doc"] or wrong["doc"]}
        parts = parts_of(original["line"]) if original["line"] else {}
        if meaning(original) == "pay":
            parts["econ"] = wrong["econ"]
        for name in ("econ", "func", "project"):
            if name in changes:
                parts[name] = changes[name]
        if set(changes) & {"econ", "func", "project"}:
            right["line"] = line_of(parts)
            if meaning(original) == "pay":
                right["econ"] = parts["econ"]
        elif meaning(original) == "pay" and isinstance(right["line"], str):
            right["line"] = at_econ(right["line"], right["econ"])  # whose line is not said anew
        for name in ("fen", "payee", "counterpart", "contract", "procurement_type"):
            if name in changes:
                right[name] = changes[name]
        return right

    # What an accepted request does.

    def record(self, request: Request, now: datetime, actor: str) -> list[int]:
        kind = request["kind"]
        entry: Entry = {
            "number": len(self.entries) + 1,
            "kind": kind,
            "actor": actor,
            "date": request["date"],
            "recorded_at": max([now, *(e["recorded_at"] for e in self.entries[-1:])]),
            "fen": request.get("fen"),
            "effect": {},
            "doc": request["doc"],
            "money": kind in (*MONEY, "transfer", "reverse", "correct", "approve"),
            "line": None,
            "said_as": [],
            "original": None,
            "undoes": None,
        }
        if kind in ("open-book", "amend-book"):
            self.basis = request.get("basis") or self.basis
            self.unit_kind = request.get("unit_kind") or self.unit_kind
            self.fund_basis.update(request.get("fund_basis", {}))
            self.shown.update(_shown(request))
            entry["shown"] = _shown(request)
        elif kind == "project":
            self.projects[request["code"]] = request["name"]
        elif kind == "lock-month":
            self.locked.add(request["month"])
        elif kind == "codes":
            entry["request"] = request
        elif kind in facts.FACTS:
            entry["request"] = request
            entry["tied"] = facts.tie(self, request)[1] if kind in facts.TRAVEL else []
        elif kind == "reconcile":
            pass
        elif kind in ("refund", "reverse", "unreserve", "reject"):
            self._note(entry, request)
        elif kind == "correct":
            self._put_right(entry, request)
        elif kind == "approve" and self._asked(request)["request"]["kind"] == "reverse":
            asked = self._asked(request)
            granted = self._granted(request, asked)
            self._note(entry, granted)
            entry["original"], entry["doc"] = asked["number"], granted["doc"]
        else:
            self._enter(entry, request)
        if kind == "transfer" and not request.get("incoming"):
            assert self.beside is not None
            self.beside.record(self._arrival(entry["request"]), now, actor)
        self.entries.append(entry)
        return [entry["number"]]

    def stand_in(self, now: datetime) -> None:
        """An entry of which this book knows nothing but that it is there."""
        last, nothing = self.entries[-1], ("line", "original", "undoes", "fen")
        self.entries.append(
            {
                **dict.fromkeys(nothing),
                "number": len(self.entries) + 1,
                "kind": "",
                "actor": "",
                "doc": "",
                "effect": {},
                "said_as": [],
                "money": False,
                "date": last["date"],
                "recorded_at": max(now, last["recorded_at"]),
            }
        )

    def _put_right(self, entry: Entry, request: Request) -> None:
        """What is right in the place of what was wrong, in one entry."""
        original = self.named(request["ref"])
        assert original is not None
        right = self._corrected(original, request)
        made = self._without(original)._entered(right)
        entry |= {name: made[name] for name in ("fen", "line", "said_as", "request")}
        entry["doc"], entry["means"] = right["doc"], right["kind"]
        entry["original"] = entry["corrects"] = original["number"]
        entry["right"], entry["effect"] = made["effect"], self._net(original, made["effect"])

    def _asked(self, request: Request) -> Entry:
        """The request that is approved."""
        asked = self.named(request["ref"])
        assert asked is not None
        return asked

    def _enter(self, entry: Entry, request: Request) -> None:
        """What an entry is that names its lines itself, or asks for what is approved now."""
        kind = request["kind"]
        if request.get("ref") is not None:
            original = self.named(request["ref"])
            assert original is not None
            entry["original"] = original["number"]
            of = self._of_reservation if kind == "pay" else self._granted
            request = of(request, original)
            entry["doc"] = request["doc"]
        request = self._resolved(request) or request
        if self._may_not_yet(request):
            self._submit(entry, request)
        else:
            entry["effect"] = self.effect(request)
        if request["kind"] == "reallocate":
            entry["fen"] = sum(fen for _, fen in request["from"])
            entry["said_as"] = [line for line, _ in (*request["from"], *request["to"])]
        elif request["kind"] == "voucher":
            drawn = [self._resolved(item) or item for item in self._items(request)]
            entry["fen"] = sum(item["fen"] for item in drawn)
            entry["said_as"] = [
                line for i in drawn for line in (i["line"], at_econ(i["line"], i["econ"]))
            ]
        elif request["kind"] in ("income", "use-surplus", "distribute"):
            request = {**request, "line": at_econ(request["line"], "-")}
            entry["said_as"] = [request["line"]]
        elif request["kind"] not in ("surplus-in", "adjust-surplus", "cap"):
            entry["said_as"] = [request["line"]]
            if kind == "reuse":
                entry["said_as"].append(request["to_line"])
            if kind == "pay":
                entry["said_as"].append(at_econ(request["line"], request["econ"]))
        entry["line"] = next(iter(entry["said_as"]), None)
        entry["request"] = {**_UNSAID, **request} if request["kind"] in _TO_SOMEBODY else request

    def _submit(self, entry: Entry, request: Request) -> None:
        """It waits, and moves nothing."""
        entry["kind"], entry["money"], entry["request"] = "submit", False, request
        entry["needed"] = ["", "department", "finance"][self._authority(request)]

    def _note(self, entry: Entry, request: Request) -> None:
        """What an entry about an earlier one is."""
        original = self.named(request["ref"])
        assert original is not None
        entry["original"] = original["number"]
        kind = request["kind"]
        if kind == "reject":
            return
        entry["line"] = original["line"]
        if kind == "unreserve":
            entry["fen"] = fen = request["fen"] or self.left(original["number"])
            entry["effect"] = {
                ("held", original["line"], ""): -fen,
                ("available", original["line"], ""): fen,
            }
            if no := original["request"]["contract"]:
                entry["effect"]["contract held", no, ""] = -fen
            entry["said_as"] = original["said_as"][:1]
        elif kind == "reverse" and self._may_not_yet(request):
            entry["fen"], entry["said_as"] = original["fen"], original["said_as"]
            self._submit(entry, request)
        elif kind == "reverse":
            entry["fen"], entry["undoes"] = original["fen"], original["number"]
            entry["money"] = original["kind"] not in facts.FACTS
            entry["effect"] = {name: -fen for name, fen in own(original).items()}
        else:
            entry["said_as"] = original["said_as"][:1]
            if meaning(original) == "voucher":
                left = self.left_of_items(original)
                meant = self._items_meant(original, request.get("said_line"))
                entry["item"] = next(at for at in meant if left[at] >= request["fen"])
                entry["line"] = self.parts_paid(original)[entry["item"]][0]
                entry["said_as"] = [entry["line"]]
            entry["effect"] = self._refund_effect(original, request)

    def effect(self, request: Request) -> dict[tuple[str, str, str], int]:
        """(what, whose, detail) → fen. What is approved is spread over pending, available, paid."""
        kind, line, fen = request["kind"], request.get("line", ""), request.get("fen", 0)
        if kind in ("adjust-opening", "transfer", "recover"):
            return self._opening_effect(request)
        if kind in ("surplus-in", "adjust-surplus", "use-surplus", "distribute"):
            return self._surplus_effect(request)
        effect: dict[tuple[str, str, str], int] = {}

        def add(what: str, whose: str, fen: int, detail: str = "") -> None:
            effect[what, whose, detail] = effect.get((what, whose, detail), 0) + fen

        def raise_cap(line: str, fen: int) -> None:
            parts = parts_of(line)
            if parts["fund"] in FISCAL and parts["econ"] in ITEM:
                add("cap", ITEM[parts["econ"]], fen)

        fund = line.split(":")[0]
        if kind in ("carry-in", "appropriate", "supplement"):
            add("approved", line, fen)
            add("pending" if request["pending"] else "available", line, fen)
            if kind == "appropriate":
                add("initial", line, fen)
            if kind != "carry-in":
                raise_cap(line, fen)
            elif fund == "nonfiscal":
                add("cash", "", fen)
        elif kind == "cut":
            waiting = min(fen, max(self.of("pending", line), 0))
            add("approved", line, -fen)
            if waiting:
                add("pending", line, -waiting)
            if fen > waiting:
                add("available", line, waiting - fen)
        elif kind in ("release", "withdraw", "reclassify", "reserve"):
            return self._waiting_effect(request)
        elif kind == "fund-plan":
            add("plan", line, fen, str(request["month"]))
        elif kind in ("reallocate", "reuse"):
            again = kind == "reuse"
            for source, share in [(line, fen)] if again else request["from"]:
                add("approved", source, -share)
                add("pending" if again else "available", source, -share)
                add("surplus", source, -share if again else 0)
            for target, share in [(request["to_line"], fen)] if again else request["to"]:
                add("approved", target, share)
                add("available", target, share)
                raise_cap(target, share)
        elif kind == "pay":
            return self._payment_effect(request)
        elif kind == "voucher":
            for item in self._items(request):
                for name, moved in self._payment_effect(self._resolved(item) or item).items():
                    effect[name] = effect.get(name, 0) + moved
        elif kind == "income":
            add("income", at_econ(line, "-"), fen, request["source"])
            if request.get("counterpart"):
                add("dealing", request["counterpart"], fen, request["source"])
            if fund == "nonfiscal":
                add("cash", "", fen)
        return effect

    @staticmethod
    def _waiting_effect(request: Request) -> dict[tuple[str, str, str], int]:
        """What waits can be spent, or waits again, or is held; what became surplus is remembered as
        such."""
        kind, line, fen = request["kind"], request["line"], request["fen"]
        waits = -fen if kind == "release" else fen
        where = "held" if kind == "reserve" else "pending"
        effect = {(where, line, ""): waits, ("available", line, ""): -waits}
        if kind == "reserve" and request.get("contract"):
            effect["contract held", request["contract"], ""] = fen
        return {**effect, ("surplus", line, ""): fen} if kind == "reclassify" else effect

    @staticmethod
    def _surplus_effect(request: Request) -> dict[tuple[str, str, str], int]:
        """Into a pool, out of it for a purpose, or from a purpose into it; the tax is gone."""
        kind, fen = request["kind"], request["fen"]
        if kind == "surplus-in":
            return {("pool", request["pool"], "opening"): fen}
        if kind == "adjust-surplus":
            return {("pool", request["pool"], "adjusted"): -fen if request["decrease"] else fen}
        purpose = at_econ(request["line"], "-")
        if kind == "use-surplus":
            pool = {("pool", request["pool"], "used"): -fen}
            return {**pool, ("used", purpose, ""): fen, ("cash", "", ""): fen}
        where = request["distribution"]
        pool = {("pool", where, "distributed"): fen} if where != "tax" else {}
        return {**pool, ("distributed", purpose, ""): fen, ("cash", "", ""): -fen}

    @staticmethod
    def _payment_effect(request: Request) -> dict[tuple[str, str, str], int]:
        line, econ, fen = request["line"], request["econ"], request["fen"]
        source = "available" if request.get("ref") is None else "held"
        effect = {
            (source, line, ""): -fen,
            ("paid", line, ""): fen,
            ("paid by econ", line, econ): fen,
        }
        if request.get("counterpart"):
            effect["dealing", request["counterpart"], ""] = fen
        if no := request.get("contract"):
            effect["contract paid", no, ""] = fen
            if source == "held":
                effect["contract held", no, ""] = -fen
        elif request.get("procurement_type"):
            effect["bought", request["procurement_type"], ""] = fen
        fund = parts_of(line)["fund"]
        if fund in FISCAL and econ in ITEM:
            effect["spent", ITEM[econ], ""] = fen
        if fund == "nonfiscal":
            effect["cash", "", ""] = -fen
        return effect

    def _opening_effect(self, request: Request) -> dict[tuple[str, str, str], int]:
        """What is handed back stays approved; everything else is approved or no longer."""
        kind, line, fen = request["kind"], request["line"], request["fen"]
        parts = parts_of(line)
        current = parts["origin"] == self.year
        if kind == "recover":
            signed, back = -fen, not current
        else:
            signed = -fen if self._down(request) else fen
            back = kind == "adjust-opening" and request["adjustment"] == "remitted"
        effect = {("available", line, ""): signed}
        effect["taken" if back else "approved", line, ""] = fen if back else signed
        if parts["fund"] == "nonfiscal" and not current:
            effect["cash", "", ""] = signed
        return effect

    def _refund_effect(self, payment: Entry, request: Request) -> dict[tuple[str, str, str], int]:
        """Back to what can be spent, even what was paid from a reservation."""
        fen = request["fen"]
        if meaning(payment) == "voucher":
            at = self._items_meant(payment, request.get("said_line"))[0]
            line, econ, _ = self.parts_paid(payment)[at]
            item = {**payment["request"], "line": line, "econ": econ, "fen": fen}
            return {name: -moved for name, moved in self._payment_effect(item).items()}
        sign = {"paid": -1, "paid by econ": -1, "spent": -1, "cash": 1, "dealing": -1}
        sign |= {"contract paid": -1, "bought": -1}
        effect = {n: sign[n[0]] * fen for n in own(payment) if n[0] in sign}
        return {**effect, ("available", payment["line"], ""): fen}
