"""Clones on which processes work at once come to one state. tests/bench/convergence runs the same with full numbers."""

import pytest

from harness.program import program_under_test
from harness.shared_workers import SharedCrowd


@pytest.fixture
def five(sandbox):
    """A crowd and five clones, the first of which has the state."""
    first = sandbox.repository(name="first", remote="bare")
    first.changeling("init").ok()
    crowd = SharedCrowd(program_under_test(), first.path, sandbox.environment)
    return crowd, [first.path] + [sandbox.clone(first.remote, f"clone{number}").path for number in range(1, 5)]


def test_five_clones_with_random_histories_converge(five):
    crowd, clones = five
    crowd.wander(clones, operations=100)


def test_twenty_workers_on_five_clones_do_each_task_once(five):
    crowd, clones = five
    crowd.drain(crowd.add(100), clones, workers=20, batches=(1, 3))
