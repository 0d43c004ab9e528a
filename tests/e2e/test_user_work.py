"""The user's checkout is byte-identical before and after a run, whatever state it is in."""

import pytest


def dirty(repository):
    repository.write("README.md", "# Half-written\n")
    repository.write("untracked", "mine\n")


def staged(repository):
    repository.write("README.md", "# Staged\n")
    repository.git("add", "README.md")
    repository.write("README.md", "# Staged and then changed\n")


def detached(repository):
    repository.git("checkout", "--quiet", "--detach")


def conflicting_rebase(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"README.md": "# Mine\n"}, "mine")
    repository.git("checkout", "--quiet", "main")
    repository.commit({"README.md": "# Theirs\n"}, "theirs")
    repository.git("push", "--quiet", "origin", "main")
    repository.git("checkout", "--quiet", "topic")
    assert repository.try_git("rebase", "main").code != 0


def conflicting_merge(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"README.md": "# Mine\n"}, "mine")
    repository.git("checkout", "--quiet", "main")
    repository.commit({"README.md": "# Theirs\n"}, "theirs")
    repository.git("push", "--quiet", "origin", "main")
    assert repository.try_git("merge", "topic").code != 0


def stashed(repository):
    repository.write("README.md", "# For later\n")
    repository.git("stash", "--quiet")


def with_submodule(repository):
    library = repository.sandbox.repository(files={"library.c": "int one;\n"}, name="library")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "library")
    repository.git("commit", "--quiet", "--message", "library")
    repository.git("push", "--quiet", "origin", "main")
    repository.write("library/library.c", "int two;\n")


def on_another_branch(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"topic": "work\n"}, "topic work")


@pytest.mark.parametrize("prepare", [dirty, staged, detached, conflicting_rebase, conflicting_merge, stashed,
                                     with_submodule, on_another_branch], ids=lambda prepare: prepare.__name__)
def test_a_run_leaves_the_checkout_alone(repository, prepare):
    repository.add_command("writer", "echo from the agent > agent-file; git status >/dev/null", "--verify", "true")
    prepare(repository)
    before = repository.user_state()
    record = repository.changeling("run", "writer", "--json").ok().json
    assert record["outcome"] == "opened-pr"
    assert repository.user_state() == before
    assert repository.git("diff", "--name-only", f"{record['head']}~1", record["head"]) == "agent-file"


@pytest.mark.parametrize("script", ["exit 1", "echo x > agent-file; exit 1", "true"],
                         ids=["failing", "half-done", "idle"])
def test_so_does_a_run_that_comes_to_nothing(repository, script):
    repository.add_command("writer", script)
    dirty(repository)
    before = repository.user_state()
    repository.changeling("run", "writer")
    assert repository.user_state() == before


def test_an_agent_cannot_reach_the_users_index_through_inherited_variables(repository):
    """Started from a hook, git leaves GIT_DIR and GIT_INDEX_FILE behind; they must not reach the agent."""
    repository.add_command("writer", "echo x > agent-file; git add agent-file; git commit -qm x")
    before = repository.user_state()
    git_directory = repository.path / ".git"
    record = repository.changeling("run", "writer", "--json", env={
        "GIT_DIR": git_directory, "GIT_INDEX_FILE": git_directory / "index", "GIT_WORK_TREE": repository.path,
    }).ok().json
    assert record["outcome"] == "opened-pr"
    assert repository.user_state() == before


def test_a_submodule_is_usable_for_the_agent_or_left_empty(repository):
    with_submodule(repository)
    repository.add_command("writer", "test -d library; echo x > agent-file")
    record = repository.changeling("run", "writer", "--json").ok().json
    assert repository.git("diff", "--name-only", "main", record["branch"]) == "agent-file"


def test_files_with_strange_names_survive(repository):
    names = ["ein ä.txt", "tab\tname", "new\nline", "-dash", "quote\"s", "semi;colon & more"]
    for name in names:
        repository.write(name, "user\n")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "names")
    repository.git("push", "--quiet", "origin", "main")
    repository.add_command("writer", "for file in ./*; do test -f \"$file\" && echo agent >> \"$file\"; done")
    before = repository.user_state()
    record = repository.changeling("run", "writer", "--json").ok().json
    assert repository.user_state() == before
    changed = repository.git("diff", "-z", "--name-only", "main", record["branch"]).strip("\0").split("\0")
    assert sorted(changed) == sorted(names + ["README.md"])
