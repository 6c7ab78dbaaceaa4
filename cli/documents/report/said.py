"""What every format says of a document as a whole, and of a machine that cannot write it."""

from ledger.errors import Lack, Lacking
from projections.answers import DepartmentHeader, Header, some

INTERNAL = "内部使用，不得公开"
"""What stands on every page of a document that tells payees and purposes."""


def head(header: Header) -> str:
    """Which entries a document was made from."""
    if isinstance(header, DepartmentHeader):
        heads = (
            f"{one.book} {one.head.entries} 笔（{one.head.hash[:12]}）" for one in header.books
        )
        said = f"汇总 {len(header.books)} 个账套：{some(list(heads))}"
    else:
        said = f"账套 {header.book}，共 {header.head.entries} 笔，末端 {header.head.hash[:12]}"
    moments = (("截至 {}", header.as_of), ("按 {} 时所知", header.known_at))
    return "，".join([said, *(text.format(moment) for text, moment in moments if moment)])


def lacking(library: str) -> Lacking:
    """What writes reports is not installed (the extra `report`). Its own name is told: this
    project is on no index, and what lies there under ours would be somebody else's."""
    return Lacking(
        Lack.LIBRARY_MISSING,
        f"没有安装 {library}，不能写报告",
        way_out=f"pip install {library}",
    )
