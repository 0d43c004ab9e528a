"""Objects of git-lfs are on the server before the branch that needs them is."""

import shutil

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="git-lfs is not installed: nothing was tried")


@pytest.fixture
def project(repository):
    """A repository with a file that git-lfs keeps, and its object on the remote."""
    repository.git("lfs", "install", "--local")
    repository.commit({".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "big.bin": "one\n"}, "lfs")
    repository.git("push", "--quiet", "origin", "main")
    repository.add_command("writer", "echo two >big.bin")
    return repository


def objects(repository):
    return {path.name for path in (repository.remote.path / "lfs/objects").rglob("*") if path.is_file()}


def object_of(repository, revision):
    return repository.git("show", f"{revision}:big.bin").split("oid sha256:")[1].split()[0]


def test_they_are_uploaded_with_the_branch(project):
    record = project.changeling("run", "writer", "--json").ok().json
    assert object_of(project, record["head"]) in objects(project)
    clone = project.sandbox.root / "colleague"
    project.sandbox.run("git", "clone", "--quiet", "--branch", record["branch"], f"file://{project.remote.path}", clone,
                        env={"GIT_LFS_SKIP_SMUDGE": "1"}).ok()


def test_they_are_uploaded_beside_another_filter(project):
    project.git("config", "filter.shout.clean", "tr a-z A-Z")
    project.git("config", "filter.shout.smudge", "tr A-Z a-z")
    project.commit({".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n*.nb filter=shout\n", "a.nb": "x\n"}, "shout")
    project.git("push", "--quiet", "origin", "main")
    project.add_command("both", "grep one big.bin; grep x a.nb; echo two >big.bin; echo y >>a.nb", "--verify", "grep two big.bin")
    record = project.changeling("run", "both", "--json").ok().json
    assert object_of(project, record["head"]) in objects(project)
    assert project.show(record["branch"], "a.nb") == "X\nY\n"
    assert project.worktrees() == []


def test_other_hooks_of_the_user_stay_out(project):
    hook = project.path / ".git/hooks/pre-push"
    hook.write_text("#!/bin/sh\ntouch \"$(git rev-parse --git-common-dir)/ran\"\nexit 1\n")
    hook.chmod(0o755)
    record = project.changeling("run", "writer", "--json").ok().json
    assert object_of(project, record["head"]) in objects(project)
    assert not (project.path / ".git/ran").exists()


def test_a_failed_upload_is_a_failed_push(project):
    """With the local forge the request is there, and the branch follows later, with its objects."""
    (project.remote.path / "lfs").rename(project.remote.path / "away")
    (project.remote.path / "lfs").write_text("no folder")
    record = project.changeling("run", "writer", "--json").json
    assert project.remote.try_git("rev-parse", "--verify", f"refs/heads/{record['branch']}").code != 0
    waiting = project.changeling("status", "--json").ok().json["outbox"]
    assert [entry["run"] for entry in waiting] == [record["id"]]
    (project.remote.path / "lfs").unlink()
    (project.remote.path / "away").rename(project.remote.path / "lfs")
    project.changeling("sync").ok()
    assert object_of(project, record["head"]) in objects(project)
    assert project.remote.head(record["branch"]) == record["head"]


@pytest.mark.parametrize("here, outcome", [(True, "failed"), (False, "opened-pr")], ids=["only-here", "elsewhere"])
def test_without_git_lfs_nothing_is_pushed_that_lies_only_here(repository, sandbox, here, outcome):
    """A pointer alone may name an object that the server has long had."""
    repository.commit({".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n"}, "attributes")
    repository.git("push", "--quiet", "origin", "main")
    sandbox.fake_program("git-lfs", "exit 127")
    name = "ab" * 32
    if here:
        sandbox.write(repository.path / f".git/lfs/objects/ab/ab/{name}", "content")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize 7"
    repository.add_command("writer", f"echo '{pointer}' >big.bin")
    record = repository.changeling("run", "writer", "--json").json
    assert record["outcome"] == outcome
    on_remote = repository.remote.try_git("rev-parse", "--verify", f"refs/heads/changelings/writer/{record['id']}")
    assert (on_remote.code == 0) == (not here)
    if here:
        assert "big.bin is kept by git-lfs, which is not installed here" in record["error"]
        assert repository.changeling("status", "--json").ok().json["outbox"] == []


# Where the agent works nothing can be uploaded: the objects go with the work.

def hand_over(project, script, *, outcome="opened-pr"):
    """Begins a run, carries it out in another clone, and returns the clone, the run and its file."""
    project.git("lfs", "push", "--all", "origin", "main")
    project.changeling("add", "elsewhere", "--run", script).ok()
    project.changeling("sync").ok()
    run = project.changeling("run", "elsewhere", "--begin").ok().out.strip()
    worker = project.sandbox.clone(project.remote, "worker")
    worker.git("lfs", "install", "--local")
    worker.git("lfs", "pull")
    worker.changeling("init").ok()
    worker.changeling("trust", "elsewhere", "--yes").ok()
    file = project.sandbox.root / "run.bundle"
    said = worker.changeling("run", "elsewhere", "--id", run, "--hand-over", file).ok()
    assert f"there it says {outcome}" in said.out
    return worker, run, file


def test_new_ones_are_handed_over_and_published(project):
    _, run, file = hand_over(project, "echo two >big.bin; git commit -qam two; echo three >big.bin; echo new >new.bin")
    before = objects(project)
    publisher = project.sandbox.clone(project.remote, "publisher")
    publisher.changeling("init").ok()
    publisher.changeling("trust", "elsewhere", "--yes").ok()
    record = publisher.changeling("publish", run, file, "--json").ok().json
    assert record["outcome"] == "opened-pr" and project.remote.head(record["branch"]) == record["head"]
    assert len(objects(project) - before) == 3
    reader = project.sandbox.root / "reader"
    project.sandbox.run("git", "-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c", "filter.lfs.required=true", "clone",
                        "--quiet", "--branch", record["branch"], f"file://{project.remote.path}", reader).ok()
    assert (reader / "big.bin").read_text() == "three\n" and (reader / "new.bin").read_text() == "new\n"


def test_more_than_fits_ends_the_run_where_it_worked(project):
    worker, run, file = hand_over(project, "truncate -s 200M big.bin", outcome="failed")
    assert file.stat().st_size < 1 << 20
    record = worker.changeling("runs", "show", run, "--json").ok().json
    ended = project.changeling("publish", run, file, "--json").expect(1).json
    assert ended["outcome"] == "failed"
    assert "its objects of git-lfs have 200 MiB together, and no more than 192 MiB can be handed over" in ended["error"]
    # The work is still there.
    branch, = worker.branches("refs/heads/changelings/elsewhere")
    assert "size 209715200" in worker.show(branch, "big.bin"), record
    assert project.remote.branches("refs/heads/changelings") == []


def test_a_secret_in_one_is_stopped_before_it_is_uploaded(project):
    token = "ghp_" + "a" * 36
    before = objects(project)
    project.add_command("leaker", f"printf 'x\\0\\n%1100000d\\n{token}\\n' 0 >big.bin")
    record = project.changeling("run", "leaker", "--json").expect(1).json
    assert record["outcome"] == "denied" and "of git-lfs that it adds holds a secret" in record["error"]
    assert objects(project) == before


def test_a_secret_in_one_that_is_handed_over_is_stopped_by_the_publisher(project):
    """The place that the agent worked in does not know the secret."""
    _, run, file = hand_over(project, "echo the value is hunter22-hunter22 >big.bin")
    before = objects(project)
    ended = project.changeling("publish", run, file, "--json", env={"GITHUB_TOKEN": "hunter22-hunter22"}).expect(1).json
    assert ended["outcome"] == "denied" and "of git-lfs that it adds holds a secret" in ended["error"]
    assert objects(project) == before
