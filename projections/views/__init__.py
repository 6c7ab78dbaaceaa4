"""The view database: what the entries of a log become, kept beside it and read by every
question."""
