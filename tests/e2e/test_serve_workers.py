"""Work on repositories is done by processes beside the server; what becomes of them is nobody else's loss."""

import os
import signal
import threading

import pytest
from harness.service import Service, is_alive


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path, "--processes", "2", "--request-limit", "2s")


def in_background(action):
    """Runs it in a thread; gives a function that waits for what it returned."""
    got = []
    thread = threading.Thread(target=lambda: got.append(action()))
    thread.start()

    def wait():
        thread.join(60)
        return got[0]
    return wait


def test_a_worker_that_dies_costs_its_request_and_is_replaced(sandbox, service):
    before = sandbox.wait_until(lambda: len(service.workers()) == 2 and service.workers(), "two workers")
    assert service.get("/api/v1/status").status == 200
    for worker in before:
        os.kill(worker, signal.SIGSTOP)
    wait = in_background(lambda: service.get("/api/v1/status"))
    sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["busy"] == 1, "a worker has it")
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    answer = wait()
    assert answer.status == 500
    assert "has ended in the middle" in answer.json()["detail"]
    sandbox.wait_until(lambda: len(service.workers()) == 2, "both are replaced")
    assert not set(before) & set(service.workers())
    assert service.get("/api/v1/status").status == 200


def test_a_worker_that_hangs_is_killed(sandbox, service):
    before = sandbox.wait_until(lambda: len(service.workers()) == 2 and service.workers(), "two workers")
    for worker in before:
        os.kill(worker, signal.SIGSTOP)
    answer = service.get("/api/v1/status")
    assert answer.status == 503
    assert "took too long" in answer.json()["detail"]
    sandbox.wait_until(lambda: service.get("/api/v1/status").status == 200, "another one answers")
    assert len([worker for worker in before if is_alive(worker)]) <= 1


def test_more_than_can_wait_are_sent_away_while_the_server_answers(sandbox, repository):
    service = Service(sandbox, repository.path, "--processes", "1", "--request-limit", "10s")
    sandbox.wait_until(service.workers, "a worker")
    os.kill(service.workers()[0], signal.SIGSTOP)
    connections = []
    try:
        request = f"GET /api/v1/status HTTP/1.1\r\nHost: {service.host}\r\nAuthorization: Bearer {service.token}\r\n\r\n"
        for _ in range(129):
            opened = service.connect()
            connections.append(opened)
            opened.thing.sendall(request.encode())
        sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["waiting"] == 128, "the queue is full")
        answer = service.get("/api/v1/status")
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        os.kill(service.workers()[0], signal.SIGCONT)
        sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["waiting"] == 0, "the queue is empty")
    finally:
        for opened in connections:
            opened.thing.close()


def test_all_registered_repositories_are_served(sandbox, repository):
    other = sandbox.repository(name="other")
    other.changeling("init").ok()
    for each in (repository, other):
        each.changeling("add", "scribe", "--run", "true", "--schedule", "0 3 1 1 *").ok()
    service = Service(sandbox, sandbox.root, "--all")
    listed = service.get("/api/v1/repositories").json()["repositories"]
    assert sorted(one["name"] for one in listed) == ["other", "project"]
    for one in listed:
        assert service.get(f"/{one['api']}/status").status == 200
    assert service.get("/repositories/nowhere/api/v1/status").status == 404


def test_a_reload_reads_settings_and_repositories_anew(sandbox, repository, service):
    assert service.ask("GET", "/healthz", host="board.example.org").status == 421
    repository.git("config", "changeling.serveHost", "board.example.org")
    before = service.workers()
    service.process.signal(signal.SIGHUP)
    service.process.wait_for_line("were read anew")
    assert service.ask("GET", "/healthz", host="board.example.org").status == 200
    sandbox.wait_until(lambda: not set(before) & set(service.workers()) and len(service.workers()) == 2,
                       "fresh workers")
    assert service.get("/api/v1/status").status == 200
