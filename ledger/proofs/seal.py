"""A seal: a head short enough to be written down outside the system."""

from typing import NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.proofs.head import Head

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


_CHECK = _ALPHABET + "*~$=U"


_MISREAD = str.maketrans("OIL", "011")


_DIGITS = 20  # 100 bits of the hash: enough against a second book with the same seal


_RIGHT = "封签，形如 133-XXXX-XXXX-XXXX-XXXX-XXXX-X（由 yusuan seal 打印）"


class Seal(NamedTuple):
    """A head short enough to write on paper: the count and the first 100 bits of the hash."""

    entries: int
    prefix: str

    @classmethod
    def of(cls, head: Head) -> "Seal":
        """The seal of a head."""
        bits = int.from_bytes(head.hash, "big") >> (256 - 5 * _DIGITS)
        digits = (_ALPHABET[bits >> (5 * i) & 31] for i in reversed(range(_DIGITS)))
        return cls(head.entries, "".join(digits))

    @classmethod
    def parse(cls, text: str) -> "Seal":
        """The seal that was written down. Raises `Malformed` when it was mistyped."""
        entries, _, rest = text.strip().upper().partition("-")
        symbols = rest.replace("-", "").replace(" ", "")
        prefix, check = symbols[:-1].translate(_MISREAD), symbols[-1:].translate(_MISREAD)
        if not (
            entries.isascii()
            and entries.isdigit()
            and len(entries) <= len(str(2**53))
            and not rest.startswith("-")  # a hyphen typed for the count's last digit
            and len(prefix) == _DIGITS
            and set(prefix) <= set(_ALPHABET)
        ):
            raise Malformed(Unreadable.SEAL_MALFORMED, field="seal", value=text, expected=_RIGHT)
        seal = cls(int(entries), prefix)
        if check != seal._check():
            expected = "与校验位相符的封签；请逐字核对，至少一个字符抄错"
            raise Malformed(Unreadable.SEAL_MISTYPED, field="seal", value=text, expected=expected)
        return seal

    def _check(self) -> str:
        value = self.entries
        for digit in self.prefix:
            value = value * 32 + _ALPHABET.index(digit)
        return _CHECK[value % 37]

    def __str__(self) -> str:
        groups = [self.prefix[i : i + 4] for i in range(0, _DIGITS, 4)]
        return "-".join([str(self.entries), *groups, self._check()])
