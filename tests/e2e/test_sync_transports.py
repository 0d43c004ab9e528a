"""The state is shared over the transports that people have: ssh, HTTP with passwords, and a network that fails."""

import json

import pytest

from harness.bad_network import BadProxy, SlowLine
from harness.git_servers import HttpServer, SshServer
from harness.program import program_under_test
from harness.shared_workers import SharedCrowd

STATE = "refs/changelings/state"


@pytest.fixture
def serving():
    """Stops servers when the test is over, the newest first."""
    servers = []

    def serve(server):
        servers.append(server)
        return server

    yield serve
    for server in reversed(servers):
        server.stop()


@pytest.fixture
def first(sandbox):
    repository = sandbox.repository(name="first", remote="bare")
    repository.changeling("init").ok()
    return repository


def use(repository, url, **settings):
    repository.git("remote", "set-url", "origin", url)
    for name, value in settings.items():
        repository.git("config", name.replace("_", "."), value)


def another(sandbox, first, url, name="second"):
    clone = sandbox.clone(first.remote, name=name)
    use(clone, url)
    return clone


def refused_claim(repository):
    error = repository.changeling("task", "claim", "--json").expect(128).err
    return json.loads(error.strip().splitlines()[-1])["error"]


# ssh


def test_the_state_travels_over_ssh(sandbox, first, serving):
    server = serving(SshServer(sandbox))
    sandbox.environment["GIT_SSH_COMMAND"] = server.command
    url = server.url(first.remote)
    use(first, url)
    task = first.add_task("Only one")
    assert first.changeling("sync", "--json").ok().json["sent"] is True
    second = another(sandbox, first, url)
    second.changeling("init").ok()
    assert second.claim("--as", "far")["id"] == task["id"]
    assert first.changeling("task", "claim").code == 1
    assert first.task(task["id"])["lease"]["owner"] == "far"


def test_a_key_that_ssh_does_not_know_gives_no_claim(sandbox, first, serving):
    server = serving(SshServer(sandbox))
    sandbox.environment["GIT_SSH_COMMAND"] = server.command
    use(first, server.url(first.remote))
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    sandbox.environment["GIT_SSH_COMMAND"] = server.stranger_command
    refused = first.changeling("sync").expect(128)
    assert "cannot sync with origin" in refused.err and "Permission denied (publickey)" in refused.err
    assert refused_claim(first)["kind"] == "unavailable"
    assert first.task(task["id"])["status"] == "ready"


# HTTP with Basic authentication


@pytest.fixture
def guarded(sandbox, first, serving):
    """An HTTP server that wants a password, and the credential helper's answer in the file `password`."""
    server = serving(HttpServer(sandbox, sandbox.root, password="open sesame"))
    sandbox.fake_program("git-credential-notes", f"""
        [ "$1" = get ] || exit 0
        echo asked >>{sandbox.root}/asked
        echo username={server.user}; echo "password=$(cat {sandbox.root}/password)"
        """)
    sandbox.write("password", "open sesame\n")
    use(first, server.url(first.remote), credential_helper="notes")
    return server


def test_the_state_travels_over_http_with_a_password_from_a_helper(sandbox, first, guarded):
    task = first.add_task("Only one")
    assert first.changeling("sync", "--json").ok().json["sent"] is True
    assert (sandbox.root / "asked").exists()
    second = another(sandbox, first, guarded.url(first.remote))
    second.git("config", "credential.helper", "notes")
    second.changeling("init").ok()
    assert second.claim("--as", "far")["lease"]["provisional"] is False
    assert first.changeling("task", "claim").code == 1
    assert first.task(task["id"])["lease"]["owner"] == "far"


def test_a_wrong_password_is_said_and_gives_no_claim(sandbox, first, guarded):
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    sandbox.write("password", "wrong horse\n")
    refused = first.changeling("sync").expect(128)
    assert "cannot sync with origin" in refused.err and "Authentication failed" in refused.err
    assert "wrong horse" not in refused.err
    error = refused_claim(first)
    assert error["kind"] == "unavailable" and "Authentication failed" in error["message"]
    assert first.task(task["id"])["status"] == "ready"


@pytest.mark.parametrize("prompts", ["0", None])
def test_nobody_is_asked_for_a_password_when_nobody_watches(first, guarded, prompts):
    """Also without GIT_TERMINAL_PROMPT in the environment: the test's patience would end a program that asks."""
    first.git("config", "--unset", "credential.helper")
    first.add_task("Only one")
    refused = first.changeling("sync", env={"GIT_TERMINAL_PROMPT": prompts}).expect(128)
    assert "could not read Username" in refused.err and "terminal prompts disabled" in refused.err


# A network that fails


def test_claims_wait_for_a_slow_line(sandbox, first, serving):
    server = serving(HttpServer(sandbox, sandbox.root))
    line = serving(SlowLine(server.port, 0.2))
    use(first, server.url(first.remote, line.port))
    first.add_task("Only one")
    first.changeling("sync").ok()
    assert first.claim("--as", "patient")["lease"]["provisional"] is False


def test_a_line_slower_than_the_time_limit_gives_no_claim(sandbox, first, serving):
    server = serving(HttpServer(sandbox, sandbox.root))
    use(first, server.url(first.remote))
    task = first.add_task("Only one")
    first.changeling("sync").ok()
    line = serving(SlowLine(server.port, 60))
    use(first, server.url(first.remote, line.port), changeling_syncTimeout="1s")
    error = refused_claim(first)
    assert error["kind"] == "unavailable" and "did not finish in time" in error["message"]
    assert first.task(task["id"])["status"] == "ready"


def test_every_task_is_done_once_through_a_bad_proxy(sandbox, first, serving):
    server = serving(HttpServer(sandbox, sandbox.root))
    proxy = serving(BadProxy(server.port))
    crowd = SharedCrowd(program_under_test(), first.path, sandbox.environment)
    tasks = crowd.add(60)
    clones = [first.path] + [another(sandbox, first, "unused", f"clone{number}").path for number in (1, 2)]
    for clone in clones:
        crowd.git("remote", "set-url", "origin", server.url(first.remote, proxy.port), clone=clone)
    crowd.drain(tasks, clones, workers=6, batches=(1, 2, 5))
    for fault in ("cut", "answer lost", "repeated", "late"):
        assert proxy.faults["push", fault] > 0, proxy.faults
        assert proxy.faults["other", fault] > 0, proxy.faults
