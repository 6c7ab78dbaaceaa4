"""The way out of a refusal is typed, and then the original request succeeds.

Every command among the `ways_out` is run as a person would: through `yusuan`, with a 文号 for the
word 文号 and a date. Each is tried alone, on a copy of the book.
"""

import shlex
from typing import Any

import pytest

from cli.commands import COMMANDS
from tests.harness.desk import Desk, locked_through, with_option
from tests.harness.plain import typed
from tests.harness.refusals import CASES, provoked

LINE = "general:2080105:project:P02:30299:2020"


@pytest.fixture
def desk(tmp_path, capsys):
    """A book with project P02 and nothing in it."""
    return Desk(tmp_path / "book.db", capsys).did(
        "open-book --unit jianghan --year 2020 --name 江汉区人力资源局 --kind admin"
        " --edition 2020 --basis payment",
        "project P02 --name 劳动监察",
    )


def ways_out(desk: Desk, wanted: str, code: str) -> Any:
    exit_code, answer = desk.typed(wanted)
    assert (3, code) == (exit_code, answer["code"]), answer
    return answer["try"]


def each_way_leads_out(desk: Desk, wanted: str, code: str) -> set[str]:
    """Tries every way out alone; the verbs (or options) that were tried."""
    ways = ways_out(desk, wanted, code)
    assert ways
    for way in ways:
        tried = desk.copied()
        if way.startswith("yusuan "):
            tried.did(way)
            exit_code, answer = tried.typed(wanted)
        else:
            exit_code, answer = tried.typed(with_option(wanted, way))
        assert exit_code == 0, (way, answer)
    return {shlex.split(way)[1] if way.startswith("yusuan ") else way.split()[0] for way in ways}


PAY = "pay --payee 某公司 --line"


SHORT = {
    "a donor in the same class, for the department": (
        [f"appropriate --line {LINE} --amount 5", "appropriate --amount 100 --func 2080105"
         " --project P02 --econ 30201", "appropriate --amount 900 --func 2080105"
         " --project P02 --econ 31002"],
        f"{PAY} {LINE} --amount 7",
        {"reallocate", "supplement", "--amount"},
    ),
    "a donor elsewhere, for the finance bureau": (
        [f"appropriate --line {LINE} --amount 5",
         "appropriate --amount 100 --func 2010301 --econ 30201"],
        f"{PAY} {LINE} --amount 7",
        {"reallocate", "supplement", "--amount"},
    ),
    "money of the line that is still pending": (
        [f"appropriate --line {LINE} --amount 5", f"supplement --line {LINE} --amount 2 --pending"
         " --doc 追1"],
        f"{PAY} {LINE} --amount 7",
        {"release", "supplement", "--amount"},
    ),
    "nothing but a supplement": (
        [f"appropriate --line {LINE} --amount 5"],
        f"{PAY} {LINE} --amount 7",
        {"supplement", "--amount"},
    ),
    "an empty line": (
        [f"appropriate --line {LINE} --amount 5", f"{PAY} {LINE} --amount 5"],
        f"{PAY} {LINE} --amount 7",
        {"supplement"},
    ),
    "a carry-over line with another of its purpose": (
        ["carry-in --func 2080105 --project P02 --econ 30299 --origin 2019 --amount 5",
         "carry-in --func 2080105 --project P02 --econ 31002 --origin 2019 --amount 9",
         f"appropriate --line {LINE} --amount 900"],
        f"{PAY} general:2080105:project:P02:30299:2019 --amount 7",
        {"reallocate", "--amount"},
    ),
    "a carry-over line that waits": (
        ["carry-in --func 2080105 --project P02 --econ 30299 --origin 2019 --amount 7 --pending"],
        f"{PAY} general:2080105:project:P02:30299:2019 --amount 7",
        {"release"},
    ),
    "a line of a class": (
        ["appropriate --func 2080105 --econ 302 --amount 5",
         "appropriate --func 2080105 --econ 303 --amount 5"],
        f"{PAY} general:2080105:basic:-:302:2020 --econ 30299 --amount 7",
        {"reallocate", "supplement", "--amount"},
    ),
    "reception within its cap on an emptied line": (
        ["appropriate --func 2080105 --econ 30217 --amount 9",
         "appropriate --func 2080105 --econ 30299 --amount 9",
         "reallocate --from general:2080105:basic:-:30217:2020=5"
         " --to general:2080105:basic:-:30299:2020=5 --authority department --doc 调1"],
        f"{PAY} general:2080105:basic:-:30217:2020 --amount 7",
        {"reallocate", "supplement", "--amount"},
    ),
    "a reallocation whose only other money is its own second source": (
        [f"appropriate --line {LINE} --amount 5",
         "appropriate --func 2080105 --project P02 --econ 30201 --amount 8"],
        f"reallocate --from {LINE}=7 --from general:2080105:project:P02:30201:2020=8"
        " --to general:2080105:project:P02:30202:2020=15 --authority finance --doc 调1",
        {"supplement"},
    ),
    "a cut of more than is pending and executable": (
        [f"supplement --line {LINE} --amount 100 --pending --doc 追1",
         f"supplement --line {LINE} --amount 20 --doc 追2"],
        f"cut --line {LINE} --amount 150 --doc 减1",
        {"--amount"},
    ),
    "a withdrawal": (
        [f"supplement --line {LINE} --amount 100 --pending --doc 追1",
         f"supplement --line {LINE} --amount 20 --doc 追2"],
        f"withdraw --line {LINE} --amount 50",
        {"--amount"},
    ),
    "a recovery of this year's money": (
        [f"supplement --line {LINE} --amount 20 --doc 追1"],
        f"recover --line {LINE} --amount 50 --doc 收1",
        {"--amount"},
    ),
    "a project that is done": (
        ["carry-in --func 2080105 --project P02 --econ 30299 --origin 2019 --amount 20"],
        "reclassify --line general:2080105:project:P02:30299:2019 --amount 50 --cause done"
        " --doc 结1",
        {"--amount"},
    ),
    "a cut that is corrected to more": (
        [f"supplement --line {LINE} --amount 20 --doc 追1",
         f"cut --line {LINE} --amount 5 --doc 减1"],
        "correct 4 --amount 50",
        {"--amount"},
    ),
    "an undone supplement whose money is spent": (
        [f"supplement --line {LINE} --amount 100 --doc 追1", f"{PAY} {LINE} --amount 30",
         "appropriate --amount 100 --func 2080105 --project P02 --econ 30201"],
        "reverse 3",
        {"reallocate", "supplement"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "wanted", "verbs"), SHORT.values(), ids=SHORT)
def test_out_of_a_shortage(desk, before, wanted, verbs):
    """R1.AVAILABLE: release, reallocate, supplement, or ask for less."""
    desk.did(*before)
    assert verbs == each_way_leads_out(desk, wanted, "R1.AVAILABLE")


def test_a_cut_beyond_what_is_left_waits_for_what_comes_back(desk):
    """Nobody asks the finance bureau for more in order to hand it back; who did what it says may
    cut."""
    desk.did(
        f"appropriate --line {LINE} --amount 9",
        f"reserve --line {LINE} --amount 4 --payee 某公司",
        f"{PAY} {LINE} --amount 5",
    )
    wanted = f"cut --line {LINE} --amount 2 --doc 减1"
    assert ways_out(desk, wanted, "R1.AVAILABLE") == [
        "在途 4.00 元，不再需要的先释放（yusuan unreserve）；"
        "已支付 5.00 元，退回的先记退款（yusuan refund）；"
        f"各笔见 yusuan statement {LINE}"
    ]
    desk.did("unreserve 4 --amount 1", "refund 5 --amount 1")
    exit_code, answer = desk.typed(wanted)
    assert exit_code == 0, answer


def test_the_nearest_donor_gives(desk):
    """The one whose giving needs the least authority, and of those the richest."""
    desk.did(
        f"appropriate --line {LINE} --amount 5",
        "appropriate --amount 100 --func 2080105 --project P02 --econ 30201",
        "appropriate --amount 200 --func 2080105 --project P02 --econ 30202",
        "appropriate --amount 900 --func 2010301 --econ 30201",
    )
    assert (
        "yusuan reallocate --from general:2080105:project:P02:30202:2020=2.00"
        f" --to {LINE}=2.00 --authority department --doc 文号"
    ) in ways_out(desk, f"{PAY} {LINE} --amount 7", "R1.AVAILABLE")


def test_a_donor_that_has_exactly_enough_gives(desk):
    desk.did(
        f"appropriate --line {LINE} --amount 5",
        "appropriate --amount 2 --func 2080105 --project P02 --econ 30201",
    )
    wanted = f"{PAY} {LINE} --amount 7"
    assert "reallocate" in each_way_leads_out(desk, wanted, "R1.AVAILABLE")
    assert "reallocate" not in each_way_leads_out(desk, f"{wanted}.01", "R1.AVAILABLE")


def test_of_equal_authority_the_same_purpose_gives_first(desk):
    """Then the same project, and only then the richest."""
    desk.did(
        f"appropriate --line {LINE} --amount 5",
        "appropriate --amount 900 --func 2010301 --econ 30201",
        "appropriate --amount 400 --func 2010301 --project P02 --econ 30201",
    )
    wanted = f"{PAY} {LINE} --amount 7"
    assert "--from general:2010301:project:P02" in ways_out(desk, wanted, "R1.AVAILABLE")[0]
    desk.did("appropriate --amount 100 --func 2080105 --project P02 --econ 31002")
    assert "--from general:2080105:project:P02:31002" in ways_out(desk, wanted, "R1.AVAILABLE")[0]


FREE = "general:2080105:project:P02:-:2020"


PAID = PAY.removesuffix(" --line")
"""By the parts of a purpose: once its item has a line, one that is written in full is another."""


CAPPED = {
    "from the very line that it wanted to draw on": (
        [f"appropriate --line {FREE} --amount 100"],
        f"{PAID} --project P02 --econ 30217 --amount 7",
        {"reallocate", "supplement", "cap"},
    ),
    "with an own line that has something": (
        [f"appropriate --line {FREE} --amount 100",
         "appropriate --func 2080105 --project P02 --econ 30217 --amount 3"],
        f"{PAID} --project P02 --econ 30217 --amount 7",
        {"reallocate", "supplement"},
    ),
    "with money on the own line and no cap for it": (
        ["appropriate --func 2080105 --project P02 --econ 30217 --amount 3",
         f"{PAY} general:2080105:project:P02:30217:2020 --amount 3",
         f"appropriate --line {FREE} --amount 100"],
        f"{PAID} --project P02 --econ 30217 --amount 7",
        {"reallocate", "supplement"},
    ),
    "without a donor": (
        [f"supplement --line {FREE} --amount 5 --doc 追1"],
        f"{PAID} --project P02 --econ 30217 --amount 7",
        {"supplement"},
    ),
    "from carry-over without econ": (
        ["carry-in --func 2080105 --project P02 --origin 2019 --amount 100"],
        f"{PAID} --project P02 --econ 30231 --amount 7",
        {"reallocate", "cap"},
    ),
    "from a class": (
        ["appropriate --func 2080105 --econ 302 --amount 100"],
        f"{PAID} --spending basic --econ 30212 --amount 7",
        {"reallocate", "supplement", "cap"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "wanted", "verbs"), CAPPED.values(), ids=CAPPED)
def test_out_of_a_cap(desk, before, wanted, verbs):
    """R3.CAP: a documented reallocation or supplement into the item's own line. It must also hold
    the payment, because that is where the payment is drawn from then. Or a cap of the item, where
    the line that is drawn on has the money."""
    desk.did(*before)
    assert verbs == each_way_leads_out(desk, wanted, "R3.CAP")


def test_out_of_empty_cash(desk):
    """R1.CASH: receive first; for a reversal of income too."""
    desk.did("appropriate --fund nonfiscal --func 2080105 --project P02 --econ 30299 --amount 9")
    wanted = f"{PAY} nonfiscal:2080105:project:P02:30299:2020 --amount 7"
    assert ways_out(desk, wanted, "R1.CASH") == [
        "yusuan income --func 2080105 --project P02 --econ other --amount 7.00"
    ]
    each_way_leads_out(desk, wanted, "R1.CASH")
    desk.did("income --func 2080105 --econ service --amount 8", wanted)
    assert {"income"} == each_way_leads_out(desk, "reverse 4", "R1.CASH")


def test_out_of_empty_cash_for_basic_money(desk):
    desk.did("appropriate --fund nonfiscal --func 2080105 --econ 30299 --amount 9")
    wanted = f"{PAY} nonfiscal:2080105:basic:-:30299:2020 --amount 7"
    assert ways_out(desk, wanted, "R1.CASH") == [
        "yusuan income --func 2080105 --econ other --amount 7.00"
    ]
    each_way_leads_out(desk, wanted, "R1.CASH")


REQUESTED = (
    f"appropriate --line {LINE} --amount 1",
    f"reallocate --line {LINE} --to-econ 31002 --amount 1 --doc 调1 --actor 经办",
)


def test_where_no_known_item_draws_on_a_line_it_is_shown(desk):
    """R16: of a 类 that the list of codes does not have, nobody can say a 款; what has one of it is
    paid."""
    line = "general:2080105:project:P02:355:2020"
    desk.did(f"appropriate --line {line} --amount 5")
    wanted = f"pay --payee 某公司 --line {line} --econ 355 --amount 1"
    assert ways_out(desk, wanted, "R16.ECON") == ["yusuan balance --func 2080105 --project P02"]
    exit_code, answer = desk.typed("balance --func 2080105 --project P02")
    assert (exit_code, [each["line"] for each in answer["lines"]]) == (0, [line])
    desk.did(wanted.replace("--econ 355 ", "--econ 35501 "))


@pytest.mark.parametrize(
    ("before", "wanted", "code"),
    [
        ([], "appropriate --func 2080105 --project P9 --amount 1", "PROJECT.UNKNOWN"),
        ([], f"supplement --line {LINE} --amount 1", "DOC.REQUIRED"),
        ([f"appropriate --line {LINE} --amount 1"], f"pay --line {LINE} --amount 1", "R16.PAYEE"),
        (
            [f"appropriate --line {FREE} --amount 1"],
            f"{PAY} {FREE} --amount 1",
            "R16.ECON",
        ),
        ([*REQUESTED], "approve 4 --actor 王科长", "R5.AUTHORITY"),
        ([*REQUESTED], "reject 4", "APPROVAL.REASON"),
        ([*locked_through(6)], f"appropriate --line {LINE} --amount 1", "MONTH.LOCKED"),
        (
            [],
            "appropriate --func 2080105 --origin 2019 --amount 1",
            "R7.ORIGIN_NOT_CURRENT",
        ),
        ([], "carry-in --func 2080105 --amount 1", "R7.ORIGIN_NOT_EARLIER"),
        ([], "appropriate --func 2080105 --econ 30901 --amount 1", "R2.CAPITAL"),
        (
            [f"appropriate --line {LINE} --amount 1"],
            f"appropriate --line {LINE} --amount 1 --date 2020-05-01",
            "R4.APPROPRIATED",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_out_of_what_was_left_out(desk, before, wanted, code):
    """A command or an option for each thing that was missing or wrong."""
    desk.did(*before)
    if code == "R4.APPROPRIATED":  # the way out replaces the request
        desk.did(*ways_out(desk, wanted, code))
    else:
        each_way_leads_out(desk, wanted, code)


def test_out_of_a_missing_authority(desk):
    """The receipt of what waits says how it is approved."""
    desk.did(REQUESTED[0])
    exit_code, receipt = desk.typed(REQUESTED[1])
    assert (exit_code, receipt["needed"]) == (6, "finance")
    (way,) = receipt["try"]
    assert desk.did(way).typed("balance --econ 31002")[1]["lines"][0]["available_fen"] == 1_00
    assert desk.typed(REQUESTED[1])[0] == 0


def test_out_of_approving_ones_own_request(desk):
    """Another person approves it, or its maker withdraws it."""
    wanted = "approve 4 --authority finance --actor 经办"
    another, withdraw = ways_out(desk.did(*REQUESTED), wanted, "APPROVAL.SAME_ACTOR")
    assert desk.copied().typed(with_option(wanted, another))[0] == 0
    desk.did(f"{withdraw} --actor 经办")
    (way,) = ways_out(desk, wanted, "APPROVAL.SETTLED")
    assert desk.typed(way)[1]["kind"] == "reject"


def test_out_of_an_unknown_book(tmp_path, capsys):
    desk = Desk(tmp_path / "new.db", capsys)
    wanted = "appropriate --unit 420103 --year 2020 --func 2080105 --amount 1"
    (way,) = ways_out(desk, wanted, "BOOK.NOT_OPENED")
    assert desk.did(way).typed(wanted)[0] == 0


def test_out_of_two_funds(desk):
    """R5.FUND: both commands together do what the reallocation could not."""
    desk.did(f"appropriate --line {LINE} --amount 9")
    wanted = f"reallocate --line {LINE} --to-fund govfund --amount 4 --authority finance --doc 调1"
    desk.did(*ways_out(desk, wanted, "R5.FUND"))
    lines = {row["line"]: row for row in desk.typed("balance")[1]["lines"]}
    assert lines[LINE]["available_fen"] == 5_00
    assert lines[LINE.replace("general", "govfund")]["available_fen"] == 4_00


CARRIED = "general:2080105:project:P02:30299:2019"


def test_out_of_a_refund_of_an_earlier_years_payment(desk):
    """R15: that payment is in no entry of this book; its refund adjusts the opening."""
    desk.did(f"carry-in --line {CARRIED} --amount 9")
    adjust, _ = ways_out(desk, "refund 支2019-0117 --amount 4", "ENTRY.MISSING")
    assert adjust == (
        "yusuan adjust-opening --adjustment prior-year-recovery --amount 4.00 --doc 文号"
    )
    desk.did(adjust)
    answer = desk.typed("carryover")[1]
    assert (answer["opening_fen"], answer["expenditure_fen"]) == (13_00, 0)
    assert "yusuan log" in ways_out(desk, "reverse 99", "ENTRY.MISSING")


def test_out_of_a_refund_where_several_lines_have_an_opening(desk):
    """Which of them it was paid from, only the clerk knows: the lines are listed."""
    desk.did(
        f"carry-in --line {CARRIED} --amount 9",
        f"carry-in --line {CARRIED.replace('30299', '30201')} --amount 9",
    )
    adjust, _ = ways_out(desk, "refund 99 --amount 4", "ENTRY.MISSING")
    assert {"--econ"} == each_way_leads_out(desk, adjust, "LINE.AMBIGUOUS")


def test_out_of_a_cut_of_carry_over(desk):
    """R7.CUT_CARRYOVER: the finance bureau takes it back instead."""
    desk.did(f"carry-in --line {CARRIED} --amount 9")
    (way,) = ways_out(desk, f"cut --line {CARRIED} --amount 4 --doc 减1", "R7.CUT_CARRYOVER")
    desk.did(way)
    (row,) = desk.typed("balance")[1]["lines"]
    assert (row["available_fen"], row["taken_fen"]) == (5_00, 4_00)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (f"--line {CARRIED} --adjustment remitted --decrease", "R11.DIRECTION"),
        (f"--line {LINE} --adjustment consolidation-in", "R7.ORIGIN_NOT_EARLIER"),
        (f"--line {CARRIED} --adjustment remitted", "DOC.REQUIRED"),
    ],
)
def test_out_of_an_adjustment_that_is_wrong(desk, wanted, code):
    """The way out replaces the request, or adds what is missing."""
    desk.did(f"carry-in --line {CARRIED} --amount 9", f"appropriate --line {LINE} --amount 9")
    doc = "" if code == "DOC.REQUIRED" else " --doc 调1"
    command = f"adjust-opening {wanted} --amount 4{doc}"
    if code == "DOC.REQUIRED":
        each_way_leads_out(desk, command, code)
    else:
        desk.did(*ways_out(desk, command, code))


@pytest.mark.parametrize(
    "wanted",
    ["adjust-opening --adjustment remitted", "recover", "transfer --to hanyang"],
)
def test_out_of_too_little_carry_over_to_give(desk, wanted):
    """Release what waits, or take from another econ of the same purpose."""
    other = CARRIED.replace("30299", "31002")
    desk.did(
        "open-book --unit hanyang --year 2020 --name 汉阳区人力资源局 --kind admin --edition 2020"
        " --basis payment",
        "project P02 --name 劳动监察 --unit hanyang --year 2020",
    )
    here = "--unit jianghan --year 2020"
    desk.did(
        f"carry-in --line {CARRIED} --amount 5 {here}",
        f"carry-in --line {CARRIED} --amount 9 --pending {here}",
        f"carry-in --line {other} --amount 9 {here}",
    )
    ways = ways_out(desk, f"{wanted} --line {CARRIED} --amount 7 --doc 缴1 {here}", "R1.AVAILABLE")
    assert [shlex.split(way)[1] for way in ways] == ["release", "reallocate"]
    for way in ways:
        desk.copied().did(f"{way} {here}", f"{wanted} --line {CARRIED} --amount 7 --doc 缴1 {here}")


def test_out_of_a_transfer_that_the_other_book_refuses(desk):
    """One after another: the other book is opened, its project registered; then it succeeds, and
    only its opposite undoes it. Each command names the book that it is for."""
    desk.did(f"carry-in --line {CARRIED} --amount 9")
    wanted = f"transfer --line {CARRIED} --to hanyang --amount 9 --doc 调1"
    here = "--unit jianghan --year 2020"
    (way,) = ways_out(desk, wanted, "BOOK.NOT_OPENED")
    desk.did(way)
    (way,) = ways_out(desk, f"{wanted} {here}", "PROJECT.UNKNOWN")
    assert way.endswith("--unit hanyang --year 2020")
    desk.did(way, f"{wanted} {here}")
    (way,) = ways_out(desk, f"reverse 4 {here}", "ENTRY.KIND")
    desk.did(way)
    (row,) = desk.typed(f"balance {here}")[1]["lines"]
    assert row["available_fen"] == 9_00


def test_out_of_a_refund_that_is_too_large(desk):
    desk.did(
        f"appropriate --line {LINE} --amount 9", f"{PAY} {LINE} --amount 5", "refund 4 --amount 2"
    )
    (way,) = ways_out(desk, "refund 4 --amount 4", "R15.REFUND")
    desk.did(way)
    assert ways_out(desk, "refund 4 --amount 1", "R15.REFUND") == ["yusuan show 4"]


RESERVE = f"reserve --line {LINE} --doc 合同1"


def test_out_of_a_shortage_to_reserve(desk):
    desk.did(f"appropriate --line {LINE} --amount 5")
    wanted = f"{RESERVE} --amount 7"
    assert {"supplement", "--amount"} == each_way_leads_out(desk, wanted, "R1.AVAILABLE")


def test_out_of_a_reservation_that_is_too_small(desk):
    """What is left, and then the rest from the line as a second payment."""
    desk.did(f"appropriate --line {LINE} --amount 9", f"{RESERVE} --amount 5")
    wanted = "pay --reserve 4 --amount 7 --payee '某 公司'"
    less, rest = ways_out(desk, wanted, "RESERVE.EXCEEDED")
    desk.did(with_option(wanted, less), rest)
    (row,) = desk.typed("balance")[1]["lines"]
    assert (row["available_fen"], row["held_fen"], row["paid_fen"]) == (2_00, 0, 7_00)
    (rest,) = ways_out(desk, "pay --reserve 4 --amount 1 --payee 某公司", "RESERVE.EXCEEDED")
    desk.did(rest)


def test_out_of_a_release_that_is_too_large(desk):
    desk.did(f"appropriate --line {LINE} --amount 9", f"{RESERVE} --amount 5")
    (way,) = ways_out(desk, "unreserve 4 --amount 6", "RESERVE.EXCEEDED")
    desk.did(way)
    desk.did(*ways_out(desk, "unreserve 4", "RESERVE.EXCEEDED"))


def test_out_of_another_line_than_the_reservations(desk):
    """The reservation's own; or, where that cannot be, a payment without it."""
    other = "general:2080106:project:P02:30299:2020"
    desk.did(
        f"appropriate --line {LINE} --amount 9",
        f"appropriate --line {other} --amount 9",
        f"{RESERVE} --amount 5",
    )
    wanted = f"pay --reserve 5 --line {other} --amount 1 --payee 某公司"
    assert {"--line"} == each_way_leads_out(desk, wanted, "RESERVE.LINE")
    wanted = "pay --reserve 5 --econ 30201 --amount 1 --payee 某公司"
    assert "--econ 30299" in ways_out(desk, wanted, "RESERVE.LINE")
    desk.did(
        "appropriate --func 2080105 --project P02 --econ 302 --amount 9",
        "reserve --line general:2080105:project:P02:302:2020 --amount 5",
    )
    wanted = "pay --reserve 7 --econ 30299 --amount 1 --payee 某公司"
    desk.did(*ways_out(desk, wanted, "RESERVE.LINE"))


def test_out_of_a_used_reservation(desk):
    """Undo what `log` shows, then the reservation."""
    desk.did(f"appropriate --line {LINE} --amount 9", f"{RESERVE} --amount 5",
             "pay --reserve 4 --amount 1 --payee 某公司", "unreserve 4 --amount 1")  # fmt: skip
    (way,) = ways_out(desk, "reverse 4", "RESERVE.USED")
    used = [entry["entry"] for entry in desk.typed(way)[1]["entries"]]
    assert used == [5, 6]
    desk.did(*(f"reverse {number}" for number in used), "reverse 4")


def test_out_of_a_plan_that_is_too_small(desk):
    """Plan what is short, wait for the month whose plan is enough, or pay less."""
    desk.did(f"appropriate --line {LINE} --amount 99")
    for month, amount in ((2, 5), (8, 1), (9, 4)):
        desk.did(f"fund-plan --line {LINE} --month {month} --amount {amount} --doc 计划1")
    wanted = f"{PAY} {LINE} --amount 7"
    assert {"fund-plan", "--date", "--amount"} == each_way_leads_out(desk, wanted, "R1.PLAN")
    assert "--date 2020-09-01" in ways_out(desk, wanted, "R1.PLAN")
    desk.did(
        *locked_through(9),
        f"fund-plan --line {LINE} --month 11 --amount 2 --doc 计划2 --date 2020-10-01",
    )
    assert "--date 2020-11-01" in ways_out(
        desk, f"{PAY} {LINE} --amount 12 --date 2020-10-31", "R1.PLAN"
    )


def test_out_of_a_plan_without_room(desk):
    """All that the line has is planned for later months; only the plans show what can be done."""
    desk.did(
        f"appropriate --line {LINE} --amount 9",
        f"fund-plan --line {LINE} --month 12 --amount 9 --doc 计划1",
        f"cut --line {LINE} --amount 1 --doc 减1",
    )
    wanted = f"{PAY} {LINE} --amount 8"
    assert {"--date"} == each_way_leads_out(desk, wanted, "R1.PLAN")
    desk.did("reverse 4", f"fund-plan --line {LINE} --month 12 --amount 7 --doc 计划2")
    assert ways_out(desk, wanted, "R1.PLAN") == ["yusuan log --kind fund-plan"]


def test_out_of_a_plan_beyond_the_budget(desk):
    desk.did(
        f"appropriate --line {LINE} --amount 5",
        f"supplement --line {LINE} --amount 2 --pending --doc 追1",
        "appropriate --amount 100 --func 2080105 --project P02 --econ 30201",
    )
    wanted = f"fund-plan --line {LINE} --month 3 --amount 7 --doc 计划1"
    verbs = {"release", "reallocate", "supplement", "--amount"}
    assert verbs == each_way_leads_out(desk, wanted, "R1.PLAN_BUDGET")


def test_out_of_a_plan_that_payments_need(desk):
    desk.did(
        f"appropriate --line {LINE} --amount 20",
        f"fund-plan --line {LINE} --month 3 --amount 7 --doc 计划1",
        f"fund-plan --line {LINE} --month 7 --amount 1 --doc 计划2",
        f"{PAY} {LINE} --amount 6",
    )
    assert {"fund-plan"} == each_way_leads_out(desk, "reverse 4", "R1.PLAN_PAID")


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_every_way_out_names_a_command_that_exists(refusal):
    """Or one that a later issue brings, by name."""
    for way in typed(provoked(refusal).ways_out):
        words = [word for word in shlex.split(way) if not word.startswith("-")]
        if words and words[0] == "yusuan":
            verb, second = [*(w for w in words[1:] if not w.endswith(".db")), ""][:2]
            assert verb in COMMANDS or f"{verb} {second}" in COMMANDS, way
