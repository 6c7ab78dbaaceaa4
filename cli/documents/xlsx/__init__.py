"""Workbooks of ours: sheets of texts and numbers, and the published tables on them."""
