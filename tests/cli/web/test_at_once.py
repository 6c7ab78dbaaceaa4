"""Many look while one writes: nobody sees an error, and every answer is that of its head."""

import json
from collections import defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.harness.pages import Serving, served
from tests.harness.shell import LINE, Shell

READERS = 8
PAYMENTS = 25
PATHS = ("/balance.json", "/log.json?limit=3", "/status.json", "/check.json", "/progress.json")


@pytest.fixture
def written(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path / "a.db").open().project("P02")
    shell("appropriate", "--line", LINE, "--amount", "1000000", "--date", "2020-01-10")
    return shell


class Looking:
    """A browser that was let in."""

    def __init__(self, server: Serving, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"Cookie": cookie}

    def get(self, path: str) -> tuple[int, str]:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def close(self) -> None:
        self._connection.close()


def let_in(server: Serving) -> str:
    """The cookie that the address is worth."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", server.address.removeprefix(server.base))
    answer = connection.getresponse()
    assert answer.status == 303
    connection.close()
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


Found = dict[str, list[tuple[int, str]]]
"""Path → the statuses and texts of its answers."""


def looks(server: Serving, cookie: str, over: Event, found: Found) -> None:
    looking = Looking(server, cookie)
    while not over.is_set():
        for path in PATHS:
            found[path].append(looking.get(path))
    looking.close()


def test_readers_and_a_writer(written: Shell):
    over = Event()
    every: list[Found] = [defaultdict(list) for _ in range(READERS)]
    with served(written.db) as server:
        cookie = let_in(server)
        readers = [
            Thread(target=looks, args=(server, cookie, over, found), daemon=True) for found in every
        ]
        for reader in readers:
            reader.start()
        paid = ("pay", "--line", LINE, "--econ", "30201", "--date", "2020-02-01")
        for n in range(PAYMENTS):
            written(*paid, "--amount", str(n + 1), "--payee", f"某店{n}", "--doc", f"支{n}")
        over.set()
        for reader in readers:
            reader.join(120)
        assert not any(reader.is_alive() for reader in readers)
    by_head: dict[tuple[str, int], set[str]] = defaultdict(set)
    for path, status, text in flat(every):
        assert status == 200, text
        by_head[path, json.loads(text)["head"]["entries"]].add(text)
    heads = {head for _, head in by_head}
    assert len(heads) > 3, "nothing was written while they looked"
    for (path, head), answers in by_head.items():
        assert len(answers) == 1, (path, head)
    for head in heads:
        paid_fen = sum(100 * (n + 1) for n in range(head - 3))
        (text,) = by_head["/balance.json", head] or {""}
        assert not text or json.loads(text)["totals"]["paid_fen"] == paid_fen


def flat(every: list[Found]) -> Iterator[tuple[str, int, str]]:
    for found in every:
        for path, answers in found.items():
            yield from ((path, status, text) for status, text in answers)
