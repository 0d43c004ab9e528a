"""Options of `run` that hold for one run: the strongest layer, noted in the record, and no way round the approval."""

import pytest


@pytest.fixture
def sprite(repository):
    repository.add_command("sprite", 'echo "${GREETING:-none} $*" > "$CHANGELING_RUN.txt"', "--timeout", "30m",
                           "--verify", "true")
    return repository


def definition(repository, name="sprite"):
    return repository.changeling("show", name, "--json").ok().json


def test_what_is_typed_holds_for_one_run_and_is_noted(sprite):
    before = definition(sprite)
    run = sprite.changeling("run", "sprite", "--env", "GREETING=hello", "--draft", "--verify", "test -n x", "--timeout",
                            "5m", "--json").ok().json
    assert run["overrides"] == ["draft", "env", "timeout", "verify"]
    assert [check["command"] for check in run["verification"]] == ["test -n x"]
    assert sprite.show(run["branch"], f"{run['id']}.txt").startswith("hello")
    pull, = sprite.pull_requests()
    assert pull["draft"] is True
    assert definition(sprite) == before
    again = sprite.changeling("retry", run["id"], "--json").ok().json
    assert again["overrides"] == []
    assert sprite.show(again["branch"], f"{again['id']}.txt").startswith("none")
    assert "overrides draft, env, timeout, verify" in " ".join(
        sprite.changeling("runs", "show", run["id"]).ok().out.split())


def test_the_dry_run_shows_them_and_does_nothing(sprite):
    tip = sprite.head("refs/changelings/state")
    plan = sprite.changeling("run", "sprite", "--dry-run", "--timeout", "5m", "--prompt", "Only this.", "--json").ok().json
    assert plan["timeout"] == "5m" and plan["overrides"] == ["prompt", "timeout"]
    assert "Only this." in plan["composed_prompt"]
    text = sprite.changeling("run", "sprite", "--dry-run", "--timeout", "5m").ok().out
    assert "For this run alone:\n  timeout           5m\n" in text
    assert sprite.head("refs/changelings/state") == tip


def test_a_prompt_can_come_from_a_file(sprite):
    file = sprite.sandbox.write("prompt.txt", "From the file.\n")
    plan = sprite.changeling("run", "sprite", "--dry-run", "--prompt-file", str(file), "--json").ok().json
    assert "From the file." in plan["composed_prompt"] and plan["overrides"] == ["prompt"]


def test_they_win_over_the_users_own_overrides(sprite, sandbox):
    sandbox.write("home/.config/git-changeling/config.toml", '[changelings.sprite]\ntimeout = "20m"\n')
    assert definition(sprite)["timeout"] == "20m"
    sprite.changeling("trust", "sprite", "--yes").ok()
    plan = sprite.changeling("run", "sprite", "--dry-run", "--timeout", "7m", "--json").ok().json
    assert plan["timeout"] == "7m"


def test_they_are_no_way_round_the_approval(sprite, sandbox):
    sprite.changeling("sync").ok()
    other = sandbox.clone(sprite.remote, name="other")
    other.changeling("init").ok()
    for options in ([], ["--timeout", "5m"], ["--run", "true"], ["--agent", "claude", "--prompt", "x"]):
        refused = other.changeling("run", "sprite", *options).expect(128)
        assert "git changeling trust" in refused.err
    assert len(other.runs()) == len(sprite.runs())
    other.changeling("trust", "sprite", "--yes").ok()
    other.changeling("run", "sprite", "--timeout", "5m").ok()
    # What was typed for one run approves nothing.
    other.changeling("run", "sprite").ok()


def test_an_agent_of_the_repositorys_file_is_only_named_by_it(sprite, sandbox):
    mark = sandbox.marks / "started"
    sprite.write(".changelings.toml", f'[agents.mine]\ncommand = ["touch", "{mark}"]\n'
                 f'sandbox_write = ["{sandbox.marks}"]\n')
    refused = sprite.changeling("run", "sprite", "--agent", "mine").expect(128)
    assert ".changelings.toml" in refused.err and "git changeling update sprite --agent mine" in refused.err
    assert not mark.exists()


@pytest.mark.parametrize("options", [["--schedule", "@daily"], ["--on", "post-commit"], ["--timezone", "UTC"],
                                     ["--overlap", "queue"], ["--catch-up", "all"], ["--max-open-prs", "2"],
                                     ["--description", "x"], ["--template", "typo-sprite"], ["--disabled"]])
def test_what_concerns_several_runs_cannot_be_given(sprite, options):
    assert options[0] in sprite.changeling("run", "sprite", *options).expect(129).err
    assert sprite.runs() == []


@pytest.mark.parametrize("options, field", [(["--timeout", "soon"], "timeout"), (["--budget", "much"], "budget"),
                                            (["--env", "novalue"], "env"), (["--agent", "nobody"], "agent")])
def test_bad_values_are_refused_before_anything_happens(sprite, options, field):
    failure = sprite.changeling("run", "sprite", *options)
    assert failure.code in (128, 129) and field in failure.err
    assert sprite.runs() == []


def test_in_the_background_they_hold_as_well(sprite, sandbox):
    run = sprite.changeling("run", "sprite", "--detach", "--env", "GREETING=hello", "--json").ok().json
    assert run["overrides"] == ["env"]
    sandbox.wait_until(lambda: sprite.runs()[0]["status"] == "finished", "the run ends")
