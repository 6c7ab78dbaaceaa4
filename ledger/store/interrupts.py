"""Being asked to end: Ctrl-C, or the signals with which a system ends a program or its terminal.

A process that listens hears all of them alike, as `KeyboardInterrupt`, wherever it is. But from the
commit of a transaction until it is noted what it has recorded nobody could say whether anything
was: there they wait (`held`). And once the outcome is known they change nothing any more
(`ignore`): it is told, and it is what the exit code says.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_alone: list[bool] = []
"""Whether this process listens to Ctrl-C alone, whose handler is every Python's."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heard() -> list[signal.Signals]:
    """All but those that this process was told to ignore when it was started (`nohup`, a job in the
    background)."""
    return [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


def listen() -> None:
    """From now on these signals are `KeyboardInterrupt` in this process."""
    _alone[:] = [heard() == [signal.SIGINT]]
    for number in heard():
        signal.signal(number, signal.default_int_handler)


def ignore() -> None:
    """Until this process ends nothing interrupts it; but one that does not listen is another's, and
    goes on after the command."""
    while any(_alone) or any(
        signal.getsignal(each) is signal.default_int_handler for each in SIGNALS[1:]
    ):
        try:
            for number in heard():
                # A handler that does nothing, and not SIG_IGN: Python complains of a signal that
                # comes while its handler is taken away.
                signal.signal(number, lambda *_: None)
            # At its very end Python puts the system's handlers back: what is blocked asks none.
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            # An interruption that met the `exec` of a text, as loading a module may do, it holds to
            # be unhandled until the next, and would end as if by the signal: no exit code then.
            exec("")
        except KeyboardInterrupt:  # it came before its handler was replaced
            continue
        return


@contextmanager
def held() -> Iterator[None]:
    """What comes inside is heard at the end. Only the main thread hears signals at all."""
    came: list[int] = []
    before = {}
    try:
        if threading.current_thread() is threading.main_thread():
            for number in heard():
                before[number] = signal.getsignal(number)
                signal.signal(number, lambda heard, _: came.append(heard))
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for heard_late in came[:1]:
            signal.raise_signal(heard_late)
