"""Pages of strangers in a real browser that is logged in (tests/web/hostile.mjs): other origins, and names that are bound anew."""

import http.server
import threading

import pytest
from harness.browser import visit
from harness.service import Service

STRANGER = "stranger.example"


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>You have won</title><body>")

    def log_message(self, *words):
        pass


@pytest.fixture
def strangers_port():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def service(sandbox, repository):
    repository.add_task("Own")
    return Service(sandbox, repository.path)


@pytest.mark.parametrize("scenario", ["stranger", "rebound"])
def test_pages_of_strangers_reach_nothing(sandbox, service, strangers_port, scenario):
    visit(sandbox, service, "hostile.mjs", scenario, resolve=f"MAP {STRANGER} 127.0.0.1",
          stranger=f"http://{STRANGER}:{strangers_port}/", rebound=f"http://{STRANGER}:{service.port}")
