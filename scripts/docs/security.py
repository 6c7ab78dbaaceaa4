"""The table of SECURITY.md: what each layer of proof can see. Every cell is asserted by a test, the
blind ones too (tests/integrity/test_security.py).
"""

from typing import Final, NamedTuple

from scripts.docs.markdown import table

SEEN: Final = "✔"
BLIND: Final = "✘"


class Threat(NamedTuple):
    """What somebody can do who may write the files, and who sees it: the chain of the entries, with
    the recorded head, with all that `audit` compares, and with a head that was given out. A cell
    begins with ✔ or ✘."""

    name: str
    can: str
    chain: str
    head: str
    audit: str
    given_out: str

    def cells(self) -> tuple[str, str, str, str]:
        """The four layers, in their order."""
        return self.chain, self.head, self.audit, self.given_out


THREATS = [
    Threat(
        "middle",
        "edit, insert, swap, duplicate or delete an entry in the middle",
        *(SEEN, SEEN, SEEN, SEEN),
    ),
    Threat("tail", "delete the last entries", BLIND, SEEN, SEEN, SEEN),
    Threat(
        "tail-forged",
        "delete the last entries, forge the head and the side tables, make the views anew",
        *(BLIND, BLIND, BLIND, "✔ up to the last head given out"),
    ),
    Threat(
        "old-file",
        "put last week's file back, its views too",
        *(BLIND, BLIND, BLIND, "✔ up to the last head given out"),
    ),
    Threat(
        "head",
        "delete or edit the row of the head",
        *("✔ to every command the book is damaged, not absent", SEEN, SEEN, SEEN),
    ),
    Threat(
        "views",
        "edit the views, or name their columns otherwise",
        *(BLIND, BLIND, SEEN, SEEN),
    ),
    Threat(
        "report",
        "edit a table, an export or a report that was written",
        *(BLIND, BLIND, BLIND, BLIND),
    ),
    Threat(
        "published",
        "edit a report whose publication was recorded (`publish`)",
        *(BLIND, BLIND, "✔ `audit --published`", SEEN),
    ),
    Threat(
        "snapshot",
        "damage a snapshot, delete it, or put in one of another book or program",
        *("✔ ignored, and told by `audit`", SEEN, SEEN, SEEN),
    ),
    Threat(
        "snapshot-forged",
        "forge a snapshot with its right digest",
        *(BLIND, "✘ plain commands believe it", SEEN, SEEN),
    ),
    Threat(
        "side-tables",
        "edit the side tables (settlements; marks, which nothing asks yet)",
        *(BLIND, "✘ plain commands believe them", SEEN, SEEN),
    ),
    Threat(
        "schema",
        "add, change or drop a table, an index or a trigger, also under the name of another",
        *(BLIND, "✔ nothing is written into such a file", SEEN, SEEN),
    ),
    Threat(
        "third-book",
        "add rows of another book without a head",
        *(BLIND, "✔ `audit` of any book tells them", SEEN, SEEN),
    ),
    Threat(
        "notes",
        "edit the notes of an unfinished `audit --all`",
        *(BLIND, BLIND, "✘ `--resume` says which books it took from them", BLIND),
    ),
    Threat(
        "texts",
        "write texts with control characters or invisible ones under a right chain",
        *("✔ no decoder takes them", SEEN, SEEN, SEEN),
    ),
    Threat(
        "layout",
        "change `rowid`, the layout of pages, statistics of `ANALYZE`: no stored fact",
        *("✘ nothing to see", "✘ nothing to see", "✘ nothing to see", "✘ nothing to see"),
    ),
    Threat(
        "rewritten",
        "rewrite entries lawfully and recompute everything with this program, the views too",
        *(BLIND, BLIND, BLIND, "✔ before the last head given out"),
    ),
    Threat(
        "false-entry",
        "record a false payment under a true name",
        *(BLIND, BLIND, BLIND, "✘ see below"),
    ),
]


def threats() -> str:
    """The table."""
    head = ("whoever may write the files can", "chain", "+ recorded head", "+ all of `audit`")
    rows = ((each.can, *each.cells()) for each in THREATS)
    return table((*head, "+ a head given out"), rows)
