"""TOML that people write: what is wrong is told in our words, at its own line."""

from enum import StrEnum
from typing import Annotated

import msgspec
import pytest

from ledger.toml import NotRight, line_of, read


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int = 0
    by: dict[Colour, str] = {}
    parts: dict[str, Annotated[str, msgspec.Meta(max_length=3)]] = {}


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""
    ratio: float = 0.0
    inner: Inner = Inner()
    several: tuple[Inner, ...] = ()


@pytest.mark.parametrize(
    ("text", "line", "value", "expected"),
    [
        ("\nx = 2020-01-01 10:00:00\n", 2, "x", "可用的键"),
        ("when = 2020-01-01 10:00:00.5+08:00 # x\n\nname = 3", 1, "when", "可用的键"),
        ("\nname = " + "9" * 5000, 2, "9" * 5000, "位数不过多的整数"),
        ("\nname = 0x" + "f" * 5000, 2, "过大的整数", "64 位"),
        ("\ninner.size = 0x" + "f" * 5000, 2, "过大的整数", "64 位"),
        ('\n\n"a\\nb" = 1', 3, "a\nb", "可用的键"),
        ('\n\n"a` - at `$.b" = 1', 3, "a` - at `$.b", "可用的键"),
        ('\n[inner.by]\nred = "x"\nfoo = "y"', 4, "foo", "red、blue 之一"),
        ("\n[inner.by]\nred = 'x'\nblue = 3", 4, "3", "文字"),
        ('[inner.parts]\n"a.b" = "abc"\n"c\\n]" = "abcd"', 3, "abcd", "最多 3 个字符"),
        ('[[several]]\n[[several]]\n[several.parts]\nx = "y"\nz = 1', 5, "1", "文字"),
        ("# \u2028 \x85 \u2029\nname = 3", 2, "3", "文字"),
        ("# \u2028 \u2029\nname = ", 2, "name =", "TOML"),
        ("# \u2028\nname = [", 2, "name = [", "TOML"),
        ('\nratio = "x"', 2, "x", "另一种写法的值"),
        ('name = """a""""\nratio = 1.0\nfoo = 1', 3, "foo", "可用的键"),
        ("name = '''a''''\nfoo = 1", 2, "foo", "可用的键"),
    ],
)
def test_what_is_wrong_is_told_at_its_line_in_our_words(
    text: str, line: int, value: str, expected: str
) -> None:
    with pytest.raises(NotRight) as raised:
        read(text.encode(), File)
    wrong = raised.value.wrong
    assert (raised.value.line, wrong.value) == (line, value)
    assert expected in wrong.expected
    assert "Expected" not in wrong.expected
    assert "nvalid" not in wrong.expected


def test_a_key_is_found_however_it_is_quoted() -> None:
    text = "a.'b.c'.\"d\\u4e2d\" = 1\n\n['x' . \"y\\n\"]\nz = [\n  2020-01-01 10:00:00,\n  1]\n"
    assert line_of(text, ("a", "b.c", "d中")) == 1
    assert line_of(text, ("x", "y\n")) == 3
    assert line_of(text, ("x", "y\n", "z", 1)) == 6
