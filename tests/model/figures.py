"""What a book comes to: figures that a person could work out with a pencil.

It imports nothing of the product and shares no idea with it: it keeps the accepted entries as plain
dicts and adds all of them up anew for every question. Slow on purpose. Lines are texts, amounts are
`fen`; an entry's `effect` is (what, of which line or item, detail) → fen.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

Entry = dict[str, Any]
ITEM = {
    "30212": "overseas",
    "31013": "vehicle-purchase",
    "30913": "vehicle-purchase",
    "30231": "vehicle-operation",
    "30217": "reception",
}
FISCAL = ("general", "govfund", "statecapital")
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
SIGNS = {"opening": 1, "income": 1, "surplus_used": 1, "expenditure": -1, "distributed": -1}
"""The steps from the opening to the closing, and how each counts."""
CLASSES = [
    *("201", "202", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214"),
    *("215", "216", "217", "219", "220", "221", "222", "223", "224", "229", "231", "232", "234"),
]
"""The classes of the tables 1 and 4 in their order."""
SOURCE_ROWS = {"superior": 4, "service": 5, "business": 6, "affiliate": 7, "other": 8}
THREE_PUBLIC_COLUMNS = {
    "overseas": (0, 1),
    "vehicle-purchase": (0, 2, 3),
    "vehicle-operation": (0, 2, 4),
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


def meaning(entry: Entry) -> str:
    """What an entry brings into effect: of a correction the kind of what is right."""
    return str(entry.get("means", entry["kind"]))


def own(entry: Entry) -> dict[tuple[str, str, str], int]:
    """The effect of what an entry brings into effect: of a correction what is right alone."""
    effect: dict[tuple[str, str, str], int] = entry["right" if "right" in entry else "effect"]
    return effect


class Figures:
    """The accepted entries, and what they come to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.year = name.split("/")[1]
        self.basis: str | None = None
        self.unit_kind = ""
        self.fund_basis: dict[str, str] = {}
        self.entries: list[Entry] = []

    def members(self) -> tuple["Figures", ...]:
        """The books that it is."""
        return (self,)

    def basis_of(self, line: str) -> str | None:
        """The income basis of the fund of a line."""
        return self.fund_basis.get(line.split(":", maxsplit=1)[0], self.basis)

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

    def plans(self, line: str) -> list[int]:
        """用款计划 of a line, January to December."""
        return [self.of("plan", line, str(month)) for month in range(1, 13)]

    def surplus(self, line: str) -> int:
        """What is 结余 of what waits on a line: of old project money all, else what became so."""
        parts, waits = parts_of(line), max(self.of("pending", line), 0)
        if parts["spending"] == "project" and parts["origin"] < self.year:
            return waits
        return min(waits, max(self.of("surplus", line), 0))

    def caps(self, item: str, **cut: Any) -> list[int]:
        """The caps of a 三公 item that stand, in their order."""
        return [entry["fen"] for entry in self.capping(item, **cut)]

    def capping(self, item: str, **cut: Any) -> list[Entry]:
        """The entries that say the caps that stand; the right one in the wrong one's place."""
        counted = self.counted(**cut)
        corrections = {e["corrects"]: e for e in counted if "corrects" in e}
        found = []
        for entry in counted:
            if entry["kind"] != "cap" or entry["request"]["item"] != item:
                continue
            now = entry
            while now["number"] in corrections:
                now = corrections[now["number"]]
            gone = now.get("gone") or any(e["undoes"] == now["number"] for e in counted)
            found += [] if gone else [now]
        return found

    def cap_of(self, item: str, sums: dict[tuple[str, str, str], int]) -> int:
        """What may be spent on a 三公 item: its last cap, else what its lines add up to."""
        own = self.caps(item)
        return own[-1] if own else sums.get(("cap", item, ""), 0)

    def pools(self, **cut: Any) -> dict[str, dict[str, int]]:
        """What was carried into each pool of 非财政拨款结余 and adjusted, distributed into it and
        used of it; the opening is with the adjustments."""
        found = {
            pool: dict.fromkeys(("opening", "adjusted", "distributed", "used"), 0) for pool in POOLS
        }
        for (what, pool, step), fen in self.sums(**cut).items():
            if what == "pool":
                found[pool][step] += -fen if step == "used" else fen
                found[pool]["opening"] += fen if step == "adjusted" else 0
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

    def undone(self, number: int) -> bool:
        gone = self.entries[number - 1].get("gone", False)
        return gone or any(number in (e["undoes"], e.get("corrects")) for e in self.entries)

    def settled(self, number: int) -> bool:
        return any(
            e["kind"] in ("approve", "reject") and e["original"] == number for e in self.entries
        )

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
            SIGNS,
            (opening, income, beside["used"], spent, beside["distributed"]),
            strict=True,
        )
        for name, bag in steps:
            for line, fen in bag.items():
                parts = parts_of(line)
                item = (parts["fund"], parts["func"], parts["project"], int(parts["origin"]))
                row = items.setdefault(item, {f"{n}_fen": 0 for n in (*SIGNS, "closing")})
                row[f"{name}_fen"] += fen
                row["closing_fen"] += SIGNS[name] * fen
        return {item: row for item, row in items.items() if any(row.values())}

    def ends_of_days(self, **cut: Any) -> dict[str, dict[date, int]]:
        """What is available on each line, and of the non-fiscal cash (no line), at the end of every
        day of the year on which anything was."""
        first = date(int(self.year), 1, 1)
        days = [first + timedelta(days=n) for n in range(366)]
        found: dict[str, dict[date, int]] = {}
        entries = self.counted(**cut)
        for line in ["", *self.lines()]:
            name = ("available", line, "") if line else ("cash", "", "")
            changes: dict[date, int] = {}
            for entry in entries:
                fen = entry["effect"].get(name, 0)
                changes[entry["date"]] = changes.get(entry["date"], 0) + fen
            left = 0
            found[line] = {}
            for day in days:
                if cut.get("as_of") is None or day <= cut["as_of"]:
                    left += changes.get(day, 0)
                    found[line][day] = left
        return found

    def uncovered(self, **cut: Any) -> list[tuple[str, date, int, date | None]]:
        """Days in a row that end below zero: the line (none: the cash), the first day, by how much
        at most, and the first day that does not; none where the cut comes before it."""
        found: list[tuple[str, date, int, date | None]] = []
        for line, ends in self.ends_of_days(**cut).items():
            first, most = None, 0
            for day, left in ends.items():
                if left < 0:
                    first, most = first or day, max(most, -left)
                elif first is not None:
                    found.append((line, first, most, day))
                    first, most = None, 0
            if first is not None:
                found.append((line, first, most, None))
        return found

    def took_too_early(self, entry: Entry) -> dict[str, tuple[date, int]]:
        """The lines (none: the cash) from which an entry takes what was not there on its day: the
        day from which on it was, and by how much the worst day falls short."""
        found = {}
        for line, days in self.ends_of_days().items():
            name = ("available", line, "") if line else ("cash", "", "")
            if entry["effect"].get(name, 0) >= 0:
                continue
            short = [day for day, left in days.items() if left < 0 and day >= entry["date"]]
            if short:
                found[line] = (short[-1] + timedelta(days=1), -min(days[day] for day in short))
        return found

    def own_money(self, **cut: Any) -> dict[str, int]:
        """What is left of non-fiscal money for projects, and for anything else."""
        found = {"restricted_fen": 0, "unrestricted_fen": 0}
        for (fund, _, project, _), row in self.carryover(**cut).items():
            if fund == "nonfiscal":
                bound = project != "-"
                found["restricted_fen" if bound else "unrestricted_fen"] += row["closing_fen"]
        return found

    def took(self, name: tuple[str, str, str], first: date, last: date, **cut: Any) -> list[int]:
        """The entries of some days that took of a line, or of the cash, together with what undid
        them in these days; those that are undone later only where there are no others."""
        known = self.counted(known_at=cut.get("known_at"))
        undone = {e["undoes"] or e.get("corrects"): e["number"] for e in known}
        days = [e for e in self.counted(**cut) if first <= e["date"] <= last]
        fen = {e["number"]: e["effect"].get(name, 0) for e in days}
        for number in sorted(fen):
            if undone.get(number) in fen:
                fen[undone[number]] += fen.pop(number)
        short = [number for number in sorted(fen) if fen[number] < 0]
        return [number for number in short if number not in undone] or short

    def cash(self, **cut: Any) -> dict[str, int]:
        """What is left of non-fiscal money by project, `-` for what is for none."""
        found: dict[str, int] = {}
        for (fund, _, project, _), row in self.carryover(**cut).items():
            if fund == "nonfiscal":
                found[project] = found.get(project, 0) + row["closing_fen"]
        return found

    def spendable(self, **cut: Any) -> dict[str, int]:
        """What could be paid now per line on which anything is available."""
        cash = self.cash(**cut)
        found: dict[str, int] = {}
        for line, figures in self.balance(**cut).items():
            found[line] = figures["available_fen"]
            if line.startswith("nonfiscal"):
                project = parts_of(line)["project"]
                limits = [sum(cash.values())]
                if project != "-":
                    limits.append(cash.get(project, 0))
                found[line] = min(found[line], max(0, min(limits)))
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
        undone = {e[how] for e in counted for how in ("undoes", "corrects") if how in e}
        found = []
        for e in counted:
            kind = {
                "adjust-opening": e.get("request", {}).get("adjustment"),
                "recover": "remitted" if ("taken", e["line"], "") in own(e) else None,
                "transfer": "consolidation-in"
                if e.get("request", {}).get("incoming")
                else "consolidation-out",
            }.get(meaning(e))
            if meaning(e) == "reuse" and e["number"] not in undone:
                for line in e["said_as"]:
                    change = own(e).get(("approved", line, ""), 0)
                    if parts_of(line)["origin"] < self.year:
                        found.append((e["number"], "internal", change, e["doc"]))
            if kind is not None and e["number"] not in undone:
                change = own(e).get(("available", e["line"], ""), 0)
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
        days = (date(year, 12, 31) - date(year - 1, 12, 31)).days
        gone = 0 if day is None else min(max((day - date(year - 1, 12, 31)).days, 0), days)
        time = Fraction(gone, days)
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
        return {whose: self._pace(flow, day, time) for whose, flow in together.items()}

    def _pace(
        self, flow: list[tuple[int, int, int]], day: date | None, time: Fraction
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
        light, gap = None, paid - time * budget
        if budget > 0:
            behind = time - Fraction(paid, budget)
            light = "green" if behind <= Fraction(1, 10) else "yellow"
            light = "red" if behind > Fraction(2, 10) else light
        return {
            "annual_budget_fen": budget,
            "executed_fen": paid,
            "rate": four_places(paid, budget),
            "time_progress": four_places(time.numerator, time.denominator),
            "gap": four_places(gap.numerator, gap.denominator * budget),
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
            doc = self.entries[entry["undoes"] - 1]["doc"] if entry["undoes"] else entry["doc"]
            told = [(doc, own(entry))]
            if entry.get("corrects"):
                wrong = self.entries[entry["corrects"] - 1]
                told.append((wrong["doc"], {name: -fen for name, fen in own(wrong).items()}))
            for doc, effect in told:
                for (what, line, _), fen in effect.items():
                    if what not in ("paid", "approved") or parts_of(line)["fund"] not in FISCAL:
                        continue
                    item = tuple(parts_of(line)[p] for p in ("fund", "func", "project", "origin"))
                    if what == "paid":
                        paid[item] = paid.get(item, 0) + fen
                    elif doc:
                        approved[(*item, doc)] = approved.get((*item, doc), 0) + fen
        return paid, approved

    def ageing(self, **cut: Any) -> tuple[date | None, dict[str, tuple[int, int | None, bool]]]:
        """The day that is judged, and per line what is left, its months and whether it is due."""
        found: dict[str, tuple[int, int | None, bool]] = {}
        day = cut.get("as_of") or self._last_move(**cut)
        for line, figures in self.balance(**cut).items():
            left = sum(figures[f"{name}_fen"] for name in ("available", "pending", "held"))
            parts = parts_of(line)
            months, due = None, False
            last = None
            if parts["fund"] in FISCAL:
                if parts["origin"] == self.year and self.basis_of(line) != "indicator":
                    last = int(self.year)
                elif parts["spending"] == "project":
                    last = int(parts["origin"]) + 1
            if last is not None:
                months = (last - day.year) * 12 + 12 - day.month
                due = day > date(last, 12, 30)
            if left:
                found[line] = (left, months, due)
        return day, found

    def _last_move(self, **cut: Any) -> Any:
        moved = [e["date"] for e in self.counted(**cut) if any(n[0] in _MOVES for n in e["effect"])]
        return max(moved, default=None)

    def three_public(
        self, funds: tuple[str, ...] = ("general",), **cut: Any
    ) -> dict[str, dict[str, int]]:
        """Per item what these funds had at first, were given in all, paid and have left, and what
        other money paid. Of an item with caps the first is its budget and the last its whole; what
        is not the unit's own counts as spent of that, whichever fund it is."""
        sides = ("budget", "annual_budget", "actual", "left", "other_funds")
        found = {side: dict.fromkeys(sorted(set(ITEM.values())), 0) for side in sides}
        caps = {item: self.caps(item, **cut) for item in found["budget"]}
        beside = dict.fromkeys(caps, 0)
        for (what, line, econ), fen in self.sums(**cut).items():
            fund = line.split(":")[0]
            of_line = ITEM.get(parts_of(line)["econ"]) if line.count(":") == 5 else None
            if what == "paid by econ" and econ in ITEM:
                found["actual" if fund in funds else "other_funds"][ITEM[econ]] += fen
                beside[ITEM[econ]] += fen if fund in FISCAL and fund not in funds else 0
            elif of_line and fund in funds and not caps[of_line]:
                if what == "initial":
                    found["budget"][of_line] += fen
                if what in ("approved", "taken"):
                    found["annual_budget"][of_line] += fen if what == "approved" else -fen
        for item, own in caps.items():
            found["budget"][item] += sum(own[:1])
            found["annual_budget"][item] += sum(own[-1:])
            found["left"][item] = found["annual_budget"][item] - found["actual"][item]
            found["left"][item] -= beside[item] if own else 0
        return found

    def cells(
        self, three_public_funds: tuple[str, ...] = ("general",), **cut: Any
    ) -> dict[str, int]:
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
        for side, first in (("budget", 1), ("actual", 7)):
            for item, fen in self.three_public(three_public_funds, **cut)[side].items():
                put(fen, *(f"T7.{first + at}" for at in THREE_PUBLIC_COLUMNS[item]))
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
