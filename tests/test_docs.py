"""Documents that repeat the code are as the code says, and the sessions of READMEs and tours print
what they show. Every check has a control: the same check on a copy that is wrong must object.
"""

import ast
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date

import pytest

from cli.commands import COMMANDS
from cli.commands.keep.demo import record_year
from cli.exits import Machine
from ledger.errors import Damage, Lack, Unreadable
from ledger.events import FORMAT as STORED
from ledger.kinds import KIND_NAMES
from ledger.refusals import Refusal
from ledger.rules.cautions import Caution
from ledger.store.sqlite.place import SqlitePlace
from scripts.benchmarks.peers_report import in_short
from scripts.docs import documents, measured
from scripts.docs.chapters import CHAPTERS, chaptered
from scripts.docs.documents import DOCUMENTS, GUIDES, PLAYED, READMES
from scripts.docs.events import events
from scripts.docs.markdown import ROOT, Unusable
from scripts.docs.sessions import masked, sessions, split

PACKAGES = ("ledger", "projections", "cli")

MADE = [name for name in DOCUMENTS if name not in (*PLAYED, *GUIDES, *CHAPTERS)]


def committed(name: str) -> str:
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"no {name}")
    return path.read_text("utf-8")


def session(*lines: str) -> str:
    return "\n".join(["Before.", "", "```console", *lines, "```", "", "After.", ""])


# Fresh -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_as_the_code_says(name):
    """If this fails: `python -m scripts.docs`, and read the diff before committing it."""
    committed(name)
    old, new = documents.versions(name, ROOT / name)
    assert documents.difference(name, old, new) == ""


@pytest.mark.parametrize("name", MADE)
def test_a_changed_copy_of_a_document_is_stale(name, tmp_path):
    text = committed(name)
    half = len(text) // 2
    copy = tmp_path / "copy.md"
    for wrong in (text[:half] + text[half + 1 :], text + "\n", text.partition("\n")[2], ""):
        copy.write_text(wrong, "utf-8")
        assert "as the code says" in documents.difference(name, *documents.versions(name, copy))


def test_the_command_shows_what_is_stale_and_writes_only_when_told(monkeypatch, tmp_path, capsys):
    name = "ledger/REFUSALS.md"
    (tmp_path / "ledger").mkdir()
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "DOCUMENTS", dict.fromkeys((name, *READMES), lambda _: "new\n"))
    path = tmp_path / name

    assert documents.main(["--check"]) == 1
    assert "+new" in capsys.readouterr().out
    assert not path.exists()

    assert documents.main([]) == 0
    assert path.read_text("utf-8") == "new\n"
    assert documents.main(["--check"]) == 0
    assert not (tmp_path / "README.md").exists()  # a README is written by a person first

    path.write_text("old\n", "utf-8")
    capsys.readouterr()
    assert documents.main(["--check"]) == 1
    assert "-old\n+new\n" in capsys.readouterr().out
    assert path.read_text("utf-8") == "old\n"


@pytest.mark.parametrize("name", MADE)
def test_a_document_says_in_line_1_what_made_it(name):
    first = committed(name).splitlines()[0]
    assert "Generated" in first
    assert "python -m scripts.docs" in first


# Complete --------------------------------------------------------------------------------------


def test_every_command_is_in_the_reference():
    text = committed("cli/REFERENCE.md")
    headings = re.findall(r"^### `yusuan (.+)`$", text, re.MULTILINE)
    assert headings == list(COMMANDS)
    for command in COMMANDS.values():
        assert f"```text\n{command.chinese}\n" in text


def test_every_refusal_is_listed_in_the_order_of_checking():
    text = committed("ledger/REFUSALS.md")
    assert "`Refusal`. Exit 3." in text
    rows = re.findall(r"^\| (\d+) \| `(.+?)` \| (.+?) \| (.+) \| `(\w+)` \|$", text, re.MULTILINE)
    assert rows == [
        (str(place), each.code, each.rule, each.value.sentence, each.name)
        for place, each in enumerate(Refusal, 1)
    ]


@pytest.mark.parametrize("vocabulary", [Unreadable, Caution, Damage, Lack, Machine])
def test_every_code_of_a_vocabulary_is_listed_with_what_it_means(vocabulary):
    text = committed("ledger/REFUSALS.md")
    section = text.partition(f"`{vocabulary.__name__}`.")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \|", section, re.MULTILINE)
    assert sorted(rows) == sorted((each.code, each.sentence) for each in vocabulary)


def test_every_kind_has_its_fields_a_sample_and_its_moves():
    sections = dict(re.findall(r"\n### `(.+?)` \S+\n(.*?)(?=\n### |\Z)", events(), re.DOTALL))
    assert list(sections) == list(KIND_NAMES)
    for kind, section in sections.items():
        assert f'"kind":"{kind}"' in section
    assert "AUTH −146,400.00, EXEC +146,400.00" in sections["appropriate"]
    assert "EXEC −1,200.50, PAID +1,200.50" in sections["pay"]
    assert "EXEC +1,200.50, PAID −1,200.50" in sections["reverse"]
    assert "entry 16  reversed by 18" in sections["reverse"]
    assert "EXEC −200.00, AUTH +200.00  as reallocate" in sections["approve"]
    assert "entry 22  approved by 23" in sections["approve"]
    assert "(no account moves)" in sections["submit"]
    assert "income service +8,000.00" in sections["income"]
    assert "(no account moves)" in sections["lock-month"]
    assert (
        "| `amount_fen` | whole number, 1 to 100,000,000,000,000 | fen (分) | required |"
        in (sections["pay"])
    )
    assert "| `pending` | true or false | – | `false` |" in sections["carry-in"]


# The storage format ----------------------------------------------------------------------------


FORMAT = "FORMAT.md"


@pytest.mark.parametrize(
    ("name", "chapter"), [(name, chapter) for name in CHAPTERS for chapter in CHAPTERS[name]]
)
def test_a_changed_chapter_is_stale(name, chapter, tmp_path):
    text = committed(name)
    said = CHAPTERS[name][chapter]()
    assert said in text
    copy = tmp_path / "copy.md"
    copy.write_text(text.replace(said, said[:-9]), "utf-8")
    assert "as the code says" in documents.difference(name, *documents.versions(name, copy))
    with pytest.raises(Unusable, match=chapter):
        chaptered(name)(text.replace(f"<!-- generated: {chapter} -->", ""))


def test_the_program_that_the_format_prints_proves_a_book(tmp_path):
    """As it stands there, with nothing of ours; and it objects to a book that was changed."""
    db = tmp_path / "a.db"
    record_year(SqlitePlace(db), actor="甲")
    (program,) = re.findall(r"```python\n(.*?)```", committed(FORMAT), re.DOTALL)

    def proved() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", program, str(db)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    with SqlitePlace(db).reading() as log:
        head = log.head("420103/2020")
    assert head is not None
    assert proved().stdout == f"420103/2020 {head.entries} {head.hash.hex()}\n"
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("DROP TRIGGER stored_events_keep")
        connection.execute("UPDATE stored_events SET topic = 'x' WHERE originator_version = 50")
    assert proved().stderr.endswith("AssertionError: ('420103/2020', 50)\n")


def test_the_format_says_its_number(tmp_path):
    text = committed(FORMAT)
    assert f"The number of the format is **{STORED}**" in text
    assert f'{{"format":"yusuan-jsonl","version":{STORED}}}' in text
    assert f"\n| {STORED} | " in text


# Sessions --------------------------------------------------------------------------------------


def test_a_session_gets_its_outputs_and_what_stands_around_it_stays():
    text = session("$ echo one", "stale", "$ true", "stale", "$ echo two; echo three >&2")
    assert sessions(text) == session(
        "$ echo one", "one", "$ true", "$ echo two; echo three >&2", "two", "three"
    )


def test_blocks_that_are_no_sessions_are_left_alone():
    text = "```text\n$ echo one\n```\n\n```bash\n$ echo two\n```\n"
    assert sessions(text) == text


def test_all_sessions_of_a_file_share_a_new_folder_and_one_shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = session("$ ls", "$ echo kept > file; SAID=kept") + session('$ cat file; echo "$SAID"')
    assert session('$ cat file; echo "$SAID"', "kept", "kept") in sessions(text)
    assert list(tmp_path.iterdir()) == []


def test_the_exit_code_is_shown_where_the_author_asks():
    assert sessions(session("$ false", "$ false; echo $?")) == session(
        "$ false", "$ false; echo $?", "1"
    )


def test_a_session_knows_nothing_of_the_environment_but_the_actor(monkeypatch):
    monkeypatch.setenv("YUSUAN_DB", "somebody's.db")
    monkeypatch.setenv("YUSUAN_ACTOR", "somebody")
    monkeypatch.setenv("LC_ALL", "C")
    text = session('$ echo "[$YUSUAN_DB] $YUSUAN_ACTOR $LANG [$LC_ALL]"')
    assert "\n[] 李会计 C.UTF-8 []\n" in sessions(text)


def test_a_session_runs_the_program_of_this_environment():
    shown = sessions(session("$ yusuan nonsense; echo $?"))
    assert "错误 USAGE：没有命令" in shown
    assert "\n2\n```" in shown


FRESH = session(
    "$ yusuan open-book --unit U1 --year 2020 --name 局 --kind 行政 --edition 2020 --basis payment",
    "$ yusuan seal",
    "$ yusuan audit",
    "$ yusuan show 1",
)
"""Hashes, a seal, seconds and an instant."""


@pytest.fixture(scope="module")
def fresh() -> str:
    return sessions(FRESH)


def test_what_differs_from_run_to_run_stays_as_it_was(fresh):
    assert "第 1 笔  建账  2020-01-01" in fresh
    assert sessions(fresh) == fresh


def test_another_figure_is_stale_and_then_the_whole_run_is_new(fresh):
    wrong = fresh.replace("第 1 笔  建账  2020-01-01", "第 2 笔  建账  2020-01-01", 1)
    assert wrong != fresh
    again = sessions(wrong)
    assert masked(again) == masked(fresh)
    changed = documents.difference("README.md", wrong, again).splitlines()[3:]
    assert [line[:1] for line in changed if line[:1] in ("-", "+")] == ["-", "+"]
    (seal,) = re.findall(r"^1-[0-9A-Z-]+.$", again, re.MULTILINE)
    assert seal not in fresh


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("末端 82768c7d2195", "末端 011111111119"),
        ("哈希  " + "0a" * 32, "哈希  " + "1b" * 32),
        ("119-S2AG-98TJ-AWHB-PGKN-WV1P-V", "119-PMH3-N9NW-SS7V-CY1T-BBYT-~"),
        ("2026-11-24 20:06:10.919181+00:00", "2026-11-25 01:00:00+00:00"),
        ("2026-11-24T20:06:10Z", "2020-01-01T00:00:00.5+08:00"),
        ("用时 0.058 秒", "用时 12 秒"),
        ("yusuan 0.1.0", "yusuan 0.12.1"),
        ("（94,208 字节）", "（110,592 字节）"),
    ],
)
def test_volatile_parts_are_masked(one, other):
    assert masked(one) == masked(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("可用余额  30,800.00 元", "可用余额  30,980.00 元"),
        ('"amount_fen": 10000000000', '"amount_fen": 10000000001'),
        ("2020-03-01", "2020-03-02"),
        ("118-S2AG-98TJ-AWHB-PGKN-WV1P-V", "119-S2AG-98TJ-AWHB-PGKN-WV1P-V"),
        ("general:2080105:project:P02:30299:2020", "general:2080106:project:P02:30299:2020"),
        ("第 7 笔", "第 8 笔"),
        ("68.67%", "68.68%"),
    ],
)
def test_figures_are_not_masked(one, other):
    assert masked(one) != masked(other)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (session("out of nowhere"), "begins with a command"),
        (session("$ echo one \\", "two"), "one whole line"),
        (session("$"), "begins with a command"),
        (session("$ "), "one whole line"),
        ("```console\n$ echo one\n", "has no end"),
        ("```console title\n$ echo one\n```\n", "console alone"),
        ("- item\n  ```console\n  $ echo one\n  ```\n", "console alone"),
        (session("$ exit 3", "$ echo one"), "stopped before the last command"),
        (session("$ echo 'open", "$ echo one"), "stopped before the last command"),
        (session("$ echo '$ echo one'"), "end its block"),
        (session("$ echo '```'"), "end its block"),
        (session("$ date +%F"), "the day on which it ran"),
    ],
)
def test_a_session_that_cannot_be_run_or_not_twice_is_refused(text, why):
    with pytest.raises(Unusable, match=why):
        sessions(text)


def test_the_day_may_be_shown_where_the_author_wrote_it():
    today = date.today().isoformat()
    assert f"\n{today}\n```" in sessions(session(f"$ echo {today}"))


@pytest.mark.parametrize("name", READMES)
def test_a_readme_says_in_short_what_was_measured(name):
    """`test_a_document_is_as_the_code_says` overlooks times, as those of sessions change."""
    text, benchmarks = committed(name), committed("BENCHMARKS.md")
    table = in_short(benchmarks)
    assert table.count("\n") >= 7
    assert table in text
    assert measured.measured(text, benchmarks) == text
    slower = benchmarks.replace(table, table.replace(" s, ", "0 s, "))
    assert measured.measured(text, slower) != text
    assert measured.measured(text, "# nothing measured\n") == text


@pytest.mark.parametrize("name", PLAYED)
def test_nothing_is_installed_in_a_session(name):
    commands = [command for command, _ in split(committed(name)) if command]
    assert commands
    assert [command for command in commands if re.search(r"scripts[/.]|\bpip\b", command)] == []


# For people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_read_in_two_minutes(name):
    assert len(committed(name).splitlines()) <= 150


WRITTEN = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *(p for d in (*PACKAGES, "tests") for p in ROOT.glob(f"{d}/**/*.md")),
    )
)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_document_links_to_is_there(name):
    assert missing(name, committed(name)) == []


def missing(name: str, text: str) -> list[str]:
    """The links of a document that lead to no file of the tree, or to no heading of it."""
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        target, _, anchor = link.partition("#")
        path = (ROOT / name).parent / target if target else ROOT / name
        if "://" in link:
            continue
        if not path.exists() or (anchor and anchor not in anchors(path.read_text("utf-8"))):
            lost.append(link)
    return lost


def anchors(text: str) -> set[str]:
    """What a link to a heading says: lower case, blanks as hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-").lower() for heading in headings}


def test_a_link_that_leads_nowhere_is_found():
    text = "[a](LICENSE) [b](nowhere.md) [c](cli/TOUR.md#tour) [d](cli/TOUR.md#nowhere)"
    assert missing("README.md", text) == ["nowhere.md", "cli/TOUR.md#nowhere"]


# Choices ---------------------------------------------------------------------------------------

CHOICES = {"L": "ledger/CHOICES.md", "P": "projections/CHOICES.md"}
CITED = re.compile(r"(?<=[(\s])([LP][1-9][0-9]*)(?=[,)])")


def choices(name: str) -> dict[str, str]:
    """Each choice of a document, in its order, and the file that it binds."""
    bound: dict[str, str] = {}
    place = ""
    for heading, choice in re.findall(
        r"^(?:## \[.+\]\((.+)\)|\*\*([A-Z][0-9]+) · .+)$", committed(name), re.MULTILINE
    ):
        if heading:
            place = (ROOT / name).parent.joinpath(heading).resolve().relative_to(ROOT).as_posix()
        else:
            assert choice not in bound, f"{choice} stands twice in {name}"
            bound[choice] = place
    return bound


def cited() -> dict[str, set[str]]:
    """The choices that docstrings cite, each with the files that do."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    for choice in CITED.findall(str(node.value.value)):
                        found.setdefault(choice, set()).add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("letter", CHOICES)
def test_choices_are_numbered_in_the_order_in_which_they_stand(letter):
    numbers = list(choices(CHOICES[letter]))
    assert len(numbers) > 20
    assert numbers == [f"{letter}{place}" for place in range(1, len(numbers) + 1)]


def test_every_choice_is_cited_by_a_docstring_of_the_file_that_it_binds():
    """If this fails: a choice was cited that nobody made, or the code that it bound has moved."""
    bound = choices(CHOICES["L"]) | choices(CHOICES["P"])
    in_code = cited()
    assert set(in_code) == set(bound)
    elsewhere = {choice for choice, place in bound.items() if place not in in_code[choice]}
    assert elsewhere == set()


def test_a_number_in_a_docstring_is_a_citation_only_in_brackets():
    text = "Moved by a cut (L28), or by R7 (R7, P6). L1 of 表1, (X01), P02, T1.L3"
    assert CITED.findall(text) == ["L28", "P6"]


# Names of files --------------------------------------------------------------------------------

NAMED = re.compile(r"(?<![\w./])(?:[a-z_]\w*/)*[a-z_]\w*\.py\b")


ENDS = {
    path.relative_to(ROOT).as_posix().split("/", depth)[-1]
    for folder in (*PACKAGES, "scripts", "tests")
    for path in (ROOT / folder).rglob("*.py")
    for depth in range(len(path.relative_to(ROOT).parts))
}
"""The Python files of the tree by every end of their paths."""


def lost(text: str) -> list[str]:
    """The Python files that a text names, whole or by their end, and the tree has not."""
    return [name for name in NAMED.findall(text) if name not in ENDS]


def test_a_file_that_the_code_or_a_document_names_is_there():
    texts = {
        path: path.read_text("utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    } | {ROOT / name: committed(name) for name in WRITTEN}
    assert {
        path.relative_to(ROOT).as_posix(): names
        for path, text in texts.items()
        if (names := lost(text))
    } == {}


def test_a_file_that_is_not_there_is_found():
    assert lost("state.py, rules/lines.py and gone.py; rules/state.py") == [
        "gone.py",
        "rules/state.py",
    ]


# Routes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("ledger/README.md", 6), ("projections/README.md", 4)])
def test_the_files_of_a_route_are_called_on_it(name, most):
    """Those that decide something, in the numbered list above the files that were called."""
    told, _, rest = committed(name).partition("<!-- files called: ")
    route = told.rpartition("\n## ")[2]
    files = [
        (ROOT / name).parent.joinpath(link).resolve().relative_to(ROOT).as_posix()
        for link in re.findall(r"^[0-9]\. \[.+?\]\((.+?)\)", route, re.MULTILINE)
    ]
    assert 0 < len(files) <= most
    assert set(files) <= set(measured.files_called(rest.split()[0]))


def test_files_called_stand_between_their_marks():
    text = "Before.\n<!-- files called: balance -->\nold\n<!-- end -->\nAfter.\n"
    new = measured.routed(text)
    assert new.startswith("Before.\n<!-- files called: balance -->\n")
    assert new.endswith("\n<!-- end -->\nAfter.\n")
    assert "old" not in new
    assert "`questions/balances`" in new
    assert measured.routed(new) == new
    assert "decisions/" not in new, "a question decides nothing"
