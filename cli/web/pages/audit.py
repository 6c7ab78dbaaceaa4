"""Whether the book is true: what is known of audits. None is run here: it reads every byte."""

import msgspec

from cli.text import ways
from cli.web.parts import Block, Code, ColumnHead, Facts, Listing, Notice, Shown, Text
from cli.web.visit import Visit
from ledger.proofs.seal import Seal
from ledger.refusals import Way
from ledger.store.log import Place
from projections.audit.book import CHECKS, Audited
from projections.audit.file import notes_path
from projections.audit.notes import noted
from projections.views.reading import Reading


class AuditState(msgspec.Struct, frozen=True):
    """The seal of a book as it stands, and what the last audit of all books that was broken off has
    noted of it; null where nothing is noted."""

    seal: str
    noted: Audited | None


def audited_before(place: Place, reading: Reading) -> int | None:
    """The entries of a book that an audit has noted; None where none has."""
    found = noted(notes_path(place)).get(str(reading.book))
    return None if found is None else found.head.entries


def audit(visit: Visit) -> Shown:
    """审计状态 of a book."""
    with visit.book() as opened:
        header, seal = opened.header(), str(Seal.of(opened.head))
        found = noted(notes_path(visit.session.db)).get(str(opened.book))
    unit, year = header.book.split("/")
    blocks: list[Block] = [
        Facts(
            "账头",
            (
                ("笔数", Text(f"{header.head.entries:,}")),
                ("末端哈希", Text(header.head.hash)),
                ("封签", Text(seal, note="抄在账外留存，日后用 audit --seal 核对")),
            ),
        ),
    ]
    if found is None:
        blocks.append(Notice("本机没有记下这个账套的审计结果。", "watch"))
    else:
        blocks.append(
            Notice(
                f"上次没有审完的审计已审到第 {found.head.entries} 笔："
                + ("相符" if found.ok else "不符"),
                "good" if found.ok else "bad",
            )
        )
        blocks.append(
            Listing(
                "检查",
                (
                    ColumnHead("检查"),
                    ColumnHead("内容"),
                    ColumnHead("次数", "amount"),
                    ColumnHead("不符", "amount"),
                ),
                tuple(
                    (
                        Text(each.code),
                        Text(CHECKS.get(each.code, "")),
                        Text(f"{each.tried:,}"),
                        Text(f"{each.failed:,}" if each.failed else "", light="bad"),
                    )
                    for each in found.checks
                ),
            )
        )
    typed = [Way("audit", unit=unit, year=int(year)), Way("seal", unit=unit, year=int(year))]
    blocks.append(
        Code(
            "审计从存储的字节重放全年，不在网页中执行；在终端中：",
            "\n".join(map(ways.command, typed)),
        )
    )
    return Shown((header, AuditState(seal, found)), "审计状态", tuple(blocks))
