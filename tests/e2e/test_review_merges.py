"""Accepting merges as `git merge` does in this repository, also with a git that has no merge without files."""

import pytest

from harness.proposals import accept, check_accepted, check_refused, propose, state_of

REAL_GIT = "/usr/bin/git"


@pytest.fixture(params=["merge-tree", "private work tree"])
def merging(request, repository, sandbox):
    """The repository; with the second, git answers to merge-tree as one before 2.38 does."""
    if request.param == "private work tree":
        sandbox.fake_program("git", 'for word; do [ "$word" = merge-tree ] && exit 129; done\n'
                                    f'exec {REAL_GIT} "$@"\n')
    return repository


def as_git_merges(repository, branch, base):
    """The tree that `git merge` makes of the same two."""
    place = repository.sandbox.root / "reference"
    repository.git("worktree", "add", "--quiet", "-b", "reference", str(place), base)
    repository.git("merge", "--quiet", "--no-edit", branch, cwd=place)
    return repository.git("rev-parse", "reference^{tree}")


def test_merge_drivers(merging):
    merging.git("config", "merge.numbers.driver", "sort -nu -o %A %A %B")
    merging.commit({".gitattributes": "numbers merge=numbers\n", "numbers": "5\n"}, "prepare")
    merging.git("push", "--quiet", "origin", "main")
    pull = propose(merging, "echo 7 >> numbers; echo c >> other")
    base = merging.commit({"numbers": "5\n6\n"}, "meanwhile")
    wanted = as_git_merges(merging, pull["branch"], base)
    accept(merging).ok()
    assert merging.read("numbers") == "5\n6\n7\n"
    assert merging.git("rev-parse", "main^{tree}") == wanted
    check_accepted(merging, pull)


def test_renames_and_union(merging):
    merging.git("config", "merge.directoryRenames", "true")
    text = "".join(f"line {number}\n" for number in range(20))
    merging.commit({"old/name": text, "log": "start\n", ".gitattributes": "log merge=union\n"}, "prepare")
    merging.git("push", "--quiet", "origin", "main")
    pull = propose(merging, "sed -i 's/line 3$/line three/' old/name; echo agent >> log; echo new > old/fresh")
    merging.git("mv", "old", "moved")
    base = merging.commit({"log": "start\nperson\n"}, "move")
    wanted = as_git_merges(merging, pull["branch"], base)
    accept(merging).ok()
    assert "line three" in merging.read("moved/name") and merging.read("moved/fresh") == "new\n"
    assert merging.git("rev-parse", "main^{tree}") == wanted
    check_accepted(merging, pull)


def test_attributes_count_while_another_branch_is_checked_out(merging):
    merging.commit({"log": "start\n", ".gitattributes": "log merge=union\n"}, "prepare")
    merging.git("push", "--quiet", "origin", "main")
    propose(merging, "echo agent >> log")
    merging.commit({"log": "start\nperson\n"}, "meanwhile")
    merging.git("switch", "--quiet", "--orphan", "empty")
    accept(merging).ok()
    assert sorted(merging.show("main", "log").split()) == ["agent", "person", "start"]
    merging.git("switch", "--quiet", "main")  # git fsck speaks of a branch without a commit.


def test_conflicts_change_nothing(merging):
    propose(merging, "echo agent > README.md; echo other > other.txt")
    merging.commit({"README.md": "person\n"}, "meanwhile")
    result = check_refused(merging, word="README.md")
    assert "other.txt" not in result.err


def test_merge_ff_as_git_reads_it(repository):
    pull = propose(repository, "echo more >> README.md")
    before = repository.head("main")
    repository.git("config", "merge.ff", "false")
    accept(repository).ok()
    assert repository.git("log", "-1", "--format=%P", "main").split() == [before, pull["head"]]
    check_accepted(repository, pull)


def test_merge_ff_only_makes_no_merge_commit(repository):
    propose(repository, "echo more >> README.md")
    repository.commit({"other": "1\n"}, "meanwhile")
    repository.git("config", "merge.ff", "only")
    check_refused(repository, word="merge.ff")


def test_a_run_that_goes_on_merges_the_same_way(repository):
    """The request gets the base merged in by the user's driver, before the agent starts."""
    repository.git("config", "merge.numbers.driver", "sort -nu -o %A %A %B")
    repository.commit({".gitattributes": "numbers merge=numbers\n", "numbers": "5\n"}, "prepare")
    repository.git("push", "--quiet", "origin", "main")
    propose(repository, "echo $(($(tail -n 1 numbers) + 2)) >> numbers")
    repository.commit({"numbers": "5\n6\n"}, "meanwhile")
    repository.git("push", "--quiet", "origin", "main")
    run = repository.changeling("run", "worker", "--json").ok().json
    assert run["outcome"] == "updated-pr"
    assert repository.show(run["branch"], "numbers") == "5\n6\n7\n9\n"


def test_what_is_shown_is_what_is_merged(repository):
    pull = propose(repository, "echo agent >> README.md")
    repository.git("switch", "--quiet", pull["branch"])
    by_hand = repository.commit({"by-hand": "1\n"}, "by hand")
    repository.git("switch", "--quiet", "main")
    shown = repository.changeling("review", "show", "1", "--json").ok().json
    assert shown["head"] == by_hand
    assert sorted(file["path"] for file in shown["files"]) == ["README.md", "by-hand"]
    check_refused(repository, word="commits that were not checked")
    repository.changeling("review", "accept", "1", "--head", shown["head"]).ok()
    assert repository.head("main") == by_hand


def test_a_rewritten_branch_is_said_when_it_is_shown(repository):
    pull = propose(repository, "echo agent >> README.md")
    repository.git("switch", "--quiet", pull["branch"])
    repository.git("commit", "--quiet", "--amend", "--message", "rewritten")
    repository.git("switch", "--quiet", "main")
    assert "rewritten" in repository.changeling("review", "show", "1").ok().err
    check_refused(repository, word="rewritten")


# A remote that was rewritten to get rid of something.

@pytest.fixture
def rewritten(repository):
    """The remote's main, rewritten without the secret that main here still has."""
    repository.commit({"secret": "SECRET\n"}, "leak")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    first = propose(repository, "echo agent >> README.md")
    clean = repository.git("commit-tree", "-p", "main~1", "-m", "clean", "main~1^{tree}")
    repository.git("push", "--quiet", "--force", "origin", f"{clean}:main")
    repository.git("fetch", "--quiet", "origin")
    repository.first = first
    return repository


def test_a_request_from_a_rewritten_remote_is_not_joined_with_what_is_here(rewritten):
    rewritten.changeling("review", "reject", "1").ok()
    pull = propose(rewritten, "echo other >> README.md", name="other")
    refused = check_refused(rewritten, pull["number"], word="main here and origin/main have gone different ways")
    assert "git pull --rebase origin main" in refused.err and "git reset --keep origin/main" in refused.err
    rewritten.git("pull", "--quiet", "--rebase", "origin", "main")
    assert "next: git push origin main" in accept(rewritten, pull["number"]).ok().err
    check_accepted(rewritten, pull)
    rewritten.git("push", "--quiet", "origin", "main")
    assert "secret" not in rewritten.remote.git("ls-tree", "--name-only", "main").split()
    assert "leak" not in rewritten.remote.git("log", "--format=%s", "main")


def test_no_push_is_proposed_that_would_bring_back_what_the_remote_took_out(rewritten):
    result = accept(rewritten).ok()
    assert "next: git push" not in result.err + result.out
    assert "have gone different ways; before you push" in result.err


def test_a_request_does_not_bring_back_what_was_taken_out_of_its_base(rewritten):
    rewritten.git("reset", "--quiet", "--keep", "origin/main")
    refused = check_refused(rewritten, word="which main does not hold any more")
    # What is proposed to type works.
    command = refused.err[refused.err.index("git switch"):].strip()
    rewritten.sandbox.run("sh", "-c", command, cwd=rewritten.path).ok()
    assert state_of(rewritten, 1) == "closed"
    assert rewritten.read("README.md").endswith("agent\n") and "leak" not in rewritten.git("log", "--format=%s", "main")


def test_a_remote_that_only_went_on_is_joined_when_the_user_has_joined_it(repository, sandbox):
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    other = sandbox.clone(repository.remote, "colleague")
    other.commit({"theirs": "1\n"}, "theirs")
    other.git("push", "--quiet", "origin", "main")
    repository.commit({"ours": "1\n"}, "ours")
    pull = propose(repository, "echo agent >> README.md")
    check_refused(repository, word="have gone different ways")
    repository.git("merge", "--quiet", "origin/main")
    accept(repository).ok()
    check_accepted(repository, pull)
