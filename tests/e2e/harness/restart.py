"""A server that is killed and started again while a scenario of tests/web looks at it."""

import contextlib
import signal
import socket
import threading

from .service import Service


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return probe.getsockname()[1]


class RestartedService:
    """The scenario writes `kill` into the folder `marks`, and finds `started` there afterwards."""

    def __init__(self, sandbox, repository):
        self.sandbox, self.repository = sandbox, repository
        # Sessions are kept for a port that was named.
        self.listen = f"127.0.0.1:{free_port()}"
        self.service = Service(sandbox, repository.path, listen=self.listen)
        self.marks = sandbox.root / "browser-marks"
        self.marks.mkdir()
        self.helper = threading.Thread(target=self._kill_and_start_again, daemon=True)
        self.helper.start()

    def _kill_and_start_again(self):
        self.sandbox.wait_until((self.marks / "kill").exists, "the scenario to ask for it", patience=180)
        self.service.process.signal(signal.SIGKILL)
        self.service.process.finish()
        Service(self.sandbox, self.repository.path, listen=self.listen)
        (self.marks / "started").touch()
