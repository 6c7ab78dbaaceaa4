"""`python -m cli` is `yusuan`."""

from cli.main import run

if __name__ == "__main__":  # an audit's second process imports this module, and must not run it
    run()
