"""What is recorded: its answers as text."""
