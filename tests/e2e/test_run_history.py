"""A long history of runs: found, looked through a page at a time, and put into the archive."""

import datetime
import json

import pytest

from harness.damage import FILE, put


def stamp(days_ago):
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def add_runs(repository, runs):
    """Writes records like that of a real run. Each of `runs` gives what is different; `days_ago` is when it ran."""
    pattern = repository.runs()[-1]
    files = {}
    for number, run in enumerate(runs):
        moment = stamp(run.pop("days_ago", number))
        name = run.pop("id", f"r{number:04d}xyz")
        record = {**pattern, "id": name, "started_at": moment, "ended_at": moment, "expires_at": None, **run}
        files[f"runs/{name[:2]}/{name[2:4]}/{name}.json"] = (FILE, json.dumps(record).encode())
    put(repository, files)


def listed(repository, *options):
    answer = repository.changeling("runs", "list", *options, "--json").ok().json
    assert answer["total"] >= len(answer["runs"])
    return [run["id"] for run in answer["runs"]]


@pytest.fixture
def sprite(repository):
    repository.add_command("sprite", "true")
    repository.changeling("run", "sprite").ok()
    return repository


def test_a_listing_is_narrowed_by_each_of_its_conditions(sprite):
    first, = (run["id"] for run in sprite.runs())
    add_runs(sprite, [
        {"id": "failed01", "days_ago": 1, "outcome": "failed", "error": "part 7 does not build", "trigger": "schedule"},
        {"id": "troll001", "days_ago": 2, "changeling": "troll", "summary": "Mended the overflow"},
        {"id": "killed01", "days_ago": 3, "changeling": "troll", "outcome": "killed"},
        {"id": "older001", "days_ago": 9, "outcome": "reported"}])
    assert listed(sprite) == [first, "failed01", "troll001", "killed01", "older001"]
    assert listed(sprite, "troll") == listed(sprite, "--changeling", "troll") == ["troll001", "killed01"]
    assert listed(sprite, "--failed") == ["failed01", "killed01"]
    assert listed(sprite, "troll", "--failed") == ["killed01"]
    assert listed(sprite, "--outcome", "reported") == ["older001"]
    assert listed(sprite, "--trigger", "schedule") == ["failed01"]
    assert listed(sprite, "--since", "60h") == [first, "failed01", "troll001"]
    assert listed(sprite, "--until", "60h") == ["killed01", "older001"]
    assert listed(sprite, "--since", "5d", "--until", stamp(1.5)) == ["troll001", "killed01"]
    assert listed(sprite, "--until", stamp(0)[:10]) == [run for run in listed(sprite) if run != first]
    assert listed(sprite, "--search", "overfl mended") == ["troll001"]
    assert listed(sprite, "--search", "BUILD") == ["failed01"]
    assert listed(sprite, "--search", 'no such "word') == []
    assert "is no time" in sprite.changeling("runs", "list", "--since", "yesterday").expect(129).err
    assert "is no time" in sprite.changeling("runs", "list", "--until", "later").expect(129).err
    assert "both" in sprite.changeling("runs", "list", "troll", "--changeling", "sprite").expect(129).err


@pytest.mark.parametrize("option, word, near", [("--trigger", "shedule", "schedule"), ("--trigger", "post-comit", "post-commit"),
                                                ("--outcome", "faild", "failed"), ("--outcome", "losst", "lost")])
def test_a_word_that_no_run_can_have_is_named_with_the_nearest_right_one(sprite, option, word, near):
    assert f'did you mean "{near}"?' in sprite.changeling("runs", "list", option, word).expect(129).err
    sprite.changeling("runs", "list", option, near).ok()


def test_a_webhook_is_a_trigger_by_its_name(sprite):
    add_runs(sprite, [{"id": "hooked01", "days_ago": 1, "trigger": "webhook:build"}])
    assert listed(sprite, "--trigger", "webhook:build") == ["hooked01"]


def test_a_listing_is_looked_through_page_by_page(sprite):
    add_runs(sprite, [{"days_ago": number + 1} for number in range(40)])
    whole = listed(sprite, "--limit", "0")
    assert len(whole) == 41
    assert listed(sprite) == whole[:30]
    first = sprite.changeling("runs", "list", "-n", "20").ok()
    assert "20 of 41 runs; see the next with --offset 20" in first.err
    assert len(first.out.splitlines()) == 21
    assert "--offset 40" in sprite.changeling("runs", "list", "-n", "20", "--offset", "20").ok().err
    last = sprite.changeling("runs", "list", "-n", "20", "--offset", "40").ok()
    assert last.err == "" and len(last.out.splitlines()) == 2
    assert "no more runs; there are 41" in sprite.changeling("runs", "list", "--offset", "50").ok().err
    assert listed(sprite, "-n", "20") + listed(sprite, "-n", "20", "--offset", "20") == whole[:40]


def test_the_index_of_runs_is_made_anew_unasked(sprite):
    add_runs(sprite, [{"id": "troll001", "changeling": "troll"}])
    before = listed(sprite)
    files = sorted((sprite.common_directory() / "changelings").glob("index.sqlite*"))
    assert files
    for file in files:
        file.unlink()
    assert listed(sprite) == before
    (sprite.common_directory() / "changelings" / "index.sqlite").write_text("no database")
    assert listed(sprite) == before
    assert sprite.changeling("runs", "show", "troll", "--json").ok().json["id"] == "troll001"


def test_old_runs_go_to_the_archive_when_asked_for(sprite):
    newest, = (run["id"] for run in sprite.runs())
    add_runs(sprite, [{"days_ago": 100 + number} for number in range(60)] + [
        {"id": "lately01", "days_ago": 20, "cost_usd": 1.0},
        {"id": "pending1", "days_ago": 300,
         "pull_request": {"number": 7, "url": "https://example.com/7", "state": "open"}},
        {"id": "merged01", "days_ago": 301, "summary": "Merged long ago",
         "pull_request": {"number": 6, "url": "https://example.com/6", "state": "merged"}}])
    status = sprite.changeling("status", "--json").ok().json
    everything = listed(sprite, "--limit", "0")
    plan = sprite.changeling("compact", "--archive-runs", "90d", "--dry-run", "--json").ok().json
    assert plan["dry_run"] and plan["archived_runs"] > 30
    assert " runs archived" in sprite.changeling("compact", "--archive-runs", "90d", "--dry-run").ok().out
    assert listed(sprite, "--limit", "0") == everything
    assert sprite.changeling("compact", "--yes", "--json").ok().json["archived_runs"] == 0
    done = sprite.changeling("compact", "--archive-runs", "90d", "--yes", "--json").ok().json
    assert done["archived_runs"] == plan["archived_runs"]
    left = listed(sprite, "--limit", "0")
    assert len(left) == len(everything) - done["archived_runs"]
    assert {newest, "lately01", "pending1"} <= set(left) and "merged01" not in left
    # An archived run is shown by its id or the beginning of it, and what is judged by runs comes out the same.
    assert sprite.changeling("runs", "show", "merg", "--json").ok().json["summary"] == "Merged long ago"
    after = sprite.changeling("status", "--json").ok().json
    assert after["spent_usd"] == status["spent_usd"]
    assert [entry["last_run"] for entry in after["changelings"]] == [entry["last_run"] for entry in status["changelings"]]
    assert sprite.changeling("compact", "--archive-runs", "90d", "--yes", "--json").ok().json["archived_runs"] == 0
    assert sprite.changeling("runs", "show", "merged01").ok()
    assert "there is no run" in sprite.changeling("runs", "show", "nosuchrun").expect(128).err


def test_runs_that_a_pause_is_made_from_stay(sprite):
    add_runs(sprite, [{"id": f"bad{number:05d}", "days_ago": 40 + number, "outcome": "failed", "changeling": "troll"}
                      for number in range(30)] +
             [{"id": "good0001", "days_ago": 80, "changeling": "troll"},
              {"id": "bad99999", "days_ago": 90, "outcome": "failed", "changeling": "troll"}])
    assert sprite.changeling("compact", "--archive-runs", "1d", "--yes", "--json").ok().json["archived_runs"] == 1
    assert len(listed(sprite, "troll", "--limit", "0")) == 31
    assert "bad99999" not in listed(sprite, "troll", "--limit", "0")


def test_a_bad_age_of_runs_is_refused(sprite):
    assert "--archive-runs" in sprite.changeling("compact", "--yes", "--archive-runs", "soon").expect(129).err


def test_the_runs_of_nobody_are_a_mistake(sprite):
    assert "did you mean 'sprite'?" in sprite.changeling("runs", "list", "sprit").expect(128).err
    assert "did you mean 'sprite'?" in sprite.changeling("runs", "list", "--changeling", "sprit", "--json").expect(128).err
    sprite.add_command("troll", "true")
    assert "no runs" in sprite.changeling("runs", "list", "troll").ok().err
    assert "the webhook's name is empty" in sprite.changeling("runs", "list", "--trigger", "webhook:").expect(129).err
