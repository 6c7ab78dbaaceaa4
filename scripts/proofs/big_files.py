"""Big files through a mapping: how much memory and time does reading them take?

    python -m scripts.proofs.big_files [--rows 1048575] [--megabytes 200] [--record]

Writes a workbook of so many payments, its texts shared as Excel shares them, and a CSV file of so
many megabytes into a temporary folder, and has `yusuan import --map TREASURY` read each in a
process of its own, with `--record` also record it. Prints seconds and the peak of memory; exits 1
above 300 MB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

LIMIT_MB = 300
HEADER = ("日期", "凭证号", "功能科目", "项目代码", "经济科目", "支付金额", "收款人", "用途")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = (
    f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="支付" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>"
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)


def payment(n: int) -> tuple[str, ...]:
    """One payment; voucher and purpose are of its own."""
    day = f"2020-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    return (
        *(day, f"支2020-{n:07d}", "2080105", f"P{n % 20:02d}", "30201"),
        *(f"{n % 1000 + 1}.{n % 100:02d}", f"楚天印务有限公司{n % 5000}", f"第 {n} 批办公用品采购"),
    )


def csv_file(path: Path, megabytes: int) -> int:
    """A CSV file of at least so many MB; the number of its rows."""
    rows = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(HEADER) + "\n")
        while stream.tell() < megabytes << 20:
            for _ in range(10_000):
                stream.write(",".join(payment(rows)) + "\n")
                rows += 1
    return rows


def workbook(path: Path, rows: int) -> None:
    """A workbook of so many rows below its header."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("xl/workbook.xml", _BOOK)
        packed.writestr("xl/_rels/workbook.xml.rels", _RELATIONS)
        with packed.open("xl/sharedStrings.xml", "w", force_zip64=False) as part:
            part.write(f"<sst {_MAIN}>".encode())
            for row in _table(rows):
                part.write("".join(f"<si><t>{text}</t></si>" for text in row).encode())
            part.write(b"</sst>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f"<worksheet {_MAIN}><sheetData>".encode())
            for number in range(rows + 1):
                first = number * len(HEADER)
                cells = "".join(
                    f'<c r="{letter}{number + 1}" t="s"><v>{first + at}</v></c>'
                    for at, letter in enumerate("ABCDEFGH")
                )
                part.write(f'<row r="{number + 1}">{cells}</row>'.encode())
            part.write(b"</sheetData></worksheet>")


def _table(rows: int) -> Iterator[tuple[str, ...]]:
    yield HEADER
    yield from map(payment, range(rows))


def run(db: Path, *arguments: str) -> tuple[float, int, str]:
    """Seconds, peak MB and last word of one command."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(db), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit("\n".join(lines[-20:]))
    return time.perf_counter() - began, usage.ru_maxrss >> 10, lines[0] if lines else ""


def book(folder: Path) -> Path:
    """A book with money enough on twenty projects."""
    db = folder / "book.db"
    opened = ("--unit", "U", "--year", "2020", "--name", "某局", "--kind", "admin")
    run(db, "open-book", *opened, "--edition", "2020", "--basis", "indicator")
    rows = [f"A{n},2020-01-01,appropriate,2080105,P{n:02d},90000000000" for n in range(20)]
    (folder / "budget.csv").write_text(
        "\n".join(("id,date,kind,func,project,amount", *rows)), encoding="utf-8"
    )
    run(db, "import", str(folder / "budget.csv"), "--register")
    return db


def main() -> int:
    """Measures; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=(1 << 20) - 1)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    highest = 0
    with tempfile.TemporaryDirectory(prefix="yusuan-big-") as name:
        folder = Path(name)
        files = {folder / "big.xlsx": options.rows}
        workbook(folder / "big.xlsx", options.rows)
        files[folder / "big.csv"] = csv_file(folder / "big.csv", options.megabytes)
        for path, rows in files.items():
            for more in (
                [["--dry-run", "--json"], []] if options.record else [["--dry-run", "--json"]]
            ):
                db = book(folder)
                seconds, peak, _ = run(db, "import", str(path), "--map", "TREASURY", *more)
                db.unlink()
                highest = max(highest, peak)
                size = path.stat().st_size >> 20
                what = "read" if more else "read and recorded"
                print(f"{path.name}  {size} MB  {rows} rows  {what}  {seconds:.1f} s  {peak} MB")
    return 0 if highest <= LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
