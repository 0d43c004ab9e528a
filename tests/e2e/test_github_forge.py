"""GitHubForge itself, through a small driver, against a server that validates every request with GitHub's own
OpenAPI description. What `git changeling run` makes of it is in test_github.py."""

import hashlib
import itertools
import json

import pytest

from harness.program import program_under_test
from github_server import GitHubRepository, github_server  # noqa: F401 (a fixture)

_numbers = itertools.count(1)


class Driver:
    def __init__(self, sandbox, github, token):
        self.sandbox = sandbox
        self.github = github
        self.token = token

    def __call__(self, call, **arguments):
        driver = program_under_test().parent / "tests" / "forge_driver"
        done = self.sandbox.run(driver, self.github.server.url, self.token, self.github.server.owner, self.github.name,
                                stdin=json.dumps({"call": call, **arguments}) + "\n").ok()
        assert self.token not in done.out + done.err
        return done.json

    def open(self, branch, **proposal):
        return self("open", proposal={"branch": branch, **proposal})


@pytest.fixture
def place(sandbox):
    """A repository whose bare remote has the branches changelings/a/1 to changelings/a/3, each one commit ahead."""
    repository = sandbox.repository(remote="bare")
    for number in (1, 2, 3):
        repository.git("switch", "--quiet", "--create", f"changelings/a/{number}", "main")
        repository.commit({f"file-{number}": "content\n"}, f"change {number}")
        repository.git("push", "--quiet", "origin", f"changelings/a/{number}")
    repository.git("switch", "--quiet", "main")
    return repository


@pytest.fixture
def github(github_server, place):  # noqa: F811
    repository = GitHubRepository(github_server, f"driver-{next(_numbers)}", place.remote.path)
    yield repository
    if not repository.violations_expected:
        repository.check_no_violations()


@pytest.fixture
def drive(sandbox, github):
    return Driver(sandbox, github, github.server.token)


MARKER = "<!-- git-changeling: changeling={} run=r1 patch={} -->"


def body_for(title):
    """A body whose marker tells which title was given with it."""
    mark = hashlib.sha256(title.encode()).hexdigest()[:12]
    return ("<!-- git-changeling: begin -->\nWork.\n\n"
            f"<!-- git-changeling: changeling=a run=r1 title={mark} -->")


def test_the_validator_has_teeth(github):
    """Otherwise all the other tests prove nothing."""
    github.violations_expected = True
    good = {"title": "T", "head": "changelings/a/1", "base": "main", "body": "B"}
    assert github.request("POST", "/pulls", {**good, "bdy": "misspelt"})[0] == 422
    assert github.request("POST", "/pulls", {**good, "draft": "yes"})[0] == 422
    assert github.request("POST", "/pulls", {"title": "T", "base": "main"})[0] == 422
    assert github.request("GET", "/pulls?state=opened")[0] == 422
    assert github.request("GET", "/pulls?hed=acme:x")[0] == 422
    assert github.request("POST", "/issues/1/labels", {"label": ["x"]})[0] == 422
    assert github.request("GET", "/pulls", headers={"X-GitHub-Api-Version": "1999-01-01"})[0] == 422
    assert github.request("GET", "/pulls", token="ghp_wrong")[0] == 401
    assert github.pulls() == []
    assert github.request("POST", "/pulls", good)[0] == 201
    assert sum(1 for entry in github.journal() if entry.get("violations")) >= 5


def test_opening_with_everything(github, drive, place):
    answer = drive.open("changelings/a/1", title="Correct typos", body=MARKER.format("a", "p1"), draft=True,
                        labels=["typo", "bot"], reviewers=["ada"])
    assert answer["warnings"] == []
    pull, = github.pulls()
    assert (pull["title"], pull["draft"], pull["base"]["ref"]) == ("Correct typos", True, "main")
    assert pull["head"]["sha"] == place.head("changelings/a/1") == answer["result"]["head"]
    assert sorted(label["name"] for label in pull["labels"]) == ["bot", "typo"]
    assert [user["login"] for user in pull["requested_reviewers"]] == ["ada"]
    assert answer["result"]["number"] == pull["number"]
    assert answer["result"]["url"] == pull["html_url"]


def test_opening_again_updates(github, drive):
    first = drive.open("changelings/a/1", title="One", body=body_for("One"), labels=["x"])["result"]
    second = drive.open("changelings/a/1", title="Two", body=body_for("Two"), labels=["x", "y"])["result"]
    assert second["number"] == first["number"]
    pull, = github.pulls()
    assert pull["title"] == "Two"
    assert sorted(label["name"] for label in pull["labels"]) == ["x", "y"]
    assert len(github.asked("POST", "/pulls")) == 1


def test_a_title_that_people_changed_stays(github, drive):
    number = drive.open("changelings/a/1", title="One", body=body_for("One"))["result"]["number"]
    assert github.request("PATCH", f"/pulls/{number}", {"title": "A better one"})[0] == 200
    for title in ("Two", "Three"):
        drive.open("changelings/a/1", title=title, body=body_for(title))
        pull, = github.pulls()
        assert pull["title"] == "A better one" and pull["body"] == body_for(title)


def test_refused_reviewers_and_labels_are_warnings(github, drive):
    github.fault("POST", "/issues/.*/labels", status=403, body={"message": "Resource not accessible"})
    answer = drive.open("changelings/a/1", labels=["x"], reviewers=["ada", "stranger"])
    assert len(answer["warnings"]) == 2
    assert [user["login"] for user in github.pulls()[0]["requested_reviewers"]] == ["ada"]


def test_closing_and_remembering(github, drive):
    number = drive.open("changelings/a/1", body=MARKER.format("a", "p1"))["result"]["number"]
    drive("close", number=number, reason="not useful")
    drive("close", number=number, reason="said twice")
    assert [comment["body"] for comment in github.request("GET", f"/issues/{number}/comments")[1]] == ["not useful"]
    assert drive("rejected_patch_ids", changeling="a")["result"] == ["p1"]
    assert drive("rejected_patch_ids", changeling="b")["result"] == []
    assert drive("find", number=number)["result"]["state"] == "closed"
    assert drive("find", number=99)["result"] is None


def test_listing(github, drive):
    for number in (1, 2, 3):
        drive.open(f"changelings/a/{number}")
    drive("close", number=1)
    assert [pull["number"] for pull in drive("open_pull_requests")["result"]] == [2, 3]
    assert [pull["number"] for pull in drive("list", limit=5)["result"]] == [2, 3, 1]


def test_pages(github, drive, place):
    """More than a hundred open ones: the rest is behind the Link header."""
    names = [f"changelings/many/{number}" for number in range(101)]
    place.git("push", "--quiet", "origin", *(f"changelings/a/1:refs/heads/{name}" for name in names))
    for name in names:
        status, body = github.request("POST", "/pulls", {"title": name, "head": name, "base": "main"})
        assert status == 201, body
    assert len(drive("open_pull_requests")["result"]) == 101
    assert len([entry for entry in github.asked("GET", "/pulls") if "page=2" in entry["path"]]) == 1


def test_a_pull_request_from_a_fork_is_never_ours(github, drive):
    pull = github.pull_from_fork("changelings/a/1", MARKER.format("a", "p9"))
    assert drive("open_pull_requests")["result"] == []
    assert drive("close", number=pull["number"])["error"]["kind"] == "refused"
    assert drive.open("changelings/a/1")["result"]["number"] != pull["number"]
    assert {entry["title"] for entry in github.pulls()} == {"Looks like ours", "Title"}


def test_updating_keeps_peoples_words(github, drive):
    generated = "<!-- git-changeling: begin -->\n{}\n" + MARKER.format("a", "p1")
    number = drive.open("changelings/a/1", body=generated.format("old words"))["result"]["number"]
    body = github.pulls()[0]["body"]
    github.request("PATCH", f"/pulls/{number}", {"body": "Closes #7\r\n\r\n" + body + "\r\nTested by hand."})
    drive("update", number=number, proposal={"branch": "changelings/a/1", "body": generated.format("new words")})
    body = github.pulls()[0]["body"]
    assert body.startswith("Closes #7") and body.endswith("Tested by hand.")
    assert "new words" in body and "old words" not in body


def test_a_head_that_was_not_pushed(drive):
    error = drive.open("changelings/a/9")["error"]
    assert error["kind"] == "external"
    assert "changelings/a/9 is not a branch" in error["message"]


def test_a_base_that_does_not_exist(drive):
    assert "base branch nowhere does not exist" in drive.open("changelings/a/1", base="nowhere")["error"]["message"]


def test_nothing_to_propose(drive, place):
    place.git("push", "--quiet", "origin", "main:refs/heads/changelings/a/same")
    assert "nothing to propose" in drive.open("changelings/a/same")["error"]["message"]


def test_no_drafts_here(github_server, drive, place):  # noqa: F811
    drive.github = GitHubRepository(github_server, f"no-drafts-{next(_numbers)}", place.remote.path, drafts=False)
    error = drive.open("changelings/a/1", draft=True)["error"]
    assert "does not allow draft pull requests" in error["message"] and "draft = false" in error["hint"]


def test_a_wrong_token(github, sandbox):
    error = Driver(sandbox, github, "ghp_wrongwrongwrongwrongwrong")("open_pull_requests")["error"]
    assert "does not accept the token from GITHUB_TOKEN" in error["message"]


def test_a_repository_that_is_not_there(github, drive):
    drive.github = type("Nowhere", (), {"server": github.server, "name": "nowhere"})
    assert "does not exist on" in drive("open_pull_requests")["error"]["message"]
    assert "does not exist on" in drive("find", number=1)["error"]["message"]


@pytest.mark.parametrize("kind", ["reset", "reset-after", "answer", "answer-after"])
def test_a_failure_while_opening_never_opens_two(github, drive, kind):
    """The connection breaks, or a gateway fails, before or after the server acted."""
    github.fault("POST", "/pulls$", kind=kind, status=502)
    answer = drive.open("changelings/a/1")
    assert len(github.pulls()) == 1
    assert answer["result"]["number"] == github.pulls()[0]["number"]
    assert answer["waits_ms"] == [1000]
    assert len(github.asked("POST", "/pulls")) == (1 if kind.endswith("after") else 2)


def test_two_failures_in_a_row_while_opening(github, drive):
    github.fault("POST", "/pulls$", kind="reset-after")
    github.fault("GET", r"/pulls\?", kind="answer", status=200, body=[])
    github.fault("GET", r"/pulls\?", kind="reset")
    assert "result" in drive.open("changelings/a/1")
    assert len(github.pulls()) == 1


def test_a_rate_limit_is_waited_for(github, drive):
    github.fault("POST", "/pulls$", status=403, headers={"retry-after": "3"},
                 body={"message": "You have exceeded a secondary rate limit"})
    answer = drive.open("changelings/a/1")
    assert answer["waits_ms"] == [3000]
    assert len(github.pulls()) == 1


def test_a_long_rate_limit_is_reported(github, drive):
    github.fault("GET", r"/pulls\?", status=403, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"},
                 body={"message": "API rate limit exceeded"})
    answer = drive("open_pull_requests")
    assert answer["error"]["kind"] == "unavailable"
    assert answer["waits_ms"] == []


def test_a_server_that_stays_down(github, drive):
    github.fault("GET", r"/pulls\?", status=503, times=10)
    answer = drive("open_pull_requests")
    assert answer["error"]["kind"] == "unavailable"
    assert answer["waits_ms"] == [1000, 2000, 4000]


def test_a_token_that_may_not_write(github, drive):
    github.fault("POST", "/pulls$", status=403, headers={"x-accepted-github-permissions": "pull_requests=write"},
                 body={"message": f"Resource not accessible by {github.server.token}"})
    error = drive.open("changelings/a/1")["error"]
    assert '"Pull requests: write"' in error["hint"]


def test_issues(github, drive):
    github.fault("POST", "/issues$", kind="reset-after")
    url = drive("open_issue", title="Report", body="Findings", labels=["audit"])["result"]
    status, issues = github.request("GET", "/issues?state=open")
    assert status == 200 and [issue["html_url"] for issue in issues] == [url]
    assert [label["name"] for label in issues[0]["labels"]] == ["audit"]
