"""The conversation on a terminal: options, completion, progress, and how an answer is given."""
