"""What is kept, proved and handed on: its answers as text."""
