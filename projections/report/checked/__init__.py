"""Chapters of the checks: one file a chapter."""
