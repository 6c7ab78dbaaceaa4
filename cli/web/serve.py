"""The local page: `serve`."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Session, tell
from cli.terminal.options import Text, verb
from ledger import parse
from ledger.errors import Lack, Lacking, Malformed, Unreadable

if TYPE_CHECKING:
    from cli.web.server import Server

_PORT_MAX = (1 << 16) - 1


@verb("serve")
def serve(
    session: Session,
    port: Annotated[
        Text, typer.Option("--port", help="端口，默认 0：由系统选一个空着的。 Port.")
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="同时在浏览器中打开。 Open the browser.")
    ] = False,
) -> None:
    from projections.encoder import encoded
    from projections.views.source import books_of

    number = 0 if port is None else parse.count(port, field="port")
    if number > _PORT_MAX:
        expected = f"0 至 {_PORT_MAX} 的整数"
        raise Malformed(
            Unreadable.COUNT_MALFORMED, field="port", value=port or "", expected=expected
        )
    books_of(session.db)  # refused where there is nothing to be shown
    server = _server(session, number)
    address = server.served.address
    print(encoded(server.served) if session.json else address, flush=True)
    tell(f"只读，只在本机；地址只能打开一次，按 Ctrl-C 结束（{session.db}）")
    if open_it:
        import webbrowser

        webbrowser.open(address)
    server.run()


def _server(session: Session, port: int) -> "Server":
    """The server. Raises `Lacking` where what it needs is not installed."""
    try:
        from cli.web.server import Server
    except ImportError as error:
        raise Lacking(
            Lack.LIBRARY_MISSING,
            f"没有安装 {error.name or 'flask'}，不能在浏览器中查看",
            way_out="pip install flask jinja2 waitress",
        ) from None
    return Server(session, port)
