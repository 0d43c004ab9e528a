"""What tasks wait for besides tasks, how they belong together, what was forgotten, and what agents are told."""

import json

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from harness.roles import add_script_role
from test_github import on_github


@pytest.fixture
def queue(sandbox):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    return repository


def test_a_task_that_waits_for_a_person_is_claimed_after_the_approval_only(queue):
    task = queue.add_task("Announce it", "--gate", "person")
    assert queue.changeling("task", "claim").expect(1)
    refused = queue.changeling("task", "claim", task["id"]).expect(1)
    assert f"git changeling task approve {task['id']}" in refused.err
    assert "waits for" in queue.changeling("task", "show", task["id"]).ok().out
    approved = queue.changeling("task", "approve", task["id"][:5], "--json").ok().json
    assert [gate["opened_by"] for gate in approved["gates"]] == ["Test Person"]
    assert queue.operations()[0]["kind"] == "task.approve"
    assert queue.claim()["id"] == task["id"]
    queue.changeling("task", "approve", task["id"]).expect(128)


def test_undo_closes_the_gate_again(queue):
    task = queue.add_task("Announce it", "--gate", "person")
    queue.changeling("task", "approve", task["id"]).ok()
    queue.changeling("undo").ok()
    queue.changeling("task", "claim").expect(1)


def test_a_time_opens_by_itself_and_worse_words_are_refused(queue):
    queue.add_task("Later", "--gate", "until:2999-01-01T00:00:00Z")
    past = queue.add_task("By now", "--gate", "until:2001-01-01T00:00:00Z")
    assert queue.claim()["id"] == past["id"]
    queue.changeling("task", "claim").expect(1)
    refused = queue.changeling("task", "add", "x", "--gate", "tomorrow").expect(129)
    assert "check:NAME" in refused.err
    assert sorted(task["title"] for task in queue.tasks()) == ["By now", "Later"]


def test_a_day_alone_opens_its_gate_at_midnight_in_utc(queue):
    later = queue.add_task("Later", "--gate", "until:2999-12-01")
    assert later["gates"][0]["gate"] == "until:2999-12-01T00:00:00.000Z"
    assert "2999-12-01T00:00:00.000Z" in queue.changeling("task", "show", later["id"]).ok().out
    refused = queue.changeling("task", "add", "x", "--gate", "until:2999-12-32").expect(129)
    assert "for its midnight in UTC" in refused.err
    queue.add_task("By now", "--gate", "until:2001-01-01")
    assert queue.claim()["title"] == "By now"


def test_the_criteria_of_a_role_go_with_it(queue):
    queue.changeling("role", "add", "builder", "--prompt", "x", "--accept", "file:built.txt").ok()
    queue.changeling("role", "add", "tester", "--prompt", "x", "--accept", "file:tested.txt").ok()
    task = queue.add_task("Do it", "--role", "builder", "--accept", "file:own.txt")
    assert task["acceptance"] == ["file:own.txt", "file:built.txt"]

    def criteria(*words):
        return queue.changeling("task", "edit", task["id"], *words, "--json").ok().json["acceptance"]

    assert criteria("--role", "tester") == ["file:own.txt", "file:tested.txt"]
    # What is asked for by name stays.
    assert criteria("--role", "builder", "--accept", "file:tested.txt") == ["file:tested.txt", "file:built.txt"]
    assert criteria("--role", "") == ["file:tested.txt"]


def test_gates_are_replaced_and_taken_away(queue):
    task = queue.add_task("Announce it", "--gate", "person", "--gate", "check:build")
    edited = queue.changeling("task", "edit", task["id"], "--gate", "person", "--json").ok().json
    assert [gate["gate"] for gate in edited["gates"]] == ["person"]
    queue.changeling("task", "edit", task["id"], "--gate", "").ok()
    assert queue.claim()["id"] == task["id"]


def test_a_check_of_continuous_integration_opens_its_gate(sandbox, github_server):  # noqa: F811
    project = on_github(sandbox, github_server)
    task = project.add_task("Release it", "--gate", "check:build")
    answer = {"total_count": 1, "check_runs": [{"name": "build", "status": "in_progress", "conclusion": None}]}
    project.github.fault("GET", "/commits/main/check-runs", status=200, body=answer)
    project.changeling("sync").ok()
    project.changeling("task", "claim").expect(1)
    answer["check_runs"][0].update(status="completed", conclusion="success")
    project.github.fault("GET", "/commits/main/check-runs", status=200, body=answer)
    project.changeling("sync").ok()
    assert project.task(task["id"])["gates"][0]["opened_by"] == "check build"
    assert project.claim()["id"] == task["id"]


def test_a_forge_without_checks_says_so(queue):
    queue.add_task("Release it", "--gate", "check:build")
    assert "has no checks" in queue.changeling("sync").ok().err


def test_parents_and_finds_are_shown_on_both_sides(queue):
    whole = queue.add_task("Split the parser")
    part = queue.add_task("The lexer", "--parent", whole["id"][:6], "--discovered-from", whole["id"])
    assert (part["parent"], part["discovered_from"]) == (whole["id"], whole["id"])
    assert queue.task(whole["id"])["children"] == [part["id"]]
    assert part["id"] in queue.changeling("task", "show", whole["id"]).ok().out
    assert whole["id"] in queue.changeling("task", "show", part["id"]).ok().out


def test_a_task_is_never_a_part_of_itself(queue):
    one = queue.add_task("One")
    two = queue.add_task("Two", "--parent", one["id"])
    three = queue.add_task("Three", "--parent", two["id"])
    refused = queue.changeling("task", "edit", one["id"], "--parent", three["id"]).expect(128)
    assert "part of itself" in refused.err
    queue.changeling("task", "edit", one["id"], "--parent", one["id"]).expect(128)
    queue.changeling("task", "add", "x", "--parent", "nothere").expect(128)
    queue.changeling("task", "remove", two["id"]).ok()
    assert queue.task(three["id"])["parent"] == ""


def test_export_and_import_keep_links_and_gates(queue, sandbox):
    whole = queue.add_task("Split the parser")
    queue.add_task("The lexer", "--parent", whole["id"], "--gate", "person", "--gate", "check:build@main")
    lines = queue.changeling("task", "export").ok().out
    other = sandbox.repository(name="other")
    other.changeling("init").ok()
    other.changeling("task", "import", "-", stdin=lines).ok()
    assert other.changeling("task", "export").ok().out == lines
    named = [{"id": "Whole", "title": "Whole"}, {"title": "Part", "parent": "Whole", "gates": ["person"]}]
    other.changeling("task", "import", "-", stdin="\n".join(map(json.dumps, named))).ok()
    part, = [task for task in other.tasks() if task["title"] == "Part"]
    assert other.task(part["parent"])["title"] == "Whole"


def test_gates_opened_in_one_clone_are_open_in_the_other(queue, sandbox):
    task = queue.add_task("Announce it", "--gate", "person")
    queue.changeling("sync").ok()
    other = sandbox.clone(queue.remote, "colleague")
    other.changeling("init").ok()
    other.changeling("sync").ok()
    other.changeling("task", "approve", task["id"]).ok()
    other.changeling("sync").ok()
    queue.changeling("sync").ok()
    assert queue.claim()["id"] == task["id"]


def test_what_nobody_touched_is_stale(queue):
    forgotten = queue.add_task("Forgotten")
    blocked = queue.add_task("Stuck")
    queue.changeling("task", "block", blocked["id"], "--reason", "no key").ok()
    assert queue.changeling("task", "stale").ok().out == ""
    stale = queue.changeling("task", "stale", "--since", "0s", "--json").ok().json["tasks"]
    assert {task["id"] for task in stale} == {forgotten["id"], blocked["id"]}
    assert any("no key" in task["stale"] for task in stale)
    queue.changeling("task", "stale", "--since", "soon").expect(129)


def test_a_claim_that_ended_is_stale_at_once(queue):
    task = queue.add_task("Abandoned")
    queue.claim("--lease", "1s", "--as", "w1")
    queue.sandbox.wait_until(lambda: queue.changeling("task", "stale").ok().out, "the claim ends")
    entry, = queue.changeling("task", "stale", "--json").ok().json["tasks"]
    assert entry["id"] == task["id"] and "w1" in entry["stale"]


def test_the_criteria_of_a_role_are_its_tasks(queue):
    add_script_role(queue, "builder", "echo done > built.txt")
    queue.changeling("role", "add", "builder", "--update", "--accept", "file:built.txt", "--accept", "run:true").ok()
    shown = queue.changeling("role", "show", "builder", "--json").ok().json
    assert shown["accept"] == ["file:built.txt", "run:true"]
    task = queue.add_task("Build it", "--role", "builder", "--accept", "file:built.txt")
    assert task["acceptance"] == ["file:built.txt", "run:true"]
    later = queue.add_task("Build more")
    edited = queue.changeling("task", "edit", later["id"], "--role", "builder", "--json").ok().json
    assert edited["acceptance"] == ["file:built.txt", "run:true"]
    queue.changeling("role", "add", "other", "--prompt", "x", "--accept", "file:").expect(129)


def test_the_criteria_of_a_role_count_for_tasks_that_came_before(queue):
    add_script_role(queue, "builder", "echo done > other.txt")
    queue.add_task("Build it", "--role", "builder")
    queue.changeling("role", "add", "builder", "--update", "--accept", "file:built.txt").ok()
    queue.changeling("trust", "role:builder", "--yes").ok()
    report, = queue.changeling("dispatch", "--json").expect(1).json["tasks"]
    assert report["outcome"] == "verification-failed" and "built.txt" in report["error"]


def test_prime_tells_an_agent_what_is_here(queue):
    mine = queue.add_task("Mine")
    queue.claim("--as", "w1")
    free = queue.add_task("Free\u200b")
    gated = queue.add_task("Gated", "--gate", "person")
    told = queue.changeling("prime", "--as", "w1").ok().out
    own, ready = told.split("## What you have")[1].split("## What is ready")
    assert mine["id"] in own and mine["id"] not in ready
    assert free["id"] in ready and gated["id"] not in told
    assert "git changeling task claim --as w1`" in told and "complete ID --token TOKEN --as w1`" in told
    assert "--as" not in queue.changeling("prime").ok().out
    assert "--as 'agent 7'`" in queue.changeling("prime", "--as", "agent 7").ok().out
    assert "git changeling task claim" in told and "--discovered-from" in told
    answer = queue.changeling("prime", "--as", "w1", "--json").ok().json
    assert [task["id"] for task in answer["own"]] == [mine["id"]]
    assert [task["id"] for task in answer["ready"]] == [free["id"]]
    given = queue.changeling("prime", "--json", env={"CHANGELING_TASK": gated["id"]}).ok().json
    assert [task["id"] for task in given["own"]] == [gated["id"]]


def test_what_was_found_from_a_removed_task_lives_on(queue):
    origin = queue.add_task("Origin")
    found = queue.add_task("Found", "--discovered-from", origin["id"])
    queue.changeling("task", "remove", origin["id"]).ok()
    assert queue.task(found["id"])["discovered_from"] == ""
    queue.changeling("task", "edit", found["id"], "--title", "Found it").ok()


def test_an_import_leaves_out_relatives_that_are_not_there(queue, sandbox):
    file = sandbox.write("tasks.jsonl", '{"title": "a", "parent": "zzzz2222"}\n'
                                        '{"title": "b", "discovered_from": "zzzz2222"}\n')
    imported = queue.changeling("task", "import", file).ok()
    assert "parent: there is no task zzzz2222" in imported.err
    assert "discovered_from: there is no task zzzz2222" in imported.err
    assert [(task["parent"], task["discovered_from"]) for task in queue.tasks()] == [("", ""), ("", "")]


def test_a_task_does_not_come_from_itself(queue):
    one = queue.add_task("One")
    two = queue.add_task("Two", "--discovered-from", one["id"])
    for origin in (one, two):
        refused = queue.changeling("task", "edit", one["id"], "--discovered-from", origin["id"]).expect(128)
        assert "come from itself" in refused.err


def test_unblocked_is_what_no_gate_keeps(queue):
    gated = queue.add_task("Gated", "--gate", "person")
    free = queue.add_task("Free", "--gate", "until:2001-01-01T00:00:00Z")
    listed = queue.changeling("task", "list", "--status", "ready", "--unblocked", "--json").ok().json
    assert [task["id"] for task in listed["tasks"]] == [free["id"]] and listed["total"] == 1
    rows = queue.changeling("task", "list").ok().out
    assert "Gated (gate person)" in rows and rows.count("(gate") == 1
    queue.changeling("task", "done", gated["id"]).ok()
    assert "waits for" not in queue.changeling("task", "show", gated["id"]).ok().out
    assert "(gate" not in queue.changeling("task", "list").ok().out


def test_closing_a_claimed_task_says_what_comes_first(queue):
    task = queue.add_task("Claimed")["id"]
    queue.claim()
    assert f"task complete {task}" in queue.changeling("task", "move", task, "done").expect(128).err
    assert f"task release {task}" in queue.changeling("task", "move", task, "ready").expect(128).err
    queue.changeling("task", "release", task).ok()
    queue.claim("--as", "other")
    assert f"task block {task} --reason TEXT" in queue.changeling("task", "done", task).expect(128).err
    assert f"task block {task} --reason TEXT" in queue.changeling("task", "drop", task).expect(128).err


def test_a_dropped_task_is_called_dropped(queue):
    task = queue.add_task("Dropped")["id"]
    queue.changeling("task", "drop", task).ok()
    assert "is dropped" in queue.changeling("task", "done", task).expect(128).err
    assert "--status done" in queue.changeling("task", "list", "--status", "dropped").expect(129).err
    assert "at least 1" in queue.changeling("task", "complete", task, "--token", "abc").expect(129).err
