"""A document, or a paper to sign, as a Word file: through python-docx and resvg (the optional extra
`report`)."""

from importlib.util import find_spec

from cli.documents.report.said import lacking
from cli.text.ask.paper import PaperText
from projections.report.document.parts import ReportDocument

_DOCX, _PICTURES = ("docx", "python-docx"), ("resvg_py", "resvg-py")
"""The modules, and the libraries that bring them."""


def report(document: ReportDocument) -> bytes:
    """The bytes of the file. Raises `Lacking` without the libraries."""
    _there(_DOCX, _PICTURES)
    from cli.documents.report.docx_file.writer import written

    return written(document)


def paper(said: PaperText) -> bytes:
    """The bytes of the file. Raises `Lacking` without the library."""
    _there(_DOCX)
    from cli.documents.report.docx_file.paper import written

    return written(said)


def _there(*libraries: tuple[str, str]) -> None:
    for module, library in libraries:
        if find_spec(module) is None:
            raise lacking(library)
