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
from typing import NamedTuple, TypeVar

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
        lines = text.splitlines() or [""]
        value = lines[line - 1].strip()
        raise NotRight(Wrong((), value, "TOML 的写法，如 名称 = 值，每项写一次"), line) from None
    except RecursionError:
        raise NotRight(Wrong((), "", "嵌套不过深的 TOML"), 1) from None
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        wrong = _told(str(error), tables, kind)
        raise NotRight(wrong, line_of(text, wrong.where)) from None


def _line_told(error: str, text: str) -> int:
    """The line that the parser names; it says of the end of a file that it is the end."""
    found = re.search(r"\(at line (\d+)", error)
    last = len(text.splitlines()) or 1
    return min(int(found[1]), last) if found else last


_TYPES = {
    "array": '一组值，如 ["…", "…"]',
    "str": '文字，如 "…"',
    "int": "整数",
    "bool": "true 或 false",
    "object": "表，如 { … }",
}


def _told(error: str, tables: object, kind: object) -> Wrong:
    """What msgspec says, in words."""
    found = re.search(r" - at `\$(.*?)`$", error)
    path = re.findall(r"\.?([^.\[\]]+)|\[(\d+)\]", found[1]) if found else []
    where: Where = tuple(int(index) if index else key for key, index in path)
    value = _value(tables, where)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if unknown := re.search(r"contains unknown field `(.*?)`", error):
        known = "、".join(_fields(_type_at(inspect.type_info(kind), tables, where)[0]))
        return Wrong((*where, unknown[1]), unknown[1], f"可用的键：{known}")
    if missing := re.search(r"missing required field `(.*?)`", error):
        lacks, _ = _type_at(inspect.type_info(kind), tables, where)
        words = _values(_fields(lacks).get(missing[1], lacks))
        example = f"，如 {missing[1]} = {json.dumps(words[0], ensure_ascii=False)}" if words else ""
        return Wrong(where, f"缺少 {missing[1]}", f"写明 {missing[1]} 的一行{example}")
    wanted, words_of_it = _type_at(inspect.type_info(kind), tables, where)
    values = _values(wanted)
    if values:
        return Wrong(where, text, "、".join(values) + " 之一")
    if "matching regex" in error:
        return Wrong(where, text, words_of_it or "合乎格式的文字")
    if length := re.search(r"Expected `(\w+)` of length ([<>=]+) (\d+)", error):
        counted = "个字符" if length[1] == "str" else "项"
        at_least = "至少" if length[2] == ">=" else "最多"
        return Wrong(where, text, f"{at_least} {length[3]} {counted}")
    if bound := re.search(r"Expected `int` ([<>=]+ \d+)", error):
        return Wrong(where, text, f"{bound[1]} 的整数")
    if other := re.search(r"Expected `(\w+).*`, got `(\w+)", error):
        return Wrong(where, text, _TYPES.get(other[1], other[1]))
    return Wrong(where, text, error)


def _value(tables: object, where: Where) -> object:
    value = tables
    for key in where:
        value = value[key]  # type: ignore[index]
    return "一张表" if isinstance(value, dict) else "一组值" if isinstance(value, list) else value


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
            if len(there) > 1 and key == (tagged[0].tag_field if tagged else None):
                return kind, described
            kind = next((each for each in tagged if each.tag == said), there[0])
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
    r'#[^\n]*|"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|[\[\]{},=\n]|[^\s\[\]{},=\"'#]+",
    re.DOTALL,
)


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
    tokens = [
        _Token(found[0], text.count("\n", 0, found.start()) + 1)
        for found in _TOKEN.finditer(text)
        if not found[0].startswith("#")
    ]
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
            names += [token[1:-1]] if quoted else [name for name in token.split(".") if name]
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
