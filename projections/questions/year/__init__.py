"""One file, one question: what a year opens with, beside what the year before left."""
