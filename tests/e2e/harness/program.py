"""Which program the tests run."""

import os
import pathlib

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[3]


def program_under_test():
    """The program named by CHANGELING_PROGRAM, otherwise the build that scripts/test or a developer made."""
    named = os.environ.get("CHANGELING_PROGRAM")
    candidates = [pathlib.Path(named)] if named else [
        SOURCE_ROOT / "build" / preset / "git-changeling" for preset in ("ci", "dev")
    ]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate.resolve()
    listed = ", ".join(str(candidate) for candidate in candidates)
    raise pytest.UsageError(f"no program to test at {listed}: run scripts/test, or set CHANGELING_PROGRAM")
