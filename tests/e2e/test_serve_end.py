"""The service starts what is due and works on tasks; its end, gentle or not, loses and doubles nothing."""

import os
import signal

import pytest
from harness.roles import add_script_role, gate, writer
from harness.service import Service, is_alive, read_answer
from harness.stepped_clock import SteppedClock


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def status_of(repository, task):
    return repository.task(task["id"])["status"]


def runs_when_finished(repository, count=1):
    def look():
        runs = repository.runs()
        return runs if len(runs) >= count and all(run["status"] == "finished" for run in runs) else None
    return repository.sandbox.wait_until(look, f"{count} runs are finished", patience=120)


def test_a_schedule_is_kept_once_also_by_a_server_that_was_killed(sandbox):
    clock = SteppedClock(sandbox, "2026-11-23 12:00:00")
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    script, come, opened = gate(sandbox)
    repository.add_command("sprite", script + "echo more >> README.md", "--schedule", "0 3 * * *")
    clock.set("2026-11-24 03:00:20")
    first = Service(sandbox, repository.path)
    first.process.wait_for_line("sprite: started run")
    sandbox.wait_until(come.exists, "the agent works", patience=120)
    first.process.kill()
    first.process.finish()
    second = Service(sandbox, repository.path)
    second.process.signal(signal.SIGHUP)
    second.process.wait_for_line("were read anew")
    opened.touch()
    [run] = runs_when_finished(repository)
    assert (run["trigger"], run["outcome"]) == ("schedule", "opened-pr")
    second.stop().ok()
    assert len(repository.runs()) == 1


def test_workers_do_tasks_and_finish_the_running_one_at_the_end(sandbox, repository):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "gated", script + 'echo x > "$CHANGELING_TASK.txt"')
    first = repository.add_task("First", "--role", "gated")
    second = repository.add_task("Second", "--role", "gated")
    service = Service(sandbox, repository.path, "--workers", "1")
    sandbox.wait_until(come.exists, "the agent works", patience=120)
    service.process.signal(signal.SIGTERM)
    opened.touch()
    service.process.finish(patience=120).ok()
    assert sorted([status_of(repository, first), status_of(repository, second)]) == ["ready", "review"]


def test_settings_are_read_anew_while_a_worker_is_at_a_task(sandbox, repository):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "gated", script + 'echo x > "$CHANGELING_TASK.txt"')
    task = repository.add_task("Only", "--role", "gated")
    service = Service(sandbox, repository.path, "--workers", "1")
    sandbox.wait_until(come.exists, "the agent works", patience=120)
    service.process.signal(signal.SIGHUP)
    service.process.wait_for_line("were read anew")
    opened.touch()
    sandbox.wait_until(lambda: status_of(repository, task) == "review", "the task is done", patience=120)
    [run] = runs_when_finished(repository)
    assert run["outcome"] == "opened-pr"
    service.stop().ok()


def test_what_is_not_done_at_the_limit_is_given_back(sandbox, repository):
    script, come, _ = gate(sandbox)
    add_script_role(repository, "gated", script)
    task = repository.add_task("Endless", "--role", "gated")
    service = Service(sandbox, repository.path, "--workers", "1", "--drain", "1s")
    sandbox.wait_until(come.exists, "the agent works", patience=120)
    service.stop(patience=120).ok()
    assert status_of(repository, task) == "ready"
    assert "lease" not in repository.task(task["id"]) or repository.task(task["id"])["lease"] is None


def test_tasks_of_a_server_that_was_killed_are_done_once(sandbox, repository):
    log = sandbox.marks / "done"
    add_script_role(repository, "logger", f'sleep 0.3; echo "$CHANGELING_TASK" >> {log}; echo x > "$CHANGELING_TASK.txt"')
    tasks = [repository.add_task(f"Task {number}", "--role", "logger") for number in range(4)]
    first = Service(sandbox, repository.path, "--workers", "1")
    sandbox.wait_until(log.exists, "the first task is done", patience=120)
    first.process.kill()
    first.process.finish()
    Service(sandbox, repository.path, "--workers", "1")
    sandbox.wait_until(lambda: all(status_of(repository, task) == "review" for task in tasks), "all are in review",
                       patience=240)
    assert sorted(log.read_text().split()) == sorted(task["id"] for task in tasks)
    assert len(repository.pull_requests()) == 4


def test_a_request_under_way_is_answered_before_the_end(sandbox, repository):
    service = Service(sandbox, repository.path, "--processes", "1")
    [worker] = sandbox.wait_until(service.workers, "a worker")
    os.kill(worker, signal.SIGSTOP)
    with service.connect() as connection, service.connect() as idle:
        connection.sendall(f"GET /api/v1/status HTTP/1.1\r\nHost: {service.host}\r\n"
                           f"Authorization: Bearer {service.token}\r\n\r\n".encode())
        sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["busy"] == 1, "the worker has it")
        service.process.signal(signal.SIGTERM)
        assert idle.recv(1) == b""
        with pytest.raises(ConnectionError):
            service.ask("GET", "/healthz")
        os.kill(worker, signal.SIGCONT)
        answer = read_answer(connection)
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    service.process.finish().ok()
    assert not is_alive(worker)


def test_the_end_does_not_wait_longer_than_it_may(sandbox, repository):
    service = Service(sandbox, repository.path, "--processes", "1", "--drain", "1s")
    [worker] = sandbox.wait_until(service.workers, "a worker")
    os.kill(worker, signal.SIGSTOP)
    with service.connect() as connection:
        connection.sendall(f"GET /api/v1/status HTTP/1.1\r\nHost: {service.host}\r\n"
                           f"Authorization: Bearer {service.token}\r\n\r\n".encode())
        sandbox.wait_until(lambda: service.ask("GET", "/healthz").json()["busy"] == 1, "the worker has it")
        service.stop(patience=20).ok()
    assert not is_alive(worker)


def test_workers_end_with_a_server_that_was_killed(sandbox, service):
    before = sandbox.wait_until(lambda: len(service.workers()) == 4 and service.workers(), "four workers")
    service.process.kill()
    service.process.finish()
    sandbox.wait_until(lambda: not any(is_alive(worker) for worker in before), "all have ended")


def test_a_task_that_is_added_later_is_done(sandbox, repository):
    writer(repository)
    service = Service(sandbox, repository.path, "--workers", "2")
    task = repository.add_task("Later", "--role", "writer")
    sandbox.wait_until(lambda: status_of(repository, task) == "review", "it is done", patience=120)
    service.stop(patience=120).ok()
