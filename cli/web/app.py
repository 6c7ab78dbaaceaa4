"""The pages by their addresses. Each is a command's question: `/log?kind=pay` shows what
`yusuan log --kind pay` prints, and `/log.json?kind=pay` is its JSON.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as Answer

from cli.exits import Failure, encoded, explained
from cli.session import Session
from cli.terminal import logs
from cli.text import ways
from cli.web import drawn
from cli.web.kept import PagesKept, moment_of
from cli.web.pages import audit, books, entries, money, overview, published
from cli.web.parts import Shown
from cli.web.visit import LINE, Visit
from ledger.errors import Malformed, Unreadable
from projections import encoder

JSON = ".json"


class WebPage(NamedTuple):
    """A page: where it lies, the options that it takes, how it is shown, what its JSON is where
    that is more than what is shown, and whether it is dear to make."""

    route: str
    shown: Callable[..., Shown]
    takes: tuple[str, ...] = ()
    whole: Callable[..., tuple[msgspec.Struct, ...]] | None = None
    dear: bool = False

    @property
    def json(self) -> str:
        """Where its JSON lies."""
        return f"{'/status' if self.route == '/' else self.route}{JSON}"


_OF_LINES = ("line", *LINE)
PAGES = (
    WebPage("/", overview.overview, dear=True),
    WebPage("/balance", money.balance, _OF_LINES),
    WebPage("/statement/<line>", money.statement, ("after", "before"), money.whole_statement),
    WebPage("/execution", money.execution, ("scope",)),
    WebPage("/progress", money.progress),
    WebPage("/three-public", money.three_public),
    WebPage("/carryover", money.carryover),
    WebPage("/carry-ageing", money.carry_ageing),
    WebPage("/opening", money.opening),
    WebPage("/log", entries.log, entries.FILTERS, entries.whole_log),
    WebPage("/show/<int:number>", entries.show, (), entries.whole_entry, dear=True),
    WebPage("/where-used/<int:number>", entries.used_in, dear=True),
    WebPage("/pending", entries.pending),
    WebPage("/tables", published.tables),
    WebPage("/table/<number>", published.table),
    WebPage(
        "/explain/<cell>", published.explain, ("after",), published.whole_explanation, dear=True
    ),
    WebPage("/narrative", published.narrative, ("section",), dear=True),
    WebPage("/performance", published.performance, ("project", "whole"), dear=True),
    WebPage("/check", published.check, dear=True),
    WebPage("/books", books.books),
    WebPage("/roll-up", books.roll_up),
    WebPage("/audit", audit.audit),
)
_HTTP = {2: 400, 3: 409, 4: 500, 5: 503}
"""The status of what a command would end with."""
_MISSING = ("BOOK.NOT_OPENED", "ENTRY.MISSING", "R1.NO_LINE", "CELL.UNKNOWN", "TABLE.UNKNOWN")


def app(session: Session) -> Flask:
    """The pages of a file. They write nothing but what questions write: the views may be caught
    up."""
    made, kept = Flask("yusuan", static_folder=None), PagesKept()
    for page in PAGES:
        made.add_url_rule(page.route, page.route, _view(session, page, kept, as_json=False))
        made.add_url_rule(page.json, page.json, _view(session, page, kept, as_json=True))
    made.add_url_rule("/style.css", "style", lambda: Response(drawn.style(), mimetype="text/css"))
    made.register_error_handler(Exception, lambda error: _unexpected(session, error))
    return made


def _view(
    session: Session, page: WebPage, kept: PagesKept, *, as_json: bool
) -> Callable[..., Answer]:
    kind = "application/json" if as_json else "text/html"

    def view(**of: str | int) -> Answer:
        said = request.args.to_dict()
        path = request.path.removesuffix(JSON) if as_json else request.path
        visit = Visit(session, said, path, [])
        try:
            visit = Visit.of(session, said, path, page.takes)
            with logs.of_a_log(session.db):
                moment = moment_of(session.db) if page.dear else None
                made = None if moment is None else kept.get(request.full_path, moment)
                if made is None:
                    made = _made(visit, page, of, as_json=as_json)
                    if moment is not None and moment_of(session.db) == moment:
                        kept.put(request.full_path, moment, made)
            return Response(made, mimetype=kind)
        except Exception as error:
            if page.route == "/" and not as_json and _is_ambiguous(error):
                return redirect("/books", 303)
            return _failed(visit, error, as_json=as_json)

    return view


def _made(visit: Visit, page: WebPage, of: Mapping[str, str | int], *, as_json: bool) -> bytes:
    """A page, or its JSON."""
    if not as_json:
        return drawn.page(visit, page.shown(visit, **of), _json_of(page, visit.path))
    parts = page.shown(visit, **of).parts if page.whole is None else page.whole(visit, **of)
    return f"{encoder.encoded(*parts, hook=ways.encoded)}\n".encode()


def _is_ambiguous(error: Exception) -> bool:
    return isinstance(error, Malformed) and error.unreadable is Unreadable.BOOK_AMBIGUOUS


def _json_of(page: WebPage, path: str) -> str:
    """Where the JSON of the page that is shown lies."""
    address = page.json if page.route == "/" else drawn.encoded_path(path) + JSON
    query = request.query_string.decode("ascii", "replace")
    return f"{address}?{query}" if query else address


def _as_json(text: str, status: int) -> Answer:
    return Response(text + "\n", status, mimetype="application/json")


def _failed(visit: Visit, error: Exception, *, as_json: bool) -> Answer:
    failure = explained(error)
    status = 404 if failure.code in _MISSING else _HTTP.get(failure.exit, 500)
    if as_json:
        return _as_json(encoded(failure), status)
    return Response(drawn.failed(visit, failure, status), status, mimetype="text/html")


def _unexpected(session: Session, error: Exception) -> Answer:
    """What no page answers: an address that there is not, a request that cannot be read."""
    visit = Visit(session, {}, request.path, [])
    as_json = request.path.endswith(JSON)
    if isinstance(error, NotFound):
        failure = Failure(2, "PAGE.UNKNOWN", f"没有这一页：{request.path[:200]}", {}, [])
        if as_json:
            return _as_json(encoded(failure), 404)
        return Response(drawn.failed(visit, failure, 404), 404, mimetype="text/html")
    if isinstance(error, HTTPException) and error.code is not None:
        failure = Failure(2, "USAGE", "请求读不懂", {}, [])
        return Response(drawn.failed(visit, failure, 400), error.code, mimetype="text/html")
    return _failed(visit, error, as_json=as_json)
