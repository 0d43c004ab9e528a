"""Before `git changeling init` every command that needs the state says the same."""

from harness.commands import commands_of, needed_words

#: These need no state, or find out themselves: they work on other repositories or on what belongs to the user (credentials,
#: channels), or are called by other programs or inside a run alone.
FREE = {"ask", "config get", "config list", "config set", "config unset", "credential check", "credential list",
        "credential remove", "credential set", "hook run", "hooks uninstall", "init", "notify list", "notify test",
        "schedule forget", "schedule status", "schedule uninstall", "templates export", "templates list",
        "templates show", "tick"}


def test_every_command_says_the_same(sandbox):
    repository = sandbox.repository()
    tree = repository.changeling("__dump-cli").ok().json
    known = {"task": "abcde", "run": "abcde", "file": str(sandbox.write("tasks.jsonl", '{"title": "Two"}\n'))}
    asked = 0
    for path, command in commands_of(tree).items():
        if path in FREE:
            continue
        words = needed_words(path, command, known)
        result = repository.changeling(*path.split(), *words, env={"EDITOR": "true"}).expect(128)
        assert result.err == ("fatal: this repository has no changelings yet\n"
                              "hint: start with: git changeling init\n"), result
        asked += 1
    assert asked > 45
    assert repository.try_git("rev-parse", "--verify", "--quiet", "refs/changelings/state").code == 1


def test_a_timer_can_be_installed_outside_of_any_repository(sandbox):
    assert "no changelings yet" not in sandbox.changeling("schedule", "install", "--backend", "systemd",
                                                          cwd=sandbox.home).ok().err
    sandbox.changeling("schedule", "uninstall", cwd=sandbox.repository().path).ok()


def test_outside_a_repository_git_is_quoted(sandbox):
    for words in (["list"], ["status"], ["task", "add", "x"]):
        assert "not in a git repository" in sandbox.changeling(*words, cwd=sandbox.home).expect(128).err.lower()
