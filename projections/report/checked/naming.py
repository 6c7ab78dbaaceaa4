"""X18: does every code in use have a name, and in the tables the one of the book's own list?

The packaged lists are not complete (L75), so a code without a name is only pointed out; what the
book has adopted is its own word, and a table that says otherwise is an error.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ledger.kinds import CODE_SET_NAMES, CodeSet
from ledger.line import NO_ECON, NO_PROJECT, econ_class, func_levels, is_func_class
from ledger.rules import ways
from projections.questions.measures import Measure, facts
from projections.report.cells import Cells
from projections.report.editions import at
from projections.report.findings import Finding

_NUMBERED = re.compile("[一二三四五六七八九十]+、")
_MOST = 8
"""Codes that a sentence names."""
_SUGGESTED = (
    "向财政部门取得科目表，用 yusuan codes import 采用（科目代码和名称两栏即可）；"
    "属录错的更正科目。"
)


def naming(cells: Cells) -> Iterator[Finding]:
    """X18, of codes of every level and of projects."""
    used: dict[CodeSet, dict[str, int]] = {"functional": {}, "economic": {}}
    projects: dict[str, int] = defaultdict(int)
    for measure, line, econ, _, fen in facts(cells.source):
        if fen:
            spent_fen = fen if measure is Measure.EXPENDITURE else 0
            _add(used["functional"], func_levels(line.func), spent_fen)
            _add(used["economic"], {econ_class(econ), econ} - {NO_ECON}, spent_fen)
            projects[line.project] += spent_fen
    named = cells.edition.cells
    cell_of = {"functional": named.spent, "economic": named.general_basic_econ}
    for code_set, codes in used.items():
        yield from _without_a_name(cells, code_set, codes, cell_of[code_set])
        yield from _beside_the_list(cells, code_set, codes)
    yield from _otherwise(cells)
    yield from _of_two_books(cells)
    for code, fen in sorted(projects.items()):
        if code != NO_PROJECT and not cells.names.project(code):
            suggested = "用 yusuan project 登记项目名称。"
            yield Finding("X18", "error", f"项目 {code} 没有名称", [], fen, 0, suggested)


def _add(sums: dict[str, int], codes: Iterator[str] | set[str] | tuple[str, ...], fen: int) -> None:
    for code in codes:
        sums[code] = sums.get(code, 0) + fen


def _without_a_name(
    cells: Cells, code_set: CodeSet, codes: Mapping[str, int], cell: str | None
) -> Iterator[Finding]:
    for code, fen in sorted(codes.items()):
        if cells.names.of(code_set, code):
            continue
        name = at(cell or "", code)
        yield Finding(
            "X18",
            "warn",
            f"{CODE_SET_NAMES[code_set]}科目 {code} 没有名称，表内名称为空",
            [name] if name in cells.all else [],
            fen,
            0,
            _SUGGESTED,
            try_=[ways.adopt_codes(code_set)],
        )


def _beside_the_list(
    cells: Cells, code_set: CodeSet, codes: Mapping[str, int]
) -> Iterator[Finding]:
    """Codes that the adopted list has not, though we know a name: is one missing there, or wrong
    here?"""
    if not any(code_set in own for _, own in cells.names.lists):
        return
    beside = sorted(
        code
        for code in codes
        if not cells.names.own(code_set, code) and cells.names.of(code_set, code)
    )
    if beside:
        more = f"等 {len(beside)} 个" if len(beside) > _MOST else ""
        yield Finding(
            "X18",
            "info",
            f"{CODE_SET_NAMES[code_set]}科目 {'、'.join(beside[:_MOST])}{more}"
            "不在账套采用的科目表中，名称取自随附的科目表",
            suggestion="核对科目是否有误；科目表有缺漏的，补全后再次用 yusuan codes import 采用。",
            try_=[ways.adopt_codes(code_set)],
        )


def _otherwise(cells: Cells) -> Iterator[Finding]:
    """Where a table prints another name than the adopted list has. Rows that are of a code bear its
    name by the list; the general tables have words of their own for the 类 that they sum."""
    if not cells.names.lists:
        return
    found: dict[tuple[str, str], list[str]] = {}
    for cell in cells.all.values():
        funcs = () if cell.spec.leaf is None else cell.spec.leaf.func or ()
        printed = _NUMBERED.sub("", cell.label, count=1)
        if len(funcs) == 1 and is_func_class(funcs[0]):
            right = cells.names.own("functional", funcs[0])
            if right and printed != right:
                found.setdefault((funcs[0], printed), []).append(cell.id)
    for (code, printed), names in found.items():
        right = cells.names.own("functional", code)
        yield Finding(
            "X18",
            "error",
            f"支出功能分类科目 {code} 在表内为“{printed}”，账套采用的科目表为“{right}”",
            names,
            suggestion="表样与科目表版本不同：改用同一年度的表样或科目表；"
            "科目表录错的，更正后再次采用。",
            try_=[ways.adopt_codes("functional")],
        )


def _of_two_books(cells: Cells) -> Iterator[Finding]:
    for code_set, code, names in cells.names.differing():
        each = "，".join(f"{book} 为“{name}”" for name, book in names)
        yield Finding(
            "X18",
            "warn",
            f"{CODE_SET_NAMES[code_set]}科目 {code} 在各账套采用的科目表中名称不同：{each}；"
            f"表内为“{cells.names.of(code_set, code)}”",
            suggestion="各账套采用同一份科目表（yusuan codes import）。",
            try_=[ways.adopt_codes(code_set)],
        )
