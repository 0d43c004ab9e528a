"""Commits in submodules and in other repositories inside a run's worktree are kept, and never proposed as pointers
to what nobody else has."""

import pytest

IDENTITY = "-c user.name=a -c user.email=a@example.com"


@pytest.fixture
def project(repository, sandbox):
    """A repository with the submodule `library`, which has the submodule `part`; agents start with both checked out."""
    configuration = sandbox.write("home/.gitconfig", "[protocol \"file\"]\n\tallow = always\n")
    sandbox.environment["GIT_CONFIG_GLOBAL"] = str(configuration)
    part = sandbox.repository(files={"part.c": "int p;\n"}, remote="bare", name="part")
    library = sandbox.repository(files={"library.c": "int one;\n"}, remote="bare", name="library")
    library.git("submodule", "--quiet", "add", str(part.remote.path), "part")
    library.commit({}, "part")
    library.git("push", "--quiet", "origin", "main")
    repository.git("submodule", "--quiet", "add", str(library.remote.path), "library")
    repository.commit({}, "library")
    repository.git("push", "--quiet", "origin", "main")
    repository.library = library
    # What is a submodule of a submodule is not known before it is checked out.
    repository.all_checked_out = ("--setup", "git submodule update --quiet --init --recursive", "--sandbox-read",
                                  part.remote.path)
    return repository


def run(repository, script, *options):
    repository.add_command("writer", script, *repository.all_checked_out, *options)
    return repository.changeling("run", "writer", "--json")


def kept(repository, git_directory=None):
    """{reference: subject} of what was kept in the repository, or in another one."""
    where = () if git_directory is None else (f"--git-dir={git_directory}",)
    lines = repository.git(*where, "for-each-ref", "--format=%(refname) %(contents:subject)",
                           "refs/changelings/kept").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def commit_in(folder, message="inner work"):
    return f"(cd {folder} && echo more >>work.c && git add work.c && git {IDENTITY} commit -qm '{message}')\n"


@pytest.mark.parametrize("also", ["", f"git {IDENTITY} commit -qam 'point to it'"], ids=["left", "committed"])
def test_a_commit_in_a_submodule_is_kept_in_the_users_and_not_proposed(project, also):
    result = run(project, commit_in("library") + "echo x >agent-file\n" + also)
    record = result.expect(1).json
    assert record["outcome"] == "failed"
    assert project.pull_requests() == []
    (reference, subject), = kept(project.library, project.path / ".git/modules/library").items()
    assert subject == "inner work"
    assert reference.startswith(f"refs/changelings/kept/{record['id']}/library")
    assert "submodule library" in record["error"] and reference in record["error"]
    # The rest of the work is on the run's branch, and the worktree is not needed any more.
    if not also:
        assert project.git("diff", "--name-only", "main", record["branch"]) == "agent-file"
    assert project.worktrees() == []


def test_a_commit_that_the_submodules_remote_has_is_proposed(project):
    record = run(project, commit_in("library") + "git -C library push -q origin HEAD:refs/heads/fix\n",
                 "--sandbox-write", project.library.remote.path).ok().json
    assert record["outcome"] == "opened-pr"
    pointer = project.git("rev-parse", f"{record['head']}:library")
    assert project.library.remote.head("fix") == pointer
    assert kept(project) == {} and project.worktrees() == []


def test_a_pointer_to_a_newer_commit_of_the_remote_needs_no_checkout(project):
    project.library.commit({"new.c": "int new;\n"}, "newer")
    project.library.git("push", "--quiet", "origin", "main")
    newer = project.library.head()
    project.add_command("bump", f"git update-index --cacheinfo 160000,{newer},library\ngit {IDENTITY} commit -qm bump")
    record = project.changeling("run", "bump", "--json").ok().json
    assert project.git("rev-parse", f"{record['head']}:library") == newer


def test_a_pointer_to_nothing_is_not_proposed(project):
    nothing = "1" * 40
    project.add_command("bump", f"git update-index --cacheinfo 160000,{nothing},library\ngit {IDENTITY} commit -qm bump")
    record = project.changeling("run", "bump", "--json").expect(1).json
    assert record["outcome"] == "failed" and nothing[:10] in record["error"]


def test_a_commit_in_a_submodule_of_a_submodule_is_kept(project):
    record = run(project, commit_in("library/part") + "echo x >agent-file").expect(1).json
    assert list(kept(project.library, project.path / ".git/modules/library").values()) == []
    everything = kept(project) | kept(project, project.path / ".git/modules/library/modules/part") \
        if (project.path / ".git/modules/library/modules/part").exists() else kept(project)
    assert list(everything.values()) == ["inner work"]
    assert "library/part" in record["error"]


def test_branches_and_stashes_of_a_submodule_are_kept_without_failing_the_run(project):
    script = ("(cd library && git checkout -q -b side && echo s >s && git add s && "
              f"git {IDENTITY} commit -qm aside && git checkout -q --detach origin/main && "
              f"echo later >>library.c && git {IDENTITY} stash -q)\necho x >agent-file")
    result = run(project, script).ok()
    assert result.json["outcome"] == "opened-pr"
    subjects = kept(project, project.path / ".git/modules/library").values()
    assert sorted(subjects)[0].startswith(("WIP on", "aside")) and "aside" in subjects and len(subjects) == 2
    assert "refs/changelings/kept/" in result.json["error"] and "refs/changelings/kept/" in result.err
    assert project.worktrees() == []


def test_uncommitted_work_in_a_submodule_keeps_the_worktree(project):
    record = run(project, "echo edit >>library/part/part.c\necho x >agent-file").ok().json
    worktree, = project.worktrees()
    assert "library/part" in record["error"] and worktree in record["error"]


@pytest.mark.parametrize("script", ["echo edit >>library/library.c", "echo new >library/part/new.c",
                                    "rm library/part/part.c", "git -C library mv library.c moved.c"])
def test_uncommitted_work_in_a_submodule_alone_is_no_success(project, script):
    record = run(project, script).expect(1).json
    worktree, = project.worktrees()
    folder = "library/part" if "part" in script else "library"
    assert record["outcome"] == "failed"
    assert f"submodule {folder} uncommitted" in record["error"] and worktree in record["error"]
    # Whoever goes on there does so on the run's branch.
    assert project.git("-C", worktree, "symbolic-ref", "--short", "HEAD") == record["branch"]
    assert project.git("rev-parse", record["branch"]) == record["head"] == project.head()
    assert project.git("-C", worktree, "status", "--porcelain", "library").strip() == "M library"
    project.changeling("status").ok()
    assert project.worktrees() == [worktree]


def test_what_setup_leaves_in_a_submodule_is_not_the_agents(project):
    project.add_command("writer", "true", *project.all_checked_out, "--setup", "touch library/built library/part/built")
    record = project.changeling("run", "writer", "--json").ok().json
    assert record["outcome"] == "no-changes"
    worktree, = project.worktrees()
    assert worktree in record["error"] and project.git("rev-parse", record["branch"]) == project.head()


def test_work_in_a_submodule_survives_the_recovery_of_a_killed_run(project, sandbox):
    project.add_command("writer", "echo edit >>library/library.c; touch library/agent-file; sleep 60",
                        "--setup", "git submodule update --quiet --init")
    program = project.start("run", "writer", "--json")
    sandbox.wait_until(lambda: any((sandbox.home / ".local").rglob("agent-file")), "the agent has worked")
    program.kill()
    project.changeling("status").ok()
    record, = project.runs()
    worktree, = project.worktrees()
    assert record["outcome"] == "killed" and worktree in record["error"]
    assert project.git("rev-parse", record["branch"]) == project.head()


def test_submodules_that_were_only_used_leave_nothing_behind(project):
    record = run(project, "test -f library/part/part.c\necho x >agent-file").ok().json
    assert record["error"] is None
    assert project.worktrees() == [] and kept(project) == {}


@pytest.mark.parametrize("also", ["", f"git add --all 2>/dev/null; git {IDENTITY} commit -qm outer"],
                         ids=["left", "committed"])
def test_a_repository_that_the_agent_made_is_kept(repository, also):
    repository.add_command("writer", "git init -q sub\n" + commit_in("sub") + "echo x >agent-file\n" + also)
    record = repository.changeling("run", "writer", "--json").json
    (reference, subject), = kept(repository).items()
    assert subject == "inner work"
    assert repository.show(reference, "work.c") == "more\n"
    assert reference in record["error"]
    assert record["outcome"] == ("failed" if also else "opened-pr")
    if not also:
        assert repository.git("diff", "--name-only", "main", record["head"]) == "agent-file"
    assert repository.worktrees() == []


def test_of_a_clone_only_what_is_new_is_kept(repository, sandbox):
    other = sandbox.repository(files={"other.c": "int other;\n"}, name="other")
    repository.add_command("writer", f"git clone -q {other.path} untouched\ngit clone -q {other.path} changed\n"
                           + commit_in("changed") + "echo x >agent-file", "--sandbox-read", other.path)
    record = repository.changeling("run", "writer", "--json").ok().json
    reference, = kept(repository)
    assert "changed" in reference and "untouched" not in record["error"]
    assert repository.worktrees() == []


def test_what_is_kept_survives_the_recovery_of_a_killed_run(project, sandbox):
    project.add_command("writer", commit_in("library") + "touch agent-file; sleep 60",
                        "--setup", "git submodule update --quiet --init")
    program = project.start("run", "writer", "--json")
    sandbox.wait_until(lambda: any((sandbox.home / ".local").rglob("agent-file")), "the agent has worked")
    program.kill()
    project.changeling("status").ok()
    record, = project.runs()
    reference, = kept(project, project.path / ".git/modules/library")
    assert record["outcome"] == "killed" and reference in record["error"]
