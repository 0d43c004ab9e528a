"""Whether runs of the tests are held in a sandbox."""

import functools
import os
import shutil
import subprocess

import pytest


@functools.cache
def bubblewrap_works():
    """Whether this machine allows what the program asks bubblewrap for."""
    words = ["bwrap", "--unshare-user-try", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return shutil.which("bwrap") is not None and subprocess.run(words, capture_output=True, check=False).returncode == 0


def policy():
    """What CHANGELING_SANDBOX says in tests: auto, as it is for everybody, where bubblewrap works."""
    return os.environ.get("CHANGELING_TEST_SANDBOX") or ("auto" if bubblewrap_works() else "off")


#: For a test that shows nothing where runs are not held.
needed = pytest.mark.skipif(policy() == "off", reason="NOT SHOWN HERE: runs of the tests are not held in a sandbox")


def report():
    """For the head of a session: nobody shall believe that tests were held that were not."""
    if policy() != "off":
        return "runs of the tests are held in a sandbox"
    reason = "CHANGELING_TEST_SANDBOX" if os.environ.get("CHANGELING_TEST_SANDBOX") else "bubblewrap does not work here"
    return f"NOT SHOWN HERE: runs of the tests in a sandbox ({reason})"
