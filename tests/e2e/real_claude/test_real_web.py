"""The real Claude Code behind the dashboard, in a real browser (tests/web/real_claude.mjs)."""

import pytest

from harness.browser import visit
from harness.claude_api import speaks, uses
from harness.service import Service

TASK = {"kind": "task", "fields": {"title": "Write SPELL.md", "status": "ready"}}


@pytest.fixture
def model(sandbox, real_claude, api):
    """model({words of the prompt: [answers]}) lets the model answer so."""
    (sandbox.bin / "claude").symlink_to(real_claude)
    sandbox.environment |= {"ANTHROPIC_API_KEY": "dummy", "IS_SANDBOX": "1", "SHELL": "/bin/bash",
                            "CLAUDE_CODE_MAX_RETRIES": "1"}

    def answer(conversations):
        sandbox.environment["ANTHROPIC_BASE_URL"] = api(conversations).url

    return answer


def add_scribe(repository, *options):
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Describe the spell.", *options).ok()


def test_a_run_is_watched_as_it_comes(sandbox, repository, model):
    usage = {"input_tokens": 1000, "output_tokens": 100}
    model({"Describe the spell": [uses("Write", file_path="SPELL.md", content="abracadabra\n"),
                                  speaks("The spell is described.", latency=500, chunkSize=4, usage=usage)]})
    add_scribe(repository)
    visit(sandbox, Service(sandbox, repository.path), "real_claude.mjs", "run")
    record, = repository.runs()
    told = [event for event in repository.events() if event["event"] == "run:metrics"]
    assert told and told[-1]["cost_usd"] == record["cost_usd"] > 0


def test_a_chat_proposes_what_is_then_there(sandbox, repository, model):
    model({"The user says now": [uses("StructuredOutput", text="Like <b>this</b>.", proposal=TASK), speaks("Done.")]})
    visit(sandbox, Service(sandbox, repository.path), "real_claude.mjs", "chat")


def test_a_question_is_answered_on_the_start_page(sandbox, repository, model):
    model({"Describe the spell": [uses("Bash", command="git changeling ask 'Which spell?' --choice fire --choice water"),
                                  uses("Write", file_path="SPELL.md", content="water\n"), speaks("It is water.")]})
    add_scribe(repository, "--permission", "acceptEdits", "--permission", "Bash(git changeling ask *)")
    run = repository.changeling("run", "scribe", "--detach").ok().out.strip()
    sandbox.wait_until(
        lambda: any(one["questions"] for one in repository.changeling("status", "--json").ok().json["running"]),
        lambda: "the question waits: " + repository.changeling("logs", run).out, patience=60)
    visit(sandbox, Service(sandbox, repository.path), "real_claude.mjs", "question", run=run)
    record = repository.changeling("runs", "show", run, "--json").ok().json
    assert repository.show(record["branch"], "SPELL.md") == "water\n"
