"""Many processes on one queue: races for one task, and draining, also while workers are killed.

Used by the end-to-end tests with small numbers and by tests/bench/races with the full ones. The processes are
tests/tools/queue_worker.cpp; what they did is judged by the history that they left in the repository.
"""

import collections
import random
import subprocess
import threading
import time

STATE = "refs/changelings/state"


class Crowd:
    """Workers of one repository. `worker` is the program, `environment` what all of them get."""

    def __init__(self, worker, repository, environment=None):
        self.worker = str(worker)
        self.repository = str(repository)
        self.environment = environment

    def run(self, *arguments):
        return subprocess.run([self.worker, self.repository, *map(str, arguments)], check=True, capture_output=True,
                              text=True, env=self.environment).stdout.splitlines()

    def start(self, *arguments):
        return subprocess.Popen([self.worker, self.repository, *map(str, arguments)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True, env=self.environment)

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.repository, *arguments], check=True, capture_output=True, text=True,
                              env=self.environment).stdout

    def operations(self, kind):
        """The tasks named by the operations of one kind, oldest first."""
        separator = "%(trailers:key=Operation,valueonly,separator=)%x09%(trailers:key=Task,valueonly,separator=)"
        lines = self.git("log", "--reverse", f"--format={separator}", STATE).splitlines()
        return [task for line in lines for operation, task in [line.split("\t")] if operation == f"task.{kind}"]

    def add(self, count):
        return self.run("add", count)


def race(crowd, processes, rounds):
    """`processes` workers race `rounds` times for one task; returns the winners by worker."""
    tasks = crowd.add(rounds)
    workers = [crowd.start("obey", f"worker-{number}") for number in range(processes)]
    wins = collections.Counter()
    try:
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        for task in tasks:
            for worker in workers:
                worker.stdin.write(task + "\n")
                worker.stdin.flush()
            answers = [worker.stdout.readline().split() for worker in workers]
            winners = [number for number, answer in enumerate(answers) if answer[0] == "won"]
            assert len(winners) == 1, (task, answers)
            assert answers[winners[0]] == ["won", "1"], (task, answers)
            wins[winners[0]] += 1
    finally:
        end(workers)
    assert sorted(crowd.operations("claim")) == sorted(tasks)
    return wins


def drain(crowd, tasks, processes, kills=0, lease_ms=60_000, seed=1):
    """`processes` workers claim and complete `tasks` tasks; `kills` of them are killed at random moments and replaced.

    Every task must be completed exactly once, whoever did it. Returns the seconds it took.
    """
    chance = random.Random(seed)
    crowd.add(tasks)
    started = time.monotonic()
    number = 0

    def start_worker():
        nonlocal number
        number += 1
        worker = crowd.start("drain", f"worker-{number}", lease_ms)
        worker.stdin.close()
        return worker

    workers = [start_worker() for _ in range(processes)]
    readers = []
    try:
        for worker in workers:
            readers.append(drop_output(worker))
        while kills > 0 and any(worker.poll() is None for worker in workers):
            time.sleep(chance.uniform(0.01, 0.1))
            place = chance.randrange(len(workers))
            if workers[place].poll() is None:
                workers[place].kill()
                kills -= 1
            workers[place].wait()
            workers[place] = start_worker()
            readers.append(drop_output(workers[place]))
        for worker in workers:
            assert worker.wait(timeout=600) == 0
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        for reader in readers:
            reader.join()
    seconds = time.monotonic() - started
    completed = crowd.operations("complete")
    assert len(completed) == len(set(completed)) == tasks, (len(completed), len(set(completed)), tasks)
    assert len(crowd.operations("claim")) >= tasks
    crowd.git("fsck", "--strict", "--no-dangling")
    return seconds


def drop_output(worker):
    """Reads what a worker prints, so that it never waits for us."""
    reader = threading.Thread(target=lambda: collections.deque(worker.stdout, maxlen=0))
    reader.start()
    return reader


def end(workers):
    for worker in workers:
        worker.stdin.close()
    for worker in workers:
        worker.stdout.close()
        worker.wait(timeout=60)
