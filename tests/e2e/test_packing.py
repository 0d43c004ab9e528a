"""Objects that operations leave in files of their own go into packs by themselves."""

from harness.hooks import wait_for_background


def loose(repository):
    return int(dict(line.split(": ") for line in repository.git("count-objects", "-v").splitlines())["count"])


def add_tasks(repository, count):
    for number in range(count):
        repository.changeling("task", "add", f"Task {number}").ok()


def test_many_operations_are_packed_in_the_background(repository):
    repository.git("config", "changeling.autopack", "256")
    sample = repository.path / ".git" / "objects" / "17"
    sample.mkdir(exist_ok=True)
    for number in range(3):
        (sample / f"garbage-{number}").write_text("no object at all")
    add_tasks(repository, 1)
    packed = repository.path / ".git" / "changelings" / "packed"
    repository.sandbox.wait_until(packed.exists, "the objects are packed")
    repository.sandbox.wait_until(lambda: loose(repository) < 10, "loose objects of the state are gone")
    assert repository.changeling("task", "list", "--json").ok().json["total"] == 1
    for number in range(3):
        (sample / f"garbage-{number}").unlink()
    assert "missing" not in repository.git("fsck", "--strict")


def test_it_can_be_switched_off(repository):
    sample = repository.path / ".git" / "objects" / "17"
    sample.mkdir(exist_ok=True)
    for number in range(3):
        (sample / f"garbage-{number}").write_text("no object at all")
    for key in ("changeling.autopack", "gc.auto"):
        repository.git("config", "changeling.autopack", "256")
        repository.git("config", key, "0")
        before = loose(repository)
        add_tasks(repository, 1)
        # The command does not end before what it starts has begun.
        wait_for_background(repository.sandbox)
        assert loose(repository) > before
        assert not (repository.path / ".git" / "changelings" / "pack.lock").exists()
        repository.git("config", "--unset", key)
    for number in range(3):
        (sample / f"garbage-{number}").unlink()
