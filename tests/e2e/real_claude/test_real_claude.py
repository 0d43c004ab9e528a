"""The whole chain with the real Claude Code: its tools change a real worktree, its output becomes the record."""

import json

import pytest

from harness.claude_api import refuses, speaks, uses

COMMITTING = [word for rule in ("dontAsk", "Write", "Bash(git add *)", "Bash(git commit *)") for word in ("--permission", rule)]


@pytest.fixture
def agent(repository, sandbox, real_claude, api):
    """agent(answers, options…) adds a changeling that runs Claude with a model that gives these answers."""
    (sandbox.bin / "claude").symlink_to(real_claude)
    sandbox.environment |= {"ANTHROPIC_API_KEY": "dummy", "IS_SANDBOX": "1", "SHELL": "/bin/bash",
                            "CLAUDE_CODE_MAX_RETRIES": "1"}

    def add(answers, *options):
        conversations = answers if isinstance(answers, dict) else {"Describe the spell": answers}
        sandbox.environment["ANTHROPIC_BASE_URL"] = api(conversations).url
        repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Describe the spell.", *options).ok()

    def run(answers, *options):
        add(answers, *options)
        return repository.changeling("run", "scribe", "--json").json

    run.add = add
    return run


def test_it_writes_commits_and_the_work_becomes_a_pull_request(repository, agent):
    record = agent([uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                    uses("Bash", command="git add SPELL.md"),
                    uses("Bash", command="git commit -m 'docs: describe the spell'"),
                    speaks("The spell is described.", usage={"input_tokens": 1000, "output_tokens": 100})],
                   *COMMITTING)
    assert record["error"] in ("", None)
    assert record["outcome"] == "opened-pr"
    assert record["turns"] == 4
    assert record["cost_usd"] > 0
    assert record["tokens"]["input"] == 1000
    assert record["tokens"]["output"] == 100
    assert len(record["session_id"]) == 36
    assert repository.show(record["branch"], "SPELL.md") == "abracadabra\n"
    assert repository.git("log", "-1", "--format=%s", record["branch"]) == "docs: describe the spell"
    assert "The spell is described." in repository.changeling("logs", record["id"]).ok().out


def test_what_it_leaves_uncommitted_is_committed(repository, agent):
    record = agent([uses("Write", file_path="SPELL.md", content="abracadabra\n"), speaks("Done.")])
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "SPELL.md") == "abracadabra\n"


def test_a_refused_tool_is_named(repository, agent):
    record = agent([uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                    uses("Bash", command="git push origin HEAD"), speaks("I may not push.")],
                   "--verify", "test -s SPELL.md")
    assert record["outcome"] == "opened-pr"
    assert record["refused"] == ["Bash: git push origin HEAD"]
    pull, = repository.pull_requests()
    assert pull["draft"] is False


def test_nothing_but_a_refused_tool_is_denied(repository, agent):
    record = agent([uses("Bash", command="git push origin HEAD"), speaks("I may not push.")])
    assert record["outcome"] == "denied"
    assert "git push origin HEAD" in record["error"]
    assert repository.pull_requests() == []


def test_it_goes_on_when_its_background_command_has_ended(repository, agent):
    """The command takes longer than an agent may live on after its result."""
    tests = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1; done; echo passed"
    usage = {"input_tokens": 1000, "output_tokens": 100}
    record = agent({"Describe the spell": [uses("Bash", command=tests, run_in_background=True, description="the tests"),
                                           speaks("The tests run.", usage=usage)],
                    "completed (exit code 0)": {2: uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                                                3: speaks("Written after the tests.", usage=usage)}},
                   "--permission", "bypassPermissions")
    assert record["error"] in ("", None)
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "SPELL.md") == "abracadabra\n"
    assert record["turns"] == 4
    assert record["tokens"]["input"] == 2000
    assert record["tokens"]["output"] == 200
    assert record["duration_ms"] > 12_000


def test_too_many_turns(agent):
    record = agent([uses("Read", file_path="README.md")], "--max-turns", "3")
    assert record["outcome"] == "failed"
    assert "reached 3 turns" in record["error"]


def test_too_much_money(agent):
    record = agent([uses("Read", file_path="README.md", usage={"input_tokens": 100000, "output_tokens": 1000})],
                   "--budget", "0.10")
    assert record["outcome"] == "over-budget"
    assert record["cost_usd"] > 0.10


def test_an_api_error(agent):
    record = agent([refuses(429, "rate_limit_error", "slow down")])
    assert record["outcome"] == "failed"
    assert "429" in record["error"]


def test_not_logged_in(repository, sandbox, agent):
    agent.add([speaks("never asked")])
    del sandbox.environment["ANTHROPIC_API_KEY"]
    record = repository.changeling("run", "scribe", "--json").json
    assert record["outcome"] == "failed"
    assert "claude auth login" in record["error"]


def test_an_answer_that_stops_coming_is_a_stall(sandbox, agent):
    record = agent([speaks("never comes", latency=60000)], "--silence-timeout", "2s")
    assert record["outcome"] == "stalled"
    assert sandbox.agent_processes() == []


def test_an_interrupt_ends_its_shell_tool_as_well(repository, sandbox, agent):
    """The tool runs in a session of its own, where a signal to the process group does not reach."""
    agent.add([uses("Bash", command="tail -f README.md"), speaks("never")], "--permission", "Bash(tail *)")
    program = repository.start("run", "scribe", "--json")

    def tool_runs():
        lines = [sandbox.run("ps", "-o", "args=", "-p", str(pid)).out.strip() for pid in sandbox.agent_processes()]
        return "tail -f README.md" in lines

    sandbox.wait_until(tool_runs, "the shell tool runs")
    program.interrupt()
    assert program.finish().expect(1).json["outcome"] == "killed"
    assert sandbox.agent_processes() == []


def test_the_time_limit_ends_its_shell_tool_as_well(sandbox, agent):
    record = agent([uses("Bash", command="tail -f README.md"), speaks("never")], "--permission", "Bash(tail *)",
                   "--timeout", "4s")
    assert record["outcome"] == "timed-out"
    assert sandbox.agent_processes() == []


def test_it_knows_the_subagents_and_skills_that_it_was_given(repository, agent):
    # What the skill says comes as words of the user's.
    record = agent({"Describe the spell": {0: uses("Skill", skill="question-asking")},
                    "Asking the user": {1: uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                                        2: speaks("Described.")}},
                   "--permission", "acceptEdits", "--subagent", "planning", "--skill", "question-asking")
    assert record["outcome"] == "opened-pr", record["error"]
    assert record["refused"] == []
    transcript = repository.changeling("logs", record["id"], "--transcript").ok().out.splitlines()
    events = [json.loads(line) for line in transcript if line.startswith("{")]
    began = next(event for event in events if event.get("subtype") == "init")
    assert "planning" in began["agents"] and "question-asking" in began["skills"]
    assert repository.git("ls-tree", "-r", "--name-only", record["branch"]).split() == ["README.md", "SPELL.md"]


def ask_and_answer(repository, sandbox, answer, said=""):
    """Starts the run, answers its question once that waits and the agent has `said` this, and returns the run's record."""
    run = repository.changeling("run", "scribe", "--detach").ok().out.strip()

    def asks():
        running = repository.changeling("status", "--json").ok().json["running"]
        waits = any(question["answer"] is None for one in running for question in one["questions"])
        return waits and said in repository.changeling("logs", run).ok().out

    def finished():
        record = repository.changeling("runs", "show", run, "--json").ok().json
        return record if record["status"] == "finished" else None
    sandbox.wait_until(asks, lambda: "the question waits: " + repository.changeling("logs", run).out, patience=60)
    repository.changeling("answer", run, answer).ok()
    return sandbox.wait_until(finished, lambda: repository.changeling("logs", run).out, patience=60)


def test_it_asks_its_user_and_reads_the_answer(repository, sandbox, agent):
    agent.add([uses("Bash", command="git changeling ask 'Which spell?' --choice fire --choice water"),
               uses("Write", file_path="SPELL.md", content="abracadabra\n"), speaks("Described.")],
              "--permission", "acceptEdits", "--permission", "Bash(git changeling ask *)")
    record = ask_and_answer(repository, sandbox, "water from the well")
    assert record["outcome"] == "opened-pr", record["error"]
    assert record["refused"] == []
    assert "water from the well" in repository.changeling("logs", record["id"], "--transcript").ok().out


def test_an_answer_after_its_turn_begins_another_one(repository, sandbox, agent):
    """The turn ends long before the answer: the agent is not ended as long as its question is open."""
    agent.add({"Describe the spell": [uses("Bash", command="git changeling ask 'Which spell?' --later"),
                                      speaks("I wait for the answer.")],
               "The answer to your question": {2: uses("Write", file_path="SPELL.md", content="water\n"),
                                               3: speaks("Described.")}},
              "--permission", "acceptEdits", "--permission", "Bash(git changeling ask *)")
    record = ask_and_answer(repository, sandbox, "water", said="I wait for the answer.")
    assert record["outcome"] == "opened-pr", record["error"]
    assert repository.show(record["branch"], "SPELL.md") == "water\n"
