"""Requests and approvals in the browser (tests/web/review.mjs)."""

import pytest
from harness.browser import visit
from harness.service import Service

MANY_LINES = 'i=1; while [ $i -le 10000 ]; do echo "row $i"; i=$((i+1)); done > many.txt; sed -i s/teh/the/ README.md'
OF_ALL_KINDS = ('printf "a\\0b" > picture.bin; echo "{}" > package-lock.json; '
                'printf "<script>alert(1)</script>\\342\\200\\256\\n" > text.html; sed -i s/teh/the/ README.md')


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def propose(repository, name, script, *options):
    repository.add_command(name, script, *options)
    assert repository.changeling("run", name, "--json").ok().json["outcome"] == "opened-pr"


def test_a_request_is_read_and_accepted_as_it_is_shown(sandbox, repository, service):
    propose(repository, "fixer", OF_ALL_KINDS, "--verify", "echo checked")
    visit(sandbox, service, "review.mjs", "accepting")
    assert "the typo" in repository.read("README.md")


def test_a_request_that_has_changed_meanwhile_is_not_merged(sandbox, repository, service):
    propose(repository, "fixer", OF_ALL_KINDS)
    branch = repository.pull_requests()[0]["branch"]
    before = repository.head("main")
    other = repository.git("commit-tree", f"{branch}^{{tree}}", "-p", branch, "-m", "more").strip()
    visit(sandbox, service, "review.mjs", "moved_head", branch=branch, other=other, repository=str(repository.path))
    assert repository.head("main") == before


def test_a_request_is_rejected_with_a_reason(sandbox, repository, service):
    propose(repository, "fixer", OF_ALL_KINDS)
    visit(sandbox, service, "review.mjs", "rejecting")
    assert repository.pull_requests() == [] or repository.pull_requests()[0]["state"] == "closed"


def test_comments_on_lines_are_sent_as_one_review(sandbox, repository, service):
    propose(repository, "fixer", OF_ALL_KINDS)
    visit(sandbox, service, "review.mjs", "commenting")
    shown = repository.changeling("review", "show", "1", "--json").ok().json
    assert [review["text"] for review in shown["reviews"]] == ["Not yet."]
    assert [thread["resolved_at"] is not None for thread in shown["threads"]] == [True, False]


def test_threads_of_others_and_of_an_earlier_version(sandbox, repository, service):
    propose(repository, "fixer", OF_ALL_KINDS)
    branch = repository.pull_requests()[0]["branch"]
    repository.git("switch", "--quiet", branch)
    other = repository.commit({"README.md": "# Example\n\nAnother sentence.\n"}, "more")
    repository.git("switch", "--quiet", "main")
    repository.git("branch", "--force", branch, f"{branch}~")
    visit(sandbox, service, "review.mjs", "threads", branch=branch, other=other, repository=str(repository.path))


def test_ten_thousand_lines_stay_quick(sandbox, repository, service):
    propose(repository, "writer", MANY_LINES)
    visit(sandbox, service, "review.mjs", "many_lines")


def test_what_waits_is_approved_by_the_digest_that_is_shown(sandbox, repository, service):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md")
    repository.add_command("other", "true")
    visit(sandbox, service, "review.mjs", "trusting")
    listed = repository.changeling("trust", "--list", "--json").ok().json["approvals"]
    assert {one["name"]: one["trusted"] for one in listed} == {"fixer": True, "other": False, "new-one": False}
