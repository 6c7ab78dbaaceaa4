"""A second, dumber book: what the contract and the field say, written down once more.

It imports nothing of the product and shares no idea with it: no postings, no fold, no order of
checks. It keeps the accepted entries as plain dicts, adds all of them up anew for every question,
and says of a request *every* rule that it breaks; the product must refuse it for one of those, and
accept it if there are none. Slow on purpose.

A request is a plain dict: `kind`, `date`, `doc`, `key` and what the kind needs. Lines are texts; a
line may be a dict of parts where the contract lets parts be left out. Amounts are `fen`.
"""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

Request = dict[str, Any]
Entry = dict[str, Any]

ITEM = {
    "30212": "overseas",
    "31013": "vehicle_purchase",
    "30913": "vehicle_purchase",
    "30231": "vehicle_operation",
    "30217": "reception",
}
FISCAL = ("general", "govfund", "statecapital")
MONEY = [
    "carry-in",
    "appropriate",
    "supplement",
    "cut",
    "release",
    "withdraw",
    "fund-plan",
    "reallocate",
    "reserve",
    "unreserve",
    "pay",
    "voucher",
    "refund",
    "income",
    "surplus-in",
    "use-surplus",
    "distribute",
    "adjust-opening",
    "recover",
]
"""The kinds that can be reversed; a transfer is in two books and is sent back."""
DOCUMENTED = (
    *("supplement", "cut", "fund-plan", "reallocate"),
    *("adjust-opening", "recover", "transfer"),
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
    "R11",
    "R15",
    "R16",
    "approval",
    "unit",
    "income",
    "distribution",
    "R1",
    "reserve",
    "plan",
    "pool",
    "cash",
    "closing",
    "reconcile",
    "malformed",
]
"""The words for what is broken: a rule of the domain, or the matter; `malformed` cannot be read."""

_MOVES = (
    *("approved", "pending", "available", "held", "paid", "income"),
    *("pool", "used", "distributed"),
)
"""What a day must have of to be the last on which money moved."""

SPENDING_COLUMNS = {
    "basic": 2,
    "project": 3,
    "remit-superior": 4,
    "business": 5,
    "affiliate-subsidy": 6,
}
"""支出性质 by its column of table 3. The last three are no fiscal money and no 行政单位's."""
SELDOM = list(SPENDING_COLUMNS)[2:]
POOLS = ("unrestricted", "special")
WALK = {"opening": 1, "income": 1, "surplus_used": 1, "expenditure": -1, "distributed": -1}
"""The steps from the opening to the closing, and how each counts."""

CLASSES = [
    *("201", "202", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214"),
    *("215", "216", "217", "219", "220", "221", "222", "223", "224", "229", "231", "232", "234"),
]
"""The classes of the tables 1 and 4 in their order."""
SOURCE_ROWS = {"superior": 4, "service": 5, "business": 6, "affiliate": 7, "other": 8}
THREE_PUBLIC_COLUMNS = {
    "overseas": (0, 1),
    "vehicle_purchase": (0, 2, 3),
    "vehicle_operation": (0, 2, 4),
    "reception": (0, 5),
}


def parts_of(line: str) -> dict[str, str]:
    names = ("fund", "func", "spending", "project", "econ", "origin")
    return dict(zip(names, line.split(":"), strict=True))


def line_of(parts: dict[str, str]) -> str:
    return ":".join(
        str(parts[name]) for name in ("fund", "func", "spending", "project", "econ", "origin")
    )


def at_econ(line: str, econ: str) -> str:
    return line_of({**parts_of(line), "econ": econ})


def purpose(line: str) -> str:
    """Everything but the econ."""
    return at_econ(line, "")


def fits(line: str, wanted: dict[str, str]) -> bool:
    """Whether a line has the parts that are given; func and econ may be prefixes of their level."""
    have = parts_of(line)
    for name, value in wanted.items():
        if name == "func":
            if have["func"][: len(str(value))] != value or len(value) not in (3, 5, 7):
                return False
        elif name == "econ":
            if value not in (have["econ"], have["econ"][:3]):
                return False
        elif str(have[name]) != str(value):
            return False
    return True


class Book:
    """The accepted entries and what a person could work out from them with a pencil."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.year = name.split("/")[1]
        self.basis: str | None = None
        self.unit_kind = ""
        self.fund_basis: dict[str, str] = {}
        self.projects: dict[str, str] = {}
        self.locked: set[int] = set()
        self.entries: list[Entry] = []
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
        other.projects = dict(self.projects)
        other.locked = set(self.locked)
        other.entries = [dict(entry) for entry in self.entries]
        other.answered = dict(self.answered)
        return other

    def basis_of(self, line: str) -> str | None:
        """The income basis of the fund of a line."""
        return self.fund_basis.get(line.split(":", maxsplit=1)[0], self.basis)

    # What is there.

    def sums(
        self, as_of: date | None = None, known_at: datetime | None = None
    ) -> dict[tuple[str, str, str], int]:
        """(what, of which line or item, detail) → fen, over the entries that count."""
        totals: dict[tuple[str, str, str], int] = {}
        for entry in self.counted(as_of, known_at):
            for name, fen in entry["effect"].items():
                totals[name] = totals.get(name, 0) + fen
        return totals

    def counted(self, as_of: date | None = None, known_at: datetime | None = None) -> list[Entry]:
        """The entries of a cut."""
        return [
            entry
            for entry in self.entries
            if (as_of is None or entry["date"] <= as_of)
            and (known_at is None or entry["recorded_at"] <= known_at)
        ]

    def lines(self) -> list[str]:
        """Every line that any entry ever opened."""
        return sorted({name[1] for entry in self.entries for name in entry["effect"]
                       if name[0] == "approved"})  # fmt: skip

    def of(self, what: str, line: str, detail: str = "") -> int:
        return self.sums().get((what, line, detail), 0)

    # What a request would do, and what is wrong with it.

    def ask(self, request: Request, now: datetime, actor: str) -> dict[str, Any]:
        """The answer: `broken` families (none: accepted), `already`, and the entry numbers; whether
        it is a request that `waits` for somebody else."""
        asked = {name: value for name, value in request.items() if name != "key"}
        key = request.get("key")
        if key is not None and key in self.answered:
            content, number = self.answered[key]
            if content != asked:
                return {"broken": {"key"}, "already": False, "numbers": []}
            waits = number in self.waiting()
            return {"broken": set(), "already": True, "numbers": [number], "waits": waits}
        broken = self.broken(request, actor)
        if broken:
            return {"broken": broken, "already": False, "numbers": []}
        numbers = self.record(request, now, actor)
        if key is not None:
            self.answered[key] = (asked, numbers[-1])
        waits = numbers[-1] in self.waiting()
        return {"broken": set(), "already": False, "numbers": numbers, "waits": waits}

    def broken(self, request: Request, actor: str) -> set[str]:
        kind = request["kind"]
        if (self.basis is None) != (kind == "open-book"):
            return {"book"}
        broken = self._date(request)
        if kind == "amend-book" and any("effect" in e and e["money"] for e in self.entries):
            broken.add("book")
        if kind == "lock-month" and request["month"] in self.locked:
            broken.add("date")
        if kind == "reconcile":
            broken |= self._reconciliation(request)
        if kind in ("reverse", "refund", "unreserve", "correct"):
            return broken | self._about_entry(request)
        if kind == "pay" and request.get("ref") is not None:
            return broken | self._paid_from(request)
        if kind == "voucher":
            return broken | self._vouched(request)
        if kind in ("approve", "reject"):
            return broken | self._about_request(request, actor)
        if kind in (*MONEY, "transfer"):
            broken |= self._money(request)
        return broken

    def _date(self, request: Request) -> set[str]:
        day = request["date"]
        if str(day.year) != self.year:
            return {"date"}
        money = request["kind"] in (*MONEY, "transfer", "reverse", "correct", "approve")
        return {"date"} if money and day.month in self.locked else set()

    def _money(self, request: Request) -> set[str]:
        """The rules of a request that names its lines itself."""
        kind, broken = request["kind"], set()
        if kind in DOCUMENTED and not request["doc"]:
            broken.add("doc")
        if kind == "pay":
            if not request["payee"]:
                broken.add("R16")
            if len(request["econ"]) != 5:
                broken.add("R16")
        if kind == "adjust-opening" and request["decrease"]:
            broken |= set() if request["adjustment"] == "error-correction" else {"R11"}
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
        if kind == "income":
            broken |= self._wrong_class(request)
        if kind in ("surplus-in", "use-surplus", "distribute"):
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

    def _wrong_year(self, kind: str, line: str) -> set[str]:
        """Carry-over is older, budget is this year's, income is not of a year to come."""
        origin = parts_of(line)["origin"]
        lawful = {"carry-in": origin < self.year, "income": origin <= self.year}
        return set() if lawful.get(kind, origin == self.year) else {"R7"}

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
        if kind == "surplus-in":
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

    def distributable(self) -> int:
        """What came in and was not spent of money that is the unit's own and no project's; no more
        than is in hand, because projects may have spent it."""
        signs = {"income": 1, "used": 1, "paid": -1, "distributed": -1, "taken": -1}
        free = 0
        for (what, line, _), fen in self.sums().items():
            if line.startswith("nonfiscal:") and parts_of(line)["spending"] != "project":
                carried = what == "approved" and parts_of(line)["origin"] < self.year
                free += fen * (1 if carried else signs.get(what, 0))
        return max(0, min(free, self.of("cash", "")))

    def pools(self, **cut: Any) -> dict[str, dict[str, int]]:
        """What was carried into each pool of 非财政拨款结余, distributed into it and used of it."""
        found = {pool: {"opening": 0, "distributed": 0, "used": 0} for pool in POOLS}
        for (what, pool, step), fen in self.sums(**cut).items():
            if what == "pool":
                found[pool][step] += -fen if step == "used" else fen
        return {
            pool: {**steps, "closing": steps["opening"] + steps["distributed"] - steps["used"]}
            for pool, steps in found.items()
            if any(steps.values())
        }

    def purposes(self) -> list[str]:
        """What money may be for: of every line, and of what came in and has not gone again."""
        came: dict[str, int] = {}
        for (what, line, _), fen in self.sums().items():
            if what in ("income", "used", "distributed"):
                came[line] = came.get(line, 0) + (-fen if what == "distributed" else fen)
        received = [line for line, fen in came.items() if fen]
        return sorted({*received, *(at_econ(line, "-") for line in self.lines())})

    def _reconciliation(self, request: Request) -> set[str]:
        """R12: about what this book has paid of fiscal money; what differs needs a reason."""
        said, differs = request["paid_fen"], request["paid_fen"] != request["statement_fen"]
        unexplained = (differs or request["differences"]) and not request["reason"]
        return {"reconcile"} if said != self.fiscal_paid() or unexplained else set()

    def fiscal_paid(self) -> int:
        """What is paid of all money of the finance bureau."""
        return sum(
            fen
            for (what, line, _), fen in self.sums().items()
            if what == "paid" and parts_of(line)["fund"] in FISCAL
        )

    def last(self, *, reconciled: bool = False) -> int:
        """The last entry that moved what is paid of fiscal money, or that reconciled; else 0."""

        def counts(entry: Entry) -> bool:
            return entry["kind"] == "reconcile" if reconciled else any(
                what == "paid" and parts_of(line)["fund"] in FISCAL
                for what, line, _ in entry["effect"]
            )  # fmt: skip

        return max((entry["number"] for entry in self.entries if counts(entry)), default=0)

    def _vouched(self, request: Request) -> set[str]:
        """Every item like a payment, and all of them together within what is there."""
        broken = set() if request["payee"] else {"R16"}
        for item in self._items(request):
            if len(item["econ"]) != 5:
                broken.add("R16")
            broken |= self._capital(item["line"], item["econ"])
            if self._resolved(item) is None:
                broken.add("line")
        if "line" in broken:
            return broken
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
        if request["kind"] != "reallocate":
            return False
        given = {None: 0, "department": 1, "finance": 2}[request["authority"]]
        return given < self._authority(self._resolved(request) or request)

    @staticmethod
    def _authority(request: Request) -> int:
        """1: the department; 2: the finance bureau. Net, over everything that moves."""
        inside: dict[tuple[str, ...], int] = {}
        rises: dict[str, int] = {}
        for sign, moved in ((-1, request["from"]), (1, request["to"])):
            for line, fen in moved:
                parts = parts_of(line)
                where = (parts["func"], parts["spending"], parts["project"], parts["econ"][:3])
                inside[where] = inside.get(where, 0) + sign * fen
                if parts["fund"] == "general" and parts["econ"] in ITEM:
                    item = ITEM[parts["econ"]]
                    rises[item] = rises.get(item, 0) + sign * fen
        return 2 if any(inside.values()) or any(fen > 0 for fen in rises.values()) else 1

    def plans(self, line: str) -> list[int]:
        """用款计划 of a line, January to December."""
        return [self.of("plan", line, str(month)) for month in range(1, 13)]

    def _afterwards(self, effect: dict[tuple[str, str, str], int], day: date) -> set[str]:
        """What would be below zero, over its cap or beyond its plan after an effect, dated so."""
        before = self.sums()
        after = dict(before)
        for name, fen in effect.items():
            after[name] = after.get(name, 0) + fen
        broken = set()
        for name, fen in effect.items():
            nonnegative = ("pending", "available", "held", "paid", "taken")
            if name[0] in nonnegative and after[name] < 0:
                broken.add("R1")
            if (name[0] == "paid" and fen > 0) or (name[0] == "plan" and fen < 0):
                planned = [after.get(("plan", name[1], str(m)), 0) for m in range(1, 13)]
                by = max(day.month, int(name[2] or 0))
                if any(planned) and sum(planned[:by]) < after.get(("paid", name[1], ""), 0):
                    broken.add("plan")
            if name[0] == "cash" and fen < 0 and after[name] < 0:
                broken.add("cash")
            if name[0] == "pool" and fen < 0:
                left = (
                    after.get(("pool", name[1], step), 0)
                    for step in ("opening", "distributed", "used")
                )
                if sum(left) < 0:
                    broken.add("pool")
            if name[0] in ("cap", "spent"):
                worse = effect.get(("cap", name[1], ""), 0) < 0 or (
                    effect.get(("spent", name[1], ""), 0) > 0
                )
                cap = after.get(("cap", name[1], ""), 0)
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
        if kind in ("cut", "release", "withdraw", "recover", "fund-plan", "reserve"):
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
        if request["adjustment"] == "error-correction":
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
        """款, else 类, else `-`, of the one purpose that is meant."""
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
            if at_econ(wanted, candidate) in there:
                return at_econ(wanted, candidate)
        return None

    # Requests about an earlier entry.

    def named(self, ref: str) -> Entry | None:
        number: int | None = None
        if ref in self.answered:
            number = self.answered[ref][1]
        elif ref.startswith("#"):
            number = int(ref[1:])
        return self.entries[number - 1] if number and 1 <= number <= len(self.entries) else None

    def used(self, number: int) -> int:
        """What refunds gave back of a payment, or payments and releases took of a reservation, as
        far as they still stand."""
        return sum(
            e["fen"]
            for e in self.entries
            if e["kind"] in ("refund", "unreserve", "pay")
            and e["original"] == number
            and not self.undone(e["number"])
        )

    def left(self, number: int) -> int:
        """What is left of a payment or a reservation."""
        return int(self.entries[number - 1]["fen"]) - self.used(number)

    def undone(self, number: int) -> bool:
        return any(e["kind"] == "reverse" and e["original"] == number for e in self.entries)

    def settled(self, number: int) -> bool:
        return any(
            e["kind"] in ("approve", "reject") and e["original"] == number for e in self.entries
        )

    def waiting(self, as_of: date | None = None, known_at: datetime | None = None) -> list[int]:
        """The requests that are made and not settled, among the entries that count."""
        counted = [
            e
            for e in self.entries
            if (as_of is None or e["date"] <= as_of)
            and (known_at is None or e["recorded_at"] <= known_at)
        ]
        settled = {e["original"] for e in counted if e["kind"] in ("approve", "reject")}
        asked = [e["number"] for e in counted if e["kind"] == "submit"]
        return [number for number in asked if number not in settled]

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
        return broken | self._money(granted)

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
            "refund": ("pay",),
            "unreserve": ("reserve",),
            "reverse": [*MONEY, "approve"],
            "correct": [
                k for k in MONEY if k not in ("refund", "unreserve", "reallocate", "voucher")
            ],
        }
        if kind == "correct" and self._half_a_line(original, request["changes"]):
            broken.add("malformed")
        if original["kind"] not in right_kind[kind]:
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
            if request["fen"] > self.left(number):
                broken.add("R15")
            effect = self._refund_effect(original, request["fen"])
            return broken | self._afterwards(effect, request["date"])
        if self.used(number):
            broken.add("entry")
        undoing = {name: -fen for name, fen in original["effect"].items()}
        broken |= self._afterwards(undoing, request["date"])
        if kind == "correct" and not broken | self._date(request):
            ahead = self.copy()
            ahead.record({**request, "kind": "reverse"}, self.entries[-1]["recorded_at"], "")
            anew = ahead._money(self._corrected(original, request))
            # Put onto a line that is not there: missing, or with nothing on it; both are true.
            broken |= anew | ({"R1", "plan"} if "line" in anew else set())
        return broken

    def _paid_from(self, request: Request) -> set[str]:
        """The rules of a payment from a reservation: the reservation's, then any payment's."""
        original = self.named(request["ref"])
        if original is None:
            return {"entry"}
        broken: set[str] = set()
        request = self._of_reservation(request, original)
        if original["kind"] != "reserve":
            broken |= {"entry", "line"}  # whose line is meant is anybody's guess
        else:
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
        """What was left out is the reservation's: its line, and that line's econ."""
        said, line = request["line"], original["line"]
        also = [line, *original["said_as"]] if line else []
        if isinstance(said, dict) and any(fits(each, said) for each in also):
            said = next(each for each in also if fits(each, said))
        econ = request["econ"]
        if econ == "-" and isinstance(said, str):
            econ = parts_of(said)["econ"]
        return {**request, "line": said, "econ": econ}

    @staticmethod
    def _correctable(original: Entry) -> set[str]:
        more = {"payee"} if original["kind"] in ("pay", "reserve") else set()
        return {"fen"} | more | ({"econ", "func", "project"} if original["line"] else set())

    @staticmethod
    def _half_a_line(original: Entry, changes: dict[str, Any]) -> bool:
        """A project on basic money, or none on project money, is no line at all."""
        unlike = ("reallocate", "voucher", "surplus-in")
        if original["kind"] not in MONEY or original["kind"] in unlike:
            return False
        parts = {**parts_of(original["line"]), **changes}
        return bool((parts["spending"] == "project") == (parts["project"] == "-"))

    @staticmethod
    def _corrected(original: Entry, request: Request) -> Request:
        """The right request: the original's with what is changed, dated as the correction."""
        wrong, changes = original["request"], request["changes"]
        right = {**wrong, "date": request["date"], "doc": request["doc"] or wrong["doc"]}
        parts = parts_of(original["line"]) if original["line"] else {}
        if original["kind"] == "pay":
            parts["econ"] = wrong["econ"]
        for name in ("econ", "func", "project"):
            if name in changes:
                parts[name] = changes[name]
        if set(changes) & {"econ", "func", "project"}:
            right["line"] = line_of(parts)
            if original["kind"] == "pay":
                right["econ"] = parts["econ"]
        for name in ("fen", "payee"):
            if name in changes:
                right[name] = changes[name]
        return right

    # What an accepted request does.

    def record(self, request: Request, now: datetime, actor: str) -> list[int]:
        kind = request["kind"]
        if kind == "correct":
            original = self.named(request["ref"])
            assert original is not None
            first = self.record({**request, "kind": "reverse"}, now, actor)
            return first + self.record(self._corrected(original, request), now, actor)
        entry: Entry = {
            "number": len(self.entries) + 1,
            "kind": kind,
            "actor": actor,
            "date": request["date"],
            "recorded_at": max([now, *(e["recorded_at"] for e in self.entries[-1:])]),
            "fen": request.get("fen"),
            "effect": {},
            "doc": request["doc"],
            "money": kind in (*MONEY, "transfer", "reverse", "approve"),
            "line": None,
            "said_as": [],
            "original": None,
        }
        if kind in ("open-book", "amend-book"):
            self.basis = request.get("basis") or self.basis
            self.unit_kind = request.get("unit_kind") or self.unit_kind
            self.fund_basis.update(request.get("fund_basis", {}))
        elif kind == "project":
            self.projects[request["code"]] = request["name"]
        elif kind == "lock-month":
            self.locked.add(request["month"])
        elif kind == "reconcile":
            pass
        elif kind in ("refund", "reverse", "unreserve", "reject"):
            self._note(entry, request)
        else:
            self._enter(entry, request)
        if kind == "transfer" and not request.get("incoming"):
            assert self.beside is not None
            self.beside.record(self._arrival(entry["request"]), now, actor)
        self.entries.append(entry)
        return [entry["number"]]

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
            entry["kind"], entry["money"] = "submit", False
            entry["needed"] = ["", "department", "finance"][self._authority(request)]
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
        elif request["kind"] != "surplus-in":
            entry["said_as"] = [request["line"]]
            if kind == "pay":
                entry["said_as"].append(at_econ(request["line"], request["econ"]))
        entry["line"] = next(iter(entry["said_as"]), None)
        entry["request"] = request

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
            entry["said_as"] = original["said_as"][:1]
        elif kind == "reverse":
            entry["fen"] = original["fen"]
            entry["effect"] = {name: -fen for name, fen in original["effect"].items()}
        else:
            entry["effect"] = self._refund_effect(original, request["fen"])
            entry["said_as"] = original["said_as"][:1]

    def effect(self, request: Request) -> dict[tuple[str, str, str], int]:
        """(what, whose, detail) → fen. What is approved is spread over pending, available, paid."""
        kind, line, fen = request["kind"], request.get("line", ""), request.get("fen", 0)
        if kind in ("adjust-opening", "transfer", "recover"):
            return self._opening_effect(request)
        if kind in ("surplus-in", "use-surplus", "distribute"):
            return self._surplus_effect(request)
        effect: dict[tuple[str, str, str], int] = {}

        def add(what: str, whose: str, fen: int, detail: str = "") -> None:
            effect[what, whose, detail] = effect.get((what, whose, detail), 0) + fen

        def raise_cap(line: str, fen: int) -> None:
            parts = parts_of(line)
            if parts["fund"] == "general" and parts["econ"] in ITEM:
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
        elif kind in ("release", "withdraw"):
            sign = 1 if kind == "release" else -1
            add("pending", line, -sign * fen)
            add("available", line, sign * fen)
        elif kind == "fund-plan":
            add("plan", line, fen, str(request["month"]))
        elif kind == "reserve":
            add("available", line, -fen)
            add("held", line, fen)
        elif kind == "reallocate":
            for source, share in request["from"]:
                add("approved", source, -share)
                add("available", source, -share)
            for target, share in request["to"]:
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
            if fund == "nonfiscal":
                add("cash", "", fen)
        return effect

    @staticmethod
    def _surplus_effect(request: Request) -> dict[tuple[str, str, str], int]:
        """Into a pool, out of it for a purpose, or from a purpose into it; the tax is gone."""
        kind, fen = request["kind"], request["fen"]
        if kind == "surplus-in":
            return {("pool", request["pool"], "opening"): fen}
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
        fund = parts_of(line)["fund"]
        if fund == "general" and econ in ITEM:
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

    def _refund_effect(self, payment: Entry, fen: int) -> dict[tuple[str, str, str], int]:
        """Back to what can be spent, even what was paid from a reservation."""
        sign = {"paid": -1, "paid by econ": -1, "spent": -1, "cash": 1}
        effect = {n: sign[n[0]] * fen for n in payment["effect"] if n[0] in sign}
        return {**effect, ("available", payment["line"], ""): fen}

    # What can be asked of the book.

    def balance(self, **cut: Any) -> dict[str, dict[str, int]]:
        """Per line that has any figure."""
        totals = self.sums(**cut)
        names = {
            "initial": "initial_fen",
            "approved": "annual_budget_fen",
            "pending": "pending_fen",
            "available": "available_fen",
            "held": "held_fen",
            "paid": "paid_fen",
            "taken": "taken_fen",
        }
        found: dict[str, dict[str, int]] = {}
        for (what, line, _), fen in totals.items():
            if what in names and fen:
                found.setdefault(line, dict.fromkeys(names.values(), 0))[names[what]] += fen
        return found

    def carryover(self, **cut: Any) -> dict[tuple[str, str, str, int], dict[str, int]]:
        """Per fund, func, project and origin: every step from the opening to the closing."""
        beside: dict[str, dict[str, int]] = {"used": {}, "distributed": {}}
        opening: dict[str, int] = {}
        current: dict[str, int] = {}
        spent: dict[str, int] = {}
        income: dict[str, int] = {}
        for (what, line, _), fen in self.sums(**cut).items():
            if what == "approved":
                bag = current if parts_of(line)["origin"] == self.year else opening
                bag[line] = bag.get(line, 0) + fen
            elif what == "taken":
                opening[line] = opening.get(line, 0) - fen
            elif what == "paid":
                spent[line] = spent.get(line, 0) + fen
            elif what == "income":
                income[line] = income.get(line, 0) + fen
            elif what in beside:
                beside[what][line] = fen
        for line in {*opening, *current, *spent}:
            if parts_of(line)["fund"] in FISCAL:
                if self.basis_of(line) == "indicator":
                    income[line] = income.get(line, 0) + current.get(line, 0)
                # Under `payment`, the smaller of paid and opening was drawn from the opening. No
                # carry-over line is ever paid beyond it (R1): of old money that is all of it.
                if self.basis_of(line) == "payment" and parts_of(line)["origin"] == self.year:
                    income[line] = income.get(line, 0) + spent.get(line, 0)
        items: dict[tuple[str, str, str, int], dict[str, int]] = {}
        steps = zip(
            WALK, (opening, income, beside["used"], spent, beside["distributed"]), strict=True
        )
        for name, bag in steps:
            for line, fen in bag.items():
                parts = parts_of(line)
                item = (parts["fund"], parts["func"], parts["project"], int(parts["origin"]))
                row = items.setdefault(item, {f"{n}_fen": 0 for n in (*WALK, "closing")})
                row[f"{name}_fen"] += fen
                row["closing_fen"] += WALK[name] * fen
        return {item: row for item, row in items.items() if any(row.values())}

    def own_money(self, **cut: Any) -> dict[str, int]:
        """What is left of non-fiscal money for projects, and for anything else."""
        found = {"restricted_fen": 0, "unrestricted_fen": 0}
        for (fund, _, project, _), row in self.carryover(**cut).items():
            if fund == "nonfiscal":
                bound = project != "-"
                found["restricted_fen" if bound else "unrestricted_fen"] += row["closing_fen"]
        return found

    def adjustments(
        self, as_of: date | None = None, known_at: datetime | None = None
    ) -> list[tuple[int, str, int, str]]:
        """(entry, kind, signed fen, document) of what changed the opening and still stands."""
        counted = [
            e
            for e in self.entries
            if (as_of is None or e["date"] <= as_of)
            and (known_at is None or e["recorded_at"] <= known_at)
        ]
        undone = {e["original"] for e in counted if e["kind"] == "reverse"}
        found = []
        for e in counted:
            kind = {
                "adjust-opening": e.get("request", {}).get("adjustment"),
                "recover": "remitted" if ("taken", e["line"], "") in e["effect"] else None,
                "transfer": "consolidation-in"
                if e.get("request", {}).get("incoming")
                else "consolidation-out",
            }.get(e["kind"])
            if kind is not None and e["number"] not in undone:
                change = e["effect"].get(("available", e["line"], ""), 0)
                found.append((e["number"], kind, change, e["doc"]))
        return found

    def execution(self, scope: str, **cut: Any) -> dict[str, dict[str, Any]]:
        """Per project, per 支出性质 of what is for none: initial, annual budget, executed, rate."""
        rows: dict[str, dict[str, Any]] = {}
        for line, figures in self.balance(**cut).items():
            parts = parts_of(line)
            if scope == "current" and parts["origin"] != self.year:
                continue
            of = parts["project"] if parts["project"] != "-" else parts["spending"]
            row = rows.setdefault(of, {"initial_fen": 0, "annual_budget_fen": 0, "executed_fen": 0})
            row["initial_fen"] += figures["initial_fen"]
            row["annual_budget_fen"] += figures["annual_budget_fen"] - figures["taken_fen"]
            row["executed_fen"] += figures["paid_fen"]
        return {
            project: {**row, "rate": four_places(row["executed_fen"], row["annual_budget_fen"])}
            for project, row in rows.items()
            if any(row.values())
        }

    def progress(self, **cut: Any) -> dict[str, dict[str, Any]]:
        """Per project, 支出性质 where there is none, and line: R14, month by month with exact
        fractions."""
        counted = self.counted(**cut)
        day = cut.get("as_of") or self._last_move(**cut)
        year = int(self.year)
        month = 0 if day is None else min(max((day.year - year) * 12 + day.month, 0), 12)
        if day is not None and day.year < year:
            month = 0
        flows: dict[str, list[tuple[int, int, int]]] = {}
        for entry in counted:
            for (what, line, _), fen in entry["effect"].items():
                if what in ("approved", "taken", "paid"):
                    budget = {"approved": fen, "taken": -fen}.get(what, 0)
                    move = (budget, fen if what == "paid" else 0)
                    flows.setdefault(line, []).append((entry["date"].month, *move))
        together: dict[str, list[tuple[int, int, int]]] = {"": []}
        for line, flow in flows.items():
            if any(sum(move[at] for move in flow if move[0] == m)
                   for m in range(1, 13) for at in (1, 2)):  # fmt: skip
                parts = parts_of(line)
                of = parts["project"] if parts["project"] != "-" else parts["spending"]
                for whose in (line, of, ""):
                    together.setdefault(whose, []).extend(flow)
        return {whose: self._pace(flow, day, month) for whose, flow in together.items()}

    def _pace(
        self, flow: list[tuple[int, int, int]], day: date | None, month: int
    ) -> dict[str, Any]:
        def by(last: int) -> tuple[int, int]:
            return (
                sum(approved for m, approved, _ in flow if m <= last),
                sum(paid for m, _, paid in flow if m <= last),
            )

        budget, paid = by(12)
        hints = []
        for number, last, percent, word in (
            (6, 30, 50, "JUNE"), (9, 30, 75, "SEPTEMBER"), (11, 30, 90, "NOVEMBER")
        ):  # fmt: skip
            then, spent = by(number)
            due = day is not None and day >= date(int(self.year), number, last)
            if due and then > 0 and Fraction(spent, then) < Fraction(percent, 100):
                hints.append(f"R14.{word}")
        december = paid - by(11)[1]
        if paid > 0 and Fraction(december, paid) > Fraction(1, 4):
            hints.append("R14.DECEMBER")
        light = None
        if budget > 0:
            behind = Fraction(month, 12) - Fraction(paid, budget)
            light = "green" if behind <= Fraction(1, 10) else "yellow"
            light = "red" if behind > Fraction(2, 10) else light
        return {
            "annual_budget_fen": budget,
            "executed_fen": paid,
            "rate": four_places(paid, budget),
            "time_progress": four_places(month, 12),
            "gap": four_places(12 * paid - month * budget, 12 * budget),
            "light": light,
            "december_share": four_places(december, paid),
            "hints": hints,
        }

    def bureau(self, **cut: Any) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
        """What the finance bureau's statement would say: paid by (fund, func, project, origin), and
        approved by the same and the document, of all money but the unit's own."""
        paid: dict[tuple[str, ...], int] = {}
        approved: dict[tuple[str, ...], int] = {}
        for entry in self.counted(**cut):
            stands_for = entry
            if entry["kind"] == "reverse":
                stands_for = self.entries[entry["original"] - 1]
            for (what, line, _), fen in entry["effect"].items():
                if what not in ("paid", "approved") or parts_of(line)["fund"] not in FISCAL:
                    continue
                item = tuple(parts_of(line)[p] for p in ("fund", "func", "project", "origin"))
                if what == "paid":
                    paid[item] = paid.get(item, 0) + fen
                elif stands_for["doc"]:
                    key = (*item, stands_for["doc"])
                    approved[key] = approved.get(key, 0) + fen
        return paid, approved

    def ageing(self, **cut: Any) -> tuple[date | None, dict[str, tuple[int, int | None, bool]]]:
        """The day that is judged, and per line what is left, its months and whether it is due."""
        found: dict[str, tuple[int, int | None, bool]] = {}
        day = cut.get("as_of") or self._last_move(**cut)
        for line, figures in self.balance(**cut).items():
            left = sum(figures[f"{name}_fen"] for name in ("available", "pending", "held"))
            parts = parts_of(line)
            months, due = None, False
            if parts["spending"] == "project" and parts["fund"] in FISCAL:
                last = int(parts["origin"]) + 1
                months = (last - day.year) * 12 + 12 - day.month
                due = day > date(last, 12, 30)
            if left:
                found[line] = (left, months, due)
        return day, found

    def _last_move(self, **cut: Any) -> Any:
        moved = [e["date"] for e in self.counted(**cut) if any(n[0] in _MOVES for n in e["effect"])]
        return max(moved, default=None)

    def three_public(self, **cut: Any) -> dict[str, dict[str, int]]:
        """Budget (年初) and actual per item, general fund."""
        found = {
            side: dict.fromkeys(sorted(set(ITEM.values())), 0) for side in ("budget", "actual")
        }
        for (what, line, econ), fen in self.sums(**cut).items():
            if what == "initial" and parts_of(line)["fund"] == "general":
                item = ITEM.get(parts_of(line)["econ"])
                if item:
                    found["budget"][item] += fen
            if what == "paid by econ" and parts_of(line)["fund"] == "general" and econ in ITEM:
                found["actual"][ITEM[econ]] += fen
        return found

    def cells(self, **cut: Any) -> dict[str, int]:
        """The nine tables of the 2020 forms, cell by cell, in fen; cells that are nil left out."""
        found: dict[str, int] = {}

        def put(fen: int, *names: str) -> None:
            for name in names:
                found[name] = found.get(name, 0) + fen

        for what, line, detail, fen in self._facts(**cut):
            parts = parts_of(line)
            fund, func, econ = parts["fund"], parts["func"], detail
            fiscal, column = fund in FISCAL, {"general": 3, "govfund": 4}.get(fund, 5)
            levels = ("合计", func[:3], func[:5], func)
            kind = SPENDING_COLUMNS[parts["spending"]]
            if what == "used":
                put(fen, "T1.28", "T1.30", "T1.59", "T1.60")
            elif what == "distributed":
                put(fen, "T1.58")
                put(-fen, "T1.59")
            elif what == "opening":
                put(fen, "T1.29", "T1.30", "T1.59", "T1.60")
                if fiscal:
                    put(fen, "T4.28.1", f"T4.{26 + column}.1", "T4.32.1")
            elif what == "income":
                row = FISCAL.index(fund) + 1 if detail == "fiscal" else SOURCE_ROWS[detail]
                put(fen, f"T1.{row}", "T1.27", "T1.30", "T1.59", "T1.60")
                put(fen, *(f"T2.{level}.1" for level in levels))
                put(fen, *(f"T2.{level}.{max(row - 1, 2)}" for level in levels))
                if fiscal:
                    put(fen, f"T4.{row}.1", "T4.27.1", "T4.32.1")
            elif what == "paid":
                put(fen, f"T1.{31 + CLASSES.index(func[:3])}", "T1.57")
                put(-fen, "T1.59")
                put(fen, *(f"T3.{level}.{no}" for level in levels for no in (1, kind)))
                if fiscal:
                    row = 33 + CLASSES.index(func[:3])
                    put(fen, *(f"T4.{at}.{no}" for at in (row, 59) for no in (2, column)))
                    put(-fen, "T4.60.2", f"T4.60.{column}")
                if fund == "general":
                    put(fen, *(f"T5.{level}.{no}" for level in levels for no in (1, kind)))
                    if kind == 2:
                        who = "人员" if econ[:3] in ("301", "303") else "公用"
                        put(fen, f"T6.{econ}", f"T6.{econ[:3]}", f"T6.{who}经费合计")
                if fund == "statecapital":
                    put(fen, *(f"T9.{level}.{no}" for level in levels for no in (1, kind)))
            if what in ("opening", "income") and fiscal:
                put(fen, *(f"T4.{row}.{no}" for row in (60, 64) for no in (2, column)))
            if fund == "govfund" and what in ("opening", "income", "paid"):
                columns = {"opening": (1, 6), "income": (2, 6), "paid": (3, kind + 2)}[what]
                put(fen, *(f"T8.{level}.{no}" for level in levels for no in columns))
                put(-fen if what == "paid" else 0, *(f"T8.{level}.6" for level in levels))
            if fund == "general" and what in ("initial", "paid") and econ in ITEM:
                first = 1 if what == "initial" else 7
                put(fen, *(f"T7.{first + at}" for at in THREE_PUBLIC_COLUMNS[ITEM[econ]]))
        return {name: fen for name, fen in found.items() if fen}

    def _facts(self, **cut: Any) -> list[tuple[str, str, str, int]]:
        """(opening | income | used | distributed | initial | paid, line, source or econ, fen)."""
        facts = []
        for (what, line, detail), fen in self.sums(**cut).items():
            current = line != "" and line.count(":") == 5 and parts_of(line)["origin"] == self.year
            fiscal = line.split(":")[0] in FISCAL
            if what == "approved" and not current:
                facts.append(("opening", line, "", fen))
            if what == "taken":
                facts.append(("opening", line, "", -fen))
            basis = self.basis_of(line)
            if what == "approved" and current and fiscal and basis == "indicator":
                facts.append(("income", line, "fiscal", fen))
            if what == "paid" and current and fiscal and basis == "payment":
                facts.append(("income", line, "fiscal", fen))
            if what in ("income", "used", "distributed"):
                facts.append((what, line, detail, fen))
            if what == "initial":
                facts.append(("initial", line, parts_of(line)["econ"], fen))
            if what == "paid by econ":
                facts.append(("paid", line, detail, fen))
        return facts


def four_places(part: int, whole: int) -> str | None:
    """A ratio to four places, halves away from zero, from exact fractions."""
    if whole == 0:
        return None
    exact = Fraction(part, whole) * 10_000
    nearest = int(abs(exact) + Fraction(1, 2))
    sign = "-" if exact < 0 and nearest else ""
    return f"{sign}{nearest // 10_000}.{nearest % 10_000:04d}"
