"""`git gc --prune=now` at the worst moments: before each git command that the program starts, all that no reference
leads to is deleted."""

import shutil

import pytest


def prune_before_every_command(sandbox, repository):
    """From now on. What prunes has to see the repository as git finds it, not as the command is told."""
    sandbox.fake_program("git", f"""
(unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_OBJECT_DIRECTORY
/usr/bin/git -C {repository.path} prune --expire=now)
exec /usr/bin/git "$@"
""")


def prune_inside_every_push(repository):
    """Between what the remote has received and what it says."""
    hook = repository.remote.path / "hooks" / "pre-receive"
    repository.sandbox.write(hook, f"#!/bin/sh\nunset GIT_DIR GIT_QUARANTINE_PATH\n/usr/bin/git -C {repository.path} "
                                   "prune --expire=now\n", executable=True)


def sign_commits(sandbox, repository):
    if shutil.which("ssh-keygen") is None:
        pytest.skip("there is no ssh-keygen")
    key = sandbox.root / "key"
    sandbox.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).ok()
    for name, value in {"gpg.format": "ssh", "user.signingKey": str(key), "changeling.sign": "true"}.items():
        repository.git("config", name, value)


@pytest.mark.parametrize("signed", [False, True], ids=["plain", "signed"])
def test_the_state_is_shared_whatever_is_pruned(sandbox, repository, signed):
    if signed:
        sign_commits(sandbox, repository)
    for title in ("One", "Two"):
        repository.add_task(title)
    repository.changeling("sync").ok()
    prune_before_every_command(sandbox, repository)
    prune_inside_every_push(repository)
    claimed = [repository.claim()["title"], repository.claim()["title"]]
    assert sorted(claimed) == ["One", "Two"]
    repository.add_task("Three")
    repository.changeling("sync").ok()
    repository.changeling("compact", "--yes").ok()
    assert repository.claim()["title"] == "Three"
    state = "refs/changelings/state"
    assert repository.head(state) == repository.git("rev-parse", state, cwd=repository.remote.path)
    assert repository.branches("refs/changelings/pending") == []


@pytest.mark.parametrize("signed", [False, True], ids=["plain", "signed"])
def test_runs_go_on_and_merges_are_made_whatever_is_pruned(sandbox, repository, signed):
    if signed:
        sign_commits(sandbox, repository)
    repository.add_command("left", "mkdir -p a/b; echo $CHANGELING_RUN >a/b/left; git add a; echo c >>a/b/left")
    repository.add_command("committed", "echo $CHANGELING_RUN >>committed; git add .; git commit -qm work")
    for name in ("left", "committed"):
        repository.changeling("run", name).ok()
    repository.commit({"other/file": "of people\n"}, "The base moves on")
    repository.git("push", "--quiet", "origin", "main")
    prune_before_every_command(sandbox, repository)
    prune_inside_every_push(repository)
    for name in ("left", "committed"):
        repository.changeling("run", name).ok()
    numbers = [str(pull["number"]) for pull in repository.pull_requests()]
    assert len(numbers) == 2
    for number in numbers:
        repository.changeling("review", "accept", number).ok()
    assert repository.git("status", "--porcelain") == ""
    assert {"a/b/left", "committed", "other/file"} <= set(repository.git("ls-files").splitlines())
    assert repository.branches("refs/changelings/pending") == []
    for found in (repository, repository.remote):
        found.check()
