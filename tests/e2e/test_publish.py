"""The last part of a run in three, `publish`, at a forge and a remote that fail: nothing is said twice, nothing is lost."""

import shutil

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from harness.repository import Repository
from test_github import add_fixer, project  # noqa: F401 (fixtures)
from test_outbox import DOWN, FOREVER, disconnect, mend, waiting  # noqa: F401 (fixtures)
from test_review_killed import COUNTING_GIT

STATE = "refs/changelings/state"


class HandedOver:
    """A run that was begun, and carried out; what is left is a file."""

    def __init__(self, project):  # noqa: F811
        self.project = project
        add_fixer(project)
        project.changeling("sync").ok()
        self.file = project.sandbox.root / "run.bundle"
        self.id = project.changeling("run", "fixer", "--begin").ok().out.strip()
        project.changeling("sync").ok()
        worker = self.clone("worker")
        worker.changeling("run", "fixer", "--id", self.id, "--hand-over", self.file).ok()

    def clone(self, name):
        """A runner of its own, as each job gets one: it has of the run what the state on the remote tells."""
        clone = self.project.sandbox.clone(self.project.remote, name)
        github = self.project.github
        clone.git("remote", "set-url", "origin", github.clone_url)
        clone.git("config", f"url.{self.project.remote.path}.insteadOf", github.clone_url)
        clone.git("config", "changeling.apiUrl", github.server.url)
        clone.changeling("init").ok()
        clone.changeling("trust", "fixer", "--yes").ok()
        return clone

    def publish(self, place):
        return place.changeling("publish", self.id, self.file, "--json")

    def check_published_once(self, place):
        """Whatever happened before: one request, from the branch with the work, and every clone knows."""
        pull, = self.project.github.pulls("all")
        record = place.changeling("runs", "show", self.id, "--json").ok().json
        assert (record["status"], record["outcome"], record["error"]) == ("finished", "opened-pr", None)
        assert record["pull_request"]["number"] == pull["number"]
        assert pull["head"]["sha"] == record["head"] == self.project.remote.head(record["branch"])
        opened = [entry for entry in self.project.github.asked("POST", "/pulls") if entry["status"] == 201]
        assert len(opened) == 1
        assert waiting(place) == []


@pytest.fixture
def handed_over(project):  # noqa: F811
    return HandedOver(project)


@pytest.fixture(params=["same", "fresh"])
def again(request, handed_over):
    """Where the second try happens: where the first one was, or on a runner that knows nothing of it."""
    return lambda first: first if request.param == "same" else handed_over.clone("second")


def test_it_is_proposed_once_however_often_it_is_published(handed_over, again):
    first = handed_over.clone("first")
    record = handed_over.publish(first).ok().json
    assert record["outcome"] == "opened-pr"
    handed_over.check_published_once(first)
    place = again(first)
    asked, tip = len(handed_over.project.github.journal()), handed_over.project.remote.head(STATE)
    assert handed_over.publish(place).ok().json["pull_request"] == record["pull_request"]
    assert [entry for entry in handed_over.project.github.journal()[asked:] if entry["method"] != "GET"] == []
    assert handed_over.project.remote.head(STATE) == tip
    handed_over.check_published_once(place)


@pytest.mark.parametrize("question", [("GET", "/pulls"), ("POST", "/pulls$")], ids=["before", "opening"])
def test_a_forge_that_is_down_gets_it_from_the_next_try(project, handed_over, again, question):  # noqa: F811
    first = handed_over.clone("first")
    project.github.fault(*question, times=FOREVER, **DOWN)
    record = handed_over.publish(first).expect(1).json
    assert (record["outcome"], record["outage"], record["pull_request"]) == ("failed", True, None)
    mend(project)
    place = again(first)
    assert handed_over.publish(place).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(place)


def test_what_the_outbox_has_sent_is_not_published_again(project, handed_over, again):  # noqa: F811
    first = handed_over.clone("first")
    project.github.fault("POST", "/pulls$", times=FOREVER, **DOWN)
    handed_over.publish(first).expect(1)
    mend(project)
    assert first.changeling("sync", "--json").ok().json["outbox"]["sent"] == [handed_over.id]
    place = again(first)
    assert handed_over.publish(place).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(place)


def test_an_outbox_that_wakes_up_late_sends_nothing_again(project, handed_over):  # noqa: F811
    first = handed_over.clone("first")
    project.github.fault("POST", "/pulls$", times=FOREVER, **DOWN)
    handed_over.publish(first).expect(1)
    mend(project)
    second = handed_over.clone("second")
    handed_over.publish(second).ok()
    first.changeling("sync").ok()
    handed_over.check_published_once(second)
    handed_over.check_published_once(first)


def test_a_remote_that_is_away_gets_it_from_the_next_try(handed_over, disconnect, again):  # noqa: F811
    first = handed_over.clone("first")
    reconnect = disconnect()
    record = handed_over.publish(first).expect(1).json
    assert (record["outcome"], record["outage"], record["pull_request"]) == ("failed", True, None)
    reconnect()
    place = again(first)
    assert handed_over.publish(place).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(place)


@pytest.mark.parametrize("step", ["push", "propose", "record"])
def test_one_that_is_killed_on_the_way_is_published_by_the_next_try(handed_over, again, step):
    first = handed_over.clone("first")
    program = first.start("publish", handed_over.id, handed_over.file, env={"CHANGELING_TRACE": "1"})
    program.wait_for_line("trace: step " + step)
    program.kill()
    program.finish()
    place = again(first)
    assert handed_over.publish(place).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(place)


@pytest.mark.parametrize("step", ["push", "propose"])
def test_one_that_is_killed_is_finished_by_the_next_sync_there(handed_over, step):
    first = handed_over.clone("first")
    program = first.start("publish", handed_over.id, handed_over.file, env={"CHANGELING_TRACE": "1"})
    program.wait_for_line("trace: step " + step)
    program.kill()
    program.finish()
    first.changeling("sync").ok()
    handed_over.check_published_once(first)
    assert handed_over.publish(first).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(first)


def test_what_a_kill_behind_the_record_leaves_is_settled_by_the_next_try(handed_over):
    first = handed_over.clone("first")
    program = first.start("publish", handed_over.id, handed_over.file, env={"CHANGELING_TRACE": "1"})
    program.wait_for_line("trace: step propose")
    program.kill()
    program.finish()
    outbox = first.common_directory() / "changelings" / "outbox"
    kept = {path: path.read_bytes() for path in outbox.rglob("*") if path.is_file()}
    assert waiting(first) == [handed_over.id]
    handed_over.publish(first).ok()
    assert waiting(first) == []
    for path, content in kept.items():
        path.write_bytes(content)
    assert waiting(first) == [handed_over.id]
    handed_over.publish(first).ok()
    handed_over.check_published_once(first)


def test_an_answer_of_the_forge_that_is_lost_opens_nothing_twice(project, handed_over):  # noqa: F811
    project.github.fault("POST", "/pulls$", kind="answer-after", status=502)
    place = handed_over.clone("first")
    handed_over.publish(place).ok()
    assert len(project.github.pulls("all")) == 1


def test_one_whose_record_was_finished_after_its_death_is_published_all_the_same(project, handed_over, again):  # noqa: F811
    """Who looks at runs finishes the records of dead ones: that is no last word on what was handed over."""
    first = handed_over.clone("first")
    project.github.fault("GET", "/pulls", delay_ms=60_000)
    asked = len(project.github.asked("GET", "/pulls"))
    program = first.start("publish", handed_over.id, handed_over.file)
    project.sandbox.wait_until(lambda: len(project.github.asked("GET", "/pulls")) > asked, "the forge is asked")
    program.kill()
    program.finish()
    mend(project)
    record, = first.runs()
    assert record["outcome"] == "killed" and f"git changeling publish {handed_over.id} FILE" in record["error"]
    first.changeling("sync").ok()
    place = again(first)
    assert handed_over.publish(place).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(place)


def test_one_that_was_interrupted_goes_on(project, handed_over):  # noqa: F811
    first = handed_over.clone("first")
    project.github.fault("GET", "/pulls", delay_ms=60_000)
    asked = len(project.github.asked("GET", "/pulls"))
    program = first.start("publish", handed_over.id, handed_over.file)
    project.sandbox.wait_until(lambda: len(project.github.asked("GET", "/pulls")) > asked, "the forge is asked")
    program.interrupt()
    program.finish()
    mend(project)
    assert first.changeling("runs", "show", handed_over.id, "--json").ok().json["outcome"] == "killed"
    assert handed_over.publish(first).ok().json["outcome"] == "opened-pr"
    handed_over.check_published_once(first)


def test_killed_at_every_git_command(repository, sandbox):
    """With the forge `local`; every other time the record of the dead run is finished before the next try."""
    add_fixer(repository)
    file = sandbox.root / "run.bundle"
    run = repository.changeling("run", "fixer", "--begin").ok().out.strip()
    repository.changeling("run", "fixer", "--id", run, "--hand-over", file).ok()
    sandbox.fake_program("git", COUNTING_GIT)
    counted = sandbox.root / "count"

    def copied(name):
        copy = Repository(sandbox, sandbox.root / name)
        shutil.copytree(repository.path, copy.path, symlinks=True)
        copy.remote = Repository(sandbox, sandbox.root / f"{name}.git")
        shutil.copytree(repository.remote.path, copy.remote.path, symlinks=True)
        copy.git("remote", "set-url", "origin", copy.remote.path)
        return copy

    copied("whole").changeling("publish", run, file, env={"COUNT_FILE": counted}).ok()
    commands = counted.read_text().splitlines()
    assert any("push" in command for command in commands), commands
    for number, command in enumerate(commands, start=1):
        copy = copied(f"copy-{number}")
        counted.unlink()
        copy.changeling("publish", run, file, env={"COUNT_FILE": counted, "KILL_AFTER": number}).expect(-9)
        if number % 2:
            copy.changeling("runs", "list").ok()
        record = copy.changeling("publish", run, file, "--json").json
        copy.changeling("sync").ok()
        pull, = copy.pull_requests()
        record = copy.changeling("runs", "show", run, "--json").ok().json
        assert (record["outcome"], record["pull_request"]["number"]) == ("opened-pr", pull["number"]), command
        assert copy.remote.head(record["branch"]) == record["head"], command
        assert waiting(copy) == [], command
        copy.check()
