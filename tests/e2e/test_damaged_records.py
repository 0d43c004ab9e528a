"""One record that cannot be read is named, and nothing else stops: whatever is wrong with it, whatever kind it is."""

import copy
import json
import shutil

import pytest

from harness.damage import FILE, KINDS, STATE, entry, put, spoil
from harness.program import program_under_test
from harness.roles import writer
from harness.sandbox import Sandbox

JSON_ONLY = {"wrong id"}


class Place:
    """A repository with two records of every kind; the broken ones are to be damaged by the test."""

    def __init__(self, repository):
        self.repository = repository
        for name in ("broken", "sound"):
            repository.add_command(name, f'echo {name} >> {name}-"$CHANGELING_RUN".txt', "--prompt", f"Be {name}.")
            repository.changeling("run", name).ok()
            repository.changeling("role", "add", f"role-{name}", "--prompt", "Work.").ok()
        self.runs = {run["changeling"]: run["id"] for run in repository.runs()}
        self.pulls = {pull["changeling"]: pull["number"] for pull in repository.pull_requests()}
        self.tasks = {"broken": repository.add_task("Broken", "--priority", "urgent")["id"],
                      "sound": repository.add_task("Sound")["id"]}
        run, task = self.runs["broken"], self.tasks["broken"]
        self.paths = {
            "definition": "changelings/broken.toml",
            "role": "roles/role-broken.toml",
            "run": f"runs/{run[:2]}/{run[2:4]}/{run}.json",
            "task": f"items/{task[:2]}/{task[2:4]}/{task}.json",
            "pull request": f"pulls/{self.pulls['broken']}.json",
        }

    def spoil(self, kind, *records):
        names = records or self.paths
        return spoil(self.repository, kind, *(path for name, path in self.paths.items()
                                              if name in names and not (kind in JSON_ONLY and ".toml" in path)))

    def listing(self, *command):
        return self.repository.changeling(*command, "--json").ok().json

    def exact(self):
        """The commands that ask for exactly the broken record of each kind."""
        return {
            "definition": ("show", "broken"),
            "role": ("role", "show", "role-broken"),
            "run": ("runs", "show", self.runs["broken"]),
            "task": ("task", "show", self.tasks["broken"]),
            "pull request": ("review", "show", str(self.pulls["broken"])),
        }


LISTINGS = {
    "definition": (("list",), "changelings"),
    "role": (("role", "list"), "roles"),
    "run": (("runs", "list"), "runs"),
    "task": (("task", "list"), "tasks"),
    "pull request": (("review", "list"), "pull_requests"),
}


@pytest.fixture(scope="module")
def prepared():
    """Made once: its runs take their time."""
    sandbox = Sandbox(program_under_test())
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    yield Place(repository)
    sandbox.close()


@pytest.fixture
def place(prepared, sandbox):
    """A copy for one test, with the user's approvals."""
    original = prepared.repository
    for folder in (original.path, original.remote.path, original.sandbox.home / ".local"):
        target = sandbox.root / folder.relative_to(original.sandbox.root)
        shutil.copytree(folder, target, symlinks=True, dirs_exist_ok=True)
    repository = sandbox.adopt(sandbox.root / original.path.name)
    repository.remote = sandbox.adopt(sandbox.root / original.remote.path.name)
    repository.git("remote", "set-url", "origin", str(repository.remote.path))
    copied = copy.copy(prepared)
    copied.repository = repository
    return copied


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_damage_is_named_and_stops_nothing(place, kind):
    repository = place.repository
    place.spoil(kind)
    damaged = {name: path for name, path in place.paths.items()
               if not (kind in JSON_ONLY and path.endswith(".toml"))}
    for name, (command, key) in LISTINGS.items():
        answer = place.listing(*command)
        named = [record["path"] for record in answer["damaged"]]
        if name in damaged:
            assert any(path == damaged[name] or path.startswith(damaged[name] + "/") for path in named), (name, answer)
            assert all(record["reason"] for record in answer["damaged"])
            assert len(answer[key]) == 1, (name, answer)
        assert repository.changeling(*command).ok().err.count("cannot be read") == len(named)
    everything = {record["path"].removesuffix("/inside") for record in place.listing("status")["damaged"]}
    assert everything == set(damaged.values())
    for name, command in place.exact().items():
        if name not in damaged:
            continue
        failure = repository.changeling(*command).expect(128)
        assert damaged[name] in failure.err and "git show " in failure.err and "undo" in failure.err, failure
    # A task that nobody can read is nobody's; the next one is taken.
    claimed = repository.claim()
    assert claimed["id"] == place.tasks["sound"]
    assert repository.changeling("task", "claim").expect(1).out == ""
    if "definition" in damaged:
        tip = repository.head(STATE)
        failure = repository.changeling("run", "broken").expect(128)
        assert "changelings/broken.toml cannot be read" in failure.err
        assert repository.head(STATE) == tip
    repository.changeling("run", "sound").ok()


COMMANDS = [
    ("list",), ("status",), ("log",), ("events",), ("show", "sound"), ("runs", "list"), ("report",), ("role", "list"),
    ("role", "show", "role-sound"), ("review", "list"), ("review", "list", "--all"), ("task", "list"),
    ("task", "list", "--archived"), ("task", "export"), ("trust", "--list"), ("templates", "list"),
    ("run", "sound"), ("run", "sound", "--dry-run"), ("retry", "sound"), ("logs", "sound"),
    ("add", "third", "--run", "true"), ("update", "sound", "--timeout", "5m"), ("disable", "sound"),
    ("remove", "sound", "--yes"), ("role", "remove", "role-sound"), ("role", "add", "another", "--prompt", "x"),
    ("task", "add", "Third"), ("task", "claim"), ("dispatch", "--dry-run"), ("sync",), ("compact", "--yes"),
    ("compact", "--yes", "--archive-done", "0s"), ("review", "reject", "{pull}"), ("review", "show", "{pull}"),
    ("runs", "show", "{run}"), ("task", "show", "{task}"), ("task", "block", "{task}", "--reason", "x"),
    ("task", "edit", "{task}", "--title", "New"), ("task", "remove", "{task}"), ("undo",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_works_beside_damaged_records(place, command):
    place.spoil("cut")
    before = {path: entry(place.repository, path) for path in place.paths.values()}
    words = {"pull": place.pulls["sound"], "run": place.runs["sound"], "task": place.tasks["sound"]}
    place.repository.changeling(*(word.format(**words) for word in command)).ok()
    after = {path: entry(place.repository, path) for path in place.paths.values()}
    if command == ("undo",):
        assert place.listing("status")["damaged"] == []
    else:
        assert after == before
        assert {record["path"] for record in place.listing("status")["damaged"]} == set(before)


def test_workers_pass_over_a_damaged_task(repository):
    writer(repository)
    broken = repository.add_task("Broken", "--priority", "urgent", "--role", "writer")["id"]
    sound = repository.add_task("Sound", "--role", "writer")["id"]
    path = f"items/{broken[:2]}/{broken[2:4]}/{broken}.json"
    spoil(repository, "wrong types", path)
    before = entry(repository, path)
    done = repository.changeling("dispatch", "--role", "writer", "--json").ok()
    assert f"warning: {path} cannot be read" in done.err
    assert repository.task(sound)["status"] == "review"
    assert entry(repository, path) == before
    repository.changeling("work", "--once", "--role", "writer").expect(1)


@pytest.mark.parametrize("kind", KINDS)
def test_undo_puts_the_records_right(place, kind):
    before = {path: entry(place.repository, path) for path in place.paths.values()}
    commit = place.spoil(kind)
    place.repository.changeling("undo", commit[:10]).ok()
    assert {path: entry(place.repository, path) for path in place.paths.values()} == before
    assert place.listing("status")["damaged"] == []


def test_a_damaged_definition_can_be_removed_and_written_anew(place):
    place.spoil("not UTF-8", "definition", "role")
    place.repository.changeling("update", "broken", "--timeout", "5m").expect(128)
    place.repository.changeling("remove", "broken", "--yes").ok()
    place.repository.changeling("role", "remove", "role-broken").ok()
    assert place.listing("status")["damaged"] == []
    place.repository.changeling("add", "broken", "--run", "true").ok()


def test_the_files_definition_does_not_stand_in_for_a_damaged_one(place):
    place.spoil("cut", "definition")
    place.repository.write(".changelings.toml", '[changelings.broken]\nrun = "true"\n')
    assert "cannot be read" in place.repository.changeling("run", "broken").expect(128).err


def test_names_that_no_record_can_have_are_strays(repository):
    strays = {"runs/README", "items/ab/cd/NOT AN ID.json", "pulls/first.json", "changelings/a b.toml",
              "roles/notes.txt", "runs/xx/yy/abcdefgh.json"}
    put(repository, {path: (FILE, b"hello\n") for path in strays})
    damaged = repository.changeling("status", "--json").ok().json["damaged"]
    assert {record["path"] for record in damaged} == strays
    assert all(record["reason"].startswith("not the place of ") for record in damaged)


def test_damage_is_said_once_and_many_are_summed_up(repository):
    put(repository, {f"pulls/{number}.json": (FILE, b"{") for number in range(1, 31)})
    result = repository.changeling("review", "list").ok()
    assert result.err.count("warning: ") == 11 and "20 more cannot be read" in result.err
    assert len(repository.changeling("review", "list", "--json").ok().json["damaged"]) == 30
    assert repository.changeling("review", "list", "--quiet").ok().err == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_record_survives_compaction_and_merging(place, sandbox, kind):
    """Byte for byte, unless the other side has one that can be read."""
    repository = place.repository
    repository.changeling("sync").ok()
    other = sandbox.clone(repository.remote, name="other")
    other.changeling("init").ok()
    before = {path: entry(repository, path) for path in place.paths.values()}
    place.spoil(kind)
    spoiled = {path: entry(repository, path) for path in place.paths.values()}
    other.changeling("task", "edit", place.tasks["sound"], "--title", "Meanwhile").ok()
    other.changeling("sync").ok()
    repository.changeling("sync").ok()
    changed = {path: entry(repository, path) for path in place.paths.values()}
    # Where something else took a record's place, the published record is what can be read.
    assert changed == (before if kind in ("folder", "link", "submodule") else spoiled)
    repository.changeling("compact", "--yes").ok()
    assert {path: entry(repository, path) for path in place.paths.values()} == changed
    other.changeling("sync").ok()
    assert {path: entry(other, path) for path in place.paths.values()} == changed


def test_a_readable_version_wins_over_a_damaged_one(place, sandbox):
    repository = place.repository
    repository.changeling("sync").ok()
    other = sandbox.clone(repository.remote, name="other")
    other.changeling("init").ok()
    task = place.tasks["broken"]
    place.spoil("cut", "task")
    other.changeling("task", "edit", task, "--title", "Readable").ok()
    other.changeling("sync").ok()
    warned = repository.changeling("sync", "--json").ok()
    assert any("cannot be read" in warning for warning in json.loads(warned.out)["warnings"])
    assert repository.task(task)["title"] == "Readable"


def test_a_damaged_line_of_the_archive_hides_only_itself(repository):
    task = repository.add_task("Done long ago")
    claim = repository.claim()
    repository.changeling("task", "complete", task["id"], "--token", str(claim["lease"]["token"])).ok()
    repository.changeling("compact", "--yes", "--archive-done", "0s").ok()
    path, = repository.git("ls-tree", "-r", "--name-only", STATE, "archive").split()
    content = repository.git("cat-file", "blob", f"{STATE}:{path}").encode()
    put(repository, {path: (FILE, b"{\n" + content + b"\n")})
    answer = repository.changeling("task", "list", "--archived", "--json").ok().json
    assert [one["id"] for one in answer["tasks"]] == [task["id"]]
    assert [(one["path"], one["reason"][:7]) for one in answer["damaged"]] == [(path, "line 1:")]


def test_a_damaged_role_uses_up_no_attempts(repository):
    writer(repository)
    task = repository.add_task("Write", "--role", "writer")
    spoil(repository, "cut", "roles/writer.toml")
    repository.changeling("dispatch", "--json").expect(1)
    after = repository.task(task["id"])
    assert after["status"] == "ready" and [attempt["outcome"] for attempt in after["attempts"]] in ([], ["released"])
