"""What logs agents in: kept for their runs, given back by nothing, proven by a question."""

import datetime
import json
import pathlib
import stat

import pytest

from harness.api import Api
from harness.claude import TOKEN, stand_in_for_claude
from harness.service import Service

EXPORT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "export-claude-credentials"


@pytest.fixture
def claude(sandbox):
    return stand_in_for_claude(sandbox)


def keep(repository, value=TOKEN, *words):
    return repository.changeling("credential", "set", "claude", *(words or ("CLAUDE_CODE_OAUTH_TOKEN",)), stdin=value + "\n")


def of_claude(repository):
    agents = repository.changeling("credential", "list", "--json").ok().json["agents"]
    return next(agent for agent in agents if agent["agent"] == "claude")


def all_that_is_stored(repository):
    """Everything below the repository and the home but the file itself."""
    text = ""
    for folder in (repository.path, repository.sandbox.home):
        for path in folder.rglob("*"):
            if path.is_file() and "credentials/claude" not in str(path):
                text += path.read_bytes().decode(errors="replace")
    objects = repository.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
    for line in objects:
        text += repository.git("cat-file", "-p", line.split()[0], env={"LC_ALL": "C"}) if "tree" not in line else ""
    return text


def test_an_empty_variable_is_no_login(repository, claude, sandbox):
    keep(repository).ok()
    sandbox.environment["CLAUDE_CODE_OAUTH_TOKEN"] = ""
    [found] = of_claude(repository)["credentials"]
    assert (found["variable"], found["where"]) == ("CLAUDE_CODE_OAUTH_TOKEN", "kept")
    repository.changeling("credential", "check", "claude").ok()


def test_a_kept_token_logs_the_agent_in_and_stands_nowhere_else(repository, claude):
    assert of_claude(repository) | {"logged_in": False, "credentials": []} == of_claude(repository)
    refused = repository.changeling("credential", "check", "claude")
    assert refused.code == 1 and "Not logged in" in refused.out
    done = keep(repository).ok()
    assert TOKEN not in done.out + done.err
    file, = repository.sandbox.home.glob(".local/share/git-changeling/credentials/claude/*")
    assert file.read_text() == TOKEN and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert repository.changeling("credential", "check", "claude").ok().out == "claude: it answered\n"
    told = of_claude(repository)
    assert told["logged_in"] is True and told["how"] == "oauth_token"
    assert [one["where"] for one in told["credentials"]] == ["kept"]
    repository.changeling("add", "sprite", "--prompt", "Do it").ok()
    repository.changeling("run", "sprite").ok()
    assert repository.runs()[0]["outcome"] == "opened-pr"
    assert TOKEN not in all_that_is_stored(repository)
    for words in (("list",), ("list", "--json"), ("check", "claude")):
        assert TOKEN not in repository.changeling("credential", *words).out


def test_what_the_agent_prints_of_it_is_redacted(repository, claude):
    keep(repository).ok()
    repository.write(".changelings.toml", f'''
[agents.teller]
command = ["sh", "-c", "echo $CLAUDE_CODE_OAUTH_TOKEN; echo more >> README.md", "{{prompt}}"]
pass_env = ["CLAUDE_CODE_OAUTH_TOKEN"]
''')
    repository.commit({}, "an agent type")
    repository.git("push", "--quiet")
    repository.changeling("add", "a", "--agent", "teller", "--prompt", "x").ok()
    repository.changeling("trust", "--all", "--yes").ok()
    repository.changeling("run", "a").ok()
    # It is kept for claude, not for an agent type that somebody named after their liking.
    assert TOKEN not in repository.changeling("logs", repository.runs()[0]["id"]).ok().out
    repository.changeling("credential", "set", "teller", stdin=TOKEN).ok()
    repository.changeling("run", "a").ok()
    log = repository.changeling("logs", repository.runs()[0]["id"]).ok().out
    assert "[redacted]" in log and TOKEN not in log


def test_it_is_forgotten(repository, claude):
    keep(repository).ok()
    assert "CLAUDE_CODE_OAUTH_TOKEN" in repository.changeling("credential", "remove", "claude").ok().out
    assert repository.changeling("credential", "remove", "claude").code == 1
    assert of_claude(repository)["credentials"] == []


def test_what_makes_no_sense_is_refused_with_what_to_type(repository, claude):
    several = repository.changeling("credential", "set", "claude", stdin=TOKEN)
    assert several.code == 129 and "ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN" in several.err
    near = keep(repository, TOKEN, "CLAUDE_CODE_OAUTH_TOKE")
    assert near.code == 128 and "did you mean CLAUDE_CODE_OAUTH_TOKEN?" in near.err
    assert keep(repository, "").code == 128
    lines = keep(repository, "geheim\nzwei")
    assert lines.code == 128 and "geheim" not in lines.err
    unknown = repository.changeling("credential", "set", "claud", stdin=TOKEN)
    assert unknown.code == 128 and "claude" in unknown.err
    nothing = repository.changeling("credential", "check", "command")
    assert nothing.code == 128
    inside = repository.changeling("credential", "set", "claude", "ANTHROPIC_API_KEY", stdin=TOKEN, env={"CHANGELING_RUN": "r1"})
    assert inside.code == 128 and "inside a run" in inside.err


def test_the_script_exports_the_token_of_a_login(sandbox):
    login = {"claudeAiOauth": {"accessToken": TOKEN, "refreshToken": "other", "expiresAt": 1}}
    sandbox.write(sandbox.home / ".claude/.credentials.json", json.dumps(login))
    assert sandbox.run(EXPORT).ok().out == TOKEN + "\n"
    sandbox.fake_program("uname", "echo Darwin")
    keychain = f"test \"$*\" = \"find-generic-password -s Claude Code-credentials -w\" && echo '{json.dumps(login)}'"
    sandbox.fake_program("security", keychain)
    assert sandbox.run(EXPORT).ok().out == TOKEN + "\n"
    sandbox.fake_program("security", "exit 44")
    missing = sandbox.run(EXPORT)
    assert missing.code != 0 and missing.out == ""


def test_a_schedule_waits_for_the_login_and_goes_on_by_itself(repository, claude):
    repository.changeling("add", "sprite", "--prompt", "Do it", "--schedule", "* * * * *", "--timezone", "UTC").ok()
    assert repository.changeling("run", "sprite").code == 1
    assert "is not logged in" in repository.runs()[0]["error"]

    def judged(minutes):
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        return repository.changeling("tick", "--dry-run", "--now", later.strftime("%Y-%m-%dT%H:%M:%SZ"), "--json").ok().json
    held, = judged(5)["held_back"]
    assert held["reason"] == "claude is not logged in: git changeling credential set claude"
    assert "credential set claude" in repository.changeling("status").ok().out
    assert [due["changeling"] for due in judged(31)["due"]] == ["sprite"], "it is tried in any case"
    keep(repository).ok()
    assert [due["changeling"] for due in judged(5)["due"]] == ["sprite"]


def status_of(repository):
    return repository.changeling("status", "--json").ok().json


def test_a_worker_waits_for_the_login_and_goes_on_by_itself(repository, claude, sandbox):
    repository.changeling("role", "add", "writer", "--prompt", "Do it").ok()
    repository.changeling("trust", "--all", "--yes").ok()
    task = repository.add_task("Wait", "--role", "writer")
    worker = repository.start("work", "--poll", "1s")
    worker.wait_for_line("claude is not logged in: git changeling credential set claude")
    waiting = sandbox.wait_until(lambda: [one for one in status_of(repository)["sessions"] if one["status"] == "blocked"],
                                 "the worker waits")
    assert waiting[0]["note"] == "claude is not logged in: git changeling credential set claude"
    missing, = status_of(repository)["missing_logins"]
    assert (missing["agent"], missing["roles"], missing["changelings"]) == ("claude", ["", "writer"], [])
    text = repository.changeling("status").ok().out
    assert "waiting for it: tasks without a role and tasks of the role writer" in text
    other = repository.add_task("Too")
    left = repository.task(task["id"])
    assert left["status"] == "ready" and [one["outcome"] for one in left["attempts"]] == ["released"]
    assert len(repository.runs()) == 1, "nobody tries again and again"
    keep(repository).ok()
    for one in (task, other):
        sandbox.wait_until(lambda: repository.task(one["id"])["status"] == "review", "it goes on by itself")
    assert status_of(repository)["missing_logins"] == []
    worker.interrupt()
    assert worker.finish().code == 0


def test_tasks_of_other_agents_are_worked_on_meanwhile(repository, claude, sandbox):
    repository.changeling("role", "add", "writer", "--prompt", "Do it").ok()
    repository.changeling("role", "add", "builder", "--run", "echo x > built").ok()
    repository.changeling("trust", "--all", "--yes").ok()
    held = repository.add_task("First", "--role", "writer", "--priority", "high")
    done = repository.add_task("Second", "--role", "builder")
    worker = repository.start("work", "--poll", "1s")
    sandbox.wait_until(lambda: repository.task(done["id"])["status"] == "review", "the builder's task is done")
    worker.wait_for_line("claude is not logged in")
    assert repository.task(held["id"])["status"] == "ready"
    worker.interrupt()
    worker.finish()


def test_who_dispatches_tries_once_and_is_told(repository, claude):
    for number in range(3):
        repository.add_task(f"Task {number}")
    for runs in (1, 2):
        answer = repository.changeling("dispatch", "-n", "3")
        assert answer.code == 1 and "credential set claude" in answer.err
        assert len(repository.runs()) == runs
    assert {task["status"] for task in repository.tasks()} == {"ready"}


def test_failures_for_want_of_a_login_pause_nothing(repository, claude):
    repository.changeling("add", "sprite", "--prompt", "Do it", "--schedule", "* * * * *", "--timezone", "UTC").ok()
    for _ in range(3):
        assert repository.changeling("run", "sprite").code == 1
    keep(repository).ok()
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=2)
    judged = repository.changeling("tick", "--dry-run", "--now", later.strftime("%Y-%m-%dT%H:%M:%SZ"), "--json").ok().json
    assert [due["changeling"] for due in judged["due"]] == ["sprite"]


def test_a_check_that_works_ends_the_wait(repository, claude):
    keep(repository, "an old token").ok()
    repository.changeling("add", "sprite", "--prompt", "Do it").ok()
    assert repository.changeling("run", "sprite").code == 1
    assert repository.changeling("credential", "check", "claude").code == 1
    assert of_claude(repository)["missing"]["reason"].startswith("claude is not logged in")
    keep(repository).ok()
    repository.changeling("credential", "check", "claude").ok()
    assert of_claude(repository)["missing"] is None


def test_what_a_repository_calls_its_agent_is_not_started_unapproved(repository, sandbox):
    started = sandbox.marks / "started"
    evil = sandbox.write("agents/evil", f"#!/bin/sh\ntouch {started}\necho '{{\"loggedIn\": true}}'\n", executable=True)
    repository.write(".changelings.toml", f'[agents.claude]\nlauncher = "claude"\ncommand = ["{evil}"]\n'
                     'pass_env = ["CLAUDE_CODE_OAUTH_TOKEN"]\n')
    assert of_claude(repository)["trusted"] is False and of_claude(repository)["logged_in"] is None
    refused = repository.changeling("credential", "check", "claude")
    assert refused.code == 128 and "git changeling trust" in refused.err
    assert not started.exists()
    repository.changeling("trust", "--all", "--yes").ok()
    assert of_claude(repository)["logged_in"] is True and started.exists()


def test_until_when_a_login_holds(repository, claude, sandbox):
    login = {"claudeAiOauth": {"accessToken": TOKEN, "expiresAt": 1796000000000}}
    sandbox.write(sandbox.home / ".claude/.credentials.json", json.dumps(login))
    assert of_claude(repository)["until"] == "2026-11-30T00:53:20.000Z"
    keep(repository).ok()
    assert of_claude(repository)["until"] is None, "the variable counts more"


def test_the_service_takes_a_login_and_its_workers_go_on(sandbox, repository, claude):
    task = repository.add_task("Wait")
    api = Api(Service(sandbox, repository.path, "--workers", "1"))
    need, = sandbox.wait_until(lambda: [one for one in api.ask("GET", "/needs")["needs"] if one["kind"] == "login"],
                               "the login is missed")
    assert (need["subject"], need["settle"]) == ("claude", "git changeling credential set claude")
    assert api.ask("GET", "/status")["missing_logins"][0]["roles"] == [""]
    assert api.ask("POST", "/credentials/claude/validate")["works"] is False
    kept = api.ask("PUT", "/credentials/claude", {"variable": "CLAUDE_CODE_OAUTH_TOKEN", "value": TOKEN})
    assert kept["logged_in"] is True and TOKEN not in json.dumps(kept)
    sandbox.wait_until(lambda: api.ask("GET", f"/tasks/{task['id']}")["status"] == "review", "it goes on by itself")
    assert api.ask("POST", "/credentials/claude/validate")["works"] is True
    assert not [one for one in api.ask("GET", "/needs")["needs"] if one["kind"] == "login"]
    assert api.ask("DELETE", "/credentials/claude")["removed"] == ["CLAUDE_CODE_OAUTH_TOKEN"]
    assert TOKEN not in all_that_is_stored(repository)
