"""People merge a proposed branch with git alone, or delete it: the changeling goes on, and every list says what became of it."""

import pytest

MERGES = {
    "a merge commit": (["merge", "--no-ff", "--no-edit", "{branch}"],),
    "squashed": (["merge", "--squash", "{branch}"], ["commit", "--quiet", "-m", "squashed"]),
    "rebased": (["cherry-pick", "{branch}~1", "{branch}"],),
}
TWO_COMMITS = "for n in 1 2; do echo $CHANGELING_RUN$n > $n.txt; git add .; git commit -qm $n; done"


def merge_by_hand(repository, branch, how):
    repository.commit({"besides.txt": "x\n"}, "besides")
    for words in MERGES[how]:
        repository.git(*(word.format(branch=branch) for word in words))


@pytest.fixture
def proposed(repository):
    repository.add_command("writer", TWO_COMMITS)
    repository.changeling("run", "writer").ok()
    return repository


@pytest.mark.parametrize("remote", ["with a remote", "without"])
@pytest.mark.parametrize("how", MERGES)
def test_a_request_merged_by_hand_is_merged_everywhere(proposed, how, remote):
    if remote == "without":
        proposed.git("remote", "remove", "origin")
    pull, = proposed.pull_requests()
    merge_by_hand(proposed, pull["branch"], how)
    if remote == "with a remote":
        proposed.git("push", "--quiet", "origin", "main")
        proposed.git("push", "--quiet", "origin", f":{pull['branch']}")
    proposed.git("branch", "--quiet", "-D", pull["branch"])
    assert proposed.pull_requests() == []
    assert [one["state"] for one in proposed.changeling("review", "list", "-a", "--json").ok().json["pull_requests"]] == \
        ["merged"]
    run, = proposed.runs()
    assert run["pull_request"]["state"] == "merged"
    assert "#1 (merged)" in proposed.changeling("runs", "list").ok().out
    assert "#1 (merged)" in proposed.changeling("runs", "show", run["id"]).ok().out
    for command in ("list", "status"):
        entry, = proposed.changeling(command, "--json").ok().json["changelings"]
        assert entry["last_run"]["pull_request"]["state"] == "merged", command
        assert "(merged)" in proposed.changeling(command).ok().out, command
    record = proposed.changeling("run", "writer", "--json").ok().json
    assert (record["outcome"], record["pull_request"]["number"]) == ("opened-pr", 2)


def test_what_was_merged_elsewhere_is_fetched_first(proposed, sandbox):
    pull, = proposed.pull_requests()
    other = sandbox.clone(proposed.remote, "other")
    other.git("merge", "--squash", f"origin/{pull['branch']}")
    other.git("commit", "--quiet", "-m", "squashed")
    other.git("push", "--quiet", "origin", "main")
    record = proposed.changeling("run", "writer", "--json").ok()
    assert record.json["pull_request"]["number"] == 2
    assert "has been merged by hand" in record.err
    assert [one["number"] for one in proposed.pull_requests()] == [2]


@pytest.mark.parametrize("remote", ["with a remote", "without"])
def test_a_deleted_branch_blocks_nobody(proposed, remote):
    pull, = proposed.pull_requests()
    proposed.git("push", "--quiet", "origin", f":{pull['branch']}")
    if remote == "without":
        proposed.git("remote", "remove", "origin")
    proposed.git("branch", "--quiet", "-D", pull["branch"])
    record = proposed.changeling("run", "writer", "--json").ok()
    assert (record.json["outcome"], record.json["pull_request"]["number"]) == ("opened-pr", 2)
    assert "has been deleted" in record.err
    first = proposed.changeling("review", "show", "1", "--json").ok().json
    assert first["state"] == "closed"
