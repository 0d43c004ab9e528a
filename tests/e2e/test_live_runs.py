"""A run while it is under way: messages to its agent, and stopping it."""

import json
import os
import signal
import socket
import stat

import pytest

from harness.stand_ins import install_stand_in

# Repeats every line that it is sent, until "bye".
TALKER = 'echo ready; while read -r line; do echo "heard $line"; echo "$line" >>said.txt; ' \
         'if [ "$line" = bye ]; then exit 0; fi; done'
LINES = '[agents.command]\ninput = "lines"\n'


@pytest.fixture
def start(repository, sandbox):
    """start(name) starts a run in the background and returns its id as soon as its agent works."""
    def begin(name, sign="ready"):
        run_id = repository.changeling("run", name, "--detach").ok().out.strip()
        sandbox.wait_until(lambda: sign in log(repository, run_id), f"the agent says {sign!r}")
        return run_id
    return begin


@pytest.fixture
def talker(repository, start):
    """A run whose agent listens on its standard input; its id."""
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("talker", TALKER)
    # How its agent runs comes with the repository, so adding it is not enough.
    repository.changeling("trust", "talker", "--yes").ok()
    return start("talker")


def log(repository, run_id):
    return repository.changeling("logs", run_id).out


def files(repository, run_id):
    return repository.common_directory() / "changelings" / "runs" / run_id


def wait_for_end(repository, sandbox, run_id):
    def finished():
        record = repository.changeling("runs", "show", run_id, "--json").ok().json
        return record if record["status"] == "finished" else None
    return sandbox.wait_until(finished, "the run ends")


def ask(path, *lines):
    """What the leader answers to raw lines."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall("".join(line + "\n" for line in lines).encode())
        connection.shutdown(socket.SHUT_WR)
        return [json.loads(line) for line in connection.makefile()]


def test_a_command_agent_gets_messages_as_lines(repository, sandbox, talker):
    assert repository.changeling("send", talker, "hello there").ok().out == ""
    assert repository.changeling("send", "talker", "-", stdin="one\ntwo\n").ok().out == ""
    answer = repository.changeling("send", talker, "bye", "--json").ok().json
    assert answer == {"run": talker, "delivered": True, "reason": None}
    record = wait_for_end(repository, sandbox, talker)
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "said.txt") == "hello there\none\ntwo\nbye\n"
    for where in (log(repository, talker), repository.changeling("logs", talker, "--transcript").ok().out):
        assert "message from Test Person: hello there" in where
        assert "heard hello there" in where


def test_secrets_in_a_message_are_not_stored(repository, sandbox, talker):
    secret = "ghp_" + "a1B2" * 9
    repository.changeling("send", talker, f"use {secret}").ok()
    repository.changeling("send", talker, "bye").ok()
    wait_for_end(repository, sandbox, talker)
    for name in ("log", "transcript"):
        text = (files(repository, talker) / name).read_text()
        assert secret not in text
        assert "message from Test Person: use [redacted]" in text


def test_an_agent_that_reads_no_messages(repository, sandbox, start):
    repository.add_command("deaf", f"echo ready; until test -e {sandbox.marks}/go; do sleep 0.05; done")
    run_id = start("deaf")
    result = repository.changeling("send", run_id, "hello")
    assert result.code == 1
    assert "the agent 'command' reads no messages" in result.err
    assert 'input = "lines"' in result.err
    assert "hello" not in log(repository, run_id)
    sandbox.write("marks/go", "")
    wait_for_end(repository, sandbox, run_id)


def test_a_command_that_closed_its_input(repository, sandbox, start):
    """Behind walls bubblewrap itself holds the other end open, and nobody learns of it (docs/live-runs.md)."""
    sandbox.without_walls()
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.changeling("add", "shut", "--run",
                          f"exec <&-; echo ready; until test -e {sandbox.marks}/go; do sleep 0.05; done").ok()
    repository.changeling("trust", "shut", "--yes").ok()
    run_id = start("shut")
    result = repository.changeling("send", run_id, "hello", "--json")
    assert result.code == 1
    assert result.json["delivered"] is False
    assert "closed its standard input" in result.json["reason"]
    sandbox.write("marks/go", "")
    wait_for_end(repository, sandbox, run_id)


def test_before_and_after_the_agent_messages_are_refused(repository, sandbox):
    wait = f"until test -e {sandbox.marks}/%s; do sleep 0.05; done"
    repository.add_command("writer", "echo x >> README.md", "--setup", "echo ready; " + wait % "one", "--verify",
                           "echo checking; " + wait % "two")
    run_id = repository.changeling("run", "writer", "--detach").ok().out.strip()
    for sign, reason, file in (("ready", "has not been started yet", "one"), ("checking", "has ended", "two")):
        sandbox.wait_until(lambda: f"\n{sign}\n" in log(repository, run_id), sign)
        result = repository.changeling("send", run_id, "hello")
        assert result.code == 1
        assert reason in result.err
        sandbox.write(sandbox.marks / file, "")
    assert wait_for_end(repository, sandbox, run_id)["outcome"] == "opened-pr"


def test_wrong_words(repository, sandbox, talker):
    assert repository.changeling("send", talker, "  ").code == 129
    assert repository.changeling("send", talker, "-", stdin="x" * 300_000).code == 129
    assert repository.changeling("send", "nobody", "hello").code == 128
    repository.changeling("send", talker, "bye").ok()
    wait_for_end(repository, sandbox, talker)
    for words in (("send", talker, "hello"), ("attach", talker)):
        result = repository.changeling(*words)
        assert result.code == 1
        assert "has ended already: opened-pr" in result.err
        assert f"git changeling logs {talker}" in result.err


def test_claude_takes_a_message_into_its_turn(repository, sandbox, start):
    install_stand_in(sandbox, "claude")
    heard = sandbox.marks / "heard"
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.", "--env", "FAKE_CLAUDE=folds",
                          "--env", f"FAKE_CLAUDE_HEARD={heard}", "--sandbox-write", sandbox.marks).ok()
    run_id = start("scribe", "I wait for advice.")
    repository.changeling("send", run_id, "mind the\n\"quotes\"").ok()
    assert wait_for_end(repository, sandbox, run_id)["outcome"] == "opened-pr"
    assert heard.read_text() == "mind the\n\"quotes\"\n"
    transcript = (files(repository, run_id) / "transcript").read_text().splitlines()
    assert {"type": "message", "from": "Test Person", "text": "mind the\n\"quotes\""} in map(json.loads, transcript)


def test_claude_answers_a_message_in_a_turn_of_its_own(repository, sandbox, start):
    install_stand_in(sandbox, "claude")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.", "--env", "FAKE_CLAUDE=queues",
                          "--env", f"FAKE_CLAUDE_HEARD={sandbox.marks}/heard", "--sandbox-write", sandbox.marks).ok()
    run_id = start("scribe", "I do not listen.")
    repository.changeling("send", run_id, "thank you").ok()
    record = wait_for_end(repository, sandbox, run_id)
    assert record["outcome"] == "opened-pr"
    assert record["cost_usd"] == 0.02
    assert "You said: thank you" in log(repository, run_id)


def test_an_agent_at_mngr_gets_messages(repository, sandbox, start):
    install_stand_in(sandbox, "mngr")
    host = sandbox.root / "mngr"
    host.mkdir()
    sandbox.environment["MNGR_HOST_DIR"] = str(host)
    repository.changeling("add", "scribe", "--agent", "mngr", "--prompt", "Write.", "--env", "FAKE_MNGR=listens").ok()
    run_id = start("scribe", "Read: README.md")
    repository.changeling("send", run_id, "mind the step").ok()
    assert wait_for_end(repository, sandbox, run_id)["outcome"] == "opened-pr"
    calls = [json.loads(line)["arguments"] for line in (host / "calls.jsonl").read_text().splitlines()]
    assert [call[2:4] for call in calls if call[0] == "message"] == [["-m", "mind the step"]]


def test_stop_goes_through_the_socket(repository, sandbox, talker):
    result = repository.changeling("stop", talker).ok()
    assert "killed" in result.out
    record = repository.changeling("runs", "show", talker, "--json").ok().json
    assert record["outcome"] == "killed"
    assert record["error"] == "stopped by the user"
    assert not (files(repository, talker) / "socket").exists()
    assert sandbox.agent_processes() == []


def test_stop_works_without_the_socket(repository, talker):
    (files(repository, talker) / "socket").unlink()
    assert "killed" in repository.changeling("stop", talker).ok().out
    assert repository.runs()[0]["outcome"] == "killed"


def test_without_a_socket_nothing_can_be_sent(repository, talker):
    (files(repository, talker) / "socket").unlink()
    result = repository.changeling("send", talker, "hello")
    assert result.code == 128
    assert "cannot be reached" in result.err and "logs" in result.err
    repository.changeling("stop", talker).ok()


def test_a_killed_leader_leaves_a_socket_that_recovery_removes(repository, sandbox, talker):
    place = files(repository, talker)
    os.kill(int((place / "pid").read_text()), signal.SIGKILL)
    sandbox.wait_until(lambda: repository.changeling("status").ok() and not (place / "lock").exists(), "recovery")
    assert not (place / "socket").exists()
    result = repository.changeling("send", talker, "hello")
    assert result.code == 1
    assert "has ended already: killed" in result.err


def test_a_run_of_another_clone_cannot_be_reached(repository, sandbox, talker):
    sandbox.run("git", "clone", "--quiet", repository.path, sandbox.root / "clone").ok()
    clone = sandbox.adopt(sandbox.root / "clone")
    clone.git("fetch", "--quiet", "origin", "refs/changelings/state:refs/changelings/state")
    for words in (("send", talker, "hello"), ("attach", talker), ("stop", talker)):
        result = clone.changeling(*words)
        assert result.code == 128
        assert "cannot be reached from here" in result.err
    repository.changeling("stop", talker).ok()


def test_the_socket_is_for_its_owner_and_speaks_the_protocol(repository, talker):
    path = files(repository, talker) / "socket"
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    answers = ask(path, "nonsense", '{"do":"dance"}', '{"do":"send","text":""}', '{"do":"send","text":"hi"}')
    assert [answer["ok"] for answer in answers] == [False, False, False, True]
    assert "attach, send, stop" in answers[1]["reason"]
    assert "message from somebody: hi" in log(repository, talker)
    assert ask(path, '{"do":"stop"}') == [{"ok": True}]


def test_logs_follow_sees_the_end_of_a_killed_leader(repository, sandbox, talker):
    follower = repository.start("logs", talker, "--follow")
    follower.wait_for_line("ready", stream="out")
    repository.changeling("send", talker, "hello").ok()
    follower.wait_for_line("heard hello", stream="out")
    os.kill(int((files(repository, talker) / "pid").read_text()), signal.SIGKILL)
    follower.finish().ok()
    assert repository.runs()[0]["outcome"] == "killed"


def test_a_repository_with_a_very_long_path(sandbox):
    repository = sandbox.repository(name="/".join(["a-folder-with-a-long-name"] * 6))
    repository.changeling("init").ok()
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("talker", TALKER)
    # How its agent runs comes with the repository, so adding it is not enough.
    repository.changeling("trust", "talker", "--yes").ok()
    run_id = repository.changeling("run", "talker", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: "ready" in log(repository, run_id), "the agent is ready")
    assert len(str(files(repository, run_id) / "socket")) > 108
    repository.changeling("send", run_id, "bye").ok()
    assert wait_for_end(repository, sandbox, run_id)["outcome"] == "opened-pr"
