"""Runs in the browser: the list, one run as it comes, and what can be done with it (tests/web/runs.mjs)."""

import json
import re

import pytest
from harness.browser import SOURCE_ROOT, visit
from harness.restart import RestartedService
from harness.service import Service

LINES = '[agents.command]\ninput = "lines"\n'
TALKER = ('echo "ready <b>\\342\\200\\256"; while read -r line; do echo "heard $line"; '
          'if [ "$line" = bye ]; then exit 0; fi; done')
TICKS = 600
TICKER = f'i=1; while [ $i -le {TICKS} ]; do echo "tick $i"; i=$((i+1)); sleep 0.02; done'
COUNTER = 'i=1; while [ $i -le 6000 ]; do echo "line $i of six thousand"; i=$((i+1)); done'


def printed(*events):
    """A script that prints these lines as Claude Code prints its stream."""
    return "cat <<'END'\n" + "\n".join(json.dumps(event) for event in events) + "\nEND"


CONVERSATION = printed(
    {"type": "assistant", "message": {"content": [
        {"type": "text", "text": "I look <b>first</b>."},
        {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "make docs"}}]}},
    {"type": "user", "message": {"content": [
        {"type": "tool_result", "tool_use_id": "t1", "content": "no rule \u202e", "is_error": True}]}},
    {"type": "result", "subtype": "success", "result": "All is said."})


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
    visit(sandbox, service, "runs.mjs", "conversation", run=run_id(repository, "speaker"))


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
