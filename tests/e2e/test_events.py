"""The event stream."""

import json

import pytest


def types(events):
    return [event["event"] for event in events]


def test_the_life_of_a_task(repository):
    task = repository.add_task("One", "--status", "inbox")
    repository.changeling("task", "edit", task["id"], "--label", "x").ok()
    repository.changeling("task", "move", task["id"], "ready").ok()
    repository.claim("--as", "worker")
    repository.changeling("task", "renew", task["id"], "--token", "1").ok()
    repository.changeling("task", "complete", task["id"], "--token", "1").ok()
    repository.changeling("task", "remove", task["id"]).ok()
    events = repository.events()
    assert types(events) == ["work:added", "work:updated", "work:status_changed", "work:assigned",
                             "work:status_changed", "work:status_changed", "work:completed", "work:removed"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {event["task"] for event in events} == {task["id"]}
    assert all(event["time"].endswith("Z") for event in events)
    assert events[0]["title"] == "One" and events[0]["status"] == "inbox"
    assert (events[3]["owner"], events[3]["token"]) == ("worker", 1)
    assert (events[4]["from"], events[4]["to"]) == ("ready", "in_flight")
    assert (events[6]["status"], events[6]["owner"]) == ("done", "worker")


def test_since_and_type(repository):
    repository.add_task("One")
    repository.add_task("Two")
    repository.claim()
    assert types(repository.events("--since", "2")) == ["work:assigned", "work:status_changed"]
    assert types(repository.events("--type", "work:added")) == ["work:added", "work:added"]
    assert types(repository.events("--type", "work:assigned", "--type", "work:added")) == [
        "work:added", "work:added", "work:assigned"]
    assert len(repository.events("--type", "work")) == 4
    assert repository.events("--type", "run") == []
    assert repository.events("--since", "99") == []


def test_json_changes_nothing(repository):
    repository.add_task("One")
    assert repository.changeling("events", "--json").ok().out == repository.changeling("events").ok().out


@pytest.mark.parametrize("words, message", [(["--type", "work:aded"], "work:added"), (["--since", "-1"], "since")])
def test_wrong_words(repository, words, message):
    assert message in repository.changeling("events", *words).expect(129).err


def test_follow_prints_new_events_and_ends_on_a_signal(repository):
    repository.add_task("One")
    watcher = repository.start("events", "--follow", "--since", "0")
    assert json.loads(watcher.wait_for_line("work:added", stream="out"))["title"] == "One"
    repository.add_task("Two")
    assert json.loads(watcher.wait_for_line("work:added", stream="out"))["title"] == "Two"
    watcher.interrupt()
    assert watcher.finish().code == 0


def test_runs_and_agents(repository):
    repository.add_command("writer", "echo more >> README.md")
    record = repository.changeling("run", "writer", "--json").ok().json
    events = repository.events()
    assert types(events) == ["run:started", "agent:spawned", "agent:status_changed", "agent:status_changed",
                             "run:finished"]
    assert {event["run"] for event in events} == {record["id"]}
    assert {event["changeling"] for event in events} == {"writer"}
    assert [event["status"] for event in events[2:4]] == ["working", "completed"]
    assert events[-1]["outcome"] == "opened-pr"
    assert events[-1]["pull_request"]["number"] == record["pull_request"]["number"]


def test_a_run_that_fails(repository):
    repository.add_command("broken", "exit 3")
    repository.changeling("run", "broken").expect(1)
    events = repository.events()
    assert events[-2]["status"] == "failed"
    assert events[-1]["outcome"] == "failed"


def test_a_lost_race_makes_no_event(repository):
    task = repository.add_task("One")
    workers = [repository.start("task", "claim", task["id"]) for _ in range(6)]
    for worker in workers:
        worker.finish()
    assert types(repository.events()).count("work:assigned") == 1


def test_many_writers_number_without_gaps(repository):
    writers = [repository.start("task", "add", f"task {number}") for number in range(12)]
    for writer in writers:
        writer.finish().ok()
    events = repository.events()
    assert [event["seq"] for event in events] == list(range(1, 13))
    assert sorted(event["title"] for event in events) == sorted(f"task {number}" for number in range(12))
