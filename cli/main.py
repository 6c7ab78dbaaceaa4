"""`yusuan`: finds the command, runs it, and turns every failure into an exit code (contract §1).

| exit | meaning |
|---|---|
| 0 | done |
| 1 | findings, or a difference |
| 2 | usage or bad input; nothing was recorded |
| 3 | refused by a rule; nothing was recorded |
| 4 | integrity failure: what is stored contradicts itself |
| 5 | environment: lock, disk, permission, a program that is missing |
| 6 | recorded, waiting for approval |
"""

import errno
import json
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import usage
from cli.commands import COMMANDS
from cli.options import APPS, ActorOption, DbOption, JsonOption, UnitOption, YearOption
from cli.session import tell, way_out
from ledger import log
from ledger.errors import Corrupt, Lacking, Malformed
from ledger.refusals import Refused


class _Commands(TyperGroup):
    """The commands of commands.py, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = COMMANDS.get(cmd_name)
        if command is None:
            return None
        if cmd_name not in APPS:
            import_module(f"cli.{command.module}")
        made = typer.main.get_command(APPS[cmd_name])
        made.help = command.help
        return made

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        usage.once_each(self, ctx, args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage.write_help(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        from cli.columns import padded

        chapter = ""
        for name, command in COMMANDS.items():
            if command.chapter != chapter:
                chapter = command.chapter
                formatter.write(f"\n{chapter}：\n")
            formatter.write(f"  {name:<15}{padded(command.chinese, 42)}{command.english}\n")


app = typer.Typer(
    cls=_Commands,
    add_completion=True,
    rich_markup_mode=None,
    help="预算账：政府部门的事件溯源预算账。\n\nAn event-sourced budget ledger.",
)


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
}
"""What the system says of a file, for a person; anything else is said in its own words."""


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"yusuan {version('yusuan')}")
        raise typer.Exit


@app.callback()
def _globals(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本。 Version.")
    ] = False,
    db: DbOption = None,
    unit: UnitOption = None,
    year: YearOption = None,
    actor: ActorOption = None,
    json: JsonOption = False,
) -> None:
    ctx.obj = {"db": db, "unit": unit, "year": year, "actor": actor, "json": json}


_INTERRUPTED = 130  # what typer makes of Ctrl-C


def run(arguments: list[str] | None = None) -> None:
    """Runs one command line and exits."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    typed = sys.argv[1:] if arguments is None else arguments
    try:
        code = typer.main.get_command(app).main(typed, prog_name="yusuan", standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        sys.stdout.flush()
    except SystemExit as left:
        raise left
    except BrokenPipeError:
        # The reader went away (`yusuan log | head`); nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except BaseException as error:
        code = _fail(error, as_json="--json" in typed)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(error: BaseException, *, as_json: bool) -> int:
    """Says what went wrong and what would help; the exit code."""
    exit_code, code, message, facts, ways_out = _explained(error)
    if as_json:
        failure = {"ok": False, "code": code, "message": message, "facts": facts, "try": ways_out}
        print(json.dumps(failure, ensure_ascii=False, default=str))
    else:
        tell(f"错误 {code}：{message}")
        for way in ways_out:
            tell(way_out(way))
    return exit_code


def _explained(error: BaseException) -> tuple[int, str, str, dict[str, Any], list[str]]:
    match error:
        case Malformed():
            facts = {"field": error.field, "value": error.value, "expected": error.expected}
            return 2, error.code, str(error), facts, []
        case Refused():
            return 3, error.code, str(error), error.facts, error.ways_out
        case Corrupt():
            ways = ["yusuan rebuild"] if error.code.startswith("VIEWS") else ["yusuan audit"]
            if error.code == "FILE.CHAIN":
                ways = ["yusuan restore 完好的文件.jsonl"]
            return 4, error.code, str(error), error.facts, ways
        case log.ForeignFile():
            message = f"{error} 是数据库，但不是预算账文件；请用 --db 指明另一个文件"
            return 2, "FILE.FOREIGN", message, {"file": str(error)}, ["--db 文件"]
        case Lacking():
            return 5, error.code, str(error), {}, [error.way_out]
        case log.Busy():
            return 5, "FILE.BUSY", str(error), {}, ["稍后重试"]
        case log.Unwritable() | PermissionError() | OSError():
            message = str(error)
            if isinstance(error, OSError):
                why = _ERRNO.get(error.errno or 0) or error.strerror or error
                message = f"{error.filename or '文件'}：{why}"
            return 5, "FILE.UNWRITABLE", message, {}, ["yusuan doctor"]
        case typer.Exit():
            return error.exit_code, "", "", {}, []
        case KeyboardInterrupt() | typer.Abort():
            return 5, "INTERRUPTED", "已中断；没有打印回执的业务没有记录", {}, ["yusuan log"]
        case _ if isinstance(error, usage.UsageError):
            return 2, "USAGE", usage.complaint(error), {}, [usage.help_command(error)]
        case MemoryError() | RecursionError():
            return 5, "MACHINE.LIMIT", f"本机资源不足：{error!r}", {}, ["yusuan doctor"]
        case _:
            return 4, "PROGRAM.ERROR", f"程序内部错误：{error!r}；没有记录任何内容", {}, []
