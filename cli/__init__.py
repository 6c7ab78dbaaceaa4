"""The command line: text in, one call, text out. No rule lives here. See main.py."""
