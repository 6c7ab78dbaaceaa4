"""What the doctor found, as text."""

from typing import Any

from cli.text.columns import padded


def condition(answer: dict[str, Any]) -> str:
    """体检: the machine and the file."""
    rows = [
        ("Python", answer["python"]),
        ("系统", answer["platform"]),
        *((name, text) for name, text in answer["packages"].items()),
        ("SQLite", answer["sqlite"]),
        ("日志方式", f"{answer['journal_mode']} / synchronous={answer['synchronous']}"),
        ("", answer["why"]),
        ("账文件", f"{answer['file']}（{answer['size_bytes']:,} 字节）"),
        ("查询视图", f"{answer['views_bytes']:,} 字节，可随时删除重建"),
        ("磁盘可用", f"{answer['disk_free_bytes'] / (1 << 30):.1f} GB"),
        *((f"账套 {book}", f"{entries:,} 笔") for book, entries in answer["books"].items()),
    ]
    if not answer["exists"]:
        rows.append(("", "文件还不存在；用 yusuan open-book 建账"))
    shown = [f"{padded(name, 22)}{text}" for name, text in rows]
    shown += [f"问题：{problem}" for problem in answer["problems"]]
    shown.append("未发现问题" if not answer["problems"] else "")
    return "\n".join(shown).rstrip()
