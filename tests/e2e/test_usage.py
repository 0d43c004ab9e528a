"""Wrong words on the command line, help and version."""

import pytest


@pytest.mark.parametrize("words, nearest", [
    (["statsu"], "status"),
    (["templtes", "list"], "templates"),
    (["runs", "lst"], "list"),
    (["add", "x", "--shedule", "@daily"], "--schedule"),
    (["run", "x", "--jsn"], "--json"),
])
def test_a_wrong_word_names_the_nearest(repository, words, nearest):
    result = repository.changeling(*words).expect(129)
    assert result.out == ""
    assert nearest in result.err


def test_no_command_prints_the_usage(repository):
    result = repository.changeling()
    assert result.code in (1, 129)
    assert "usage:" in (result.out + result.err).lower()


def test_version(sandbox):
    assert sandbox.changeling("--version").ok().out.startswith("git-changeling version ")


@pytest.mark.parametrize("words", [["-h"], ["add", "-h"], ["review", "-h"], ["review", "accept", "-h"]],
                         ids=lambda words: " ".join(words))
def test_short_help_fits_the_terminal(sandbox, words):
    text = sandbox.changeling(*words).ok().out
    assert "usage: git changeling" in text.lower()
    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_a_missing_argument_is_a_usage_error(repository):
    result = repository.changeling("run").expect(129)
    assert "NAME" in result.err or "name" in result.err


def test_a_wrong_value_says_what_is_allowed(repository):
    result = repository.changeling("add", "x", "--run", "true", "--overlap", "twice")
    assert result.code in (128, 129)
    assert all(word in result.err for word in ("skip", "queue", "replace"))
    assert repository.changeling("list", "--json").ok().json == {"changelings": [], "damaged": []}


def test_no_colour_when_nobody_watches(repository):
    repository.add_command("writer", "echo more >> README.md")
    results = [repository.changeling(*words) for words in (
        ["run", "writer"], ["list"], ["status"], ["runs", "list"], ["review", "show", "1"])]
    for result in results:
        assert "\x1b" not in result.ok().out + result.err
