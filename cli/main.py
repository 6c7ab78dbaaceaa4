"""`yusuan`: finds the command, runs it, and turns every failure into an exit code (exits.py)."""

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.commands import COMMANDS
from cli.exits import Failed, Failure, explained
from cli.session import OutputLost, tell
from cli.terminal import usage
from cli.terminal.options import APPS, ActorOption, DbOption, JsonOption, UnitOption, YearOption
from cli.text import ways


class _Commands(TyperGroup):
    """The commands of cli.commands, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = COMMANDS.get(cmd_name)
        if command is None:
            return None
        if cmd_name not in APPS:
            import_module(f"cli.commands.{command.module}")
        made = typer.main.get_command(APPS[cmd_name])
        made.help = command.help
        return made

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        usage.once_each(self, ctx, args)
        return super().parse_args(ctx, args)

    def _main_shell_completion(self, *asked: Any, **beside: Any) -> None:
        if instruction := os.environ.get("_YUSUAN_COMPLETE"):
            from cli.terminal.completion import check_instruction

            check_instruction(instruction)
        super()._main_shell_completion(*asked, **beside)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage.write_help(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        from cli.text.columns import padded

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
        _let_go(sys.stdout)
        code = 1
    except BaseException as error:
        code = _fail(error, as_json="--json" in typed)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(error: BaseException, *, as_json: bool) -> int:
    """Says what went wrong and what would help; the exit code. What stdout does not take is said on
    stderr, above all what was recorded."""
    failure = explained(error)
    unheard = isinstance(error, OutputLost)
    if as_json:
        try:
            print(_encoded(failure), flush=True)
        except (OSError, ValueError):
            unheard = True
    if unheard or not as_json:
        with suppress(OSError, ValueError):
            tell(f"错误 {failure.code}：{failure.message}")
            for way in failure.ways_out:
                tell(ways.told(way))
    if unheard:
        _let_go(sys.stdout)
    return failure.exit


def _encoded(failure: Failure) -> str:
    """The failure object of contract §1."""
    from projections.encoder import encoded

    _, code, message, facts, ways_out = failure
    return encoded(Failed(False, code, message, facts, ways_out), hook=ways.said)


def _let_go(stream: Any) -> None:
    """What is left in a stream that cannot be written would be complained about at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
