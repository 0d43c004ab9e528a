"""Runs in the browser: the list, one run as it comes, and what can be done with it (tests/web/runs.mjs)."""

import json
import re

import pytest
from harness.browser import SOURCE_ROOT, visit
from harness.restart import RestartedService
from harness.service import Service
from harness.stand_ins import install_stand_in

LINES = '[agents.command]\ninput = "lines"\n'
TALKER = ('echo "ready <b>\\342\\200\\256"; while read -r line; do echo "heard $line"; '
          'if [ "$line" = bye ]; then exit 0; fi; done')
TICKS = 600
TICKER = f'i=1; while [ $i -le {TICKS} ]; do echo "tick $i"; i=$((i+1)); sleep 0.02; done'
COUNTER = 'i=1; while [ $i -le 6000 ]; do echo "line $i of six thousand"; i=$((i+1)); done'


def printed(*events):
    """A script that prints these lines as Claude Code prints its stream."""
    return "cat <<'END'\n" + "\n".join(json.dumps(event) for event in events) + "\nEND"


TIME = "2026-11-30T12:00:00.000Z"
CONVERSATION = printed(
    {"type": "assistant", "message": {"id": "msg_1", "content": [
        {"type": "text", "text": "I look <b>first</b>."},
        {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "make docs"}}]}},
    {"type": "user", "timestamp": TIME, "message": {"content": [
        {"type": "tool_result", "tool_use_id": "t1", "content": "no rule \u202e", "is_error": True}]}},
    {"type": "assistant", "message": {"id": "msg_2", "content": [{"type": "text", "text": "I have looked."}]}},
    {"type": "result", "subtype": "success", "result": "All is said."})
LONG_LINE_BYTES = 1024 * 1024
HOSTILE = "\n".join([
    f"head -c {LONG_LINE_BYTES} /dev/zero | tr '\\0' x; echo",
    r"printf '\033[31mred\033[0m\n'; printf 'user\342\200\256gpj.exe\n'",
    r"printf '\033[31mred\033[0m user\342\200\256gpj.exe\n' > README.md",
    f"head -c {LONG_LINE_BYTES} /dev/zero | tr '\\0' y >> README.md"])


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


@pytest.fixture
def talker(repository):
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("talker", TALKER)
    repository.changeling("trust", "talker", "--yes").ok()


def run_id(repository, name):
    return next(run["id"] for run in repository.runs() if run["changeling"] == name)


def test_a_run_is_watched_spoken_to_stopped_and_tried_again(sandbox, repository, service, talker):
    run = repository.changeling("run", "talker", "--detach").ok().out.strip()
    visit(sandbox, service, "runs.mjs", "live_run", run=run)


def test_only_the_end_of_a_log_is_loaded(sandbox, repository, service):
    repository.add_command("counter", COUNTER)
    repository.changeling("run", "counter").ok()
    visit(sandbox, service, "runs.mjs", "long_log", run=run_id(repository, "counter"))


def test_no_line_is_lost_or_comes_twice_when_the_server_is_killed(sandbox, repository):
    repository.add_command("ticker", TICKER)
    run = repository.changeling("run", "ticker", "--detach").ok().out.strip()
    restarted = RestartedService(sandbox, repository)
    visit(sandbox, restarted.service, "runs.mjs", "restart", run=run, marks=str(restarted.marks), ticks=TICKS)


def test_the_steps_of_an_agent_are_told_apart_and_its_tool_calls_folded(sandbox, repository, service):
    repository.add_command("speaker", CONVERSATION)
    repository.changeling("run", "speaker").ok()
    visit(sandbox, service, "runs.mjs", "conversation", run=run_id(repository, "speaker"), time=TIME)


def test_a_message_stays_in_sight_until_its_turn_and_numbers_come_live(sandbox, repository, service):
    install_stand_in(sandbox, "claude")
    hold = sandbox.marks / "hold"
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.", "--env", "FAKE_CLAUDE=queues",
                          "--env", f"FAKE_CLAUDE_HEARD={sandbox.marks}/heard", "--env", f"FAKE_CLAUDE_HOLD={hold}",
                          "--sandbox-write", sandbox.marks).ok()
    run = repository.changeling("run", "scribe", "--detach").ok().out.strip()
    sandbox.wait_until(lambda: "I do not listen." in repository.changeling("logs", run).out, "the agent works")
    visit(sandbox, service, "runs.mjs", "queued", run=run, hold=str(hold))
    told = [event for event in repository.events() if event["event"] == "run:metrics"]
    assert [event["turns"] for event in told][:2] == [1, 2] and {event["run"] for event in told} == {run}
    assert told[-1]["cost_usd"] == repository.changeling("runs", "show", run, "--json").ok().json["cost_usd"] == 0.02


def test_a_failed_run_shows_why_and_what_it_changed(sandbox, repository, service):
    install_stand_in(sandbox, "claude")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write.", "--verify", "echo the reason; exit 7").ok()
    repository.changeling("run", "scribe")
    run = repository.changeling("runs", "show", run_id(repository, "scribe"), "--json").ok().json
    assert run["outcome"] == "verification-failed" and run["head"]
    visit(sandbox, service, "runs.mjs", "failed_run", run=run["id"], error=run["error"])


def test_long_lines_colours_and_turned_text_are_shown_as_text(sandbox, repository, service):
    repository.add_command("stranger", HOSTILE)
    repository.changeling("run", "stranger").ok()
    task = repository.add_task("Pay \u202egpj.exe", "--description", "\x1b[31mred")
    visit(sandbox, service, "runs.mjs", "hostile", run=run_id(repository, "stranger"), bytes=LONG_LINE_BYTES, task=task["id"])


def test_the_list_has_conditions_and_pages_in_its_address(sandbox, repository, service):
    repository.add_command("quiet", "echo new > new.txt", "--verify", "echo checked")
    repository.add_command("broken", "echo over; exit 3")
    repository.changeling("run", "quiet").ok()
    repository.changeling("run", "broken")
    visit(sandbox, service, "runs.mjs", "listing", broken=run_id(repository, "broken"))


def test_the_outcomes_of_the_page_are_those_of_the_api(service):
    page = (SOURCE_ROOT / "web" / "src" / "pages" / "run" / "outcomes.ts").read_text()
    words = re.findall(r'^  "?([a-z-]+)"?: \{ tone', page, re.MULTILINE)
    refused = json.loads(service.get("/api/v1/runs?outcome=nonsense").body)
    assert set(words) | {"lost"} == set(refused["detail"].partition("allowed are ")[2].split(", "))
