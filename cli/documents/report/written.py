"""A document as the bytes of a file, in the format that the name of the file says."""

from pathlib import Path

from projections.report.document.parts import ReportDocument

SUFFIXES = (".html", ".docx", ".xlsx", ".pdf")
EXACT = (".html", ".xlsx")
"""Those whose bytes are the same on every machine, so that a file can be held against the book."""


def written(file: Path, made: ReportDocument) -> bytes:
    """The bytes. Raises `Lacking` without the library that writes them."""
    match file.suffix.lower():
        case ".html":
            from cli.documents.report import html

            return html.report(made)
        case ".docx":
            from cli.documents.report import docx

            return docx.report(made)
        case ".xlsx":
            from cli.documents.report import xlsx

            return xlsx.report(made)
        case _:
            from cli.documents.report import pdf

            return pdf.report(made)
