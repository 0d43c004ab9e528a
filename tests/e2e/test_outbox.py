"""Work that could not be sent when it was ready waits in the outbox, is sent later, and only once."""

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from harness.roles import add_script_role, gate
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
        sync = project.changeling("sync", "--json")
        sent += sync.json["outbox"]["sent"]
        # What waits is named with its reason, and is an answer that scripts can tell from a good one.
        assert sync.code == (0 if sent else 1)
        if sent:
            break
        assert "status 503" in sync.json["outbox"]["reasons"][record["id"]]
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


@pytest.mark.parametrize("word, state", [(("accept", "1"), "merged"), (("reject", "1", "--reason", "no"), "rejected")])
def test_a_local_pull_request_that_is_decided_while_its_branch_waits_is_not_opened_again(sandbox, word, state):
    repository = sandbox.repository(files={"README.md": "It has teh typo.\n"}, remote="bare")
    repository.changeling("init").ok()
    add_fixer(repository)
    repository.commit({"notes.txt": "not pushed\n"}, "wip")
    record = run(repository).ok().json
    assert waiting(repository) == [record["id"]]
    repository.changeling("review", *word).ok()
    repository.git("push", "--quiet", "origin", "main")
    said = repository.changeling("sync").ok()
    assert f"pull request 1 is {state} by now" in said.err
    assert waiting(repository) == []
    pulls = repository.changeling("review", "list", "--all", "--json").ok().json["pull_requests"]
    assert [pull["number"] for pull in pulls] == [1]
    assert repository.remote.branches("refs/heads/changelings") == []


def test_a_damaged_entry_is_named_and_stops_nothing(sandbox):
    repository = sandbox.repository(remote="bare")
    repository.changeling("init").ok()
    sandbox.write(repository.common_directory() / "changelings/outbox/bcdf2345.json", "{ not json")
    result = repository.changeling("sync").ok()
    assert "bcdf2345.json" in result.err


FOREVER = 1000
# The server asks for no patience, so that the test needs none.
DOWN = {"status": 503, "headers": {"retry-after": "0"}}


def mend(project):  # noqa: F811
    project.github.server.control("DELETE", "/faults")


@pytest.mark.parametrize("fault", [
    DOWN, {"status": 401, "body": {"message": "Bad credentials"}},
    {"status": 403, "body": {"message": "Resource not accessible"}}, {"status": 404, "body": {"message": "Not Found"}},
    {"status": 200, "body": "<html>a portal of the hotel</html>"},
], ids=["503", "401", "403", "404", "no JSON"])
@pytest.mark.parametrize("question", [("GET", r"/pulls\?state=closed"), ("POST", "/pulls$")], ids=["before", "opening"])
def test_whatever_happens_on_the_way_out_leaves_the_work_in_the_outbox(project, sandbox, question, fault):  # noqa: F811
    """Also when a question that comes before the proposal fails; the agent is not started again meanwhile."""
    starts = sandbox.marks / "starts"
    project.add_command("fixer", f"echo started >> {starts}; sed -i s/teh/the/ README.md")
    project.github.fault(*question, times=FOREVER, **fault)
    record = run(project).expect(1).json
    assert (record["outcome"], record["outage"]) == ("failed", True)
    assert waiting(project) == [record["id"]]
    again = run(project).expect(1)
    assert record["id"] in again.json["skipped"] and "outbox" in again.json["skipped"]
    assert starts.read_text() == "started\n"
    sync = project.changeling("sync").expect(1)
    assert f"Run {record['id']} of fixer waits in the outbox" in sync.out
    mend(project)
    assert project.changeling("sync", "--json").ok().json["outbox"]["sent"] == [record["id"]]
    pull, = project.github.pulls()
    after = project.changeling("runs", "show", record["id"], "--json").ok().json
    assert (after["outcome"], after["outage"], after["pull_request"]["number"]) == ("opened-pr", False, pull["number"])


def test_outages_do_not_pause_the_schedule(project):  # noqa: F811
    """Three runs in a row fail because of the forge; a fourth start without a person is not held back."""
    add_fixer(project)
    for _ in range(3):
        project.github.fault("GET", "/pulls", times=FOREVER, **DOWN)
        assert project.changeling("run", "fixer", "--trigger", "schedule", "--json").expect(1).json["outage"] is True
    mend(project)
    assert project.changeling("run", "fixer", "--trigger", "schedule", "--json").ok().json["outcome"] == "opened-pr"


def hook(project, body):  # noqa: F811
    project.sandbox.write(project.remote.path / "hooks" / "pre-receive", "#!/bin/sh\n" + body + "\n", executable=True)


@pytest.mark.parametrize("moment", ["at once", "while it waits"])
def test_a_hook_of_the_remote_has_the_last_word_in_its_own_words(project, disconnect, moment):  # noqa: F811
    """Only branches of changelings are refused; the state is taken."""
    add_fixer(project)
    reconnect = disconnect() if moment == "while it waits" else None
    if reconnect:
        record = run(project).expect(1).json
        reconnect()
    hook(project, "while read old new name; do case $name in refs/heads/changelings/*) "
                  "echo 'not during the freeze, ask Ada' >&2; exit 1;; esac; done")
    if reconnect:
        sync = project.changeling("sync", "--json").expect(1).json["outbox"]
        assert (sync["waiting"], len(sync["refused"])) == ([], 1)
    else:
        record = run(project).expect(1).json
    after = project.changeling("runs", "show", record["id"], "--json").ok().json
    assert "not during the freeze, ask Ada" in after["error"] and "pre-receive hook declined" in after["error"]
    assert (after["outcome"], after["outage"]) == ("failed", False)
    assert waiting(project) == []
    assert project.changeling("sync", "--json").ok().json["outbox"]["refused"] == []
    assert project.show(record["branch"], "README.md") == "# Example\n\nIt has the typo.\n"


def test_a_rule_of_the_forge_has_the_last_word(project):  # noqa: F811
    add_fixer(project)
    project.github.fault("POST", "/pulls$", status=422, times=FOREVER, body={
        "message": "Validation Failed", "errors": [{"resource": "PullRequest", "code": "custom",
                                                    "message": "Titles must name a ticket"}]})
    record = run(project).expect(1).json
    assert "Titles must name a ticket" in record["error"] and record["outage"] is False
    assert waiting(project) == []
    asked = len(project.github.asked("POST", "/pulls"))
    project.changeling("sync").ok()
    assert len(project.github.asked("POST", "/pulls")) == asked == 1


def test_a_request_that_was_closed_during_the_run_is_followed_by_a_new_one(project, sandbox):  # noqa: F811
    change = "echo \"$(wc -l < README.md)\" >> README.md\n"
    script, come, opened = gate(sandbox)
    project.add_command("counter", change, *sandbox.opening(script))
    first = run(project, "counter").ok().json
    number = first["pull_request"]["number"]
    sandbox.write("agents/counter", f"#!/bin/sh\nset -e\n{script}{change}", executable=True)
    program = project.start("run", "counter", "--json")
    sandbox.wait_until(come.exists, "the agent begins")
    assert project.github.request("PATCH", f"/pulls/{number}", {"state": "closed"})[0] == 200
    opened.touch()
    record = program.finish().ok().json
    assert record["outcome"] == "opened-pr"
    assert record["pull_request"]["number"] != number
    assert record["branch"] == f"changelings/counter/{record['id']}"
    assert project.remote.head(record["branch"]) == record["head"]
    assert project.remote.head(first["branch"]) == first["head"]


def test_a_task_whose_work_waits_is_nobodys_to_do_again(project, sandbox):  # noqa: F811
    starts = sandbox.marks / "starts"
    project.git("config", "changeling.task.agent", "command")
    agent = sandbox.write("agents/worker", f"#!/bin/sh\necho started >> {starts}\nsed -i s/teh/the/ README.md\n",
                          executable=True)
    project.git("config", "changeling.task.run", str(agent))
    project.git("config", "changeling.task.sandbox-write", str(sandbox.marks))
    task = project.add_task("Correct the typo")
    project.github.fault("POST", "/pulls$", status=503, times=FOREVER)
    project.changeling("work", "--once").expect(1)
    assert project.task(task["id"])["status"] == "review"
    project.changeling("work", "--once")
    assert starts.read_text() == "started\n"
    mend(project)
    project.changeling("sync").ok()
    pull, = project.github.pulls()
    artifact, = project.task(task["id"])["artifacts"]
    assert (artifact["kind"], artifact["path"]) == ("pr", str(pull["number"]))
