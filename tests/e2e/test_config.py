"""`config`: every setting with its value, where it comes from, and what it decides; set with the check of reading."""

import pathlib
import re

import pytest


def by_key(repository, *options, **more):
    return {row["key"]: row for row in repository.changeling("config", "list", "--json", *options, **more).ok().json["settings"]}


def test_the_list_names_value_origin_and_default(repository):
    repository.git("config", "changeling.lease", "1h")
    rows = by_key(repository)
    assert rows["changeling.lease"]["value"] == "1h"
    assert rows["changeling.lease"]["origin"] == f"file:{repository.path}/.git/config"
    assert rows["changeling.lease"]["default"] == "30m"
    assert rows["changeling.maxAttempts"]["value"] == "3"
    assert rows["changeling.maxAttempts"]["origin"] is None
    assert rows["changeling.remote"]["value"] is None
    text = repository.changeling("config", "list").ok().out
    assert "changeling.lease = 1h  (from .git/config; default: 30m)\n    How long a claim" in text
    assert "changeling.maxAttempts = 3\n" in text
    assert "changeling.dailyBudget  (no limit)\n" in text


def test_it_works_before_init(sandbox):
    assert "changeling.lease = 30m" in sandbox.repository().changeling("config", "list").ok().out


def test_what_is_set_counts(repository):
    assert repository.changeling("config", "set", "lease", "45m").ok().out == "changeling.lease = 45m\n"
    assert repository.git("config", "changeling.lease").strip() == "45m"
    assert repository.changeling("config", "get", "changeling.LEASE").ok().out == "45m\n"
    task = repository.add_task("One")["id"]
    lease = repository.changeling("task", "claim", task, "--json").ok().json
    assert lease is not None
    assert repository.changeling("config", "unset", "lease").ok().out == "changeling.lease is no longer set\n"
    assert repository.changeling("config", "get", "lease").ok().out == "30m\n"
    assert repository.changeling("config", "unset", "lease").expect(1).out == "changeling.lease was not set\n"


def test_a_device_in_the_place_of_the_users_file_stays_what_it_is(repository):
    refused = repository.changeling("config", "set", "lease", "1h", "--global").expect(128)
    assert "GIT_CONFIG_GLOBAL names /dev/null, which is no file" in refused.err
    repository.changeling("config", "unset", "lease", "--global").expect(128)
    assert pathlib.Path("/dev/null").is_char_device()


def test_global_settings_are_the_users(repository):
    repository.sandbox.environment["GIT_CONFIG_GLOBAL"] = str(repository.sandbox.write("gitconfig", ""))
    repository.changeling("config", "set", "maxAttempts", "5", "--global").ok()
    assert repository.git("config", "--global", "changeling.maxAttempts").strip() == "5"
    assert by_key(repository)["changeling.maxAttempts"]["value"] == "5"
    refused = repository.changeling("config", "unset", "maxAttempts").expect(128)
    assert "changeling.maxAttempts is set by" in refused.err and "--global" in refused.err
    repository.changeling("config", "unset", "maxAttempts", "--global").ok()


def test_values_of_a_list_are_added(repository):
    repository.changeling("config", "set", "package", "jq").ok()
    repository.changeling("config", "set", "package", "ripgrep", "--add").ok()
    assert repository.changeling("config", "get", "package").ok().out == "jq\nripgrep\n"
    assert by_key(repository)["changeling.package"]["value"] == ["jq", "ripgrep"]
    refused = repository.changeling("config", "set", "lease", "1h", "--add").expect(129)
    assert "takes one value" in refused.err


@pytest.mark.parametrize("key, value, words", [
    ("lease", "soon", "changeling.lease: 'soon'"),
    ("dailyBudget", "-3", "no amount of US dollars"),
    ("remote", "upstraem", "there is no remote 'upstraem'"),
    ("autosync", "perhaps", "not true or false"),
])
def test_a_wrong_value_is_refused_and_nothing_is_written(repository, key, value, words):
    before = (repository.path / ".git" / "config").read_text()
    refused = repository.changeling("config", "set", key, "--", value).expect(129)
    assert words in refused.err
    assert (repository.path / ".git" / "config").read_text() == before


def test_a_misspelt_key_is_named_by_every_command(repository):
    repository.git("config", "changeling.dailyBugdet", "5")
    warning = "warning: the configuration has changeling.dailybugdet, which means nothing; " \
              "did you mean changeling.dailyBudget?"
    for words in (["list"], ["status"], ["task", "list"], ["plan"]):
        assert warning in repository.changeling(*words).ok().err
    assert repository.changeling("list", "--quiet").ok().err == ""
    assert by_key(repository)["changeling.dailybugdet"]["known"] is False
    assert "did you mean changeling.dailyBudget?" in repository.changeling("config", "get", "dailyBugdet").expect(128).err
    assert "did you mean changeling.dailyBudget?" in repository.changeling("config", "get", "budget").expect(128).err
    repository.changeling("config", "unset", "changeling.dailyBugdet").ok()
    assert "warning" not in repository.changeling("list").ok().err


def test_values_from_the_command_line_of_git_count(repository):
    env = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "changeling.lease", "GIT_CONFIG_VALUE_0": "7m"}
    rows = by_key(repository, env=env)
    assert rows["changeling.lease"]["value"] == "7m"
    assert "command line" in rows["changeling.lease"]["origin"]


def test_every_key_is_on_the_page(repository):
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text()
    keys = [key for key in by_key(repository) if not key.startswith("changeling.task.")]
    assert re.findall(r"^\| `(changeling\.\w+)`", page, re.MULTILINE) == keys


def test_options_of_tasks_are_settings(repository):
    assert repository.changeling("config", "set", "changeling.task.timeout", "1h").ok().out == \
        "changeling.task.timeout = 1h\n"
    assert repository.changeling("config", "get", "task.timeout").ok().out == "1h\n"
    repository.changeling("config", "set", "task.verify", "make").ok()
    repository.changeling("config", "set", "task.verify", "make test", "--add").ok()
    assert by_key(repository)["changeling.task.verify"]["value"] == ["make", "make test"]
    assert "takes one value" in repository.changeling("config", "set", "task.timeout", "2h", "--add").expect(129).err
    assert "changeling.task.timeout: " in repository.changeling("config", "set", "task.timeout", "soon").expect(129).err
    repository.changeling("config", "unset", "task.timeout").ok()
    repository.changeling("config", "get", "task.timeout").expect(1)
    refused = repository.changeling("config", "set", "task.overlap", "skip").expect(128).err
    assert "there is no setting 'task.overlap'" in refused
    assert "did you mean changeling.task.overlap" not in refused


def test_a_stray_key_of_tasks_is_taken_away(repository):
    repository.git("config", "changeling.task.overlap", "skip")
    assert "changeling.task.overlap, which means nothing" in repository.changeling("list").ok().err
    repository.changeling("config", "unset", "task.overlap").ok()
    assert "warning" not in repository.changeling("list").ok().err
