"""What the service does with requests as they should not be, and with clients that are slow."""

import contextlib
import gzip
import os
import resource
import socket
import stat
import time

import pytest
from harness.service import Service, is_closed, read_answer


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def test_it_says_where_it_listens_and_answers(service):
    assert service.url.startswith("http://127.0.0.1:")
    assert service.login_url.startswith(service.url + "/login#")
    answer = service.ask("GET", "/healthz")
    assert (answer.status, answer.json()["ok"]) == (200, True)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_status_is_that_of_the_command_line(service, repository):
    answer = service.get("/api/v1/status")
    assert answer.status == 200
    assert answer.json().keys() == repository.changeling("status", "--json").ok().json.keys()


def test_a_connection_serves_several_requests(service):
    with service.connect() as connection:
        for _ in range(3):
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode())
            assert read_answer(connection).status == 200


def test_requests_that_follow_each_other_at_once_are_answered_in_order(service):
    with service.connect() as connection:
        one = f"GET /healthz HTTP/1.1\r\nHost: {service.host}\r\n\r\n"
        other = f"GET /login.js HTTP/1.1\r\nHost: {service.host}\r\nConnection: close\r\n\r\n"
        connection.sendall((one + other).encode())
        with connection.makefile("rb") as stream:
            text = stream.read()
    assert text.count(b"HTTP/1.1 200 OK") == 2
    assert text.index(b'"ok"') < text.index(b"use strict")


def test_a_head_is_answered_without_a_body(service):
    answer = service.ask("HEAD", "/healthz")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("path", ["/app.js", "/app.css", "/", "/repositories/project/app.js", "/login.js"])
def test_a_page_comes_small_and_once(service, path):
    plain = service.get(path)
    small = service.get(path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip" and "Accept-Encoding" in small.headers["vary"]
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body)
    assert small.headers["cache-control"] == plain.headers["cache-control"] == "no-cache"
    for each, coding in ((plain, {}), (small, {"Accept-Encoding": "gzip"})):
        known = service.get(path, **{"If-None-Match": each.headers["etag"], **coding})
        assert (known.status, known.body, known.headers["etag"]) == (304, b"", each.headers["etag"])
    assert service.get(path, **{"If-None-Match": '"another"'}).status == 200
    assert service.get(path, **{"Accept-Encoding": "gzip;q=0"}).body == plain.body


def test_a_browser_that_has_a_page_gets_none_of_it_without_a_login(service):
    tag = service.get("/").headers["etag"]
    shown = service.ask("GET", "/", {"Accept": "text/html", "If-None-Match": tag})
    assert shown.status == 401 and shown.body != b""
    assert shown.headers["cache-control"] == "no-store" and "etag" not in shown.headers


HOST = "Host: 127.0.0.1"
BAD_REQUESTS = {
    "no words": "\r\n\r\n\r\n",
    "bad bytes": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "zero bytes": b"GET /healthz\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a bad version": f"GET /healthz HTTP/9.9\r\n{HOST}\r\n\r\n",
    "a bad header": f"GET /healthz HTTP/1.1\r\n{HOST}\r\nbad header\r\n\r\n",
    "a space before the colon": f"GET /healthz HTTP/1.1\r\n{HOST}\r\nContent-Length : 0\r\n\r\n",
    "two lengths": f"POST /login HTTP/1.1\r\n{HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "two lengths in one": f"POST /login HTTP/1.1\r\n{HOST}\r\nContent-Length: 1, 2\r\n\r\nab",
    "length with chunked": f"POST /login HTTP/1.1\r\n{HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked with length": f"POST /login HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "a length that is no number": f"POST /login HTTP/1.1\r\n{HOST}\r\nContent-Length: 0x10\r\n\r\n",
    "another coding": f"POST /login HTTP/1.1\r\n{HOST}\r\nX-Changeling: 1\r\nContent-Type: application/json\r\n"
                      "Transfer-Encoding: gzip\r\n\r\n",
    "no host": "GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": f"GET /healthz HTTP/1.1\r\n{HOST}\r\n{HOST}\r\n\r\n",
    "a target that is none": f"GET healthz HTTP/1.1\r\n{HOST}\r\n\r\n",
    "a target with a bad escape": f"GET /%zz HTTP/1.1\r\n{HOST}\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_bad_requests_are_refused_and_the_connection_is_closed(service, name):
    request = BAD_REQUESTS[name]
    with service.connect() as connection:
        connection.sendall(request if isinstance(request, bytes) else request.encode())
        answer = read_answer(connection)
        assert answer.status == 400
        assert answer.headers["content-type"] == "application/problem+json"
        if name not in ("no host", "two hosts"):  # They are whole, so that the next request begins after them.
            assert answer.headers["connection"] == "close"
            assert is_closed(connection)
    assert service.ask("GET", "/healthz").status == 200


def test_a_head_over_8_kib_is_431(service):
    assert service.ask("GET", "/healthz", {"X-Long": "x" * 7000}).status == 200
    assert service.ask("GET", "/healthz", {"X-Long": "x" * 9000}).status == 431
    assert service.ask("GET", "/" + "x" * 9000).status == 431


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413(service, chunked):
    headers = {"X-Changeling": "1", "Content-Type": "application/json"}
    size = 1024 * 1024 + 1
    if chunked:
        body = b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
        lines = [f"POST /login HTTP/1.1\r\nHost: {service.host}\r\nTransfer-Encoding: chunked",
                 *(f"{name}: {value}" for name, value in headers.items())]
        answer = service.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    else:
        answer = service.ask("POST", "/login", headers, b"x" * size)
    assert answer.status == 413
    # It is read, and judged by the description: no code is so long.
    assert service.ask("POST", "/login", headers, b'{"code":"' + b"x" * (size - 100) + b'"}').status == 422


def test_a_body_is_asked_for_only_of_who_may_send_it(service):
    head = (f"POST /api/v1/tasks HTTP/1.1\r\nHost: {service.host}\r\nX-Changeling: 1\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n")
    with service.connect() as connection:
        connection.sendall((head + "\r\n").encode())
        assert read_answer(connection).status == 401
    with service.connect() as connection:
        connection.sendall((head + f"Authorization: Bearer {service.token}\r\n\r\n").encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_connections_that_ask_nothing_shut_nobody_out(service):
    """More of them than there may be at once: whoever comes then takes the place of the longest silent one."""
    most = 2048
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    silent = []
    try:
        for _ in range(most + 20):
            silent.append(socket.create_connection(("127.0.0.1", service.port), timeout=60))
        assert service.ask("GET", "/healthz").json()["connections"] <= most + 1
        assert is_closed(silent[0]) and is_closed(silent[19])
        # The newest may still ask.
        silent[-1].sendall(f"GET /healthz HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode())
        assert read_answer(silent[-1]).status == 200
    finally:
        for connection in silent:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def test_half_sent_heads_keep_nobody_waiting_and_are_closed_after_ten_seconds(service):
    began = time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", service.port), timeout=60) for _ in range(500)]
    try:
        for connection in slow:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
        assert service.ask("GET", "/healthz").json()["connections"] >= 500
        assert time.monotonic() - began < 9, "too slow a machine: the connections may be closed already"
        for connection in slow:
            assert is_closed(connection)
        assert time.monotonic() - began >= 9.5
    finally:
        for connection in slow:
            connection.close()


def test_a_head_that_comes_letter_by_letter_has_ten_seconds_for_all_of_it(service):
    with service.connect() as connection:
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            while time.monotonic() - began < 40:
                connection.sendall(b"G")
                time.sleep(0.2)
        assert 9 < time.monotonic() - began < 40


def test_a_reader_that_never_reads_takes_no_memory_and_is_cut(sandbox, service):
    before = service.memory_kilobytes()
    request = f"GET /login.js HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode() * 100
    connections = service.ask("GET", "/healthz").json()["connections"]
    with service.connect(patience=1) as connection:
        sent = 0
        with pytest.raises((TimeoutError, ConnectionError)):
            while sent < 100_000_000:
                sent += connection.send(request)
        assert service.memory_kilobytes() - before < 4096
        assert service.ask("GET", "/healthz").status == 200
        sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["connections"] == connections, "it is cut",
                           patience=90)


def test_a_socket_file_is_for_its_owner_only(sandbox, repository):
    path = sandbox.root / "run" / "serve.sock"
    service = Service(sandbox, repository.path, listen=f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert service.ask("GET", "/healthz").status == 200
    assert service.get("/api/v1/status").status == 200
    service.stop().ok()
    assert not path.exists()


def test_the_socket_of_a_dead_server_is_replaced_and_of_a_living_one_not(sandbox, repository):
    path = sandbox.root / "serve.sock"
    first = Service(sandbox, repository.path, listen=f"unix:{path}")
    refused = repository.changeling("serve", "--listen", f"unix:{path}").expect(128)
    assert "a server listens at" in refused.err
    first.process.kill()
    first.process.finish()
    assert path.is_socket()
    assert Service(sandbox, repository.path, listen=f"unix:{path}").ask("GET", "/healthz").status == 200


def test_a_file_that_is_no_socket_is_left_alone(sandbox, repository):
    path = sandbox.write("precious", "text")
    refused = repository.changeling("serve", "--listen", f"unix:{path}").expect(128)
    assert "is no socket" in refused.err
    assert path.read_text() == "text"


def test_a_port_that_is_taken_is_named(repository, service):
    refused = repository.changeling("serve", "--listen", f"127.0.0.1:{service.port}").expect(128)
    assert f"http://127.0.0.1:{service.port}" in refused.err
    assert "--listen 127.0.0.1:0" in refused.err


def test_a_missing_helper_is_named(sandbox, repository):
    alone = sandbox.write("alone/git-changeling", sandbox.program.read_bytes(), executable=True)
    missing = sandbox.run(alone, "serve", cwd=repository.path).expect(128)
    assert "git-changeling-serve is not installed" in missing.err
    assert "hint: install git-changeling with its service" in missing.err
    os.makedirs(sandbox.root / "libexec" / "git-changeling")
    (sandbox.root / "libexec/git-changeling/git-changeling-serve").symlink_to(
        sandbox.program.parent / "git-changeling-serve")
    found = sandbox.run(alone, "serve", "--listen", "nowhere", cwd=repository.path).expect(129)
    assert "'nowhere' is no HOST:PORT" in found.err


def test_outside_of_a_repository_it_says_so(sandbox):
    sandbox.changeling("serve", "--listen", "127.0.0.1:0").expect(128)
