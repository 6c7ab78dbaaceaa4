"""科目: `codes list`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.asking import of_book
from cli.terminal.options import CutOptions, Text, complete, verb
from cli.text.ask import codes as codes_text
from ledger import parse
from ledger.codes import parse_code_prefix
from ledger.errors import Malformed, Unreadable
from ledger.kinds import CODE_SET_NAMES, CodeSet
from projections.report.codes import WantedCodes, codes


@verb("codes list")
def list_codes(
    session: Session,
    cut: CutOptions,
    code_set: Annotated[
        Text,
        typer.Option(
            "--set",
            help="functional（支出功能分类）|economic（部门支出经济分类），默认两种。 Which.",
        ),
    ] = None,
    func: Annotated[
        Text,
        typer.Option(
            "--func", help="功能科目，以它开头的。 Begins with.", autocompletion=complete("func")
        ),
    ] = None,
    econ: Annotated[
        Text,
        typer.Option(
            "--econ", help="经济科目，以它开头的。 Begins with.", autocompletion=complete("econ")
        ),
    ] = None,
    unnamed: Annotated[
        bool, typer.Option("--unnamed", help="只列本账套在用而没有名称的。 Only without a name.")
    ] = False,
) -> None:
    wanted = WantedCodes(_prefixes(code_set, func, econ), unnamed)
    of_book(session, cut, lambda r: codes(r, wanted), codes_text.codes)


def _prefixes(code_set: str | None, func: str | None, econ: str | None) -> dict[CodeSet, str]:
    """How the codes of each list that is asked for begin. Raises `Malformed`."""
    said: dict[CodeSet, str | None] = {"functional": func, "economic": econ}
    one = None if code_set is None else parse.word(code_set, CODE_SET_NAMES, field="set")
    typed: dict[CodeSet, str] = {
        each: parse_code_prefix(each, text.strip())
        for each, text in said.items()
        if text is not None
    }
    if one is None:
        return typed or dict.fromkeys(CODE_SET_NAMES, "")
    for other, text in typed.items():
        if other != one:
            field = "func" if other == "functional" else "econ"
            expected = f"空（已用 --set {one} 只列{CODE_SET_NAMES[one]}）"
            raise Malformed(Unreadable.FIELD_NOT_USED, field=field, value=text, expected=expected)
    return {one: typed.get(one, "")}
