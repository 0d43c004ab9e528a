"""Fixtures of the structure tests."""

import os
import pathlib
import sys

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE_ROOT / "scripts" / "lib"))


@pytest.fixture
def source_root():
    return SOURCE_ROOT


@pytest.fixture
def program():
    """The built program; tests that need it are skipped, loudly, while there is none."""
    candidates = [os.environ.get("CHANGELING_PROGRAM"), SOURCE_ROOT / "build/ci/git-changeling",
                  SOURCE_ROOT / "build/dev/git-changeling"]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return pathlib.Path(candidate)
    pytest.skip("the program is not built")


@pytest.fixture
def tree(tmp_path):
    """Writes a made-up source tree, {path: content}, on which a check must find something."""
    def write(files):
        for path, content in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return tmp_path
    return write
