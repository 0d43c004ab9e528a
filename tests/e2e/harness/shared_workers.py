"""Many processes on several clones of one remote, whose histories must fit together.

Used by the end-to-end tests with small numbers and by tests/bench/convergence with the full ones. The processes are
tests/tools/shared_worker.cpp.
"""

import collections
import json
import pathlib
import subprocess
import time

STATE = "refs/changelings/state"
PATIENCE_SECONDS = 1800  # For a crowd with the full numbers; a test of the suite needs a fraction of a minute.


class SharedCrowd:
    """Workers on clones whose remote is `origin`. `program` lies at the root of the build that has the workers."""

    def __init__(self, program, first, environment=None):
        tools = pathlib.Path(program).parent / "tests" / "tools"
        self.queue_worker = str(tools / "queue_worker")
        self.worker = str(tools / "shared_worker")
        self.first = str(first)
        self.environment = environment

    def _run(self, *arguments):
        done = subprocess.run([str(word) for word in arguments], capture_output=True, text=True, env=self.environment,
                              stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def git(self, *arguments, clone=None):
        return self._run("git", "-C", clone or self.first, *arguments)

    def add(self, count):
        """Makes tasks on the first clone; they are shared by its next sync. Returns their ids."""
        return self._run(self.queue_worker, self.first, "add", count).splitlines()

    def sync(self, clone):
        self._run(self.worker, clone, "sync")

    def together(self, commands):
        """Runs one worker a command, all at once, and returns the lines of each."""
        workers = [subprocess.Popen([self.worker, *map(str, command)], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
                   for command in commands]
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            lines = []
            for worker in workers:
                # Few lines of a few bytes: the others do not wait for us.
                out, err = worker.communicate(timeout=deadline - time.monotonic())
                assert worker.returncode == 0, err
                lines.append([line.split() for line in out.splitlines()])
            return lines
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
                worker.stdout.close()
                worker.stderr.close()

    def drain(self, tasks, clones, workers, batches=(1,)):
        """All tasks, in the first clone, are claimed and completed exactly once by `workers` on the clones."""
        for clone in (self.first, *clones):
            self.sync(clone)
        started = time.monotonic()
        lines = self.together([(clones[number % len(clones)], "drain", f"worker-{number}",
                                batches[number % len(batches)]) for number in range(workers)])
        seconds = time.monotonic() - started
        said = collections.defaultdict(list)
        for line in (line for of_one in lines for line in of_one):
            said[line[0]].append(line[1:])
        assert sorted(said["won"]) == sorted([task, "1"] for task in tasks)
        assert sorted(said["done"]) == sorted([task] for task in tasks)
        assert not said["refused"]
        self._agree(clones)
        for task in self.tasks(clones[0]):
            assert task["status"] == "done" and task["last_token"] == 1, task
        return seconds

    def wander(self, clones, operations, seed=1):
        """Random operations on every clone at once; then all come to one state with everything in it."""
        for clone in clones:
            self.sync(clone)
        before = {(task["id"],) for task in self.tasks(clones[0])}
        lines = self.together([(clone, "wander", seed * 100 + number, operations)
                               for number, clone in enumerate(clones)])
        self._agree(clones)
        said = collections.defaultdict(list)
        for line in (line for of_one in lines for line in of_one):
            said[line[0]].append(tuple(line[1:]))
        assert len(set(said["won"])) == len(said["won"]) > 0
        present = {(task["id"],) for task in self.tasks(clones[0])}
        everything = before | set(said["added"])
        assert everything - set(said["removed"]) <= present <= everything
        return len(said["won"])

    def _agree(self, clones):
        # Twice: what the last one brings must reach the first.
        for clone in (*clones, *clones):
            self.sync(clone)
        trees = {self.git("rev-parse", f"{STATE}^{{tree}}", clone=clone) for clone in clones}
        assert len(trees) == 1, trees

    def tasks(self, clone):
        names = self.git("ls-tree", "-r", "--name-only", STATE, "items/", clone=clone).split()
        batch = subprocess.run(["git", "-C", str(clone), "cat-file", "--batch=%(objectsize)"], capture_output=True,
                               input="".join(f"{STATE}:{name}\n" for name in names).encode(), check=True,
                               env=self.environment).stdout
        tasks = []
        while batch:
            size, _, rest = batch.partition(b"\n")
            tasks.append(json.loads(rest[:int(size)]))
            batch = rest[int(size) + 1:]
        return tasks
