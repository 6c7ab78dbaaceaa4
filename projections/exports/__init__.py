"""A book for other programs: one file a format, all of them streamed.

What is exported is the whole book at its head. Nothing here opens or names a file of the user's;
cli/commands/keep/export.py does.
"""
