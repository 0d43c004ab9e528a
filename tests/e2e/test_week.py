"""A week of schedules on two machines that share one repository, with a clock that is stepped through it: exactly
the promised runs, whatever sleeps, overlaps and ticks twice."""

import datetime

import pytest

from harness.stepped_clock import SteppedClock

MONDAY = datetime.datetime(2026, 10, 19)


class Machine:
    """A clone with a user of its own: registry, approvals and state folders are not shared."""

    def __init__(self, repository, name):
        self.repository = repository
        folders = repository.sandbox.root / f"user-{name}"
        self.environment = {f"XDG_{kind}_HOME": folders / kind.lower() for kind in ("CONFIG", "DATA", "STATE")}

    def changeling(self, *words):
        return self.repository.changeling(*words, env=self.environment)

    def tick(self):
        answer = self.changeling("tick", "--json").ok().json
        assert answer["problems"] == []
        return answer

    def runs(self):
        return self.changeling("runs", "list", "--json").ok().json["runs"][::-1]


@pytest.fixture
def clock(sandbox):
    return SteppedClock(sandbox, MONDAY)


@pytest.fixture
def machines(sandbox, clock):
    """Two machines, "desk" and "lap", on one remote; the changelings are added on the desk and approved on both."""
    desk = Machine(sandbox.repository(remote="bare", name="desk"), "desk")
    desk.changeling("init").ok()

    def share():
        desk.changeling("sync").ok()
        lap = Machine(sandbox.clone(desk.repository.remote, "lap"), "lap")
        lap.changeling("init").ok()
        lap.changeling("trust", "--all", "--yes").ok()
        return desk, lap

    desk.share = share
    return desk


def add(machine, name, script, *options):
    sandbox = machine.repository.sandbox
    path = sandbox.write(f"agents/{name}", f"#!/bin/sh\nset -e\n{script}\n", executable=True)
    opening = sandbox.opening(script)
    machine.changeling("add", name, "--run", str(path), "--output", "report", *opening, *options).ok()


REPORT = 'echo "# all is well" > "$CHANGELING_ARTIFACTS/report.md"'


def settle(sandbox, machines):
    """Waits until no run is under way on any machine, and every machine knows every run."""
    def look():
        for machine in machines:
            machine.changeling("sync").ok()
        known = [machine.runs() for machine in machines]
        done = all(run["status"] == "finished" for runs in known for run in runs)
        return done and len({len(runs) for runs in known}) == 1
    sandbox.wait_until(look, "all runs have ended")


def started_by(answer):
    return {(entry["changeling"], entry["scheduled_for"]) for entry in answer["due"] if "run" in entry}


def times_run(machine, name):
    # By the time that they are for: the clock may stand still between the starts of two.
    times = sorted(run["scheduled_for"] for run in machine.runs() if run["changeling"] == name)
    return [datetime.datetime.fromisoformat(time.removesuffix("Z")).strftime("%a %H:%M") for time in times]


def test_a_week_with_a_sleeping_weekend_and_a_change_of_clocks(sandbox, clock, machines):
    """From Monday 2026-10-19 to Monday the 26th; in Berlin summer time ends on Sunday the 25th, 03:00."""
    nightly = ("--schedule", "30 2 * * *", "--timezone", "Europe/Berlin")
    add(machines, "last", REPORT, *nightly)
    add(machines, "all", REPORT, *nightly, "--catch-up", "all")
    add(machines, "none", REPORT, *nightly, "--catch-up", "none")
    add(machines, "workdays", REPORT, "--schedule", "0 9 * * 1-5", "--timezone", "Europe/Berlin")
    desk, lap = machines.share()
    # 02:30 is 00:30 UTC. Both machines sleep from Friday evening to Sunday 12:00 UTC, the lap also on Wednesday.
    awake = {
        "desk": lambda day, hour: not (day == 4 and hour >= 18 or day == 5 or day == 6 and hour < 12),
        "lap": lambda day, hour: day != 2 and not (day == 4 and hour >= 18 or day == 5 or day == 6 and hour < 12),
    }
    for hours in range(0, 7 * 24):
        day, hour = divmod(hours, 24)
        # A tick a minute would find nothing in most hours; these are the ones around the times, and every sixth.
        if hour not in (0, 1, 7, 8) and hour % 6:
            continue
        clock.set(MONDAY + datetime.timedelta(hours=hours, minutes=32))
        for name, machine in (("desk", desk), ("lap", lap)):
            if not awake[name](day, hour):
                continue
            # Twice in a row does no harm: with catch-up "all" the next time may follow, but none is started again.
            first, second = (started_by(machine.tick()) for _ in range(2))
            assert not first & second
            settle(sandbox, [desk, lap])
    for machine in (desk, lap):
        nights = ["Tue 00:30", "Wed 00:30", "Thu 00:30", "Fri 00:30"]
        # The approval is from Monday 00:00 UTC, so Monday's 00:30 counts; Sunday is made up for at noon.
        assert times_run(machine, "last") == ["Mon 00:30", *nights, "Sun 00:30"]
        assert times_run(machine, "all") == ["Mon 00:30", *nights, "Sat 00:30", "Sun 00:30"]
        assert times_run(machine, "none") == ["Mon 00:30", *nights]
        # 09:00 in Berlin is 07:00 UTC.
        assert times_run(machine, "workdays") == [f"{day} 07:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]


@pytest.mark.parametrize("policy, expected", [
    ("skip", ["Mon 01:00", "Mon 05:00"]),
    ("queue", ["Mon 01:00", "Mon 04:00", "Mon 05:00"]),
])
def test_a_run_that_lasts_for_hours(sandbox, clock, machines, policy, expected):
    """Started at 01:00, it goes on until 04:10; every hour would be a time."""
    started, go = sandbox.marks / "started", sandbox.marks / "go"
    add(machines, "slow", f"{REPORT}; echo x >> {started}; until test -e {go}; do sleep 0.05; done",
        "--schedule", "0 * * * *", "--overlap", policy, "--timeout", "6h", "--silence-timeout", "0s")
    desk, lap = machines.share()
    for hour in range(1, 5):
        clock.set(MONDAY + datetime.timedelta(hours=hour, seconds=20))
        for machine in (desk, lap):
            machine.tick()
        sandbox.wait_until(started.exists, "the first agent works")
        assert started.read_text() == "x\n"
    clock.set(MONDAY + datetime.timedelta(hours=4, minutes=10))
    go.touch()
    settle(sandbox, [desk, lap])
    for hour, minute in ((4, 11), (5, 0), (5, 1)):
        clock.set(MONDAY + datetime.timedelta(hours=hour, minutes=minute, seconds=20))
        for machine in (desk, lap):
            machine.tick()
            settle(sandbox, [desk, lap])
    for machine in (desk, lap):
        assert times_run(machine, "slow") == expected


def test_replace_ends_the_run_that_lasts(sandbox, clock, machines):
    started, go = sandbox.marks / "started", sandbox.marks / "go"
    add(machines, "slow", f"{REPORT}; echo x >> {started}; until test -e {go}; do sleep 0.05; done",
        "--schedule", "0 * * * *", "--overlap", "replace", "--timeout", "6h", "--silence-timeout", "0s")
    for hour in (1, 2, 3):
        clock.set(MONDAY + datetime.timedelta(hours=hour, seconds=20))
        machines.tick()
        sandbox.wait_until(lambda: started.exists() and started.read_text() == "x\n" * hour, "its agent works")
    go.touch()
    settle(sandbox, [machines])
    assert times_run(machines, "slow") == ["Mon 01:00", "Mon 02:00", "Mon 03:00"]
    assert [run["outcome"] for run in machines.runs()] == ["lost-lease", "lost-lease", "reported"]
