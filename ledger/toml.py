"""TOML that people write, read strictly: what is wrong with it, at which line, and what would be
right.

The types say what a file may hold (msgspec structs); `read` makes one of a file's bytes. Nothing
is guessed and nothing is left over: an unknown key, a value of another type or outside its list,
and text that is no TOML are each told as one `Wrong`.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from msgspec import inspect

_T = TypeVar("_T")
Where = tuple[str | int, ...]
"""A place in a file: the keys and positions that lead to it, `("side", 0, "rows", 3)`."""


class Wrong(NamedTuple):
    """What is wrong at a place, and what would be right."""

    where: Where
    value: str
    expected: str


class NotRight(ValueError):
    """A file that does not say what its type asks for."""

    def __init__(self, wrong: Wrong, line: int) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.line = line


def shown(where: Where) -> str:
    """A place as a person reads it: `side[1].rows[4].leaf`, counted from one."""
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in where)
    return text.removeprefix(".")


def read(data: bytes, kind: type[_T]) -> _T:
    """The value of a file. Raises `NotRight`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotRight(
            Wrong((), f"第 {error.start + 1} 个字节", "UTF-8 编码的文本"), line
        ) from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _line_told(str(error), text)
        value = text.split("\n")[line - 1].strip()
        raise NotRight(Wrong((), value, "TOML 的写法，如 名称 = 值，每项写一次"), line) from None
    except RecursionError:
        raise NotRight(Wrong((), "", "嵌套不过深的 TOML"), 1) from None
    except ValueError:  # digits that Python makes no number of
        digits = re.search(r"[0-9_]{4300,}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
        value = digits[0] if digits else ""
        raise NotRight(Wrong((), value, "位数不过多的整数"), line) from None
    for where in _too_large(tables, ()):
        wrong = Wrong(where, "过大的整数", "不超过 64 位的整数")
        raise NotRight(wrong, line_of(text, where))
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        wrong = _told(str(error), tables, kind)
        raise NotRight(wrong, line_of(text, wrong.where)) from None


def _too_large(value: object, where: Where) -> Iterator[Where]:
    """Integers that TOML has not: Python reads them, and may not be able to write them."""
    if isinstance(value, int):
        if value.bit_length() > 63:
            yield where
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from _too_large(each, (*where, key))


def _line_told(error: str, text: str) -> int:
    """The line that the parser names; it says of the end of a file that it is the end. Lines end
    with a line feed, for TOML and for whoever opens the file, not with U+2028."""
    found = re.search(r"\(at line (\d+)", error)
    last = text.removesuffix("\n").count("\n") + 1
    return min(int(found[1]), last) if found else last


_TYPES = {
    "array": '一组值，如 ["…", "…"]',
    "str": '文字，如 "…"',
    "int": "整数",
    "bool": "true 或 false",
    "object": "表，如 { … }",
}


def _told(error: str, tables: object, kind: type) -> Wrong:
    """What msgspec says, in words."""
    where, of_key = _place(error, tables, kind)
    wanted, described = _type_at(inspect.type_info(kind), tables, where[:-1] if of_key else where)
    if of_key:
        keys = _values(wanted.key_type) if isinstance(wanted, inspect.DictType) else []
        return Wrong(where, str(where[-1]), "、".join(keys) + " 之一" if keys else "另一个键")
    value = _at(tables, where)
    text = _shown_value(value)
    fields = _fields(wanted)
    if "contains unknown field" in error and isinstance(value, dict):
        tag = wanted.tag_field if isinstance(wanted, inspect.StructType) else None
        unknown = next(key for key in value if key not in fields and key != tag)
        return Wrong((*where, unknown), unknown, f"可用的键：{'、'.join(fields)}")
    if missing := re.search(r"missing required field `(.*?)`", error):
        words = _values(fields.get(missing[1], wanted))
        example = f"，如 {missing[1]} = {json.dumps(words[0], ensure_ascii=False)}" if words else ""
        return Wrong(where, f"缺少 {missing[1]}", f"写明 {missing[1]} 的一行{example}")
    values = _values(wanted)
    if values:
        return Wrong(where, text, "、".join(values) + " 之一")
    if "matching regex" in error:
        return Wrong(where, text, described or "合乎格式的文字")
    if length := re.search(r"Expected `(\w+)` of length ([<>=]+) (\d+)", error):
        counted = "个字符" if length[1] == "str" else "项"
        at_least = "至少" if length[2] == ">=" else "最多"
        return Wrong(where, text, f"{at_least} {length[3]} {counted}")
    if bound := re.search(r"Expected `int` ([<>=]+ \d+)", error):
        return Wrong(where, text, f"{bound[1]} 的整数")
    other = re.search(r"Expected `(\w+)", error)
    return Wrong(where, text, _TYPES.get(other[1] if other else "", "另一种写法的值"))


def _place(error: str, tables: object, kind: type) -> tuple[Where, bool]:
    """Where msgspec has found something wrong, and whether it is the key there. Of a table with
    keys of one's own it does not say which value it means: that is the first with which alone the
    file is wrong in the same way."""
    found = re.search(r" - at (`key` in )?`\$([^`]*)`\Z", error)
    if found is None:
        return (), False
    steps = re.findall(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]", found[2])
    where: Where = ()
    for name, index in [*steps, *([("", "...")] if found[1] else [])]:
        if index == "...":
            where = (*where, _culprit(error, tables, where, kind))
        else:
            where = (*where, int(index) if index else name)
        if not _stands(tables, where):  # a key that looks like the end of a sentence
            return where[:-1], False
    return where, bool(found[1])


def _culprit(error: str, tables: object, where: Where, kind: type) -> str:
    """The key of the table at a place that is meant by an error."""
    table = cast("dict[str, object]", _at(tables, where))
    for key, value in table.items():
        try:
            msgspec.convert(_replaced(tables, where, {key: value}), kind)
        except msgspec.ValidationError as alone:
            if str(alone) == error:
                return key
    return next(iter(table))


def _replaced(tables: Any, where: Where, table: object) -> object:
    """The same tables with another one at a place."""
    if not where:
        return table
    inner = _replaced(tables[where[0]], where[1:], table)
    if isinstance(tables, dict):
        return {**tables, where[0]: inner}
    return [inner if at == where[0] else each for at, each in enumerate(tables)]


def _stands(tables: object, where: Where) -> bool:
    around = _at(tables, where[:-1])
    if isinstance(around, list):
        return isinstance(where[-1], int) and where[-1] < len(around)
    return isinstance(around, dict) and where[-1] in around


def _at(tables: Any, where: Where) -> object:
    for key in where:
        tables = tables[key]
    return tables


def _shown_value(value: object) -> str:
    match value:
        case dict():
            return "一张表"
        case list():
            return "一组值"
        case bool():
            return str(value).lower()
    return str(value)


def _type_at(kind: inspect.Type, value: object, where: Where) -> tuple[inspect.Type, str]:
    """The type of a place, and how it describes itself; of kinds told apart by a tag, the one that
    the value says."""
    described = ""
    for key in (*where, None):
        described = ""
        while isinstance(kind, inspect.UnionType | inspect.Metadata):
            if isinstance(kind, inspect.Metadata):
                described = (kind.extra_json_schema or {}).get("description", "")
                kind = kind.type
                continue
            there = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
            tagged = [each for each in there if isinstance(each, inspect.StructType)]
            said = value.get(tagged[0].tag_field) if tagged and isinstance(value, dict) else None
            if tagged and len(there) > 1 and key == tagged[0].tag_field:
                return kind, described
            alike = there[0] if tagged else _alike(there, value)
            kind = next((each for each in tagged if each.tag == said), alike)
        if key is None:
            break
        value = value[key]  # type: ignore[index]
        match kind:
            case inspect.StructType() if key != kind.tag_field:
                kind = next(each.type for each in kind.fields if each.encode_name == key)
            case inspect.DictType():
                kind = kind.value_type
            case inspect.VarTupleType() | inspect.ListType():
                kind = kind.item_type
    return kind, described


def _alike(kinds: list[inspect.Type], value: object) -> inspect.Type:
    """Of several kinds without a tag the one that a value may be meant as: a table for a table."""
    for kind in kinds:
        bare = kind.type if isinstance(kind, inspect.Metadata) else kind
        if isinstance(bare, inspect.DictType) is isinstance(value, dict):
            return kind
    return kinds[0]


def _fields(kind: inspect.Type) -> dict[str, inspect.Type]:
    """The keys of a table."""
    if not isinstance(kind, inspect.StructType):
        return {}
    return {each.encode_name: each.type for each in kind.fields}


def _values(kind: inspect.Type) -> list[str]:
    """The words that may stand at a place, where they are listed."""
    match kind:
        case inspect.EnumType():
            return [str(each.value) for each in kind.cls if isinstance(each, Enum)]
        case inspect.LiteralType():
            return [str(each) or '""' for each in kind.values]
        case inspect.UnionType():
            return [str(each.tag) for each in kind.types if isinstance(each, inspect.StructType)]
    return []


_TOKEN = re.compile(
    r'#[^\n]*|"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')'
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|[\[\]{},=\n]|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][^\s\[\]{},=\"'#]*|[^\s\[\]{},=\"'#]+",
    re.DOTALL,
)
"""A day and an hour may stand apart, and are one value."""


class _Token(NamedTuple):
    text: str
    line: int


def line_of(text: str, where: Where) -> int:
    """The line at which a place stands in TOML that can be read, else what is around it; 1 for the
    file."""
    found = dict(_places(text))
    while where and where not in found:
        where = where[:-1]
    return found.get(where, 1)


def _places(text: str) -> Iterator[tuple[Where, int]]:
    """Every key, element and table with its line, the first where it is said in parts."""
    tokens: list[_Token] = []
    line, at = 1, 0
    for found in _TOKEN.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        if not found[0].startswith("#"):
            tokens.append(_Token(found[0], line))
    seen: set[Where] = set()
    for where, line in _Walk(tokens).statements():
        if where not in seen:
            seen.add(where)
            yield where, line


class _Walk:
    """Once through the tokens of a file."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._counts: dict[Where, int] = {}

    def statements(self) -> Iterator[tuple[Where, int]]:
        """Tables and their keys."""
        table: Where = ()
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text == "[":
                table = self._header()
                yield table, token.line
            elif token.text == "\n":
                self._at += 1
            else:
                yield from self._pair(table)

    def _header(self) -> Where:
        several = self._tokens[self._at + 1].text == "["
        self._at += 2 if several else 1
        where: Where = ()
        keys = self._keys("]")
        for position, key in enumerate(keys):
            where = (*where, key)
            if several and position == len(keys) - 1:
                self._counts[where] = self._counts.get(where, -1) + 1
            if where in self._counts:
                where = (*where, self._counts[where])
        self._at += 2 if several else 1
        return where

    def _keys(self, end: str) -> list[str]:
        """The names of a dotted key, up to what ends it."""
        names: list[str] = []
        while self._tokens[self._at].text != end:
            token = self._tokens[self._at].text
            quoted = token[0] in "\"'"
            names += _unquoted(token) if quoted else [name for name in token.split(".") if name]
            self._at += 1
        return names

    def _pair(self, table: Where) -> Iterator[tuple[Where, int]]:
        line = self._tokens[self._at].line
        where = (*table, *self._keys("="))
        self._at += 1
        yield where, line
        yield from self._value(where)

    def _value(self, where: Where) -> Iterator[tuple[Where, int]]:
        opened = self._tokens[self._at]
        self._at += 1
        if opened.text == "[":
            index = 0
            while (token := self._tokens[self._at]).text != "]":
                if token.text in (",", "\n"):
                    self._at += 1
                    continue
                yield (*where, index), token.line
                yield from self._value((*where, index))
                index += 1
            self._at += 1
        elif opened.text == "{":
            while (token := self._tokens[self._at]).text != "}":
                if token.text in (",", "\n"):
                    self._at += 1
                else:
                    yield from self._pair(where)
            self._at += 1


def _unquoted(token: str) -> list[str]:
    """The key that a quoted one is."""
    return list(tomllib.loads(f"{token} = 0"))
