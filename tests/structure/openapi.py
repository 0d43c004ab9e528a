"""What docs/openapi.json must be, and how answers are judged by it."""

import re

import jsonschema

METHODS = {"get", "put", "post", "patch", "delete"}
METASCHEMA = jsonschema.Draft202012Validator.META_SCHEMA


def operations(document):
    """(path, method, operation) of each."""
    return [(path, method, operation) for path, item in document["paths"].items()
            for method, operation in item.items() if method in METHODS]


def references(part, place="#"):
    """(where it stands, what it names) of each $ref."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield place, value
            else:
                yield from references(value, f"{place}/{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from references(value, f"{place}/{number}")


def resolve(document, reference):
    """What a $ref inside of the document names; KeyError for nothing."""
    part = document
    for word in reference.removeprefix("#/").split("/"):
        part = part[word]
    return part


def followed(document, part):
    while "$ref" in part:
        part = resolve(document, part["$ref"])
    return part


def schemas(part, place="#"):
    """(where it stands, schema) of each schema of the document, not those inside of it."""
    if isinstance(part, dict):
        for key, value in part.items():
            here = f"{place}/{key}"
            if key == "schema":
                yield here, value
            elif place == "#/components/schemas":
                yield here, value
            else:
                yield from schemas(value, here)
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from schemas(value, f"{place}/{number}")


def problems_of(document):
    """Everything that is wrong with the description itself."""
    found = []
    if not re.fullmatch(r"3\.1\.\d+", document.get("openapi", "")):
        found.append("openapi: is not 3.1")
    for key in ("title", "version"):
        if not document.get("info", {}).get(key):
            found.append(f"info: has no {key}")
    for place, reference in references(document):
        try:
            resolve(document, reference)
        except (KeyError, TypeError):
            found.append(f"{place}: {reference} is not there")
    if found:
        return found
    for place, schema in schemas(document):
        for error in jsonschema.Draft202012Validator(METASCHEMA).iter_errors(schema):
            found.append(f"{place}: {error.message}")
    names = [operation.get("operationId", "") for _, _, operation in operations(document)]
    found += [f"operationId {name!r} stands there {names.count(name)} times"
              for name in sorted(set(names)) if names.count(name) > 1 or not name]
    for path, method, operation in operations(document):
        found += problems_of_operation(document, path, method, operation)
    return found


def problems_of_operation(document, path, method, operation):
    here = f"{method} {path}"
    found = [f"{here}: begins with no /"] if not path.startswith("/") else []
    parameters = [followed(document, part) for part in operation.get("parameters", [])]
    in_path = {part["name"] for part in parameters if part["in"] == "path"}
    if in_path != set(re.findall(r"\{(\w+)\}", path)):
        found.append(f"{here}: the parameters in the path are {sorted(in_path)}")
    named = [(part["in"], part["name"].lower()) for part in parameters]
    if len(set(named)) != len(named):
        found.append(f"{here}: a parameter stands there twice")
    if not operation.get("summary"):
        found.append(f"{here}: has no summary")
    is_login = path in ("/login", "/logout")
    if method == "post" and not is_login and ("header", "idempotency-key") not in named:
        found.append(f"{here}: takes no Idempotency-Key")
    is_own = operation.get("x-served-by") == "server"
    if method == "get" and not is_own and ("header", "if-none-match") not in named:
        found.append(f"{here}: takes no If-None-Match")
    if "default" not in operation["responses"]:
        found.append(f"{here}: says nothing of problems")
    for status, response in operation["responses"].items():
        response = followed(document, response)
        if not response.get("description"):
            found.append(f"{here} {status}: has no description")
    return found


def operation_of(document, method, path):
    """The path as it is described, and the operation; nothing where there is none."""
    for pattern, name, operation in operations(document):
        expression = re.sub(r"\{\w+\}", "[^/]+", pattern)
        if name == method.lower() and re.fullmatch(expression, path):
            return pattern, operation
    return None


def mistakes_in(document, schema, value):
    resolver = jsonschema.RefResolver.from_schema(document)
    # In the document, or what it names would be looked for inside of the schema.
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(value)]


def mistakes_of_answer(document, base, exchange, parse):
    """What an answer of the API has that the description does not say. `exchange` is a request with its answer, as
    tests/unit/server/api_fixture.hpp writes it."""
    status = exchange["status"]
    here = f"{exchange['method']} {exchange['path']} {status}"
    found = operation_of(document, exchange["method"], exchange["path"].removeprefix(base))
    if found is None:
        problem = document["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"]
        if status not in (404, 405):
            return [f"{here}: there is no such operation"]
        return [f"{here}: {mistake}" for mistake in mistakes_in(document, problem, parse(exchange["answer"]))]
    responses = found[1]["responses"]
    response = responses.get(str(status)) or (responses["default"] if status >= 400 else None)
    if response is None:
        return [f"{here}: the status is not described"]
    response = followed(document, response)
    if "content" not in response:
        return [] if exchange["answer"] == "" else [f"{here}: has a body"]
    content = response["content"].get(exchange["content_type"].partition(";")[0])
    if content is None:
        return [f"{here}: is {exchange['content_type']}"]
    missing = [name for name in response.get("headers", {}) if name.lower() not in exchange["headers"]]
    mistakes = [f"no {name}" for name in missing]
    if exchange["answer"] is not None and "json" in exchange["content_type"]:
        mistakes += mistakes_in(document, content["schema"], parse(exchange["answer"]))
    if status < 300 and exchange["body"] and "requestBody" in found[1]:
        body = found[1]["requestBody"]["content"]["application/json"]["schema"]
        mistakes += [f"the request: {mistake}" for mistake in mistakes_in(document, body, parse(exchange["body"]))]
    return [f"{here}: {mistake}" for mistake in mistakes]
