"""Settings, sessions, repositories and the time in the browser (tests/web/settings.mjs)."""

import pytest
from harness.browser import visit
from harness.claude import TOKEN, stand_in_for_claude
from harness.service import Service
from harness.stand_ins import install_stand_in


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def test_settings_sessions_and_repositories(sandbox, repository, service):
    repository.git("config", "changeling.lease", "45m")
    visit(sandbox, service, "settings.mjs", "settings")


def test_settings_are_set_and_taken_back(sandbox, repository, service):
    visit(sandbox, service, "settings.mjs", "change")
    assert repository.git("config", "changeling.maxAttempts").strip() == "5"
    assert "changeling.lease" not in repository.git("config", "--list")


def test_the_time_shows_who_changed_what_and_undoes_it(sandbox, repository, service):
    repository.add_task("Kept")
    repository.add_task("Wrong")
    visit(sandbox, service, "settings.mjs", "time")
    assert {task["title"] for task in repository.tasks()} == {"Kept", "Meanwhile"}


def test_a_login_is_given_validated_and_forgotten(sandbox, repository):
    stand_in_for_claude(sandbox)
    repository.changeling("add", "sprite", "--prompt", "Do it").ok()
    repository.add_task("Waits for a login")
    assert repository.changeling("run", "sprite").code == 1
    visit(sandbox, Service(sandbox, repository.path), "settings.mjs", "credentials", token=TOKEN)


def test_a_session_has_its_cost_beside_it(sandbox, repository):
    install_stand_in(sandbox, "claude")
    repository.changeling("add", "scribe", "--agent", "claude", "--prompt", "Write", "--env", "FAKE_CLAUDE=no_change").ok()
    visit(sandbox, Service(sandbox, repository.path), "settings.mjs", "session_costs")


def test_a_viewer_sees_no_logins(sandbox, service):
    visit(sandbox, service, "settings.mjs", "credentials_of_a_viewer")


def test_machines_variables_and_repositories_are_told(sandbox, repository):
    other = sandbox.repository(files={"README.md": "other\n"}, name="other")
    other.changeling("init").ok()
    other.changeling("add", "scribe", "--run", "true", "--schedule", "0 3 1 1 *").ok()
    other.add_task("Wait")
    other.changeling("disable", "--all").ok()
    sandbox.environment["API_KEY"] = "of-the-secret"
    for name, options in (("first", ["--env", "MODE=of-the-variable"]), ("second", [])):
        repository.changeling("add", name, "--run", "true", "--schedule", "0 3 1 1 *",
                              "--secret", "API_KEY", *options).ok()
    task = repository.add_task("Carry the water")
    service = Service(sandbox, repository.path, "--all")
    claimed = service.write("POST", f"/repositories/project/api/v1/tasks/{task['id']}/claim", {"worker": "ann@laptop"})
    assert claimed.status == 200, claimed.body
    visit(sandbox, service, "settings.mjs", "facts")
