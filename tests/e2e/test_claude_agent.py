"""Changelings whose agent is Claude Code, with a stand-in that tests/e2e/real_claude compares with the real one."""

import json
import pathlib

import pytest

from harness import walls
from harness.stand_ins import FAKES, install_stand_in


@pytest.fixture
def claude(repository, sandbox):
    """claude(scenario, options…) adds a changeling and runs it; returns the run's record."""
    install_stand_in(sandbox, "claude")

    def run(scenario, *options, **variables):
        variables = {"FAKE_CLAUDE": scenario, **variables}
        words = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        opening = sandbox.opening(*words)
        repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.", *options, *words,
                              *opening).ok()
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
           FAKE_CLAUDE_RECORD=sandbox.marks / "record")
    call = json.loads((sandbox.marks / "record").read_text())
    words = call["arguments"]
    assert words[words.index("--max-turns") + 1] == "7"
    assert words[words.index("--max-budget-usd") + 1] == "1.5"
    assert words[words.index("--permission-mode") + 1] == "dontAsk"
    assert words[words.index("--allowedTools") + 1] == "Write"
    assert "Write a file." in call["prompt"]


@pytest.mark.parametrize("scenario, outcome, error", [
    ("only_denied", "denied", "curl https://example.com"),
    ("leaves_background", "failed", "in the background: tests"),
    ("cut_off", "failed", "was cut off"),
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


def test_a_refused_tool_is_named_and_the_work_decides(repository, claude):
    record = claude("denied", "--verify", "test -s claude-was-here.txt")
    assert record["outcome"] == "opened-pr"
    assert record["refused"] == ["Bash: git push origin HEAD"]
    pull, = repository.pull_requests()
    assert pull["draft"] is False
    assert "Bash: git push origin HEAD" in repository.changeling("review", "show", "1").ok().out
    assert "refused   Bash: git push origin HEAD" in repository.changeling("runs", "show", "scribe").ok().out
    status = repository.changeling("status").ok().out
    assert f"scribe: run {record['id']} was refused Bash: git push origin HEAD" in status
    changeling, = repository.changeling("status", "--json").ok().json["changelings"]
    assert changeling["last_run"]["refused"] == record["refused"]


def test_without_checks_work_that_was_refused_a_tool_is_a_draft(repository, claude):
    assert claude("denied")["outcome"] == "opened-pr"
    pull, = repository.pull_requests()
    assert pull["draft"] is True


def test_a_refused_tool_fails_the_run_where_the_definition_says_so(repository, claude):
    record = claude("denied", "--verify", "true", "--refusals", "fail")
    assert record["outcome"] == "denied"
    assert "git push origin HEAD" in record["error"]
    assert repository.pull_requests() == []
    assert repository.changeling("show", "scribe", "--json").ok().json["refusals"] == "fail"


def test_a_report_is_a_report_although_a_tool_was_refused(claude):
    record = claude("only_denied", "--output", "report")
    assert record["outcome"] == "reported"
    assert record["refused"] == ["Bash: curl https://example.com"]


def test_work_that_fails_its_checks_has_failed_them(repository, claude):
    assert claude("denied", "--verify", "false")["outcome"] == "verification-failed"
    assert repository.pull_requests() == []


def test_it_goes_on_when_its_background_work_has_ended(repository, claude):
    """The pause is longer than an agent may live on after its result."""
    record = claude("in_background", FAKE_CLAUDE_PAUSE="11")
    assert record["outcome"] == "opened-pr"
    assert record["turns"] == 4
    assert record["tokens"] == {"input": 400, "output": 80, "cache_read": 4000, "cache_write": 40}
    assert repository.show(record["branch"], "claude-was-here.txt") == "written by an agent\n"


def test_the_limits_hold_for_what_goes_on_in_the_background(claude, sandbox):
    record = claude("never_ends_in_background", "--silence-timeout", "1s")
    assert record["outcome"] == "stalled"
    assert "in the background: a server" in record["error"]
    assert record["tokens"]["input"] == 200
    assert sandbox.agent_processes() == []


def test_what_an_agent_used_is_known_when_a_limit_ends_it(claude):
    record = claude("silent", "--silence-timeout", "1s")
    assert record["outcome"] == "stalled"
    assert record["turns"] == 1
    assert record["tokens"] == {"input": 100, "output": 20, "cache_read": 1000, "cache_write": 10}


def test_nothing_to_do(repository, claude):
    assert claude("no_change")["outcome"] == "no-changes"
    assert repository.pull_requests() == []


@pytest.mark.parametrize("scenario", ["silent", "retry_storm"])
def test_silence_and_a_storm_of_retries_are_stalls(claude, sandbox, scenario):
    record = claude(scenario, "--silence-timeout", "1s")
    assert record["outcome"] == "stalled"
    assert sandbox.agent_processes() == []


def test_a_process_in_a_session_of_its_own_does_not_outlive_the_run(claude, sandbox):
    record = claude("spawns_orphan", FAKE_CLAUDE_ORPHAN=sandbox.marks / "orphan")
    assert record["outcome"] == "opened-pr"
    assert (sandbox.marks / "orphan").exists()
    assert sandbox.agent_processes() == []


def test_without_the_program_the_run_says_how_to_get_it(repository):
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.").ok()
    record = repository.changeling("run", "scribe", "--json").json
    assert record["outcome"] == "failed"
    assert "@anthropic-ai/claude-code" in record["error"]


#: In place of the program: what it can write it changes, and it leaves something in every folder.
VANDAL = r"""#!/bin/sh
for folder in "$HOME/.claude" "$CLAUDE_CONFIG_DIR"; do
    find "$folder" -type f | while read -r file; do echo planted >>"$file"; rm -f "$file"; echo planted >"$file"; done
    find "$folder" -type d | while read -r each; do echo planted >"$each/planted"; done
    mkdir -p "$folder/hooks" "$folder/projects/-srv-project/memory"
    echo planted >"$folder/projects/-srv-project/memory/MEMORY.md"
    mv "$folder/local" "$folder/was-local"
done
echo '{}' >"$HOME/.claude.json"
echo "*" >"$CLAUDE_CONFIG_DIR/projects/$(pwd | tr -c 'A-Za-z0-9\n' -)/session.jsonl"
"""


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


@walls.needed
def test_it_plants_nothing_that_runs_or_is_read_later(repository, sandbox, claude):
    elsewhere = sandbox.root / "claude-settings"
    for folder in (sandbox.home / ".claude", elsewhere):
        for name in ("settings.json", "CLAUDE.md", "local/claude", "hooks/own.sh", "rules/a.md", "todos/1.json",
                     "projects/-srv-project/memory/MEMORY.md", "projects/-srv-project/1.jsonl", ".credentials.json"):
            sandbox.write(folder / name, f"the user's {name}\n")
    for place in (sandbox.home, elsewhere):
        sandbox.write(place / ".claude.json", '{"numStartups": 1}\n')
    before = files_below(sandbox.home / ".claude"), files_below(elsewhere), (sandbox.home / ".claude.json").read_text()
    (sandbox.bin / "claude").unlink()
    sandbox.write(sandbox.bin / "claude", f'{VANDAL}\nexec python3 {FAKES / "claude"} "$@"\n', executable=True)
    record = claude("success", CLAUDE_CONFIG_DIR=elsewhere)
    assert record["outcome"] == "opened-pr", record["error"]
    after = files_below(sandbox.home / ".claude"), files_below(elsewhere), (sandbox.home / ".claude.json").read_text()
    for there, here in zip(after[:2], before[:2]):
        # A login is the program's own to renew.
        assert there.pop(".credentials.json") != here.pop(".credentials.json")
    own = [name for name in after[1] if name not in before[1]]
    assert [pathlib.PurePath(name).name for name in own] == ["planted", "session.jsonl"]
    assert all(record["id"] in name for name in own)
    for name in own:
        del after[1][name]
    # In the other folder it has found that of its project as well.
    for name in [name for name in after[0] if record["id"] in name]:
        del after[0][name]
    assert after == before


@walls.needed
def test_it_finds_the_users_settings_and_leaves_no_empty_folder(sandbox, claude):
    sandbox.write("home/.claude/settings.json", "mine")
    sandbox.write("home/.claude/my-hook.sh", "hook")
    (sandbox.bin / "claude").unlink()
    sandbox.write(sandbox.bin / "claude", f'#!/bin/sh\ncat ~/.claude/settings.json ~/.claude/my-hook.sh >seen\n'
                                          f'exec python3 {FAKES / "claude"} "$@"\n', executable=True)
    record = claude("success")
    assert record["outcome"] == "opened-pr", record["error"]
    assert not any((sandbox.home / ".claude/projects").iterdir())
