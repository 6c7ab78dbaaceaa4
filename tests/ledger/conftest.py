"""Hypothesis on slow machines: examples are not timed."""

from hypothesis import settings

settings.register_profile("yusuan", deadline=None)
settings.load_profile("yusuan")
