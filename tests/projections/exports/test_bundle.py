"""Tables for machines: what the description says of the files is so, and Parquet and SQLite hold
the same."""

import csv
import json
import sqlite3
import sys
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.errors import Lacking
from ledger.store.sqlite.place import SqlitePlace
from projections.exports import bundle, parquet, views_copy
from projections.questions.balances import line_balances
from projections.views.reading import reading
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    LINE,
    Year,
    adjust,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    refund,
    request,
    reserve,
    voucher,
)

READ: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "string": lambda cell: cell[1:] if cell[:2] in ("'=", "'-") else cell,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}
FORMULA = '=1+1,"x"'


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """A little of everything, a project with two names, another book in the same file."""
    Year(tmp_path, book=BookId("420104", 2020)).record(appropriate(5_00))
    return Year(tmp_path).record(
        request("project", "01-03", code="P02", name="新名"),
        carry_in(100_00),
        adjust(1_00, "prior-year-recovery"),
        appropriate(1_000_00, pending=False),
        appropriate(10_00, at=line("30101", project="-")),
        request("surplus-in", "01-03", pool="special", amount_fen=5_00),
        income(7_00, doc=""),
        reserve(50_00, at=CARRIED),
        pay(30_00, payee=FORMULA, key="支1", procurement=True, pay_type="direct"),
        pay(3_00, payee="=2"),
        pay(2_00, procurement_type="goods"),
        request("text", "12-31", slot="functions", text="一、甲。\n\n=1+1"),
        refund("支1", 10_00),
        voucher((LINE, "30201", 1_00), (LINE, "30202", 2_00)),
    )


@pytest.fixture
def folder(year: Year, tmp_path: Path) -> Path:
    path = tmp_path / "bundle"
    path.mkdir()
    with reading(SqlitePlace(year.db), year.book) as opened:
        bundle.write(opened, path)
    return path


def described(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / bundle.DESCRIPTION).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def typed(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table as its schema says that it is to be read."""
    tables = {}
    for resource in described(folder)["resources"]:
        schema = resource["schema"]
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, strict=True)
        assert header == [field["name"] for field in schema["fields"]]
        tables[resource["name"]] = [
            {
                field["name"]: None
                if cell in schema["missingValues"]
                else READ[field["type"]](cell)
                for field, cell in zip(schema["fields"], row, strict=True)
            }
            for row in rows
        ]
    return tables


def test_every_file_is_as_it_is_described(folder):
    """Size, SHA-256, no BOM, and nothing else in the folder."""
    resources = described(folder)["resources"]
    assert {bundle.DESCRIPTION, *(r["path"] for r in resources)} == {
        file.name for file in folder.iterdir()
    }
    for resource in resources:
        contents = (folder / resource["path"]).read_bytes()
        assert len(contents) == resource["bytes"]
        assert f"sha256:{sha256(contents).hexdigest()}" == resource["hash"]
        assert contents[:1].isalpha()


def test_keys_are_keys_and_references_are_there(folder):
    tables = typed(folder)
    for resource in described(folder)["resources"]:
        name, schema = resource["name"], resource["schema"]
        rows = tables[name]
        assert rows, name
        keys = [tuple(row[column] for column in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        for field in schema["fields"]:
            if field.get("constraints", {}).get("required"):
                assert all(row[field["name"]] is not None for row in rows), field
        for reference in schema["foreignKeys"]:
            other = reference["reference"]
            there = {row[other["fields"]] for row in tables[other["resource"] or name]}
            used = {row[reference["fields"]] for row in rows} - {None}
            assert used <= there, (name, reference)


def test_the_tables_are_the_book(folder, year):
    tables = typed(folder)
    with reading(SqlitePlace(year.db), year.book) as opened:
        assert described(folder)["head"] == plain(opened.head.printed())
        assert len(tables["entries"]) == opened.head.entries
        names = [column.name for column in bundle.BALANCES.columns]
        assert tables["balances"] == [
            {name: row[name] for name in names} for row in plain(line_balances(opened))["lines"]
        ]
    by_line: dict[str, int] = {}
    for posting in tables["postings"]:
        if posting["account"] == "PAID":
            fen = posting["amount_fen"]
            by_line[posting["line"]] = by_line.get(posting["line"], 0) + fen
    assert by_line == {r["line"]: r["paid_fen"] for r in tables["balances"] if r["paid_fen"]}
    assert [(r["code"], r["name"]) for r in tables["projects"]] == [
        ("P01", "P01 项目"),
        ("P02", "新名"),
    ]
    assert {r["project"] for r in tables["lines"]} == {"P02", None}
    paid = next(r for r in tables["entries"] if r["key"] == "支1")
    assert (paid["payee"], paid["procurement"], paid["direct_funds"], paid["pay_type"]) == (
        *(FORMULA, True, False, "direct"),
    )
    income = [(r["line"], r["source"], r["pool"], r["amount_fen"]) for r in tables["income"]]
    assert income == [
        (None, "pool", "special", 5_00),
        ("nonfiscal:2080105:basic:-:-:2020", "service", None, 7_00),
    ]


def test_no_cell_of_words_is_a_formula_and_the_description_says_so(folder):
    """A spreadsheet would run it; amounts stay numbers, and a sign alone stays what it is."""
    cells, words = [], []
    for resource in described(folder)["resources"]:
        types = [field["type"] for field in resource["schema"]["fields"]]
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
            for row in list(csv.reader(stream))[1:]:
                cells += row
                words += [cell for kind, cell in zip(types, row, strict=True) if kind == "string"]
    assert not [cell for cell in words if len(cell) > 1 and cell[0] in "=+-@＝＋－＠"]
    assert {f"'{FORMULA}", "'=2", "-"} <= set(words)
    assert any(cell.startswith("-") and cell[1:].isdigit() for cell in cells)
    assert described(folder)["description"].startswith("3 个单元格")


def test_parquet_holds_the_same(folder, year, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    target = tmp_path / "parquet"
    target.mkdir()
    with reading(SqlitePlace(year.db), year.book) as opened:
        rows = parquet.write(opened, target).tables
        head = opened.head
    assert {f"{table.name}.parquet" for table in bundle.TABLES} == {
        f.name for f in target.iterdir()
    }
    with duckdb.connect() as connection:
        for name, expected in typed(folder).items():
            read = connection.execute(
                "SELECT * FROM read_parquet(?)", [str(target / f"{name}.parquet")]
            )
            columns = [column[0] for column in read.description]
            found = [dict(zip(columns, row, strict=True)) for row in read.fetchall()]
            assert expected == found
            assert rows[name] == len(found)
        about = connection.execute(
            "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)",
            [str(target / "lines.parquet")],
        ).fetchall()
        said = {"book": str(year.book), "entries": str(head.entries), "hash": head.hash.hex()}
        assert said.items() <= dict(about).items()


def test_parquet_without_duckdb_says_how_to_get_it(year, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with reading(SqlitePlace(year.db), year.book) as opened, pytest.raises(Lacking) as lacking:
        parquet.write(opened, tmp_path)
    assert lacking.value.way_out == "pip install duckdb"


def test_the_views_are_copied_with_every_book_at_its_head(year, tmp_path):
    """Also of a book that no query has asked for since."""
    file = tmp_path / "copy.sqlite"
    with reading(SqlitePlace(year.db), year.book) as opened:
        head = opened.head
    year.record(pay(1_00))
    heads = views_copy.write(SqlitePlace(year.db), file)
    assert set(heads) == {"420103/2020", "420104/2020"}
    assert heads["420103/2020"].entries == head.entries + 1
    connection = sqlite3.connect(file)
    try:
        found = connection.execute(
            "SELECT line, balance_fen FROM v_balances "
            "WHERE account = 'EXEC' AND book = '420104/2020'"
        ).fetchall()
        assert found == [(str(LINE), 5_00)]
        entries = connection.execute("SELECT book, COUNT(*) FROM v_entries GROUP BY 1").fetchall()
        assert dict(entries) == {book: head.entries for book, head in heads.items()}
    finally:
        connection.close()
