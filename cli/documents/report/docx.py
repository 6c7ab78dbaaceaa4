"""A document as a Word file, through python-docx and resvg (the optional extra `report`)."""

from importlib.util import find_spec

from cli.documents.report.said import lacking
from projections.report.document.parts import ReportDocument

_LIBRARIES = {"docx": "python-docx", "resvg_py": "resvg-py"}


def report(document: ReportDocument) -> bytes:
    """The bytes of the file. Raises `Lacking` without the libraries."""
    for module, library in _LIBRARIES.items():
        if find_spec(module) is None:
            raise lacking(library)
    from cli.documents.report.docx_file.writer import written

    return written(document)
