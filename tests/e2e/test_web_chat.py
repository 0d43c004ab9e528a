"""Talking with an agent in the browser (tests/web/chat.mjs)."""

import pytest
from harness.browser import visit
from harness.oracle import Oracle
from harness.service import Service

TIDY = {"kind": "changeling", "name": "tidy",
        "fields": {"prompt": "Tidy <b>up</b>.\nAll of it.", "schedule": "0 3 * * *", "verify": ["true"]}}


@pytest.fixture
def oracle(sandbox, repository):
    return Oracle(sandbox, repository)


@pytest.fixture
def service(sandbox, repository, oracle):
    return Service(sandbox, repository.path)


def test_a_proposal_is_shown_as_a_form_and_confirmed(sandbox, repository, oracle, service):
    repository.changeling("add", "tidy", "--prompt", "Tidy a little.").ok()
    oracle.says("Like <script>this</script>\u202e?", TIDY)
    visit(sandbox, service, "chat.mjs", "proposal")
    assert repository.changeling("show", "tidy", "--json").ok().json["schedule"] == "0 3 * * *"
    assert repository.tasks() == []


def test_a_wrong_answer_and_a_stopped_one_say_so(sandbox, oracle, service):
    oracle.prints('{"text": "half')
    visit(sandbox, service, "chat.mjs", "failures", oracle=str(oracle.script))
