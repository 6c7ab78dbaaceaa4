"""Work in processes of their own: killed, they cost a retry; their parent killed, they are gone."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from projections.audit import workers
from projections.audit.workers import TRIES, beside, in_processes
from tests.harness.shell import ROOT, clean_environment

PIECES = [f"{number}" for number in range(12)]


def doubled(piece: str) -> str:
    return piece * 2


def noted(folder: Path, piece: str) -> str:
    """Leaves a file for each time that it is done."""
    (folder / f"{piece}.{os.getpid()}").touch()
    return piece


def deadly(folder: Path, times: int, piece: str) -> str:
    """The process that gets piece 7 is killed, so many times."""
    if piece == "7" and len([*folder.iterdir()]) < times:
        noted(folder, piece)
        os.kill(os.getpid(), signal.SIGKILL)
    return piece


def failing(piece: str) -> str:
    raise LookupError(piece)


def printing(piece: str) -> str:
    print("said to nobody", flush=True)
    return piece


@pytest.mark.parametrize("jobs", [1, 3, 100])
def test_every_piece_is_done_once(jobs: int):
    assert Counter(in_processes(doubled, PIECES, jobs)) == {(each, each * 2): 1 for each in PIECES}


def test_nothing_to_do_needs_no_process():
    assert [*in_processes(doubled, [], 2)] == []


def test_a_worker_that_is_killed_costs_a_retry(tmp_path: Path):
    found = dict(in_processes(partial(deadly, tmp_path, TRIES - 1), PIECES, 2))
    assert found == {each: each for each in PIECES}


def test_a_piece_that_kills_its_workers_ends_nothing_else(tmp_path: Path):
    found = dict(in_processes(partial(deadly, tmp_path, TRIES), PIECES, 2))
    assert found == {each: None if each == "7" else each for each in PIECES}
    assert len([*tmp_path.iterdir()]) == TRIES


def test_what_the_work_raises_is_raised_here():
    with pytest.raises(LookupError, match="3"):
        [*in_processes(failing, ["3"], 1)]
    with pytest.raises(LookupError), beside(failing, "4") as result:
        result()


def test_a_worker_says_nothing_to_anybody_else(capfd: pytest.CaptureFixture[str]):
    assert [*in_processes(printing, ["1"], 1)] == [("1", "1")]
    assert capfd.readouterr() == ("", "")


def test_what_stands_beside_is_done_here_where_its_process_is_killed(tmp_path: Path):
    with beside(partial(deadly, tmp_path, 1), "7") as result:
        assert result() == "7"
    assert len([*tmp_path.iterdir()]) == 1


def test_a_machine_that_starts_no_process_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An interpreter that this user may not run, and one that ends at once."""
    broken = tmp_path / "python"
    for text, mode in (("#!/bin/false\n", 0o644), ("#!/bin/sh\nexit 1\n", 0o755)):
        broken.write_text(text)
        broken.chmod(mode)
        monkeypatch.setattr(sys, "executable", str(broken))
        with pytest.raises(MemoryError, match="无法启动"):
            [*in_processes(doubled, PIECES, 2)]
        with beside(doubled, "1") as result:
            assert result() == "11"


def test_it_goes_on_with_the_processes_that_there_are(monkeypatch: pytest.MonkeyPatch):
    made: list[object] = []

    class Rare(workers._Worker):
        def __init__(self) -> None:
            if made:
                raise MemoryError
            super().__init__()
            made.append(self)

    monkeypatch.setattr(workers, "_Worker", Rare)
    assert dict(in_processes(doubled, PIECES, 4)) == {each: each * 2 for each in PIECES}


def test_no_module_of_the_folder_at_hand_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("sys", "pickle", "threading", "select"):
        (tmp_path / f"{name}.py").write_text("open('RUN', 'w')\n")
    assert [*in_processes(doubled, ["1"], 1)] == [("1", "11")]
    assert not (tmp_path / "RUN").exists()


PARENT = """
import sys
sys.path.insert(0, {root!r})
from functools import partial
from pathlib import Path
from projections.audit.workers import in_processes
sys.path.insert(0, {folder!r})
import slow
for _ in in_processes(partial(slow.slow, Path({folder!r})), ["1", "2"], 2):
    pass
"""
WORK = """
import os, time
def slow(folder, piece):
    (folder / f"{piece}.pid").write_text(str(os.getpid()))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass
"""


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _until(holds: Callable[[], bool], seconds: int = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name
)
def test_workers_do_not_outlive_their_parent(tmp_path: Path, how: signal.Signals):
    """Whatever ends it, in the middle of the work; and nobody waits for its output any more."""
    (tmp_path / "slow.py").write_text(WORK)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(root=str(ROOT), folder=str(tmp_path))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
        preexec_fn=_interruptible,  # noqa: PLW1509 - there are no threads here
    ) as parent:
        notes = [tmp_path / "1.pid", tmp_path / "2.pid"]
        assert _until(lambda: all(note.exists() and note.read_text() for note in notes))
        pids = [int(note.read_text()) for note in notes]
        parent.send_signal(how)
        out, _ = parent.communicate(timeout=30)
        assert out == b""
    assert _until(lambda: all(map(_gone, pids)))


def test_a_machine_without_memory_ends_with_5(tmp_path: Path):
    """No traceback and never silence."""
    made = [sys.executable, "-m", "cli", "--db", str(tmp_path / "a.db")]
    env = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    subprocess.run([*made, "demo"], cwd=tmp_path, env=env, check=True, capture_output=True)
    codes = set()
    for megabytes in (36, 40, 44, 48, 56, 64):
        limit = megabytes << 20

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

        ended = subprocess.run(
            [*made, "audit", "--all"],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            check=False,
            preexec_fn=limited,
            text=True,
        )
        codes.add(ended.returncode)
        assert ended.returncode in (0, 5), ended
        if ended.returncode:
            assert "MACHINE.LIMIT" in ended.stdout + ended.stderr, ended
            assert "Traceback" not in ended.stderr, ended
    assert codes
