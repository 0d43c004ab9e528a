"""The start page as a browser shows it (tests/web/needs_you.mjs): what waits for a person is settled there."""

import datetime
import json

import pytest
from harness.browser import visit
from harness.damage import FILE, STATE, put
from harness.oracle import Oracle
from harness.proposals import propose
from harness.service import Service
from harness.stand_ins import install_stand_in
from test_lost_runs import as_elsewhere, stamp


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


def test_work_that_was_not_sent_is_sent_from_a_phone(sandbox):
    repository = sandbox.repository(files={"README.md": "Hello\n"}, remote="bare")
    repository.changeling("init").ok()
    remote = repository.remote.path
    gone = remote.with_name("gone.git")
    remote.rename(gone)
    pull = propose(repository, "echo new > new.txt", name="proposer")
    repository.changeling("sync")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "outbox", remote=str(remote), gone=str(gone))
    assert repository.remote.head(pull["branch"]) == pull["head"]


def test_a_refused_tool_is_allowed_from_a_phone(sandbox, repository):
    install_stand_in(sandbox, "claude")
    opening = sandbox.opening("--env", "FAKE_CLAUDE=denied")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write", "--permission", "Write", "--verify", "true",
                          "--env", "FAKE_CLAUDE=denied", *opening).ok()
    assert repository.changeling("run", "scribe", "--json").ok().json["refused"] == ["Bash: git push origin HEAD"]
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "tool_refused")


def test_a_lost_run_is_begun_anew_from_a_phone(sandbox, repository):
    repository.add_command("sprite", "echo x > x.txt")
    lost = repository.changeling("run", "sprite", "--json").ok().json["id"]
    as_elsewhere(repository, lost, expires=-1)
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "run_lost", lost=lost)


def test_a_schedule_that_is_held_back_is_run_from_a_phone(sandbox, repository):
    """It has failed twice in a row, so that schedules wait; a person does not."""
    missed = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=20)
    repository.add_command("planned", f"test -e {sandbox.marks}/well", "--schedule", f"{missed.minute} * * * *",
                           "--timezone", "UTC", "--catch-up", "last")
    for _ in range(2):
        repository.changeling("run", "planned").expect(1)
    approval, = sandbox.home.glob(".local/share/git-changeling/approvals/*/*/planned.json")
    earlier = stamp(missed - datetime.timedelta(minutes=30))
    approval.write_text(json.dumps({**json.loads(approval.read_text()), "approved_at": earlier}))
    sandbox.write("marks/well", "")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "schedule")


def test_a_notification_that_nobody_took_is_tried_again_from_a_phone(sandbox, repository):
    well = sandbox.marks / "well"
    repository.changeling("config", "set", "changeling.notifyCommand", f"test -e {well}").ok()
    repository.add_command("a", "echo more >> README.md")
    repository.changeling("run", "a").ok()
    sandbox.wait_until(lambda: repository.changeling("status", "--json").ok().json["notification_problems"],
                       "the first try")
    sandbox.write("marks/well", "")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "notification")

    def is_taken():
        return repository.changeling("notify", "list", "--json").ok().json["waiting"] == []
    sandbox.wait_until(is_taken, "the second try")


def test_how_the_repository_stands(sandbox, repository, tasks):
    repository.add_command("breaker", "exit 3")
    repository.changeling("run", "breaker")
    repository.add_command("planned", "true", "--schedule", "0 3 * * *")
    repository.git("config", "changeling.dailyBudget", "20")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "standing")


def test_costs_stand_against_their_caps(sandbox, repository):
    repository.changeling("config", "set", "changeling.dailyBudget", "20").ok()
    today = datetime.date.today().isoformat()
    for name, cost, cap in (("dear", 2.5, ["--daily-budget", "2"]), ("cheap", 0.5, [])):
        repository.add_command(name, "true", *cap)
        run = repository.changeling("run", name, "--json").ok().json["id"]
        place = f"runs/{run[:2]}/{run[2:4]}/{run}.json"
        record = json.loads(repository.git("show", f"{STATE}:{place}"))
        put(repository, {place: (FILE, json.dumps({**record, "cost_usd": cost}).encode())})
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "costs", today=today)


def test_a_question_is_asked_on_the_start_page(sandbox, repository):
    Oracle(sandbox, repository).says("Nothing at all.")
    visit(sandbox, Service(sandbox, repository.path), "needs_you.mjs", "ask")


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
