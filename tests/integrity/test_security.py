"""Every cell of the table of SECURITY.md, the blind ones too, so that nobody comes to rely on what
is not seen."""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.events import decode, encode
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.file import notes_path
from scripts.docs.security import SEEN, THREATS, Threat
from tests.harness import tamperings
from tests.harness.called import called
from tests.harness.edited import edited, noted_again, put_bytes, rehashed, stored_bytes

CHAIN = {"ENTRY.NUMBER", "ENTRY.BYTES", "ENTRY.KEY", "CHAIN.HASH", "RULES", "ACCOUNT.IDENTITY"}
"""What is proved of the rows alone."""
RECORDED = CHAIN | {"CHAIN.HEAD"}
PAY = (
    *("pay", "--line", "general:2080105:project:P01:30299:2020", "--econ", "30299"),
    *("--payee", "甲", "--date", "2020-12-31"),
)


class Scene(NamedTuple):
    """A book before and after something was done to it: its file, its seal and last week's file."""

    path: Path
    seal: str
    earlier: Path


Attack = Callable[[Scene], None]


def by_sql(change: Callable[[sqlite3.Connection], None]) -> Attack:
    def attack(scene: Scene) -> None:
        with edited(scene.path) as connection:
            change(connection)

    return attack


def without_views(path: Path) -> None:
    """What queries would make anew."""
    for file in path.parent.glob(f"{path.name}.views*"):
        file.unlink()


def cut_and_forge(scene: Scene) -> None:
    with edited(scene.path) as connection:
        connection.execute("DELETE FROM stored_events WHERE originator_version > 190")
        connection.execute(
            "UPDATE heads SET entries = 190, hash = (SELECT hash FROM stored_events "
            "WHERE originator_version = 190)"
        )
        connection.execute("DELETE FROM stored_snapshots")
        noted_again(connection)
    without_views(scene.path)


def put_back(scene: Scene) -> None:
    for suffix in ("", ".views"):
        shutil.copy(f"{scene.earlier}{suffix}", f"{scene.path}{suffix}")


def of_the_views(statement: str) -> Attack:
    def attack(scene: Scene) -> None:
        views = SqlitePlace(scene.path).views
        with contextlib.closing(sqlite3.connect(views)) as connection, connection:
            connection.executescript(statement)

    return attack


def edit_an_export(scene: Scene) -> None:
    written = scene.path.with_name("table.csv")
    assert called(scene.path, "table", "1", "-o", written).exit == 0
    written.write_text(written.read_text("utf-8").replace("1", "2"), "utf-8")


def report_of(scene: Scene) -> Path:
    return scene.path.with_name("report.html")


def edit_what_was_published(scene: Scene) -> None:
    file, accepted = report_of(scene), list[str]()
    file.write_text("as it was published", "utf-8")
    publish = ("publish", file, "--reason", "试点")
    while (answer := called(scene.path, *publish, *accepted)).exit:
        accepted += ["--accept", answer.json()["code"]]
    file.write_text("as somebody wants it", "utf-8")


def damage_the_snapshot(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE stored_snapshots SET state = substr(state, 1, 100)")


def delete_the_snapshot(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM stored_snapshots")


def a_snapshot_of_elsewhere(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE stored_snapshots SET originator_version = originator_version - 1")


def rows_of_a_third_book(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash) "
        "SELECT '420199/2020', 1, topic, state, hash FROM stored_events "
        "WHERE originator_version = 1"
    )


def forge_notes(scene: Scene) -> None:
    """An audit that was broken off had found this book sound; it is not."""
    notes = notes_path(SqlitePlace(scene.path))
    found = called(scene.path, "audit", "--all").json()
    book = {**called(scene.path, "audit").json(), "ok": True, "findings": []}
    del book["as_of"], book["known_at"]
    with edited(scene.path) as connection:
        tamperings.edit_an_amount(connection)
    notes.write_text(json.dumps(book) + "\n", "utf-8")
    assert found["ok"]


def invisible_texts(scene: Scene) -> None:
    with edited(scene.path) as connection:
        number = tamperings.a_payment(connection)
        stored = stored_bytes(connection, number)
        put_bytes(connection, number, stored.replace(b'"payee":"', '"payee":"\u202e'.encode(), 1))
        rehashed(connection)
        noted_again(connection)
        connection.execute("DELETE FROM stored_snapshots")
    without_views(scene.path)


def other_rowids(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE stored_events SET rowid = rowid + 100000")


def other_layout(scene: Scene) -> None:
    with contextlib.closing(sqlite3.connect(scene.path)) as connection:
        connection.execute("ANALYZE")
        connection.execute("VACUUM")


def rewrite(scene: Scene) -> None:
    with edited(scene.path) as connection:
        number = tamperings.a_payment(connection)
        stored = tamperings.cheaper(stored_bytes(connection, number))
        assert encode(decode(stored)) == stored
        put_bytes(connection, number, stored)
        rehashed(connection)
        noted_again(connection)
        connection.execute("DELETE FROM stored_snapshots")
    without_views(scene.path)


def a_false_payment(scene: Scene) -> None:
    assert called(scene.path, *PAY, "--amount", "0.01", "--actor", "出纳").exit == 0


ATTACKS: dict[str, list[Attack]] = {
    "middle": [
        *map(
            by_sql,
            (
                tamperings.edit_an_amount,
                tamperings.insert_in_the_middle,
                tamperings.swap_two_entries,
                tamperings.delete_in_the_middle,
                tamperings.delete_and_close_the_gap,
            ),
        )
    ],
    "tail": [by_sql(tamperings.cut_the_tail)],
    "tail-forged": [cut_and_forge],
    "old-file": [put_back],
    "head": [
        by_sql(tamperings.delete_the_head),
        by_sql(tamperings.forge_the_head_count),
        by_sql(tamperings.forge_the_head_hash),
    ],
    "views": [
        of_the_views("UPDATE monthly SET amount_fen = amount_fen + 1"),
        of_the_views("UPDATE entries SET payee = '乙' WHERE payee IS NOT NULL"),
        of_the_views(
            "DROP VIEW v_lines; CREATE VIEW v_lines (book, line, func, fund, spending, project, "
            "econ, origin) AS SELECT b.book, l.line, l.fund, l.func, l.spending, l.project, "
            "l.econ, l.origin FROM lines l JOIN books b ON b.id = l.book_id"
        ),
    ],
    "report": [edit_an_export],
    "published": [edit_what_was_published],
    "snapshot": [*map(by_sql, (damage_the_snapshot, delete_the_snapshot, a_snapshot_of_elsewhere))],
    "snapshot-forged": [by_sql(tamperings.believe_a_false_snapshot)],
    "side-tables": [
        *map(
            by_sql,
            (tamperings.raise_a_refund, tamperings.forget_a_reversal, tamperings.forget_a_mark),
        )
    ],
    "schema": [
        *map(
            by_sql,
            (
                tamperings.add_a_trigger,
                tamperings.name_a_trigger_like_a_table,
                tamperings.drop_an_index,
                tamperings.add_a_table,
            ),
        )
    ],
    "third-book": [by_sql(rows_of_a_third_book)],
    "notes": [forge_notes],
    "texts": [invisible_texts],
    "layout": [by_sql(other_rowids), other_layout],
    "rewritten": [rewrite],
    "false-entry": [a_false_payment],
}
CASES = [
    pytest.param(threat, attack, id=f"{threat.name}-{number}")
    for threat in THREATS
    for number, attack in enumerate(ATTACKS[threat.name], 1)
]


def findings(path: Path, *more: str) -> tuple[bool, set[str]]:
    """Whether the audit fails, and what of."""
    answer = called(path, "audit", *more)
    value = answer.json()
    codes = {each["code"] for each in value.get("checks", ()) if each["failed"]}
    return answer.exit == 4, codes | ({value["code"]} if "code" in value else set())


def told_of_the_snapshot(scene: Scene) -> bool:
    return any(each["code"] == "SNAPSHOT" for each in called(scene.path, "audit").json()["not_run"])


def refused(scene: Scene) -> bool:
    """By who writes: exit 4, and nothing written."""
    before = scene.path.read_bytes()
    code = called(scene.path, *PAY, "--amount", "0.01", "--actor", "出纳").exit
    return code == 4 and scene.path.read_bytes() == before


def every_command_refuses(scene: Scene) -> bool:
    asked = [called(scene.path, *each) for each in (("balance",), ("log",), ("seal",))]
    return refused(scene) and all(answer.exit == 4 for answer in asked)


def resumed(scene: Scene) -> bool:
    """`--resume` takes the forged note, and says that it took it."""
    answer = called(scene.path, "audit", "--all", "--resume").json()
    assert [book["earlier"] for book in answer["books"]] == [True]
    return not answer["ok"]


def never(_: Scene) -> bool:
    return False


def not_the_published_one(scene: Scene) -> bool:
    failed, codes = findings(scene.path, "--published", str(report_of(scene)))
    return failed and codes == {"PUBLISHED"}


OTHERWISE: dict[tuple[str, str], Callable[[Scene], bool]] = {
    ("head", "chain"): every_command_refuses,
    **dict.fromkeys(
        [("snapshot", layer) for layer in ("chain", "head", "audit", "given out")],
        told_of_the_snapshot,
    ),
    ("published", "audit"): not_the_published_one,
    ("published", "given out"): not_the_published_one,
    ("snapshot-forged", "head"): refused,
    ("side-tables", "head"): refused,
    ("schema", "head"): refused,
    ("notes", "chain"): never,
    ("notes", "head"): never,
    ("notes", "audit"): resumed,
    ("notes", "given out"): resumed,
}
"""What a cell claims beside the findings of an audit."""


def sees(scene: Scene, threat: Threat, layer: str) -> bool:
    if (other := OTHERWISE.get((threat.name, layer))) is not None:
        return other(scene)
    if layer == "given out":
        return findings(scene.path, "--seal", scene.seal)[0]
    failed, codes = findings(scene.path)
    return {"chain": bool(codes & CHAIN), "head": bool(codes & RECORDED), "audit": failed}[layer]


@pytest.mark.parametrize(("threat", "attack"), CASES)
def test_the_table_says_what_is_seen(every: Path, tmp_path: Path, threat: Threat, attack: Attack):
    earlier = tmp_path / "earlier.db"
    for suffix in ("", ".views"):
        shutil.copy(f"{every}{suffix}", f"{earlier}{suffix}")
    assert called(every, *PAY, "--amount", "0.01", "--actor", "出纳").exit == 0
    assert called(every, "balance").exit == 0
    scene = Scene(every, str(called(every, "seal").json()["seal"]), earlier)
    attack(scene)
    files = {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    for layer, cell in zip(("chain", "head", "audit", "given out"), threat.cells(), strict=True):
        for file in tmp_path.iterdir():  # as it was left, for each of them
            if file.is_file():
                file.unlink()
        for file, content in files.items():
            file.write_bytes(content)
        assert sees(scene, threat, layer) is cell.startswith(SEEN), (layer, cell)


def test_every_threat_is_tried():
    assert [*ATTACKS] == [threat.name for threat in THREATS]
