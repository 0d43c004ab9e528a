"""What a program makes last on the disk, in its order: a power loss cannot be tried, what it would leave can be told."""

import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).with_name("disk_journal.c")


class DiskJournal:
    """Of every program that is started with `environment`."""

    def __init__(self, sandbox):
        library = sandbox.root / "disk_journal.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        self._file = sandbox.root / "disk-journal"
        self.environment = {"LD_PRELOAD": str(library), "DISK_JOURNAL": str(self._file)}

    def lines(self):
        """("renamed", path) and ("synced", path)."""
        return [tuple(line.split(" ", 1)) for line in self._file.read_text().splitlines()]
