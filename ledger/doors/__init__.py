"""What is asked once, when something is recorded, and stored as said: rules about another book. An
audit does not take them again, so what they look at is handed in as values.
"""
