"""The chapter of FORMAT.md on every kind of entry."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from ledger.events import (
    AnyEvent,
    Entry,
    LineClosed,
    Previous,
    Proposal,
    Share,
    decode,
    kind_of,
)
from ledger.events.fields import EntryNumber, Event
from ledger.kinds import KIND_NAMES
from ledger.line import BudgetLine
from ledger.money import yuan
from ledger.postings import Account, earlier, inflows, postings, settlements
from scripts.docs.markdown import ROOT, Unusable, code, fenced, says, table

SAMPLES = ROOT / "tests" / "golden" / "events"


def events() -> str:
    """Every kind of entry: its fields, what it moves, and how it is stored."""
    # What is stored inside an approval only has a section like the others.
    kinds = (*get_args(AnyEvent), *get_args(Proposal))
    classes = {kind.__struct_config__.tag: kind for kind in kinds}
    remarks = remarks_of_members(ROOT / "ledger" / "postings.py", Account.__name__)
    return "\n\n".join(
        (
            "What a book can hold. [events](ledger/events) declares it, "
            "[postings.py](ledger/postings.py) says what an event means. A field that has its "
            "default value is not written. Moves are in yuan; stored amounts are fen.",
            table(
                ("kind", "中文", "class"),
                (
                    (f"[{code(tag)}](#{tag}-{chinese})", chinese, code(classes[tag].__name__))
                    for tag, chinese in KIND_NAMES.items()
                ),
            ),
            f"### The envelope\n\n{says(Entry)}",
            fields(Entry),
            f"### In every event\n\n{says(Event)}",
            fields(Event),
            "Stored as an array of its fields: a share of a reallocation or of the money that goes "
            "over to next year,",
            fields(Share),
            f"a decision on a line ({code('LineClosed')}),",
            fields(LineClosed),
            f"and the head of last year's book ({code('Previous')}):",
            fields(Previous),
            "### The accounts of a line",
            table(("account", "what it holds"), ((code(a.name), remarks[a.name]) for a in Account)),
            *(kind_section(tag, classes[tag]) for tag in KIND_NAMES),
        )
    )


def kind_section(tag: str, kind: type) -> str:
    """One kind of entry."""
    alone = SAMPLES / f"{tag}.json"
    paths = [alone, *sorted(SAMPLES.glob(f"{tag}.*.json"))]
    if not alone.exists():  # stored inside another event only
        paths = sorted(SAMPLES.glob(f"*.{tag}.json"))
    own = fields(kind, without=Event.__struct_fields__)
    return "\n\n".join(
        [
            f"### {code(tag)} {KIND_NAMES[tag]}",
            f"{code(kind.__name__)}. {says(kind)}",
            own or "No fields of its own.",
            *(sample(path) for path in dict.fromkeys(paths)),
        ]
    )


def sample(path: Path) -> str:
    """A stored entry and what it does."""
    stored = path.read_text("utf-8")
    where = path.relative_to(ROOT).as_posix()
    does = "\n".join(effects(decode(stored.encode()))) or "(no account moves)"
    return f"Stored ([{path.name}]({where})) and what it does:\n\n" + "\n\n".join(
        (fenced(stored, "json"), fenced(does))
    )


def effects(entry: Entry) -> Iterator[str]:
    """What an entry moves, one line of text for each budget line, and what it does besides."""
    moves: defaultdict[tuple[BudgetLine, str, str], list[str]] = defaultdict(list)
    for move in postings(entry.event):
        moves[move.line, move.cause, move.econ].append(f"{move.account.name} {signed(move.fen)}")
    for (line, cause, econ), moved in moves.items():
        yield f"{line}  {', '.join(moved)}  as {cause}" + (f" of {econ}" if econ != "-" else "")
    for inflow in inflows(entry.event):
        source = inflow.source if inflow.pool is None else f"{inflow.source} {inflow.pool}"
        where = "the book" if inflow.line is None else inflow.line
        yield f"{where}  income {source} {signed(inflow.fen)}"
    for original, settled_fen, reversed_by in settlements(entry.number, entry.event):
        if settled_fen:
            yield f"entry {original}  settled {signed(settled_fen)}"
        if reversed_by is not None:
            own = original == earlier(entry.event)  # not what an approved reversal undoes
            done = _SETTLED_BY.get(kind_of(entry.event), "reversed") if own else "reversed"
            yield f"entry {original}  {done} by {reversed_by}"


_SETTLED_BY = {"approve": "approved", "reject": "rejected"}


def signed(fen: int) -> str:
    """Yuan with its sign."""
    return f"{'−' if fen < 0 else '+'}{yuan(abs(fen))}"


def fields(struct: type, *, without: Sequence[str] = ()) -> str:
    """The fields of a stored class; empty where there are none."""
    hints = get_type_hints(struct, include_extras=True)
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    rows = [
        (
            code(field.encode_name),
            words(field.type),
            "fen (分)"
            if field.name.endswith("_fen")
            else "entry"
            if hints[field.name] == EntryNumber
            else "",
            "required" if field.required else code(msgspec.json.encode(field.default).decode()),
        )
        for field in info.fields
        if field.name not in without
    ]
    return table(("field", "type", "unit", "default"), rows) if rows else ""


def words(kind: Any) -> str:
    """A type as one says it."""
    i = msgspec.inspect
    match kind:
        case i.DateType():
            return "date"
        case i.DateTimeType():
            return "instant, with its zone"
        case i.BoolType():
            return "true or false"
        case i.IntType():
            low = kind.ge if kind.gt is None else kind.gt + 1
            high = kind.le if kind.lt is None else kind.lt - 1
            return f"whole number{span(low, high)}"
        case i.StrType():
            size = span(kind.min_length, kind.max_length)
            return f"text{size} characters" if size else "text"
        case i.LiteralType():
            return "one of " + ", ".join(code(str(value)) for value in kind.values)
        case i.VarTupleType():
            size = span(kind.min_length, kind.max_length)
            return f"list{size}, each: {words(kind.item_type)}"
        case i.CustomType(cls=cls) if cls is BudgetLine:
            return "budget line, as its text"
        case i.StructType(tag=str() as tag):
            return code(tag)
        case i.StructType(cls=cls):
            return cls.__name__.lower()
        case i.NoneType():
            return "nothing"
        case i.UnionType(types=types) if any(isinstance(t, i.NoneType) for t in types):
            return " or ".join(map(words, types))
        case i.UnionType(types=types):
            return "one event of " + ", ".join(map(words, types))
    raise Unusable(f"no words for {kind}")


def span(low: float | None, high: float | None) -> str:
    """The bounds of a number or a length."""
    if low is None and high is None:
        return ""
    if high is None:
        return f", {low:,} or more"
    return f", up to {high:,}" if low is None else f", {low:,} to {high:,}"


def remarks_of_members(path: Path, name: str) -> dict[str, str]:
    """The strings below the members of an enum, which Python throws away."""
    (body,) = (
        node.body
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return {
        member.targets[0].id: ast.literal_eval(remark.value)
        for member, remark in pairwise(body)
        if isinstance(member, ast.Assign)
        and isinstance(member.targets[0], ast.Name)
        and isinstance(remark, ast.Expr)
    }
