"""What is asked: its commands, one file a chapter."""
