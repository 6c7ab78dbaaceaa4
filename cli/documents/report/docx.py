"""A document as a Word file, through python-docx and resvg (the optional extra `report`)."""

from cli.documents.report.said import lacking
from projections.report.document.parts import Document


def report(document: Document) -> bytes:
    """The bytes of the file. Raises `Lacking` without the libraries."""
    try:
        import docx  # noqa: F401
        import resvg_py  # noqa: F401
    except ImportError as error:
        raise lacking(error.name or "python-docx") from None
    from cli.documents.report.docx_file.writer import written

    return written(document)
