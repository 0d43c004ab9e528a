"""Chats with the real Claude Code: the form of its answer, its tools, its cost."""

import pytest

from harness.claude_api import speaks, uses

USAGE = {"input_tokens": 1000, "output_tokens": 100}
TASK = {"kind": "task", "fields": {"title": "Write SPELL.md", "status": "ready"}}


@pytest.fixture
def model(sandbox, real_claude, api):
    """model(answers) lets the model answer so."""
    (sandbox.bin / "claude").symlink_to(real_claude)
    sandbox.environment |= {"ANTHROPIC_API_KEY": "dummy", "IS_SANDBOX": "1", "SHELL": "/bin/bash",
                            "CLAUDE_CODE_MAX_RETRIES": "1"}

    def answer(*answers):
        sandbox.environment["ANTHROPIC_BASE_URL"] = api({"The user says now": list(answers)}).url

    return answer


def test_an_answer_and_what_it_cost(repository, model):
    model(uses("StructuredOutput", usage=USAGE, text="There is a README."), speaks("Done."))
    session = repository.changeling("chat", "What is there?", "--json").ok().json
    message, = session["messages"]
    assert (message["answer"], message["problem"], message["proposal"]) == ("There is a README.", None, None)
    assert message["cost_usd"] > 0
    assert session["cost_usd"] == message["cost_usd"]
    assert repository.changeling("chat", "--list", "--json").ok().json["day"]["spent_usd"] == message["cost_usd"]
    repository.git("config", "changeling.chatMaxCost", str(message["cost_usd"] / 2))
    assert "are allowed" in repository.changeling("chat", "And?").expect(128).err


def test_a_proposal_becomes_a_task(repository, model):
    model(uses("StructuredOutput", text="Like this.", proposal=TASK), speaks("Done."))
    done = repository.changeling("chat", "--yes", "Let the spell be written", "--json").ok().json
    assert done["confirmed"]["kind"] == "task"
    assert [task["title"] for task in repository.tasks()] == ["Write SPELL.md"]


def test_it_reads_and_cannot_write_or_run_anything(repository, model):
    before = repository.user_state()
    model(uses("Read", file_path=str(repository.path / "README.md")),
          uses("Write", file_path=str(repository.path / "SPELL.md"), content="abracadabra\n"),
          uses("Bash", command="touch SPELL.md"),
          uses("StructuredOutput", text="I could only look."), speaks("Done."))
    message, = repository.changeling("chat", "Write a spell", "--json").ok().json["messages"]
    assert message["answer"] == "I could only look."
    assert message["turns"] >= 4
    assert repository.user_state() == before


def test_words_that_are_not_in_the_form_are_no_answer(repository, model):
    model(speaks("I would rather not."), speaks("No."), speaks("No."), speaks("No."), speaks("No."), speaks("No."),
          speaks("No."), speaks("No."))
    message, = repository.changeling("chat", "Hello", "--json").expect(1).json["messages"]
    assert (message["state"], message["answer"]) == ("failed", None)
    assert message["problem"]
