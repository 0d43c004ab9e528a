"""Work that could not be sent when it was ready waits in the outbox, is sent later, and only once."""

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from test_github import add_fixer, on_github, project, run  # noqa: F401 (fixtures)


def waiting(repository):
    return [entry["run"] for entry in repository.changeling("status", "--json").ok().json["outbox"]]


@pytest.fixture
def disconnect(project):  # noqa: F811
    """Takes the remote away; calling the result brings it back."""
    gone = project.remote.path.with_name("gone.git")

    def take_away():
        project.remote.path.rename(gone)
        return lambda: gone.rename(project.remote.path)

    return take_away


def test_a_branch_that_could_not_be_pushed_is_proposed_by_sync(project, disconnect):  # noqa: F811
    add_fixer(project)
    reconnect = disconnect()
    result = run(project).expect(1)
    record = result.json
    assert record["outcome"] == "failed"
    assert "outbox" in record["error"]
    assert project.show(record["branch"], "README.md") == "# Example\n\nIt has the typo.\n"
    assert waiting(project) == [record["id"]]
    assert record["id"] in project.changeling("status").ok().out
    reconnect()
    sync = project.changeling("sync", "--json").ok().json
    assert sync["outbox"]["sent"] == [record["id"]]
    pull, = project.github.pulls()
    after = project.changeling("runs", "show", record["id"], "--json").ok().json
    assert (after["outcome"], after["pull_request"]["number"], after["error"]) == ("opened-pr", pull["number"], None)
    assert project.remote.head(record["branch"]) == record["head"]
    assert waiting(project) == []
    assert project.changeling("sync", "--json").ok().json["outbox"]["sent"] == []
    assert len(project.github.asked("POST", "/pulls")) == 1


def test_a_sync_without_a_connection_keeps_it(project, disconnect):  # noqa: F811
    add_fixer(project)
    disconnect()
    record = run(project).expect(1).json
    project.changeling("sync").expect(128)
    assert waiting(project) == [record["id"]]


def test_a_forge_that_is_down_gets_its_pull_request_later(project):  # noqa: F811
    add_fixer(project)
    for _ in range(8):
        project.github.fault("POST", "/pulls$", status=503)
    record = run(project).expect(1).json
    assert waiting(project) == [record["id"]]
    sent = []
    for _ in range(8):
        sent += project.changeling("sync", "--json").ok().json["outbox"]["sent"]
        if sent:
            break
    assert sent == [record["id"]]
    assert len(project.github.pulls()) == 1
    assert project.runs()[0]["outcome"] == "opened-pr"


def test_the_next_run_goes_on_with_what_the_outbox_sends(project, disconnect):  # noqa: F811
    add_fixer(project)
    reconnect = disconnect()
    run(project).expect(1)
    reconnect()
    project.changeling("sync").ok()
    again = run(project).ok().json
    assert again["outcome"] in ("updated-pr", "no-changes")
    assert len(project.github.pulls()) == 1


@pytest.mark.parametrize("step", ["push", "propose", "clean", "record"])
def test_a_run_that_is_killed_on_the_way_out_is_sent_by_sync(project, sandbox, step):  # noqa: F811
    add_fixer(project)
    program = project.start("run", "fixer", env={"CHANGELING_TRACE": "1"})
    program.wait_for_line("trace: step " + step)
    program.kill()
    # On a busy machine the last steps are over before the kill arrives.
    killed = program.finish().code == -9
    project.changeling("sync").ok()
    pull, = project.github.pulls()
    record = project.runs()[0]
    assert record["outcome"] == "opened-pr" or not killed, record
    assert record["pull_request"]["number"] == pull["number"]
    assert waiting(project) == []
    assert project.remote.show(record["branch"], "README.md") == "# Example\n\nIt has the typo.\n"


def test_what_nobody_wants_any_more_is_not_sent(project, disconnect):  # noqa: F811
    """The changeling has as many open pull requests as it may by the time the connection is back."""
    add_fixer(project)
    reconnect = disconnect()
    first = run(project).expect(1).json
    reconnect()
    body = f"<!-- git-changeling changeling=fixer run={first['id']} -->"
    project.git("push", "--quiet", "origin", "HEAD:refs/heads/changelings/fixer/other")
    project.commit({"other.txt": "other\n"}, "other work")
    project.git("push", "--quiet", "origin", "HEAD:refs/heads/changelings/fixer/other")
    status, opened = project.github.request("POST", "/pulls", {
        "title": "Other", "head": "changelings/fixer/other", "base": "main", "body": body})
    assert status == 201, opened
    sync = project.changeling("sync", "--json").ok().json
    assert sync["outbox"]["sent"] == []
    assert len(sync["outbox"]["dropped"]) == 1
    assert len(project.github.pulls()) == 1
    assert waiting(project) == []
    assert project.show(first["branch"], "README.md") == "# Example\n\nIt has the typo.\n"


def test_a_local_pull_request_is_there_at_once_and_its_branch_is_pushed_later(sandbox):
    repository = sandbox.repository(files={"README.md": "It has teh typo.\n"}, remote="bare")
    repository.changeling("init").ok()
    add_fixer(repository)
    gone = repository.remote.path.with_name("gone.git")
    repository.remote.path.rename(gone)
    record = run(repository).ok().json
    assert record["outcome"] == "opened-pr"
    assert waiting(repository) == [record["id"]]
    gone.rename(repository.remote.path)
    assert repository.changeling("sync", "--json").ok().json["outbox"]["sent"] == [record["id"]]
    assert repository.remote.head(record["branch"]) == record["head"]
    pulls = repository.changeling("review", "list", "--json").ok().json["pull_requests"]
    assert [pull["branch"] for pull in pulls] == [record["branch"]]


def test_a_damaged_entry_is_named_and_stops_nothing(sandbox):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    sandbox.write(repository.common_directory() / "changelings/outbox/bcdf2345.json", "{ not json")
    result = repository.changeling("sync").ok()
    assert "bcdf2345.json" in result.err
