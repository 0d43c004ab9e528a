"""One winner a race, and nothing lost or done twice. tests/bench/races runs the same with full numbers."""

import pytest

from harness.program import program_under_test
from harness.queue_workers import Crowd, drain, race


@pytest.fixture
def crowd(sandbox):
    worker = program_under_test().parent / "tests" / "tools" / "queue_worker"
    repository = sandbox.repository(name="races")
    return Crowd(worker, repository.path, sandbox.environment)


def test_one_of_many_processes_wins_each_task(crowd):
    wins = race(crowd, processes=16, rounds=20)
    assert sum(wins.values()) == 20


def test_processes_drain_the_queue_each_task_exactly_once(crowd):
    drain(crowd, tasks=150, processes=4)


def test_nothing_is_lost_when_workers_are_killed(crowd):
    drain(crowd, tasks=300, processes=6, kills=12, lease_ms=1500)
