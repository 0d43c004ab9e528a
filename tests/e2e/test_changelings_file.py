"""`.changelings.toml`, the definitions that a repository shares through version control."""

import pytest

GOOD = """\
[changelings.writer]
run = "echo from-file >> README.md"
description = "from the file"

[roles.reviewer]
agent  = "claude"
prompt = "Review the change named in the task."

[agents.shouter]
command = ["sh", "-c", "echo \\"$1\\" > shouted", "sh", "{prompt}"]

[changelings.loud]
agent = "shouter"
prompt = "hello there"
"""


def write(repository, text):
    repository.write(".changelings.toml", text)
    repository.git("add", ".changelings.toml")
    repository.git("commit", "--quiet", "--message", "changelings")


def test_definitions_of_the_file_are_listed_and_run(repository):
    write(repository, GOOD)
    entries = {entry["name"]: entry for entry in repository.changeling("list", "--json").ok().json["changelings"]}
    assert set(entries) == {"writer", "loud"}
    assert entries["writer"]["source"] == "file"
    repository.changeling("trust", "writer", "--yes").ok()
    record = repository.changeling("run", "writer", "--json").ok().json
    assert record["outcome"] == "opened-pr"
    assert "from-file" in repository.show(record["branch"], "README.md")


def test_a_configured_agent_type_gets_its_prompt(repository):
    write(repository, GOOD)
    repository.changeling("trust", "loud", "--yes").ok()
    record = repository.changeling("run", "loud", "--json").ok().json
    assert record["agent"] == "shouter"
    assert "hello there" in repository.show(record["branch"], "shouted")


def test_the_state_wins_over_the_file_key_by_key(repository):
    write(repository, GOOD)
    repository.changeling("update", "writer", "--description", "from the state").ok()
    record = repository.changeling("show", "writer", "--json").ok().json
    definition = record.get("changeling", record)
    assert definition["description"] == "from the state"
    assert definition["run"] == "echo from-file >> README.md"
    text = repository.changeling("show", "writer", "--origin").ok().out
    origins = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert ".changelings.toml" in origins["run"] and "(refs/changelings/state)" in origins["description"]


@pytest.mark.parametrize("text, line, column, words", [
    ("[changelings.x]\nshedule = \"@daily\"\n", 2, 1, ["shedule", "schedule"]),
    ("[changelings.x]\nrun = \"true\"\nmax_turns = \"many\"\n", 3, None, ["max_turns"]),
    ("[changelings.x]\nrun = \"true\"\nschedule = \"61 * * * *\"\n", 3, None, ["schedule", "61"]),
    ("[changelings.x]\nrun = \"true\"\ntimezone = \"Mars/Base\"\n", 3, None, ["timezone", "Mars/Base"]),
    ("[changelings.x\n", 1, None, []),
    ("[changeling.x]\nrun = \"true\"\n", 1, None, ["changelings"]),
    ("[changelings.\"a b\"]\nrun = \"true\"\n", 1, None, ["a b"]),
])
def test_a_mistake_is_shown_with_its_place(repository, text, line, column, words):
    write(repository, text)
    place = f".changelings.toml:{line}:" + (f"{column}" if column else "")
    for result in (repository.changeling("run", "x").expect(128), repository.changeling("list").ok()):
        assert place in result.err, result
        for word in words:
            assert word in result.err, result
    said, = repository.changeling("list", "--json").ok().json["damaged"]
    assert said["path"] == ".changelings.toml" and said["reason"].startswith(place)


def test_nothing_of_a_file_with_a_mistake_is_used(repository):
    write(repository, "[changelings.good]\nagent = \"command\"\nrun = \"touch ran\"\n\n[changelings.bad]\nwhat = 1\n")
    assert ".changelings.toml:6" in repository.changeling("run", "good").expect(128).err
    assert repository.runs() == []


BROKEN = """\
[changelings.good]
run = "touch ran"

[changelings.bad]
shedule = "@daily"

[agents.claude]
command = ["true"]
"""


def test_a_mistake_in_the_file_stops_nobody_from_reading_the_rest(repository):
    repository.add_command("kept", "touch ran", "--schedule", "@daily")
    task = repository.add_task("One", "--role", "fixer")["id"]
    write(repository, BROKEN)
    for words in (["list"], ["status"], ["show", "kept"], ["templates", "list"], ["role", "list"]):
        result = repository.changeling(*words).ok()
        assert result.err.count(".changelings.toml:5:1: changelings.bad.shedule: unknown key") == 1, words
        assert 'did you mean "schedule"?' in result.err
    assert "kept" in repository.changeling("list").ok().out and "good" not in repository.changeling("list").out
    assert "nothing is started: .changelings.toml:5" in repository.changeling("status").ok().out
    assert "is held back: .changelings.toml:5" in repository.changeling("show", "kept").ok().out
    for words in (["task", "list"], ["task", "add", "Two", "--role", "fixer"], ["task", "edit", task, "--role", "other"],
                  ["runs", "list"], ["log"], ["review", "list"]):
        repository.changeling(*words).ok()


@pytest.mark.parametrize("words", [["run", "good"], ["run", "kept"], ["show", "good"], ["trust", "--all", "--yes"],
                                   ["work", "--once"], ["add", "new", "--run", "true"]])
def test_nothing_starts_or_is_approved_while_the_file_has_a_mistake(repository, words):
    """Also what is defined elsewhere: the file may hold the limits or the agent that it is to run with."""
    repository.add_command("kept", "touch ran")
    repository.add_task("One", "--status", "ready")
    write(repository, BROKEN)
    assert ".changelings.toml:5:1" in repository.changeling(*words).expect(128).err
    assert repository.runs() == [] and all(task["attempts"] == [] for task in repository.tasks())


@pytest.mark.parametrize("kind", ["link", "too long"])
def test_only_a_plain_file_of_a_mebibyte_is_read(repository, sandbox, kind):
    if kind == "link":
        (repository.path / ".changelings.toml").symlink_to(sandbox.write("elsewhere.toml", GOOD))
    else:
        repository.write(".changelings.toml", GOOD + "#" * (1 << 20) + "\n")
    repository.git("add", ".changelings.toml")
    repository.git("commit", "--quiet", "--message", "changelings")
    refused = repository.changeling("run", "writer")
    assert refused.code == 128 and ".changelings.toml" in refused.err
    assert repository.runs() == []
