"""A clerk who is often wrong: what is asked for next, by what is in the book."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from scripts.proofs.simulate import reporter
from scripts.proofs.simulate.words import (
    ADJUSTMENTS,
    BASES,
    BOOK,
    CAUSES,
    CODE_SETS,
    CODES,
    ECONS,
    EITHER_WAY,
    FUNCS,
    ITEM_ECONS,
    OTHER,
    PROJECTS,
    SOURCES,
    UNIT_KINDS,
    YEAR,
    Plain,
)
from tests.model.figures import (
    ITEM,
    POOLS,
    SELDOM,
    Entry,
    at_econ,
    line_of,
    meaning,
    parts_of,
)
from tests.model.rules import MONEY, Book


class Clerk:
    """Thinks of the next request. Looks at the model to be right often, and is wrong often."""

    def __init__(self, chance: random.Random, book: Book) -> None:
        self.chance = chance
        self.book = book
        self.keys = 0
        funds = ["general", "general", "general", "govfund", "nonfiscal", "nonfiscal"]
        self.purposes = [
            (chance.choice(funds), chance.choice(FUNCS), *chance.choice(_FOR))
            for _ in range(chance.randint(2, 5))
        ]
        self.purposes.append(("general", FUNCS[0], "project", "P1"))
        if chance.random() < 0.5:
            self.purposes.append(("nonfiscal", FUNCS[0], "basic", "-"))
        self.purposes = [self._lawful(purpose) for purpose in self.purposes]
        self.asked: list[Plain] = []

    def request(self) -> Plain:
        """The next thing to ask for."""
        kind = self.chance.choices(*zip(*(*_HABITS, *reporter.HABITS), strict=True))[0]
        if kind == "again" and self.asked:
            return self._again()
        if kind in ("again", "stranger"):
            kind = "pay"
        if kind in _OF_SURPLUS and self.chance.random() < 0.9:
            kind = self._with_surplus(kind)
        if kind in ("approve", "reject") and not self.book.waiting() and self.chance.random() < 0.8:
            kind = "reallocate"  # there must be something to approve
        plain: Plain = {"kind": kind, "date": self.day(), "doc": self.maybe(0.8, "文1", ""),
                        "key": None}  # fmt: skip
        documented = ("supplement", "cut", "fund-plan", "reallocate", "reclassify", "reuse", "cap")
        if kind in (*documented, "adjust-opening", "adjust-surplus", "recover", "transfer"):
            plain["doc"] = self.maybe(0.95, "文2", "")
        if kind == "distribute":
            plain["date"] = self.maybe(0.9, date(YEAR, 12, 31), plain["date"])
        plain |= (_SAYS.get(kind) or reporter.SAYS[kind])(self)
        if plain.get("ref") is not None and self.chance.random() < 0.9:
            original = self.book.named(plain["ref"])
            if original is not None and plain["date"] < original["date"]:
                plain["date"] = self.day(original["date"])
        if not plain.get("by_document") and self.chance.random() < 0.5:
            self.keys += 1
            plain["key"] = f"K{self.keys}"
            self.asked.append(plain)
        return plain

    def _with_surplus(self, kind: str) -> str:
        """The kind, or what must come before it."""
        if self.book.unit_kind == "admin":
            return "income"
        if kind == "use-surplus" and not any(p["closing"] for p in self.book.pools().values()):
            return "surplus-in"
        if kind == "distribute" and not self.book.distributable():
            return "income"
        return kind

    def _again(self) -> Plain:
        """The same key: with the same content, or with other; or under the same document."""
        if self.chance.random() < 0.7 and self._under_one():
            return {"kind": "correct", "key": None, **self._by_document()}
        earlier = dict(self.chance.choice(self.asked))
        if self.chance.random() < 0.3:
            earlier["doc"] = "文9"
        return earlier

    def maybe(self, probability: float, usual: Any, odd: Any) -> Any:
        return usual if self.chance.random() < probability else odd

    def day(self, since: date = date(YEAR, 1, 1)) -> date:
        """A day of the year, seldom one that will not do."""
        if self.chance.random() < 0.02:
            return self.chance.choice([date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)])
        last = date(YEAR, 12, 31)
        for _ in range(4):
            found = since + timedelta(days=self.chance.randint(0, (last - since).days))
            if found.month not in self.book.locked or self.chance.random() < 0.3:
                return found
        return last

    def amount(self, most: int) -> int:
        """Up to what is there, exactly that, or a fen more."""
        if most <= 0:
            return self.chance.randint(1, 1000)
        return self.chance.choice(
            [self.chance.randint(1, most), self.chance.randint(1, most), most, most + 1]
        )

    def _lawful(self, purpose: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
        """The unit's own money may be for what no fiscal money is for."""
        fund, func, spending, project = purpose
        if fund == "nonfiscal" and project == "-":
            spending = self.chance.choice(["basic", *SELDOM])
        return fund, func, spending, project

    def new_line(self, origin: int = YEAR) -> str:
        fund, func, spending, project = self.chance.choice(self.purposes)
        if self.chance.random() < 0.03:
            spending, project = "project", "P9"
        elif project == "-" and self.chance.random() < 0.06:
            spending = self.chance.choice(SELDOM)
        econ = self.maybe(0.97, self.chance.choice(ECONS), "30901")
        if self.chance.random() < 0.05:
            origin = self.chance.choice([YEAR - 2, YEAR - 1, YEAR, YEAR + 1])
        return f"{fund}:{func}:{spending}:{project}:{econ}:{origin}"

    def old_line(self, what: str = "available") -> tuple[str, int]:
        """A line that exists, preferably with something on it, and how much of it."""
        there = self.book.lines()
        if not there or self.chance.random() < 0.03:
            return self.new_line(), 0
        sums = self.book.sums()
        full = [line for line in there if sums.get((what, line, ""), 0) > 0]
        line = self.chance.choice(full if full and self.chance.random() < 0.9 else there)
        return line, sums.get((what, line, ""), 0)

    def by_parts(self, line: str) -> str | dict[str, str]:
        """The line, or some parts of it."""
        if self.chance.random() < 0.75:
            return line
        parts = parts_of(line)
        return {name: parts[name] for name in parts if self.chance.random() < 0.6}

    def _name(self) -> Plain:
        return {"code": self.chance.choice(["P1", "P2", "P3"]), "name": "项目"}

    def _codes(self) -> Plain:
        """A list of two codes of two names: often the one that is in use; seldom one with a code
        twice, or of the other set."""
        code_set, name = self.chance.choice(CODE_SETS), self.chance.choice(["甲", "乙"])
        codes = [(code, name) for code in CODES[code_set]]
        if self.chance.random() < 0.1:
            other = ("20103", name) if code_set == "economic" else ("30103", name)
            codes.append(self.chance.choice([codes[0], other, ("2010301", name)]))
        return {"code_set": code_set, "codes": codes, "edition": name, "sha256": "0f" * 32}

    def _open(self) -> Plain:
        said = {"basis": "payment", "fund_basis": {}, "unit_kind": "admin"}
        return {**said, "name": "某局", "edition": "2020"}

    def _amend(self) -> Plain:
        """Sometimes to what the book is already."""
        if self.chance.random() < 0.3:
            return dict(self.book.shown)
        if self.chance.random() < 0.5:
            return {"name": "改名局", "edition": self.chance.choice(["2022", "2024"])}
        basis, kind = self.chance.choice(BASES), self.chance.choice(UNIT_KINDS)
        return {"basis": basis, "fund_basis": self.fund_basis(), "unit_kind": kind}

    def fund_basis(self) -> dict[str, str]:
        """Mostly none; else one fund has its own."""
        if self.chance.random() < 0.6:
            return {}
        return {self.chance.choice(["govfund", "general"]): self.chance.choice(BASES)}

    def _carry_in(self) -> Plain:
        origin = self.maybe(0.8, YEAR - 1, YEAR - 2)
        return self._comes_in(self.new_line(origin))

    def _approve(self) -> Plain:
        return self._comes_in(self.new_line())

    def _comes_in(self, line: str) -> Plain:
        fen = self.chance.choice([self.chance.randint(1, 9), self.chance.randint(1, 1_000_000)])
        return {"line": line, "fen": fen, "pending": self.chance.random() < 0.2}

    def _cut(self) -> Plain:
        line, most = self.old_line()
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def carried_line(self) -> tuple[str, int]:
        """A line of an earlier year, preferably with something on it, and how much of it."""
        sums = self.book.sums()
        old = [line for line in self.book.lines() if int(parts_of(line)["origin"]) < YEAR]
        full = [line for line in old if sums.get(("available", line, ""), 0) > 0]
        if not old or self.chance.random() < 0.06:
            return self.old_line()
        line = self.chance.choice(full or old)
        return line, sums.get(("available", line, ""), 0)

    def _adjust(self) -> Plain:
        adjustment = self.chance.choice(ADJUSTMENTS)
        decrease = self.chance.random() < (0.5 if adjustment in EITHER_WAY else 0.05)
        line, most = self.carried_line()
        if self.chance.random() < 0.1:
            line = self.new_line(YEAR - 1)
        return {
            "line": self.by_parts(line),
            "fen": self.amount(most),
            "adjustment": adjustment,
            "decrease": decrease,
        }

    def _recover(self) -> Plain:
        line, most = self.old_line() if self.chance.random() < 0.5 else self.carried_line()
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def _transfer(self) -> Plain:
        line, most = self.carried_line()
        to = self.maybe(0.9, OTHER, BOOK)
        return {"line": self.by_parts(line), "fen": self.amount(most), "counterpart": str(to)}

    def _reclassify(self) -> Plain:
        """Mostly of a project; seldom of what is never 结余."""
        line, most = self.old_line()
        there = [each for each in self.book.lines() if ":project:" in each]
        if there and self.chance.random() < 0.7:
            line = self.chance.choice(there)
            most = self.book.of("available", line)
        cause = self.chance.choice(CAUSES)
        return {"line": self.by_parts(line), "fen": self.amount(most), "cause": cause}

    def _reuse(self) -> Plain:
        """Mostly of what is 结余 for a project of the same money; seldom for anything."""
        there = [line for line in self.book.lines() if self.book.surplus(line)]
        line, most = self.old_line("pending")
        if there and self.chance.random() < 0.85:
            line = self.chance.choice(there)
            most = self.book.surplus(line)
        parts = {**parts_of(line), "spending": "project", "project": self.chance.choice(PROJECTS)}
        parts["func"] = self.maybe(0.6, parts["func"], self.chance.choice(FUNCS))
        to_line = self.maybe(0.85, line_of({**parts, "econ": self.chance.choice(ECONS)}), line)
        if self.chance.random() < 0.1:
            to_line = self.new_line(int(parts["origin"]))
        return {"line": self.by_parts(line), "to_line": to_line, "fen": self.amount(most)}

    def _cap(self) -> Plain:
        """About what is spent of an item, or much more."""
        items = sorted(set(ITEM.values()))
        paid = [item for item in items if self.book.of("spent", item)]
        item = self.chance.choice(paid if paid and self.chance.random() < 0.7 else items)
        spent = self.book.of("spent", item)
        near = spent + self.chance.choice([-1, -1, 0, 1])
        return {"item": item, "fen": max(1, self.maybe(0.4, near, self.chance.randint(1, 500_000)))}

    def _release(self) -> Plain:
        line, most = self.old_line("pending")
        return {"line": self.by_parts(line), "fen": self.amount(most)}

    def _reallocate(self) -> Plain:
        source, most = self.old_line()
        fen = self.amount(most)
        target = at_econ(source, self.chance.choice(ECONS))
        if self.chance.random() < 0.3:
            target = self.new_line(int(parts_of(source)["origin"]))
        elif self.chance.random() < 0.1:
            target = self.old_line()[0]
        given, taken = [(source, fen)], [(target, fen)]
        if fen > 1 and self.chance.random() < 0.3:
            second = at_econ(target, self.chance.choice(ECONS))
            part = self.chance.randint(1, fen - 1)
            taken = [(target, part), (second, fen - part)]
        if self.chance.random() < 0.1:
            other, there = self.old_line()
            extra = self.amount(there)
            given.append((other, extra))
            taken.append((at_econ(other, self.chance.choice(ECONS)), extra))
        if self.chance.random() < 0.04:
            taken[0] = (taken[0][0], taken[0][1] + 1)
        authority = self.chance.choices(["finance", "department", None], [5, 4, 4])[0]
        return {"from": given, "to": taken, "authority": authority}

    def _fund_plan(self) -> Plain:
        """Mostly where a plan is, so that it can be reversed in part."""
        line = self.old_line("paid")[0]
        planned = [e["line"] for e in self.book.entries if e["kind"] == "fund-plan"]
        if planned and self.chance.random() < 0.6:
            line = self.chance.choice(planned)
        most = sum(self.book.of(what, line) for what in ("available", "held", "paid"))
        most -= sum(self.book.plans(line))
        month = self.chance.randint(1, 12)
        return {"line": self.by_parts(line), "fen": self.amount(most), "month": month}

    def _reserve(self) -> Plain:
        line, most = self.old_line()
        said = {"payee": self.maybe(0.6, "某公司", ""), "line": self.by_parts(line)}
        said["contract"] = reporter.for_contract(self, 0.5)["contract"]
        return {**said, "fen": self.amount(max(1, most // self.chance.choice([1, 2, 3])))}

    def _unreserve(self) -> Plain:
        ref, left = self._reservation()
        said = {**self.said(ref), "said_fen": None}
        return {"ref": ref, "fen": self.maybe(0.8, self.amount(left), None), **said}

    def _reservation(self) -> tuple[str, int]:
        """A reservation, mostly, and what is left of it."""
        ref = self.ref("reserve") if self.chance.random() < 0.95 else self.ref("pay", "cut")
        original = self.book.named(ref)
        if original is None or original["kind"] != "reserve":
            return ref, 0
        return ref, self.book.left(original["number"])

    def _pay_reserved(self) -> Plain:
        ref, left = self._reservation()
        original = self.book.named(ref)
        line = (original and original["line"]) or self.old_line()[0]
        if self.chance.random() < 0.08:
            line = self.old_line()[0]
        fitting = [e for e in ECONS if len(e) == 5 and parts_of(line)["econ"] in ("-", e[:3])]
        econ = self.chance.choice(fitting) if fitting else parts_of(line)["econ"]
        econ = self.maybe(0.9, econ, self.chance.choice(["-", "30217", "39999"]))
        said: Any = self.maybe(0.6, {}, self.by_parts(line))
        if isinstance(said, dict):
            said.pop("econ", None)
        payee = self.maybe(0.97, "某公司", "")
        paid = {"ref": ref, "line": said, "econ": econ, "fen": self.amount(left), "payee": payee}
        return {**paid, **reporter.for_contract(self, 0.15)}

    def _voucher(self) -> Plain:
        """Payments on lines, sometimes the same line twice; seldom a wrong one among them."""
        items = []
        for _ in range(self.chance.randint(1, 4)):
            line, most = self.old_line()
            econ = parts_of(line)["econ"]
            fitting = [e for e in (*ECONS, *ITEM_ECONS) if len(e) == 5 and econ in ("-", e[:3])]
            paid = self.chance.choice(fitting) if len(econ) != 5 else econ
            paid = self.maybe(0.97, paid, self.chance.choice(["-", "302", "30901", "39908"]))
            items.append((line, paid, self.amount(most // self.chance.choice([1, 2, 3, 4]))))
        said = {"items": items, "payee": self.maybe(0.97, "职工", ""), **self.other_unit()}
        return {**said, **reporter.for_contract(self, 0.15)}

    def other_unit(self) -> Plain:
        """Seldom money goes to another unit, or comes from one, and hardly ever to itself."""
        if self.chance.random() < 0.85:
            return {}
        return {"counterpart": self.chance.choice(["B01", "B02", OTHER.unit, BOOK.unit])}

    def _repeated(self) -> Plain | None:
        """A payment that is there once more, under its document, and seldom said to be so."""
        there = [e for e in self.book.entries if meaning(e) == "pay" and e["original"] is None]
        if not there:
            return None
        entry = self.chance.choice(there)
        asked = entry["request"]
        said = {"line": entry["line"], "econ": asked["econ"], "fen": entry["fen"]}
        more = {"again": True} if self.chance.random() < 0.2 else {}
        return {**said, "payee": asked["payee"], "doc": entry["doc"], **more}

    def _pay(self) -> Plain:
        repeated = self._repeated() if self.chance.random() < 0.1 else None
        if repeated is not None:
            return repeated
        if self.chance.random() < 0.2 and any(e["kind"] == "reserve" for e in self.book.entries):
            return self._pay_reserved()
        line, most = self.old_line()
        econ = parts_of(line)["econ"]
        if len(econ) != 5:
            fitting = [e for e in (*ECONS, *ITEM_ECONS) if len(e) == 5 and econ in ("-", e[:3])]
            econ = self.maybe(0.95, self.chance.choice(fitting), econ)
        if self.chance.random() < 0.05:
            econ = self.chance.choice(["30901", "30913", "30299", "39908"])
        said = self.by_parts(line)
        if isinstance(said, dict):
            said.pop("econ", None)
        elif self.chance.random() < 0.04:
            parts = parts_of(line)
            swapped = ("basic", "-") if parts["spending"] != "basic" else ("project", "P1")
            said = line_of({**parts, "spending": swapped[0], "project": swapped[1]})
        payee = self.maybe(0.97, "某公司", "")
        paid = {"line": said, "econ": econ, "fen": self.amount(most), "payee": payee}
        return {**paid, **self.other_unit(), **reporter.for_contract(self, 0.35)}

    def ref(self, *kinds: str) -> str:
        """An earlier entry by its number or its key, mostly of a kind that can be meant."""
        there = [entry for entry in self.book.entries if entry["kind"] in kinds]
        if not there or self.chance.random() < 0.06:
            return self.chance.choice(["#999", "K999", f"#{self.chance.randint(1, 9)}"])
        number = self.chance.choice(there)["number"]
        keys = [key for key, (_, answered) in self.book.answered.items() if answered == number]
        return keys[0] if keys and self.chance.random() < 0.5 else f"#{number}"

    def said(self, ref: str) -> Plain:
        """What is repeated of the original, seldom wrongly."""
        original = self.book.named(ref)
        said: Plain = {"said_line": None, "said_fen": None}
        if original is not None and original["said_as"] and self.chance.random() < 0.2:
            parts = parts_of(self.chance.choice(original["said_as"]))
            said["said_line"] = {
                "func": parts["func"],
                "econ": self.maybe(0.8, parts["econ"], "31099"),
            }
            said["said_fen"] = original["fen"] + self.maybe(0.8, 0, 1)
        return said

    def _refund(self) -> Plain:
        ref = (
            self.ref("pay", "pay", "refund", "voucher")
            if self.chance.random() < 0.9
            else self.ref("cut")
        )
        original = self.book.named(ref)
        left = 0
        if original is not None and original["kind"] == "pay":
            left = self.book.left(original["number"])
            if original["request"]["contract"] and left and self.chance.random() < 0.6:
                return {"ref": ref, "fen": left, "said_line": None, "said_fen": None}
        said = {**self.said(ref), "said_fen": None}
        if original is not None and meaning(original) == "voucher" and self.chance.random() < 0.6:
            line, econ, fen = self.chance.choice(Book.parts_paid(original))
            said["said_line"], left = {"func": parts_of(line)["func"], "econ": econ}, fen
        return {"ref": ref, "fen": self.amount(left), **said}

    def _reverse(self) -> Plain:
        ref = self.ref(
            *MONEY,
            "approve",
            *self.maybe(0.9, (), ("reverse", "project", "open-book", "submit", "reject")),
        )
        used = [e for e in self.book.entries if meaning(e) == "reserve"]
        used = [e for e in used if self.book.used(e["number"])]
        if used and self.chance.random() < 0.1:
            ref = f"#{self.chance.choice(used)['number']}"
        planned = [e for e in self.book.entries if meaning(e) == "fund-plan"]
        if planned and self.chance.random() < 0.15:
            ref = f"#{self.chance.choice(planned)['number']}"
        told = [*reporter.standing(self.book)]
        if told and self.chance.random() < 0.2:
            ref = f"#{self.chance.choice(told)['number']}"
        contracted = reporter.in_question(self.book)
        if contracted and self.chance.random() < 0.12:
            ref = f"#{self.chance.choice(contracted)['number']}"
        original = self.book.named(ref)
        weighed = original is not None and original.get("request", {}).get("authority")
        brought = {"authority": self.chance.choice(["finance", "department", None])}
        return {"ref": ref, **self.said(ref), **self.maybe(0.9 if weighed else 0.1, brought, {})}

    def _open_request(self) -> str:
        """A request, mostly one that waits."""
        waiting = self.book.waiting()
        if waiting and self.chance.random() < 0.85:
            return f"#{self.chance.choice(waiting)}"
        return self.ref("submit", "submit", "approve", "reallocate")

    def _settle(self) -> Plain:
        authority = self.chance.choices(["finance", "department", None], [7, 2, 1])[0]
        return {"ref": self._open_request(), "authority": authority}

    def _reject(self) -> Plain:
        return {"ref": self._open_request(), "reason": self.maybe(0.7, "不急", "")}

    def _correct(self) -> Plain:
        odd = ("reverse", "submit", "approve", "reception", "contract")
        ref = self.ref(*MONEY) if self.chance.random() < 0.9 else self.ref(*odd)
        original = self.book.named(ref)
        changes: Plain = {}
        if self.chance.random() < (0.7 if self._under_one() else 0.4):
            return self._by_document()
        if original is not None and self.chance.random() < 0.08:  # with nothing that differs
            return {"ref": ref, "changes": {}, "date": original["date"], "doc": ""}
        if original is not None and original["fen"] and self.chance.random() < 0.6:
            changes["fen"] = self.amount(original["fen"])
        named = original is not None and original["kind"] in ("reserve", "pay")
        if named and self.chance.random() < 0.4:
            changes["payee"] = self.maybe(0.9, "另一家", "")
        dealt = original is not None and original["kind"] in ("pay", "income")
        if dealt and self.chance.random() < 0.2:
            changes["counterpart"] = self.chance.choice(["B01", None])
        if named and self.chance.random() < 0.15:
            changes["contract"] = self.maybe(0.8, reporter.for_contract(self, 0.6)["contract"], "")
        if dealt and self.chance.random() < 0.06:
            changes["procurement_type"] = self.chance.choice(["goods", "works", None])
        if self.chance.random() < 0.3:
            changes["econ"] = self.chance.choice([*ECONS[2:], "30217"])
        if self.chance.random() < 0.2:
            changes["func"] = self.chance.choice(FUNCS)
        on_project = original is not None and ":project:" in (original["line"] or "")
        if on_project and self.chance.random() < 0.1:
            changes["project"] = self.chance.choice(["P1", "P2", "P9"])
        if not changes and original is not None and original["kind"] in ("reallocate", "approve"):
            changes["fen"] = self.amount(0)  # the document alone would wait for another person
        return {"ref": ref, "changes": changes}

    def _under_one(self) -> list[Entry]:
        """The corrections of payments that are under one document."""
        return [e for e in self.book.entries if "corrects" in e and e["doc"] == "更1"]

    def _by_document(self) -> Plain:
        """One of two amounts under one document, of a payment; mostly one that has it already."""
        paid = [e for e in self.book.entries if meaning(e) == "pay" and not e["undoes"]]
        before = self._under_one()
        some = before if before and self.chance.random() < 0.8 else paid
        ref = f"#{self.chance.choice(some)['number']}" if some else "#1"
        changes = {"fen": self.chance.choice([100, 200])}
        more = {"doc": "更1", "date": date(YEAR, 12, 31), "by_document": True}
        return {"ref": ref, "changes": changes, **more}

    def _income(self) -> Plain:
        line = self.own_purpose()
        if self.chance.random() < 0.3:
            line = ":".join(self.chance.choice(self.purposes)) + f":-:{YEAR}"
        fiscal = not line.startswith("nonfiscal:")
        source = self.maybe(0.8, "fiscal" if fiscal else self.chance.choice(SOURCES), "other")
        received = {"line": line, "source": source, "fen": self.chance.randint(1, 500_000)}
        return {**received, **self.other_unit()}

    def own_purpose(self, but: str = "") -> str:
        """What non-fiscal money is for, where it is for anything; but for a 支出性质."""
        own = [p for p in self.purposes if p[0] == "nonfiscal" and p[2] != but]
        origin = self.maybe(0.9, YEAR, self.chance.choice([YEAR - 1, YEAR + 1]))
        return ":".join(self.chance.choice(own or self.purposes)) + f":-:{origin}"

    def _surplus_in(self) -> Plain:
        fen = self.chance.randint(1, 300_000)
        return {"pool": self.chance.choice(POOLS), "fen": fen}

    def _adjust_surplus(self) -> Plain:
        pools = self.book.pools()
        pool = self.chance.choice(POOLS)
        most = pools[pool]["closing"] if pool in pools else 0
        return {
            "pool": pool,
            "fen": self.amount(most),
            "adjustment": self.chance.choice(EITHER_WAY),
            "decrease": self.maybe(0.5, True, False),
        }

    def _use_surplus(self) -> Plain:
        pools = self.book.pools()
        pool = self.chance.choice([*pools] if pools else POOLS)
        most = pools[pool]["closing"] if pools else 0
        return {"line": self.by_parts(self.own_purpose()), "pool": pool, "fen": self.amount(most)}

    def _distribute(self) -> Plain:
        where = self.chance.choice(["tax", *POOLS])
        line = self.by_parts(self.own_purpose(but=self.maybe(0.9, "project", "")))
        return {"line": line, "distribution": where, "fen": self.amount(self.book.distributable())}

    def _reconcile(self) -> Plain:
        """Mostly with what the book has paid, and half the time with a statement that agrees."""
        paid = self.book.fiscal_paid()
        paid = self.maybe(0.85, paid, max(0, paid + self.chance.choice([-1, 1])))
        statement = self.maybe(0.6, paid, self.chance.randint(0, 1_000_000))
        return {
            "paid_fen": paid,
            "statement_fen": statement,
            "statement": self.chance.randbytes(32).hex(),
            "differences": self.maybe(0.6, 0, self.chance.randint(1, 5)),
            "reason": self.maybe(0.5, "在途", ""),
        }

    def _lock(self) -> Plain:
        """Never the last months: there must be room to undo."""
        following = len(self.book.locked) + 1 if len(self.book.locked) < 3 else 1
        return {"month": self.maybe(0.7, following, self.chance.randint(1, 3))}


_FOR = (("basic", "-"), ("project", "P1"), ("project", "P2"))
"""支出性质 and project of what is common."""
_HABITS: tuple[tuple[str, float], ...] = (
    ("pay", 28),
    ("voucher", 6),
    ("appropriate", 8),
    ("supplement", 7),
    ("carry-in", 6),
    ("adjust-opening", 5),
    ("recover", 4),
    ("transfer", 3),
    ("cut", 5),
    ("reallocate", 9),
    ("approve", 9),
    ("reject", 3),
    ("release", 5),
    ("withdraw", 3),
    ("reclassify", 4),
    ("reuse", 4),
    ("cap", 3),
    ("fund-plan", 5),
    ("reserve", 6),
    ("unreserve", 3),
    ("refund", 7),
    ("reverse", 8),
    ("correct", 10),
    ("income", 6),
    ("surplus-in", 3),
    ("adjust-surplus", 3),
    ("use-surplus", 6),
    ("distribute", 8),
    ("reconcile", 5),
    ("lock-month", 1.2),
    ("project", 2),
    ("amend-book", 1),
    ("codes", 1.5),
    ("open-book", 0.4),
    ("again", 6),
)
_SAYS: dict[str, Callable[[Clerk], Plain]] = {
    "open-book": Clerk._open,
    "amend-book": Clerk._amend,
    "project": Clerk._name,
    "codes": Clerk._codes,
    "carry-in": Clerk._carry_in,
    "adjust-opening": Clerk._adjust,
    "recover": Clerk._recover,
    "transfer": Clerk._transfer,
    "appropriate": Clerk._approve,
    "supplement": Clerk._approve,
    "cut": Clerk._cut,
    "release": Clerk._release,
    "withdraw": Clerk._cut,
    "reclassify": Clerk._reclassify,
    "reuse": Clerk._reuse,
    "cap": Clerk._cap,
    "fund-plan": Clerk._fund_plan,
    "reserve": Clerk._reserve,
    "unreserve": Clerk._unreserve,
    "reallocate": Clerk._reallocate,
    "approve": Clerk._settle,
    "reject": Clerk._reject,
    "pay": Clerk._pay,
    "voucher": Clerk._voucher,
    "refund": Clerk._refund,
    "reverse": Clerk._reverse,
    "correct": Clerk._correct,
    "income": Clerk._income,
    "surplus-in": Clerk._surplus_in,
    "adjust-surplus": Clerk._adjust_surplus,
    "use-surplus": Clerk._use_surplus,
    "distribute": Clerk._distribute,
    "reconcile": Clerk._reconcile,
    "lock-month": Clerk._lock,
}
_OF_SURPLUS = ("surplus-in", "adjust-surplus", "use-surplus", "distribute")
