"""A WebSocket client of a few lines (RFC 6455), which shows everything that comes."""

import base64
import json
import os
import struct

from harness.service import read_answer

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class WebSocket:
    """Over a connected socket; `answer` is what the server said to the handshake."""

    def __init__(self, service, path, headers):
        self._opened = service.connect()
        self._socket = self._opened.thing
        self._socket.sendall("\r\n".join([
            f"GET {path} HTTP/1.1", f"Host: {service.host}", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode())
        self.status, self._stream = self._read_head()

    def _read_head(self):
        first = self._socket.recv(12, 2)  # Without taking it: MSG_PEEK.
        if not first.startswith(b"HTTP/1.1 101"):
            return read_answer(self._socket).status, None
        stream = self._socket.makefile("rb")
        while stream.readline() not in (b"\r\n", b""):
            pass
        return 101, stream

    def frame(self):
        """(kind, whether it is the last of its message, bytes), or nothing when the connection has ended."""
        head = self._stream.read(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7F
        if size == 126:
            [size] = struct.unpack("!H", self._stream.read(2))
        elif size == 127:
            [size] = struct.unpack("!Q", self._stream.read(8))
        return head[0] & 0x0F, head[0] & 0x80, self._stream.read(size)

    def message(self):
        """(kind, bytes) of a message or of what controls the connection, or nothing at its end."""
        first = self.frame()
        if first is None:
            return None
        kind, is_last, content = first
        while not is_last:
            further = self.frame()
            if further is None:
                return None
            _, is_last, more = further
            content += more
        return kind, content

    def event(self):
        """The next message; pings are answered on the way."""
        while True:
            kind, content = self.message()
            if kind == PING:
                self.send(PONG, content)
            else:
                assert kind == TEXT, (kind, content)
                return json.loads(content)

    def close_code(self):
        """The code of the server's goodbye, whatever comes before it."""
        while frame := self.message():
            if frame[0] == CLOSE:
                return struct.unpack("!H", frame[1][:2])[0]
        return None

    def send(self, kind, content):
        """Clients mask what they send."""
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
        size = bytes([0x80 | len(content)]) if len(content) < 126 else b"\xfe" + struct.pack("!H", len(content))
        self._socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def end(self):
        self._opened.thing.close()
