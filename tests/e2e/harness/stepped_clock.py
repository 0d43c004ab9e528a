"""A clock that a test moves, for every program that is started with it."""

import datetime
import pathlib

LIBRARY = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


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
