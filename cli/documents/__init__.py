"""A document as a file, written whole or not at all."""
