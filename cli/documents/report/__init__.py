"""A whole 部门决算 as a file: one composition (projections.report.document), drawn by a writer for
each format. The same document gives the same bytes.
"""
