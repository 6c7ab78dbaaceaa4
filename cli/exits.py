"""Exit codes, and what a failure says (contract §1).

| exit | meaning |
|---|---|
| 0 | done |
| 1 | findings, or a difference |
| 2 | usage or bad input; nothing was recorded |
| 3 | refused by a rule; nothing was recorded |
| 4 | integrity failure: what is stored contradicts itself |
| 5 | environment: lock, disk, permission, a program that is missing, an interruption |
| 5 | `OUTPUT.LOST`: recorded, and the receipt could not be given |
| 6 | recorded, waiting for approval |
"""

import errno
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

import typer

from cli.terminal import usage
from ledger.book import BookId
from ledger.errors import Corrupt, Lacking, Malformed, Occupied, OtherEdition, WrongCells
from ledger.refusals import Advice, Instead, Refused, Way, WayOut, Word
from ledger.store.log import Busy, ForeignFile, NotOurs, OtherFormat, Unwritable

if TYPE_CHECKING:
    from ledger.store.writing import Durable

_ERRNO = {
    errno.ENOENT: "所在的目录或文件不存在",
    errno.ENOTDIR: "路径中的一段不是目录",
    errno.EISDIR: "是目录，不是文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "符号链接循环",
    errno.EPIPE: "读取输出的程序已经结束",
}
"""What the system says of a file, for a person; anything else is said in its own words."""


_TOLD = 100
"""Cells of a file that are told each by itself."""
_NO_THREAD = "can't start new thread"
"""How Python says that the machine allows no more."""


class Machine(Enum):
    """What ends a command beside input, rules, damage and a program that is missing: the exit code,
    a public code that is never renamed, and what it means."""

    FILE_FOREIGN = (2, "FILE.FOREIGN", "文件是别的程序的，不是预算账文件")
    USAGE = (2, "USAGE", "命令或选项写得不对")
    FILE_EXISTS = (3, "FILE.EXISTS", "要写入的文件已经存在，没有写明覆盖")
    EDITION_OTHER = (3, "EDITION.OTHER", "自备表样版本的文件不是账套登记的那些")
    PROGRAM_ERROR = (4, "PROGRAM.ERROR", "程序内部错误")
    FILE_BUSY = (5, "FILE.BUSY", "文件正被另一个程序占用，等待之后仍未释放")
    FILE_OLDER = (5, "FILE.OLDER", "文件由较早的版本写成，格式不同")
    FILE_NEWER = (5, "FILE.NEWER", "文件由较新的版本写成，格式不同")
    FILE_UNWRITABLE = (5, "FILE.UNWRITABLE", "磁盘、权限或路径不允许读写文件")
    OUTPUT_LOST = (5, "OUTPUT.LOST", "业务已记录，但没有能给出回执")
    INTERRUPTED = (5, "INTERRUPTED", "已中断；没有记录任何内容")
    MACHINE_LIMIT = (5, "MACHINE.LIMIT", "本机资源不足")

    def __init__(self, exit: int, code: str, sentence: str) -> None:
        self.exit = exit
        self.code = code
        self.sentence = sentence


class Failure(NamedTuple):
    """How a command ends that does not do what was asked."""

    exit: int
    code: str
    message: str
    facts: Mapping[str, object]
    ways_out: Sequence[WayOut]


class Failed(NamedTuple):
    """The failure object of contract §1."""

    ok: Literal[False]
    code: str
    message: str
    facts: Mapping[str, object]
    try_: Sequence[WayOut]


def explained(error: BaseException) -> Failure:
    """The exit code of what ended a command that has recorded nothing, its public code, its
    sentence, its facts and the ways out."""
    if isinstance(error.__cause__, KeyboardInterrupt):
        error = error.__cause__  # met while a class was made, it comes as that one's failure
    match error:
        case WrongCells():
            facts = {"field": error.field, "value": error.value, "expected": error.expected}
            some = error.cells[:_TOLD]
            told = {**facts, "rejected": list(some)}
            mends = [Advice(cell.mend) for cell in some]
            if len(error.cells) > _TOLD:
                mends.append(Advice(f"另有 {len(error.cells) - _TOLD} 处没有列出"))
            return Failure(2, error.code, str(error), told, mends)
        case Malformed():
            facts = {"field": error.field, "value": error.value, "expected": error.expected}
            return Failure(2, error.code, str(error), facts, [])
        case Refused():
            return Failure(3, error.code, str(error), error.facts, error.ways_out)
        case Occupied():
            other = Instead(**{error.field: Word("另一个文件名")})
            ways_out = (other, Instead(force=True))
            there = {"file": error.file, "bytes": error.size, "modified": error.modified}
            return Failure(3, Machine.FILE_EXISTS.code, str(error), there, ways_out)
        case OtherEdition():
            adopted = Way("amend-book", edition=error.edition)
            digests = {"recorded": error.recorded, "found": error.found}
            message = str(error)
            return _ended(Machine.EDITION_OTHER, message, adopted, edition=error.edition, **digests)
        case Corrupt():
            way = Way("rebuild" if error.code.startswith("VIEWS") else "audit")
            if isinstance(book := error.facts.get("book"), str):
                unit, year = BookId.split(book)
                way = way.also(unit=unit, year=year)
            if error.code == "FILE.CHAIN":
                way = Way("restore", Word("完好的文件.jsonl"))
            mended = Advice(error.way_out) if error.way_out else way
            return Failure(4, error.code, str(error), error.facts, [mended])
        case ForeignFile():
            message = f"{error} 是数据库，但不是预算账文件；请用 --db 指明另一个文件"
            other = Instead(db=Word("文件"))
            return _ended(Machine.FILE_FOREIGN, message, other, file=str(error))
        case OtherFormat():
            return _of_other_format(error)
        case NotOurs():
            away = Advice(f"把 {error.file} 移走或改名，再重做")
            return _ended(Machine.FILE_FOREIGN, str(error), away, file=error.file)
        case Lacking():
            return Failure(5, error.code, str(error), {}, [Advice(error.way_out)])
        case Busy():
            return _ended(Machine.FILE_BUSY, str(error), Advice("稍后重试"))
        case Unwritable() | PermissionError() | OSError():
            message = str(error)
            if isinstance(error, OSError):
                message = f"{error.filename or '文件'}：{_why(error)}"
            return _ended(Machine.FILE_UNWRITABLE, message, Way("doctor"))
        case KeyboardInterrupt() | typer.Abort():
            message = "已中断；没有记录任何内容"
            return _ended(Machine.INTERRUPTED, message, Advice("需要时重新执行"))
        case _ if isinstance(error, usage.UsageError):
            return _ended(Machine.USAGE, usage.complaint(error), usage.help_command(error))
        case MemoryError() | RecursionError() | ImportError():
            why = str(error) or "内存不足"
            return _ended(Machine.MACHINE_LIMIT, f"本机资源不足：{why}", Way("doctor"))
        case RuntimeError() if str(error) == _NO_THREAD:
            return _ended(Machine.MACHINE_LIMIT, f"本机资源不足：{error}", Way("doctor"))
        case _:
            return _ended(Machine.PROGRAM_ERROR, f"程序内部错误：{error!r}；没有记录任何内容")


def encoded(failure: Failure) -> str:
    """The failure object of contract §1 as JSON."""
    from cli.text import ways
    from projections import encoder

    _, code, message, facts, ways_out = failure
    return encoder.encoded(Failed(False, code, message, facts, ways_out), hook=ways.said)


def stands(kept: "Sequence[Durable]", error: BaseException) -> Failure:
    """What is recorded, by book and numbers, whatever ended the command afterwards."""
    said = "、".join(
        f"{book} 第 {first} 笔" if first == last else f"{book} 第 {first} 至 {last} 笔"
        for book, first, last in _together(kept)
    )
    book, first, last = _together(kept)[0]
    unit, year = BookId.split(book)
    match error:
        case KeyboardInterrupt():
            why = "给出回执时中断"
        case OSError() if error.filename is None:
            why = f"但没有能给出回执（{_of_stdout(error)}）"
        case _:
            why = f"但没有能给出回执（{explained(error).message}）"
    message = f"已经记录：{said}；{why}。不要重做"
    way = Way("show", last, unit=unit, year=year)
    count = last - first + 1
    return _ended(Machine.OUTPUT_LOST, message, way, book=book, entry=last, entries=count)


def _of_other_format(error: OtherFormat) -> Failure:
    """What another version wrote is refused and left as it is; its books come over as rows."""
    newer = Advice("改用写成它的版本（yusuan --version）打开，或把本程序更新到该版本")
    older = Advice(
        "用写成它的版本逐个账套导出：yusuan export canonical -o 全年.csv，"
        "再用本版本在新文件中 open-book、import 全年.csv，并核对两边的 balance 和 table"
    )
    machine, way = (Machine.FILE_OLDER, older) if error.older else (Machine.FILE_NEWER, newer)
    return _ended(machine, f"{error}；文件没有改动", way, file=error.name, format=error.format)


def _together(kept: "Sequence[Durable]") -> "list[Durable]":
    """Entries of a book that follow one another, as one."""
    found: list[Durable] = []
    for each in kept:
        follows = found and (found[-1].book, found[-1].last + 1) == (each.book, each.first)
        found.append(found.pop()._replace(last=each.last) if follows else each)
    return found


def unanswered(error: OSError) -> Failure:
    """A question whose answer stdout does not take."""
    message = f"没有能给出回答（{_of_stdout(error)}）"
    return _ended(Machine.FILE_UNWRITABLE, message, Advice("换一个输出位置，再执行一次"))


def _of_stdout(error: OSError) -> str:
    why = "已关闭" if error.errno == errno.EBADF else _why(error)
    return f"标准输出：{why}"


def _why(error: OSError) -> object:
    """What the system says."""
    return _ERRNO.get(error.errno or 0) or error.strerror or error


def _ended(machine: Machine, message: str, *ways_out: WayOut, **facts: object) -> Failure:
    return Failure(machine.exit, machine.code, message, facts, ways_out)
