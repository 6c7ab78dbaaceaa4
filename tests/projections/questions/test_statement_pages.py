"""明细账 turned page by page is 明细账."""

from datetime import date
from pathlib import Path

from ledger.line import BudgetLine
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.statement import LineMove, page, statement
from projections.views.reading import Cut, reading
from projections.views.source import books_of
from tests.harness.shell import LINE, Shell


def test_turned_both_ways_it_is_the_whole(tmp_path: Path):
    shell = Shell(tmp_path / "a.db").open().project("P02")
    shell("appropriate", "--line", LINE, "--amount", "1000", "--date", "2020-01-10")
    paid = ("pay", "--line", LINE, "--econ", "30201")
    for n in range(23):  # by no order of days, many on one
        day = f"2020-{2 + n % 3:02d}-0{1 + n % 2}"
        shell(*paid, "--amount", str(n + 1), "--payee", f"某店{n}", "--doc", f"{n}", "--date", day)
    shell("reverse", "9", "--date", "2020-04-02")
    place = SqlitePlace(shell.db)
    line = BudgetLine.parse(LINE)
    (book,) = books_of(place)
    with reading(place, book) as opened:
        whole = statement(opened, line)
        for most in (1, 4, 7, 100):
            back: list[LineMove] = []
            one = page(opened, line, most)
            assert one.later is False
            while True:
                back[:0] = one.rows
                assert one.available_fen == whole.available_fen
                if not one.earlier:
                    break
                one = page(opened, line, most, before=one.rows[0].entry)
            assert back == whole.rows
            onward = [*one.rows]
            while one.later:
                one = page(opened, line, most, after=one.rows[-1].entry)
                assert one.earlier
                onward += one.rows
            assert onward == whole.rows
    with reading(place, book, Cut(as_of=date.fromisoformat(whole.rows[12].date))) as opened:
        cut = statement(opened, line)
        assert page(opened, line, 100).rows == cut.rows != whole.rows
