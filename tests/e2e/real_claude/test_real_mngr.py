"""The launcher with the real mngr: what the stand-in of tests/fakes claims, seen where mngr itself runs."""

import shutil
import subprocess

import pytest

from harness import real_mngr

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
