"""What is recorded: its commands, one file a chapter."""
