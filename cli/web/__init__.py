"""The books as local pages, read-only: the questions of the commands, drawn for a browser."""
