"""Which files does a command really go through? Those of the three packages in which a function is
called while it runs; what a module does while it is imported does not count.

    python -m scripts.docs.route --db demo.db balance
"""

import sys
from pathlib import Path
from types import FrameType

import cli.main
from scripts.docs.markdown import ROOT

PACKAGES = ("cli", "ledger", "projections")
_IN_A_FUNCTION = 0x1  # CO_OPTIMIZED: the bodies of modules and classes have it not


def called(arguments: list[str]) -> list[str]:
    """Runs one command line, which prints what it prints; the files, from the root, sorted."""
    folders = tuple(f"{ROOT / package}/" for package in PACKAGES)
    files: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if (
            event == "call"
            and code.co_flags & _IN_A_FUNCTION
            and code.co_filename.startswith(folders)
            and not _imported(frame)
        ):
            files.add(Path(code.co_filename).relative_to(ROOT).as_posix())

    sys.setprofile(note)
    try:
        cli.main.run(arguments)
    except SystemExit:
        pass
    finally:
        sys.setprofile(None)
    return sorted(files)


def _imported(frame: FrameType | None) -> bool:
    """Whether a call is part of the making of a module."""
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals["__name__"] != "__main__":
            return True
        frame = frame.f_back
    return False


if __name__ == "__main__":
    print(*called(sys.argv[1:]), sep="\n", file=sys.stderr)
