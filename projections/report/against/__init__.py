"""What was printed, held against what the book gives: one file a step."""
