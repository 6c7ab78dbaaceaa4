"""Where a process begins and ends: `yusuan`, and `python -m cli`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn

    from ledger.store.writing import Durable

# Nothing else is loaded before `run` has its last word ready: loading takes longer than anything
# else that a command does, and is what Ctrl-C meets first.

# What a start-up imports lives to the end, and so does most of what a command makes. Searching all
# of it for cycles every 700 objects, as Python does, takes a tenth of a query's time, and searching
# it once more when the process ends as much again. Nothing waits for that last search: files and
# connections are closed where they were opened.
gc.set_threshold(100_000, 20, 20)
atexit.register(gc.freeze)

_recorded: list[Durable] = []
"""What this process has recorded, known to its last word."""


def run() -> NoReturn:
    """Runs the command line of this process, and ends it."""
    sys.excepthook = _last_word
    # What goes wrong while something is thrown away changes no outcome, and is nobody's to read.
    sys.unraisablehook = lambda _: None
    from ledger.store import interrupts

    interrupts.listen()
    from cli.main import run as run_command

    run_command(kept=_recorded)


def _last_word(_: type[BaseException], error: BaseException, __: TracebackType | None) -> NoReturn:
    """Ends the process when it fails where no command runs yet, or none any more: what it was to
    load is not there, or it is interrupted at that. It needs nothing that is to be loaded."""
    if _recorded:
        said = "、".join(f"{book} 第 {first} 至 {last} 笔" for book, first, last in _recorded)
        exit_code, code, message = 5, "OUTPUT.LOST", f"已经记录：{said}。不要重做"
    elif isinstance(error, KeyboardInterrupt):
        exit_code, code, message = 5, "INTERRUPTED", "已中断；没有记录任何内容"
    elif isinstance(error, ImportError | MemoryError | OSError):
        exit_code, code = 5, "MACHINE.LIMIT"
        message = f"程序无法载入：{error!r}；没有记录任何内容。请检查本机内存和程序的安装"
    else:
        exit_code, code = 4, "PROGRAM.ERROR"
        message = f"程序内部错误：{error!r}；没有记录任何内容"
    try:
        import signal

        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        os.write(2, f"错误 {code}：{message}\n".encode(errors="backslashreplace"))
        raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
        if "--json" in sys.argv and not getattr(raw, "begun", False):  # one value, not two
            import json

            failed = {"ok": False, "code": code, "message": message, "facts": {}, "try": []}
            os.write(1, f"{json.dumps(failed)}\n".encode())
    finally:
        os._exit(exit_code)


if __name__ == "__main__":
    run()
