"""What lies between a clone and its remote: a line that takes its time, and a proxy that spoils requests."""

import asyncio
import collections
import itertools
import re
import threading


class _Service:
    """A TCP service on a port of loopback that the kernel chooses, in a thread of its own."""

    def __init__(self, upstream_port):
        self.upstream_port = upstream_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _accept(self, reader, writer):
        try:
            await self.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # One side hung up, or the test is over.
        finally:
            writer.transport.abort()

    async def serve(self, reader, writer):
        raise NotImplementedError

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.upstream_port)

    def stop(self):
        async def end():
            self._server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self._call(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SlowLine(_Service):
    """Passes everything on, half a round trip later; opening a connection costs a whole one, as TCP does."""

    def __init__(self, upstream_port, round_trip_seconds):
        self.round_trip = round_trip_seconds
        super().__init__(upstream_port)

    async def serve(self, reader, writer):
        await asyncio.sleep(self.round_trip)
        there_reader, there_writer = await self.connect()
        try:
            await asyncio.gather(self._carry(reader, there_writer), self._carry(there_reader, writer))
        finally:
            there_writer.transport.abort()

    async def _carry(self, reader, writer):
        """Bytes that follow each other closely are all on the way at once."""
        on_the_way = asyncio.Queue()

        async def deliver():
            while True:
                due, data = await on_the_way.get()
                await asyncio.sleep(due - self._loop.time())
                if not data:
                    writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        delivery = asyncio.create_task(deliver())
        while True:
            data = await reader.read(65536)
            on_the_way.put_nowait((self._loop.time() + self.round_trip / 2, data))
            if not data:
                await delivery
                return


class BadProxy(_Service):
    """An HTTP proxy that spoils some requests, in turns, so that every fault happens in every test.

    "cut": the server gets half of the request. "answer lost": the server answers, the client gets nothing.
    "repeated": the server gets the request twice, the client gets the second answer. "late": a tenth of a second.
    `faults` counts what happened as (kind of request, fault); the kind is "push" for what changes the remote.
    """

    TURNS = {
        "push": [None, "answer lost", None, "repeated", None, "cut", "late"],
        "other": [None] * 8 + ["late"] + [None] * 8 + ["cut"] + [None] * 8 + ["answer lost", "repeated"],
    }

    def __init__(self, upstream_port):
        self.faults = collections.Counter()
        self.spoils = True
        self._turns = {kind: itertools.cycle(turns) for kind, turns in self.TURNS.items()}
        super().__init__(upstream_port)

    async def serve(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        body = await self._read_body(head, reader)
        # One request a connection: the end of the answer is the end of the connection.
        head = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        kind = "push" if head.startswith(b"POST") and b"git-receive-pack" in head.split(b"\r\n")[0] else "other"
        fault = next(self._turns[kind]) if self.spoils else None
        self.faults[kind, fault] += 1
        if fault == "late":
            await asyncio.sleep(0.1)
        if fault == "cut":
            return await self._ask((head + body)[: len(head) // 2 + len(body) // 2], ends_early=True)
        answer = await self._ask(head + body)
        if fault == "answer lost":
            return None
        if fault == "repeated":
            answer = await self._ask(head + body)
        writer.write(answer)
        writer.write_eof()
        await writer.drain()
        await reader.read()  # Until the client has taken everything and hangs up.
        return None

    @staticmethod
    async def _read_body(head, reader):
        """The body's bytes as they came. git sends its requests for objects in chunks."""
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if length:
            return await reader.readexactly(int(length[1]))
        body = b""
        if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
            size = None
            while size != 0:
                line = await reader.readuntil(b"\r\n")
                size = int(line, 16)
                body += line + await reader.readexactly(size + 2)
        return body

    async def _ask(self, request, ends_early=False):
        reader, writer = await self.connect()
        try:
            writer.write(request)
            await writer.drain()
            if ends_early:
                writer.close()
                await writer.wait_closed()
                return b""
            return await reader.read()
        finally:
            writer.transport.abort()
