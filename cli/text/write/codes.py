"""What is answered where a list of codes was adopted."""

import msgspec

from cli.text.write.receipt import receipt
from ledger.kinds import CODE_SET_NAMES, CodeSet
from ledger.receipt import Receipt


class Adoption(msgspec.Struct, frozen=True):
    """The list: which it is, its name, the SHA-256 of its file, and how many codes it names."""

    code_set: CodeSet = msgspec.field(name="set")
    edition: str
    sha256: str
    rows: int


def adoption(answer: Receipt, adopted: Adoption) -> str:
    """The receipt, with the list on its second line."""
    first, *rest = receipt(answer).split("\n")
    told = (
        f"科目表  {CODE_SET_NAMES[adopted.code_set]}  {adopted.edition}  {adopted.rows:,} 行  "
        f"SHA-256 {adopted.sha256[:12]}"
    )
    return "\n".join([first, told, *rest])
