"""Files that others wrote, never trusted."""
