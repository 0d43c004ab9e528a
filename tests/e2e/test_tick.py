"""`tick`: what schedules ask for is started, once, and everything else is explained."""

import json

import pytest

from harness.stepped_clock import SteppedClock


@pytest.fixture
def clock(sandbox):
    return SteppedClock(sandbox, "2026-11-23 12:00:00")


@pytest.fixture
def repository(clock, sandbox):
    repo = sandbox.repository(remote="bare")
    repo.changeling("init").ok()
    return repo


def add_nightly(repository, name="sprite", *options):
    script = options[0] if options and not options[0].startswith("-") else "echo more >> README.md"
    repository.add_command(name, script, "--schedule", "0 3 * * *", *[o for o in options if o != script])


def tick(repository, *options):
    return repository.changeling("tick", "--json", *options).ok().json


def finished_runs(repository, count):
    """The runs, oldest first, once that many are finished."""
    def look():
        runs = repository.runs()
        return runs[::-1] if len(runs) >= count and all(run["status"] == "finished" for run in runs) else None
    return repository.sandbox.wait_until(look, f"{count} runs are finished")


def test_a_due_changeling_is_started_once(repository, clock):
    add_nightly(repository)
    assert tick(repository)["due"] == []
    clock.set("2026-11-24 03:00:20")
    due = tick(repository)["due"]
    assert [(entry["changeling"], entry["scheduled_for"]) for entry in due] == [("sprite", "2026-11-24T03:00:00.000Z")]
    [run] = finished_runs(repository, 1)
    assert run["id"] == due[0]["run"]
    assert run["trigger"] == "schedule"
    assert run["scheduled_for"] == "2026-11-24T03:00:00.000Z"
    assert run["outcome"] == "opened-pr"
    clock.advance(minutes=1)
    after = tick(repository)
    assert after["due"] == []
    assert after["waiting"] == [{"repository": str(repository.common_directory()), "changeling": "sprite",
                                 "next_run": "2026-11-25T03:00:00.000Z", "reason": "nothing is due"}]


def test_two_ticks_at_once_start_one_run(repository, clock):
    add_nightly(repository)
    clock.set("2026-11-24 03:00:20")
    ticks = [repository.start("tick", "--json") for _ in range(6)]
    started = [entry["run"] for program in ticks for entry in program.finish().ok().json["due"] if "run" in entry]
    [run] = finished_runs(repository, 1)
    assert started == [run["id"]]


def test_two_machines_start_one_run(repository, sandbox, clock):
    add_nightly(repository)
    repository.changeling("sync").ok()
    other = sandbox.clone(repository.remote, "other")
    other.changeling("init").ok()
    other.changeling("trust", "--all", "--yes").ok()
    for night in range(24, 27):
        clock.set(f"2026-11-{night} 03:00:20")
        programs = [clone.start("-C", clone.path, "tick", "--json") for clone in (repository, other)]
        entries = [entry for program in programs for entry in program.finish().ok().json["due"]]
        assert sum("run" in entry for entry in entries) == 1, entries
        for clone in (repository, other):
            assert finished_everywhere(clone, night - 23) == [
                f"2026-11-{day}T03:00:00.000Z" for day in range(24, night + 1)]


def finished_everywhere(clone, count):
    """Which times of the schedule were run, once this clone has heard of that many finished runs."""
    def look():
        clone.changeling("sync").ok()
        times = [run["scheduled_for"] for run in clone.runs()[::-1] if run["status"] == "finished"]
        return times if len(times) >= count else None
    return clone.sandbox.wait_until(look, f"{count} finished runs are known")


def test_dry_run_explains_and_starts_nothing(repository):
    add_nightly(repository)
    add_nightly(repository, "troll")
    repository.changeling("disable", "troll").ok()
    answer = tick(repository, "--dry-run", "--now", "2026-11-24T03:00:30Z")
    assert [(entry["changeling"], entry["scheduled_for"], entry["reason"]) for entry in answer["due"]] == [
        ("sprite", "2026-11-24T03:00:00.000Z", "its time has come")]
    assert [(entry["changeling"], entry["reason"]) for entry in answer["waiting"]] == [("troll", "disabled")]
    assert repository.runs() == []
    lines = repository.in_terminal("tick", "--dry-run", "--now", "2026-11-24T03:00:30Z")
    assert [line.split()[:2] for line in lines if line.strip()] == [
        ["CHANGELING", "DECISION"], ["sprite", "due"], ["troll", "waits"]]


def test_what_is_not_trusted_is_held_back_and_said_once(repository, sandbox, clock):
    repository.commit({".changelings.toml": '[changelings.stranger]\nrun = "touch /tmp/x"\nschedule = "0 3 * * *"\n'},
                      "a changeling")
    clock.set("2026-11-24 03:00:20")
    answer = tick(repository)
    assert answer["due"] == []
    assert answer["held_back"][0]["reason"] == "not trusted on this machine: git changeling trust stranger"
    tick(repository)
    said = [event for event in repository.events() if event["event"] == "trigger:skipped"]
    assert [(event["changeling"], event["trigger"], event["scheduled_for"]) for event in said] == [
        ("stranger", "schedule", "2026-11-24T03:00:00.000Z")]
    assert repository.runs() == []
    # An approval does not reach back.
    clock.advance(hours=5)
    repository.changeling("trust", "stranger", "--yes").ok()
    assert tick(repository)["due"] == []


def test_a_change_of_the_definition_revokes_and_nothing_runs(repository, clock):
    add_nightly(repository)
    repository.git("update-ref", "refs/heads/keep", "HEAD")
    repository.commit({".changelings.toml": '[changelings.sprite]\nbudget = 3.0\n'}, "more money")
    clock.set("2026-11-24 03:00:20")
    assert "not trusted" in tick(repository)["held_back"][0]["reason"]
    assert repository.runs() == []


def test_failures_make_pauses_and_a_run_by_hand_is_always_possible(repository, clock):
    repository.add_command("sprite", "exit 3", "--schedule", "0 * * * *")
    for hour in (13, 14):
        clock.set(f"2026-11-23 {hour}:00:05")
        tick(repository)
        finished_runs(repository, hour - 12)
    clock.set("2026-11-23 15:00:03")
    held = tick(repository)["held_back"]
    assert held[0]["reason"].startswith("sprite pauses until 2026-11-23T15:00:05")
    assert held[0]["reason"].endswith("after 2 failures in a row")
    # `plan` and `list` agree that it is made up for at the end of the pause.
    [listed] = repository.changeling("list", "--json").ok().json["changelings"]
    planned = repository.changeling("plan", "--json").ok().json["plan"][0]["times"]
    assert planned[0] == listed["next_run"] == "2026-11-23T15:00:05.000Z"
    assert repository.changeling("run", "sprite", "--json").expect(1).json["outcome"] == "failed"
    clock.set("2026-11-23 16:30:00")
    assert "after 3 failures in a row" in tick(repository)["held_back"][0]["reason"]
    repository.git("config", "changeling.cooldown", "0s")
    assert len(tick(repository)["due"]) == 1
    finished_runs(repository, 4)


def test_an_unreachable_remote_holds_back_and_is_made_up_for(repository, sandbox, clock):
    add_nightly(repository)
    repository.changeling("sync").ok()
    away = repository.remote.path.with_name("away.git")
    repository.remote.path.rename(away)
    clock.set("2026-11-24 03:00:20")
    assert "another machine may do this run" in tick(repository)["due"][0]["skipped"]
    assert repository.runs() == []
    away.rename(repository.remote.path)
    clock.set("2026-11-24 03:20:00")
    assert tick(repository)["due"][0]["scheduled_for"] == "2026-11-24T03:00:00.000Z"
    finished_runs(repository, 1)


def test_the_outbox_is_sent(repository, sandbox, clock):
    add_nightly(repository, "sprite")
    # The server dies of the branch, and takes the state. A refusal would be the last word.
    sandbox.write(repository.remote.path / "hooks/pre-receive",
                  "#!/bin/sh\ngrep -q refs/heads/changelings && kill -KILL $PPID\nexit 0\n", executable=True)
    clock.set("2026-11-24 03:00:20")
    tick(repository)
    finished_runs(repository, 1)
    assert len(repository.changeling("status", "--json").ok().json["outbox"]) == 1
    (repository.remote.path / "hooks/pre-receive").unlink()
    clock.advance(hours=1)
    tick(repository)
    assert repository.changeling("status", "--json").ok().json["outbox"] == []
    assert len(repository.remote.branches("refs/heads/changelings")) == 1


def test_all_registered_repositories_and_two_that_cannot_be_judged(repository, sandbox, clock):
    add_nightly(repository)
    second = sandbox.repository(name="second")
    second.changeling("init").ok()
    second.add_command("troll", "echo more >> README.md", "--schedule", "0 3 * * *")
    hostile = sandbox.repository(name="hostile")
    hostile.changeling("init").ok()
    hostile.write("format", "1e999\n")
    hostile.git("update-index", "--add", "format")
    commit = hostile.git("commit-tree", hostile.git("write-tree").strip(), "-m", "harm").strip()
    hostile.git("update-ref", "refs/changelings/state", commit)
    sandbox.write(sandbox.home / ".local/share/git-changeling/repositories",
                  f"{hostile.common_directory()}\n{repository.common_directory()}\n{sandbox.root}/gone/.git\n"
                  f"{second.common_directory()}\n")
    clock.set("2026-11-24 03:00:20")
    answer = sandbox.changeling("tick", "--json").ok().json
    assert [(entry["repository"], entry["changeling"]) for entry in answer["due"]] == [
        (str(repository.common_directory()), "sprite"), (str(second.common_directory()), "troll")]
    assert sorted(problem["repository"] for problem in answer["problems"]) == sorted(
        [f"{sandbox.root}/gone/.git", str(hostile.common_directory())])
    finished_runs(repository, 1)
    finished_runs(second, 1)


def test_a_definition_that_cannot_be_read_keeps_no_other_from_its_time(repository, clock):
    add_nightly(repository)
    repository.commit({".changelings.toml": '[changelings.scribe]\nschedule = "0 3 * * *"\n'}, "without a prompt")
    clock.set("2026-11-24 03:00:20")
    answer = tick(repository)
    assert [entry["changeling"] for entry in answer["due"]] == ["sprite"]
    assert [entry["reason"] for entry in answer["waiting"]] == [
        'changeling "scribe": agent: agent "claude" needs a prompt (from default)']
    finished_runs(repository, 1)


def test_nothing_is_printed_when_nothing_happens(repository):
    add_nightly(repository)
    answer = repository.changeling("tick").ok()
    assert (answer.out, answer.err) == ("", "")


@pytest.mark.parametrize("words, said", [(["--now", "soon"], "--now: "), (["now"], "'now' is too much")])
def test_mistakes(repository, words, said):
    assert said in repository.changeling("tick", *words).expect(129).err


def test_without_any_repository_it_says_what_to_do(sandbox):
    answer = sandbox.changeling("tick").ok()
    assert "git changeling schedule install" in answer.err


def test_list_and_status_of_all_repositories(repository, sandbox):
    add_nightly(repository)
    second = sandbox.repository(name="second")
    second.changeling("init").ok()
    second.add_command("troll", "true", "--schedule", "0 5 * * *")
    # Adding a schedule has registered both.
    listed = sandbox.changeling("list", "--all-repositories", "--json").ok().json["changelings"]
    assert [(entry["repository"], entry["name"]) for entry in listed] == [
        (str(repository.common_directory()), "sprite"), (str(second.common_directory()), "troll")]
    status = sandbox.changeling("status", "--all-repositories", "--json").ok().json["repositories"]
    assert [entry["repository"] for entry in status] == [entry["repository"] for entry in listed]
    assert [entry["changelings"][0]["name"] for entry in status] == ["sprite", "troll"]
    lines = [line.rstrip() for line in repository.in_terminal("list", "--all-repositories")]
    assert lines[0] == "project" and "second" in lines
    second.path.rename(sandbox.root / "moved")
    again = sandbox.changeling("list", "--all-repositories", "--json").ok()
    assert [entry["name"] for entry in again.json["changelings"]] == ["sprite"]
    assert "warning: " in again.err and "second" in again.err
    (sandbox.root / "moved").rename(second.path)


def test_status_tells_what_is_held_back_and_whether_anything_ticks(repository, clock):
    add_nightly(repository)
    status = repository.changeling("status", "--json").ok().json
    assert (status["last_tick"], status["held_back"]) == (None, [])
    assert any("git changeling schedule install" in line for line in repository.in_terminal("status"))
    tick(repository)
    assert repository.changeling("status", "--json").ok().json["last_tick"] == "2026-11-23T12:00:00.000Z"
    # One tick that somebody typed is no timer.
    for command in ("status", "list"):
        assert "no timer starts" in repository.changeling(command, "--json").ok().json["timer_problem"]
    for minute in (1, 2):
        clock.set(f"2026-11-23 12:0{minute}:00")
        tick(repository)
    for command in ("status", "list", "plan"):
        assert repository.changeling(command, "--json").ok().json["timer_problem"] is None
    assert not any("schedule" in line for line in repository.in_terminal("status"))
    repository.git("config", "changeling.dailyBudget", "0")
    clock.set("2026-11-24 03:00:20")
    held = repository.changeling("status", "--json").ok().json["held_back"]
    assert [(entry["changeling"], entry["reason"]) for entry in held] == [
        ("sprite", "the cap of $0.00 for this repository today is reached: $0.00 spent or set aside, and this run may "
                   "cost $0.00")]
    lines = repository.in_terminal("status")
    assert any("sprite is held back: the cap" in line for line in lines)
    # Also before the next time has come, and where only one is looked at.
    clock.set("2026-11-24 02:00:20")
    for command in (["list"], ["status"], ["show", "sprite"]):
        assert "sprite is held back: the cap" in repository.changeling(*command).ok().out, command
    listed, = repository.changeling("list", "--json").ok().json["changelings"]
    shown = repository.changeling("show", "sprite", "--json").ok().json
    assert listed["held_back"] == shown["held_back"] and shown["held_back"].startswith("the cap")
    assert any("no timer starts anything" in line for line in lines)
