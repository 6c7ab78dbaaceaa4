"""SLOT.TWICE: is one place of a department's report filled by the books of two units? The last of
them, by unit, is printed; which is meant only a person knows."""

from collections import defaultdict
from collections.abc import Iterator

from ledger.events.particulars import KeyWorkListed, OfDepartment, ReasonGiven, TextWritten
from ledger.refusals import Way
from projections.questions.particulars import Said
from projections.report.figure import Report
from projections.report.findings import Finding
from projections.views.reading import Reading

CODE = "SLOT.TWICE"
_SUGGESTED = "一处只由一个单位的账套写明：多写的用 yusuan reverse 冲销。"


def said_twice(report: Report) -> Iterator[Finding]:
    """What two books of a department say of one reason, text or 重点工作."""
    if isinstance(report.source, Reading):
        return
    reasons = ((f"原因 {each.event.slot}", each) for each in report.own(ReasonGiven))
    texts = ((f"文字 {each.event.slot}", each) for each in report.own(TextWritten))
    works = ((f"重点工作 {each.event.no}", each) for each in report.own(KeyWorkListed))
    found: dict[str, dict[str, Said[OfDepartment]]] = defaultdict(dict)
    for place, each in (*reasons, *texts, *works):
        found[place][each.book] = each
    for place, books in found.items():
        if len(books) > 1:
            told = "、".join(f"{book} 第 {each.entry} 笔" for book, each in books.items())
            yield Finding(
                CODE,
                "warn",
                f"部门的{place} 由几个账套写明：{told}",
                suggestion=_SUGGESTED,
                try_=[_undone(book, each) for book, each in books.items()],
            )


def _undone(book: str, each: Said[OfDepartment]) -> Way:
    unit, _, year = book.rpartition("/")
    return Way("reverse", each.entry, unit=unit, year=int(year))
