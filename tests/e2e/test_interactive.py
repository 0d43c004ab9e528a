"""Runs whose agent owns the terminal; afterwards the terminal is what it was."""

import os
import signal

import pytest

from harness.stand_ins import install_stand_in

# Leaves nothing of the terminal's settings as they were.
RAW = "stty raw -echo -isig; printf '\\033[?25lraw\\r\\n'"


@pytest.fixture
def settings(terminal):
    """Settings of the terminal before the test; afterwards they must be the same."""
    before = terminal.settings()
    yield before
    assert terminal.settings() == before


def leader(repository):
    run = repository.runs()[0]["id"]
    return int((repository.common_directory() / "changelings" / "runs" / run / "pid").read_text())


def test_the_agent_talks_with_the_person_and_its_work_becomes_a_pull_request(repository, terminal, settings):
    repository.add_command("guide", "test -t 0 && test -t 1 && test -t 2\nprintf 'Your name? '\nread name\n"
                                    "echo \"hello $name\" > name.txt\necho \"nice to meet you, $name\"",
                           "--verify", "grep hello name.txt")
    terminal.start("git changeling run guide --interactive")
    terminal.wait_for("Your name?")
    terminal.type("Merlin")
    assert terminal.finish() == 0
    terminal.wait_for("nice to meet you, Merlin")
    record = repository.runs()[0]
    assert record["outcome"] == "opened-pr"
    assert record["verification"][0]["passed"] is True
    assert repository.show(record["branch"], "name.txt") == "hello Merlin\n"


def test_an_agent_that_fails(repository, terminal, settings):
    repository.add_command("guide", "exit 3")
    assert terminal.run("git changeling run guide -i") == 1
    assert repository.runs()[0]["outcome"] == "failed"
    assert "exit code 3" in repository.runs()[0]["error"]


def test_claude_gets_the_prompt_as_argument_and_keys_as_they_are_pressed(repository, sandbox, terminal, settings):
    install_stand_in(sandbox, "claude")
    record = sandbox.marks / "record"
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write with me.", "--permission",
                          "Bash(ls *)", "--env", f"FAKE_CLAUDE_RECORD={record}", "--sandbox-write",
                          sandbox.marks).ok()
    terminal.start("git changeling run scribe --interactive")
    terminal.wait_for("Task: Write with me.")
    terminal.keys("x", "q")
    assert terminal.finish() == 0
    run = repository.runs()[0]
    assert run["outcome"] == "opened-pr"
    assert repository.show(run["branch"], "claude-was-here.txt") == "together with a person\n"
    assert '"-p"' not in record.read_text() and "stream-json" not in record.read_text()


def test_an_agent_killed_in_raw_mode(repository, sandbox, terminal, settings):
    repository.changeling("add", "wild", "--run", f"{RAW}; kill -KILL $$").ok()
    assert terminal.run("git changeling run wild -i") == 1
    assert "signal 9" in repository.runs()[0]["error"]


def test_a_leader_that_gets_term(repository, terminal, settings):
    repository.add_command("wild", f"{RAW}; while :; do sleep 0.1; done")
    terminal.start("git changeling run wild -i")
    terminal.wait_for("raw")
    os.kill(leader(repository), signal.SIGTERM)
    assert terminal.finish() == 1
    assert repository.runs()[0]["outcome"] == "killed"


def test_stop_from_another_terminal(repository, terminal, settings):
    repository.add_command("wild", f"{RAW}; while :; do sleep 0.1; done")
    terminal.start("git changeling run wild -i")
    terminal.wait_for("raw")
    refused = repository.changeling("send", "wild", "hello")
    assert refused.code == 1
    assert "talks with the person at its terminal" in refused.err
    repository.changeling("stop", "wild").ok()
    assert terminal.finish() == 1
    assert repository.runs()[0]["outcome"] == "killed"


def test_the_time_limit_holds(repository, terminal, settings):
    repository.add_command("wild", f"{RAW}; while :; do sleep 0.1; done", "--timeout", "2s")
    assert terminal.run("git changeling run wild -i") == 1
    assert repository.runs()[0]["outcome"] == "timed-out"


def test_ctrl_c_is_for_the_agent(repository, terminal, settings):
    repository.changeling("add", "guide", "--run", "trap 'echo caught > caught.txt; exit 0' INT; echo waiting; "
                                                   "while :; do sleep 0.1; done").ok()
    terminal.start("git changeling run guide -i")
    terminal.wait_for("waiting")
    terminal.keys("C-c")
    assert terminal.finish() == 0
    assert repository.runs()[0]["outcome"] == "opened-pr"


def test_ctrl_z_gives_the_shell_back_and_fg_goes_on(repository, sandbox, terminal, settings):
    repository.add_command("guide", "stty -echo; echo waiting; read word; stty echo; echo \"$word\" > word.txt")
    terminal.type("git changeling run guide -i")
    terminal.wait_for("waiting")
    terminal.keys("C-z")
    terminal.wait_for("Stopped")
    assert terminal.settings() == settings
    assert repository.runs()[0]["status"] == "running"
    terminal.start("fg")
    # The shell names the program when it continues it: on the command line, in "Stopped", and then.
    sandbox.wait_until(lambda: terminal.screen().count("git changeling run guide -i") == 3, "it is continued")
    terminal.type("abracadabra")
    assert terminal.finish() == 0
    record = repository.runs()[0]
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "word.txt") == "abracadabra\n"


def test_without_a_shell_ctrl_z_does_not_hang(repository, sandbox, terminal, settings):
    """The program is all there is in its session: nobody could ever continue it."""
    repository.add_command("guide", "echo waiting; read word; echo \"$word\" > word.txt")
    socket = sandbox.root / "tmux.sock"
    program = f"{sandbox.bin}/git-changeling run guide -i"
    sandbox.run("tmux", "-S", socket, "new-window", "-c", repository.path, "-n", "alone", program).ok()
    terminal.wait_for("waiting")
    terminal.keys("C-z")
    terminal.type("still here")
    # The record is there a moment before the program ends, and with it its window.
    windows = ("tmux", "-S", socket, "list-windows")
    sandbox.wait_until(lambda: "alone" not in sandbox.run(*windows).ok().out, "the program ends")
    assert repository.runs()[0]["outcome"] == "opened-pr"


def test_it_needs_a_terminal_in_the_foreground(repository, terminal, settings):
    repository.add_command("guide", "true")
    result = repository.changeling("run", "guide", "--interactive")
    assert result.code == 128
    assert "needs a terminal" in result.err
    assert repository.changeling("run", "guide", "-i", "--detach").code == 129
    terminal.type("git changeling run guide -i &")
    terminal.wait_for("in the foreground, without '&'")
    assert repository.runs() == []


def test_an_agent_at_mngr_cannot_have_it(repository):
    repository.changeling("add", "far", "--agent", "mngr", "--prompt", "Work.").ok()
    result = repository.changeling("run", "far", "-i")
    assert result.code == 128
    assert "cannot use this terminal" in result.err
    assert "attach" in result.err
