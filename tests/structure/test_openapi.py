"""docs/openapi.json is what it should be, and every answer of the API in the unit tests is what it says."""

import copy
import json
import os
import pathlib
import subprocess

import openapi
import pytest

BASE = "/api/v1"


@pytest.fixture
def description(source_root):
    return json.loads((source_root / "docs" / "openapi.json").read_text())


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory):
    """Every request of the unit tests with its answer."""
    source_root = pathlib.Path(__file__).resolve().parents[2]
    for build in ("ci", "dev"):
        program = source_root / "build" / build / "tests" / "test_server"
        if os.access(program, os.X_OK):
            break
    else:
        pytest.skip("the unit tests of the floor server are not built")
    answers = tmp_path_factory.mktemp("api") / "answers.jsonl"
    done = subprocess.run([program], capture_output=True, text=True, check=False,
                          env={**os.environ, "CHANGELING_API_ANSWERS": str(answers)})
    assert done.returncode == 0, done.stdout[-3000:]
    return [json.loads(line) for line in answers.read_text().splitlines()]


def test_the_description_is_sound(description):
    assert openapi.problems_of(description) == []


@pytest.mark.parametrize("spoil, complaint", [
    (lambda d: d.update(openapi="3.0.3"), "is not 3.1"),
    (lambda d: d["paths"]["/tasks"]["get"].update(operationId="getTask"), "stands there 2 times"),
    (lambda d: d["components"]["schemas"].pop("Lease"), "schemas/Lease is not there"),
    (lambda d: d["components"]["schemas"]["Task"].update(type="objekt"), "objekt"),
    (lambda d: d["paths"]["/tasks/{task}"]["get"].update(parameters=[]), "parameters in the path"),
    (lambda d: d["paths"]["/tasks"]["post"].update(parameters=[]), "takes no Idempotency-Key"),
    (lambda d: d["paths"]["/tasks"]["get"]["responses"].pop("default"), "says nothing of problems"),
])
def test_a_description_that_is_not_sound_is_found(description, spoil, complaint):
    spoil(description)
    assert any(complaint in problem for problem in openapi.problems_of(description))


def test_every_answer_is_what_the_description_says(description, exchanges):
    mistakes = [mistake for exchange in exchanges
                for mistake in openapi.mistakes_of_answer(description, BASE, exchange, json.loads)]
    assert mistakes == []


def test_every_operation_has_succeeded_and_been_refused_in_the_tests(description, exchanges):
    seen = {}
    for exchange in exchanges:
        found = openapi.operation_of(description, exchange["method"], exchange["path"].removeprefix(BASE))
        if found is not None:
            seen.setdefault(found[1]["operationId"], set()).add(exchange["status"] < 400)
    for path, method, operation in openapi.operations(description):
        assert True in seen.get(operation["operationId"], set()), f"{method} {path} never succeeds"
        if method != "get":
            assert False in seen[operation["operationId"]], f"{method} {path} is never refused"


@pytest.mark.parametrize("change, complaint", [
    (lambda e: e.update(status=299), "the status is not described"),
    (lambda e: e.update(content_type="text/html"), "is text/html"),
    (lambda e: e["headers"].pop("etag"), "no ETag"),
    (lambda e: e.update(answer=e["answer"].replace('"title"', '"titel"')), "titel"),
    (lambda e: e.update(answer=e["answer"].replace('"ready"', '"reddy"')), "reddy"),
])
def test_an_answer_that_is_not_described_is_found(description, exchanges, change, complaint):
    exchange = copy.deepcopy(next(one for one in exchanges if one["method"] == "GET" and one["status"] == 200
                                  and one["path"].startswith(f"{BASE}/tasks/") and '"ready"' in one["answer"]))
    change(exchange)
    assert any(complaint in mistake
               for mistake in openapi.mistakes_of_answer(description, BASE, exchange, json.loads))


def test_no_address_in_an_answer_is_absolute(exchanges):
    for exchange in exchanges:
        location = exchange["headers"].get("location", "")
        assert not location.startswith("/") and "://" not in location, location


def test_the_generator_finds_what_stands_there_twice(source_root, tmp_path, description):
    description["paths"]["/tasks"]["get"]["operationId"] = "getTask"
    (tmp_path / "openapi.json").write_text(json.dumps(description))
    made = subprocess.run(["python3", source_root / "cmake" / "write_routes.py", tmp_path / "openapi.json",
                           "--handlers", tmp_path / "handlers.hpp", "--table", tmp_path / "table.cpp"],
                          capture_output=True, text=True, check=False)
    assert made.returncode != 0 and "stands there twice" in made.stderr


def test_the_generator_names_a_handler_for_each_operation(source_root, tmp_path, description):
    subprocess.run(["python3", source_root / "cmake" / "write_routes.py", source_root / "docs" / "openapi.json",
                    "--handlers", tmp_path / "handlers.hpp", "--table", tmp_path / "table.cpp"], check=True)
    declared = (tmp_path / "handlers.hpp").read_text()
    own = [operation for _, _, operation in openapi.operations(description) if operation.get("x-served-by") == "server"]
    assert declared.count("Reply ") == len(openapi.operations(description)) - len(own)
    assert "Reply list_tasks(Call& call);" in declared and "Reply list_sessions" not in declared
    table = (tmp_path / "table.cpp").read_text()
    assert table.count("nullptr") == len(own) == table.partition("own_routes()")[2].count("nullptr")
    # The compiler says it of one that nobody declares, the linker of one that is missing.
    assert "-Werror=missing-declarations" in (source_root / "src" / "server" / "CMakeLists.txt").read_text()
