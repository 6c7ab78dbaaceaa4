"""公开: what stands in the way of it and how that is accepted, what is recorded of it, the same
document again after whatever was recorded since, and whether a file is what was published."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cli.documents.report import html
from ledger.book import BookId
from ledger.events import HeadOfBook, PublishedFile
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.report_year import Unit, recorded
from tests.harness.shell import Shell

ANYHOW = ("--accept", "YEAR.OPEN", "--accept", "PUBLISH.MISSING", "--reason", "试点公开")
A = ("--unit", "A", "--year", "2020")
UNIT = Unit("A", "admin")
END = ("--date", "2020-12-31")


def digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def plan(tmp_path: Path) -> Shell:
    """A book whose report has no sentences, and so lacks none; closed."""
    shell = Shell(tmp_path / "plan.db")
    shell(
        *("open-book", "--unit", "420103", "--year", "2020", "--name", "示例局"),
        *("--kind", "admin", "--edition", "budget-2024", "--basis", "payment"),
    )
    return close(shell, tmp_path)


def close(shell: Shell, folder: Path) -> Shell:
    file = str(folder / "结账.csv")
    shell("close-year", "--propose", file, "--force")
    asked = shell.ask("close-year", "--decisions", file, *END, "--actor", "会计", exit=6)
    approve = ("approve", str(asked["entry"]), "--authority", "department")
    shell(*approve, *END, "--actor", "科长")
    return shell


@pytest.fixture
def open_year(tmp_path: Path) -> Shell:
    """A year that says much, and is open; last year's beside it."""
    recorded(tmp_path, [UNIT], 2019)
    return Shell(recorded(tmp_path, [UNIT], 2020, k=2).db)


def written(shell: Shell, name: str = "决算.html", *more: str, exit: int = 1) -> Path:
    file = shell.db.with_name(name)
    shell("report", "-o", str(file), *A, *more, exit=exit)
    return file


def published(shell: Shell, file: Path, *more: str) -> Any:
    errors = ("--accept", "PUBLISH.ERRORS")
    found = shell.ask("check", *A, exit=1)
    assert any(each["tier"] == "error" for each in found["findings"])
    return shell.ask("publish", str(file), *A, *ANYHOW, *errors, "--date", "2021-09-01", *more)


def event_of(shell: Shell, entry: int, *more: str) -> Any:
    return shell.ask("show", str(entry), *more)["stored"]["event"]


# What is recorded.


def test_a_closed_year_that_lacks_nothing_is_published_without_more(plan: Shell, tmp_path: Path):
    file = tmp_path / "预算.html"
    plan("report", "-o", str(file))
    head = plan.head()
    receipt = plan.ask("publish", str(file), "--date", "2021-09-01")
    assert (receipt["kind"], receipt["date"]) == ("publish", "2020-12-31")
    event = event_of(plan, receipt["entry"])
    assert event == {
        "kind": "publish",
        "occurred_on": "2020-12-31",
        "published_on": "2021-09-01",
        "files": [["预算.html", digest(file)]],
        "made": [digest(file)],
        "heads": [["420103/2020", head["entries"], head["hash"]]],
        "edition": "budget-2024",
    }
    codes = [each["code"] for each in receipt["warnings"]]
    assert codes == ["PUBLISH.UNAPPROVED", "PUBLISH.EMPTY"]
    told = plan("show", str(receipt["entry"])).out
    assert "公开日期  2021-09-01" in told
    assert f"预算.html（由账生成的原样）  SHA-256 {digest(file)}" in told
    (listed,) = plan.ask("log", "--kind", "公开")["entries"]
    assert listed["name"] == "2021-09-01 公开"
    assert plan.ask("where-used", str(receipt["entry"]))["cells"] == []
    assert plan.ask("particulars")["particulars"] == []
    assert plan.ask("audit")["ok"]


def test_what_it_was_made_with_is_recorded(open_year: Shell):
    more = ("--as-of", "2020-06-30", "--unmask", "--edition", "2024")
    file = written(open_year, "半年.html", *more)
    receipt = published(open_year, file, *more)
    event = event_of(open_year, receipt["entry"], *A)
    assert event["made"] == [digest(file)]
    assert (event["as_of"], event["unmask"], event["edition"]) == ("2020-06-30", True, "2024")
    books = [book for book, *_ in event["heads"]]
    assert books == ["A/2020", "A/2019"]
    again = open_year.db.with_name("再.html")
    open_year("report", "--published", "-o", str(again), *A)
    assert again.read_bytes() == file.read_bytes()


def test_a_dry_run_records_nothing(plan: Shell, tmp_path: Path):
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    head = plan.head()
    receipt = plan.ask("publish", str(file), "--dry-run")
    assert (receipt["dry_run"], plan.head()) == (True, head)


def test_the_same_key_is_the_same_publication(plan: Shell, tmp_path: Path):
    file, other = tmp_path / "a.html", tmp_path / "b.html"
    plan("report", "-o", str(file), "-o", str(other))
    once = plan.ask("publish", str(file), "--key", "G1", "--date", "2021-09-01")
    again = plan.ask("publish", str(file), "--key", "G1")
    assert (again["already"], again["entry"]) == (True, once["entry"])
    moved = plan.ask("publish", str(file), "--key", "G1", "--date", "2021-09-02", exit=3)
    assert moved["code"] == "KEY.CONFLICT"
    assert moved["facts"]["differs"][0]["field"] == "published_on"
    other.write_text("改过")
    otherwise = plan.ask("publish", str(other), "--key", "G1", exit=3)
    assert otherwise["code"] == "KEY.CONFLICT"
    twice = plan.ask("publish", str(file), exit=3)
    assert (twice["code"], twice["facts"]["entry"]) == ("PUBLISH.AGAIN", once["entry"])


# What stands in the way.


def test_what_stands_in_the_way_is_told_one_after_another_and_accepted(open_year: Shell):
    file = written(open_year)
    open_year("target", "--whole", "--no", "99", "--level1", "产出指标", "--level3", "办结",
              "--weight", "5", *A)  # fmt: skip
    said = ["--accept", "YEAR.OPEN", "--reason", "提前公开"]
    refused = open_year.ask("publish", str(file), *A, exit=3)
    assert refused["code"] == "YEAR.OPEN"
    assert "--accept YEAR.OPEN --reason 事由" in refused["try"]
    refused = open_year.ask("publish", str(file), *A, *said, exit=3)
    assert refused["code"] == "PUBLISH.MISSING"
    count = len(open_year.ask("narrative", "--missing", *A, exit=1)["missing"])
    assert refused["facts"]["count"] == count
    said += ["--accept", "PUBLISH.MISSING", "--reason", "文字另附"]
    refused = open_year.ask("publish", str(file), *A, *said, exit=3)
    assert refused["code"] == "PUBLISH.ERRORS"
    codes = refused["facts"]["codes"]
    assert "E.WEIGHTS" in codes
    for code in codes[:-1]:  # each by its own code
        said += ["--accept", code, "--reason", f"{code} 已说明"]
    refused = open_year.ask("publish", str(file), *A, *said, exit=3)
    assert refused["facts"]["codes"] == codes[-1:]
    said += ["--accept", codes[-1].lower(), "--reason", "另行说明"]
    receipt = open_year.ask("publish", str(file), *A, *said)
    accepted = event_of(open_year, receipt["entry"], *A)["accepted"]
    assert accepted[:2] == [["YEAR.OPEN", "提前公开"], ["PUBLISH.MISSING", "文字另附"]]
    assert [code for code, _ in accepted[2:]] == codes
    assert "仍然公开  YEAR.OPEN：提前公开" in open_year("show", str(receipt["entry"]), *A).out


def test_nothing_is_accepted_that_is_not_there_or_has_no_reason(plan: Shell, tmp_path: Path):
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    for more, field in (
        (("--accept", "YEAR.OPEN", "--reason", "x"), "accept"),
        (("--accept", "YEAR.OPEN"), "reason"),
        (("--accept", "A", "--accept", "B", "--reason", "x", "--reason", ""), "reason"),
        (("--reason", "x", "--reason", "y"), "reason"),
    ):
        answer = plan.ask("publish", str(file), *more, exit=2)
        assert answer["facts"]["field"] == field, answer
    receipt = plan.ask("publish", str(file), "--reason", "年度公开")
    assert event_of(plan, receipt["entry"])["reason"] == "年度公开"


def test_what_is_internal_is_refused_also_when_it_was_edited(open_year: Shell):
    file = written(open_year, "内部.html", "--internal")
    edited = file.with_name("改过.html")
    edited.write_bytes(file.read_bytes().replace("决算".encode(), "预算".encode(), 1))
    for each in (file, edited):
        refused = open_year.ask("publish", str(each), *A, *ANYHOW, exit=3)
        assert refused["code"] == "PUBLISH.INTERNAL"


def test_a_file_that_the_book_does_not_make_is_recorded_with_a_remark(open_year: Shell):
    file = written(open_year)
    file.write_bytes(file.read_bytes() + b"<!-- by hand -->")
    paper = file.with_name("决算.docx")
    paper.write_bytes(b"PK by hand")
    receipt = published(open_year, file, str(paper))
    codes = [each["code"] for each in receipt["warnings"]]
    assert [code for code in codes if code in ("PUBLISH.EDITED", "PUBLISH.UNLIKE")] == [
        "PUBLISH.EDITED",
        "PUBLISH.UNLIKE",
    ]
    assert "made" not in event_of(open_year, receipt["entry"], *A)
    again = open_year.db.with_name("再.html")
    saved = open_year.ask("report", "--published", "-o", str(again), *A)
    assert saved["published"]["same"] == [None]
    for each in (file, paper):
        assert open_year.ask("audit", "--published", str(each), *A)["published"]["made"] is False


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2021-08-20", "PUBLISH.EMPTY"),
        ("2021-09-09", "PUBLISH.EMPTY"),
        ("2021-09-10", "PUBLISH.LATE"),
        ("2021-08-19", "PUBLISH.EARLY"),
    ],
)
def test_it_is_public_within_twenty_days_of_its_approval(
    plan: Shell, tmp_path: Path, day: str, code: str
):
    """R17."""
    plan("final-approval", "--doc", "财决1", "--date", "2021-08-20")
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    receipt = plan.ask("publish", str(file), "--date", day)
    assert receipt["warnings"][0]["code"] == code
    if code == "PUBLISH.LATE":
        assert "晚 1 天" in receipt["warnings"][0]["message"]


@pytest.mark.parametrize("name", ["新\n行.html", "长" * 80 + ".html", "..", "没有.html", "夹"])
def test_a_file_that_is_none_or_has_no_name_is_bad_input(plan: Shell, tmp_path: Path, name: str):
    (tmp_path / "夹").mkdir()
    if "新" in name or "长" in name:
        try:
            (tmp_path / name).write_text("x")
        except OSError:
            pytest.skip("no such name on this file system")
    answer = plan.ask("publish", str(tmp_path / name), exit=0 if "长" in name else 2)
    if "长" not in name:
        assert answer["facts"]["field"] == "file"
    assert plan.ask("publish", "/dev/zero", exit=2)["code"] == "FILE.TYPE"


def test_a_name_that_a_screen_must_not_obey_is_shown_as_it_is(plan: Shell, tmp_path: Path):
    file = tmp_path / "决'算 $(x) <b>.html"
    file.write_text("任意")
    receipt = plan.ask("publish", str(file))
    assert event_of(plan, receipt["entry"])["files"][0][0] == file.name
    refused = plan.ask("publish", str(file), exit=3)
    assert refused["code"] == "PUBLISH.AGAIN"


# After a publication.


def test_what_is_told_afterwards_has_a_reason_and_stands_in_the_changes(open_year: Shell):
    file = written(open_year)
    receipt = published(open_year, file)
    count = ("asset", "--item", "vehicles-kept", "--count", "77", *A, *END)
    refused = open_year.ask(*count, exit=3)
    assert (refused["code"], refused["try"]) == ("PUBLISH.REASON", ["--reason 事由"])
    assert refused["facts"]["entry"] == receipt["entry"]
    told = open_year.ask(*count, "--reason", "漏记")["entry"]
    changes = open_year.ask("diff", "--since", "published", *A)
    assert [each["entry"] for each in changes["entries"]] == [told]
    assert changes["since"] == {
        "book": "A/2020",
        "entry": receipt["entry"] - 1,
        "recorded_at": changes["since"]["recorded_at"],
        "publication": receipt["entry"],
        "published_on": "2021-09-01",
    }
    (cell,) = [each for each in changes["cells"] if each["id"] == "N.s12.vehicles-kept"]
    assert (cell["after"], cell["entries"]) == (77, [told])
    assert cell["before"] != 77
    assert open_year.ask("reverse", str(told), *A, *END, exit=3)["code"] == "PUBLISH.REASON"
    back = open_year.ask("reverse", str(told), *A, *END, "--reason", "记错")["entry"]
    after = open_year.ask("diff", "--since", str(told), *A)
    (cell,) = [each for each in after["cells"] if each["id"] == "N.s12.vehicles-kept"]
    assert (cell["before"], cell["entries"]) == (77, [back])
    assert open_year.ask("diff", "--since", "published", *A)["cells"] == []
    assert open_year.ask("audit", *A)["ok"]


def test_without_a_publication_nothing_needs_a_reason(open_year: Shell):
    file = written(open_year)
    receipt = published(open_year, file)
    open_year("reverse", str(receipt["entry"]), *A, *END, "--reason", "没有公开")
    open_year("asset", "--item", "vehicles-kept", "--count", "7", *A, *END)
    for command in (("diff", "--since", "published"), ("report", "--published", "-o", "x.html")):
        assert open_year.ask(*command, *A, exit=2)["code"] == "PUBLISHED.NONE"
    again = published(open_year, file)  # of an earlier head
    assert "PUBLISH.EDITED" in [each["code"] for each in again["warnings"]]
    assert open_year.ask("audit", *A)["ok"]


@pytest.mark.parametrize("suffix", ["html", "xlsx", "docx"])
def test_every_document_is_made_again_byte_by_byte(open_year: Shell, suffix: str):
    file = written(open_year, f"决算.{suffix}")
    published(open_year, file)
    open_year("asset", "--item", "vehicles-kept", "--count", "9", *A, *END, "--reason", "漏记")
    again = open_year.db.with_name(f"再.{suffix}")
    saved = open_year.ask("report", "--published", "-o", str(again), *A)
    assert saved["published"]["same"] == [True]
    assert again.read_bytes() == file.read_bytes()
    now = written(open_year, f"今.{suffix}")
    assert now.read_bytes() != file.read_bytes()
    proved = open_year.ask("audit", "--published", str(file), *A)["published"]
    assert proved["made"] is (suffix != "docx")  # which is the same on one machine alone


def test_the_same_document_again_whatever_was_recorded_since(open_year: Shell, tmp_path: Path):
    """Money, facts, names, the edition, and last year's book."""
    file = written(open_year)
    receipt = published(open_year, file)
    last = ("--unit", "A", "--year", "2019")
    line = "general:2010102:project:P01:-:"
    open_year("supplement", "--line", f"{line}2020", "--amount", "9", "--doc", "追9", *END, *A)
    open_year("pay", "--line", f"{line}2020", "--econ", "30299", "--amount", "5", "--payee", "某店",
              *END, *A)  # fmt: skip
    open_year("pay", "--line", f"{line}2019", "--econ", "30299", "--amount", "7", "--payee", "某店",
              "--date", "2019-12-31", *last)  # fmt: skip
    open_year("project", "P01", "--name", "改了名", *END, *A)
    open_year("amend-book", "--name", "改名局", "--edition", "2024", *END, *A)
    open_year("asset", "--item", "vehicles-kept", "--count", "9", *A, *END, "--reason", "漏记")
    again = tmp_path / "再.html"
    saved = open_year.ask("report", "--published", "-o", str(again), *A)
    assert saved["published"] == {
        "book": "A/2020",
        "entry": receipt["entry"],
        "published_on": "2021-09-01",
        "same": [True],
    }
    assert again.read_bytes() == file.read_bytes()
    upto = written(open_year, "到.html", "--upto", str(receipt["entry"] - 1))
    assert upto.read_bytes() == file.read_bytes()
    later = written(open_year, "后.html", "--upto", str(receipt["entry"]))
    assert later.read_bytes() != file.read_bytes()  # it names its head
    now = written(open_year, "今.html")
    assert "改名局".encode() in now.read_bytes()
    told = open_year("report", "--published", "-o", str(tmp_path / "话.html"), *A).out
    assert "与公开的文件逐字节相同" in told
    (cell,) = [
        each
        for each in open_year.ask("diff", "--since", "published", "--edition", "2020", *A)["cells"]
        if each["id"] == "N.s5a.change"
    ]
    assert {each["book"] for each in cell["elsewhere"]} == {"A/2019"}


def test_what_the_program_now_makes_otherwise_is_told_and_not_written(
    open_year: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    published(open_year, written(open_year))
    made = html.report
    monkeypatch.setattr(html, "report", lambda document: made(document) + b" ")
    again = tmp_path / "再.html"
    answer = open_year.ask("report", "--published", "-o", str(again), *A, exit=4)
    assert answer["code"] == "PUBLISHED.OTHER"
    assert not again.exists()


def test_a_year_that_was_closed_reopened_and_closed_again(plan: Shell, tmp_path: Path):
    first, second = tmp_path / "一.html", tmp_path / "二.html"
    plan("report", "-o", str(first))
    published_first = plan.ask("publish", str(first), "--date", "2021-09-01")
    asked = plan.ask("reopen-year", *END, "--reason", "漏记", "--actor", "会计", exit=6)
    approve = ("approve", str(asked["entry"]), "--authority", "department")
    plan(*approve, *END, "--actor", "科长")
    plan("report", "-o", str(second))
    assert plan.ask("publish", str(second), exit=3)["code"] == "YEAR.OPEN"
    plan("project", "P01", "--name", "劳动监察", *END)
    close(plan, tmp_path)
    second.unlink()
    plan("report", "-o", str(second))
    again = plan.ask("publish", str(second), "--date", "2021-10-01")
    assert "PUBLISH.EDITED" not in [each["code"] for each in again["warnings"]]
    for file, receipt in ((first, published_first), (second, again)):
        was = plan.ask("audit", "--published", str(file))["published"]
        assert (was["entry"], was["made"]) == (receipt["entry"], True)
    made = tmp_path / "再.html"
    plan("report", "--published", "-o", str(made))
    assert made.read_bytes() == second.read_bytes()
    made = tmp_path / "初.html"
    plan("report", "--upto", str(published_first["entry"] - 1), "-o", str(made))
    assert made.read_bytes() == first.read_bytes()


@pytest.mark.parametrize(
    ("more", "exit", "code"),
    [
        (("--upto", "0"), 3, "ENTRY.MISSING"),
        (("--upto", "9999"), 3, "ENTRY.MISSING"),
        (("--upto", "x"), 2, "ENTRY.MALFORMED"),
        (("--upto", "3", "--units", "all"), 2, "OPTION.UNUSED"),
        (("--published", "--unmask"), 2, "OPTION.UNUSED"),
        (("--published", "--upto", "3"), 2, "OPTION.UNUSED"),
        (("--published", "--edition", "2020"), 2, "OPTION.UNUSED"),
    ],
)
def test_what_cannot_be_made_again(
    open_year: Shell, tmp_path: Path, more: tuple[str, ...], exit: int, code: str
):
    answer = open_year.ask("report", "-o", str(tmp_path / "a.html"), *A, *more, exit=exit)
    assert answer["code"] == code


# Is a file what was published?


def test_a_file_is_proved_to_be_the_published_one(plan: Shell, tmp_path: Path):
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    head = plan.head()
    entry = plan.ask("publish", str(file), "--date", "2021-09-01")["entry"]
    found = plan.ask("audit", "--published", str(file))
    assert found["published"] == {
        "entry": entry,
        "published_on": "2021-09-01",
        "file": "a.html",
        "sha256": digest(file),
        "head": head,
        "made": True,
        "department": "",
    }
    assert f"第 {entry} 笔记录的“a.html”" in plan("audit", "--published", str(file)).out
    file.write_bytes(file.read_bytes() + b" ")
    wrong = plan.ask("audit", "--published", str(file), exit=4)
    (finding,) = wrong["findings"]
    assert finding["code"] == "PUBLISHED"
    assert f"第 {entry} 笔（2021-09-01）" in finding["message"]
    plan.ask("audit", "--published", str(tmp_path / "没有"), exit=2)
    plan.ask("audit", "--all", "--published", str(file), exit=2)


def test_a_publication_that_was_taken_back_proves_nothing(plan: Shell, tmp_path: Path):
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    entry = plan.ask("publish", str(file))["entry"]
    plan("reverse", str(entry), *END, "--reason", "没有公开")
    (finding,) = plan.ask("audit", "--published", str(file), exit=4)["findings"]
    assert f"已由第 {entry + 1} 笔冲销" in finding["message"]


def test_heads_that_the_book_does_not_have_are_found(plan: Shell, tmp_path: Path):
    said = {
        "occurred_on": date(2020, 12, 31),
        "published_on": date(2021, 9, 1),
        "files": (PublishedFile("a.html", "0f" * 32),),
        "heads": (HeadOfBook("420103/2020", 2, "1d" * 32), HeadOfBook("420103/2019", 2, "1d" * 32)),
        "edition": "budget-2024",
    }
    with Books(SqlitePlace(plan.db)) as books:
        books.transact(BookId("420103", 2020), Request("publish", said), actor="x")
    found = plan.ask("audit", exit=4)
    (finding,) = found["findings"]
    assert (finding["code"], finding["entry"]) == ("PUBLISHED.HEADS", plan.entries())
    assert "本文件中没有公开所据的账套 420103/2019" in str(found["not_run"])
    again = ("report", "--published", "-o", str(tmp_path / "再.html"))
    assert plan.ask(*again, exit=4)["code"] == "PUBLISHED.HEAD"


def test_a_restored_file_has_its_publications_and_a_file_of_rows_has_not(
    plan: Shell, tmp_path: Path
):
    file = tmp_path / "a.html"
    plan("report", "-o", str(file))
    plan("publish", str(file))
    plan("export", "jsonl", "--out", str(tmp_path / "a.jsonl"))
    other = Shell(tmp_path / "other.db")
    other("restore", str(tmp_path / "a.jsonl"))
    assert other.ask("audit", "--published", str(file))["published"]["made"] is True
    made = tmp_path / "再.html"
    other("report", "--published", "-o", str(made))
    assert made.read_bytes() == file.read_bytes()
    other("export", "jsonl", "--out", str(tmp_path / "b.jsonl"))
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    told = plan.ask("export", "canonical", "--out", str(tmp_path / "a.csv"))
    assert told["left_out"]["publish"] == 1


# What has changed.


def test_changes_since_an_entry_a_moment_and_a_seal_are_the_same(open_year: Shell):
    entry = open_year.ask("seal", *A)["entries"]
    seal = open_year.ask("seal", *A)["seal"]
    open_year("amend-book", "--name", "改名局", *END, *A)
    line = "general:2010102:project:P01:-:2020"
    paid = open_year.ask("pay", "--line", line, "--econ", "30299", "--amount", "5",
                         "--payee", "某店", *END, *A)["entry"]  # fmt: skip
    by_entry = open_year.ask("diff", "--since", str(entry), *A)
    recorded_at = by_entry["since"]["recorded_at"]
    assert [each["entry"] for each in by_entry["entries"]] == [entry + 1, paid]
    (cell,) = [each for each in by_entry["cells"] if each["id"] == "T1.57"]
    assert cell["after_fen"] - cell["before_fen"] == 5_00
    assert cell["entries"] == [paid]
    for since in (seal, recorded_at, f"#{entry}"):
        assert open_year.ask("diff", "--since", since, *A) == by_entry
    text = open_year("diff", "--since", str(entry), *A).out
    assert "记录 2 笔" in text
    assert "T1.57" in text
    nothing = open_year("diff", "--since", str(paid), *A).out
    assert "没有新的记录" in nothing
    assert "公开的数没有变化" in nothing
    back = open_year.ask("reverse", str(paid), *END, "--reason", "错", *A)["entry"]
    undone = open_year.ask("diff", "--since", str(paid), *A)
    (cell,) = [each for each in undone["cells"] if each["id"] == "T1.57"]
    assert cell["after_fen"] - cell["before_fen"] == -5_00
    assert back in cell["entries"]
    (named,) = open_year.ask("diff", "--since", str(entry), *A)["cells"]
    assert (named["id"], named["before"], named["after"]) == ("N.units", ["A局"], ["改名局"])


def test_a_row_that_appears_or_goes_is_one_of_nothing(open_year: Shell):
    entry = open_year.ask("seal", *A)["entries"]
    line = "general:2080199:basic:-:-:2020"
    made = open_year.ask("supplement", "--line", line, "--amount", "9", "--doc", "追", *END, *A)
    open_year("pay", "--line", line, "--econ", "30201", "--amount", "9", "--payee", "某店", *END,
              *A)  # fmt: skip
    cells = {each["id"]: each for each in open_year.ask("diff", "--since", str(entry), *A)["cells"]}
    assert cells["T5.2080199.1"]["before_fen"] == 0
    assert cells["T5.2080199.1"]["after_fen"] == 9_00
    assert made["entry"] in cells["T2.2080199.1"]["entries"]


@pytest.mark.parametrize(
    ("since", "exit", "code"),
    [
        ("9999", 3, "ENTRY.MISSING"),
        ("0", 3, "ENTRY.MISSING"),
        ("1999-01-01", 2, "TIME.MALFORMED"),
        ("昨天", 2, "SINCE.UNKNOWN"),
        ("", 2, "FIELD.REQUIRED"),
        ("3-AAAA", 2, "SEAL.MALFORMED"),
        ("1-0000-0000-0000-0000-0000-1", 4, "SEAL.OTHER"),
        ("99999-0000-0000-0000-0000-0000-T", 4, "SEAL.OTHER"),
    ],
)
def test_since_when_nobody_knows(open_year: Shell, since: str, exit: int, code: str):
    if code == "SEAL.OTHER":
        from ledger.proofs.seal import Seal

        entries = int(since.partition("-")[0])
        since = str(Seal(entries, "0" * 20))
    assert open_year.ask("diff", "--since", since, *A, exit=exit)["code"] == code


# A department.


def test_a_department_is_published_in_the_book_of_one_of_its_units(tmp_path: Path):
    units = [Unit("A", "admin"), Unit("B", "institution")]
    recorded(tmp_path, units, 2019)
    shell = Shell(recorded(tmp_path, units, 2020, k=2).db)
    whole = ("--year", "2020", "--units", "A,B,C", "--department", "某部门")
    file = tmp_path / "部门.html"
    shell("report", "-o", str(file), *whole, exit=1)
    refused = shell.ask("publish", str(file), *whole, "--unit", "A", exit=3)
    assert refused["code"] == "YEAR.OPEN"
    assert refused["facts"]["book"] == "A/2020、B/2020"
    said = (*ANYHOW, "--accept", "PUBLISH.ERRORS")
    receipt = shell.ask("publish", str(file), *whole, "--unit", "A", *said)
    event = event_of(shell, receipt["entry"], *A)
    assert (event["department"], event["absent"]) == ("某部门", ["C"])
    assert [book for book, *_ in event["heads"]] == ["A/2020", "B/2020", "A/2019", "B/2019"]
    assert event["made"] == [digest(file)]
    line = "general:2010102:project:P01:-:2020"
    b = ("--unit", "B", "--year", "2020")
    shell("supplement", "--line", line, "--amount", "9", "--doc", "追9", *END, *b)
    shell("open-book", "--unit", "C", "--year", "2020", "--name", "C局", "--kind", "admin",
          "--edition", "2020", "--basis", "indicator")  # fmt: skip
    again = tmp_path / "再.html"
    saved = shell.ask("report", "--published", "-o", str(again), *whole, "--unit", "A")
    assert saved["published"]["same"] == [True]
    assert again.read_bytes() == file.read_bytes()
    assert shell.ask("audit", "--published", str(file), *A)["published"]["department"] == "某部门"
    alone = ("report", "--published", "-o", str(tmp_path / "单.html"), *A)
    assert shell.ask(*alone, exit=2)["code"] == "PUBLISHED.NONE"
