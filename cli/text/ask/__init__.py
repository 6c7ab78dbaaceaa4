"""What is asked: its answers as text."""
