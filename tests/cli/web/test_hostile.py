"""What a person typed is text on every page: sixty texts that would be markup, script, addresses or
orders of what is read, in every field that takes one."""

import pytest
from werkzeug.test import Client

from tests.harness.pages import Markup, pages_of, walked
from tests.harness.shell import Shell

_SHAPES = (
    "<script>alert({n})</script>",
    '"><img src=x onerror=alert({n})>',
    "'><svg onload=alert({n})>",
    "</title><script>alert({n})</script>",
    "</textarea><iframe src=javascript:alert({n})>",
    "{{{{ {n} * 7 }}}}{{% for x in y %}}",
    "javascript:alert({n})",
    "&lt;b&gt; &amp; <b>{n}</b>",
    "' onmouseover='alert({n})",
    "<!-- --><![CDATA[ ]]>{n}",
    "<style>*{{display:none}}</style>{n}",
    "<base href=//evil.example/{n}>",
    "<a href=//evil.example/{n}>x</a>",
    "%3Cscript%3Ealert({n})%3C/script%3E",
    "../../../etc/passwd?{n}#x&y=z",
    "=HYPERLINK({n})",
    "${{7*{n}}} #{{7*{n}}} <%= {n} %>",
    "\\u003cscript\\u003e{n}",
    "很长" * 30 + "{n}",
    "x" * 90 + "{n}",
)
HOSTILE = tuple(shape.format(n=n) for n in range(3) for shape in _SHAPES)
OURS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "link",
        "body",
        "a",
        "header",
        "span",
        "div",
        "nav",
        "h1",
        "h3",
    ),
    *("h2", "ul", "li", "form", "label", "input", "button", "details", "summary", "main", "ol"),
    *("p", "small", "section", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt"),
    *("dd", "select", "option", "code", "pre", "figure", "figcaption", "svg", "rect", "text"),
    *("line", "b", "br"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A book in which everything that takes a text has one of them."""
    shell = Shell(tmp_path_factory.mktemp("hostile") / "a.db")
    texts = iter(HOSTILE)
    shell(
        *("open-book", "--unit", "420103", "--year", "2020", "--name", next(texts)),
        *("--kind", "admin", "--edition", "2020", "--basis", "indicator"),
    )
    dated = ("--date", "2020-01-10")
    for code in ("P01", "P02"):
        shell("project", code, "--name", next(texts), *dated, "--reason", next(texts))
    line = "general:2080105:project:P02:-:2020"
    said = ("--line", line, "--amount", "1000000", "--doc", next(texts), "--reason", next(texts))
    shell("appropriate", *said, *dated)
    rows = []
    for n, payee in enumerate(texts):
        rows.append((payee, HOSTILE[-n], HOSTILE[n], f"{HOSTILE[n]}{n}"[:100]))
    for n, (payee, purpose, reason, doc) in enumerate(rows):
        shell(
            *("pay", "--line", line, "--econ", "30201", "--amount", str(n + 1)),
            *("--payee", payee, "--purpose", purpose, "--reason", reason, "--doc", doc),
            *("--actor", HOSTILE[n % 20][:40], "--key", f"{n}-{HOSTILE[n]}"[:60]),
            *("--date", "2020-02-01", "--again"),
        )
    shell("text", "；".join(HOSTILE[:20]), "--slot", "functions")
    shell("reason", HOSTILE[3], "--slot", "N.s1.change")
    shell("key-work", "--no", "1", "--item", HOSTILE[0], "--goal", HOSTILE[1], "--done", HOSTILE[2])
    shell("goal", "--project", "P02", "--expected", HOSTILE[4], "--actual", HOSTILE[5])
    levels = ("--level1", HOSTILE[6], "--level2", HOSTILE[7], "--level3", HOSTILE[8])
    shell("target", "--project", "P02", "--no", "1", *levels, "--value", "5 件", "--weight", "50")
    shell(
        *("result", "--project", "P02", "--no", "1", "--actual", HOSTILE[9]),
        *("--grade", "met", "--deviation", HOSTILE[10]),
    )
    other = ("--from", f"{line}=1000", "--to", "general:2080105:project:P01:-:2020=1000")
    shell("reallocate", *other, "--doc", HOSTILE[11], "--reason", HOSTILE[12], *dated, exit=6)
    return pages_of(shell.db)


def test_there_are_sixty():
    assert len(set(HOSTILE)) == 60


def test_what_was_typed_is_text_everywhere(hostile: Client):
    seen = 0
    told = ""
    for address, answer in walked(hostile, 9):
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        page = Markup(answer.get_data(as_text=True))
        seen += 1
        told += page.text
        strange = {tag for tag, _ in page.elements} - OURS
        assert not strange, (address, strange)
        for tag, said in page.elements:
            assert not [name for name in said if name.startswith("on") or name == "style"], address
            for name in ("href", "action", "src"):
                to = said.get(name) or "/"
                assert to.startswith(("/", "#", "data:text/csv;charset=utf-8;base64,", "data:,")), (
                    *(address, tag, to),
                )
                assert not to.startswith("//"), (address, to)
    assert seen > 40
    for text in HOSTILE:
        assert text in told, text


def test_what_is_typed_into_an_address_is_text(hostile: Client):
    for text in HOSTILE:
        for address, name in (("/log", "payee"), ("/log", "text"), ("/balance", "func")):
            answer = hostile.get(address, query_string={name: text})
            page = Markup(answer.get_data(as_text=True))
            assert answer.status_code in (200, 400)
            assert not {tag for tag, _ in page.elements} - OURS
        for path in (f"/explain/{text}", f"/statement/{text}", f"/{text}", f"/table/{text}"):
            answer = hostile.get(path)
            page = Markup(answer.get_data(as_text=True))
            assert answer.status_code in (308, 400, 404)
            assert not {tag for tag, _ in page.elements} - OURS


def test_the_file_of_the_style_is_ours(hostile: Client):
    text = hostile.get("/style.css").get_data(as_text=True)
    assert "url(" not in text and "@import" not in text
