"""`init`, and finding the repository from wherever the user stands."""

import pytest


def test_init_creates_the_state_once(sandbox):
    repo = sandbox.repository()
    first = repo.changeling("init").ok()
    assert "refs/changelings/state" in first.out + first.err
    tip = repo.head("refs/changelings/state")
    assert repo.show(tip, "format").strip() == "1"
    repo.changeling("init").ok()
    assert repo.head("refs/changelings/state") == tip


def test_init_adds_no_branch_and_touches_no_file(sandbox):
    repo = sandbox.repository()
    before = repo.user_state()
    repo.changeling("init").ok()
    assert repo.user_state() == before


def test_init_with_another_reference(sandbox):
    repo = sandbox.repository()
    repo.changeling("init", "--ref", "refs/heads/changelings-state").ok()
    assert repo.git("config", "changeling.ref") == "refs/heads/changelings-state"
    repo.add_command("idle", "true")
    assert "changelings/idle.toml" in repo.git("ls-tree", "-r", "--name-only", "refs/heads/changelings-state")
    assert repo.try_git("rev-parse", "--verify", "--quiet", "refs/changelings/state").code != 0


def test_it_works_as_a_git_command(sandbox):
    repo = sandbox.repository()
    repo.git("changeling", "init")
    assert sandbox.run("git", "-C", repo.path, "changeling", "list", "--json").ok().json == {"changelings": [], "damaged": []}


def test_dash_capital_c_works_as_with_git(sandbox):
    repo = sandbox.repository()
    sandbox.changeling("-C", repo.path, "init").ok()
    assert sandbox.changeling("-C", repo.path, "list", "--json").ok().json == {"changelings": [], "damaged": []}


def test_from_a_subdirectory(repository):
    repository.add_command("idle", "true")
    repository.write("deep/er/file", "")
    listed = repository.changeling("list", "--json", cwd=repository.path / "deep" / "er").ok().json
    assert [entry["name"] for entry in listed["changelings"]] == ["idle"]


def test_from_a_linked_worktree(repository, sandbox):
    repository.add_command("idle", "true")
    repository.git("worktree", "add", "--quiet", "-b", "side", str(sandbox.root / "side"))
    side = sandbox.adopt(sandbox.root / "side")
    assert [entry["name"] for entry in side.changeling("list", "--json").ok().json["changelings"]] == ["idle"]
    assert side.changeling("run", "idle", "--json").ok().json["outcome"] == "no-changes"


def test_in_a_bare_repository(sandbox):
    repo = sandbox.repository(remote="bare")
    bare = repo.remote
    bare.git("config", "user.name", "Test Person")
    bare.git("config", "user.email", "test@example.com")
    bare.changeling("init").ok()
    bare.add_command("writer", "echo more >> README.md")
    record = bare.changeling("run", "writer", "--json").ok().json
    assert record["outcome"] == "opened-pr"
    assert bare.show(record["branch"], "README.md").endswith("more\n")


@pytest.mark.parametrize("command", [["init"], ["list"], ["run", "x"], ["status"]], ids=lambda words: words[0])
def test_outside_a_repository(sandbox, command):
    result = sandbox.changeling(*command).expect(128)
    assert result.out == ""
    assert "not" in result.err and "repository" in result.err
    assert "hint:" in result.err


def test_outside_a_repository_as_json(sandbox):
    error = sandbox.changeling("list", "--json").expect(128).error
    assert set(error) == {"kind", "message", "hint"}
    assert error["kind"] == "not_found"
    assert "git init" in error["hint"]


def test_before_init_the_user_is_told_what_to_type(sandbox):
    repo = sandbox.repository()
    result = repo.changeling("add", "x", "--run", "true")
    if result.code != 0:
        assert result.code == 128
        assert "git changeling init" in result.err


def test_an_unreadable_repository_is_explained(sandbox):
    repo = sandbox.root / "sha256"
    sandbox.run("git", "init", "--quiet", "--object-format=sha256", repo).ok()
    result = sandbox.changeling("init", cwd=repo).expect(128)
    assert "SHA-256" in result.err or "sha256" in result.err
    assert "hint:" in result.err


def test_a_repository_with_worktree_configuration_opens(sandbox):
    repo = sandbox.repository()
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.changeling("init").ok()
    repo.changeling("list").ok()
