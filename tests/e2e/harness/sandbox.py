"""A place in which a test runs git and the program without touching, or seeing, anything of the machine's user."""

import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import time

from harness import walls
from harness.background import PATIENCE_SECONDS, BackgroundProgram
from harness.repository import Repository
from harness.result import Result

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def _all_processes():
    """The folders of /proc that are processes."""
    return (entry for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit())


class Sandbox:
    """One temporary directory with a home, a folder of fake programs that is first on PATH, and repositories.

    `environment` is complete: programs see these variables and no others. A test may add to it.

    Runs are held as they are for everybody (docs/agents.md, "The sandbox"): agents see nothing of the directory but
    what the program lets them see. `marks` is the folder for what an agent and its test have to tell each other; it
    is open to agents whose definition names it, as those of Repository.add_command and add_script_role do when
    their script does. CHANGELING_TEST_SANDBOX=off runs all tests without walls.
    """

    def __init__(self, program):
        self.program = program
        self.failed = False
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="changeling-e2e-")).resolve()
        self.home = self._folder("home")
        self.bin = self._folder("bin")
        self.marks = self._folder("marks")
        self._repositories = []
        self._background = []
        self._at_close = []
        (self.bin / "git-changeling").symlink_to(program)
        self.environment = {
            "PATH": f"{self.bin}:{SYSTEM_PATH}",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self._folder("home/.config")),
            "XDG_DATA_HOME": str(self._folder("home/.local/share")),
            "XDG_STATE_HOME": str(self._folder("home/.local/state")),
            "XDG_CACHE_HOME": str(self._folder("home/.cache")),
            "TMPDIR": str(self._folder("tmp")),
            "USER": "tester",
            "LOGNAME": "tester",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "CHANGELING_SANDBOX": walls.policy(),
        }

    def _folder(self, name):
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    # Walls.

    def without_walls(self):
        """For tests of what holds although an agent can do all that its user can."""
        self.environment["CHANGELING_SANDBOX"] = "off"

    # Making things.

    def opening(self, *texts):
        """The options of a definition that open the folder of marks, if one of the texts names it."""
        named = any(str(self.marks) in str(text) for text in texts)
        return ("--sandbox-write", str(self.marks)) if named else ()

    def write(self, path, content, *, executable=False):
        """Writes a file below the sandbox (or at an absolute path), with its folders."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        if executable:
            target.chmod(target.stat().st_mode | stat.S_IXUSR)
        return target

    def fake_program(self, name, script):
        """Puts an executable on PATH. A script without #! is for /bin/sh."""
        return self.write(self.bin / name, script if script.startswith("#!") else f"#!/bin/sh\n{script}",
                          executable=True)

    def repository(self, files=None, remote=None, name="project"):
        """A repository on branch main with one commit of `files`; remote="bare" adds a bare `origin`."""
        repository = Repository.create(self, self.root / name, files or {"README.md": "# Example\n"})
        self._repositories.append(repository)
        if remote == "bare":
            bare = Repository.create_bare(self, self.root / f"{name}-origin.git")
            self._repositories.append(bare)
            repository.git("remote", "add", "origin", str(bare.path))
            repository.git("push", "--quiet", "--set-upstream", "origin", "main")
            repository.git("remote", "set-head", "origin", "main")
            repository.remote = bare
        elif remote is not None:
            raise ValueError(f"remote={remote!r}: 'bare' or None")
        return repository

    def clone(self, remote, name):
        """Another clone of a bare repository, as on another machine."""
        self.run("git", "clone", "--quiet", str(remote.path), str(self.root / name)).ok()
        clone = Repository(self, self.root / name)
        clone.git("config", "user.name", f"Person of {name}")
        clone.git("config", "user.email", f"{name}@example.com")
        clone.remote = remote
        self._repositories.append(clone)
        return clone

    def adopt(self, path):
        """A repository that a test made itself (a clone, a linked worktree), checked at the end like the others."""
        repository = Repository(self, pathlib.Path(path))
        self._repositories.append(repository)
        return repository

    # Running things.

    def run(self, *arguments, cwd=None, env=None, stdin=None, patience=PATIENCE_SECONDS):
        """Runs any program in the sandbox's environment, with `env` added (None removes a variable)."""
        words = [str(argument) for argument in arguments]
        try:
            done = subprocess.run(
                words, cwd=cwd or self.root, env=self._environment_with(env), capture_output=True, text=True,
                errors="replace", timeout=patience, check=False,
                **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}))
        except subprocess.TimeoutExpired as slow:
            raise AssertionError(f"still running after {patience} s: {' '.join(words)}\n"
                                 f"--- stdout\n{slow.stdout}\n--- stderr\n{slow.stderr}") from None
        return Result(words, done.returncode, done.stdout, done.stderr)

    def changeling(self, *arguments, **options):
        """Runs the program itself; see Repository.changeling for running it inside a repository."""
        return self.run(self.bin / "git-changeling", *arguments, **options)

    def start(self, *arguments, cwd=None, env=None, new_session=False):
        """Starts a program and goes on; it is ended with the test."""
        program = BackgroundProgram([str(argument) for argument in arguments], cwd=cwd or self.root,
                                    environment=self._environment_with(env), new_session=new_session)
        self._background.append(program)
        return program

    def _environment_with(self, changes):
        environment = dict(self.environment)
        for name, value in (changes or {}).items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = str(value)
        return environment

    # The end of the test.

    def end_background_programs(self):
        for program in self._background:
            program.end()

    def agent_processes(self):
        """Process ids that belong to a run of this sandbox: CHANGELING_RUN is in their environment."""
        found = []
        marker = str(self.root).encode()
        for entry in _all_processes():
            try:
                variables = (entry / "environ").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue  # Ended meanwhile, or another user's.
            if state != "Z" and marker in variables and b"CHANGELING_RUN=" in variables:
                found.append(int(entry.name))
        return sorted(found)

    def wait_until(self, condition, what, *, patience=PATIENCE_SECONDS):
        """Polls a condition that another process brings about, and returns its first true value. `what` is a
        text, or what gives it once the time is over."""
        deadline = time.monotonic() + patience
        while True:
            value = condition()
            if value:
                return value
            assert time.monotonic() < deadline, f"not within {patience} s: {what() if callable(what) else what}"
            time.sleep(0.02)

    def check_nothing_left_over(self):
        left = self.agent_processes()
        # The kernel needs a moment between a KILL and the disappearance from /proc.
        deadline = time.monotonic() + 2
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = self.agent_processes()
        described = []
        for pid in left:
            try:
                line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                described.append(f"{pid}: {line}")
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        assert not described, "processes of a run outlived the test:\n" + "\n".join(described)

    def writing_programs(self):
        """Of git and ours those that still run here: a run in the background that a test has no more interest in."""
        found = []
        marker = str(self.root).encode()
        for entry in _all_processes():
            try:
                words = (entry / "cmdline").read_bytes()
                # Who leads a run is not for every user to look into, but was started by a path in here.
                is_ours = marker in words or marker in (entry / "environ").read_bytes()
            except OSError:
                continue
            if is_ours and pathlib.PurePath(words.split(b"\0")[0].decode(errors="replace")).name.startswith("git"):
                found.append(int(entry.name))
        return found

    def wait_for_writers(self):
        """`git fsck` looks at references after objects: what is pushed meanwhile is missing for it."""
        deadline = time.monotonic() + 10
        while self.writing_programs() and time.monotonic() < deadline:
            time.sleep(0.02)

    def check_repositories(self):
        self.wait_for_writers()
        for repository in self._repositories:
            if repository.path.exists():
                repository.check()

    def at_close(self, action):
        """Does something at the end of the test that deleting the directory does not do."""
        self._at_close.append(action)

    def close(self):
        for action in self._at_close:
            action()
        if not self.failed:
            shutil.rmtree(self.root, ignore_errors=True)
