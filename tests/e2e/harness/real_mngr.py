"""The real mngr from PyPI, in a virtual environment below build/, where this machine has a Python for it."""

import fcntl
import glob
import os
import pathlib
import shutil
import subprocess

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[3]
NEEDED = (3, 12)
PACKAGES = ["imbue-mngr==0.3.0", "imbue-mngr-wait==0.2.0", "imbue-mngr-claude==0.3.0"]


def find_python():
    """A Python that is new enough, or nothing."""
    candidates = [shutil.which(f"python3.{minor}") for minor in (14, 13, 12)] + [shutil.which("python3")]
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    candidates += sorted(glob.glob(f"{root}/versions/3.1[2-9]*/bin/python3"))
    for python in filter(None, candidates):
        # Shims of pyenv are there for versions that are not chosen, and fail.
        check = subprocess.run([python, "-c", f"import sys, venv; sys.exit(sys.version_info < {NEEDED})"],
                               capture_output=True, check=False)
        if check.returncode == 0:
            return python
    return None


def install(python):
    """The folder with `mngr`; installs it once for all processes of a test run."""
    folder = SOURCE_ROOT / "build" / "mngr"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != repr((python, PACKAGES)):
            subprocess.run([python, "-m", "venv", "--clear", folder / "venv"], check=True, capture_output=True)
            subprocess.run([folder / "venv/bin/pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True)
            stamp.write_text(repr((python, PACKAGES)))
    return folder / "venv" / "bin"
