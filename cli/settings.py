"""What a folder or a machine says where the command line is silent: options first, then the
environment (`YUSUAN_DB` …), then the file yusuan.toml of the current folder, then the defaults.

The file is checked whole, and the variable of the zone, whatever of them a command needs: what is
written wrongly would else be found by the one command that nobody tries. A folder without a file
costs two looks; the zone that is the default is not looked up.
"""

import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger.book import parse_unit
from ledger.errors import Malformed, Unreadable
from ledger.line import parse_year
from ledger.parse import ZONE, ZONE_VARIABLE, path, required, zone

FILE = "yusuan.toml"
DEFAULT_DB = "yusuan.db"
_SIZE_MAX = 1 << 16


class Settings(NamedTuple):
    """What is set beside the command line, as text; None: nothing is said."""

    db: str | None = None
    unit: str | None = None
    year: str | None = None
    actor: str | None = None
    zone: str | None = None
    editions: str | None = None


class Setting(NamedTuple):
    """One of them: what it is, an example of the file, and what reads it (raises `Malformed`)."""

    chinese: str
    example: str
    read: Callable[[str], object]

    @property
    def kind(self) -> type:
        """What TOML has for it: a year is a number, all else is text."""
        return str if self.example.startswith('"') else int


def parse_db(text: str) -> Path:
    """A log file. Raises `Malformed`."""
    if not text or "\0" in text:
        raise Malformed(Unreadable.DB_MALFORMED, field="db", value=text, expected="文件路径")
    return path(text, field="db")


def parse_actor(text: str) -> str:
    """Who does it. Raises `Malformed`."""
    return required(text, field="actor", limit=100)


ALL: dict[str, Setting] = {
    "db": Setting("账文件", f'"{DEFAULT_DB}"', parse_db),
    "unit": Setting("单位编码", '"420103"', parse_unit),
    "year": Setting("年度", "2025", partial(parse_year, field="year")),
    "actor": Setting("经办人", '"李会计"', parse_actor),
    "zone": Setting("时区", f'"{ZONE}"', partial(zone, field="zone")),
    "editions": Setting("表样文件夹", '"表样"', partial(path, field="editions")),
}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"YUSUAN_{name.upper()}"


def settings() -> Settings:
    """What the environment says, else the file of the folder. The zone and the editions of the
    file are put into the environment: there looks whatever tells a time or reads forms, in the
    processes that this one starts too.
    Raises `Malformed`, or what `parse.zone` raises."""
    of_file, of_environment = _of_file(), os.environ.get(ZONE_VARIABLE)
    if of_environment and of_environment != ZONE:
        zone(of_environment, field=ZONE_VARIABLE)
    if of_file.zone is not None and not of_environment:
        os.environ[ZONE_VARIABLE] = of_file.zone
    if of_file.editions is not None:
        os.environ.setdefault(variable("editions"), of_file.editions)
    return Settings(
        *(os.environ.get(variable(name)) or getattr(of_file, name) for name in Settings._fields)
    )


def _of_file() -> Settings:
    try:
        mode = Path(FILE).stat().st_mode
    except FileNotFoundError:
        if not Path(FILE).is_symlink():
            return Settings()
        mode = 0  # it is there, and leads nowhere
    except OSError:
        mode = 0
    said: dict[str, str] = {}
    for key, value in _tables(mode).items():
        setting = ALL.get(key)
        if setting is None:
            raise _wrong(Unreadable.SETTING_UNKNOWN, key, value, "、".join(ALL) + " 之一")
        if type(value) is not setting.kind:
            kind = "文字" if setting.kind is str else "数字"
            expected = f"{kind}，如 {key} = {setting.example}"
            raise _wrong(Unreadable.SETTINGS_MALFORMED, key, value, expected)
        said[key] = str(value)
        try:
            setting.read(said[key])
        except Malformed as malformed:
            raise malformed.at(FILE) from None
    return Settings(**said)


def _tables(mode: int) -> dict[str, object]:
    """The file as TOML has it."""
    import tomllib  # most folders have none

    text = ""
    try:
        if not stat.S_ISREG(mode):
            raise OSError
        with Path(FILE).open("rb") as file:
            read = file.read(_SIZE_MAX + 1)
        if len(read) > _SIZE_MAX:
            raise OSError
        text = read.decode("utf-8-sig")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _at_line(text, str(error)) from None
    except (OSError, ValueError, RecursionError):
        expected = "可以读取的 UTF-8 文本文件，不超过 64 KB"
        raise Malformed(
            Unreadable.SETTINGS_MALFORMED, field=FILE, value=FILE, expected=expected
        ) from None


def _at_line(text: str, error: str) -> Malformed:
    """The line that TOML cannot read, else the last."""
    lines = text.splitlines() or [""]
    _, told, after = error.rpartition("(at line ")
    number = int(after.partition(",")[0]) if told else len(lines)
    wrong = lines[min(number, len(lines)) - 1].strip()
    some = ALL["unit"].example
    return Malformed(
        Unreadable.SETTINGS_MALFORMED,
        field=f"{FILE} 第 {number} 行",
        value=wrong or FILE,
        expected=f"每行一项，如 unit = {some}，每项写一次",
    )


def _wrong(unreadable: Unreadable, key: str, value: object, expected: str) -> Malformed:
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return Malformed(unreadable, field=f"{FILE} {key}", value=shown, expected=expected)
