"""The forms: `edition`."""

from typing import Annotated, Literal

import typer

from cli.session import Session, leave
from cli.terminal.options import Text, complete, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable

Action = Literal["list", "show", "check", "new"]
ACTIONS: dict[Action, str] = {"list": "列出", "show": "查看", "check": "检查", "new": "新建"}


@verb("edition", of_a_log=False)
def edition(
    session: Session,
    action: Annotated[
        str, typer.Argument(metavar="list|show|check|new", help="列出、查看、检查、新建。")
    ] = "list",
    which: Annotated[
        Text,
        typer.Argument(
            metavar="NAME|DIR",
            help="表样版本的名称，或自备版本的文件夹（含 /）。 The edition.",
            autocompletion=complete("edition"),
        ),
    ] = None,
    begun_from: Annotated[
        Text,
        typer.Option(
            "--from",
            metavar="NAME",
            help="new：以哪个版本为底稿，默认最新的。 What to begin with.",
            autocompletion=complete("edition"),
        ),
    ] = None,
) -> None:
    from cli.text.publish import editions as text
    from projections.report import editions
    from projections.report.edition_told import every, told

    meant = parse.word(action, ACTIONS, field="action")
    if begun_from is not None and meant != "new":
        expected = "不写（只用于 edition new）"
        raise Malformed(Unreadable.OPTION_UNUSED, field="from", value=begun_from, expected=expected)
    if meant == "list":
        if which is not None:
            expected = "不写（list 列出全部；看一个用 edition show）"
            raise Malformed(
                Unreadable.OPTION_UNUSED, field="edition", value=which, expected=expected
            )
        listed = every()
        session.answer(text.listed, listed)
        if listed.unusable:
            leave(1)
        return
    named = parse.required(which, field="edition")
    if meant == "new":
        _begin(session, named, begun_from or editions.newest())
        named = str(editions.path(named, field="edition").absolute())
    show = {"check": text.sound, "new": text.begun}.get(meant, text.one)
    session.answer(show, told(editions.found(named)))


def _begin(session: Session, folder: str, base: str) -> None:
    """Writes a copy to begin with, whole or not at all. Raises `Malformed`."""
    from cli.documents.saved import filled
    from projections.report import editions
    from projections.report.edition_copy import files

    target = editions.path(str(parse.path(folder, field="edition")), field="edition")
    if target.name in editions.names():
        expected = "与自带版本（" + "、".join(editions.names()) + "）不同的文件夹名"
        raise Malformed(
            Unreadable.EDITION_MALFORMED, field="edition", value=target.name, expected=expected
        )
    begun = editions.found(parse.required(base, field="from"))
    with filled(target, db=session.db, field="edition") as fresh:
        for name, contents in files(begun):
            fresh.joinpath(name).write_text(contents, encoding="utf-8")
