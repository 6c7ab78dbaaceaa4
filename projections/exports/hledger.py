"""The journal as hledger reads it."""

from collections.abc import Iterator

from projections.exports.journal import CURRENCY, Journal, plain_text
from projections.exports.peers import Peer


def text(journal: Journal) -> Iterator[str]:
    """The file, piece by piece."""
    return plain_text(journal, f"commodity 1000.00 {CURRENCY}")


PEER = Peer(
    program="hledger",
    install="apt-get install hledger",
    # The assertions at the end of the file are left out: one that fails would hide the figures.
    arguments=(
        *("-f", "{file}", "--strict", "--ignore-assertions", "balance", "--flat", "--empty"),
        *("--no-total", "--output-format", "csv"),
    ),
)
