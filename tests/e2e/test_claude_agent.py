"""Changelings whose agent is Claude Code, with a stand-in that tests/e2e/real_claude compares with the real one."""

import json

import pytest

from harness.stand_ins import install_stand_in


@pytest.fixture
def claude(repository, sandbox):
    """claude(scenario, options…) adds a changeling and runs it; returns the run's record."""
    install_stand_in(sandbox, "claude")

    def run(scenario, *options, **variables):
        variables = {"FAKE_CLAUDE": scenario, **variables}
        words = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.", *options, *words).ok()
        return repository.changeling("run", "scribe", "--json").json

    return run


def test_its_work_becomes_a_pull_request_with_cost_and_tokens(repository, claude):
    record = claude("success")
    assert record["outcome"] == "opened-pr"
    assert record["agent"] == "claude"
    assert record["turns"] == 2
    assert record["cost_usd"] == 0.0123
    assert record["tokens"] == {"input": 200, "output": 40, "cache_read": 2000, "cache_write": 20}
    assert len(record["session_id"]) == 36
    assert record["exit_code"] == 0
    assert repository.show(record["branch"], "claude-was-here.txt") == "written by an agent\n"
    log = repository.changeling("logs", record["id"]).ok().out
    assert "The file is written." in log


def test_its_own_commits_are_kept(repository, claude):
    record = claude("success", FAKE_CLAUDE_COMMIT="notes: say who was here")
    assert record["outcome"] == "opened-pr"
    assert repository.git("log", "-1", "--format=%s", record["branch"]) == "notes: say who was here"


def test_limits_prompt_and_permissions_reach_it(repository, sandbox, claude):
    claude("success", "--max-turns", "7", "--budget", "1.5", "--permission", "dontAsk", "--permission", "Write",
           FAKE_CLAUDE_RECORD=sandbox.root / "record")
    call = json.loads((sandbox.root / "record").read_text())
    words = call["arguments"]
    assert words[words.index("--max-turns") + 1] == "7"
    assert words[words.index("--max-budget-usd") + 1] == "1.5"
    assert words[words.index("--permission-mode") + 1] == "dontAsk"
    assert words[words.index("--allowedTools") + 1] == "Write"
    assert "Write a file." in call["prompt"]


@pytest.mark.parametrize("scenario, outcome, error", [
    ("denied", "denied", "git push origin HEAD"),
    ("max_turns", "failed", "reached 3 turns"),
    ("budget", "over-budget", "budget of $0.50"),
    ("api_error", "failed", "429"),
    ("not_logged_in", "failed", "claude auth login"),
    ("truncated", "failed", "without a result"),
    ("exits_nonzero", "failed", "exit code 3"),
    ("dies", "failed", "signal 9"),
])
def test_what_is_no_success(repository, claude, scenario, outcome, error):
    record = claude(scenario, "--max-turns", "3", "--budget", "0.5")
    assert record["outcome"] == outcome
    assert error in record["error"]
    assert repository.pull_requests() == []
    assert repository.runs()[0]["outcome"] == outcome


def test_nothing_to_do(repository, claude):
    assert claude("no_change")["outcome"] == "no-changes"
    assert repository.pull_requests() == []


@pytest.mark.parametrize("scenario", ["silent", "retry_storm"])
def test_silence_and_a_storm_of_retries_are_stalls(claude, sandbox, scenario):
    record = claude(scenario, "--silence-timeout", "1s")
    assert record["outcome"] == "stalled"
    assert sandbox.agent_processes() == []


def test_a_process_in_a_session_of_its_own_does_not_outlive_the_run(claude, sandbox):
    record = claude("spawns_orphan", FAKE_CLAUDE_ORPHAN=sandbox.root / "orphan")
    assert record["outcome"] == "opened-pr"
    assert (sandbox.root / "orphan").exists()
    assert sandbox.agent_processes() == []


def test_without_the_program_the_run_says_how_to_get_it(repository):
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.").ok()
    record = repository.changeling("run", "scribe", "--json").json
    assert record["outcome"] == "failed"
    assert "@anthropic-ai/claude-code" in record["error"]
