"""The service as a test talks to it: over raw sockets, so that nothing tidies a request on its way."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket

PATIENCE_SECONDS = 60


class Answer:
    """One answer of HTTP/1.1."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Service:
    """`git changeling serve --json` in a repository, or anywhere; it is ended with the test."""

    def __init__(self, sandbox, cwd, *options, listen="127.0.0.1:0", env=None):
        self.process = sandbox.start(sandbox.bin / "git-changeling", "--json", "serve", "--listen", listen, *options,
                                     cwd=cwd, env=env)
        self.told = json.loads(self.process.wait_for_line('"url"', stream="out"))
        self.url, self.token, self.login_url = self.told["url"], self.told["token"], self.told["login_url"]
        self.path = self.url.removeprefix("http+unix://") if self.url.startswith("http+unix") else None
        self.port = None if self.path else int(self.url.rpartition(":")[2])
        self.host = "localhost" if self.path else f"127.0.0.1:{self.port}"

    def connect(self, patience=PATIENCE_SECONDS):
        """A socket, to be closed by `with`."""
        if self.path:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(patience)
            connection.connect(self.path)
        else:
            connection = socket.create_connection(("127.0.0.1", self.port), timeout=patience)
        return contextlib.closing(connection)

    def raw(self, request, method="GET"):
        """The answer to these bytes."""
        with self.connect() as connection:
            connection.sendall(request if isinstance(request, bytes) else request.encode())
            return read_answer(connection, method)

    def ask(self, method, path, headers=None, body=None, host=None):
        """`headers` and `host` may say anything; nothing is added but the length of a body."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}",
                 *(f"{name}: {value}" for name, value in (headers or {}).items())]
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is not None:
            lines.append(f"Content-Length: {len(content)}")
        return self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + content, method)

    def get(self, path, **headers):
        """As the owner's script asks."""
        return self.ask("GET", path, {"Authorization": f"Bearer {self.token}", **headers})

    def write(self, method, path, body, **headers):
        return self.ask(method, path, {"Authorization": f"Bearer {self.token}", "X-Changeling": "1",
                                       "Content-Type": "application/json", **headers}, body)

    def workers(self):
        """Process ids of the processes that answer requests, of this server."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                parent = re.search(r"^PPid:\s+(\d+)", (entry / "status").read_text(), re.MULTILINE).group(1)
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if int(parent) == self.process.pid and b"__worker" in words:
                    found.append(int(entry.name))
        return sorted(found)

    def memory_kilobytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE).group(1))

    def stop(self, patience=PATIENCE_SECONDS):
        self.process.signal(signal.SIGTERM)
        return self.process.finish(patience=patience)


def read_answer(connection, method="GET"):
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response)


def is_closed(connection):
    """Reads to the end; whether there is one."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def is_alive(process):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False
