"""A mapping: how the export of another system becomes rows of the import file, as TOML.

The shipped ones lie in cli/mappings/ with a table of all keys. A mapping is read strictly: what it
says and nobody knows, names a column that there is not, or cannot be a pattern, is refused with the
key and what would be right.
"""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from cli.canonical import ALIASES, COLUMNS_OF_KIND
from cli.encoding import shown
from ledger.errors import Malformed

_T = TypeVar("_T")
_SIZE_MAX = 1 << 20
_LINE = "line"
LABEL = "label"
"""In a `when`: the first text of a row, whatever its column."""


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value comes from: the first of `headers` that the file has, or a constant."""

    headers: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    value: str | None = None
    default: str = ""
    take: str = ""
    values: dict[str, str] = {}
    required: bool = False


class Skip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that are left out and counted. `when` looks at the cells as they stand."""

    when: dict[str, str]
    why: str


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The kind of the rows it fits; the first one counts."""

    kind: str
    when: dict[str, str] = {}
    sign: Literal["+", "-"] | None = None


class Fill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values for rows that it fits, in place of what they have."""

    when: dict[str, str]
    to: dict[str, str]


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    columns: dict[str, Column]
    other: dict[str, Column] = {}
    kinds: tuple[Kind, ...]
    fill: tuple[Fill, ...] = ()
    skip: tuple[Skip, ...] = ()
    refuse: tuple[Refusal, ...] = ()
    book: BookColumns = BookColumns()
    originals: tuple[tuple[str, ...], ...] = ()
    line_from: str = ""
    moved_from: str = ""
    less: Less | None = None


def shipped() -> list[str]:
    """The mappings that come along."""
    folder = files("cli").joinpath("mappings")
    return sorted(
        file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")
    )


def mapping(wanted: str) -> Mapping:
    """The mapping of a name, or of a file of one's own. Raises `Malformed`."""
    data = _read(wanted)
    base = data.pop("based_on", None)
    if base is not None:
        if base not in shipped():
            raise _wrong(wanted, "based_on", base, "随附的映射之一：" + "、".join(shipped()))
        data = _merged(_read(base), data)
    for name in ("columns", "other"):  # msgspec does not say which key of a table it means
        for key, table in data[name].items() if isinstance(data.get(name), dict) else ():
            _converted(wanted, table, Column, f"{name}.{key}")
    made = _converted(wanted, data, Mapping, "")
    _check(wanted, made)
    return made


def _read(wanted: str) -> dict[str, Any]:
    if wanted in shipped():
        text = files("cli").joinpath("mappings", f"{wanted}.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)
    path = Path(wanted)
    if not path.is_file():
        expected = "、".join(shipped()) + "，或自己的映射文件 FILE.toml"
        raise Malformed("MAPPING.UNKNOWN", field="map", value=wanted, expected=expected)
    if path.stat().st_size > _SIZE_MAX:
        raise _wrong(wanted, "", shown(path), "不超过 1 MB 的 TOML 文件")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(wanted, "", str(error), "UTF-8 编码的 TOML") from error


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The base with what a mapping has of its own: named columns one by one, the rest whole."""
    named = {
        name: {**base[name], **own[name]}
        for name in ("columns", "other")
        if isinstance(base.get(name), dict) and isinstance(own.get(name), dict)
    }
    return {**base, **own, **named}


_MESSAGES = (
    (r"Object contains unknown field `(.*?)`", "没有这个键"),
    (r"Object missing required field `(.*?)`", "缺少这个键"),
    (r"Expected `(.*?)`", "类型不符"),
    (r"Invalid enum value (.*?)(?: - at|$)", "没有这个值"),
)


def _converted(wanted: str, data: Any, kind: type[_T], at: str) -> _T:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        where = re.search(r" - at `\$\.?(.*?)`", text)
        field = ".".join(part for part in (at, where[1] if where else "") if part)
        for pattern, meaning in _MESSAGES:
            if found := re.search(pattern, text):
                value = f"{found[1]}（{meaning}）"
                raise _wrong(wanted, field, value, _right(kind, field, at)) from error
        raise _wrong(wanted, field, text, _right(kind, field, at)) from error


_TABLES: dict[str, type] = {
    "columns": Column,
    "other": Column,
    "kinds": Kind,
    "fill": Fill,
    "skip": Skip,
    "refuse": Refusal,
    "book": BookColumns,
    "less": Less,
}


def _right(kind: type, field: str, at: str) -> str:
    """What a table may hold, with types where they are the trouble."""
    table = _TABLES.get(re.split(r"[.\[]", field)[0], kind) if not at else kind
    keys = [info.name for info in msgspec.structs.fields(table)]
    if table is Mapping:
        keys.append("based_on")
    if table is Column:
        return "文字或文字的列表，可用的键：" + "、".join(keys)
    return "此处可用的键：" + "、".join(keys) + "（见 cli/mappings/README.md）"


def _check(wanted: str, made: Mapping) -> None:
    """What the types do not say."""
    names = "、".join(ALIASES)
    for name, column in made.columns.items():
        if name not in ALIASES or name == "kind":
            raise _wrong(wanted, f"columns.{name}", name, f"导入格式的栏名：{names}")
        _check_column(wanted, f"columns.{name}", column)
        if column.minus and name != "amount":
            raise _wrong(wanted, f"columns.{name}.minus", "", "只用于 columns.amount 的键")
    for name, column in made.other.items():
        if name in ALIASES or name == LABEL:
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
            if name not in ALIASES:
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


def _check_column(wanted: str, at: str, column: Column) -> None:
    if not (column.headers or column.minus or column.value is not None or column.default):
        raise _wrong(wanted, at, "", "headers（表头）、value（固定值）或 default（缺省值）")
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
    return Malformed("MAPPING.INVALID", field=field, value=value, expected=expected)
