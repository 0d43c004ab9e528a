"""The dashboard as a browser shows it: login, navigation, connection and the switch (tests/web/shell.mjs)."""

import pytest
from harness.browser import visit
from harness.service import Service


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def test_the_login_leads_to_the_page_that_was_asked_for(sandbox, service):
    visit(sandbox, service, "shell.mjs", "login", code=service.login_url.partition("#")[2])


@pytest.mark.parametrize("scenario", ["start_page", "halt", "live"])
def test_the_shell(sandbox, service, scenario):
    visit(sandbox, service, "shell.mjs", scenario)


@pytest.mark.parametrize("path", ["/", "/app.js", "/app.css", "/repositories/project/"])
def test_the_dashboard_needs_a_login(service, path):
    assert service.ask("GET", path).status == 401
    shown = service.ask("GET", path, {"Accept": "text/html,*/*"})
    assert shown.status == 401 and b"<title>Log in" in shown.body
    there = service.get(path)
    assert there.status == 200
    assert "require-trusted-types-for 'script'" in there.headers["content-security-policy"] or path.startswith("/app")
