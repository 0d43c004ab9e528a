"""Looking on while a run works, with and without a terminal."""

import json

import pytest

TALKER = 'echo ready; while read -r line; do echo "heard $line"; echo x >>said.txt; ' \
         'case $line in bye) exit 0;; die) exit 3;; esac; done'


@pytest.fixture
def talker(repository, sandbox):
    """A run whose agent listens on its standard input; its id."""
    repository.commit({".changelings.toml": '[agents.command]\ninput = "lines"\n'}, "settings")
    repository.add_command("talker", TALKER)
    # How its agent runs comes with the repository, so adding it is not enough.
    repository.changeling("trust", "talker", "--yes").ok()
    run_id = repository.changeling("run", "talker", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: "ready" in repository.changeling("logs", run_id).out, "the agent is ready")
    return run_id


def test_it_prints_the_log_so_far_and_what_comes_until_a_good_end(repository, talker):
    watcher = repository.start("attach", talker)
    watcher.wait_for_line("ready", stream="out")
    repository.changeling("send", talker, "hello").ok()
    watcher.wait_for_line("message from Test Person: hello", stream="out")
    watcher.wait_for_line("heard hello", stream="out")
    repository.changeling("send", talker, "bye").ok()
    result = watcher.finish().ok()
    assert "== opened-pr" in result.out
    assert f"run {talker} has ended: opened-pr" in result.err


def test_a_bad_end_is_exit_code_1(repository, talker):
    watcher = repository.start("attach", talker)
    watcher.wait_for_line("ready", stream="out")
    repository.changeling("send", talker, "die").ok()
    assert "has ended: failed" in watcher.finish().expect(1).err


def test_how_much_of_the_log_is_shown(repository, sandbox, talker):
    for number in range(30):
        repository.changeling("send", talker, f"number {number}").ok()
        # An agent that lags behind would have more of its words among the last lines.
        sandbox.wait_until(lambda: f"heard number {number}\n" in repository.changeling("logs", talker).out, "it is heard")
    watchers = [repository.start("attach", talker, "--lines", lines) for lines in ("0", "3", "1000")]
    watchers[1].wait_for_line("heard number 28", stream="out")
    watchers[2].wait_for_line("heard number 29", stream="out")
    # Both lines of the last number, so nobody missed the end of the log.
    watchers[1].wait_for_line("heard number 29", stream="out")
    following = repository.start("attach", talker, "--json", "--lines", "1")
    assert json.loads(following.wait_for_line("29", stream="out")) == {"output": "heard number 29\n"}
    repository.changeling("send", talker, "bye").ok()
    results = [watcher.finish().ok().out for watcher in watchers]
    assert "number" not in results[0] or results[0].index("heard bye") >= 0
    assert "heard number 27" not in results[1]
    assert results[2].startswith(repository.changeling("logs", talker).out[:200])
    lines = [json.loads(line) for line in following.finish().ok().out.splitlines()]
    assert lines[-1] == {"ended": {"outcome": "opened-pr"}}


def test_an_interrupt_detaches_and_the_run_goes_on(repository, sandbox, talker):
    watcher = repository.start("attach", talker)
    watcher.wait_for_line("ready", stream="out")
    watcher.interrupt()
    assert "goes on" in watcher.finish().ok().err
    repository.changeling("send", talker, "bye").ok()
    sandbox.wait_until(lambda: repository.runs()[0]["outcome"] == "opened-pr", "the run ends well")


def test_a_watcher_that_does_not_read_stops_nobody(repository, sandbox, talker):
    """Its socket fills up; the agent's output goes on and other watchers see it."""
    import socket
    path = repository.common_directory() / "changelings" / "runs" / talker / "socket"
    with socket.socket(socket.AF_UNIX) as idle:
        idle.connect(str(path))
        idle.sendall(b'{"do":"attach"}\n')
        long_line = "x" * 100_000
        for _ in range(10):
            repository.changeling("send", talker, "-", stdin=long_line).ok()
        watcher = repository.start("attach", talker, "--lines", "0")
        repository.changeling("send", talker, "bye").ok()
        watcher.finish().ok()
        sandbox.wait_until(lambda: repository.runs()[0]["outcome"] == "opened-pr", "the run ends well")


def test_typed_lines_are_sent_and_ctrl_d_leaves(repository, terminal, talker):
    terminal.start(f"git changeling attach {talker}")
    terminal.wait_for("a line that you type is sent")
    terminal.type("hello from the keyboard")
    terminal.wait_for("heard hello from the keyboard")
    terminal.keys("C-d")
    assert terminal.finish() == 0
    terminal.wait_for("goes on")
    assert repository.runs()[0]["status"] == "running"
    terminal.start(f"git changeling attach {talker}")
    terminal.wait_for("heard hello from the keyboard")
    terminal.type("bye")
    assert terminal.finish() == 0
    assert repository.runs()[0]["outcome"] == "opened-pr"


def test_ctrl_c_leaves(repository, terminal, talker):
    terminal.start(f"git changeling attach {talker}")
    terminal.wait_for("a line that you type is sent")
    terminal.keys("C-c")
    terminal.wait_for("goes on")
    assert repository.runs()[0]["status"] == "running"
    repository.changeling("stop", talker).ok()


def test_what_cannot_be_sent_is_said(repository, sandbox, terminal):
    repository.add_command("deaf", f"echo ready; until test -e {sandbox.marks}/go; do sleep 0.05; done; exit 1")
    run_id = repository.changeling("run", "deaf", "--detach").ok().out.strip()
    terminal.start(f"git changeling attach {run_id}")
    terminal.wait_for("ready")
    terminal.type("hello?")
    terminal.wait_for("not sent: the agent 'command' reads no messages")
    sandbox.write("marks/go", "")
    assert terminal.finish() == 1
