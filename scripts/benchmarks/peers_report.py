"""The part of BENCHMARKS.md about yusuan and its peers, and its short form for the READMEs."""

from collections.abc import Iterator, Sequence
from typing import Any

from scripts.benchmarks.measured import Measured, seconds
from scripts.benchmarks.peers import ALL, AS_OF, CHECK, FIRST, IMPORT, LINE, QUESTIONS
from scripts.benchmarks.report import COLUMNS, figures, flat, growth, named, parts_of, table
from scripts.benchmarks.side_by_side import FLOOR, PAIRS, Answered, Pair

JOURNALS = ("ledger", "hledger", "beancount")
"""The peers that keep accounts; the others are databases, which check nothing."""

_COMMANDS = {
    IMPORT: "`import`",
    FIRST: "`rebuild` + `balance`",
    ALL: "`balance`",
    LINE: "`balance --line`",
    AS_OF: "`balance --as-of`",
    CHECK: "`audit`",
}
"""A question in the short form, which two languages share."""
_IN_SHORT = "### In short"

_NOTES = """\
Every tool had the same rows: each wrote the balances of every line (initial budget, changes since,
available, paid) for each question, all of them, one line, all lines as of a day, and all of them
were the same to the fen, or this table would not be here. The journals have one transaction a row
with its document, payee and purpose; the databases one table of moves, the one of sqlite3 with an
index that covers the questions. ledger, hledger and beancount read their file for each question
(beancount keeps what it parsed: *nothing prepared* is without that). Their *strict check* is
`ledger --pedantic stats`, `hledger check --strict ordereddates`, `bean-check --no-cache`, that of
sqlite3 `PRAGMA integrity_check`. yusuan's `audit` does more than any of them: it proves the hash
chain, takes every decision again and compares the views; its *import* applies every rule of the
budget to every row, that of the databases none. *Nothing prepared* builds yusuan's views.

A figure is a whole process, as in "yusuan alone", but its answer goes to a file. Up to 100,000
entries a command ran at least three times, above that once where it took long; *min* is what the
ratios use, and where the load above is more than the processors, *CPU* says more. *× peer* compares
with the fastest other tool, *× journal* with the fastest other of ledger, hledger and beancount
(below 1 is faster than it), *× floor* with the bare work on this machine, named in the last rows.
"""


def side_by_side(
    about: dict[str, str], sizes: Sequence[Sequence[Answered]], pair: Pair | None
) -> str:
    """The whole part."""
    parts = ["## Beside other tools", "", table(("", ""), list(about.items())), "", _NOTES]
    parts += [_IN_SHORT, "", _short(sizes[-1]), ""]
    if pair is not None:
        parts += [*_pair(pair), ""]
    for answered in sizes:
        parts += [f"### {answered[0].measured.size:,} entries, side by side", ""]
        header = ("question", "tool", *COLUMNS, "× peer", "× journal", "× floor")
        parts += [table(header, list(_rows(answered))), ""]
    if len(sizes) > 1:
        by_key = [{_key(one): one.measured for one in answered} for answered in sizes]
        names = sorted(by_key[0], key=_order)
        parts += growth(("question", "tool"), names, [[of[n] for of in by_key] for n in names])
    return "\n".join(parts)


def in_short(benchmarks: str) -> str:
    """The table of the short form out of the report; empty where no peers were measured."""
    _, _, rest = parts_of(benchmarks).get("peers", "").partition(f"{_IN_SHORT}\n\n")
    return rest.partition("\n\n")[0]


def as_json(about: dict[str, str], sizes: Sequence[Sequence[Answered]], pair: Pair | None) -> Any:
    """The same for `--json`."""
    measured = [{"tool": a.tool, **flat(a.measured)} for answered in sizes for a in answered]
    started = None
    if pair is not None:
        started = {"ratio": round(pair.ratio, 3), "in_turns": list(map(flat, pair))}
    return {"machine": about, "measured": measured, "start_up": started}


def _short(answered: Sequence[Answered]) -> str:
    tools = [tool for tool in dict.fromkeys(a.tool for a in answered) if tool != FLOOR]
    by_key = {_key(one): one.measured for one in answered}
    rows = [
        (
            command,
            *(_cell(by_key.get((question.name, tool))) for tool in tools),
        )
        for question, command in _COMMANDS.items()
    ]
    return table((f"{answered[0].measured.size:,}", *tools), rows)


def _cell(measured: Measured | None) -> str:
    if measured is None:
        return "–"
    return "✗" if measured.failure else f"{seconds(measured.wall)} s, {measured.peak_mb:.0f} MB"


def _pair(pair: Pair) -> Iterator[str]:
    yield "### Start of the command line: all lines of 10,000 entries, in turns"
    yield ""
    rows = [(named(measured.operation.name, measured), *figures(measured)) for measured in pair]
    yield table(("command", *COLUMNS), rows)
    yield ""
    yield (
        f"yusuan takes {pair.ratio:.2f} times what ledger takes (the middle one of {PAIRS} "
        f"rounds): {'not slower' if pair.ratio <= 1 else '**slower**'}."
    )


def _rows(answered: Sequence[Answered]) -> Iterator[tuple[str, ...]]:
    floors = {a.measured.operation.name: a.measured for a in answered if a.tool == FLOOR}
    for one in sorted(answered, key=lambda a: _order(_key(a))):
        same = [a for a in answered if a.measured.operation == one.measured.operation]
        others = [a for a in same if a.tool not in (one.tool, FLOOR, "yusuan")]
        journals = [a for a in others if a.tool in JOURNALS]
        floor = floors.get(one.measured.operation.floor or "")
        question, tool = _key(one)
        yield (
            question,
            named(tool, one.measured),
            *figures(one.measured),
            _ratio(one.measured, [a.measured for a in others]),
            _ratio(one.measured, [a.measured for a in journals]),
            _ratio(one.measured, [floor] if floor is not None else []),
        )


def _ratio(measured: Measured, others: Sequence[Measured]) -> str:
    walls = [other.wall for other in others if not other.failure]
    if not walls or measured.failure:
        return ""
    ratio = measured.wall / min(walls)
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2g}"


def _key(answered: Answered) -> tuple[str, str]:
    return answered.measured.operation.name.removeprefix("floor: "), answered.tool


def _order(key: tuple[str, str]) -> int:
    """Questions in their order, the floors last; within each, as the tools were asked."""
    names = [question.name for question in QUESTIONS]
    return names.index(key[0]) if key[0] in names else len(names)
