"""A workbook as rows of text."""
