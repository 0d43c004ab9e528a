"""`plan`: the calendar of the coming days, with what runs probably take and cost."""

import pytest

from harness.stand_ins import install_stand_in
from harness.stepped_clock import SteppedClock


@pytest.fixture
def repository(sandbox):
    SteppedClock(sandbox, "2026-11-20 12:00:00")
    install_stand_in(sandbox, "claude")
    repo = sandbox.repository(remote="bare")
    repo.changeling("init").ok()
    repo.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write a file.", "--env", "FAKE_CLAUDE=success",
                    "--schedule", "0 3 * * 1-5", "--timezone", "Europe/Berlin").ok()
    return repo


def test_coming_times_with_cost_from_history(repository):
    repository.changeling("run", "scribe").ok()
    answer = repository.changeling("plan", "--json").ok().json
    assert [(entry["date"], entry["times"]) for entry in answer["plan"]] == [
        (f"2026-11-{day}", [f"2026-11-{day}T02:00:00.000Z"]) for day in (23, 24, 25, 26, 27)]
    assert {entry["expected_cost_usd"] for entry in answer["plan"]} == {0.0123}
    assert answer["total"]["runs"] == 5
    assert round(answer["total"]["expected_cost_usd"], 4) == 0.0615
    assert [day["date"] for day in answer["days"]] == [f"2026-11-{day}" for day in (23, 24, 25, 26, 27)]
    lines = [line.rstrip() for line in repository.in_terminal("plan", "--days", "3")]
    assert lines[0].startswith("Monday, 23 November  1 run")
    assert lines[0].endswith("$0.01")
    assert lines[1].startswith("  02:00  scribe  about ")
    assert lines[-2].startswith("Together: 1 run")
    assert lines[-1] == "no timer starts anything on this machine yet: git changeling schedule install"
    assert answer["timer_problem"] == lines[-1]


def test_many_times_a_day_are_one_line_and_the_cap_is_compared(repository):
    repository.changeling("update", "scribe", "--schedule", "*/10 * * * *").ok()
    repository.changeling("run", "scribe").ok()
    repository.git("config", "changeling.dailyBudget", "0.50")
    lines = repository.in_terminal("plan", "--days", "1")
    assert "72 runs" not in lines[0] and "71 runs" in lines[0]
    assert "more than the cap of $0.50 a day" in lines[0]
    assert "12:10-23:50, 71 times" in lines[1]


def test_what_would_not_start_is_said_and_costs_nothing(repository):
    repository.changeling("untrust", "scribe").ok()
    answer = repository.changeling("plan", "--json").ok().json
    assert {entry["obstacle"] for entry in answer["plan"]} == {
        "not trusted on this machine: git changeling trust scribe"}
    assert answer["total"]["runs"] == 0
    repository.changeling("disable", "scribe").ok()
    assert repository.changeling("plan", "--json").ok().json["plan"] == []
    assert "no enabled changeling has a time" in repository.changeling("plan").ok().err


def test_of_all_repositories(repository, sandbox):
    second = sandbox.repository(name="second")
    second.changeling("init").ok()
    second.add_command("troll", "true", "--schedule", "0 5 * * *")
    sandbox.write(sandbox.home / ".local/share/git-changeling/repositories",
                  f"{repository.common_directory()}\n{sandbox.root}/gone/.git\n{second.common_directory()}\n")
    answer = sandbox.changeling("plan", "--all-repositories", "--days", "3", "--json").ok()
    assert [(entry["date"], entry["changeling"]) for entry in answer.json["plan"]] == [
        ("2026-11-21", "troll"), ("2026-11-22", "troll"), ("2026-11-23", "scribe"), ("2026-11-23", "troll")]
    assert f"{sandbox.root}/gone/.git" in answer.err


@pytest.mark.parametrize("days", ["0", "32", "-1"])
def test_days_that_cannot_be_planned(repository, days):
    assert "from 1 to 31" in repository.changeling("plan", f"--days={days}").expect(129).err
