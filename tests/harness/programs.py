"""Programs that no Python package holds. `.ci/run` installs them and says so: then a test that does
not find its program fails instead of being skipped."""

import os
import shutil

import pytest

_INSTALLED = os.environ.get("PROGRAMS_INSTALLED") == "yes"


def program(*names: str) -> str | None:
    """Where the first of these that is there lies."""
    return next(filter(None, map(shutil.which, names)), None)


def needs(found: str | None, name: str) -> pytest.MarkDecorator:
    """A test that needs a program."""
    return pytest.mark.skipif(found is None and not _INSTALLED, reason=f"{name} is not installed")
