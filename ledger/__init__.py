"""The write side: facts, what they mean, and who may add one. See README.md here."""
