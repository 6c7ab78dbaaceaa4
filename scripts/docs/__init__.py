"""The documents that repeat what the code says, made from it, and the sessions of the READMEs
and tours.

    python -m scripts.docs                    writes what is stale
    python -m scripts.docs --check            writes nothing; a diff and exit 1 if anything is stale
    python -m scripts.docs FORMAT.md          only these files

In these every block fenced as `console` is a session. The lines that begin `$ ` are run by bash,
all sessions of a file in order in one temporary folder, and what they print is put below them. A
file in which only that differs what differs with every run (hashes, seals, times) is fresh.

Between two marks of a README stands what BENCHMARKS.md says in short, or which files a command goes
through.
"""

from scripts.docs.documents import DOCUMENTS, READMES, difference
from scripts.docs.sessions import masked

__all__ = ["DOCUMENTS", "READMES", "difference", "masked"]
