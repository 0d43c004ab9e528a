"""Runs through the service: started, watched, spoken to, stopped and tried again, as the command line does it."""

import json
import pathlib
import sys

import pytest
from harness.service import Service

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "structure"))
import openapi  # noqa: E402 - the description's own rules

DESCRIPTION = json.loads((pathlib.Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
LINES = '[agents.command]\ninput = "lines"\n'
TALKER = 'echo ready; while read -r line; do echo "heard $line"; if [ "$line" = bye ]; then exit 0; fi; done'


class Api:
    """The API of a service; every answer is held against its description."""

    def __init__(self, service):
        self.service = service

    def ask(self, method, path, body=None, expect=200):
        if method == "POST" and body is None:
            body = {}
        answer = (self.service.get(f"/api/v1{path}") if method == "GET"
                  else self.service.write(method, f"/api/v1{path}", body))
        exchange = {"method": method, "path": "/api/v1" + path.partition("?")[0], "status": answer.status,
                    "content_type": answer.headers["content-type"], "headers": answer.headers,
                    "body": "" if body is None else json.dumps(body), "answer": answer.body.decode()}
        assert openapi.mistakes_of_answer(DESCRIPTION, "/api/v1", exchange, json.loads) == []
        assert answer.status == expect, answer.body
        return answer.json() if "json" in exchange["content_type"] else answer.body.decode()


@pytest.fixture
def api(sandbox, repository):
    return Api(Service(sandbox, repository.path))


@pytest.fixture
def talker(repository):
    repository.commit({".changelings.toml": LINES}, "settings")
    repository.add_command("talker", TALKER)
    repository.changeling("trust", "talker", "--yes").ok()


def wait_for_end(sandbox, api, run):
    return sandbox.wait_until(
        lambda: (record := api.ask("GET", f"/runs/{run}"))["status"] == "finished" and record, "the run ends")


def wait_for_words(sandbox, api, run, words):
    return sandbox.wait_until(lambda: words in api.ask("GET", f"/runs/{run}/log?tail=4096")["text"], words)


def test_a_run_is_started_spoken_to_and_proposed(sandbox, repository, api, talker):
    run = api.ask("POST", "/changelings/talker/runs", expect=202)["id"]
    wait_for_words(sandbox, api, run, "ready")
    assert api.ask("POST", f"/runs/{run}/messages", {"text": "hello"}, expect=202) == {"run": run, "queued": False}
    wait_for_words(sandbox, api, run, "heard hello")
    api.ask("POST", f"/runs/{run}/messages", {"text": "bye"}, expect=202)
    record = wait_for_end(sandbox, api, run)
    assert (record["outcome"], record["trigger"]) == ("no-changes", "manual")
    assert api.ask("GET", f"/runs/{run}/log/file") == repository.changeling("logs", run).ok().out
    begun = [one for one in repository.operations() if one["run"] == run]
    assert begun and all(one["session"] == "token" for one in begun)


def test_a_run_is_stopped_and_tried_again(sandbox, api, talker):
    first = api.ask("POST", "/changelings/talker/runs", expect=202)["id"]
    wait_for_words(sandbox, api, first, "ready")
    api.ask("POST", f"/runs/{first}/stop", expect=202)
    assert wait_for_end(sandbox, api, first)["outcome"] == "killed"
    second = api.ask("POST", f"/runs/{first}/retry", expect=202)
    assert second["retry_of"] == first
    api.ask("POST", f"/runs/{second['id']}/stop", expect=202)
    wait_for_end(sandbox, api, second["id"])


def test_the_gate_caps_and_the_halt_hold_here_too(sandbox, repository, api, talker):
    repository.changeling("untrust", "talker").ok()
    assert "trust talker" in api.ask("POST", "/changelings/talker/runs", expect=409)["hint"]
    repository.changeling("trust", "talker", "--yes").ok()
    api.ask("PUT", "/halt", {"reason": "a fire"})
    assert "a fire" in api.ask("POST", "/changelings/talker/runs", expect=409)["detail"]
    api.ask("DELETE", "/halt")
    run = api.ask("POST", "/changelings/talker/runs", expect=202)["id"]
    refused = api.ask("POST", "/changelings/talker/runs", expect=409)["detail"]
    assert run in refused or "still running" in refused
    api.ask("POST", f"/runs/{run}/stop", expect=202)
    wait_for_end(sandbox, api, run)
    assert "ended already" in api.ask("POST", f"/runs/{run}/stop", expect=409)["detail"]
    assert "ended already" in api.ask("POST", f"/runs/{run}/messages", {"text": "hello"}, expect=409)["detail"]


def test_a_run_outlives_the_server_that_started_it(sandbox, repository, api, talker):
    run = api.ask("POST", "/changelings/talker/runs", expect=202)["id"]
    wait_for_words(sandbox, api, run, "ready")
    api.service.stop().ok()
    again = Api(Service(sandbox, repository.path))
    again.ask("POST", f"/runs/{run}/messages", {"text": "bye"}, expect=202)
    assert wait_for_end(sandbox, again, run)["outcome"] == "no-changes"
