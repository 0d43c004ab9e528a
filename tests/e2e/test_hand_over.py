"""A run in three parts, all on one machine: `run --begin`, `run --hand-over`, `publish`."""

import pytest

from harness.stand_ins import install_stand_in


@pytest.fixture
def handed_over(repository, sandbox):
    """The id of a run that an agent has carried out, and the file that was left of it."""
    repository.add_command("sprite", "echo the agent works; echo work >>README.md")
    file = sandbox.root / "run.bundle"
    run = repository.changeling("run", "sprite", "--begin").ok().out.strip()
    told = repository.changeling("run", "sprite", "--id", run, "--hand-over", file).ok()
    assert told.out == f"Run {run} of sprite is handed over in {file}; there it says opened-pr\n"
    assert f"git changeling publish {run} {file}" in told.err
    return run, file


def test_nothing_is_said_to_be_published_before_it_is(repository, handed_over):
    run, file = handed_over
    repository.changeling("sync").ok()
    record, = repository.runs()
    assert (record["status"], record["outcome"], record["pull_request"]) == ("running", None, None)
    assert repository.pull_requests() == []
    assert repository.remote.branches() == ["refs/heads/main"]

    published = repository.changeling("publish", run, file, "--json").ok().json
    assert (published["outcome"], published["pull_request"]["number"]) == ("opened-pr", 1)
    assert "work" in repository.remote.show(published["branch"], "README.md").split()
    again = repository.changeling("publish", run, file, "--json").ok().json
    assert again["pull_request"] == published["pull_request"]
    assert len(repository.pull_requests()) == 1


def test_a_failure_where_it_was_carried_out_is_told_once(repository, sandbox):
    install_stand_in(sandbox, "claude")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.", "--env",
                          "FAKE_CLAUDE=not_logged_in").ok()
    file = sandbox.root / "run.bundle"
    run = repository.changeling("run", "scribe", "--begin").ok().out.strip()
    repository.changeling("run", "scribe", "--id", run, "--hand-over", file)
    first = repository.changeling("publish", run, file, "--json").expect(1).json
    assert (first["outcome"], first["outage"]) == ("failed", True)
    state = repository.git("rev-parse", "refs/changelings/state")
    again = repository.changeling("publish", run, file, "--json").expect(1).json
    assert again == first
    assert repository.git("rev-parse", "refs/changelings/state") == state


def test_what_the_agent_said_can_be_read_where_it_worked(repository, handed_over):
    run, _ = handed_over
    assert "the agent works" in repository.changeling("logs", run).ok().out


def test_a_lost_file_ends_the_run_without_a_request(repository, handed_over):
    run, file = handed_over
    file.unlink()
    ended = repository.changeling("publish", run, file, "--json").expect(1).json
    assert ended["outcome"] == "failed" and "left nothing" in ended["error"]
    assert repository.pull_requests() == []


def test_one_that_the_deployment_did_not_approve_is_denied(repository, handed_over):
    run, file = handed_over
    ended = repository.changeling("publish", run, file, "--digest", "0" * 64, "--json").expect(1).json
    assert ended["outcome"] == "denied" and "not trusted" in ended["error"]
    assert repository.pull_requests() == []
