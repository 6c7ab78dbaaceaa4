"""What is published: its answers as text."""
