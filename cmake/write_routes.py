#!/usr/bin/env python3
"""Writes the route table of the service's API from docs/openapi.json: a header that declares a handler for each
operation, and a table that calls it. A handler that is missing does not link; one too many does not compile,
because nothing declares it. What the server answers itself (x-served-by) has a table without handlers, by which its
bodies are checked."""

import argparse
import json
import pathlib
import re

METHODS = ("get", "put", "post", "patch", "delete")
KINDS = {"string": "Text", "integer": "Integer", "number": "Number", "boolean": "Boolean", "array": "TextList",
         "object": "TextMap"}
LONGEST_TEXT = 65536
LONGEST_LIST = 1000
LARGEST_NUMBER = 2**53


class Description:
    def __init__(self, document):
        self.document = document

    def resolved(self, part):
        while "$ref" in part:
            name = part["$ref"]
            part = self.document
            for word in name.removeprefix("#/").split("/"):
                part = part[word]
        return part

    def properties(self, schema):
        """Name to schema, and the names that are required, through allOf."""
        schema = self.resolved(schema)
        names, required = {}, set(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, needed = self.properties(part)
            names.update(more)
            required |= needed
        names.update(schema.get("properties", {}))
        return names, required

    def holds_objects(self, schema):
        return self.resolved(schema.get("items", {})).get("type") == "object"

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method in METHODS:
                if method in methods:
                    yield path, method, methods[method]


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def text(value):
    return json.dumps(value)


def field(name, schema, required, holds_objects=False):
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = "ObjectList" if holds_objects else KINDS[next(word for word in types if word != "null")]
    if kind == "Text":
        least, most = schema.get("minLength", 0), schema.get("maxLength", LONGEST_TEXT)
    elif kind in ("TextList", "ObjectList"):
        least, most = schema.get("minItems", 0), schema.get("maxItems", LONGEST_LIST)
    else:
        least, most = schema.get("minimum", -LARGEST_NUMBER), schema.get("maximum", LARGEST_NUMBER)
    words = schema.get("enum") or (schema.get("items") or {}).get("enum") or []
    default = schema.get("default", 0)
    return (f"{{{text(name)}, FieldKind::{kind}, {str('null' in types).lower()}, {str(required).lower()}, "
            f"{least}, {most}, {default if kind == 'Integer' else 0}, {{{', '.join(map(text, words))}}}}}")


def is_own(one):
    """Whether the server answers it itself, and no process that works on a repository."""
    return one[2].get("x-served-by") == "server"


def route(description, path, method, operation):
    parameters = [description.resolved(part) for part in operation.get("parameters", [])]
    query = [field(part["name"], part["schema"], part.get("required", False))
             for part in parameters if part["in"] == "query"]
    body, takes_body, needs_body = [], "requestBody" in operation, False
    if takes_body:
        content = operation["requestBody"]["content"]["application/json"]["schema"]
        names, required = description.properties(content)
        body = [field(name, schema, name in required, description.holds_objects(schema))
                for name, schema in ((name, description.resolved(schema)) for name, schema in names.items())]
        needs_body = operation["requestBody"].get("required", False)
    matches = any(part["name"] == "If-Match" for part in parameters)
    owner_only = operation.get("x-owner-only", False)
    handler = "nullptr" if is_own((path, method, operation)) else f"&handlers::{snake(operation['operationId'])}"
    flags = ", ".join(str(flag).lower() for flag in (takes_body, needs_body, matches, owner_only))
    return (f"      {{{text(operation['operationId'])}, {text(method.upper())}, {text(path)},\n"
            f"       {{{', '.join(query)}}},\n       {{{', '.join(body)}}},\n"
            f"       {flags}, {handler}}},\n")


def write(path, content):
    """Left alone where it says so already, so that nothing is compiled anew for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text() != content:
        path.write_text(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("description", type=pathlib.Path)
    parser.add_argument("--handlers", type=pathlib.Path, required=True)
    parser.add_argument("--table", type=pathlib.Path, required=True)
    options = parser.parse_args()
    description = Description(json.loads(options.description.read_text()))
    operations = list(description.operations())
    names = [operation["operationId"] for _, _, operation in operations]
    if len(set(names)) != len(names):
        raise SystemExit(f"{options.description}: an operationId stands there twice")
    declarations = "".join(f"Reply {snake(one[2]['operationId'])}(Call& call);\n" for one in operations if not is_own(one))
    write(options.handlers, "// Made from docs/openapi.json by cmake/write_routes.py.\n#pragma once\n\n"
          '#include "server/api/call.hpp"\n\nnamespace changeling::server::api::handlers {\n\n'
          f"{declarations}\n}}  // namespace changeling::server::api::handlers\n")
    rows = "".join(route(description, *one) for one in operations if not is_own(one))
    own_rows = "".join(route(description, *one) for one in operations if is_own(one))
    write(options.table, "// Made from docs/openapi.json by cmake/write_routes.py.\n"
          '#include "server/api/handlers.hpp"\n#include "server/api/own_routes.hpp"\n#include "server/api/route.hpp"\n\n'
          "namespace changeling::server::api {\n\nstd::span<const Route> routes() {\n"
          f"  static const std::vector<Route> all{{\n{rows}  }};\n  return all;\n}}\n\n"
          "std::span<const Route> own_routes() {\n"
          f"  static const std::vector<Route> all{{\n{own_rows}  }};\n  return all;\n}}\n\n"
          "}  // namespace changeling::server::api\n")


if __name__ == "__main__":
    main()
