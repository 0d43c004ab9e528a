"""The executables of tests/fakes, which stand in for programs that the agents need."""

import pathlib

FAKES = pathlib.Path(__file__).resolve().parents[2] / "fakes"


def install_stand_in(sandbox, name):
    """Puts the stand-in on the sandbox's PATH."""
    link = sandbox.bin / name
    link.symlink_to(FAKES / name)
    return link
