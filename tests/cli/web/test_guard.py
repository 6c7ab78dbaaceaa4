"""Who is let in: the Host of this machine, then a token that is good once, then methods that only
look; and what every answer says beside."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from cli.web.guard import HEADERS, POLICY, Guard

PORT = 8123
HOST = f"127.0.0.1:{PORT}"


def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    return Response("the book", mimetype="text/plain")(environ, start)


@pytest.fixture
def guard() -> Guard:
    return Guard(pages, PORT, lambda code, said: f"{code} {said}".encode())


def asked(guard: Guard, path: str = "/", host: str = HOST, **more: Any) -> TestResponse:
    """An answer to a browser that knows nothing yet, or to one that has a cookie."""
    headers = {"Host": host, **more.pop("headers", {})}
    client = Client(guard, use_cookies=False)
    return client.open(path, base_url=f"http://{HOST}", headers=headers, **more)


def cookie_of(guard: Guard) -> str:
    answer = asked(guard, f"/?token={guard.token}")
    return answer.headers["Set-Cookie"].partition(";")[0]


def test_an_address_is_good_once(guard: Guard):
    first = asked(guard, f"/?token={guard.token}")
    assert (first.status_code, first.headers["Location"]) == (303, "/")
    cookie, *said = first.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} == set(said)
    assert cookie.startswith(f"yusuan-{PORT}=") and guard.token not in cookie
    again = asked(guard, f"/?token={guard.token}")
    assert again.status_code == 403 and "Set-Cookie" not in again.headers
    let_in = asked(guard, headers={"Cookie": cookie})
    assert let_in.status_code == 200 and let_in.text == "the book"
    used = asked(guard, f"/?token={guard.token}", headers={"Cookie": cookie})
    assert used.status_code == 403


def test_a_token_is_of_256_bits_and_another_each_time(guard: Guard):
    other = Guard(pages, PORT, lambda code, said: b"")
    assert len(guard.token) == 43 and guard.token != other.token
    assert asked(other, headers={"Cookie": cookie_of(guard)}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/log", "/?token=", "/?token=x", "/log.json", "/style.css"])
def test_without_a_token_nothing_is_told(guard: Guard, path: str):
    answer = asked(guard, path)
    assert answer.status_code == 403 and "book" not in answer.text


def test_a_token_counts_at_the_first_page_alone_and_said_once(guard: Guard):
    token = guard.token
    assert asked(guard, f"/log?token={token}").status_code == 403
    assert asked(guard, f"/?token={token}&token={token}").status_code == 403
    assert asked(guard, f"/?token={token[:-1]}").status_code == 403
    assert asked(guard, f"/?token={token}").status_code == 303


def test_to_look_whether_an_address_is_good_does_not_use_it(guard: Guard):
    head = asked(guard, f"/?token={guard.token}", method="HEAD")
    assert head.status_code == 303 and "Set-Cookie" not in head.headers
    assert asked(guard, f"/?token={guard.token}", method="POST").status_code == 405
    assert asked(guard, f"/?token={guard.token}").status_code == 303


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"0.0.0.0:{PORT}"),
        *(f"127.0.0.1:{PORT + 1}", f"[::1]:{PORT}", f"127.0.0.1:{PORT}.evil.example", ""),
        f"127.0.0.1:{PORT},evil.example",
    ],
)
def test_another_host_reads_nothing(guard: Guard, host: str):
    answer = asked(guard, host=host, headers={"Cookie": cookie_of(guard)})
    assert answer.status_code == 400 and "book" not in answer.text


def test_this_machine_has_two_names(guard: Guard):
    cookie = cookie_of(guard)
    for host in (HOST, f"localhost:{PORT}"):
        assert asked(guard, host=host, headers={"Cookie": cookie}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"])
def test_one_may_only_look(guard: Guard, method: str):
    answer = asked(guard, method=method, headers={"Cookie": cookie_of(guard)})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_the_order_of_refusals(guard: Guard):
    assert asked(guard, host="evil.example", method="POST").status_code == 400
    assert asked(guard, method="POST").status_code == 403
    assert asked(guard, "/?token=x", method="POST").status_code == 403


@pytest.mark.parametrize(
    "cookie", ["", "yusuan-8123=", "yusuan-8123=x", "yusuan-1=x", "=;=", 'a="', "\xff=1"]
)
def test_other_cookies_open_nothing(guard: Guard, cookie: str):
    assert asked(guard, headers={"Cookie": cookie}).status_code == 403


def test_whatever_is_answered_may_run_nothing_and_is_kept_nowhere(guard: Guard):
    cookie = {"Cookie": cookie_of(guard)}
    answers = [
        asked(guard, headers=cookie),
        asked(guard),
        asked(guard, host="evil.example"),
        asked(guard, method="POST", headers=cookie),
        asked(guard, "/?token=x"),
    ]
    for answer in answers:
        assert set(HEADERS) <= set(answer.headers.items())
    assert "script-src" not in POLICY and POLICY.startswith("default-src 'none'")
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(POLICY.split())
