"""事项: `particulars`."""

from typing import Annotated, get_args

import typer

from cli.session import Session
from cli.terminal.asking import of_source
from cli.terminal.options import CutOptions, RollUp, verb
from cli.text.ask import particulars as particulars_text
from ledger import parse
from ledger.events.particulars import AnyParticular
from ledger.kinds import KIND_NAMES
from projections.questions.particulars import facts

_KINDS = {
    word: KIND_NAMES[word] for word in (k.__struct_config__.tag for k in get_args(AnyParticular))
}


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
    wanted = [parse.word(each, _KINDS, field="kind") for each in kind or ()]
    of_source(session, cut, rolled, lambda s: facts(s, wanted), particulars_text.particulars)
