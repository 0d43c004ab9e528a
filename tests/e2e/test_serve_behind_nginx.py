"""The service behind the nginx of docs/examples/nginx.conf, the real one: TLS, a base path, and nobody else's word."""

import http.client
import os
import pathlib
import shutil
import socket
import ssl
import time

import pytest
from harness.browser import visit
from harness.service import Service, read_answer

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples" / "nginx.conf"
NAME = "board.example.org"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
MAIN = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/example.conf;
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """nginx with the example, its port, certificate and the service's port put in."""

    def __init__(self, sandbox, service):
        self.folder = sandbox.root / "nginx"
        self.folder.mkdir()
        # Its workers are another user's when root starts it.
        sandbox.root.chmod(0o755)
        self.port = free_port()
        self.certificate = self.folder / "board.pem"
        sandbox.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                    "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.folder / "board.key", "-out",
                    self.certificate, cwd=self.folder).ok()
        (self.folder / "example.conf").write_text(self.adapted(service.port))
        (self.folder / "main.conf").write_text(MAIN.format(folder=self.folder))
        self.process = sandbox.start(NGINX, "-p", self.folder, "-c", self.folder / "main.conf", cwd=self.folder)
        self.wait()

    def adapted(self, service_port):
        text = EXAMPLE.read_text()
        for old, new in ((" 443 ssl", f" 127.0.0.1:{self.port} ssl"), ("/etc/ssl/board.example.org.pem", self.certificate),
                         ("/etc/ssl/board.example.org.key", self.folder / "board.key"),
                         ("http://127.0.0.1:8473/", f"http://127.0.0.1:{service_port}/")):
            assert text.count(old) == 1, old
            text = text.replace(old, str(new))
        return text

    def wait(self, patience=30):
        end = time.monotonic() + patience
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except ConnectionRefusedError:
                assert time.monotonic() < end, (self.folder / "error.log").read_text()
                time.sleep(0.05)

    def connect(self):
        context = ssl.create_default_context(cafile=self.certificate)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=30), server_hostname=NAME)

    def ask(self, method, path, headers=None, body="", host=None):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}", f"Content-Length: {len(body)}",
                 *(f"{name}: {value}" for name, value in (headers or {}).items())]
        with self.connect() as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            return read_answer(connection, method)

    @property
    def host(self):
        return f"{NAME}:{self.port}"

    @property
    def origin(self):
        return f"https://{self.host}"


@pytest.fixture
def service(sandbox, repository):
    repository.git("config", "--add", "changeling.serveHost", NAME)
    repository.git("config", "--add", "changeling.serveTrustedProxy", "127.0.0.1")
    return Service(sandbox, repository.path)


@pytest.fixture
def proxy(sandbox, service):
    if not os.access(NGINX, os.X_OK):
        pytest.skip("NOT TESTED: nginx is not installed (Debian: nginx-light)")
    return Proxy(sandbox, service)


def log_in(proxy, service, **headers):
    code = service.login_url.rpartition("#")[2]
    return proxy.ask("POST", "/changeling/login", {"Origin": proxy.origin, "X-Changeling": "1",
                                                   "Content-Type": "application/json", **headers},
                     f'{{"code": "{code}"}}')


def cookie_of(answer):
    return answer.headers["set-cookie"].split(";")[0]


def test_a_browser_logs_in_below_a_base_path_and_gets_a_cookie_for_tls_only(proxy, service):
    assert proxy.ask("GET", "/changeling").status == 301
    assert proxy.ask("GET", "/changeling/healthz").json()["ok"] is True
    assert proxy.ask("GET", "/changeling/api/v1/status").status == 401
    answer = log_in(proxy, service)
    assert answer.status in (200, 204)
    assert "; Secure" in answer.headers["set-cookie"]
    cookie = {"Cookie": cookie_of(answer)}
    assert proxy.ask("GET", "/changeling/api/v1/status", cookie).status == 200


def test_the_dashboard_works_in_a_browser(sandbox, proxy, service):
    visit(sandbox, service, "shell.mjs", "behind_nginx", url=f"{proxy.origin}/changeling", direct=service.url,
          resolve=f"MAP {NAME} 127.0.0.1", certificate="self-signed", code=service.login_url.rpartition("#")[2])


def test_events_come_through(proxy, service, repository):
    headers = {"Cookie": cookie_of(log_in(proxy, service)), "Origin": proxy.origin, "Upgrade": "websocket",
               "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    lines = ["GET /changeling/api/v1/events HTTP/1.1", f"Host: {proxy.host}",
             *(f"{name}: {value}" for name, value in headers.items())]
    with proxy.connect() as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 101
        repository.changeling("task", "add", "Seen from afar").ok()
        received = b""
        while b"Seen from afar" not in received:
            part = connection.recv(65536)
            assert part, received
            received += part


def test_what_is_wrong_is_refused_as_without_a_proxy(proxy, service):
    assert log_in(proxy, service, Origin=f"https://{NAME}.evil.example").status == 403
    assert proxy.ask("GET", "/changeling/healthz", host="evil.example").status == 421
    assert proxy.ask("GET", "/changeling/healthz", {"Origin": f"http://{proxy.host}"}).status == 403


def test_a_client_cannot_forge_what_only_the_proxy_says(proxy, service):
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.7"}
    assert proxy.ask("GET", "/changeling/healthz", {**forged, "Origin": proxy.origin}).status == 200
    # Past the proxy the server is not that origin.
    assert service.ask("GET", "/healthz", {"Origin": proxy.origin}).status == 403
