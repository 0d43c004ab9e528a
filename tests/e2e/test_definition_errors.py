"""What is wrong is refused with what is allowed, and nothing is written."""

import pytest


@pytest.fixture
def tip(repository):
    return repository.head("refs/changelings/state")


@pytest.mark.parametrize("option, value, explained", [
    ("--schedule", "61 * * * *", ["61", "0", "59"]),
    ("--schedule", "* * *", ["five"]),
    ("--schedule", "0 0 30 2 *", ["never"]),
    ("--timezone", "Europe/Berlln", ["Europe/Berlin"]),
    ("--timeout", "ten", ["ten", "15m"]),
    ("--timeout", "0s", ["timeout"]),
    ("--max-turns", "-1", ["max"]),
    ("--max-open-prs", "many", ["many"]),
    ("--budget", "cheap", ["cheap"]),
    ("--output", "pigeon", ["pull-request", "issue", "report"]),
    ("--sandbox", "maybe", ["off", "auto", "required"]),
    ("--catch-up", "some", ["none", "last", "all"]),
    ("--env", "NOVALUE", ["="]),
    ("--on", "post-marge", ["post-merge"]),
])
def test_a_bad_value_is_refused(repository, tip, option, value, explained):
    result = repository.changeling("add", "x", "--run", "true", option, value)
    assert result.code in (128, 129), result
    for word in explained:
        assert word in result.err, result
    assert repository.head("refs/changelings/state") == tip


@pytest.mark.parametrize("name", ["", ".hidden", "a..b", "a/b", "a b", "a~1", "x.lock", "-x", "a\\b", "star*", "a:b",
                                  "@{now}"])
def test_a_bad_name_is_refused(repository, tip, name):
    result = repository.changeling("add", "--run", "true", "--", name)
    assert result.code in (128, 129), result
    assert repository.head("refs/changelings/state") == tip


def test_the_command_agent_needs_a_command(repository, tip):
    result = repository.changeling("add", "x", "--agent", "command")
    assert result.code in (128, 129)
    assert "--run" in result.err
    assert repository.head("refs/changelings/state") == tip


def test_errors_as_json(repository, tip):
    error = repository.changeling("add", "x", "--run", "true", "--schedule", "61 * * * *", "--json").error
    assert set(error) == {"kind", "message", "hint"}
    assert error["kind"] in ("invalid", "usage")
    assert "61" in error["message"]
    assert repository.head("refs/changelings/state") == tip


@pytest.mark.parametrize("command", ["show", "run", "remove", "enable", "disable"])
def test_an_unknown_name_suggests_the_nearest(repository, command):
    repository.changeling("add", "typo-sprite", "--template", "typo-sprite").ok()
    result = repository.changeling(command, "typo-spite").expect(128)
    assert "typo-spite" in result.err and "typo-sprite" in result.err


@pytest.mark.parametrize("words", [["add"], ["role", "add"]])
def test_a_name_that_cannot_be_one_is_a_mistake_of_usage(repository, words):
    assert 'the name "bad name" contains a space' in \
        repository.changeling(*words, "bad name", "--prompt", "x").expect(129).err
