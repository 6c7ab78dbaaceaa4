"""What can be looked at, one file a chapter: each page asks what a command asks."""
