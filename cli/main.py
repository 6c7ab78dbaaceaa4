"""`yusuan`: finds the command, runs it, and turns every failure into an exit code (exits.py)."""

import errno
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from cli import VERSION
from cli.commands import CHINESE, COMMANDS, GROUPS
from cli.exits import Failure, encoded, explained, stands, unanswered
from cli.session import tell
from cli.terminal import streams, usage
from cli.terminal.options import APPS, ActorOption, DbOption, JsonOption, UnitOption, YearOption
from cli.text import ways
from ledger.store import interrupts
from ledger.texts import one_line

if TYPE_CHECKING:
    from ledger.store.writing import Durable

PROGRAM = "yusuan"


class _Commands(TyperGroup):
    """The commands of cli.commands, each imported when it is asked for. Those of two words stand in
    a group of their first (`before`)."""

    before = ""

    def list_commands(self, ctx: Any) -> list[str]:
        named = (name.removeprefix(self.before) for name in COMMANDS if self._has(name))
        return list(dict.fromkeys(name.partition(" ")[0] for name in named))

    def _has(self, name: str) -> bool:
        return name.startswith(self.before)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        typed = self.before + cmd_name
        name = CHINESE.get(typed, typed)
        command = COMMANDS.get(name)
        if command is None:
            group = f"{name} "
            return _OfOneWord.named(group) if any(n.startswith(group) for n in COMMANDS) else None
        if name not in APPS:
            import_module(f"cli.{command.room}.{command.module}")
        made = typer.main.get_command(APPS[name])
        made.help = command.help
        return made

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        usage.once_each(self, ctx, args)
        return super().parse_args(ctx, args)

    def _main_shell_completion(self, *asked: Any, **beside: Any) -> None:
        if instruction := os.environ.get(usage.COMPLETION):
            from cli.terminal.completion import check_instruction

            check_instruction(instruction)
        super()._main_shell_completion(*asked, **beside)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage.write_help(self, ctx, formatter)
        self.format_commands(ctx, formatter)
        usage.write_settings(formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        from cli.text.columns import padded

        chapter = ""
        for name, command in COMMANDS.items():
            if not self._has(name):
                continue
            if command.chapter != chapter and not self.before:
                chapter = command.chapter
                formatter.write(f"\n{chapter}：\n")
            formatter.write(f"  {name:<15}{padded(command.chinese, 42)}{command.english}\n")


class _OfOneWord(_Commands):
    """The commands that share their first word."""

    @classmethod
    def named(cls, before: str) -> "_OfOneWord":
        """The group of a word, a blank behind it."""
        made = cls(name=before.strip(), help=GROUPS[before.strip()])
        made.before = before
        return made

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage.write_help(self, ctx, formatter)
        formatter.write("\n命令：\n")
        self.format_commands(ctx, formatter)


app = typer.Typer(
    cls=_Commands,
    add_completion=True,
    rich_markup_mode=None,
    help="预算账：政府部门的事件溯源预算账。\n\nAn event-sourced budget ledger.",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"yusuan {VERSION}")
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
    typed = {"db": db, "unit": unit, "year": year, "actor": actor, "json": json}
    ctx.obj = typed, ctx.obj  # and what is recorded, which `run` knows


def run(arguments: list[str] | None = None, kept: "list[Durable] | None" = None) -> NoReturn:
    """Runs one command line and exits. `kept` grows by what it records."""
    streams.prepare()
    typed = sys.argv[1:] if arguments is None else arguments
    kept = [] if kept is None else kept
    try:
        try:
            code = _run(typed, kept)
        finally:
            interrupts.ignore()
        lost = streams.refused()
        if lost is not None:
            code = _unheard(lost, code, kept)
    except BaseException as error:
        interrupts.ignore()
        code = _fail(error, kept, as_json="--json" in typed)
    sys.exit(code)


def _run(typed: list[str], kept: "list[Durable]") -> int:
    """The exit code of a command line that does what it says. Not by typer's own `main`, which
    takes every broken pipe for that of stdout, and an interruption for an exit code."""
    command = typer.main.get_command(app)
    try:
        if usage.COMPLETION in os.environ:
            command.main(typed, prog_name=PROGRAM, standalone_mode=False)
        with command.make_context(PROGRAM, list(typed), obj=kept) as ctx:
            command.invoke(ctx)
    except typer.Exit as left:
        return left.exit_code
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    return 0


def _unheard(lost: OSError, code: int, kept: "list[Durable]") -> int:
    """The exit code of a command whose answer stdout did not take. Where something is recorded that
    is said on stderr; else it is what it is, but that an answer is missing is no success. A reader
    who went away (`yusuan log | head`) misses none."""
    if kept:
        return _tell(stands(kept, lost))
    if lost.errno == errno.EPIPE:
        return code
    failed = _tell(unanswered(lost))
    return code or failed


def _fail(error: BaseException, kept: "list[Durable]", *, as_json: bool) -> int:
    """Says what went wrong and what would help; the exit code. Of what was recorded stderr tells in
    any case, and of everything that stdout does not take."""
    failure = stands(kept, error) if kept else explained(error)
    told = as_json and streams.alone(encoded(failure))
    if isinstance(error, KeyboardInterrupt):
        streams.let_go()
    return failure.exit if told and not kept else _tell(failure)


def _tell(failure: Failure) -> int:
    """The failure as talk."""
    tell(f"错误 {failure.code}：{one_line(failure.message)}")
    for way in failure.ways_out:
        tell(ways.told(way))
    return failure.exit
