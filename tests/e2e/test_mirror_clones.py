"""Clones whose plain fetch puts the remote's branches in the place of their own: `git clone --mirror`, and
`+refs/heads/*:refs/heads/*`."""

import pytest

SHAPES = ["mirror", "heads"]


@pytest.fixture(params=SHAPES)
def clone(request, sandbox, repository):
    """Its base branch `main` is checked out nowhere, so that a fetch may move it."""
    repository.changeling("sync").ok()
    place = sandbox.root / "clone"
    if request.param == "mirror":
        sandbox.run("git", "clone", "--quiet", "--mirror", repository.remote.path, place).ok()
    else:
        sandbox.run("git", "clone", "--quiet", repository.remote.path, place).ok()
    clone = sandbox.adopt(place)
    clone.git("config", "user.name", "Cloner")
    clone.git("config", "user.email", "cloner@example.com")
    if request.param == "heads":
        clone.git("config", "remote.origin.fetch", "+refs/heads/*:refs/heads/*")
        clone.git("switch", "--quiet", "--detach")
    clone.changeling("init").ok()
    clone.remote = repository.remote
    clone.add_command("writer", "echo $CHANGELING_RUN >>work")
    return clone


def fetch_and_collect(clone):
    """What people do, and git by itself some weeks later."""
    clone.git("fetch", "--quiet", "--prune")
    clone.git("reflog", "expire", "--expire=now", "--all")
    clone.git("gc", "--quiet", "--prune=now")


def kept(clone):
    return clone.branches("refs/changelings/kept")


def run_without_pushing(clone):
    """The remote takes the state, and no branches for now."""
    hook = clone.sandbox.write(clone.remote.path / "hooks" / "pre-receive",
                               "#!/bin/sh\nwhile read -r old new name; do case $name in refs/heads/changelings/*) "
                               "kill -TERM $PPID; exit 1;; esac; done\n", executable=True)
    run = clone.changeling("run", "writer", "--json").ok().json
    hook.unlink()
    assert clone.remote.branches("refs/heads/changelings") == []
    return run


def test_work_that_waits_outlasts_a_fetch_that_prunes_its_branch(clone):
    run = run_without_pushing(clone)
    fetch_and_collect(clone)
    assert clone.branches("refs/heads/changelings") == []
    assert kept(clone) == [f"refs/changelings/kept/{run['id']}/branch"]
    assert "work" in clone.changeling("review", "show", "1").ok().out
    clone.changeling("sync").ok()
    assert clone.remote.head(run["branch"]) == run["head"]
    assert kept(clone) == []
    clone.git("fetch", "--quiet", "--prune")
    assert clone.head(run["branch"]) == run["head"]


def test_work_that_failed_its_checks_outlasts_it_too(clone):
    clone.changeling("update", "writer", "--verify", "false").ok()
    run = clone.changeling("run", "writer", "--json").expect(1).json
    fetch_and_collect(clone)
    assert clone.git("cat-file", "-t", run["head"]) == "commit"


@pytest.mark.parametrize("commits", [True, False])
def test_a_fetch_that_prunes_the_branch_that_an_agent_works_on_loses_nothing(clone, commits):
    """The agent does what the user does meanwhile, which no walls would let it."""
    clone.sandbox.without_walls()
    commit = "git add .; git commit --quiet --message work; " if commits else ""
    clone.add_command("slow", f"echo one >one; {commit}git -C {clone.path} fetch --quiet --prune; echo two >two")
    run = clone.changeling("run", "slow", "--json").ok().json
    assert run["outcome"] == "opened-pr"
    assert clone.git("diff", "--name-only", run["base_commit"], run["head"]).split() == ["one", "two"]
    assert clone.remote.head(run["branch"]) == run["head"]


def test_what_is_rejected_is_not_kept(clone):
    run_without_pushing(clone)
    clone.changeling("review", "reject", "1", "--reason", "no").ok()
    clone.changeling("sync")
    assert kept(clone) == []


def test_accepting_says_that_the_next_fetch_takes_the_merge_back(clone):
    run = run_without_pushing(clone)
    fetch_and_collect(clone)
    accepted = clone.changeling("review", "accept", "1").ok()
    assert "next: git push origin main, before the next `git fetch`" in accepted.err
    # Who did not read it still has the work.
    fetch_and_collect(clone)
    assert clone.git("cat-file", "-t", run["head"]) == "commit"
    clone.git("update-ref", "refs/heads/main", run["head"])
    clone.git("-c", "remote.origin.mirror=false", "push", "--quiet", "origin", "main")
    clone.changeling("sync")
    assert kept(clone) == []
    assert [pull["state"] for pull in clone.changeling("review", "list", "--all", "--json").ok().json[
        "pull_requests"]] == ["merged"]


def test_accepting_elsewhere_says_nothing_of_it(repository):
    repository.add_command("writer", "echo more >>README.md")
    repository.changeling("run", "writer").ok()
    assert "git fetch" not in repository.changeling("review", "accept", "1").ok().err
    assert kept(repository) == []
