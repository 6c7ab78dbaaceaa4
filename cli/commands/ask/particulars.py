"""事项: `particulars`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.asking import of_source
from cli.terminal.options import CutOptions, RollUp, verb
from cli.text.ask import particulars as particulars_text
from ledger import parse
from ledger.events.particulars import FACT_NAMES
from projections.questions.particulars import facts


@verb("particulars")
def particulars(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    kind: Annotated[
        list[str] | None,
        typer.Argument(help="业务种类，如 contract、reception，默认全部。 Kinds."),
    ] = None,
) -> None:
    wanted = [parse.word(each, FACT_NAMES, field="kind") for each in kind or ()]
    of_source(session, cut, rolled, lambda s: facts(s, wanted), particulars_text.particulars)
