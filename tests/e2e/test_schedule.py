"""schedule install, status, uninstall and forget, with the real crontab, cron and systemd-analyze programs."""

import json
import os
import shutil
import stat

import pytest

from harness.private_cron import PrivateCron

BEGIN = "# >>> git-changeling schedule >>>"
END = "# <<< git-changeling schedule <<<"


@pytest.fixture
def cron(sandbox):
    return PrivateCron(sandbox)


def scripts_of(sandbox):
    return sandbox.home / ".local" / "share" / "git-changeling"


def line_of(sandbox):
    script = scripts_of(sandbox) / "tick.sh"
    return f"* * * * * [ -r {script} ] && exec /bin/sh {script}"


def registered(sandbox):
    file = scripts_of(sandbox) / "repositories"
    return file.read_text().splitlines() if file.exists() else []


# The crontab.


@pytest.mark.parametrize("crontab", [
    None,
    "",
    "\n",
    "# a comment\n\n0 3 * * * backup --all\n",
    "MAILTO=\"\"\n17 * * * * date +\\%H\n",
    "0 3 * * * backup\r\n# two\r\n",
    "0 3 * * * printf 'a\\r'\n",
    "# >>> other tool >>>\n* * * * * other\n# <<< other tool <<<\n",
], ids=["none", "empty", "blank line", "plain", "percent", "CRLF", "backslash r", "another block"])
def test_uninstall_leaves_the_crontab_as_it_was(sandbox, cron, crontab):
    if crontab is not None:
        cron.write(crontab)
    installed = cron.changeling("schedule", "install", "--backend", "cron", "--json").ok().json
    assert installed["backend"] == "cron" and installed["line"] == line_of(sandbox)
    text = cron.read()
    assert text.startswith(crontab or "")
    assert text.removeprefix(crontab or "").splitlines()[1:] == [line_of(sandbox), END]
    cron.changeling("schedule", "uninstall").ok()
    assert cron.read() == crontab
    assert not (scripts_of(sandbox) / "tick.sh").exists()


def test_a_crontab_without_its_final_newline_loses_nothing(sandbox, cron):
    # The program takes no such text, so an editor of root's must have written it.
    table = cron.folder / "spool" / "crontabs" / "root"
    cron.write("0 3 * * * one\n0 4 * * * two\n")
    table.write_text(table.read_text().removesuffix("\n"))
    before = cron.read()
    assert before.endswith("two")
    cron.changeling("schedule", "install", "--backend", "cron").ok()
    assert line_of(sandbox) in cron.read()
    cron.changeling("schedule", "uninstall").ok()
    assert cron.read().removesuffix("\n") == before


def test_installing_again_changes_nothing_and_brings_an_older_form_up_to_date(sandbox, cron):
    cron.write("0 3 * * * backup\n")
    assert "Installed for cron" in cron.changeling("schedule", "install", "--backend", "cron").ok().out
    first = cron.read()
    script = (scripts_of(sandbox) / "tick.sh").read_text()
    again = cron.changeling("schedule", "install", "--json").ok().json
    assert again["changed"] is False
    assert (cron.read(), (scripts_of(sandbox) / "tick.sh").read_text()) == (first, script)
    assert "Already installed for cron" in cron.changeling("schedule", "install").ok().out

    cron.write(first.replace(line_of(sandbox), "*/5 * * * * /old/git-changeling tick"))
    state = cron.changeling("schedule", "status", "--json").ok().json
    assert any("schedule install" in problem for problem in state["problems"])
    assert "Updated for cron" in cron.changeling("schedule", "install").ok().out
    assert cron.read() == first

    # A new PATH is captured by installing again, without a word in the crontab.
    assert "/opt/agents/bin" not in script
    path = f"/opt/agents/bin:{sandbox.environment['PATH']}"
    assert cron.changeling("schedule", "install", "--json", env={"PATH": path}).ok().json["changed"] is True
    assert "/opt/agents/bin" in (scripts_of(sandbox) / "tick.sh").read_text()
    assert cron.read() == first


@pytest.mark.parametrize("crontab, said", [
    (f"a\n{BEGIN}\n", "line 2"),
    (f"1 1 * * * a\n{END}\n", "line 2"),
    (f"{BEGIN}\n1 1 * * * mine\n{END}\n", "line 2"),
], ids=["no end", "no begin", "somebody's line inside"])
def test_a_damaged_block_is_left_alone(cron, crontab, said):
    cron.write(crontab.replace("a\n", "1 1 * * * a\n", 1) if crontab.startswith("a") else crontab)
    before = cron.read()
    for command in ("install", "uninstall", "status"):
        result = cron.changeling("schedule", command, "--backend", "cron").expect(128)
        assert said in result.err and "crontab -e" in result.err
    assert cron.read() == before


def test_a_crontab_that_cannot_be_read_is_not_written(sandbox):
    sandbox.fake_program("crontab", f"""
echo "$*" >>{sandbox.root}/calls
echo "You (tester) are not allowed to use this program (crontab)" >&2
exit 1""")
    result = sandbox.changeling("schedule", "install", "--backend", "cron").expect(128)
    assert "not allowed to use this program" in result.err
    assert not (scripts_of(sandbox) / "tick.sh").exists()
    # Who may not use cron can still use systemd.
    sandbox.changeling("schedule", "install", "--backend", "systemd").ok()
    sandbox.changeling("schedule", "uninstall").ok()
    assert set((sandbox.root / "calls").read_text().split()) == {"-l"}


def test_without_a_crontab_program_it_says_what_to_install(sandbox):
    folder = sandbox.root / "few"
    folder.mkdir()
    for name in ("git", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    result = sandbox.changeling("schedule", "install", env={"PATH": str(folder)}).expect(128)
    assert "no program crontab" in result.err and "apt-get install cron" in result.err
    assert not (scripts_of(sandbox) / "tick.sh").exists()
    sandbox.changeling("schedule", "status", env={"PATH": str(folder)}).expect(1)


# What fires.


def stand_in_for_tick(sandbox):
    """A program in the place of ours that writes down how it was called."""
    (sandbox.bin / "git-changeling").unlink()
    sandbox.fake_program("git-changeling", f"""#!/usr/bin/python3
import json, os, sys
with open({str(sandbox.root / "ticks")!r}, "a") as file:
    file.write(json.dumps([sys.argv[1:], dict(os.environ)]) + "\\n")
print("ticked")
""")


def ticks_of(sandbox):
    file = sandbox.root / "ticks"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


ODD_HOMES = ["100% of a home's", 'a "b" \\\\ $HOME `id` %h']


@pytest.mark.parametrize("home", ["home", *ODD_HOMES])
def test_cron_starts_tick_with_the_environment_of_the_installation(sandbox, cron, home):
    agents = sandbox.root / "agents dir" / "bin"
    agents.mkdir(parents=True)
    place = sandbox.root / home
    place.mkdir(exist_ok=True)
    captured = {"HOME": str(place), "LANG": "de_DE.UTF-8", "PATH": f"{agents}:{sandbox.environment['PATH']}",
                "XDG_DATA_HOME": str(place / "data"), "XDG_STATE_HOME": None,
                "ANTHROPIC_API_KEY": "sk-secret", "GITHUB_TOKEN": "ghp-secret"}
    cron.changeling("schedule", "install", "--backend", "cron", env=captured).ok()
    stand_in_for_tick(sandbox)
    cron.start_daemon("@2026-11-21 03:16:57")
    sandbox.wait_until(lambda: ticks_of(sandbox), "cron starts tick")
    [arguments, environment] = ticks_of(sandbox)[0]
    assert arguments == ["tick"]
    assert environment["HOME"] == str(place)
    assert environment["LANG"] == "de_DE.UTF-8"
    assert environment["PATH"].split(":")[0] == str(agents)
    assert environment["XDG_DATA_HOME"] == str(place / "data")
    assert "secret" not in json.dumps(environment)
    log = place / ".local" / "state" / "git-changeling" / "tick.log"
    sandbox.wait_until(lambda: log.exists() and log.read_text(), "tick's output is in the log")
    assert log.read_text().startswith("ticked\n")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_every_minute_again_and_quiet_when_the_program_is_gone(sandbox, cron):
    cron.changeling("schedule", "install", "--backend", "cron").ok()
    stand_in_for_tick(sandbox)
    cron.start_daemon("+0 x60")
    sandbox.wait_until(lambda: len(ticks_of(sandbox)) >= 3, "three minutes of one second each")
    # Cron mails what a job says: it must be nothing.
    (sandbox.bin / "git-changeling").unlink()
    script = scripts_of(sandbox) / "tick.sh"
    quiet = sandbox.run("sh", script).ok()
    assert (quiet.out, quiet.err) == ("", "")
    script.unlink()
    gone = sandbox.run("sh", "-c", line_of(sandbox).removeprefix("* * * * * "))
    assert (gone.out, gone.err) == ("", "")


# systemd.


@pytest.mark.parametrize("name", ODD_HOMES)
def test_the_units_are_what_systemd_accepts(sandbox, cron, name):
    home = sandbox.root / name
    home.mkdir()
    variables = {"HOME": str(home), "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None}
    result = cron.changeling("schedule", "install", "--backend", "systemd", env=variables).ok()
    assert "systemctl --user daemon-reload && systemctl --user enable --now git-changeling.timer" in result.err
    units = home / ".config" / "systemd" / "user"
    verified = sandbox.run("systemd-analyze", "--user", "verify", units / "git-changeling.timer",
                           units / "git-changeling.service", env={"XDG_RUNTIME_DIR": str(sandbox.root)})
    assert (verified.code, verified.err) == (0, "")
    lines = (units / "git-changeling.timer").read_text().splitlines()
    [calendar] = [line.removeprefix("OnCalendar=") for line in lines if line.startswith("OnCalendar=")]
    times = sandbox.run("systemd-analyze", "calendar", "--iterations=3", "--base-time=2026-11-21 03:16:57 UTC",
                        calendar).ok().out
    assert all(f"2026-11-21 03:{minute}:00 UTC" in times for minute in (17, 18, 19))
    # The word that systemd runs, unquoted as systemd does it, is the script.
    script = str(home / ".local/share/git-changeling/tick.sh")
    for letter, written in (("\\", "\\\\"), ('"', '\\"'), ("$", "$$"), ("%", "%%")):
        script = script.replace(letter, written)
    assert f'ExecStart=/bin/sh "{script}"\n' in (units / "git-changeling.service").read_text()
    cron.changeling("schedule", "uninstall", env=variables).ok()
    assert list(units.iterdir()) == []


@pytest.mark.parametrize("backend", ["cron", "systemd"])
@pytest.mark.parametrize("name", ["two\nlines", "\x1b[31m", "one\r"])
def test_a_path_that_no_line_can_hold_is_refused(sandbox, cron, backend, name):
    home = sandbox.root / name
    home.mkdir()
    variables = {"HOME": str(home), "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None}
    result = cron.changeling("schedule", "install", "--backend", backend, env=variables).expect(128)
    assert "control characters" in result.err
    assert not list(home.rglob("*.timer")) and "git-changeling" not in (cron.read() or "")


def test_where_the_users_systemd_runs_it_is_chosen_and_told(sandbox, cron):
    sandbox.fake_program("systemctl", f'echo "$*" >>{sandbox.root}/calls')
    answer = cron.changeling("schedule", "install", "--json").ok().json
    assert (answer["backend"], answer["problems"]) == ("systemd", [])
    calls = (sandbox.root / "calls").read_text().splitlines()
    assert calls.index("--user daemon-reload") < calls.index("--user enable --now git-changeling.timer")
    assert cron.read() is None
    # Two timers would look twice: another backend takes over.
    answer = cron.changeling("schedule", "install", "--backend", "cron").ok()
    assert "Removed the timer of systemd" in answer.out
    assert "--user disable --now git-changeling.timer" in (sandbox.root / "calls").read_text()
    assert cron.changeling("schedule", "status", "--json").ok().json["backend"] == "cron"
    cron.changeling("schedule", "uninstall").ok()
    assert cron.read() is None


def test_a_timer_that_has_stopped_is_noticed(sandbox, cron):
    sandbox.fake_program("systemctl", "exit 0")
    cron.changeling("schedule", "install").ok()
    assert cron.changeling("schedule", "status", "--json").ok().json["problems"] == []
    state = sandbox.home / ".local" / "state" / "git-changeling"
    state.mkdir(parents=True, exist_ok=True)
    (state / "last-tick").write_text("2026-01-01T00:00:00.000Z\n")
    [problem] = cron.changeling("schedule", "status", "--json").ok().json["problems"]
    assert "last looked" in problem


def test_a_timer_that_never_fires_is_told_by_every_command(sandbox, repository, cron):
    """The private cron has no daemon unless it is started."""
    repository.changeling("init").ok()
    sandbox.fake_program("systemctl", "exit 0")
    cron.changeling("schedule", "install", "--backend", "systemd", cwd=repository.path).ok()
    added = cron.changeling("add", "night", "--run", "true", "--schedule", "@daily", cwd=repository.path).ok()
    assert "timer" not in added.err

    def problems():
        found = {cron.changeling(command, "--json", cwd=repository.path).ok().json["timer_problem"]
                 for command in ("status", "list", "plan")}
        assert len(found) == 1, found
        return found.pop()

    assert problems() is None
    script = scripts_of(sandbox) / "tick.sh"
    os.utime(script, (script.stat().st_mtime - 3600,) * 2)
    assert "has not fired yet" in problems()
    # Typed by hand it is not the timer's.
    cron.changeling("tick").ok()
    assert "has not fired yet" in problems()
    [problem] = cron.changeling("schedule", "status", "--json").ok().json["problems"]
    assert "has not fired yet; see its log, and what systemd says" in problem
    assert "has not fired yet" in cron.changeling("update", "night", "--schedule", "@weekly", cwd=repository.path).ok().err
    # What belongs to the timer does not run at all.
    sandbox.fake_program("systemctl", '[ "$2" != is-active ]')
    assert "the timer is not active; start it" in problems()
    assert "the timer is not active" in cron.changeling("update", "night", "--schedule", "@daily",
                                                        cwd=repository.path).ok().err


# Repositories.


def test_what_is_scheduled_is_looked_at(sandbox, repository, cron):
    common = str(repository.common_directory())
    repository.add_command("manual", "true")
    assert registered(sandbox) == []
    added = repository.changeling("add", "night", "--run", "true", "--schedule", "H 3 * * *").ok()
    assert "git changeling schedule install" in added.err
    assert registered(sandbox) == [common]
    assert stat.S_IMODE((scripts_of(sandbox) / "repositories").stat().st_mode) == 0o600

    other = sandbox.repository(name="other")
    other.changeling("init").ok()
    cron.changeling("schedule", "install", "--backend", "cron", cwd=other.path).ok()
    assert registered(sandbox) == sorted([common, str(other.common_directory())])
    # With a timer nothing needs to be said any more.
    assert "schedule install" not in cron.changeling("add", "day", "--run", "true", "--schedule", "@daily",
                                                     cwd=repository.path).ok().err

    shown = cron.changeling("schedule", "status", "--json").ok().json
    assert shown["last_tick"] is None
    assert {entry["path"]: entry["scheduled"] for entry in shown["repositories"]} == {
        common: 2, str(other.common_directory()): 0}
    state = sandbox.home / ".local" / "state" / "git-changeling"
    state.mkdir(parents=True, exist_ok=True)
    (state / "last-tick").write_text("2026-11-21T03:17:00Z\n")
    assert cron.changeling("schedule", "status", "--json").ok().json["last_tick"] == "2026-11-21T03:17:00.000Z"

    moved = sandbox.root / "elsewhere"
    shutil.move(other.path, moved)
    text = cron.changeling("schedule", "status").ok().out
    assert f"git changeling schedule forget {other.path}/.git" in text
    cron.changeling("schedule", "forget", other.path).ok()
    assert registered(sandbox) == [common]
    cron.changeling("schedule", "forget", other.path).expect(128)
    repository.changeling("schedule", "forget").ok()
    assert registered(sandbox) == []
    repository.changeling("disable", "night", "day").ok()
    assert registered(sandbox) == []
    repository.changeling("enable", "night").ok()
    assert registered(sandbox) == [common]


def test_trusting_a_committed_schedule_registers_the_repository(sandbox, repository):
    repository.commit({".changelings.toml": '[changelings.night]\nrun = "true"\nschedule = "@daily"\n'}, "add night")
    assert registered(sandbox) == []
    repository.changeling("trust", "night", "--yes").ok()
    assert registered(sandbox) == [str(repository.common_directory())]


def test_many_at_once_lose_no_repository(sandbox):
    repositories = [sandbox.repository(name=f"r{number}") for number in range(8)]
    for repository in repositories:
        repository.changeling("init").ok()
    programs = [repository.start("add", "night", "--run", "true", "--schedule", "@daily")
                for repository in repositories]
    for program in programs:
        program.finish().ok()
    assert registered(sandbox) == sorted(str(repository.common_directory()) for repository in repositories)


# H.


def test_every_clone_of_a_repository_spreads_a_schedule_to_the_same_minute(sandbox, repository):
    repository.changeling("add", "night", "--run", "true", "--schedule", "H H(0-7) * * *").ok()
    repository.changeling("sync").ok()
    clone = sandbox.clone(repository.remote, "a-clone-of-another-name")
    clone.changeling("init").ok()
    clone.changeling("trust", "night", "--yes").ok()
    shown = [place.changeling("show", "night", "--json").ok().json for place in (repository, clone)]
    assert shown[0]["schedule"] == "H H(0-7) * * *"
    minute, hour, *rest = shown[0]["schedule_spread"].split()
    assert int(minute) in range(60) and int(hour) in range(8) and rest == ["*"] * 3
    assert shown[0]["schedule_spread"] == shown[1]["schedule_spread"]
    assert f"(here {minute} {hour} * * *)" in repository.changeling("show", "night").ok().out
    times = [place.changeling("list", "--json").ok().json["changelings"][0]["next_run"]
             for place in (repository, clone)]
    assert [time[10:] for time in times] == [f"T{int(hour):02}:{int(minute):02}:00.000Z"] * 2
    # Of 480 minutes, 21 changelings meet in a few at most.
    for number in range(20):
        repository.changeling("add", f"night-{number}", "--run", "true", "--schedule", "H H(0-7) * * *").ok()
    spread = {entry["next_run"] for entry in repository.changeling("list", "--json").ok().json["changelings"]}
    assert len(spread) > 15


@pytest.mark.parametrize("schedule, said", [
    ("* * 32 * *", ["day of month \"32\"", "1 to 31", "0 6 1,15 * *"]),
    ("H(0-70) * * * *", ["minute \"H(0-70)\"", "0 to 59", "for example"]),
    ("0 0 30 H *", ["may never come"]),
])
def test_a_mistake_names_the_field_what_is_allowed_and_an_example(repository, schedule, said):
    result = repository.changeling("add", "night", "--run", "true", "--schedule", schedule).expect(129)
    assert all(words in result.err for words in said), result.err
