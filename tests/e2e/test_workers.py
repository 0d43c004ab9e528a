"""`work`: workers that take one task after the other, in any number of processes, and survive what happens to them."""

import datetime
import os
import shlex
import signal

import pytest

from harness.roles import add_script_role, barrier, gate, writer

TRACE = {"CHANGELING_TRACE": "1"}
MARK = "trace: step "


def all_in(repository, *statuses):
    return lambda: all(task["status"] in statuses for task in repository.tasks())


def stop_gently(*programs):
    for program in programs:
        program.signal(signal.SIGTERM)
    return [program.finish() for program in programs]


def sessions(repository):
    return repository.changeling("status", "--json").ok().json["sessions"]


def test_several_workers_do_every_task_once(repository, sandbox):
    log = sandbox.marks / "done"
    add_script_role(repository, "logger", f'echo "$CHANGELING_TASK" >> {log}; echo x > "$CHANGELING_TASK.txt"')
    tasks = [repository.add_task(f"Task {number}", "--role", "logger") for number in range(8)]
    workers = [repository.start("work", "--role", "logger", "--as", f"worker-{number}", "--json") for number in range(3)]
    sandbox.wait_until(all_in(repository, "review"), "all tasks are in review", patience=240)
    outcomes = [result.ok().json for result in stop_gently(*workers)]
    assert sorted(log.read_text().split()) == sorted(task["id"] for task in tasks)
    reported = [report["task"] for outcome in outcomes for report in outcome["tasks"]]
    assert sorted(reported) == sorted(task["id"] for task in tasks)
    assert {len(repository.task(task["id"])["attempts"]) for task in tasks} == {0}
    assert len(repository.pull_requests()) == 8
    assert {session["status"] for session in sessions(repository)} == {"completed"}


def test_a_new_task_wakes_a_worker_at_once(repository, sandbox):
    writer(repository)
    worker = repository.start("work", "--poll", "1h")
    worker.wait_for_line("waiting for tasks")
    session, = sessions(repository)
    assert session["status"] == "idle"
    task = repository.add_task("Wake up", "--role", "writer")
    sandbox.wait_until(lambda: repository.task(task["id"])["status"] == "review", "the worker did it")
    # Also after the reference has moved into git's packed file and its folder is gone.
    repository.git("pack-refs", "--all", "--prune")
    repository.add_task("And again", "--role", "writer")
    sandbox.wait_until(all_in(repository, "review"), "the worker did that, too")
    assert stop_gently(worker)[0].code == 0


def test_a_task_that_becomes_free_is_taken_at_once(repository, sandbox):
    writer(repository)
    first = repository.add_task("First")
    second = repository.add_task("Second", "--role", "writer", "--label", "go", "--blocked-by", first["id"])
    worker = repository.start("work", "--label", "go", "--poll", "1h")
    worker.wait_for_line("waiting for tasks")
    assert repository.claim("--as", "a person")["id"] == first["id"]
    assert repository.task(second["id"])["status"] == "ready"
    repository.changeling("task", "complete", first["id"], "--token", "1").ok()
    sandbox.wait_until(lambda: repository.task(second["id"])["status"] == "review", "the worker did the second")
    stop_gently(worker)


def test_once(repository):
    writer(repository)
    repository.changeling("work", "--once").expect(1)
    for number in range(2):
        repository.add_task(f"Task {number}", "--role", "writer")
    answer = repository.changeling("work", "--once", "--role", "writer", "--json").ok().json
    assert len(answer["tasks"]) == len(answer["runs"]) == 1
    assert [task["status"] for task in repository.tasks()].count("ready") == 1


def test_the_first_signal_finishes_the_task(repository, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "slow", script + "echo x > x.txt")
    tasks = [repository.add_task(f"Task {number}", "--role", "slow") for number in range(2)]
    worker = repository.start("work", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    worker.interrupt()
    worker.wait_for_line("finishing this task")
    assert sandbox.agent_processes() != []
    opened.touch()
    result = worker.finish().ok()
    assert [report["outcome"] for report in result.json["tasks"]] == ["opened-pr"]
    assert [repository.task(task["id"])["status"] for task in tasks] == ["review", "ready"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_stops_the_agent_and_gives_the_task_back(repository, sandbox, number):
    script, come, _ = gate(sandbox)
    add_script_role(repository, "slow", "echo half > half.txt; sleep 600 & " + script)
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    worker.signal(number)
    worker.wait_for_line("finishing this task")
    worker.signal(number)
    result = worker.finish()
    assert result.code == 0
    assert sandbox.agent_processes() == []
    back = repository.task(task["id"])
    assert back["status"] == "ready" and "lease" not in back
    assert [attempt["outcome"] for attempt in back["attempts"]] == ["released"]
    run, = repository.runs()
    assert run["outcome"] == "killed"
    assert repository.show(run["branch"], "half.txt") == "half\n"
    assert repository.pull_requests() == []


def test_a_signal_ends_an_idle_worker(repository):
    writer(repository)
    worker = repository.start("work", "--poll", "1h")
    worker.wait_for_line("waiting for tasks")
    worker.signal(signal.SIGTERM)
    worker.finish().ok()
    assert [session["status"] for session in sessions(repository)] == ["completed"]


@pytest.mark.parametrize("parallel", [1, 2])
def test_q_ends_a_worker_after_its_task_and_leaves_the_terminal_as_it_was(repository, sandbox, terminal, parallel):
    script, come, opened = gate(sandbox)
    # It takes longer than a worker waits for a server once it is to end.
    add_script_role(repository, "slow", script + "sleep 1.5; echo x > x.txt")
    task = repository.add_task("Slow", "--role", "slow")
    before = terminal.settings()
    terminal.type(f"git-changeling work --parallel {parallel}; echo \"ended with $?\"")
    sandbox.wait_until(come.exists, "the agent works")
    terminal.keys("q")
    terminal.wait_for("finishing")
    # Ids and names of folders are random and may hold any letters, also over the end of a line.
    run, = repository.runs()
    screen = terminal.screen().replace("\n", "")
    for random in (task["id"], run["id"], sandbox.root.name):
        screen = screen.replace(random, "")
    assert "qq" not in screen
    opened.touch()
    terminal.wait_for("ended with 0")
    assert repository.task(task["id"])["status"] == "review"
    assert terminal.settings() == before


def test_the_terminal_is_as_it_was_after_the_agent_was_killed(repository, sandbox, terminal):
    script, come, _ = gate(sandbox)
    add_script_role(repository, "slow", script)
    repository.add_task("Slow", "--role", "slow")
    before = terminal.settings()
    terminal.type("git-changeling work --once; echo \"ended with $?\"")
    sandbox.wait_until(come.exists, "the agent works")
    for process in sandbox.agent_processes():
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass  # It went with the one before.
    terminal.wait_for("ended with 1")
    assert terminal.settings() == before


def test_an_interactive_role_gets_the_terminal_and_q_works_again_afterwards(repository, terminal):
    add_script_role(repository, "guide", "test -t 0 && printf 'Your name? '; read name; echo $name > name.txt",
                    interactive=True)
    task = repository.add_task("Ask", "--role", "guide")
    before = terminal.settings()
    terminal.type("git-changeling work --role guide; echo \"ended with $?\"")
    terminal.wait_for("Your name?")
    terminal.type("q Merlin")
    terminal.wait_for(f"{task['id']}: opened-pr")
    terminal.keys("q")
    terminal.wait_for("ended with 0")
    record = repository.runs()[0]
    assert repository.show(record["branch"], "name.txt") == "q Merlin\n"
    assert terminal.settings() == before


def test_ctrl_c_at_a_terminal_with_parallel_workers(repository, sandbox, terminal):
    add_script_role(repository, "pair", barrier(sandbox, 2) + gate(sandbox)[0] + "echo x > x.txt")
    for number in range(2):
        repository.add_task(f"Task {number}", "--role", "pair")
    terminal.type("git-changeling work --parallel 2; echo \"ended with $?\"")
    sandbox.wait_until(lambda: len(list((sandbox.marks / "barrier").iterdir())) == 2, "both agents work")
    terminal.keys("C-c")
    terminal.wait_for("finishing what is under way")
    assert len(sandbox.agent_processes()) >= 2
    terminal.keys("C-c")
    terminal.wait_for("ended with 0")
    assert [task["status"] for task in repository.tasks()] == ["ready", "ready"]
    assert {run["outcome"] for run in repository.runs()} == {"killed"}


def test_parallel_workers_in_one_command(repository, sandbox):
    add_script_role(repository, "pair", barrier(sandbox, 2) + 'echo x > "$CHANGELING_TASK.txt"')
    for number in range(2):
        repository.add_task(f"Task {number}", "--role", "pair")
    worker = repository.start("work", "--parallel", "2", "--json")
    sandbox.wait_until(all_in(repository, "review"), "both tasks are done")
    assert len(sessions(repository)) == 2
    result, = stop_gently(worker)
    assert len(result.ok().json["tasks"]) == 2


def test_parallel_workers_end_when_their_parent_is_killed(repository, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "slow", script + "echo x > x.txt")
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--parallel", "2")
    sandbox.wait_until(come.exists, "the agent works")
    worker.kill()
    opened.touch()
    sandbox.wait_until(lambda: repository.task(task["id"])["status"] == "review", "the child has finished its task")
    sandbox.wait_until(lambda: {one["status"] for one in sessions(repository)} == {"completed"}, "both have ended")


# Being killed.

def steps_of_a_task(repository):
    writer(repository)
    repository.add_task("Write", "--role", "writer", "--accept", "run:true")
    result = repository.changeling("work", "--once", env=TRACE).ok()
    return [line[len(MARK):].strip() for line in result.err.splitlines() if line.startswith(MARK)]


def prepared(sandbox, name):
    repo = sandbox.repository(files={"README.md": "# Example\n"}, remote="bare", name=name)
    repo.changeling("init").ok()
    return repo


def test_every_step_survives_a_kill(sandbox):
    names = steps_of_a_task(prepared(sandbox, "steps"))
    assert len(names) == len(set(names)) >= 10, names
    assert names[0] == "claim" and names[-1] == "finish"
    for number, name in enumerate(names):
        repo = prepared(sandbox, f"kill-{number}")
        writer(repo)
        task = repo.add_task("Write", "--role", "writer", "--accept", "run:true")
        worker = repo.start("work", "--once", env=TRACE)
        worker.wait_for_line(MARK + name)
        worker.kill()
        worker.finish().expect(-9)
        sandbox.wait_until(lambda: sandbox.agent_processes() == [], f"{name}: the agent dies with the worker",
                           patience=15)
        repo.check()
        # No lease has to run out: the dead worker was on this machine.
        session, = sessions(repo)
        assert session["status"] == "failed", name
        left = repo.task(task["id"])
        assert left["status"] in ("ready", "review"), (name, left)
        assert "lease" not in left
        if left["status"] == "ready":
            assert [one["outcome"] for one in left["attempts"]] in ([], ["killed"]), name
            answer = repo.changeling("work", "--once", "--json").ok().json
            assert answer["tasks"][0]["outcome"] in ("opened-pr", "updated-pr"), name
        done = repo.task(task["id"])
        assert done["status"] == "review", name
        for run in repo.runs():
            assert run["status"] == "finished", (name, run)
        pulls = [pull for pull in repo.pull_requests() if pull["state"] == "open"]
        assert len(pulls) == 1, (name, pulls)
        assert repo.remote.head(pulls[0]["branch"]) == pulls[0]["head"], name
        assert repo.worktrees() == []
        repo.check()
        repo.remote.check()


def test_a_task_that_was_done_when_its_worker_was_killed_is_not_done_again(repository):
    writer(repository)
    task = repository.add_task("Write", "--role", "writer")
    worker = repository.start("work", env=TRACE)
    worker.wait_for_line(MARK + "finish")
    worker.kill()
    worker.finish()
    repository.changeling("work", "--once").expect(1)
    done = repository.task(task["id"])
    assert done["status"] == "review" and done["attempts"] == []
    assert len(repository.runs()) == 1


# Leases.

def test_a_lease_is_renewed_while_the_agent_works(repository, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "slow", script + "echo x > x.txt")
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--once", "--lease", "4s", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    first = repository.task(task["id"])["lease"]

    def renewed():
        lease = repository.task(task["id"])["lease"]
        assert lease["token"] == first["token"]
        return lease["expires_at"] > first["expires_at"]

    sandbox.wait_until(renewed, "the lease is renewed")
    opened.touch()
    assert worker.finish().ok().json["tasks"][0]["outcome"] == "opened-pr"
    assert repository.task(task["id"])["attempts"] == []


def test_a_worker_that_lost_its_lease_publishes_nothing(repository, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "slow", script + "echo x > x.txt")
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--once", "--lease", "8s", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    # As a laptop that sleeps.
    worker.signal(signal.SIGSTOP)
    end = datetime.datetime.fromisoformat(repository.task(task["id"])["lease"]["expires_at"].replace("Z", "+00:00"))
    sandbox.wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) > end, "the lease runs out")
    claim = repository.claim("--as", "other")
    assert claim["id"] == task["id"] and claim["lease"]["token"] == 2
    worker.signal(signal.SIGCONT)
    opened.touch()
    result = worker.finish().expect(1)
    run, = result.json["runs"]
    assert run["outcome"] == "lost-lease"
    assert run["pull_request"] is None
    assert repository.pull_requests() == []
    assert repository.remote.branches("refs/heads/changelings") == []
    now = repository.task(task["id"])
    assert now["lease"]["owner"] == "other"
    assert [attempt["outcome"] for attempt in now["attempts"]] == ["expired"]
    # What the first one has done is not lost.
    assert sandbox.agent_processes() == []


def test_blocking_a_task_ends_the_run_of_its_worker(repository, sandbox):
    script, come, _ = gate(sandbox)
    add_script_role(repository, "slow", script)
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--once", "--json")
    sandbox.wait_until(come.exists, "the agent works")
    repository.changeling("task", "block", task["id"], "--reason", "not wanted any more").ok()
    assert worker.finish().expect(1).json["runs"][0]["outcome"] == "lost-lease"
    assert repository.task(task["id"])["status"] == "blocked"


# What is shown.

def test_a_session_shows_what_a_worker_does(repository, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(repository, "slow", script)
    task = repository.add_task("Slow", "--role", "slow")
    worker = repository.start("work", "--role", "slow", "--as", "me")
    sandbox.wait_until(come.exists, "the agent works")
    session, = sessions(repository)
    run, = repository.runs()
    assert (session["status"], session["worker"], session["role"]) == ("working", "me", "slow")
    assert (session["task"], session["task_title"], session["run"]) == (task["id"], "Slow", run["id"])
    assert os.path.isdir(session["workspace"])
    text = repository.changeling("status").ok().out
    assert "Workers" in text and task["id"] in text
    worker.kill()
    worker.finish()
    session, = sessions(repository)
    assert session["status"] == "failed"
    assert "killed" in session["note"]
    assert repository.task(task["id"])["attempts"][0]["outcome"] == "killed"
    assert repository.changeling("runs", "show", run["id"], "--json").ok().json["outcome"] == "killed"


def test_sessions_are_private_and_local(repository):
    writer(repository)
    repository.add_task("Write", "--role", "writer")
    repository.changeling("work", "--once").ok()
    folder = repository.common_directory() / "changelings" / "sessions"
    record, = folder.glob("*.json")
    assert record.stat().st_mode & 0o077 == 0
    assert "sessions" not in repository.git("ls-tree", "-r", "--name-only", "refs/changelings/state")


def test_a_failing_task_does_not_keep_the_worker_busy(repository, sandbox):
    count = sandbox.marks / "count"
    add_script_role(repository, "broken", f"echo x >> {shlex.quote(str(count))}; exit 3")
    writer(repository)
    broken = repository.add_task("Impossible", "--role", "broken", "--priority", "urgent")
    good = repository.add_task("Possible", "--role", "writer")
    worker = repository.start("work")
    sandbox.wait_until(lambda: repository.task(good["id"])["status"] == "review", "the good task is done")
    worker.wait_for_line("waiting for tasks")
    assert count.read_text().split() == ["x"]
    assert repository.task(broken["id"])["status"] == "ready"
    stop_gently(worker)
