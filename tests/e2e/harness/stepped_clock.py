"""A clock that a test moves, for every program that is started with it."""

import ctypes
import datetime
import os
import pathlib

LIBRARY = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


def _shared_names(sandbox):
    """A semaphore and a piece of shared memory for all programs of the sandbox. Otherwise each of them makes its own,
    and those that end by a signal or _exit leave theirs in /dev/shm for good."""
    names = tuple(f"/{sandbox.root.name}-{kind}" for kind in ("semaphore", "memory"))
    system = ctypes.CDLL(None, use_errno=True)
    system.sem_open.restype = ctypes.c_void_p
    create = os.O_CREAT | os.O_EXCL | os.O_RDWR
    if not system.sem_open(names[0].encode(), create, 0o600, 1):
        raise OSError(ctypes.get_errno(), "sem_open")
    sandbox.at_close(lambda: system.sem_unlink(names[0].encode()))
    memory = system.shm_open(names[1].encode(), create, 0o600)
    if memory < 0:
        raise OSError(ctypes.get_errno(), "shm_open")
    sandbox.at_close(lambda: system.shm_unlink(names[1].encode()))
    os.ftruncate(memory, os.sysconf("SC_PAGE_SIZE"))
    os.close(memory)
    return names


class SteppedClock:
    """The system's time as libfaketime shows it: it stands still until `set`, also for programs that run already.
    Time for waiting (CLOCK_MONOTONIC) and the times of files are the real ones. Times are UTC."""

    def __init__(self, sandbox, start):
        assert LIBRARY.exists(), f"{LIBRARY} is missing: install libfaketime"
        self._file = sandbox.root / "clock"
        self.now = None
        self.set(start)
        sandbox.environment.update({
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "FAKETIME_SHARED": " ".join(_shared_names(sandbox)),
        })

    def set(self, moment):
        """A datetime, or "2026-11-23 03:00:00"."""
        if isinstance(moment, str):
            moment = datetime.datetime.fromisoformat(moment)
        self.now = moment
        # In one step, because programs read it at any time.
        new = self._file.with_suffix(".new")
        new.write_text(moment.strftime("%Y-%m-%d %H:%M:%S\n"))
        new.rename(self._file)

    def advance(self, **how):
        self.set(self.now + datetime.timedelta(**how))
