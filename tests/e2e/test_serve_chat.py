"""Chats through the service: the agent answers in a process of its own, and events tell when something has come."""

import json

import pytest
from harness.api import Api
from harness.oracle import Oracle
from harness.service import Service
from harness.websocket import TEXT, WebSocket

TIDY = {"kind": "changeling", "name": "tidy", "fields": {"prompt": "Tidy up."}}


@pytest.fixture
def oracle(sandbox, repository):
    return Oracle(sandbox, repository)


@pytest.fixture
def api(sandbox, repository, oracle):
    return Api(Service(sandbox, repository.path))


def wait_for_answer(sandbox, api, chat):
    return sandbox.wait_until(
        lambda: not (now := api.ask("GET", f"/chat/{chat}"))["answering"] and now, "the agent answers")


def test_a_proposal_is_confirmed_over_the_api_and_not_trusted_by_that(sandbox, repository, oracle, api):
    oracle.says("Like this?", TIDY)
    chat = api.ask("POST", "/chat", {"text": "Tidy up"}, expect=202)["id"]
    message, = wait_for_answer(sandbox, api, chat)["messages"]
    assert message["answer"] == "Like this?"
    assert message["sender"].startswith("owner (session ")
    assert api.ask("GET", "/changelings")["changelings"] == []
    made = api.ask("POST", f"/chat/{chat}/confirm", {"digest": message["proposal"]["digest"]})
    assert made == {"kind": "changeling", "name": "tidy", "is_new": True, "trusted": False}
    assert repository.changeling("show", "tidy", "--json").ok().json["trusted"] is False
    oracle.says("You have it now.")
    api.ask("POST", f"/chat/{chat}/messages", {"text": "And now?"}, expect=202)
    assert wait_for_answer(sandbox, api, chat)["messages"][1]["answer"] == "You have it now."
    told = [event["what"] for event in repository.events() if event["event"] == "chat:message"]
    assert told == ["sent", "answered", "confirmed", "sent", "answered"]


def test_an_agent_at_work_is_stopped_and_holds_nobody_up(sandbox, oracle, api):
    oracle.does('touch "$MARKS/begun"; sleep 600')
    chat = api.ask("POST", "/chat", {"text": "Take your time"}, expect=202)["id"]
    sandbox.wait_until((sandbox.marks / "begun").exists, "the agent is at work")
    assert api.ask("GET", "/chat")["chats"][0]["answering"] is True
    api.ask("POST", f"/chat/{chat}/messages", {"text": "Hello?"}, expect=409)
    api.ask("POST", f"/chat/{chat}/stop", expect=202)
    message, = wait_for_answer(sandbox, api, chat)["messages"]
    assert "stopped" in message["problem"]
    sandbox.wait_until(lambda: sandbox.agent_processes() == [], "the agent is gone")


def test_what_may_not_be_asked_is_refused_with_the_reason(oracle, repository, api):
    oracle.says("Hello.")
    api.ask("PUT", "/halt", {"reason": "quiet"})
    assert "quiet" in api.ask("POST", "/chat", {"text": "Hello"}, expect=409)["detail"]
    assert api.ask("GET", "/chat")["chats"] == []


def test_a_message_comes_over_the_socket_and_the_event_with_its_answer(oracle, api):
    oracle.says("Hello.")
    socket = WebSocket(api.service, "/api/v1/events", {"Authorization": f"Bearer {api.service.token}"})
    assert socket.event()["event"] == "begin"
    socket.send(TEXT, json.dumps({"id": 1, "chat.message": {"text": "Hello"}}).encode())
    told, chat = [], None
    while "answered" not in told or chat is None:
        message = socket.event()
        chat = message["chat"] if message.get("id") == 1 and message["ok"] else chat
        if message.get("event") == "chat:message":
            told.append(message["what"])
    assert told == ["sent", "answered"]
    assert api.ask("GET", f"/chat/{chat}")["messages"][0]["answer"] == "Hello."
