"""What waits for a person, settled over the API: trust, review, and a changeling that fails."""

import pytest
from harness.api import Api
from harness.service import Service


@pytest.fixture
def api(sandbox, repository):
    return Api(Service(sandbox, repository.path))


def needs(api, kind=None):
    found = api.ask("GET", "/needs")["needs"]
    return [one for one in found if kind in (None, one["kind"])]


def test_an_approval_is_given_with_the_digest_that_was_shown(repository, api):
    repository.add_command("sprite", "true")
    repository.changeling("untrust", "sprite").ok()
    assert [one["subject"] for one in needs(api)] == ["sprite"]
    [standing] = api.ask("GET", "/trust")["approvals"]
    api.ask("POST", "/trust", {"name": "sprite", "digest": standing["digest"]})
    assert needs(api) == []


def test_a_request_is_looked_at_and_accepted_at_the_head_that_was_shown(repository, api):
    repository.add_command("writer", "echo more >>README.md; printf '\\0\\1' >image.bin; echo x >package-lock.json")
    repository.changeling("run", "writer").ok()
    [need] = needs(api)
    assert (need["kind"], need["settle"]) == ("review", f"git changeling review show {need['subject']}")
    shown = api.ask("GET", f"/pull-requests/{need['subject']}/diff")
    files = {one["path"]: one for one in shown["files"]}
    assert sorted(files) == ["README.md", "image.bin", "package-lock.json"]
    assert (files["image.bin"]["binary"], files["image.bin"]["hunks"]) == (True, [])
    assert files["package-lock.json"]["generated"]
    [hunk] = files["README.md"]["hunks"]
    lines = repository.read("README.md").splitlines()
    assert [(line["kind"], line["new"], line["text"]) for line in hunk["lines"]] == \
        [*(("context", number, line) for number, line in enumerate(lines, 1)), ("added", len(lines) + 1, "more")]
    accepted = api.ask("POST", f"/pull-requests/{need['subject']}/accept", {"head": shown["head"]})
    assert accepted["state"] == "merged"
    assert needs(api) == []
    assert repository.read("README.md").splitlines() == [*lines, "more"]


def test_a_changeling_that_fails_waits_until_it_has_succeeded(sandbox, repository, api):
    repository.add_command("flaky", f"test -e {sandbox.marks}/well")
    assert repository.changeling("run", "flaky").code == 1
    [need] = needs(api)
    assert need["kind"] == "run-failed"
    sandbox.write("marks/well", "")
    run = api.ask("POST", f"/runs/{need['subject']}/retry", expect=202)["id"]
    sandbox.wait_until(lambda: api.ask("GET", f"/runs/{run}")["status"] == "finished", "it has run again")
    assert needs(api) == []
