"""The ready files for those who manage hooks themselves, with the real managers; and our shell in other shells."""

import pathlib
import subprocess

import pytest

from harness.hooks import HookedRepository, install_lefthook, run_husky, wait_for_background

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_goes_on(sandbox):
    yield
    wait_for_background(sandbox)


@pytest.fixture
def hooked(repository):
    return HookedRepository(repository, "post-merge")


def test_pre_commit_takes_our_hooks_from_the_sources(hooked):
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text()
    source = hooked.sandbox.repository({".pre-commit-hooks.yaml": manifest}, name="sources")
    revision = source.git("rev-parse", "HEAD").strip()
    hooked.repository.commit({".pre-commit-config.yaml":
                              f"default_install_hook_types: [post-merge]\nrepos:\n- repo: {source.path}\n"
                              f"  rev: {revision}\n  hooks: [{{id: changeling-post-merge}}]\n"}, "pre-commit's")
    hooked.sandbox.run("pre-commit", "install", cwd=hooked.repository.path).ok()
    hooked.fires(lambda: hooked.merge().ok())


def test_lefthook_takes_our_jobs(hooked):
    install_lefthook(hooked.sandbox)
    hooked.repository.commit({"lefthook.yml": (ROOT / "hooks/ready/lefthook.yml").read_text()}, "lefthook's")
    hooked.sandbox.run("lefthook", "install", cwd=hooked.repository.path).ok()
    hooked.fires(lambda: hooked.merge().ok())


def test_husky_takes_our_line(hooked):
    run_husky(hooked.repository)
    hooked.repository.commit({".husky/post-merge": (ROOT / "hooks/ready/husky/post-merge").read_text()}, "husky's")
    hooked.fires(lambda: hooked.merge().ok())


def test_a_bare_repository_takes_our_file(repository):
    hooked = HookedRepository(repository, "post-receive")
    repository.changeling("sync").ok()
    bare = repository.remote
    bare.git("config", "changeling.hookDelay", "50ms")
    hook = bare.path / "hooks" / "post-receive"
    hooked.sandbox.write(hook, (ROOT / "hooks/ready/post-receive").read_text(), executable=True)
    repository.commit({"more": "x\n"}, "more")
    repository.git("push", "--quiet", "origin", "main")
    log = bare.path / "changelings" / "hooks.log"
    hooked.sandbox.wait_until(lambda: log.exists() and "noter" in log.read_text(), "the log names the changeling")


SHELLS = [["dash"], ["busybox", "sh"], ["bash", "--posix"]]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
@pytest.mark.parametrize("event", ["post-merge", "pre-push"])
def test_the_lines_of_a_hook_run_in_every_shell(repository, shell, event):
    hooked = HookedRepository(repository, event)
    repository.changeling("hooks", "install").ok()
    hook = repository.common_directory() / "hooks" / event
    first, rest = hook.read_text().split("\n", 1)
    assert first == "#!/bin/sh"
    script = hooked.sandbox.write("hook-in-this-shell", rest + 'printf "%s|" "$@"; cat\n')
    line = "refs/heads/main 1111111111111111111111111111111111111111 refs/heads/main " \
           "2222222222222222222222222222222222222222\n"
    done = subprocess.run([*shell, "-eu", str(script), "one", "two words"], cwd=repository.path, input=line,
                          env=hooked.sandbox.environment, capture_output=True, text=True, check=True)
    assert done.stdout == "one|two words|" + line and done.stderr == ""
    hooked.wait_for_runs(1)


def test_our_shell_is_clean():
    # In a fragment the variables of the lines around it are not assigned, and braces are filled in later.
    files = sorted((ROOT / "hooks").glob("*.sh")) + [ROOT / "hooks/ready/post-receive", ROOT / "hooks/ready/husky/post-merge"]
    assert len(files) >= 8
    found = subprocess.run(["shellcheck", "--shell=sh", "--exclude=SC2154,SC1083,SC2015", *map(str, files)],
                           capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 0)
