"""What was printed, held against the book: what agrees, what differs and from what, what follows
from something wrong, what is rounding, and what is no figure at all."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import BookId
from ledger.errors import Malformed
from ledger.line import BudgetLine
from ledger.store.sqlite.place import SqlitePlace
from projections.report.against.against import against
from projections.report.against.operands import Operands
from projections.report.against.said import exact, exact_place, printed, rounded, shown
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.editions import edition
from projections.report.figure import Figure, Ratio, Report
from projections.views.last_year import with_last_year
from projections.views.reading import ALL
from projections.views.source import Meant, of_units
from tests.harness.plain import plain
from tests.harness.report_year import OF_EVERY_KIND, Unit, recorded
from tests.harness.small_year import Year, appropriate, carry_in, pay, request

ALONE = (Unit("A", "admin"),)


def opened(year: Year, *, whole: bool = False, shown_in: str | None = None) -> Iterator[Report]:
    place = SqlitePlace(year.db)
    meant = of_units(place, 2020) if whole else Meant((BookId(year.book.unit, 2020),), ALL)
    with with_last_year(place, meant) as (now, before):
        cells = Cells(now, edition(shown_in) if shown_in else None)
        yield Report(cells, Report(Cells(before, cells.edition)) if before.books else None)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """An administrative unit in its second year, with money of every kind and every fact."""
    folder = tmp_path_factory.mktemp("against")
    recorded(folder, ALONE, 2019, k=1)
    yield from opened(recorded(folder, ALONE, 2020, k=2))


def found(report: Report, rows: Mapping[str, str] | list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The findings about print."""
    pairs = rows.items() if isinstance(rows, Mapping) else rows
    findings, _ = against(report, [printed(report, name, text) for name, text in pairs])
    return [plain(finding) for finding in findings]


def told(report: Report, rows: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(code, first cell, which it follows) of each."""
    return [
        (each["code"].removeprefix("AGAINST."), each["cells"][0], each.get("follows", ""))
        for each in found(report, rows)
    ]


def every(report: Report) -> dict[str, str]:
    """Everything that the report prints, where nothing is needed yet."""
    return {each.id: each.printed for each in report.every() if each.value is not None}


@pytest.mark.parametrize("name", ["2020", "2022", "2024", "2024-26"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_report_agrees_with_what_it_prints(tmp_path: Path, name: str, whole: bool) -> None:
    units = OF_EVERY_KIND if whole else ALONE
    recorded(tmp_path, units, 2019, k=3, edition=name)
    year = recorded(tmp_path, units, 2020, k=2, edition=name)
    for report in opened(year, whole=whole):
        rows = every(report)
        assert len(rows) > 400
        assert found(report, rows) == []


def test_what_is_printed_is_compared_at_its_own_precision(report: Report) -> None:
    """With every number of decimals it agrees, rounded."""
    for name in ("N.s1.total", "N.s3.basic_share", "N.s10.run", "T1.57", "T5.合计.1"):
        figure = report.figure(name)
        number = exact(figure)
        assert number is not None
        for decimals in range(5):
            place = Fraction(1, 10**decimals)
            assert found(report, {name: shown(number, place)}) == []
            wrong = shown(number + 3 * place + 1, place)
            (finding,) = found(report, {name: wrong})
            assert (finding["code"], finding["printed"]) == ("AGAINST.DIFFERS", wrong)


def test_nothing_and_nil_are_one(report: Report) -> None:
    nil = [each.id for each in report.every() if each.kind == "amount" and each.value == 0]
    assert len(nil) > 50
    for text in ("", "0", "0.00", "—"):
        assert found(report, dict.fromkeys(nil, text)) == []
    (finding,) = found(report, {"N.s1.total": ""})
    assert finding["printed"] == ""
    assert "没有印" in finding["message"]
    (finding,) = found(report, {"N.s7b.overseas": "0"})
    assert finding["derived"] == report.figure("N.s7b.overseas").printed


def test_a_finding_has_what_was_printed_and_what_the_book_gives(report: Report) -> None:
    total = report.figure("N.s1.total")
    (finding,) = found(report, {"N.s1.total": " 9,999.99万元 "})
    assert finding["tier"] == "error"
    assert finding["cells"] == ["N.s1.total"]
    assert (finding["printed"], finding["derived"]) == ("9,999.99万元", total.printed)
    assert finding["cause"] is None
    assert (
        finding["try"] == [{"command": "explain", "arguments": ["N.s1.total"], "options": []}]
        or (finding["try"])
    )
    assert total.printed in finding["message"]


def test_a_figure_that_is_printed_twice_is_told_once_for_each_text(report: Report) -> None:
    right = report.figure("N.s3.spend").printed
    findings = found(report, [("N.s3.spend", text) for text in ("1.00", right, "1.00", "2.00")])
    assert [each["printed"] for each in findings] == ["1.00", "2.00"]


def test_words_and_lists(report: Report) -> None:
    assert report.figure("N.s1.direction").value == "增加"
    assert found(report, {"N.s1.direction": "增加"}) == []
    (finding,) = found(report, {"N.s1.direction": "减少"})
    assert (finding["printed"], finding["derived"]) == ("减少", "增加")

    names = report.figure("N.s6.public_items").value
    assert isinstance(names, tuple) and not isinstance(names, Ratio)
    assert found(report, {"N.s6.public_items": "、".join(reversed(names)) + "等。"}) == []
    (finding,) = found(report, {"N.s6.public_items": "、".join(["福利费", *names[1:]])})
    amount = report.figure(report.figure("N.s6.public_items").parts[0][1]).printed
    assert f"漏列 {names[0]} {amount}；多列 福利费（账上没有）" in finding["message"]
    (finding,) = found(report, {"N.glossary.codes": "2010101"})
    assert "2010102 一般行政管理事务" in finding["message"]


def test_what_the_book_cannot_tell_yet_is_not_compared(tmp_path: Path) -> None:
    for report in opened(recorded(tmp_path, ALONE, 2020)):
        findings, not_run = against(report, [printed(report, "N.s1.change", "1.00")])
        assert findings == []
        assert [each.code for each in not_run] == ["AGAINST"]
        assert "N.s1.change" in not_run[0].why


def test_a_rate_on_nothing_has_no_percent(tmp_path: Path) -> None:
    for report in opened(recorded(tmp_path, ALONE, 2020, planned=False)):
        assert report.figure("N.s5c.rate").value is None
        assert found(report, {"N.s5c.rate": ""}) == []
        (finding,) = found(report, {"N.s5c.rate": "0%"})
        assert (finding["code"], finding["derived"]) == ("AGAINST.DIFFERS", None)
        assert "基数为零" in finding["message"]


def test_what_follows_from_a_wrong_figure_is_no_error(report: Report) -> None:
    """支出决算 printed too high, and its rate worked out from that; a rate that comes from nowhere
    is an error of its own."""
    initial, final = (exact(report.figure(f"N.s5c.{name}")) for name in ("initial", "final"))
    assert initial is not None
    assert final is not None
    wrong = final + 100
    rows = {
        "N.s5c.initial": report.figure("N.s5c.initial").printed,
        "N.s5c.final": shown(wrong, Fraction(1, 100)),
        "N.s5c.rate": shown(100 * wrong / initial, Fraction(1, 10)) + "%",
    }
    assert told(report, rows) == [
        ("DIFFERS", "N.s5c.final", ""),
        ("FOLLOWS", "N.s5c.rate", "N.s5c.final"),
    ]
    assert told(report, rows | {"N.s5c.rate": "1.0%"}) == [
        ("DIFFERS", "N.s5c.final", ""),
        ("DIFFERS", "N.s5c.rate", ""),
    ]
    assert [each["tier"] for each in found(report, rows)] == ["error", "info"]


def test_what_follows_names_the_root(report: Report) -> None:
    """A cell of a table, the sentence that quotes it, its change, its rate and its word."""
    now, last = report.figure("T1.30"), report.figure("N.s1.total@2019")
    wrong = Fraction(last.number, 10**6) / 2
    place = Fraction(1, 100)
    rows = {
        "T1.30": shown(wrong, place),
        "N.s1.total": shown(wrong, place),
        "N.s1.change": shown(wrong, place),  # the half is gone
        "N.s1.change_rate": "50.0%",
        "N.s1.direction": "减少",
    }
    assert now.number > last.number
    assert told(report, rows) == [
        ("DIFFERS", "T1.30", ""),
        *(("FOLLOWS", f"N.s1.{name}", "T1.30") for name in _COMPARED),
    ]


_COMPARED = ("total", "change", "change_rate", "direction")


def test_a_sum_of_scores_follows_from_them(report: Report) -> None:
    form = next(name.split(".")[1] for name in report.ids if name.endswith(".rule_total"))
    total = report.figure(f"E.{form}.total")
    rows = [name for _, name in total.parts]
    assert len(rows) > 2
    points = total.number - report.figure(rows[1]).number + 50
    given = {rows[1]: "0.5", total.id: f"{points // 100}.{points % 100:02d}"}
    assert told(report, given) == [
        ("DIFFERS", rows[1], ""),
        ("FOLLOWS", total.id, rows[1]),
    ]
    whole = {**given, total.id: str(points // 100 + 7)}
    assert told(report, whole)[1] == ("DIFFERS", total.id, "")


def test_points_are_exact(report: Report) -> None:
    """`1` is 1.00, though 0.96 would round to it."""
    name = next(
        each.id
        for each in report.every()
        if each.kind == "score" and each.number % 100 and each.number > 100
    )
    figure = report.figure(name)
    whole = str((figure.number + 50) // 100)
    (finding,) = found(report, {name: whole})
    assert finding["cause"] == {"kind": "rounded", "cell": name}


@pytest.mark.parametrize(
    ("name", "operands"),
    [("N.s1.total", 1), ("T1.30", 3), ("T1.57", 26), ("N.s1.change", 2), ("N.s5b.201", 1)],
)
def test_half_a_unit_for_each_operand_is_rounding(report: Report, name: str, operands: int) -> None:
    """And for the figure itself; beyond it is an error."""
    figure, place = report.figure(name), Fraction(1, 100)
    number = exact(figure)
    assert number is not None
    most = (operands + 1) * place / 2
    steps = int((number + most) / place) - int(rounded(number, place) / place)
    for off, code in ((steps, "ROUNDING"), (steps + 1, "DIFFERS")):
        text = shown(rounded(number, place) + off * place, place)
        if off:
            assert told(report, {name: text}) == [(code, name, "")]


def test_rounding_is_told_in_one_line(report: Report) -> None:
    rows = {}
    for name in ("T1.57", "T1.30", "T4.59.2"):
        number = exact(report.figure(name))
        assert number is not None
        rows[name] = shown(number + Fraction(1, 100), Fraction(1, 100))
    (finding,) = found(report, rows)
    assert (finding["code"], finding["tier"]) == ("AGAINST.ROUNDING", "info")
    assert finding["cells"] == list(rows)
    assert "printed" not in finding


def test_a_share_is_rounding_only_of_its_operands(report: Report) -> None:
    """A percent of amounts in 万元 with two decimals is off by far less than its last place."""
    figure = report.figure("N.s3.basic_share")
    number = exact(figure)
    assert number is not None
    wrong = shown(number + Fraction(1, 10), Fraction(1, 10))
    assert told(report, {figure.id: wrong}) == [("DIFFERS", figure.id, "")]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_worked_out_from_rounded_operands_is_never_an_error(
    report: Report, data: st.DataObject
) -> None:
    """Each operand printed anywhere within half a unit of its last place, the figure worked out
    from them and rounded: at most rounding."""
    figures = [
        each
        for each in report.every()
        if each.kind in ("amount", "percent") and each.parts and each.value is not None
    ]
    figure = data.draw(st.sampled_from(figures))

    operands = Operands(report)

    def somewhere(part: Figure) -> Any:
        between = operands.as_rounded(part)
        if between is None:
            return None
        at = data.draw(st.fractions(0, 1, max_denominator=1000))
        here = between.low + at * (between.high - between.low)
        return between._replace(low=here, high=here)

    between = operands.worked_out(figure, somewhere)
    if between is None:
        return
    assert between.low == between.high
    text = shown(rounded(between.low, exact_place(figure)), exact_place(figure))
    codes = {each["code"] for each in found(report, {figure.id: text})}
    assert codes <= {"AGAINST.ROUNDING"}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_wrong_amount_is_told_and_nothing_else(report: Report, data: st.DataObject) -> None:
    """Of all that a report prints one amount is wrong by 1 万元 and more: that one is an error, and
    nothing that was printed right is told."""
    rows = every(report)
    name = data.draw(st.sampled_from([n for n in rows if report.figure(n).kind == "amount"]))
    number = exact(report.figure(name))
    assert number is not None
    off = data.draw(st.integers(100, 10**6))
    rows[name] = shown(rounded(number, Fraction(1, 100)) + Fraction(off, 100), Fraction(1, 100))
    (finding,) = found(report, rows)
    assert (finding["code"], finding["cells"]) == ("AGAINST.DIFFERS", [name])


# --- what it equals instead


def cause(report: Report, name: str, text: str, **more: str) -> Any:
    findings = found(report, {name: text, **{key.replace("__", "."): v for key, v in more.items()}})
    return next(each["cause"] for each in findings if each["cells"][0] == name)


def test_another_cell_and_of_equal_ones_the_first_by_table(tmp_path: Path) -> None:
    """Income where expenditure belongs: 本年收入合计 of 表1, not the one source that it is the sum
    of, not the same of 表2 or of a sentence."""
    year = Year(tmp_path).record(appropriate(300_000_00), carry_in(70_000_00), pay(123_400_00))
    for report in opened(year):
        assert cause(report, "N.s5c.final", "30.00") == {"kind": "cell", "cell": "T1.27"}


def test_of_two_things_that_equal_it_none_is_named(tmp_path: Path) -> None:
    """Two projects of the same amount: which one was meant nobody can tell."""
    lines = [BudgetLine.parse(f"general:2080105:project:{p}:-:2020") for p in ("P01", "P02")]
    year = Year(tmp_path).record(
        *(appropriate(100_000_00, at=each) for each in lines),
        *(pay(50_000_00 + n, at=each) for n, each in enumerate(lines)),
    )
    for report in opened(year):
        assert cause(report, "N.s1.total", "5.00") is None
        assert cause(report, "N.s1.total", "10.00") == {
            "kind": "cell",
            "cell": "N.s5c.P01.budget",
        } or (cause(report, "N.s1.total", "10.00") is None)


def test_the_other_scope_of_an_operand(tmp_path: Path) -> None:
    """The share of evaluated money, all of it, in this year's money only."""
    now = BudgetLine.make("general", "2080105", "project", "P01", "-", 2020)
    then = now.replace(":2020", ":2019")
    year = Year(tmp_path).record(
        appropriate(700_000_00, at=now),
        carry_in(200_000_00, at=BudgetLine.parse(then)),
        appropriate(130_000_00, at=BudgetLine.parse(now.replace("P01", "P02"))),
        request("target", "12-31", project="P01", no="1", level1="产出指标", level2="", level3="一",
                value="1", weight_hundredths=5000),
    )  # fmt: skip
    for report in opened(year):
        assert report.figure("N.s13a.share").printed == "87.4%"  # 90 of 103
        assert cause(report, "N.s13a.share", "108.4%") == {"kind": "scope", "cell": "N.s13a.base"}
        assert cause(report, "N.s13a.share", "68.0%") == {"kind": "scope", "cell": "N.s13a.funds"}
        assert cause(report, "N.s13a.share", "84.3%") == {"kind": "scope", "cell": "N.s13a.share"}


def test_another_figure_comes_before_another_scope(tmp_path: Path) -> None:
    now = BudgetLine.make("general", "2080105", "project", "P01", "-", 2020)
    year = Year(tmp_path).record(
        appropriate(700_000_00, at=now),
        carry_in(211_100_00, at=BudgetLine.parse(now.replace(":2020", ":2019"))),
    )
    for report in opened(year):
        assert cause(report, "N.s5c.P01.budget", "91.11")["kind"] == "cell"
        assert cause(report, "N.s13c.P01.budget", "70.00")["kind"] == "cell"


def test_what_was_rounded_twice_or_too_far(tmp_path: Path) -> None:
    year = Year(tmp_path).record(appropriate(10_000_000_00), pay(4_444_900_00))
    for report in opened(year):
        assert report.figure("N.s5c.rate").printed == "44.4%"
        assert cause(report, "N.s5c.rate", "44.5%") == {"kind": "rounded", "cell": "N.s5c.rate"}
        assert cause(report, "N.s5c.rate", "44.0%") == {"kind": "rounded", "cell": "N.s5c.rate"}


def test_shares_that_make_a_hundred(tmp_path: Path) -> None:
    """Three thirds: 33.3 % each, one of them printed as 33.4 %."""
    lines = [
        BudgetLine.make("general", func, "project", "P01", "-", 2020)
        for func in ("2080105", "2100410", "2119901")
    ]
    year = Year(tmp_path).record(
        *(appropriate(100_000_000_00, at=each) for each in lines),
        *(pay(100_000_000_00, at=each) for each in lines),
    )
    for report in opened(year):
        shares = {f"N.s5b.{code}_share": "33.3%" for code in ("208", "210", "211")}
        assert found(report, shares) == []
        first = "N.s5b.208_share"
        findings = found(report, {**shares, first: "33.4%"})
        assert findings[0]["cause"] == {"kind": "shares", "cell": "T4.59.3"}
        assert cause(report, first, "33.5%") is None


def test_last_years_figure(report: Report) -> None:
    for name in ("N.s10.run", "T1.30"):
        last = report.figure(f"{name}@2019")
        assert last.printed != report.figure(name).printed
    there = report.figure("N.s10.run@2019").printed
    found_there = cause(report, "N.s10.run", there)
    assert found_there is None or found_there["kind"] in ("cell", "last-year")


# --- which figure is meant


def test_an_id_that_there_is_not_is_told_with_its_like(report: Report) -> None:
    for name in ("N.s1.totla", "T1.999", "N.s1.total@2019", "", "T5.2999999.1"):
        with pytest.raises(Malformed) as wrong:
            printed(report, name, "1.00")
        assert (wrong.value.code, wrong.value.field) == ("AGAINST.UNKNOWN_ID", "id")
    assert "N.s1.total" in str(wrong.value) or "T" in wrong.value.expected


def test_a_row_that_a_table_could_have_is_nil(report: Report) -> None:
    assert "T5.2050101.1" not in report.cells.all
    for name in ("T5.2050101.1", "T5.205.1", "T5.20501.2"):
        assert found(report, {name: ""}) == []
        (finding,) = found(report, {name: "12.00"})
        assert (finding["cells"], finding["derived"]) == ([name], "0.00")
        assert "try" not in finding  # there is nothing to explain


def test_so_is_a_sentence_about_a_code_that_the_book_has_nothing_of(report: Report) -> None:
    nil = {"N.s5b.205": "0.00", "N.s5b.205_share": "0.0%", "N.s5c.205_initial": "",
           "N.s5c.205_rate": ""}  # fmt: skip
    assert not {*nil} & {*report.ids}
    assert found(report, nil) == []
    findings = found(
        report, {"N.s5b.205": "12.00", "N.s5b.205_share": "4.0%", "N.s5c.205_rate": "0%"}
    )
    assert [each["derived"] for each in findings] == ["0.00", "0.0%", None]
    assert findings[0]["message"].startswith("教育支出（N.s5b.205）印为 12.00，按账为 0.00")
    with pytest.raises(Malformed):
        printed(report, "N.s5b.299", "1.00")


def test_the_way_of_a_department_names_its_units(tmp_path: Path) -> None:
    for report in opened(recorded(tmp_path, OF_EVERY_KIND, 2020), whole=True):
        (finding,) = found(report, {"N.s1.total": "1.00"})
        assert finding["try"] == ["yusuan explain N.s1.total --units A,B,C --year 2020"]
    alone = tmp_path / "alone"
    alone.mkdir()
    for report in opened(recorded(alone, ALONE, 2020), shown_in="2024"):
        (finding,) = found(report, {"N.s1.total": "1.00"})
        assert finding["try"] == ["yusuan explain N.s1.total --edition 2024"]


def test_check_has_them_beside_its_own(report: Report) -> None:
    rows = [printed(report, "N.s1.total", "1.00")]
    before, after = check(report), check(report, printed=rows)
    assert len(after.findings) == len(before.findings) + 1
    assert [each.code for each in after.findings[:1]] == ["AGAINST.DIFFERS"]
    assert after.failed
