"""The local pages as a test asks for them: without a socket, or by a server that really listens."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse

from cli.session import Session
from cli.web.app import app
from tests.harness.shell import ROOT, clean_environment


class Markup(HTMLParser):
    """What a page has: its elements with their attributes, its addresses and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        """Where one can go from here."""
        return [str(said["href"]) for tag, said in self.elements if tag == "a" and "href" in said]

    @property
    def json(self) -> list[str]:
        """Where the page says that its JSON is."""
        return [
            str(said["href"])
            for tag, said in self.elements
            if tag == "link" and said.get("rel") == "alternate"
        ]


def pages_of(db: Path, unit: str | None = None, year: int | None = None) -> Client:
    """The pages of a file, without the guard before them."""
    said = {"db": str(db), "unit": unit, "year": None if year is None else str(year)}
    return Client(app(Session.of(said, [])))


def walked(client: Client, most: int) -> Iterator[tuple[str, TestResponse]]:
    """Every page that can be come to from the first, of a kind of page so many."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        yield address, answer
        if answer.mimetype != "text/html":
            continue
        for link in Markup(answer.get_data(as_text=True)).links:
            target = link.partition("#")[0]
            kind = re.sub(r"(?<=.)/.+$", "/", urlsplit(target).path) + "?" * ("?" in target)
            if target.startswith("/") and target not in seen and kinds[kind] < most:
                kinds[kind] += 1
                seen.add(target)
                waiting.append(target)


class Serving(NamedTuple):
    """`yusuan serve` as a program of its own: its address, good once, and where its pages lie."""

    running: subprocess.Popen[str]
    address: str

    @property
    def base(self) -> str:
        """What stands before the path of a page."""
        return self.address.partition("/?")[0]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.base.rpartition(":")[2])


@contextmanager
def served(db: Path) -> Iterator[Serving]:
    """A server that listens until the end, and then ends by itself when it is asked to."""
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(db), "serve"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    assert running.stdout is not None and running.stderr is not None
    try:
        yield Serving(running, running.stdout.readline().strip())
    finally:
        running.terminate()
        said = running.communicate(timeout=30)[1]
    assert running.returncode == 0, said
    assert "Traceback" not in said, said
