"""Every document and what makes it; writing what is stale, or showing it."""

import argparse
import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import scripts.docs
from scripts.docs.chapters import CHAPTERS, chaptered
from scripts.docs.markdown import ROOT, Unusable
from scripts.docs.measured import measured, routed
from scripts.docs.reference import reference
from scripts.docs.refusals import refusals
from scripts.docs.sessions import masked, sessions


def readme(text: str) -> str:
    """A README or a tour as it should be now."""
    return measured(sessions(text), (ROOT / "BENCHMARKS.md").read_text("utf-8"))


GUIDES = ("ledger/README.md", "projections/README.md")
"""Written by a person, with the files that a command goes through."""
READMES = ("README.md", "README.zh-CN.md")
TOURS = ("cli/TOUR.md", "cli/TOUR.zh-CN.md")
PLAYED = READMES + TOURS
"""Written by a person, with sessions."""
DOCUMENTS: dict[str, Callable[[str], str]] = {
    **{name: chaptered(name) for name in CHAPTERS},
    "ledger/REFUSALS.md": refusals,
    "cli/REFERENCE.md": reference,
    **dict.fromkeys(PLAYED, readme),
    **dict.fromkeys(GUIDES, routed),
}
"""Each document, and what makes its text from the text that it had."""


def main(argv: Sequence[str]) -> int:
    """Write or check the documents; 1 if one is stale or cannot be made."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.docs",
        description=scripts.docs.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; show what is stale")
    parser.add_argument("files", nargs="*", metavar="FILE", help="of: " + ", ".join(DOCUMENTS))
    options = parser.parse_args(argv)
    unknown = set(options.files) - set(DOCUMENTS)
    if unknown:
        parser.error(f"not made here: {', '.join(sorted(unknown))}")
    failed = False
    for name in options.files or DOCUMENTS:
        path = ROOT / name
        if name in PLAYED and not path.exists():
            continue
        try:
            old, new = versions(name, path)
        except Unusable as why:
            print(f"{name}: {why}", file=sys.stderr)
            failed = True
            continue
        if options.check:
            sys.stdout.write(difference(name, old, new))
            failed = failed or new != old
        elif new != old:
            path.write_text(new, "utf-8")
            print(f"{name}: written")
    return int(failed)


def versions(name: str, path: Path) -> tuple[str, str]:
    """A document as it stands in a file, and as the code says."""
    old = path.read_text("utf-8") if path.exists() else ""
    return old, DOCUMENTS[name](old)


def difference(name: str, old: str, new: str) -> str:
    """What is stale, as a unified diff; empty where nothing is. That of sessions is masked: beside
    one figure that changed, every hash did."""
    if name in PLAYED:
        old, new = masked(old), masked(new)
    lines = (old.splitlines(keepends=True), new.splitlines(keepends=True))
    return "".join(difflib.unified_diff(*lines, name, f"{name} (as the code says)"))
