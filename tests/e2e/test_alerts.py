"""Commands of the user's own that events start: [changeling-alert "EVENT"] command = … in git's configuration."""

import json
import time


def alert(repository, event, command):
    repository.git("config", "--add", f"changeling-alert.{event}.command", command)


def collecting(repository, name="seen"):
    """A command that appends each event to a file, and a function that reads them."""
    file = repository.sandbox.root / name
    return f"cat >> '{file}'", lambda: [json.loads(line) for line in file.read_text().splitlines()]


def test_a_task_starts_the_alerts_of_its_event(repository):
    command, seen = collecting(repository)
    alert(repository, "work:added", command)
    alert(repository, "work:added", 'test "$CHANGELING_EVENT" = work:added && echo "$CHANGELING_EVENT_JSON" > by-variable')
    alert(repository, "work:removed", command)
    task = repository.add_task("One")
    event, = seen()
    assert (event["event"], event["task"], event["title"]) == ("work:added", task["id"], "One")
    assert json.loads(repository.read("by-variable")) == event
    in_stream, = repository.events()
    assert {**event, "seq": in_stream["seq"], "time": in_stream["time"]} == in_stream
    repository.changeling("task", "remove", task["id"]).ok()
    assert [event["event"] for event in seen()] == ["work:added", "work:removed"]
    repository.changeling("undo").ok()
    assert [event["event"] for event in seen()] == ["work:added", "work:removed", "work:added"]


def test_a_run_starts_alerts_in_order(repository):
    command, seen = collecting(repository)
    for event in ("run:started", "agent:spawned", "run:finished"):
        alert(repository, event, command)
    repository.add_command("a", "echo more >> README.md")
    repository.changeling("run", "a").ok()
    assert [event["event"] for event in seen()] == ["run:started", "agent:spawned", "run:finished"]
    assert seen()[-1]["outcome"] == "opened-pr"


def test_a_run_in_the_background_starts_alerts(repository):
    command, seen = collecting(repository)
    alert(repository, "run:finished", command)
    repository.add_command("a", "echo more >> README.md")
    repository.changeling("run", "a", "--detach").ok()
    repository.sandbox.wait_until(lambda: (repository.sandbox.root / "seen").exists() and seen(), "the alert")
    assert seen()[0]["outcome"] == "opened-pr"


def test_alerts_of_background_runs_follow_those_of_what_started_them(repository):
    """The hook's own process has given an alert before it starts the run."""
    command, seen = collecting(repository)
    repository.write(".changelings.toml", '[changelings.aaa]\nrun = "true"\non = ["post-commit"]\n')
    repository.commit({}, "a changeling that nobody has approved")
    repository.changeling("add", "bbb", "--run", "echo more >> README.md", "--on", "post-commit").ok()
    repository.git("config", "changeling.hookDelay", "10ms")
    alert(repository, "trigger:skipped", command)
    alert(repository, "run:finished", command)
    repository.changeling("hooks", "install").ok()
    repository.git("commit", "--quiet", "--allow-empty", "--message", "three")
    file = repository.sandbox.root / "seen"
    repository.sandbox.wait_until(lambda: file.exists() and len(seen()) == 2, "both alerts")
    assert [event["event"] for event in seen()] == ["trigger:skipped", "run:finished"]
    assert seen()[1]["changeling"] == "bbb"


def test_alerts_of_tasks_that_are_worked_on_side_by_side(repository):
    command, seen = collecting(repository)
    alert(repository, "work:completed", command)
    repository.git("config", "changeling.task.run", "echo done >> \"$CHANGELING_TASK\"")
    for title in ("One", "Two"):
        repository.add_task(title)
    repository.changeling("dispatch", "-n", "2", "--parallel", "2").ok()
    assert len(seen()) == 2


def test_a_failed_alert_is_said_and_changes_nothing_else(repository):
    alert(repository, "work:added", "echo no display >&2; exit 3")
    added = repository.changeling("task", "add", "One", "--json").ok()
    assert added.json["title"] == "One"
    assert added.err.count("warning: the alert 'echo no display >&2; exit 3' ended with exit code 3: no display") == 1
    assert repository.changeling("-q", "task", "add", "Two").ok().err == ""


def test_an_alert_that_hangs_delays_the_end_only_so_long(repository):
    alert(repository, "work:added", "exec sleep 600")
    begin = time.monotonic()
    added = repository.changeling("task", "add", "One").ok()
    assert "warning: the alert 'exec sleep 600' did not end within" in added.err
    assert time.monotonic() - begin < 60
    assert [task["title"] for task in repository.tasks()] == ["One"]


def test_an_unknown_event_is_a_warning_with_the_nearest_one(repository):
    alert(repository, "work:aded", "true")
    added = repository.changeling("task", "add", "One").ok()
    assert "there is no event 'work:aded'; did you mean 'work:added'?" in added.err


def test_an_alert_does_not_start_itself(repository):
    command, seen = collecting(repository)
    alert(repository, "work:added", command)
    alert(repository, "work:added", "git changeling task add again")
    repository.changeling("task", "add", "One").ok()
    assert len(seen()) == 1
    assert sorted(task["title"] for task in repository.tasks()) == ["One", "again"]


def test_a_clone_brings_no_alerts(repository, sandbox):
    """Nothing in a repository's content is read: only git's own configuration, which no clone copies."""
    alert(repository, "work:added", "touch ran")
    (repository.path / ".changelings.toml").write_text('[changeling-alert."work:added"]\ncommand = "touch ran"\n')
    repository.write(".gitconfig", '[changeling-alert "work:added"]\n\tcommand = touch ran\n')
    repository.commit({"a": "b"}, "with settings")
    repository.git("push", "--quiet", "origin", "main", "refs/changelings/*:refs/changelings/*")
    sandbox.run("git", "clone", "--quiet", repository.remote.path, sandbox.root / "clone").ok()
    clone = sandbox.adopt(sandbox.root / "clone")
    clone.git("rm", "--quiet", ".changelings.toml")
    clone.changeling("init").ok()
    clone.changeling("task", "add", "One").ok()
    assert not (clone.path / "ran").exists()


def test_settings_of_the_user_and_of_one_command(repository, sandbox):
    command, seen = collecting(repository)
    settings = sandbox.write("home/gitconfig", f'[changeling-alert "work:added"]\n\tcommand = {json.dumps(command)}\n')
    repository.changeling("task", "add", "One", env={"GIT_CONFIG_GLOBAL": str(settings)}).ok()
    assert len(seen()) == 1
    repository.git("-c", f"changeling-alert.work:added.command={command}", "changeling", "task", "add", "Two")
    assert len(seen()) == 2
