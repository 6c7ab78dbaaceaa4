"""Work in processes of their own, whatever becomes of them.

A worker is a plain Python that is told over a pipe what to do, and answers over another; it holds
no other file of ours, neither the terminal nor what an answer goes to. When the process that wants
the work is gone, for whatever reason, the pipe is closed and the worker ends. A worker that ends by
itself (killed, out of memory) costs the piece that it was given another try, and nothing else.
"""

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, TypeVar, cast

Result = TypeVar("Result")
Work = Callable[[str], Result]
"""What is done with a piece of work. It goes to another process, and must be known by a name."""

TRIES = 2
"""How often a piece is given to a worker."""
_STARTS = 3
"""How many workers in a row may end before they are ready."""
_STANDING_BY = "ready"
_SERVE = (
    "import sys; sys.path[:] = sys.argv[1:]; from projections.audit.workers import serve; serve()"
)


class _Ended(Exception):
    """The worker is no more."""


class _Worker:
    """A process that works. Raises `MemoryError` where the machine allows none."""

    def __init__(self) -> None:
        # -P: nothing that lies in the folder at hand is taken for a part of Python.
        command = [sys.executable or "", "-P", "-c", _SERVE, *sys.path]
        # Ctrl-C goes to every process of a terminal, and is the parent's to answer.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise _cannot_start(error.strerror) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._in = cast(IO[bytes], self._process.stdin)
        self._out = cast(IO[bytes], self._process.stdout)
        self.ready = False
        self.piece = ""

    def fileno(self) -> int:
        """Where its answers are to be read."""
        return self._out.fileno()

    def give(self, work: Work[Any], piece: str) -> None:
        """Gives it something to do, while it does nothing."""
        self.piece = piece
        with suppress(BrokenPipeError):  # it has ended: that is seen where its answer is read
            pickle.dump((work, piece), self._in)
            self._in.flush()

    def answer(self) -> tuple[Any] | None:
        """What came of it, or None: it says first that it is ready. Waits for either. Raises what
        the work has raised, and `_Ended`."""
        try:
            said, outcome = pickle.load(self._out)
        except (EOFError, pickle.UnpicklingError) as error:
            raise _Ended from error
        if said == _STANDING_BY:
            self.ready = True
            return None
        if isinstance(outcome, Exception):
            raise outcome
        return (outcome,)

    def end(self) -> None:
        """Ends it, whatever it does: it only reads."""
        self._process.kill()
        for stream in (self._in, self._out):
            with suppress(OSError):
                stream.close()
        self._process.wait()


def _cannot_start(why: object) -> MemoryError:
    return MemoryError(f"审计所用的进程无法启动（{why}）")


def in_processes(
    work: Work[Result], pieces: Iterable[str], jobs: int
) -> Iterator[tuple[str, Result | None]]:
    """Each piece with what came of it, as it is done, in so many processes; None where every worker
    that had it ended over it. Raises what `work` raises, and `MemoryError` where no process can be
    started."""
    waiting, again = iter(pieces), list[str]()
    tried, starts = Counter[str](), 0
    workers: list[_Worker] = []
    try:
        while True:
            while len(workers) < jobs and (piece := _next(waiting, again)) is not None:
                try:
                    worker = _Worker()
                except MemoryError:
                    if not workers:
                        raise
                    again.append(piece)
                    jobs = len(workers)  # it goes on with those that there are
                    break
                workers.append(worker)
                worker.give(work, piece)
            if not workers:
                return
            for worker in _heard(workers):
                piece = worker.piece
                try:
                    answer = worker.answer()
                except _Ended:
                    workers.remove(worker)
                    worker.end()
                    starts += not worker.ready
                    if starts >= _STARTS:
                        raise _cannot_start("一启动就结束") from None
                    tried[piece] += worker.ready
                    if tried[piece] < TRIES:
                        again.append(piece)
                    else:
                        yield piece, None
                    continue
                if answer is None:
                    starts = 0
                    continue
                following = _next(waiting, again)
                if following is None:
                    workers.remove(worker)
                    worker.end()
                else:
                    worker.give(work, following)
                yield piece, answer[0]
    finally:
        for worker in workers:
            worker.end()


def _next(waiting: Iterator[str], again: list[str]) -> str | None:
    """The next piece: what was tried already comes last."""
    piece = next(waiting, None)
    return again.pop() if piece is None and again else piece


def _heard(workers: list[_Worker]) -> list[_Worker]:
    """Those that have something to say; waits for the first."""
    poll = select.poll()
    for worker in workers:
        poll.register(worker, select.POLLIN)
    heard = {descriptor for descriptor, _ in poll.poll()}
    return [worker for worker in workers if worker.fileno() in heard]


@contextmanager
def beside(work: Work[Result], piece: str) -> Iterator[Callable[[], Result]]:
    """Work that is done in another process inside the block; asked for, it is waited for. Where no
    process can do it, it is done when it is asked for."""
    worker = None
    with suppress(MemoryError):
        worker = _Worker()
    try:
        if worker is not None:
            worker.give(work, piece)

        def result() -> Result:
            if worker is not None:
                with suppress(_Ended):
                    while (answer := worker.answer()) is None:
                        pass
                    found: Result = answer[0]
                    return found
            return work(piece)

        yield result
    finally:
        if worker is not None:
            worker.end()


def serve() -> None:
    """What a worker does until nobody wants it any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with suppress(RuntimeError):  # where there can be no thread it ends with its work at the latest
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _say(answers, _STANDING_BY, None)
    while True:
        try:
            work, piece = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            outcome = work(piece)
        except Exception as error:
            outcome = error
        _say(answers, "done", outcome)


def _say(answers: IO[bytes], said: str, outcome: object) -> None:
    answers.write(pickle.dumps((said, outcome)))
    answers.flush()


def _end_with_parent() -> None:
    """The other end of the pipe is closed by the parent, or with it."""
    poll = select.poll()
    poll.register(0, 0)  # no more than that is told anyway
    poll.poll()
    os._exit(1)
