"""The command line: text in, one call, text out. No rule lives here. See main.py."""

VERSION = "0.5.0"
"""The version of the program: said here alone, and read from here when it is built."""
