"""Accepting is killed with KILL at every moment; the next one finishes it, and nothing of the user's is lost."""

import shutil

from harness.proposals import accept, check_accepted, propose
from harness.repository import Repository

# Counts the git commands that the program starts, and kills the program after one of them.
COUNTING_GIT = """\
[ -n "$COUNT_FILE" ] || exec /usr/bin/git "$@"
echo "$*" >> "$COUNT_FILE"
count=$(wc -l < "$COUNT_FILE")
/usr/bin/git "$@"
code=$?
[ "$count" = "$KILL_AFTER" ] && kill -KILL "$PPID"
exit $code
"""


def proposed(repository):
    """A request on a base that has moved: files are added, changed and removed."""
    repository.commit({"changed.txt": "one\n", "removed.txt": "1\n"}, "prepare")
    repository.git("push", "--quiet", "origin", "main")
    pull = propose(repository, "echo two >> changed.txt; rm removed.txt; mkdir new; echo new > new/file")
    repository.commit({"other.txt": "person\n"}, "meanwhile")
    repository.write("mine.txt", "untracked\n")
    return pull


def copied(sandbox, repository, name):
    shutil.copytree(repository.path, sandbox.root / name, symlinks=True)
    return Repository(sandbox, sandbox.root / name)


def check_finished(copy, pull, moment):
    accept(copy, pull["number"]).ok()
    copy.git("merge-base", "--is-ancestor", pull["head"], "main")
    assert copy.git("status", "--porcelain") == "?? mine.txt", moment
    assert copy.read("mine.txt") == "untracked\n"
    assert copy.read("changed.txt") == "one\ntwo\n" and copy.read("other.txt") == "person\n", moment
    assert copy.git("rev-list", "--count", "--merges", "main") == "1", moment
    left = [path.name for path in (copy.path / ".git").iterdir()
            if path.name.endswith(".lock") or path.name.startswith(("index.", "changeling-"))]
    assert left == [], moment
    copy.check()


def test_killed_at_every_git_command(repository, sandbox):
    pull = proposed(repository)
    sandbox.fake_program("git", COUNTING_GIT)
    whole = copied(sandbox, repository, "whole")
    counted = sandbox.root / "count"
    accept(whole, env={"COUNT_FILE": counted}).ok()
    commands = counted.read_text().splitlines()
    assert any("read-tree -m -u" in command for command in commands), commands
    for number, command in enumerate(commands, start=1):
        copy = copied(sandbox, repository, f"copy-{number}")
        counted.unlink()
        accept(copy, env={"COUNT_FILE": counted, "KILL_AFTER": number}).expect(-9)
        check_finished(copy, pull, f"after git {command}")
        shutil.rmtree(copy.path)


def test_killed_while_a_file_is_being_written(repository, sandbox):
    """A filter stops in the middle of the files, which git then has removed or written partly."""
    repository.commit({".gitattributes": "*.txt filter=slow\n"}, "attributes")
    pull = proposed(repository)
    flag, pipe = sandbox.root / "reached", sandbox.root / "go-on"
    sandbox.run("mkfifo", pipe).ok()
    repository.git("config", "filter.slow.clean", "cat")
    repository.git("config", "filter.slow.smudge",
                   f'cat; [ "$STOP_AT" = %f ] && {{ touch {flag}; read line < {pipe}; }}; true')
    copy = copied(sandbox, repository, "copy")
    program = copy.start("review", "accept", "1", env={"STOP_AT": "changed.txt"})
    sandbox.wait_until(flag.exists, "the filter is at work")
    program.kill()
    program.finish().expect(-9)
    sandbox.run("sh", "-c", f"echo end > {pipe}").ok()
    assert not (copy.path / "changed.txt").exists()
    check_finished(copy, pull, "in the middle of the files")


def killed_after_the_files(repository, sandbox):
    """A copy in which the files are written, and neither the index nor the branch knows of it."""
    sandbox.fake_program("git", COUNTING_GIT)
    counted = sandbox.root / "count"
    accept(copied(sandbox, repository, "whole"), env={"COUNT_FILE": counted}).ok()
    number = next(number for number, command in enumerate(counted.read_text().splitlines(), start=1)
                  if "read-tree -m -u" in command)
    counted.unlink()
    copy = copied(sandbox, repository, "copy")
    accept(copy, env={"COUNT_FILE": counted, "KILL_AFTER": number}).expect(-9)
    return copy


def test_files_half_written_and_a_lock_that_people_removed(repository, sandbox):
    pull = proposed(repository)
    copy = killed_after_the_files(repository, sandbox)
    (copy.path / ".git/index.lock").unlink()
    copy.write("new/file", "n")  # The beginning of what is wanted.
    (copy.path / "changed.txt").unlink()
    check_finished(copy, pull, "files half written")


def test_reject_and_status_tell_of_a_killed_acceptance(repository, sandbox):
    pull = proposed(repository)
    copy = killed_after_the_files(repository, sandbox)
    assert "review accept" in copy.changeling("status").ok().out
    result = copy.changeling("review", "reject", "1").expect(128)
    assert "killed" in result.err and "review accept 1" in result.err
    check_finished(copy, pull, "after a refused rejection")
    assert "review accept" not in copy.changeling("status").ok().out


def test_what_was_written_after_the_kill_is_kept(repository, sandbox):
    proposed(repository)
    copy = killed_after_the_files(repository, sandbox)
    copy.write("changed.txt", "my own\n")
    result = accept(copy).expect(128)
    assert "changed.txt" in result.err
    assert copy.read("changed.txt") == "my own\n"


def test_the_branch_moves_meanwhile(repository, sandbox):
    """Somebody else's commit arrives between the files and the branch; both are merged in the end."""
    pull = proposed(repository)
    repository.git("branch", "other", "main")
    place = sandbox.root / "other"
    repository.git("worktree", "add", "--quiet", str(place), "other")
    sandbox.write(place / "late.txt", "late\n")
    repository.git("add", "late.txt", cwd=place)
    repository.git("commit", "--quiet", "--message", "late", cwd=place)
    late = repository.head("other")
    once = sandbox.root / "once"
    sandbox.fake_program("git", f"""\
/usr/bin/git "$@"
code=$?
case "$*" in *"read-tree -m -u"*)
    [ -e {once} ] || {{ touch {once}; unset GIT_INDEX_FILE GIT_WORK_TREE; /usr/bin/git update-ref refs/heads/main {late}; }} ;;
esac
exit $code
""")
    accept(repository).ok()
    assert once.exists()
    repository.git("merge-base", "--is-ancestor", late, "main")
    repository.git("merge-base", "--is-ancestor", pull["head"], "main")
    assert repository.read("changed.txt") == "one\ntwo\n"
