"""Beginning the history anew, alone and with other clones."""

import pytest

from test_sync import STATE, clones, titles  # noqa: F401 (a fixture)

ARCHIVE = "refs/changelings/archive/1"


def operations(clone):
    return int(clone.git("rev-list", "--count", STATE))


@pytest.fixture
def alone(sandbox):
    repository = sandbox.repository()
    repository.changeling("init").ok()
    for number in range(5):
        repository.add_task(f"Task {number}")
    return repository


def done_task(repository, title):
    task = repository.add_task(title)
    claim = repository.changeling("task", "claim", task["id"], "--json").ok().json
    repository.changeling("task", "complete", task["id"], "--token", str(claim["lease"]["token"])).ok()
    return task


def test_the_records_stay_and_the_history_begins_anew(alone):
    before = titles(alone)
    tip = alone.head(STATE)
    result = alone.changeling("compact", "--yes", "--json").ok().json
    assert result["epoch"] == 1 and result["previous_tip"] == tip and result["operations"] == 6
    assert titles(alone) == before
    assert operations(alone) == 1
    assert len(alone.changeling("log", "--json").json["operations"]) == 1
    alone.add_task("After")
    assert operations(alone) == 2
    assert alone.changeling("compact", "--yes", "--json").ok().json["epoch"] == 2


def test_the_history_is_kept_when_asked_for(alone):
    tip = alone.head(STATE)
    assert alone.changeling("compact", "--yes", "--keep-history", "--json").ok().json["archive"] == ARCHIVE
    assert alone.head(ARCHIVE) == tip


def test_old_done_tasks_go_to_the_archive(alone):
    done = done_task(alone, "Finished")
    needed = done_task(alone, "Needed")
    alone.add_task("Waits", "--blocked-by", needed["id"])
    result = alone.changeling("compact", "--yes", "--archive-done", "0s", "--json").ok().json
    assert result["archived_tasks"] == 1
    assert "Finished" not in titles(alone) and "Needed" in titles(alone)
    archived = alone.changeling("task", "list", "--archived", "--json").ok().json
    assert [(task["id"], task["status"]) for task in archived["tasks"]] == [(done["id"], "done")]
    assert alone.changeling("compact", "--yes", "--json").ok().json["archived_tasks"] == 0
    assert len(alone.changeling("task", "list", "--archived", "--json").ok().json["tasks"]) == 1


def test_recent_done_tasks_stay(alone):
    done_task(alone, "Finished")
    assert alone.changeling("compact", "--yes", "--json").ok().json["archived_tasks"] == 0
    assert "Finished" in titles(alone)


def test_a_bad_age_is_refused(alone):
    tip = alone.head(STATE)
    alone.changeling("compact", "--yes", "--archive-done", "soon").expect(129)
    assert alone.head(STATE) == tip


def test_other_clones_follow_and_carry_their_own_over(clones):  # noqa: F811
    first = clones.all[0]
    first.add_task("Shared")
    gone = first.add_task("Removed later")
    first.changeling("sync").ok()
    second, third = clones.another(), clones.another()
    second.add_task("Unshared")
    first.changeling("task", "remove", gone["id"]).ok()
    first.changeling("compact", "--yes").ok()
    # The third has nothing of its own: it moves to the new epoch as it is.
    third.changeling("sync").ok()
    assert operations(third) == 1
    # A plain fetch comes between, as it may.
    second.git("fetch", "--quiet", "origin")
    second.changeling("sync").ok()
    assert titles(second) == ["Shared", "Unshared"]
    assert operations(second) == 2
    for clone in (first, third):
        clone.changeling("sync").ok()
    assert len(clones.state_trees()) == 1


def test_nothing_happens_when_the_remote_cannot_be_reached(clones):  # noqa: F811
    first = clones.all[0]
    first.changeling("sync").ok()
    tip = first.head(STATE)
    clones.remote.path.rename(clones.remote.path.with_name("gone.git"))
    first.changeling("compact", "--yes").expect(128)
    assert first.head(STATE) == tip


def test_clones_compact_one_after_the_other(clones):  # noqa: F811
    first = clones.all[0]
    first.add_task("Kept")
    first.changeling("sync").ok()
    second = clones.another()
    assert first.changeling("compact", "--yes", "--json").ok().json["epoch"] == 1
    second.add_task("Mine")
    assert second.changeling("compact", "--yes", "--json").ok().json["epoch"] == 2
    first.changeling("sync").ok()
    assert titles(first) == ["Kept", "Mine"]
    assert len(clones.state_trees()) == 1
