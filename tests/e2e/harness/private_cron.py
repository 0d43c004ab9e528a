"""The real crontab and cron programs, with a spool of the test's own: the machine's crontabs are out of reach."""

import os
import pathlib
import shutil

import pytest

# Debian's crontab puts these before what it installs, and leaves them out of what it shows.
HEADER_LINES = 3

# Everything that these programs read or write is the sandbox's, and gone with the namespace. Cron would also
# start what the machine's own tables say, at whatever time the test pretends.
ENTER = """
set -e
mount --bind "$0/spool" /var/spool/cron
mount --bind "$0/run" /run
mount --bind "$0/shm" /dev/shm
mount --bind "$0/empty" /etc/cron.d
mount --bind /dev/null /etc/crontab
exec "$@"
"""


class PrivateCron:
    """Runs programs in a mount namespace in which crontabs are files below the sandbox."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.folder = sandbox.root / "cron"
        for name in ("spool/crontabs", "run", "shm", "empty"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "spool" / "crontabs").chmod(0o1730)
        mapped = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        self._prefix = ["unshare", *mapped, "--mount", "--propagation", "private", "sh", "-c", ENTER, self.folder]
        probe = self.run("sh", "-c", "test -w /var/spool/cron/crontabs")
        if probe.code != 0:
            pytest.skip(f"NOT TESTED: crontab and cron, as no mount namespace can be made here: {probe.err.strip()}")

    def run(self, *arguments, **options):
        return self.sandbox.run(*self._prefix, *arguments, **options)

    def changeling(self, *arguments, **options):
        return self.run(self.sandbox.bin / "git-changeling", *arguments, **options)

    def write(self, text):
        self.run("crontab", "-", stdin=text).ok()

    def read(self):
        """The bytes of the crontab as text, which `crontab -l` does not show in every case; None without one."""
        tables = list((self.folder / "spool" / "crontabs").iterdir())
        if not tables:
            return None
        [table] = tables
        return table.read_bytes().decode().split("\n", HEADER_LINES)[HEADER_LINES]

    def start_daemon(self, faketime):
        """Cron, for which it is the time that FAKETIME says ("@2026-11-21 03:16:57", "+0 x60")."""
        assert shutil.which("cron", path="/usr/sbin:/usr/bin"), "cron is not installed: see scripts/packages.txt"
        if os.geteuid() != 0:
            pytest.skip("NOT TESTED: the cron daemon, which starts jobs as their users and so must be root")
        [library] = pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        # Through env, so that the library and its shared memory come into being inside the namespace only.
        return self.sandbox.start(*self._prefix, "env", f"LD_PRELOAD={library}", f"FAKETIME={faketime}",
                                  "FAKETIME_DONT_FAKE_MONOTONIC=1", "/usr/sbin/cron", "-f")
