"""How runs end: every outcome with a real agent process."""

import os
import pathlib
import re
import subprocess

import pytest

from harness import walls
from harness.roles import add_script_role

RECORD_FIELDS = {
    "id", "changeling", "task", "trigger", "agent", "status", "outcome", "base", "branch", "head", "started_at",
    "ended_at", "duration_ms", "cost_usd", "tokens", "turns", "session_id", "exit_code", "pull_request",
    "verification", "error",
}


def run(repository, name, *options):
    """Runs a changeling; checks that exit code and outcome agree."""
    result = repository.changeling("run", name, "--json", *options)
    record = result.json
    succeeded = record["outcome"] in ("opened-pr", "updated-pr", "reported", "no-changes")
    assert result.code == (0 if succeeded else 1), result
    assert record["status"] == "finished"
    return record


def test_opened_pr(repository):
    repository.add_command("writer", "sed -i s/teh/the/ README.md", "--verify", "grep -q 'the typo' README.md")
    record = run(repository, "writer")
    assert record["outcome"] == "opened-pr"
    assert set(record) >= RECORD_FIELDS
    assert record["changeling"] == "writer"
    assert record["trigger"] == "manual"
    assert record["agent"] == "command"
    assert record["base"] == "main"
    assert record["branch"].startswith("changelings/writer/")
    assert record["head"] == repository.head(record["branch"])
    assert record["exit_code"] == 0
    assert record["error"] in ("", None)
    assert record["pull_request"]["number"] == 1
    assert record["pull_request"]["state"] == "open"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", record["started_at"])
    assert record["ended_at"] >= record["started_at"]
    assert 0 <= record["duration_ms"] < 60_000
    check, = record["verification"]
    assert check["command"] == "grep -q 'the typo' README.md"
    assert check["passed"] is True and check["exit_code"] == 0
    shown = repository.changeling("runs", "show", record["id"], "--json").ok().json
    assert {key: shown[key] for key in record} == record


def test_no_changes(repository):
    repository.add_command("idle", "echo nothing to do")
    record = run(repository, "idle")
    assert record["outcome"] == "no-changes"
    assert record["pull_request"] is None
    assert repository.branches("refs/heads/changelings") == []
    assert repository.remote.branches("refs/heads/changelings") == []
    assert repository.pull_requests() == []


def test_failed(repository):
    repository.add_command("broken", "echo half-done >> README.md; echo it hurts >&2; exit 3")
    record = run(repository, "broken")
    assert record["outcome"] == "failed"
    assert record["exit_code"] == 3
    assert "3" in record["error"]
    assert repository.pull_requests() == []
    assert repository.remote.branches("refs/heads/changelings") == []
    assert "it hurts" in repository.changeling("logs", record["id"]).ok().out


def test_failed_when_a_signal_ends_the_agent(repository):
    repository.add_command("crashing", "kill -SEGV $$")
    record = run(repository, "crashing")
    assert record["outcome"] == "failed"
    assert "11" in record["error"] or "Segmentation" in record["error"]


def test_failed_when_the_program_does_not_exist(repository):
    repository.changeling("add", "x", "--run", "no-such-program --at-all").ok()
    record = run(repository, "x")
    assert record["outcome"] == "failed"
    assert record["exit_code"] == 127


def test_timed_out_ends_the_whole_group(repository, sandbox):
    repository.add_command("slow", "sleep 600 & echo working; sleep 600", "--timeout", "1s")
    record = run(repository, "slow")
    assert record["outcome"] == "timed-out"
    assert "1s" in record["error"]
    assert sandbox.agent_processes() == []


def test_timed_out_although_the_agent_ignores_term(repository, sandbox):
    repository.add_command("stubborn", "trap '' TERM INT HUP; while :; do sleep 1; done", "--timeout", "1s")
    assert run(repository, "stubborn")["outcome"] == "timed-out"
    assert sandbox.agent_processes() == []


def test_a_process_that_left_the_group_is_ended_too(repository, sandbox):
    repository.add_command("escapist", "setsid sleep 600 </dev/null >/dev/null 2>&1 & sleep 0.1; echo x >> README.md")
    assert run(repository, "escapist")["outcome"] == "opened-pr"
    assert sandbox.agent_processes() == []


def test_nobody_survives_the_run(repository, sandbox):
    """In any session, orphaned, with the environment of the run or without. Behind walls: test_sandbox."""
    sandbox.without_walls()
    marks = [sandbox.marks / f"left-{number}" for number in range(3)]
    stay = "exec /bin/sleep 600 >/dev/null 2>&1"
    repository.add_command("escapist", f"""
env -i setsid /bin/sh -c 'echo $$ > {marks[0]}; {stay}' &
(unset CHANGELING_RUN; setsid /bin/sh -c 'trap "" TERM; echo $$ > {marks[1]}; {stay}' &)
setsid -f /bin/sh -c 'echo $$ > {marks[2]}; {stay}'
while ! test -s {marks[0]} || ! test -s {marks[1]} || ! test -s {marks[2]}; do sleep 0.05; done
echo x >> README.md""")
    assert run(repository, "escapist")["outcome"] == "opened-pr"
    for mark in marks:
        assert not pathlib.Path(f"/proc/{mark.read_text().strip()}").exists()


def test_a_moved_branch_of_the_user_is_put_back_and_no_success(repository):
    repository.sandbox.without_walls()
    before = repository.head("main")
    repository.git("checkout", "--quiet", "-b", "dev")
    users = f"git -C '{repository.path}'"
    repository.add_command("straying", f"{users} branch -f main $({users} commit-tree -m evil 'main^{{tree}}');"
                           " echo left > y")
    record = run(repository, "straying")
    assert record["outcome"] == "denied"
    assert "refs/heads/main" in record["error"] and "(put back)" in record["error"]
    moved, = record["moved_refs"]
    assert (moved["ref"], moved["before"], moved["put_back"]) == ("refs/heads/main", before, True)
    assert repository.head("main") == before
    assert repository.show(record["branch"], "y") == "left\n"
    assert "moved     refs/heads/main" in repository.changeling("runs", "show", "straying").ok().out
    assert "moved refs/heads/main" in repository.changeling("status").ok().out
    assert repository.pull_requests() == []


def test_a_setting_of_the_user_is_put_back_and_told_to_reviewers(repository):
    repository.sandbox.without_walls()
    repository.git("config", "user.name", "Ada")
    repository.add_command("renaming", f"cd '{repository.path}'; git config user.name Agent; git tag stray;"
                           " cd -; echo more >> README.md")
    record = run(repository, "renaming")
    assert record["outcome"] == "opened-pr"
    assert [(moved["ref"], moved["put_back"]) for moved in record["moved_refs"]] == [
        ("refs/tags/stray", True), ("config user.name", True)]
    assert repository.git("config", "user.name") == "Ada"
    assert repository.git("tag", "--list") == ""
    pull, = repository.pull_requests()
    assert pull["draft"] is True
    assert "config user.name from Ada to Agent (put back)" in repository.changeling("review", "show", "1").ok().out


def test_a_branch_of_the_agents_own_is_no_trespass(repository):
    repository.add_command("branching", "git checkout -q -b fix && echo more >> README.md && git commit -qam fix")
    record = run(repository, "branching")
    assert record["outcome"] == "opened-pr"
    assert record["moved_refs"] == []
    assert repository.branches("refs/heads/fix") == []
    pull, = repository.pull_requests()
    assert pull["draft"] is False


def test_git_takes_every_start_of_a_branch_inside_a_run(repository):
    repository.commit({"second.txt": "2\n"}, "second")
    repository.add_command("brancher", "git switch -q -c work $(git rev-parse HEAD) && git branch x HEAD~1"
                           " && git checkout -q -b y $(git rev-parse HEAD~1) && git checkout -q work"
                           " && echo more >> README.md && git commit -qam more")
    record = run(repository, "brancher")
    assert record["outcome"] == "opened-pr", record
    assert record["moved_refs"] == []
    assert repository.branches("refs/heads/work") == []


def test_a_trace_that_the_agent_removes_does_not_hide_what_moved(repository):
    repository.sandbox.without_walls()
    repository.add_command("hiding", f"git -C '{repository.path}' branch topic;" " rm -f \"$GIT_TRACE2_EVENT\"; echo more >> README.md")
    record = run(repository, "hiding")
    assert record["outcome"] == "opened-pr", record
    assert [(moved["ref"], moved["put_back"]) for moved in record["moved_refs"]] == [("unclear refs/heads/topic", False)]
    assert "by whom cannot be told" in repository.changeling("runs", "show", "hiding").ok().out
    pull, = repository.pull_requests()
    assert pull["draft"] is True


@pytest.mark.parametrize("held", [pytest.param(True, marks=walls.needed), False], ids=["behind walls", "without"])
def test_what_the_user_does_meanwhile_is_not_the_agents(repository, sandbox, held):
    """Without walls a setting or a hook may be an agent's, written without git: it is named, and no more."""
    if not held:
        sandbox.without_walls()
    repository.add_command("slow", f"touch {sandbox.marks}/started; while ! test -e {sandbox.marks}/go; do sleep 0.05; done;"
                           " echo more >> notes")
    program = repository.start("run", "slow", "--json")
    sandbox.wait_until((sandbox.marks / "started").exists, "the agent runs")
    repository.commit({"mine.txt": "mine\n"}, "mine")
    repository.git("branch", "topic")
    repository.git("config", "core.editor", "vi")
    sandbox.write(repository.path / ".git/hooks/pre-push", "#!/bin/sh\n")
    head = repository.head("main")
    sandbox.write("marks/go", "")
    record = program.finish().expect(0).json
    assert record["outcome"] == "opened-pr"
    named = [] if held else ["config core.editor", "hooks/pre-push"]
    assert [moved["ref"] for moved in record["moved_refs"]] == [f"meanwhile {name}" for name in named]
    shown = repository.changeling("runs", "show", "slow").ok().out
    assert [name for name in named if f"{name} (changed while the run was going on)" not in shown] == []
    assert repository.pull_requests()[0]["draft"] is False
    assert repository.head("main") == head
    assert repository.git("config", "core.editor") == "vi"


@pytest.mark.parametrize("command, answer_is_read", [("run", True), ("run", False), ("work", True)])
def test_work_goes_on_when_nobody_reads_what_it_says(repository, sandbox, command, answer_is_read):
    """As in `git changeling run slow 2>&1 | head -1`; an answer that cannot be written is an error, as ever."""
    script = (f"touch {sandbox.marks}/started; until test -e {sandbox.marks}/go; do sleep 0.05; done; echo said;"
              " echo more >> README.md")
    words = {"run": ["run", "slow"], "work": ["work", "--role", "slow", "--once"]}[command]
    if command == "run":
        repository.add_command("slow", script)
    else:
        add_script_role(repository, "slow", script)
        repository.add_task("One", "--role", "slow")
    reader, writer = os.pipe()
    program = subprocess.Popen([sandbox.bin / "git-changeling", *words, "--json"], cwd=repository.path, env=sandbox.environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if answer_is_read else writer, stderr=writer)
    sandbox.at_close(program.kill)
    os.close(writer)
    sandbox.wait_until((sandbox.marks / "started").exists, "the agent works")
    os.close(reader)
    sandbox.write("marks/go", "")
    answer, _ = program.communicate(timeout=60)
    assert program.returncode == (0 if answer_is_read else 128)
    record, = repository.runs()
    assert (record["status"], record["outcome"]) == ("finished", "opened-pr")
    assert not answer_is_read or record["id"] in answer.decode()


def test_stalled(repository, sandbox):
    repository.add_command("silent", "echo start; sleep 600", "--silence-timeout", "1s")
    record = run(repository, "silent")
    assert record["outcome"] == "stalled"
    assert sandbox.agent_processes() == []


def test_output_keeps_a_slow_agent_alive(repository):
    repository.add_command("chatty", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.4; done; echo x >> README.md",
                           "--silence-timeout", "2s")
    assert run(repository, "chatty")["outcome"] == "opened-pr"


def test_interrupted_by_the_user(repository, sandbox):
    repository.add_command("endless", "echo started; sleep 600")
    program = repository.start("run", "endless", "--json")
    sandbox.wait_until(sandbox.agent_processes, "the agent runs")
    program.interrupt()
    result = program.finish().expect(1)
    assert result.json["outcome"] == "killed"
    assert sandbox.agent_processes() == []
    assert repository.runs()[0]["outcome"] == "killed"


def test_stopped_from_another_terminal(repository, sandbox):
    repository.add_command("endless", "echo started; sleep 600")
    program = repository.start("run", "endless", "--json")
    sandbox.wait_until(sandbox.agent_processes, "the agent runs")
    running, = repository.runs()
    assert running["status"] == "running" and running["outcome"] is None
    repository.changeling("stop", running["id"]).ok()
    assert program.finish().expect(1).json["outcome"] == "killed"
    assert sandbox.agent_processes() == []


def test_verification_failed(repository):
    repository.add_command("writer", "echo more >> README.md", "--verify", "true", "--verify",
                           "echo the reason; exit 7")
    record = run(repository, "writer")
    assert record["outcome"] == "verification-failed"
    assert [check["passed"] for check in record["verification"]] == [True, False]
    assert record["verification"][1]["exit_code"] == 7
    assert "the reason" in record["verification"][1]["output"]
    assert repository.pull_requests() == []
    assert repository.remote.branches("refs/heads/changelings") == []


def test_verification_failed_with_a_draft_when_asked_for(repository):
    repository.add_command("writer", "echo more >> README.md", "--verify", "echo the reason; exit 7",
                           "--draft-on-failure")
    record = run(repository, "writer")
    assert record["outcome"] == "verification-failed"
    pull, = repository.pull_requests()
    assert pull["draft"] is True
    assert "the reason" in repository.changeling("review", "show", "1").ok().out


def test_what_failed_its_checks_is_merged_only_by_who_names_it(repository):
    repository.add_command("writer", "echo more >> README.md", "--verify", "exit 7", "--draft-on-failure")
    record = run(repository, "writer")
    refused = repository.changeling("review", "accept", "1")
    assert refused.code == 128 and "the checks of pull request 1 failed" in refused.err
    assert f"git changeling review accept 1 --head {record['head']}" in refused.err
    assert repository.pull_requests()[0]["state"] == "open"
    repository.changeling("review", "accept", "1", "--head", record["head"]).ok()
    assert "more" in repository.show("main", "README.md")


def test_verification_runs_in_the_worktree_on_the_result(repository):
    repository.add_command("writer", "echo made > made", "--verify", "test -f made && test \"$PWD\" != '"
                           + str(repository.path) + "'")
    assert run(repository, "writer")["outcome"] == "opened-pr"


def test_what_verification_leaves_behind_is_not_proposed(repository):
    repository.add_command("writer", "echo made > made", "--verify", "echo built > artefact")
    record = run(repository, "writer")
    assert repository.git("diff", "--name-only", "main", record["branch"]) == "made"
    assert record["error"] is None
    assert repository.worktrees() == []


def test_reported(repository):
    repository.add_command("reporter", "echo '# Findings'; echo; echo 'Two things are odd.'", "--output", "report")
    record = run(repository, "reporter")
    assert record["outcome"] == "reported"
    assert repository.pull_requests() == []
    assert "Two things are odd." in repository.changeling("runs", "show", record["id"]).ok().out


def test_a_report_changes_no_code(repository):
    repository.add_command("reporter", "echo finding; echo vandal >> README.md", "--output", "report")
    record = run(repository, "reporter")
    assert record["outcome"] == "denied"
    assert "README.md" in record["error"]
    assert repository.pull_requests() == []
    assert repository.remote.branches("refs/heads/changelings") == []


def test_changes_outside_the_path_scope_are_refused(repository):
    repository.add_command("rover", "mkdir -p docs; echo a > docs/a; echo b > src.c", "--path", "docs/**")
    record = run(repository, "rover")
    assert record["outcome"] == "denied"
    assert "src.c" in record["error"] and "docs/**" in record["error"]
    assert repository.pull_requests() == []


def test_setup_runs_before_the_agent_and_its_failure_ends_the_run(repository):
    repository.add_command("user", "cat dependency >> README.md", "--setup", "echo ready > dependency")
    record = run(repository, "user")
    assert "ready" in repository.show(record["branch"], "README.md")
    repository.add_command("unready", "echo never >> README.md", "--setup", "echo no network >&2; exit 4")
    failed = run(repository, "unready")
    assert failed["outcome"] == "failed"
    assert "setup" in failed["error"]


def test_copied_files_are_there_and_not_committed(repository):
    repository.write(".gitignore", ".env\n")
    repository.commit({}, "ignore")
    repository.write(".env", "SETTING=1\n")
    repository.add_command("user", "cat .env >> README.md", "--copy", ".env")
    record = run(repository, "user")
    assert "SETTING=1" in repository.show(record["branch"], "README.md")
    assert ".env" not in repository.git("ls-tree", "-r", "--name-only", record["branch"]).split()


def test_dry_run_starts_nothing(repository, sandbox):
    repository.add_command("writer", f"touch {sandbox.marks}/ran; echo more >> README.md")
    result = repository.changeling("run", "writer", "--dry-run").ok()
    assert "writer" in result.out + result.err
    assert not (sandbox.marks / "ran").exists()
    assert repository.runs() == []


def test_a_disabled_changeling_still_runs_by_hand(repository):
    """Disabling keeps schedules and events from starting it; a person who says run means it."""
    repository.add_command("off", "echo more >> README.md", "--disabled")
    assert run(repository, "off")["outcome"] == "opened-pr"


def test_detach_returns_at_once_and_the_run_goes_on(repository, sandbox):
    repository.add_command("writer", f"while ! test -e {sandbox.marks}/go; do sleep 0.05; done; echo more >> README.md")
    repository.changeling("run", "writer", "--detach").ok()
    sandbox.wait_until(sandbox.agent_processes, "the agent runs")
    sandbox.write("marks/go", "")
    sandbox.wait_until(lambda: repository.runs()[0]["status"] == "finished", "the run ends")
    assert repository.runs()[0]["outcome"] == "opened-pr"


def test_nothing_is_left_on_disk_after_a_run(repository):
    repository.add_command("writer", "echo more >> README.md")
    run(repository, "writer")
    assert repository.worktrees() == []
    status = repository.changeling("status", "--json").ok().json
    assert status["worktrees"] == {"count": 0, "bytes": 0}


def test_unpublished_work_of_a_failed_run_is_not_thrown_away(repository):
    repository.add_command("broken", "echo precious > work; git add work; git commit -qm 'half done'; exit 1")
    record = run(repository, "broken")
    assert record["outcome"] == "failed"
    kept_in_worktree = any((pathlib.Path(tree) / "work").exists()
                           for tree in repository.worktrees())
    kept_on_branch = any("work" in repository.git("ls-tree", "--name-only", branch).split()
                         for branch in repository.branches("refs/heads/changelings"))
    assert kept_in_worktree or kept_on_branch


def test_local_files_are_for_their_owner_only(repository):
    repository.add_command("writer", "echo more >> README.md")
    run(repository, "writer")
    folder = repository.common_directory() / "changelings"
    assert folder.is_dir()
    for parent, _, names in os.walk(folder):
        assert os.stat(parent).st_mode & 0o077 == 0, parent
        for name in names:
            assert os.lstat(os.path.join(parent, name)).st_mode & 0o077 == 0, os.path.join(parent, name)


@pytest.mark.parametrize("name", ["broken", "writer"])
def test_the_state_of_the_program_is_visible_without_json(repository, name):
    repository.add_command("broken", "exit 3")
    repository.add_command("writer", "echo more >> README.md")
    result = repository.changeling("run", name)
    outcome = {"broken": "failed", "writer": "opened-pr"}[name]
    assert outcome in result.out + result.err
    assert outcome in repository.changeling("runs", "list").ok().out


@pytest.mark.parametrize("held", [True, False], ids=["behind walls", "without"])
def test_an_agent_that_removes_its_worktree_has_failed(repository, held):
    """Behind walls the folder itself stays, empty."""
    if not held:
        repository.sandbox.without_walls()
    repository.add_command("leaver", "echo more >> README.md; git commit -qam work; w=$PWD; cd /; rm -rf \"$w\" || true")
    record = run(repository, "leaver")
    assert (record["outcome"], record["error"]) == ("failed", "the agent removed its worktree")
    assert repository.branches("refs/heads/changelings") == []
    assert repository.branches("refs/changelings/rooms") == []


@pytest.mark.parametrize("command", [
    "echo more >> README.md; git stash -q",
    "git checkout -q -b mine; echo more >> README.md; git commit -qam work; git checkout -q -"])
def test_work_that_lies_elsewhere_is_named_and_kept(repository, command):
    repository.add_command("mover", command)
    record = run(repository, "mover")
    assert record["outcome"] == "no-changes"
    reference, = repository.branches("refs/changelings/kept")
    assert reference in record["error"]
    assert "+more" in repository.git("diff", f"main..{reference}")
