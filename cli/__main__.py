"""`python -m cli` is `yusuan`."""

from cli.main import run

run()
