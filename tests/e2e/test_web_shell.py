"""The dashboard as a browser shows it: login, navigation, connection and the switch (tests/web/shell.mjs)."""

import contextlib
import signal
import socket
import threading

import pytest
from harness.browser import visit
from harness.service import Service


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def test_the_login_leads_to_the_page_that_was_asked_for(sandbox, service):
    visit(sandbox, service, "shell.mjs", "login", code=service.login_url.partition("#")[2])


@pytest.mark.parametrize("scenario", ["start_page", "halt", "live", "from_elsewhere"])
def test_the_shell(sandbox, service, scenario):
    visit(sandbox, service, "shell.mjs", scenario)


@pytest.mark.parametrize("path", ["/", "/app.js", "/app.css", "/repositories/project/"])
def test_the_dashboard_needs_a_login(service, path):
    assert service.ask("GET", path).status == 401
    shown = service.ask("GET", path, {"Accept": "text/html,*/*"})
    assert shown.status == 401 and b"<title>Log in" in shown.body
    there = service.get(path)
    assert there.status == 200
    assert "require-trusted-types-for 'script'" in there.headers["content-security-policy"] or path.startswith("/app")


def test_a_base_path_and_another_repository(sandbox, repository):
    other = sandbox.repository(files={"README.md": "other\n"}, name="other")
    other.changeling("init").ok()
    for each, title in ((repository, "Of the project"), (other, "Of the other one")):
        each.changeling("add", "scribe", "--run", "true", "--schedule", "0 3 1 1 *").ok()
        each.add_task(title)
    service = Service(sandbox, repository.path, "--all")
    visit(sandbox, service, "shell.mjs", "base_path", code=service.login_url.partition("#")[2])


def test_the_page_comes_back_after_the_server_was_killed(sandbox, repository):
    # Sessions are kept for a port that was named.
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    service = Service(sandbox, repository.path, listen=f"127.0.0.1:{port}")
    marks = sandbox.root / "browser-marks"
    marks.mkdir()

    def kill_and_start_again():
        sandbox.wait_until((marks / "kill").exists, "the scenario to ask for it", patience=180)
        service.process.signal(signal.SIGKILL)
        service.process.finish()
        repository.add_task("While it was away")
        Service(sandbox, repository.path, listen=f"127.0.0.1:{port}")
        (marks / "started").touch()

    helper = threading.Thread(target=kill_and_start_again)
    helper.start()
    visit(sandbox, service, "shell.mjs", "restart", marks=str(marks))
    helper.join()
