"""Changelings and roles in the browser (tests/web/changelings.mjs)."""

import pytest
from harness.browser import visit
from harness.service import Service


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def definition(repository, name):
    return repository.changeling("show", name, "--json").ok().json


def test_a_changeling_is_added_run_changed_disabled_and_removed(sandbox, repository):
    # Before the service, whose first look at the schedules could come between its record and its approval.
    repository.add_command("fixer", "sed -i s/teh/the/ README.md", "--schedule", "0 3 * * *",
                           "--timeout", "5m")
    visit(sandbox, Service(sandbox, repository.path), "changelings.mjs", "changeling")
    changed = definition(repository, "fixer")
    assert (changed["description"], changed["max_turns"], changed["path"]) == ("Mends <b>words</b>", 7, ["*.md", "docs/**"])
    assert (changed["schedule"], changed["timeout"]) == ("30 4 * * 1", "30m")
    assert "added" not in [one["name"] for one in repository.changeling("list", "--json").ok().json["changelings"]]


def test_a_change_that_somebody_else_made_meanwhile_is_not_lost(sandbox, repository, service):
    repository.add_command("fixer", "true")
    visit(sandbox, service, "changelings.mjs", "meanwhile")
    assert definition(repository, "fixer")["description"] == "Made by another"


def test_roles_are_added_and_changed(sandbox, repository, service):
    visit(sandbox, service, "changelings.mjs", "roles")
    role, = repository.changeling("role", "list", "--json").ok().json["roles"]
    assert (role["name"], role["run"], role["accept"]) == ("writer", "make docs", ["file:README.md"])


def test_forms_keep_what_was_typed(sandbox, service):
    visit(sandbox, service, "changelings.mjs", "drafts")


def test_what_did_not_start_and_where_it_is_deployed(sandbox, repository):
    repository.changeling("add", "night", "--run", "true", "--schedule", "0 3 * * *").ok()
    repository.changeling("add", "other", "--run", "true").ok()
    run = repository.changeling("run", "night", "--json").ok().json
    repository.changeling("deploy", "night", "--to", "github-actions").ok()
    repository.changeling("untrust", "night").ok()
    repository.changeling("retry", run["id"]).expect(128)
    visit(sandbox, Service(sandbox, repository.path), "changelings.mjs", "history")
