"""A place to damage a copy of the sample, and the judge of what comes of it: the audit says so, or
every answer is what it was."""

import os
import tempfile
import traceback
from pathlib import Path
from typing import NamedTuple

from cli.exits import explained
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.views.schema import open_views
from tests.harness.sample import BOOK, Sample, answers

INTEGRITY = 4


class Flip(NamedTuple):
    """One byte and the mask that it is XORed with."""

    offset: int
    mask: int


class Verdict(NamedTuple):
    """What became of one flip. `outcome`: `audit` found it, `error` a clean one of exit 4,
    `same` nothing changed, `missed` an answer changed unseen, `defect` a program error."""

    outcome: str
    detail: str


class Bench:
    """A place to change one byte after another of a copy, in memory where there is a /dev/shm."""

    def __init__(self, sample: Sample, *, views: bool = False) -> None:
        shm = Path("/dev/shm")
        base = shm if os.access(shm, os.W_OK) else None
        self._folder = tempfile.TemporaryDirectory(prefix="yusuan-flip-", dir=base)
        self.folder = Path(self._folder.name)
        self.path = self.folder / "flip.db"
        self.right, self.keyed = sample.answers, sample.keyed
        self.log = sample.path.read_bytes()
        self.views = SqlitePlace(sample.path).views.read_bytes()
        self.flips_views = views
        views_file = SqlitePlace(self.path).views
        open_views(views_file).close()
        self.no_views = views_file.read_bytes()

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    @property
    def size(self) -> int:
        """Bytes that can be changed."""
        return len(self.views if self.flips_views else self.log)

    def lay(self, log: bytes, views: bytes | None) -> None:
        """Puts a log, and views or none, where the last ones were; nothing else remains."""
        for file in self.folder.iterdir():
            file.unlink()
        self.path.write_bytes(log)
        if views is not None:
            SqlitePlace(self.path).views.write_bytes(views)

    def judge(self, flip: Flip) -> Verdict:
        """Changes one byte and asks the audit, then everything else."""
        changed = bytearray(self.views if self.flips_views else self.log)
        changed[flip.offset] ^= flip.mask
        if self.flips_views:
            return self.judge_files(self.log, bytes(changed), keep_views=True)
        return self.judge_files(bytes(changed), None)

    def judge_files(self, log: bytes, views: bytes | None, *, keep_views: bool = False) -> Verdict:
        """The verdict on a log and its views; `keep_views` asks those very views."""
        self.lay(log, views)
        try:
            outcome = audit(SqlitePlace(self.path), BOOK)
        except BaseException as error:
            exit_code, code, *_ = explained(error)
            if code == "PROGRAM.ERROR":
                return Verdict("defect", "audit: " + _last_frames(error))
            if exit_code != INTEGRITY:
                return Verdict("missed", f"audit ends with {exit_code} {code}: {error}")
            found = Verdict("error", code)
        else:
            failed = [check.code for check in outcome.checks if check.failed]
            found = Verdict("audit", failed[0]) if failed else Verdict("same", "")
        if not keep_views:
            self.lay(log, self.no_views)
        try:
            now = answers(self.path, self.keyed)
        except BaseException as error:
            exit_code, code, *_ = explained(error)
            if code == "PROGRAM.ERROR":
                return Verdict("defect", "query: " + _last_frames(error))
            if found.outcome == "same":
                return Verdict("missed", f"a query ends with {exit_code} {code}: {error}")
            if keep_views and exit_code != INTEGRITY and code != "FILE.FOREIGN":
                return Verdict("missed", f"after the audit, queries end with {exit_code} {code}")
            return found
        if now == self.right:
            return found
        changed = next(name for name in self.right if now.get(name) != self.right[name])
        if found.outcome == "same":
            return Verdict("missed", f"{changed} has changed")
        if keep_views:
            return Verdict("missed", f"{changed} is still shown after the audit failed")
        return found


def _last_frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__}: {error} at {places}"
