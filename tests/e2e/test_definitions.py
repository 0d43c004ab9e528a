"""Changelings come and go, and what was written is what is read."""

import re

import pytest

EVERY_OPTION = {
    "--description": "Keeps the words right", "--prompt": "Correct the words.", "--schedule": "0 3 * * 1-5",
    "--timezone": "Europe/Berlin", "--branch": "main", "--timeout": "1h30m", "--max-turns": "7", "--budget": "2.5",
    "--max-open-prs": "3", "--overlap": "queue", "--catch-up": "none", "--output": "pull-request",
    "--sandbox": "auto",
}
EVERY_LIST = {
    "--on": "post-merge", "--path": "docs/**", "--arg": "--fast", "--env": "MODE=nightly", "--secret": "API_TOKEN",
    "--permission": "Bash(make:*)", "--verify": "make check", "--label": "automatic", "--reviewer": "maintainer",
    "--setup": "make deps", "--copy": ".env",
}


def names(repository):
    return [entry["name"] for entry in repository.changeling("list", "--json").ok().json["changelings"]]


def show(repository, name):
    record = repository.changeling("show", name, "--json").ok().json
    return record.get("changeling", record)


def test_add_list_show_remove(repository):
    repository.changeling("add", "typo-sprite", "--template", "typo-sprite").ok()
    repository.changeling("add", "another", "--run", "true").ok()
    assert names(repository) == ["another", "typo-sprite"]
    repository.changeling("remove", "another", "--yes").ok()
    assert names(repository) == ["typo-sprite"]
    assert "another" not in repository.git("ls-tree", "-r", "--name-only", "refs/changelings/state")


def test_list_has_the_promised_fields(repository):
    repository.changeling("add", "x", "--run", "true", "--schedule", "0 3 * * *", "--on", "post-merge").ok()
    entry, = repository.changeling("list", "--json").ok().json["changelings"]
    assert set(entry) >= {"name", "description", "template", "agent", "schedule", "timezone", "triggers", "enabled",
                          "source", "next_run", "last_run"}
    assert entry["agent"] == "command"
    assert entry["schedule"] == "0 3 * * *"
    assert entry["timezone"] == "UTC"
    assert entry["triggers"] == ["post-merge"]
    assert entry["enabled"] is True
    assert entry["last_run"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT03:00:00(\.0+)?Z", entry["next_run"])


def test_every_option_arrives_in_the_definition(repository):
    words = [word for pair in (EVERY_OPTION | EVERY_LIST).items() for word in pair]
    repository.changeling("add", "full", "--run", "true", "--draft", "--disabled", *words).ok()
    definition = show(repository, "full")
    assert definition["description"] == "Keeps the words right"
    assert definition["timezone"] == "Europe/Berlin"
    assert definition["max_open_prs"] == 3
    assert definition["max_turns"] == 7
    assert definition["overlap"] == "queue"
    assert definition["enabled"] is False
    assert definition["draft"] is True
    written = repository.show("refs/changelings/state", "changelings/full.toml")
    for value in list(EVERY_OPTION.values()) + [value for value in EVERY_LIST.values() if "=" not in value]:
        assert value in written, value
    assert "nightly" in written


def test_a_list_option_may_be_repeated(repository):
    repository.changeling("add", "x", "--run", "true", "--verify", "one", "--verify", "two words").ok()
    assert show(repository, "x")["verify"] == ["one", "two words"]


def test_a_prompt_from_a_file(repository, sandbox):
    prompt = sandbox.write("prompt.md", "First line.\n\n\"Quotes\" and \\ backslash.\n")
    repository.changeling("add", "x", "--agent", "claude", "--prompt-file", prompt).ok()
    assert show(repository, "x")["prompt"].strip() == prompt.read_text().strip()


def test_update_changes_only_what_is_named(repository):
    repository.changeling("add", "x", "--run", "true", "--description", "old", "--schedule", "@daily").ok()
    repository.changeling("update", "x", "--description", "new").ok()
    definition = show(repository, "x")
    assert (definition["description"], definition["schedule"]) == ("new", "@daily")


def test_update_of_an_unknown_name_suggests_the_nearest(repository):
    repository.changeling("add", "typo-sprite", "--template", "typo-sprite").ok()
    result = repository.changeling("update", "typo-sprit", "--description", "x").expect(128)
    assert "typo-sprite" in result.err


def test_add_refuses_a_name_that_is_taken(repository):
    repository.changeling("add", "x", "--run", "true").ok()
    tip = repository.head("refs/changelings/state")
    result = repository.changeling("add", "x", "--run", "false").expect(128)
    assert "update" in result.err
    assert repository.head("refs/changelings/state") == tip


def test_add_update_writes_over(repository):
    repository.changeling("add", "x", "--run", "true").ok()
    repository.changeling("add", "x", "--update", "--run", "false").ok()
    assert show(repository, "x")["run"] == "false"


def test_enable_and_disable(repository):
    repository.changeling("add", "x", "--run", "true").ok()
    repository.changeling("disable", "x").ok()
    assert show(repository, "x")["enabled"] is False
    repository.changeling("enable", "x").ok()
    assert show(repository, "x")["enabled"] is True


def test_edit_opens_the_editor_and_stores_what_it_leaves(repository, sandbox):
    repository.changeling("add", "x", "--run", "true", "--description", "before").ok()
    editor = sandbox.fake_program("editor", "sed -i 's/before/after/' \"$1\"")
    repository.changeling("edit", "x", env={"GIT_EDITOR": editor}).ok()
    assert show(repository, "x")["description"] == "after"


def test_edit_refuses_nonsense_and_keeps_the_old_one(repository, sandbox):
    repository.changeling("add", "x", "--run", "true", "--description", "before").ok()
    editor = sandbox.fake_program("editor", "echo 'shedule = \"@daily\"' >> \"$1\"")
    result = repository.changeling("edit", "x", env={"GIT_EDITOR": editor}).expect(128)
    assert "shedule" in result.err and "schedule" in result.err
    assert show(repository, "x")["description"] == "before"


def test_every_change_is_a_commit_that_says_who_did_what(repository):
    before = int(repository.git("rev-list", "--count", "refs/changelings/state"))
    repository.changeling("add", "x", "--run", "true").ok()
    repository.changeling("disable", "x").ok()
    log = repository.git("log", "--format=%an <%ae> %s", "refs/changelings/state").splitlines()
    assert len(log) == before + 2
    assert all(line.startswith("Test Person <test@example.com>") and "x" in line for line in log[:2])


def test_show_tells_where_each_value_comes_from(repository):
    repository.changeling("add", "typo-sprite", "--template", "typo-sprite", "--timeout", "5m").ok()
    text = repository.changeling("show", "typo-sprite", "--origin").ok().out
    timeout = next(line for line in text.splitlines() if "timeout" in line and "5m" in line)
    assert timeout.endswith("(refs/changelings/state)")
    assert "(template typo-sprite)" in text
    assert "(default)" in text


def test_templates_list_show_export(repository):
    listed = [entry["name"] for entry in repository.changeling("templates", "list", "--json").ok().json["templates"]]
    assert listed == sorted(listed)
    assert set(listed) >= {"fixme-fairy", "test-troll", "coverage-hunter", "doc-reporter", "docstring-reporter",
                           "security-reporter", "issue-fixer", "code-custodian", "typo-sprite"}
    for name in listed:
        assert repository.changeling("templates", "show", name).ok().out.strip()
    exported = repository.changeling("templates", "export", "typo-sprite").ok()
    assert "codespell" in exported.out + "".join(
        path.read_text() for path in repository.path.rglob("typo-sprite.toml"))


@pytest.mark.parametrize("template", ["fixme-fairy", "test-troll", "coverage-hunter", "doc-reporter",
                                      "docstring-reporter", "security-reporter", "issue-fixer", "code-custodian"])
def test_every_template_makes_a_changeling(repository, template):
    repository.changeling("add", template, "--template", template).ok()
    definition = show(repository, template)
    assert definition["prompt"].strip()
    assert definition["output"] == ("report" if template.endswith("-reporter") else "pull-request")


def test_an_unknown_template_names_the_nearest(repository):
    result = repository.changeling("add", "x", "--template", "fixme-fary").expect(128)
    assert "fixme-fairy" in result.err


def test_outputs_fit_the_terminal(repository):
    repository.changeling("add", "typo-sprite", "--template", "typo-sprite", "--schedule", "0 3 * * 1-5").ok()
    for words in (["list"], ["status"], ["templates", "list"]):
        lines = repository.in_terminal(*words, columns=80)
        assert len(lines) > 1 and [line for line in lines if len(line) > 80] == [], words
