"""Shapes that the contract promises, and the payment that most of its tests make."""

import re
from typing import Any

from tests.harness.shell import Shell

OPEN = ("open-book", "--name", "示例局", "--kind", "admin", "--edition", "2020", "--basis")
HEX64 = re.compile(r"[0-9a-f]{64}")


RECEIPT = {
    "ok": bool,
    "book": str,
    "as_of": type(None),
    "known_at": type(None),
    "entry": int,
    "kind": str,
    "date": str,
    "line": str,
    "amount_fen": int,
    "available_fen": int,
    "warnings": list,
    "head": dict,
}


def pay(shell: Shell, amount: str = "100", *more: str, exit: int = 0) -> Any:
    """Pays from the line and answers with the receipt."""
    return shell.ask(
        *("pay", "--project", "P02", "--econ", "30201", "--amount", amount, "--payee", "某店"),
        *("--purpose", "办公", "--date", "2020-03-01", *more),
        exit=exit,
    )


def shaped(value: dict[str, Any], shape: dict[str, type]) -> None:
    """Every field of the shape is there, of its type, and no bool passes for an int."""
    for name, kind in shape.items():
        assert name in value, f"{name} is missing in {sorted(value)}"
        assert type(value[name]) is kind, f"{name} is {value[name]!r}"
