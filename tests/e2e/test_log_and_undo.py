"""The history of operations, and taking one back."""

import json

import pytest

STATE = "refs/changelings/state"


def undo(repository, *words):
    return repository.changeling("undo", *words, "--json")


# log

def test_log_tells_who_did_what_when(repository):
    task = repository.add_task("One")
    operation, start = repository.operations()
    assert set(operation) >= {"id", "kind", "subject", "actor", "time", "changeling", "run", "task"}
    assert operation["id"] == repository.head(STATE)
    assert operation["kind"] == "task.add"
    assert "One" in operation["subject"]
    assert operation["actor"] == "Test Person <test@example.com>"
    assert operation["time"].endswith("Z")
    assert operation["task"] == task["id"]
    assert operation["changeling"] is None and operation["run"] is None
    assert start["kind"] == "init"


def test_log_filters(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two")
    repository.changeling("task", "edit", one["id"], "--label", "x").ok()
    repository.changeling("add", "sprite", "--run", "true").ok()
    run = repository.changeling("run", "sprite", "--json").ok().json
    kinds = [operation["kind"] for operation in repository.operations("--task", one["id"][:5])]
    assert kinds == ["task.edit", "task.add"]
    assert len(repository.operations("--task", two["id"])) == 1
    assert [operation["kind"] for operation in repository.operations("--changeling", "sprite")][-1] == "changeling.add"
    assert {operation["run"] for operation in repository.operations("--run", run["id"][:5])} == {run["id"]}
    assert len(repository.operations("-n", "2")) == 2
    assert repository.operations("-n", "0")[-1]["kind"] == "init"


def test_log_of_a_removed_task(repository):
    task = repository.add_task("One")
    repository.changeling("task", "remove", task["id"]).ok()
    assert [operation["kind"] for operation in repository.operations("--task", task["id"])] == [
        "task.remove", "task.add"]


def test_log_since(repository):
    repository.add_task("One")
    assert len(repository.operations("--since", "1h")) == 2
    assert repository.operations("--since", "2999-01-01") == []
    assert len(repository.operations("--since", "2001-01-01T00:00:00Z")) == 2
    assert "--since" in repository.changeling("log", "--since", "lately").expect(129).err


def test_log_as_text(repository):
    repository.add_task("One")
    text = repository.changeling("log").ok().out
    assert repository.head(STATE)[:10] in text and "Test Person" in text and "One" in text


# undo

def test_undo_takes_the_last_operation_back_and_redoes_it(repository):
    task = repository.add_task("One")
    added = repository.head(STATE)
    answer = undo(repository).ok().json
    assert answer["undone"]["id"] == added
    assert answer["operation"]["kind"] == "undo"
    assert answer["operation"]["undoes"] == added
    assert repository.tasks() == []
    assert "Undoes: " + added in repository.git("log", "-1", "--format=%B", STATE)
    answer = repository.changeling("redo", "--json").ok().json
    assert answer["operation"]["kind"] == "redo" and answer["operation"]["undoes"] == answer["undone"]["id"]
    assert repository.task(task["id"]) == task


def test_undo_goes_back_step_by_step_and_redo_forward(repository):
    repository.add_command("writer", "echo more >> README.md")
    one = repository.add_task("One")
    repository.changeling("task", "edit", one["id"], "--title", "Two").ok()
    repository.changeling("run", "writer").ok()
    undo(repository).ok()
    assert [task["title"] for task in repository.tasks()] == ["One"]
    undo(repository).ok()
    assert repository.tasks() == []
    for title in ("One", "Two"):
        repository.changeling("redo").ok()
        assert [task["title"] for task in repository.tasks()] == [title]
    error = repository.changeling("redo", "--json").expect(128).error
    assert "nothing has been taken back" in error["message"] and "undo ID" in error["hint"]
    assert all(operation["subject"].count("do: ") <= 1 for operation in repository.operations())


def test_the_undo_of_an_accepted_request_names_what_takes_all_of_it_back(repository):
    repository.add_command("writer", "for n in 1 2; do echo $n >> README.md; git commit -qam $n; done")
    repository.changeling("run", "writer").ok()
    before = repository.head("main")
    repository.changeling("review", "accept", "1").ok()
    hint = undo(repository).expect(128).error["hint"]
    command = hint.split("with: ", 1)[1].split("; ")[0]
    assert command.startswith("git revert "), hint
    repository.git(*command.split()[1:])
    assert repository.git("diff", before, "main") == ""


@pytest.fixture
def ada_and_bob(sandbox):
    """Two clones of one repository; Bob's task is the last step in both."""
    ada = sandbox.repository(remote="bare")
    ada.changeling("init").ok()
    ada.changeling("sync").ok()
    bob = sandbox.clone(ada.remote, "bob")
    bob.changeling("init").ok()
    bob.add_task("Of Bob")
    bob.changeling("sync").ok()
    ada.changeling("sync").ok()
    return ada, bob


def test_what_others_did_is_not_taken_back_unasked(ada_and_bob):
    ada, bob = ada_and_bob
    of_bob = next(operation for operation in ada.operations() if operation["kind"] == "task.add")
    for words in ((), (of_bob["id"][:8],)):
        tip = ada.head(STATE)
        error = undo(ada, *words).expect(128).error
        assert error["kind"] == "refused"
        assert "this takes back what Person of bob did: " + of_bob["subject"] in error["message"]
        assert error["hint"].endswith(f"git changeling undo {of_bob['id'][:10]} --yes")
        assert ada.head(STATE) == tip and len(ada.tasks()) == 1
    command = error["hint"].split("git changeling ", 1)[1]
    ada.changeling(*command.split()).ok()
    assert ada.tasks() == []
    # The undo is Ada's own; to Bob it is somebody else's.
    ada.changeling("sync").ok()
    bob.changeling("sync").ok()
    error = bob.changeling("redo", "--json").expect(128).error
    assert "this takes back what Test Person did: undo: " in error["message"]
    command = error["hint"].split("git changeling ", 1)[1]
    bob.changeling(*command.split()).ok()
    assert [task["title"] for task in bob.tasks()] == ["Of Bob"]
    ada.changeling("redo").ok()
    assert len(ada.tasks()) == 1


def test_on_a_terminal_undo_of_what_others_did_asks(ada_and_bob):
    ada, bob = ada_and_bob
    text = "".join(ada.in_terminal("undo", columns=200, typed="n\n"))
    assert "this takes back what Person of bob did: " in text and "Go on? [y/N]" in text
    assert len(ada.tasks()) == 1
    ada.in_terminal("undo", typed="y\n")
    assert ada.tasks() == []
    assert "Go on?" not in "".join(ada.in_terminal("redo", typed=""))
    assert len(ada.tasks()) == 1
    # Bob's own is taken back at once.
    undo(bob).ok()


def test_undo_goes_on_before_a_merge(repository):
    task = repository.add_task("One")
    repository.add_command("writer", "echo more >> README.md")
    added = repository.head(STATE)
    repository.changeling("run", "writer").ok()
    repository.changeling("review", "accept", "1").ok()
    hint = undo(repository).expect(128).error["hint"]
    assert f"git changeling undo {added[:10]} (" in hint
    undo(repository, added[:10]).ok()
    assert repository.changeling("list", "--json").ok().json["changelings"] == []
    # The next one asked for is the one before that.
    older = undo(repository).expect(128).error["hint"].rsplit("undo ", 1)[1].split()[0]
    undo(repository, older).ok()
    assert task["id"] not in [one["id"] for one in repository.tasks()]


def test_undo_of_a_named_operation(repository):
    task = repository.add_task("One", "--description", "old")
    repository.changeling("task", "edit", task["id"], "--description", "new").ok()
    edited = repository.head(STATE)
    repository.add_task("Two")
    undo(repository, edited[:8]).ok()
    assert repository.task(task["id"])["description"] == "old"
    assert len(repository.tasks()) == 2


def test_undo_of_a_removal(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two", "--blocked-by", one["id"])
    repository.changeling("task", "remove", one["id"]).ok()
    undo(repository).ok()
    assert repository.task(two["id"])["blocked_by"] == [one["id"]]
    assert repository.events()[-2:][0]["event"] in ("work:added", "work:updated")


def test_undo_of_definitions_and_roles(repository):
    repository.changeling("add", "sprite", "--run", "true", "--description", "old").ok()
    repository.changeling("update", "sprite", "--description", "new").ok()
    undo(repository).ok()
    assert repository.changeling("show", "sprite", "--json").ok().json["description"] == "old"
    repository.changeling("role", "add", "fixer", "--prompt", "x").ok()
    undo(repository).ok()
    assert repository.changeling("role", "list", "--json").ok().json == {"roles": [], "damaged": []}


def test_undo_announces_what_it_brought_back(repository):
    task = repository.add_task("One")
    repository.changeling("task", "move", task["id"], "planning").ok()
    undo(repository).ok()
    event = repository.events()[-1]
    assert (event["event"], event["from"], event["to"]) == ("work:status_changed", "planning", "ready")
    assert repository.claim()["id"] == task["id"]


def refused(repository, *words):
    """The error of an undo that must be refused and change nothing."""
    tip = repository.head(STATE)
    error = undo(repository, *words).expect(128).error
    assert error["kind"] == "refused"
    assert "cannot take back" in error["message"] or "where the history begins" in error["message"]
    assert repository.head(STATE) == tip
    return error


def test_a_later_change_is_named(repository):
    task = repository.add_task("One")
    added = repository.head(STATE)
    repository.changeling("task", "edit", task["id"], "--label", "x").ok()
    edited = repository.head(STATE)
    error = refused(repository, added)
    assert edited[:10] in error["message"]
    assert f"undo {edited[:10]}" in error["hint"]
    undo(repository, edited).ok()
    undo(repository, added).ok()
    assert repository.tasks() == []


def test_a_claimed_task_stays(repository):
    repository.add_task("One")
    claim = repository.claim("--as", "worker")
    error = refused(repository)
    assert "claimed by worker" in error["message"]
    assert f"task release {claim['id']} --token 1" in error["hint"]


def test_a_task_that_another_waits_for_stays(repository):
    one = repository.add_task("One")
    added = repository.head(STATE)
    two = repository.add_task("Two", "--blocked-by", one["id"])
    error = refused(repository, added)
    assert two["id"] in error["message"]
    assert f"task unblock {two['id']} --by {one['id']}" in error["hint"]


def test_a_cycle_does_not_come_back(repository):
    one = repository.add_task("One")
    two = repository.add_task("Two", "--blocked-by", one["id"])
    repository.changeling("task", "unblock", two["id"], "--by", one["id"]).ok()
    freed = repository.head(STATE)
    repository.changeling("task", "block", one["id"], "--by", two["id"]).ok()
    message = refused(repository, freed)["message"]
    assert one["id"] in message and two["id"] in message


def test_the_beginning_stays(sandbox):
    repository = sandbox.repository()
    repository.changeling("init").ok()
    assert "begins" in refused(repository)["message"]


def test_runs_are_not_taken_back(repository):
    repository.add_command("writer", "echo more >> README.md")
    record = repository.changeling("run", "writer", "--json").ok().json
    finished = next(operation for operation in repository.operations() if operation["kind"] == "run.finish")
    assert f"retry {record['id']}" in refused(repository, finished["id"])["hint"]


def test_a_running_run_stays(repository, sandbox):
    repository.add_command("slow", "touch started; while :; do sleep 0.1; done")
    program = repository.start("run", "slow")
    operation = sandbox.wait_until(
        lambda: next((one for one in repository.operations() if one["kind"] == "run.start"), None), "the run begins")
    assert "is running" in refused(repository, operation["id"])["message"]
    program.interrupt()
    program.finish()


def test_an_accepted_pull_request_stays_accepted(repository):
    repository.add_command("writer", "echo more >> README.md")
    repository.changeling("run", "writer").ok()
    repository.changeling("review", "accept", "1").ok()
    error = refused(repository)
    assert "merged" in error["message"]
    assert "git revert" in error["hint"]


@pytest.mark.parametrize("word", ["HEAD", "main", "abc", "ffffffffff", "zz"])
def test_a_word_that_is_no_operation(repository, word):
    repository.add_task("One")
    error = undo(repository, word).expect(128).error
    assert error["kind"] == "not_found"
    assert "git changeling log" in error["hint"]


def test_undo_keeps_the_repository_sound_with_other_writers(repository):
    task = repository.add_task("One")
    repository.changeling("task", "edit", task["id"], "--label", "x").ok()
    programs = [repository.start("undo", repository.head(STATE)), repository.start("task", "add", "Two"),
                repository.start("task", "add", "Three")]
    for program in programs:
        program.finish().ok()
    assert sorted(one["title"] for one in repository.tasks()) == ["One", "Three", "Two"]
    assert repository.task(task["id"])["labels"] == []
    json.loads(repository.changeling("task", "export").ok().out.splitlines()[0])
