"""A made-up year of any size as one canonical CSV file (contract §3), the same for the same seed.

`python -m scripts.synthetic ROWS FILE` streams it to disk: 400 budget lines over 40 functional
items and 60 projects, carry-over of the year before, 追加, 追减 and 调剂 through the year, month
locks, and payments spread evenly over the days. About 1 % of the rows are refunds, 0.5 %
reversals, 0.2 % non-fiscal income. Every row is lawful: nothing is paid that is not there.
"""

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

COLUMNS = (
    "id", "date", "kind", "fund", "func", "spending", "project", "econ", "origin", "amount",
    "to_func", "to_spending", "to_project", "to_econ", "to_origin", "ref", "doc", "payee",
    "purpose", "name", "authority",
)  # fmt: skip
YEAR = 2020
ROWS_MIN = 1_000

BASIC_ITEMS = ("2011001", "2011050", "2010301", "2080101", "2120101", "2070101")
PROJECT_ITEMS = (
    "2011002", "2011008", "2010302", "2010306", "2010308", "2010408", "2010507", "2010607",
    "2010804", "2013102", "2013804", "2013816", "2040605", "2040607", "2050202", "2050803",
    "2070104", "2070109", "2070308", "2080105", "2080106", "2080109", "2080110", "2080112",
    "2080199", "2080799", "2081002", "2081004", "2100399", "2100408", "2070112", "2040610",
    "2050302", "2060404",
)  # fmt: skip
BASIC_ECONS = (
    "30101", "30102", "30103", "30107", "30108", "30110", "30113", "30199", "30201", "30202",
    "30205", "30206", "30207", "30209", "30211", "30213", "30217", "30226", "30228", "30229",
    "30231", "30239", "30299", "30302", "30309", "31002",
)  # fmt: skip
"""Each basic item has a line on every one of them; 30217 and 30231 are 三公 items (R3)."""

THREE_PUBLIC = frozenset({"30217", "30231"})
PROJECTS = 60
PROJECT_ECONS: dict[str, tuple[str, ...]] = {
    "30227": ("30227",),
    "302": ("30201", "30202", "30211", "30214", "30218", "30226", "30299"),
    "-": ("31002", "31003", "31007", "31299", "39999"),
}
"""Each project has these lines; a payment of the econs behind them draws on that line."""

PLACES = ("江汉", "江岸", "硚口", "汉阳", "武昌", "洪山", "青山", "东湖")
TRADES = (
    "办公设备有限公司", "物业服务有限公司", "印务有限公司", "信息技术有限公司",
    "会议服务有限公司", "人力资源服务有限公司", "汽车维修厂", "职业培训学校", "供电公司",
    "水务集团", "社区居民委员会", "建筑装饰工程有限公司", "律师事务所", "会计师事务所",
    "社会保险管理处", "劳务派遣有限公司",
)  # fmt: skip
PURPOSES = (
    "办公用品", "打印耗材", "资料印刷", "水费", "电费", "电话及网络费", "物业管理费",
    "差旅费报销", "设备维修", "会议场租", "业务培训", "职业技能培训补贴", "创业担保贷款贴息",
    "公益性岗位补贴", "劳务派遣人员工资", "法律咨询服务", "审计服务", "信息系统运行维护",
    "宣传品制作", "档案整理", "工资发放", "社会保险缴费", "住房公积金缴存", "工会经费拨缴",
    "公务用车加油", "慰问困难群众", "专家评审费", "场地租赁", "专用设备购置", "其他支出",
)  # fmt: skip

BASES_FEN = (5_000, 50_000, 300_000)
"""A payment is one of these, at random up to ten times as much: 50 to 30,000 yuan."""
PAYMENT_FEN_MAX = 10 * max(BASES_FEN)
PAYMENT_FEN_MEAN = sum(BASES_FEN) * 11 // 2 // len(BASES_FEN)

SHARES = (0.010, 0.005, 0.002, 0.004, 0.002, 0.004)
"""How many of the rows through the year are not payments, by kind in this order:"""
REFUND, REVERSAL, INCOME, SUPPLEMENT, CUT, REALLOCATION = accumulate(SHARES)
REMEMBERED = 0.95
"""Payments whose draw is above this may be refunded or reversed later."""
POOL = 5_000


class Line(NamedTuple):
    """A budget line, how often it is paid from, and the econs of the payments that draw on it."""

    fund: str
    func: str
    spending: str
    project: str
    econ: str
    origin: int
    weight: int
    paid_econs: tuple[str, ...]

    @property
    def cells(self) -> list[str]:
        """The six columns of the line."""
        project = "" if self.project == "-" else self.project
        return [self.fund, self.func, self.spending, project, self.econ, str(self.origin)]


class Payment(NamedTuple):
    """What a refund or a reversal must know of a payment."""

    id: str
    line: int
    fen: int


def budget_lines() -> list[Line]:
    """The 400 lines: 156 basic, 180 of projects, 52 carried over, 12 of non-fiscal money."""
    lines = [
        Line("general", func, "basic", "-", econ, YEAR, 1 + 60 // (1 + at), (econ,))
        for func in BASIC_ITEMS
        for at, econ in enumerate(BASIC_ECONS)
    ]
    for at in range(PROJECTS):
        func, code = PROJECT_ITEMS[at % len(PROJECT_ITEMS)], f"P{at + 1:02d}"
        lines += [
            Line("general", func, "project", code, econ, YEAR, 1 + 90 // (3 + at), paid)
            for econ, paid in PROJECT_ECONS.items()
        ]
        if at < 40:
            paid = (*PROJECT_ECONS["302"], *PROJECT_ECONS["-"])
            lines.append(Line("general", func, "project", code, "-", YEAR - 1, 2, paid))
        if at >= PROJECTS - 6:
            paid = PROJECT_ECONS["302"]
            lines.append(Line("nonfiscal", func, "project", code, "302", YEAR, 1, paid))
            lines.append(Line("nonfiscal", func, "project", code, "-", YEAR - 1, 1, paid))
    for func in BASIC_ITEMS:
        lines.append(Line("general", func, "basic", "-", "302", YEAR - 1, 2, ("30201", "30207")))
        lines.append(Line("general", func, "basic", "-", "310", YEAR - 1, 1, ("31002",)))
    return lines


def year_rows(count: int, seed: int = 1) -> Iterator[list[str]]:
    """`count` rows in the order of COLUMNS, by date. Raises `ValueError` below ROWS_MIN."""
    if count < ROWS_MIN:
        raise ValueError(f"a year has at least {ROWS_MIN} rows")
    year = _Year(count, seed)
    written = 0
    for row in year.opening():
        written += 1
        yield row
    first, days = date(YEAR, 1, 2), 365
    through = count - written - 11  # eleven month locks
    month = 1
    for at in range(through):
        day = first + timedelta(days=at * days // through)
        if day.month != month:
            yield year.lock(day - timedelta(days=1))
            month = day.month
        yield year.row(day)


class _Year:
    """The generator's own small ledger: what is left on each line, and what may be undone."""

    def __init__(self, count: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines = budget_lines()
        self.cells = [line.cells for line in self.lines]
        self.weights = list(accumulate(line.weight for line in self.lines))
        self.count = count
        self.left = [0] * len(self.lines)
        self.cash_fen = 0
        self.pool: list[Payment] = []
        self.serial = 0
        self.drawn: list[int] = []
        self.groups = _groups(self.lines)
        self.current = [at for at, line in enumerate(self.lines) if line.origin == YEAR]
        self.nonfiscal = [at for at in self.current if self.lines[at].fund == "nonfiscal"]

    def opening(self) -> Iterator[list[str]]:
        """Projects, carry-over and the initial budget, each large enough for its payments."""
        start = date(YEAR, 1, 1)
        for at in range(PROJECTS):
            name = f"{PURPOSES[at % len(PURPOSES)]}专项{at + 1:02d}"
            yield self._cells(start, "project", project=f"P{at + 1:02d}", name=name)
        for at, line in enumerate(self.lines):
            expected = self.count * line.weight // self.weights[-1] * PAYMENT_FEN_MEAN
            fen = (2 * expected + 20 * PAYMENT_FEN_MAX) // 1_000_000 * 1_000_000
            self.left[at] = fen
            if line.origin < YEAR:
                if line.fund == "nonfiscal":
                    self.cash_fen += fen
                yield self._cells(start, "carry-in", at, fen, doc=f"江财预〔{YEAR}〕1号")
            else:
                yield self._cells(start, "appropriate", at, fen, doc=f"江财预〔{YEAR}〕2号")

    def lock(self, day: date) -> list[str]:
        """月结 of the month that ends with `day`."""
        return self._cells(day, "lock-month")

    def row(self, day: date) -> list[str]:
        """The next row of the year: mostly a payment."""
        draw = self.random.random()
        if draw >= REALLOCATION:
            return self._pay(day, remember=draw > REMEMBERED)
        if draw < REVERSAL and self.pool:
            undo = self._refund if draw < REFUND else self._reverse
            return undo(day)
        if draw < INCOME:
            return self._income(day)
        if draw < CUT:
            return self._adjust(day, raised=draw < SUPPLEMENT)
        return self._reallocate(day)

    def _pay(self, day: date, *, remember: bool) -> list[str]:
        at = self._line()
        line = self.lines[at]
        bits = self.random.getrandbits(24)
        base = BASES_FEN[bits % 3]
        room = self.left[at]
        if line.fund == "nonfiscal":
            room = min(room, self.cash_fen)
        fen = min(base + int(self.random.random() * 9 * base), room // 2)
        if fen <= 0:
            raise RuntimeError(f"{line} has run out")  # the sizes of `opening` are wrong
        self.left[at] -= fen
        if line.fund == "nonfiscal":
            self.cash_fen -= fen
        self.serial += 1
        id_ = f"Z{self.serial:07d}"
        if remember:
            self._remember(Payment(id_, at, fen))
        cells = self.cells[at]
        econ = line.paid_econs[bits // 3 % len(line.paid_econs)]
        payee = PLACES[bits // 64 % len(PLACES)] + TRADES[bits // 512 % len(TRADES)]
        purpose = f"{day.month}月{PURPOSES[bits // 8192 % len(PURPOSES)]}"
        return [
            id_, day.isoformat(), "pay", *cells[:4], econ, cells[5], _yuan(fen), "", "", "", "",
            "", "", f"支{YEAR}-{self.serial:07d}", payee, purpose, "", "",
        ]  # fmt: skip

    def _line(self) -> int:
        if not self.drawn:
            at = range(len(self.lines))
            self.drawn = self.random.choices(at, cum_weights=self.weights, k=10_000)
        return self.drawn.pop()

    def _remember(self, payment: Payment) -> None:
        if len(self.pool) < POOL:
            self.pool.append(payment)
        else:
            self.pool[self.serial % POOL] = payment

    def _forget(self) -> Payment:
        at = self.random.randrange(len(self.pool))
        self.pool[at], self.pool[-1] = self.pool[-1], self.pool[at]
        return self.pool.pop()

    def _return(self, payment: Payment, fen: int) -> None:
        self.left[payment.line] += fen
        if self.lines[payment.line].fund == "nonfiscal":
            self.cash_fen += fen

    def _refund(self, day: date) -> list[str]:
        payment = self._forget()
        fen = payment.fen if self.random.random() < 0.5 else max(1, payment.fen // 3)
        self._return(payment, fen)
        return self._cells(day, "refund", fen=fen, ref=payment.id, doc="退", purpose="多付退回")

    def _reverse(self, day: date) -> list[str]:
        payment = self._forget()
        self._return(payment, payment.fen)
        return self._cells(day, "reverse", ref=payment.id, doc="冲", purpose="科目有误")

    def _income(self, day: date) -> list[str]:
        at = self.random.choice(self.nonfiscal)
        fen = self.random.randrange(100_000, 2_000_000)
        self.cash_fen += fen
        row = self._cells(day, "income", at, fen, doc="收", purpose="利息及其他收入")
        row[COLUMNS.index("econ")] = self.random.choice(("service", "other", "superior"))
        return row

    def _adjust(self, day: date, *, raised: bool) -> list[str]:
        at = self.random.choice(self.current)
        fen = self.random.randrange(100_000, 1_000_000)
        if not raised:
            fen = min(fen, self.left[at] // 10)
        self.left[at] += fen if raised else -fen
        kind, reason = ("supplement", "上级专款") if raised else ("cut", "压减一般性支出")
        return self._cells(day, kind, at, fen, doc=f"江财预〔{YEAR}〕", purpose=reason)

    def _reallocate(self, day: date) -> list[str]:
        group = self.random.choice(self.groups)
        source, target = self.random.sample(group, 2)
        fen = min(self.random.randrange(100_000, 1_000_000), self.left[source] // 10)
        self.left[source] -= fen
        self.left[target] += fen
        econs = self.lines[source].econ, self.lines[target].econ
        inside = econs[0][:3] == econs[1][:3] and econs[1] not in THREE_PUBLIC
        row = self._cells(day, "reallocate", source, fen, doc=f"江财调〔{YEAR}〕", purpose="调剂")
        row[COLUMNS.index("to_econ")] = econs[1]
        row[COLUMNS.index("authority")] = "department" if inside else "finance"
        return row

    def _cells(
        self, day: date, kind: str, line: int | None = None, fen: int = 0, **cells: str
    ) -> list[str]:
        self.serial += 1
        if cells.get("doc") and not cells["doc"].endswith("号"):
            cells["doc"] += f"{self.serial}号"
        row = dict.fromkeys(COLUMNS, "") | cells
        row |= {"id": f"Z{self.serial:07d}", "date": day.isoformat(), "kind": kind}
        if line is not None:
            row |= dict(zip(COLUMNS[3:9], self.cells[line], strict=True))
        if fen:
            row["amount"] = _yuan(fen)
        return list(row.values())


def _groups(lines: Sequence[Line]) -> list[list[int]]:
    """Lines that differ in their econ only: money may move between them."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        groups[line.fund, line.func, line.spending, line.project, line.origin].append(at)
    return [group for group in groups.values() if len(group) > 1]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def write_year(path: Path, count: int, seed: int = 1) -> None:
    """Writes `count` rows and the header to `path`, streamed."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(year_rows(count, seed))


def main(argv: Sequence[str]) -> int:
    """Writes the file that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.synthetic", description=__doc__)
    parser.add_argument("rows", type=int, help=f"how many, at least {ROWS_MIN}")
    parser.add_argument("file", type=Path, help="the CSV file to write")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    if given.rows < ROWS_MIN:
        parser.error(f"a year has at least {ROWS_MIN} rows")
    write_year(given.file, given.rows, given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
