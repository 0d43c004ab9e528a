"""What others have written into records: no value of it begins a line of ours, commands the terminal or is hidden."""

import json
import re
import unicodedata

import pytest

from harness.damage import FILE, STATE, put

#: Begins a line wherever a reader or a terminal could end one, and has what must never reach either.
FORGED = "FORGED"
EVIL = (f"x\n{FORGED} a\r{FORGED} b\r\n{FORGED} c\u2028{FORGED} d\u0085{FORGED} e\x1b[2J\x1b]52;c;Zg==\x07\x1b[31m"
        "\u009b31m\x08\u202e\u2066\u200b\u00ad\u2060\ufeff\U000e0041 end")
#: For values that definitions want to have in one line.
EVIL_LINE = re.sub("[\r\n]+", " ", EVIL)
NOW = "2026-01-01T00:00:00.000Z"
RUN, TASK, CLAIMED = "abcde", "bcdf2345", "bcdf2346"
COMMANDS = [
    ["list"], ["show", "evil"], ["show", "evil", "--origin"], ["status"], ["plan"], ["log"], ["log", "--run", RUN],
    ["runs", "list"], ["runs", "show", RUN], ["runs", "list", "--search", "x"], ["report"], ["attach", RUN],
    ["logs", RUN], ["stop", RUN], ["retry", RUN], ["send", RUN, "hello"],
    ["task", "list"], ["task", "list", "--all"], ["task", "show", TASK], ["task", "show", CLAIMED], ["task", "export"],
    ["task", "stale"], ["task", "complete", CLAIMED], ["task", "claim"], ["prime"],
    ["review", "list"], ["review", "list", "--all"], ["review", "show", "1"], ["review", "show", "2"],
    ["review", "accept", "1"], ["review", "reject", "2"],
    ["role", "list"], ["role", "show", "evil"], ["trust", "--list"], ["trust", "evil"], ["run", "evil"],
    ["run", "evil", "--dry-run"], ["dispatch", "--dry-run"], ["work", "--dry-run"], ["tick", "--dry-run"],
    ["tick"], ["hooks", "status"], ["sync"], ["events"], ["undo"], ["enable", "evil"], ["enable", "--all"],
    ["deploy", "evil", "--to", "github-actions", "--dry-run"], ["undeploy", "evil"], ["compact", "--dry-run"],
    ["config"], ["task", "move", TASK, "blocked"], ["task", "remove", TASK], ["remove", "evil"], ["disable", "evil"],
]


def text(value):
    return json.dumps(value).encode()


def toml(**values):
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()).encode()


def task(identifier, **more):
    return {"id": identifier, "title": EVIL, "description": EVIL, "acceptance": ["review"], "status": "ready",
            "priority": "urgent", "labels": [EVIL], "blocked_by": [], "artifacts": [], "role": "",
            "attempts": [{"run": RUN, "owner": EVIL, "outcome": EVIL, "error": EVIL, "started_at": NOW, "ended_at": NOW}],
            "created_at": NOW, "created_by": EVIL, "updated_at": NOW, "updated_by": EVIL, "blocked_reason": EVIL, **more}


def pull(number, head, **more):
    return {"number": number, "title": EVIL, "body": EVIL, "changeling": EVIL, "run": RUN, "branch": EVIL, "base": "main",
            "base_commit": head, "head": head, "state": "open", "draft": False, "labels": [EVIL], "reviewers": [EVIL],
            "patch_id": "", "created_at": NOW, "updated_at": NOW, "closed_at": None, "closed_by": "", "close_reason": "",
            "merge_commit": "", **more}


@pytest.fixture
def hostile(repository):
    """The state as somebody has left it who may write it without this program."""
    head = repository.git("rev-parse", "HEAD")
    run = {"id": RUN, "changeling": EVIL, "trigger": "manual", "agent": EVIL, "status": "finished", "outcome": "failed",
           "started_at": NOW, "ended_at": NOW, "error": EVIL, "summary": EVIL, "host": EVIL, "actor": EVIL, "branch": EVIL,
           "head": head, "refused": [EVIL], "target": EVIL, "session_id": EVIL, "overrides": [EVIL], "report_url": EVIL,
           "verification": [{"command": EVIL, "passed": False, "exit_code": 1, "duration_ms": 1, "output": EVIL}],
           "lease": {"owner": EVIL, "token": 1}}
    lost = {**run, "id": "abcdf", "status": "running", "outcome": None, "ended_at": None, "expires_at": NOW}
    lease = {"owner": EVIL, "token": 1, "expires_at": "2099-01-01T00:00:00.000Z"}
    put(repository, {
        "runs/ab/cd/abcde.json": (FILE, text(run)),
        "runs/ab/cd/abcdf.json": (FILE, text(lost)),
        f"items/bc/df/{TASK}.json": (FILE, text(task(TASK))),
        f"items/bc/df/{CLAIMED}.json": (FILE, text(task(CLAIMED, status="in_flight", lease=lease, assignee_agent=EVIL,
                                                        acceptance=["file: " + FORGED]))),
        "pulls/1.json": (FILE, text(pull(1, head))),
        "pulls/2.json": (FILE, text(pull(2, head, state="closed", closed_at=NOW, closed_by=EVIL, close_reason=EVIL))),
        "changelings/evil.toml": (FILE, toml(run=EVIL, prompt=EVIL, description=EVIL_LINE, labels=["a"], verify=[EVIL],
                                             schedule="0 3 * * *", timezone="UTC")),
        "roles/evil.toml": (FILE, toml(agent="command", run=EVIL, prompt=EVIL)),
        "halt.json": (FILE, text({"since": NOW, "by": EVIL, "reason": EVIL})),
        "deployments/evil.json": (FILE, text({"changeling": "evil", "to": "github-actions", "deployed_at": NOW,
                                              "deployed_by": EVIL, "digest": EVIL, "workflow": EVIL, "app": ""})),
    }, message=f"subject {EVIL}")
    return repository


def hidden(output):
    """The characters of the output that nobody sees, or that a terminal obeys."""
    return sorted({f"U+{ord(letter):04X}" for letter in output
                   if letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs")})


def begun(output):
    return [line for line in re.split("[\n\r\u2028\u0085]", output) if line.startswith(FORGED)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_value_begins_a_line_or_is_hidden(hostile, command):
    answer = hostile.changeling(*command)
    assert begun(answer.out) == [] and begun(answer.err) == []
    assert hidden(answer.out) == [] and hidden(answer.err) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_value_is_hidden_in_json(hostile, command):
    answer = hostile.changeling(*command, "--json")
    assert hidden(answer.out) == [] and hidden(answer.err) == []


def test_json_has_the_values_as_they_are(hostile):
    for command in (["list"], ["role", "list"], ["runs", "list"], ["task", "list"], ["review", "list"]):
        assert hostile.changeling(*command, "--json").ok().json["damaged"] == [], command
    shown = hostile.changeling("task", "show", TASK, "--json").ok()
    assert json.loads(shown.out)["title"] == EVIL


@pytest.mark.parametrize("command", [["status"], ["task", "show", TASK], ["runs", "show", RUN], ["review", "show", "1"],
                                     ["trust", "evil"], ["task", "list"]], ids=" ".join)
def test_on_a_terminal_only_our_own_styles_pass(hostile, command):
    shown = "".join(hostile.in_terminal(*command, raw=True, columns=300, typed="n\n"))
    assert "\x1b" in shown
    without_ours = re.sub("\x1b\\[[0-9]*m", "", shown).replace("\r\n", "\n")
    assert hidden(without_ours) == []
    # A colour of ours would hide what is forged as well as any other command.
    assert "\x1b[31m\\u{9b}" not in shown and "\\u{1b}[31m" in shown
    assert begun(without_ours) == []


def test_what_is_told_on_a_terminal_is_one_line(repository, sandbox):
    repository.add_command("night", "printf 'x\\r\\033[2J\\033]52;c;Zg==\\007 working\\n'; sleep 1.5; exit 1")
    shown = "".join(repository.in_terminal("run", "night", raw=True))
    rest = re.sub("\x1b\\[[0-9]*m|\r\x1b\\[K|\r[^\x1b\n]*\x1b\\[K", "", shown).replace("\r\n", "\n")
    assert hidden(rest) == []


def test_our_commits_say_what_we_did_and_nothing_else(hostile, sandbox):
    for command in (["stop", "abcdf"], ["task", "move", TASK, "blocked"], ["review", "reject", "1", "--reason", EVIL],
                    ["task", "add", EVIL], ["status"], ["undo", "--yes"]):
        hostile.changeling(*command)
    for message in hostile.git("log", "--format=%B%x01", STATE).split("\x01"):
        if FORGED in message and not message.strip().startswith("subject "):
            assert begun(message) == [] and hidden(message.strip()) == []
            assert re.fullmatch(r"[^\n]+\n\n([A-Z][A-Za-z]*: [^\n]+\n?)+", message.strip() + "\n")
