"""A network that accepts and says nothing: whoever wants the end gets it within two seconds, and the work is kept."""

import signal
import socket
import threading
import time

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from harness.git_servers import HttpServer
from harness.roles import gate
from test_github import add_fixer, on_github

SECONDS_TO_END = 2


class SilentServer:
    """Accepts every connection, takes what comes, and never answers."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.asked = threading.Event()
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self.asked.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self):
        self._listener.close()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def silence():
    server = SilentServer()
    yield server
    server.stop()


def end(program, repository, way):
    """Asks for the end in one of the ways, and returns how long it took."""
    begun = time.monotonic()
    if way == "stop":
        record, = [run for run in repository.runs() if run["status"] == "running"]
        repository.changeling("stop", record["id"]).ok()
    else:
        program.signal({"Ctrl-C": signal.SIGINT, "TERM": signal.SIGTERM}[way])
        program.finish()
    return time.monotonic() - begun


def outbox(repository):
    return repository.changeling("status", "--json").ok().json["outbox"]


@pytest.fixture(params=["stop", "Ctrl-C", "TERM"])
def way(request):
    return request.param


def start_that_stops_before_the_push(sandbox, repository, pushes_to):
    """Starts a run whose agent waits; returns the program and what lets it go on. Its settings are those of its start."""
    repository.git("config", f"url.{pushes_to}.pushInsteadOf", repository.github.clone_url)
    script, come, opened = gate(sandbox)
    repository.add_command("fixer", script + "sed -i s/teh/the/ README.md")
    # Otherwise the state is asked for before the push, and that would hang first.
    repository.git("config", "changeling.autosync", "false")
    program = repository.start("run", "fixer", "--json", env={"CHANGELING_TRACE": "1"})
    sandbox.wait_until(come.exists, "the agent begins")
    return program, opened.touch


@pytest.fixture
def project(sandbox, github_server):  # noqa: F811
    return on_github(sandbox, github_server)


def test_a_push_that_hangs(sandbox, project, silence, way):
    program, go_on = start_that_stops_before_the_push(sandbox, project, f"{silence.url}/")
    go_on()
    program.wait_for_line("trace: step push")
    sandbox.wait_until(silence.asked.is_set, "the push reaches the server")
    assert end(program, project, way) < SECONDS_TO_END
    program.finish()
    record, = project.runs()
    assert record["outcome"] == "killed" and "outbox" in record["error"]
    entry, = outbox(project)
    assert entry["run"] == record["id"]
    assert project.show(record["branch"], "README.md") == "# Example\n\nIt has the typo.\n"
    project.git("config", "--unset-all", f"url.{silence.url}/.pushInsteadOf")
    assert project.changeling("sync", "--json").ok().json["outbox"]["sent"] == [record["id"]]
    assert len(project.github.pulls()) == 1


def test_a_forge_that_hangs(sandbox, project, silence, way):
    add_fixer(project)
    project.github.fault("POST", "/pulls$", delay_ms=60_000)
    program = project.start("run", "fixer", "--json", env={"CHANGELING_TRACE": "1"})
    program.wait_for_line("trace: step propose")
    sandbox.wait_until(lambda: project.github.asked("POST", "/pulls"), "the forge is asked")
    assert end(program, project, way) < SECONDS_TO_END
    program.finish()
    record, = project.runs()
    assert record["outcome"] == "killed" and "outbox" in record["error"]
    assert [entry["run"] for entry in outbox(project)] == [record["id"]]
    project.github.server.control("DELETE", "/faults")
    assert project.changeling("sync", "--json").ok().json["outbox"]["sent"] == [record["id"]]


def test_a_credential_helper_that_hangs(sandbox, project, way):
    server = HttpServer(sandbox, project.remote.path.parent, password="secret")
    sandbox.at_close(server.stop)
    asked = sandbox.root / "helper-asked"
    project.git("config", "credential.helper", f"!touch {asked}; sleep 60; :")
    program, go_on = start_that_stops_before_the_push(sandbox, project, server.url(project.remote))
    go_on()
    sandbox.wait_until(asked.exists, "the helper is asked")
    assert end(program, project, way) < SECONDS_TO_END
    program.finish()
    assert project.runs()[0]["outcome"] == "killed"
    assert len(outbox(project)) == 1


def test_a_fetch_that_hangs_before_the_agent(sandbox, silence, way):
    repository = sandbox.repository(files={"README.md": "It has teh typo.\n"}, remote="bare")
    repository.changeling("init").ok()
    repository.git("config", "changeling.autosync", "false")
    add_fixer(repository)
    repository.git("remote", "set-url", "origin", f"{silence.url}/repo.git")
    program = repository.start("run", "fixer", "--json")
    sandbox.wait_until(silence.asked.is_set, "the fetch reaches the server")
    assert end(program, repository, way) < SECONDS_TO_END
    program.finish()
    assert repository.runs()[0]["outcome"] == "killed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_sync_that_hangs(sandbox, silence, number):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    repository.git("remote", "set-url", "origin", f"{silence.url}/repo.git")
    program = repository.start("sync")
    sandbox.wait_until(silence.asked.is_set, "the fetch reaches the server")
    begun = time.monotonic()
    program.signal(number)
    result = program.finish()
    assert time.monotonic() - begun < SECONDS_TO_END
    assert result.code != 0 and "interrupted" in result.err


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_claim_ends_its_transfer_before_itself(sandbox, silence, number):
    """A process that a signal just ends leaves a git behind that goes on, and a server that finishes for it."""
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    repository.add_task("One")
    repository.git("remote", "set-url", "origin", f"{silence.url}/repo.git")
    program = repository.start("task", "claim")
    sandbox.wait_until(silence.asked.is_set, "the command reaches the server")
    program.signal(number)
    result = program.finish()
    assert result.code == 128 and "interrupted" in result.err
