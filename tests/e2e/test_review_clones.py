"""Showing and accepting in clones that hold only a part of the history or of the files."""

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
    assert "git fetch --unshallow" in shown.err
    refused = accept(clone).expect(128)
    assert "git fetch --unshallow" in refused.err
    assert clone.git("status", "--porcelain") == ""
    clone.git("fetch", "--quiet", "--unshallow")
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
