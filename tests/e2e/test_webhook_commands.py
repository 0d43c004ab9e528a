"""`git changeling webhook`: what is on the reference and what is not, trust, trials, and bad input."""

import json
import stat

import pytest
from harness import deliveries

ISSUE = {"action": "opened", "issue": {"number": 5, "title": "It breaks", "body": "Always.", "state": "open"},
         "repository": {"full_name": "acme/widget"}, "sender": {"id": 12, "login": "ada"}}


@pytest.fixture
def repository(sandbox):
    repository = sandbox.repository()
    repository.changeling("init").ok()
    return repository


def add(repository, name="triage", *options, source="github"):
    target = () if "--for" in options else ("--task", "Look at {title}")
    return repository.changeling("webhook", "add", name, "--source", source, *target, *options, "--json")


def test_the_secret_is_the_owners_alone_and_on_no_reference(sandbox, repository):
    secret = add(repository).ok().json["secret"]
    assert len(secret) == 43
    files = [path for path in sandbox.root.rglob("triage.json") if secret in path.read_text()]
    assert len(files) == 1 and stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert secret not in repository.git("cat-file", "--batch-all-objects", "--batch", "--buffer")
    assert repository.changeling("webhook", "secret", "triage", "--show").ok().out == secret + "\n"
    shown = repository.changeling("webhook", "show", "triage", "--json").ok().json
    assert (shown["trusted"], shown["secrets"], shown["path"]) == (True, 1, "/hooks/triage")
    assert secret not in json.dumps(shown)


def test_a_secret_is_changed_in_two_steps(repository):
    first = add(repository).ok().json["secret"]
    second = repository.changeling("webhook", "secret", "triage", "--rotate", "--json").ok().json
    assert second["secrets"] == 2 and second["secret"] != first
    assert repository.changeling("webhook", "secret", "triage", "--finish", "--json").ok().json["secrets"] == 1
    assert repository.changeling("webhook", "secret", "triage", "--show").out.strip() == second["secret"]


def test_a_secret_of_the_source_is_read_from_a_file(sandbox, repository):
    file = sandbox.write("signing-secret", "8f742231b10e8888abcd99yyyzzz85a5\n")
    assert add(repository, "chat", "--secret-file", str(file), source="slack").ok().json["secret"] is None
    short = sandbox.write("short", "abc\n")
    refused = repository.changeling("webhook", "secret", "chat", "--file", str(short))
    assert refused.code == 129 and "less than 16 letters" in refused.err


def test_removing_takes_record_secret_and_trust(sandbox, repository):
    add(repository).ok()
    repository.changeling("webhook", "remove", "triage").ok()
    assert repository.changeling("webhook", "list", "--json").ok().json["webhooks"] == []
    assert not [path for path in sandbox.root.rglob("triage.json")]


def test_a_webhook_is_made_from_a_file(sandbox, repository):
    file = sandbox.write("hook.json", json.dumps({"source": "generic", "task": "Build {/build/id} failed",
                                                  "conditions": {"/build/status": "failed"}, "role": "builder"}))
    made = repository.changeling("webhook", "add", "builds", "--file", str(file), "--json").ok().json
    assert (made["source"], made["role"], made["conditions"]) == ("generic", "builder", {"/build/status": "failed"})
    file = sandbox.write("half.json", json.dumps({"conditions": {"/a": "b"}}))
    made = repository.changeling("webhook", "add", "half", "--source", "generic", "--task", "x", "--file", str(file),
                                 "--json").ok().json
    assert (made["task"], made["conditions"]) == ("x", {"/a": "b"})
    file = sandbox.write("wrong.json", json.dumps({"source": "generic", "taks": "x"}))
    refused = repository.changeling("webhook", "add", "other", "--file", str(file))
    assert refused.code == 128 and "taks" in refused.err and "task" in refused.err


def test_a_trial_tells_what_would_happen(sandbox, repository):
    secret = add(repository, "triage", "--event", "issues.opened").ok().json["secret"]
    headers, body = deliveries.github(secret, ISSUE)
    message = "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n" + body.decode()
    trial = repository.changeling("webhook", "test", "triage", str(sandbox.write("message", message)), "--json").ok().json
    assert (trial["event"], trial["signature"], trial["title"]) == ("issues.opened", "right", "Look at It breaks")
    assert trial["values"]["actor"] == "ada" and "Always." in trial["description"]
    bare = sandbox.write("body.json", json.dumps(ISSUE, indent=1))
    trial = repository.changeling("webhook", "test", "triage", str(bare), "--event", "issues.closed", "--json")
    assert trial.code == 1 and trial.json["ignored"] == "the event is issues.closed"
    assert trial.json["signature"] == "not given"
    assert repository.tasks() == [] and not repository.changeling("webhook", "deliveries", "--json").json["deliveries"]


@pytest.mark.parametrize("options, said", [
    (("--source", "gihub", "--task", "x"), "github"),
    (("--source", "github"), "--for NAME"),
    (("--source", "github", "--for", "nobody"), "nobody"),
    (("--source", "github", "--task", "{titel}"), "title"),
    (("--source", "github", "--task", "x", "--map", "title"), "--map"),
    (("--source", "github", "--task", "x", "--map", "title=issue"), "JSON pointer"),
    (("--source", "github", "--task", "x", "--when", "label"), "--when"),
    (("--task", "x"), "--source"),
])
def test_bad_input_says_what_to_type(repository, options, said):
    refused = repository.changeling("webhook", "add", "triage", *options)
    assert refused.code in (128, 129) and said in refused.err
    assert repository.changeling("webhook", "list", "--json").json["webhooks"] == []


def test_the_nearest_webhook_is_named(repository):
    add(repository).ok()
    assert "did you mean 'triage'?" in repository.changeling("webhook", "show", "triag").err
    assert "already" in add(repository).err


def test_a_webhook_of_another_machine_is_not_trusted(sandbox):
    first = sandbox.repository(name="first", remote="bare")
    first.changeling("init").ok()
    add(first).ok()
    first.changeling("sync").ok()
    second = sandbox.clone(first.remote, name="second")
    second.changeling("init").ok()
    second.changeling("sync").ok()
    shown, = second.changeling("webhook", "list", "--json").ok().json["webhooks"]
    assert (shown["trusted"], shown["secrets"]) == (False, 0)
    second.changeling("trust", "webhook:triage", "--yes").ok()
    assert second.changeling("webhook", "show", "triage", "--json").json["trusted"]
    first.changeling("webhook", "add", "triage", "--update", "--task", "Do what {text} says").ok()
    first.changeling("sync").ok()
    second.changeling("sync").ok()
    assert not second.changeling("webhook", "show", "triage", "--json").json["trusted"]
