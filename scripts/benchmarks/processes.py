"""One process, from fork to exit, and what it cost.

The measuring process stays small on purpose: Linux counts the parent's peak memory in the child's.
"""

import os
import platform
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
NOWHERE = Path(os.devnull)

RUNS_MAX = 9
RUNS_MIN = 3
SECONDS = 15.0
"""A command is repeated until it has run so often, or so long and at least RUNS_MIN times."""

Command = Callable[[int], list[str]]
"""The command line of run 0, 1, 2 …"""


class Run(NamedTuple):
    """One process."""

    wall: float
    cpu: float
    peak_mb: float
    failure: str


def repeat(
    command: Command,
    folder: Path,
    before: Callable[[], None] | None = None,
    *,
    at_least: int = RUNS_MIN,
    answer: Path | None = None,
    timeout: float | None = None,
) -> list[Run]:
    """Runs a command several times, each time after `before`; a failure is not repeated."""
    runs: list[Run] = []
    while len(runs) < at_least or (
        len(runs) < RUNS_MAX and sum(run.wall for run in runs) < SECONDS
    ):
        if before is not None:
            before()
        runs.append(spawn(command(len(runs)), folder, answer=answer, timeout=timeout))
        if runs[-1].failure:
            break
    return runs


def spawn(
    command: list[str], folder: Path, *, answer: Path | None = None, timeout: float | None = None
) -> Run:
    """Runs one process to its end, or for `timeout` seconds; what it prints goes to `answer`."""
    with (folder / "stderr.txt").open("w+b") as stderr, (answer or NOWHERE).open("wb") as stdout:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdout=stdout, stderr=stderr
        )
        # Not Popen.kill: it polls first, and a poll would take the usage away from wait4.
        timer = threading.Timer(timeout or 0, os.kill, (process.pid, signal.SIGKILL))
        if timeout is not None:
            timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        said = stderr.read().decode("utf-8", "replace").strip().splitlines()
    failure = ""
    if timeout is not None and process.returncode == -signal.SIGKILL and wall >= timeout:
        failure = f"no answer after {timeout:g} s"
    elif process.returncode:
        failure = f"exit {process.returncode}: {said[0] if said else ''}".rstrip()
    unit = 1 if platform.system() == "Darwin" else 1024  # ru_maxrss is bytes there, KiB here
    peak_mb = usage.ru_maxrss * unit / 1_000_000
    return Run(wall, usage.ru_utime + usage.ru_stime, peak_mb, failure)


def quiet(command: list[str]) -> str:
    """Runs what is not measured and must succeed; what it printed."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), check=False, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)}\nexit {done.returncode}: {done.stderr or done.stdout}"
        )
    return done.stdout


def environment() -> dict[str, str]:
    """The caller's without its settings of yusuan, in UTF-8: hledger reads Chinese in no other."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("YUSUAN_")}
    return {**kept, "LC_ALL": "C.UTF-8"}
