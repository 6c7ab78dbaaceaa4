"""A log that is one SQLite file."""
