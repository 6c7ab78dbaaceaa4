"""The tables of the published 2020 report, cell by cell."""

import csv
from collections.abc import Iterator
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "jianghan_2020" / "tables"


def published() -> Iterator[tuple[str, str]]:
    """(cell id, printed text) of every cell of the report; nothing and 0.00 are both zero."""
    for number in range(1, 10):
        with (GOLDEN / f"table{number}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from _cells_of(number, row)


def _cells_of(number: int, row: dict[str, str]) -> Iterator[tuple[str, str]]:
    match number:
        case 1:
            yield f"T1.{row['line']}", row["amount"]
        case 4:
            columns = [name for name in row if name[0] == "c" and name[1].isdigit()]
            left = row["side"] == "income"
            for name in columns:
                if (name == "c1_income_amount") == left:
                    yield f"T4.{row['line']}.{name[1]}", row[name]
                else:
                    assert row[name] == ""  # the other side of the form
        case 6:
            yield f"T6.{row['code'] or row['label']}", row["amount"]
        case 7:
            yield f"T7.{row['column_no']}", row["amount"]
        case _:
            for name, text in row.items():
                if name[0] == "c" and name[1].isdigit():
                    yield f"T{number}.{row['code'] or '合计'}.{name[1]}", text


PUBLISHED = dict(published())
