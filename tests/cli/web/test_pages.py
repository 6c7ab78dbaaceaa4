"""Every page answers, says what its command says, and writes nothing."""

import json
import re
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from ledger.store.sqlite.place import SqlitePlace
from projections.views.schema import DISTRUSTED
from tests.harness.pages import Markup, pages_of, walked
from tests.harness.shell import Answer, Shell, in_process

_FUND = "general:2080105:project:P02:-:2020"
COMMANDS = {
    "/balance": "balance",
    "/balance?func=2080105&fund=general": "balance --func 2080105 --fund general",
    "/balance?as-of=2020-06-30": "balance --as-of 2020-06-30",
    f"/statement/{quote(_FUND, safe=':')}": f"statement {_FUND}",
    "/execution": "execution --scope all",
    "/execution?scope=current": "execution --scope current",
    "/progress": "progress",
    "/three-public": "three-public",
    "/carryover": "carryover",
    "/carry-ageing": "carry-ageing",
    "/opening": "opening",
    "/log": "log",
    "/log?kind=pay&payee=%E5%B7%A5%E8%B5%84": "log --kind pay --payee 工资",
    "/log?since=2020-01-01&until=2020-06-30&doc=1": (
        "log --since 2020-01-01 --until 2020-06-30 --doc 1"
    ),
    "/log?after=100&limit=5": "log --after 100 --limit 5",
    "/log?before=100&limit=5": "log --before 100 --limit 5",
    "/show/100": "show 100",
    "/where-used/100": "where-used 100",
    "/pending": "pending",
    "/table/1": "table 1",
    "/table/9": "table 9",
    "/explain/T1.57": "explain T1.57",
    "/explain/N.s1.change_rate": "explain N.s1.change_rate",
    "/explain/E.P02.total": "explain E.P02.total",
    "/narrative": "narrative",
    "/narrative?section=%E4%BA%94": "narrative --section 五",
    "/performance": "performance",
    "/performance?project=P02": "performance --project P02",
    "/check": "check",
    "/roll-up?year=2020": "roll-up --year 2020",
}
"""What `yusuan … --json` prints for an address."""
FAILING = {
    "/show/99999": ("show 99999", 404),
    "/explain/T99.1": ("explain T99.1", 404),
    "/table/99": ("table 99", 404),
    f"/statement/{quote('general:2080105:project:P99:-:2020', safe=':')}": (
        "statement general:2080105:project:P99:-:2020",
        404,
    ),
    "/balance?func=abc": ("balance --func abc", 400),
    "/log?since=2020-13-01": ("log --since 2020-13-01", 400),
    "/log?amount=abc": ("log --amount abc", 400),
    "/narrative?section=%E7%99%BE": ("narrative --section 百", 400),
    "/balance?unit=999999&year=2020": ("balance --unit 999999 --year 2020", 404),
}


@pytest.fixture(scope="module")
def pages(demonstrated: Shell) -> Client:
    return pages_of(demonstrated.db)


def asked(db: Path, words: str) -> Answer:
    """What a command prints as JSON."""
    return in_process(*words.split(), "--db", str(db), "--json")


def json_of(address: str) -> str:
    path, _, query = address.partition("?")
    return f"{path}.json?{query}" if query else f"{path}.json"


@pytest.mark.parametrize("address", COMMANDS)
def test_the_json_of_a_page_is_that_of_its_command(
    pages: Client, demonstrated: Shell, address: str
):
    told = asked(demonstrated.db, COMMANDS[address])
    answer = pages.get(json_of(address))
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert answer.get_data(as_text=True) == told.out
    shown = pages.get(address)
    assert shown.status_code == 200 and shown.mimetype == "text/html"
    assert Markup(shown.get_data(as_text=True)).json == [json_of(address)]


@pytest.mark.parametrize("address", FAILING)
def test_what_a_command_refuses_a_page_refuses_in_its_words(
    pages: Client, demonstrated: Shell, address: str
):
    words, status = FAILING[address]
    told = asked(demonstrated.db, words)
    answer = pages.get(json_of(address))
    assert answer.status_code == status
    assert answer.get_data(as_text=True) == told.out
    page = pages.get(address)
    assert page.status_code == status
    text = " ".join(Markup(page.get_data(as_text=True)).text.split())
    assert " ".join(told.json["message"].split()) in text and told.json["code"] in text
    for way in told.json["try"]:
        assert way in text


def test_every_page_can_be_come_to_and_nothing_is_written(demonstrated: Shell, pages: Client):
    before = sha256(demonstrated.db.read_bytes()).hexdigest()
    found = dict(walked(pages, 5))
    wrong = {
        address: answer.status for address, answer in found.items() if answer.status_code != 200
    }
    assert wrong == {}
    kinds = {re.split("[/?.]", address)[1] for address in found}
    assert {
        *("", "balance", "statement", "execution", "progress", "three-public", "carryover"),
        *("carry-ageing", "opening", "log", "show", "pending", "tables", "table", "explain"),
        *("narrative", "performance", "check", "books", "roll-up", "audit", "status"),
    } <= kinds
    assert sha256(demonstrated.db.read_bytes()).hexdigest() == before


def test_the_overview_is_the_status(pages: Client):
    page = Markup(pages.get("/").get_data(as_text=True))
    assert page.json == ["/status.json"]
    told = json.loads(pages.get("/status.json").get_data(as_text=True))
    assert (told["book"], told["head"]["entries"]) == ("420103/2020", 566)
    assert told["execution"]["annual_budget_fen"] == 8434893200
    for said in ("68.67%", "8,434.89", "2,643.00", "0.38", "武汉市江汉区人力资源局", "566 笔"):
        assert said in page.text


def test_an_option_that_a_page_does_not_know_is_refused(pages: Client):
    answer = pages.get("/balance?fonds=general")
    assert answer.status_code == 400 and "fonds" in answer.get_data(as_text=True)
    assert pages.get("/nothing").status_code == 404
    assert pages.get("/nothing.json").get_json()["code"] == "PAGE.UNKNOWN"
    assert pages.get("/table/1?edition=/etc").status_code == 400
    for strange in ("/../../etc/passwd", "/style.css/../app.py", "/show/-1", "/show/x", "//x"):
        assert pages.get(strange).status_code in (308, 404)


def test_turning_the_pages_of_the_log_shows_every_entry_once(pages: Client):
    for query in ("", "?kind=pay", "?payee=%E5%B7%A5%E8%B5%84"):
        wanted = [each["entry"] for each in pages.get(f"/log.json{query}").get_json()["entries"]]
        found, address = list[int](), f"/log{query}"
        while address:
            page = Markup(pages.get(address).get_data(as_text=True))
            found += [int(link[6:]) for link in page.links if re.fullmatch("/show/[0-9]+", link)]
            address = next((link for link in page.links if "before=" in link), "")
        assert found == wanted[::-1]


def test_a_figure_leads_to_its_parts_and_entries(pages: Client, demonstrated: Shell):
    told = demonstrated("explain", "T1.57", "--json").json
    page = Markup(pages.get("/explain/T1.57").get_data(as_text=True))
    links = [link for link in page.links if not link.endswith(".json")]
    shown = [link for link in links if link.startswith("/show/")]
    assert shown == [f"/show/{each['entry']}" for each in told["entries"]]
    parts = [each["cell"] for each in told["parts"] if each["fen"]]
    below = [link for link in links if link.startswith("/explain/")]
    assert below == [f"/explain/{cell}" for cell in parts]
    for said in ("57,918,910.00", "5,791.89 万元", told["formula"]):
        assert said in page.text


def test_every_figure_of_a_table_is_a_link(pages: Client, demonstrated: Shell):
    cells = demonstrated("table", "5", "--json").json["cells"]
    page = Markup(pages.get("/table/5").get_data(as_text=True))
    links = {link for link in page.links if link.startswith("/explain/")}
    assert links == {f"/explain/{quote(cell['id'])}" for cell in cells}


def test_a_file_of_many_books_asks_which(department: Path):
    pages = pages_of(department)
    assert pages.get("/").location == "/books"
    assert pages.get("/balance").status_code == 400
    page = Markup(pages.get("/books").get_data(as_text=True))
    chosen = [link for link in page.links if "unit=" in link]
    assert chosen == [
        f"/?unit={u}&year={y}" for u, y in (("A01", 2019), ("A01", 2020), ("B02", 2020))
    ]
    found = dict[str, int]()
    for address in (*chosen, "/?year=2020&units=all"):
        first = pages.get(address)
        assert first.status_code == 200
        links = Markup(first.get_data(as_text=True)).links
        found |= {link: pages.get(link).status_code for link in links if link.startswith("/")}
    assert {link: status for link, status in found.items() if status != 200} == {}
    kept = [link for link in found if "units=all" in link]
    assert len(kept) > 12 and not any(link.startswith(("/log", "/audit")) for link in kept)


def test_many_units_add_up(department: Path):
    told = asked(department, "roll-up --year 2020").json
    page = pages_of(department).get("/roll-up.json?year=2020").get_json()
    assert page == told
    of_all = pages_of(department).get("/balance.json?year=2020&units=all").get_json()
    assert of_all == asked(department, "balance --year 2020 --units all").json


def test_views_that_are_not_to_be_believed_are_not_shown(demonstrated: Shell, tmp_path: Path):
    db = tmp_path / "demo.db"
    db.write_bytes(demonstrated.db.read_bytes())
    pages = pages_of(db)
    assert pages.get("/").status_code == 200
    with closing(sqlite3.connect(SqlitePlace(db).views)) as views:
        views.execute(f"PRAGMA user_version = {DISTRUSTED}")
    page = pages.get("/balance")
    assert page.status_code == 500 and "rebuild" in page.get_data(as_text=True)


def test_what_is_kept_is_not_shown_at_another_head(tmp_path: Path):
    shell = Shell(tmp_path / "a.db").open().project("P02")
    pages = pages_of(shell.db)
    heads = []
    for econ in ("30201", "30299"):
        line = f"general:2080105:project:P02:{econ}:2020"
        shell("appropriate", "--line", line, "--amount", "500", "--date", "2020-01-10")
        for _ in range(2):
            heads.append(pages.get("/status.json").get_json()["head"]["entries"])
        told = asked(shell.db, "check")
        assert pages.get("/check.json").get_data(as_text=True) == told.out
    assert heads == [3, 3, 4, 4]
