"""Caps on what runs may cost, and the switch that turns everything off."""

import pytest

from harness.stand_ins import install_stand_in


@pytest.fixture
def scribe(repository, sandbox):
    """A changeling whose runs cost $0.0123 each, by the word of its agent."""
    install_stand_in(sandbox, "claude")

    def add(*options):
        repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.", "--env",
                              "FAKE_CLAUDE=success", *options).ok()
    return add


def test_a_day_costs_no_more_than_the_changelings_cap(repository, scribe):
    scribe("--daily-budget", "0.03")
    assert repository.changeling("run", "scribe", "--json").ok().json["cost_usd"] == 0.0123
    # The second one sets aside what the first one has cost.
    assert repository.changeling("run", "scribe", "--json").ok().json["reserved_usd"] == 0.0123
    refused = repository.changeling("run", "scribe", "--json").expect(1)
    assert refused.json["skipped"] == ("the cap of $0.03 for scribe today is reached: $0.02 spent or set aside, "
                                       "and this run may cost $0.01")
    assert len(repository.runs()) == 2
    assert repository.changeling("status", "--json").ok().json["spent_usd"]["today"] == 0.0246


def test_the_repositorys_cap_holds_for_what_a_budget_could_become(repository, scribe):
    scribe("--budget", "2.00")
    repository.git("config", "changeling.dailyBudget", "2.40")
    refused = repository.changeling("run", "scribe").expect(1)
    assert "the cap of $2.40 for this repository today is reached" in refused.err
    assert "may cost $2.50" in refused.err
    repository.git("config", "changeling.dailyBudget", "2.50")
    repository.changeling("run", "scribe").ok()


def test_a_cap_that_is_no_amount_is_refused(repository, scribe):
    scribe()
    repository.git("config", "changeling.monthlyBudget", "ten dollars")
    refused = repository.changeling("run", "scribe", "--json").expect(128)
    assert refused.error == {"kind": "invalid",
                             "message": "changeling.monthlyBudget: 'ten dollars' is no amount of US dollars",
                             "hint": "for example: git config changeling.monthlyBudget 10.00"}


def test_a_worker_leaves_tasks_alone_when_the_cap_is_reached(repository, scribe):
    scribe()
    repository.git("config", "changeling.dailyBudget", "0")
    task = repository.add_task("write it down")
    answer = repository.changeling("dispatch").expect(1)
    assert "the cap of $0.00 for this repository today is reached" in answer.err
    after = repository.task(task["id"])
    assert after["status"] == "ready"
    assert after["attempts"] == []


def test_everything_is_switched_off_and_on_again(repository, sandbox):
    repository.add_command("sprite", "echo more >> README.md")
    task = repository.add_task("write it down")
    repository.changeling("disable", "--all", "--reason", "the bill").ok()
    for command in (["run", "sprite"], ["dispatch"]):
        refused = repository.changeling(*command).expect(1)
        assert "switched off by Test Person <test@example.com> since " in refused.err
        assert "the bill" in refused.err
    status = repository.changeling("status", "--json").ok().json
    assert "the bill" in status["halt"]["reason"]
    assert status["halt"]["undo"] == "git changeling enable --all"
    assert repository.in_terminal("status")[0].startswith("Off: everything is switched off by Test Person")
    assert repository.runs() == []
    assert repository.task(task["id"])["attempts"] == []
    repository.changeling("enable", "--all").ok()
    assert repository.changeling("status", "--json").ok().json["halt"] is None
    repository.changeling("run", "sprite").ok()


def test_what_runs_is_stopped_and_keeps_its_work(repository, sandbox):
    started = sandbox.marks / "started"
    repository.add_command("slow", f"echo half > work.txt; touch {started}; sleep 600")
    run = repository.start("run", "slow", "--json")
    sandbox.wait_until(started.exists, "the agent works")
    repository.changeling("disable", "--all").ok()
    record = run.finish().expect(1).json
    assert record["outcome"] == "killed"
    assert "everything is switched off by Test Person" in record["error"]
    assert repository.show(record["branch"], "work.txt") == "half\n"
    assert repository.pull_requests() == []


def test_other_machines_obey_after_a_sync_and_before_they_start_anything(repository, sandbox):
    repository.add_command("sprite", "echo more >> README.md")
    repository.changeling("sync").ok()
    other = sandbox.clone(repository.remote, "other")
    other.changeling("init").ok()
    other.changeling("trust", "--all", "--yes").ok()
    repository.changeling("disable", "--all").ok()
    # The beginning of a run asks the remote, so this needs no sync by hand.
    refused = other.changeling("run", "sprite").expect(1)
    assert "everything is switched off by Test Person" in refused.err
    assert other.runs() == []


@pytest.mark.parametrize("place", ["config", "file"])
def test_one_machine_alone_can_be_switched_off(repository, sandbox, place):
    repository.add_command("sprite", "echo more >> README.md")
    switch = repository.common_directory() / "changelings/disabled"
    if place == "config":
        repository.git("config", "changeling.disabled", "true")
    else:
        sandbox.write(switch, "on holiday\n")
    refused = repository.changeling("run", "sprite").expect(1)
    assert "switched off on this machine" in refused.err
    still_off = repository.changeling("enable", "--all").expect(1)
    assert ("git config --unset changeling.disabled" if place == "config" else f"rm '{switch}'") in still_off.err
    if place == "config":
        repository.git("config", "--unset", "changeling.disabled")
    else:
        switch.unlink()
    repository.changeling("run", "sprite").ok()


@pytest.mark.parametrize("words", [["disable"], ["enable"], ["disable", "--all", "sprite"]])
def test_names_or_all(repository, words):
    repository.add_command("sprite", "true")
    refused = repository.changeling(*words).expect(129)
    assert "--all" in refused.err
