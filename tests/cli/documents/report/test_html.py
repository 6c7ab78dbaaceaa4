"""The report as one HTML file: it asks nobody for anything, runs nothing but its own script, and
what a person typed is text in it."""

import csv
import re
from base64 import b64decode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from tests.harness.shell import Shell

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "</title><svg onload=alert(3)>",
    "{{ 7 * 7 }}{% for x in y %}",
    "javascript:alert(4)",
    "&lt;b&gt; &amp; <b>",
    "' onmouseover='alert(5)",
    "<!-- --><![CDATA[ ]]>",
)


OPEN = ("open-book", "--unit", "420103", "--year", "2020")


class Elements(HTMLParser):
    """What a page has: elements with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._in: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in self.texts:
            self._in.append(tag)
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._in:
            self.texts[self._in[-1]][-1] += data


@pytest.fixture(scope="module")
def text(demonstrated: Shell, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("text") / "决算.html"
    demonstrated("report", "-o", str(file))
    return file.read_text("utf-8")


def test_nothing_in_it_comes_from_elsewhere(text: str):
    page = Elements(text)
    for tag, said in page.found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "form", "base"), tag
        assert not [name for name in said if name.startswith("on") or name in ("src", "style")]
        assert str(said.get("href") or "#").startswith(("#", "data:text/csv;charset=utf-8;base64,"))
    assert "url(" not in text and "@import" not in text


def test_its_policy_allows_its_own_style_and_script_alone(text: str):
    page = Elements(text)
    (policy,) = (
        said["content"] for tag, said in page.found if tag == "meta" and "http-equiv" in said
    )
    assert policy is not None and policy.startswith("default-src 'none'; ")
    data, script = page.texts["script"]
    assert data.startswith("{")
    for of, name in ((script, "script-src"), (page.texts["style"][0], "style-src")):
        (hashed,) = re.findall(rf"{name} 'sha256-([^']+)'", policy)
        assert b64decode(hashed) == sha256(of.encode()).digest()


def test_the_same_book_makes_the_same_bytes(demonstrated: Shell, text: str, tmp_path: Path):
    demonstrated("report", "-o", str(tmp_path / "again.html"))
    assert (tmp_path / "again.html").read_text("utf-8") == text


def test_a_table_is_in_it_as_a_file(demonstrated: Shell, text: str):
    page = Elements(text)
    files = [
        b64decode(str(said["href"]).partition(",")[2]).decode("utf-8")
        for _, said in page.found
        if str(said.get("href")).startswith("data:")
    ]
    assert len(files) == 9
    for number, found in enumerate(files, 1):
        printed = demonstrated("table", str(number), "--format", "csv").out
        assert list(csv.reader(StringIO(found))) == list(csv.reader(StringIO(printed)))


def test_what_a_person_typed_is_text(tmp_path: Path):
    shell = Shell(tmp_path / "book.db")
    name = "".join(HOSTILE[:2])
    shell(*OPEN, "--name", name, "--kind", "admin", "--edition", "2020", "--basis", "indicator")
    shell("text", "；".join(HOSTILE), "--slot", "functions")
    shell("key-work", "--no", "1", "--item", HOSTILE[0], "--goal", HOSTILE[1], "--done", HOSTILE[2])
    paid = ("--line", "general:2080101:basic:-:-:2020")
    dated = ("--date", "2020-01-02")
    shell("appropriate", *paid, "--amount", "100", "--doc", HOSTILE[5], *dated)
    shell("pay", *paid, "--econ", "30201", "--amount", "1", "--payee", HOSTILE[3], *dated)
    shell("report", "-o", str(tmp_path / "r.html"), "--internal", exit=1)
    text = (tmp_path / "r.html").read_text("utf-8")
    page = Elements(text)
    assert [tag for tag, _ in page.found].count("script") == 2
    assert not {tag for tag, _ in page.found} & {"img", "b"}
    assert not [said for _, said in page.found for key in said if key.startswith("on")]
    for said in HOSTILE[:3]:
        assert said in unescape(text)


def test_files_are_all_written_or_none(demonstrated: Shell, tmp_path: Path):
    there, new = tmp_path / "there.html", tmp_path / "new.html"
    there.write_text("mine")
    demonstrated("report", "-o", str(new), "-o", str(there), exit=3)
    assert not new.exists() and there.read_text() == "mine"
    demonstrated("report", "-o", str(new), "-o", str(there), "--force")
    assert new.read_bytes() == there.read_bytes()


def test_a_name_that_promises_something_else_is_refused(demonstrated: Shell, tmp_path: Path):
    answer = demonstrated("report", "-o", str(tmp_path / "report.txt"), exit=2)
    assert ".html" in answer.err and not [*tmp_path.iterdir()]


def test_what_is_missing_is_told_and_the_file_written(tmp_path: Path):
    shell = Shell(tmp_path / "book.db")
    shell(
        *OPEN,
        "--name",
        "某局",
        "--kind",
        "admin",
        "--edition",
        "2024",
        "--basis",
        "indicator",
    )
    answer = shell("report", "-o", str(tmp_path / "r.html"), exit=1)
    assert "【缺：" in answer.err and "yusuan" in answer.err
    assert (tmp_path / "r.html").exists()
    told = shell("report", "-o", str(tmp_path / "s.html"), "--json", exit=1).json
    assert told["files"] == [str(tmp_path / "s.html")] and told["missing"]
