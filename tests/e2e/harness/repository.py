"""A git repository that a test works with."""

import hashlib
import json
import os
import pathlib

from harness import terminal


class Repository:
    """Runs git and the program inside one repository. `remote` is the bare one behind `origin`, if any."""

    def __init__(self, sandbox, path):
        self.sandbox = sandbox
        self.path = path
        self.remote = None

    @classmethod
    def create(cls, sandbox, path, files):
        repository = cls(sandbox, path)
        sandbox.run("git", "init", "--quiet", "--initial-branch=main", path).ok()
        repository.git("config", "user.name", "Test Person")
        repository.git("config", "user.email", "test@example.com")
        repository.commit(files, "first commit")
        return repository

    @classmethod
    def create_bare(cls, sandbox, path):
        repository = cls(sandbox, path)
        sandbox.run("git", "init", "--quiet", "--bare", "--initial-branch=main", path).ok()
        return repository

    # Git.

    def git(self, *arguments, **options):
        """Runs git here, asserts that it succeeded, and returns its standard output without the last newline."""
        return self.try_git(*arguments, **options).ok().out.removesuffix("\n")

    def try_git(self, *arguments, **options):
        return self.sandbox.run("git", *arguments, cwd=options.pop("cwd", self.path), **options)

    def write(self, path, content):
        return self.sandbox.write(self.path / path, content)

    def read(self, path):
        return (self.path / path).read_text()

    def commit(self, files, message):
        """Writes the files ({path: content}), commits everything, and returns the commit's id."""
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.head()

    def head(self, revision="HEAD"):
        return self.git("rev-parse", "--verify", revision)

    def branches(self, pattern="refs/heads"):
        """Names of branches: all, or below `pattern`."""
        return self.git("for-each-ref", "--format=%(refname)", pattern).split()

    def show(self, revision, path):
        """A file's content at a revision."""
        return self.try_git("show", f"{revision}:{path}").ok().out

    def worktrees(self):
        """Paths of the rooms of runs that are there: what they borrow from tells whose they are."""
        objects = os.path.realpath(self.common_directory() / "objects")
        rooms = self.sandbox.home.glob(".local/state/git-changeling/worktrees/*/*/.git/objects/info/alternates")
        return sorted(str(file.parents[3]) for file in rooms if file.read_text() == f"{objects}\n")

    def common_directory(self):
        return pathlib.Path(self.git("rev-parse", "--path-format=absolute", "--git-common-dir"))

    # The program.

    def changeling(self, *arguments, **options):
        """Runs the program here and returns a Result; never asserts by itself."""
        return self.sandbox.changeling(*arguments, cwd=options.pop("cwd", self.path), **options)

    def start(self, *arguments, **options):
        """Starts the program here and goes on; returns a BackgroundProgram."""
        return self.sandbox.start(self.sandbox.bin / "git-changeling", *arguments,
                                  cwd=options.pop("cwd", self.path), **options)

    def in_terminal(self, *arguments, columns=80, raw=False, env=None, typed=""):
        """What the program shows on a terminal: its lines, without colours unless `raw`. A pager would wait for a
        key, so output is passed through by `cat`."""
        variables = {**self.sandbox.environment, "TERM": "xterm-256color", "GIT_PAGER": "cat", **(env or {})}
        text = terminal.run([self.sandbox.bin / "git-changeling", *arguments], cwd=self.path, env=variables,
                            columns=columns, typed=typed)
        return text.splitlines(keepends=True) if raw else terminal.visible_lines(text)

    def add_command(self, name, script, *options):
        """Adds a changeling whose agent is the shell script; it runs in the run's worktree."""
        path = self.sandbox.write(f"agents/{name}", f"#!/bin/sh\nset -e\n{script}\n", executable=True)
        opening = self.sandbox.opening(script, *options)
        return self.changeling("add", name, "--run", str(path), *opening, *options).ok()

    def add_task(self, title, *options):
        """Adds a task that is ready, unless the options say otherwise, and returns its record."""
        status = () if "--status" in options else ("--status", "ready")
        return self.changeling("task", "add", title, *status, *options, "--json").ok().json

    def task(self, task_id):
        return self.changeling("task", "show", task_id, "--json").ok().json

    def tasks(self, *options):
        return self.changeling("task", "list", *options, "--json").ok().json["tasks"]

    def claim(self, *options):
        """Claims a task and returns its record."""
        return self.changeling("task", "claim", *options, "--json").ok().json

    def events(self, *options):
        return [json.loads(line) for line in self.changeling("events", *options).ok().out.splitlines()]

    def operations(self, *options):
        return self.changeling("log", *options, "--json").ok().json["operations"]

    def runs(self):
        return self.changeling("runs", "list", "--json").ok().json["runs"]

    def pull_requests(self):
        return self.changeling("review", "list", "--json").ok().json["pull_requests"]

    # What must hold.

    def user_state(self):
        """Everything of the user's that a run must leave alone; two equal values mean byte-identical."""
        git_directory = pathlib.Path(self.git("rev-parse", "--absolute-git-dir"))
        index = git_directory / "index"
        in_progress = sorted(
            str(path.relative_to(git_directory)) + ":" + _digest(path)
            for folder in ("rebase-merge", "rebase-apply", "sequencer")
            for path in (git_directory / folder).rglob("*") if path.is_file())
        files = sorted(
            f"{path.relative_to(self.path)}:{path.lstat().st_mode:o}:{path.lstat().st_mtime_ns}:{_digest(path)}"
            for path in _files_below(self.path))
        return {
            "status": self.git("--no-optional-locks", "status", "--porcelain=v2", "--branch",
                               "--untracked-files=all", "--ignored"),
            "index": _digest(index) if index.exists() else "",
            "HEAD": (git_directory / "HEAD").read_text(),
            "in progress": in_progress,
            "files": files,
            "branches": [line for line in self.git("for-each-ref", "--format=%(refname) %(objectname)",
                                                   "refs/heads", "refs/tags", "refs/stash").splitlines()
                         if not line.startswith("refs/heads/changelings/")],
        }

    def check(self):
        """git's own opinion of the repository."""
        checked = self.try_git("fsck", "--strict", "--full", "--no-dangling", "--no-progress")
        problems = [line for line in (checked.out + checked.err).splitlines() if line.strip()]
        assert checked.code == 0 and not problems, f"git fsck is not clean in {self.path}\n{checked}"


def _files_below(folder):
    for parent, folders, names in os.walk(folder):
        if ".git" in folders:
            folders.remove(".git")
        for name in names:
            yield pathlib.Path(parent) / name


def _digest(path):
    if path.is_symlink():
        return "link:" + os.readlink(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()
