"""Output that cannot be written is an error of every command: a cut answer must not look like a whole one."""

import pytest

from harness.commands import commands_of

READING = [
    ["list"], ["show", "sprite"], ["status"], ["log"], ["logs", "{run}"], ["runs", "list"], ["runs", "show", "{run}"],
    ["report"], ["review", "list"], ["review", "show", "1"], ["role", "list"], ["role", "show", "writer"],
    ["task", "list"], ["task", "show", "{task}"], ["task", "export"], ["templates", "list"],
    ["templates", "show", "typo-sprite"], ["trust"], ["plan"], ["events"], ["hooks", "status"], ["schedule", "status"],
    ["tick", "--dry-run"], ["run", "sprite", "--dry-run"], ["dispatch", "--dry-run"], ["__dump-cli"], ["--version"],
]


@pytest.fixture
def full(repository):
    repository.add_command("sprite", "echo x > x.txt; echo said", "--schedule", "0 3 * * *", "--on", "post-merge")
    repository.changeling("run", "sprite").ok()
    repository.add_command("reporter", "echo all is well", "--output", "report")
    repository.changeling("run", "reporter")
    repository.changeling("role", "add", "writer", "--prompt", "Write.").ok()
    repository.words = {"task": repository.add_task("One")["id"], "run": repository.runs()[-1]["id"]}
    return repository


def to_a_full_disk(repository, words, redirection=">/dev/full"):
    return repository.sandbox.run("sh", "-c", f'exec git-changeling "$@" {redirection}', "sh", *words,
                                  cwd=repository.path)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_reading_command_fails(full, words):
    words = [word.format(**full.words) for word in words]
    for form in (words, [*words, "--json"]):
        shown = full.changeling(*form)
        assert shown.code in (0, 1), shown
        assert shown.out, "this shows nothing at all"
        result = to_a_full_disk(full, form).expect(128)
        assert "standard output" in result.err and "No space left" in result.err
    closed = to_a_full_disk(full, words, ">&-").expect(128)
    assert "standard output" in closed.err


def test_help_fails(repository):
    tree = repository.changeling("__dump-cli").ok().json
    paths = [[], *([group["path"][0]] for group in tree["commands"]), *map(str.split, commands_of(tree))]
    for path in paths:
        assert "No space left" in to_a_full_disk(repository, [*path, "--help"]).expect(128).err


def test_a_writing_command_says_that_it_has_written(repository):
    result = to_a_full_disk(repository, ["task", "add", "One", "--json"]).expect(128)
    assert "stays done" in result.err
    assert [task["title"] for task in repository.tasks()] == ["One"]


def test_with_closed_files_nothing_else_is_written_to(repository):
    repository.add_task("One")
    for words in (["task", "list"], ["list"], ["task", "add", "Two"], ["bogus"]):
        to_a_full_disk(repository, words, "<&- >&- 2>&-")
    assert sorted(task["title"] for task in repository.tasks()) == ["One", "Two"]
    repository.check()
