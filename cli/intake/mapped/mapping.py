"""A mapping: how the export of another system becomes rows of the import file, as TOML.

The shipped ones lie in mappings/ with a table of all keys. A mapping is read strictly: what it
says and nobody knows, names a column that there is not, or cannot be a pattern, is refused with the
key and what would be right.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_type_hints

import msgspec

from cli.intake.encoding import shown
from ledger.canonical.asked import COLUMNS_OF_KIND
from ledger.canonical.columns import ALIASES_OF_MONEY
from ledger.errors import Malformed, Unreadable

_T = TypeVar("_T")
_FOLDER = Path(__file__).with_name("mappings")
_SIZE_MAX = 1 << 20
_LINE = "line"
LABEL = "label"
"""In a `when`: the first text of a row, whatever its column."""


class ColumnRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value comes from: the first of `headers` that the file has, or a constant."""

    headers: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    value: str | None = None
    default: str = ""
    take: str = ""
    rest: str = ""
    values: dict[str, str] = {}
    required: bool = False


class Skip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that are left out and counted. `when` looks at the cells as they stand."""

    when: dict[str, str]
    why: str


class KindRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The kind of the rows it fits; the first one counts."""

    kind: str
    when: dict[str, str] = {}
    sign: Literal["+", "-"] | None = None


class Fill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values for rows that it fits, in place of what they have."""

    when: dict[str, str]
    to: dict[str, str]


class RefuseRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that cannot be mapped, and why."""

    when: dict[str, str]
    column: str
    right: str


class BookColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which unit and year a row belongs to, and what becomes of another book's rows."""

    unit: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    others: Literal["refuse", "skip"] = "refuse"


class Less(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was taken from a row since: an entry of its own of this kind."""

    headers: tuple[str, ...]
    kind: str = "cut"


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of export."""

    title: str
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    sheet: str | None = None
    header_within: int = 30
    unit: Literal["yuan", "wan", "stated", "auto"] = "auto"
    dates: tuple[str, ...] = (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%Y年%m月%d日",
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
    )
    total: str = r"[合总]\s*计"
    columns: dict[str, ColumnRule]
    other: dict[str, ColumnRule] = {}
    kinds: tuple[KindRule, ...]
    fill: tuple[Fill, ...] = ()
    skip: tuple[Skip, ...] = ()
    refuse: tuple[RefuseRule, ...] = ()
    book: BookColumns = BookColumns()
    originals: tuple[tuple[str, ...], ...] = ()
    line_from: str = ""
    moved_from: str = ""
    less: Less | None = None


def shipped() -> list[str]:
    """The mappings that come along."""
    return sorted(file.stem for file in _FOLDER.glob("[!_]*.toml"))


def mapping(wanted: str) -> Mapping:
    """The mapping of a name, or of a file of one's own. Raises `Malformed`."""
    data = _read(wanted)
    base = data.get("based_on")
    if base is not None and base not in shipped() and wanted not in shipped():
        raise _wrong(wanted, "based_on", str(base), "随附的映射之一：" + "、".join(shipped()))
    data = _based(data)
    for name in ("columns", "other"):  # msgspec does not say which key of a table it means
        for key, table in data[name].items() if isinstance(data.get(name), dict) else ():
            _converted(wanted, table, ColumnRule, f"{name}.{key}")
    made = _converted(wanted, data, Mapping, "")
    _check(wanted, made)
    return made


def _read(wanted: str) -> dict[str, Any]:
    if wanted in shipped():
        return _shipped(wanted)
    path = Path(wanted)
    if not path.is_file():
        expected = "、".join(shipped()) + "，或自己的映射文件 FILE.toml"
        raise Malformed(Unreadable.MAPPING_UNKNOWN, field="map", value=wanted, expected=expected)
    if path.stat().st_size > _SIZE_MAX:
        raise _wrong(wanted, "", shown(path), "不超过 1 MB 的 TOML 文件")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, digits without end
        raise _wrong(wanted, "", str(error), "UTF-8 编码的 TOML") from error


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _based(data: dict[str, Any]) -> dict[str, Any]:
    """A mapping with what it keeps of its base: columns key by key, everything else whole."""
    base = data.pop("based_on", None)
    if base is None:
        return data
    kept = _based(_shipped(base))
    for name in ("columns", "other"):
        own, of_base = data.get(name), kept.get(name, {})
        if not isinstance(own, dict) or not all(isinstance(t, dict) for t in own.values()):
            continue
        data[name] = of_base | {key: of_base.get(key, {}) | table for key, table in own.items()}
    return kept | data


_TABLES: dict[str, type] = {
    "columns": ColumnRule,
    "other": ColumnRule,
    "kinds": KindRule,
    "fill": Fill,
    "skip": Skip,
    "refuse": RefuseRule,
    "book": BookColumns,
    "less": Less,
}


_TYPES = {
    "array": '列表，如 ["…"]',
    "str": '文字，如 "…"',
    "int": "整数",
    "bool": "true 或 false",
    "object": "表，如 [columns.date]",
}


def _converted(wanted: str, data: Any, kind: type[_T], at: str) -> _T:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        where = re.search(r" - at `\$\.?(.*?)`", text)
        field = ".".join(part for part in (at, where[1] if where else "") if part)
        table = kind if at else _TABLES.get(re.split(r"[.\[]", field)[0], kind)
        if found := re.search(r"Expected `(\w+).*`, got `(\w+)", text):
            expected = _TYPES.get(found[1], found[1])
            raise _wrong(wanted, field, f"{found[2]}（类型不符）", expected) from error
        if found := re.search(r"Invalid enum value '(.*?)'", text):
            hint = get_type_hints(table)[field.rpartition(".")[2]]
            values = {value for part in (hint, *get_args(hint)) for value in get_args(part)}
            expected = " | ".join(sorted(value for value in values if isinstance(value, str)))
            raise _wrong(wanted, field, found[1], expected) from error
        found = re.search(r"Object (contains unknown|missing required) field `(.*?)`", text)
        value = found[2] if found else text
        lacks = found is not None and found[1].startswith("missing")
        keys = [info.name for info in msgspec.structs.fields(table)]
        expected = "可用的键：" + "、".join([*keys, *(["based_on"] if table is Mapping else [])])
        raise _wrong(wanted, field, f"缺少 {value}" if lacks else value, expected) from error


def _check(wanted: str, made: Mapping) -> None:
    """What the types do not say."""
    names = "、".join(ALIASES_OF_MONEY)
    for name, column in made.columns.items():
        if name not in ALIASES_OF_MONEY or name == "kind":
            raise _wrong(wanted, f"columns.{name}", name, f"导入格式的栏名：{names}")
        _check_column(wanted, f"columns.{name}", column)
        if name == "amount" and not (column.headers or column.minus):
            raise _wrong(wanted, "columns.amount", "", "headers（表头）")
        if column.minus and name != "amount":
            raise _wrong(wanted, f"columns.{name}.minus", "", "只用于 columns.amount 的键")
    for name, column in made.other.items():
        if name in ALIASES_OF_MONEY or name == LABEL:
            raise _wrong(wanted, f"other.{name}", name, "导入格式以外的名称")
        _check_column(wanted, f"other.{name}", column)
    for name in ("date", "amount"):
        if name not in made.columns:
            raise _wrong(wanted, f"columns.{name}", "", "含有日期和金额的 columns")
    if not made.kinds:
        raise _wrong(wanted, "kinds", "", "至少一条 [[kinds]]")
    kinds = "、".join(COLUMNS_OF_KIND)
    for at, rule in enumerate(made.kinds):
        if rule.kind not in COLUMNS_OF_KIND:
            raise _wrong(wanted, f"kinds[{at}].kind", rule.kind, f"业务种类：{kinds}")
    if made.less is not None and made.less.kind not in COLUMNS_OF_KIND:
        raise _wrong(wanted, "less.kind", made.less.kind, f"业务种类：{kinds}")
    for at, fill in enumerate(made.fill):
        for name in fill.to:
            if name not in ALIASES_OF_MONEY:
                raise _wrong(wanted, f"fill[{at}].to.{name}", name, f"导入格式的栏名：{names}")
    _check_patterns(wanted, made)
    for name in ("line_from", "moved_from"):
        value = getattr(made, name)
        if value and value not in made.other:
            raise _wrong(wanted, name, value, "[other] 中的一栏")
    for at, original in enumerate(made.originals):
        for name in original:
            if name not in (*ORIGINAL_BY, _LINE):
                expected = "、".join((*ORIGINAL_BY, _LINE))
                raise _wrong(wanted, f"originals[{at}]", name, expected)
    for text in made.dates:
        _check_date_format(wanted, text)


ORIGINAL_BY = ("doc", "payee", "amount")
"""What a payment may be found by, and `line`."""


def _check_column(wanted: str, at: str, column: ColumnRule) -> None:
    if not (column.headers or column.minus or column.value is not None or column.default):
        raise _wrong(wanted, at, "", "headers（表头）、value（固定值）或 default（缺省值）")
    if column.rest and (column.rest not in ALIASES_OF_MONEY or not column.take):
        expected = "导入格式的一栏，与 take 同用"
        raise _wrong(wanted, f"{at}.rest", column.rest, expected)
    if column.take and _pattern(wanted, f"{at}.take", column.take).groups != 1:
        raise _wrong(wanted, f"{at}.take", column.take, "含一个括号组的正则表达式")


def _check_patterns(wanted: str, made: Mapping) -> None:
    known = {*made.columns, *made.other, LABEL}
    _pattern(wanted, "total", made.total)
    for name in ("kinds", "fill", "skip", "refuse"):
        for at, rule in enumerate(getattr(made, name)):
            for column, text in rule.when.items():
                where = f"{name}[{at}].when.{column}"
                if column not in known and not (column == "kind" and name in ("fill", "refuse")):
                    expected = "映射中的一栏：" + "、".join(sorted(known))
                    raise _wrong(wanted, where, column, expected)
                _pattern(wanted, where, text)
    for at, refusal in enumerate(made.refuse):
        if refusal.column not in known:
            expected = "映射中的一栏：" + "、".join(sorted(known))
            raise _wrong(wanted, f"refuse[{at}].column", refusal.column, expected)


def _pattern(wanted: str, at: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise _wrong(wanted, at, text, f"正则表达式（{error}）") from error


def _check_date_format(wanted: str, text: str) -> None:
    told = set(re.findall("%(.)", text))
    if not {"Y", "m", "d"} <= told <= set("YmdHMS") or "%" in re.sub("%[YmdHMS]", "", text):
        expected = "含 %Y、%m、%d（可有 %H %M %S）的日期格式，如 %Y-%m-%d"
        raise _wrong(wanted, "dates", text, expected)


def _wrong(wanted: str, at: str, value: str, expected: str) -> Malformed:
    field = f"映射 {wanted} {at}".rstrip()
    return Malformed(Unreadable.MAPPING_INVALID, field=field, value=value, expected=expected)
