"""The user's own file: defaults and overrides for the changelings of all repositories or of some."""

import pytest

FILE = "home/.config/git-changeling/config.toml"


def show(repository, name="x", *options):
    return repository.changeling("show", name, "--json", *options).ok().json


@pytest.fixture
def changeling(repository):
    """One in .changelings.toml and in the state, so that every source can be told from every other."""
    repository.commit({".changelings.toml": '[changelings.x]\nrun = "true"\nmax_turns = 2\nlabels = ["file"]\n'
                                            'branch = "main"\n'}, "changelings")
    repository.changeling("update", "x", "--label", "state", "--branch", "state").ok()
    return repository


def test_each_source_wins_over_the_weaker_ones_and_is_named(changeling, sandbox):
    path = sandbox.write(FILE, '[defaults]\ntimeout = "7m"\nmax_turns = 1\nlabels = ["defaults"]\n'
                               'branch = "defaults"\n[changelings.x]\nbranch = "override"\n')
    record = show(changeling, "x", "--origin")
    assert (record["timeout"], record["max_turns"], record["labels"], record["branch"]) == (
        "7m", 2, ["state"], "override")
    origins = record["origins"]
    assert origins["timeout"] == str(path) == origins["branch"]
    assert origins["max_turns"] == ".changelings.toml"
    assert origins["labels"] == "refs/changelings/state"
    assert origins["budget"] == "default"
    assert f"({path})" in changeling.changeling("show", "x", "--origin").ok().out
    assert record["source"] == "state"


def test_a_template_is_weaker_than_the_users_defaults(repository, sandbox):
    repository.changeling("add", "typo-sprite").ok()
    assert show(repository, "typo-sprite", "--origin")["origins"]["labels"] == "template typo-sprite"
    sandbox.write(FILE, '[defaults]\nlabels = ["mine"]\n')
    assert show(repository, "typo-sprite")["labels"] == ["mine"]


def test_settings_of_some_repositories(changeling, sandbox):
    sections = {"~/elsewhere/*": 1, str(changeling.path): 11, str(changeling.path.parent / "*"): 12,
                str(changeling.remote.path): 13, "https://example.com/team/*": 14}
    changeling.git("remote", "add", "other", "https://example.com/team/project.git")
    for pattern, budget in sections.items():
        sandbox.write(FILE, f'[defaults]\nbudget = 2\n[repositories."{pattern}".defaults]\nbudget = {budget}\n'
                            f'[repositories."{pattern}".changelings.x]\ntimeout = "{budget}m"\n')
        applies = budget in (11, 12, 14)
        record = show(changeling)
        assert record["budget"] == (budget if applies else 2), pattern
        assert record["timeout"] == (f"{budget}m" if applies else "30m"), pattern


def test_an_override_makes_no_changeling(repository, sandbox):
    sandbox.write(FILE, '[changelings.ghost]\nrun = "true"\n')
    assert repository.changeling("list", "--json").ok().json["changelings"] == []
    repository.changeling("show", "ghost").expect(128)


@pytest.mark.parametrize("text, place, words", [
    ("[default]\n", "1:2", ["default", "defaults"]),
    ("[defaults]\ntimeot = \"5m\"\n", "2:1", ["defaults.timeot", "timeout"]),
    ("[repositories.\"/x\".changelings.a]\nschedule = \"61 * * * *\"\n", "2:12", ["schedule", "61"]),
    ("[defaults\n", "1:", []),
])
def test_a_mistake_is_shown_with_its_place(repository, sandbox, text, place, words):
    path = sandbox.write(FILE, text)
    result = repository.changeling("list").expect(128)
    assert f"{path}:{place}" in result.err
    for word in words:
        assert word in result.err, result


def test_own_settings_count_for_what_is_approved(repository, sandbox):
    repository.changeling("add", "mine", "--run", "true").ok()
    sandbox.write(FILE, '[defaults]\nsetup = ["make deps"]\n')
    shown = repository.changeling("trust", "mine").expect(1).out
    assert "+  - make deps" in shown
