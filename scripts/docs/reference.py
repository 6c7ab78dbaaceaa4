"""cli/REFERENCE.md: the help of every command."""

import os
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import patch

import cli.exits
import cli.main
from cli.commands import COMMANDS
from scripts.docs.markdown import Unusable, document, fenced, says
from scripts.docs.sessions import TERMINAL


def reference(_: str = "") -> str:
    """The help of every command."""
    exits = says(cli.exits).partition("\n\n")[2]
    parts = ["# Commands", exits, "## `yusuan`", fenced(help_of())]
    chapter = ""
    for name, command in COMMANDS.items():
        if command.chapter != chapter:
            chapter = command.chapter
            parts.append(f"## {chapter}")
        parts += [f"### `yusuan {name}`", fenced(help_of(name))]
    return document(*parts)


def help_of(*command: str) -> str:
    """What `yusuan … --help` prints."""
    shown = StringIO()
    with patch.dict(os.environ, TERMINAL), redirect_stdout(shown), redirect_stderr(shown):
        try:
            cli.main.run([*command, "--help"])
        except SystemExit as left:
            if left.code:
                raise Unusable(f"yusuan {' '.join(command)} --help: {shown.getvalue()}") from left
    return shown.getvalue()
