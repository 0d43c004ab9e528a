"""What the tests of git hooks share: a changeling that notes that it ran, and how a hook's work is awaited."""

import pathlib
import shutil

from harness.claude_api import node_modules


class HookedRepository:
    """A repository with an enabled changeling, "noter", that starts on `event` and changes nothing."""

    def __init__(self, repository, event):
        self.repository = repository
        self.sandbox = repository.sandbox
        self.event = event
        self.merges = 0
        repository.git("config", "changeling.hookDelay", "50ms")
        repository.add_command("noter", "true", "--on", event, "--overlap", "skip")

    def runs(self):
        return [run for run in self.repository.runs() if run["trigger"] == self.event]

    def wait_for_runs(self, count=1):
        """Waits until that many runs were started by the event and have ended."""
        self.sandbox.wait_until(
            lambda: sum(run["status"] == "finished" for run in self.runs()) >= count,
            f"{count} runs started by {self.event}")
        assert len(self.runs()) == count

    def log(self):
        log = self.repository.common_directory() / "changelings" / "hooks.log"
        return log.read_text() if log.exists() else ""

    def merge(self, **options):
        """A merge that runs post-merge."""
        self.merges += 1
        self.repository.git("branch", f"topic-{self.merges}")
        self.repository.git("checkout", "--quiet", f"topic-{self.merges}")
        self.repository.commit({f"file-{self.merges}": "x\n"}, "topic")
        self.repository.git("checkout", "--quiet", "main")
        return self.repository.try_git("merge", "--no-edit", f"topic-{self.merges}", **options)

    def fires(self, act):
        """Whether `act` starts a run, judged once everything that the hook began has ended."""
        before = len(self.runs())
        act()
        self.wait_for_runs(before + 1)


def wait_for_background(sandbox):
    """Until no process of the sandbox's environment is left."""
    mark = f"HOME={sandbox.home}".encode()

    def nothing_runs():
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    return False
            except OSError:
                continue  # Ended meanwhile, or another user's.
        return True

    sandbox.wait_until(nothing_runs, "what hooks have started in the background")


def snapshot(*folders):
    """Every file with its bytes and mode, and every link, below the folders; without git's objects and logs."""
    found = {}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_symlink():
                found[str(path)] = ("link", str(path.readlink()))
            elif path.is_file():
                found[str(path)] = (oct(path.stat().st_mode), path.read_bytes())
            else:
                found[str(path)] = ("folder", None)
    return found


def install_lefthook(sandbox):
    """lefthook on the sandbox's PATH."""
    program = node_modules() / "lefthook-linux-x64" / "bin" / "lefthook"
    shutil.copy(program, sandbox.bin / "lefthook")
    (sandbox.bin / "lefthook").chmod(0o755)


def run_husky(repository):
    """What `npm run prepare` does in a project with husky."""
    return repository.sandbox.run("node", node_modules() / "husky" / "bin.js", cwd=repository.path).ok()
