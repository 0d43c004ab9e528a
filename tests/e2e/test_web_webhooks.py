"""Webhooks in the browser (tests/web/webhooks.mjs)."""

import pytest
from harness.browser import visit
from harness.service import Service


@pytest.fixture
def place(sandbox):
    repository = sandbox.repository()
    repository.changeling("init").ok()
    repository.changeling("add", "fixer", "--run", "true").ok()
    return repository


@pytest.mark.parametrize("scenario", ["life", "targets"])
def test_webhooks(sandbox, place, scenario):
    visit(sandbox, Service(sandbox, place.path), "webhooks.mjs", scenario)
    if scenario == "life":
        assert {task["title"] for task in place.tasks()} == {"Look at The <b>roof</b>"}
