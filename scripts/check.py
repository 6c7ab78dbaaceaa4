"""Is this tree fit to commit? Format, lint, types, tests, and a wheel that runs by itself.

Stops at the first step that fails, with that step's exit code. `--fast` leaves out the wheel.
What stands after `--` goes to pytest: `python -m scripts.check --fast -- -k carryover`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Step = tuple[str, Callable[[], None]]


def main(argv: Sequence[str]) -> int:
    """Run the steps in order, cheapest first; return 0 or the exit code of the one that failed."""
    own, pytest_args = split_at_dashes(argv)
    parser = argparse.ArgumentParser(prog="python -m scripts.check", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="leave out the step 'runtime only'")
    fast = parser.parse_args(own).fast

    steps: list[Step] = [
        ("ruff format", lambda: module("ruff", "format", "--check", ".")),
        ("ruff check", lambda: module("ruff", "check", ".")),
        ("mypy", lambda: module("mypy")),
        # On all processors; what is asked for comes later and wins (`-- -n 0` for a debugger).
        # worksteal: neighbours stay together, so that what a file prepares is prepared once.
        ("pytest", lambda: module("pytest", "-n", "auto", "--dist", "worksteal", *pytest_args)),
    ]
    if not fast:
        steps.append(("runtime only", runtime_only))

    for name, step in steps:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        try:
            step()
        except subprocess.CalledProcessError as error:
            print(f"== {name}: FAILED after {time.monotonic() - started:.1f} s", flush=True)
            # A process ended by signal n has code -n here; a shell calls it 128 + n.
            return error.returncode if error.returncode > 0 else 128 - error.returncode
        print(f"== {name}: ok, {time.monotonic() - started:.1f} s", flush=True)
    return 0


def split_at_dashes(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split at the first `--`: argparse treats it differently from one Python to the next."""
    if "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


def module(name: str, *args: str) -> None:
    """Run a tool of this very environment, whatever else is on the PATH."""
    run(sys.executable, "-m", name, *args)


def runtime_only() -> None:
    """Does the wheel start with the locked run-time packages and nothing of this tree?

    Finds what a developer's environment hides: a package that only the tools bring along, a
    module or data file that is not in the wheel.
    """
    with tempfile.TemporaryDirectory(prefix="yusuan-check-") as name:
        folder = Path(name)
        wheels = folder / "wheels"
        module("pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels), ".")
        (wheel,) = wheels.glob("*.whl")

        venv.create(folder / "venv", with_pip=True, symlinks=True)
        programs = folder / "venv" / "bin"
        install = (str(programs / "python"), "-m", "pip", "install", "-q")
        run(*install, "--require-hashes", "-r", "requirements.lock")
        run(*install, "--no-deps", str(wheel))
        # From another folder: the tree itself must not be importable.
        run(str(programs / "yusuan"), "--help", cwd=folder)
        run(str(programs / "yusuan"), "--db", str(folder / "demo.db"), "demo", cwd=folder)


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run and wait; raise CalledProcessError if it fails. PYTHONPATH would hide what is missing."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, cwd=cwd, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
