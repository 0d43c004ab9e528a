"""Repositories and machines that are not as usual: no commit, no home, nothing may be written, moved, a wrong clock."""

import datetime
import json
import os
import shutil

import pytest

from harness.damage import FILE, STATE, put
from harness.repository import Repository

READING = (["list"], ["show", "sprite"], ["status"], ["runs", "list"], ["review", "list"], ["review", "show", "1"],
           ["task", "list"], ["plan"], ["log"], ["tick", "--dry-run"], ["hooks", "status"], ["trust", "--list"],
           ["templates", "list"], ["report"], ["events"], ["task", "export"], ["role", "list"], ["schedule", "status"],
           ["runs", "show", "sprite"], ["logs", "sprite"], ["list", "--all-repositories"], ["status", "--json"])


@pytest.mark.parametrize("kind", ["no commit", "bare", "a changeling"])
def test_status_works_in_an_empty_repository(sandbox, kind):
    place = sandbox.root / "empty"
    sandbox.run("git", "init", "--quiet", *(["--bare"] if kind == "bare" else []), place).ok()
    # Not looked at by fsck in the end, which has something to say of every repository without a commit.
    repository = Repository(sandbox, place)
    repository.git("config", "user.name", "Test Person")
    repository.git("config", "user.email", "test@example.com")
    repository.changeling("init").ok()
    if kind == "a changeling":
        repository.changeling("add", "sprite", "--run", "true", "--schedule", "0 3 * * *").ok()
    for command in (["status"], ["list"], ["plan"], ["status", "--json"]):
        repository.changeling(*command).ok()


def as_nobody_may_write(folder):
    """The words that run a command where the folder is read-only, also for root."""
    if os.geteuid() != 0:
        return []
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(folder)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make the home read-only for itself")
@pytest.mark.parametrize("words", [("add", "sprite", "--run", "true"), ("role", "add", "judge", "--prompt", "Judge."),
                                   ("webhook", "add", "hook", "--source", "github", "--task", "Look")], ids=" ".join)
def test_what_cannot_be_approved_is_not_written(repository, sandbox, words):
    before = repository.operations()
    refused = sandbox.run(*as_nobody_may_write(sandbox.home), sandbox.bin / "git-changeling", *words,
                          cwd=repository.path)
    assert refused.code == 128 and "ead-only file system" in refused.err
    assert repository.operations() == before


@pytest.fixture
def read_only(repository):
    repository.add_command("sprite", "echo x > x.txt", "--schedule", "0 3 * * *", "--on", "post-merge")
    repository.changeling("run", "sprite").ok()
    repository.add_task("One")
    if os.geteuid() != 0:
        folders = [str(parent) for parent, _, _ in os.walk(repository.path)]
        for folder in folders:
            os.chmod(folder, 0o555)
        yield repository
        for folder in folders:
            os.chmod(folder, 0o755)
    else:
        yield repository


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_reading_works_where_nothing_can_be_written(read_only, sandbox, command):
    prefix = as_nobody_may_write(read_only.path)
    result = sandbox.run(*prefix, sandbox.bin / "git-changeling", *command, cwd=read_only.path)
    assert result.code in (0, 1), result
    assert "read-only" not in result.err.lower(), result


@pytest.mark.parametrize("command", [["list"], ["status"], ["task", "list"], ["log"], ["runs", "list"], ["plan"],
                                     ["tick"], ["task", "add", "Two"], ["hook", "run", "post-commit"]], ids=" ".join)
def test_without_a_home_works_what_needs_none(repository, command):
    repository.add_command("sprite", "echo x > x.txt", "--schedule", "0 3 * * *")
    homeless = {"HOME": None, "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None, "XDG_STATE_HOME": None, "XDG_CACHE_HOME": None}
    repository.changeling(*command, env=homeless).ok()


def test_a_repository_that_moved_is_found_again(sandbox):
    repository = sandbox.repository(remote="bare", name="before")
    repository.changeling("init").ok()
    repository.add_command("sprite", "echo x > $CHANGELING_RUN.txt", "--schedule", "0 3 * * *")
    repository.changeling("run", "sprite").ok()
    listed = sandbox.home / ".local/share/git-changeling/repositories"
    assert str(repository.path) in listed.read_text()
    # The leader of a run dies, and the repository is moved before anybody has cleaned up.
    repository.add_command("slow", "echo work > work.txt; touch started; while :; do sleep 0.1; done")
    program = repository.start("run", "slow")
    started = sandbox.wait_until(lambda: list((sandbox.home / ".local/state/git-changeling/worktrees").glob("*/*/started")),
                                 "the agent works")
    program.kill()
    program.finish()
    assert started
    repository.path.rename(sandbox.root / "after")
    repository.path = sandbox.root / "after"
    repository.changeling("run", "sprite").ok()
    assert listed.read_text().split() == [str(repository.path / ".git")]
    assert repository.worktrees() == []
    left = [path for path in (sandbox.home / ".local/state/git-changeling/worktrees").glob("*/*") if path.is_dir()]
    assert left == []
    slow = next(run for run in repository.runs() if run["changeling"] == "slow")
    assert slow["outcome"] == "killed"
    assert repository.show(slow["branch"], "work.txt") == "work\n"


def test_a_copy_is_no_move(sandbox):
    repository = sandbox.repository(name="original")
    repository.changeling("init").ok()
    repository.add_command("sprite", "true", "--schedule", "0 3 * * *")
    shutil.copytree(repository.path, sandbox.root / "copy")
    sandbox.adopt(sandbox.root / "copy").changeling("list").ok()
    listed = sandbox.home / ".local/share/git-changeling/repositories"
    assert listed.read_text().split() == [str(repository.path / ".git")]


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def by_a_clock_behind(repository, task, hours):
    """Makes a claim one of another machine, whose clock is so many hours behind ours."""
    path = f"items/{task[:2]}/{task[2:4]}/{task}.json"
    record = json.loads(repository.git("show", f"{STATE}:{path}"))
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)
    record["updated_at"] = stamp(now)
    record["lease"].update(owner="far-away", expires_at=stamp(now + datetime.timedelta(minutes=30)))
    record["updated_by"] = "far-away"
    put(repository, {path: (FILE, json.dumps(record).encode())})


@pytest.mark.parametrize("hours", [2, 14])
def test_a_clock_that_is_ahead_takes_no_living_claim(repository, hours):
    task = repository.add_task("One")["id"]
    repository.claim("--as", "far-away")
    by_a_clock_behind(repository, task, hours)
    refused = repository.changeling("task", "claim", task, "--as", "near").expect(1)
    assert "far-away" in refused.err and "watched" in refused.err
    repository.changeling("task", "claim", "--as", "near").expect(1)
    assert repository.task(task)["lease"]["owner"] == "far-away"


def test_a_claim_that_nobody_has_watched_ends_within_a_day(repository):
    task = repository.add_task("One")["id"]
    repository.claim("--as", "far-away")
    by_a_clock_behind(repository, task, 20)
    assert repository.claim("--as", "near")["lease"]["owner"] == "near"


def test_a_repository_may_lie_deeper_than_sqlite_opens_files(sandbox):
    folder = "x" * 230
    (sandbox.root / folder / folder).mkdir(parents=True)
    repository = sandbox.repository(name=f"{folder}/{folder}/deep", remote=None)
    repository.changeling("init").ok()
    repository.add_command("sprite", "echo more >> README.md")
    assert repository.changeling("run", "sprite", "--json").ok().json["outcome"] == "opened-pr"
    assert repository.changeling("runs", "list", "--json").ok().json
    task = repository.add_task("One")["id"]
    assert task in repository.changeling("task", "list").ok().out
    repository.changeling("review", "accept", "1").ok()


def filled_up(folder):
    """The words that run a command where a folder is on a disk without any room."""
    script = 'cp -a "$0" "$0.copy" && mount -t tmpfs -o size=2m none "$0" && cp -a "$0.copy/." "$0" && ' \
             '{ dd if=/dev/zero of="$0/filling" bs=4k 2>/dev/null; "$@"; }'
    return ["unshare", "--mount", "sh", "-c", script, str(folder)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts file systems")
@pytest.mark.parametrize("command", [["task", "list"], ["runs", "list"], ["list"], ["status"], ["review", "list"]], ids=" ".join)
@pytest.mark.parametrize("index", ["there", "missing"])
def test_reading_works_on_a_full_disk(repository, sandbox, command, index):
    repository.add_command("sprite", "echo x > x.txt", "--schedule", "0 3 * * *")
    repository.add_task("One")
    if index == "missing":
        for file in repository.path.glob(".git/changelings/index.sqlite*"):
            file.unlink()
    sandbox.run(*filled_up(repository.path), sandbox.bin / "git-changeling", *command, cwd=repository.path.parent,
                env={"GIT_DIR": str(repository.path / ".git")}).ok()
