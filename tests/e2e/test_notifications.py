"""Notifications: what goes out to whom, over real SMTP and HTTP, and what becomes of it when nobody takes it."""

import json

import pytest

from harness.http_sink import HttpSink
from harness.mail_server import MailServer


@pytest.fixture
def sink(sandbox):
    server = HttpSink()
    sandbox.environment["no_proxy"] = "127.0.0.1"
    yield server
    server.stop()


@pytest.fixture
def mail(sandbox):
    server = MailServer().start()
    yield server
    server.stop()


def configure(repository, **settings):
    for key, value in settings.items():
        repository.changeling("config", "set", f"changeling.{key}", value).ok()


def notices(repository):
    return repository.changeling("notify", "list", "--json").ok().json


def make_due(repository):
    """Time passes: whatever waits is to be sent now."""
    file, = repository.sandbox.home.glob(".local/state/git-changeling/notices/*.json")
    book = json.loads(file.read_text())
    for notice in book["waiting"]:
        for delivery in notice["open"]:
            delivery["next_try"] = "2026-01-01T00:00:00.000Z"
    file.write_text(json.dumps(book))


def wait_for(repository, values, count, what):
    repository.sandbox.wait_until(lambda: len(values) >= count, what)
    return values


def failing(repository, name="a"):
    repository.add_command(name, "echo broken >&2; exit 3")
    return repository.changeling("run", name)


def test_a_failed_run_is_told_to_slack_with_a_link_to_its_page(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/services/T0/B0/secret", serveUrl="https://changeling.example.org/")
    assert failing(repository).code == 1
    (path, headers, body), = wait_for(repository, sink.requests, 1, "the notification")
    run, = repository.runs()
    assert path == "/services/T0/B0/secret"
    message = json.loads(body)
    assert message["text"] == "project: a failed"
    link = message["blocks"][-1]["text"]["text"]
    assert link == f"<https://changeling.example.org/#/run/{run['id']}|Open>"
    assert "actions" not in [block["type"] for block in message["blocks"]]


def test_a_secret_address_is_not_shown(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/services/T0/B0/hidden-word")
    for answer in (repository.changeling("config", "list"), repository.changeling("config", "list", "--json"),
                   repository.changeling("notify", "list"), repository.changeling("notify", "list", "--json")):
        assert "hidden-word" not in answer.ok().out
    sink.status = 404
    refused = repository.changeling("notify", "test", "slack")
    assert refused.code == 1 and "answered 404" in refused.out and "hidden-word" not in refused.out + refused.err


def test_mail_arrives_whole(repository, mail):
    configure(repository, notifyMail="me@example.org", notifyMailServer=f"smtp://127.0.0.1:{mail.port}",
              notifyMailFrom="robot@example.org")
    repository.changeling("config", "set", "--add", "changeling.notifyMail", "boss@example.org").ok()
    repository.add_command("a", "printf 'grün\\r\\nBcc: all@example.org\\r\\n\\r\\n.\\r\\n' >&2; exit 3")
    assert repository.changeling("run", "a").code == 1
    message, = wait_for(repository, mail.messages, 1, "the mail")
    assert mail.envelopes == [("robot@example.org", ["me@example.org", "boss@example.org"])]
    assert message["Subject"] == "project: a failed"
    assert message["To"] == "me@example.org, boss@example.org"
    assert message["Bcc"] is None and message["Auto-Submitted"] == "auto-generated"
    text = message.get_content()
    run, = repository.runs()
    assert text.startswith("The agent or a step of the run failed.")
    assert f"git changeling runs show {run['id']}" in text


def test_mail_asks_git_for_its_password(sandbox, repository):
    server = MailServer(user="me@example.org", password="geheim").start()
    sandbox.at_close(server.stop)
    address = f"smtp://me%40example.org@127.0.0.1:{server.port}"
    configure(repository, notifyMail="me@example.org", notifyMailServer=address)
    unknown = repository.changeling("notify", "test")
    assert unknown.code == 1 and "git credential approve" in unknown.out
    helper = f"!f() {{ test \"$1\" = get && echo password=geheim; }}; f"
    repository.git("config", "credential.helper", helper)
    assert repository.changeling("notify", "test", "mail").ok().out == "mail: delivered\n"
    assert server.messages[0]["Subject"] == "project: a test of notifications"
    repository.git("config", "credential.helper", helper.replace("geheim", "falsch"))
    wrong = repository.changeling("notify", "test", "mail")
    assert wrong.code == 1 and "falsch" not in wrong.out + wrong.err
    repository.changeling("config", "set", "changeling.notifyMailServer", "smtp://me:geheim@host").expect(129)


def test_ntfy_and_a_command_get_it(repository, sink):
    seen = repository.sandbox.root / "seen"
    configure(repository, notifyNtfy=f"{sink.url}/topic", notifyCommand=f"cat > '{seen}'")
    repository.add_command("a", "echo more >> README.md")
    repository.changeling("run", "a").ok()
    (path, headers, body), = wait_for(repository, sink.requests, 1, "the notification")
    assert (path, headers["Title"], headers["Priority"]) == ("/topic", "project: a opened-pr", "default")
    assert "git changeling review show 1" in body
    repository.sandbox.wait_until(lambda: seen.exists() and seen.read_text().endswith("\n"), "the command")
    told = json.loads(seen.read_text())
    assert (told["kind"], told["subject"], told["repository"], told["urgent"]) == ("opened-pr", "a", "project", False)


def test_the_desktop_is_told_where_there_is_one(repository):
    seen = repository.sandbox.root / "seen"
    configure(repository, notifyDesktop="true")
    assert repository.changeling("notify", "test", "desktop").ok().out == "desktop: delivered\n"
    repository.sandbox.fake_program("notify-send", f"printf '%s\\n' \"$@\" > '{seen}'")
    repository.changeling("notify", "test", "desktop", env={"DISPLAY": ":7"}).ok()
    assert "project: a test of notifications" in seen.read_text().splitlines()


def test_only_what_asks_for_a_person_is_told_unless_they_say_otherwise(repository, sink):
    configure(repository, notifyNtfy=f"{sink.url}/topic")
    repository.add_command("quiet", "true")
    repository.changeling("run", "quiet").ok()
    assert notices(repository)["waiting"] == []
    configure(repository, notifyOn="no-changes")
    repository.changeling("run", "quiet").ok()
    wait_for(repository, sink.requests, 1, "the notification")
    assert failing(repository).code == 1
    assert notices(repository)["waiting"] == [] and len(sink.requests) == 1
    wrong = repository.changeling("config", "set", "changeling.notifyOn", "faild")
    assert wrong.code == 129 and "failed" in wrong.err


def test_a_fourth_failure_within_an_hour_waits_for_the_digest(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/hook", cooldown="0s")
    repository.add_command("a", "exit 3")
    for count in range(5):
        assert repository.changeling("run", "a").code == 1
        wait_for(repository, sink.requests, min(count + 1, 3), "a notification")
    waiting, = notices(repository)["waiting"]
    assert waiting["gathered"] == {"a": 2}
    assert len(sink.requests) == 3
    make_due(repository)
    repository.changeling("tick").ok()
    wait_for(repository, sink.requests, 4, "the digest")
    assert json.loads(sink.requests[3][2])["text"] == "project: 2 more times failed within an hour"
    repository.sandbox.wait_until(lambda: notices(repository)["waiting"] == [], "the end of the delivery")


def test_what_nobody_takes_fails_no_run_is_told_and_is_tried_again(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/hook")
    sink.status = 503
    repository.add_command("a", "echo more >> README.md")
    done = repository.changeling("run", "a").ok()
    assert "503" not in done.err

    def tries():
        return [delivery["tries"] for notice in notices(repository)["waiting"] for delivery in notice["deliveries"]]
    repository.sandbox.wait_until(lambda: tries() == [1], "the first try")
    status = repository.changeling("status", "--json").ok().json
    assert status["notification_problems"] == [
        f"notifications do not arrive through slack: {sink.url.removeprefix('http://')} answered 503: ok"]
    assert "answered 503" in repository.changeling("status").ok().out
    failed = failing(repository, "b")
    assert "notifications do not arrive through slack" in failed.err
    repository.sandbox.wait_until(lambda: tries() == [1, 1], "the first try of the second notice")
    sink.status = 200
    make_due(repository)
    repository.changeling("tick").ok()
    repository.sandbox.wait_until(lambda: notices(repository)["waiting"] == [], "both deliveries")
    assert repository.changeling("status", "--json").ok().json["notification_problems"] == []


def test_a_schedule_that_is_held_back_is_told_once(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/hook")
    repository.changeling("add", "night", "--run", "true", "--schedule", "0 3 * * *", "--timezone", "UTC").ok()
    repository.changeling("config", "set", "changeling.dailyBudget", "0").ok()
    for _ in range(2):
        repository.changeling("tick", "--now", "2036-11-21T08:00:00Z").ok()
    (_, _, body), = wait_for(repository, sink.requests, 1, "the notification")
    assert json.loads(body)["text"] == "project: night did not start"
    repository.sandbox.wait_until(lambda: notices(repository)["waiting"] == [], "the end of the delivery")
    assert len(sink.requests) == 1


def test_a_time_that_passed_while_nobody_looked_is_told_once(repository, sink):
    """The last look was on Friday evening; the schedule's time was at night, and is not made up for."""
    configure(repository, notifySlack=f"{sink.url}/hook")
    repository.changeling("add", "night", "--run", "true", "--schedule", "0 3 * * *", "--timezone", "UTC",
                          "--catch-up", "none").ok()
    look = repository.sandbox.home / ".local/state/git-changeling/last-tick"
    repository.changeling("tick").ok()
    assert look.exists(), sorted(look.parent.iterdir())
    later = "2036-11-21T08:00:00Z"
    said = repository.changeling("tick", "--now", later).ok().out
    assert "night for Fri 21 Nov 03:00: missed: nobody looked at schedules then" in said
    (_, _, body), = wait_for(repository, sink.requests, 1, "the notification")
    message = json.loads(body)
    assert message["text"] == "project: night did not start"
    assert "2036-11-21T03:00:00.000Z: nobody looked at schedules then" in message["blocks"][1]["text"]["text"]
    event = repository.events()[-1]
    assert (event["event"], event["scheduled_for"]) == ("trigger:skipped", "2036-11-21T03:00:00.000Z")
    assert repository.changeling("tick", "--now", later).ok().out == ""


def test_inside_a_run_nobody_is_told_anything(repository, sink):
    configure(repository, notifySlack=f"{sink.url}/hook")
    refused = repository.changeling("notify", "test", env={"CHANGELING_RUN": "r1"})
    assert refused.code == 128 and sink.requests == []


def test_a_channel_that_is_off_or_unknown_says_what_to_type(repository):
    off = repository.changeling("notify", "test", "slack")
    assert off.code == 128 and "changeling.notifySlack" in off.err
    unknown = repository.changeling("notify", "test", "slak")
    assert unknown.code == 128 and "did you mean slack?" in unknown.err
    nothing = repository.changeling("notify", "test")
    assert nothing.code == 128 and "no channel is switched on" in nothing.err
    for key, value in (("notifySlack", "http://example.org/x"), ("notifyMail", "me"), ("notifyMailServer", "host")):
        assert repository.changeling("config", "set", f"changeling.{key}", value).code == 129


def test_a_clone_cannot_say_where_anything_goes(repository, sink):
    repository.commit({".gitconfig": f"[changeling]\n\tnotifySlack = {sink.url}/x\n",
                       ".changelings.toml": f'[changelings.a]\nrun = "true"\nnotify = "{sink.url}"\n'}, "hostile")
    channels = notices(repository)["channels"]
    assert [channel["name"] for channel in channels if channel["on"]] == []
