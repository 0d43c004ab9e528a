"""A machine dies in the middle of a run: its record says "running" for ever, and must not hold others back so long."""

import datetime
import json

import pytest

from harness.damage import FILE, STATE, put
from harness.roles import gate, writer


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def as_elsewhere(repository, run, *, expires, lease_token=1):
    """Makes a finished run's record one of a machine that is still at it. `expires`: hours from now, or None."""
    record = json.loads(repository.git("show", f"{STATE}:runs/{run[:2]}/{run[2:4]}/{run}.json"))
    record.update(status="running", outcome=None, ended_at=None, duration_ms=None, pull_request=None, host="far-away",
                  lease={"owner": run, "token": lease_token})
    if expires is None:
        del record["expires_at"]
    else:
        record["expires_at"] = stamp(now() + datetime.timedelta(hours=expires))
    put(repository, {f"runs/{run[:2]}/{run[2:4]}/{run}.json": (FILE, json.dumps(record).encode())})


@pytest.fixture
def sprite(repository):
    repository.add_command("sprite", 'echo x > "$CHANGELING_RUN.txt"', "--timeout", "10m")
    repository.changeling("run", "sprite").ok()
    return repository


def test_a_run_says_by_when_it_must_be_over(sprite):
    run, = sprite.runs()
    started, expires = (datetime.datetime.fromisoformat(run[key].replace("Z", "+00:00"))
                        for key in ("started_at", "expires_at"))
    assert expires - started == datetime.timedelta(minutes=40, hours=1)
    assert run["presumed_dead"] is False


def test_a_lost_run_is_shown_and_holds_nobody_back(sprite):
    lost = sprite.runs()[0]["id"]
    as_elsewhere(sprite, lost, expires=1)
    assert "already running" in sprite.changeling("run", "sprite").expect(1).err
    assert [run["presumed_dead"] for run in sprite.changeling("status", "--json").json["running"]] == [False]
    as_elsewhere(sprite, lost, expires=-1)
    assert [run["presumed_dead"] for run in sprite.runs()] == [True]
    assert " lost " in sprite.changeling("runs", "list").ok().out
    assert [run["id"] for run in sprite.changeling("runs", "list", "--outcome", "lost", "--json").ok().json["runs"]] == \
        [lost]
    assert "lost: far-away" in sprite.changeling("status").ok().out
    assert "far-away was to end it by " in sprite.changeling("runs", "show", lost).ok().out
    said = sprite.changeling("run", "sprite").ok().err
    assert "far-away was to end it by " in said
    newest, old = sprite.runs()
    assert (newest["outcome"], old["id"], old["outcome"]) == ("updated-pr", lost, "killed")
    assert "presumed dead" in old["error"] and old["lease"]["token"] == 2


def test_a_lost_run_is_tried_again_as_what_needs_its_user_says(sprite):
    lost = sprite.runs()[0]["id"]
    as_elsewhere(sprite, lost, expires=1)
    assert "is still running" in sprite.changeling("retry", lost).expect(128).err
    as_elsewhere(sprite, lost, expires=-1)
    assert sprite.changeling("retry", lost, "--json").ok().json["retry_of"] == lost
    newest, old = sprite.runs()
    assert (newest["outcome"], old["outcome"]) == ("updated-pr", "killed")


def test_older_records_last_a_day(sprite):
    lost = sprite.runs()[0]["id"]
    as_elsewhere(sprite, lost, expires=None)
    assert sprite.runs()[0]["presumed_dead"] is False
    sprite.changeling("run", "sprite").expect(1)


def test_a_machine_that_comes_back_publishes_nothing(sprite, sandbox):
    """Its run has gone on all the time; meanwhile the work is another's."""
    script, come, opened = gate(sandbox)
    sprite.add_command("slow", f'{script} echo x > x.txt')
    running = sprite.start("run", "slow", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    slow, = (run for run in sprite.runs() if run["changeling"] == "slow")
    sprite.changeling("sync").ok()
    other = sandbox.clone(sprite.remote, name="other")
    other.changeling("init").ok()
    other.changeling("trust", "slow", "--yes").ok()
    as_elsewhere(other, slow["id"], expires=-1)
    other.changeling("sync").ok()
    opened.touch()
    other.changeling("run", "slow").ok()
    sprite.changeling("sync").ok()
    result = running.finish()
    assert result.expect(1).json["outcome"] == "lost-lease"
    assert len([pull for pull in other.pull_requests() if pull["changeling"] == "slow"]) == 1


def test_the_run_of_a_task_expires_too(repository):
    writer(repository)
    first = repository.add_task("One", "--role", "writer")
    repository.changeling("dispatch", "--role", "writer").ok()
    run = repository.runs()[0]["id"]
    as_elsewhere(repository, run, expires=-1)
    repository.changeling("task", "move", first["id"], "ready").ok()
    repository.changeling("dispatch", "--role", "writer").ok()
    newest, old = repository.runs()
    assert (newest["task"], old["id"], old["outcome"]) == (first["id"], run, "killed")
