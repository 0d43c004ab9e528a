"""Deliveries of webhooks as their senders make them: signed over the raw bytes."""

import base64
import hashlib
import hmac
import json
import secrets as random
import time


def digits(secret, content):
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def raw(payload):
    return payload if isinstance(payload, bytes) else json.dumps(payload).encode()


def github(secret, payload, *, event="issues", delivery=None):
    """Headers and body."""
    body = raw(payload)
    return {"Content-Type": "application/json", "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery or random.token_hex(16), "X-Hub-Signature": "sha1=" + "0" * 40,
            "X-Hub-Signature-256": "sha256=" + digits(secret, body)}, body


def standard(secret, payload, *, delivery=None, at=None):
    body = raw(payload)
    name, moment = delivery or "msg_" + random.token_hex(8), str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {"Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": moment,
            "webhook-signature": "v1," + base64.b64encode(mac).decode()}, body


def slack(secret, payload, *, at=None):
    body = raw(payload)
    moment = str(int(time.time() if at is None else at))
    return {"Content-Type": "application/json", "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": "v0=" + digits(secret, f"v0:{moment}:".encode() + body)}, body


def generic(secret, payload, *, delivery=None):
    return {"Content-Type": "application/json", "Authorization": f"Bearer {secret}",
            "webhook-id": delivery or random.token_hex(8)}, raw(payload)


def outcome_of(repository, key, sandbox):
    """The delivery, once it has an outcome."""
    found = []

    def is_done():
        listed = repository.changeling("webhook", "deliveries", "-n", "1000", "--json").ok().json["deliveries"]
        found[:] = [delivery for delivery in listed if delivery["key"] == key and delivery["outcome"]]
        return found

    sandbox.wait_until(is_done, f"the outcome of delivery {key}")
    return found[0]
