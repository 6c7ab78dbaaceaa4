"""Tools of the project itself, run as `python -m scripts.NAME`; never shipped, never imported."""
