"""What the sentences of a report say, worked out with a pencil from entries and tables.

It imports nothing of the product and shares no idea with it: a dict from the id of a figure to its
value. Amounts are fen, percents exact fractions, counts whole numbers; None where nothing can be
said.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from tests.model import facts, scores
from tests.model.figures import CLASSES, FISCAL, parts_of

_STAFF = ("admin", "institution", "institution_civil", "retired_cadre", "retired")
_CARS = ("deputy", "leader", "confidential", "emergency", "law", "special", "retired", "other")
_GROUPS = (
    ("N.staff", "headcount", _STAFF, True),
    ("N.staff", "headcount", ("quota_admin", "quota_institution"), False),
    ("N.s12", "asset", tuple(f"vehicles.{use}" for use in _CARS), True),
    ("N.s12", "asset", ("vehicles-bought",), True),
)
"""Items that are counted together: who counts one has the others not; some need not be counted."""
_GROUPS_OF = {
    "2020": (
        ("N.s12", "asset", ("vehicles-kept",), False),
        ("N.s12", "asset", ("equipment-general", "equipment-special"), True),
        ("N.s12", "asset", ("equipment",), False),
    ),
    "2024": (
        ("N.s12", "asset", ("vehicles-kept",), True),
        ("N.s12", "asset", ("equipment-general", "equipment-special"), False),
        ("N.s12", "asset", ("equipment",), True),
    ),
}
"""Those of which an edition says otherwise; 2022 is as 2020."""
EDITIONS = ("2020", "2022", "2024")
_PUBLIC = ("302", "307", "310", "312", "399")
_SOURCES = ("fiscal", "superior", "service", "business", "affiliate", "other")
_SPENDING = ("basic", "project", "remit", "business", "affiliate")
_THREE = ("overseas", "vehicles", "vehicle_purchase", "vehicle_operation", "reception")
_FUND = ("opening", "income", "spend", "basic", "project", "closing")
QUOTED = {
    "N.s1.total": "T1.30",
    "N.s1.opening": "T1.29",
    "N.s2.income": "T2.合计.1",
    **{f"N.s2.{name}": f"T2.合计.{at}" for at, name in enumerate(_SOURCES, 2)},
    "N.s3.spend": "T3.合计.1",
    **{f"N.s3.{name}": f"T3.合计.{at}" for at, name in enumerate(_SPENDING, 2)},
    "N.s4.total": "T4.32.1",
    "N.s5a.spend": "T5.合计.1",
    "N.s5b.spend": "T5.合计.1",
    "N.s5c.final": "T5.合计.1",
    "N.s5c.basic": "T5.合计.2",
    "N.s5c.project": "T5.合计.3",
    "N.s6.basic": "T5.合计.2",
    "N.s6.personnel": "T6.人员经费合计",
    "N.s6.public": "T6.公用经费合计",
    "N.s7b.initial": "T7.1",
    **{f"N.s7b.{name}_initial": f"T7.{at}" for at, name in enumerate(_THREE, 2)},
    "N.s7b.final": "T7.7",
    **{f"N.s7b.{name}": f"T7.{at}" for at, name in enumerate(_THREE, 8)},
    **{f"N.s8.{name}": f"T8.合计.{at}" for at, name in enumerate(_FUND, 1)},
    "N.s9.spend": "T9.合计.1",
    "N.s9.basic": "T9.合计.2",
    "N.s9.project": "T9.合计.3",
}
"""Figures that say what a cell of a table says."""
COMPARED = (
    ("N.s1.total", "N.s1."),
    ("N.s4.total", "N.s4."),
    ("N.s5a.spend", "N.s5a."),
    ("N.s7b.final", "N.s7b."),
    ("N.s7b.reception", "N.s7b.reception_"),
    ("N.s10.run", "N.s10."),
)
"""What is compared with last year, and how that begins which says so."""
_COMPARED_IN_2024 = tuple((f"N.s7b.{name}", f"N.s7b.{name}_") for name in _THREE[:-1])
Said = dict[str, Any]


def stated(book: Any, **cut: Any) -> Callable[[str], int | None]:
    """What was stated of last year, of the figure or of the cell that it quotes; the last of it, of
    every unit."""

    def of(name: str) -> int | None:
        cells = (name, QUOTED.get(name))
        sums = 0
        for one in book.members():
            said = [e["request"] for e in facts.standing(one, "prior", **cut)]
            found = [each for each in said if each["cell"] in cells]
            if not found:
                return None
            last = found[-1]
            sums += int(last["fen"] if last["count"] is None else last["count"])
        return sums

    return of


def compared_in(edition: str) -> tuple[tuple[str, str], ...]:
    """What an edition compares with last year."""
    return (*COMPARED, *(_COMPARED_IN_2024 if edition == "2024" else ()))


def figures(book: Any, last_year: Callable[[str], int | None], edition: str, **cut: Any) -> Said:
    """Every figure beside the tables, but for the self-evaluation's own. The cells are those of the
    forms of 2020: others have the same money elsewhere, but that 三公 is since of all fiscal
    money."""
    funds = ("general",) if edition == "2020" else FISCAL
    cells = book.cells(funds, **cut)
    found: Said = {name: cells.get(cell, 0) for name, cell in QUOTED.items()}
    if edition == "2024":  # 公用 is 302 and 310 there
        found["N.s6.public"] = cells.get("T6.302", 0) + cells.get("T6.310", 0)
    found["N.units"] = tuple(name for one in book.members() for name in _name(one, **cut))
    found |= dict.fromkeys(("N.s9.opening", "N.s9.income", "N.s9.closing"), 0)  # nobody has any
    runs = [one for one in book.members() if one.unit_kind in ("admin", "public-admin")]
    found["N.s10.run"] = sum(_run(one, **cut) for one in runs)
    found |= _items(cells) | _classes(book, cells, **cut) | _projects(book, **cut)
    found |= _counts(book, edition, **cut) | _bought(book, **cut)
    found |= _three_public(book, cells, funds, **cut)
    for source in _SOURCES:
        found[f"N.s2.{source}_share"] = _part(found[f"N.s2.{source}"], found["N.s2.income"])
    for spending in _SPENDING:
        found[f"N.s3.{spending}_share"] = _part(found[f"N.s3.{spending}"], found["N.s3.spend"])
    found["N.s5a.share"] = _part(found["N.s5a.spend"], cells.get("T1.57", 0))
    if edition == "2024":
        found |= _of_2024(book, found, **cut)
    for name, before in compared_in(edition):
        told = compared(found[name], last_year(name))
        found |= {before + word: value for word, value in told.items()}
    return found


def compared(now: int, then: int | None) -> Said:
    """By how much, by which part and in which direction."""
    if then is None:
        return dict.fromkeys(("change", "change_rate", "direction"))
    word = "持平" if now == then else "增加" if now > then else "减少"
    return {"change": abs(now - then), "change_rate": _part(abs(now - then), then),
            "direction": word}  # fmt: skip


def _name(book: Any, **cut: Any) -> tuple[str, ...]:
    """How a unit is called by then."""
    known = book.counted(known_at=cut.get("known_at")) or book.entries[:1]
    named = [e["shown"]["name"] for e in known if "name" in e.get("shown", ())]
    return tuple(named[-1:])


def _part(of: int | None, base: int | None) -> Fraction | None:
    return Fraction(of, base) if of is not None and base else None


def _sum(
    book: Any, whats: dict[str, int], wanted: Callable[[dict[str, str]], bool], **cut: Any
) -> int:
    """What entries did to lines of the general fund that are wanted, each with its sign."""
    return _all(book, whats, wanted, "general:", **cut)


def _all(
    book: Any,
    whats: dict[str, int],
    wanted: Callable[[dict[str, str]], bool],
    of: str = "",
    **cut: Any,
) -> int:
    """The same of every fund, or of one."""
    return sum(
        whats[what] * fen
        for (what, line, _), fen in book.sums(**cut).items()
        if what in whats and line.startswith(of) and wanted(parts_of(line))
    )


_BUDGET = {"approved": 1, "taken": -1}
_PAID = {"paid": 1}


def _run(book: Any, **cut: Any) -> int:
    """公用经费 of basic general money."""
    return sum(
        fen
        for (what, line, econ), fen in book.sums(**cut).items()
        if what == "paid by econ" and econ[:3] in _PUBLIC
        if line.startswith("general:") and parts_of(line)["spending"] == "basic"
    )


def _items(cells: dict[str, int]) -> Said:
    """The 款 of table 6 that have an amount, and the 项 that any money was for."""
    econs = sorted(name[3:] for name in cells if name[:3] == "T6." and name[3:].isdigit())
    econs = [econ for econ in econs if len(econ) == 5]
    return {
        "N.s6.personnel_items": tuple(e for e in econs if e[:3] in ("301", "303")),
        "N.s6.public_items": tuple(e for e in econs if e[:3] in _PUBLIC),
    }


def _classes(book: Any, cells: dict[str, int], **cut: Any) -> Said:
    """What was spent for each class, and planned in January."""
    found: Said = {}
    initial = _sum(book, {"initial": 1}, lambda _: True, **cut)
    spent = cells.get("T4.59.3", 0)
    for at, name in enumerate(CLASSES, 33):
        fen = cells.get(f"T4.{at}.3", 0)
        planned = _sum(book, {"initial": 1}, lambda p, c=name: p["func"][:3] == c, **cut)  # type: ignore[misc]
        if fen:
            found |= {f"N.s5b.{name}": fen, f"N.s5b.{name}_share": _part(fen, spent)}
        if fen or planned:
            found |= {f"N.s5c.{name}_initial": planned, f"N.s5c.{name}_final": fen,
                      f"N.s5c.{name}_rate": _part(fen, planned)}  # fmt: skip
    old = int(book.year)
    return found | {
        "N.s5c.initial": initial,
        "N.s5c.rate": _part(cells.get("T5.合计.1", 0), initial),
        "N.s5c.carryover": _sum(
            book,
            _PAID,
            lambda p: p["spending"] == "project" and int(p["origin"]) < old,
            **cut,
        ),
    }


def _projects(book: Any, **cut: Any) -> Said:
    """Money of projects: this year's, and all of it; what was evaluated; what was reached."""
    targets = [e["request"] for e in facts.standing(book, "target", **cut)]
    alone = len(book.members()) == 1
    targets = [target for target in targets if not (alone and target["department"])]
    evaluated = sorted({target["project"] for target in targets} - {""})
    projects = {parts_of(line)["project"] for line in book.lines()} - {"-"}
    found: Said = {}
    funds = other_funds = 0
    general, others = [], []
    for project in sorted({*projects, *evaluated}):

        def own(p: dict[str, str], project: str = project) -> bool:
            return p["project"] == project

        def current(p: dict[str, str], project: str = project) -> bool:
            return p["project"] == project and p["origin"] == book.year

        budget, paid = _all(book, _BUDGET, own, **cut), _all(book, _PAID, own, **cut)
        of_general = _sum(book, _BUDGET, own, **cut), _sum(book, _PAID, own, **cut)
        if budget or paid or project in evaluated:
            found |= {f"N.s13c.{project}.budget": budget, f"N.s13c.{project}.executed": paid,
                      f"N.s13c.{project}.rate": _part(paid, budget)}  # fmt: skip
        if project in evaluated:
            funds += of_general[0]
            found[f"N.s13a.{project}.funds"] = of_general[0]
            if any(of_general):
                general.append(project)
            elif budget or paid:
                others.append(project)
                other_funds += budget
        budget, paid = _sum(book, _BUDGET, current, **cut), _sum(book, _PAID, current, **cut)
        if budget or paid:
            found |= {f"N.s5c.{project}.budget": budget, f"N.s5c.{project}.executed": paid,
                      f"N.s5c.{project}.rate": _part(paid, budget)}  # fmt: skip
    base = _sum(book, _BUDGET, lambda p: p["spending"] == "project", **cut)
    found |= {"N.s13a.projects": len(evaluated), "N.s13c.projects": len(evaluated)}
    found |= {"N.s13a.funds": funds, "N.s13a.base": base, "N.s13a.share": _part(funds, base)}
    found |= {"N.s13a.general": len(general), "N.s13a.others": len(others),
              "N.s13a.other_funds": other_funds}  # fmt: skip
    found["N.s13b.funds"] = _all(book, _BUDGET, lambda _: True, **cut)
    found["N.s13b.general"] = _sum(book, _BUDGET, lambda _: True, **cut)
    if any(not target["project"] for target in targets):
        found["N.s13b.score"] = scores.forms(book, **cut)[""]["total"]
    for (project, no), entry in scores.kept(book, "result", **cut).items():
        if project:
            actual, own = entry["actual"], partial(_is_of, project)
            executed = _part(_all(book, _PAID, own, **cut), _all(book, _BUDGET, own, **cut))
            found[f"N.s5c.{project}.result.{no}"] = (
                executed if actual == "@execution" else _reached(actual)
            )
    return found


def _is_of(project: str, parts: dict[str, str]) -> bool:
    return parts["project"] == project


def _reached(text: str) -> Any:
    """What was reached as a number where it is one: fen, a part, a count; else the words."""
    said = scores.read(text)
    if said is None or said.how == "range":
        return text
    if said.unit == "%":
        return said.low / 100
    many = said.low * (100 if said.unit == "元" else 1)
    return int(many) if many.denominator == 1 else text


def _counts(book: Any, edition: str, **cut: Any) -> Said:
    """People and assets: the last count of each item, and the sums of some."""
    found: Said = {"N.s12.threshold.equipment-general": 50,
                   "N.s12.threshold.equipment-special": 100}  # fmt: skip
    groups = (*_GROUPS, *_GROUPS_OF["2024" if edition == "2024" else "2020"])
    for before, kind, items, needed in groups:
        last = [facts.last(one, kind, **cut) for one in book.members()]
        counted = [
            {name: of[name,]["request"]["count"] for name in items if (name,) in of} for of in last
        ]
        for name in items:
            sums = sum(each.get(name, 0) for each in counted)
            found[f"{before}.{name}"] = sums if all(counted) or not needed else None
    for name, of in (
        ("N.staff.active", ("N.staff.admin", "N.staff.institution")),
        ("N.staff.retired_all", ("N.staff.retired_cadre", "N.staff.retired")),
        ("N.s12.vehicles", tuple(f"N.s12.vehicles.{use}" for use in _CARS)),
    ):
        parts = [found[each] for each in of]
        found[name] = None if None in parts else sum(parts)
    return found


def _of_2024(book: Any, said: Said, **cut: Any) -> Said:
    """What is only told since 2024: each 项 of two funds beside its plan, each kind of 三公, guests
    from here and abroad, and what was kept for small firms."""
    found: Said = {"N.s12.threshold.equipment": 100}
    for fund, section in (("general", "N.s5c"), ("govfund", "N.s8")):
        funcs = {parts_of(line)["func"] for line in book.lines() if line.startswith(f"{fund}:")}
        for func in funcs:

            def own(p: dict[str, str], func: str = func) -> bool:
                return p["func"] == func

            planned = _all(book, {"initial": 1}, own, f"{fund}:", **cut)
            spent = _all(book, _PAID, own, f"{fund}:", **cut)
            if planned or spent:
                found |= {f"{section}.{func}_initial": planned, f"{section}.{func}_final": spent}
            if (planned or spent) and fund == "general":
                found[f"{section}.{func}_rate"] = _part(spent, planned)
    for name in _THREE:
        spent = said[f"N.s7b.{name}"]
        found[f"N.s7b.{name}_rate"] = _part(spent, said[f"N.s7b.{name}_initial"])
        found[f"N.s7b.{name}_share"] = _part(spent, said["N.s7b.final"])
    for guests in ("domestic", "foreign"):
        told = [e["request"] for e in facts.standing(book, "reception", **cut)]
        told = [each for each in told if each["guests"] == guests]
        for much in ("batches", "persons"):
            found[f"N.s7b.rec_{guests}_{much}"] = sum(each[much] for each in told)
    signed = [e for e in facts.standing(book, "contract", **cut) if not e["request"]["signed"]]
    for name, kept in (("sme", ("sme", "micro")), ("micro", ("micro",))):
        of = sum(e["fen"] for e in signed if e["request"]["reserved"] in kept)
        found[f"N.s11.reserved_{name}"] = of
    sme, micro = found["N.s11.reserved_sme"], found["N.s11.reserved_micro"]
    found["N.s11.reserved_sme_share"] = _part(sme, said["N.s11.total"])
    found["N.s11.reserved_micro_share"] = _part(micro, sme)
    return found


def _three_public(book: Any, cells: dict[str, int], funds: tuple[str, ...], **cut: Any) -> Said:
    """Receptions and trips; how many units have any such money: of one book this one, or none."""
    has = [one for one in book.members() if _has(one.three_public(funds, **cut))]
    kinds = [one.unit_kind for one in has] if len(book.members()) > 1 else ["admin"] * len(has)
    found: Said = {"N.s7a.own": kinds.count("admin"), "N.s7a.units": len(has)}
    found["N.s7a.civil_units"] = kinds.count("public-admin")
    found["N.s7a.full_units"] = kinds.count("institution")
    for what in ("", "reception_"):
        of = cells.get("T7.12" if what else "T7.7", 0)
        found[f"N.s7b.{what}rate"] = _part(of, cells.get("T7.6" if what else "T7.1", 0))
    receptions, trips = (facts.standing(book, kind, **cut) for kind in ("reception", "trip"))
    categories = {entry["request"]["category"] or "未分类" for entry in receptions}
    for much, name in (("fen", "amount"), ("batches",) * 2, ("persons",) * 2, ("companions",) * 2):
        for category in categories:
            found[f"N.s7b.rec.{category}.{name}"] = sum(
                entry["request"][much]
                for entry in receptions
                if (entry["request"]["category"] or "未分类") == category
            )
        end = "" if much == "fen" else f"_{name}"
        found[f"N.s7b.rec{end}"] = sum(entry["request"][much] for entry in receptions)
    for much, end in (("fen", ""), ("groups", "_groups"), ("persons", "_persons")):
        found[f"N.s7b.trip{end}"] = sum(entry["request"][much] for entry in trips)
    for name, cell in (("N.s7b.rec", "T7.12"), ("N.s7b.trip", "T7.8")):
        if found[name] != cells.get(cell, 0):
            found[name] = None  # something is not told yet
    return found


def _has(sides: dict[str, dict[str, int]]) -> bool:
    return any(sum(sides[side].values()) for side in ("budget", "actual"))


def _bought(book: Any, **cut: Any) -> Said:
    """政府采购: this year's contracts, and payments of a type for none."""
    signed = [e for e in facts.standing(book, "contract", **cut) if not e["request"]["signed"]]
    sums, found = book.sums(**cut), dict[str, Any]()
    for kind in ("goods", "works", "services"):
        of = sum(e["fen"] for e in signed if e["request"]["procurement_type"] == kind)
        found[f"N.s11.{kind}"] = of + sums.get(("bought", kind, ""), 0)
    found["N.s11.total"] = total = sum(found.values())
    for name, sizes in (("sme", ("medium", "small", "micro")), ("micro", ("small", "micro"))):
        found[f"N.s11.{name}"] = of = sum(e["fen"] for e in signed if e["request"]["size"] in sizes)
        found[f"N.s11.{name}_share"] = _part(of, total)
    return found


_TYPES = {"goods": "货物", "works": "工程", "services": "服务"}
_SIZES = {"large": "大型企业", "medium": "中型企业", "small": "小型企业", "micro": "微型企业"}
_KEPT_FOR = {"none": "未预留", "sme": "面向中小企业预留", "micro": "面向小微企业预留"}


def of_facts(book: Any, **cut: Any) -> Said:
    """What receptions and trips come to; of each contract what was paid and is left, and its words;
    of what is owned how many, and what it is worth."""
    found: Said = {}
    for kind, names in (("reception", ("batches", "persons", "companions")),
                        ("trip", ("groups", "persons"))):  # fmt: skip
        told = [entry["request"] for entry in facts.standing(book, kind, **cut)]
        found[f"P.{kind}.amount"] = sum(each["fen"] for each in told)
        found |= {f"P.{kind}.{name}": sum(each[name] for each in told) for name in names}
    for each in facts.contracts(book, **cut):
        name = f"P.contract.{each['no']}"
        whole = found.get(f"{name}.amount", 0) + each["amount_fen"]  # at a day of two of a number
        found |= {f"{name}.amount": whole, f"{name}.paid": each["paid_fen"],
                  f"{name}.left": whole - each["paid_fen"]}  # fmt: skip
    words: dict[str, list[str]] = {}
    for entry in facts.standing(book, "contract", **cut):
        of = entry["request"]
        for name, word in (
            ("supplier", of["supplier"]),
            ("type", _TYPES[of["procurement_type"]]),
            ("size", _SIZES[of["size"]]),
            ("reserved", _KEPT_FOR[of["reserved"]]),
            ("signed", str(of["signed"] or entry["date"])),
            ("due", str(of["due"] or "")),
        ):
            words.setdefault(f"P.contract.{of['no']}.{name}", []).append(word)
    found |= {
        name: "、".join(each for each in dict.fromkeys(of) if each) or None
        for name, of in words.items()
    }
    return found | _owned(book, **cut)


def _owned(book: Any, **cut: Any) -> Said:
    """Of each item that was counted, and of all vehicles where any was."""
    found: Said = {}
    cars = {"count": 0, "amount": 0}
    for one in book.members():
        for (item,), entry in facts.last(one, "asset", **cut).items():
            name = f"P.asset.{item}"
            many, fen = entry["request"]["count"], entry["fen"]
            found[f"{name}.count"] = found.get(f"{name}.count", 0) + many
            found[f"{name}.amount"] = found.get(f"{name}.amount", 0) + fen
            found[f"{name}.unit"] = "台（套）" if item.startswith("equipment") else "辆"
            if item.startswith("vehicles."):
                cars = {"count": cars["count"] + many, "amount": cars["amount"] + fen}
                found |= {f"P.asset.vehicles.{of}": much for of, much in cars.items()}
                found["P.asset.vehicles.unit"] = "辆"
    return found


def self_evaluation(book: Any, **cut: Any) -> Said:
    """Every figure of every form: its money, its scores and totals."""
    found: Said = {}
    for scope, points in scores.forms(book, **cut).items():
        key = f"E.{scope or 'whole'}"
        found |= {f"{key}.{name}": value for name, value in points.items()}
        for of, row in scores.money(book, scope, **cut).items():
            found |= {f"{key}.funds.{of}.{column}": fen for column, fen in row.items()}
            found[f"{key}.funds.{of}.rate"] = _part(row["executed"], row["annual_budget"])
    return found
