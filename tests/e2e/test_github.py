"""`git changeling run` with pull requests on GitHub: the real program, real git, and a server that validates every
request with GitHub's own OpenAPI description."""

import itertools
import os

import pytest

from github_server import GitHubRepository, github_server  # noqa: F401 (a fixture)

_numbers = itertools.count(1)


def on_github(sandbox, server, name="project"):
    """A repository whose `origin` is on GitHub as far as git's configuration tells; the server knows it as `.github`."""
    repository = sandbox.repository(files={"README.md": "# Example\n\nIt has teh typo.\n"}, remote="bare", name=name)
    repository.github = GitHubRepository(server, f"run-{os.getpid()}-{next(_numbers)}", repository.remote.path)
    repository.git("remote", "set-url", "origin", repository.github.clone_url)
    repository.git("config", f"url.{repository.remote.path}.insteadOf", repository.github.clone_url)
    repository.git("config", "changeling.apiUrl", server.url)
    sandbox.environment["GITHUB_TOKEN"] = server.token
    repository.changeling("init").ok()
    return repository


@pytest.fixture
def project(sandbox, github_server):  # noqa: F811
    """At the end no request may have broken GitHub's description, and the token may be nowhere."""
    repository = on_github(sandbox, github_server)
    yield repository
    repository.github.check_no_violations()
    check_token_is_nowhere(sandbox, repository, github_server.token)


def check_token_is_nowhere(sandbox, repository, token):
    found = [path for path in sandbox.root.rglob("*")
             if path.is_file() and not path.is_symlink() and token.encode() in path.read_bytes()]
    assert not found, f"the token is in {found}"
    # Objects are compressed: look into every one of them.
    objects = repository.git("cat-file", "--batch-all-objects", "--batch", "--buffer")
    assert token not in objects


def run(repository, name="fixer"):
    return repository.changeling("run", name, "--json")


def add_fixer(repository, *options):
    repository.add_command("fixer", "sed -i s/teh/the/ README.md; echo Corrected one word.", *options)


def test_a_pull_request_is_opened_with_everything(project):
    add_fixer(project, "--verify", "echo all 12 checks are fine", "--label", "typo", "--label", "automatic",
              "--reviewer", "ada", "--draft")
    record = run(project).ok().json
    assert record["outcome"] == "opened-pr"
    pull, = project.github.pulls()
    assert record["pull_request"] == {"number": pull["number"], "url": pull["html_url"], "state": "open"}
    assert pull["head"]["ref"] == record["branch"] and record["branch"].startswith("changelings/fixer/")
    assert pull["head"]["sha"] == record["head"] == project.remote.head(record["branch"])
    assert pull["base"]["ref"] == "main"
    assert pull["draft"] is True
    assert sorted(label["name"] for label in pull["labels"]) == ["automatic", "typo"]
    assert [user["login"] for user in pull["requested_reviewers"]] == ["ada"]
    body = pull["body"]
    assert "Corrected one word." in body and "echo all 12 checks are fine" in body
    assert f"changeling=fixer run={record['id']}" in body


def test_a_second_run_updates_the_same_pull_request(project):
    project.add_command("counter", "echo \"$(wc -l < README.md)\" >> README.md")
    first = run(project, "counter").ok().json
    second = run(project, "counter").ok().json
    assert (first["outcome"], second["outcome"]) == ("opened-pr", "updated-pr")
    pull, = project.github.pulls()
    assert pull["number"] == first["pull_request"]["number"] == second["pull_request"]["number"]
    assert pull["head"]["sha"] == second["head"]
    assert f"run={second['id']}" in pull["body"] and first["id"] not in pull["body"]
    assert len(project.github.asked("POST", "/pulls")) == 1


def test_what_people_write_around_the_body_stays(project):
    project.add_command("counter", "echo \"$(wc -l < README.md)\" >> README.md")
    number = run(project, "counter").ok().json["pull_request"]["number"]
    body = project.github.pulls()[0]["body"]
    status, _ = project.github.request("PATCH", f"/pulls/{number}", {"body": "Closes #7\n\n" + body + "\n\nPlease wait."})
    assert status == 200
    run(project, "counter").ok()
    body = project.github.pulls()[0]["body"]
    assert body.startswith("Closes #7") and body.rstrip().endswith("Please wait.")


def test_the_number_of_open_pull_requests_is_limited(project, sandbox):
    project.add_command("writer", f"date +%s%N > {sandbox.marks}/now; cp {sandbox.marks}/now \"file-$(cat {sandbox.marks}/now)\"",
                        "--max-open-prs", "2")
    assert [run(project, "writer").ok().json["outcome"] for _ in range(3)] == ["opened-pr", "opened-pr", "updated-pr"]
    assert len(project.github.pulls()) == 2


def test_a_change_that_was_rejected_on_github_is_not_proposed_again(project):
    add_fixer(project)
    number = run(project).ok().json["pull_request"]["number"]
    assert project.github.request("PATCH", f"/pulls/{number}", {"state": "closed"})[0] == 200
    assert run(project).ok().json["outcome"] == "no-changes"
    assert project.github.pulls() == []


def test_review_reject_closes_with_the_reason(project):
    add_fixer(project)
    number = run(project).ok().json["pull_request"]["number"]
    project.changeling("review", "reject", str(number), "--reason", "not this word").ok()
    assert project.github.pulls() == []
    comments = project.github.request("GET", f"/issues/{number}/comments")[1]
    assert [comment["body"] for comment in comments] == ["not this word"]


def test_review_list_and_show(project):
    add_fixer(project)
    record = run(project).ok().json
    pull, = project.pull_requests()
    assert (pull["number"], pull["url"]) == (record["pull_request"]["number"], record["pull_request"]["url"])
    assert (pull["changeling"], pull["branch"], pull["head"]) == ("fixer", record["branch"], record["head"])
    assert "Corrected one word." in project.changeling("review", "show", str(pull["number"])).ok().out


def test_a_pull_request_from_a_fork_is_not_continued(project):
    add_fixer(project)
    project.github.pull_from_fork("changelings/fixer/zzz", "<!-- git-changeling: changeling=fixer run=zzz -->")
    record = run(project).ok().json
    assert record["outcome"] == "opened-pr"
    assert [pull["title"] for pull in project.github.pulls()][0] == "Looks like ours"
    assert len(project.github.pulls()) == 2


def test_a_failed_verification_opens_nothing(project):
    add_fixer(project, "--verify", "false")
    assert run(project).expect(1).json["outcome"] == "verification-failed"
    assert project.github.pulls() == []
    assert project.remote.branches("refs/heads/changelings") == []


def test_a_failed_verification_opens_a_draft_when_asked_for(project):
    add_fixer(project, "--verify", "false", "--draft-on-failure")
    assert run(project).expect(1).json["outcome"] == "verification-failed"
    assert project.github.pulls()[0]["draft"] is True


@pytest.mark.parametrize("fault", [
    {"status": 403, "headers": {"retry-after": "1"}, "body": {"message": "secondary rate limit"}},
    {"status": 502},
    {"kind": "reset"},
    {"kind": "reset-after"},
    {"kind": "answer-after", "status": 504},
], ids=["rate limit", "bad gateway", "reset", "reset after it took effect", "gateway timeout after it took effect"])
def test_trouble_on_the_way_opens_exactly_one(project, fault):
    add_fixer(project)
    project.github.fault("POST", "/pulls$", **fault)
    assert run(project).ok().json["outcome"] == "opened-pr"
    assert len(project.github.pulls()) == 1


def test_a_refused_label_is_told_but_does_not_fail_the_run(project):
    add_fixer(project, "--label", "typo")
    project.github.fault("POST", "/issues/.*/labels", status=403, body={"message": "Resource not accessible"})
    result = run(project).ok()
    assert result.json["outcome"] == "opened-pr"
    assert "typo" in result.err


def test_a_token_that_is_not_accepted(project, sandbox):
    add_fixer(project)
    sandbox.environment["GITHUB_TOKEN"] = "ghp_expiredexpiredexpiredexpired12345"
    result = run(project)
    assert result.code in (1, 128)
    assert "does not accept the token from GITHUB_TOKEN" in result.err + result.out
    assert "ghp_expired" not in result.err + result.out
    assert project.github.pulls() == []


def test_a_refusal_that_stays_keeps_the_work(project):
    """A token that may push but not open pull requests: the work waits, and goes out when the token is mended."""
    add_fixer(project)
    project.github.fault("POST", "/pulls$", status=403, body={"message": "Resource not accessible by integration"})
    result = run(project)
    assert result.code != 0
    record = project.runs()[0]
    assert record["outcome"] == "failed" and "may not open a pull request" in record["error"]
    assert project.show(record["branch"], "README.md") == "# Example\n\nIt has the typo.\n"
    assert "waits in the outbox" in run(project).expect(1).err
    project.changeling("sync").ok()
    assert project.runs()[0]["outcome"] == "opened-pr"
    assert len(project.github.pulls()) == 1


def test_the_agent_does_not_see_the_token(project, sandbox, github_server):  # noqa: F811
    project.add_command("curious", f"env > {sandbox.marks}/seen; echo more >> README.md")
    run(project, "curious").ok()
    seen = (sandbox.marks / "seen").read_text()
    assert github_server.token not in seen and "GITHUB_TOKEN" not in seen


def test_the_token_of_gh(project, sandbox, github_server):  # noqa: F811
    del sandbox.environment["GITHUB_TOKEN"]
    sandbox.fake_program("gh", "test \"$*\" = 'auth token --hostname github.com' && printenv TOKEN_FOR_GH\n")
    sandbox.environment["TOKEN_FOR_GH"] = github_server.token
    add_fixer(project)
    assert run(project).ok().json["outcome"] == "opened-pr"
    assert len(project.github.pulls()) == 1


def test_the_token_of_a_credential_helper(project, sandbox, github_server):  # noqa: F811
    del sandbox.environment["GITHUB_TOKEN"]
    sandbox.fake_program("gh", "exit 1\n")
    sandbox.environment["TOKEN_FOR_GIT"] = github_server.token
    project.git("config", "credential.helper", "!f() { echo username=me; echo \"password=$TOKEN_FOR_GIT\"; }; f")
    add_fixer(project)
    assert run(project).ok().json["outcome"] == "opened-pr"
    assert len(project.github.pulls()) == 1


def test_without_a_token_pull_requests_stay_local(project, sandbox):
    del sandbox.environment["GITHUB_TOKEN"]
    add_fixer(project)
    result = run(project).ok()
    assert result.json["pull_request"]["url"] == "local:1"
    assert "no token for github.com was found" in result.err
    assert project.github.journal() == []


def test_without_a_token_but_github_demanded(project, sandbox):
    del sandbox.environment["GITHUB_TOKEN"]
    project.git("config", "changeling.forge", "github")
    add_fixer(project)
    result = run(project).expect(128)
    assert "no token for github.com was found" in result.err and "gh auth login" in result.err
    assert project.runs() == []
    # Whoever only looks sees all that is here, and is told.
    for words in (("status",), ("runs", "list"), ("list",), ("report", "--since", "1d"), ("plan",)):
        looked = project.changeling(*words).ok()
        assert "Refused" not in looked.err and "fatal" not in looked.err
    assert "no token for github.com was found" in project.changeling("status").ok().err


def test_the_local_forge_demanded(project):
    project.git("config", "changeling.forge", "local")
    add_fixer(project)
    assert run(project).ok().json["pull_request"]["url"] == "local:1"
    assert project.github.journal() == []


def test_a_report_becomes_an_issue(project):
    project.add_command("auditor", "echo '# Findings'; echo; echo Nothing is wrong.", "--output", "issue", "--label", "audit")
    assert run(project, "auditor").ok().json["outcome"] == "reported"
    status, issues = project.github.request("GET", "/issues?state=open")
    assert status == 200 and len(issues) == 1
    assert [label["name"] for label in issues[0]["labels"]] == ["audit"]


def test_interrupted_while_github_asks_for_patience(project, sandbox):
    add_fixer(project)
    project.github.fault("POST", "/pulls$", status=403, headers={"retry-after": "60"},
                         body={"message": "You have exceeded a secondary rate limit"})
    program = project.start("run", "fixer", "--json")
    sandbox.wait_until(lambda: project.github.asked("POST", "/pulls"), "the pull request is asked for")
    program.interrupt()
    assert program.finish(patience=20).expect(1).json["outcome"] == "killed"
    assert "waits in the outbox" in run(project).expect(1).err
    project.changeling("sync").ok()
    assert project.runs()[0]["outcome"] == "opened-pr"
    assert len(project.github.pulls()) == 1


def test_killed_while_the_pull_request_is_being_opened(project, sandbox):
    """GitHub has it, but its answer never arrives at the program."""
    add_fixer(project)
    project.github.fault("POST", "/pulls$", kind="answer-after", status=201, delay_ms=60_000)
    program = project.start("run", "fixer")
    sandbox.wait_until(lambda: project.github.pulls(), "the server has the pull request")
    program.kill()
    program.finish().expect(-9)
    record = run(project).ok().json
    assert record["outcome"] in ("opened-pr", "updated-pr", "no-changes")
    assert len(project.github.pulls()) == 1
    assert len(project.github.asked("POST", "/pulls")) == 1


def test_every_step_survives_a_kill(sandbox, github_server):  # noqa: F811
    """As test_crash.py does it, with the forge on the other side of a network."""
    trace, mark = {"CHANGELING_TRACE": "1"}, "trace: step "
    whole = on_github(sandbox, github_server, name="whole")
    add_fixer(whole)
    steps = [line[len(mark):].strip() for line in whole.changeling("run", "fixer", env=trace).ok().err.splitlines()
             if line.startswith(mark)]
    assert len(steps) >= 6, steps
    for step in steps:
        project = on_github(sandbox, github_server, name=f"kill-{step}")
        add_fixer(project)
        program = project.start("run", "fixer", env=trace)
        program.wait_for_line(mark + step)
        program.kill()
        # On a busy machine the last steps are over before the kill arrives.
        assert program.finish().code in (-9, 0), step
        sandbox.wait_until(lambda: sandbox.agent_processes() == [], f"{step}: the agent dies with the program")
        again = run(project)
        assert again.code == 0, (step, again)
        pull, = project.github.pulls()
        assert pull["head"]["sha"] == project.remote.head(pull["head"]["ref"]), step
        assert project.remote.show(pull["head"]["ref"], "README.md") == "# Example\n\nIt has the typo.\n", step
        project.github.check_no_violations()
