"""A changeling that is started while it runs: skip, queue, replace."""

import pytest

AGENT = 'echo "$CHANGELING_RUN" >> {started}; until test -e {go}; do sleep 0.05; done; echo "$CHANGELING_RUN" > work.txt'


@pytest.fixture
def slow(repository, sandbox):
    """Adds the changeling "slow", whose agents wait for the file `go`."""
    sandbox.write("marks/started", "")
    script = AGENT.format(started=sandbox.marks / "started", go=sandbox.marks / "go")

    def add(policy):
        repository.add_command("slow", script, "--overlap", policy)

    add.started = lambda: (sandbox.marks / "started").read_text().split()
    add.go = lambda: sandbox.write("marks/go", "")
    return add


def start_and_wait(repository, sandbox, slow, number):
    program = repository.start("run", "slow", "--json")
    sandbox.wait_until(lambda: len(slow.started()) >= number, f"agent {number} runs")
    return program


def test_skip_starts_no_second_one(repository, sandbox, slow):
    slow("skip")
    first = start_and_wait(repository, sandbox, slow, 1)
    second = repository.changeling("run", "slow").expect(1)
    assert "already running" in second.err
    assert len(repository.runs()) == 1
    slow.go()
    assert first.finish().ok().json["outcome"] == "opened-pr"
    assert len(slow.started()) == 1


def test_queue_runs_one_after_the_other(repository, sandbox, slow):
    slow("queue")
    first = start_and_wait(repository, sandbox, slow, 1)
    second = repository.start("run", "slow", "--json")
    second.wait_for_line("waiting for it to end")
    assert len(slow.started()) == 1
    slow.go()
    first_record = first.finish().ok().json
    second_record = second.finish().ok().json
    assert second_record["started_at"] >= first_record["ended_at"]
    assert [first_record["outcome"], second_record["outcome"]] == ["opened-pr", "updated-pr"]


def test_replace_makes_the_running_one_lose_its_lease(repository, sandbox, slow):
    slow("replace")
    first = start_and_wait(repository, sandbox, slow, 1)
    second = start_and_wait(repository, sandbox, slow, 2)
    # The first one finds out by itself, before its agent has done anything.
    lost = first.finish().expect(1).json
    assert lost["outcome"] == "lost-lease"
    assert lost["pull_request"] is None
    slow.go()
    won = second.finish().ok().json
    assert won["outcome"] == "opened-pr"
    assert [pull["number"] for pull in repository.pull_requests()] == [1]
    assert repository.remote.branches("refs/heads/changelings") == [f"refs/heads/{won['branch']}"]
    by_id = {run["id"]: run for run in repository.runs()}
    assert by_id[lost["id"]]["outcome"] == "lost-lease"
    assert by_id[lost["id"]]["lease"]["token"] > by_id[won["id"]]["lease"]["token"] == 1


def test_a_run_that_was_replaced_at_the_last_moment_pushes_nothing(repository, sandbox, slow):
    """The fence is asked right before the push, not only once a second."""
    slow("replace")
    first = start_and_wait(repository, sandbox, slow, 1)
    repository.changeling("update", "slow", "--verify",
                          f"touch {sandbox.marks / 'verifying'}; until test -e {sandbox.marks / 'verified'}; do sleep 0.05; done").ok()
    second = start_and_wait(repository, sandbox, slow, 2)
    assert first.finish().expect(1).json["outcome"] == "lost-lease"
    slow.go()
    sandbox.wait_until(lambda: (sandbox.marks / "verifying").exists(), "the second verifies")
    third = repository.start("run", "slow", "--json")
    sandbox.wait_until(lambda: len(repository.runs()) == 3, "the third run has begun")
    sandbox.write("marks/verified", "")
    assert second.finish().expect(1).json["outcome"] == "lost-lease"
    assert third.finish().ok().json["outcome"] == "opened-pr"
    assert len(repository.remote.branches("refs/heads/changelings")) == 1
