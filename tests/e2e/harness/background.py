"""A program that runs while the test goes on."""

import queue
import signal
import subprocess
import threading
import time

from harness.result import Result

PATIENCE_SECONDS = 60


class BackgroundProgram:
    """Collects both outputs line by line in threads, so that the program never blocks on a full pipe."""

    def __init__(self, arguments, *, cwd, environment, new_session=False):
        self.arguments = arguments
        self._process = subprocess.Popen(
            arguments, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=new_session)
        self._lines = {"out": [], "err": []}
        self._fresh = {"out": queue.Queue(), "err": queue.Queue()}
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", self._process.stdout), ("err", self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, name, stream):
        for line in stream:
            self._lines[name].append(line)
            self._fresh[name].put(line)
        self._fresh[name].put(None)

    @property
    def pid(self):
        return self._process.pid

    def running(self):
        return self._process.poll() is None

    def wait_for_line(self, text, *, stream="err", patience=PATIENCE_SECONDS):
        """The next line that contains `text`; fails when the program ends or time passes without one."""
        deadline = time.monotonic() + patience
        while True:
            try:
                line = self._fresh[stream].get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line with {text!r} within {patience} s\n{self._so_far()}") from None
            if line is None:
                self._process.wait(timeout=PATIENCE_SECONDS)
                raise AssertionError(f"the program ended without a line with {text!r}\n{self._so_far()}")
            if text in line:
                return line.rstrip("\n")

    def signal(self, number):
        self._process.send_signal(number)

    def interrupt(self):
        """What Ctrl-C sends to the program."""
        self.signal(signal.SIGINT)

    def kill(self):
        self.signal(signal.SIGKILL)

    def finish(self, *, patience=PATIENCE_SECONDS):
        """Waits for the end and returns the result."""
        try:
            self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {patience} s\n{self._so_far()}") from None
        for reader in self._readers:
            # An orphan that inherited the pipe keeps it open; what it prints later is of no interest.
            reader.join(timeout=2)
        return self._so_far()

    def end(self):
        """Ends the program whatever it does; for clearing up."""
        if self.running():
            self._process.kill()
            self._process.wait(timeout=PATIENCE_SECONDS)

    def _so_far(self):
        return Result(self.arguments, self._process.poll(), "".join(self._lines["out"]),
                      "".join(self._lines["err"]))
