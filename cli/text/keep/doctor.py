"""What the doctor found, as text."""

from typing import NamedTuple

from cli.text.columns import padded


class Host(NamedTuple):
    """The machine, and whether everything is well."""

    ok: bool
    python: str
    platform: str
    packages: dict[str, str]


class Condition(NamedTuple):
    """How the log is kept and stands, and what is wrong."""

    journal_mode: str
    synchronous: str
    why: str
    file: str
    exists: bool
    size_bytes: int
    views_bytes: int
    books: dict[str, int]
    disk_free_bytes: int
    problems: list[str]
    damaged: bool


class Damaged(NamedTuple):
    """What a damaged log adds to the answer."""

    code: str
    message: str


def condition(machine: Host, release: str, answer: Condition) -> str:
    """体检: the machine, the release of what keeps the log, and the file."""
    rows = [
        ("Python", machine.python),
        ("系统", machine.platform),
        *((name, text) for name, text in machine.packages.items()),
        ("SQLite", release),
        ("日志方式", f"{answer.journal_mode} / synchronous={answer.synchronous}"),
        ("", answer.why),
        ("账文件", f"{answer.file}（{answer.size_bytes:,} 字节）"),
        ("查询视图", f"{answer.views_bytes:,} 字节"),
        ("磁盘可用", f"{answer.disk_free_bytes / (1 << 30):.1f} GB"),
        *((f"账套 {book}", f"{entries:,} 笔") for book, entries in answer.books.items()),
    ]
    if not answer.exists and not answer.problems:
        rows.append(("", "文件还不存在；用 yusuan open-book 建账"))
    shown = [f"{padded(name, 22)}{text}" for name, text in rows]
    shown += [f"问题：{problem}" for problem in answer.problems]
    sound = "未发现问题（只查环境和文件；哈希链、规则和视图由 yusuan audit 核对）"
    shown.append(sound if not answer.problems else "")
    return "\n".join(shown).rstrip()
