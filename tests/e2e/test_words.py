"""Words on the command line are what they seem: nothing runs, or is dropped, because of a word that should have been
quoted."""

import re

import pytest

from harness.commands import commands_of, names_of, needed_words, value_options
from harness.program import SOURCE_ROOT

STATE = "refs/changelings/state"
#: What somebody would miss most if a word ran it.
DANGEROUS = ("compact", "undo", "remove", "init", "sync", "tick", "uninstall")


@pytest.fixture
def full(repository):
    """A repository with a record of each kind; `words` fills in the words of commands."""
    repository.add_command("sprite", "echo x > x.txt")
    repository.changeling("run", "sprite").ok()
    repository.changeling("role", "add", "writer", "--prompt", "Write.").ok()
    repository.words = {"task": repository.add_task("One", "--status", "planning")["id"],
                        "run": repository.runs()[0]["id"],
                        "file": str(repository.sandbox.write("tasks.jsonl", '{"title": "Two"}\n'))}
    return repository


def test_no_name_of_a_command_is_obeyed_behind_another_command(full):
    tree = full.changeling("__dump-cli").ok().json
    commands, names = commands_of(tree), names_of(tree)
    assert len(commands) > 50 and set(DANGEROUS) < set(names)
    kinds = {operation["kind"] for operation in full.operations("-n", "0")}
    tip = full.head(STATE)
    for path, command in commands.items():
        # Whatever git gives a hook is its arguments.
        if path == "hook run":
            continue
        words = needed_words(path, command, full.words)
        takes_many = any(positional["repeatable"] for positional in command["positionals"])
        result = full.changeling(*path.split(), *words, *names)
        # The words of a chat are a message, whatever they are; no agent is there to answer it.
        answered = 1 if path == "chat" else 128
        assert result.code == 129 or takes_many and result.code == answered, result
        assert any(word in result.err for word in ("quote", "one at a time", "takes only", "takes no words")) or takes_many, result
    assert full.head(STATE) == tip
    assert {operation["kind"] for operation in full.operations("-n", "0")} == kinds


def test_the_name_of_a_command_is_a_value_like_any_other(full):
    tree = full.changeling("__dump-cli").ok().json
    before = [operation["id"] for operation in full.operations("-n", "0")]
    turn = 0
    for path, command in commands_of(tree).items():
        if path in DANGEROUS:
            continue
        for option in value_options(command):
            turn += 1
            words = needed_words(path, command, full.words)
            result = full.changeling(*path.split(), *words, option, DANGEROUS[turn % len(DANGEROUS)], cwd=full.path)
            assert result.code in (0, 1, 128, 129) and "defect" not in result.err, result
    operations = full.operations("-n", "0")
    assert [operation["id"] for operation in operations][-len(before):] == before, "the history was replaced"
    assert not {operation["kind"] for operation in operations} & {"undo", "compact", "changeling.remove", "task.remove"}


@pytest.mark.parametrize("words, quoted", [
    (["task", "add", "Fix", "undo"], "git changeling task add 'Fix undo'"),
    (["add", "p", "--prompt", "Fix", "the", "failing", "test"], "--prompt 'Fix the failing test'"),
    (["add", "p", "--prompt", "Please", "compact", "--draft"], "--prompt 'Please compact'"),
    (["role", "add", "r", "--prompt", "It's", "undo"], "--prompt 'It'\\''s undo'"),
    (["task", "block", "x", "--reason", "waits", "for", "remove"], "--reason 'waits for remove'"),
])
def test_too_many_words_show_how_to_quote_them(full, words, quoted):
    tip = full.head(STATE)
    result = full.changeling(*words).expect(129)
    assert quoted in result.err and result.out == ""
    assert full.changeling(*words, "--json").expect(129).error["kind"] == "usage"
    assert full.head(STATE) == tip


def test_a_list_takes_one_value_each_time_and_no_name(repository):
    repository.changeling("add", "--label", "x", "two", "--run", "true", "--label", "y", "--on", "post-merge", "--on",
                          "post-commit").ok()
    definition = repository.changeling("show", "two", "--json").ok().json
    assert definition["labels"] == ["x", "y"] and definition["on"] == ["post-merge", "post-commit"]
    repository.changeling("update", "two", "--label", "a", "b").expect(129)
    repository.changeling("run", "two", "--env", "A=1", "B=2").expect(129)
    assert repository.changeling("show", "two", "--json").ok().json["labels"] == ["x", "y"]
    repository.changeling("update", "two", "--arg", "{}", "--arg", "[a,b]").ok()
    assert repository.changeling("show", "two", "--json").ok().json["args"] == ["{}", "[a,b]"]


def test_what_every_command_takes_works_before_and_behind_it(repository, sandbox):
    for words in (["--json", "-C", repository.path, "list"], ["list", "--json", "-C", repository.path],
                  ["runs", "--json", "list", f"-C{repository.path}"]):
        assert isinstance(sandbox.changeling(*words, cwd=sandbox.home).ok().json, dict)


def test_behind_two_dashes_everything_is_a_word(repository):
    task = repository.changeling("task", "add", "--", "--json is broken").ok().out.strip()
    assert repository.task(task)["title"] == "--json is broken"
    assert "stands behind '--'" in repository.changeling("task", "add", "-x marks the spot").expect(129).err
    repository.changeling("task", "add", "- a point").ok()


# What cannot be undone.


def test_compact_asks_before_it_begins(repository):
    repository.add_task("One")
    tip = repository.head(STATE)
    refused = repository.changeling("compact", "--keep-history").expect(128)
    assert "git changeling compact --keep-history --yes" in refused.err and "cannot be undone" in refused.err
    planned = repository.changeling("compact", "--dry-run", "--json").ok().json
    assert planned["dry_run"] is True and planned["operations"] > 1 and planned["epoch"] == 1
    assert "Would begin epoch 1" in repository.changeling("compact", "--dry-run").ok().out
    shown = repository.in_terminal("compact", typed="n\n")
    assert any("origin is replaced" in line for line in shown)
    assert repository.head(STATE) == tip
    repository.in_terminal("compact", typed="y\n")
    assert repository.head(STATE) != tip


def test_removing_changelings_asks(repository):
    repository.add_command("one", "true")
    refused = repository.changeling("remove", "one", "--json").expect(128)
    assert refused.error["hint"].endswith("git changeling remove one --yes")
    repository.in_terminal("remove", "one", typed="\n")
    assert len(repository.changeling("list", "--json").ok().json["changelings"]) == 1
    repository.in_terminal("remove", "one", typed="yes\n")
    assert repository.changeling("list", "--json").ok().json["changelings"] == []


def test_removing_several_tasks_asks(repository):
    ids = [repository.add_task(title)["id"] for title in ("One", "Two", "Three")]
    assert f"task remove {ids[0]} {ids[1]} --yes" in repository.changeling("task", "remove", *ids[:2]).expect(128).err
    repository.changeling("task", "remove", ids[2], ids[2]).ok()
    assert len(repository.tasks()) == 2
    repository.changeling("task", "remove", *ids[:2], "-y").ok()
    assert repository.tasks() == []


# Numbers of pull requests.


@pytest.mark.parametrize("number", ["1", "#1", "local:1"])
def test_a_pull_request_is_named_in_every_form_in_which_it_is_shown(full, number):
    assert full.changeling("review", "show", number, "--json").ok().json["number"] == 1
    assert full.changeling("review", "reject", number, "--json").ok().json["state"] == "closed"


@pytest.mark.parametrize("number", ["0", "-- -1", "one", "9" * 309, "1.5", ""])
def test_what_is_no_number_of_a_pull_request_is_said_in_a_sentence(full, number):
    result = full.changeling("review", "show", *(number.split(" ") if number else [""])).expect(129)
    assert "1, #1 or local:1" in result.err and len(result.err) < 300


@pytest.mark.parametrize("word, command", [
    (["gc"], "compact"), (["gc", "--help"], "compact"), (["halt"], "disable --all"), (["doctor"], "status"),
    (["tasks"], "task list"), (["merge", "1"], "review accept"), (["task", "close", "x"], "task done"),
    (["review", "merge", "1"], "review accept")])
def test_the_word_of_another_tool_leads_to_the_command(repository, word, command):
    refused = repository.changeling(*word).expect(129)
    assert "does not know the command" in refused.err and f"did you mean 'git changeling {command}'?" in refused.err


def test_every_command_that_another_word_leads_to_exists(repository):
    source = (SOURCE_ROOT / "src/cli/other_words.cpp").read_text()
    others = re.findall(r'\{"(\w*)", "(\w+)", "([a-z -]+)"\}', source)
    assert len(others) > 30
    for group, word, command in others:
        assert repository.changeling(*command.split(), "--help").ok().out.startswith("usage: git changeling "), command
        assert f"'git changeling {command}'" in repository.changeling(*([group] if group else []), word).expect(129).err
