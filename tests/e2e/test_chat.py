"""Chats at the command line: answers, proposals that are nothing before they are confirmed, and what agents get wrong."""

import hashlib
import itertools
import json
import stat

import pytest
from harness.oracle import Oracle

TIDY = {"kind": "changeling", "name": "tidy", "fields": {"prompt": "Tidy up.", "schedule": "0 3 * * *"}}
TASK = {"kind": "task", "fields": {"title": "Write the page", "acceptance": ["run:true"], "status": "ready"}}


@pytest.fixture
def oracle(sandbox, repository):
    return Oracle(sandbox, repository)


def chat(repository, *words):
    return repository.changeling("chat", *words, "--json").ok().json


def test_a_question_is_answered_from_what_there_is(repository, oracle):
    repository.add_task("Count the words")
    oracle.says("There is one task.")
    done = repository.changeling("chat", "What", "is there?").ok()
    assert done.out.startswith("  There is one task.\n")
    assert "git changeling chat --session " in done.err
    prompt = oracle.prompt()
    assert "Count the words" in prompt
    assert prompt.endswith("The user says now:\nWhat is there?\n")
    oracle.says("As I said.")
    again = chat(repository, "--continue", "And now?")
    assert [message["answer"] for message in again["messages"]] == ["There is one task.", "As I said."]
    assert "USER: What is there?" in oracle.prompt()
    listed = chat(repository, "--list")
    assert [(one["id"], one["messages_count"]) for one in listed["chats"]] == [(again["id"], 2)]
    assert "There is one task." in repository.changeling("chat", "--session", again["id"][:6]).ok().out


def test_a_session_is_its_owners_and_on_no_reference(repository, oracle):
    before = repository.operations()
    oracle.says("Hello.")
    session = chat(repository, "Hello")["id"]
    folder = repository.common_directory() / "changelings" / "chat"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{session}.jsonl").stat().st_mode) == 0o600
    assert not list(folder.glob("*.work"))
    assert repository.operations() == before
    assert [event["what"] for event in repository.events() if event["event"] == "chat:message"] == ["sent", "answered"]


def test_a_proposal_is_nothing_before_it_is_confirmed(repository, oracle):
    oracle.says("Every night?", TIDY)
    done = repository.changeling("chat", "Tidy up every night").ok()
    assert "Proposed: a new changeling tidy" in done.out
    assert '+schedule = "0 3 * * *"' in done.out
    assert "nothing of it exists yet" in done.err
    assert repository.changeling("list", "--json").ok().json["changelings"] == []
    command = done.err.split("confirm what is shown: git changeling ")[1].splitlines()[0].split()
    assert "Added changeling tidy" in repository.changeling(*command).ok().out
    shown = repository.changeling("show", "tidy", "--json").ok().json
    assert (shown["prompt"], shown["trusted"]) == ("Tidy up.", True)
    again = repository.changeling(*command).expect(128)
    assert "no open proposal" in again.err


def test_a_change_shows_what_would_be_different(repository, oracle):
    repository.changeling("add", "tidy", "--prompt", "Tidy a little.").ok()
    oracle.says("Done properly.", TIDY)
    session = chat(repository, "Tidy more")
    proposal = session["messages"][-1]["proposal"]
    assert proposal["is_new"] is False
    assert '-prompt = "Tidy a little."' in proposal["difference"]
    assert '+prompt = "Tidy up."' in proposal["difference"]
    repository.changeling("update", "tidy", "--prompt", "Tidy nothing.").ok()
    repository.changeling("chat", "--session", session["id"], "--confirm", proposal["digest"]).expect(128)
    assert repository.changeling("show", "tidy", "--json").ok().json["prompt"] == "Tidy nothing."


def test_yes_confirms_what_comes_back(repository, oracle):
    oracle.says("One task.", TASK)
    done = chat(repository, "--yes", "Let the page be written")
    assert done["confirmed"]["kind"] == "task"
    task, = repository.tasks()
    assert (task["id"], task["title"]) == (done["confirmed"]["name"], "Write the page")
    assert chat(repository, "--continue")["messages"][0]["proposal"]["decision"] == "confirmed"


def test_what_is_declined_cannot_be_confirmed(repository, oracle):
    oracle.says("One task.", TASK)
    digest = chat(repository, "Let the page be written")["messages"][0]["proposal"]["digest"]
    repository.changeling("chat", "--decline", digest[:12]).ok()
    repository.changeling("chat", "--confirm", digest[:12]).expect(128)
    assert repository.tasks() == []


@pytest.mark.parametrize("printed, problem", [
    ("I would say: a task.", "not JSON"),
    ("", "there is none"),
    (json.dumps({"text": "x", "proposal": {"kind": "spell", "fields": {}}}), "kind"),
    (json.dumps({"text": "x", "proposal": TASK | {"hidden": 1}}), "hidden"),
    (json.dumps({"text": "x", "proposal": {"kind": "webhook", "name": "w", "fields": {
        "source": "generic", "task": "{title}", "secret": "a-secret-of-letters"}}}), "no field secret"),
    (json.dumps({"text": "x", "proposal": {"kind": "changeling", "name": "w", "fields": {
        "prompt": "x", "sandbox": "off"}}}), "no field sandbox"),
    (json.dumps({"text": "x", "proposal": {"kind": "changeling", "name": "w", "fields": {
        "prompt": "x", "schedule": "61 * * * *"}}}), "cannot be"),
    (json.dumps({"text": "x" * (1 << 20)}), "answer"),
])
def test_a_wrong_answer_is_an_error_and_no_half_proposal(repository, oracle, printed, problem):
    oracle.prints(printed)
    done = repository.changeling("chat", "Hello", "--json").expect(1).json
    message, = done["messages"]
    assert message["state"] == "failed"
    assert problem in message["problem"]
    assert (message["answer"], message["proposal"]) == (None, None)


def test_text_of_an_agent_commands_no_terminal(repository, oracle):
    oracle.says("\x1b]0;title\x07<script>\u202e", {"kind": "task", "fields": {"title": "\x1b[2Jgone"}})
    done = repository.changeling("chat", "Hello").ok()
    assert "\x1b" not in done.out + done.err
    assert "\u202e" not in done.out
    assert "<script>" in done.out


def test_an_agent_reads_the_work_tree_and_writes_nothing(repository, oracle):
    before = repository.user_state()
    oracle.does('''words=$(head -n 1 README.md)
if echo changed > README.md; then words="$words written"; fi 2>/dev/null
if cat .git/config .git/changelings/chat/*.jsonl >/dev/null 2>&1; then words="$words secrets"; fi
printf '{"text":"%s"}' "$words"''')
    assert chat(repository, "Read it")["messages"][0]["answer"] == "# Example"
    assert repository.user_state() == before


def test_what_it_may_not_do_starts_no_agent(sandbox, repository, oracle):
    oracle.does('echo begun >> "$MARKS/begun"; echo \'{"text":"Hello."}\'')
    repository.changeling("disable", "--all", "--reason", "quiet").ok()
    assert "quiet" in repository.changeling("chat", "Hello").expect(128).err
    repository.changeling("enable", "--all").ok()
    repository.git("config", "changeling.chatMaxCost", "0")
    assert "$0.00 are allowed" in repository.changeling("chat", "Hello").expect(128).err
    repository.git("config", "--unset", "changeling.chatMaxCost")
    repository.changeling("untrust", "agent:oracle").ok()
    assert "agent:oracle" in repository.changeling("chat", "Hello").expect(128).err
    assert not (sandbox.marks / "begun").exists()
    assert chat(repository, "--list")["chats"] == []


def test_without_a_sandbox_only_claude_code_answers(sandbox, repository, oracle):
    oracle.says("Hello.")
    sandbox.without_walls()
    message, = repository.changeling("chat", "Hello", "--json").expect(1).json["messages"]
    assert "only behind a sandbox" in message["problem"]


def test_an_interrupt_ends_the_agent_and_keeps_the_session(sandbox, repository, oracle):
    oracle.does('touch "$MARKS/begun"; sleep 600')
    talking = repository.start("chat", "Take your time")
    sandbox.wait_until((sandbox.marks / "begun").exists, "the agent is at work")
    busy, = chat(repository, "--list")["chats"]
    assert busy["answering"] is True
    refused = repository.changeling("chat", "--continue", "Are you there?").expect(128)
    assert "still answers" in refused.err
    talking.interrupt()
    assert talking.finish().code != 0
    assert sandbox.agent_processes() == []
    message, = chat(repository, "--continue")["messages"]
    assert (message["text"], message["state"]) == ("Take your time", "failed")
    assert "stopped" in message["problem"]
    oracle.says("Now I am here.")
    assert chat(repository, "--continue", "And now?")["messages"][1]["answer"] == "Now I am here."


def test_a_killed_chat_says_so(sandbox, repository, oracle):
    oracle.does('touch "$MARKS/begun"; sleep 600')
    talking = repository.start("chat", "Take your time")
    sandbox.wait_until((sandbox.marks / "begun").exists, "the agent is at work")
    talking.kill()
    sandbox.wait_until(lambda: sandbox.agent_processes() == [], "the agent ends with it")
    message, = chat(repository, "--continue")["messages"]
    assert message["state"] == "cut-off"


def test_a_conversation_at_a_terminal(repository, oracle):
    oracle.says("Every night?", TIDY)
    lines = repository.in_terminal("chat", typed="Tidy up every night\ny\n\x04")
    text = "".join(lines)
    assert "Every night?" in text
    assert "Make it so?" in text
    assert "Added changeling tidy" in text
    assert repository.changeling("show", "tidy", "--json").ok().json["schedule"] == "0 3 * * *"


def test_nobody_chats_inside_a_run(repository, oracle):
    repository.add_command("talker", 'git changeling chat --yes "Let me out" || echo "refused $?" > answer.txt')
    record = repository.changeling("run", "talker", "--json").json
    assert record["outcome"] == "opened-pr"
    assert repository.show(record["branch"], "answer.txt") == "refused 128\n"


def digest_of(title):
    """As the program makes it for a new task: over the proposal, what there was, and what it would make."""
    proposal = json.dumps({"fields": {"title": title}, "kind": "task", "name": None}, separators=(",", ":"))
    before = hashlib.sha256(b"").hexdigest()
    return hashlib.sha256(f"{proposal}\n{before}title: {title}\n".encode()).hexdigest()


def test_a_beginning_that_two_proposals_share_confirms_neither(repository, oracle):
    seen, pair = {}, None
    for title in (f"Fix typo {number}" for number in itertools.count()):
        other = seen.setdefault(digest_of(title)[:8], title)
        if other != title:
            pair = (other, title)
            break
    for title in pair:
        oracle.says("Shall I?", {"kind": "task", "fields": {"title": title}})
        session = chat(repository, "--continue", "Go on") if title == pair[1] else chat(repository, "Go on")
    proposals = [message["proposal"] for message in session["messages"]]
    assert [proposal["digest"] for proposal in proposals] == [digest_of(title) for title in pair]
    refused = repository.changeling("chat", "--session", session["id"], "--confirm", digest_of(pair[0])[:8])
    assert refused.code == 128 and "several proposals" in refused.err
    assert repository.tasks() == []
    repository.changeling("chat", "--session", session["id"], "--confirm", digest_of(pair[0])).ok()
    assert [task["title"] for task in repository.tasks()] == [pair[0]]
