"""A log that someone edits on purpose, with the tools that they would use: SQL and a copy.

The matrix of SECURITY.md, the blind cells too: what is not found without a seal is asserted to be
not found, so that nobody comes to rely on it.
"""

import contextlib
import random
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from ledger.events import BudgetReallocated, Entry, RequestApproved, decode, encode
from ledger.proofs.head import Head
from ledger.proofs.seal import Seal
from ledger.store.log import hash_at
from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.bench import Bench
from tests.harness.called import Answer, called
from tests.harness.edited import (
    _TRIGGERS,
    edited,
    noted_again,
    put_bytes,
    rehashed,
    stored_bytes,
)
from tests.harness.halves import halves
from tests.harness.sample import BOOK, Sample, answers, make_book
from tests.harness.shell import in_process
from tests.harness.tamperings import (
    AMOUNT,
    a_payment,
    add_a_column,
    add_a_table,
    add_a_trigger,
    append_unchained,
    believe_a_false_snapshot,
    believe_false_commitments,
    change_a_hash,
    change_a_mark,
    change_a_tag,
    change_the_schema_text,
    cut_the_tail,
    delete_and_close_the_gap,
    delete_in_the_middle,
    delete_the_first,
    delete_the_head,
    drop_a_key,
    drop_an_index,
    duplicate_the_last,
    edit_an_amount,
    edit_an_amount_and_its_hash,
    edit_the_actor,
    edit_the_last_entry_and_its_hash,
    edit_the_time,
    forge_the_head_count,
    forge_the_head_hash,
    forget_a_mark,
    forget_a_reversal,
    free_a_reservation,
    hide_a_trigger,
    insert_in_the_middle,
    invent_a_key,
    invent_a_mark,
    invent_a_settlement,
    move_a_mark,
    name_a_trigger_like_a_table,
    raise_a_refund,
    swap_two_contents,
    swap_two_entries,
    swap_two_keys,
)

Tampering = Callable[[sqlite3.Connection], None]


Change = Callable[[bytes], bytes]


def audited(path: Path, *more: str) -> tuple[int, set[str]]:
    """The exit code of the audit, and the codes of the checks that failed."""
    answer = called(path, "audit", *more)
    value = answer.json()
    if "checks" not in value:
        return answer.exit, {value["code"]}
    return answer.exit, {check["code"] for check in value["checks"] if check["failed"]}


FOUND: dict[Tampering, set[str]] = {
    edit_an_amount: {"CHAIN.HASH"},
    edit_an_amount_and_its_hash: {"CHAIN.HASH"},
    edit_the_last_entry_and_its_hash: {"CHAIN.HEAD"},
    edit_the_actor: {"CHAIN.HASH"},
    edit_the_time: {"CHAIN.HASH"},
    swap_two_entries: {"ENTRY.BYTES"},
    swap_two_contents: {"ENTRY.BYTES"},
    delete_in_the_middle: {"ENTRY.NUMBER"},
    delete_and_close_the_gap: {"ENTRY.BYTES"},
    delete_the_first: {"ENTRY.NUMBER"},
    duplicate_the_last: {"ENTRY.BYTES"},
    insert_in_the_middle: {"ENTRY.BYTES"},
    append_unchained: {"CHAIN.HASH", "CHAIN.HEAD"},
    cut_the_tail: {"CHAIN.HEAD"},
    change_a_tag: {"CHAIN.HASH", "ENTRY.BYTES"},
    change_a_hash: {"CHAIN.HASH"},
    forge_the_head_count: {"CHAIN.HEAD"},
    forge_the_head_hash: {"CHAIN.HEAD"},
    delete_the_head: {"CHAIN.HEAD"},
    drop_a_key: {"ENTRY.KEY"},
    invent_a_key: {"ENTRY.KEY"},
    swap_two_keys: {"ENTRY.KEY"},
    raise_a_refund: {"SETTLEMENTS"},
    free_a_reservation: {"SETTLEMENTS"},
    forget_a_reversal: {"SETTLEMENTS"},
    invent_a_settlement: {"SETTLEMENTS"},
    forget_a_mark: {"MARKS"},
    change_a_mark: {"MARKS"},
    move_a_mark: {"MARKS"},
    invent_a_mark: {"MARKS"},
    name_a_trigger_like_a_table: {"FILE.SCHEMA"},
    believe_a_false_snapshot: {"SNAPSHOT"},
    believe_false_commitments: {"SNAPSHOT"},
    drop_an_index: {"FILE.SCHEMA"},
    add_a_trigger: {"FILE.SCHEMA"},
    hide_a_trigger: {"FILE.DAMAGED"},  # SQLite itself refuses to read on
    add_a_table: {"FILE.SCHEMA"},
    add_a_column: {"FILE.SCHEMA"},
    change_the_schema_text: {"FILE.SCHEMA"},
}


@pytest.mark.parametrize("with_views", [True, False], ids=["views", "no-views"])
@pytest.mark.parametrize("tampering", FOUND, ids=lambda t: t.__name__)
def test_an_edit_is_found(every: Path, tampering: Tampering, with_views: bool):
    """Exit 4 with the right finding, whether or not there are views to compare with."""
    if not with_views:
        SqlitePlace(every).views.unlink()
    with edited(every) as connection:
        tampering(connection)
    exit_code, failed = audited(every)
    assert exit_code == 4
    assert failed >= FOUND[tampering]


OF_A_BOOK = (
    *("balance", "log", "carryover", "check", "table 3", "pending", "opening", "seal", "rebuild"),
    *(
        "export canonical -o OUT",
        "export csv -o OUT",
        "export sqlite -o OUT",
        "export jsonl -o OUT",
    ),
    *("export jsonl --all -o OUT", "roll-up --units all --year 2020", "audit", "audit --all"),
    *("lock-month 1 --date 2020-12-31", "doctor", "project P99 --name 甲 --date 2020-12-31"),
    "open-book --unit 420103 --year 2020 --name 局 --kind admin --edition 2020 --basis payment",
)


@pytest.mark.parametrize("command", OF_A_BOOK)
@pytest.mark.parametrize("named", [True, False], ids=["named", "bare"])
@pytest.mark.parametrize("others", [0, 1], ids=["alone", "beside-another"])
def test_a_book_whose_head_is_gone_is_damage_to_every_command(
    every: Path, tmp_path: Path, command: str, named: bool, others: int
):
    """It is nowhere called a book that was not opened, and no export leaves it out."""
    if others:
        opening = OF_A_BOOK[-1].replace("420103", "420104")
        assert in_process("--db", str(every), *opening.split()).exit == 0
    with edited(every) as connection:
        connection.execute("DELETE FROM heads WHERE originator_id = ?", (str(BOOK),))
    before = every.read_bytes()
    typed = command.replace("OUT", str(tmp_path / "out")).split()
    own = ("--unit", "420103", "--year", "2020") if named and "--year" not in typed else ()
    answer = in_process("--db", str(every), *typed, *own, "--json")
    assert answer.exit == 4, answer.said
    assert "BOOK.NOT_OPENED" not in answer.said
    assert not (tmp_path / "out").exists()
    assert every.read_bytes() == before


@pytest.mark.parametrize("name", _TRIGGERS)
def test_a_dropped_guard_is_found(every: Path, name: str):
    with contextlib.closing(sqlite3.connect(every)) as connection:
        connection.execute(f"DROP TRIGGER {name}")
    assert audited(every) == (4, {"FILE.SCHEMA"})


@pytest.mark.parametrize(
    "statement", ["UPDATE stored_events SET key = 'x'", "DELETE FROM stored_events"]
)
def test_entries_are_guarded_against_a_slip(every: Path, statement: str):
    """Plain SQL cannot change or delete an entry by mistake."""
    with (
        contextlib.closing(sqlite3.connect(every)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="entries are never"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize("tampering", FOUND, ids=lambda t: t.__name__)
def test_no_answer_is_given_from_an_edited_log(made: Sample, every: Path, tampering: Tampering):
    """Queries whose views are built anew, and writers, meet the edit or answer as before."""
    with edited(every) as connection:
        tampering(connection)
    with Bench(made) as bench:
        verdict = bench.judge_files(every.read_bytes(), None)
    assert verdict.outcome in ("audit", "error"), verdict


def test_show_proves_the_entry_that_it_shows(every: Path):
    """The views are not touched by an edit of the log, but `show` prints the stored bytes."""
    with edited(every) as connection:
        number = a_payment(connection)
        edit_an_amount(connection)
    answer = called(every, "show", number)
    assert (answer.exit, answer.json()["code"]) == (4, "CHAIN.HASH")


# What only a seal finds -----------------------------------------------------------------------


def sealed(path: Path) -> str:
    return str(called(path, "seal").json()["seal"])


def test_a_seal_of_an_earlier_head_still_holds(every: Path):
    with SqlitePlace(every).reading() as there:
        early = hash_at(there, str(BOOK), 120)
    assert early is not None
    for seal in (sealed(every), str(Seal.of(Head(120, early)))):
        assert audited(every, "--seal", seal) == (0, set())


def test_a_rewritten_book_is_found_by_its_seal_only(every: Path):
    """Recomputed with our own tool: the chain and the head row agree with the lie. While the views
    are old they contradict it; once they are built anew, only what was kept outside does."""
    seal = sealed(every)
    with edited(every) as connection:
        number = a_payment(connection)
        edit_an_amount(connection)
        rehashed(connection)
        noted_again(connection)
        connection.execute("DELETE FROM stored_snapshots")
    exit_code, failed = audited(every)
    assert exit_code == 4
    assert {"VIEWS.FILE", "VIEWS.ENTRIES", "VIEWS.POSTINGS"} <= failed
    SqlitePlace(every).views.unlink()
    assert audited(every) == (0, set()), "the blind cell: without a seal it is not seen"
    assert called(every, "show", number).exit == 0
    assert audited(every, "--seal", seal) == (4, {"SEAL"})


def test_a_seal_of_before_the_rewritten_entry_is_blind(every: Path):
    """A seal proves the entries up to it, and nothing after it."""
    with SqlitePlace(every).reading() as there:
        early = hash_at(there, str(BOOK), 50)
    assert early is not None
    with edited(every) as connection:
        edit_an_amount(connection)
        rehashed(connection)
        noted_again(connection)
        connection.execute("DELETE FROM stored_snapshots")
    SqlitePlace(every).views.unlink()
    assert audited(every, "--seal", str(Seal.of(Head(50, early)))) == (0, set())


@pytest.mark.parametrize("keep_snapshot", [True, False])
def test_a_cut_tail_with_a_forged_head(every: Path, keep_snapshot: bool):
    """The views know better; without them, only a seal of a later head does."""
    seal = sealed(every)
    with SqlitePlace(every).reading() as there:
        early = hash_at(there, str(BOOK), 150)
    assert early is not None
    with edited(every) as connection:
        connection.execute("DELETE FROM stored_events WHERE originator_version > 190")
        connection.execute(
            "UPDATE heads SET entries = 190, hash = (SELECT hash FROM stored_events "
            "WHERE originator_version = 190)"
        )
        if not keep_snapshot:
            connection.execute("DELETE FROM stored_snapshots")
        noted_again(connection)
    exit_code, failed = audited(every)
    assert exit_code == 4
    assert failed == {"VIEWS.FILE", "VIEWS.ENTRIES", "VIEWS.POSTINGS", "VIEWS.MONTHLY"} | (
        failed & {"VIEWS.INCOME", "VIEWS.LINES"}
    )
    assert called(every, "balance").exit == 4
    for file in every.parent.glob(f"{every.name}.views*"):
        file.unlink()
    assert audited(every) == (0, set()), "the blind cell: without a seal it is not seen"
    assert audited(every, "--seal", str(Seal.of(Head(150, early)))) == (0, set())
    assert audited(every, "--seal", seal) == (4, {"SEAL"})


def test_last_weeks_file_put_back(every: Path, tmp_path: Path):
    """Views that are ahead refuse to answer; without them only a seal tells."""
    old = tmp_path / "old.db"
    shutil.copy(every, old)
    pay = ("pay", "--line", "general:2080105:project:P01:30299:2020", "--econ", "30299")
    assert called(every, *pay, "--amount", "1", "--payee", "甲", "--date", "2020-12-31").exit == 0
    assert called(every, "balance").exit == 0
    seal = sealed(every)
    shutil.copy(old, every)
    for query in (("balance",), ("log",), ("carryover",), ("show", "5")):
        answer = called(every, *query)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD"), query
    assert audited(every)[0] == 4
    assert called(every, "balance").exit == 4, "an audit does not make them agree"
    SqlitePlace(every).views.unlink()
    assert called(every, "balance").exit == 0
    assert audited(every) == (0, set()), "the blind cell: without a seal it is not seen"
    assert audited(every, "--seal", seal) == (4, {"SEAL"})


def test_a_seal_that_is_mistyped_is_bad_input(every: Path):
    """Every single wrong character is noticed before the book is looked at (exit 2, not 4)."""
    seal = sealed(every)
    for at, letter in enumerate(seal):
        if letter != "-":
            other = "2" if letter != "2" else "3"
            assert called(every, "audit", "--seal", seal[:at] + other + seal[at + 1 :]).exit == 2


def test_another_books_entries_do_not_pass_for_ours(every: Path, tmp_path: Path):
    """A lawful book of the same name with other entries: as good as a full rewrite."""
    seal = sealed(every)
    other = tmp_path / "other.db"
    make_book(other, seed=2)
    assert audited(other) == (0, set())
    assert audited(other, "--seal", seal) == (4, {"SEAL"})
    shutil.copy(other, every)
    assert called(every, "balance").exit == 4, "the views were built from the other entries"


# Lies that the chain would carry --------------------------------------------------------------


def rewritten(path: Path, number: int, change: Change) -> tuple[int, set[str]]:
    with edited(path) as connection:
        stored = stored_bytes(connection, number)
        changed = change(stored)
        assert changed != stored
        put_bytes(connection, number, changed)
        rehashed(connection)
        noted_again(connection)
        connection.execute("DELETE FROM stored_snapshots")
    SqlitePlace(path).views.unlink()
    return audited(path)


LIES: dict[str, tuple[Change, str]] = {
    "overdraft": (lambda s: AMOUNT.sub(b'"amount_fen":99999999999999', s, count=1), "RULES"),
    "blank": (lambda s: s.replace(b'{"book"', b'{ "book"', 1), "ENTRY.BYTES"),
    "field": (lambda s: s.replace(b'"actor"', b'"clerk"', 1), "ENTRY.BYTES"),
    "negative": (lambda s: AMOUNT.sub(rb'"amount_fen":-\1', s, count=1), "ENTRY.BYTES"),
    "float": (lambda s: AMOUNT.sub(rb'"amount_fen":\1.0', s, count=1), "ENTRY.BYTES"),
    "string": (lambda s: AMOUNT.sub(rb'"amount_fen":"\1"', s, count=1), "ENTRY.BYTES"),
    "number": (lambda s: re.sub(rb'"number":\d+', b'"number":1', s, count=1), "ENTRY.BYTES"),
    "year": (lambda s: s.replace(b'"occurred_on":"2020', b'"occurred_on":"2021', 1), "RULES"),
    "time": (lambda s: s.replace(b'_at":"2020', b'_at":"2019', 1), "ACCOUNT.IDENTITY"),
    "book": (lambda s: s.replace(b"/2020", b"/2021", 1), "ENTRY.BYTES"),
    "payee": (lambda s: re.sub(rb'"payee":"[^"]*"', b'"payee":""', s, count=1), "ENTRY.BYTES"),
    "project": (lambda s: s.replace(b":project:P0", b":project:Q0", 1), "RULES"),
    "reservation": (lambda s: re.sub(rb'("pay".*?)}', rb'\1,"reserve":2}', s, count=1), "RULES"),
}


@pytest.mark.parametrize(("change", "found"), LIES.values(), ids=LIES)
def test_a_lie_with_a_perfect_chain_breaks_a_rule(every: Path, change: Change, found: str):
    """Whoever recomputes the chain must still write an entry that was lawful at its place."""
    with contextlib.closing(sqlite3.connect(every)) as connection:
        rows = connection.execute(
            "SELECT originator_version, state FROM stored_events "
            "WHERE topic = 'pay' AND originator_version > 60 ORDER BY 1"
        ).fetchall()
        number = next(n for n, stored in rows if b":project:P0" in stored)
    exit_code, failed = rewritten(every, number, change)
    assert exit_code == 4
    assert found in failed


def replacing(was: bytes, becomes: bytes) -> Change:
    return lambda stored: stored.replace(was, becomes, 1)


def an_approval(path: Path) -> tuple[Entry, Entry]:
    """A request and what approved it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute(
            "SELECT max(originator_version) FROM stored_events WHERE topic = 'approve'"
        ).fetchone()
        answer = decode(stored_bytes(connection, number))
        assert isinstance(answer.event, RequestApproved)
        return decode(stored_bytes(connection, answer.event.original)), answer


def test_an_approval_by_its_maker_with_a_perfect_chain_breaks_a_rule(every: Path):
    """不相容岗位 is proved again from who acted, whichever of the two was made the other."""
    request, answer = an_approval(every)
    maker, checker = request.actor.encode(), answer.actor.encode()
    assert maker != checker
    other = every.with_name("other.db")
    shutil.copy(every, other)
    shutil.copy(SqlitePlace(every).views, SqlitePlace(other).views)
    for path, number, was, becomes in (
        (every, answer.number, checker, maker),
        (other, request.number, maker, checker),
    ):
        forged = replacing(was, becomes)
        assert rewritten(path, number, forged) == (4, {"RULES"})
        (finding,) = called(path, "audit").json()["findings"]
        assert (finding["entry"], finding["message"][:19]) == (
            answer.number,
            "APPROVAL.SAME_ACTOR",
        )


def test_an_approval_of_more_than_was_asked_breaks_a_rule(every: Path):
    """Or of a request that another entry settled, or by less authority than is needed."""
    _, answer = an_approval(every)
    assert isinstance(answer.event, RequestApproved)
    assert isinstance(answer.event.approved, BudgetReallocated)
    (source,), (target,) = answer.event.approved.sources, answer.event.approved.targets
    less = [msgspec.structs.replace(share, amount_fen=1) for share in (source, target)]
    event = msgspec.structs.replace(
        answer.event,
        approved=msgspec.structs.replace(
            answer.event.approved, sources=(less[0],), targets=(less[1],)
        ),
    )
    forged = encode(msgspec.structs.replace(answer, event=event))
    exit_code, failed = rewritten(every, answer.number, lambda _: forged)
    assert (exit_code, "RULES" in failed) == (4, True)


# The file as a heap of bytes ------------------------------------------------------------------


def test_a_damaged_snapshot_is_ignored(made: Sample, every: Path):
    """Nothing is lost with it: the state is read from the beginning."""
    with edited(every) as connection:
        connection.execute("UPDATE stored_snapshots SET state = substr(state, 1, 100)")
    assert audited(every) == (0, set())
    assert said_of_snapshots(every) == "快照损坏，已忽略"
    assert answers(every, made.keyed) == made.answers
    with edited(every) as connection:
        connection.execute("DELETE FROM stored_snapshots")
    assert said_of_snapshots(every).startswith("没有快照")
    assert answers(every, made.keyed) == made.answers


def test_a_snapshot_of_another_program_or_head_is_ignored_and_told(every: Path):
    """Its digest is right, and it is not of this book as it is."""
    ((stored,),) = _snapshots(every)
    for changed, said in (
        ((99).to_bytes(4, "big") + stored[36:], "另一版本"),
        (stored[32:36] + bytes(32) + stored[68:], "末端与账不符"),
        (stored[32:68] + b"{}", "损坏"),
    ):
        with edited(every) as connection:
            connection.execute(
                "UPDATE stored_snapshots SET state = ?", (sha256(changed).digest() + changed,)
            )
        assert said in said_of_snapshots(every)
        assert audited(every) == (0, set())


def said_of_snapshots(path: Path) -> str:
    """What the audit tells of a snapshot that it did not compare."""
    (told,) = (x for x in called(path, "audit").json()["not_run"] if x["code"] == "SNAPSHOT")
    return str(told["why"])


def _snapshots(path: Path) -> list[tuple[bytes]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT state FROM stored_snapshots").fetchall()


def test_a_truncated_file_is_found(made: Sample, rng: random.Random):
    """At any length; an empty file is no book at all."""
    log_bytes = made.path.read_bytes()
    lengths = [1, 15, 16, 99, 100, 511, 512, 4095, 4096, len(log_bytes) - 4096, len(log_bytes) - 1]
    with Bench(made) as bench:
        for length in (*lengths, *(rng.randrange(1, len(log_bytes)) for _ in range(40))):
            verdict = bench.judge_files(log_bytes[:length], None)
            assert verdict.outcome in ("audit", "error"), (length, verdict)


def test_an_emptied_file_is_not_taken_for_a_new_one(every: Path):
    """The views remember the book."""
    every.write_bytes(b"")
    for query in ("balance", "audit"):
        answer = called(every, query)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD"), query


@pytest.mark.parametrize("index", ["stored_events_number", "stored_events"])
def test_a_damaged_log_is_not_called_damaged_views(every: Path, index: str):
    """The views are sound: to make them anew would help nobody."""
    SqlitePlace(every).views.unlink()
    with contextlib.closing(sqlite3.connect(every)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)
        ).fetchone()
    with every.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    answer = called(every, "balance")
    assert (answer.exit, answer.json()["code"]) == (4, "FILE.DAMAGED")
    assert answer.json()["try"] == ["yusuan audit"]
    assert str(every) in answer.json()["message"]
    audit = called(every, "audit")
    assert audit.exit == 4
    assert "FILE.INTEGRITY" in {each["code"] for each in audit.json()["findings"]}


def test_appended_bytes_change_nothing(made: Sample, rng: random.Random):
    """SQLite knows how long its file is: found, or the same answers."""
    with Bench(made) as bench:
        for length in (1, 100, 4096, 10_000):
            verdict = bench.judge_files(made.path.read_bytes() + rng.randbytes(length), None)
            assert verdict.outcome in ("audit", "error", "same"), (length, verdict)


@pytest.mark.parametrize("fill", [b"\0", b"\xff", None], ids=["zeros", "ones", "noise"])
def test_a_lost_page_is_found(made: Sample, rng: random.Random, fill: bytes | None):
    """Every page in turn; one that held only the snapshot, or nothing, changes no answer."""
    log_bytes = made.path.read_bytes()
    outcomes: Counter[str] = Counter()
    with Bench(made) as bench:
        for start in range(0, len(log_bytes), 4096):
            page = rng.randbytes(4096) if fill is None else fill * 4096
            changed = log_bytes[:start] + page + log_bytes[start + 4096 :]
            outcomes[bench.judge_files(changed, None).outcome] += 1
    assert outcomes.keys() <= {"audit", "error", "same"}
    assert outcomes["same"] <= 2


def test_a_page_in_another_place_is_found(made: Sample, rng: random.Random):
    """Two pages change places, or one replaces another."""
    log_bytes = made.path.read_bytes()
    pages = [log_bytes[i : i + 4096] for i in range(0, len(log_bytes), 4096)]
    with Bench(made) as bench:
        for _ in range(200):
            one, other = rng.sample(range(len(pages)), 2)
            changed = list(pages)
            changed[one] = pages[other]
            if rng.random() < 0.5:
                changed[other] = pages[one]
            verdict = bench.judge_files(b"".join(changed), None)
            assert verdict.outcome in ("audit", "error"), (one, other, verdict)


def test_a_file_that_is_no_database(every: Path):
    every.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    for command in ("balance", "audit", "seal", "rebuild"):
        assert called(every, command).exit == 4, command


def test_a_database_that_is_not_ours(tmp_path: Path):
    """Left alone, with a usage error: the person named another file."""
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (x)")
    before = path.read_bytes()
    for command in (
        ("balance",),
        ("audit",),
        (
            "open-book",
            "--name",
            "x",
            "--kind",
            "admin",
            "--edition",
            "2020",
            "--basis",
            "indicator",
        ),
    ):
        answer: Answer = called(path, *command)
        assert (answer.exit, answer.json()["code"]) == (2, "FILE.FOREIGN"), command
    assert path.read_bytes() == before


# Half a transaction ---------------------------------------------------------------------------


def test_a_copy_of_a_live_file_and_a_deleted_journal(
    made: Sample, every: Path, monkeypatch: pytest.MonkeyPatch
):
    """The file without the journal that would repair it, in the middle of a transaction that has
    written pages: what a naive backup copies, and what is left when a hot journal is deleted."""
    monkeypatch.setattr(files, "journal_mode", lambda *_: ("DELETE", "EXTRA"))
    found = halves(every)
    assert found, "the cache held everything: no page had reached the file"
    assert every.read_bytes() == made.path.read_bytes(), "rolled back"
    with Bench(made) as bench:
        for half in found:
            verdict = bench.judge_files(half.log, None)
            assert verdict.outcome in ("audit", "error"), verdict
