"""A document as one HTML file: no request, no outside file, strict CSP by hash. Every figure opens
the panel that leads from it to its entries (html_page/report.js, from the data in the file).

Texts pass through Jinja2's autoescape; what is ours alone (style, script, charts) does not.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec

from cli.documents.report.html_blocks import markup, own, templates
from cli.documents.report.said import INTERNAL, head
from ledger.kinds import KIND_NAMES
from ledger.texts import json_escaped
from projections.report.document.parts import DocumentSection, ReportDocument, TableBlock
from projections.report.document.traced import Trace, TracedEntry


def report(document: ReportDocument) -> bytes:
    """The bytes of the file. Raises `Lacking` without Jinja2."""
    page = templates(address="#={}".format).get_template("report.html.jinja")
    style, script = own("shared.css") + own("report.css"), own("report.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )
    ours = markup()
    return page.render(
        document=document,
        policy=policy,
        style=ours(style),
        script=ours(script),
        data=ours(_data(document)),
        said_of_head=head(document.header),
        classes=_section_classes,
        internal=INTERNAL,
    ).encode()


def _digest(text: str) -> str:
    """A hash as a Content-Security-Policy has it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


_WIDE = 8
"""More columns than these lie across a sheet of paper."""


def _section_classes(section: DocumentSection) -> str:
    """What the style tells apart: official forms, those that lie across, and self-evaluations."""
    forms = [block.grid for block in section.blocks if isinstance(block, TableBlock)]
    tabled = any(grid.number for grid in forms)
    wide = tabled and max(len(grid.columns) for grid in forms) > _WIDE
    said = (("tabled", tabled), ("wide", wide), ("form", section.level > 2))
    return "".join(f" {name}" for name, holds in said if holds)


class _Told(msgspec.Struct, frozen=True):
    """What the script of the page reads; short names, for there are thousands."""

    citation: str
    head: str
    figures: dict[str, tuple[Any, ...]]
    entries: dict[str, tuple[Any, ...]]


def _data(document: ReportDocument) -> str:
    """The ways back of all figures, as JSON that cannot end its element."""
    told = _Told(
        document.header.subject,
        head(document.header),
        {name: _figure(each) for name, each in document.traces.items()},
        {key: _entry(each) for key, each in document.entries.items()},
    )
    text = json_escaped(msgspec.json.encode(told).decode())
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _figure(each: Trace) -> tuple[Any, ...]:
    """label, kind, printed, unit, fen or value, formula, parts, entries, counted, rest, before,
    lacking."""
    exact = each.fen if each.kind == "amount" else each.value
    return (
        *(each.label, each.kind, each.printed, each.unit, exact, each.formula),
        *(each.parts, each.entries, each.counted, each.rest, each.before, each.lacking),
    )


def _entry(each: TracedEntry) -> tuple[Any, ...]:
    """book, number, kind, day, 文号, payee, purpose."""
    kind = KIND_NAMES.get(each.kind, each.kind)
    return each.book, each.entry, kind, each.day, each.doc, each.payee, each.purpose
