"""Git hooks start changelings: the folder of hooks in every form, with what is there already."""

import fcntl
import os
import pathlib
import shutil
import stat
import subprocess

import pytest

from harness.hooks import HookedRepository, snapshot, wait_for_background


@pytest.fixture(autouse=True)
def nothing_goes_on(sandbox):
    """What a hook has started in the background ends before the test does."""
    yield
    wait_for_background(sandbox)


@pytest.fixture
def hooked(repository):
    return HookedRepository(repository, "post-merge")


def hook(repository, event="post-merge"):
    return pathlib.Path(repository.git("rev-parse", "--path-format=absolute", "--git-path", f"hooks/{event}"))


def write_hook(repository, content, mode=0o755, event="post-merge"):
    path = hook(repository, event)
    repository.sandbox.write(path, content)
    path.chmod(mode)
    return path


def test_a_merge_starts_the_changeling(hooked):
    installed = hooked.repository.changeling("hooks", "install").ok()
    assert "Installed post-merge (hooks folder: .git/hooks/post-merge)" in installed.out
    done = hooked.merge().ok()
    assert "changeling" not in done.out + done.err
    hooked.wait_for_runs()
    assert "post-merge: started noter: run " in hooked.log()
    status = hooked.repository.changeling("hooks", "status", "--json").ok().json
    assert [(one["event"], one["state"], one["changelings"]) for one in status["events"]] == [
        ("post-merge", "installed", ["noter"])]
    assert status["events"][0]["last_fired"]


def test_add_says_what_to_type_next_until_the_hook_is_there(repository):
    added = repository.changeling("add", "noter", "--run", "true", "--on", "post-merge").ok()
    assert "next: git changeling hooks install" in added.err
    missing = repository.changeling("hooks", "status").expect(1)
    assert "missing" in missing.out and "git changeling hooks install" in missing.out
    repository.changeling("hooks", "install").ok()
    updated = repository.changeling("update", "noter", "--description", "x").ok()
    assert "hooks install" not in updated.err
    assert "hooks install" in repository.changeling("update", "noter", "--on", "post-commit").ok().err
    assert "hooks install" not in repository.changeling("disable", "noter").ok().err
    assert "hooks install" in repository.changeling("enable", "noter").ok().err


def checkout(repository):
    repository.git("checkout", "--quiet", "-b", "other")


def amend(repository):
    repository.git("commit", "--quiet", "--amend", "--message", "better")


def apply_a_patch(repository):
    repository.commit({"new": "x\n"}, "a patch")
    patch = repository.sandbox.write("patch", repository.git("format-patch", "--stdout", "-1") + "\n")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.git("am", "--quiet", str(patch))


def push(repository):
    repository.git("push", "--quiet", "origin", "main:refs/heads/other")


@pytest.mark.parametrize("event, act", [("post-checkout", checkout), ("post-rewrite", amend),
                                        ("post-applypatch", apply_a_patch), ("pre-push", push)])
def test_every_event_starts_its_changeling(repository, event, act):
    hooked = HookedRepository(repository, event)
    repository.changeling("hooks", "install").ok()
    hooked.fires(lambda: act(repository))


def test_a_checkout_of_files_is_no_event(repository):
    hooked = HookedRepository(repository, "post-checkout")
    repository.changeling("hooks", "install").ok()
    repository.write("README.md", "changed\n")
    repository.git("checkout", "--", "README.md")
    repository.sandbox.wait_until(lambda: "only files were checked out" in hooked.log(), "the log tells")
    assert hooked.runs() == []


def test_what_starts_in_the_background_holds_nothing_of_git(hooked):
    """Whoever waits for a pipe that git had, whatever its number, does not wait for the run."""
    repository = hooked.repository
    repository.git("config", "changeling.hookDelay", "6s")
    repository.changeling("hooks", "install").ok()
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"new": "x\n"}, "topic")
    repository.git("checkout", "--quiet", "main")
    reader, writer = os.pipe()
    high = fcntl.fcntl(writer, fcntl.F_DUPFD, 60)
    subprocess.run(["git", "merge", "--quiet", "topic"], cwd=repository.path, env=repository.sandbox.environment,
                   check=True, stdin=subprocess.DEVNULL, pass_fds=[writer, high])
    os.close(writer)
    os.close(high)
    assert os.read(reader, 1) == b""
    os.close(reader)
    assert hooked.runs() == []
    hooked.wait_for_runs()


def test_nobody_subscribes_and_the_program_is_not_started(hooked):
    repository = hooked.repository
    repository.changeling("hooks", "install").ok()
    note = repository.sandbox.root / "started"
    (repository.sandbox.bin / "git-changeling").unlink()
    repository.sandbox.fake_program("git-changeling", f"echo \"$@\" >> {note}")
    marker = repository.common_directory() / "changelings" / "hooks" / "post-merge"
    assert marker.read_text() == "noter\n"
    hooked.merge().ok()
    repository.sandbox.wait_until(lambda: note.exists() and note.read_text(), "the stand-in was started")
    assert note.read_text() == "hook run post-merge -- 0\n"
    note.unlink()
    (repository.sandbox.bin / "git-changeling").unlink()
    (repository.sandbox.bin / "git-changeling").symlink_to(repository.sandbox.program)
    for command in (("disable", "noter"), ("enable", "noter"), ("remove", "noter", "--yes")):
        repository.changeling(*command).ok()
        assert marker.exists() == (command[0] == "enable")


def test_without_the_program_git_goes_on_silently(hooked):
    hooked.repository.changeling("hooks", "install").ok()
    (hooked.sandbox.bin / "git-changeling").unlink()
    done = hooked.merge().ok()
    assert "changeling" not in done.out + done.err and "not found" not in done.err


def test_a_run_causes_no_event(repository):
    """The agent works in a repository of its own, without hooks, and git as the program uses it starts none."""
    repository.git("config", "changeling.hookDelay", "50ms")
    repository.add_command("worker", "echo x >> new-file; git add new-file; git commit --quiet -m work; git checkout "
                           "--quiet --detach", "--on", "post-commit", "--on", "post-checkout", "--on", "pre-push")
    repository.changeling("hooks", "install").ok()
    note = repository.sandbox.root / "fired"
    for event in ("post-commit", "post-checkout"):
        path = hook(repository, event)
        path.write_text(path.read_text() + f"echo {event}:$CHANGELING_RUN$CHANGELING_HOOKS >> {note}\n")
    # A remote on this machine: its hooks get the environment of the program's own push.
    write_hook(repository.remote, f"#!/bin/sh\necho post-receive:$CHANGELING_HOOKS >> {note}\n", event="post-receive")
    assert repository.changeling("run", "worker", "--json").ok().json["outcome"] == "opened-pr"
    fired = note.read_text().split()
    assert set(fired) == {"post-receive:off"}, fired
    assert [run["trigger"] for run in repository.runs()] == ["manual"]
    assert not (repository.common_directory() / "changelings" / "hooks" / "post-commit.fired").exists()


def test_a_rebase_is_one_event(repository):
    hooked = HookedRepository(repository, "post-commit")
    repository.git("config", "changeling.hookDelay", "4s")
    repository.git("checkout", "--quiet", "-b", "topic")
    for number in range(8):
        repository.commit({f"file-{number}": "x\n"}, f"commit {number}")
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other": "x\n"}, "base moves on")
    repository.git("checkout", "--quiet", "topic")
    repository.changeling("hooks", "install").ok()
    repository.git("rebase", "--quiet", "main")
    hooked.wait_for_runs(1)


def test_variables_of_the_hook_do_not_reach_the_run(repository):
    """git commit -a hands its hooks an index of its own, and names the author of the commit."""
    HookedRepository(repository, "post-commit")
    seen = repository.sandbox.marks / "seen"
    repository.add_command("looker", f"env > {seen}", "--on", "post-commit")
    repository.changeling("remove", "noter", "--yes").ok()
    repository.changeling("hooks", "install").ok()
    repository.write("README.md", "changed\n")
    repository.git("-c", "core.abbrev=12", "commit", "--quiet", "-a", "-m", "mine", "--author", "Other <other@example.com>",
                   env={"GIT_INDEX_FILE": str(repository.path / ".git" / "index")})
    repository.sandbox.wait_until(lambda: [run for run in repository.runs() if run["status"] == "finished"], "a run")
    assert "GIT_INDEX_FILE" not in seen.read_text()
    assert repository.runs()[0]["actor"].startswith("Test Person")


# Content, mode, and what it writes into $NOTE.
EXISTING = {
    "shell": ("#!/bin/sh\necho theirs >> $NOTE\nexit 0\n", 0o755, "theirs\n"),
    "no final newline": ("#!/bin/sh\necho theirs >> $NOTE\nexit 0", 0o755, "theirs\n"),
    "strict from the first line": ("#!/bin/sh -eu\necho theirs >> $NOTE\n", 0o755, "theirs\n"),
    "strict bash that waits": ("#!/bin/bash\nset -euo pipefail\nsleep 0 &\nwait\necho theirs >> $NOTE\n", 0o700, "theirs\n"),
    "zsh": ("#!/usr/bin/env -S zsh -eu\necho theirs >> $NOTE\n", 0o755, "theirs\n"),
    "without a first line": ("echo theirs >> $NOTE\n", 0o755, "theirs\n"),
    "python": ("#!/usr/bin/python3\nimport os\nopen(os.environ['NOTE'], 'a').write('theirs\\n')\n", 0o755, "theirs\n"),
    "a program": (pathlib.Path("/bin/true").read_bytes(), 0o755, None),
    "not executable": ("#!/bin/sh\necho never >> $NOTE\n", 0o644, None),
    "empty": ("", 0o755, None),
}


@pytest.mark.parametrize("kind", EXISTING)
def test_an_existing_hook_goes_on_working(hooked, kind):
    content, mode, writes = EXISTING[kind]
    repository = hooked.repository
    write_hook(repository, content, mode)
    before = snapshot(hook(repository).parent)
    repository.changeling("hooks", "install").ok()
    installed = snapshot(hook(repository).parent)
    assert "Already installed" in repository.changeling("hooks", "install").ok().out
    assert snapshot(hook(repository).parent) == installed
    note = repository.sandbox.root / "note"
    hooked.fires(lambda: hooked.merge(env={"NOTE": str(note)}).ok())
    assert (note.read_text() if note.exists() else None) == writes
    repository.changeling("hooks", "uninstall").ok()
    assert snapshot(hook(repository).parent) == before


@pytest.mark.parametrize("interpreter", ["sh", "python3"])
def test_exit_code_arguments_and_input_of_an_existing_hook_are_kept(repository, interpreter):
    """pre-push is the one that can stop git, and gets both."""
    HookedRepository(repository, "pre-push")
    note = repository.sandbox.root / "note"
    script = (f"#!/bin/sh\necho \"$@\" > {note}\ncat >> {note}\nexit $CODE\n" if interpreter == "sh" else
              f"#!/usr/bin/env python3\nimport os, sys\nopen('{note}', 'w').write(' '.join(sys.argv[1:]) + '\\n' + "
              "sys.stdin.read())\nsys.exit(int(os.environ['CODE']))\n")
    write_hook(repository, script, event="pre-push")
    repository.commit({"x": "x\n"}, "x")
    for branch in range(100):
        repository.git("branch", f"a-branch-with-a-rather-long-name-{branch}")
    refspecs = ["refs/heads/a-branch*:refs/heads/a-branch*"]
    refused = repository.try_git("push", "origin", *refspecs, env={"CODE": "1"}).expect(1)
    assert "failed to push" in refused.err
    plain = note.read_text()
    repository.changeling("hooks", "install").ok()
    repository.try_git("push", "origin", *refspecs, env={"CODE": "1"}).expect(1)
    assert note.read_text() == plain
    assert len(plain.splitlines()) == 101
    repository.try_git("push", "origin", *refspecs, env={"CODE": "0"}).ok()
    assert note.read_text() == plain
    repository.sandbox.wait_until(lambda: [run for run in repository.runs() if run["status"] == "finished"], "a run")


@pytest.mark.parametrize("absolute", [False, True])
def test_a_folder_of_hooks_in_the_work_tree(hooked, absolute):
    repository = hooked.repository
    folder = repository.path / ".githooks"
    repository.git("config", "core.hooksPath", str(folder) if absolute else ".githooks")
    said = repository.changeling("hooks", "install").ok()
    assert ".githooks/post-merge is new in your work tree" in said.err
    hooked.fires(lambda: hooked.merge().ok())
    repository.changeling("hooks", "uninstall").ok()
    assert not folder.exists()
    repository.write(".githooks/post-merge", "#!/bin/sh\n")
    repository.git("add", ".githooks")
    assert "is tracked by git" in repository.changeling("hooks", "install").ok().err


def test_a_folder_of_hooks_outside_is_refused(hooked):
    repository = hooked.repository
    outside = repository.sandbox.root / "shared-hooks"
    outside.mkdir()
    repository.sandbox.write(repository.sandbox.home / "gitconfig", f"[core]\n\thooksPath = {outside}\n")
    options = {"env": {"GIT_CONFIG_GLOBAL": str(repository.sandbox.home / "gitconfig")}}
    refused = repository.changeling("hooks", "install", **options).expect(128)
    assert "leads out of this repository" in refused.err and "git changeling hook run post-merge" in refused.err
    assert list(outside.iterdir()) == []
    assert "unreachable" in repository.changeling("hooks", "status", **options).expect(1).out
    # What the hint says works.
    repository.sandbox.write(outside / "post-merge", "#!/bin/sh\ngit changeling hook run post-merge \"$@\"\n",
                             executable=True)
    hooked.fires(lambda: hooked.merge(**options).ok())


def test_called_by_hand_it_waits_only_if_asked_to(hooked):
    repository = hooked.repository
    repository.git("config", "changeling.hookDelay", "6s")
    called = repository.changeling("hook", "run", "post-merge", "0", "--json").ok()
    assert called.json == {"event": "post-merge", "detached": True}
    assert hooked.runs() == []
    hooked.wait_for_runs()
    repository.git("config", "changeling.hookDelay", "0s")
    waited = repository.changeling("hook", "run", "post-merge", "0", "--wait", "--json").ok()
    assert waited.json == {"event": "post-merge", "started": ["noter"]}
    hooked.wait_for_runs(2)


def test_a_symbolic_link_is_refused(hooked):
    shared = hooked.sandbox.write("shared", "#!/bin/sh\n", executable=True)
    hook(hooked.repository).parent.mkdir(exist_ok=True)
    hook(hooked.repository).symlink_to(shared)
    refused = hooked.repository.changeling("hooks", "install").expect(128)
    assert "symbolic link" in refused.err and "hint:" in refused.err
    assert shared.read_text() == "#!/bin/sh\n"


def test_a_linked_worktree_shares_the_hooks(hooked):
    repository = hooked.repository
    linked = repository.sandbox.root / "linked tree"
    repository.git("worktree", "add", "--quiet", "-b", "beside", str(linked))
    repository.changeling("hooks", "install", cwd=linked).ok()
    assert os.access(repository.path / ".git" / "hooks" / "post-merge", os.X_OK)
    repository.commit({"new": "x\n"}, "new on main")
    hooked.fires(lambda: repository.git("merge", "--quiet", "main", cwd=linked))


def test_a_bare_repository_runs_on_a_push_of_others_but_not_on_ours(sandbox):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    HookedRepository(repository, "post-receive")
    repository.changeling("sync").ok()
    server = repository.remote
    server.changeling("init").ok()
    server.git("config", "changeling.hookDelay", "50ms")
    server.changeling("trust", "--all", "--yes").ok()
    note = sandbox.root / "received"
    write_hook(server, f"#!/bin/sh\nwhile read old new ref; do echo $ref >> {note}; done\n", event="post-receive")
    server.changeling("hooks", "install").ok()
    log = server.path / "changelings" / "hooks.log"
    repository.git("push", "--quiet", "origin", "main:refs/heads/changelings/noter/x", "main:refs/changelings/other")
    sandbox.wait_until(log.exists, "the event was looked at")
    assert "only references of changelings moved" in log.read_text()
    assert server.runs() == []
    repository.commit({"new": "x\n"}, "new")
    repository.git("push", "--quiet", "origin", "main", "main:refs/heads/topic")
    sandbox.wait_until(lambda: [run for run in server.runs() if run["status"] == "finished"], "a run on the server")
    assert sorted(note.read_text().split()) == ["refs/changelings/other", "refs/heads/changelings/noter/x",
                                                "refs/heads/main", "refs/heads/topic"]
    assert server.runs()[0]["trigger"] == "post-receive"


def test_an_untrusted_changeling_is_not_started_but_told(hooked):
    repository = hooked.repository
    repository.changeling("hooks", "install").ok()
    repository.changeling("untrust", "noter").ok()
    hooked.merge().ok()
    repository.sandbox.wait_until(lambda: "did not start noter" in hooked.log(), "the log tells")
    assert hooked.runs() == []
    assert [event["event"] for event in repository.events() if event["event"] == "trigger:skipped"]
    assert "did not start noter" in repository.changeling("hooks", "status").ok().out


@pytest.mark.parametrize("event", ["post-commit", "pre-push"])
def test_status_tells_that_a_hook_did_not_find_the_program(sandbox, repository, event):
    repository.changeling("add", "noter", "--run", "true", "--on", event).ok()
    repository.changeling("hooks", "install").ok()
    write = hook(repository, event)
    strict = write.read_text().replace("#!/bin/sh\n", "#!/bin/bash\nset -euC -o pipefail\n", 1)
    write.write_text(strict)
    folder = sandbox.root / "few-programs"
    folder.mkdir()
    for program in ("git", "sh", "bash", "cat", "env"):
        (folder / program).symlink_to(shutil.which(program))

    for text in ("one", "two"):
        repository.write("README.md", text)
        repository.git("commit", "--quiet", "-am", text, env={"PATH": folder})
        repository.git("push", "--quiet", "origin", "HEAD", env={"PATH": folder})
    status = repository.changeling("hooks", "status").expect(1)
    assert event in status.out and "not on the PATH" in status.out and str(folder) in status.out
    assert repository.changeling("hooks", "status", "--json").expect(1).json["events"][0]["last_missed"]
    repository.changeling("hooks", "install").ok()
    assert "not on the PATH" not in repository.changeling("hooks", "status").out


def test_status_tells_what_is_out_of_reach(hooked):
    repository = hooked.repository
    repository.changeling("hooks", "install").ok()
    path = hook(repository)
    path.chmod(path.stat().st_mode & ~(stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))
    out = repository.changeling("hooks", "status").expect(1).out
    assert "unreachable" in out and "chmod +x" in out
    path.chmod(0o755)
    repository.changeling("hooks", "status").ok()
    repository.git("config", "core.hooksPath", ".githooks")
    moved = repository.changeling("hooks", "status").expect(1).out
    assert "unreachable" in moved and "core.hooksPath leads elsewhere" in moved
    repository.changeling("hooks", "uninstall").ok()
    assert not path.exists()


def test_hooks_that_git_obeys_and_unknown_ones_are_refused(repository):
    deciding = repository.changeling("hook", "run", "pre-commit").expect(129)
    assert "post-commit comes when it has happened" in deciding.err
    assert "post-merge" in repository.changeling("hooks", "install", "post-marge").expect(129).err
    known = repository.changeling("hook", "run", "nonsense").expect(129).err
    assert "post-applypatch" in known and "pre-push" in known
    added = repository.changeling("add", "x", "--run", "true", "--on", "pre-commit").expect(129)
    assert "post-commit comes" in added.err


def test_a_newer_git_gets_its_hooks_from_the_configuration(hooked):
    """A stand-in that only says another version; the command line is run as git does it."""
    repository = hooked.repository
    real = "/usr/bin/git"
    repository.sandbox.fake_program("git", f'[ "$*" = version ] && {{ echo git version 2.54.0; exit; }}\nexec {real} "$@"')
    before = (repository.path / ".git" / "config").read_bytes()
    files = snapshot(repository.path / ".git" / "hooks")
    assert "git config" in repository.changeling("hooks", "install").ok().out
    assert snapshot(repository.path / ".git" / "hooks") == files
    assert repository.git("config", "hook.git-changeling-post-merge.event") == "post-merge"
    command = repository.git("config", "hook.git-changeling-post-merge.command")
    repository.changeling("hooks", "status").ok()
    hooked.fires(lambda: repository.sandbox.run("sh", "-c", f'{command} "$@"', command, "0", cwd=repository.path).ok())
    repository.changeling("hooks", "uninstall").ok()
    assert (repository.path / ".git" / "config").read_bytes() == before
