"""Deliveries of GitHub: who caused them and what they are about is asked from the forge, here a server that
validates every request with GitHub's own OpenAPI description."""

import itertools
import json
import os

import pytest
from harness import deliveries
from harness.service import Service

from github_server import GitHubRepository, github_server  # noqa: F401 (a fixture)

_numbers = itertools.count(1)


class Place:
    """A repository on GitHub with a webhook that adds tasks, and the service that receives for it."""

    def __init__(self, sandbox, server, *options):
        self.sandbox, self.server = sandbox, server
        self.repository = sandbox.repository(remote="bare")
        self.github = GitHubRepository(server, f"hook-{os.getpid()}-{next(_numbers)}", self.repository.remote.path)
        self.repository.git("remote", "set-url", "origin", self.github.clone_url)
        self.repository.git("config", f"url.{self.repository.remote.path}.insteadOf", self.github.clone_url)
        self.repository.git("config", "changeling.apiUrl", server.url)
        sandbox.environment["GITHUB_TOKEN"] = server.token
        self.repository.changeling("init").ok()
        self.secret = self.repository.changeling("webhook", "add", "triage", "--source", "github", "--task",
                                                 "{title}", *options, "--json").ok().json["secret"]
        self.service = None if options else Service(sandbox, self.repository.path)

    def issue(self, title, body="As said."):
        status, issue = self.github.request("POST", "/issues", {"title": title, "body": body})
        assert status == 201, issue
        return issue

    def payload(self, issue, sender):
        return {"action": "opened", "issue": issue, "repository": {"full_name": self.github.full_name},
                "sender": {"id": sender["id"], "login": sender["login"]}}

    def send(self, payload):
        answer = self.service.ask("POST", "/hooks/triage", *deliveries.github(self.secret, payload))
        assert answer.status == 202, answer.body
        return answer.json()["delivery"]

    def outcome(self, payload):
        return deliveries.outcome_of(self.repository, self.send(payload), self.sandbox)


@pytest.fixture
def place(sandbox, github_server):  # noqa: F811
    place = Place(sandbox, github_server)
    yield place
    place.github.check_no_violations()


def test_the_task_says_what_the_forge_has_now(place):
    issue = place.issue("It breaks")
    sent = {**issue, "title": "An older title"}
    delivery = place.outcome(place.payload(sent, issue["user"]))
    assert delivery["outcome"] == "task-added", delivery
    assert [task["title"] for task in place.repository.tasks()] == ["It breaks"]
    assert len(place.github.asked("GET", f"/collaborators/{issue['user']['login']}/permission")) == 1


def test_who_may_not_write_starts_nothing(place):
    issue = place.issue("It breaks")
    stranger = place.outcome(place.payload(issue, {"id": 4711, "login": "grace"}))
    assert stranger["outcome"] == "refused" and "grace (id 4711)" in stranger["detail"]
    # The name of somebody who may, with another id; and a name that sounds like an app's.
    renamed = place.outcome(place.payload(issue, {"id": 4711, "login": issue["user"]["login"]}))
    assert renamed["outcome"] == "refused"
    assert place.outcome(place.payload(issue, {"id": 1, "login": "helper[bot]"}))["outcome"] == "refused"
    assert place.repository.tasks() == []


def test_what_is_over_or_about_others_or_our_own_starts_nothing(place):
    issue = place.issue("It breaks")
    other = place.payload(issue, issue["user"])
    other["repository"] = {"full_name": "acme/another"}
    assert place.outcome(other)["outcome"] == "refused"
    own = place.issue("Ours", "<!-- git-changeling: changeling=fixer run=abcdefgh -->")
    assert place.outcome(place.payload(own, own["user"]))["outcome"] == "refused"
    gone = place.payload({**issue, "number": 9999}, issue["user"])
    assert place.outcome(gone)["outcome"] == "outdated"
    stale = place.payload({**place.issue("Another"), "state": "closed"}, issue["user"])
    assert place.outcome(stale)["outcome"] == "outdated"
    assert place.repository.tasks() == []


def test_what_the_forge_cannot_tell_now_waits(place):
    issue = place.issue("It breaks")
    place.github.fault("GET", "/collaborators/.*", status=403, body={"message": "API rate limit exceeded"},
                       headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"})
    key = place.send(place.payload(issue, issue["user"]))

    def waiting():
        listed = place.repository.changeling("webhook", "deliveries", "--json").ok().json["deliveries"]
        return next(delivery for delivery in listed if delivery["key"] == key)["problem"]

    place.sandbox.wait_until(waiting, "the reason why it waits")
    assert place.repository.tasks() == []
    # The minute's look works it off; here it is typed.
    place.repository.changeling("tick").ok()
    assert deliveries.outcome_of(place.repository, key, place.sandbox)["outcome"] == "task-added"


def listed(number, issue, full_name):
    """An entry of GitHub's list of events."""
    return {"id": str(number), "type": "IssuesEvent", "actor": {"id": issue["user"]["id"], "login": issue["user"]["login"]},
            "repo": {"name": full_name}, "payload": {"action": "opened", "issue": issue}}


def test_a_machine_that_nobody_reaches_asks_for_events(sandbox, github_server):  # noqa: F811
    place = Place(sandbox, github_server, "--poll")
    assert place.secret is None
    old, new = place.issue("Before the first look"), place.issue("News")
    memory = place.repository.path / ".git" / "changelings" / "deliveries" / "polls" / "triage.json"

    def look(*entries, status=200, **headers):
        place.github.fault("GET", r"/events", status=status, body=list(entries), headers=headers)
        place.repository.changeling("tick").ok()

    first = listed(11, old, place.github.full_name)
    look(first, etag='"one"')
    assert place.repository.tasks() == []
    asked = len(place.github.asked("GET", "/events"))
    assert asked == 1
    # Not before the minute is over.
    place.repository.changeling("tick").ok()
    assert len(place.github.asked("GET", "/events")) == asked

    def forget_the_pause():
        memory.write_text(json.dumps({**json.loads(memory.read_text()), "not_before": "2020-01-01T00:00:00.000Z"}))

    forget_the_pause()
    look(listed(12, new, place.github.full_name), first, etag='"two"', **{"x-poll-interval": "600"})
    assert [task["title"] for task in place.repository.tasks()] == ["News"]
    delivery, = place.repository.changeling("webhook", "deliveries", "--json").ok().json["deliveries"]
    assert (delivery["outcome"], delivery["delivery"], delivery["polled"], delivery["answer"]) == (
        "task-added", "event-12", True, None)
    second, = [entry for entry in place.github.asked("GET", "/events")][1:]
    assert second["headers"]["if-none-match"] == '"one"'
    forget_the_pause()
    look(status=304)
    assert json.loads(memory.read_text())["etag"] == '"two"'
    forget_the_pause()
    look(status=429, **{"retry-after": "3600"})
    assert json.loads(memory.read_text())["not_before"] > delivery["finished_at"]
    assert len(place.repository.tasks()) == 1
