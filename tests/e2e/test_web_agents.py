"""Sub-agents and skills in the browser (tests/web/agents.mjs)."""

import pytest
from harness.browser import visit
from harness.service import Service


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def test_agents_are_added_and_changed(sandbox, repository, service):
    visit(sandbox, service, "agents.mjs", "agents")
    reader = repository.changeling("agent", "show", "reader", "--json").ok().json
    assert (reader["instructions"], reader["skills"], reader["working_directory"]) == ("Read it.", ["question-asking"], "docs")
    approvals = repository.changeling("trust", "--list", "--json").ok().json["approvals"]
    assert [(one["name"], one["trusted"]) for one in approvals] == [("reader", False)]


def test_skills_are_added_by_form_and_file_changed_and_removed(sandbox, repository, service):
    visit(sandbox, service, "agents.mjs", "skills")
    skills = repository.changeling("skill", "list", "--json").ok().json["skills"]
    assert [skill["name"] for skill in skills] == ["question-asking", "review"]
    assert "Look twice." in repository.changeling("skill", "show", "review").ok().out
