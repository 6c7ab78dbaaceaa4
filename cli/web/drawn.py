"""How a page becomes HTML: the frame with its navigation, and the templates of the blocks."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cli.documents.report.html_blocks import own, templates
from cli.documents.report.said import head
from cli.exits import Failure
from cli.text import ways
from cli.web.parts import Block, Notice, Shown, Text
from cli.web.visit import WHERE, Visit, quoted
from projections.answers import BookHeader, DepartmentHeader

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent.joinpath("templates")


class Link(NamedTuple):
    """A link of the navigation; `alone`: to what only a book answers, no department."""

    name: str
    path: str
    alone: bool = False


CHAPTERS: tuple[tuple[str, tuple[Link, ...]], ...] = (
    ("概况", (Link("概览", "/"), Link("待审批", "/pending", alone=True), Link("审核", "/check"))),
    (
        "资金",
        (
            Link("预算余额", "/balance"),
            Link("执行进度", "/progress"),
            Link("预算执行", "/execution"),
            Link("三公经费", "/three-public"),
            Link("结转结余", "/carryover"),
            Link("结转账龄", "/carry-ageing"),
            Link("年初", "/opening"),
        ),
    ),
    ("记录", (Link("流水", "/log", alone=True),)),
    (
        "决算",
        (
            Link("决算表", "/tables"),
            Link("情况说明", "/narrative"),
            Link("绩效自评", "/performance"),
        ),
    ),
    (
        "账册",
        (Link("账套", "/books"), Link("汇总", "/roll-up"), Link("审计状态", "/audit", alone=True)),
    ),
)
"""The navigation: what a clerk, a chief and an auditor look for."""
_UNDER = {
    "/statement": "/balance",
    "/show": "/log",
    "/where-used": "/log",
    "/table": "/tables",
    "/explain": "/tables",
}
"""The page of the navigation under which another stands."""


@cache
def style() -> bytes:
    """The style of all pages: what the report has too, and what is of pages alone."""
    return (own("shared.css") + _HERE.joinpath("page.css").read_text("utf-8")).encode()


def encoded_path(path: str) -> str:
    """A path as it stands in an address."""
    return "/".join(map(quoted, path.split("/")))


def page(visit: Visit, shown: Shown, json: str) -> bytes:
    """A page."""
    header = shown.header
    return _rendered(
        visit,
        title=shown.title,
        about=shown.about,
        path=shown.path,
        blocks=shown.blocks,
        json=json,
        subject=header.subject if header else "",
        name=visit.names[0] if header and visit.names else "",
        head=head(header) if header else "",
        known=isinstance(header, BookHeader | DepartmentHeader),
    )


def failed(visit: Visit, failure: Failure, status: int) -> bytes:
    """The page of a question that has no answer: the same words, and the ways out."""
    blocks: list[Block] = [
        Notice(
            f"{failure.code}　{failure.message}",
            "bad",
            tuple(map(ways.command, failure.ways_out)),
            (Text("选择账套", "/books"), Text("概览", visit.link("/"))),
        )
    ]
    return _rendered(
        visit,
        title=TITLES.get(status, "没有能回答"),
        about="",
        path=(),
        blocks=tuple(blocks),
        json="",
        subject="",
        name="",
        head="",
        known=False,
    )


TITLES = {
    400: "问法不对",
    404: "没有找到",
    409: "不能回答",
    500: "账或程序有误",
    503: "暂时不能回答",
}


def refused(code: int, said: str) -> bytes:
    """The page of a request that is not let in; it says nothing of the book."""
    return _templates().get_template("refused.html.jinja").render(code=code, said=said).encode()


def _rendered(visit: Visit, **context: object) -> bytes:
    made = _templates()
    here = "/" + visit.path.strip("/").partition("/")[0]
    return (
        made.get_template("page.html.jinja")
        .render(
            chapters=[
                (name, places)
                for name, every in CHAPTERS
                if (places := [each for each in every if not (each.alone and visit.rolled.units)])
            ],
            here=_UNDER.get(here, here),
            link=visit.link,
            address=visit.figure,
            where=[(name, visit.said[name]) for name in WHERE if name in visit.said],
            as_of=visit.get("as-of") or "",
            action=visit.path,
            kept=[(name, value) for name, value in visit.said.items() if name != "as-of"],
            **context,
        )
        .encode()
    )


@cache
def _templates() -> "Environment":
    return templates(_HERE, address=str)
