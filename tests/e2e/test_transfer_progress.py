"""Whoever waits for the remote at a terminal is told so; files, pipes and scripts are not."""

import pytest

from harness.bad_network import SlowLine
from harness.git_servers import HttpServer
from harness.tmux import Terminal

ROUND_TRIP_SECONDS = 1.5
COMMANDS = {"sync": "fetching the state from origin … ", "task claim": "sending to origin … ",
            "init": "fetching the state from origin … "}


@pytest.fixture
def far(sandbox):
    """A clone whose remote takes its time, and a second one that has not been set up."""
    first = sandbox.repository(name="first", remote="bare")
    first.changeling("init").ok()
    first.add_task("One")
    first.changeling("sync").ok()
    first.git("config", "changeling.syncTimeout", "120s")
    server = HttpServer(sandbox, sandbox.root)
    line = SlowLine(server.port, ROUND_TRIP_SECONDS)
    second = sandbox.clone(first.remote, name="second")
    for clone in (first, second):
        clone.git("remote", "set-url", "origin", server.url(first.remote, line.port))
    yield first, second
    line.stop()
    server.stop()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_transfer_that_takes_its_time_is_shown(far, command):
    first, second = far
    clone = second if command == "init" else first
    shell = Terminal(clone)
    try:
        shell.start(f"git changeling {command}")
        shell.wait_for(COMMANDS[command])
        assert shell.finish() == 0
        # The line was only for the time of waiting.
        assert "… " not in shell.screen()
    finally:
        shell.close()


@pytest.mark.parametrize("options", ["--quiet", "--json"])
def test_quiet_and_json_show_nothing(far, options):
    assert "fetching" not in "".join(far[0].in_terminal("sync", options, raw=True))


def test_a_pipe_gets_nothing(far):
    result = far[0].changeling("sync").ok()
    assert "fetching" not in result.err and "\r" not in result.err
