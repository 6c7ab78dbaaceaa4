"""Is all of it true?"""
