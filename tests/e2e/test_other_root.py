"""The program as it is shipped, copied to a system that has git, its libraries, and nothing else."""

import os
import pathlib
import re
import shutil

import pytest
from harness import linking


@pytest.fixture
def bare_root(sandbox):
    """A folder to be the root of: git, a shell, what they are linked with, and the program."""
    if not linking.is_static(sandbox.program):
        pytest.skip("NOT SHOWN HERE: with CHANGELING_STATIC=OFF the program needs its libraries installed")
    root = sandbox.root / "other-root"
    for program in ("/usr/bin/git", "/bin/sh"):
        copy(root, program)
        for library in libraries(sandbox, program):
            copy(root, library)
    for library in libraries(sandbox, sandbox.program):
        if linking.belongs_to_the_system(pathlib.Path(library).name):
            copy(root, library)
    shutil.copy(sandbox.program, root / "usr" / "bin" / "git-changeling")
    for folder in ("dev", "etc", "root", "tmp"):
        (root / folder).mkdir()
    (root / "dev" / "null").touch()
    # git names its temporary files by what it reads here. A device cannot be made without being root.
    (root / "dev" / "urandom").write_bytes(os.urandom(4096))
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    return root


def libraries(sandbox, program):
    return re.findall(r"(/\S+) \(0x", sandbox.run("ldd", program).ok().out)


def copy(root, path):
    target = root / path.lstrip("/")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(pathlib.Path(path).resolve(), target)


@pytest.fixture
def inside(sandbox, bare_root):
    """Runs a command with that folder as its root."""
    enter = ["/usr/sbin/chroot", bare_root] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--root", bare_root]
    variables = {"PATH": "/usr/bin:/bin", "HOME": "/root", "XDG_STATE_HOME": None, "XDG_CONFIG_HOME": None,
                 "XDG_DATA_HOME": None, "XDG_CACHE_HOME": None, "TMPDIR": None, "LC_ALL": "C.UTF-8"}
    if sandbox.run(*enter, "/bin/sh", "-c", ":", env=variables).code != 0:
        pytest.skip("NOT SHOWN HERE: no other root can be entered (needs root, or user namespaces)")
    return lambda *words: sandbox.run(*enter, *words, env=variables)


def test_it_runs_where_only_git_is(inside):
    assert inside("git", "changeling", "--version").ok().out.startswith("git-changeling version")
    inside("git", "init", "--quiet", "--initial-branch=main", "/root/project").ok()
    for setting in ("user.name=Somebody", "user.email=somebody@example.com"):
        inside("git", "-C", "/root/project", "config", *setting.split("=")).ok()
    changeling = lambda *words: inside("git", "-C", "/root/project", "changeling", *words)
    inside("git", "-C", "/root/project", "commit", "--quiet", "--allow-empty", "--message", "Begin").ok()
    changeling("init").ok()
    changeling("add", "scribe", "--run", "echo hello > greeting", "--schedule", "0 9 * * *").ok()
    changeling("task", "add", "Say hello", "--status", "ready").ok()
    changeling("task", "list").ok()
    assert "Say hello" in changeling("task", "claim", "--as", "somebody").ok().out
    assert [one["name"] for one in changeling("list", "--json").ok().json["changelings"]] == ["scribe"]
