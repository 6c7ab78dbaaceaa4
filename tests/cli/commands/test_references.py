"""An earlier entry by its number or its id, and a line that is there or comes into being."""

from tests.harness.import_files import entries
from tests.harness.shell import LINE, Shell

PAY = ("pay", "--line", LINE, "--econ", "30201", "--payee", "x", "--purpose", "纸", "--date",
       "2020-03-01", "--amount")  # fmt: skip
LATER = ("--date", "2020-03-02")


def test_an_id_of_digits_is_said_as_one(shell: Shell):
    """On the command line digits are the number of an entry."""
    shell(*PAY, "5")  # entry 5
    shell(*PAY, "6", "--key", "5")  # entry 6, whose id is 5
    assert shell.ask("refund", "5", "--amount", "1", *LATER)["original"] == 5
    assert shell.ask("refund", "--ref-id", "5", "--amount", "1", *LATER)["original"] == 6
    shell("correct", "--ref-id", "5", "--amount", "7", *LATER, exit=3)  # partly refunded
    shell(*PAY, "8", "--key", "77")
    assert shell.ask("reverse", "--ref-id", "77", *LATER)["original"] == 9
    held = ("reserve", "--line", LINE, "--amount", "3", "--date", "2020-03-01", "--key", "6")
    number = shell.ask(*held)["entry"]
    assert shell.ask("unreserve", "--ref-id", "6", *LATER)["original"] == number


def test_a_reference_is_said_once(shell: Shell):
    shell(*PAY, "5", "--key", "5")
    back = ("refund", "--amount", "1", *LATER)
    assert shell.ask(*back, exit=2)["code"] == "FIELD.REQUIRED"
    assert shell.ask(*back, "5", "--ref-id", "5", exit=2)["code"] == "FIELD.NOT_USED"
    assert shell.ask(*back, "--ref-id", "#5", exit=2)["code"] == "KEY.NUMBER"
    assert shell.ask(*back, "--ref-id", "6", exit=3)["code"] == "ENTRY.MISSING"


MORE = ("--amount", "5", "--doc", "追1", "--date", "2020-03-01")


def test_a_supplement_finds_the_line_of_a_project_that_has_one(shell: Shell):
    shell("carry-in", "--func", "2080105", "--project", "P02", "--origin", "2019", "--amount", "9",
          "--date", "2020-01-05")  # fmt: skip
    told = shell.ask("supplement", "--project", "P02", *MORE)
    assert (told["line"], told["opened_lines"]) == (LINE, [])
    assert shell.ask("supplement", "--project", "P02", *MORE)["already"]
    assert shell.balance(LINE)["annual_budget_fen"] == 1005_00


def test_of_several_it_asks_and_of_none_it_says_so(shell: Shell):
    other = LINE.replace(":-:", ":31002:")
    shell("appropriate", "--line", other, "--amount", "1", "--date", "2020-01-10")
    refused = shell.ask("supplement", "--project", "P02", *MORE, exit=3)
    assert refused["code"] == "LINE.AMBIGUOUS"
    assert shell.ask("supplement", "--project", "P01", *MORE, exit=3)["code"] == "R1.NO_LINE"
    told = shell.ask("supplement", "--project", "P02", "--econ", "31002", *MORE)
    assert told["line"] == other


def test_a_line_that_comes_into_being_is_told(shell: Shell):
    new = LINE.replace("2080105", "2080106")
    for command in (
        ("supplement", "--func", "2080106", "--project", "P02", *MORE),
        ("carry-in", "--line", new.replace("2020", "2019"), "--amount", "1", "--date",
         "2020-01-05"),
    ):  # fmt: skip
        opened = shell.ask(*command, "--dry-run")
        assert opened["opened_lines"] == [opened["line"]]
        assert f"预算线  {opened['line']}（新开预算线）" in shell(*command).out
    assert "新开预算线" not in shell("supplement", "--line", new, *MORE, "--reason", "再").out
    told = shell("reallocate", "--line", LINE, "--to-econ", "30201", "--amount", "5", "--doc",
                 "调1", "--date", "2020-03-01", "--authority", "finance").out  # fmt: skip
    assert f"另涉及  {LINE.replace(':-:', ':30201:')}（新开预算线）" in told
    assert len(entries(shell, "--kind", "reallocate")) == 1
