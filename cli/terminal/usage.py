"""How the command line itself speaks: help with the Chinese sentence first, complaints in Chinese,
and an option given twice refused, because nobody can tell which of two amounts was meant.
"""

from collections import Counter
from typing import Any

import typer
from typer.core import TyperCommand

from cli import settings
from ledger.refusals import Way
from ledger.texts import one_line

COMPLETION = "_YUSUAN_COMPLETE"
"""The variable in which a shell's script asks."""
UsageError = typer.BadParameter.__mro__[1]  # of the click that typer carries inside

_IN_CHINESE = {
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 …",
    "Show this message and exit.": "显示本说明。 This help.",
    "Install completion for the current shell.": "安装命令补全。 Install completion.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "打印命令补全脚本。 Print the completion script."
    ),
}


class VerbCommand(TyperCommand):
    """A command of ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        write_help(self, ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        once_each(self, ctx, args)
        return super().parse_args(ctx, args)


def write_help(command: Any, ctx: Any, formatter: Any) -> None:
    """What it does, then how it is typed, then its parts."""
    formatter.write(f"{command.help}\n\n")
    pieces = [_IN_CHINESE.get(piece, piece) for piece in command.collect_usage_pieces(ctx)]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")
    records: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            names, text = record
            text = text.replace("[required]", "（必填）")
            names = names.replace(" <str>", " …")
            records[parameter.param_type_name].append((names, _IN_CHINESE.get(text, text)))
    for title, kind in (("参数", "argument"), ("选项", "option")):
        if records[kind]:
            formatter.write(f"\n{title}：\n")
            with formatter.indentation():
                formatter.write_dl(records[kind])


def write_settings(formatter: Any) -> None:
    """What can be set beside the command line."""
    formatter.write(f"\n没有写出的选项，依次取自环境变量和当前文件夹的 {settings.FILE}：\n")
    formatter.write("(Options that are not typed: environment, then this file of the folder.)\n")
    for name, setting in settings.ALL.items():
        example = f"{name} = {setting.example}"
        formatter.write(f"  {setting.chinese:　<4}  {settings.variable(name):<16} {example}\n")


def once_each(command: Any, ctx: Any, args: list[str]) -> None:
    """Raises if an option stands twice on this level. A global option may stand before the verb
    and after it: the one after it counts."""
    if ctx.resilient_parsing:
        return
    _, _, order = command.make_parser(ctx).parse_args(args=list(args))
    for parameter, times in Counter(order).items():
        option = parameter.param_type_name == "option"
        if times > 1 and option and not parameter.is_flag and not parameter.multiple:
            raise typer.BadParameter("", ctx=ctx, param=parameter)


def help_command(error: Any) -> Way:
    """What to type for help on the command that was meant."""
    context, words = getattr(error, "ctx", None), []
    while context is not None and context.parent is not None:
        words.append(context.info_name)
        context = context.parent
    return Way(" ".join(reversed(words)), help=True)


def complaint(error: Any) -> str:
    """What is wrong with the command line, on one line whatever was typed."""
    return one_line(_complaint(error))


def _complaint(error: Any) -> str:
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    names = " / ".join(getattr(parameter, "opts", []))
    text = str(error.format_message())
    match type(error).__name__:
        case "NoSuchOption":
            hints = "、".join(getattr(error, "possibilities", None) or [])
            return f"没有选项 {option}" + (f"，是否想写 {hints}" if hints else "")
        case "MissingParameter":
            return f"缺少 {getattr(parameter, 'metavar', None) or names or '参数'}"
        case "BadParameter" if names and not error.message:
            return f"选项 {names} 写了不止一次，只能写一次"
        case "BadOptionUsage" if "does not take a value" in text:
            return f"选项 {option} 后面不能写值"
        case "BadOptionUsage":
            return f"选项 {option} 后面须写值"
        case "BadArgumentUsage" | "BadParameter":
            return f"选项用法有误：{text}"
    if text.startswith("No such command"):
        return f"没有命令 {text.removeprefix('No such command').strip(' .')}"
    if text.startswith("Missing command"):
        return "缺少命令"
    if text.startswith("Got unexpected extra argument"):
        return f"多余的参数 {text.partition('(s) (')[2].removesuffix(')')}"
    return f"用法有误：{text}"
