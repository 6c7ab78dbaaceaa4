"""What is kept, proved and handed on: its commands, one file a chapter."""
