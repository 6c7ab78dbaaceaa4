"""A document as PDF: printed from the HTML by Chromium, or made of the Word file by LibreOffice,
whichever this machine has. Neither asks anybody for anything: what they read is one file of ours,
in a folder of their own that is gone afterwards.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ledger.errors import Lack, Lacking
from projections.report.document.parts import ReportDocument

SECONDS = 180
"""How long a program may take."""
_INSTALL = "apt-get install chromium fonts-noto-cjk"
_BEGINS = b"%PDF-"


def _html(document: ReportDocument) -> bytes:
    from cli.documents.report import html

    return html.report(document)


def _docx(document: ReportDocument) -> bytes:
    from cli.documents.report import docx

    return docx.report(document)


class Printer(NamedTuple):
    """A program that makes a PDF: its names, the file that it reads and who writes that, and what
    it is told, {folder} and {file} filled in; `as_root` besides where it runs as root."""

    names: tuple[str, ...]
    reads: str
    written: Callable[[ReportDocument], bytes]
    told: tuple[str, ...]
    as_root: tuple[str, ...] = ()


CHROMIUM = Printer(
    names=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    reads="report.html",
    written=_html,
    told=(
        *("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions"),
        *("--no-first-run", "--no-default-browser-check", "--disable-background-networking"),
        *("--disable-component-update", "--disable-sync", "--disable-breakpad"),
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--user-data-dir={folder}/profile",
        "--no-pdf-header-footer",
        "--print-to-pdf={folder}/report.pdf",
        "{file}",
    ),
    as_root=("--no-sandbox",),
)
LIBREOFFICE = Printer(
    names=("soffice", "libreoffice"),
    reads="report.docx",
    written=_docx,
    told=(
        "-env:UserInstallation={folder}/profile",
        *("--headless", "--norestore", "--nolockcheck"),
        *("--convert-to", "pdf:writer_pdf_Export", "--outdir", "{folder}", "{file}"),
    ),
)
PRINTERS = (CHROMIUM, LIBREOFFICE)


def report(document: ReportDocument) -> bytes:
    """The bytes of the file. Raises `Lacking` where no program makes it."""
    failed: list[str] = []
    for printer in PRINTERS:
        program = next(filter(None, map(shutil.which, printer.names)), None)
        if program is None:
            continue
        made = _printed(printer, program, document)
        if made.startswith(_BEGINS):
            return made
        failed.append(Path(program).name)
    if failed:
        raise Lacking(Lack.TOOL_FAILED, f"{'、'.join(failed)} 没有做出 PDF", way_out=_INSTALL)
    message = "没有找到能做 PDF 的程序（Chromium 或 LibreOffice）"
    raise Lacking(Lack.TOOL_MISSING, message, way_out=_INSTALL)


def _printed(printer: Printer, program: str, document: ReportDocument) -> bytes:
    """What a program made; nothing where it did not, or not in time."""
    with TemporaryDirectory(prefix="yusuan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / printer.reads
        source.write_bytes(printer.written(document))
        _run([program, *_told(printer, folder, source)], home=folder)
        made = folder / "report.pdf"
        return made.read_bytes() if made.is_file() else b""


def _told(printer: Printer, folder: Path, source: Path) -> list[str]:
    """The program's arguments; addresses of files where it takes them for such."""
    besides = printer.as_root if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    address = folder.as_uri()
    return [
        *besides,
        *(
            each.replace("UserInstallation={folder}", f"UserInstallation={address}")
            .replace("{folder}", str(folder))
            .replace("{file}", str(source))
            for each in printer.told
        ),
    ]


def _run(arguments: list[str], *, home: Path) -> None:
    """Runs a program to its end, or to the end of the time; what it started ends with it."""
    environment = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        arguments,
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            with suppress(subprocess.TimeoutExpired):
                running.wait(SECONDS)
        finally:
            _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    """Ends a program of ours with all that it started, by the group that it leads."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
