"""What a run starts from, and that nothing leaves the machine that nobody meant to send."""

import pytest


def run(repository, name, *options, **more):
    return repository.changeling("run", name, "--json", *options, **more)


def colleague(repository, sandbox):
    """Another clone of the remote."""
    clone = sandbox.clone(repository.remote, "colleague")
    clone.git("config", "user.name", "Colleague")
    clone.git("config", "user.email", "colleague@example.com")
    return clone


@pytest.fixture
def writer(repository):
    repository.add_command("writer", "echo more >> README.md")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repository


# Commits that are only here.

def test_unpushed_commits_do_not_go_out_with_a_run(writer):
    writer.commit({"notes.txt": "private\n"}, "not to be pushed")
    result = run(writer, "writer").ok()
    assert "1 commit of main is on no remote, so the run's branch stays here" in result.err
    assert "git config changeling.unpushed allow" in result.err
    assert result.json["outcome"] == "opened-pr" and result.json["base_commit"] == writer.head()
    assert writer.remote.branches("refs/heads/changelings") == []
    waiting = writer.changeling("sync").expect(1)
    assert "1 commit of main is on no remote" in waiting.out
    # Once they are pushed the branch follows.
    writer.git("push", "--quiet", "origin", "main")
    writer.changeling("sync").ok()
    assert writer.remote.head(result.json["branch"]) == result.json["head"]


def test_unpushed_commits_go_out_when_that_is_allowed(writer):
    writer.commit({"notes.txt": "may go\n"}, "may be pushed")
    writer.git("config", "changeling.unpushed", "allow")
    result = run(writer, "writer").ok()
    assert "1 commit of main that is on no remote will go out with the run's branch" in result.err
    assert writer.remote.show(result.json["branch"], "notes.txt") == "may go\n"


def test_unpushed_commits_can_be_left_out(writer):
    writer.commit({"notes.txt": "private\n"}, "wip")
    result = writer.sandbox.run("git", "-c", "changeling.unpushed=ignore", "changeling", "run", "writer", "--json",
                                cwd=writer.path).ok()
    assert "main here is ahead of origin/main; starting from origin/main" in result.err
    assert result.json["base_commit"] == writer.head("origin/main")
    assert "notes.txt" not in writer.remote.git("ls-tree", "--name-only", result.json["branch"])


def test_a_base_that_was_rewritten_on_the_remote_is_not_brought_back(writer, sandbox):
    writer.commit({"leak.txt": "SECRET\n"}, "leak")
    writer.git("push", "--quiet", "origin", "main")
    first = run(writer, "writer").ok().json
    other = colleague(writer, sandbox)
    other.git("reset", "--quiet", "--hard", "HEAD^")
    clean = other.commit({"clean.txt": "clean\n"}, "history without the leak")
    other.git("push", "--quiet", "--force", "origin", "main")
    second = run(writer, "writer").ok()
    assert "main here and origin/main have gone different ways" in second.err
    assert f"pull request {first['pull_request']['number']} began at a commit that main does not hold" in second.err
    assert second.json["base_commit"] == clean and second.json["branch"] == first["branch"]
    assert "leak.txt" not in writer.remote.git("ls-tree", "--name-only", first["branch"])


# Which branch.

def test_a_default_branch_that_was_renamed_on_the_remote_is_followed(writer):
    first = run(writer, "writer").ok().json
    writer.changeling("review", "reject", str(first["pull_request"]["number"])).ok()
    writer.remote.git("branch", "-m", "main", "trunk")
    writer.changeling("update", "writer", "--run", "echo other >> README.md").ok()
    result = run(writer, "writer").ok()
    assert "the default branch of origin is trunk now, not main; working on trunk" in result.err
    assert result.json["base"] == "trunk"
    pull, = writer.pull_requests()
    assert pull["base"] == "trunk"


def test_an_open_pull_request_follows_its_renamed_base(writer):
    first = run(writer, "writer").ok().json
    writer.remote.git("branch", "-m", "main", "trunk")
    writer.changeling("update", "writer", "--run", "echo other >> README.md").ok()
    second = run(writer, "writer").ok().json
    assert second["outcome"] == "updated-pr" and second["branch"] == first["branch"]
    pull, = writer.pull_requests()
    assert (pull["number"], pull["base"]) == (first["pull_request"]["number"], "trunk")


def test_a_chosen_base_that_is_gone_from_the_remote_is_named_before_the_agent_starts(writer):
    writer.changeling("update", "writer", "--branch", "main", "--run",
                      f"touch {writer.sandbox.marks}/started", "--sandbox-write", writer.sandbox.marks).ok()
    writer.remote.git("branch", "-m", "main", "trunk")
    failed = run(writer, "writer")
    assert failed.code == 1 and failed.json["outcome"] == "failed"
    assert "main is not on origin any more" in failed.json["error"]
    assert "--branch trunk" in failed.json["error"]
    assert not (writer.sandbox.marks / "started").exists()


def test_the_default_branch_is_asked_where_no_clone_has_noted_it(writer, sandbox):
    """As after `git init` and `git fetch`, which is what continuous integration does."""
    writer.git("push", "--quiet", "origin", "main:develop")
    writer.remote.git("symbolic-ref", "HEAD", "refs/heads/develop")
    fresh = sandbox.repository(name="fresh")
    fresh.git("remote", "add", "origin", str(writer.remote.path))
    fresh.git("fetch", "--quiet", "origin")
    fresh.git("reset", "--quiet", "--hard", "origin/main")
    fresh.changeling("init").ok()
    fresh.add_command("other", "echo other >> README.md")
    assert run(fresh, "other").ok().json["base"] == "develop"


# Which remote.

def test_of_several_remotes_the_one_that_the_base_follows(writer):
    writer.git("remote", "rename", "origin", "upstream")
    writer.git("remote", "add", "another", str(writer.sandbox.root / "nowhere.git"))
    result = run(writer, "writer").ok()
    assert "of the remotes another, upstream it is upstream, because main follows it" in result.err
    assert writer.remote.head(result.json["branch"]) == result.json["head"]
    assert writer.changeling("sync", "--json").ok().json["remote"] == "upstream"


def test_several_remotes_that_nothing_tells_apart_are_said_with_the_key_to_set(writer):
    writer.git("remote", "rename", "origin", "one")
    writer.git("branch", "--unset-upstream", "main")
    writer.git("remote", "add", "two", str(writer.remote.path))
    said = "there are several remotes (one, two) and nothing says which one to work and share with"
    failed = writer.changeling("sync").expect(128)
    assert said in failed.err and "git config changeling.remote NAME" in failed.err
    assert said in run(writer, "writer").ok().err
    writer.git("config", "changeling.remote", "two")
    assert writer.changeling("sync", "--json").ok().json["remote"] == "two"


# Clones that do not have everything.

def shallow_clone(repository, sandbox, *options):
    path = sandbox.root / "shallow"
    sandbox.run("git", "clone", "--quiet", *options, f"file://{repository.remote.path}", path).ok()
    clone = type(repository)(sandbox, path)
    clone.remote = repository.remote
    clone.git("config", "user.name", "Shallow")
    clone.git("config", "user.email", "shallow@example.com")
    return clone


def test_runs_in_a_shallow_clone(writer, sandbox):
    for number in range(3):
        writer.commit({"README.md": f"{number}\n"}, f"change {number}")
    writer.git("push", "--quiet", "origin", "main")
    clone = shallow_clone(writer, sandbox, "--depth", "1")
    clone.changeling("init").ok()
    clone.add_command("counter", "echo $(wc -l < README.md) >> README.md")
    first, second = run(clone, "counter").ok().json, run(clone, "counter").ok().json
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    assert writer.remote.head(first["branch"]) == second["head"]
    clone.changeling("review", "accept", str(first["pull_request"]["number"])).ok()
    assert run(clone, "counter").ok().json["outcome"] == "opened-pr"
    clone.git("fetch", "--quiet", "--depth", "1", "origin")
    assert run(clone, "counter").ok().json["outcome"] in ("opened-pr", "updated-pr")


def test_runs_on_a_detached_commit_without_any_branch(writer, sandbox):
    """What continuous integration checks out for a tag or a pull request."""
    writer.git("tag", "v1")
    writer.git("push", "--quiet", "origin", "v1")
    path = sandbox.root / "checkout"
    clone = type(writer)(sandbox, path)
    sandbox.run("git", "init", "--quiet", path).ok()
    clone.git("remote", "add", "origin", f"file://{writer.remote.path}")
    clone.git("fetch", "--quiet", "--depth", "1", "origin", "+refs/tags/v1:refs/tags/v1")
    clone.git("checkout", "--quiet", "--detach", "v1")
    clone.changeling("init").ok()
    clone.changeling("add", "other", "--run", "echo other >> README.md").ok()
    record = run(clone, "other", env={"GIT_COMMITTER_NAME": "CI", "GIT_COMMITTER_EMAIL": "ci@example.com"}).ok().json
    assert record["base"] == "main" and writer.remote.head(record["branch"]) == record["head"]


# Names.

def test_a_branch_called_like_the_folder_of_run_branches(writer):
    writer.git("branch", "changelings")
    failed = run(writer, "writer")
    assert failed.code == 1 and failed.json["outcome"] == "failed"
    assert "there is a branch 'changelings' here" in failed.json["error"]
    assert "git branch -m changelings OTHER-NAME" in failed.json["error"]
    writer.git("branch", "-m", "changelings", "other")
    writer.git("push", "--quiet", "origin", "other:changelings")
    failed = run(writer, "writer")
    assert failed.code == 1 and "there is a branch 'changelings' on origin" in failed.json["error"]
    writer.git("config", "changeling.branchPrefix", "bots/night")
    record = run(writer, "writer").ok().json
    assert record["branch"] == f"bots/night/writer/{record['id']}"
    assert writer.remote.head(record["branch"]) == record["head"]
    assert run(writer, "writer").ok().json["branch"] == record["branch"]


def test_a_prefix_that_no_branch_can_have(writer):
    writer.git("config", "changeling.branchPrefix", "a..b")
    failed = run(writer, "writer").expect(128)
    assert "changeling.branchPrefix" in failed.err and "git config changeling.branchPrefix NAME" in failed.err


def test_attempts_that_fail_early_leave_no_branch(writer):
    writer.commit({".gitattributes": "*.x filter=broken\n", "a.x": "content\n"}, "filtered")
    writer.git("push", "--quiet", "origin", "main")
    writer.git("config", "filter.broken.smudge", "false")
    writer.git("config", "filter.broken.required", "true")
    assert run(writer, "writer").code == 1
    assert writer.branches("refs/heads/changelings") == [] and writer.worktrees() == []
    writer.git("config", "--remove-section", "filter.broken")


def partial_clone(repository, sandbox, kind, *options):
    repository.remote.git("config", "uploadpack.allowFilter", "true")
    repository.remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return shallow_clone(repository, sandbox, f"--filter={kind}", *options)


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_runs_in_a_partial_clone(writer, sandbox, kind):
    clone = partial_clone(writer, sandbox, kind)
    clone.changeling("init").ok()
    clone.add_command("counter", "echo $(wc -l < README.md) >> README.md")
    first, second = run(clone, "counter").ok().json, run(clone, "counter").ok().json
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    assert writer.remote.head(first["branch"]) == second["head"]


def test_a_partial_clone_without_a_network_says_so_before_the_agent_starts(writer, sandbox):
    clone = partial_clone(writer, sandbox, "blob:none", "--no-checkout")
    clone.changeling("init").ok()
    clone.add_command("early", f"touch {sandbox.marks}/started; echo more >> README.md")
    moved = writer.remote.path.rename(sandbox.root / "away.git")
    try:
        failed = run(clone, "early")
        assert failed.code == 1 and failed.json["outcome"] == "failed"
        assert "remote" in failed.json["error"]
        assert not (sandbox.marks / "started").exists()
        assert clone.branches("refs/heads/changelings") == []
    finally:
        moved.rename(writer.remote.path)
