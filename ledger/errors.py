"""Ways to fail that no rule decides: input that cannot be read, a book that is wrong, a machine
that lacks something.

`Malformed` ends a command with exit 2, `Corrupt` with exit 4, `Lacking` with exit 5; a transaction
that a rule forbids is `Refused` (refusals.py, exit 3).
"""


class Malformed(ValueError):
    """Input that cannot be read. Names the field, the value, and what would be right."""

    def __init__(self, code: str, *, field: str, value: str, expected: str) -> None:
        shown = value if len(value) <= 60 else f"{value[:57]}…（共 {len(value)} 个字符）"
        shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
        wrong = f"“{shown}”不正确" if value else "没有填写"
        gap = " " if expected[:1].isascii() else ""
        super().__init__(f"{field}：{wrong}，应为{gap}{expected}")
        self.code = code
        self.field = field
        self.value = shown
        self.expected = expected


class Corrupt(Exception):
    """What is stored contradicts itself. Nothing below the command line catches it."""

    def __init__(self, message: str, *, code: str = "BOOK.CORRUPT", **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class Lacking(Exception):
    """A program or a library that is not on this machine; `way_out` is how one gets it."""

    def __init__(self, code: str, message: str, *, way_out: str) -> None:
        super().__init__(message)
        self.code = code
        self.way_out = way_out
