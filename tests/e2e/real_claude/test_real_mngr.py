"""The launcher with the real mngr: what the stand-in of tests/fakes claims, seen where mngr itself runs."""

import shutil
import subprocess

import pytest

from harness import real_mngr
from harness.claude_api import speaks, uses

PATIENCE_SECONDS = 600
TOOL = '[agents.tool]\nlauncher = "mngr"\ncommand = ["mngr", "--type", "command"]\n'


@pytest.fixture(scope="session")
def mngr_program():
    for needed in ("tmux", "jq", "flock"):
        if shutil.which(needed) is None:
            pytest.skip(f"THE REAL MNGR WAS NOT TRIED: it needs {needed}")
    python = real_mngr.find_python()
    if python is None:
        pytest.skip("THE REAL MNGR WAS NOT TRIED: there is no Python 3.12 or newer on this machine")
    try:
        return real_mngr.install(python) / "mngr"
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines()
        pytest.skip(f"THE REAL MNGR WAS NOT TRIED: it could not be installed: {words[-1] if words else error}")


@pytest.fixture
def mngr(repository, sandbox, mngr_program):
    """mngr(line) runs a changeling whose agent is that command line at mngr, and returns the result."""
    (sandbox.bin / "mngr").symlink_to(mngr_program)
    host, tmux = sandbox.root / "mngr", sandbox.root / "tmux"
    for folder in (host, tmux):
        folder.mkdir()
    sandbox.environment |= {"MNGR_HOST_DIR": str(host), "MNGR_PREFIX": "changeling-test-", "SHELL": "/bin/bash"}
    repository.commit({".changelings.toml": TOOL}, "tool")
    repository.git("push", "--quiet", "origin", "main")

    def run(line, *options):
        repository.changeling("add", "tool", "--agent", "tool", "--prompt", "touch typed", "--arg", line,
                              "--env", f"TMUX_TMPDIR={tmux}", *options).ok()
        repository.changeling("trust", "tool", "--yes").ok()
        return repository.changeling("run", "tool", "--json", patience=PATIENCE_SECONDS)

    run.list = lambda: sandbox.run(mngr_program, "list", "--format", "json", "--headless",
                                   env={"TMUX_TMPDIR": str(tmux)}, patience=PATIENCE_SECONDS).ok().json["agents"]
    yield run
    sandbox.run("tmux", "kill-server", env={"TMUX_TMPDIR": str(tmux)})


def test_a_command_works_until_it_has_ended_and_is_proposed(repository, mngr):
    record = mngr("sleep 8; echo made >made; echo 'what it says'").ok().json
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "made") == "made\n"
    assert repository.git("diff", "--name-only", "main", record["branch"]) == "made"
    assert "what it says" in repository.changeling("logs", record["id"]).ok().out
    assert mngr.list() == []


def test_a_command_that_fails_is_no_success(repository, mngr):
    record = mngr("echo half >half; exit 3").expect(1).json
    assert record["outcome"] == "failed" and "exit code 3" in record["error"]
    assert repository.pull_requests() == []


def test_a_create_that_fails_is_explained(repository, mngr):
    repository.commit({".changelings.toml": TOOL.replace('"command"]', '"nosuch"]')}, "another type")
    repository.git("push", "--quiet", "origin", "main")
    record = mngr("true").expect(1).json
    assert record["outcome"] == "failed"
    assert "'mngr create' ended with exit code 1" in record["error"] and "nosuch" in record["error"]


@pytest.fixture
def claude_at_mngr(repository, sandbox, mngr, real_claude, api):
    """Runs Claude Code in mngr's tmux with a model that gives these answers; returns the record."""
    (sandbox.bin / "claude").symlink_to(real_claude)
    sandbox.environment |= {"ANTHROPIC_API_KEY": "dummy", "IS_SANDBOX": "1", "CLAUDE_CODE_MAX_RETRIES": "1"}

    def run(answers, *options):
        sandbox.environment["ANTHROPIC_BASE_URL"] = api({"Describe the spell": answers}).url
        repository.changeling("add", "scribe", "--agent", "mngr", "--prompt", "Describe the spell.", "--env",
                              f"TMUX_TMPDIR={sandbox.root / 'tmux'}", *options).ok()
        return repository.changeling("run", "scribe", "--json", patience=PATIENCE_SECONDS).json

    return run


def test_claude_at_mngr_is_followed_to_the_end_of_its_turn(repository, claude_at_mngr):
    record = claude_at_mngr([uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                             speaks("The spell is described.")], "--permission", "bypassPermissions")
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "SPELL.md") == "abracadabra\n"


def test_a_permission_that_nobody_can_give_is_seen(repository, claude_at_mngr):
    record = claude_at_mngr([uses("Bash", command="git push origin HEAD"), speaks("Pushed.")])
    # Which one is not in the transcript before somebody has decided.
    assert record["outcome"] == "denied", record["error"]
    assert repository.pull_requests() == []
