"""Claiming, keeping, giving back and completing tasks."""

import datetime
import os

import pytest

STATE = "refs/changelings/state"


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def expired_claim(repository, sandbox, *options):
    """Claims with the shortest lease and waits until that has run out; returns the claim."""
    claim = repository.claim("--lease", "1s", *options)
    end = moment(claim["lease"]["expires_at"])
    sandbox.wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) > end, "the lease runs out")
    return claim


def test_a_claim_gives_the_task_with_a_token(repository):
    task = repository.add_task("One", "--description", "All of it")
    claim = repository.claim("--as", "worker-1")
    assert claim["id"] == task["id"]
    assert claim["description"] == "All of it"
    assert claim["status"] == "in_flight"
    assert claim["lease"]["owner"] == "worker-1"
    assert claim["lease"]["token"] == 1
    left = moment(claim["lease"]["expires_at"]) - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=29) < left <= datetime.timedelta(minutes=30)
    assert claim["assignee"]["agent"] == "worker-1"
    assert repository.task(task["id"])["lease"] == claim["lease"]


def test_nothing_to_claim(repository):
    repository.add_task("Not ready", "--status", "inbox")
    result = repository.changeling("task", "claim").expect(1)
    assert result.out == ""
    assert "nothing to claim" in result.err
    answer = repository.changeling("task", "claim", "--role", "fixer", "--json").expect(1).json
    assert answer["claimed"] is None
    assert "fixer" in answer["reason"]


def test_text_says_how_to_go_on(repository):
    task = repository.add_task("One")
    text = repository.changeling("task", "claim").ok().err
    assert f"task complete {task['id']}\n" in text
    assert f"task release {task['id']}\n" in text
    other = repository.add_task("Two")
    text = repository.changeling("task", "claim", "--as", "somebody").ok().err
    assert f"task complete {other['id']} --token 1" in text
    assert f"task release {other['id']} --token 1" in text


def test_whoever_holds_the_claim_types_no_token(repository):
    task = repository.add_task("One")["id"]
    repository.claim()
    repository.changeling("task", "renew", task, "--lease", "1h").ok()
    repository.changeling("task", "release", task, "--reason", "later").ok()
    repository.claim("--as", "me")
    refused = repository.changeling("task", "complete", task).expect(128)
    assert "claimed by me, and this is tester@" in refused.err and "--as" in refused.err
    repository.changeling("task", "renew", task, env={"CHANGELING_WORKER": "me"}).ok()
    assert repository.changeling("task", "complete", task, "--as", "me", "--json").ok().json["status"] == "done"


def test_without_a_claim_there_is_nothing_to_complete(repository):
    task = repository.add_task("One")["id"]
    for verb in ("renew", "release", "complete"):
        assert f"git changeling task claim {task}" in repository.changeling("task", verb, task).expect(128).err


def test_a_claim_that_a_run_works_under_is_not_for_a_person_of_the_same_name(repository):
    repository.changeling("role", "add", "fixer", "--run", "sleep 600").ok()
    task = repository.add_task("One", "--role", "fixer")["id"]
    worker = repository.start("work", "--once")
    repository.sandbox.wait_until(lambda: repository.task(task)["status"] == "in_flight", "the worker claims it")
    refused = repository.changeling("task", "release", task).expect(128)
    assert "works on task" in refused.err and "git changeling stop" in refused.err
    run = repository.task(task)["assignee"]["run"]
    repository.sandbox.wait_until(lambda: repository.changeling("stop", run).code == 0, "the run can be stopped")
    worker.finish()


def test_who_claims(repository):
    for title in ("one", "two", "three"):
        repository.add_task(title)
    assert repository.claim("--as", "named")["lease"]["owner"] == "named"
    environment = {"CHANGELING_WORKER": "from-environment"}
    owner = repository.changeling("task", "claim", "--json", env=environment).ok().json["lease"]["owner"]
    assert owner == "from-environment"
    assert repository.claim()["lease"]["owner"].startswith("tester@")


def test_a_named_task_is_claimed(repository):
    repository.add_task("First", "--priority", "urgent")
    task = repository.add_task("Second")
    assert repository.claim(task["id"][:6])["id"] == task["id"]
    again = repository.changeling("task", "claim", task["id"], "--json").expect(1).json
    assert "claimed by" in again["reason"]
    inbox = repository.add_task("Third", "--status", "inbox")
    assert "inbox" in repository.changeling("task", "claim", inbox["id"]).expect(1).err


def test_a_task_that_waits_is_never_claimed(repository):
    first = repository.add_task("First", "--priority", "low")
    second = repository.add_task("Second", "--priority", "urgent", "--blocked-by", first["id"])
    assert first["id"] in repository.changeling("task", "claim", second["id"]).expect(1).err
    assert repository.claim()["id"] == first["id"]
    repository.changeling("task", "claim").expect(1)
    repository.changeling("task", "complete", first["id"], "--token", "1").ok()
    assert repository.claim()["id"] == second["id"]


def test_role_and_label_choose(repository):
    plain = repository.add_task("Plain")
    fixer = repository.add_task("For fixers", "--role", "fixer", "--label", "bug")
    writer = repository.add_task("For writers", "--role", "writer", "--priority", "urgent")
    assert repository.claim("--role", "fixer", "--label", "bug")["id"] == fixer["id"]
    assert repository.claim("--role", "fixer")["id"] == plain["id"], "a task without a role is anybody's"
    repository.changeling("task", "claim", "--role", "fixer").expect(1)
    repository.changeling("task", "claim", "--label", "bug").expect(1)
    assert repository.claim("--role", "writer")["id"] == writer["id"]


def test_lease_from_configuration_and_option(repository):
    for title in ("one", "two"):
        repository.add_task(title)
    repository.git("config", "changeling.lease", "2h")
    now = datetime.datetime.now(datetime.timezone.utc)
    configured = moment(repository.claim()["lease"]["expires_at"]) - now
    assert datetime.timedelta(minutes=119) < configured < datetime.timedelta(minutes=121)
    given = moment(repository.claim("--lease", "5m")["lease"]["expires_at"]) - now
    assert datetime.timedelta(minutes=4) < given < datetime.timedelta(minutes=6)


@pytest.mark.parametrize("lease", ["0s", "soon", "500ms"])
def test_a_lease_that_cannot_be(repository, lease):
    repository.add_task("One")
    assert "--lease" in repository.changeling("task", "claim", "--lease", lease).expect(129).err
    repository.git("config", "changeling.lease", lease)
    assert "changeling.lease" in repository.changeling("task", "claim").expect(128).err
    assert repository.tasks("--status", "in_flight") == []


def test_renew_extends_the_lease(repository):
    repository.add_task("One")
    claim = repository.claim("--lease", "1m")
    renewed = repository.changeling("task", "renew", claim["id"], "--token", "1", "--lease", "1h", "--json").ok().json
    gained = moment(renewed["lease"]["expires_at"]) - moment(claim["lease"]["expires_at"])
    assert gained > datetime.timedelta(minutes=58)
    assert renewed["lease"]["token"] == 1


def test_release_gives_it_back_with_the_reason(repository):
    repository.add_task("One")
    claim = repository.claim("--as", "worker-1")
    task = repository.changeling("task", "release", claim["id"], "--token", "1", "--reason", "too hard", "--json").ok().json
    assert task["status"] == "ready"
    assert "lease" not in task and task["assignee"] is None
    attempt, = task["attempts"]
    assert (attempt["owner"], attempt["outcome"], attempt["error"]) == ("worker-1", "released", "too hard")
    assert repository.claim()["lease"]["token"] == 2, "a token is never used again"


@pytest.mark.parametrize("verb", ["renew", "release", "complete"])
def test_a_stale_token_is_refused(repository, sandbox, verb):
    repository.add_task("One", "--accept", f"run:touch {sandbox.root}/checked")
    lost = expired_claim(repository, sandbox, "--as", "slow")
    taken = repository.claim("--as", "quick")
    assert (taken["id"], taken["lease"]["token"]) == (lost["id"], 2)
    tip = repository.head(STATE)
    error = repository.changeling("task", verb, lost["id"], "--token", "1", "--json").expect(128).error
    assert error["kind"] == "refused"
    assert "quick" in error["message"] and "token 1" in error["message"]
    assert repository.head(STATE) == tip
    assert not (sandbox.root / "checked").exists(), "a lost task is not even checked"


@pytest.mark.parametrize("verb", ["renew", "release", "complete"])
def test_a_token_of_nobody_is_refused(repository, verb):
    task = repository.add_task("One")
    repository.changeling("task", verb, task["id"], "--token", "1").expect(128)
    repository.changeling("task", verb, task["id"]).expect(129)


def test_an_expired_lease_is_taken_over_and_counted(repository, sandbox):
    repository.add_task("One")
    expired_claim(repository, sandbox, "--as", "dead")
    taken = repository.claim("--as", "alive")
    assert taken["lease"]["owner"] == "alive"
    attempt, = taken["attempts"]
    assert (attempt["owner"], attempt["outcome"]) == ("dead", "expired")


def test_late_work_that_nobody_took_over_still_counts(repository, sandbox):
    repository.add_task("One")
    claim = expired_claim(repository, sandbox)
    assert repository.changeling("task", "complete", claim["id"], "--token", "1", "--json").ok().json["status"] == "done"


def test_after_too_many_attempts_the_task_is_blocked(repository, sandbox):
    repository.git("config", "changeling.maxAttempts", "2")
    task = repository.add_task("One")
    expired_claim(repository, sandbox, "--as", "first")
    expired_claim(repository, sandbox, "--as", "second")
    repository.changeling("task", "claim").expect(1)
    blocked = repository.task(task["id"])
    assert blocked["status"] == "blocked"
    assert "2 attempts" in blocked["blocked_reason"] and "expired" in blocked["blocked_reason"]
    assert [attempt["owner"] for attempt in blocked["attempts"]] == ["first", "second"]
    assert {"event": "work:status_changed", "from": "in_flight", "to": "blocked"}.items() <= repository.events()[-1].items()
    repository.changeling("task", "unblock", task["id"]).ok()
    assert repository.claim()["lease"]["token"] == 3, "a person has forgiven the attempts"


def test_releasing_does_not_use_up_attempts(repository):
    repository.git("config", "changeling.maxAttempts", "1")
    repository.add_task("One")
    for token in (1, 2, 3):
        claim = repository.claim()
        repository.changeling("task", "release", claim["id"], "--token", str(token)).ok()


def test_blocking_takes_a_claim_away(repository):
    repository.add_task("One")
    claim = repository.claim()
    repository.changeling("task", "block", claim["id"], "--reason", "stop").ok()
    repository.changeling("task", "complete", claim["id"], "--token", "1").expect(128)


def test_a_claimed_task_is_not_removed(repository):
    repository.add_task("One")
    claim = repository.claim("--as", "worker-1")
    assert "worker-1" in repository.changeling("task", "remove", claim["id"]).expect(128).err
    assert repository.task(claim["id"])["lease"] == claim["lease"]


# Completing.

def complete(repository, claim, *options, **keywords):
    return repository.changeling("task", "complete", claim["id"], "--token", str(claim["lease"]["token"]),
                                 *options, "--json", **keywords)


def test_complete_without_criteria_is_done(repository):
    repository.add_task("One")
    task = complete(repository, repository.claim()).ok().json
    assert task["status"] == "done"
    assert "lease" not in task


def test_a_text_is_for_a_person(repository):
    repository.add_task("One", "--accept", "reads well")
    task = complete(repository, repository.claim()).ok().json
    assert task["status"] == "review"
    assert repository.changeling("task", "move", task["id"], "done", "--json").ok().json["status"] == "done"


def test_a_pull_request_waits_for_review(repository):
    repository.add_task("One")
    task = complete(repository, repository.claim(), "--artifact", "pr:12=The change").ok().json
    assert task["status"] == "review"
    artifact, = task["artifacts"]
    assert (artifact["kind"], artifact["path"], artifact["description"]) == ("pr", "12", "The change")
    assert moment(artifact["created_at"])


def test_files_must_exist(repository):
    repository.add_task("One", "--accept", "file:out/report.md")
    claim = repository.claim()
    answer = complete(repository, claim).expect(1).json
    assert answer["completed"] is False
    assert "out/report.md" in answer["unmet"][0]
    assert repository.task(claim["id"])["status"] == "in_flight"
    repository.write("out/report.md", "done\n")
    (repository.path / "deep").mkdir()
    assert complete(repository, claim, cwd=repository.path / "deep").ok().json["status"] == "done"


def test_a_file_may_be_an_artifact(repository, sandbox):
    repository.add_task("One", "--accept", "file:report.md")
    sandbox.write("artifacts/report.md", "found\n")
    environment = {"CHANGELING_ARTIFACTS": sandbox.root / "artifacts"}
    task = complete(repository, repository.claim(), "--artifact", "file:report.md=Found", env=environment).ok().json
    assert task["status"] == "done"
    assert [artifact["path"] for artifact in task["artifacts"]] == ["report.md"]


def test_an_artifact_that_is_not_there(repository):
    repository.add_task("One")
    answer = complete(repository, repository.claim(), "--artifact", "file:missing.md").expect(1).json
    assert "missing.md" in answer["unmet"][0]


def test_commands_must_succeed_in_the_work_tree(repository):
    repository.add_task("One", "--accept", "run:echo looking; test -e fixed")
    claim = repository.claim()
    (repository.path / "sub").mkdir()
    result = complete(repository, claim, cwd=repository.path / "sub").expect(1)
    assert "exit code 1" in result.json["unmet"][0] and "looking" in result.json["unmet"][0]
    assert "checking: echo looking" in result.err
    repository.write("fixed", "")
    assert complete(repository, claim, cwd=repository.path / "sub").ok().json["status"] == "done"


def test_a_command_that_does_not_end(repository, sandbox):
    repository.add_task("One", "--accept", "run:sleep 600")
    answer = complete(repository, repository.claim(), "--timeout", "1s").expect(1).json
    assert "did not end within 1s" in answer["unmet"][0]


def test_everything_unmet_is_listed(repository):
    repository.add_task("One", "--accept", "file:a", "--accept", "run:false", "--accept", "file:b", "--accept", "nice")
    claim = repository.claim()
    result = repository.changeling("task", "complete", claim["id"], "--token", "1").expect(1)
    assert [word in result.out for word in ("  - a ", "'false'", "  - b ")] == [True] * 3
    assert "task release" in result.err


@pytest.mark.parametrize("word", ["report.md", "flie:x", "file:"])
def test_what_is_no_artifact(repository, word):
    repository.add_task("One")
    claim = repository.claim()
    assert "--artifact" in complete(repository, claim, "--artifact", word).expect(129).err


def test_without_a_work_tree_files_cannot_be_checked(repository):
    repository.git("push", "--quiet", "origin", "refs/changelings/*:refs/changelings/*")
    bare = repository.remote
    bare.git("config", "user.name", "Test Person")
    bare.git("config", "user.email", "test@example.com")
    bare.add_task("One", "--accept", "file:x")
    claim = bare.claim()
    assert "work tree" in complete(bare, claim).expect(128).err


# Many at once.

def test_many_workers_get_different_tasks(repository):
    for number in range(6):
        repository.add_task(f"task {number}")
    workers = [repository.start("task", "claim", "--as", f"worker-{number}", "--json") for number in range(10)]
    results = [worker.finish() for worker in workers]
    claimed = [result.json["id"] for result in results if result.code == 0]
    assert sorted(result.code for result in results) == [0] * 6 + [1] * 4
    assert len(set(claimed)) == 6
    assert os.path.exists(repository.common_directory() / "changelings" / "index.sqlite")


def test_one_of_many_gets_a_named_task(repository):
    task = repository.add_task("One")
    workers = [repository.start("task", "claim", task["id"], "--as", f"worker-{number}") for number in range(8)]
    assert sorted(worker.finish().code for worker in workers) == [0] + [1] * 7
