"""What is published: its commands, one file a chapter."""
