"""Accepting uses the work tree that git uses here, however the repository is laid out, or refuses."""

import pytest

from harness.proposals import accept, check_accepted, check_refused, propose, state_of

CHANGE = "echo changed >> README.md; echo new > new.txt"


def started(repository):
    repository.changeling("init").ok()
    return repository


def test_the_git_directory_is_elsewhere(sandbox):
    repository = sandbox.repository()
    repository.git("init", "--quiet", "--separate-git-dir", str(sandbox.root / "store.git"))
    pull = propose(started(repository), CHANGE)
    (repository.path / "folder").mkdir()
    accept(repository, cwd=repository.path / "folder").ok()
    check_accepted(repository, pull)
    assert repository.read("new.txt") == "new\n"


def test_the_git_directory_is_a_symbolic_link(sandbox):
    repository = sandbox.repository()
    (repository.path / ".git").rename(sandbox.root / "store")
    (repository.path / ".git").symlink_to(sandbox.root / "store")
    pull = propose(started(repository), CHANGE)
    accept(repository).ok()
    check_accepted(repository, pull)


@pytest.mark.parametrize("way", ["options", "variables", "configuration"])
def test_the_files_lie_outside_of_a_bare_repository(sandbox, way):
    repository = sandbox.repository()
    store = sandbox.root / "dot.git"
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(store))
    home = sandbox.root / "files"
    home.mkdir()
    places = {"GIT_DIR": str(store), "GIT_WORK_TREE": str(home)}
    run = lambda *words, **options: sandbox.run(  # noqa: E731
        "git", f"--git-dir={store}", f"--work-tree={home}", *words, cwd=home, **options).ok()
    run("config", "user.name", "Test Person")
    run("config", "user.email", "test@example.com")
    run("checkout", "--quiet", "-f", "main")
    agent = sandbox.write("agent", f"#!/bin/sh\n{CHANGE}\n", executable=True)
    run("changeling", "init")
    run("changeling", "add", "worker", "--run", str(agent))
    run("changeling", "run", "worker")
    # From the bare repository alone nobody can tell where its files are.
    refused = sandbox.changeling("-C", str(store), "review", "accept", "1").expect(128)
    assert "--work-tree" in refused.err
    if way == "options":
        run("changeling", "review", "accept", "1")
    elif way == "variables":
        sandbox.changeling("review", "accept", "1", cwd=home, env=places).ok()
    else:
        run("config", "core.bare", "false")
        run("config", "core.worktree", str(home))
        sandbox.changeling("-C", str(store), "review", "accept", "1").ok()
    assert (home / "new.txt").read_text() == "new\n"
    assert run("status", "--porcelain").out == ""


def test_a_bare_repository_with_work_trees_beside_it(sandbox):
    origin = sandbox.repository()
    place = sandbox.root / "project-trees"
    sandbox.run("git", "clone", "--quiet", "--bare", str(origin.path), str(place / ".bare")).ok()
    sandbox.write(place / ".git", "gitdir: ./.bare\n")
    git = lambda *words: sandbox.run("git", *words, cwd=place).ok()  # noqa: E731
    git("config", "extensions.worktreeConfig", "true")
    git("config", "--file", ".bare/config", "--unset", "core.bare")
    git("config", "--file", ".bare/config.worktree", "core.bare", "true")
    git("config", "user.name", "Test Person")
    git("config", "user.email", "test@example.com")
    git("worktree", "add", "--quiet", "main", "main")
    git("worktree", "add", "--quiet", "-b", "topic", "topic")
    main, topic = sandbox.adopt(place / "main"), sandbox.adopt(place / "topic")
    pull = propose(started(main), CHANGE)
    check_refused(topic, word=str(place / "main"))
    check_refused(main, word=str(place / "main"), cwd=place)
    accept(main).ok()
    check_accepted(main, pull)
    assert topic.git("status", "--porcelain") == ""


def test_the_main_work_tree_is_known_from_a_linked_one(sandbox):
    repository = sandbox.repository()
    repository.git("init", "--quiet", "--separate-git-dir", str(sandbox.root / "store.git"))
    propose(started(repository), CHANGE)
    repository.git("worktree", "add", "--quiet", "-b", "topic", str(sandbox.root / "topic"))
    check_refused(sandbox.adopt(sandbox.root / "topic"), word="store.git")


def test_a_locked_work_tree_whose_disk_is_away(repository, sandbox):
    propose(repository, CHANGE)
    repository.git("switch", "--quiet", "-c", "topic")
    side = sandbox.root / "side"
    repository.git("worktree", "add", "--quiet", str(side), "main")
    repository.git("worktree", "lock", str(side))
    side.rename(sandbox.root / "away")
    check_refused(repository, word="locked")
    repository.git("worktree", "unlock", str(side))
    accept(repository).ok()


def test_inside_of_a_submodule(sandbox):
    library = sandbox.repository(name="library")
    outer = sandbox.repository(name="outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "library")
    outer.git("commit", "--quiet", "--message", "library")
    inner = sandbox.adopt(outer.path / "library")
    inner.git("config", "user.name", "Test Person")
    inner.git("config", "user.email", "test@example.com")
    pull = propose(started(inner), CHANGE)
    accept(inner).ok()
    check_accepted(inner, pull)
    assert inner.read("new.txt") == "new\n"


@pytest.mark.parametrize("elsewhere", ["detached", "another branch", "no commit yet"])
def test_the_base_is_not_checked_out(repository, elsewhere):
    pull = propose(repository, CHANGE)
    words = {"detached": ["--detach"], "another branch": ["-c", "topic"], "no commit yet": ["--orphan", "topic"]}
    repository.git("switch", "--quiet", *words[elsewhere])
    before = repository.user_state()["files"]
    accept(repository).ok()
    assert repository.head("main") == pull["head"]
    assert repository.user_state()["files"] == before
    assert repository.git("status", "--porcelain") == ""
    repository.git("switch", "--quiet", "main")  # git fsck speaks of a branch without a commit.


def test_nothing_is_checked_out_yet(repository, sandbox):
    propose(repository, CHANGE)
    repository.git("push", "--quiet", "origin", "refs/changelings/state")
    sandbox.run("git", "clone", "--quiet", "--no-checkout", str(repository.remote.path),
                str(sandbox.root / "empty")).ok()
    empty = sandbox.adopt(sandbox.root / "empty")
    empty.git("config", "user.name", "Test Person")
    empty.git("config", "user.email", "test@example.com")
    empty.changeling("init").ok()
    accept(empty).ok()
    assert [entry.name for entry in empty.path.iterdir()] == [".git"]
    empty.git("checkout", "--quiet", "main")
    assert empty.git("status", "--porcelain") == "" and empty.read("new.txt") == "new\n"


def test_a_symbolic_branch_is_followed(repository):
    repository.git("symbolic-ref", "refs/heads/trunk", "refs/heads/main")
    repository.add_command("worker", CHANGE, "--branch", "trunk")
    repository.changeling("run", "worker").ok()
    pull, = repository.pull_requests()
    accept(repository).ok()
    assert repository.git("symbolic-ref", "refs/heads/trunk") == "refs/heads/main"
    check_accepted(repository, pull)


@pytest.mark.parametrize("operation", ["cherry-pick", "rebase --update-refs", "am"])
def test_what_is_under_way_is_not_disturbed(repository, operation):
    propose(repository, CHANGE)
    repository.commit({"file": "ours\n"}, "ours")
    repository.git("switch", "--quiet", "-c", "topic", "HEAD~1")
    theirs = repository.commit({"file": "theirs\n"}, "theirs")
    repository.git("switch", "--quiet", "main")
    if operation == "cherry-pick":
        assert repository.try_git("cherry-pick", theirs).code != 0
    elif operation == "am":
        patch = repository.git("format-patch", "-1", "--stdout", theirs)
        repository.sandbox.write("patch", patch + "\n")
        assert repository.try_git("am", "--quiet", str(repository.sandbox.root / "patch")).code != 0
    else:
        repository.git("switch", "--quiet", "-c", "stacked")
        repository.commit({"stacked": "1\n"}, "stacked")
        assert repository.try_git("rebase", "--update-refs", "topic").code != 0
    check_refused(repository, word="under way")


def test_it_is_accepted_once_in_each_place(repository, sandbox):
    """Two of them, from two work trees of one repository."""
    first = propose(repository, "echo one > one.txt", name="first")
    second = propose(repository, "echo two > two.txt", name="second")
    accept(repository, first["number"]).ok()
    repository.git("switch", "--quiet", "-c", "topic")
    repository.git("worktree", "add", "--quiet", str(sandbox.root / "side"), "main")
    side = sandbox.adopt(sandbox.root / "side")
    check_refused(repository, second["number"], word=str(side.path))
    accept(side, second["number"]).ok()
    check_accepted(side, second)
    assert state_of(repository, first["number"]) == "merged"
