"""Branches go to a fork, pull requests to the repository that was forked."""

import itertools
import os

import pytest

from github_server import GitHubRepository, github_server  # noqa: F401 (a fixture)
from harness.repository import Repository

_numbers = itertools.count(1)


def with_fork(sandbox):
    """A clone of `upstream`, with an empty remote `fork` beside it."""
    repo = sandbox.repository(files={"README.md": "# Example\n\nIt has teh typo.\n"}, remote="bare")
    repo.git("remote", "rename", "origin", "upstream")
    repo.git("branch", "--set-upstream-to", "upstream/main", "main")
    repo.fork = Repository.create_bare(sandbox, sandbox.root / "fork.git")
    repo.git("remote", "add", "fork", str(repo.fork.path))
    return repo


@pytest.fixture
def forked(sandbox):
    repo = with_fork(sandbox)
    repo.changeling("init").ok()
    return repo


def on_github(sandbox, server):
    repo = with_fork(sandbox)
    repo.github = GitHubRepository.forked(server, f"fork-{os.getpid()}-{next(_numbers)}", repo.remote.path, repo.fork.path)
    own = f"https://github.com/{server.owner}/{repo.github.name}.git"
    for remote, url, bare in (("upstream", repo.github.clone_url, repo.remote), ("fork", own, repo.fork)):
        repo.git("remote", "set-url", remote, url)
        repo.git("config", f"url.{bare.path}.insteadOf", url)
    repo.git("config", "changeling.apiUrl", server.url)
    repo.git("config", "changeling.pushRemote", "fork")
    sandbox.environment["GITHUB_TOKEN"] = server.token
    repo.changeling("init").ok()
    return repo


def run(repository, name):
    return repository.changeling("run", name, "--json").ok().json


@pytest.mark.parametrize("key", ["changeling.pushRemote", "remote.pushDefault"])
def test_branches_go_to_the_fork(forked, key):
    forked.git("config", key, "fork")
    forked.add_command("counter", "echo $(wc -l < README.md) >> README.md")
    first, second = run(forked, "counter"), run(forked, "counter")
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    assert forked.fork.branches("refs/heads/changelings") == [f"refs/heads/{first['branch']}"]
    assert forked.fork.head(first["branch"]) == second["head"]
    assert forked.remote.branches("refs/heads/changelings") == []
    number = str(second["pull_request"]["number"])
    forked.changeling("review", "accept", number, "--delete-branch").ok()
    assert forked.fork.branches("refs/heads/changelings") == []


def test_a_request_whose_branch_was_deleted_in_the_fork_is_not_gone_on_with(forked):
    """The branch was never where the base comes from; that it is not there says nothing."""
    forked.git("config", "changeling.pushRemote", "fork")
    forked.add_command("counter", "echo $(date +%N) >> README.md")
    first = run(forked, "counter")
    forked.git("branch", "-D", first["branch"])
    assert run(forked, "counter")["branch"] == first["branch"]
    forked.git("branch", "-D", first["branch"])
    forked.git("push", "--quiet", "fork", "--delete", first["branch"])
    assert run(forked, "counter")["branch"] != first["branch"]


def test_without_a_word_they_go_where_the_base_comes_from(forked):
    forked.add_command("writer", "echo more >> README.md")
    record = run(forked, "writer")
    assert forked.remote.head(record["branch"]) == record["head"]
    assert forked.fork.branches() == []


def test_a_fork_that_does_not_exist_is_named(forked):
    forked.git("config", "changeling.pushRemote", "mine")
    forked.add_command("writer", "echo more >> README.md")
    failed = forked.changeling("run", "writer").expect(128)
    assert "changeling.pushRemote: there is no remote 'mine', there is fork, upstream" in failed.err


READING = [("status",), ("list",), ("plan",), ("runs", "list"), ("runs", "show", "1"), ("review", "list"),
           ("review", "show", "1"), ("logs", "writer"), ("task", "list"), ("log",), ("show", "writer"), ("prime",),
           ("dispatch", "--dry-run")]


def test_a_fork_that_was_removed_stops_only_what_pushes(forked):
    forked.add_command("writer", "echo more >> README.md")
    forked.add_task("One")
    record = run(forked, "writer")
    before = forked.head("main")
    forked.git("config", "changeling.pushRemote", "mine")
    said = "changeling.pushRemote: there is no remote 'mine', there is fork, upstream"
    for words in READING:
        words = [record["id"] if word == "1" and words[0] == "runs" else word for word in words]
        assert forked.changeling(*words).ok().err.count(said) <= 1, words
    shown = forked.changeling("review", "show", "1").ok()
    assert f"warning: {said}, so no branch can be pushed (git config changeling.pushRemote NAME)" in shown.err
    assert "+more" in shown.out
    # The state does not go there.
    forked.changeling("sync").ok()
    for words in (("run", "writer"), ("work", "--once"), ("review", "accept", "1", "--delete-branch"),
                  ("review", "reject", "1", "--reason", "no", "--delete-branch")):
        failed = forked.changeling(*words).expect(128)
        assert f"fatal: {said}" in failed.err and "hint: git config changeling.pushRemote NAME" in failed.err, words
    assert len(forked.runs()) == 1 and forked.head("main") == before
    assert [task["status"] for task in forked.tasks()] == ["ready"]
    forked.changeling("review", "accept", "1").ok()


def test_a_pull_request_from_the_fork_is_opened_and_updated_upstream(sandbox, github_server):  # noqa: F811
    repo = on_github(sandbox, github_server)
    repo.add_command("counter", "echo $(wc -l < README.md) >> README.md")
    first, second = run(repo, "counter"), run(repo, "counter")
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    pull, = repo.github.pulls()
    assert pull["number"] == first["pull_request"]["number"] == second["pull_request"]["number"]
    assert pull["head"]["label"] == f"{github_server.owner}:{first['branch']}"
    assert pull["base"]["repo"]["full_name"] == repo.github.full_name
    assert repo.fork.head(first["branch"]) == second["head"] == pull["head"]["sha"]
    assert repo.remote.branches("refs/heads/changelings") == []
    listed, = repo.pull_requests()
    assert (listed["number"], listed["changeling"]) == (pull["number"], "counter")
    repo.changeling("review", "reject", str(pull["number"]), "--delete-branch").ok()
    assert repo.github.pulls() == [] and repo.fork.branches("refs/heads/changelings") == []
    repo.github.check_no_violations()
