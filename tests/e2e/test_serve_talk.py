"""What a client of the events says: it follows runs, speaks to them and stops them, also over another server."""

import json

import pytest
from harness.service import Service
from harness.websocket import TEXT, WebSocket

LINES = '[agents.command]\ninput = "lines"\n'
TALKER = 'echo ready; while read -r line; do echo "heard $line"; if [ "$line" = bye ]; then exit 0; fi; done'


class Client:
    """Sends messages with ids of its own, and sorts what comes."""

    def __init__(self, service, headers=None):
        self.socket = WebSocket(service, "/api/v1/events",
                                headers or {"Authorization": f"Bearer {service.token}"})
        assert self.socket.status == 101
        self.output, self.after, self.number = "", 0, 0

    def next(self):
        message = self.socket.event()
        if message.get("event") == "run.output":
            assert message["offset"] == self.after
            self.after = message["after"]
            self.output += message["text"]
        return message

    def ask(self, command, about):
        self.number += 1
        self.say({"id": self.number, command: about})
        while (message := self.next()).get("id") != self.number:
            pass
        return message

    def say(self, message):
        self.socket.send(TEXT, message.encode() if isinstance(message, str) else json.dumps(message).encode())

    def follow(self, run, after=0):
        self.after = after
        answer = self.ask("subscribe", {"run": run, "after": after})
        assert answer["ok"] and answer["run"] == run, answer
        return answer

    def read_until(self, words):
        while words not in self.output:
            self.next()


@pytest.fixture
def talker(repository):
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("talker", TALKER)
    repository.changeling("trust", "talker", "--yes").ok()


@pytest.fixture
def service(sandbox, repository, talker):
    return Service(sandbox, repository.path)


@pytest.fixture
def connect(service):
    opened = []

    def begin(to=None, headers=None):
        opened.append(Client(to or service, headers))
        return opened[-1]
    yield begin
    for client in opened:
        client.socket.end()


def begin_run(repository):
    return repository.changeling("run", "talker", "--detach").ok().out.strip()


def log(repository, run):
    return repository.changeling("logs", run).ok().out


def end(repository, sandbox, run):
    repository.changeling("send", run, "bye").ok()
    sandbox.wait_until(lambda: repository.changeling("runs", "show", run, "--json").ok().json["status"] == "finished",
                       "the run ends")


def test_the_output_of_a_run_comes_by_subscription_only(sandbox, repository, connect):
    silent, client = connect(), connect()
    run = begin_run(repository)
    client.follow(run)
    client.read_until("ready\n")
    assert client.ask("task.input", {"run": run, "text": "hello"}) == \
        {"id": 2, "ok": True, "run": run, "queued": False}
    client.read_until("heard hello\n")
    end(repository, sandbox, run)
    client.read_until("heard bye\n")
    while (event := silent.next())["event"] != "run:finished":
        assert event["event"] != "run.output"


def test_a_run_is_stopped_by_its_task_or_its_id(sandbox, repository, connect):
    client = connect()
    run = begin_run(repository)
    assert client.ask("task.stop", {"run": run}) == {"id": 1, "ok": True, "run": run}
    sandbox.wait_until(lambda: repository.changeling("runs", "show", run, "--json").ok().json["outcome"] == "killed",
                       "it is stopped")
    again = client.ask("task.stop", {"run": run})
    assert (again["ok"], again["kind"]) == (False, "refused") and "ended already" in again["detail"]
    task = repository.add_task("nobody works on it")["id"]
    assert client.ask("task.input", {"task": task, "text": "hello"})["detail"] == "no run works on this task"


def test_the_output_goes_on_after_the_server_was_killed_without_a_line_lost_or_twice(sandbox, repository, service,
                                                                                  connect):
    run = begin_run(repository)
    client = connect()
    client.follow(run)
    client.read_until("ready\n")
    for number in range(20):
        repository.changeling("send", run, f"before {number}").ok()
    client.read_until("heard before 3\n")
    service.process.kill()
    service.process.finish()
    for number in range(20):
        repository.changeling("send", run, f"between {number}").ok()
    other = connect(to=Service(sandbox, repository.path))
    other.output = client.output
    other.follow(run, after=client.after)
    repository.changeling("send", run, "after").ok()
    other.read_until("heard after\n")
    assert log(repository, run).startswith(other.output)
    assert [other.output.count(f"heard between {number}\n") for number in range(20)] == [1] * 20
    end(repository, sandbox, run)


def test_a_viewer_follows_and_does_nothing(sandbox, repository, service, connect):
    invited = service.write("POST", "/api/v1/sessions", {"role": "viewer"}).json()
    login = service.ask("POST", "/login", {"X-Changeling": "1", "Content-Type": "application/json"},
                        {"code": invited["code"]})
    viewer = connect(headers={"Cookie": login.headers["set-cookie"].partition(";")[0]})
    run = begin_run(repository)
    viewer.follow(run)
    viewer.read_until("ready\n")
    for command, about in (("task.input", {"run": run, "text": "hello"}), ("task.stop", {"run": run}),
                           ("chat.message", {"text": "hello"})):
        answer = viewer.ask(command, about)
        assert (answer["ok"], answer["detail"]) == (False, "you may look, and change nothing")
    assert "hello" not in log(repository, run)
    end(repository, sandbox, run)


@pytest.mark.parametrize("message, kind, words", [
    ("nonsense", "invalid", "not JSON"),
    ({"id": "a", "subscrib": {"run": "x"}}, "invalid", "subscrib"),
    ({"id": "a", "subscribe": {"run": "nobody"}}, "not_found", "nobody"),
    ({"id": "a", "subscribe": {"run": "../../etc"}}, "not_found", "called so"),
    ({"id": "a", "unsubscribe": {"run": "x"}}, "not_found", "do not follow"),
    ({"id": "a", "chat.message": {"chat": "nobody22", "text": "hi"}}, "not_found", "no chat 'nobody22'"),
    ({"id": "a", "chat.message": {"text": " "}}, "usage", "is empty"),
    ({"id": "a", "task.input": {"run": "nobody", "text": "hi"}}, "not_found", "nobody"),
], ids=str)
def test_what_cannot_be_done_is_answered_with_the_id(connect, message, kind, words):
    client = connect()
    client.say(message)
    while "ok" not in (answer := client.next()):
        pass
    assert answer["id"] == (message["id"] if isinstance(message, dict) else None)
    assert (answer["ok"], answer["kind"]) == (False, kind)
    assert words in answer["detail"]


def test_a_run_that_is_left_says_nothing_more(sandbox, repository, connect):
    client = connect()
    run = begin_run(repository)
    client.follow(run)
    client.read_until("ready\n")
    assert client.ask("unsubscribe", {"run": run})["ok"]
    seen = client.output
    client.ask("task.input", {"run": run, "text": "hello"})
    end(repository, sandbox, run)
    while client.next().get("event") != "run:finished":
        pass
    assert client.output == seen
