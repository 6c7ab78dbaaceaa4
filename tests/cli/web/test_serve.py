"""The command itself: what it prints, what it needs, and where it listens."""

import socket
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.harness.pages import served
from tests.harness.shell import Shell, in_process


def test_the_address_is_on_stdout_and_listens_on_this_machine_alone(shell: Shell):
    with served(shell.db) as server:
        assert server.address.startswith(f"http://127.0.0.1:{server.port}/?token=")
        with pytest.raises(OSError, match="Forbidden"):
            urlopen(server.base)
        with socket.socket() as elsewhere:
            elsewhere.settimeout(5)
            assert elsewhere.connect_ex(("127.0.0.2", server.port)) != 0


def test_a_port_that_is_taken_is_told(shell: Shell):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = in_process("serve", "--port", port, "--db", str(shell.db), "--json")
    assert (answer.exit, answer.json["code"]) == (5, "PORT.TAKEN")


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5"])
def test_a_port_is_a_number(shell: Shell, port: str):
    answer = in_process("serve", f"--port={port}", "--db", str(shell.db), "--json")
    assert (answer.exit, answer.json["code"]) == (2, "COUNT.MALFORMED")


def test_without_a_file_nothing_is_served(tmp_path: Path):
    answer = in_process("serve", "--db", str(tmp_path / "none.db"), "--json")
    assert (answer.exit, answer.json["code"]) == (3, "BOOK.NOT_OPENED")
    assert [*tmp_path.iterdir()] == []


def test_what_is_not_installed_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in sys.modules if name.startswith("cli.web.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "waitress.server", None)
    answer = in_process("serve", "--db", str(shell.db), "--json")
    assert (answer.exit, answer.json["code"]) == (5, "LIBRARY.MISSING")
    assert "waitress" in answer.json["try"][0]
