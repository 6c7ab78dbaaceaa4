"""What stands between two marks of a README: what BENCHMARKS.md says in short, and which files a
command really goes through.
"""

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from scripts.benchmarks.peers_report import in_short
from scripts.docs.markdown import ROOT, Unusable, code, table
from scripts.docs.route import PACKAGES

_IN_SHORT = re.compile(r"(?<=<!-- BENCHMARKS.md, in short -->\n).*?(?=<!-- end -->)", re.DOTALL)
_CALLED = re.compile(r"(?<=<!-- files called: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)
_FILE = re.compile(rf"^(?:{'|'.join(PACKAGES)})/\S+\.py$", re.MULTILINE)

ROUTES = {
    "pay": "pay --project P02 --econ 30299 --amount 1200 --payee 某印刷厂 --date 2020-12-31",
    "balance": "balance --as-of 2020-09-15",
}
"""Commands on the book of the demonstration, whose views are at its head."""


def measured(text: str, benchmarks: str) -> str:
    """The text with the short form of a report between its marks."""
    table = in_short(benchmarks)
    return _IN_SHORT.sub(lambda _: f"{table}\n", text) if table else text


def routed(text: str) -> str:
    """The text with the files of its routes between their marks."""
    return _CALLED.sub(lambda mark: f"{mark[1]}{mark[2]}{_listed(files_called(mark[1]))}\n", text)


def _listed(files: tuple[str, ...]) -> str:
    rows = [
        (package, str(len(own)), ", ".join(code(name.removesuffix(".py")) for name in own))
        for package in PACKAGES
        if (own := [f.removeprefix(f"{package}/") for f in files if f.startswith(f"{package}/")])
    ]
    return f"{len(files)} files are really called:\n\n" + table(("package", "files", "which"), rows)


@cache
def files_called(command: str) -> tuple[str, ...]:
    """The files that one of `ROUTES` goes through, each run in a process of its own, so that
    nothing is remembered from an earlier one. Raises `Unusable` when it goes through none."""
    with tempfile.TemporaryDirectory(prefix="yusuan-docs-") as folder:
        db = str(Path(folder) / "demo.db")
        _run("cli", "--db", db, "demo")
        files = _FILE.findall(_run("scripts.docs.route", "--db", db, *ROUTES[command].split()))
    if not files:
        raise Unusable(f"`yusuan {command}` goes through no file")
    return tuple(files)


def _run(module: str, *arguments: str) -> str:
    """What a module of this tree says on stderr."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("YUSUAN_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stderr
