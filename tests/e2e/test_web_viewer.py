"""What a viewer sees in the browser (tests/web/viewer.mjs)."""

from harness.browser import visit
from harness.proposals import propose
from harness.service import Service


def test_a_viewer_is_offered_nothing_that_changes_anything(sandbox, repository):
    propose(repository, "echo new > new.txt", name="fixer")
    repository.changeling("role", "add", "reviewer", "--prompt", "Review it.").ok()
    repository.changeling("webhook", "add", "triage", "--source", "generic", "--task", "{title}").ok()
    repository.git("config", "changeling.task.verify", "make hidden-target")
    task = repository.add_task("Find the key")["id"]
    repository.changeling("task", "block", task, "--reason", "nobody knows where it is").ok()
    run = repository.changeling("runs", "list", "--json").ok().json["runs"][0]["id"]
    visit(sandbox, Service(sandbox, repository.path), "viewer.mjs", "nothing_to_press", task=task, run=run)
