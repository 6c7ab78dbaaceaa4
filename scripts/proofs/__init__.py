"""Proofs that run longer than a test may: random years, flipped bytes, kills, many writers."""
