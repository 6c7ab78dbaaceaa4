"""The journal as ledger (ledger-cli) reads it."""

from collections.abc import Iterator

from projections.exports.journal import CURRENCY, Journal, plain_text
from projections.exports.peers import Peer


def text(journal: Journal) -> Iterator[str]:
    """The file, piece by piece."""
    return plain_text(journal, f"commodity {CURRENCY}\n    format 1000.00 {CURRENCY}")


PEER = Peer(
    program="ledger",
    install="apt-get install ledger",
    # Permissive: an assertion at the end of the file that fails would hide the figures.
    arguments=(
        *("--args-only", "-f", "{file}", "--permissive", "balance", "--flat", "--empty"),
        *("--no-total", "--format", '"%(account)","%(quantity(scrub(total)))"\n'),
    ),
)
