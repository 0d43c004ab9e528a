"""A state of a newer format: nothing is written, whatever is typed, and it is said what is needed."""

import json

import pytest

from harness.damage import FILE, STATE, put

NEWER = "the state is in format 2, this program knows up to 1"
HINT = "install a newer git-changeling"

#: Every command that has to do with the state, by its path. Words in braces are ids.
REFUSED = {
    "add": ["goblin", "--run", "true"], "attach": ["{run}"], "compact": [], "disable": ["sprite"], "dispatch": [],
    "edit": ["sprite"], "enable": ["sprite"], "init": [], "list": [], "log": [], "logs": ["{run}"],
    "remove": ["sprite"], "report": [], "retry": ["{run}"], "review accept": ["1"], "review list": [],
    "redo": [], "review reject": ["1"], "review show": ["1"], "role add": ["reader", "--prompt", "x"], "role list": [],
    "role remove": ["writer"], "role show": ["writer"], "run": ["sprite"], "runs list": [], "runs show": ["{run}"],
    "send": ["{run}", "hello"], "show": ["sprite"], "status": [], "stop": ["{run}"], "sync": [],
    "task add": ["Another"], "task block": ["{task}", "--reason", "x"], "task claim": [],
    "task complete": ["{task}", "--token", "1"], "task done": ["{task}"], "task drop": ["{task}"],
    "task edit": ["{task}", "--title", "x"], "task export": [],
    "task import": ["{file}"], "task list": [], "task move": ["{task}", "done"], "task remove": ["{task}"],
    "task release": ["{task}", "--token", "1"], "task renew": ["{task}", "--token", "1"], "task show": ["{task}"],
    "task unblock": ["{task}"], "templates list": [], "templates show": ["typo-sprite"],
    "trust": ["sprite", "--yes"], "undo": [],
    "update": ["sprite", "--timeout", "5m"], "work": ["--once"],
}
#: What has nothing to do with the records.
FREE = {"events", "untrust"}


@pytest.fixture
def newer(repository):
    """A repository with a record of each kind whose state says that it is newer."""
    repository.add_command("sprite", "echo x > x.txt")
    repository.changeling("run", "sprite").ok()
    repository.changeling("role", "add", "writer", "--prompt", "Write.").ok()
    repository.words = {"task": repository.add_task("One")["id"], "run": repository.runs()[0]["id"],
                        "file": str(repository.sandbox.write("tasks.jsonl", '{"title": "Two"}\n'))}
    repository.changeling("sync").ok()
    put(repository, {"format": (FILE, b"2\n")})
    return repository


def commands_of(node, path=()):
    for command in node["commands"]:
        here = (*path, command["path"][-1] if isinstance(command["path"], list) else command["path"])
        if command.get("commands"):
            yield from commands_of(command, here)
        else:
            yield " ".join(here)


def test_these_are_commands(sandbox):
    known = set(commands_of(sandbox.changeling("__dump-cli").ok().json))
    assert known >= set(REFUSED) | FREE


@pytest.mark.parametrize("command", REFUSED)
def test_a_command_says_what_is_needed_and_changes_nothing(newer, command):
    before = newer.head(STATE), newer.remote.head(STATE), newer.user_state()
    words = [word.format(**newer.words) for word in REFUSED[command]]
    env = {"EDITOR": "true", "VISUAL": "true"}
    result = newer.changeling(*command.split(), *words, env=env).expect(128)
    assert NEWER in result.err and HINT in result.err and result.out == "", result
    assert (newer.head(STATE), newer.remote.head(STATE), newer.user_state()) == before
    error = json.loads(newer.changeling(*command.split(), *words, "--json", env=env).expect(128).err.splitlines()[-1])
    assert error["error"]["kind"] == "refused" and NEWER in error["error"]["message"]


@pytest.mark.parametrize("command", ["sync", "task claim", "run sprite", "init"])
def test_a_newer_state_of_the_remote_is_not_taken_in(newer, sandbox, command):
    other = sandbox.clone(newer.remote, name="other")
    other.changeling("init").ok()
    other.changeling("trust", "sprite", "--yes").ok()
    newer.git("push", "--quiet", "origin", f"{STATE}:{STATE}")
    other.add_task("Not shared yet")
    before = other.head(STATE), newer.remote.head(STATE)
    if command == "init":
        fresh = sandbox.clone(newer.remote, name="fresh")
        assert NEWER in fresh.changeling("init").expect(128).err
        assert fresh.try_git("rev-parse", "--verify", "--quiet", STATE).code == 1
    else:
        assert NEWER in other.changeling(*command.split()).expect(128).err
    assert (other.head(STATE), newer.remote.head(STATE)) == before
    assert [task["title"] for task in other.tasks()] == ["One", "Not shared yet"]
    assert other.changeling("run", "sprite", "--dry-run").ok()


def test_a_newer_state_here_is_not_pushed(newer):
    assert newer.head(STATE) != newer.remote.head(STATE)
    assert NEWER in newer.changeling("sync").expect(128).err
    assert newer.head(STATE) != newer.remote.head(STATE)


def test_commands_without_records_work(newer):
    newer.changeling("events").ok()
    newer.changeling("untrust", "sprite").ok()
    newer.changeling("--version").ok()
