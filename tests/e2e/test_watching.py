"""status, runs, logs, stop and retry."""

import pytest


@pytest.fixture
def waiting(repository, sandbox):
    """A run that prints a line and then waits until `go` is written."""
    repository.add_command("slow", f"echo first line; while ! test -e {sandbox.marks}/go; do sleep 0.05; done\n"
                                   "echo last line; echo x >> README.md")
    program = repository.start("run", "slow", "--json")
    sandbox.wait_until(sandbox.agent_processes, "the agent runs")
    return program


def test_status_of_a_fresh_repository(repository):
    status = repository.changeling("status", "--json").ok().json
    assert set(status) >= {"running", "changelings", "queue", "spent_usd", "worktrees"}
    assert status["running"] == [] and status["changelings"] == []
    assert status["spent_usd"] == {"today": 0, "month": 0}
    assert status["worktrees"] == {"count": 0, "bytes": 0}
    assert "git changeling add" in repository.changeling("status").ok().out


def test_status_while_something_runs(repository, sandbox, waiting):
    status = repository.changeling("status", "--json").ok().json
    running, = status["running"]
    assert running["changeling"] == "slow" and running["status"] == "running"
    assert status["worktrees"]["count"] == 1 and status["worktrees"]["bytes"] > 0
    assert "slow" in repository.changeling("status").ok().out
    sandbox.write("marks/go", "")
    waiting.finish().ok()
    assert repository.changeling("status", "--json").ok().json["running"] == []


def test_status_shows_last_outcome_and_open_pull_request(repository):
    repository.add_command("writer", "echo x >> README.md")
    repository.changeling("run", "writer").ok()
    text = repository.changeling("status").ok().out
    assert "writer" in text and "opened-pr" in text


def test_runs_are_listed_newest_first(repository):
    repository.add_command("a", "true")
    repository.add_command("b", "exit 1")
    for name in ("a", "b", "a"):
        repository.changeling("run", name)
    runs = repository.runs()
    assert [record["changeling"] for record in runs] == ["a", "b", "a"]
    assert [record["outcome"] for record in runs] == ["no-changes", "failed", "no-changes"]
    assert len({record["id"] for record in runs}) == 3


def test_a_run_is_found_by_the_start_of_its_id(repository):
    repository.add_command("a", "true")
    record = repository.changeling("run", "a", "--json").ok().json
    assert repository.changeling("runs", "show", record["id"][:10], "--json").ok().json["id"] == record["id"]


def test_an_unknown_run(repository):
    result = repository.changeling("runs", "show", "zzzzzzzz").expect(128)
    assert "zzzzzzzz" in result.err and "runs list" in result.err


def test_logs_of_a_finished_run(repository):
    repository.add_command("talker", "echo to stdout; echo to stderr >&2; printf 'no newline'")
    record = repository.changeling("run", "talker", "--json").ok().json
    text = repository.changeling("logs", record["id"]).ok().out
    assert "to stdout" in text and "to stderr" in text and "no newline" in text


def test_logs_follow_a_running_one_to_its_end(repository, sandbox, waiting):
    run_id = repository.runs()[0]["id"]
    follower = repository.start("logs", run_id, "--follow")
    follower.wait_for_line("first line", stream="out")
    assert follower.running()
    sandbox.write("marks/go", "")
    follower.wait_for_line("last line", stream="out")
    follower.finish().ok()
    waiting.finish().ok()


def test_logs_take_the_name_for_its_newest_run(repository):
    repository.add_command("talker", "echo hello from the agent")
    repository.changeling("run", "talker").ok()
    assert "hello from the agent" in repository.changeling("logs", "talker").ok().out


def test_stop_of_a_finished_run_says_so(repository):
    repository.add_command("a", "true")
    record = repository.changeling("run", "a", "--json").ok().json
    result = repository.changeling("stop", record["id"])
    assert result.code in (1, 128)
    assert "no-changes" in result.err or "finished" in result.err or "not running" in result.err


def test_retry_runs_the_same_changeling_again(repository, sandbox):
    repository.add_command("flaky", f"test -e {sandbox.marks}/fixed; echo x >> README.md")
    failed = repository.changeling("run", "flaky", "--json").expect(1).json
    sandbox.write("marks/fixed", "")
    record = repository.changeling("retry", failed["id"], "--json").ok().json
    assert record["outcome"] == "opened-pr"
    assert record["trigger"] == "retry"
    assert record["id"] != failed["id"]
    assert len(repository.runs()) == 2


def test_progress_goes_to_stderr_and_the_result_to_stdout(repository):
    repository.add_command("writer", "echo x >> README.md")
    result = repository.changeling("run", "writer", "--json").ok()
    assert result.out.lstrip().startswith("{")
    quiet = repository.changeling("run", "writer", "--quiet")
    assert quiet.err.strip() == ""


def test_outputs_fit_the_terminal(repository):
    name = "a-rather-long-name-for-a-changeling"
    repository.add_command(name, "echo x >> README.md", "--verify", "true")
    lines = repository.in_terminal("run", name, columns=80)
    assert any("opened-pr" in line for line in lines)
    for words in (["status"], ["list"], ["runs", "list"], ["review", "list"]):
        lines = repository.in_terminal(*words, columns=80)
        assert lines and [line for line in lines if len(line) > 80] == [], words


def test_colour_on_a_terminal_unless_refused(repository):
    repository.add_command("a", "true")
    repository.changeling("run", "a").ok()
    assert "\x1b[" in "".join(repository.in_terminal("runs", "list", raw=True))
    assert "\x1b[" not in "".join(repository.in_terminal("runs", "list", raw=True, env={"NO_COLOR": "1"}))


def test_progress_is_one_line_on_a_terminal(repository):
    repository.add_command("slow", "sleep 1; echo x >> README.md")
    text = "".join(repository.in_terminal("run", "slow", raw=True))
    assert "\r" in text and "agent" in text
