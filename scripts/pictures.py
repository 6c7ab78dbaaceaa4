"""The two pictures of the READMEs: the overview of `yusuan serve`, and the report with the panel of
a figure open, both of the demo year, as Chromium shows them.

`python -m scripts.pictures` writes them to cli/web/pictures, as PNG with a palette: a page has few
colours, and a clone should stay small.
"""

import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser

from tests.harness.browser import browser, seen
from tests.harness.pages import served
from tests.harness.shell import Shell

FOLDER = Path(__file__).parent.parent / "cli" / "web" / "pictures"
TOGETHER_MAX = 200_000
"""Bytes of both."""
_WIDE, _HIGH = 1280, 800
_COLOURS = 64


def main() -> int:
    """Draws both, and says how large they are."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as of:
        shell = Shell(Path(folder) / "demo.db")
        shell("demo")
        FOLDER.joinpath("overview.png").write_bytes(_small(_overview(of, shell)))
        FOLDER.joinpath("report.png").write_bytes(_small(_report(of, shell)))
    sizes = {file.name: file.stat().st_size for file in sorted(FOLDER.glob("*.png"))}
    print(*(f"{name}: {size:,} bytes" for name, size in sizes.items()), sep="\n")
    return int(sum(sizes.values()) > TOGETHER_MAX)


def _overview(of: Browser, shell: Shell) -> bytes:
    with served(shell.db) as server:
        return seen(of, server.address, wide=_WIDE, high=_HIGH).page.screenshot()


def _report(of: Browser, shell: Shell) -> bytes:
    file = shell.db.parent / "report.html"
    shell("report", "-o", str(file))
    page = seen(of, f"{file.as_uri()}#T1", wide=_WIDE, high=_HIGH).page
    page.locator("[data-cell='T3.合计.1']:visible").first.click()
    return page.screenshot()


def _small(png: bytes) -> bytes:
    """The same picture with a palette: every pixel the nearest of the colours that are most used,
    the shades of letters among them."""
    wide, high, rows = _pixels(png)
    counts = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counts.most_common(_COLOURS)]
    index = {colour: _nearest(palette, colour) for colour in counts}
    lines = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in rows)
    header = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*each)
        for each in (
            (b"IHDR", header),
            (b"PLTE", b"".join(map(bytes, palette))),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


Pixel = tuple[int, ...]


def _nearest(palette: list[Pixel], colour: Pixel) -> int:
    away = [sum((a - b) ** 2 for a, b in zip(each, colour, strict=True)) for each in palette]
    return away.index(min(away))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixels(png: bytes) -> tuple[int, int, list[list[Pixel]]]:
    """Width, height and the rows of a PNG as Chromium writes it: 8 bits, no interlace."""
    at, data = 8, b""
    wide, high, depth, kind = struct.unpack(">IIBB", png[16:26])
    if (depth, kind) not in ((8, 2), (8, 6)):
        raise ValueError(f"a PNG of another kind: {depth}, {kind}")
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    step = 3 if kind == 2 else 4
    raw, line = zlib.decompress(data), wide * step
    rows, above = [], bytearray(line)
    for number in range(high):
        begin = number * (line + 1)
        above = _unfiltered(raw[begin], bytearray(raw[begin + 1 : begin + 1 + line]), above, step)
        rows.append([tuple(above[x : x + 3]) for x in range(0, line, step)])
    return wide, high, rows


def _unfiltered(how: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    """A line of a PNG as it was before it was filtered (RFC 2083 §6)."""
    for x in range(len(line)):
        left = line[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        match how:
            case 1:
                line[x] = (line[x] + left) & 255
            case 2:
                line[x] = (line[x] + above[x]) & 255
            case 3:
                line[x] = (line[x] + (left + above[x]) // 2) & 255
            case 4:
                line[x] = (line[x] + _paeth(left, above[x], corner)) & 255
    return line


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


if __name__ == "__main__":
    sys.exit(main())
