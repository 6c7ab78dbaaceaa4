"""Where a figure comes from and where an entry goes, as text."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import UNSET, UnsetType

from cli.text.columns import padded, width
from cli.text.columns import table as aligned
from cli.text.parts import absent, money
from ledger.kinds import KIND_NAMES
from ledger.money import hundredths_of, printed_wan, yuan
from projections.answers import Header
from projections.report.explain import (
    Branch,
    CountedEntry,
    Explanation,
    LeafMove,
    OtherEntry,
    WhereUsed,
)


def explanation(header: Header, answer: Explanation, most: int) -> str:
    """Formula → cells → entries → documents, as a tree; under a cell at most so many entries."""
    entries = {(entry.book, entry.entry) for entry in answer.entries}
    documents = len({(entry.book, entry.doc) for entry in answer.entries if entry.doc})
    return "\n".join(
        [
            f"{header.subject}  {answer.cell} {answer.label}  {_value(answer)}",
            *absent(header),
            *(f"缺：{each}" for each in answer.missing or ()),
            f"取数：{answer.formula}",
            f"记录：{len(entries)} 笔，文号 {documents} 个{_eliminated(answer.entries)}",
            "",
            *tree(answer, most),
        ]
    )


def tree(answer: Explanation, most: int) -> list[str]:
    """The lines of the tree alone. Figures stand below each other, but for lines that are so long
    that all others would have to go as far."""
    described = {(entry.book, entry.entry): entry for entry in answer.entries}
    branches = list(_branches(answer.tree, described, most))
    lengths = [width(text) for text, _ in branches]
    texts = max((length for length in lengths if length <= _LONG), default=0)
    figures = max(width(figure) for _, figure in branches)
    return [
        f"{padded(text, texts)}  {padded(figure, figures, right=True)}".rstrip()
        for text, figure in branches
    ]


_LONG = 100
"""From how many columns a line of a tree has its figure where it ends."""


def _value(answer: Explanation) -> str:
    """What a figure is: an amount as it is printed and in yuan."""
    if isinstance(answer.fen, int):
        printed = printed_wan(hundredths_of(answer.printed))  # 0.00 where the form prints nothing
        return f"{printed} 万元（{yuan(answer.fen)} 元）"
    unit = answer.unit if answer.kind == "count" else ""
    return f"{answer.printed}{unit}" if answer.printed else _NONE


_NONE = "（无此数）"


def _eliminated(entries: list[CountedEntry]) -> str:
    """How much units of a department paid each other."""
    fen = sum(entry.fen or 0 for entry in entries if entry.against)
    return f"，其中抵销 {yuan(fen)} 元" if fen else ""


_Described = Mapping[tuple[str | UnsetType, int], CountedEntry]


def _branches(node: Branch, described: _Described, most: int) -> Iterator[tuple[str, str]]:
    """The lines of a tree: (text with its branch, yuan)."""
    formula = f"（{node.formula}）" if node.entries else ""
    yield f"{node.cell} {node.label}{formula}".rstrip(), _of_branch(node)
    below = [list(_branches(part, described, most)) for part in node.parts]
    below += [[_leaf(described.get((each.book, each.entry)), each)] for each in node.entries[:most]]
    rest = node.entries[most:]
    if rest:
        below.append([(f"其余 {len(rest)} 笔（--limit 多列几笔）", _of_moves(rest))])
    for position, lines in enumerate(below, 1):
        first, then = ("└─ ", "   ") if position == len(below) else ("├─ ", "│  ")
        for n, (text, figure) in enumerate(lines):
            yield (then if n else first) + text, figure


def _of_branch(node: Branch) -> str:
    """The figure beside a branch: yuan, or the value of what is no amount."""
    if isinstance(node.fen, int):
        return yuan(node.fen)
    match node.value:
        case int():
            return f"{node.value:,}{node.unit or ''}"
        case tuple():
            return f"{len(node.value)} 项"
        case str():
            return f"{node.value}{node.unit or ''}"
    return _NONE


def _of_moves(moves: Sequence[LeafMove]) -> str:
    """What some entries add up to; nothing where they are no part of a sum."""
    if all(each.fen is UNSET and each.count is UNSET for each in moves):
        return ""
    if any(each.count is not UNSET for each in moves):
        return f"{sum(each.count or 0 for each in moves):,}"
    return yuan(sum(each.fen or 0 for each in moves))


def _leaf(entry: CountedEntry | None, move: LeafMove) -> tuple[str, str]:
    if entry is None:  # it counts in a sum and, with the other sign, in what is left of it
        book = f"{move.book} " if move.book else ""
        return f"{book}第 {move.entry} 笔  （在所问的数中正负相抵）", _of_moves([move])
    kind = KIND_NAMES[entry.kind]
    text = f"第 {entry.entry} 笔  {entry.date}  {kind}  {entry.doc or '（无文号）'}"
    if entry.book:
        text = f"{entry.book} {text}"
    if move.against:
        text = f"抵销  {text}，对方 {_others(move.against)}"
    return text, _of_moves([move])


def _others(against: Sequence[OtherEntry]) -> str:
    some = "、".join(f"{each.book} 第 {each.entry} 笔" for each in against[:_OTHERS])
    return some + ("……" if len(against) > _OTHERS else "")


_OTHERS = 3


_BESIDE = {"N": "说明", "P": "事项", "E": "绩效"}
"""Where figures stand that are no cells of a table."""


def cells_of_entry(header: Header, answer: WhereUsed) -> str:
    """Where an entry goes."""
    rows = [
        (
            f"表{cell.table}" if cell.table else _BESIDE[cell.cell[:1]],
            *(cell.cell, cell.label, "" if cell.fen is UNSET else money(cell.fen)),
        )
        for cell in answer.cells
    ]
    book = f"{answer.of_book} " if answer.of_book else ""
    title = "\n".join(
        [
            f"{header.subject}  {book}第 {answer.entry} 笔进入的单元格",
            *absent(header),
            *([f"已抵销，对方 {_others(answer.against)}"] if answer.against else []),
        ]
    )
    head = ("表", "单元格", "项目", "金额（元）")
    shown = [title, ""]
    shown += [aligned(head, rows, left=3)] if rows else []
    shown += [f"填写　{each.slot}　{each.label}".rstrip() for each in answer.fills or ()]
    if not rows and not answer.fills:
        shown.append(_NOWHERE)
    return "\n".join(shown)


_NOWHERE = "没有进入任何单元格，也没有填写任何一处"
