"""The start page as a browser shows it (tests/web/needs_you.mjs): what waits for a person is settled there."""

import json

import pytest
from harness.browser import visit
from harness.proposals import propose
from harness.service import Service


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


@pytest.fixture
def tasks(repository):
    """One task of each kind that waits for a person."""
    repository.add_task("Paint the door", "--gate", "person")
    judged = repository.add_task("Count the nails", "--status", "review")
    key = repository.add_task("Find the key")
    repository.changeling("task", "block", key["id"], "--reason", "nobody knows where it is").ok()
    car = repository.add_task("Sell the car")
    repository.changeling("task", "block", car["id"], "--reason", "no papers").ok()
    return {"judged": judged["id"], "dropped": car["id"]}


def test_what_waits_is_settled_there(sandbox, repository, tasks):
    propose(repository, "echo new > new.txt", name="proposer")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "settle", **tasks)


def test_what_is_trusted_is_what_was_shown(sandbox, service):
    made = service.write("POST", "/api/v1/changelings", {"name": "stranger", "run": "touch trusted <script>"})
    assert made.status == 201, made.body
    visit(sandbox, service, "needs_you.mjs", "trust")


def test_a_request_is_accepted_on_a_phone(sandbox, repository):
    propose(repository, "echo new > new.txt", name="proposer")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "review")


def test_a_question_of_an_agent_is_answered_there(sandbox, repository):
    repository.add_command(
        "asker", 'git changeling ask "Which colour?" --choice "red <b>" --choice blue >words.txt; '
                 'git changeling ask "Which word?" >>words.txt')
    run = repository.changeling("run", "asker", "--detach").ok().out.strip()
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "question")

    def finished():
        record = repository.changeling("runs", "show", run, "--json").ok().json
        return record if record["status"] == "finished" else None
    record = sandbox.wait_until(finished, "the run ends")
    assert repository.show(record["branch"], "words.txt") == "blue\nplume\n"


def test_how_the_repository_stands(sandbox, repository, tasks):
    repository.add_command("breaker", "exit 3")
    repository.changeling("run", "breaker")
    repository.add_command("planned", "true", "--schedule", "0 3 * * *")
    repository.git("config", "changeling.dailyBudget", "20")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "standing")


def test_a_viewer_is_offered_nothing(sandbox, service, tasks):
    visit(sandbox, service, "needs_you.mjs", "viewer")


def test_the_browser_notifies_of_what_needs_its_user(sandbox, repository):
    waiting = repository.add_task("waits already")["id"]
    repository.changeling("task", "block", waiting, "--reason", "no key").ok()
    tasks = [repository.add_task(f"Task {number}")["id"] for number in range(6)]
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "notifications", tasks=tasks)


def test_more_than_are_named_are_counted(sandbox, repository):
    rows = "".join(json.dumps({"title": f"Task {number}", "status": "review"}) + "\n" for number in range(104))
    repository.changeling("task", "import", "-", stdin=rows).ok()
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "many")
