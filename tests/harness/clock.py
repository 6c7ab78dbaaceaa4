"""A real process whose clock stands where a test wants it."""

from collections.abc import Mapping
from pathlib import Path

from tests.harness.shell import ROOT, Answer, process

_SHIM = """
from datetime import datetime
from types import SimpleNamespace

from ledger.store.sqlite import place

place.datetime = SimpleNamespace(now=datetime.fromisoformat({moment!r}).astimezone)
"""


def at(
    moment: str, *arguments: str, cwd: Path, shims: Path, env: Mapping[str, str] | None = None
) -> Answer:
    """Runs `yusuan …` in a folder at an instant, `2025-06-30T19:00:00+00:00`; what sets the clock
    is put into the folder `shims`."""
    (shims / "sitecustomize.py").write_text(_SHIM.format(moment=moment), encoding="utf-8")
    path = {"PYTHONPATH": f"{shims}:{ROOT}"}
    return process(*arguments, cwd=cwd, env={**path, **(env or {})})
