"""A year in the formats of the peers: what each kind of row moves, and how each writes it."""

import csv

import pytest

from scripts.benchmarks.journals import (
    FORMATS,
    Move,
    account_name,
    line_account,
    transactions,
    write,
)
from scripts.synthetic import COLUMNS, budget_lines, year_rows

LINE = "general:2080105:project:P02:302:2020"
WIDE = "general:2080105:project:P02:-:2019"


def row(kind, amount="", line=LINE, **cells):
    parts = ["" if part == "-" else part for part in line.split(":")] if line else [""] * 6
    fixed = {"id": "Z1", "date": "2020-03-04", "kind": kind, "amount": amount}
    return dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS[3:9], parts, strict=True)) | fixed | cells


BEFORE = [
    row("appropriate", "100.00", id="A", doc="江财预〔2020〕2号"),
    row("carry-in", "50.00", WIDE, id="B"),
    row("pay", "12.34", LINE.replace(":302:", ":30201:"), id="P", doc="支1", payee="甲"),
]


def last(*rows):
    return [*transactions([*BEFORE, *rows])][-1].moves


@pytest.mark.parametrize(
    ("rows", "moves"),
    [
        (BEFORE[:1], [("Initial", LINE, -10000), ("Available", LINE, 10000)]),
        (BEFORE[:2], [("Adjusted", WIDE, -5000), ("Available", WIDE, 5000)]),
        (BEFORE, [("Available", LINE, -1234), ("Paid", LINE, 1234)]),
    ],
)
def test_money_comes_in_and_is_paid_from_the_line_of_its_class(rows, moves):
    assert [*[*transactions(rows)][-1].moves] == [Move(*move) for move in moves]


def test_a_payment_without_a_line_of_its_class_draws_on_the_line_of_no_class():
    paid = row("pay", "1.00", WIDE.replace(":-:", ":31002:"))
    assert last(paid) == (Move("Available", WIDE, -100), Move("Paid", WIDE, 100))


def test_a_payment_without_a_line_is_an_error():
    with pytest.raises(ValueError, match="row Z1: no line"):
        last(row("pay", "1.00", LINE.replace("P02", "P03")))


def test_a_refund_gives_back_its_part_and_a_reversal_all():
    given = (Move("Paid", LINE, -100), Move("Available", LINE, 100))
    assert last(row("refund", "1.00", "", ref="P")) == given
    given = (Move("Paid", LINE, -1234), Move("Available", LINE, 1234))
    assert last(row("reverse", "", "", ref="P")) == given


def test_a_cut_a_supplement_and_a_reallocation_change_what_was_approved():
    assert last(row("cut", "1.00")) == (Move("Available", LINE, -100), Move("Adjusted", LINE, 100))
    raised = (Move("Adjusted", LINE, -100), Move("Available", LINE, 100))
    assert last(row("supplement", "1.00")) == raised
    target = LINE.replace(":302:", ":310:")
    assert last(row("reallocate", "1.00", to_econ="310")) == (
        Move("Available", LINE, -100),
        Move("Adjusted", LINE, 100),
        Move("Adjusted", target, -100),
        Move("Available", target, 100),
    )


def test_what_moves_no_money_is_no_transaction_and_an_unknown_kind_an_error():
    quiet = [row("project", line="", name="某专项"), row("lock-month", line="")]
    assert len([*transactions([*BEFORE, *quiet])]) == len(BEFORE)
    with pytest.raises(ValueError, match="'reserve'"):
        last(row("reserve", "1.00"))


def test_the_name_of_an_account_leads_back_to_the_line():
    lines = [":".join(cell or "-" for cell in line.cells) for line in budget_lines()]
    names = {account_name("Paid", line): line for line in lines}
    assert len(names) == len(lines)
    assert {name: line_account(name) for name in names} == {
        name: (line, "Paid") for name, line in names.items()
    }
    assert line_account("Assets:Cash") is None
    assert line_account("account") is None


def test_each_format_of_a_payment(tmp_path):
    write([*BEFORE, row("income", "3.00", econ="other")], tmp_path)
    written = {name: (tmp_path / form.file).read_text("utf-8") for name, form in FORMATS.items()}
    available, paid = account_name("Available", LINE), account_name("Paid", LINE)
    plain = (
        f"account {paid}\n\n"
        "2020-03-04 (支1) 甲  ; P\n"
        f"    {available}  -12.34 CNY\n"
        f"    {paid}  12.34 CNY\n\n"
    )
    assert plain in written["ledger"]
    assert plain in written["hledger"]
    assert (
        f"2020-01-01 open {paid} CNY\n\n"
        '2020-03-04 * "甲"\n  id: "P"\n  doc: "支1"\n'
        f"  {available}  -12.34 CNY\n"
        f"  {paid}  12.34 CNY\n\n"
    ) in written["beancount"]
    assert written["sql"].splitlines()[-4:] == [
        f"P,2020-03-04,{LINE},Available,-1234",
        f"P,2020-03-04,{LINE},Paid,1234",
        "Z1,2020-03-04,,Assets:Cash,300",
        "Z1,2020-03-04,,Income:Other,-300",
    ]
    for name in ("ledger", "hledger", "beancount"):  # each account is declared once, before its use
        assert (
            written[name].count(f" {available}\n" if name != "beancount" else f"{available} C") == 1
        )


def test_every_transaction_of_a_year_sums_to_zero_and_fits_a_row_of_commas():
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in year_rows(3_000)]
    said = [*transactions(rows)]
    assert len(said) == sum(row["kind"] not in ("project", "lock-month") for row in rows)
    assert [one for one in said if sum(move.fen for move in one.moves)] == []
    text = "".join(map(FORMATS["sql"].entry, said))
    assert {len(cells) for cells in csv.reader(text.splitlines())} == {5}
