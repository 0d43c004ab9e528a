"""The API of a service, every answer held against its description."""

import importlib.util
import json
import pathlib

TESTS = pathlib.Path(__file__).parents[2]
BASE = "/api/v1"


def _rules():
    """tests/structure/openapi.py, which judges the answers of the unit tests as well."""
    specification = importlib.util.spec_from_file_location("openapi", TESTS / "structure" / "openapi.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Api:
    """Asks as the owner's script does."""

    rules = _rules()
    description = json.loads((TESTS.parent / "docs" / "openapi.json").read_text())

    def __init__(self, service):
        self.service = service

    def ask(self, method, path, body=None, expect=200):
        """The answer, as JSON where it is some."""
        if method == "POST" and body is None:
            body = {}
        answer = (self.service.get(BASE + path) if method == "GET"
                  else self.service.write(method, BASE + path, body))
        exchange = {"method": method, "path": BASE + path.partition("?")[0], "status": answer.status,
                    "content_type": answer.headers["content-type"], "headers": answer.headers,
                    "body": "" if body is None else json.dumps(body), "answer": answer.body.decode()}
        assert self.rules.mistakes_of_answer(self.description, BASE, exchange, json.loads) == []
        assert answer.status == expect, answer.body
        return answer.json() if "json" in exchange["content_type"] else answer.body.decode()
