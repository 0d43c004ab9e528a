"""GitHubSource, which takes tasks from issues, through a small driver, against a server that validates every
request with GitHub's own OpenAPI description."""

import itertools
import json
import subprocess
import threading

import pytest

from harness.program import program_under_test
from github_server import GitHubRepository, github_server  # noqa: F401 (a fixture)

_numbers = itertools.count(1)
CLAIMED = "changeling-in-progress"
IN_REVIEW = "changeling-in-review"


class Worker:
    """A worker's process, which keeps its claim between calls."""

    def __init__(self, sandbox, github, name):
        driver = program_under_test().parent / "tests" / "issues_driver"
        self._process = subprocess.Popen(
            [driver, github.server.url, github.server.token, github.server.owner, github.name, name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=sandbox.environment)
        self._token = github.server.token

    def __call__(self, call, **arguments):
        self._process.stdin.write(json.dumps({"call": call, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the driver has ended"
        assert self._token not in line
        return json.loads(line)

    def claim(self):
        return self("claim", role="builder")["result"]

    def end(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture
def github(github_server, sandbox):  # noqa: F811
    place = sandbox.repository(remote="bare")
    repository = GitHubRepository(github_server, f"issues-{next(_numbers)}", place.remote.path)
    yield repository
    repository.check_no_violations()


@pytest.fixture
def start_worker(sandbox, github):
    workers = []

    def start(name="w1"):
        workers.append(Worker(sandbox, github, name))
        return workers[-1]

    yield start
    for worker in workers:
        worker.end()


def add_issue(github, title="Do it", labels=("role-builder",)):
    status, issue = github.request("POST", "/issues", {"title": title, "body": "As said.", "labels": list(labels)})
    assert status == 201, issue
    return issue["number"]


def look(github, number):
    """State, labels, assignees and comments of an issue, as the server has them now."""
    status, issue = github.request("GET", f"/issues/{number}")
    assert status == 200, issue
    status, comments = github.request("GET", f"/issues/{number}/comments")
    assert status == 200, comments
    return {"state": issue["state"], "labels": sorted(label["name"] for label in issue["labels"]),
            "assignees": [user["login"] for user in issue["assignees"]],
            "comments": [comment["body"] for comment in comments]}


def test_from_claim_to_success(github, start_worker):
    add_issue(github, "Another role", ["role-reviewer"])
    number = add_issue(github)
    worker = start_worker()
    claim = worker.claim()
    assert (claim["task"], claim["source"], claim["role"]) == (f"github-{number}", f"github:{number}", "builder")
    now = look(github, number)
    assert now["labels"] == [CLAIMED, "role-builder"] and now["assignees"] == [github.server.owner]
    comment, = now["comments"]
    assert "`w1` is working on this issue" in comment
    assert worker("holds")["result"] is True
    assert worker("renew") == {"result": None, "waits_ms": []}
    worker("finish", run="r1", outcome="opened-pr", success=True, pull_request="https://github.com/acme/x/pull/9",
           summary="It is done.")
    now = look(github, number)
    assert now["state"] == "open" and now["labels"] == [IN_REVIEW, "role-builder"]
    comment, = now["comments"]
    assert "https://github.com/acme/x/pull/9" in comment and "It is done." in comment
    assert worker.claim() == {"nothing": True}


def test_a_failure_gives_the_issue_back(github, start_worker):
    number = add_issue(github)
    worker = start_worker()
    worker.claim()
    worker("finish", run="r1", outcome="verification-failed", error="make: *** [test] Error 1")
    now = look(github, number)
    assert (now["state"], now["labels"], now["assignees"]) == ("open", ["role-builder"], [])
    assert "verification-failed" in now["comments"][0] and "make: ***" in now["comments"][0]
    # Not again at once by the same worker; another one may try.
    assert worker.claim() == {"nothing": True}
    assert start_worker("w2").claim()["task"] == f"github-{number}"


def test_two_after_another(github, start_worker):
    number = add_issue(github)
    assert start_worker("w1").claim()["task"] == f"github-{number}"
    assert start_worker("w2").claim() == {"nothing": True}
    assert len(look(github, number)["comments"]) == 1


def test_many_at_once_have_one_winner(github, start_worker):
    number = add_issue(github)
    workers = [start_worker(f"w{index}") for index in range(6)]
    answers = [None] * len(workers)

    def claim(index):
        answers[index] = workers[index].claim()

    threads = [threading.Thread(target=claim, args=(index,)) for index in range(len(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [index for index, answer in enumerate(answers) if "task" in answer]
    assert len(winners) == 1, answers
    assert all("task" in answer or "lost" in answer or "nothing" in answer for answer in answers), answers
    comment, = look(github, number)["comments"]
    assert f"`w{winners[0]}`" in comment
    assert look(github, number)["labels"] == [CLAIMED, "role-builder"]
    assert workers[winners[0]]("holds")["result"] is True


def test_a_claim_taken_away_by_hand(github, start_worker):
    number = add_issue(github)
    worker = start_worker()
    claim = worker.claim()
    assert github.request("DELETE", f"/issues/comments/{claim['token']}")[0] == 204
    assert worker("holds")["result"] is False
    assert worker("renew")["error"]["kind"] == "refused"
    assert worker("finish", run="r1", success=True)["error"]["kind"] == "refused"
    assert look(github, number)["comments"] == []


@pytest.mark.parametrize("kind", ["reset", "reset-after", "answer", "answer-after"])
def test_a_failure_while_claiming_never_leaves_two_comments(github, start_worker, kind):
    number = add_issue(github)
    github.fault("POST", "/issues/.*/comments", kind=kind, status=502)
    answer = start_worker()("claim", role="builder")
    assert answer["result"]["task"] == f"github-{number}" and answer["waits_ms"] == [1000]
    assert len(look(github, number)["comments"]) == 1


def test_limits_and_outages_are_for_later(github, start_worker):
    number = add_issue(github)
    worker = start_worker()
    github.fault("GET", r"/issues\?", status=403, body={"message": "API rate limit exceeded"},
                 headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"})
    assert "accepts no more requests" in worker.claim()["unreachable"]
    github.fault("POST", "/issues/.*/labels", status=503, times=10)
    answer = worker("claim", role="builder")
    assert "status 503" in answer["result"]["unreachable"] and answer["waits_ms"] == [1000, 2000, 4000]
    assert look(github, number)["comments"] == []


def test_a_token_that_may_not_write(github, start_worker):
    number = add_issue(github)
    github.fault("POST", "/issues/.*/comments", status=403, body={"message": "Resource not accessible"})
    error = start_worker()("claim", role="builder")["error"]
    assert '"Issues: write"' in error["hint"]
    assert look(github, number)["comments"] == []


def test_more_than_a_page(github, start_worker):
    """Behind a hundred that people work on, the next page has one that is free."""
    for index in range(100):
        number = add_issue(github, f"Issue {index}", ["role-builder", IN_REVIEW])
    last = add_issue(github, "The last one")
    assert last == number + 1
    assert start_worker().claim()["task"] == f"github-{last}"
