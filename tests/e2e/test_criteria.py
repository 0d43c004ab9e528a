"""Command lines of criteria that a person checks with `task complete` are held as a run's own checks are."""

import pytest

from harness import walls


def complete(repository, criterion, **options):
    """Claims the only task, which has the criterion, and completes it."""
    repository.add_task("One", "--accept", f"run:{criterion}")
    claim = repository.claim()
    return repository.changeling("task", "complete", claim["id"], "--token", "1", "--json", **options)


@walls.needed
def test_they_see_the_work_tree_and_its_history(repository):
    repository.write("new.txt", "not committed\n")
    result = complete(repository, "grep -q committed new.txt && git log --oneline && test -z \"$(git diff HEAD)\" && echo x >made")
    assert result.ok().json["status"] == "done"
    assert repository.read("made") == "x\n"
    assert "sandbox: bubblewrap, network: full" in result.err


@walls.needed
@pytest.mark.parametrize("attack", [
    "echo x >$HOME/planted; test -e {home}/secret",
    "cat {home}/secret",
    "echo x >.git/hooks/post-commit",
    "git config core.editor evil",
    "git update-ref refs/heads/other HEAD",
    "ls .git/changelings/runs",
    "grep -q hunter2 .git/config",
    "test -n \"$MY_TOKEN\"",
    "ps -e -o args | grep -q 'task complet[e]'",
], ids=["write-home", "read-home", "hook", "settings", "references", "logs-of-runs", "addresses", "environment", "processes"])
def test_they_reach_nothing_else(repository, sandbox, attack):
    sandbox.write(sandbox.home / "secret", "private\n")
    repository.add_command("one", "echo changed >>README.md")
    repository.changeling("run", "one").ok()
    repository.git("config", "remote.other.url", "https://me:hunter2@example.org/x.git")
    before = repository.git("for-each-ref", "refs/heads")
    answer = complete(repository, attack.format(home=sandbox.home), env={"MY_TOKEN": "hunter2"}).expect(1)
    assert len(answer.json["unmet"]) == 1
    assert not (sandbox.home / "planted").exists() and not (repository.path / ".git/hooks/post-commit").exists()
    assert repository.git("for-each-ref", "refs/heads") == before
    assert repository.try_git("config", "--local", "core.editor").code == 1


@walls.needed
def test_nothing_of_them_outlives_the_command(repository, sandbox):
    marks = sandbox.root / "project" / "alive"
    complete(repository, "setsid sh -c 'sleep 2; touch alive' >/dev/null 2>&1 & true").ok()
    sandbox.run("sleep", "3").ok()
    assert not marks.exists()
    assert not list((repository.path / ".git/changelings/checks").iterdir())


def test_without_walls_that_is_said(repository, sandbox):
    sandbox.without_walls()
    result = complete(repository, "true").ok()
    assert "sandbox: none, network: full" in result.err


def test_a_sandbox_that_is_required_and_cannot_be_had_refuses(repository, sandbox):
    sandbox.fake_program("bwrap", "exit 1")
    refused = complete(repository, "touch ran", env={"CHANGELING_SANDBOX": "required"}).expect(128)
    assert "a sandbox is required" in refused.err and not (repository.path / "ran").exists()
