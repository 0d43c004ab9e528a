"""Runs spin on the model of docs/protocol: the model becomes a C program that searches every state."""

import dataclasses
import pathlib
import re
import subprocess

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = SOURCE_ROOT / "docs" / "protocol" / "claims.pml"
MEMORY_MEGABYTES = 2000
DEEPEST_PATH = 400000
DEADLINE_SECONDS = 600


@dataclasses.dataclass
class Search:
    """What a search came to; the trail is the run that breaks a property, or nothing."""

    output: str
    trail: pathlib.Path

    @property
    def errors(self):
        return int(re.search(r"errors: (\d+)", self.output).group(1))

    @property
    def states(self):
        """Stored ones; they are printed in full digits, or as 1.5e+07."""
        return int(float(re.search(r"^\s*([\d.e+]+) states, stored", self.output, re.MULTILINE).group(1)))

    @property
    def is_complete(self):
        """Nothing was cut off: neither by depth nor by memory."""
        return not re.search(r"Search not completed|max search depth too small|out of memory|reached -DMEMLIM",
                             self.output)


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=DEADLINE_SECONDS)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def source_root():
    return SOURCE_ROOT


@pytest.fixture
def search(tmp_path):
    """search(FAULTS=1, MUTATION="NO_FENCE", …) searches every state that assertions speak of; with endless=True it
    looks for runs that never complete everything although every process gets its turn (weak fairness)."""
    def check(endless=False, **settings):
        settings["LIVENESS"] = int(endless)
        run(["spin", "-a", *(f"-D{name}={value}" for name, value in settings.items()), MODEL], tmp_path)
        kind = ["-DNFAIR=3"] if endless else ["-DSAFETY", "-DNOCLAIM"]
        run(["cc", "-w", "-O2", *kind, "-DCOLLAPSE", f"-DMEMLIM={MEMORY_MEGABYTES}", "-o", "search", "pan.c"], tmp_path)
        output = run(["./search", *(["-a", "-f"] if endless else []), f"-m{DEEPEST_PATH}", "-w22"], tmp_path)
        return Search(output, tmp_path / f"{MODEL.name}.trail")
    return check
