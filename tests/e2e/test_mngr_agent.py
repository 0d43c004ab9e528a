"""Changelings whose agent is run by mngr, with a stand-in that accepts only mngr's current options."""

import json

import pytest

from harness.stand_ins import install_stand_in


@pytest.fixture
def mngr(repository, sandbox):
    """mngr(scenario, options…) adds a changeling and runs it; returns the run's record. Calls are in mngr.calls()."""
    install_stand_in(sandbox, "mngr")
    host = sandbox.root / "mngr"
    host.mkdir()
    sandbox.environment["MNGR_HOST_DIR"] = str(host)

    def add(scenario, *options):
        repository.changeling("add", "scribe", "--agent", "mngr", "--prompt", "Write a file.", *options, "--env",
                              f"FAKE_MNGR={scenario}").ok()

    def run(scenario, *options):
        add(scenario, *options)
        return repository.changeling("run", "scribe", "--json").json

    run.add = add
    run.calls = lambda: [json.loads(line)["arguments"] for line in (host / "calls.jsonl").read_text().splitlines()]
    yield run
    agents = host / "agents"
    assert not agents.exists() or list(agents.iterdir()) == [], "an agent was left at mngr"


def test_its_work_becomes_a_pull_request(repository, mngr):
    record = mngr("success")
    assert record["outcome"] == "opened-pr"
    assert record["turns"] == 2
    assert record["tokens"]["input"] == 200
    assert record["cost_usd"] is None
    assert repository.show(record["branch"], "mngr-was-here.txt") == "written by an agent\n"
    create = mngr.calls()[1]
    assert create[0] == "create"
    assert "changeling=scribe" in create
    assert f"changeling_run={record['id']}" in create
    assert "The file is written." in repository.changeling("logs", record["id"]).ok().out


@pytest.mark.parametrize("scenario, outcome, error", [
    ("denied", "denied", "git push origin HEAD"),
    ("stopped", "failed", "stopped from outside"),
    ("create_fails", "failed", "tmux is not installed"),
    ("create_provider", "failed", "cannot reach the provider"),
    ("destroy_processes", "failed", "still running"),
])
def test_what_is_no_success(repository, mngr, scenario, outcome, error):
    record = mngr(scenario)
    assert record["outcome"] == outcome
    assert error in record["error"]
    assert repository.pull_requests() == []


def test_a_transcript_that_does_not_grow_is_a_stall(mngr):
    assert mngr("silent", "--silence-timeout", "1s")["outcome"] == "stalled"


def test_an_interrupt_stops_and_destroys_the_agent(repository, sandbox, mngr):
    mngr.add("silent")
    program = repository.start("run", "scribe", "--json")
    host = sandbox.root / "mngr" / "agents"
    sandbox.wait_until(lambda: host.exists() and list(host.glob("*/transcript.jsonl")), "the agent runs")
    program.interrupt()
    assert program.finish().expect(1).json["outcome"] == "killed"
    commands = [call[0] for call in mngr.calls()]
    assert commands[-2:] == ["stop", "destroy"]


def test_status_shows_the_agents_that_mngr_lists(repository, sandbox, mngr):
    mngr.add("silent")
    program = repository.start("run", "scribe", "--json")
    host = sandbox.root / "mngr" / "agents"
    sandbox.wait_until(lambda: host.exists() and list(host.glob("*/transcript.jsonl")), "the agent runs")
    running, = repository.runs()
    # mngr is asked in the background, for the next look.
    sandbox.wait_until(lambda: f"scribe-{running['id']}" in repository.changeling("status").ok().out,
                       "status knows the agent")
    program.interrupt()
    program.finish().expect(1)


def with_command(repository, mngr, line):
    """A changeling whose agent is a command line at mngr; returns the record of its run."""
    repository.write(".changelings.toml", '[agents.tool]\nlauncher = "mngr"\ncommand = ["mngr", "--type", "command"]\n')
    repository.git("add", ".changelings.toml")
    repository.git("commit", "--quiet", "--message", "tool")
    repository.git("push", "--quiet", "origin", "main")
    repository.changeling("add", "tool", "--agent", "tool", "--prompt", "touch typed", "--arg", line).ok()
    repository.changeling("trust", "tool", "--yes").ok()
    return repository.changeling("run", "tool", "--json").json


def test_a_command_at_mngr_is_proposed_with_its_output_in_the_log(repository, mngr):
    # Longer than the patience with agents that wait for a person. Its type has no MNGR_HOST_DIR of its own.
    record = with_command(repository, mngr, "sleep 6; echo made >made; echo what it says")
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "made") == "made\n"
    assert repository.try_git("show", f"{record['branch']}:typed").code != 0
    assert "what it says" in repository.changeling("logs", record["id"]).ok().out


def test_a_command_at_mngr_that_fails_proposes_nothing(repository, mngr):
    record = with_command(repository, mngr, "echo half >half; exit 3")
    assert record["outcome"] == "failed"
    assert "exit code 3" in record["error"]
    assert repository.pull_requests() == []


def test_a_message_that_reaches_nobody_is_not_delivered(repository, sandbox, mngr):
    mngr.add("message_reaches_nobody")
    program = repository.start("run", "scribe", "--json")
    host = sandbox.root / "mngr" / "agents"
    sandbox.wait_until(lambda: host.exists() and list(host.glob("*/transcript.jsonl")), "the agent runs")
    running, = repository.runs()

    def told():
        said = repository.changeling("send", running["id"], "hello")
        return None if "has not been started" in said.err else said
    answer = sandbox.wait_until(told, "messages are taken")
    assert answer.code != 0
    assert "nobody has read the message" in answer.err
    program.interrupt()
    program.finish().expect(1)


def test_missing_packages_of_mngr_are_named(repository, sandbox, mngr):
    record = mngr("success", "--env", "FAKE_MNGR_PLUGINS=local")
    assert record["outcome"] == "failed"
    assert "imbue-mngr-wait" in record["error"] and "imbue-mngr-claude" in record["error"]
    assert "create" not in [call[0] for call in mngr.calls()]


def test_without_the_program_the_run_says_how_to_get_it(repository):
    repository.changeling("add", "scribe", "--agent", "mngr", "--prompt", "Write a file.").ok()
    record = repository.changeling("run", "scribe", "--json").json
    assert record["outcome"] == "failed"
    assert "imbue-mngr" in record["error"]
