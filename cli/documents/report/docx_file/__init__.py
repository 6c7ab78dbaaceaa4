"""A document as a Word file: its pieces, its tables, and how it is put together."""
