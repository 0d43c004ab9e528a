"""Odd values for everything that takes a value: an error in words, never a crash, a defect, or a wall of digits."""

import os
import re

import pytest

from harness.commands import commands_of, needed_words, value_options
from harness.program import program_under_test

VALUES = ["", " ", "-", "-1", "0", "9" * 309, "1e400", "nan", "-9223372036854775809", "0x10", "1.5", "²",
          os.fsdecode(b"\xff\xfe"), "a\nb", "\x1b[31mred", "../../x", "a" * 5000, "{}", "[a,b]", "%s%n", "--help",
          "0s", "99999999999999999999d", "* * * * *", "1 1 31 2 *", "a=b", "=", ":", "/", "HEAD", "{prompt}", "\t"]


def tree():
    import json
    import subprocess
    return json.loads(subprocess.run([program_under_test(), "__dump-cli"], capture_output=True, check=True).stdout)


COMMANDS = commands_of(tree())


@pytest.fixture
def full(repository):
    repository.add_command("sprite", "echo x > x.txt")
    repository.changeling("run", "sprite").ok()
    repository.changeling("role", "add", "writer", "--prompt", "Write.").ok()
    repository.words = {"task": repository.add_task("One")["id"], "run": repository.runs()[0]["id"],
                        "file": str(repository.sandbox.write("tasks.jsonl", '{"title": "Two"}\n'))}
    repository.sandbox.write("odd/keep", "")
    return repository


def check(result):
    assert result.code in (0, 1, 128, 129), result
    assert "defect" not in result.err, result
    assert not re.search(r"\d{100}", result.err), result
    assert "\x1b" not in result.err, result


def odd_values(seed, count):
    return [VALUES[(seed * 7 + turn * 5) % len(VALUES)] for turn in range(count)]


@pytest.mark.parametrize("path", COMMANDS)
def test_an_odd_value_is_told_in_words(full, path):
    command = COMMANDS[path]
    env = {"EDITOR": "true", "VISUAL": "true"}
    for place, option in enumerate(value_options(command)):
        for value in odd_values(place + len(path), 3):
            words = needed_words(path, command, full.words)
            check(full.changeling("-C", full.path, *path.split(), *words, f"{option}={value}"
                                  if option.startswith("--") else f"{option}{value}", env=env,
                                  cwd=full.sandbox.root / "odd"))
    for place, _ in enumerate(command["positionals"]):
        for value in odd_values(place + len(path), 5):
            words = needed_words(path, command, full.words)
            always = [word for word in words if word.startswith("--")]
            given = [word for word in words if not word.startswith("--")]
            given[place:place + 1] = [value]
            check(full.changeling("-C", full.path, *path.split(), *always, "--", *given, env=env,
                                  cwd=full.sandbox.root / "odd"))


@pytest.mark.parametrize("text", [b"", b"\0", b"a\0b\n", b"\xff\xfe\n", b"[" * 100000, b"9" * 309, b"{\"title\": 1e999}\n",
                                  b"{\"title\": \"\\ud800\"}\n", b"\r\n" * 1000])
def test_odd_texts_from_files_are_told_in_words(full, text):
    file = full.sandbox.write("odd/text", text)
    for words in (["task", "import", file], ["task", "import", "--format", "jsonl", file],
                  ["task", "import", "--format", "github", file], ["task", "import", "--format", "markdown", file],
                  ["add", "a", "--prompt-file", file], ["role", "add", "b", "--prompt-file", file],
                  ["run", "sprite", "--dry-run", "--prompt-file", file]):
        check(full.changeling(*words))
    full.write(".changelings.toml", text)
    for words in (["list"], ["show", "sprite"], ["run", "sprite", "--dry-run"], ["trust"], ["role", "list"]):
        check(full.changeling(*words))


@pytest.mark.parametrize("value", ["", "-", "9" * 309, os.fsdecode(b"\xff"), "a" * 5000, "/nowhere", "README.md"])
def test_an_odd_folder_is_told_in_words(full, value):
    for words in (["list"], ["task", "add", "x"], ["templates", "list"], ["tick", "--dry-run"]):
        check(full.changeling("-C", value, *words))
