"""The server: waitress on 127.0.0.1, behind the guard. One thread answers one request, each with a
reading of its own; the main thread waits, and ends on Ctrl-C.
"""

import socket
from contextlib import closing
from typing import NamedTuple

from waitress.server import create_server

from cli.session import Session
from cli.web import drawn
from cli.web.app import app
from cli.web.guard import Guard
from ledger.errors import Lack, Lacking

HOST = "127.0.0.1"
_THREADS = 8
_HEADER_BYTES = 1 << 15
_BODY_BYTES = 1 << 10


class Served(NamedTuple):
    """Where the pages are."""

    address: str


class Server:
    """Pages of a file on a port of this machine, which is taken when this is made."""

    def __init__(self, session: Session, port: int) -> None:
        """Raises `Lacking` where the port cannot be had."""
        self._socket = _taken(port)
        self.port: int = self._socket.getsockname()[1]
        guard = Guard(app(session), self.port, drawn.refused)
        self._server = create_server(
            guard,
            sockets=[self._socket],
            threads=_THREADS,
            ident=None,
            expose_tracebacks=False,
            clear_untrusted_proxy_headers=True,
            max_request_header_size=_HEADER_BYTES,
            max_request_body_size=_BODY_BYTES,
            connection_limit=100,
        )
        self.served = Served(f"http://{HOST}:{self.port}/?token={guard.token}")

    def run(self) -> None:
        """Answers until the program is asked to end."""
        with closing(self._server):
            self._server.run()


def _taken(port: int) -> socket.socket:
    """A port that listens on this machine alone."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise Lacking(
            Lack.PORT_TAKEN,
            f"端口 {port} 不能使用（{error.strerror}）",
            way_out="换一个端口（--port），或不写 --port，由系统选一个",
        ) from None
    return listening
