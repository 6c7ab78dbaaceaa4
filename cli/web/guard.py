"""Who may look: this machine's browser, by an address that is good once, and only look.

Refused in this order: another `Host` (400: a name that was bent to this machine reads nothing), no
cookie and no token that is good (403), another method than GET and HEAD (405). Everything that goes
out says that nothing may be run, framed, kept or told on.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
METHODS = ("GET", "HEAD")
_BYTES = 32

Refusing = Callable[[int, str], bytes]
"""Makes the page of a refusal: its HTTP code, and what is said."""


class Guard:
    """Stands before the pages of one port. `token` is what its address says, good once."""

    def __init__(self, pages: WSGIApplication, port: int, refusing: Refusing) -> None:
        self.token = secrets.token_urlsafe(_BYTES)
        self._secret = secrets.token_urlsafe(_BYTES)
        self._cookie = f"yusuan-{port}"
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._pages = pages
        self._refusing = refusing
        self._used = False
        self._one_at_a_time = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answers a request, or hands it on."""
        method = environ["REQUEST_METHOD"]
        if environ.get("HTTP_HOST") not in self._hosts:
            return self._refused(environ, start, 400, "只能用 127.0.0.1 或 localhost 的地址打开。")
        said = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True).get("token")
        if said is not None:
            if environ.get("PATH_INFO") != "/" or not self._good(said, use=method == "GET"):
                return self._refused(environ, start, 403, _USED)
            if method in METHODS:
                return self._let_in(start, with_cookie=method == "GET")
        elif not self._known(environ):
            return self._refused(environ, start, 403, _UNKNOWN)
        if method not in METHODS:
            allowed = (("Allow", ", ".join(METHODS)),)
            return self._refused(environ, start, 405, "这里只能看，不能写。", allowed)

        def begin(
            status: str, headers: list[tuple[str, str]], *more: Any
        ) -> Callable[[bytes], Any]:
            return start(status, [*headers, *HEADERS], *more)

        return self._pages(environ, begin)

    def _good(self, said: list[str], *, use: bool) -> bool:
        """Whether it is the token, and was not used before."""
        with self._one_at_a_time:
            good = len(said) == 1 and _same(said[0], self.token) and not self._used
            self._used = self._used or (good and use)
        return good

    def _known(self, environ: WSGIEnvironment) -> bool:
        """Whether the browser was let in."""
        try:
            cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        except CookieError:
            return False
        own = cookies.get(self._cookie)
        return own is not None and _same(own.value, self._secret)

    def _let_in(self, start: StartResponse, *, with_cookie: bool) -> Iterable[bytes]:
        cookie = f"{self._cookie}={self._secret}; Path=/; HttpOnly; SameSite=Strict"
        start(
            "303 See Other",
            [
                ("Location", "/"),
                ("Content-Length", "0"),
                *([("Set-Cookie", cookie)] if with_cookie else []),
                *HEADERS,
            ],
        )
        return []

    def _refused(
        self,
        environ: WSGIEnvironment,
        start: StartResponse,
        code: int,
        said: str,
        more: tuple[tuple[str, str], ...] = (),
    ) -> Iterable[bytes]:
        body = self._refusing(code, said)
        start(
            f"{code} {_STATUS[code]}",
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                *more,
                *HEADERS,
            ],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


_STATUS = {400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed"}
_USED = (
    "这个地址已经用过，或不是 yusuan serve 打印的地址。"
    "地址只能打开一次；要再打开，重新执行 yusuan serve。"
)
_UNKNOWN = "请用 yusuan serve 打印的地址打开（含 token）。"


def _same(given: str, right: str) -> bool:
    """Whether two texts are one, in a time that does not tell how much of them."""
    return hmac.compare_digest(given.encode(), right.encode())
