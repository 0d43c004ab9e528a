"""The program is killed with KILL at each step of a run; nothing is broken and the next run works.

With CHANGELING_TRACE=1 the program prints "trace: step NAME" right before each step. The steps are asked from
a run that is left alone, so that a new step is tested as soon as it exists.
"""

import pytest

TRACE = {"CHANGELING_TRACE": "1"}
MARK = "trace: step "


def add_writer(repository):
    repository.add_command("writer", "echo \"$CHANGELING_RUN\" >> README.md; git add -A; git commit -qm work\n"
                                     "echo rest > rest", "--setup", "true", "--verify", "true")


def steps_of_a_run(repository):
    add_writer(repository)
    result = repository.changeling("run", "writer", env=TRACE).ok()
    return [line[len(MARK):].strip() for line in result.err.splitlines() if line.startswith(MARK)]


def test_every_step_survives_a_kill(sandbox):
    names = steps_of_a_run(prepared(sandbox, "steps"))
    assert len(names) == len(set(names)) >= 6, names
    known = [row["word"] for row in sandbox.changeling("__dump-cli").ok().json["lists"]["steps"]]
    assert names == [word for word in known if word in names], "they are those of the program, in its order"
    for number, name in enumerate(names):
        repo = prepared(sandbox, f"kill-{number}")
        add_writer(repo)
        before = repo.user_state()
        program = repo.start("run", "writer", env=TRACE)
        program.wait_for_line(MARK + name)
        program.kill()
        program.finish().expect(-9)
        check_after_the_kill(sandbox, repo, before, name)


def prepared(sandbox, name):
    repo = sandbox.repository(files={"README.md": "# Example\n"}, remote="bare", name=name)
    repo.changeling("init").ok()
    return repo


def check_after_the_kill(sandbox, repo, before, step):
    sandbox.wait_until(lambda: sandbox.agent_processes() == [], f"{step}: the agent dies with the program",
                       patience=15)
    repo.check()
    repo.remote.check()
    assert repo.user_state() == before, step
    # The kill may land before the first record; but a record that exists must not claim that the run goes on.
    for record in repo.runs():
        assert record["status"] == "finished", (step, record)
        assert record["outcome"] in ("killed", "opened-pr"), (step, record)
    again = repo.changeling("run", "writer", "--json")
    assert again.code == 0, f"after a kill before {step}\n{again}"
    assert again.json["outcome"] in ("opened-pr", "updated-pr"), step
    pulls = [pull for pull in repo.pull_requests() if pull["state"] == "open"]
    assert len(pulls) == 1, (step, pulls)
    assert repo.remote.head(pulls[0]["branch"]) == pulls[0]["head"], step
    assert repo.user_state() == before, step
    repo.check()


def test_a_reference_lock_that_a_killed_process_left_is_removed(repository):
    """A kill between taking git's lock and renaming it would otherwise refuse every later write for good."""
    lock = repository.common_directory() / "refs" / "changelings" / "state.lock"
    lock.write_text("")
    repository.changeling("add", "x", "--run", "true").ok()
    assert not lock.exists()
    assert [entry["name"] for entry in repository.changeling("list", "--json").ok().json["changelings"]] == ["x"]


def test_an_index_lock_that_the_agents_git_left_loses_no_work(repository):
    repository.add_command("hasty", "echo work > work; touch \"$(git rev-parse --git-dir)/index.lock\"")
    record = repository.changeling("run", "hasty", "--json").json
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "work") == "work\n"
    assert repository.worktrees() == []


def test_a_kill_while_the_agent_works_ends_the_agent_and_keeps_its_work(repository, sandbox):
    repository.add_command("worker", "echo half > half; git add half; git commit -qm half; echo more > more\n"
                                     f"sleep 600 & setsid sleep 600 & touch {sandbox.marks}/ready; wait")
    program = repository.start("run", "worker")
    sandbox.wait_until((sandbox.marks / "ready").exists, "the agent and its children run")
    program.kill()
    program.finish().expect(-9)
    record, = repository.runs()
    assert (record["status"], record["outcome"]) == ("finished", "killed")
    sandbox.wait_until(lambda: sandbox.agent_processes() == [], "what the agent started is ended", patience=15)
    assert repository.show(record["branch"], "half") == "half\n"
    assert repository.show(record["branch"], "more") == "more\n"
    assert repository.changeling("status", "--json").ok().json["worktrees"]["count"] == 0


@pytest.mark.parametrize("command", [["add", "two", "--run", "true"], ["disable", "one"], ["remove", "one", "--yes"]],
                         ids=lambda words: words[0])
def test_a_kill_during_a_write_leaves_the_old_or_the_new_state(sandbox, command):
    """Without a trace to stop at: kills at many moments of a command that lasts a few milliseconds."""
    for delay in range(0, 8):
        repo = prepared(sandbox, f"{command[0]}-{delay}")
        repo.changeling("add", "one", "--run", "true").ok()
        sandbox.run("timeout", "--signal=KILL", f"0.00{delay + 1}", sandbox.bin / "git-changeling", *command,
                    cwd=repo.path)
        repo.check()
        listed = [entry["name"] for entry in repo.changeling("list", "--json").ok().json["changelings"]]
        assert listed in (["one"], ["one", "two"], [])
        repo.changeling("add", "three", "--run", "true").ok()
