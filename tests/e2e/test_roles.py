"""Roles: what workers are told, and where that is kept."""

import pytest

FILE = '[roles.reviewer]\nagent = "claude"\nprompt = "Review the change."\n'


def roles(repository):
    return {role["name"]: role for role in repository.changeling("role", "list", "--json").ok().json["roles"]}


def test_add_show_list_remove(repository):
    record = repository.changeling("role", "add", "fixer", "--agent", "codex", "--prompt", "Fix it.", "--interactive",
                                   "--json").ok().json
    assert record == {"name": "fixer", "agent": "codex", "prompt": "Fix it.", "run": None, "interactive": True, "accept": [],
                      "agents": [], "skills": [], "label": "role-fixer", "source": "state"}
    assert repository.changeling("role", "show", "fixer", "--json").ok().json == record
    assert roles(repository) == {"fixer": record}
    assert "role-fixer" in repository.changeling("role", "list").ok().out
    assert repository.changeling("role", "remove", "fixer", "--json").ok().json == {"removed": ["fixer"]}
    assert roles(repository) == {}


def test_it_is_kept_as_toml(repository):
    repository.changeling("role", "add", "fixer", "--prompt", "Fix it.").ok()
    text = repository.show("refs/changelings/state", "roles/fixer.toml")
    assert 'agent = "claude"' in text and 'prompt = "Fix it."' in text


def test_a_prompt_from_a_file(repository, sandbox):
    prompt = sandbox.write("prompt.md", "Line one.\n\n\"Quoted\" \\ line.\n")
    repository.changeling("role", "add", "fixer", "--prompt-file", prompt).ok()
    assert roles(repository)["fixer"]["prompt"] == prompt.read_text()


@pytest.mark.parametrize("words, message", [
    (["fixer"], "--prompt"),
    (["fixer", "--prompt", "x", "--prompt-file", "y"], "exclude"),
    (["a b", "--prompt", "x"], "a b"),
    (["fixer", "--prompt", "x", "--agent", "cluade"], "claude"),
    (["fixer", "--prompt", "x", "--agent", "nobody"], "there is no agent type"),
    (["fixer", "--prompt", "x", "--agent", "command"], "--run CMD"),
    (["fixer", "--run", "make", "--agent", "codex"], "takes no command line"),
    (["fixer", "--agent", "claude"], "--prompt"),
])
def test_what_cannot_be_a_role(repository, words, message):
    result = repository.changeling("role", "add", *words)
    assert result.code in (128, 129)
    assert message in result.err
    assert roles(repository) == {}


def test_a_name_that_is_taken(repository):
    repository.changeling("role", "add", "fixer", "--prompt", "one").ok()
    assert "--update" in repository.changeling("role", "add", "fixer", "--prompt", "two").expect(128).err
    repository.changeling("role", "add", "fixer", "--update", "--interactive").ok()
    assert roles(repository)["fixer"]["prompt"] == "one"
    assert roles(repository)["fixer"]["interactive"] is True
    repository.changeling("role", "add", "fixer", "--update", "--no-interactive").ok()
    assert roles(repository)["fixer"]["interactive"] is False


def test_roles_of_the_file(repository):
    repository.write(".changelings.toml", FILE)
    assert roles(repository)["reviewer"]["source"] == "file"
    assert ".changelings.toml" in repository.changeling("role", "show", "reviewer").ok().out
    assert ".changelings.toml" in repository.changeling("role", "remove", "reviewer").expect(128).err


def test_the_state_wins_over_the_file(repository):
    repository.write(".changelings.toml", FILE)
    repository.changeling("role", "add", "reviewer", "--update", "--agent", "codex").ok()
    role = roles(repository)["reviewer"]
    assert (role["agent"], role["prompt"], role["source"]) == ("codex", "Review the change.", "state")
    assert ".changelings.toml" in repository.changeling("role", "remove", "reviewer").ok().err
    assert roles(repository)["reviewer"]["source"] == "file"


def test_an_unknown_role_names_the_nearest(repository):
    repository.changeling("role", "add", "reviewer", "--prompt", "x").ok()
    for verb in ("show", "remove"):
        assert "reviewer" in repository.changeling("role", verb, "reviwer").expect(128).err


def test_a_task_for_a_role_that_is_not_there_is_pointed_out(repository):
    repository.changeling("role", "add", "reviewer", "--prompt", "x").ok()
    result = repository.changeling("task", "add", "One", "--role", "reviwer").ok()
    assert "did you mean 'reviewer'?" in result.err
    assert "no role" not in repository.changeling("task", "add", "Two", "--role", "reviewer").ok().err


def test_a_role_may_be_a_command_line(repository):
    role = repository.changeling("role", "add", "fixer", "--run", 'grep -c Mend "$CHANGELING_PROMPT_FILE" > found',
                                 "--json").ok().json
    assert (role["agent"], role["prompt"]) == ("command", "") and "CHANGELING_PROMPT_FILE" in role["run"]
    assert "run          grep" in repository.changeling("role", "show", "fixer").ok().out
    repository.add_task("Mend it", "--role", "fixer")
    answer = repository.changeling("dispatch", "--json").ok().json
    assert answer["tasks"][0]["outcome"] == "opened-pr"
    assert repository.show(answer["runs"][0]["branch"], "found").strip() != "0"
    repository.changeling("role", "add", "fixer", "--update", "--agent", "codex", "--prompt", "Fix it.").ok()
    assert roles(repository)["fixer"]["run"] is None


def test_a_role_of_the_file_may_be_a_command_line(repository):
    repository.write(".changelings.toml", '[roles.fixer]\nrun = "make fix"\n')
    role = roles(repository)["fixer"]
    assert (role["agent"], role["run"]) == ("command", "make fix")


@pytest.mark.parametrize("lines, message", [
    ('agent = "command"', "agent \"command\" needs a command line (from .changelings.toml:2:"),
    ('agent = "nobody"', "there is no agent type \"nobody\""),
    ('prompt = "x"\naccept = ["run:"]', "accept: "),
])
def test_a_role_of_the_file_is_checked_as_one_that_is_added(repository, lines, message):
    repository.write(".changelings.toml", f"[roles.fixer]\n{lines}\n")
    for words, code in ((["role", "list"], 0), (["role", "show", "fixer"], 128), (["work", "--role", "fixer", "--once"], 128)):
        refused = repository.changeling(*words).expect(code)
        assert 'role "fixer"' in refused.err and message in refused.err and ".changelings.toml:" in refused.err


def test_a_criterion_that_says_nothing_names_its_option(repository):
    refused = repository.changeling("role", "add", "fixer", "--prompt", "x", "--accept", "run:").expect(129)
    assert "--accept: " in refused.err
    assert "changeling \"" not in repository.changeling("role", "add", "f", "--prompt", "x", "--agent", "nobody").expect(129).err


def test_without_a_home_nothing_half_is_written(repository):
    homeless = {"HOME": None, "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None, "XDG_STATE_HOME": None}
    for words in (["role", "add", "scribe", "--prompt", "Write."], ["add", "sprite", "--run", "true"]):
        refused = repository.changeling(*words, env=homeless).expect(128)
        assert "no place for approvals" in refused.err
    assert repository.changeling("role", "list", "--json").ok().json["roles"] == []
    assert repository.changeling("list", "--json").ok().json["changelings"] == []
