"""A chart of a document as a picture, where a program that shows it cannot draw SVG: the shapes of
svg_charts, with colours that stay apart on grey paper, drawn by resvg.

The letters are the machine's. Chinese ones are looked for by what is drawn, not by names of files:
one that has no such font would print boxes, and has no pictures.
"""

from functools import cache

import resvg_py

from cli.documents.report.svg_charts import svg
from projections.report.document.parts import Chart

_SCALE = 3  # dots to a unit of a chart: 270 to the inch where it is 135 mm wide
_FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "SimHei", "SimSun", "Droid Sans Fallback", "AR PL UMing CN"),
    # A font without Chinese letters takes them from any other that has them.
    *("Noto Sans", "Arial", "Liberation Sans", "DejaVu Sans"),
)
_STYLE = f"""
text {{ font-family: {", ".join(f'"{name}"' for name in _FONTS)}; font-size: 12px; fill: #222222 }}
.value {{ fill: #000000 }}
.note {{ font-size: 11px; fill: #555555 }}
.series-0 {{ fill: #24527a }}
.series-1 {{ fill: #e0913f }}
.series-2 {{ fill: #8c98a4 }}
.track {{ fill: #eceff3 }}
.grid {{ stroke: #d5dae0; stroke-width: 1 }}
.axis {{ stroke: #333333; stroke-width: 1 }}
.across {{ stroke: #b23b3b; stroke-width: 1.5; stroke-dasharray: 5 3 }}
"""


def png(chart: Chart) -> bytes:
    """The picture."""
    return _drawn(svg(chart))


@cache
def writes_chinese() -> bool:
    """Whether this machine has a font for Chinese: two letters look like two, and like something;
    without one they are the same box, or nothing."""
    said = "预", "算", " "
    return len({_drawn(_LETTER.format(each)) for each in said}) == len(said)


_LETTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16">{}</text>'
    "</svg>"
)


def _drawn(shapes: str) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=shapes, style_sheet=_STYLE, background="#ffffff", zoom=_SCALE
    )
