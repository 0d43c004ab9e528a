"""Clones that do not note all of the remote's branches, not even those that they pushed themselves."""

import pytest

SHAPES = {
    "all branches": [],
    "single branch": ["--single-branch"],
    "shallow": ["--depth", "1"],
    "bare": ["--bare"],
    "mirror": ["--mirror"],
}


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def clone(request, sandbox, repository):
    repository.changeling("sync").ok()
    sandbox.run("git", "clone", "--quiet", *request.param, f"file://{repository.remote.path}",
                sandbox.root / "clone").ok()
    clone = sandbox.adopt(sandbox.root / "clone")
    clone.git("config", "user.name", "Cloner")
    clone.git("config", "user.email", "cloner@example.com")
    clone.changeling("init").ok()
    clone.remote = repository.remote
    clone.add_command("writer", "echo $CHANGELING_RUN >>work")
    return clone


def run(clone):
    return clone.changeling("run", "writer", "--json").ok()


def test_what_was_accepted_after_its_branch_was_pushed_holds_nothing_back(clone):
    run(clone)
    clone.changeling("review", "accept", "1").ok()
    second = run(clone)
    assert "on no remote" not in second.err
    assert second.json["base_commit"] == clone.head("refs/heads/main")
    assert clone.remote.head(second.json["branch"]) == second.json["head"]


def test_what_is_on_no_branch_of_the_remote_is_held(clone):
    first = run(clone).json
    clone.changeling("review", "accept", "1").ok()
    clone.remote.git("update-ref", "-d", f"refs/heads/{first['branch']}")
    # A clone that notes the branch believes what it noted until a fetch prunes it.
    clone.git("update-ref", "-d", f"refs/remotes/origin/{first['branch']}")
    second = run(clone)
    assert "1 commit of main is on no remote" in second.err
    assert clone.remote.branches("refs/heads/changelings") == []


def test_a_remote_that_cannot_be_asked_holds(clone):
    first = run(clone).json
    clone.changeling("review", "accept", "1").ok()
    clone.git("update-ref", "-d", f"refs/remotes/origin/{first['branch']}")
    away = clone.remote.path.with_name("away.git")
    clone.remote.path.rename(away)
    second = run(clone)
    assert "1 commit of main is on no remote" in second.err
    away.rename(clone.remote.path)
    clone.changeling("sync").ok()
    assert clone.remote.head(second.json["branch"]) == second.json["head"]
