"""Repositories as people have them: mirrors, shallow and partial clones, shared folders, other people's folders, and
configuration from everywhere. The oracle is git itself."""

import os
import pathlib
import shutil
import subprocess

import pytest

STATE = "refs/changelings/state"
needs_root = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"),
                                reason="SKIPPED: two users need root and setpriv")


def titles(repository):
    return sorted(task["title"] for task in repository.tasks("--limit", "0"))


def global_configuration(sandbox, text):
    sandbox.environment["GIT_CONFIG_GLOBAL"] = str(sandbox.write("home/global.gitconfig", text))


# Clones of other shapes.


def test_a_mirror_clone_keeps_what_is_not_shared_yet(sandbox, repository):
    repository.changeling("sync").ok()
    sandbox.run("git", "clone", "--quiet", "--mirror", repository.remote.path, sandbox.root / "mirror.git").ok()
    mirror = sandbox.adopt(sandbox.root / "mirror.git")
    mirror.git("config", "user.name", "Mirror")
    mirror.git("config", "user.email", "mirror@example.com")
    mirror.changeling("init").ok()
    mirror.git("config", "changeling.autosync", "false")
    mirror.add_task("Only here")
    repository.add_task("Only there")
    repository.changeling("sync").ok()
    before = mirror.head(STATE)

    mirror.git("fetch", "--quiet", "--prune")
    assert mirror.head(STATE) == before
    result = mirror.changeling("sync").ok()
    assert "warning" not in result.err
    assert titles(mirror) == ["Only here", "Only there"]
    repository.changeling("sync").ok()
    assert titles(repository) == ["Only here", "Only there"]


def test_a_renamed_remote_is_shared_with_as_before(repository):
    repository.add_task("One")
    repository.changeling("sync").ok()
    repository.git("remote", "rename", "origin", "upstream")
    repository.add_task("Two")
    assert repository.changeling("sync", "--json").ok().json["remote"] == "upstream"
    own = [line for line in repository.git("config", "--get-all", "remote.upstream.fetch").splitlines()
           if "changelings" in line]
    assert own == [f"+{STATE}*:refs/changelings/remotes/upstream/state*"]
    repository.git("remote", "add", "fork", "../elsewhere.git")
    assert repository.changeling("sync", "--json").ok().json["remote"] == "upstream"


def test_several_remotes_and_none_chosen_is_said(sandbox):
    repository = sandbox.repository()
    repository.git("remote", "add", "one", "../one.git")
    repository.git("remote", "add", "two", "../two.git")
    assert "changeling.remote" in repository.changeling("init").ok().err
    refused = repository.changeling("sync")
    assert refused.code == 128 and "one, two" in refused.err and "git config changeling.remote" in refused.err


def test_a_clone_of_depth_one_claims_and_shares(sandbox, repository):
    for number in range(3):
        repository.commit({"README.md": f"{number}\n"}, f"commit {number}")
    repository.git("push", "--quiet", "origin", "main")
    repository.add_task("One")
    repository.changeling("sync").ok()
    sandbox.run("git", "clone", "--quiet", "--depth", "1", f"file://{repository.remote.path}",
                sandbox.root / "shallow").ok()
    shallow = sandbox.adopt(sandbox.root / "shallow")
    shallow.git("config", "user.name", "Runner")
    shallow.git("config", "user.email", "runner@example.com")
    shallow.changeling("init").ok()
    assert shallow.claim()["title"] == "One"
    shallow.git("fetch", "--quiet", "--depth", "1")
    shallow.git("gc", "--quiet", "--prune=now")
    assert shallow.changeling("log").ok().out
    shallow.add_task("Two")
    shallow.changeling("sync").ok()
    assert len(shallow.operations()) >= 4
    assert shallow.git("rev-list", "--count", "HEAD") == "1"
    repository.changeling("sync").ok()
    assert titles(repository) == ["One", "Two"]


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone_has_the_whole_state(sandbox, repository, kind):
    repository.git("config", "uploadpack.allowFilter", "true", cwd=repository.remote.path)
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=repository.remote.path)
    repository.add_task("One")
    repository.changeling("sync").ok()
    sandbox.run("git", "clone", "--quiet", f"--filter={kind}", f"file://{repository.remote.path}",
                sandbox.root / "partial").ok()
    partial = sandbox.adopt(sandbox.root / "partial")
    partial.changeling("init").ok()
    repository.remote.path.rename(sandbox.root / "gone.git")
    assert titles(partial) == ["One"]
    assert partial.changeling("log").ok().out
    (sandbox.root / "gone.git").rename(repository.remote.path)


# Whose repository it is.


def test_a_bare_repository_must_be_named_and_ours_is(sandbox, repository):
    global_configuration(sandbox, "[safe]\n\tbareRepository = explicit\n")
    repository.add_command("x", "echo c >>README.md")
    repository.changeling("run", "x").ok()
    repository.changeling("review", "accept", "1").ok()
    assert repository.worktrees() == []
    sandbox.environment["GIT_CONFIG_GLOBAL"] = "/dev/null"


@needs_root
def test_a_foreign_owner_is_refused_in_gits_words_and_accepted_where_git_accepts(sandbox):
    repository = sandbox.repository()
    below = repository.write("src/deep/file", "x").parent
    for path in [repository.path, *repository.path.rglob("*")]:
        os.lchown(path, 4001, 4001)
    refused = repository.changeling("init", cwd=below)
    assert refused.code == 128 and "dubious ownership" in refused.err
    command = refused.err.split("if you trust it: ")[1].splitlines()[0]
    assert command == f"git config --global --add safe.directory {repository.path}"
    for accepted in (f"{repository.path}", "*"):
        global_configuration(sandbox, f"[safe]\n\tdirectory = {accepted}\n")
        repository.changeling("init", cwd=below).ok()
    sandbox.environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    repository.changeling("list", env={"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
                                       "GIT_CONFIG_VALUE_0": "*"}).ok()
    for path in [repository.path, *repository.path.rglob("*")]:
        os.lchown(path, 0, 0)


@needs_root
def test_two_users_work_in_one_shared_repository(sandbox):
    group, users = 4900, (4901, 4902)
    os.chmod(sandbox.root, 0o755)
    place = sandbox.root / "shared"
    sandbox.run("git", "init", "--quiet", "--shared=group", "--initial-branch=main", place).ok()
    (place / "f").write_text("x\n")
    for path in [place, *place.rglob("*")]:
        os.lchown(path, users[0], group)
        if path.is_dir():
            path.chmod(0o2775)

    def as_user(number, *words):
        home = sandbox.root / f"home{number}"
        home.mkdir(exist_ok=True)
        (home / "gitconfig").write_text(f"[user]\n\tname = U{number}\n\temail = u{number}@example.com\n"
                                        f"[safe]\n\tdirectory = {place}\n")
        for path in (home, home / "gitconfig"):
            os.chown(path, users[number], group)
        environment = {**{name: value for name, value in sandbox.environment.items() if "XDG" not in name},
                       "HOME": str(home), "GIT_CONFIG_GLOBAL": str(home / "gitconfig"), "TMPDIR": "/tmp"}
        return subprocess.run(
            ["setpriv", f"--reuid={users[number]}", f"--regid={group}", "--clear-groups", "sh", "-c", 'umask 022; exec "$@"',
             "sh", *words], cwd=place, env=environment, capture_output=True, text=True, timeout=60, check=False)

    def done(number, *words):
        result = as_user(number, *words)
        assert result.returncode == 0, f"{words}\n{result.stdout}{result.stderr}"
        return result.stdout

    done(0, "git", "add", "-A")
    done(0, "git", "commit", "--quiet", "-m", "first")
    done(0, "git-changeling", "init")
    done(0, "git-changeling", "add", "x", "--run", "echo c >>f")
    done(0, "git-changeling", "run", "x")
    for number in (1, 0, 1):
        for index in range(12):
            done(number, "git-changeling", "task", "add", f"of {number}, {index}")
        done(number, "git-changeling", "task", "list")
    for index in range(20):
        done(1, "sh", "-c", f"echo {index} >g{index} && git add g{index}")
    # git itself gives this one no rights for the group.
    (place / ".git/COMMIT_EDITMSG").unlink()
    done(1, "git", "commit", "--quiet", "-m", "second")
    # What the first user did is theirs to look after, and nobody else's to read.
    local = place / ".git" / "changelings"
    private = [path for path in (local / "runs").iterdir()]
    assert private and all(path.stat().st_mode & 0o077 == 0 for path in private)
    assert done(1, "git-changeling", "status")
    assert done(1, "git-changeling", "runs", "list")
    assert "belongs to another user" in as_user(1, "git-changeling", "logs", private[0].name).stderr
    for path in local.rglob("*"):
        if "runs" not in path.relative_to(local).parts[:1]:
            assert path.stat().st_mode & 0o060 == 0o060, path
    for path in (place / ".git" / "objects").iterdir():
        assert path.stat().st_mode & 0o2070 == 0o2070, path


# Configuration and environment.


def test_the_identity_is_the_one_that_git_would_use(sandbox, repository):
    work = sandbox.write("home/work.gitconfig", "[user]\n\temail = work@corp.example\n")
    global_configuration(sandbox, f'[includeIf "hasconfig:remote.*.url:{sandbox.root}/**"]\n\tpath = {work}\n')
    repository.git("config", "--unset", "user.email")
    assert repository.git("config", "user.email") == "work@corp.example"
    repository.add_command("x", "echo c >>README.md")
    run = repository.changeling("run", "x", "--json").ok().json
    for revision in (STATE, run["branch"]):
        assert repository.git("log", "-1", "--format=%ae", revision) == "work@corp.example"


def test_without_an_identity_nothing_is_guessed_where_the_user_forbids_it(sandbox):
    repository = sandbox.repository()
    for word in ("name", "email"):
        repository.git("config", "--unset", f"user.{word}")
    global_configuration(sandbox, "[user]\n\tuseConfigOnly = true\n")
    refused = repository.changeling("init")
    assert refused.code == 128 and "user.email" in refused.err
    repository.changeling("templates", "list").ok()
    repository.changeling("init", env={"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}).ok()
    assert repository.git("log", "-1", "--format=%an <%ae>", STATE) == "A <a@example.com>"


def test_a_hook_of_a_git_with_literal_pathspecs_hides_no_private_file(repository):
    repository.commit({".gitignore": ".env\n"}, "ignore")
    repository.git("push", "--quiet", "origin", "main")
    repository.write(".env", "TOKEN=1\n")
    repository.add_command("x", "git add --force .env; git commit --quiet -m oops; git rm --quiet --cached .env;"
                           "git commit --quiet -m back; echo d >>README.md", "--copy", ".env")
    for setting in ("--literal-pathspecs", "--glob-pathspecs", "--noglob-pathspecs", "--icase-pathspecs"):
        variable = f"GIT_{setting[2:].upper().replace('-', '_')}"
        result = repository.changeling("run", "x", env={variable: "1"})
        assert result.code == 1, result
    assert repository.git("log", "--all", "--format=%h", "--", ".env", cwd=repository.remote.path) == ""


def test_nothing_that_git_hands_to_a_hook_changes_what_a_run_does(sandbox, repository):
    repository.add_command("x", "echo c >>README.md; env >seen.txt")
    elsewhere = sandbox.repository(name="elsewhere")
    hostile = {"GIT_DIR": ".git", "GIT_INDEX_FILE": str(elsewhere.path / ".git/index"), "GIT_PREFIX": "deep/",
               "GIT_NAMESPACE": "other", "GIT_EXTERNAL_DIFF": "/bin/false", "GIT_DIFF_OPTS": "-u0",
               "GIT_DEFAULT_HASH": "sha256", "GIT_OBJECT_DIRECTORY": str(elsewhere.path / ".git/objects"),
               "GIT_REDIRECT_STDERR": str(sandbox.root / "redirected"), "GIT_TRACE": "1",
               "GIT_CEILING_DIRECTORIES": str(sandbox.root), "GIT_QUARANTINE_PATH": str(sandbox.root),
               "GIT_SHALLOW_FILE": "/nowhere", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_REFLOG_ACTION": "hook"}
    run = repository.changeling("run", "x", "--json", env=hostile).ok().json
    assert run["outcome"] == "opened-pr"
    seen = repository.show(run["branch"], "seen.txt")
    assert not [name for name in hostile if f"\n{name}=" in seen]
    assert repository.remote.git("rev-parse", "--verify", f"refs/heads/{run['branch']}") == run["head"]


# Signatures.


def test_the_agents_commits_are_never_signed(sandbox, repository):
    calls = sandbox.root / "gpg-calls"
    gpg = sandbox.write("bin/asking-gpg", f"#!/bin/sh\necho called >>{calls}\nexit 2\n", executable=True)
    global_configuration(sandbox, f"[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n[gpg]\n\tprogram = {gpg}\n"
                                  "[user]\n\tsigningKey = ABCDEF\n")
    repository.add_command("left", "echo c >>README.md")
    repository.add_command("commits", "echo d >>other.txt; git add -A; git commit -qm 'by the agent'; git tag -am t mine")
    for name in ("left", "commits"):
        repository.changeling("run", name).ok()
    assert not calls.exists()


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="SKIPPED: needs ssh-keygen")
def test_our_commits_are_signed_where_that_is_set(sandbox, repository):
    key = sandbox.root / "key"
    sandbox.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).ok()
    allowed = sandbox.write("allowed", f"test@example.com {pathlib.Path(f'{key}.pub').read_text()}")
    for name, value in {"gpg.format": "ssh", "user.signingKey": f"{key}.pub",
                        "gpg.ssh.allowedSignersFile": str(allowed), "changeling.sign": "true"}.items():
        repository.git("config", name, value)
    repository.add_command("left", "echo c >>README.md")
    run = repository.changeling("run", "left", "--json").ok().json
    for revision in (STATE, run["branch"]):
        repository.git("verify-commit", revision)
    repository.commit({"other.txt": "x\n"}, "move the base")
    repository.changeling("review", "accept", "1").ok()
    repository.git("verify-commit", "main")
    assert len(repository.git("log", "-1", "--format=%P", "main").split()) == 2

    key.unlink()
    refused = repository.changeling("task", "add", "x")
    assert refused.code == 128 and "git config changeling.sign false" in refused.err


# Maintenance.


@pytest.mark.parametrize("prune", [[], ["--prune=now"]])
def test_gc_at_the_same_moment_loses_nothing_and_fails_nothing(sandbox, repository, prune):
    repository.add_command("x", "sleep 1; echo c >>README.md")
    script = sandbox.write("collect", f"#!/bin/sh\nwhile [ ! -e {sandbox.root}/enough ]; do git gc -q {' '.join(prune)};"
                                      " git worktree prune; git pack-refs --all; git repack -adq; done\n",
                           executable=True)
    collecting = sandbox.start(script, cwd=repository.path)
    running = repository.start("run", "x")
    for number in range(25):
        repository.add_task(f"Task {number}")
    running.finish(patience=120).ok()
    sandbox.write("enough", "")
    collecting.finish(patience=120)
    assert len(repository.tasks("--limit", "0")) == 25
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    assert len(repository.operations("--limit", "0")) >= 25
