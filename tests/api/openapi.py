#!/usr/bin/python3
"""/openapi.json: it is the checked-in file, says what the route table says, and is well made. That
answers are as it describes them is checked with every answer of every test here. TAP."""
import os
import re
import sys

import schema
from node import Node, Tests, equal

test = Tests()
ROUTES = os.path.join(schema.ROOT, "node", "api", "routes.c")


def routes():
    """(method, path with {} for segments, rights, parameters) of the route table."""
    with open(ROUTES, encoding="utf-8") as file:
        text = file.read()
    found = re.findall(r'\{API_(\w+), "([^"]+)", ([AO]), (?:NULL|"([^"]*)"),', text)
    assert len(found) == text.count("{API_"), "a row of routes.c is not understood"
    return {(method, path, rights, tuple(sorted(params.split())))
            for method, path, rights, params in found}


def described():
    for path, methods in schema.DOCUMENT["paths"].items():
        for method, operation in methods.items():
            params = tuple(sorted(p["name"] for p in operation.get("parameters", ())
                                  if p["in"] == "query"))
            yield (method.upper(), re.sub(r"\{\w+\}", "{}", path),
                   {"agents": "A", "operators": "O"}[operation["tags"][0]], params)


def walk(value):
    yield value
    for item in value.values() if isinstance(value, dict) else value \
            if isinstance(value, list) else ():
        yield from walk(item)


@test
def it_is_served_as_it_is_checked_in(node):
    for as_agent in (True, False):
        answer = node.ask("GET", "/openapi.json", as_agent=as_agent)
        equal((answer.status, answer.type), (200, "application/json"))
        with open(schema.PATH, "rb") as file:
            equal(answer.body, file.read())


@test
def it_describes_every_route_and_no_other(_):
    equal(sorted(described()), sorted(routes()))


@test
def path_parameters_are_described(_):
    for path, methods in schema.DOCUMENT["paths"].items():
        for operation in methods.values():
            named = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"]
            equal(named, re.findall(r"\{(\w+)\}", path))


@test
def every_reference_leads_somewhere_and_every_schema_is_used(_):
    names = {value["$ref"] for value in walk(schema.DOCUMENT)
             if isinstance(value, dict) and "$ref" in value}
    equal(names, {f"#/components/schemas/{name}" for name in
                  schema.DOCUMENT["components"]["schemas"]})


@test
def operations_have_names_of_their_own(_):
    names = [operation["operationId"] for methods in schema.DOCUMENT["paths"].values()
             for operation in methods.values()]
    equal(len(set(names)), len(names))
    for methods in schema.DOCUMENT["paths"].values():
        for operation in methods.values():
            assert operation["summary"].endswith("."), operation["operationId"]
            equal(operation["responses"]["default"]["content"]["application/problem+json"],
                  {"schema": {"$ref": "#/components/schemas/Problem"}})


@test
def a_wrong_answer_is_noticed(_):
    good = {"type": "about:blank", "title": "t", "status": 400, "detail": "d",
            "code": "TRUST_NO_SIZE", "next": "n"}
    problem = {"$ref": "#/components/schemas/Problem"}
    schema.check(problem, good, "")
    for change in ({"status": 399}, {"status": "400"}, {"status": True}, {"code": "NO_SIZE"},
                   {"more": 1}, {"title": None}):
        try:
            schema.check(problem, good | change, "")
        except AssertionError:
            continue
        assert False, f"{change} passed"


if __name__ == "__main__":
    with Node() as running:
        sys.exit(test.run(running))
