"""The events of a repository over a WebSocket: each once, in order, also after a connection was lost."""

import pytest
from harness.service import Service
from harness.websocket import WebSocket


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


@pytest.fixture
def listen(service):
    """Connects as the owner's script does."""
    opened = []

    def connect(after=None, headers=None, to=None):
        query = "" if after is None else f"?after={after}"
        to = to or service
        opened.append(WebSocket(to, f"/api/v1/events{query}",
                                {"Authorization": f"Bearer {to.token}"} if headers is None else headers))
        return opened[-1]
    yield connect
    for client in opened:
        client.end()


def numbers(repository):
    return [event["seq"] for event in repository.events()]


def add_tasks(repository, count):
    for number in range(count):
        repository.add_task(f"Task {number}")


def test_what_was_missed_and_what_comes_arrive_once_and_in_order(repository, listen):
    add_tasks(repository, 3)
    client = listen(after=1)
    assert client.status == 101
    known = numbers(repository)
    assert [client.event()["seq"] for _ in known[1:]] == known[1:]
    add_tasks(repository, 2)
    new = numbers(repository)[len(known):]
    got = [client.event() for _ in new]
    assert [event["seq"] for event in got] == new
    assert got == repository.events()[len(known):]


def test_a_client_that_comes_again_gets_exactly_what_it_missed_also_from_the_next_server(sandbox, repository, service,
                                                                                      listen):
    add_tasks(repository, 1)
    client = listen(after=0)
    last = [client.event()["seq"] for _ in numbers(repository)][-1]
    service.process.kill()
    assert client.close_code() is None
    service.process.finish()
    add_tasks(repository, 2)
    again = listen(after=last, to=Service(sandbox, repository.path))
    missed = [number for number in numbers(repository) if number > last]
    assert missed and [again.event()["seq"] for _ in missed] == missed


def test_without_a_number_it_is_told_where_it_begins_and_misses_nothing_from_there(repository, listen):
    add_tasks(repository, 2)
    last = numbers(repository)[-1]
    client = listen()
    assert client.event() == {"event": "begin", "seq": last}
    add_tasks(repository, 1)
    new = [number for number in numbers(repository) if number > last]
    assert new and [client.event()["seq"] for _ in new] == new


@pytest.mark.parametrize("change", ["ahead", "gone"])
def test_what_is_gone_is_told(repository, listen, change):
    add_tasks(repository, 3)
    log = repository.common_directory() / "changelings/events.jsonl"
    last = numbers(repository)[-1]
    if change == "gone":
        lines = log.read_text().splitlines(keepends=True)
        log.write_text("".join(lines[2:]))
        client = listen(after=1)
    else:
        client = listen(after=last + 5)
    assert client.event() == {"event": "reset", "seq": last}
    add_tasks(repository, 1)
    assert client.event()["seq"] == last + 1


@pytest.mark.parametrize("headers, expected", [
    ({}, 401),
    ({"Authorization": "Bearer nonsense"}, 401),
    ({"Origin": "http://evil.example", "Authorization": "TOKEN"}, 403),
], ids=str)
def test_nobody_listens_without_a_login(service, listen, headers, expected):
    headers = {name: value.replace("TOKEN", f"Bearer {service.token}") for name, value in headers.items()}
    assert listen(headers=headers).status == expected


def test_a_number_that_is_none_is_refused(service):
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert service.get("/api/v1/events?after=x", **upgrade).status == 400


def test_a_session_that_is_ended_is_told_to_log_in_again(service, listen):
    invited = service.write("POST", "/api/v1/sessions", {"role": "viewer"}).json()
    answer = service.ask("POST", "/login", {"X-Changeling": "1", "Content-Type": "application/json"},
                         {"code": invited["code"]})
    client = listen(headers={"Cookie": answer.headers["set-cookie"].partition(";")[0]})
    assert client.status == 101
    service.write("DELETE", f"/api/v1/sessions/{answer.json()['session']}", {})
    assert client.close_code() == 4401


def test_the_end_of_the_server_is_told(service, listen):
    client = listen()
    assert client.status == 101
    service.stop().ok()
    assert client.close_code() == 1001


def test_a_client_that_does_not_read_is_cut_and_takes_no_memory(sandbox, repository, service, listen):
    """The kernel takes some megabytes for it, the server one."""
    add_tasks(repository, 1)
    deaf = listen()
    hearing = listen(after=0)
    for _ in numbers(repository):
        hearing.event()
    log = repository.common_directory() / "changelings/events.jsonl"
    number = numbers(repository)[-1]
    before = service.memory_kilobytes()
    for _ in range(16):
        with log.open("a") as stream:
            for _ in range(10):
                number += 1
                stream.write(f'{{"seq":{number},"time":"2026-11-30T08:00:00.000Z","event":"x","text":"{"x" * 100_000}"}}\n')
        while hearing.event()["seq"] < number:
            pass
    got = 0
    while deaf.message():
        got += 1
    assert got < 160
    assert service.memory_kilobytes() - before < 8192
