"""`git changeling work` with tasks from beads and from GitHub issues."""

import json

import pytest

from github_server import github_server  # noqa: F401 (a fixture)
from harness.roles import add_script_role, gate
from harness.stand_ins import install_stand_in
from test_github import on_github
from test_github_issues import add_issue, look


@pytest.fixture
def beads(sandbox, repository):
    """A repository with a beads database that holds one issue for the role `builder`."""
    install_stand_in(sandbox, "bd")
    folder = sandbox.root / "beads"
    folder.mkdir()
    sandbox.environment["BEADS_DIR"] = str(folder)
    issue = {"id": "proj-a1", "title": "Do it", "description": "As said.", "status": "open", "priority": 1,
             "issue_type": "task", "acceptance_criteria": "", "labels": ["role-builder"], "assignee": "",
             "dependencies": []}
    (folder / "issues.json").write_text(json.dumps({"issues": [issue]}))

    def issues():
        return {one["id"]: one for one in json.loads((folder / "issues.json").read_text())["issues"]}

    repository.issues = issues
    return repository


@pytest.mark.parametrize("envelope", ["0", "1"], ids=["bare", "enveloped"])
def test_an_issue_of_beads_becomes_a_pull_request_and_is_closed(beads, sandbox, envelope):
    sandbox.environment["BD_JSON_ENVELOPE"] = envelope
    add_script_role(beads, "builder", "cat > prompt.txt < \"$CHANGELING_PROMPT_FILE\"")
    beads.changeling("work", "--role", "builder", "--source", "beads", "--once").ok()
    issue = beads.issues()["proj-a1"]
    run = beads.runs()[0]
    assert (issue["status"], run["outcome"]) == ("closed", "opened-pr")
    assert run["id"] in issue["close_reason"]
    prompt = beads.show(run["branch"], "prompt.txt")
    assert "Do it" in prompt and "As said." in prompt


def test_a_failed_run_gives_the_issue_back_open(beads):
    add_script_role(beads, "builder", "exit 3")
    beads.changeling("work", "--role", "builder", "--source", "beads", "--once").expect(1)
    issue = beads.issues()["proj-a1"]
    assert (issue["status"], issue.get("assignee", "")) == ("open", "")
    assert beads.runs()[0]["outcome"] == "failed"


def test_once_from_cron_does_not_try_a_failing_issue_again_and_again(beads):
    add_script_role(beads, "builder", "exit 3")
    for _ in range(3):
        beads.changeling("work", "--role", "builder", "--source", "beads", "--once").expect(1)
    assert len(beads.runs()) == 1


def test_what_bd_writes_into_the_checkout_is_said_once(beads):
    beads.commit({".beads/interactions.jsonl": "{}\n"}, "beads")
    add_script_role(beads, "builder", "echo x > x.txt")
    said = [beads.changeling("work", "--role", "builder", "--source", "beads", "--once").err for _ in range(2)]
    assert [".beads/interactions.jsonl" in words for words in said] == [True, False]


def test_a_race_that_is_lost_starts_no_agent(beads, sandbox):
    sandbox.environment["FAKE_BD"] = "lose-race"
    add_script_role(beads, "builder", "echo x > x.txt")
    beads.changeling("work", "--role", "builder", "--source", "beads", "--once").expect(1)
    assert beads.runs() == []
    assert beads.issues()["proj-a1"]["assignee"] == "the-other-worker"


def test_a_claim_taken_away_while_the_agent_works_publishes_nothing(beads, sandbox):
    script, come, opened = gate(sandbox)
    add_script_role(beads, "builder", script + "echo x > x.txt")
    worker = beads.start("work", "--role", "builder", "--source", "beads", "--once")
    sandbox.wait_until(come.exists, "the agent works")
    file = sandbox.root / "beads" / "issues.json"
    database = json.loads(file.read_text())
    database["issues"][0]["assignee"] = "the-other-worker"
    file.with_suffix(".new").write_text(json.dumps(database))
    file.with_suffix(".new").rename(file)
    opened.touch()
    worker.finish().expect(1)
    assert beads.runs()[0]["outcome"] == "lost-lease"
    assert beads.changeling("review", "list", "--json").json["pull_requests"] == []
    assert beads.issues()["proj-a1"]["assignee"] == "the-other-worker"


def test_beads_that_is_not_installed_is_said_with_a_hint(repository):
    add_script_role(repository, "builder", "true")
    refused = repository.changeling("work", "--role", "builder", "--source", "beads", "--once").expect(128)
    assert "bd" in refused.err and "hint" in refused.err


def test_a_github_issue_becomes_a_pull_request_that_closes_it(sandbox, github_server):  # noqa: F811
    project = on_github(sandbox, github_server)
    add_script_role(project, "builder", "sed -i s/teh/the/ README.md")
    number = add_issue(project.github)
    project.changeling("work", "--role", "builder", "--source", "github", "--once").ok()
    pull, = project.github.pulls()
    assert f"Closes #{number}" in pull["body"]
    now = look(project.github, number)
    assert now["state"] == "open" and "changeling-in-review" in now["labels"]
    assert any(f"#{pull['number']}" in comment or pull["html_url"] in comment for comment in now["comments"])
    project.github.check_no_violations()


def test_a_github_issue_is_given_back_after_a_failure(sandbox, github_server):  # noqa: F811
    project = on_github(sandbox, github_server)
    add_script_role(project, "builder", "exit 3")
    number = add_issue(project.github)
    project.changeling("work", "--role", "builder", "--source", "github", "--once").expect(1)
    now = look(project.github, number)
    assert (now["state"], now["labels"], now["assignees"]) == ("open", ["role-builder"], [])
    assert project.github.pulls() == []
    project.github.check_no_violations()
