"""`explain` on the terminal: cell over cell, down to entries and documents."""

from tests.harness.shell import Shell

_PAY = ("pay", "--project", "P02", "--payee", "某店", "--date", "2020-03-01")


def test_an_explanation_is_a_tree_of_cells_over_entries(shell: Shell) -> None:
    """Every level adds up to the one above; entries beyond `--limit` are counted and added up."""
    for econ, amount, doc in (
        ("30201", "10", "甲"),
        ("30299", "20.50", "乙"),
        ("30201", "3", "丙"),
    ):
        shell(*_PAY, "--econ", econ, "--amount", amount, "--doc", doc)
    shown = shell("explain", "T1.57", "--limit", "1").out.splitlines()
    tree = [line.split() for line in shown[4:]]
    assert [(line[0], line[-1]) for line in tree[:1]] == [("T1.57", "33.50")]
    assert shown[5].startswith("└─ T1.38 八、社会保障和就业支出")
    assert shown[5].endswith("33.50")
    assert shown[6].startswith("   ├─ 第 5 笔  2020-03-01  支付  甲")
    assert shown[7].startswith("   └─ 其余 2 笔")
    assert shown[7].endswith("23.50")
    assert len(shown) == 8
    assert len(shell("explain", "T1.57").out.splitlines()) == 9


def test_the_tree_in_json_leads_from_the_cell_to_every_entry(shell: Shell) -> None:
    shell(*_PAY, "--econ", "30201", "--amount", "10")
    found = shell.ask("explain", "T1.59")
    assert found["tree"]["fen"] == found["fen"] == 990_00
    parts = {part["cell"]: part["fen"] for part in found["tree"]["parts"]}
    assert parts == {"T1.27": 1000_00, "T1.57": -10_00}
    (leaf,) = found["tree"]["parts"][1]["parts"]
    assert leaf["entries"] == [{"entry": 5, "fen": -10_00}]


def test_a_cell_that_nothing_moved_has_no_branches(shell: Shell) -> None:
    shown = shell("explain", "T3.合计.4").out
    assert "0 笔" in shown
    assert "─" not in shown
