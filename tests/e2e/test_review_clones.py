"""Showing and accepting in clones that hold only a part of the history or of the files."""

import itertools
import re

import pytest

from harness.proposals import accept, check_accepted, propose


def cloned(sandbox, remote, *options):
    place = sandbox.root / "part"
    remote.git("config", "uploadpack.allowFilter", "true")
    remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
    sandbox.run("git", "clone", "--quiet", *options, f"file://{remote.path}", str(place)).ok()
    clone = sandbox.adopt(place)
    clone.git("config", "user.name", "Test Person")
    clone.git("config", "user.email", "test@example.com")
    clone.changeling("init").ok()
    return clone


def type_hint(sandbox, clone, result):
    """Does what the program said, in its own words."""
    hint = re.search(r": (git (?:fetch|branch) .*)", result.err).group(1)
    sandbox.run("sh", "-c", hint, cwd=clone.path).ok()


@pytest.fixture
def long_history(repository):
    for number in range(4):
        repository.commit({"count": f"{number}\n", "kept.txt": "kept\n"}, f"count {number}")
    repository.git("push", "--quiet", "origin", "main")
    return repository


@pytest.mark.parametrize("meanwhile", [False, True], ids=["fast-forward", "merge"])
def test_a_shallow_clone(long_history, sandbox, meanwhile):
    clone = cloned(sandbox, long_history.remote, "--depth", "1")
    pull = propose(clone, "echo agent >> kept.txt")
    if meanwhile:
        clone.commit({"other": "1\n"}, "meanwhile")
    shown = clone.changeling("review", "show", "1", "--json").ok().json
    assert [file["path"] for file in shown["files"]] == ["kept.txt"]
    accept(clone).ok()
    check_accepted(clone, pull)


def test_a_shallow_clone_that_lacks_the_common_commit(long_history, sandbox):
    pull = propose(long_history, "echo agent >> kept.txt")
    long_history.commit({"other": "1\n"}, "meanwhile")
    long_history.git("push", "--quiet", "origin", "main")
    long_history.changeling("sync").ok()
    clone = cloned(sandbox, long_history.remote, "--depth", "1")
    clone.git("fetch", "--quiet", "origin", pull["branch"])
    shown = clone.changeling("review", "show", "1").ok()
    assert "git fetch --unshallow origin" in shown.err
    refused = accept(clone).expect(128)
    assert "git fetch --unshallow origin" in refused.err
    assert clone.git("status", "--porcelain") == ""
    type_hint(sandbox, clone, refused)
    accept(clone).ok()
    check_accepted(clone, pull)


def test_a_clone_without_files_fetches_them(long_history, sandbox):
    pull = propose(long_history, "seq 20 > agent.txt; git add -A; git commit -qm one; echo agent >> kept.txt")
    long_history.changeling("sync").ok()
    clone = cloned(sandbox, long_history.remote, "--filter=blob:none")
    clone.git("fetch", "--quiet", "origin", pull["branch"])
    clone.commit({"other": "1\n"}, "meanwhile")
    shown = clone.changeling("review", "show", "1", "--json").ok().json
    assert [file["path"] for file in shown["files"]] == ["agent.txt", "kept.txt"]
    accept(clone).ok()
    assert clone.read("kept.txt") == "kept\nagent\n"
    check_accepted(clone, pull)


SHAPES = {
    "single branch": ["--single-branch"],
    "single other branch": ["--single-branch", "--branch", "other"],
    "shallow": ["--depth", "1"],
    "shallow other branch": ["--depth", "1", "--branch", "other"],
    "shallow bare": ["--bare", "--depth", "1"],
    "bare": ["--bare"],
    "another name": ["--single-branch", "--origin", "upstream"],
    "shallow, another name": ["--depth", "1", "--origin", "upstream"],
}


@pytest.mark.parametrize("shape, moves_on", itertools.product(SHAPES, [False, True]))
def test_what_the_hints_say_is_enough_in_every_shape(long_history, sandbox, shape, moves_on):
    long_history.git("push", "--quiet", "origin", "main~2:refs/heads/other")
    clone = cloned(sandbox, long_history.remote, *SHAPES[shape])
    pull = propose(long_history, "echo agent >> kept.txt")
    if moves_on:
        long_history.commit({"other": "1\n"}, "meanwhile")
        long_history.git("push", "--quiet", "origin", "main")
    long_history.changeling("sync").ok()
    # `sync` would bring the branch of the request as well.
    clone.git("fetch", "--quiet", clone.git("remote"), "+refs/changelings/state:refs/changelings/state")
    hidden = clone.changeling("review", "show", "1").ok()
    type_hint(sandbox, clone, hidden)
    shown = clone.changeling("review", "show", "1", "--json").ok()
    assert [file["path"] for file in shown.json["files"]] == ["kept.txt"]
    accepted = accept(clone)
    if accepted.code != 0:
        # There is no local base branch yet.
        type_hint(sandbox, clone, accepted)
        accept(clone).ok()
    clone.git("merge-base", "--is-ancestor", pull["head"], "refs/heads/main")
