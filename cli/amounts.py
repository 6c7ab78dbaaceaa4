"""Options of money that several chapters share."""

from typing import Annotated

import typer

Amount = Annotated[str, typer.Option("--amount", help="金额（元）。 Yuan: 1234.56, 12.3万.")]
Pending = Annotated[
    bool, typer.Option("--pending", help="先列待下达，由 release 下达。 Not spendable yet.")
]
